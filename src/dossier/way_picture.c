#include "dossier/way_picture.h"

#include "agency/role.h"
#include "base/list.h"
#include "dossier/due_mark.h"
#include "dossier/submission_input.h"
#include "dossier/view_text.h"

struct picture {
    struct arena *arena;
    enum language language;
    const struct step_table *table;
    const struct dossier_view *view; /* NULL: of the process itself */
    const struct trail *trail;
    bool is_whole;
    struct way way;
    LIST(struct flow_stop) stops;
};

static struct str say(const struct picture *p, const char *message)
{
    return translate(p->language, message);
}

static struct str role_name(const struct picture *p, const struct step *step)
{
    bool is_of_applicant = str_eq(step->role, STR("applicant"));
    if (is_of_applicant && p->view != NULL && p->view->is_applicant && !p->view->is_stranger) return say(p, N_("You"));
    if (is_of_applicant) return say(p, N_("The applicant"));
    const struct role *role = role_find(step->role);
    return role != NULL ? say(p, role->title) : step->role;
}

static bool has_good_end(const struct picture *p)
{
    return p->view->step == STEP_END && p->view->dossier.status == STATUS_RETURNED;
}

static enum flow_state state_of(const struct picture *p, int step)
{
    if (p->view == NULL) return FLOW_PLAIN;
    if (p->trail->now == step) return FLOW_NOW;
    if (p->trail->now == STEP_END && p->trail->last == step && !has_good_end(p)) return FLOW_STOPPED;
    return p->trail->marks[step].was_there ? FLOW_DONE : FLOW_TO_COME;
}

static struct str state_words(const struct picture *p, enum flow_state state, bool is_aside)
{
    switch (state) {
    case FLOW_DONE: return say(p, N_("Done"));
    case FLOW_NOW: return say(p, N_("It is here now"));
    case FLOW_STOPPED: return say(p, N_("Stopped here"));
    case FLOW_TO_COME: return say(p, is_aside ? N_("Not needed so far") : N_("To come"));
    default: return STR_NONE;
    }
}

/* When the step was done, for officers; until when it is due; how it ended. */
static struct str note_of(const struct picture *p, int step, enum flow_state state)
{
    const struct dossier_view *v = p->view;
    if (v == NULL) return STR_NONE;
    if (state == FLOW_STOPPED) return say(p, status_message(v->dossier.status));
    if (state == FLOW_DONE && !v->is_applicant && p->trail->marks[step].left_at != INSTANT_NONE)
        return instant_for_people(p->arena, p->trail->marks[step].left_at);
    if (state != FLOW_NOW || v->dossier.due_at == INSTANT_NONE) return STR_NONE;
    return due_mark_of(p->arena, p->language, v->book.calendar, &v->dossier, v->dossier.due_at, v->now).words;
}

static void add_stop(struct picture *p, const struct way_stop *at)
{
    const struct step *step = &p->table->steps[at->step];
    struct flow_stop *s = &LIST_PUSH(p->arena, p->stops);
    s->state = state_of(p, at->step);
    s->title = step_title(p->language, step);
    s->detail = role_name(p, step);
    s->note = note_of(p, at->step, s->state);
    s->state_text = state_words(p, s->state, at->is_aside);
    s->is_aside = at->is_aside;
    s->is_wait = at->is_aside && str_eq(step->role, STR("applicant"));
    s->back = at->back;
    s->sent_back = p->is_whole ? at->sent_back : -1;
}

static void add_end(struct picture *p)
{
    struct flow_stop *s = &LIST_PUSH(p->arena, p->stops);
    s->title = say(p, N_("The matter is finished"));
    s->is_end = true;
    s->back = s->sent_back = -1;
    s->state = p->view == NULL ? FLOW_PLAIN : has_good_end(p) ? FLOW_DONE : FLOW_TO_COME;
    s->state_text = state_words(p, s->state, false);
    if (s->state == FLOW_DONE && p->view->dossier.returned_at != INSTANT_NONE)
        s->note = instant_for_people(p->arena, p->view->dossier.returned_at);
}

static struct str summary_of(const struct picture *p)
{
    size_t main = 0, here = 0;
    struct str title = STR_NONE;
    for (size_t i = 0; i < p->stops.count; i++) {
        const struct flow_stop *s = &p->stops.at[i];
        if (!s->is_aside && !s->is_end) main++;
        if (s->state != FLOW_NOW && s->state != FLOW_STOPPED) continue;
        here = main;
        title = s->title;
    }
    struct str all = str_format(p->arena, "%zu", main), at = str_format(p->arena, "%zu", here);
    if (p->view == NULL || title.len == 0)
        return fail_fill(
            p->arena, say(p, p->view == NULL ? N_("{0} steps, one after the other.") : N_("All {0} steps are done.")),
            (const struct str[FAIL_ARGS]){all});
    return fail_fill(p->arena, say(p, N_("Step {0} of {1}: {2}.")), (const struct str[FAIL_ARGS]){at, all, title});
}

static struct flow finish(struct picture *p)
{
    p->way = process_way(p->arena, p->table);
    for (size_t i = 0; i < p->way.stop_count; i++) add_stop(p, &p->way.stops[i]);
    add_end(p);
    struct str title = p->language == ENGLISH ? p->table->title_en : p->table->title_vi;
    return flow_of(p->arena, STR("duong-di"), title, summary_of(p), p->stops.at, p->stops.count);
}

struct flow way_picture(struct arena *a, enum language l, const struct step_table *t, bool is_whole)
{
    struct picture p = {.arena = a, .language = l, .table = t, .is_whole = is_whole};
    return finish(&p);
}

enum outcome procedure_picture(struct request *rq, struct tx *tx, const struct procedure *p, int64_t process_version,
                               bool is_whole, struct flow *out, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    const struct step_table *table;
    int64_t id = process_version != 0 ? process_version : submission_process(desk, rq->arena, p);
    TRY(process_get(desk->processes, tx, id, &table, why));
    *out = way_picture(rq->arena, rq->language, table, is_whole);
    return OK;
}

/* ---- of one dossier ---- */

static enum outcome follow(struct tx *tx, const struct dossier_view *v, const struct journal_entry *e, struct trail *t,
                           struct fail *why)
{
    yyjson_val *payload;
    if (!str_eq(e->act, str_from(actions[ACTION_UNDO].name))) {
        trail_act(t, v->table, e->act, e->at);
        return OK;
    }
    TRY(json_read(tx_arena(tx), e->payload.len > 0 ? e->payload : STR("{}"), &payload, why));
    trail_undo(t, json_str(payload, "undone"));
    return OK;
}

/* The steps that the dossier has gone through: one read of its journal. */
static enum outcome load_trail(struct tx *tx, const struct dossier_view *v, struct trail *out, struct fail *why)
{
    struct journal_entry *entries;
    size_t count;
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, v->dossier.id, &entries, &count, why));
    trail_begin(out);
    for (size_t i = 0; i < count; i++) TRY(follow(tx, v, &entries[i], out, why));
    trail_settle(out, v->step);
    return OK;
}

enum outcome dossier_picture(struct request *rq, struct tx *tx, const struct dossier_view *v, struct flow *out,
                             struct fail *why)
{
    struct trail trail;
    if (v->sight == SIGHT_ANSWER) {
        *out = (struct flow){0};
        return OK;
    }
    TRY(load_trail(tx, v, &trail, why));
    struct picture p = {.arena = rq->arena,
                        .language = rq->language,
                        .table = v->table,
                        .view = v,
                        .trail = &trail,
                        .is_whole = !v->is_applicant};
    *out = finish(&p);
    return OK;
}
