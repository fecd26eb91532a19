#include "dossier/dossier.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

struct dossier dossier_empty(void)
{
    return (struct dossier){
        .list_due = INSTANT_NONE,
        .submitted_at = INSTANT_NONE,
        .received_at = INSTANT_NONE,
        .due_at = INSTANT_NONE,
        .finished_at = INSTANT_NONE,
        .returned_at = INSTANT_NONE,
        .step_since = INSTANT_NONE,
        .step_due = INSTANT_NONE,
        .held_at = INSTANT_NONE,
        .held_due = INSTANT_NONE,
        .handed_over_at = INSTANT_NONE,
        .units_due = INSTANT_NONE,
    };
}

bool dossier_is_applicant(const struct dossier *d, const struct standing *who)
{
    return who->account != 0 && who->account == d->submitter;
}

static bool is_officer(const struct dossier *d, const struct standing *who)
{
    return who->agency != 0 && who->agency == d->agency;
}

bool dossier_may_see(const struct dossier *d, const struct standing *who)
{
    return dossier_is_applicant(d, who) ||
           (is_officer(d, who) && permission_is_in(who->permissions, PERMIT_DOSSIER_READ));
}

int dossier_step(const struct dossier *d, const struct step_table *t)
{
    return d->step.len == 0 ? STEP_END : process_step(t, d->step);
}

/* ---- may they? ---- */

/* Who came to the counter or wrote by post has no account here: the one-stop acts at their word (Decree 61/2018 art.
 * 5). */
static bool speaks_for_applicant(const struct dossier *d, const struct standing *who)
{
    if (str_eq(d->channel, STR("online")) || !is_officer(d, who)) return false;
    /* What an office began waits for whoever is concerned: the one who asked writes down what came. */
    return permission_is_in(who->permissions, PERMIT_DOSSIER_COUNTER) ||
           (str_eq(d->channel, STR("internal")) && permission_is_in(who->permissions, PERMIT_DOSSIER_ASK));
}

/* An officer of the agency that was asked, or the officer who was asked. */
static bool is_theirs(const struct asked_unit *u, const struct standing *who)
{
    return u->account != 0 ? u->account == who->account : who->agency != 0 && u->agency == who->agency;
}

bool dossier_is_asked(const struct dossier *d, const struct standing *who)
{
    for (size_t i = 0; i < d->unit_count; i++)
        if (d->units[i].is_open && is_theirs(&d->units[i], who)) return true;
    return false;
}

bool dossier_has_answered(const struct dossier *d, const struct standing *who)
{
    for (size_t i = 0; i < d->unit_count; i++)
        if (d->units[i].has_answered && is_theirs(&d->units[i], who)) return true;
    return false;
}

static enum outcome check_doer(const struct dossier *d, const struct action *action, const struct standing *who,
                               struct fail *why)
{
    switch (action->doer) {
    case BY_APPLICANT:
        if (dossier_is_applicant(d, who) || speaks_for_applicant(d, who)) return OK;
        return fail(why, ERR_DENIED, N_("Only the applicant may do this."));
    case BY_OFFICER:
        if (is_officer(d, who)) return OK;
        return fail(why, ERR_DENIED, N_("Only an officer of the agency that holds the dossier may do this."));
    case BY_UNIT:
        if (dossier_is_asked(d, who)) return OK;
        return fail(why, ERR_DENIED, N_("Only whoever was asked for an opinion and has not given it may do this."));
    case BY_AUTHOR: return fail(why, ERR_DENIED, N_("Only who did the last act may undo it."));
    }
    BUG("an act of nobody");
}

static enum outcome check_person(const struct dossier *d, const struct action *action, const struct standing *who,
                                 struct fail *why)
{
    TRY(check_doer(d, action, who, why));
    if (action->doer != BY_APPLICANT && !permission_is_in(who->permissions, action->permission))
        return fail(why, ERR_DENIED, N_("Your role does not include this act."));
    return OK;
}

/* A dossier given to a colleague is theirs until it is assigned again. */
static enum outcome check_holder(const struct dossier *d, enum action_id act, const struct standing *who,
                                 struct fail *why)
{
    if (d->holder == 0 || d->holder == who->account || !actions[act].is_of_holder) return OK;
    return fail(why, ERR_DENIED, N_("The dossier is assigned to another officer. Have it assigned to you first."));
}

enum outcome dossier_can(const struct dossier *d, const struct step_table *t, enum action_id act,
                         const struct standing *who, struct fail *why)
{
    const struct action *action = &actions[act];
    TRY(check_person(d, action, who, why));
    int step = dossier_step(d, t);
    if (step == STEP_END)
        return fail(why, ERR_CONFLICT, N_("The dossier is closed; nothing more can be done with it."));
    if (process_exit(t, step, str_from(action->name)) == NULL)
        return fail(why, ERR_CONFLICT, N_("The act “{0}” is not possible at the step “{1}”."), str_from(action->name),
                    t->steps[step].name);
    TRY(check_holder(d, act, who, why));
    /* Decree 61/2018 art. 17, kept by Decree 118/2025: what is missing is asked for once and in full. */
    if (act == ACTION_REQUEST_SUPPLEMENT && d->supplements > 0)
        return fail(why, ERR_CONFLICT, N_("Papers were asked for already; they may be asked for only once."));
    return OK;
}

size_t dossier_actions(const struct dossier *d, const struct step_table *t, const struct standing *who, struct arena *a,
                       enum action_id out[ACTION_COUNT])
{
    size_t count = 0;
    for (enum action_id act = 0; act < ACTION_COUNT; act++) {
        struct fail ignored;
        fail_init(&ignored, a);
        if (dossier_can(d, t, act, who, &ignored) == OK) out[count++] = act;
    }
    return count;
}

/* ---- what comes with an act ---- */

/* Texts of acts by the names of their fields. */
static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    {"note",          offsetof(struct act_input, note)         },
    {"reason",        offsetof(struct act_input, reason)       },
    {"outcome",       offsetof(struct act_input, outcome)      },
    {"manner",        offsetof(struct act_input, manner)       },
    {"currency",      offsetof(struct act_input, currency)     },
    {"fee",           offsetof(struct act_input, fee)          },
    {"payer",         offsetof(struct act_input, payer)        },
    {"receiver_name", offsetof(struct act_input, receiver_name)},
    {"tracking",      offsetof(struct act_input, tracking)     },
};

struct str *act_text(struct act_input *in, const char *name)
{
    for (size_t i = 0; i < LENGTH(texts); i++)
        if (strcmp(texts[i].name, name) == 0) return (struct str *)(void *)((char *)in + texts[i].offset);
    BUG("no act has a text named %s", name);
}

static bool is_empty(const struct action_field *f, struct act_input *in)
{
    switch (f->kind) {
    case ACTION_OFFICER: return in->to == 0;
    case ACTION_AGENCY: return in->to_agency == 0;
    case ACTION_UNITS: return in->unit_count == 0;
    case ACTION_FILES: return in->file_count == 0;
    case ACTION_DATE: return in->until == 0;
    case ACTION_MONEY: return in->amount == 0;
    case ACTION_TEXT:
    case ACTION_OUTCOME:
    case ACTION_PARTS:
    case ACTION_CHOICE:
    case ACTION_LINE: return str_trim(*act_text(in, f->name)).len == 0;
    }
    BUG("a field of no kind");
}

static void check_text(const struct action_field *f, struct str text, struct fail *why)
{
    size_t most = f->kind == ACTION_LINE ? LINE_MOST : REASON_MOST;
    if (text_length(text) > most)
        fail_problem(why, str_format(why->arena, "/%s", f->name), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%zu", most));
}

static void check_choice(const struct action_field *f, struct str *text, struct fail *why)
{
    if (text->len == 0 && !f->is_required) *text = str_from(f->options[0].value);
    if (text->len > 0 && !action_field_has_option(f, *text))
        fail_problem(why, str_format(why->arena, "/%s", f->name), "unknown", N_("“{0}” is not one of the choices."),
                     *text);
}

static void check_action_field(const struct action_field *f, struct act_input *in, struct fail *why)
{
    struct str pointer = str_format(why->arena, "/%s", f->name);
    bool is_missing = is_empty(f, in);
    if (is_missing && f->is_required) fail_problem(why, pointer, "required", N_("This has to be filled in."));
    if (f->kind == ACTION_TEXT || f->kind == ACTION_LINE) check_text(f, *act_text(in, f->name), why);
    if (f->kind == ACTION_CHOICE) check_choice(f, act_text(in, f->name), why);
    if (f->kind == ACTION_OUTCOME && !is_missing && !str_eq(in->outcome, STR("granted")) &&
        !str_eq(in->outcome, STR("refused")))
        fail_problem(why, pointer, "unknown", N_("The outcome is granted or refused."));
}

void dossier_check_input(enum action_id act, struct act_input *in, struct fail *why)
{
    for (size_t i = 0; i < actions[act].field_count; i++) check_action_field(&actions[act].fields[i], in, why);
    /* Who is refused is told why and by which rule (the notice of refusal, form 03 of the one-stop). */
    if (act == ACTION_PROPOSE && str_eq(in->outcome, STR("refused")) && str_trim(in->reason).len == 0)
        fail_problem(why, STR("/reason"), "required", N_("Say why it is refused: the applicant has a right to know."));
}

/* ---- the move ---- */

/* The clock starts when the dossier is accepted as complete; the time is printed on the receipt (Decree 309/2026). */
static enum outcome start_clock(struct dossier *d, const struct act_input *in, instant_t at, struct fail *why)
{
    struct due due;
    TRY(calendar_due(in->calendar, at, in->term, &due, why));
    d->term = in->term;
    d->due_at = due.at;
    d->is_provisional = due.is_provisional;
    d->calendar_version = sha256_format(why->arena, calendar_version(in->calendar));
    return OK;
}

/* After a supplement the time limit starts again from zero (Decree 118/2025: returned after appraisal). */
static enum outcome move_clock(struct dossier *d, enum clock_rule rule, const struct act_input *in, enum action_id act,
                               instant_t at, struct fail *why)
{
    if (act == ACTION_RECEIVE) {
        if (d->received_at == INSTANT_NONE) d->received_at = at;
        return start_clock(d, in, at, why);
    }
    if (act == ACTION_SUPPLEMENT && d->received_at != INSTANT_NONE) return start_clock(d, in, at, why);
    if (rule == CLOCK_RESTART || rule == CLOCK_NOT_STARTED) d->due_at = INSTANT_NONE;
    return OK;
}

static void mark_act(struct dossier *d, enum action_id act, const struct act_input *in)
{
    if (act == ACTION_REQUEST_SUPPLEMENT) d->supplements++;
    if (act == ACTION_PROPOSE) d->outcome = in->outcome;
    /* What was asked for has come, what is proposed has its own reason: the earlier one is no longer why. */
    if (act == ACTION_SUPPLEMENT || act == ACTION_PROPOSE) d->reason = STR("");
    if (act == ACTION_SEND_BACK) d->outcome = STR("");
    if (act == ACTION_REFUSE) d->outcome = STR("refused");
    if (in->reason.len > 0) d->reason = in->reason;
}

static void mark_status(struct dossier *d, enum status status, instant_t at)
{
    /* The end of the work: 9, else 10, else 8 or 3 (guidance of the service-quality index, Decision 766/QĐ-TTg). */
    bool is_end = status == STATUS_DONE || status_is_final(status);
    if (is_end && d->finished_at == INSTANT_NONE) d->finished_at = at;
    if (status == STATUS_RETURNED) d->returned_at = at;
    d->status = status;
}

enum outcome dossier_move(struct dossier *d, const struct step_table *t, enum action_id act, const struct act_input *in,
                          instant_t at, struct fail *why)
{
    int step = dossier_step(d, t);
    const struct step_exit *way = process_exit(t, step, str_from(actions[act].name));
    if (way == NULL) BUG("dossier_move without dossier_can");
    TRY(move_clock(d, way->clock, in, act, at, why));
    mark_act(d, act, in);
    mark_status(d, way->status, at);
    if (way->next != step) d->holder = 0; /* whoever serves the next queue */
    if (act == ACTION_ASSIGN) d->holder = in->to;
    d->step = way->next == STEP_END ? STR("") : t->steps[way->next].name;
    d->version++;
    return OK;
}

/* ---- deadlines and codes ---- */

enum { INTAKE_WORKING_HOURS = 8 };

int64_t dossier_worklist_due(const struct dossier *d, const struct calendar *calendar)
{
    if (d->status == STATUS_DONE) return d->due_at == INSTANT_NONE ? d->finished_at : d->due_at;
    if (d->due_at != INSTANT_NONE) return d->due_at;
    if (d->received_at != INSTANT_NONE) return DUE_NEVER;
    return calendar_add_working(calendar, d->submitted_at, INTAKE_WORKING_HOURS * US_PER_HOUR);
}

bool dossier_is_late(const struct dossier *d, instant_t now)
{
    if (d->due_at == INSTANT_NONE) return false;
    return (d->finished_at == INSTANT_NONE ? now : d->finished_at) > d->due_at;
}

struct str dossier_code(struct arena *a, struct str e_identifier, day_t day, int64_t number)
{
    struct civil c = day_to_civil(day);
    return str_format(a, "%.*s-%02d%02d%02d-%04lld", STR_ARG(e_identifier), c.year % 100, c.month, c.day,
                      (long long)number);
}

bool dossier_code_is_valid(struct str code)
{
    if (code.len < 5 || code.len > 64) return false;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.at[i];
        bool is_fine =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == '-';
        if (!is_fine) return false;
    }
    return true;
}
