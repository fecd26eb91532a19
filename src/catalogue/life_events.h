/*
 * Events in a life (a child is born, somebody falls ill, a business begins) by which people look for procedures when
 * they know no word of the office. Which procedure belongs to which event is dated data: life-events/vietnam.json
 * ships with the program, DIR/life-events.json takes its place (docs/life_events.md). An event names fields, words of
 * procedures' names, or codes; it never names what a procedure says, and nothing legal hangs on it. Parsed once,
 * immutable, borrowed by the catalogue for ever.
 */
#ifndef CATALOGUE_LIFE_EVENTS_H
#define CATALOGUE_LIFE_EVENTS_H

#include "base/clock.h"
#include "base/fail.h"
#include "base/language.h"

enum { LIFE_EVENTS_MOST = 64, LIFE_EVENTS_BYTES = 256 * 1024 };

struct str_list {
    struct str *at;
    size_t count;
};

struct life_event {
    struct str id;    /* "sinh-con": in addresses */
    struct str icon;  /* a name of assets/icons.txt */
    bool is_business; /* of enterprises and organisations, not of persons */
    struct str title_vi, title_en, text_vi, text_en;
    struct str_list fields, words; /* folded */
    struct str_list codes;
};

struct life_event_set { /* in force from a day until the next set's */
    day_t from;
    struct life_event *events;
    size_t count;
};

struct life_events {
    struct life_event_set *sets; /* by day */
    size_t count;
};

/* ERR_INVALID with every mistake and its place in the file. */
enum outcome life_events_parse(struct arena *a, struct str text, const struct life_events **out,
                               struct fail *why) MUST_USE;
/* Those of a day; NULL before the first. */
const struct life_event_set *life_events_on(const struct life_events *events, day_t day);
/* NULL when there is none with this id. */
const struct life_event *life_event_find(const struct life_event_set *set, struct str id);
/* Whether a procedure belongs to it: its code, its folded name and its folded field. */
bool life_event_has(const struct life_event *e, struct str code, struct str name, struct str field);
struct str life_event_title(const struct life_event *e, enum language l);
struct str life_event_text(const struct life_event *e, enum language l);

/* What ships with the program. */
extern const char life_events_text[];

#endif
