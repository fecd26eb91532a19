/* Versions of tables, the decisions about them, and rulings, as rows. */
#include <string.h>

#include "base/auto.h"
#include "queries.h"
#include "rule/ruling.h"

/* An answer repeats the questions of its tables with all their choices. */
enum { PAYLOAD_BYTES = 16 * 1024, ANSWER_BYTES = 8 * TABLES_BYTES };

/* ---- versions ---- */

static struct rule_version version_of(const struct row *r)
{
    return (struct rule_version){.id = row_int(r, 0),
                                 .procedure = row_str(r, 1),
                                 .number = row_int(r, 2),
                                 .hash = row_str(r, 3),
                                 .text = row_str(r, 4),
                                 .samples = row_str(r, 5),
                                 .source = row_str(r, 6),
                                 .taken_at = row_instant(r, 7),
                                 .by = row_str(r, 8)};
}

enum outcome rules_in_force(struct tx *tx, struct str procedure, day_t day, struct rule_version *out, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_RULE_IN_FORCE, VALUES(v_str(procedure), v_int(day)), &r, why));
    *out = version_of(&r);
    return OK;
}

enum outcome rule_versions(struct tx *tx, struct str procedure, struct rule_version **out, size_t *out_count,
                           struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_RULE_VERSIONS, VALUES(v_str(procedure)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct rule_version, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) (*out)[i] = version_of(&rows.at[i]);
    return OK;
}

enum outcome rule_version_numbered(struct tx *tx, struct str procedure, int64_t number, struct rule_version *out,
                                   struct fail *why)
{
    struct row r;
    enum outcome found = store_one(tx, Q_RULE_VERSION_NUMBERED, VALUES(v_str(procedure), v_int(number)), &r, why);
    if (found == ERR_MISSING)
        return fail(why, ERR_MISSING, N_("The procedure {0} has no such version of its tables."), procedure);
    TRY(found);
    *out = version_of(&r);
    return OK;
}

static day_t day_or_unknown(const struct row *r, size_t column)
{
    return row_is_null(r, column) ? DAY_UNKNOWN : (day_t)row_int(r, column);
}

static struct value v_day(day_t d)
{
    return d == DAY_UNKNOWN ? v_null() : v_int(d);
}

enum outcome rule_publications(struct tx *tx, struct str procedure, struct rule_publication **out, size_t *out_count,
                               struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_RULE_PUBLICATIONS, VALUES(v_str(procedure)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct rule_publication, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        (*out)[i] = (struct rule_publication){
            .n = row_int(r, 0),
            .version_number = row_int(r, 1),
            .decision = {day_or_unknown(r, 2), day_or_unknown(r, 4), row_str(r, 3), row_str(r, 5), row_str(r, 6)},
            .at = row_instant(r, 7),
            .by = row_str(r, 8)
        };
    }
    return OK;
}

/* ---- changes ---- */

struct rule_note { /* of the journal */
    const char *act;
    struct actor actor;
    struct str procedure, hash;
    int64_t number;
    const struct rule_decision *decision; /* NULL: kept only */
};

static enum outcome append(struct tx *tx, const struct rule_note *n, struct fail *why)
{
    struct row r;
    AUTO_BUF struct buf payload;
    struct json_writer w;
    struct arena *a = tx_arena(tx);
    buf_init(&payload, PAYLOAD_BYTES);
    enum outcome found = store_one(tx, Q_PROCEDURE_BY_CODE, VALUES(v_str(n->procedure)), &r, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), n->procedure);
    TRY(found);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "code", n->procedure);
    if (n->decision != NULL) {
        jw_put_str_or_null(&w, "decision", n->decision->number);
        jw_put_str_or_null(&w, "from",
                           n->decision->valid_from == DAY_UNKNOWN ? STR_NONE : day_format(a, n->decision->valid_from));
    }
    jw_put_str(&w, "hash", n->hash);
    jw_put_int(&w, "number", n->number);
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_PROCEDURE,
                          .subject = row_int(&r, 0),
                          .version = n->number,
                          .act = n->act,
                          .actor = n->actor,
                          .payload = buf_str(&payload)};
    return journal_append(tx, &entry, NULL, why);
}

static enum outcome put_in_force(struct tx *tx, const struct rule_version *v, const struct rule_decision *d,
                                 struct actor actor, struct fail *why)
{
    TRY(store_do(tx, Q_RULE_PUBLICATION_INSERT,
                 VALUES(v_str(v->procedure), v_int(v->id), v_day(d->valid_from), v_str(d->number), v_day(d->decided_on),
                        v_str(d->authority), v_str(d->note), v_instant(tx_now(tx)), v_int(actor.account)),
                 NULL, why));
    struct rule_note n = {"rules.publish", actor, v->procedure, v->hash, v->number, d};
    return append(tx, &n, why);
}

/* Number 0 before the first one. */
static enum outcome newest_of(struct tx *tx, struct str procedure, struct rule_version *out, struct fail *why)
{
    struct row r;
    *out = (struct rule_version){.samples = STR("[]")};
    enum outcome found = store_one(tx, Q_RULE_NEWEST, VALUES(v_str(procedure)), &r, why);
    if (found != OK) return found == ERR_MISSING ? OK : found;
    *out = (struct rule_version){.number = row_int(&r, 0), .hash = row_str(&r, 1), .samples = row_str(&r, 2)};
    return OK;
}

enum outcome rules_keep(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct rule_keep *in = input;
    struct rule_version newest;
    TRY(newest_of(tx, in->procedure, &newest, why));
    if (str_eq(newest.hash, in->hash))
        return fail(why, ERR_CONFLICT, N_("The newest version of the tables says the same already."));
    struct rule_version v = {.id = tx_new_id(tx),
                             .procedure = in->procedure,
                             .number = newest.number + 1,
                             .hash = in->hash,
                             .text = in->text,
                             .samples = in->samples.len > 0 ? in->samples : newest.samples};
    TRY(store_do(tx, Q_RULE_VERSION_INSERT,
                 VALUES(v_int(v.id), v_str(v.procedure), v_int(v.number), v_str(v.hash), v_str(v.text),
                        v_str(v.samples), v_str(in->source), v_instant(tx_now(tx)), v_int(in->actor.account)),
                 NULL, why));
    *(int64_t *)output = v.number;
    struct rule_note n = {"rules.keep", in->actor, v.procedure, v.hash, v.number, NULL};
    TRY(append(tx, &n, why));
    if (!in->is_in_force) return OK;
    struct rule_decision d = {.valid_from = newest.number == 0 ? DAY_UNKNOWN : day_of(tx_now(tx)),
                              .decided_on = DAY_UNKNOWN};
    return put_in_force(tx, &v, &d, in->actor, why);
}

enum outcome rules_publish(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct rule_publish *in = input;
    struct rule_version v;
    (void)output; /* nothing to tell */
    TRY(rule_version_numbered(tx, in->procedure, in->number, &v, why));
    return put_in_force(tx, &v, &in->decision, in->actor, why);
}

/* ---- rulings ---- */

/* As it is kept. */
static enum outcome answer_text(struct tx *tx, const struct ruling *r, struct str *out, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, ANSWER_BYTES);
    jw_init(&w, &text);
    ruling_json(&w, tx_arena(tx), VIETNAMESE, r);
    if (text.is_full) return fail(why, ERR_TOO_LARGE, N_("What the tables say is too long to be kept."));
    *out = str_dup(tx_arena(tx), buf_str(&text));
    return OK;
}

enum outcome ruling_save(struct tx *tx, int64_t dossier, struct str procedure, const struct ruling *r, struct fail *why)
{
    struct str answer;
    if (r == NULL) return OK;
    TRY(answer_text(tx, r, &answer, why));
    return store_do(tx, Q_RULING_INSERT,
                    VALUES(v_int(dossier), v_str(procedure), v_int(r->version), v_str(r->facts), v_str(answer),
                           v_bool(r->incident_count > 0)),
                    NULL, why);
}

enum outcome ruling_save_again(struct tx *tx, int64_t dossier, int64_t version, const struct ruling *r,
                               struct fail *why)
{
    struct str answer;
    TRY(answer_text(tx, r, &answer, why));
    return store_do(
        tx, Q_RULING_AGAIN_INSERT,
        VALUES(v_int(dossier), v_int(version), v_str(r->facts), v_str(answer), v_bool(r->incident_count > 0)), NULL,
        why);
}

enum outcome ruling_forget(struct tx *tx, int64_t dossier, int64_t version, struct fail *why)
{
    return store_do(tx, Q_RULING_AGAIN_DELETE, VALUES(v_int(dossier), v_int(version)), NULL, why);
}

enum outcome ruling_of(struct tx *tx, int64_t dossier, const struct ruling **out, struct fail *why)
{
    struct row r;
    *out = NULL;
    enum outcome found = store_one(tx, Q_RULING_OF_DOSSIER, VALUES(v_int(dossier)), &r, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    struct ruling *kept = ARENA_NEW(tx_arena(tx), struct ruling);
    TRY(ruling_read(tx_arena(tx), row_str(&r, 0), kept, why));
    kept->version = row_int(&r, 1);
    kept->tables = row_int(&r, 3);
    kept->facts = row_str(&r, 4);
    *out = kept;
    return OK;
}

enum outcome rulings_recent(struct tx *tx, struct str procedure, size_t most, struct ruling_recent **out,
                            size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_RULINGS_RECENT, VALUES(v_str(procedure), v_int((int64_t)most)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct ruling_recent, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct ruling *kept = ARENA_NEW(tx_arena(tx), struct ruling);
        TRY(ruling_read(tx_arena(tx), row_str(&rows.at[i], 2), kept, why));
        (*out)[i] = (struct ruling_recent){row_str(&rows.at[i], 0), row_str(&rows.at[i], 1), kept};
    }
    return OK;
}
