#include "dossier/view_text.h"

#include <inttypes.h>

#include "base/list.h"
#include "dossier/act_form.h"
#include "dossier/paper.h"
#include "process/process_way.h"

enum { HASH_DIGITS = 12 };

struct tag status_tag(enum language l, enum status s)
{
    static const enum tag_colour colours[STATUS_COUNT] = {
        [STATUS_NEW] = TAG_WORKING,     [STATUS_RECEIVED] = TAG_WORKING, [STATUS_REFUSED] = TAG_STOPPED,
        [STATUS_IN_HAND] = TAG_WORKING, [STATUS_SUPPLEMENT] = TAG_SOON,  [STATUS_PAYMENT] = TAG_SOON,
        [STATUS_WITHDRAWN] = TAG_PLAIN, [STATUS_STOPPED] = TAG_STOPPED,  [STATUS_DONE] = TAG_DONE,
        [STATUS_RETURNED] = TAG_DONE,
    };
    return tag_of(colours[s], translate(l, status_message(s)));
}

struct str step_title(enum language l, const struct step *step)
{
    return l == ENGLISH ? step->title_en : step->title_vi;
}

struct str file_facts(struct arena *a, enum language l, const struct dossier_file *f)
{
    struct str facts = str_format(a, "%.*s, %.*s", STR_ARG(paper_type_for_people(f->type)),
                                  STR_ARG(paper_size_for_people(a, f->bytes)));
    if (!f->reused) return facts;
    return str_format(a, "%.*s · %.*s", STR_ARG(facts), STR_ARG(translate(l, N_("from your own store"))));
}

struct str file_hash_short(struct arena *a, const struct dossier_file *f)
{
    return str_part(sha256_format(a, f->hash), 0, HASH_DIGITS);
}

struct str file_href(struct arena *a, const struct dossier_view *v, const struct dossier_file *f)
{
    return str_format(a, "/ho-so/%.*s/giay-to/%" PRId64, STR_ARG(v->dossier.code), f->n);
}

/* ---- the time line ---- */

struct timeline {
    struct request *rq;
    const struct dossier_view *view;
    LIST(struct timeline_item) items;
};

static struct str joined(struct arena *a, struct str first, struct str second)
{
    if (first.len == 0) return second;
    return second.len == 0 ? first : str_format(a, "%.*s\n%.*s", STR_ARG(first), STR_ARG(second));
}

/* Acts after which nothing more comes, unless they are the good end. */
static bool is_stop(enum status s)
{
    return s == STATUS_REFUSED || s == STATUS_WITHDRAWN || s == STATUS_STOPPED;
}

/* The applicant, to themselves and to others. */
static struct str applicant_text(const struct timeline *t)
{
    return translate(t->rq->language, t->view->is_stranger ? N_("The applicant") : N_("You"));
}

/* That something was written is no step on the way; what it says stands with the messages. */
static bool is_talk(const struct history_line *line)
{
    return line->action != NULL && line->action == action_of_system(STR("message"));
}

static void add_past(struct timeline *t, const struct history_line *line)
{
    struct str office = line->agency_name.len > 0 ? line->agency_name : t->view->agency.name;
    bool is_mine = line->action == NULL || line->action->doer == BY_APPLICANT ||
                   (line->action->doer == BY_AUTHOR && line->agency_name.len == 0);
    struct timeline_item *item = &LIST_PUSH(t->rq->arena, t->items);
    item->title = translate(t->rq->language, line->action != NULL ? line->action->done : N_("Submitted"));
    item->holder = is_mine ? applicant_text(t) : office;
    item->time = instant_for_people(t->rq->arena, line->at);
    item->datetime = instant_format(t->rq->arena, line->at);
    if (!t->view->is_stranger) item->note = joined(t->rq->arena, line->reason, line->note);
    item->is_stopped = is_stop(line->status);
    item->is_done = !item->is_stopped;
}

static bool is_of_applicant(const struct step *step)
{
    return str_eq(step->role, STR("applicant"));
}

static void add_present(struct timeline *t, const struct step *step)
{
    const struct dossier *d = &t->view->dossier;
    struct timeline_item *item = &LIST_PUSH(t->rq->arena, t->items);
    bool is_waiting_for_me = is_of_applicant(step);
    item->title = step_title(t->rq->language, step);
    item->holder = is_waiting_for_me ? applicant_text(t) : t->view->agency.name;
    item->is_current = true;
    if (d->due_at == INSTANT_NONE || is_waiting_for_me) return;
    item->time = fail_fill(t->rq->arena, translate(t->rq->language, N_("Result due by {0}")),
                           (const struct str[FAIL_ARGS]){instant_for_people(t->rq->arena, d->due_at)});
    item->datetime = instant_format(t->rq->arena, d->due_at);
}

static void add_future(struct timeline *t)
{
    const struct step_table *table = t->view->table;
    bool was_there[PROCESS_STEPS_MOST] = {false};
    int at = t->view->step;
    while (at != STEP_END) {
        was_there[at] = true;
        at = process_way_on(table, at, was_there);
        if (at != STEP_END) LIST_PUSH(t->rq->arena, t->items).title = step_title(t->rq->language, &table->steps[at]);
    }
}

enum outcome view_timeline(struct request *rq, struct tx *tx, const struct dossier_view *v, struct timeline_item **out,
                           size_t *out_count, struct fail *why)
{
    struct timeline t = {.rq = rq, .view = v};
    struct history_line *lines;
    size_t count;
    TRY(dossier_history(tx, v, &lines, &count, why));
    for (size_t i = 0; i < count; i++)
        if (!is_talk(&lines[i])) add_past(&t, &lines[i]);
    if (v->step != STEP_END) {
        add_present(&t, &v->table->steps[v->step]);
        add_future(&t);
    }
    *out = t.items.at;
    *out_count = t.items.count;
    return OK;
}

enum outcome view_changes(struct request *rq, struct tx *tx, const struct dossier_view *v, int64_t version,
                          struct timeline_item **out, size_t *out_count, struct fail *why)
{
    struct timeline t = {.rq = rq, .view = v};
    struct history_line *lines;
    size_t count;
    TRY(dossier_history(tx, v, &lines, &count, why));
    lines = act_changes_since(lines, count, version, &count);
    for (size_t i = 0; i < count; i++)
        if (!is_talk(&lines[i])) add_past(&t, &lines[i]);
    *out = t.items.at;
    *out_count = t.items.count;
    return OK;
}
