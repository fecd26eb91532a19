/*
 * What an officer chooses to see of their inbox: a tab (which kind of work), whose, and due when. It stands as words in
 * the address, /viec?loc=moi.cua-toi.qua-han, or can-bo-7 for what that account holds, for the page, for whoever acts
 * on all that a view shows, and for the views that officers keep under a name. Words that nobody knows are passed over.
 * What was seen and kept is in inbox_marks.h.
 */
#ifndef DOSSIER_INBOX_H
#define DOSSIER_INBOX_H

#include "dossier/dossier_list.h"
#include "dossier/task_count.h"
#include "http/http.h"

enum inbox_tab { TAB_ALL, TAB_RECEIVE, TAB_IN_HAND, TAB_RETURN, TAB_WAITING, INBOX_TAB_COUNT };
/* Which range of deadlines. */
enum due_range { RANGE_ANY, RANGE_LATE, RANGE_TODAY, RANGE_TOMORROW, RANGE_THREE_DAYS, DUE_RANGE_COUNT };

struct inbox_view {
    enum inbox_tab tab;
    enum inbox_holder holder;
    int64_t officer; /* INBOX_OFFICER: account; 0: nobody */
    enum due_range range;
};

struct inbox_view inbox_view_parse(struct str text);
struct str inbox_view_format(struct arena *a, struct inbox_view v); /* empty: all */
struct str inbox_view_address(struct arena *a, struct inbox_view v, struct str cursor);

/* Where in the inbox an officer is at work: the view, and from which place of it the page was. The address of a dossier
 * says it (loc, tu), or a form, or the page that led here; empty: all, from the beginning. */
struct inbox_spot {
    struct str view, cursor;
};
struct inbox_spot inbox_spot_of(struct request *rq);
struct str inbox_spot_address(struct arena *a, struct inbox_spot s);

/* By the calendar of the officer's agency; when it cannot be read now, by the State's. */
struct due_bounds inbox_bounds(const struct request *rq);
struct inbox_query inbox_query_of_view(const struct request *rq, struct inbox_view v, size_t most,
                                       const struct due_bounds *bounds);
/* What the view shows to the visitor, from its beginning. */
struct inbox_query inbox_query_of(const struct request *rq, struct str view, size_t most);

/* A chosen dossier in a form: "G11-261122-0001@3", with the version that was seen. */
#define INBOX_CHOSEN "hs"
struct str inbox_chosen_format(struct arena *a, const struct dossier *d);
bool inbox_chosen_parse(struct str text, struct str *out_code, int64_t *out_version);

#endif
