/*
 * What an officer has seen of their inbox, for the badges that vanish, and the views that they keep under a name. Rows
 * of convenience: no commands of the journal, and nobody's right hangs on them. Texts live in tx_arena.
 */
#ifndef OFFICER_INBOX_MARKS_H
#define OFFICER_INBOX_MARKS_H

#include "dossier/inbox.h"

/* When each tab was looked at last; who looks at all looks at each. 0: never. */
struct inbox_seen {
    instant_t at[INBOX_TAB_COUNT];
};
enum outcome inbox_seen_load(struct tx *tx, const struct standing *who, struct inbox_seen *out,
                             struct fail *why) MUST_USE;

struct inbox_seen_mark {
    int64_t account, agency;
    enum inbox_tab tab;
    instant_t at;
};
store_command inbox_seen_put; /* no output */

enum { KEPT_VIEWS_MOST = 12, KEPT_NAME_MOST = 40 };
struct kept_view {
    int64_t n;
    struct str name;
    struct inbox_view view;
};
enum outcome kept_views_of(struct tx *tx, int64_t account, struct kept_view **out, size_t *out_count,
                           struct fail *why) MUST_USE;
void inbox_marks_ahead(struct tx *tx, const struct standing *who); /* store_ahead: both */

struct kept_view_new {
    int64_t account;
    struct str name, filter;
};
store_command kept_view_add; /* no output; ERR_CONFLICT when there are too many */
struct kept_view_gone {
    int64_t account, n;
};
store_command kept_view_remove; /* no output; one that is not there is gone already */

#endif
