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

static struct str format_exit(struct arena *a, const struct step_table *t, const struct step_exit *e, int width)
{
    if (e->next == STEP_END)
        return str_format(a, "    %-*.*s -> end with status %d\n", width, STR_ARG(e->act), (int)e->status);
    return str_format(a, "    %-*.*s -> %.*s\n", width, STR_ARG(e->act), STR_ARG(t->steps[e->next].name));
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
    size_t count = 1;
    for (size_t i = 0; i < t->step_count; i++) count += 1 + t->steps[i].exit_count;
    struct str *parts = ARENA_ARRAY(a, struct str, count);
    count = 0;
    parts[count++] =
        str_format(a, "process %.*s \"%.*s\" \"%.*s\"\n", STR_ARG(t->name), STR_ARG(t->title_vi), STR_ARG(t->title_en));
    for (size_t i = 0; i < t->step_count; i++) {
        const struct step *s = &t->steps[i];
        parts[count++] = format_step(a, s);
        for (size_t n = 0; n < s->exit_count; n++) parts[count++] = format_exit(a, t, &s->exits[n], width);
    }
    return str_join(a, STR(""), parts, count);
}
