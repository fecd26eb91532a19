/*
 * /quan-tri/mau-giay          the letters of slips, and which of them the agency words itself
 * /quan-tri/mau-giay/{kind}   one of them: its template, an example, its versions, back to the standard
 */
#include "agency/agency.h"
#include "agency/permission.h"
#include "html/wording_page.h"
#include "people/people.h"
#include "slip/slip_pages.h"
#include "slip/slip_wording.h"

enum { FORM_BYTES = 256 * 1024 };

static bool is_among(const struct rows *own, struct str kind)
{
    for (size_t i = 0; i < own->count; i++)
        if (str_eq(row_str(&own->at[i], 0), kind)) return true;
    return false;
}

static enum outcome get_list(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct arena *a = rq->arena;
    struct wording_column column = {.label = translate(rq->language, N_("Template"))};
    TRY(store_read_begin(app_store(rq->app), a, &tx, why));
    TRY(people_own_agency(rq, tx, &agency, why));
    struct str intro = translate(rq->language, N_("How the slips of {0} are worded. What a slip says of its dossier "
                                                  "comes from the journal; the words around it are yours."));
    struct wording_list_page page = {.intro = fail_fill(a, intro, (const struct str[FAIL_ARGS]){agency.name}),
                                     .columns = &column,
                                     .columns_count = 1,
                                     .lines = ARENA_ARRAY(a, struct wording_line, WORDING_KIND_COUNT),
                                     .lines_count = WORDING_KIND_COUNT};
    struct rows own;
    TRY(slip_wording_own(tx, agency.id, &own, why));
    for (size_t n = 0; n < WORDING_KIND_COUNT; n++) {
        struct wording_kind kind = wording_kind_at(a, n);
        struct wording_cell *cell = ARENA_NEW(a, struct wording_cell);
        cell->href = str_format(a, "/quan-tri/mau-giay/%.*s", STR_ARG(kind.id));
        cell->tag = wording_tag(rq, is_among(&own, kind.id) ? WORDING_OWN : WORDING_STANDARD);
        page.lines[n] = (struct wording_line){kind.title, cell, 1};
    }
    wording_list_reply(rq, &page);
    return OK;
}

/* ---- one ---- */

static enum outcome read_kind(struct request *rq, struct wording_kind *out, struct fail *why)
{
    struct str id = request_param(rq, "kind");
    for (size_t n = 0; n < WORDING_KIND_COUNT; n++) {
        *out = wording_kind_at(rq->arena, n);
        if (str_eq(id, out->id)) return OK;
    }
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

static enum outcome fill_versions(struct request *rq, struct tx *tx, struct str kind, struct wording_page *page,
                                  struct fail *why)
{
    struct slip_wording *list;
    size_t count;
    TRY(slip_wording_versions(tx, rq->visitor.agency, kind, &list, &count, why));
    struct wording_past *past = ARENA_ARRAY(rq->arena, struct wording_past, count + 1);
    for (size_t i = 0; i < count; i++)
        past[i] = (struct wording_past){list[i].n, instant_for_people(rq->arena, list[i].at), list[i].by,
                                        .text = list[i].text, .is_code = true};
    wording_take_versions(page, past, count);
    return OK;
}

static void fill_names(struct request *rq, const struct field *fields, struct wording_page *page)
{
    size_t count = 0;
    while (fields[count].name != NULL) count++;
    page->names = ARENA_ARRAY(rq->arena, struct wording_named, count + 1);
    page->names_count = count;
    for (size_t i = 0; i < count; i++) page->names[i].name = str_format(rq->arena, "{{%s}}", fields[i].name);
}

/* typed: what the form holds now and was found good; empty: what is kept. */
static enum outcome show_one(struct request *rq, const struct wording_kind *kind, struct str typed,
                             const struct fail *refusal, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct slip_wording words;
    struct letter letter;
    struct form form = {.rq = rq, .why = refusal};
    const struct html_set *set = app_pages(rq->app)->set;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(people_own_agency(rq, tx, &agency, why));
    TRY(slip_wording_at(tx, agency.id, kind->id, INT64_MAX, &words, why));
    struct wording_page page = {
        .frame.back_href = STR("/quan-tri/mau-giay"), .agency = agency.name, .title = kind->title};
    TRY(fill_versions(rq, tx, kind->id, &page, why));
    struct str standard = html_set_source(set, kind->letter);
    form_area(&form, "text", N_("Template"), N_("A closed set of elements; values stand as {{name}}."),
              words.text.len > 0 ? words.text : standard)
        ->rows = 24;
    FORM_INTO(&form, page.fields);
    fill_names(rq, kind->fields, &page);
    TRY(slip_wording_sample(set, rq->arena, kind, typed.len > 0 ? typed : words.text, &letter, why));
    TRY(letter_html(rq->arena, &letter, &page.sample, why));
    wording_reply(rq, &page, refusal);
    return OK;
}

static enum outcome get_one(struct request *rq, struct fail *why)
{
    struct wording_kind kind;
    TRY(read_kind(rq, &kind, why));
    return show_one(rq, &kind, STR_NONE, NULL, why);
}

static enum outcome save(struct request *rq, struct str kind, struct str text, struct fail *why)
{
    struct slip_wording_new in = {
        .actor = people_actor(rq), .agency = rq->visitor.agency, .kind = kind, .after = wording_seen(rq), .text = text};
    return store_run(app_store(rq->app), slip_wording_save, &in, NULL, why);
}

static enum outcome post_one(struct request *rq, struct fail *why)
{
    struct wording_kind kind;
    struct fail refusal;
    enum wording_press press = wording_press(rq);
    struct str text = str_trim(str_replace(rq->arena, request_form(rq, "text"), STR("\r\n"), STR("\n")));
    TRY(read_kind(rq, &kind, why));
    fail_init(&refusal, rq->arena);
    if (press == WORDING_BACK) text = STR_NONE;
    enum outcome done =
        press == WORDING_BACK ? OK : slip_wording_check(app_pages(rq->app)->set, rq->arena, &kind, text, &refusal);
    if (done == OK && press == WORDING_LOOK) return show_one(rq, &kind, text, NULL, why);
    if (done == OK) done = save(rq, kind.id, text, &refusal);
    if (done == ERR_BAD || done == ERR_TOO_LARGE || done == ERR_STALE) {
        fail_problem_with(&refusal, STR("/text"), outcome_type(done), refusal.sentence, refusal.args);
        refusal.outcome = ERR_INVALID;
        return show_one(rq, &kind, STR_NONE, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    wording_done(rq, press);
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
