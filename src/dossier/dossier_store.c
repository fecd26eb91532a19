#include "dossier/dossier_store.h"

#include <string.h>

#include "agency/competence_move.h"
#include "queries.h"
#include "vault/vault.h"

/* In the order of the columns of every dossier query. */
enum {
    D_ID,
    D_CODE,
    D_VERSION,
    D_PROCEDURE_VERSION,
    D_PROCEDURE_CODE,
    D_PROCESS_VERSION,
    D_AGENCY,
    D_CHANNEL,
    D_CASE,
    D_STATUS,
    D_STEP,
    D_QUEUE,
    D_LIST_DUE,
    D_HOLDER,
    D_SUBMITTER,
    D_OWNER_NAME,
    D_SUBMITTED,
    D_RECEIVED,
    D_DUE,
    D_FINISHED,
    D_RETURNED,
    D_TERM,
    D_CALENDAR,
    D_PROVISIONAL,
    D_OUTCOME,
    D_SUPPLEMENTS,
    D_REASON,
    D_EXTENSIONS,
    D_CORRECTIONS,
    D_STEP_SINCE,
    D_STEP_DUE,
    D_HELD_AT,
    D_HELD_DUE,
    D_RULE_SET,
    D_RETURN_MANNER,
    D_HANDED_OVER,
    D_PROTECTED,
    D_UNITS_DUE,
    D_FORM
};

static struct term term_of(struct str text)
{
    struct term term = {TERM_NONE, 0, false};
    struct fail ignored = {0};
    if (text.len > 0 && term_parse(text, &term, &ignored) != OK) BUG("a stored term does not parse");
    return term;
}

struct dossier dossier_of_row(const struct row *r)
{
    return (struct dossier){
        .id = row_int(r, D_ID),
        .code = row_str(r, D_CODE),
        .version = row_int(r, D_VERSION),
        .procedure_version = row_int(r, D_PROCEDURE_VERSION),
        .procedure_code = row_str(r, D_PROCEDURE_CODE),
        .process_version = row_int(r, D_PROCESS_VERSION),
        .agency = row_int(r, D_AGENCY),
        .channel = row_str(r, D_CHANNEL),
        .case_id = row_str(r, D_CASE),
        .status = (enum status)row_int(r, D_STATUS),
        .step = row_str(r, D_STEP),
        .queue = row_int(r, D_QUEUE),
        .list_due = row_instant(r, D_LIST_DUE),
        .holder = row_int(r, D_HOLDER),
        .submitter = row_int(r, D_SUBMITTER),
        .owner_name = row_str(r, D_OWNER_NAME),
        .submitted_at = row_instant(r, D_SUBMITTED),
        .received_at = row_instant(r, D_RECEIVED),
        .due_at = row_instant(r, D_DUE),
        .finished_at = row_instant(r, D_FINISHED),
        .returned_at = row_instant(r, D_RETURNED),
        .term = term_of(row_str(r, D_TERM)),
        .calendar_version = row_str(r, D_CALENDAR),
        .is_provisional = row_bool(r, D_PROVISIONAL),
        .outcome = row_str(r, D_OUTCOME),
        .supplements = row_int(r, D_SUPPLEMENTS),
        .reason = row_str(r, D_REASON),
        .extensions = row_int(r, D_EXTENSIONS),
        .corrections = row_int(r, D_CORRECTIONS),
        .step_since = row_instant(r, D_STEP_SINCE),
        .step_due = row_instant(r, D_STEP_DUE),
        .held_at = row_instant(r, D_HELD_AT),
        .held_due = row_instant(r, D_HELD_DUE),
        .rule_set = row_str(r, D_RULE_SET),
        .return_manner = row_str(r, D_RETURN_MANNER),
        .handed_over_at = row_instant(r, D_HANDED_OVER),
        .is_protected = row_bool(r, D_PROTECTED),
        .units_due = row_instant(r, D_UNITS_DUE),
        .form = row_str(r, D_FORM),
    };
}

/* Whoever goes on with its agency's work answers for it now: a merger re-points no dossiers. */
static enum outcome follow_agency(struct tx *tx, struct dossier *d, struct fail *why)
{
    return agency_current(tx, d->agency, day_of(tx_now(tx)), &d->agency, why);
}

static enum outcome find_last(struct tx *tx, struct dossier *d, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_DOSSIER_UNDO_FIND, VALUES(v_int(d->id)), &row, why);
    if (found == ERR_MISSING) return OK; /* submitted, and nothing since */
    TRY(found);
    d->last = (struct last_act){.version = row_int(&row, 0),
                                .act = row_str(&row, 1),
                                .account = row_int(&row, 2),
                                .at = row_instant(&row, 3),
                                .state = row_str(&row, 4)};
    return OK;
}

enum outcome dossier_remember(struct tx *tx, int64_t dossier, const struct last_act *last, struct fail *why)
{
    return store_do(tx, Q_DOSSIER_UNDO_SET,
                    VALUES(v_int(dossier), v_int(last->version), v_str(last->act), v_int(last->account),
                           v_instant(last->at), v_str(last->state)),
                    NULL, why);
}

/* What the two are going to ask. */
static void ask_of_row(struct tx *tx, const struct dossier *d)
{
    store_ahead(tx, Q_AGENCY_NEXT, VALUES(v_int(d->agency), v_int(day_of(tx_now(tx)))));
    store_ahead(tx, Q_DOSSIER_UNDO_FIND, VALUES(v_int(d->id)));
}

enum outcome dossier_find(struct tx *tx, struct str code, struct dossier *out, struct fail *why)
{
    struct row row;
    dossier_find_ahead(tx, code);
    enum outcome found = store_one(tx, Q_DOSSIER_BY_CODE, VALUES(v_str(code)), &row, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("There is no dossier with the code {0}."), code);
    TRY(found);
    *out = dossier_of_row(&row);
    ask_of_row(tx, out);
    TRY(follow_agency(tx, out, why));
    return find_last(tx, out, why);
}

struct value dossier_found_id(void)
{
    return v_answer(Q_CODE_DOSSIER, 0); /* looked up for each question that is built on it: one row of one index */
}

static struct value dossier_found_agency(void)
{
    return v_answer(Q_DOSSIER_BY_CODE, D_AGENCY);
}

struct value dossier_found_holder(void)
{
    return v_answer(Q_DOSSIER_BY_CODE, D_HOLDER);
}

void dossier_find_ahead(struct tx *tx, struct str code)
{
    store_ahead(tx, Q_CODE_DOSSIER, VALUES(v_str(code)));
    store_ahead(tx, Q_DOSSIER_BY_CODE, VALUES(v_str(code)));
    agency_current_ahead(tx, dossier_found_agency());
    store_ahead(tx, Q_DOSSIER_UNDO_FIND, VALUES(dossier_found_id()));
}

void dossier_ahead(struct tx *tx, const struct dossier *seen)
{
    store_ahead(tx, Q_DOSSIER_BY_CODE, VALUES(v_str(seen->code)));
    ask_of_row(tx, seen);
    if (seen->list_due != INSTANT_NONE)
        store_ahead(tx, Q_WORKLIST_LOOK, VALUES(v_int(seen->queue), v_int(seen->list_due), v_int(seen->id)));
    store_ahead(tx, Q_DOSSIER_FILE_LAST, VALUES(v_int(seen->id)));
}

enum outcome dossier_load(struct tx *tx, int64_t id, struct dossier *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_DOSSIER_BY_ID, VALUES(v_int(id)), &row, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("The dossier does not exist."));
    TRY(found);
    *out = dossier_of_row(&row);
    ask_of_row(tx, out);
    TRY(follow_agency(tx, out, why));
    return find_last(tx, out, why);
}

enum outcome dossier_insert(struct tx *tx, const struct dossier *d, struct fail *why)
{
    struct str term = term_format(tx_arena(tx), d->term);
    TRY(store_do(tx, Q_DOSSIER_INSERT,
                 VALUES(v_int(d->id), v_str(d->code), v_int(d->version), v_int(d->procedure_version),
                        v_str(d->procedure_code), v_int(d->process_version), v_int(d->agency), v_str(d->channel),
                        v_str(d->case_id), v_int(d->status), v_str(d->step), v_int(d->queue), v_instant(d->list_due),
                        v_int(d->holder), v_int(d->submitter), v_str(d->owner_name), v_instant(d->submitted_at),
                        v_instant(d->received_at), v_instant(d->due_at), v_instant(d->finished_at),
                        v_instant(d->returned_at), v_str(term), v_str(d->calendar_version), v_bool(d->is_provisional),
                        v_str(d->outcome), v_int(d->supplements), v_str(d->reason), v_int(d->extensions),
                        v_int(d->corrections), v_instant(d->step_since), v_instant(d->step_due), v_instant(d->held_at),
                        v_instant(d->held_due), v_str(d->rule_set), v_str(d->return_manner),
                        v_instant(d->handed_over_at), v_bool(d->is_protected), v_instant(d->units_due), v_str(d->form)),
                 NULL, why));
    return store_do(tx, Q_CODE_INSERT, VALUES(v_str(d->code), v_int(d->id), v_str(STR(""))), NULL, why);
}

enum outcome dossier_save(struct tx *tx, const struct dossier *d, int64_t read_version, struct fail *why)
{
    return store_change(tx, Q_DOSSIER_UPDATE,
                        VALUES(v_int(d->version), v_int(d->agency), v_int(d->status), v_str(d->step), v_int(d->queue),
                               v_instant(d->list_due), v_int(d->holder), v_instant(d->received_at),
                               v_instant(d->due_at), v_instant(d->finished_at), v_instant(d->returned_at),
                               v_str(term_format(tx_arena(tx), d->term)), v_str(d->calendar_version),
                               v_bool(d->is_provisional), v_str(d->outcome), v_int(d->supplements), v_str(d->reason),
                               v_int(d->extensions), v_int(d->corrections), v_instant(d->step_since),
                               v_instant(d->step_due), v_instant(d->held_at), v_instant(d->held_due),
                               v_str(d->rule_set), v_str(d->return_manner), v_instant(d->handed_over_at),
                               v_instant(d->units_due), v_int(d->id), v_int(read_version)),
                        why);
}

struct actor dossier_told_actor(const struct dossier *d, struct actor actor)
{
    if (d->is_protected && actor.agency == 0) actor.account = 0;
    return actor;
}

enum outcome parties_save(struct tx *tx, int64_t dossier, const struct party *parties, size_t count, struct fail *why)
{
    for (size_t i = 0; i < count; i++) {
        const struct party *p = &parties[i];
        TRY(store_do(tx, Q_PARTY_INSERT,
                     VALUES(v_int(dossier), v_int((int64_t)i + 1), v_str(p->role), v_str(p->kind), v_str(p->name),
                            v_str(p->phone), v_str(p->email), v_str(p->address), v_str(p->basis)),
                     NULL, why));
    }
    return OK;
}

enum outcome parties_of_dossier(struct tx *tx, int64_t dossier, struct party **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_PARTY_OF_DOSSIER, VALUES(v_int(dossier)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct party, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*out)[i] = (struct party){.role = row_str(&rows.at[i], 1),
                                   .kind = row_str(&rows.at[i], 2),
                                   .name = row_str(&rows.at[i], 3),
                                   .phone = row_str(&rows.at[i], 4),
                                   .email = row_str(&rows.at[i], 5),
                                   .address = row_str(&rows.at[i], 6),
                                   .basis = row_str(&rows.at[i], 7)};
    return OK;
}

/* ---- papers ---- */

static struct str hash_bytes(const struct sha256 *hash)
{
    return str_of((const char *)hash->at, SHA256_BYTES);
}

enum outcome dossier_file_add(struct tx *tx, int64_t dossier, const struct dossier_file *f, struct fail *why)
{
    return store_do(tx, Q_DOSSIER_FILE_INSERT,
                    VALUES(v_int(dossier), v_int(f->n), v_str(f->component), v_str(f->kind),
                           v_blob(hash_bytes(&f->hash)), v_str(f->name), v_str(f->type), v_int(f->bytes),
                           v_bool(f->digitised), v_bool(f->reused), v_str(f->source), v_bool(f->is_signed),
                           v_instant(f->added_at), v_int(f->added_by)),
                    NULL, why);
}

enum outcome dossier_files(struct tx *tx, int64_t dossier, struct dossier_file **out, size_t *out_count,
                           struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_DOSSIER_FILE_OF_DOSSIER, VALUES(v_int(dossier)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct dossier_file, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        struct dossier_file *f = &(*out)[i];
        *f = (struct dossier_file){.n = row_int(r, 0),
                                   .component = row_str(r, 1),
                                   .kind = row_str(r, 2),
                                   .name = row_str(r, 4),
                                   .type = row_str(r, 5),
                                   .bytes = row_int(r, 6),
                                   .digitised = row_bool(r, 7),
                                   .reused = row_bool(r, 8),
                                   .source = row_str(r, 9),
                                   .is_signed = row_bool(r, 10),
                                   .added_at = row_instant(r, 11),
                                   .added_by = row_int(r, 12),
                                   .is_replaced = str_eq(row_str(r, 13), STR("replaced"))};
        memcpy(f->hash.at, row_str(r, 3).at, SHA256_BYTES);
    }
    return OK;
}

enum outcome dossier_file_last(struct tx *tx, int64_t dossier, int64_t *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_DOSSIER_FILE_LAST, VALUES(v_int(dossier)), &row, why));
    *out = row_int(&row, 0);
    return OK;
}

enum outcome dossier_file_undo(struct tx *tx, int64_t dossier, int64_t last, struct fail *why)
{
    return store_do(tx, Q_DOSSIER_FILE_UNDO, VALUES(v_int(dossier), v_int(last)), NULL, why);
}

enum outcome dossier_file_replace(struct tx *tx, int64_t dossier, int64_t last, struct fail *why)
{
    return store_do(tx, Q_DOSSIER_FILE_REPLACE, VALUES(v_int(dossier), v_int(last)), NULL, why);
}

/* ---- lists and uploads ---- */

enum work_stage work_stage_of(const struct dossier *d)
{
    if (d->status == STATUS_NEW) return STAGE_RECEIVE;
    return d->status == STATUS_DONE ? STAGE_RETURN : STAGE_IN_HAND;
}

enum outcome worklist_add(struct tx *tx, const struct worklist_row *r, struct fail *why)
{
    instant_t since = r->since != INSTANT_NONE ? r->since : tx_now(tx);
    return store_do(
        tx, Q_WORKLIST_INSERT,
        VALUES(v_int(r->queue), v_int(r->due), v_int(r->dossier), v_int(r->holder), v_int(r->stage), v_int(since)),
        NULL, why);
}

enum outcome worklist_remove(struct tx *tx, int64_t queue, int64_t due, int64_t dossier, instant_t *out_since,
                             struct fail *why)
{
    struct row row;
    enum outcome found =
        store_take(tx, Q_WORKLIST_DELETE, Q_WORKLIST_LOOK, VALUES(v_int(queue), v_int(due), v_int(dossier)), &row, why);
    if (found == ERR_MISSING) BUG("the worklist and its dossier disagree");
    TRY(found);
    if (out_since != NULL) *out_since = row_int(&row, 0);
    return OK;
}

enum outcome upload_save(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct upload_row *u = in;
    (void)out; /* the row is all there is */
    return store_do(tx, Q_UPLOAD_INSERT,
                    VALUES(v_int(u->account), v_blob(hash_bytes(&u->hash)), v_str(u->name), v_str(u->type),
                           v_int(u->bytes), v_instant(tx_now(tx))),
                    NULL, why);
}

enum outcome upload_find(struct tx *tx, int64_t account, struct sha256 hash, struct upload_row *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_UPLOAD_FIND, VALUES(v_int(account), v_blob(hash_bytes(&hash))), &row, why));
    *out = (struct upload_row){account, hash, row_str(&row, 0), row_str(&row, 1), row_int(&row, 2)};
    return OK;
}

void attachment_ahead(struct tx *tx, int64_t account, const struct attachment *paper)
{
    if (!paper->is_reused) store_ahead(tx, Q_UPLOAD_FIND, VALUES(v_int(account), v_blob(hash_bytes(&paper->hash))));
}

enum outcome attachment_find(struct tx *tx, int64_t account, const struct attachment *paper, struct upload_row *out,
                             struct fail *why)
{
    struct vault_item item;
    if (!paper->is_reused) return upload_find(tx, account, paper->hash, out, why);
    enum outcome found = vault_find_file(tx, account, paper->hash, &item, why);
    if (found == ERR_MISSING) return upload_find(tx, account, paper->hash, out, why); /* taken out of it since */
    TRY(found);
    const struct vault_paper *p = &item.paper;
    *out = (struct upload_row){account, p->hash, p->name, p->type, p->bytes, .is_reused = true};
    return OK;
}
