/* Pages of the people room: sign in, sign up, sign out, the account. */
#ifndef PEOPLE_PEOPLE_PAGES_H
#define PEOPLE_PEOPLE_PAGES_H

#include "html/page.h"
#include "people/people.h"

extern const struct page_template people_templates[];
extern const size_t people_template_count;

/* From now on this browser is signed in. After reply_redirect or the like. */
void people_give_cookie(struct request *rq, const struct signed_in *in);

#endif
