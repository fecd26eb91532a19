/*
 * What a calendar is made of: shared by calendar.c (time) and calendar_parse.c (the data file), and nobody else.
 */
#ifndef CALENDAR_CALENDAR_DATA_H
#define CALENDAR_CALENDAR_DATA_H

#include "calendar/calendar.h"

enum {
    SHIFTS_MOST = 4,
    PATTERNS_MOST = 200,
    NOTES_MOST = 250,
    SPECIALS_MOST = 4000,
    YEAR_COUNT = CALENDAR_LAST_YEAR - CALENDAR_FIRST_YEAR + 1
};

struct shift {
    int16_t start, end; /* minutes of the day */
};

/* How one kind of day is worked. Pattern 0 is a day off. */
struct pattern {
    int shift_count, minutes;
    struct shift shifts[SHIFTS_MOST]; /* in order, not touching */
};

/* One day that differs from its weekday. A later special of the same day wins. */
struct special {
    day_t day;
    int as_weekday;  /* 1-7: worked like that weekday; 0: as `pattern` says */
    uint8_t pattern; /* 0: off */
    uint8_t note;
};

struct day_row {
    int32_t minutes_before; /* working minutes from the first day of the table to this one */
    uint8_t pattern, note;
};

struct calendar {
    struct str name, title;
    struct sha256 version;
    struct pattern patterns[PATTERNS_MOST];
    size_t pattern_count;
    struct str notes[NOTES_MOST]; /* note 0 is empty */
    size_t note_count;
    uint8_t week[8];          /* pattern by ISO weekday, 1-7 */
    uint8_t counter[8];       /* when the counter takes dossiers besides: never counted as working time */
    bool is_round_the_clock;  /* a border gate: hours run day and night */
    int32_t week_before[9];   /* working minutes of an ordinary week before weekday i; [8] is the whole week */
    struct special *specials; /* in the order in which they were stated, the base's first */
    size_t special_count;
    bool is_announced[YEAR_COUNT];
    day_t first_day; /* of the table */
    int day_count;   /* rows has one more: the total */
    struct day_row *rows;
};

/* Fills week_before and rows from week and specials. */
void calendar_lay_out(struct arena *a, struct calendar *c);

#endif
