/*
 * What was chosen in the inbox, before anything begins: how many, which, what cannot be done to some of them and why,
 * and the fields of the act, the same for all. Chosen are the boxes that were ticked, with the versions that were seen,
 * or all that a filter shows.
 */
#include <string.h>

#include "batch/batch_order.h"
#include "batch/batch_pages.h"
#include "batch/compare.h"
#include "dossier/act_fields.h"
#include "dossier/dossier_brief.h"
#include "dossier/dossier_view.h"
#include "dossier/inbox.h"
#include "http/once.h"

enum { TICKED_MOST = 100, SHOWN_MOST = 25, ALL_PORTION = 500, FIELDS_BYTES = 64 * 1024 };

struct choose_line {
    struct str code, owner, step, why;
};

struct choose_page {
    struct frame frame;
    struct str act_title, act_name, count, more, left_out, filter, key;
    struct choose_line *lines, *left;
    size_t lines_count, left_count;
    struct form_field *fields, *kept;
    size_t fields_count, kept_count;
    bool is_all, has_some, is_warning;
    struct compared *compared; /* of proposed decisions */
    size_t compared_count;
    struct str summary;
};

static const struct field line_fields[] = {
    FIELD_STR(struct choose_line, code),
    FIELD_STR(struct choose_line, owner),
    FIELD_STR(struct choose_line, step),
    FIELD_STR(struct choose_line, why),
    FIELD_END,
};
const struct field choose_page_fields[] = {
    FRAME_FIELDS(struct choose_page),
    FIELD_STR(struct choose_page, act_title),
    FIELD_STR(struct choose_page, act_name),
    FIELD_STR(struct choose_page, count),
    FIELD_STR(struct choose_page, more),
    FIELD_STR(struct choose_page, left_out),
    FIELD_STR(struct choose_page, filter),
    FIELD_STR(struct choose_page, key),
    FIELD_LIST(struct choose_page, lines, struct choose_line, line_fields),
    FIELD_LIST(struct choose_page, left, struct choose_line, line_fields),
    FORM_FIELDS(struct choose_page, fields),
    FORM_FIELDS(struct choose_page, kept),
    FIELD_BOOL(struct choose_page, is_all),
    FIELD_BOOL(struct choose_page, has_some),
    FIELD_BOOL(struct choose_page, is_warning),
    FIELD_LIST(struct choose_page, compared, struct compared, compared_fields),
    FIELD_STR(struct choose_page, summary),
    FIELD_END,
};

/* ---- what was chosen ---- */

struct choosing {
    struct request *rq;
    const struct desk *desk;
    struct tx *tx;
    struct standing who;
    struct batch_order order;
    struct dossier_view *views; /* of the order's items when they were ticked one by one; else NULL */
    size_t left_count;          /* chosen, but the act is not possible for them */
    struct choose_page page;
};

static enum action_id act_of(const struct choosing *c)
{
    return (enum action_id)(c->order.action - actions);
}

static void take(struct choosing *c, const struct dossier *d, const struct dossier_view *v)
{
    if (v != NULL) c->views[c->order.count] = *v;
    c->order.items[c->order.count++] = (struct batch_item_new){d->id, d->version};
}

static void leave(struct choosing *c, struct str code, const struct fail *why)
{
    c->left_count++;
    c->page.left[c->page.left_count++] =
        (struct choose_line){.code = code, .why = fail_sentence(c->rq->arena, c->rq->language, why)};
}

/* Whether it can be done now is said before, so that nobody orders what will be refused. */
static enum outcome judge(const struct choosing *c, const struct dossier_view *v, int64_t seen, struct fail *why)
{
    if (v->dossier.version != seen)
        return fail(why, ERR_STALE,
                    N_("The dossier was changed while you were looking at it. Look at it again, then act."));
    return dossier_can(&v->dossier, &v->book, act_of(c), &c->who, why);
}

static bool is_taken(const struct choosing *c, int64_t id)
{
    for (size_t i = 0; i < c->order.count; i++)
        if (c->order.items[i].subject == id) return true;
    return false;
}

static enum outcome choose_one(struct choosing *c, struct str code, int64_t seen, struct fail *why)
{
    struct dossier_view v;
    struct fail refused;
    fail_init(&refused, c->rq->arena);
    enum outcome r = dossier_view_load(c->desk, c->tx, &c->who, code, &v, &refused);
    if (r == OK) r = judge(c, &v, seen, &refused);
    if (r == ERR_DOWN) return fail_with(why, r, refused.sentence, refused.args);
    if (r != OK)
        leave(c, code, &refused);
    else if (!is_taken(c, v.dossier.id))
        take(c, &v.dossier, &v);
    return OK;
}

static enum outcome choose_ticked(struct choosing *c, struct fail *why)
{
    struct arena *a = c->rq->arena;
    size_t ticked = 0;
    c->order.items = ARENA_ARRAY(a, struct batch_item_new, TICKED_MOST);
    c->page.left = ARENA_ARRAY(a, struct choose_line, TICKED_MOST);
    c->views = ARENA_ARRAY(a, struct dossier_view, TICKED_MOST);
    for (size_t i = 0; i < c->rq->form_count; i++) {
        struct str code;
        int64_t seen;
        if (!str_eq(c->rq->form[i].name, STR(INBOX_CHOSEN)) || !inbox_chosen_parse(c->rq->form[i].value, &code, &seen))
            continue;
        if (++ticked > TICKED_MOST)
            return fail(why, ERR_INVALID, N_("At most {0} boxes can be ticked; choose the whole list instead."),
                        str_format(a, "%d", TICKED_MOST));
        TRY(choose_one(c, code, seen, why));
    }
    return OK;
}

static bool is_possible(const struct list_item *item, enum action_id act)
{
    for (size_t i = 0; i < item->action_count; i++)
        if (item->actions[i] == act) return true;
    return false;
}

/* In portions whose memory is given back: ten thousand rows would not fit into a request. */
static enum outcome choose_all(struct choosing *c, struct fail *why)
{
    struct arena *a = c->rq->arena;
    struct inbox_query query = inbox_query_of(c->rq, c->page.filter, ALL_PORTION);
    char cursor[256];
    c->order.items = ARENA_ARRAY(a, struct batch_item_new, BATCH_ITEMS_MOST);
    do {
        struct dossier_list list;
        struct arena_mark mark = arena_mark(a);
        TRY(dossier_inbox(c->desk, c->tx, &query, &list, why));
        if (c->order.count + c->left_count + list.count > BATCH_ITEMS_MOST)
            return fail(why, ERR_INVALID, N_("The list has more than {0} dossiers. Choose a narrower list first."),
                        str_format(a, "%d", BATCH_ITEMS_MOST));
        for (size_t i = 0; i < list.count; i++) {
            if (is_possible(&list.items[i], act_of(c)))
                take(c, &list.items[i].dossier, NULL);
            else
                c->left_count++;
        }
        if (list.next_cursor.len >= sizeof cursor) BUG("a cursor of %zu bytes", list.next_cursor.len);
        if (list.next_cursor.len > 0) memcpy(cursor, list.next_cursor.at, list.next_cursor.len);
        query.cursor = str_of(cursor, list.next_cursor.len);
        arena_back(a, mark);
    } while (query.cursor.len > 0);
    return OK;
}

static enum outcome choose(struct choosing *c, struct fail *why)
{
    struct request *rq = c->rq;
    c->desk = app_desk(rq->app);
    c->who = standing_of(rq);
    c->order.action = action_find(request_form(rq, "viec"));
    c->page.filter = request_form(rq, "loc");
    c->page.is_all = request_has_form(rq, "tat-ca");
    if (c->order.action == NULL || !action_is_for_many(c->order.action))
        return fail(why, ERR_INVALID, N_("Choose what is to be done."));
    if (!permission_is_in(rq->visitor.permissions, c->order.action->permission))
        return fail(why, ERR_DENIED, N_("Your role does not include this act."));
    if (c->page.is_all) return choose_all(c, why);
    return choose_ticked(c, why);
}

/* ---- the page ---- */

static enum outcome load_chosen(struct choosing *c, size_t i, struct dossier_view *out, struct fail *why)
{
    struct dossier_brief d;
    if (c->views != NULL) {
        *out = c->views[i];
        return OK;
    }
    TRY(dossier_brief_load(c->tx, c->order.items[i].subject, &d, why));
    return dossier_view_load(c->desk, c->tx, &c->who, d.code, out, why);
}

static enum outcome show_chosen(struct choosing *c, struct fail *why)
{
    c->page.lines_count = c->order.count < SHOWN_MOST ? c->order.count : SHOWN_MOST;
    c->page.lines = ARENA_ARRAY(c->rq->arena, struct choose_line, SHOWN_MOST);
    for (size_t i = 0; i < c->page.lines_count; i++) {
        struct dossier_view v;
        TRY(load_chosen(c, i, &v, why));
        const struct step *step = v.step == STEP_END ? NULL : &v.table->steps[v.step];
        bool is_english = c->rq->language == ENGLISH;
        c->page.lines[i] = (struct choose_line){.code = v.dossier.code,
                                                .owner = v.dossier.owner_name,
                                                .step = step == NULL ? STR_NONE
                                                        : is_english ? step->title_en
                                                                     : step->title_vi};
    }
    return OK;
}

/* A leader approves what is like the others and looks at what is not. */
static enum outcome show_compared(struct choosing *c, struct fail *why)
{
    struct comparison all = {.rows = ARENA_ARRAY(c->rq->arena, struct compared, COMPARED_MOST)};
    for (size_t i = 0; i < c->order.count && i < COMPARED_MOST; i++) {
        struct dossier_view v;
        TRY(load_chosen(c, i, &v, why));
        TRY(compare_add(c->rq, c->tx, &v, &all, why));
    }
    compare_end(c->rq, &all);
    c->page.compared = all.rows;
    c->page.compared_count = all.count;
    c->page.lines_count = all.count; /* of which "and more" is told */
    c->page.summary = all.summary;
    return OK;
}

/* Drawn for the first of them: what officers and agencies there are. */
static enum outcome draw_fields(struct choosing *c, const struct fail *refused, struct fail *why)
{
    struct dossier_view view;
    struct form form = {.rq = c->rq, .why = refused}, kept = {.rq = c->rq};
    const struct action *action = c->order.action;
    if (c->order.count == 0) return OK;
    TRY(load_chosen(c, 0, &view, why));
    for (size_t i = 0; i < action->field_count; i++)
        if (action->fields[i].kind != ACTION_FILES) TRY(act_field_draw(&form, c->tx, &view, &action->fields[i], why));
    for (size_t i = 0; !c->page.is_all && i < c->rq->form_count; i++)
        if (str_eq(c->rq->form[i].name, STR(INBOX_CHOSEN))) form_hidden(&kept, INBOX_CHOSEN, c->rq->form[i].value);
    FORM_INTO(&form, c->page.fields);
    FORM_INTO(&kept, c->page.kept);
    return OK;
}

static struct str say_count(struct choosing *c, const char *message, size_t count)
{
    struct str number = str_format(c->rq->arena, "%zu", count);
    return fail_fill(c->rq->arena, translate(c->rq->language, message), (const struct str[FAIL_ARGS]){number});
}

static enum outcome show(struct choosing *c, int status, const struct fail *refused, struct fail *why)
{
    struct request *rq = c->rq;
    struct choose_page *p = &c->page;
    bool is_decision = act_of(c) == ACTION_APPROVE && c->order.count > 0;
    TRY(is_decision ? show_compared(c, why) : show_chosen(c, why));
    TRY(draw_fields(c, refused, why));
    p->frame.back_href = p->filter.len > 0
                             ? str_format(rq->arena, "/viec?loc=%.*s", STR_ARG(html_query_value(rq->arena, p->filter)))
                             : STR("/viec");
    p->act_title = translate(rq->language, c->order.action->title);
    p->act_name = str_from(c->order.action->name);
    p->frame.title = p->act_title;
    p->has_some = c->order.count > 0;
    p->is_warning = act_of(c) == ACTION_REFUSE || act_of(c) == ACTION_STOP;
    p->count = say_count(c, N_("{0} dossiers"), c->order.count);
    if (c->order.count > p->lines_count) p->more = say_count(c, N_("and {0} more"), c->order.count - p->lines_count);
    if (c->left_count > 0)
        p->left_out =
            say_count(c, N_("For {0} of those you chose this cannot be done now; they are left out."), c->left_count);
    p->key = form_key_to_hide(rq);
    if (refused != NULL) page_problems(rq, &p->frame, refused);
    if (is_decision) p->lines_count = 0;
    p->frame.is_wide = is_decision;
    page_reply(rq, status, "batch/choose", p);
    return OK;
}

enum outcome batch_choose_page(struct request *rq, struct fail *why)
{
    struct choosing c = {.rq = rq};
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    c.tx = tx;
    TRY(choose(&c, why));
    if (c.order.count + c.left_count == 0) {
        page_flash(rq, N_("You chose nothing. Tick the dossiers first."));
        reply_redirect(rq, STR("/viec"));
        return OK;
    }
    return show(&c, 200, NULL, why);
}

/* ---- the order ---- */

/* The same fields that the interface takes. */
static enum outcome read_fields(struct choosing *c, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, FIELDS_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    for (size_t i = 0; i < c->order.action->field_count; i++) {
        const struct action_field *f = &c->order.action->fields[i];
        if (f->kind != ACTION_FILES) jw_put_str(&w, f->name, act_field_sent(c->rq, f));
    }
    jw_close(&w);
    TRY(json_read(c->rq->arena, str_dup(c->rq->arena, buf_str(&text)), &c->order.fields, why));
    if (c->order.count > 0) TRY(batch_order_check_fields(c->rq, c->tx, &c->order, STR(""), why));
    return fail_if_problems(why);
}

static enum outcome prepare_order(struct choosing *c, struct fail *refused, bool *out_is_shown, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(app_store(c->rq->app), c->rq->arena, &tx, why));
    c->tx = tx;
    TRY(choose(c, why));
    enum outcome r = read_fields(c, refused);
    *out_is_shown = r != OK || c->order.count == 0;
    if (r != OK && r != ERR_INVALID) return fail_with(why, r, refused->sentence, refused->args);
    return *out_is_shown ? show(c, r == OK ? 200 : 422, r == OK ? NULL : refused, why) : OK;
}

enum outcome batch_order_page(struct request *rq, struct fail *why)
{
    struct choosing c = {.rq = rq};
    struct batch_started started;
    struct fail refused;
    bool is_shown = false;
    fail_init(&refused, rq->arena);
    TRY(prepare_order(&c, &refused, &is_shown, why));
    if (is_shown) return OK;
    TRY(batch_order_start(rq, &c.order, request_form(rq, "key"), sha256_of(rq->body), &started, why));
    reply_redirect(rq, str_format(rq->arena, "/viec/hang-loat/%lld", (long long)started.id));
    return OK;
}
