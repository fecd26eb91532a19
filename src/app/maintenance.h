/*
 * Maintenance: an announcement on every page with the moment at which it ends, and, when wanted, the office closed for
 * changes meanwhile: what would change something is answered with 503 and that moment, reading goes on, and whoever
 * runs the office can still sign in and take it back. Kept in the store, so that a restart in the middle of it
 * forgets nothing; asked for on every request, so it stands in memory.
 */
#ifndef APP_MAINTENANCE_H
#define APP_MAINTENANCE_H

#include "html/page.h"
#include "journal/journal.h"

enum { MAINTENANCE_WORDS_MOST = 300, MAINTENANCE_DAYS_MOST = 30 };

struct maintenance {
    instant_t begins_at, ends_at;
    struct str words; /* why; empty: the program's own words */
    bool closes_writing;
};

struct maintenance_board;                                 /* the announcement in memory; any thread may ask */
void maintenance_board_free(struct maintenance_board *b); /* NULL is fine */
enum outcome maintenance_open(struct app *app, struct fail *why) MUST_USE;
enum outcome maintenance_reload(struct app *app, struct fail *why) MUST_USE; /* another process has announced it */

/* What is announced and not over yet; ends_at is INSTANT_NONE when nothing is. words live in the arena. */
struct maintenance maintenance_now(const struct app *app, struct arena *a);
/* Announces, or with ends_at not in the future ends it. Checked: ERR_INVALID with problems. In the journal. */
enum outcome maintenance_announce(struct app *app, const struct actor *actor, const struct maintenance *m,
                                  struct fail *why) MUST_USE;

/* The sentence for every page; empty when nothing is announced. */
struct str maintenance_sentence(const struct app *app, struct arena *a, enum language l);
/* ERR_CLOSED with the end when the office takes no changes now and this request would be one; says Retry-After. */
enum outcome maintenance_allows(struct request *rq, struct fail *why) MUST_USE;

#endif
