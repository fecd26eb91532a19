#include "catalogue/catalogue_store.h"

#include <string.h>

#include "queries.h"

/* ---- what is in force ---- */

static day_t row_day(const struct row *r, size_t column)
{
    return row_is_null(r, column) ? DAY_UNKNOWN : (day_t)row_int(r, column);
}

static struct value v_day_or_null(day_t d)
{
    return d == DAY_UNKNOWN ? v_null() : v_int(d);
}

static struct procedure_ref ref_of(const struct row *r, enum procedure_force force)
{
    int initiator = vocabulary_find(initiator_words, INITIATOR_COUNT, row_str(r, 6));
    int process = vocabulary_find(process_words, PROCEDURE_PROCESS_COUNT, row_str(r, 7));
    if (initiator < 0 || process < 0) BUG("a version of %.*s has unknown words", STR_ARG(row_str(r, 1)));
    return (struct procedure_ref){.id = row_int(r, 0),
                                  .code = row_str(r, 1),
                                  .force = force,
                                  .since = row_day(r, 10),
                                  .version = row_int(r, 2),
                                  .version_number = row_int(r, 3),
                                  .hash = row_str(r, 4),
                                  .name = row_str(r, 5),
                                  .initiator = (enum initiator)initiator,
                                  .process = (enum procedure_process)process,
                                  .process_version = row_int(r, 8)};
}

/* Withdrawn: the version that was in force before. */
static enum outcome find_withdrawn(struct tx *tx, struct str code, day_t since, struct procedure_ref *out,
                                   struct fail *why)
{
    struct row r;
    enum outcome o = store_one(tx, Q_PROCEDURE_LAST_IN_FORCE, VALUES(v_str(code), v_int(since)), &r, why);
    if (o == ERR_MISSING) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), code);
    TRY(o);
    *out = ref_of(&r, PROCEDURE_WITHDRAWN);
    out->since = since;
    return OK;
}

void catalogue_find_ahead(struct tx *tx, struct str code)
{
    store_ahead(tx, Q_PROCEDURE_IN_FORCE, VALUES(v_str(code), v_int(day_of(tx_now(tx)))));
}

enum outcome catalogue_find(struct tx *tx, struct str code, struct procedure_ref *out, struct fail *why)
{
    struct row r;
    day_t today = day_of(tx_now(tx));
    enum outcome o = store_one(tx, Q_PROCEDURE_IN_FORCE, VALUES(v_str(code), v_int(today)), &r, why);
    if (o == OK && row_is_null(&r, 2)) return find_withdrawn(tx, code, row_day(&r, 10), out, why);
    if (o == OK) {
        *out = ref_of(&r, PROCEDURE_IN_FORCE);
        return OK;
    }
    if (o != ERR_MISSING) return o;
    o = store_one(tx, Q_PROCEDURE_ANNOUNCED, VALUES(v_str(code), v_int(today)), &r, why);
    if (o == ERR_MISSING) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), code);
    TRY(o);
    *out = ref_of(&r, PROCEDURE_ANNOUNCED);
    return OK;
}

enum outcome catalogue_find_open(struct tx *tx, struct str code, struct procedure_ref *out, struct fail *why)
{
    struct procedure_ref ref;
    TRY(catalogue_find(tx, code, &ref, why));
    struct str since = ref.since == DAY_UNKNOWN ? STR_NONE : day_for_people(tx_arena(tx), ref.since);
    if (ref.force == PROCEDURE_WITHDRAWN)
        return fail(why, ERR_CONFLICT, N_("The procedure {0} was withdrawn from {1}: no new dossiers are taken."), code,
                    since);
    if (ref.force == PROCEDURE_ANNOUNCED)
        return fail(why, ERR_CONFLICT, N_("The procedure {0} comes into force on {1}; until then nobody can apply."),
                    code, since);
    *out = ref;
    return OK;
}

/* ---- versions ---- */

enum outcome procedure_known(struct tx *tx, struct str code, int64_t *out_id, int64_t *out_last, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_PROCEDURE_BY_CODE, VALUES(v_str(code)), &r, why));
    *out_id = row_int(&r, 0);
    *out_last = row_int(&r, 2);
    return OK;
}

enum outcome catalogue_template(struct tx *tx, int64_t version, struct str name, struct str *out, struct fail *why)
{
    struct row r;
    enum outcome o = store_one(tx, Q_PROCEDURE_TEXT_GET, VALUES(v_int(version), v_str(name)), &r, why);
    if (o != OK && o != ERR_MISSING) return o;
    *out = o == OK ? row_str(&r, 0) : STR_NONE;
    return OK;
}

enum outcome procedure_version_load(struct tx *tx, int64_t version, struct str *out_record, struct fail *why)
{
    struct row r;
    enum outcome o = store_one(tx, Q_PROCEDURE_VERSION_BY_ID, VALUES(v_int(version)), &r, why);
    if (o == ERR_MISSING) return fail(why, ERR_MISSING, N_("There is no such version of a procedure."));
    TRY(o);
    *out_record = row_str(&r, 0);
    return OK;
}

static struct procedure_version version_of(const struct row *r)
{
    return (struct procedure_version){.id = row_int(r, 0),
                                      .number = row_int(r, 1),
                                      .hash = row_str(r, 2),
                                      .taken_at = row_instant(r, 3),
                                      .source = row_str(r, 4),
                                      .process_version = row_int(r, 5)};
}

enum outcome catalogue_versions(struct tx *tx, struct str code, struct procedure_version **out, size_t *out_count,
                                struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_PROCEDURE_VERSIONS, VALUES(v_str(code)), &rows, why));
    struct procedure_version *versions = ARENA_ARRAY(tx_arena(tx), struct procedure_version, rows.count);
    for (size_t i = 0; i < rows.count; i++) versions[i] = version_of(&rows.at[i]);
    *out = versions;
    *out_count = rows.count;
    return OK;
}

enum outcome catalogue_version_numbered(struct tx *tx, struct str code, int64_t number, struct procedure_version *out,
                                        struct fail *why)
{
    struct row r;
    enum outcome o = store_one(tx, Q_PROCEDURE_VERSION_BY_NUMBER, VALUES(v_str(code), v_int(number)), &r, why);
    if (o == ERR_MISSING) return fail(why, ERR_MISSING, N_("The procedure {0} has no such version."), code);
    TRY(o);
    *out = version_of(&r);
    return OK;
}

/* ---- writing ---- */

static unsigned level_bits(const struct procedure *p)
{
    unsigned bits = 0;
    for (size_t i = 0; i < p->level_count; i++) bits |= 1u << p->levels[i];
    return bits;
}

static unsigned channel_bits(const struct procedure *p)
{
    unsigned bits = 0;
    for (size_t i = 0; i < p->channel_count; i++) bits |= 1u << p->channels[i].kind;
    return bits;
}

static unsigned audience_bits(const struct procedure *p)
{
    unsigned bits = 0;
    for (size_t i = 0; i < p->audience_count; i++) bits |= 1u << p->audience[i];
    return bits;
}

static struct value v_code(const struct vocabulary_word *words, int word)
{
    return v_str(str_from(words[word].code));
}

enum outcome procedure_insert(struct tx *tx, struct str code, int64_t *out_id, struct fail *why)
{
    *out_id = tx_new_id(tx);
    return store_do(tx, Q_PROCEDURE_INSERT, VALUES(v_int(*out_id), v_str(code)), NULL, why);
}

enum outcome procedure_version_add(struct tx *tx, int64_t procedure, int64_t number, const struct procedure_import *in,
                                   int64_t *out_version, struct fail *why)
{
    const struct procedure *p = in->procedure;
    *out_version = tx_new_id(tx);
    TRY(store_do(tx, Q_PROCEDURE_VERSION_INSERT,
                 VALUES(v_int(*out_version), v_int(procedure), v_int(number), v_str(in->hash), v_str(in->record),
                        v_str(in->source), v_instant(tx_now(tx)), v_str(p->name), v_str(p->field),
                        v_code(procedure_kind_words, (int)p->kind), v_code(initiator_words, (int)p->initiator),
                        v_code(process_words, (int)p->process), v_code(publication_words, (int)p->state),
                        v_int(level_bits(p)), v_int(channel_bits(p)), v_int(audience_bits(p)),
                        v_int(in->extra.process_version)),
                 NULL, why));
    if (in->extra.result_html.len == 0) return OK;
    return store_do(tx, Q_PROCEDURE_TEXT_INSERT,
                    VALUES(v_int(*out_version), v_str(STR("result.html")), v_str(in->extra.result_html)), NULL, why);
}

enum outcome publication_add(struct tx *tx, const struct publication_new *p, int64_t *out_n, struct fail *why)
{
    const struct decision *d = p->decision;
    struct str act = str_from(publication_act_words[p->act].code);
    struct str file = str_of((const char *)d->file.at, sizeof d->file.at);
    struct row row;
    TRY(store_do(tx, Q_CATALOGUE_CHANGE_COUNT, NO_VALUES, NULL, why));
    TRY(store_one(tx, Q_PUBLICATION_INSERT,
                  VALUES(v_int(p->procedure), v_str(act), p->version == 0 ? v_null() : v_int(p->version),
                         v_day_or_null(d->valid_from), v_str(d->number), v_day_or_null(d->decided_on),
                         v_str(d->authority), v_str(d->level), v_bool(d->is_late),
                         d->file_name.len > 0 ? v_blob(file) : v_null(), v_str(d->file_name), v_str(d->file_type),
                         v_str(d->note), v_instant(tx_now(tx)), v_int(p->actor.account)),
                  &row, why));
    if (out_n != NULL) *out_n = row_int(&row, 0);
    return OK;
}

static struct decision decision_of(const struct row *r)
{
    struct decision d = {.valid_from = row_day(r, 3),
                         .number = row_str(r, 4),
                         .decided_on = row_day(r, 5),
                         .authority = row_str(r, 6),
                         .level = row_str(r, 7),
                         .is_late = row_bool(r, 8),
                         .file_name = row_str(r, 10),
                         .file_type = row_str(r, 15),
                         .note = row_str(r, 11)};
    struct str file = row_str(r, 9);
    if (file.len == sizeof d.file.at) memcpy(d.file.at, file.at, file.len);
    return d;
}

enum outcome catalogue_publications(struct tx *tx, struct str code, struct publication_row **out, size_t *out_count,
                                    struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_PUBLICATIONS_OF_PROCEDURE, VALUES(v_str(code)), &rows, why));
    struct publication_row *list = ARENA_ARRAY(tx_arena(tx), struct publication_row, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        int act = vocabulary_find(publication_act_words, LENGTH(publication_act_words), row_str(r, 1));
        if (act < 0) BUG("a publication has the act \"%.*s\"", STR_ARG(row_str(r, 1)));
        list[i] = (struct publication_row){.n = row_int(r, 0),
                                           .version_number = row_int(r, 2),
                                           .act = (enum publication_act)act,
                                           .decision = decision_of(r),
                                           .at = row_instant(r, 12),
                                           .by = row_str(r, 14)};
    }
    *out = list;
    *out_count = rows.count;
    return OK;
}

enum outcome catalogue_change_number(struct tx *tx, int64_t *out, struct fail *why)
{
    struct row r;
    enum outcome o = store_one(tx, Q_CATALOGUE_CHANGE_GET, NO_VALUES, &r, why);
    if (o == ERR_MISSING) BUG("the row of catalogue_change is gone");
    TRY(o);
    *out = row_int(&r, 0);
    return OK;
}
