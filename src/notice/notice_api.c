#include "notice/notice_api.h"

#include "agency/permission.h"
#include "base/parse.h"
#include "html/page.h"
#include "notice/notice.h"

enum { LIST_STANDARD = 25, LIST_MOST = 100 };

struct listed {
    struct notice *notices;
    size_t count;
    struct str next_cursor; /* empty: this is the end */
};

/* The cursor is the id of the last notice shown. */
static enum outcome read_list(struct request *rq, struct listed *out, struct fail *why)
{
    int64_t before = request_cursor(rq, INT64_MAX, why);
    size_t limit = request_limit(rq, LIST_STANDARD, LIST_MOST, why);
    TRY(fail_if_problems(why));
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(notices_of_account(tx, rq->visitor.account, before, limit + 1, &out->notices, &out->count, why));
    out->next_cursor = STR_NONE;
    if (out->count > limit) {
        out->count = limit;
        out->next_cursor = id_format(rq->arena, out->notices[out->count - 1].id);
    }
    return OK;
}

/* ---- programs ---- */

static void write_notice(struct json_writer *w, const struct notice *n, enum language l)
{
    jw_open(w, '{');
    jw_put_id(w, "id", n->id);
    jw_put_str_or_null(w, "dossier", n->event->page == NULL ? n->code : STR_NONE);
    jw_put_str(w, "action", str_from(n->event->name));
    jw_put_str(w, "title", translate(l, event_title(n->event)));
    jw_put_instant(w, "at", n->at);
    jw_put_instant(w, "seen_at", n->seen_at);
    jw_close(w);
}

static enum outcome get_notices(struct request *rq, struct fail *why)
{
    struct listed list;
    struct json_writer w;
    TRY(read_list(rq, &list, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < list.count; i++) write_notice(&w, &list.notices[i], rq->language);
    jw_close_list(&w, list.next_cursor);
    return OK;
}

static enum outcome see(struct request *rq, struct str id_text, bool up_to, struct fail *why)
{
    struct notice_seen seen = {.account = rq->visitor.account, .up_to = up_to};
    if (!id_parse(id_text, &seen.id)) return fail(why, ERR_MISSING, N_("There is no such notice."));
    return store_run(app_store(rq->app), notice_see, &seen, NULL, why);
}

static enum outcome post_seen(struct request *rq, struct fail *why)
{
    TRY(see(rq, request_param(rq, "id"), false, why));
    reply_empty(rq, 204);
    return OK;
}

/* ---- people ---- */

struct notice_line {
    struct str href, code, at;
    const char *title;
    bool is_new;
};

struct notice_page {
    struct frame frame;
    struct notice_line *lines;
    size_t lines_count;
    struct str next_href, newest;
    bool has_new;
};

static const struct field line_fields[] = {
    FIELD_STR(struct notice_line, href),      FIELD_STR(struct notice_line, code),    FIELD_STR(struct notice_line, at),
    FIELD_MESSAGE(struct notice_line, title), FIELD_BOOL(struct notice_line, is_new), FIELD_END,
};

static const struct field page_fields[] = {
    FRAME_FIELDS(struct notice_page),         FIELD_LIST(struct notice_page, lines, struct notice_line, line_fields),
    FIELD_STR(struct notice_page, next_href), FIELD_STR(struct notice_page, newest),
    FIELD_BOOL(struct notice_page, has_new),  FIELD_END,
};

const struct page_template notice_templates[] = {
    {"notice/list", page_fields}
};
const size_t notice_templates_count = LENGTH(notice_templates);

static struct str href_of(struct arena *a, const struct notice *n)
{
    if (n->event->page != NULL) return str_from(n->event->page);
    bool is_message = str_eq(str_from(n->event->name), STR("message"));
    return str_format(a, is_message ? "/ho-so/%.*s/trao-doi" : "/ho-so/%.*s", STR_ARG(n->code));
}

static enum outcome show_list(struct request *rq, struct fail *why)
{
    struct arena *a = rq->arena;
    struct listed list;
    TRY(read_list(rq, &list, why));
    struct notice_page *page = ARENA_NEW(a, struct notice_page);
    page->lines = ARENA_ARRAY(a, struct notice_line, list.count + 1);
    page->lines_count = list.count;
    for (size_t i = 0; i < list.count; i++) {
        const struct notice *n = &list.notices[i];
        bool is_new = n->seen_at == INSTANT_NONE;
        page->lines[i] =
            (struct notice_line){href_of(a, n), n->code, instant_for_people(a, n->at), event_title(n->event), is_new};
        page->has_new |= is_new;
    }
    if (list.count > 0) page->newest = id_format(a, list.notices[0].id);
    if (list.next_cursor.len > 0) page->next_href = str_format(a, "/thong-bao?cursor=%.*s", STR_ARG(list.next_cursor));
    page_reply(rq, 200, "notice/list", page);
    return OK;
}

static enum outcome post_all_seen(struct request *rq, struct fail *why)
{
    TRY(see(rq, request_form(rq, "up_to"), true, why));
    reply_redirect(rq, STR("/thong-bao"));
    return OK;
}

/* In order of use. */
const struct route notice_routes[] = {
    {GET,  "/api/v1/notices",           PERMIT_NOTICE_READ, get_notices,   N_("Notices"),               0, false, NULL},
    {POST, "/api/v1/notices/{id}/seen", PERMIT_NOTICE_READ, post_seen,     N_("Mark a notice as seen"), 0, false, NULL},
    {GET,  "/thong-bao",                PERMIT_NOTICE_READ, show_list,     N_("Notices"),               0, false, NULL},
    {POST, "/thong-bao/da-xem",         PERMIT_NOTICE_READ, post_all_seen, N_("Mark all as seen"),      0, false, NULL},
};
const size_t notice_routes_count = LENGTH(notice_routes);
