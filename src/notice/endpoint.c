#include "notice/endpoint.h"

#include <inttypes.h>

#include "base/auto.h"
#include "base/parse.h"
#include "dossier/dossier_brief.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 8 * 1024 };

#define EVERY_DOSSIER_EVENT STR("motcua.dossier.*")

/* ---- rows ---- */

static struct endpoint of_row(const struct row *r)
{
    return (struct endpoint){
        .id = row_int(r, 0),
        .url = row_str(r, 1),
        .agency = row_int(r, 2),
        .events = row_str(r, 3),
        .secret = row_str(r, 4),
        .old_secret = row_str(r, 5),
        .old_until = row_instant(r, 6),
        .made_at = row_instant(r, 7),
        .disabled_at = row_instant(r, 8),
        .disabled_by = row_str(r, 9),
        .version = row_int(r, 10),
    };
}

static void take_rows(struct tx *tx, const struct rows *rows, struct endpoint **out, size_t *out_count)
{
    *out = ARENA_ARRAY(tx_arena(tx), struct endpoint, rows->count + 1);
    *out_count = rows->count;
    for (size_t i = 0; i < rows->count; i++) (*out)[i] = of_row(&rows->at[i]);
}

enum outcome endpoint_load(struct tx *tx, int64_t id, struct endpoint *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_ENDPOINT_BY_ID, VALUES(v_int(id)), &row, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("There is no such webhook."));
    TRY(found);
    *out = of_row(&row);
    return OK;
}

enum outcome endpoints_all(struct tx *tx, struct endpoint **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_ENDPOINT_LIST, VALUES(v_int(ENDPOINTS_MOST)), &rows, why));
    take_rows(tx, &rows, out, out_count);
    return OK;
}

enum outcome endpoints_live(struct tx *tx, struct endpoint **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_ENDPOINT_LIVE, NO_VALUES, &rows, why));
    take_rows(tx, &rows, out, out_count);
    return OK;
}

/* ---- rules ---- */

struct str event_type(struct arena *a, const struct journal_entry *e)
{
    return str_format(a, "motcua.%s.%.*s", subject_kind_name(e->subject_kind), STR_ARG(e->act));
}

static bool is_event_word(struct str word)
{
    for (size_t i = 0; i < word.len; i++) {
        char c = word.at[i];
        bool is_last_star = c == '*' && i + 1 == word.len && (i == 0 || word.at[i - 1] == '.');
        if (!(c >= 'a' && c <= 'z') && c != '.' && c != '-' && c != '_' && !is_last_star) return false;
    }
    return str_eq(word, STR("*")) || str_starts(word, STR("motcua."));
}

void endpoint_events_check(struct arena *a, struct str events, struct str pointer, struct str *out, struct fail *why)
{
    struct str rest = str_replace(a, str_replace(a, events, STR(","), STR(" ")), STR("\n"), STR(" ")), word;
    struct str words[64];
    size_t count = 0;
    for (rest = str_trim(rest); rest.len > 0; rest = str_trim(rest)) {
        (void)str_cut(rest, ' ', &word, &rest); /* without a space it is the last one */
        word = str_trim(word);
        if (count == LENGTH(words) || !is_event_word(word)) {
            fail_problem(why, pointer, "unknown", N_("“{0}” is not a type of event such as motcua.dossier.issue."),
                         word);
            return;
        }
        words[count++] = word;
    }
    *out = count == 0 ? EVERY_DOSSIER_EVENT : str_join(a, STR(" "), words, count);
    if (out->len > ENDPOINT_EVENTS_MOST)
        fail_problem(why, pointer, "too-long", N_("At most {0} characters."),
                     str_format(a, "%d", ENDPOINT_EVENTS_MOST));
}

static bool is_named(struct str events, struct str type)
{
    struct str rest = events, word;
    while (rest.len > 0) {
        (void)str_cut(rest, ' ', &word, &rest); /* without a space it is the last one */
        if (str_eq(word, type)) return true;
        if (str_ends(word, STR("*")) && str_starts(type, str_part(word, 0, word.len - 1))) return true;
    }
    return false;
}

bool endpoint_takes(const struct endpoint *e, struct str type, int64_t agency, instant_t at)
{
    return e->disabled_at == INSTANT_NONE && at >= e->made_at && (e->agency == 0 || e->agency == agency) &&
           is_named(e->events, type);
}

/* ---- secrets ---- */

void endpoint_secret(const struct identity_keys *k, struct arena *a, struct str *out_sealed, struct str *out_clear)
{
    char bytes[WEBHOOK_SECRET_BYTES];
    random_bytes(bytes, sizeof bytes);
    struct str raw = str_of(bytes, sizeof bytes), text = base64_encode(a, raw);
    *out_sealed = secret_seal(k, a, raw);
    *out_clear = str_format(a, "whsec_%.*s", STR_ARG(text));
}

enum outcome endpoint_secret_told(const struct identity_keys *k, struct arena *a, const struct endpoint *e,
                                  struct str *out, struct fail *why)
{
    struct str raw;
    TRY(secret_unseal(k, a, e->secret, &raw, why));
    struct str text = base64_encode(a, raw);
    *out = str_format(a, "whsec_%.*s", STR_ARG(text));
    return OK;
}

static enum outcome sign_with(const struct identity_keys *k, struct arena *a, struct str sealed, struct str content,
                              struct str *out, struct fail *why)
{
    struct str secret;
    TRY(secret_unseal(k, a, sealed, &secret, why));
    struct sha256 mac = hmac_sha256(secret, content);
    struct str text = base64_encode(a, str_of((const char *)mac.at, SHA256_BYTES));
    *out = str_format(a, "v1,%.*s", STR_ARG(text));
    return OK;
}

struct str webhook_content(struct arena *a, struct str id, instant_t now, struct str body)
{
    return str_format(a, "%.*s.%" PRId64 ".%.*s", STR_ARG(id), now / US_PER_S, STR_ARG(body));
}

enum outcome endpoint_sign(const struct identity_keys *k, struct arena *a, const struct endpoint *e, instant_t now,
                           struct str content, struct str *out, struct fail *why)
{
    struct str old;
    TRY(sign_with(k, a, e->secret, content, out, why));
    if (e->old_secret.len == 0 || now >= e->old_until) return OK;
    TRY(sign_with(k, a, e->old_secret, content, &old, why));
    *out = str_format(a, "%.*s %.*s", STR_ARG(*out), STR_ARG(old));
    return OK;
}

/* ---- events as JSON ---- */

/* People know a dossier by its code; the rest by its id. */
static struct str subject_of(struct tx *tx, const struct journal_entry *e)
{
    struct dossier_brief d;
    struct fail ignored;
    fail_init(&ignored, tx_arena(tx));
    if (e->subject_kind == SUBJECT_DOSSIER && dossier_brief_load(tx, e->subject, &d, &ignored) == OK) return d.code;
    return id_format(tx_arena(tx), e->subject);
}

void event_write(struct json_writer *w, struct tx *tx, const struct journal_entry *e)
{
    struct arena *a = tx_arena(tx);
    struct str origin = tx_origin(tx);
    jw_open(w, '{');
    jw_put_str(w, "specversion", STR("1.0"));
    jw_put_str(w, "id", str_format(a, "%" PRId64, e->position));
    jw_put_str(w, "source", str_format(a, "/motcua/%.*s", STR_ARG(origin)));
    jw_put_str(w, "type", event_type(a, e));
    jw_put_str(w, "subject", subject_of(tx, e));
    jw_put_instant(w, "time", e->at);
    jw_put_instant(w, "timestamp", e->at);
    jw_put_str(w, "datacontenttype", STR("application/json"));
    jw_key(w, "data");
    jw_open(w, '{');
    jw_put_int(w, "version", e->version);
    jw_close(w);
    jw_close(w);
}

/* ---- commands ---- */

static enum outcome note(struct tx *tx, const struct actor *actor, const char *act, int64_t id, const char *key,
                         struct str value, struct fail *why)
{
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_id(&w, "endpoint", id);
    if (key != NULL) jw_put_str(&w, key, value);
    jw_close(&w);
    return journal_append(
        tx, &(struct entry){.subject_kind = SUBJECT_SYSTEM, .act = act, .actor = *actor, .payload = buf_str(&payload)},
        NULL, why);
}

enum outcome endpoint_add(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct endpoint_new *in = input;
    struct endpoint_added *out = output;
    int64_t id = tx_new_id(tx);
    struct endpoint *all;
    struct replay before;
    size_t count;
    TRY(idempotency_begin(tx, &in->key, &before, why));
    if (before.is_found) {
        if (!id_parse(before.reply, &id)) BUG("a kept answer that is no id");
        *out = (struct endpoint_added){id, true};
        return OK;
    }
    TRY(endpoints_all(tx, &all, &count, why));
    if (count >= ENDPOINTS_MOST)
        return fail(why, ERR_CONFLICT, N_("There are {0} webhooks already: that is the most."),
                    str_format(tx_arena(tx), "%d", ENDPOINTS_MOST));
    int64_t rows; /* asked for, so that a conflict is told here and not by the commit */
    enum outcome added = store_do(tx, Q_ENDPOINT_INSERT,
                                  VALUES(v_int(id), v_str(in->url), v_int(in->agency), v_str(in->events),
                                         v_blob(in->sealed), v_instant(tx_now(tx))),
                                  &rows, why);
    if (added == ERR_CONFLICT) return fail(why, ERR_CONFLICT, N_("There is a webhook for this address already."));
    TRY(added);
    TRY(idempotency_finish(tx, &in->key, 201, id_format(tx_arena(tx), id), why));
    TRY(note(tx, &in->actor, "webhook.add", id, "events", in->events, why));
    *out = (struct endpoint_added){id, false};
    return OK;
}

static enum outcome replay(struct tx *tx, const struct endpoint_change *in, int64_t *out, struct fail *why)
{
    struct value now = v_instant(tx_now(tx));
    if (in->message == 0)
        return store_do(tx, Q_MESSAGE_AGAIN_BETWEEN, VALUES(now, v_int(in->id), v_instant(in->from), v_instant(in->to)),
                        out, why);
    TRY(store_do(tx, Q_MESSAGE_AGAIN, VALUES(now, v_int(in->message), v_int(in->id)), out, why));
    return *out > 0 ? OK : fail(why, ERR_MISSING, N_("There is no such message."));
}

enum outcome endpoint_change(struct tx *tx, const void *input, void *output, struct fail *why)
{
    static const char *const acts[ENDPOINT_ACT_COUNT] = {"webhook.enable", "webhook.disable", "webhook.rotate",
                                                         "webhook.replay"};
    const struct endpoint_change *in = input;
    struct endpoint e;
    int64_t count = 0;
    struct value id = v_int(in->id), now = v_instant(tx_now(tx));
    struct replay before;
    TRY(endpoint_load(tx, in->id, &e, why));
    if (in->version != 0 && in->version != e.version)
        return fail(why, ERR_STALE, N_("The webhook was changed meanwhile. Load it again."));
    TRY(idempotency_begin(tx, &in->key, &before, why));
    if (before.is_found && output != NULL && parse_i64(before.reply, output)) return OK;
    switch (in->act) {
    case ENDPOINT_ENABLE: TRY(store_do(tx, Q_ENDPOINT_ENABLE, VALUES(id), NULL, why)); break;
    case ENDPOINT_DISABLE:
        TRY(store_do(tx, Q_ENDPOINT_DISABLE, VALUES(now, v_str(STR("admin")), id), NULL, why));
        break;
    case ENDPOINT_ROTATE:
        TRY(store_do(tx, Q_ENDPOINT_ROTATE,
                     VALUES(v_instant(tx_now(tx) + ENDPOINT_ROTATE_HOURS * US_PER_HOUR), v_blob(in->sealed), id), NULL,
                     why));
        break;
    case ENDPOINT_REPLAY: TRY(replay(tx, in, &count, why)); break;
    case ENDPOINT_ACT_COUNT: BUG("not an act");
    }
    if (output != NULL) *(int64_t *)output = count;
    TRY(idempotency_finish(tx, &in->key, 202, str_format(tx_arena(tx), "%" PRId64, count), why));
    return note(tx, &in->actor, acts[in->act], in->id, NULL, STR_NONE, why);
}
