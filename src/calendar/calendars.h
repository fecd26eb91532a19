/*
 * The calendars that the program works with: kept in the store by content hash, so that a dossier can say for ever
 * which one its promise was counted by; parsed once and kept for the life of the program. Any thread may ask.
 */
#ifndef CALENDAR_CALENDARS_H
#define CALENDAR_CALENDARS_H

#include "calendar/calendar.h"

struct app;
struct store;
struct tx;
struct calendars;

struct calendars *app_calendars(const struct app *app); /* defined in app/ */

struct calendars *calendars_new(void);
void calendars_free(struct calendars *c); /* NULL is fine */

/* Makes a text the current calendar of its name, saved as a version when it is not there yet (a command of its own).
 * The calendar that it names as its base must be published already. */
enum outcome calendars_publish(struct calendars *c, struct store *s, struct str text, const struct calendar **out,
                               struct fail *why) MUST_USE;
/* The State's calendar (calendars/vietnam.json), published at start. */
extern const char calendar_vietnam_text[];
enum outcome calendars_publish_standard(struct calendars *c, struct store *s, struct fail *why) MUST_USE;

/* The current calendar of a name; NULL when there is none. Today every agency works by "vietnam". */
const struct calendar *calendars_current(struct calendars *c, struct str name);
const struct calendar *calendars_standard(struct calendars *c); /* after calendars_publish_standard */
/* A version by its hash (64 hexadecimal digits, as a dossier keeps it): from memory, else from the store. */
enum outcome calendars_get(struct calendars *c, struct tx *tx, struct str version, const struct calendar **out,
                           struct fail *why) MUST_USE;

#endif
