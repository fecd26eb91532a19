/*
 * The commands of the catalogue: take a record, as a new procedure, as another version, or not at all when it is known;
 * keep a draft; record a decision.
 */
#include "base/auto.h"
#include "base/hash.h"
#include "base/text.h"
#include "catalogue/catalogue_store.h"

enum { PAYLOAD_BYTES = 16 * 1024, NAME_MOST = 600, SOURCE_BYTES = 255 };

struct str procedure_hash(struct arena *a, struct str record, const struct procedure_extra *extra)
{
    if (extra->process_steps.len == 0 && extra->result_html.len == 0) return sha256_format(a, sha256_of(record));
    const struct str parts[] = {record, STR("\n"), extra->process_steps, STR("\n"), extra->result_html};
    return sha256_format(a, sha256_of_parts(parts, LENGTH(parts)));
}

static enum outcome append(struct tx *tx, const char *act, const struct procedure_import *in, int64_t procedure,
                           int64_t number, struct fail *why)
{
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "code", in->procedure->code);
    jw_put_str(&w, "hash", in->hash);
    jw_put_str(&w, "name", text_shorten(tx_arena(tx), in->procedure->name, NAME_MOST));
    jw_put_int(&w, "number", number);
    jw_put_str(&w, "source", in->source.len <= SOURCE_BYTES ? in->source : STR_NONE);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_PROCEDURE,
                                          .subject = procedure,
                                          .version = number,
                                          .act = act,
                                          .actor = in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

/* ---- importing ---- */

/* The decision that the sheet itself names. */
static struct decision decision_of_sheet(struct arena *a, const struct procedure *p, day_t valid_from)
{
    struct decision d = {.number = p->decision_number, .decided_on = DAY_UNKNOWN, .valid_from = valid_from};
    struct fail ignored;
    fail_init(&ignored, a);
    day_t day;
    if (p->decision_date.len > 0 && day_parse(p->decision_date, &day, &ignored) == OK) d.decided_on = day;
    return d;
}

/* Before there was a version, its first day is before our records; a change counts from today. */
static enum outcome take(struct tx *tx, const struct procedure_import *in, int64_t procedure, int64_t last,
                         struct procedure_imported *out, struct fail *why)
{
    out->id = procedure;
    out->number = last + 1;
    TRY(procedure_version_add(tx, procedure, out->number, in, &out->version, why));
    TRY(append(tx, "procedure.import", in, procedure, out->number, why));
    if (out->result == PROCEDURE_DRAFTED) return OK;
    struct decision d = decision_of_sheet(tx_arena(tx), in->procedure, last == 0 ? DAY_UNKNOWN : day_of(tx_now(tx)));
    const struct publication_new taken = {procedure, PUBLICATION_IMPORT, out->version, &d, in->actor};
    return publication_add(tx, &taken, NULL, why);
}

enum outcome procedure_import(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct procedure_import *i = in;
    struct procedure_imported done = {.result = PROCEDURE_CHANGED};
    struct procedure_ref known;
    int64_t procedure, last = 0;
    enum outcome found = procedure_known(tx, i->procedure->code, &procedure, &last, why);
    if (found != OK && found != ERR_MISSING) return found;
    if (found == ERR_MISSING) {
        TRY(procedure_insert(tx, i->procedure->code, &procedure, why));
        done.result = PROCEDURE_ADDED;
        last = 0;
    }
    struct fail not_there;
    fail_init(&not_there, tx_arena(tx));
    found = last == 0 ? ERR_MISSING : catalogue_find(tx, i->procedure->code, &known, &not_there);
    if (found != OK && found != ERR_MISSING) return fail_with(why, found, not_there.sentence, not_there.args);
    if (found == OK && str_eq(known.hash, i->hash))
        done = (struct procedure_imported){PROCEDURE_UNCHANGED, known.id, known.version, known.version_number};
    else {
        if (found == OK && known.force == PROCEDURE_WITHDRAWN) done.result = PROCEDURE_DRAFTED;
        TRY(take(tx, i, procedure, last, &done, why));
    }
    *(struct procedure_imported *)out = done;
    return OK;
}

/* ---- drafts ---- */

enum outcome procedure_draft(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct draft_version *in = input;
    int64_t procedure, last, version;
    struct procedure_version newest;
    enum outcome found = procedure_known(tx, in->procedure->code, &procedure, &last, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), in->procedure->code);
    TRY(found);
    struct procedure_import as_import = {in->actor, in->procedure, in->record, in->hash, in->source, {0}};
    TRY(catalogue_version_numbered(tx, in->procedure->code, last, &newest, why));
    struct str newest_record;
    TRY(procedure_version_load(tx, newest.id, &newest_record, why));
    if (str_eq(newest_record, in->record))
        return fail(why, ERR_CONFLICT, N_("The newest version says the same already: there is nothing to change."));
    /* Steps and templates come from folders; a draft made of fields keeps those of the version before. */
    as_import.extra.process_version = newest.process_version;
    TRY(catalogue_template(tx, newest.id, STR("result.html"), &as_import.extra.result_html, why));
    TRY(procedure_version_add(tx, procedure, last + 1, &as_import, &version, why));
    TRY(append(tx, "procedure.draft", &as_import, procedure, last + 1, why));
    *(int64_t *)output = last + 1;
    return OK;
}

/* ---- deciding ---- */

static enum outcome append_decision(struct tx *tx, const struct publish *in, int64_t procedure, int64_t number,
                                    struct fail *why)
{
    const struct decision *d = &in->decision;
    struct arena *a = tx_arena(tx);
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "authority", d->authority);
    jw_put_str(&w, "code", in->code);
    jw_put_str(&w, "date", day_format(a, d->decided_on));
    jw_put_str_or_null(&w, "file", d->file_name.len > 0 ? sha256_format(a, d->file) : STR_NONE);
    jw_put_str(&w, "from", day_format(a, d->valid_from));
    jw_put_bool(&w, "late", d->is_late);
    jw_put_str(&w, "level", d->level);
    jw_put_str(&w, "note", d->note);
    jw_put_str(&w, "number", d->number);
    if (in->number != 0) jw_put_int(&w, "version", in->number);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_PROCEDURE,
                                          .subject = procedure,
                                          .version = number,
                                          .act = in->number != 0 ? "procedure.publish" : "procedure.withdraw",
                                          .actor = in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

/* A procedure ends once; one that nobody could submit has nothing to end. */
static enum outcome check_withdrawal(struct tx *tx, const struct publish *in, struct fail *why)
{
    struct publication_row *rows;
    size_t count;
    TRY(catalogue_publications(tx, in->code, &rows, &count, why));
    const struct publication_row *then = publication_at(rows, count, in->decision.valid_from);
    if (then == NULL || then->act == PUBLICATION_WITHDRAW)
        return fail(why, ERR_CONFLICT, N_("On that day no version of the procedure {0} is in force to be withdrawn."),
                    in->code);
    return OK;
}

enum outcome procedure_publish(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct publish *in = input;
    struct procedure_version version = {0};
    int64_t procedure, last;
    enum outcome found = procedure_known(tx, in->code, &procedure, &last, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), in->code);
    TRY(found);
    if (in->number != 0)
        TRY(catalogue_version_numbered(tx, in->code, in->number, &version, why));
    else
        TRY(check_withdrawal(tx, in, why));
    enum publication_act act = in->number != 0 ? PUBLICATION_PUBLISH : PUBLICATION_WITHDRAW;
    const struct publication_new decided = {procedure, act, version.id, &in->decision, in->actor};
    TRY(publication_add(tx, &decided, output, why));
    return append_decision(tx, in, procedure, in->number != 0 ? in->number : last, why);
}
