#include "dossier/dossier_clock.h"

/* ---- the time limit ---- */

/* The clock starts when the dossier is accepted as complete; the time is printed on the receipt (Decree 309/2026; in
 * force 2026-08-05). */
static enum outcome start(struct dossier *d, const struct calendar *c, struct term term, instant_t at, struct fail *why)
{
    struct due due;
    TRY(calendar_due(c, at, term, &due, why));
    d->term = term;
    d->due_at = due.at;
    d->held_at = d->held_due = INSTANT_NONE;
    d->is_provisional = due.is_provisional;
    d->calendar_version = sha256_format(why->arena, calendar_version(c));
    return OK;
}

/* Decree 61/2018 art. 19, kept by Decree 118/2025: the day of return is put off once, to a day that is said; the result
 * is due when the office closes on that day. */
static enum outcome extend(struct dossier *d, const struct calendar *c, day_t until, struct fail *why)
{
    day_t day = calendar_working_day_from(c, until);
    instant_t due = calendar_day_close(c, day);
    if (due <= d->due_at)
        fail_problem(why, STR("/until"), "early", N_("The new day is later than the present one, {0}."),
                     instant_for_people(why->arena, d->due_at));
    TRY(fail_if_problems(why));
    d->extensions++;
    d->due_at = due;
    d->is_provisional = calendar_is_provisional(c, day_to_civil(day).year);
    d->calendar_version = sha256_format(why->arena, calendar_version(c));
    return OK;
}

enum outcome clock_act(struct dossier *d, const struct calendar *c, enum action_id act, const struct act_input *in,
                       instant_t at, struct fail *why)
{
    switch (act) {
    case ACTION_RECEIVE:
        if (d->received_at == INSTANT_NONE) d->received_at = at;
        d->rule_set = rule_set_at(day_of(d->received_at))->name;
        return start(d, c, in->term, at, why);
    case ACTION_SUPPLEMENT:
        /* Returned after appraisal, it starts again from zero with the complete dossier (Decree 118/2025). */
        if (d->received_at == INSTANT_NONE || d->held_at != INSTANT_NONE) return OK; /* what remained runs on */
        return start(d, c, in->term, at, why);
    case ACTION_EXTEND: return extend(d, c, in->until, why);
    default: return OK;
    }
}

/* While the applicant pays the clock stands; what remained then remains afterwards. */
static void hold(struct dossier *d, instant_t at)
{
    if (d->held_at != INSTANT_NONE) return;
    d->held_at = at;
    d->held_due = d->due_at;
    d->due_at = INSTANT_NONE;
}

static enum outcome resume(struct dossier *d, const struct calendar *c, instant_t at, struct fail *why)
{
    struct due due = {INSTANT_NONE, false};
    if (d->held_at == INSTANT_NONE) return OK;
    if (d->held_due != INSTANT_NONE) {
        TRY(calendar_resume(c, d->term, d->held_due, d->held_at, at, &due, why));
        d->due_at = due.at;
        d->is_provisional |= due.is_provisional; /* once it leaned on a year not announced, it still does */
        d->calendar_version = sha256_format(why->arena, calendar_version(c));
    }
    d->held_at = d->held_due = INSTANT_NONE;
    return OK;
}

enum outcome clock_enter(struct dossier *d, const struct calendar *c, enum clock_rule rule, instant_t at,
                         struct fail *why)
{
    if (rule == CLOCK_HOLD) {
        hold(d, at);
        return OK;
    }
    if (rule == CLOCK_RUNS) return resume(d, c, at, why);
    d->due_at = d->held_at = d->held_due = INSTANT_NONE; /* not-started, restart: begins with receipt or papers */
    return OK;
}

/* ---- how far an extension goes where the process has its own law ---- */

/* The day on which an extension ends must not lie behind a term counted from a moment. */
static enum outcome check_reach(const struct calendar *c, instant_t from, struct term term, day_t until,
                                struct fail *why)
{
    struct due most;
    if (term.unit == TERM_NONE || from == INSTANT_NONE) return OK;
    TRY(calendar_due(c, from, term, &most, why));
    if (until > day_of(most.at))
        fail_problem(why, STR("/until"), "late", N_("The law allows an extension until {0} at the latest."),
                     day_for_people(why->arena, day_of(most.at)));
    return OK;
}

enum outcome clock_check_extension(const struct dossier *d, const struct calendar *c, const struct step_table *t,
                                   const struct step_exit *way, day_t until, struct fail *why)
{
    bool is_remote = t->term_remote.unit != TERM_NONE && term_eq(d->term, t->term_remote);
    TRY(check_reach(c, d->received_at, is_remote ? way->until_remote : way->until, until, why));
    TRY(check_reach(c, d->due_at, way->by, until, why));
    return fail_if_problems(why);
}

/* ---- the step itself ---- */

static instant_t earlier(instant_t a, instant_t b)
{
    if (a == INSTANT_NONE || b == INSTANT_NONE) return a == INSTANT_NONE ? b : a;
    return a < b ? a : b;
}

/* Papers received at this moment are with the unit by then. */
static instant_t clock_hand_over_due(const struct rule_set *rules, const struct calendar *c, instant_t received_at)
{
    /* Decree 61/2018 art. 18, kept by Decree 118/2025: on the working day of receipt; received after 15:00 (or when the
     * office is closed already), at the beginning of the next one. */
    day_t day = day_of(received_at);
    instant_t close = calendar_day_close(c, day);
    if (close != INSTANT_NONE && received_at < close && us_of_day(received_at) <= rules->hand_over_cutoff_us)
        return close;
    day = calendar_working_day_from(c, day + 1);
    return earlier(day_start(day) + rules->hand_over_next_by_us, calendar_day_close(c, day));
}

/* Who files online hands over with receipt itself; papers are carried. */
static bool is_on_paper(const struct dossier *d)
{
    return !str_eq(d->channel, STR("online"));
}

enum outcome clock_step(struct dossier *d, const struct calendar *c, const struct step *step, enum action_id act,
                        const struct act_input *in, struct fail *why)
{
    struct due within = {INSTANT_NONE, false};
    if (step != NULL && step->within.unit != TERM_NONE) TRY(calendar_due(c, d->step_since, step->within, &within, why));
    d->step_due = within.at;
    if (act == ACTION_RECEIVE && is_on_paper(d))
        d->step_due = earlier(within.at, clock_hand_over_due(dossier_rules(d), c, d->received_at));
    if (act == ACTION_REQUEST_SUPPLEMENT && in->until != 0)
        d->step_due = calendar_day_close(c, calendar_working_day_from(c, in->until));
    return OK;
}

/* ---- until when ---- */

instant_t clock_extension_last(const struct dossier *d)
{
    /* At the latest so many days before the time limit ends (Decree 61/2018 art. 19): the whole of that day. */
    if (d->due_at == INSTANT_NONE) return INSTANT_NONE;
    return day_start(day_of(d->due_at) - (day_t)dossier_rules(d)->extension_notice_days + 1) - 1;
}

enum outcome clock_act_last(const struct dossier *d, const struct calendar *c, enum action_id act,
                            const struct step_exit *way, struct term *out_limit, instant_t *out, struct fail *why)
{
    struct due due = {INSTANT_NONE, false};
    *out_limit = way->within;
    /* Decree 61/2018 art. 19, kept by Decree 118/2025: returned after appraisal within 3 working days of receipt unless
     * a sector law says otherwise, which the procedure's own steps then say. */
    if (act == ACTION_REQUEST_SUPPLEMENT && way->within.unit == TERM_NONE)
        *out_limit = dossier_rules(d)->appraisal_return;
    if (d->received_at != INSTANT_NONE && out_limit->unit != TERM_NONE)
        TRY(calendar_due(c, d->received_at, *out_limit, &due, why));
    *out = due.at;
    return OK;
}
