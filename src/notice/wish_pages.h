/*
 * /tai-khoan/thong-bao and /api/v1/account/notices: which notices also come by e-mail. The list inside the program is
 * always complete. /thong-bao/xac-nhan/... and /thong-bao/ngung/... are the links of letters: they need no sign-in, and
 * change nothing before a button is pressed, because programs that look at mail follow links; the one-click of RFC 8058
 * is a POST to the same address.
 */
#ifndef NOTICE_WISH_PAGES_H
#define NOTICE_WISH_PAGES_H

#include "html/html.h"
#include "http/http.h"

bool app_sends_mail(const struct app *app); /* defined in app/ */

extern const struct route wish_routes[];
extern const size_t wish_route_count;
extern const struct page_template wish_templates[];
extern const size_t wish_template_count;

#endif
