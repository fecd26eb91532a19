#include "batch/compare.h"

#include "dossier/view_text.h"

const struct field compared_fields[] = {
    FIELD_STR(struct compared, code),
    FIELD_STR(struct compared, owner),
    FIELD_STR(struct compared, procedure),
    FIELD_STR(struct compared, outcome),
    FIELD_STR(struct compared, reason),
    FIELD_STR(struct compared, proposer),
    FIELD_STR(struct compared, opinions),
    FIELD_STR(struct compared, draft),
    FIELD_STR(struct compared, draft_href),
    FIELD_STR(struct compared, why),
    FIELD_STRUCT(struct compared, due, due_mark_fields),
    FIELD_BOOL(struct compared, is_odd),
    FIELD_END,
};

static struct str say(const struct request *rq, const char *message)
{
    return translate(rq->language, message);
}

static struct str say_number(struct request *rq, const char *message, size_t n, size_t of)
{
    const struct str args[FAIL_ARGS] = {str_format(rq->arena, "%zu", n), str_format(rq->arena, "%zu", of)};
    return fail_fill(rq->arena, say(rq, message), args);
}

/* One more reason to look at it. */
static void add_why(struct request *rq, struct compared *row, struct str reason)
{
    row->why = row->why.len == 0 ? reason : str_format(rq->arena, "%.*s; %.*s", STR_ARG(row->why), STR_ARG(reason));
    row->is_odd = true;
}

static void put_opinions(struct request *rq, const struct dossier_view *v, struct compared *row)
{
    size_t answered = 0, count = 0;
    for (size_t i = 0; i < v->aside.unit_count; i++) {
        enum unit_state state = unit_state(&v->aside.units[i], v->now);
        answered += state == UNIT_ANSWERED;
        count += state != UNIT_DROPPED;
    }
    if (count == 0) return;
    row->opinions = say_number(rq, N_("{0} of {1} answered"), answered, count);
    if (answered < count) add_why(rq, row, say(rq, N_("an opinion is missing")));
}

static void put_draft(struct request *rq, const struct dossier_view *v, struct compared *row)
{
    for (size_t i = 0; i < v->file_count; i++) {
        const struct dossier_file *f = &v->files[i];
        if (!str_eq(f->kind, STR("result")) || !dossier_view_shows(v, f)) continue;
        row->draft = f->name;
        row->draft_href = file_href(rq->arena, v, f);
    }
}

static enum outcome put_proposer(struct tx *tx, const struct dossier_view *v, struct compared *row, struct fail *why)
{
    struct history_line *lines;
    size_t count, sent_back = 0;
    TRY(dossier_history(tx, v, &lines, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (lines[i].action == &actions[ACTION_PROPOSE]) row->proposer = lines[i].actor_name;
        sent_back += lines[i].action == &actions[ACTION_SEND_BACK];
    }
    row->is_odd = sent_back > 0; /* the words are added by who knows the language */
    return OK;
}

enum outcome compare_add(struct request *rq, struct tx *tx, const struct dossier_view *v, struct comparison *c,
                         struct fail *why)
{
    const struct dossier *d = &v->dossier;
    struct compared row = {
        .code = d->code, .owner = d->owner_name, .procedure = v->procedure->name, .reason = d->reason};
    bool is_refused = str_eq(d->outcome, STR("refused"));
    TRY(put_proposer(tx, v, &row, why));
    if (row.is_odd) add_why(rq, &row, say(rq, N_("was sent back before")));
    if (d->outcome.len > 0) row.outcome = say(rq, is_refused ? N_("Do not grant") : N_("Grant"));
    if (is_refused) add_why(rq, &row, say(rq, N_("is not to be granted")));
    row.due = due_mark_of(rq->arena, rq->language, v->book.calendar, d, d->due_at, v->now);
    if (row.due.is_late) add_why(rq, &row, say(rq, N_("is late")));
    if (d->extensions > 0) add_why(rq, &row, say(rq, N_("its time was extended")));
    put_opinions(rq, v, &row);
    put_draft(rq, v, &row);
    c->rows[c->count++] = row;
    return OK;
}

/* Where most bring a draft, one without is told. */
static void look_at_drafts(struct request *rq, struct comparison *c)
{
    size_t with = 0;
    for (size_t i = 0; i < c->count; i++) with += c->rows[i].draft.len > 0;
    for (size_t i = 0; i < c->count && 2 * with > c->count; i++)
        if (c->rows[i].draft.len == 0) add_why(rq, &c->rows[i], say(rq, N_("has no draft of the result")));
}

void compare_end(struct request *rq, struct comparison *c)
{
    struct compared *sorted = ARENA_ARRAY(rq->arena, struct compared, c->count + 1);
    size_t at = 0;
    look_at_drafts(rq, c);
    for (size_t i = 0; i < c->count; i++)
        if (c->rows[i].is_odd) sorted[at++] = c->rows[i];
    c->odd = at;
    for (size_t i = 0; i < c->count; i++)
        if (!c->rows[i].is_odd) sorted[at++] = c->rows[i];
    c->rows = sorted;
    c->summary =
        c->odd == 0
            ? say_number(rq, N_("All {0} are alike: granted, in time, with every opinion."), c->count, 0)
            : say_number(rq, N_("{0} of {1} are not like the others. They stand first, with why."), c->odd, c->count);
}
