/* The officer's page: what happened to the dossier, and what others did while the officer wrote. */
#include "officer/officer_draw.h"

static struct timeline_item history_item(const struct officer_draw *w, const struct history_line *line)
{
    struct str role = desk_role(w, line->actor_role);
    struct str parts[3] = {0};
    size_t count = 0;
    struct str outcome = desk_outcome(w, line->outcome);
    if (outcome.len > 0) parts[count++] = outcome;
    if (line->reason.len > 0) parts[count++] = line->reason;
    if (line->note.len > 0) parts[count++] = line->note;
    return (struct timeline_item){
        .title = desk_say(w, line->action != NULL ? line->action->done : N_("Submitted")),
        .holder = line->actor_name.len > 0 ? desk_say_with(w, N_("{0} ({1})"), line->actor_name, role) : role,
        .note = str_join(w->a, STR(" – "), parts, count),
        .time = instant_for_people(w->a, line->at),
        .datetime = instant_format(w->a, line->at),
        .is_done = true,
    };
}

static struct timeline_item *history_items(const struct officer_draw *w, const struct history_line *lines, size_t count)
{
    struct timeline_item *items = ARENA_ARRAY(w->a, struct timeline_item, count + 1);
    for (size_t i = 0; i < count; i++) items[i] = history_item(w, &lines[i]);
    return items;
}

static void add_present(struct officer_draw *w)
{
    if (desk_step(w) == NULL) return;
    struct timeline_item *now = &w->page.history[w->page.history_count++];
    *now = (struct timeline_item){
        .title = desk_step_title(w), .holder = desk_holder(w), .time = w->page.due.words, .is_current = true};
}

enum outcome desk_fill_history(struct officer_draw *w, const struct act_attempt *attempt, struct fail *why)
{
    struct history_line *lines;
    size_t count;
    TRY(dossier_history(w->tx, &w->view, &lines, &count, why));
    w->page.history = history_items(w, lines, count);
    w->page.history_count = count;
    add_present(w);
    if (attempt == NULL || attempt->why->outcome != ERR_STALE) return OK;
    struct history_line *since = act_changes_since(lines, count, attempt->version, &w->page.changes_count);
    w->page.changes = history_items(w, since, w->page.changes_count);
    w->page.is_stale = true;
    return OK;
}
