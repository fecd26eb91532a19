/* The citizen's pages around dossiers: home, apply, receipt, my dossiers, one dossier, look-up. */
#ifndef PORTAL_PORTAL_PAGES_H
#define PORTAL_PORTAL_PAGES_H

#include "html/page.h"
#include "http/router.h"

/* GET / and its template "portal/home" (home_page.c) */
extern const struct route portal_home_routes[];
extern const size_t portal_home_route_count;
extern const struct page_template portal_home_templates[];
extern const size_t portal_home_template_count;

/* /nop-ho-so/...: applying step by step (apply_pages.c) */
extern const struct route portal_apply_routes[];
extern const size_t portal_apply_route_count;
extern const struct page_template portal_apply_templates[];
extern const size_t portal_apply_template_count;

/* /ho-so-cua-toi (mine.c) */
extern const struct route portal_mine_routes[];
extern const size_t portal_mine_route_count;
extern const struct page_template portal_mine_templates[];
extern const size_t portal_mine_template_count;

/* /ho-so...: receipt, one dossier and its papers (portal_pages.c) */
extern const struct route portal_dossier_routes[];
extern const size_t portal_dossier_route_count;
extern const struct page_template portal_dossier_templates[];
extern const size_t portal_dossier_template_count;
/* /tra-cuu and /api/v1/lookup (lookup_page.c) */
enum outcome lookup_take(struct request *rq, struct fail *why) MUST_USE; /* one more by a stranger; ERR_TOO_MANY */
extern const struct route portal_lookup_routes[];
extern const size_t portal_lookup_route_count;
extern const struct page_template portal_lookup_templates[];
extern const size_t portal_lookup_template_count;

#endif
