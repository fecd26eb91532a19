#include "admin/procedure_change.h"

#include "calendar/calendars.h"
#include "dossier/desk.h"
#include "http/once.h"
#include "people/people.h"

/* What is no day is told once: as that, and not as a day that is missing, too. */
static day_t read_day(struct str text, const char *pointer, struct fail *why)
{
    day_t day = DAY_UNKNOWN;
    if (text.len > 0) (void)day_or_problem(text, str_from(pointer), &day, why);
    return day;
}

enum outcome procedure_decide(struct request *rq, struct str code, int64_t number, const struct decision_text *text,
                              struct decided *out, struct fail *why)
{
    struct publish in = {.actor = people_actor(rq), .code = code, .number = number};
    struct decision *d = &in.decision;
    *d = (struct decision){.number = text->number,
                           .authority = text->authority,
                           .level = text->level,
                           .note = text->note,
                           .file = text->file,
                           .file_name = text->file_name,
                           .file_type = text->file_type};
    d->decided_on = read_day(text->date, "/date", why);
    d->valid_from = read_day(text->from, "/from", why);
    decision_check(d, calendars_standard(app_desk(rq->app)->calendars), day_of(clock_now()), why);
    TRY(fail_if_problems(why));
    int64_t n;
    TRY(request_once(rq, app_store(rq->app), procedure_publish, &in, &n, why));
    *out = (struct decided){n, d->is_late};
    return OK;
}

enum outcome procedure_keep_draft(struct request *rq, struct str code, yyjson_val *root, struct str source,
                                  int64_t *out_number, struct fail *why)
{
    struct procedure *p;
    TRY(procedure_read_value(rq->arena, root, &p, why));
    if (!str_eq(p->code, code)) {
        fail_problem(why, STR("#/code"), "other", N_("This is a record of {0}, not of {1}."), p->code, code);
        return fail_if_problems(why);
    }
    struct draft_version in = {
        .actor = people_actor(rq), .procedure = p, .record = procedure_record(rq->arena, p), .source = source};
    in.hash = procedure_hash(rq->arena, in.record, &(struct procedure_extra){0});
    return request_once(rq, app_store(rq->app), procedure_draft, &in, out_number, why);
}

enum outcome version_pair_load(struct request *rq, struct tx *tx, struct str code, int64_t before, int64_t after,
                               struct version_pair *out, struct fail *why)
{
    struct catalogue *c = app_catalogue(rq->app);
    TRY(catalogue_version_numbered(tx, code, before, &out->before_version, why));
    TRY(catalogue_version_numbered(tx, code, after, &out->after_version, why));
    TRY(catalogue_version(c, tx, out->before_version.id, &out->before, why));
    return catalogue_version(c, tx, out->after_version.id, &out->after, why);
}
