/*
 * The manual inside the program, in Vietnamese: for citizens, officers and administrators. A page of it is a template
 * (src/help/pages) listed in one table; nothing in it is computed but the figures that an office sets. Searching looks
 * at the text of these templates, cut at their headings, with accents or without. The manual knows nothing of the rooms
 * that it explains: guide.h says which page of it belongs to which page of the program.
 *
 * Made once at start; the texts it points to are part of the program.
 */
#ifndef HELP_MANUAL_H
#define HELP_MANUAL_H

#include "base/language.h"
#include "html/page.h"

enum manual_reader { FOR_CITIZENS, FOR_OFFICERS, FOR_ADMINISTRATORS, MANUAL_READER_COUNT };

/* One row: who reads it, its place in the address, its title (Vietnamese), its template. */
struct manual_page {
    enum manual_reader reader;
    const char *slug, *title, *template;
};
extern const struct manual_page manual_pages[];
extern const size_t manual_page_count;

const char *reader_title(enum manual_reader who); /* message */

/* NULL when there is none. */
const struct manual_page *manual_find(struct str reader, struct str slug);
/* "/tro-giup/nguoi-dan/nop-ho-so", with "#anchor" when it is not empty. */
struct str manual_address(struct arena *a, const struct manual_page *page, struct str anchor);

/* What the manual says of an office's settings: {{limits.undo_minutes}} in its pages. */
#define MANUAL_LIMITS(X)                                                                                               \
    X(draft_days)                                                                                                      \
    X(undo_minutes)                                                                                                    \
    X(escalate_days)                                                                                                   \
    X(session_hours)                                                                                                   \
    X(officer_session_hours)                                                                                           \
    X(officer_idle_minutes)                                                                                            \
    X(code_hours)
struct manual_limits {
#define X(name) int64_t name;
    MANUAL_LIMITS(X)
#undef X
};
struct manual_limits app_manual_limits(const struct app *app); /* as they are now; defined in app/ */

struct manual;
/* templates: of the whole program; those of the manual are read. limits: as searching tells them. */
struct manual *manual_new(const struct html_set *templates, const struct manual_limits *limits);
void manual_free(struct manual *m);
const struct manual *app_manual(const struct app *app); /* defined in app/ */

struct manual_hit {
    const struct manual_page *page;
    struct str heading, anchor; /* of the part; empty: the page's beginning */
    struct str excerpt;         /* around the first word that was asked for */
};

enum { MANUAL_HITS = 20 };
/* The best parts in which every word stands, best first. No words: none. Results live in the arena. */
size_t manual_search(const struct manual *m, struct arena *a, struct str query, struct manual_hit hits[MANUAL_HITS]);

#endif
