#include "dossier/dossier.h"

#include "dossier/dossier_clock.h"
#include "dossier/dossier_undo.h"

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

const struct rule_set *dossier_rules(const struct dossier *d)
{
    instant_t at = d->received_at != INSTANT_NONE ? d->received_at : d->submitted_at;
    return rule_set_of(d->rule_set, day_of(at));
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
    case BY_AUTHOR: return OK; /* check_undo */
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

/* Law on Denunciations 25/2018/QH14 art. 31: who settles it verifies or charges somebody with it, and nobody else looks
 * into it; art. 56: so few know whose it is. */
static enum outcome check_charge(const struct dossier *d, const struct step_table *t, enum action_id act,
                                 const struct standing *who, struct fail *why)
{
    int step = dossier_step(d, t);
    struct str role = step != STEP_END ? t->steps[step].role : STR("");
    bool is_leader = permission_is_in(who->permissions, PERMIT_DOSSIER_APPROVE);
    if (!d->is_protected || act == ACTION_NOTE_CONTACT) return OK;
    if (act == ACTION_ASSIGN && !is_leader && !str_eq(role, STR("receiver")))
        return fail(why, ERR_DENIED, N_("Only the leader charges an officer with the verification of a denunciation."));
    bool is_work = str_eq(role, STR("specialist")) && actions[act].doer == BY_OFFICER;
    if (is_work && !is_leader && d->holder != who->account)
        return fail(why, ERR_DENIED, N_("Only the officer whom the leader charged with it works on a denunciation."));
    return OK;
}

static struct str title_of(enum action_id act, const struct standing *who)
{
    return translate(who->language, actions[act].title);
}

/* Does the step, or the end, know the act? out_way NULL: it is over, or the act needs no place. */
static enum outcome check_place(const struct dossier *d, const struct rulebook *b, enum action_id act,
                                const struct standing *who, const struct step_exit **out_way, struct fail *why)
{
    struct str name = str_from(actions[act].name);
    int step = dossier_step(d, b->table);
    *out_way = process_exit(b->table, step, name);
    if (*out_way != NULL || actions[act].doer == BY_AUTHOR) return OK;
    if (step != STEP_END) {
        const struct step *s = &b->table->steps[step];
        return fail(why, ERR_CONFLICT, N_("“{0}” is not possible at the step “{1}”."), title_of(act, who),
                    who->language == ENGLISH ? s->title_en : s->title_vi);
    }
    if (process_allows_after(b->table, d->status, name)) return OK;
    return fail(why, ERR_CONFLICT, N_("The dossier is closed: “{0}” is not possible any more."), title_of(act, who));
}

/* ---- what the law says of single acts ---- */

static enum outcome check_supplement(const struct dossier *d, const struct rulebook *b, const struct standing *who,
                                     struct fail *why)
{
    (void)b, (void)who; /* asked once is asked once, for everybody */
    /* Decree 61/2018 art. 17, kept by Decree 118/2025: what is missing is asked for once and in full. */
    if (d->supplements < dossier_rules(d)->supplements_most) return OK;
    return fail(why, ERR_CONFLICT, N_("Papers were asked for already; they may be asked for only once."));
}

static enum outcome check_extension(const struct dossier *d, const struct rulebook *b, const struct standing *who,
                                    struct fail *why)
{
    const struct step_exit *way = process_exit(b->table, dossier_step(d, b->table), str_from("extend"));
    int64_t most = way != NULL && way->times > 0 ? way->times : dossier_rules(d)->extensions_most;
    instant_t last = clock_extension_last(d);
    if (last == INSTANT_NONE)
        return fail(why, ERR_CONFLICT, N_("No time limit is running, so there is nothing to extend."));
    /* Decree 61/2018 art. 19, kept by Decree 118/2025: once, and said at the latest one day before it ends. */
    if (d->extensions >= most && most > 1)
        return fail(why, ERR_CONFLICT, N_("The time limit was extended as often as the law allows."));
    if (d->extensions >= most)
        return fail(why, ERR_CONFLICT, N_("The time limit was extended already; it may be extended only once."));
    if (who->now > last)
        return fail(why, ERR_CONFLICT, N_("The time limit could be extended until {0} at the latest."),
                    day_for_people(why->arena, day_of(last)));
    return OK;
}

static enum outcome check_hand_over(const struct dossier *d, const struct rulebook *b, const struct standing *who,
                                    struct fail *why)
{
    (void)b, (void)who; /* whoever carries them */
    if (d->handed_over_at == INSTANT_NONE) return OK;
    return fail(why, ERR_CONFLICT, N_("The papers are with the unit already, since {0}."),
                instant_for_people(why->arena, d->handed_over_at));
}

/* Whoever was asked has until the deadline they were given; then it goes on without them. */
static enum outcome check_proposal(const struct dossier *d, const struct rulebook *b, const struct standing *who,
                                   struct fail *why)
{
    (void)b; /* the dossier says it all */
    if (d->units_due == INSTANT_NONE || who->now > d->units_due) return OK;
    return fail(why, ERR_CONFLICT, N_("Not everybody who was asked has answered yet; they have until {0}."),
                instant_for_people(why->arena, d->units_due));
}

static enum outcome check_undo(const struct dossier *d, const struct rulebook *b, const struct standing *who,
                               struct fail *why)
{
    return dossier_can_undo(d, b->undo_us, who, why);
}

typedef enum outcome check_fn(const struct dossier *d, const struct rulebook *b, const struct standing *who,
                              struct fail *why);
static check_fn *const checks[ACTION_COUNT] = {
    [ACTION_REQUEST_SUPPLEMENT] = check_supplement,
    [ACTION_PROPOSE] = check_proposal,
    [ACTION_HAND_OVER] = check_hand_over,
    [ACTION_EXTEND] = check_extension,
    [ACTION_UNDO] = check_undo,
};

/* Some acts are possible only for a while after receipt. */
static enum outcome check_time(const struct dossier *d, const struct rulebook *b, enum action_id act,
                               const struct step_exit *way, const struct standing *who, struct fail *why)
{
    struct term limit;
    instant_t last;
    if (way == NULL) return OK;
    TRY(clock_act_last(d, b->calendar, act, way, &limit, &last, why));
    if (last == INSTANT_NONE || who->now <= last) return OK;
    return fail(why, ERR_CONFLICT, N_("“{0}” is possible only within {1} of receipt, which ended at {2}."),
                title_of(act, who), term_for_people(why->arena, who->language, limit),
                instant_for_people(why->arena, last));
}

enum outcome dossier_can(const struct dossier *d, const struct rulebook *b, enum action_id act,
                         const struct standing *who, struct fail *why)
{
    const struct step_exit *way;
    TRY(check_person(d, &actions[act], who, why));
    TRY(check_place(d, b, act, who, &way, why));
    TRY(check_holder(d, act, who, why));
    TRY(check_charge(d, b->table, act, who, why));
    TRY(check_time(d, b, act, way, who, why));
    return checks[act] == NULL ? OK : checks[act](d, b, who, why);
}

size_t dossier_actions(const struct dossier *d, const struct rulebook *b, const struct standing *who, struct arena *a,
                       enum action_id out[ACTION_COUNT])
{
    size_t count = 0;
    for (enum action_id act = 0; act < ACTION_COUNT; act++) {
        struct fail ignored;
        fail_init(&ignored, a);
        if (dossier_can(d, b, act, who, &ignored) == OK) out[count++] = act;
    }
    return count;
}

/* ---- the move ---- */

/* Reasons that say why the dossier is where it is. Those of other acts stand in the journal alone. */
static bool is_reason_kept(enum action_id act)
{
    return act == ACTION_REFUSE || act == ACTION_REQUEST_SUPPLEMENT || act == ACTION_PROPOSE ||
           act == ACTION_SEND_BACK || act == ACTION_STOP || act == ACTION_WITHDRAW || act == ACTION_REQUEST_PAYMENT;
}

static void mark_act(struct dossier *d, enum action_id act, const struct act_input *in, instant_t at)
{
    if (act == ACTION_REQUEST_SUPPLEMENT) d->supplements++;
    if (act == ACTION_PROPOSE) d->outcome = in->outcome;
    /* What was asked for has come, what is proposed has its own reason: the earlier one is no longer why. */
    if (act == ACTION_SUPPLEMENT || act == ACTION_PROPOSE) d->reason = STR("");
    if (act == ACTION_RECORD_PAYMENT && d->status == STATUS_PAYMENT) d->reason = STR("");
    if (act == ACTION_SEND_BACK || act == ACTION_TRANSFER) d->outcome = STR(""); /* proposed anew */
    if (act == ACTION_REFUSE) d->outcome = STR("refused");
    if (in->reason.len > 0 && is_reason_kept(act)) d->reason = in->reason;
    if (act == ACTION_HAND_OVER || (act == ACTION_RECEIVE && str_eq(d->channel, STR("online")))) d->handed_over_at = at;
    if (act == ACTION_RETURN && in->manner.len > 0) d->return_manner = in->manner; /* else as the applicant wished */
    if (act == ACTION_CORRECT) d->corrections++;
    if (act == ACTION_TRANSFER) d->agency = in->to_agency;
}

static void mark_status(struct dossier *d, enum status status, instant_t at)
{
    /* The end of the work: 9, else 10, else 8 or 3 (guidance of the service-quality index, Decision 766/QĐ-TTg). */
    bool is_end = status == STATUS_DONE || status_is_final(status);
    if (is_end && d->finished_at == INSTANT_NONE) d->finished_at = at;
    if (status == STATUS_RETURNED) d->returned_at = at;
    d->status = status;
}

/* To another step, to the end, or to another agency. */
static void leave(struct dossier *d, instant_t at)
{
    d->holder = 0; /* whoever serves the next queue */
    d->step_since = at;
    /* Work has begun or gone elsewhere: whoever has the dossier has its papers. */
    if (d->received_at != INSTANT_NONE && d->received_at != at && d->handed_over_at == INSTANT_NONE)
        d->handed_over_at = at;
}

enum outcome dossier_move(struct dossier *d, const struct rulebook *b, enum action_id act, const struct act_input *in,
                          instant_t at, struct fail *why)
{
    int step = dossier_step(d, b->table);
    const struct step_exit *way = process_exit(b->table, step, str_from(actions[act].name));
    if (way == NULL && step != STEP_END) BUG("dossier_move without dossier_can");
    int next = way != NULL ? way->next : STEP_END;
    bool leaves = next != step || act == ACTION_TRANSFER;
    if (act == ACTION_EXTEND && way != NULL) TRY(clock_check_extension(d, b->calendar, b->table, way, in->until, why));
    TRY(clock_act(d, b->calendar, act, in, at, why));
    if (next != step) TRY(clock_enter(d, b->calendar, way->clock, at, why));
    mark_act(d, act, in, at);
    if (way != NULL) mark_status(d, way->status, at);
    if (leaves) leave(d, at);
    if (act == ACTION_ASSIGN) d->holder = in->to;
    d->step = next == STEP_END ? STR("") : b->table->steps[next].name;
    if (leaves || act == ACTION_HAND_OVER)
        TRY(clock_step(d, b->calendar, next == STEP_END ? NULL : &b->table->steps[next], act, in, why));
    d->version++;
    return OK;
}

/* ---- deadlines and codes ---- */

int64_t dossier_worklist_due(const struct dossier *d, const struct calendar *calendar)
{
    if (d->status == STATUS_DONE) return d->due_at == INSTANT_NONE ? d->finished_at : d->due_at;
    if (d->due_at != INSTANT_NONE) return d->due_at;
    if (d->received_at != INSTANT_NONE) return DUE_NEVER;
    if (d->step_due != INSTANT_NONE) return d->step_due; /* its own law says how long the check may take */
    /* Decree 45/2020 art. 14: checked within 8 working hours of its coming. */
    instant_t since = d->step_since != INSTANT_NONE ? d->step_since : d->submitted_at;
    return calendar_add_working(calendar, since, dossier_rules(d)->intake_check.hundredths * US_PER_HOUR / 100);
}

bool dossier_is_late(const struct dossier *d, instant_t now)
{
    if (d->due_at == INSTANT_NONE) return false;
    return (d->finished_at == INSTANT_NONE ? now : d->finished_at) > d->due_at;
}

struct str dossier_code(struct arena *a, const struct rule_set *rules, struct str e_identifier, day_t day,
                        int64_t number)
{
    struct civil c = day_to_civil(day);
    int year = rules->code_has_century ? c.year : c.year % 100;
    return str_format(a, "%.*s-%02d%02d%02d-%0*lld", STR_ARG(e_identifier), year, c.month, c.day, rules->code_width,
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
