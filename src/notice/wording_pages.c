#include "notice/wording_pages.h"

#include "agency/agency.h"
#include "agency/permission.h"
#include "base/parse.h"
#include "base/text.h"
#include "html/component.h"
#include "notice/wording.h"
#include "people/people.h"

enum { FORM_BYTES = 128 * 1024 };

/* ---- what the pages show ---- */

struct wording_cell {
    struct str href;
    struct tag tag;
};

struct wording_line {
    const char *title;
    struct wording_cell vi, en;
};

struct list_page {
    struct frame frame;
    struct str agency;
    struct wording_line *lines;
    size_t lines_count;
};

struct name_line {
    struct str name;
    const char *meaning;
};

struct version_line {
    int64_t n;
    struct str at, by, subject, text;
};

struct one_page {
    struct frame frame;
    struct str address, agency, language, sample_subject, sample_text;
    const char *title;
    int64_t after;
    bool is_own;
    struct form_field *fields;
    size_t fields_count;
    struct name_line *names;
    size_t names_count;
    struct version_line *versions;
    size_t versions_count;
};

/* clang-format off */
static const struct field cell_fields[] = {
    FIELD_STR(struct wording_cell, href),
    FIELD_STRUCT(struct wording_cell, tag, tag_fields),
    FIELD_END,
};
static const struct field line_fields[] = {
    FIELD_MESSAGE(struct wording_line, title),
    FIELD_STRUCT(struct wording_line, vi, cell_fields),
    FIELD_STRUCT(struct wording_line, en, cell_fields),
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
    FIELD_MESSAGE(struct name_line, meaning),
    FIELD_END,
};
static const struct field version_fields[] = {
    FIELD_INT(struct version_line, n),
    FIELD_STR(struct version_line, at),
    FIELD_STR(struct version_line, by),
    FIELD_STR(struct version_line, subject),
    FIELD_STR(struct version_line, text),
    FIELD_END,
};
static const struct field one_fields[] = {
    FRAME_FIELDS(struct one_page),
    FIELD_STR(struct one_page, address),
    FIELD_STR(struct one_page, agency),
    FIELD_STR(struct one_page, language),
    FIELD_STR(struct one_page, sample_subject),
    FIELD_STR(struct one_page, sample_text),
    FIELD_MESSAGE(struct one_page, title),
    FIELD_INT(struct one_page, after),
    FIELD_BOOL(struct one_page, is_own),
    FORM_FIELDS(struct one_page, fields),
    FIELD_LIST(struct one_page, names, struct name_line, name_fields),
    FIELD_LIST(struct one_page, versions, struct version_line, version_fields),
    FIELD_END,
};
const struct page_template wording_templates[] = {
    {"notice/wordings", list_fields},
    {"notice/wording",  one_fields },
};
/* clang-format on */
const size_t wording_template_count = LENGTH(wording_templates);

/* ---- the agency whose words these are ---- */

static enum outcome load_agency(struct request *rq, struct tx *tx, struct agency *out, struct fail *why)
{
    if (rq->visitor.agency == 0)
        return fail(why, ERR_CONFLICT, N_("Only who has a post at an agency words its letters."));
    return agency_load(tx, rq->visitor.agency, out, why);
}

/* ---- the list ---- */

static enum outcome fill_line(struct request *rq, struct tx *tx, const struct notice_event *event,
                              struct wording_line *out, struct fail *why)
{
    *out = (struct wording_line){.title = event_title(event)};
    for (enum language l = VIETNAMESE; l <= ENGLISH; l++) {
        struct wording words;
        TRY(wording_find(tx, rq->visitor.agency, event, l, &words, why));
        bool is_own = words.agency == rq->visitor.agency;
        struct tag tag = words.agency == 0 ? tag_of(TAG_PLAIN, translate(rq->language, N_("Standard")))
                         : is_own          ? tag_of(TAG_DONE, translate(rq->language, N_("Own words")))
                                  : tag_of(TAG_WORKING, translate(rq->language, N_("Words of the agency above")));
        struct str href = str_format(rq->arena, "/quan-tri/thong-bao/%s/%s", event->name, language_code(l));
        *(l == VIETNAMESE ? &out->vi : &out->en) = (struct wording_cell){href, tag};
    }
    return OK;
}

static enum outcome get_list(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(load_agency(rq, tx, &agency, why));
    struct list_page page = {.frame.is_wide = true, .agency = agency.name};
    page.lines = ARENA_ARRAY(rq->arena, struct wording_line, notice_event_count);
    page.lines_count = notice_event_count;
    for (size_t i = 0; i < notice_event_count; i++) TRY(fill_line(rq, tx, &notice_events[i], &page.lines[i], why));
    page_reply(rq, 200, "notice/wordings", &page);
    return OK;
}

/* ---- one ---- */

struct chosen {
    const struct notice_event *event;
    enum language language;
};

static enum outcome read_choice(struct request *rq, struct chosen *out, struct fail *why)
{
    out->event = event_find(request_param(rq, "event"));
    bool is_known = out->event != NULL && language_parse(request_param(rq, "language"), &out->language);
    return is_known ? OK : fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

static enum outcome load_versions(struct request *rq, struct tx *tx, const struct chosen *c, struct one_page *page,
                                  struct fail *why)
{
    struct wording_version *list;
    size_t count;
    TRY(wording_versions(tx, rq->visitor.agency, c->event, c->language, &list, &count, why));
    page->versions = ARENA_ARRAY(rq->arena, struct version_line, count + 1);
    page->versions_count = count;
    for (size_t i = 0; i < count; i++)
        page->versions[i] = (struct version_line){list[i].n, instant_for_people(rq->arena, list[i].at), list[i].by,
                                                  list[i].subject, list[i].text};
    page->after = count > 0 ? list[0].n : 0;
    page->is_own = count > 0 && list[0].subject.len > 0;
    return OK;
}

static void fill_names(struct request *rq, struct one_page *page)
{
    size_t count = 0;
    while (wording_names[count].name != NULL) count++;
    page->names = ARENA_ARRAY(rq->arena, struct name_line, count);
    page->names_count = count;
    for (size_t i = 0; i < count; i++)
        page->names[i] =
            (struct name_line){str_format(rq->arena, "{{%s}}", wording_names[i].name), wording_names[i].meaning};
}

/* How it reads: what was typed when that can be read, else what is kept. */
static void fill_sample(struct request *rq, const struct chosen *c, const struct wording *words, struct one_page *page)
{
    struct mail_facts facts = mail_facts_sample(rq->arena, c->language);
    wording_fill(rq->arena, c->event, words, c->language, &facts, &page->sample_subject, &page->sample_text);
}

/* typed: what the form holds now; NULL: what is kept. */
static enum outcome show_one(struct request *rq, const struct chosen *c, const struct wording *typed,
                             struct fail *refusal, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct wording words;
    struct form form = {.rq = rq, .why = refusal};
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(load_agency(rq, tx, &agency, why));
    TRY(wording_find(tx, agency.id, c->event, c->language, &words, why));
    struct one_page page = {.frame.is_wide = true,
                            .address = rq->path,
                            .agency = agency.name,
                            .language = c->language == ENGLISH ? STR("English") : STR("Tiếng Việt"),
                            .title = event_title(c->event)};
    page.frame.back_href = STR("/quan-tri/thong-bao");
    TRY(load_versions(rq, tx, c, &page, why));
    form_text(&form, "subject", N_("Subject"), NULL, words.subject);
    form_area(&form, "text", N_("Text"), N_("Greeting, facts and address are added by the program."), words.text)
        ->rows = 12;
    FORM_INTO(&form, page.fields);
    fill_names(rq, &page);
    fill_sample(rq, c, typed != NULL && refusal == NULL ? typed : &words, &page);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "notice/wording", &page);
    return OK;
}

static enum outcome get_one(struct request *rq, struct fail *why)
{
    struct chosen c;
    TRY(read_choice(rq, &c, why));
    return show_one(rq, &c, NULL, NULL, why);
}

static enum outcome save(struct request *rq, const struct chosen *c, const struct wording *words, struct fail *why)
{
    struct wording_new in = {.actor = people_actor(rq),
                             .agency = rq->visitor.agency,
                             .event = c->event,
                             .language = c->language,
                             .subject = words->subject,
                             .text = words->text};
    if (!parse_i64(request_form(rq, "after"), &in.after)) in.after = -1;
    return store_run(app_store(rq->app), wording_save, &in, NULL, why);
}

static enum outcome post_one(struct request *rq, struct fail *why)
{
    struct chosen c;
    struct fail refusal;
    struct str act = request_form(rq, "act");
    TRY(read_choice(rq, &c, why));
    fail_init(&refusal, rq->arena);
    struct wording typed = {.subject = text_one_line(rq->arena, request_form(rq, "subject")),
                            .text = str_trim(request_form(rq, "text"))};
    bool is_back = str_eq(act, STR("standard"));
    if (is_back) typed = (struct wording){0};
    if (!is_back) wording_check(rq->arena, typed.subject, typed.text, &refusal);
    enum outcome done = fail_if_problems(&refusal);
    if (done == OK && str_eq(act, STR("look"))) return show_one(rq, &c, &typed, NULL, why);
    if (done == OK) done = save(rq, &c, &typed, &refusal);
    if (done == ERR_STALE) fail_problem_with(&refusal, STR("/text"), "stale", refusal.sentence, refusal.args);
    if (done == ERR_INVALID || done == ERR_STALE) return show_one(rq, &c, &typed, &refusal, why);
    if (done != OK) {
        *why = refusal;
        return done;
    }
    reply_redirect(rq, rq->path);
    page_flash(rq, is_back ? N_("The standard words count again.")
                           : N_("The words are saved; letters from now on have them."));
    return OK;
}

/* In order of use. */
/* clang-format off */
const struct route wording_routes[] = {
    {GET,  "/quan-tri/thong-bao",                    PERMIT_NOTICE_MANAGE, get_list, N_("Words of letters"), 0, false, NULL},
    {GET,  "/quan-tri/thong-bao/{event}/{language}", PERMIT_NOTICE_MANAGE, get_one,  N_("Words of letters"), 0, false, NULL},
    {POST, "/quan-tri/thong-bao/{event}/{language}", PERMIT_NOTICE_MANAGE, post_one, N_("Words of letters"), FORM_BYTES, false, NULL},
};
/* clang-format on */
const size_t wording_route_count = LENGTH(wording_routes);
