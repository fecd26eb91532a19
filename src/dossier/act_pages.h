/*
 * A dossier on pages, for everybody: its one address, and the one handler that every act's form is sent to (POST
 * /ho-so/{code}/{action}, one route for each row of the action table). Officers and applicants act the same way; only
 * the page that shows a refusal again differs. What was typed, and the files that arrived, are never lost by a refusal.
 */
#ifndef DOSSIER_ACT_PAGES_H
#define DOSSIER_ACT_PAGES_H

#include "http/router.h"

/* GET /ho-so/{code} */
extern const struct route dossier_page_routes[];
extern const size_t dossier_page_route_count;

/* POST /ho-so/{code}/{action}, made from the table. */
struct route_list dossier_act_page_routes(struct arena *a);

#endif
