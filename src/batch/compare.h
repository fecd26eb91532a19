/*
 * Proposed decisions side by side, for a leader who approves many at once: what is proposed, by whom, when it is due,
 * what units said, the draft of the result; and which of them are not like the others, with why, because those are to
 * be opened before they are approved. It judges nothing: it only says where to look. Texts live in the request's arena.
 */
#ifndef BATCH_COMPARE_H
#define BATCH_COMPARE_H

#include "dossier/dossier_view.h"
#include "dossier/due_mark.h"
#include "html/component.h"

enum { COMPARED_MOST = 100 };

struct compared {
    struct str code, owner, procedure, outcome, reason, proposer, opinions, draft, draft_href;
    struct str why; /* how it differs from the others; empty: it does not */
    struct due_mark due;
    bool is_odd;
};
extern const struct field compared_fields[];

struct comparison {
    struct compared *rows;
    size_t count, odd;
    struct str summary; /* "48 granted, 2 refused; 3 to look at" */
};

/* Adds one; those that differ stand first after compare_end. */
enum outcome compare_add(struct request *rq, struct tx *tx, const struct dossier_view *v, struct comparison *c,
                         struct fail *why) MUST_USE;
void compare_end(struct request *rq, struct comparison *c);

#endif
