#include "process/process.h"

int process_step(const struct step_table *t, struct str name)
{
    for (size_t i = 0; i < t->step_count; i++) {
        if (str_eq(t->steps[i].name, name)) return (int)i;
    }
    return STEP_END;
}

const struct step_exit *process_exit(const struct step_table *t, int step, struct str act)
{
    if (step < 0 || (size_t)step >= t->step_count) return NULL;
    const struct step *s = &t->steps[step];
    for (size_t i = 0; i < s->exit_count; i++) {
        if (str_eq(s->exits[i].act, act)) return &s->exits[i];
    }
    return NULL;
}

bool process_allows_after(const struct step_table *t, enum status end, struct str act)
{
    for (size_t i = 0; i < t->end_count; i++) {
        const struct step_end *e = &t->ends[i];
        for (size_t n = 0; e->status == end && n < e->act_count; n++) {
            if (str_eq(e->acts[n], act)) return true;
        }
    }
    return false;
}

const struct step *process_next(const struct step_table *t, int step, struct str act)
{
    const struct step_exit *way = process_exit(t, step, act);
    return &t->steps[way == NULL || way->next == STEP_END ? step : way->next];
}

/* ---- back to text ---- */

static int widest_act(const struct step_table *t)
{
    size_t most = 0;
    for (size_t i = 0; i < t->step_count; i++) {
        for (size_t n = 0; n < t->steps[i].exit_count; n++) {
            if (t->steps[i].exits[n].act.len > most) most = t->steps[i].exits[n].act.len;
        }
    }
    return (int)most;
}

static struct str format_target(struct arena *a, const struct step_table *t, int step, const struct step_exit *e)
{
    if (e->next == STEP_END) return str_format(a, "end with status %d", (int)e->status);
    return e->next == step ? STR("stay") : t->steps[e->next].name;
}

/* "until 45d " or nothing. */
static struct str format_term(struct arena *a, const char *word, struct term term)
{
    return term.unit == TERM_NONE ? STR("") : str_format(a, "%s %.*s ", word, STR_ARG(term_format(a, term)));
}

static struct str format_times(int times)
{
    return times == 0 ? STR("") : times == 1 ? STR("once ") : STR("twice ");
}

static struct str format_exit(struct arena *a, const struct step_table *t, int step, const struct step_exit *e,
                              int width)
{
    struct str parts[] = {format_term(a, "within", e->within), format_term(a, "until", e->until),
                          format_term(a, "remote", e->until_remote), format_term(a, "by", e->by),
                          format_times(e->times)};
    struct str limits = str_join(a, STR(""), parts, LENGTH(parts));
    return str_format(a, "    %-*.*s %.*s-> %.*s\n", width, STR_ARG(e->act), STR_ARG(limits),
                      STR_ARG(format_target(a, t, step, e)));
}

static struct str format_end(struct arena *a, const struct step_end *e)
{
    struct str acts = str_join(a, STR(", "), e->acts, e->act_count);
    return str_format(a, "\nafter the end with status %d: %.*s\n", (int)e->status, STR_ARG(acts));
}

static struct str format_step(struct arena *a, const struct step *s)
{
    bool is_running = s->clock == CLOCK_RUNS;
    struct str within = term_format(a, s->within);
    return str_format(a, "\nstep %.*s by %.*s, status %d%s%s%s%.*s \"%.*s\" \"%.*s\"\n", STR_ARG(s->name),
                      STR_ARG(s->role), (int)s->status, is_running ? "" : ", clock ",
                      is_running ? "" : clock_rule_name(s->clock), within.len > 0 ? ", within " : "", STR_ARG(within),
                      STR_ARG(s->title_vi), STR_ARG(s->title_en));
}

struct str process_format(struct arena *a, const struct step_table *t)
{
    int width = widest_act(t);
    size_t count = 1 + t->end_count;
    for (size_t i = 0; i < t->step_count; i++) count += 1 + t->steps[i].exit_count;
    struct str *parts = ARENA_ARRAY(a, struct str, count);
    count = 0;
    struct str limits[] = {format_term(a, "term", t->term), format_term(a, "remote", t->term_remote)};
    struct str limit = str_trim(str_join(a, STR(""), limits, LENGTH(limits)));
    parts[count++] = str_format(a, "process %.*s \"%.*s\" \"%.*s\"%s%.*s\n", STR_ARG(t->name), STR_ARG(t->title_vi),
                                STR_ARG(t->title_en), limit.len > 0 ? " " : "", STR_ARG(limit));
    for (size_t i = 0; i < t->step_count; i++) {
        const struct step *s = &t->steps[i];
        parts[count++] = format_step(a, s);
        for (size_t n = 0; n < s->exit_count; n++) parts[count++] = format_exit(a, t, (int)i, &s->exits[n], width);
    }
    for (size_t i = 0; i < t->end_count; i++) parts[count++] = format_end(a, &t->ends[i]);
    return str_join(a, STR(""), parts, count);
}
