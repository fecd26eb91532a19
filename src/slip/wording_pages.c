/*
 * /quan-tri/mau-giay          the letters of slips, and which of them the agency words itself
 * /quan-tri/mau-giay/{kind}   one of them: its template, an example, its versions, back to the standard
 */
#include "agency/agency.h"
#include "agency/permission.h"
#include "base/parse.h"
#include "html/component.h"
#include "slip/slip_pages.h"
#include "slip/slip_wording.h"

enum { FORM_BYTES = 256 * 1024 };

struct wording_line {
    const char *title;
    struct str href;
    struct tag tag;
};

struct list_page {
    struct frame frame;
    struct str agency;
    struct wording_line *lines;
    size_t lines_count;
};

struct name_line {
    struct str name;
};

struct version_line {
    int64_t n;
    struct str at, by, text;
};

struct one_page {
    struct frame frame;
    struct str address, agency;
    const char *title;
    int64_t after;
    bool is_own;
    struct form_field *fields;
    size_t fields_count;
    struct name_line *names;
    size_t names_count;
    struct version_line *versions;
    size_t versions_count;
    struct html sample;
};

/* clang-format off */
static const struct field line_fields[] = {
    FIELD_MESSAGE(struct wording_line, title),
    FIELD_STR(struct wording_line, href),
    FIELD_STRUCT(struct wording_line, tag, tag_fields),
    FIELD_END,
};
static const struct field list_fields[] = {
    FRAME_FIELDS(struct list_page),
    FIELD_STR(struct list_page, agency),
    FIELD_LIST(struct list_page, lines, struct wording_line, line_fields),
    FIELD_END,
};
static const struct field name_fields[] = {
    FIELD_STR(struct name_line, name),
    FIELD_END,
};
static const struct field version_fields[] = {
    FIELD_INT(struct version_line, n),
    FIELD_STR(struct version_line, at),
    FIELD_STR(struct version_line, by),
    FIELD_STR(struct version_line, text),
    FIELD_END,
};
static const struct field one_fields[] = {
    FRAME_FIELDS(struct one_page),
    FIELD_STR(struct one_page, address),
    FIELD_STR(struct one_page, agency),
    FIELD_MESSAGE(struct one_page, title),
    FIELD_INT(struct one_page, after),
    FIELD_BOOL(struct one_page, is_own),
    FORM_FIELDS(struct one_page, fields),
    FIELD_LIST(struct one_page, names, struct name_line, name_fields),
    FIELD_LIST(struct one_page, versions, struct version_line, version_fields),
    FIELD_HTML(struct one_page, sample),
    FIELD_END,
};
/* clang-format on */

static enum outcome load_agency(struct request *rq, struct tx *tx, struct agency *out, struct fail *why)
{
    if (rq->visitor.agency == 0)
        return fail(why, ERR_CONFLICT, N_("Only who has a post at an agency words its letters."));
    return agency_load(tx, rq->visitor.agency, out, why);
}

static enum outcome get_list(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(load_agency(rq, tx, &agency, why));
    struct list_page page = {.agency = agency.name, .lines_count = SLIP_KIND_COUNT};
    page.lines = ARENA_ARRAY(rq->arena, struct wording_line, SLIP_KIND_COUNT);
    for (enum slip_kind kind = 0; kind < SLIP_KIND_COUNT; kind++) {
        struct slip_wording words;
        TRY(slip_wording_at(tx, agency.id, kind, INT64_MAX, &words, why));
        bool is_own = words.text.len > 0;
        page.lines[kind] = (struct wording_line){
            slip_rows[kind].title, str_format(rq->arena, "/quan-tri/mau-giay/%s", slip_rows[kind].id),
            tag_of(is_own ? TAG_DONE : TAG_PLAIN, translate(rq->language, is_own ? N_("Own words") : N_("Standard")))};
    }
    page_reply(rq, 200, "slip/wordings", &page);
    return OK;
}

/* ---- one ---- */

static enum outcome read_kind(struct request *rq, enum slip_kind *out, struct fail *why)
{
    struct str id = request_param(rq, "kind");
    for (*out = 0; *out < SLIP_KIND_COUNT; (*out)++)
        if (str_eq(id, str_from(slip_rows[*out].id))) return OK;
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

static enum outcome fill_versions(struct request *rq, struct tx *tx, enum slip_kind kind, struct one_page *page,
                                  struct fail *why)
{
    struct slip_wording *list;
    size_t count;
    TRY(slip_wording_versions(tx, rq->visitor.agency, kind, &list, &count, why));
    page->versions = ARENA_ARRAY(rq->arena, struct version_line, count + 1);
    page->versions_count = count;
    for (size_t i = 0; i < count; i++)
        page->versions[i] =
            (struct version_line){list[i].n, instant_for_people(rq->arena, list[i].at), list[i].by, list[i].text};
    page->after = count > 0 ? list[0].n : 0;
    page->is_own = count > 0 && list[0].text.len > 0;
    return OK;
}

static void fill_names(struct request *rq, struct one_page *page)
{
    size_t count = 0;
    while (slip_paper_fields[count].name != NULL) count++;
    page->names = ARENA_ARRAY(rq->arena, struct name_line, count + 1);
    page->names_count = count;
    for (size_t i = 0; i < count; i++) page->names[i].name = str_format(rq->arena, "{{%s}}", slip_paper_fields[i].name);
}

/* typed: what the form holds now and was found good; empty: what is kept. */
static enum outcome show_one(struct request *rq, enum slip_kind kind, struct str typed, const struct fail *refusal,
                             struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct slip_wording words;
    struct letter letter;
    struct form form = {.rq = rq, .why = refusal};
    const struct html_set *set = app_pages(rq->app)->set;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(load_agency(rq, tx, &agency, why));
    TRY(slip_wording_at(tx, agency.id, kind, INT64_MAX, &words, why));
    struct one_page page = {.address = rq->path, .agency = agency.name, .title = slip_rows[kind].title};
    page.frame.is_wide = true;
    page.frame.back_href = STR("/quan-tri/mau-giay");
    TRY(fill_versions(rq, tx, kind, &page, why));
    struct str standard = html_set_source(set, slip_rows[kind].letter);
    form_area(&form, "text", N_("Template"), N_("A closed set of elements; values stand as {{name}}."),
              words.text.len > 0 ? words.text : standard)
        ->rows = 24;
    FORM_INTO(&form, page.fields);
    fill_names(rq, &page);
    TRY(slip_wording_sample(set, rq->arena, kind, typed.len > 0 ? typed : words.text, &letter, why));
    page.sample = letter_html(rq->arena, &letter);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(ERR_INVALID) : 200, "slip/wording", &page);
    return OK;
}

static enum outcome get_one(struct request *rq, struct fail *why)
{
    enum slip_kind kind;
    TRY(read_kind(rq, &kind, why));
    return show_one(rq, kind, STR_NONE, NULL, why);
}

static enum outcome save(struct request *rq, enum slip_kind kind, struct str text, struct fail *why)
{
    struct slip_wording_new in = {.actor = actor_of(rq), .agency = rq->visitor.agency, .kind = kind, .text = text};
    if (!parse_i64(request_form(rq, "after"), &in.after)) in.after = -1;
    return store_run(app_store(rq->app), slip_wording_save, &in, NULL, why);
}

static enum outcome post_one(struct request *rq, struct fail *why)
{
    enum slip_kind kind;
    struct fail refusal;
    struct str act = request_form(rq, "act");
    struct str text = str_trim(str_replace(rq->arena, request_form(rq, "text"), STR("\r\n"), STR("\n")));
    bool is_back = str_eq(act, STR("standard"));
    TRY(read_kind(rq, &kind, why));
    fail_init(&refusal, rq->arena);
    if (is_back) text = STR_NONE;
    enum outcome done = is_back ? OK : slip_wording_check(app_pages(rq->app)->set, rq->arena, text, &refusal);
    if (done == OK && str_eq(act, STR("look"))) return show_one(rq, kind, text, NULL, why);
    if (done == OK) done = save(rq, kind, text, &refusal);
    if (done == ERR_BAD || done == ERR_TOO_LARGE || done == ERR_STALE) {
        fail_problem_with(&refusal, STR("/text"), outcome_type(done), refusal.sentence, refusal.args);
        return show_one(rq, kind, STR_NONE, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    reply_redirect(rq, rq->path);
    page_flash(rq, is_back ? N_("The standard words count again.")
                           : N_("The words are saved; letters from now on have them."));
    return OK;
}

/* ---- tables ---- */

/* In order of use. */
/* clang-format off */
const struct route slip_wording_routes[] = {
    {GET,  "/quan-tri/mau-giay",        PERMIT_AGENCY_MANAGE, get_list, N_("Letters on paper")},
    {GET,  "/quan-tri/mau-giay/{kind}", PERMIT_AGENCY_MANAGE, get_one,  N_("Letters on paper")},
    {POST, "/quan-tri/mau-giay/{kind}", PERMIT_AGENCY_MANAGE, post_one, N_("Letters on paper"), .body_bytes = FORM_BYTES},
};
/* clang-format on */
const size_t slip_wording_route_count = LENGTH(slip_wording_routes);

const struct page_template slip_wording_templates[] = {
    {"slip/wordings", list_fields},
    {"slip/wording",  one_fields },
};
const size_t slip_wording_template_count = LENGTH(slip_wording_templates);
