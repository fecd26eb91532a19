#include "catalogue/catalogue_store.h"

#include "queries.h"

enum outcome catalogue_find(struct tx *tx, struct str code, struct procedure_ref *out, struct fail *why)
{
    struct row r;
    enum outcome o = store_one(tx, Q_PROCEDURE_BY_CODE, VALUES(v_str(code)), &r, why);
    if (o == ERR_MISSING) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), code);
    TRY(o);
    int initiator = vocabulary_find(initiator_words, INITIATOR_COUNT, row_str(&r, 6));
    int process = vocabulary_find(process_words, PROCEDURE_PROCESS_COUNT, row_str(&r, 7));
    if (initiator < 0 || process < 0) BUG("procedure %.*s has words that are not in the vocabulary", STR_ARG(code));
    *out = (struct procedure_ref){.id = row_int(&r, 0),
                                  .code = row_str(&r, 1),
                                  .version = row_int(&r, 2),
                                  .version_number = row_int(&r, 3),
                                  .hash = row_str(&r, 4),
                                  .name = row_str(&r, 5),
                                  .initiator = (enum initiator)initiator,
                                  .process = (enum procedure_process)process};
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

enum outcome catalogue_versions(struct tx *tx, struct str code, struct procedure_version **out, size_t *out_count,
                                struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_PROCEDURE_VERSIONS, VALUES(v_str(code)), &rows, why));
    struct procedure_version *versions = ARENA_ARRAY(tx_arena(tx), struct procedure_version, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        versions[i] = (struct procedure_version){.id = row_int(r, 0),
                                                 .number = row_int(r, 1),
                                                 .hash = row_str(r, 2),
                                                 .taken_at = row_instant(r, 3),
                                                 .source = row_str(r, 4)};
    }
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
    *out = (struct procedure_version){
        .id = row_int(&r, 0), .number = row_int(&r, 1), .hash = row_str(&r, 2), .taken_at = row_instant(&r, 3)};
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

static enum outcome insert_version(struct tx *tx, const struct procedure_import *in,
                                   const struct procedure_imported *out, struct fail *why)
{
    TRY(store_do(tx, Q_CATALOGUE_CHANGE_COUNT, NO_VALUES, NULL, why));
    return store_do(tx, Q_PROCEDURE_VERSION_INSERT,
                    VALUES(v_int(out->version), v_int(out->id), v_int(out->number), v_str(in->hash), v_str(in->record),
                           v_str(in->source), v_instant(tx_now(tx))),
                    NULL, why);
}

enum outcome procedure_insert(struct tx *tx, const struct procedure_import *in, struct procedure_imported *out,
                              struct fail *why)
{
    const struct procedure *p = in->procedure;
    *out = (struct procedure_imported){
        .result = PROCEDURE_ADDED, .id = tx_new_id(tx), .version = tx_new_id(tx), .number = 1};
    TRY(store_do(tx, Q_PROCEDURE_INSERT,
                 VALUES(v_int(out->id), v_str(p->code), v_int(out->version), v_int(out->number), v_str(in->hash),
                        v_str(p->name), v_str(p->field), v_code(procedure_kind_words, (int)p->kind),
                        v_code(initiator_words, (int)p->initiator), v_code(process_words, (int)p->process),
                        v_code(publication_words, (int)p->state), v_int(level_bits(p)), v_int(channel_bits(p)),
                        v_int(audience_bits(p))),
                 NULL, why));
    return insert_version(tx, in, out, why);
}

enum outcome procedure_change(struct tx *tx, const struct procedure_ref *known, const struct procedure_import *in,
                              struct procedure_imported *out, struct fail *why)
{
    const struct procedure *p = in->procedure;
    *out = (struct procedure_imported){
        .result = PROCEDURE_CHANGED, .id = known->id, .version = tx_new_id(tx), .number = known->version_number + 1};
    TRY(insert_version(tx, in, out, why));
    return store_do(tx, Q_PROCEDURE_UPDATE,
                    VALUES(v_int(out->version), v_int(out->number), v_str(in->hash), v_str(p->name), v_str(p->field),
                           v_code(procedure_kind_words, (int)p->kind), v_code(initiator_words, (int)p->initiator),
                           v_code(process_words, (int)p->process), v_code(publication_words, (int)p->state),
                           v_int(level_bits(p)), v_int(channel_bits(p)), v_int(audience_bits(p)), v_int(out->id)),
                    NULL, why);
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
