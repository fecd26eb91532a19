#include "dossier/due_mark.h"

const struct field due_mark_fields[] = {
    FIELD_STR(struct due_mark, words),    FIELD_STR(struct due_mark, exact),       FIELD_BOOL(struct due_mark, is_late),
    FIELD_BOOL(struct due_mark, is_soon), FIELD_BOOL(struct due_mark, is_without), FIELD_END,
};

static struct str say(struct arena *a, enum language l, const char *message, struct str value)
{
    return fail_fill(a, translate(l, message), (const struct str[FAIL_ARGS]){value});
}

/* The time between two moments in the largest whole unit; empty when it is less than an hour. */
static struct str span(struct arena *a, enum language l, const struct calendar *calendar, const struct dossier *d,
                       instant_t from, instant_t to)
{
    bool is_in_days = d->term.unit == TERM_DAYS || d->term.unit == TERM_MONTHS;
    int64_t days = day_of(to) - day_of(from), working = calendar_working_us(calendar, from, to);
    struct term t = {TERM_DAYS, days * 100, false};
    if (!is_in_days || days == 0) t = (struct term){TERM_WORKING_DAYS, working / WORKING_DAY_US * 100, false};
    if (t.hundredths == 0) t = (struct term){TERM_HOURS, working / US_PER_HOUR * 100, false};
    return t.hundredths == 0 ? STR_NONE : term_for_people(a, l, t);
}

static struct due_mark late(struct arena *a, enum language l, const struct calendar *calendar, const struct dossier *d,
                            instant_t due, instant_t at)
{
    struct str by = span(a, l, calendar, d, due, at);
    struct str words = by.len > 0 ? say(a, l, N_("Overdue by {0}"), by) : translate(l, N_("Just overdue"));
    return (struct due_mark){.words = words, .exact = instant_for_people(a, due), .is_late = true};
}

static struct due_mark ahead(struct arena *a, enum language l, const struct calendar *calendar, const struct dossier *d,
                             instant_t due, instant_t now)
{
    struct due_mark m = {.exact = instant_for_people(a, due)};
    struct str left = span(a, l, calendar, d, now, due);
    bool is_today = day_of(due - 1) == day_of(now); /* midnight ends the day before */
    m.is_soon = is_today || calendar_working_us(calendar, now, due) < WORKING_DAY_US;
    m.words = is_today       ? translate(l, N_("Due today"))
              : left.len > 0 ? say(a, l, N_("{0} left"), left)
                             : translate(l, N_("Less than an hour left"));
    return m;
}

/* Handed in at the end: whether it came in time is settled. */
static struct due_mark ended(struct arena *a, enum language l, const struct dossier *d)
{
    bool is_late = dossier_is_late(d, d->finished_at);
    return (struct due_mark){.words = translate(l, is_late ? N_("Finished late") : N_("Finished in time")),
                             .exact = d->due_at == INSTANT_NONE ? STR_NONE : instant_for_people(a, d->due_at),
                             .is_late = is_late};
}

struct due_mark due_mark_of(struct arena *a, enum language l, const struct calendar *calendar, const struct dossier *d,
                            instant_t due, instant_t now)
{
    if (d->finished_at != INSTANT_NONE && d->due_at != INSTANT_NONE) return ended(a, l, d);
    if (d->finished_at != INSTANT_NONE)
        return (struct due_mark){.words = translate(l, N_("Finished")), .is_without = true};
    if (d->due_at == INSTANT_NONE && d->held_due != INSTANT_NONE)
        return (struct due_mark){.words = translate(l, N_("The time limit stands still")), .is_without = true};
    if (due == INSTANT_NONE && d->term.unit == TERM_NONE && d->received_at == INSTANT_NONE)
        return (struct due_mark){.words = translate(l, N_("The time limit has not begun")), .is_without = true};
    if (due == INSTANT_NONE && d->term.unit != TERM_NONE)
        return (struct due_mark){.words = translate(l, N_("The time limit begins anew when the papers come")),
                                 .is_without = true};
    if (due == INSTANT_NONE || due == DUE_NEVER)
        return (struct due_mark){.words = translate(l, N_("No term is stated")), .is_without = true};
    return now > due ? late(a, l, calendar, d, due, now) : ahead(a, l, calendar, d, due, now);
}
