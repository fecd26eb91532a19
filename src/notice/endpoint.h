/*
 * Webhook endpoints: programs of others that are told of events, by the Standard Webhooks specification 1.0.0. An
 * endpoint has its own secret, sealed at rest and shown once; rotating it keeps the former one signing for a day. What
 * is told is thin: a CloudEvent that names the dossier's code and the act, as /api/v1/events gives it; who wants more
 * asks with a permission of their own. Matters that stay discreet are not told at all.
 */
#ifndef NOTICE_ENDPOINT_H
#define NOTICE_ENDPOINT_H

#include "base/json.h"
#include "journal/journal.h"
#include "people/identity.h"
#include "store/idempotency.h"

enum { ENDPOINTS_MOST = 200, ENDPOINT_EVENTS_MOST = 2000, WEBHOOK_SECRET_BYTES = 32, ENDPOINT_ROTATE_HOURS = 24 };

struct endpoint {
    int64_t id, version, agency; /* agency 0: every one */
    struct str url, events;
    struct str secret, old_secret; /* sealed; old_secret empty: none */
    instant_t old_until, made_at, disabled_at;
    struct str disabled_by; /* "admin", "gone", or empty */
};

/* ---- queries, in tx_arena ---- */

enum outcome endpoint_load(struct tx *tx, int64_t id, struct endpoint *out, struct fail *why) MUST_USE;
enum outcome endpoints_all(struct tx *tx, struct endpoint **out, size_t *out_count, struct fail *why) MUST_USE;
enum outcome endpoints_live(struct tx *tx, struct endpoint **out, size_t *out_count, struct fail *why) MUST_USE;

/* ---- rules ---- */

/* "motcua.dossier.issue" */
struct str event_type(struct arena *a, const struct journal_entry *e);
/* Words "motcua.dossier.issue", "motcua.dossier.*" or "*", apart by spaces; every problem under the pointer. Empty
 * means all of dossiers, which is what is written to *out. */
void endpoint_events_check(struct arena *a, struct str events, struct str pointer, struct str *out, struct fail *why);
bool endpoint_takes(const struct endpoint *e, struct str type, int64_t agency, instant_t at);

/* A new secret: sealed for the row, and in clear ("whsec_...") for the one who asked, this once. */
void endpoint_secret(const struct identity_keys *k, struct arena *a, struct str *out_sealed, struct str *out_clear);
/* The secret of the row in clear, for who asks again because the first answer was lost. */
enum outcome endpoint_secret_told(const struct identity_keys *k, struct arena *a, const struct endpoint *e,
                                  struct str *out, struct fail *why) MUST_USE;
/* What is signed: the id, the time of the attempt in seconds, the body. */
struct str webhook_content(struct arena *a, struct str id, instant_t now, struct str body);
/* "v1,<base64>", twice while two secrets are good. */
enum outcome endpoint_sign(const struct identity_keys *k, struct arena *a, const struct endpoint *e, instant_t now,
                           struct str content, struct str *out, struct fail *why) MUST_USE;

/* The event as JSON: a CloudEvent 1.0 with the `timestamp` of Standard Webhooks beside `time`. */
void event_write(struct json_writer *w, struct tx *tx, const struct journal_entry *e);

/* ---- commands; each stands in the journal of the system ---- */

struct endpoint_new {
    struct actor actor;
    struct str url, events; /* checked */
    int64_t agency;
    struct str sealed;
    struct idempotency key; /* its key may be empty */
};
struct endpoint_added {
    int64_t id;
    bool is_replay;
};
store_command endpoint_add; /* out: struct endpoint_added. ERR_CONFLICT when the address is there already */

enum endpoint_act { ENDPOINT_ENABLE, ENDPOINT_DISABLE, ENDPOINT_ROTATE, ENDPOINT_REPLAY, ENDPOINT_ACT_COUNT };
struct endpoint_change {
    struct actor actor;
    int64_t id, version;    /* version that was seen: another one is ERR_STALE; 0: any */
    struct idempotency key; /* replay: its key may be empty */
    enum endpoint_act act;
    struct str sealed;  /* rotate: the new secret */
    int64_t message;    /* replay: this one; 0: */
    instant_t from, to; /* all that were made from one moment until before another */
};
store_command endpoint_change; /* out: int64_t, how many messages are sent again, or NULL */

#endif
