/*
 * The calendars that the program works with: kept in the store by content hash, so that a dossier can say for ever
 * which one its promise was counted by; parsed once and kept for the life of the program. Any thread may ask.
 */
#ifndef CALENDAR_CALENDARS_H
#define CALENDAR_CALENDARS_H

#include "calendar/calendar.h"
#include "journal/journal.h"

struct app;
struct store;
struct tx;
struct calendars;

struct calendars *app_calendars(const struct app *app); /* defined in app/ */

struct calendars *calendars_new(void);
void calendars_free(struct calendars *c); /* NULL is fine */

/* What a publication changed: the calendar, and those laid over it, which were counted anew on the new base. */
struct calendars_changed {
    const struct calendar *calendar; /* in use now */
    struct str *names;               /* of every calendar whose version changed; the calendar's own first */
    size_t count;                    /* 0: nothing is new */
};
/* What follows when another version of a calendar that was in use comes into use: runs in the same transaction. */
typedef enum outcome calendars_change_fn(struct tx *tx, struct actor actor, struct str name, struct fail *why);
void calendars_on_change(struct calendars *c, calendars_change_fn *fn);

/* Makes a text the calendar in use of its name, saved as a version when it is not there yet (commands of its own, one a
 * calendar). The calendar that it names as its base must be published already. out (may be NULL) lives in a. */
enum outcome calendars_publish(struct calendars *c, struct store *s, struct arena *a, struct actor actor,
                               struct str text, struct calendars_changed *out, struct fail *why) MUST_USE;
/* What publishing would make of it, and nothing else: lives in a. */
enum outcome calendars_try(struct calendars *c, struct arena *a, struct str text, const struct calendar **out,
                           struct fail *why) MUST_USE;
/* At start: every calendar in use, and the State's (calendars/vietnam.json). A newer one of the program's comes into
 * use by itself, unless the office has entered a year that it does not know to be announced. */
extern const char calendar_vietnam_text[];
enum outcome calendars_open(struct calendars *c, struct store *s, struct fail *why) MUST_USE;

/* The calendar in use of a name; NULL when there is none. Which agency works by which: agency/agency_calendar.h. */
const struct calendar *calendars_current(struct calendars *c, struct str name);
const struct calendar *calendars_standard(struct calendars *c); /* the State's; after calendars_open */
/* A version by its hash (64 hexadecimal digits, as a dossier keeps it): from memory, else from the store. */
enum outcome calendars_get(struct calendars *c, struct tx *tx, struct str version, const struct calendar **out,
                           struct fail *why) MUST_USE;
/* The calendar in use of a name, when this snapshot and the program agree which version that is: between the commit of
 * another one and its coming into use it is ERR_DOWN. */
enum outcome calendars_settled(struct calendars *c, struct tx *tx, struct str name, const struct calendar **out,
                               struct fail *why) MUST_USE;

/* All in use, by name, with their texts. Lives in tx_arena. */
struct calendar_in_use {
    struct str name, version, base, text; /* base: a version; empty when it stands alone */
    instant_t since;
};
enum outcome calendars_in_use(struct tx *tx, struct calendar_in_use **out, size_t *out_count,
                              struct fail *why) MUST_USE;

/* A short memory of which calendar an office works by on a day, so that asking for it costs no query: kept for seconds,
 * emptied by every change, after which nothing is learnt until older snapshots are gone. NULL: not known (any more). */
const struct calendar *calendars_remembered(struct calendars *c, int64_t office, day_t day);
void calendars_remember(struct calendars *c, int64_t office, day_t day, const struct calendar *calendar);
void calendars_forget(struct calendars *c);

/* Called whenever calendars_forget is: other processes remember too. Once, before anybody changes anything. */
#define NEWS_CALENDARS "calendars"
void calendars_on_forget(struct calendars *c, void (*fn)(void *context), void *context);
/* What another process has published or forgotten. */
enum outcome calendars_reload(struct calendars *c, struct store *s, struct fail *why) MUST_USE;

#endif
