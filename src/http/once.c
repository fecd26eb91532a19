#include "http/once.h"

#include "base/hash.h"
#include "base/id.h"
#include "base/parse.h"

enum { FORM_KEY_BYTES = 18 };

struct idempotency request_key(const struct request *rq)
{
    return (struct idempotency){rq->visitor.account, request_header(rq, "idempotency-key"), request_print(rq)};
}

struct idempotency form_key(const struct request *rq)
{
    struct str key = request_form(rq, "key");
    return (struct idempotency){rq->visitor.account, key, sha256_of(key)};
}

struct str form_key_to_hide(const struct request *rq)
{
    struct str key = request_form(rq, "key");
    return key.len > 0 ? key : random_token(rq->arena, FORM_KEY_BYTES);
}

static void say_replayed(struct request *rq)
{
    reply_header(rq, "Idempotency-Replayed", STR("true"));
}

struct once {
    struct idempotency key;
    store_command *command;
    const void *in;
};
struct once_done {
    int64_t number;
    bool is_replay;
};

static enum outcome run_once(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct once *once = input;
    struct once_done *done = output;
    struct replay before;
    *done = (struct once_done){0};
    TRY(idempotency_begin(tx, &once->key, &before, why));
    done->is_replay = before.is_found && parse_i64(before.reply, &done->number);
    if (done->is_replay) return OK;
    TRY(once->command(tx, once->in, &done->number, why));
    return idempotency_finish(tx, &once->key, 201, id_format(tx_arena(tx), done->number), why);
}

enum outcome request_once(struct request *rq, struct store *s, store_command *command, const void *in, int64_t *out,
                          struct fail *why)
{
    const struct once once = {request_key(rq), command, in};
    struct once_done done;
    TRY(store_run(s, run_once, &once, &done, why));
    if (done.is_replay) say_replayed(rq);
    *out = done.number;
    return OK;
}

static enum outcome find_before(struct request *rq, struct store *s, struct replay *out, struct fail *why)
{
    const struct idempotency key = request_key(rq);
    AUTO_READ struct tx *tx = NULL;
    *out = (struct replay){0};
    if (key.key.len == 0) return OK;
    TRY(store_read_begin(s, rq->arena, &tx, why));
    TRY(idempotency_begin(tx, &key, out, why));
    out->reply = str_dup(rq->arena, out->reply);
    if (out->is_found) say_replayed(rq);
    return OK;
}

enum outcome request_was_done(struct request *rq, struct store *s, bool *out_is, int64_t *out, struct fail *why)
{
    struct replay before;
    TRY(find_before(rq, s, &before, why));
    *out_is = before.is_found && parse_i64(before.reply, out);
    return OK;
}

/* ---- whole answers ---- */

struct kept {
    struct idempotency key;
    int status;
    struct str json;
};

static enum outcome keep(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct kept *kept = input;
    struct replay before;
    (void)output; /* there is none */
    TRY(idempotency_begin(tx, &kept->key, &before, why));
    return before.is_found ? OK : idempotency_finish(tx, &kept->key, kept->status, kept->json, why);
}

enum outcome request_keep_reply(struct request *rq, struct store *s, int status, struct str json, struct fail *why)
{
    const struct kept kept = {request_key(rq), status, json};
    return kept.key.key.len > 0 ? store_run(s, keep, &kept, NULL, why) : OK;
}

enum outcome request_replay(struct request *rq, struct store *s, bool *out_is_answered, struct fail *why)
{
    struct replay before;
    TRY(find_before(rq, s, &before, why));
    *out_is_answered = before.is_found;
    if (before.is_found) reply_json(rq, before.status, before.reply);
    return OK;
}
