/*
 * The lists: every route, template and follower of the program, in the order of the rooms, and what pages share.
 */
#ifndef APP_ROUTES_H
#define APP_ROUTES_H

#include "app/app.h"

/* Made once in the arena: the static lists of the rooms and the act routes of the dossier room. */
const struct route_list *app_route_lists(struct arena *a, size_t *out_count);
const struct page_template *app_templates(struct arena *a, size_t *out_count);

/* What follows the journal. */
const struct follower *app_followers(struct arena *a, size_t *out_count);

/* What a batch can be about: the kinds of the rooms. */
const struct batch_kind *const *app_batch_kinds(size_t *out_count);

void app_fill_frame(struct request *rq, struct frame *f); /* navigation, assets, unread notices */
void app_ask_frame(struct request *rq, struct tx *tx);    /* what that is going to ask (store_ahead) */
struct server_stats app_server_stats(const struct app *app);
struct str app_office_name(const struct app *app);

#endif
