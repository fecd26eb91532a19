/*
 * A letter's words: the standard text of its event or the agency's own, filled with what it is about. The words are the
 * agency's; greeting, facts, address and the way to stop are the program's, so that no letter lacks them. Texts are
 * written in the template language as plain text over struct mail_facts. What is told of discreet matters is only that
 * there is news.
 */
#ifndef NOTICE_WORDING_H
#define NOTICE_WORDING_H

#include "html/html.h"
#include "journal/journal.h"
#include "notice/event.h"
#include "store/store.h"

enum { WORDING_SUBJECT_MOST = 200, WORDING_TEXT_MOST = 8000, WORDING_BYTES = 64 * 1024 };

struct mail_line { /* of a digest */
    struct str code, title;
};

/* What a text may name. Empty when the event has no such thing. */
struct mail_facts {
    struct str name;                    /* whom it is to */
    struct str code, procedure, agency; /* of the dossier */
    struct str phone;                   /* of the agency's one-stop office */
    struct str reason, until, due;      /* from the act itself */
    struct str amount;
    struct mail_line *lines;
    size_t lines_count;
    int64_t count; /* of lines */
    /* around the text, not for it: */
    struct str link, rate_link, stop_link, office;
};

/* Each name with its meaning (message), NULL at the end: for the page where texts are edited. */
struct wording_name {
    const char *name, *meaning;
};
extern const struct wording_name wording_names[];

/* Checks what an agency wrote: every mistake with line and column under "/subject" or "/text". */
void wording_check(struct arena *a, struct str subject, struct str text, struct fail *why);

/* The words that count for this agency: its own, else those of an agency above it, else the standard. */
struct wording {
    struct str subject, text;
    int64_t agency; /* whose; 0: the standard */
};
struct wording wording_standard(const struct notice_event *event, enum language l);
enum outcome wording_find(struct tx *tx, int64_t agency, const struct notice_event *event, enum language l,
                          struct wording *out, struct fail *why) MUST_USE;

/* The whole: subject in one line, text with greeting and footing. Words that do not parse (none can be saved) give the
 * standard. */
void wording_fill(struct arena *a, const struct notice_event *event, const struct wording *words, enum language l,
                  const struct mail_facts *facts, struct str *out_subject, struct str *out_text);
/* A letter of a dossier that does not exist, for looking at a text. */
struct mail_facts mail_facts_sample(struct arena *a, enum language l);

/* ---- an agency's own words: versions, the last one counts ---- */

struct wording_version {
    int64_t n;
    struct str subject, text; /* both empty: back to the standard */
    instant_t at;
    struct str by;
};
enum outcome wording_versions(struct tx *tx, int64_t agency, const struct notice_event *event, enum language l,
                              struct wording_version **out, size_t *out_count, struct fail *why) MUST_USE;
/* A new version; both texts empty: back to the standard. In the journal under the agency. */
struct wording_new {
    struct actor actor;
    int64_t agency;
    const struct notice_event *event;
    enum language language;
    struct str subject, text; /* checked */
    int64_t after;            /* the version that its writer saw; 0: none. ERR_STALE when there is a later one */
};
store_command wording_save; /* no output */

#endif
