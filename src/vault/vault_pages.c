/*
 * GET  /kho-giay-to             what I keep: results of agencies and my own papers
 * POST /kho-giay-to             keeps a paper of my own
 * GET  /kho-giay-to/{id}/tep    its file
 * POST /kho-giay-to/{id}/xoa    removes a paper of my own; what an agency issued stays
 * GET  /api/v1/vault            the same list for programs
 */
#include "vault/vault_pages.h"

#include "agency/permission.h"
#include "base/parse.h"
#include "base/text.h"
#include "html/component.h"
#include "store/blob.h"
#include "vault/vault.h"

enum { LIST_STANDARD = 25, LIST_MOST = 100, FORM_BYTES = 21 * 1024 * 1024 };

/* ---- reading ---- */

struct listed {
    struct vault_item *items;
    size_t count;
    struct str next_cursor; /* empty: this is the end */
};

/* The cursor is the id of the last item shown. */
static enum outcome read_list(struct request *rq, struct tx *tx, struct listed *out, struct fail *why)
{
    int64_t before = request_cursor(rq, 0, why);
    size_t limit = request_limit(rq, LIST_STANDARD, LIST_MOST, why);
    TRY(fail_if_problems(why));
    TRY(vault_list(tx, rq->visitor.account, before, limit + 1, &out->items, &out->count, why));
    out->next_cursor = STR_NONE;
    if (out->count > limit) {
        out->count = limit;
        out->next_cursor = id_format(rq->arena, out->items[out->count - 1].id);
    }
    return OK;
}

static enum outcome find(struct request *rq, struct vault_item *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    int64_t id;
    if (!id_parse(request_param(rq, "id"), &id)) return fail(why, ERR_MISSING, N_("Your store has no such paper."));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    return vault_find(tx, rq->visitor.account, id, out, why);
}

/* ---- programs ---- */

static void put_day(struct json_writer *w, struct arena *a, const char *key, day_t day)
{
    jw_put_str_or_null(w, key, day != 0 ? day_format(a, day) : STR_NONE);
}

static void write_item(struct json_writer *w, struct arena *a, const struct vault_item *item)
{
    jw_open(w, '{');
    jw_put_id(w, "id", item->id);
    jw_put_str(w, "kind", item->is_result ? STR("result") : STR("own"));
    jw_put_str(w, "title", item->title);
    jw_put_str_or_null(w, "agency", item->agency_name);
    jw_put_str_or_null(w, "dossier", item->code);
    jw_put_str_or_null(w, "procedure", item->procedure_code);
    put_day(w, a, "issued", item->issued);
    put_day(w, a, "valid_until", item->valid_until);
    jw_put_str(w, "file", sha256_format(a, item->paper.hash));
    jw_put_str(w, "name", item->paper.name);
    jw_put_str(w, "type", item->paper.type);
    jw_put_int(w, "size", item->paper.bytes);
    jw_put_instant(w, "kept_at", item->kept_at);
    jw_close(w);
}

static enum outcome get_list(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct listed list;
    struct json_writer w;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(read_list(rq, tx, &list, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < list.count; i++) write_item(&w, rq->arena, &list.items[i]);
    jw_close_list(&w, list.next_cursor);
    return OK;
}

/* ---- people ---- */

struct kept_line {
    struct str title, name, href, code, agency, issued, valid_until;
    struct str remove_href; /* empty: it stays */
    struct tag tag;
};

/* clang-format off */
static const struct field kept_line_fields[] = {
    FIELD_STR(struct kept_line, title),
    FIELD_STR(struct kept_line, name),
    FIELD_STR(struct kept_line, href),
    FIELD_STR(struct kept_line, remove_href),
    FIELD_STR(struct kept_line, code),
    FIELD_STR(struct kept_line, agency),
    FIELD_STR(struct kept_line, issued),
    FIELD_STR(struct kept_line, valid_until),
    FIELD_STRUCT(struct kept_line, tag, tag_fields),
    FIELD_END,
};

struct vault_page {
    struct frame frame;
    struct kept_line *lines;
    size_t lines_count;
    struct form_field *fields;
    size_t fields_count;
    bool is_adding;
    struct pagination pagination;
};

static const struct field vault_page_fields[] = {
    FRAME_FIELDS(struct vault_page),
    FIELD_LIST(struct vault_page, lines, struct kept_line, kept_line_fields),
    FORM_FIELDS(struct vault_page, fields),
    FIELD_BOOL(struct vault_page, is_adding),
    FIELD_STRUCT(struct vault_page, pagination, pagination_fields),
    FIELD_END,
};
/* clang-format on */

static struct tag tag_of_item(struct request *rq, const struct vault_item *item, day_t today)
{
    if (!vault_is_valid(item, today)) return tag_of(TAG_STOPPED, translate(rq->language, N_("No longer valid")));
    if (item->is_result) return tag_of(TAG_DONE, translate(rq->language, N_("Issued by the office")));
    return tag_of(TAG_PLAIN, translate(rq->language, N_("Your own paper")));
}

static struct kept_line line_of(struct request *rq, const struct vault_item *item, day_t today)
{
    struct arena *a = rq->arena;
    struct str base = str_format(a, "/kho-giay-to/%lld", (long long)item->id);
    struct kept_line line = {
        .title = item->title,
        .name = item->paper.name,
        .href = str_format(a, "%.*s/tep", STR_ARG(base)),
        .code = item->code,
        .agency = item->agency_name,
        .tag = tag_of_item(rq, item, today),
    };
    if (!item->is_result) line.remove_href = str_format(a, "%.*s/xoa", STR_ARG(base));
    if (item->issued != 0) line.issued = day_for_people(a, item->issued);
    if (item->valid_until != 0) line.valid_until = day_for_people(a, item->valid_until);
    return line;
}

static void fill_form(struct request *rq, struct vault_page *page, const struct fail *why)
{
    struct form form = {.rq = rq, .why = why};
    form_text(&form, "title", N_("What the paper is"), N_("For example: birth certificate of my daughter."), STR_NONE);
    form_file(&form, "file", N_("File"), N_("PDF, JPEG, PNG or HEIC, at most 20 MB."))->has_camera = true;
    form_date(&form, "valid_until", N_("Valid until"), N_("When the paper says so."), STR_NONE)->is_optional = true;
    FORM_INTO(&form, page->fields);
    page->is_adding = why != NULL;
}

static enum outcome show(struct request *rq, struct fail *mistakes, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct vault_page page = {0};
    struct listed list;
    day_t today = day_of(clock_now());
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(read_list(rq, tx, &list, why));
    page.lines = ARENA_ARRAY(rq->arena, struct kept_line, list.count + 1);
    for (size_t i = 0; i < list.count; i++) page.lines[page.lines_count++] = line_of(rq, &list.items[i], today);
    if (request_query(rq, "cursor").len > 0) page.pagination.previous_href = STR("/kho-giay-to");
    if (list.next_cursor.len > 0)
        page.pagination.next_href = str_format(rq->arena, "/kho-giay-to?cursor=%.*s", STR_ARG(list.next_cursor));
    fill_form(rq, &page, mistakes);
    if (mistakes != NULL) page_problems(rq, &page.frame, mistakes);
    page_reply(rq, mistakes != NULL ? outcome_status(mistakes->outcome) : 200, "vault/list", &page);
    return OK;
}

static enum outcome get_page(struct request *rq, struct fail *why)
{
    return show(rq, NULL, why);
}

static enum outcome read_keep(struct request *rq, struct vault_keep *out, struct fail *why)
{
    struct str until = day_typed(rq->arena, request_form(rq, "valid_until"));
    struct fail wrong;
    fail_init(&wrong, rq->arena);
    *out = (struct vault_keep){.account = rq->visitor.account,
                               .title = text_one_line(rq->arena, text_clean(rq->arena, request_form(rq, "title")))};
    if (out->title.len == 0)
        fail_problem(why, STR("#/title"), "required", N_("Say what the paper is, so that you find it again."));
    else if (text_length(out->title) > VAULT_TITLE_MOST)
        fail_problem(why, STR("#/title"), "too-long", N_("At most {0} characters."),
                     str_format(rq->arena, "%d", VAULT_TITLE_MOST));
    if (until.len > 0) (void)day_or_problem(until, STR("#/valid_until"), &out->valid_until, why); /* with the others */
    if (rq->upload_count == 0 || rq->uploads[0].file_name.len == 0)
        fail_problem(why, STR("#/file"), "required", N_("Choose the file."));
    TRY(fail_if_problems(why));
    enum outcome taken = app_take_paper(rq, &rq->uploads[0], &out->paper, &wrong);
    if (taken == ERR_DOWN) {
        *why = wrong;
        return taken;
    }
    if (taken != OK) fail_problem_with(why, STR("#/file"), outcome_type(taken), wrong.sentence, wrong.args);
    return fail_if_problems(why);
}

static enum outcome post_page(struct request *rq, struct fail *why)
{
    struct fail mistakes;
    struct vault_keep keep;
    int64_t id;
    fail_init(&mistakes, rq->arena);
    enum outcome r = read_keep(rq, &keep, &mistakes);
    if (r == OK) r = store_run(app_store(rq->app), vault_keep, &keep, &id, &mistakes);
    if (r == ERR_INVALID || r == ERR_CONFLICT) return show(rq, &mistakes, why);
    if (r != OK) {
        *why = mistakes;
        return r;
    }
    reply_redirect(rq, STR("/kho-giay-to"));
    page_flash(rq, N_("The paper is in your store."));
    return OK;
}

static enum outcome get_file(struct request *rq, struct fail *why)
{
    struct vault_item item = {0};
    uint64_t bytes;
    int fd;
    TRY(find(rq, &item, why));
    TRY(blob_open(app_files_folder(rq->app), item.paper.hash, &fd, &bytes, why));
    reply_file(rq, fd, bytes, item.paper.type, item.paper.name, "attachment");
    return OK;
}

static enum outcome post_remove(struct request *rq, struct fail *why)
{
    struct vault_item item;
    TRY(find(rq, &item, why));
    struct vault_drop drop = {rq->visitor.account, item.id};
    TRY(store_run(app_store(rq->app), vault_drop, &drop, NULL, why));
    reply_redirect(rq, STR("/kho-giay-to"));
    page_flash(rq, N_("The paper is no longer in your store."));
    return OK;
}

/* ---- tables ---- */

const struct route vault_routes[] = {
    {GET,  "/kho-giay-to",          PERMIT_DOSSIER_OWN, get_page,    N_("My papers"),            0,          false, NULL},
    {POST, "/kho-giay-to",          PERMIT_DOSSIER_OWN, post_page,   N_("My papers"),            FORM_BYTES, true,  NULL},
    {GET,  "/kho-giay-to/{id}/tep", PERMIT_DOSSIER_OWN, get_file,    N_("A paper of my store"),  0,          false, NULL},
    {POST, "/kho-giay-to/{id}/xoa", PERMIT_DOSSIER_OWN, post_remove, N_("Remove from my store"), 0,          false, NULL},
    {GET,  "/api/v1/vault",         PERMIT_DOSSIER_OWN, get_list,    N_("What I keep"),          0,          false, NULL},
};
const size_t vault_route_count = LENGTH(vault_routes);

const struct page_template vault_templates[] = {
    {"vault/list", vault_page_fields},
};
const size_t vault_template_count = LENGTH(vault_templates);
