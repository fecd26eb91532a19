/* /quan-tri/cau-mau: the phrases of one's agency; each on a page of its own, a new one at /quan-tri/cau-mau/moi. */
#include "agency/agency.h"
#include "agency/permission.h"
#include "base/parse.h"
#include "base/text.h"
#include "conversation/conversation_pages.h"
#include "conversation/phrase.h"
#include "html/component.h"
#include "people/people.h"

#define NEW "moi"

struct phrase_row {
    struct str href, title, text;
    struct tag tag;
};

struct use_group {
    const char *title; /* message */
    struct phrase_row *rows;
    size_t rows_count;
};

struct phrases_page {
    struct frame frame;
    struct str agency;
    struct use_group *groups;
    size_t groups_count;
};

struct name_row {
    struct str name;
    const char *meaning;
};

struct phrase_page {
    struct frame frame;
    struct str address, agency, sample;
    int64_t after;
    bool is_new, is_hidden;
    struct form_field *fields;
    size_t fields_count;
    struct name_row *names;
    size_t names_count;
};

/* clang-format off */
static const struct field row_fields[] = {
    FIELD_STR(struct phrase_row, href),
    FIELD_STR(struct phrase_row, title),
    FIELD_STR(struct phrase_row, text),
    FIELD_STRUCT(struct phrase_row, tag, tag_fields),
    FIELD_END,
};
static const struct field group_fields[] = {
    FIELD_MESSAGE(struct use_group, title),
    FIELD_LIST(struct use_group, rows, struct phrase_row, row_fields),
    FIELD_END,
};
static const struct field phrases_fields[] = {
    FRAME_FIELDS(struct phrases_page),
    FIELD_STR(struct phrases_page, agency),
    FIELD_LIST(struct phrases_page, groups, struct use_group, group_fields),
    FIELD_END,
};
static const struct field name_fields[] = {
    FIELD_STR(struct name_row, name),
    FIELD_MESSAGE(struct name_row, meaning),
    FIELD_END,
};
static const struct field phrase_fields[] = {
    FRAME_FIELDS(struct phrase_page),
    FIELD_STR(struct phrase_page, address),
    FIELD_STR(struct phrase_page, agency),
    FIELD_STR(struct phrase_page, sample),
    FIELD_INT(struct phrase_page, after),
    FIELD_BOOL(struct phrase_page, is_new),
    FIELD_BOOL(struct phrase_page, is_hidden),
    FORM_FIELDS(struct phrase_page, fields),
    FIELD_LIST(struct phrase_page, names, struct name_row, name_fields),
    FIELD_END,
};
const struct page_template phrase_templates[] = {
    {"conversation/phrases", phrases_fields},
    {"conversation/phrase",  phrase_fields },
};
/* clang-format on */
const size_t phrase_template_count = LENGTH(phrase_templates);

/* ---- the list ---- */

static struct tag tag_of_phrase(const struct request *rq, const struct phrase *p)
{
    if (p->is_hidden) return tag_of(TAG_STOPPED, translate(rq->language, N_("Not offered")));
    if (p->version == 0) return tag_of(TAG_PLAIN, translate(rq->language, N_("Standard")));
    return tag_of(TAG_DONE, translate(rq->language, N_("Own words")));
}

static void fill_groups(struct request *rq, const struct phrase *phrases, size_t count, struct phrases_page *page)
{
    page->groups = ARENA_ARRAY(rq->arena, struct use_group, phrase_use_count);
    page->groups_count = phrase_use_count;
    for (size_t u = 0; u < phrase_use_count; u++) {
        struct use_group *g = &page->groups[u];
        *g = (struct use_group){phrase_uses[u].title, ARENA_ARRAY(rq->arena, struct phrase_row, count + 1), 0};
        for (size_t i = 0; i < count; i++)
            if (phrases[i].use == &phrase_uses[u])
                g->rows[g->rows_count++] = (struct phrase_row){
                    str_format(rq->arena, "/quan-tri/cau-mau/%.*s", STR_ARG(phrases[i].name)), phrases[i].title,
                    text_shorten(rq->arena, phrases[i].text, 160), tag_of_phrase(rq, &phrases[i])};
    }
}

static enum outcome get_phrases(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct phrase *phrases;
    size_t count;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(people_own_agency(rq, tx, &agency, why));
    TRY(phrases_of(tx, agency.id, rq->language, true, &phrases, &count, why));
    struct phrases_page page = {.frame.is_wide = true, .agency = agency.name};
    fill_groups(rq, phrases, count, &page);
    page_reply(rq, 200, "conversation/phrases", &page);
    return OK;
}

/* ---- one ---- */

/* The phrase of the address; a new one has no name yet. */
static enum outcome find_phrase(struct request *rq, struct tx *tx, struct phrase *out, struct fail *why)
{
    struct phrase *phrases;
    size_t count;
    struct str name = request_param(rq, "name");
    *out = (struct phrase){0};
    if (str_eq(name, STR(NEW))) return OK;
    TRY(phrases_of(tx, rq->visitor.agency, rq->language, true, &phrases, &count, why));
    for (size_t i = 0; i < count; i++)
        if (str_eq(phrases[i].name, name)) {
            *out = phrases[i];
            return OK;
        }
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

static void draw_form(struct request *rq, const struct phrase *p, const struct fail *refusal, struct phrase_page *page)
{
    struct form form = {.rq = rq, .why = refusal};
    struct str use = str_from(p->use != NULL ? p->use->name : "");
    struct form_field *where = form_select(&form, "use", N_("Where it is offered"), NULL, use);
    if (use.len == 0) form_choice(&form, where, STR(""), form_say(&form, N_("Choose")));
    for (size_t i = 0; i < phrase_use_count; i++)
        form_choice(&form, where, str_from(phrase_uses[i].name), form_say(&form, phrase_uses[i].title));
    form_text(&form, "title", N_("Title in the list"), NULL, p->title)->width = STR("30");
    form_area(&form, "text", N_("Text"), N_("The officer who chooses it may change every word before sending."),
              p->text)
        ->rows = 8;
    FORM_INTO(&form, page->fields);
}

static void fill_names(struct request *rq, struct phrase_page *page)
{
    size_t count = 0;
    while (phrase_names[count].name != NULL) count++;
    page->names = ARENA_ARRAY(rq->arena, struct name_row, count);
    page->names_count = count;
    for (size_t i = 0; i < count; i++)
        page->names[i] =
            (struct name_row){str_format(rq->arena, "{{%s}}", phrase_names[i].name), phrase_names[i].meaning};
}

/* typed: what the form holds; NULL: what is kept. */
static enum outcome show_phrase(struct request *rq, const struct phrase *typed, const struct fail *refusal,
                                struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct phrase kept;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(people_own_agency(rq, tx, &agency, why));
    TRY(find_phrase(rq, tx, &kept, why));
    struct phrase_page page = {.address = rq->path,
                               .agency = agency.name,
                               .after = kept.version,
                               .is_new = kept.name.len == 0,
                               .is_hidden = kept.is_hidden};
    page.frame.is_wide = true;
    page.frame.back_href = STR("/quan-tri/cau-mau");
    page.frame.title = page_title_of(rq, page.is_new ? translate(rq->language, N_("A new phrase")) : kept.title);
    struct phrase_facts facts = phrase_facts_sample(rq->language);
    const struct phrase *shown = typed != NULL ? typed : &kept;
    if (refusal == NULL && shown->text.len > 0) page.sample = phrase_fill(rq->arena, shown->text, &facts, rq->language);
    draw_form(rq, &kept, refusal, &page);
    fill_names(rq, &page);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "conversation/phrase", &page);
    return OK;
}

static enum outcome get_phrase(struct request *rq, struct fail *why)
{
    return show_phrase(rq, NULL, NULL, why);
}

static enum outcome save(struct request *rq, const struct phrase *typed, bool is_dropped, struct fail *why)
{
    struct phrase_new in = {.actor = people_actor(rq), .agency = rq->visitor.agency, .phrase = *typed};
    struct str name = request_param(rq, "name");
    if (!str_eq(name, STR(NEW))) in.phrase.name = name;
    if (is_dropped) in.phrase.text = STR("");
    if (in.phrase.use == NULL) in.phrase.use = &phrase_uses[0]; /* one that is left out is offered nowhere */
    if (!parse_i64(request_form(rq, "after"), &in.after)) in.after = -1;
    return store_run(app_store(rq->app), phrase_save, &in, NULL, why);
}

static enum outcome post_phrase(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct str act = request_form(rq, "act");
    bool is_dropped = str_eq(act, STR("drop")) && !str_eq(request_param(rq, "name"), STR(NEW));
    struct phrase typed = {.use = phrase_use_find(request_form(rq, "use")),
                           .title = text_one_line(rq->arena, request_form(rq, "title")),
                           .text = str_trim(text_clean(rq->arena, request_form(rq, "text")))};
    fail_init(&refusal, rq->arena);
    if (!is_dropped) phrase_check(rq->arena, &typed, &refusal);
    enum outcome done = fail_if_problems(&refusal);
    if (done == OK && str_eq(act, STR("look"))) return show_phrase(rq, &typed, NULL, why);
    if (done == OK) done = save(rq, &typed, is_dropped, &refusal);
    if (done == ERR_STALE) fail_problem_with(&refusal, STR("/text"), "stale", refusal.sentence, refusal.args);
    if (done == ERR_INVALID || done == ERR_STALE) return show_phrase(rq, &typed, &refusal, why);
    if (done != OK) return fail_with(why, done, refusal.sentence, refusal.args);
    page_flash(rq, is_dropped ? N_("The phrase is not offered any more.") : N_("The phrase is saved."));
    reply_redirect(rq, STR("/quan-tri/cau-mau"));
    return OK;
}

/* In order of use. */
const struct route phrase_routes[] = {
    {GET,  "/quan-tri/cau-mau",        PERMIT_NOTICE_MANAGE, get_phrases, N_("Phrases")},
    {GET,  "/quan-tri/cau-mau/{name}", PERMIT_NOTICE_MANAGE, get_phrase,  N_("Phrase") },
    {POST, "/quan-tri/cau-mau/{name}", PERMIT_NOTICE_MANAGE, post_phrase, N_("Phrase") },
};
const size_t phrase_route_count = LENGTH(phrase_routes);
