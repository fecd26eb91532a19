#include "dossier/act_input.h"

#include <stddef.h>

#include "agency/agency_calendar.h"
#include "base/parse.h"
#include "base/text.h"
#include "dossier/result_document.h"
#include "dossier/supplement.h"
#include "dossier/unit.h"
#include "people/people.h"

/* One act in the making. */
struct reading {
    const struct act_call *call;
    struct tx *tx;
    const struct dossier_view *view;
    struct act *act;
};

/* ---- one field ---- */

static struct str pointer_of(const struct reading *r, const struct action_field *f)
{
    return str_format(r->call->arena, "/%s", f->name);
}

static struct str text_at(const struct reading *r, const struct action_field *f, yyjson_val *v, struct fail *why)
{
    if (v == NULL) return STR("");
    if (yyjson_is_str(v)) return str_trim(text_clean(r->call->arena, json_text(v)));
    fail_problem(why, pointer_of(r, f), "type", N_("This must be text."));
    return STR("");
}

static struct str read_text(const struct reading *r, const struct action_field *f, struct fail *why)
{
    return text_at(r, f, json_get(r->call->body, f->name), why);
}

static enum outcome read_officer(struct reading *r, const struct action_field *f, struct fail *why)
{
    struct account account;
    struct fail missing;
    struct str login = read_text(r, f, why);
    if (login.len == 0) return OK;
    fail_init(&missing, why->arena);
    enum outcome found = account_find(r->tx, login, &account, &missing);
    if (found == ERR_MISSING) {
        fail_problem(why, pointer_of(r, f), "unknown", N_("There is no account with the login {0}."), login);
        return OK;
    }
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    r->act->input.to = account.id;
    return OK;
}

/* Empty and ERR_MISSING when there is none; the caller says so. */
static enum outcome find_agency(struct reading *r, struct str identifier, int64_t *out, struct fail *why)
{
    struct agency agency;
    struct fail missing;
    fail_init(&missing, why->arena);
    enum outcome found = agency_find(r->tx, identifier, &agency, &missing);
    if (found == ERR_MISSING || found == ERR_INVALID) return ERR_MISSING;
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    *out = agency.id;
    return OK;
}

static enum outcome read_agency(struct reading *r, const struct action_field *f, struct fail *why)
{
    struct str identifier = read_text(r, f, why);
    if (identifier.len == 0) return OK;
    enum outcome found = find_agency(r, identifier, &r->act->input.to_agency, why);
    if (found != ERR_MISSING) return found;
    fail_problem(why, pointer_of(r, f), "unknown", N_("There is no agency with the identifier {0}."), identifier);
    return OK;
}

static void read_day(struct reading *r, const struct action_field *f, struct fail *why)
{
    struct str text = read_text(r, f, why);
    if (text.len == 0 || !day_or_problem(text, pointer_of(r, f), &r->act->input.until, why)) return;
    if (r->act->input.until < day_of(clock_now()))
        fail_problem(why, pointer_of(r, f), "past", N_("This day has passed already."));
}

/* A number from programs, digits from pages. */
static void read_money(struct reading *r, const struct action_field *f, struct fail *why)
{
    yyjson_val *v = json_get(r->call->body, f->name);
    uint64_t amount = 0;
    bool is_fine = true;
    if (v == NULL) return;
    if (yyjson_is_uint(v)) {
        amount = yyjson_get_uint(v);
    } else if (yyjson_is_str(v)) {
        struct str text = str_trim(json_text(v));
        if (text.len == 0) return;
        is_fine = parse_u64(text, &amount);
    } else {
        is_fine = false;
    }
    if (!is_fine || amount == 0 || amount > (uint64_t)FEE_AMOUNT_MOST)
        fail_problem(why, pointer_of(r, f), "range", N_("An amount is a whole number above 0, written without dots."));
    else
        r->act->input.amount = (int64_t)amount;
}

/* ---- who is asked ---- */

static bool is_unit_named(const struct asked_unit *units, size_t count, const struct asked_unit *u)
{
    for (size_t i = 0; i < count; i++)
        if (units[i].agency == u->agency && units[i].account == u->account) return true;
    return false;
}

/* A login names an officer of this agency, an identifier a whole agency. */
static enum outcome find_unit(struct reading *r, struct str name, struct asked_unit *out, struct fail *why)
{
    struct account account;
    struct fail missing;
    fail_init(&missing, why->arena);
    enum outcome found = account_find(r->tx, name, &account, &missing);
    if (found == OK) {
        *out = (struct asked_unit){.agency = r->view->dossier.agency, .account = account.id};
        return OK;
    }
    if (found != ERR_MISSING) return fail_with(why, found, missing.sentence, missing.args);
    *out = (struct asked_unit){0};
    return find_agency(r, name, &out->agency, why);
}

/* "G11.68:2026-12-01": a last day of its own. */
static void take_own_day(struct reading *r, const struct action_field *f, struct str *name, day_t *out,
                         struct fail *why)
{
    struct str day;
    *out = 0;
    if (!str_cut(*name, ':', name, &day) || !day_or_problem(day, pointer_of(r, f), out, why)) return;
    if (*out < day_of(clock_now())) fail_problem(why, pointer_of(r, f), "past", N_("This day has passed already."));
}

static enum outcome add_unit(struct reading *r, const struct action_field *f, struct str name, struct asked_unit *units,
                             struct fail *why)
{
    struct act_input *in = &r->act->input;
    struct asked_unit unit;
    day_t until;
    take_own_day(r, f, &name, &until, why);
    if (name.len == 0) return OK;
    enum outcome found = find_unit(r, name, &unit, why);
    if (found == ERR_MISSING) {
        fail_problem(why, pointer_of(r, f), "unknown",
                     N_("“{0}” is neither an officer's login nor an agency's identifier."), name);
        return OK;
    }
    TRY(found);
    unit.until = until;
    if (is_unit_named(units, in->unit_count, &unit)) return OK;
    if (in->unit_count == ACT_UNITS_MOST)
        fail_problem(why, pointer_of(r, f), "too-many", N_("At most {0} can be asked at once."),
                     str_format(r->call->arena, "%d", ACT_UNITS_MOST));
    else
        units[in->unit_count++] = unit;
    return OK;
}

/* Text with commas or spaces between the names, or an array of such texts. */
static enum outcome read_units(struct reading *r, const struct action_field *f, struct fail *why)
{
    yyjson_val *v = json_get(r->call->body, f->name);
    size_t count = yyjson_is_arr(v) ? yyjson_arr_size(v) : 1;
    struct asked_unit *units = ARENA_ARRAY(r->call->arena, struct asked_unit, ACT_UNITS_MOST);
    r->act->input.units = units;
    for (size_t i = 0; i < count; i++) {
        struct str rest = text_at(r, f, yyjson_is_arr(v) ? yyjson_arr_get(v, i) : v, why), name;
        while (rest.len > 0) {
            size_t end = 0;
            while (end < rest.len && rest.at[end] != ',' && rest.at[end] != ' ' && rest.at[end] != '\n') end++;
            name = str_trim(str_part(rest, 0, end));
            rest = str_part(rest, end + (end < rest.len), rest.len);
            TRY(add_unit(r, f, name, units, why));
        }
    }
    return OK;
}

/* ---- all fields of the act's row ---- */

static void read_files(struct reading *r, struct fail *why)
{
    const struct act_call *c = r->call;
    r->act->files = form_read_files(c->arena, json_get(c->body, "files"), STR("/files"), c->who.agency != 0,
                                    &r->act->input.file_count, why);
}

static enum outcome read_field(struct reading *r, const struct action_field *f, struct fail *why)
{
    switch (f->kind) {
    case ACTION_OFFICER: return read_officer(r, f, why);
    case ACTION_AGENCY: return read_agency(r, f, why);
    case ACTION_UNITS: return read_units(r, f, why);
    case ACTION_FILES: read_files(r, why); return OK;
    case ACTION_DATE: read_day(r, f, why); return OK;
    case ACTION_MONEY: read_money(r, f, why); return OK;
    case ACTION_PARTS:
        supplement_read_items(r->call->arena, r->view, json_get(r->call->body, f->name), &r->act->input, why);
        return OK;
    case ACTION_ANSWERS:
        supplement_read_answers(r->call->arena, r->call->desk->keys, r->view, json_get(r->call->body, f->name),
                                r->act->files, &r->act->input, why);
        return OK;
    case ACTION_TEXT:
    case ACTION_OUTCOME:
    case ACTION_CHOICE:
    case ACTION_FEE:
    case ACTION_LINE: *act_text(&r->act->input, f->name) = read_text(r, f, why); return OK;
    }
    BUG("a field of a kind that nobody reads");
}

/* Papers of an issue or a correction that name neither component nor kind are the result. */
static void mark_results(struct act *act)
{
    struct attachment *files = (struct attachment *)(uintptr_t)act->files;
    bool is_result = act->action == ACTION_ISSUE || act->action == ACTION_CORRECT;
    for (size_t i = 0; i < act->input.file_count; i++)
        if (is_result && files[i].component.len == 0) files[i].kind = STR("result");
}

static bool has_result(const struct dossier_view *view, const struct act *act)
{
    for (size_t i = 0; i < act->input.file_count; i++)
        if (str_eq(act->files[i].kind, STR("result"))) return true;
    for (size_t i = 0; i < view->file_count; i++)
        if (str_eq(view->files[i].kind, STR("result"))) return true;
    return false;
}

/* A result that is issued without a document of its own gets one from the system. */
static enum outcome make_result(struct reading *r, struct fail *why)
{
    const struct dossier_view *view = r->view;
    if (r->act->action != ACTION_ISSUE || !dossier_view_can(view, ACTION_ISSUE) || has_result(view, r->act)) return OK;
    struct upload_row *made = ARENA_NEW(r->call->arena, struct upload_row);
    TRY(result_document_write(r->call->desk, r->tx, &r->call->who, view, made, why));
    made->name = str_dup(r->call->arena, made->name);
    r->act->made = made;
    return OK;
}

/* The law of the process itself says how long it takes, whatever the procedure's sheet says. */
static enum outcome take_law_term(const struct step_table *t, struct act_input *in, struct fail *why)
{
    bool is_remote = str_eq(in->area, STR("remote"));
    if (is_remote && t->term_remote.unit == TERM_NONE)
        fail_problem(why, STR("/area"), "unknown", N_("The law of this procedure knows no remote areas."));
    if (t->term.unit != TERM_NONE) in->term = is_remote ? t->term_remote : t->term;
    return fail_if_problems(why);
}

enum outcome act_check(const struct act_call *call, struct tx *tx, const struct dossier_view *view, struct act *out,
                       struct fail *why)
{
    const struct action *action = &actions[call->action];
    struct reading r = {call, tx, view, out};
    *out = (struct act){
        .action = call->action,
        .seen = arena_dup(call->arena, &view->dossier, sizeof view->dossier),
        .code = view->dossier.code,
        .version = call->version != VERSION_OF_VIEW ? call->version : view->dossier.version,
        .actor = {call->who.account, call->who.agency, call->who.role},
        .who = call->who,
        .book = view->book,
        .procedure_group = text_fold(call->arena, view->procedure->field)
    };
    for (size_t i = 0; i < action->field_count; i++) TRY(read_field(&r, &action->fields[i], why));
    if (out->input.file_count > 0)
        form_check_components(call->arena, dossier_view_form(call->arena, view, false), out->files,
                              out->input.file_count, why);
    if (call->action == ACTION_CONSULT && out->input.manner.len == 0) out->input.manner = unit_manner(&view->dossier);
    dossier_check_input(call->action, &out->input, why);
    TRY(fail_if_problems(why));
    mark_results(out);
    out->its_case = dossier_view_case(view);
    /* The term of the dossier's own case on its own channel, from the version it began with. */
    out->input.term = out->its_case != NULL ? out->its_case->term : (struct term){TERM_NONE, 0, false};
    TRY(take_law_term(view->book.table, &out->input, why));
    /* Where it goes, it is counted by the calendar that is used there. */
    if (out->input.to_agency != 0)
        TRY(agency_calendar_of(call->desk->calendars, tx, out->input.to_agency, day_of(view->now), &out->book.calendar,
                               why));
    return OK;
}

/* Answers may be what the tables waited for: the version that ruled the dossier speaks again, as of its submission. */
static enum outcome rule_again(struct reading *r, struct fail *why)
{
    const struct act_call *c = r->call;
    const struct ruling *before = r->view->aside.ruling;
    const struct legal_office office = {c->desk->calendars, r->view->book.calendar};
    const struct legal_time legal_time = legal_time_of(&office);
    struct rules_now now;
    struct ruling_facts facts;
    if (before == NULL || r->act->input.form_after.len == 0) return OK;
    TRY(rules_of_version(c->desk->tables, r->tx, c->arena, before->tables, before->hash, &now, why));
    TRY(ruling_facts_read(c->arena, before->facts, &facts, why));
    TRY(json_read(c->arena, r->act->input.form_after, &facts.answers, why));
    facts.legal_time = &legal_time;
    r->act->input.ruling_after = ruling_by(c->arena, &now, &facts);
    return OK;
}

enum outcome act_prepare(const struct act_call *call, struct tx *tx, const struct dossier_view *view, struct act *out,
                         struct fail *why)
{
    struct reading r = {call, tx, view, out};
    TRY(act_check(call, tx, view, out, why));
    TRY(rule_again(&r, why));
    return make_result(&r, why);
}

struct act_call act_call_of(struct request *rq, enum action_id action, int64_t version, yyjson_val *body)
{
    return (struct act_call){.desk = app_desk(rq->app),
                             .arena = rq->arena,
                             .who = standing_of(rq),
                             .action = action,
                             .version = version,
                             .body = body};
}

enum outcome act_run(const struct act_call *call, const struct dossier_view *view, struct act_done *out,
                     struct fail *why)
{
    struct act act;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(call->desk->store, call->arena, &tx, why));
        TRY(act_prepare(call, tx, view, &act, why));
    }
    return store_run(call->desk->store, dossier_act, &act, out, why);
}
