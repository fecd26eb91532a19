#include "batch/batch_act.h"

#include "agency/post.h"
#include "base/auto.h"
#include "batch/batch_store.h"
#include "people/people.h"
#include "queries.h"

enum { ENTRY_BYTES = 64 * 1024, REPLY_STATUS = 202 };

/* ---- the journal ---- */

static enum outcome note(struct tx *tx, const struct batch *b, const char *act, struct actor actor, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, ENTRY_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_int(&w, "done", b->done);
    jw_put_str(&w, "kind", b->kind);
    jw_key(&w, "parameters");
    jw_raw(&w, b->parameters);
    jw_put_int(&w, "refused", b->refused);
    jw_put_int(&w, "total", b->total);
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_BATCH,
                          .subject = b->id,
                          .version = b->version,
                          .act = act,
                          .actor = actor,
                          .payload = buf_str(&text)};
    return journal_append(tx, &entry, NULL, why);
}

/* ---- starting ---- */

static enum outcome insert(struct tx *tx, const struct batch_new *in, int64_t id, struct fail *why)
{
    struct batch b = {.id = id,
                      .version = 1,
                      .kind = str_from(in->kind),
                      .parameters = in->parameters,
                      .total = (int64_t)in->item_count};
    TRY(store_do(tx, Q_BATCH_INSERT,
                 VALUES(v_int(id), v_str(b.kind), v_int(in->actor.account), v_int(in->actor.agency),
                        v_str(in->actor.role), v_str(b.parameters), v_int(b.total), v_bool(in->items != NULL),
                        v_instant(tx_now(tx))),
                 NULL, why));
    for (size_t i = 0; i < in->item_count; i++) TRY(batch_item_insert(tx, id, (int64_t)i + 1, &in->items[i], why));
    return note(tx, &b, "start", in->actor, why);
}

enum outcome batch_start(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct batch_new *in = input;
    struct batch_started *out = output;
    struct replay before;
    if (in->item_count > BATCH_ITEMS_MOST) BUG("a batch of %zu items", in->item_count);
    TRY(idempotency_begin(tx, &in->key, &before, why));
    if (before.is_found) {
        *out = (struct batch_started){.is_replay = true};
        return id_parse(before.reply, &out->id) ? OK : fail(why, ERR_BUG, NULL);
    }
    int64_t id = tx_new_id(tx);
    TRY(insert(tx, in, id, why));
    TRY(idempotency_finish(tx, &in->key, REPLY_STATUS, id_format(tx_arena(tx), id), why));
    *out = (struct batch_started){.id = id};
    return OK;
}

/* ---- the end ---- */

static enum outcome end(struct tx *tx, const struct batch *b, enum batch_state state, struct actor actor,
                        struct fail *why)
{
    struct batch after = *b;
    after.version++;
    bool is_ended;
    TRY(batch_end(tx, b->id, state, &is_ended, why));
    return is_ended ? note(tx, &after, state == BATCH_STOPPED ? "stop" : "finish", actor, why) : OK;
}

enum outcome batch_stop(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct batch_stop *in = input;
    struct batch b;
    (void)output; /* there is none */
    TRY(batch_find(tx, in->batch, in->actor.account, &b, why));
    if (in->version != 0 && in->version != batch_version(&b))
        return fail(why, ERR_STALE, N_("The batch has ended since you saw it."));
    if (!batch_is_open(&b)) return fail(why, ERR_CONFLICT, N_("This batch is over already."));
    return end(tx, &b, BATCH_STOPPED, in->actor, why);
}

enum outcome batch_finish(struct tx *tx, const void *input, void *output, struct fail *why)
{
    struct batch b;
    (void)output; /* there is none */
    TRY(batch_load(tx, *(const int64_t *)input, &b, why));
    bool is_finished = b.is_listed && b.done + b.refused == b.total;
    return is_finished && batch_is_open(&b) ? end(tx, &b, BATCH_DONE, b.actor, why) : OK;
}

/* ---- items ---- */

/* Whoever asked must still be the one who may: their account open, the post of then still theirs. What the post allows
 * is judged by the item's own command. */
static enum outcome check_post(struct tx *tx, const struct actor *actor, struct fail *why)
{
    struct account account;
    struct post *posts;
    size_t count;
    if (actor->account == 0) return OK; /* the system */
    TRY(account_load(tx, actor->account, &account, why));
    TRY(posts_of_account(tx, actor->account, day_of(tx_now(tx)), &posts, &count, why));
    for (size_t i = 0; i < count && account.disabled_at == INSTANT_NONE; i++)
        if (posts[i].agency == actor->agency && str_eq(posts[i].role, actor->role)) return OK;
    return fail(why, ERR_DENIED, N_("The post in which this was asked for is no longer held by who asked."));
}

/* True when the item is still to be done. */
static enum outcome is_waiting(struct tx *tx, int64_t batch, int64_t n, bool *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_BATCH_ITEM_STATES, VALUES(v_int(batch), v_int(n)), &row, why);
    if (found == ERR_MISSING) BUG("a batch has no such item");
    TRY(found);
    *out = row_int(&row, 0) == ITEM_WAITING && row_int(&row, 1) < BATCH_DONE;
    return OK;
}

enum outcome item_run(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct item_run *in = input;
    bool is_open;
    (void)output; /* there is none */
    TRY(is_waiting(tx, in->batch, in->n, &is_open, why));
    if (!is_open) return OK;
    TRY(check_post(tx, &in->actor, why));
    TRY(in->call.command(tx, in->call.in, in->call.out, why));
    TRY(store_do(tx, Q_BATCH_ITEM_END,
                 VALUES(v_int(ITEM_DONE), v_str(STR("")), v_instant(tx_now(tx)), v_int(in->batch), v_int(in->n)), NULL,
                 why));
    return store_do(tx, Q_BATCH_COUNT_DONE, VALUES(v_int(in->batch)), NULL, why);
}

enum outcome items_refuse(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct items_refuse *in = input;
    int64_t refused = 0;
    (void)output; /* there is none */
    for (size_t i = 0; i < in->count; i++) {
        int64_t changed = 0;
        bool is_open;
        TRY(is_waiting(tx, in->batch, in->items[i].n, &is_open, why));
        if (!is_open) continue;
        TRY(store_do(tx, Q_BATCH_ITEM_END,
                     VALUES(v_int(ITEM_REFUSED), v_str(in->items[i].why), v_instant(tx_now(tx)), v_int(in->batch),
                            v_int(in->items[i].n)),
                     &changed, why));
        refused += changed;
    }
    return store_do(tx, Q_BATCH_COUNT_REFUSED, VALUES(v_int(refused), v_int(in->batch)), NULL, why);
}

enum outcome items_add(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct items_add *in = input;
    struct row row;
    int64_t changed;
    (void)output; /* there is none */
    enum outcome found = store_one(tx, Q_BATCH_LISTED_TO, VALUES(v_int(in->batch)), &row, why);
    if (found == ERR_MISSING || (found == OK && row_int(&row, 0) != in->from)) return OK;
    TRY(found);
    int64_t n = row_int(&row, 1), last = in->count > 0 ? in->subjects[in->count - 1] : in->from;
    for (size_t i = 0; i < in->count; i++) {
        struct batch_item_new item = {.subject = in->subjects[i]};
        TRY(batch_item_insert(tx, in->batch, ++n, &item, why));
    }
    return store_do(
        tx, Q_BATCH_LIST_ON,
        VALUES(v_int((int64_t)in->count), v_int(last), v_bool(in->is_last), v_int(in->batch), v_int(in->from)),
        &changed, why);
}

enum outcome batch_add(struct tx *tx, int64_t batch, const struct batch_item_new *item, bool *out_added,
                       struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_BATCH_ADD_ONE, VALUES(v_int(batch)), &row, why);
    *out_added = found == OK;
    if (found == ERR_MISSING) return OK;
    TRY(found);
    return batch_item_insert(tx, batch, row_int(&row, 0), item, why);
}
