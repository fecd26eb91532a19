/*
 * Phrases: what an office writes again and again, to be chosen and completed, for messages and for the reasons that
 * acts give. The standard ones are the program's; an agency changes them, leaves them out and adds its own. A text is
 * written in the template language as plain text over struct phrase_facts; it is filled when it is chosen, and whoever
 * sends it may change every word.
 */
#ifndef CONVERSATION_PHRASE_H
#define CONVERSATION_PHRASE_H

#include "dossier/dossier_view.h"

enum { PHRASE_TITLE_MOST = 100, PHRASE_TEXT_MOST = 2000, PHRASES_OWN_MOST = 200 };

/* Where a phrase is offered. */
struct phrase_use {
    const char *name;  /* "message", or the name of an act that gives a reason */
    const char *title; /* message */
};
extern const struct phrase_use phrase_uses[];
extern const size_t phrase_use_count;
const struct phrase_use *phrase_use_find(struct str name); /* NULL when there is none */

struct phrase {
    struct str name; /* "unreadable"; of an own one "own-3" */
    const struct phrase_use *use;
    struct str title, text;
    int64_t version; /* 0: the standard one, as it is shipped */
    bool is_standard, is_hidden;
};
/* The standard ones in order, as the agency has them, then its own. hidden: those too that are not offered. */
enum outcome phrases_of(struct tx *tx, int64_t agency, enum language l, bool hidden, struct phrase **out,
                        size_t *out_count, struct fail *why) MUST_USE;
void phrases_ahead(struct tx *tx, int64_t agency); /* store_ahead */

/* What a text may name. */
struct phrase_facts {
    struct str name, code, procedure, agency, phone, officer, due, papers;
};
struct phrase_name {
    const char *name, *meaning; /* meaning: message */
};
extern const struct phrase_name phrase_names[]; /* NULL at the end */
/* papers: lines for what the check-list found incomplete; may be empty. */
struct phrase_facts phrase_facts_of(struct arena *a, const struct dossier_view *v, struct str officer,
                                    struct str papers);
struct phrase_facts phrase_facts_sample(enum language l);
/* The text as it is sent; words that do not parse (none can be saved) as they are. */
struct str phrase_fill(struct arena *a, struct str text, const struct phrase_facts *facts, enum language l);

/* Checks what an agency wrote: "/use", "/title", "/text". */
void phrase_check(struct arena *a, const struct phrase *p, struct fail *why);

struct phrase_new {
    struct actor actor;
    int64_t agency;
    struct phrase phrase; /* checked; its name empty: a new one. A text that is empty: not offered any more */
    int64_t after;        /* the version that its writer saw */
};
store_command phrase_save; /* no output. In the journal under the agency; ERR_STALE when somebody else changed it */

#endif
