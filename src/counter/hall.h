/*
 * How an agency runs its counter: how many desks, which lines people queue in, who goes first by law, what
 * appointments are offered. What nobody has set is as hall_of says. It is no calendar: when the counter is open, the
 * agency's calendar says.
 */
#ifndef COUNTER_HALL_H
#define COUNTER_HALL_H

#include "base/language.h"
#include "journal/journal.h"

enum { LINES_MOST = 8, DESKS_MOST = 60, DAYS_AHEAD_MOST = 60, PLACES_MOST = 50, LINE_TITLE_MOST = 60 };

struct line {
    char letter;
    struct str title; /* in Vietnamese, as the agency wrote it */
};

struct hall {
    int64_t agency;
    int64_t desks, slot_minutes, slot_places, days_ahead;
    bool takes_remote;
    struct line lines[LINES_MOST];
    size_t line_count;
    uint32_t priorities; /* 1 << index in priorities[] */
};

/* Who goes first, as a table; an agency may leave some out. */
struct priority {
    const char *code, *label; /* message */
    const char *basis;        /* message: the law, and since when */
};
extern const struct priority priorities[];
extern const size_t priority_count;
const struct priority *priority_find(const struct hall *h, struct str code); /* NULL: none that this hall knows */

/* In tx_arena. */
enum outcome hall_of(struct tx *tx, int64_t agency, struct hall *out, struct fail *why) MUST_USE;
const struct line *hall_line(const struct hall *h, struct str letter); /* NULL when there is none */
/* The title for people; the usual lines have theirs in each language. */
struct str line_title(const struct line *line, enum language l);
/* "A Nộp hồ sơ", one a row of text, and back. Problems are noted under /lines. */
struct str lines_write(struct arena *a, const struct hall *h);
void lines_read(struct arena *a, struct str text, struct hall *out, struct fail *why);

/* A command: what is set counts from now. in: struct hall_set; no output. */
struct hall_set {
    struct actor actor;
    struct hall hall;
};
store_command hall_set;

#endif
