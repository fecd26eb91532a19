/*
 * What administrators do with webhooks, the same for the API and for the pages: read what was sent, say every mistake
 * at once, run the command. A secret is told in clear once, in the answer to the request that made it.
 */
#ifndef NOTICE_WEBHOOK_H
#define NOTICE_WEBHOOK_H

#include "html/html.h"
#include "http/http.h"
#include "notice/endpoint.h"

struct webhook_form {               /* as sent */
    struct str url, events, agency; /* agency: an e-identifier; empty: every one */
};
struct webhook_added {
    int64_t id;
    struct str secret;
    bool is_replay; /* the same request came before (Idempotency-Key): nothing was added, the answer is told again */
};
enum outcome webhook_add(struct request *rq, const struct webhook_form *form, struct webhook_added *out,
                         struct fail *why) MUST_USE;
/* act by its name: enable, disable, rotate. version: that was seen; 0: any. out_secret: empty unless rotated. */
enum outcome webhook_change(struct request *rq, int64_t id, int64_t version, struct str act, struct str *out_secret,
                            struct fail *why) MUST_USE;
/* One message by its id, or all made in a span: both empty is a mistake. Moments, or days whose end counts. */
struct replay_form {
    struct str message, from, to;
};
enum outcome webhook_replay(struct request *rq, int64_t id, const struct replay_form *form, int64_t *out_count,
                            struct fail *why) MUST_USE; /* with an Idempotency-Key once only */

enum outcome webhook_id(struct request *rq, int64_t *out, struct fail *why) MUST_USE; /* {id} of the address */
/* "H36.02", or empty: every agency. */
enum outcome webhook_agency(struct tx *tx, const struct endpoint *e, struct str *out, struct fail *why) MUST_USE;

extern const struct route webhook_api_routes[];
extern const size_t webhook_api_route_count;
extern const struct route webhook_page_routes[];
extern const size_t webhook_page_route_count;
extern const struct page_template webhook_templates[];
extern const size_t webhook_template_count;

#endif
