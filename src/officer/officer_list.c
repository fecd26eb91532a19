/*
 * The officer's page: the list that the officer works through, and its dossiers before and behind this one. Which list
 * it is, and from which place of it, says the address, or the page that led here: so who works far down a long list
 * goes on there.
 */
#include "dossier/inbox.h"
#include "officer/officer_draw.h"

enum { NEAR = 25 }; /* a page of the inbox */

static struct str neighbour(const struct officer_draw *w, struct str code, struct str cursor)
{
    struct arena *a = w->a;
    struct str parts[2] = {0};
    size_t count = 0;
    if (code.len == 0) return STR_NONE;
    if (w->place.list.view.len > 0)
        parts[count++] = str_format(a, "loc=%.*s", STR_ARG(html_query_value(a, w->place.list.view)));
    if (cursor.len > 0) parts[count++] = str_format(a, "tu=%.*s", STR_ARG(cursor));
    struct str query = str_join(a, STR("&"), parts, count);
    return str_format(a, "/ho-so/%.*s%s%.*s", STR_ARG(code), count > 0 ? "?" : "", STR_ARG(query));
}

/* A place that is none, typed or of another version: from the beginning. */
static enum outcome look_around(const struct officer_draw *w, struct inbox_around *out, struct fail *why)
{
    struct inbox_query query = inbox_query_of(w->rq, w->place.list.view, NEAR);
    struct fail refused;
    fail_init(&refused, w->a);
    query.cursor = w->place.list.cursor;
    enum outcome found = dossier_inbox_around(w->desk, w->tx, &query, w->view.dossier.id, out, &refused);
    if (found != ERR_INVALID) return found == OK ? OK : fail_with(why, found, refused.sentence, refused.args);
    query.cursor = STR_NONE;
    return dossier_inbox_around(w->desk, w->tx, &query, w->view.dossier.id, out, why);
}

/* The places of a page of the list are read; who acted on a dossier that is in it no more goes on with its first. */
enum outcome desk_fill_list(struct officer_draw *w, struct fail *why)
{
    struct inbox_around list;
    struct str here = w->place.list.cursor;
    w->page.list_href = inbox_spot_address(w->a, w->place.list);
    if (!permission_is_in(w->rq->visitor.permissions, PERMIT_TASK_READ)) return OK;
    TRY(look_around(w, &list, why));
    w->page.previous_href = neighbour(w, list.previous, here);
    w->page.next_href = neighbour(w, list.next, list.next_cursor.len > 0 ? list.next_cursor : here);
    if (list.at > 0 && here.len == 0)
        w->page.list_place = desk_say_with(w, list.has_more ? N_("{0} of more than {1}") : N_("{0} of {1}"),
                                           str_format(w->a, "%zu", list.at), str_format(w->a, "%zu", list.count));
    return OK;
}
