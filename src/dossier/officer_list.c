/*
 * The officer's page: the list that the officer works through, and its dossiers before and behind this one. Which list
 * it is says the address, or the page that led here.
 */
#include "dossier/inbox.h"
#include "dossier/officer_draw.h"

enum { NEAR = 25 };

static struct str list_href(const struct officer_draw *w)
{
    if (w->place.list.len == 0) return STR("/viec");
    return str_format(w->a, "/viec?loc=%.*s", STR_ARG(html_query_value(w->a, w->place.list)));
}

static struct str neighbour(const struct officer_draw *w, struct str code)
{
    if (code.len == 0) return STR_NONE;
    if (w->place.list.len == 0) return str_format(w->a, "/ho-so/%.*s", STR_ARG(code));
    return str_format(w->a, "/ho-so/%.*s?loc=%.*s", STR_ARG(code), STR_ARG(html_query_value(w->a, w->place.list)));
}

/* The places of the first so many are read once; who works further down finds the next one by going on from the top,
 * which is the most urgent. */
enum outcome desk_fill_list(struct officer_draw *w, struct fail *why)
{
    struct inbox_around list;
    struct inbox_query query = inbox_query_of(w->rq, w->place.list, NEAR);
    w->page.list_href = list_href(w);
    if (!permission_is_in(w->rq->visitor.permissions, PERMIT_TASK_READ)) return OK;
    TRY(dossier_inbox_around(w->desk, w->tx, &query, w->view.dossier.id, &list, why));
    w->page.previous_href = neighbour(w, list.previous);
    w->page.next_href = neighbour(w, list.next);
    if (list.at > 0)
        w->page.list_place = desk_say_with(w, list.has_more ? N_("{0} of more than {1}") : N_("{0} of {1}"),
                                           str_format(w->a, "%zu", list.at), str_format(w->a, "%zu", list.count));
    return OK;
}
