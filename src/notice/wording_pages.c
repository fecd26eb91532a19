#include "notice/wording_pages.h"

#include "agency/agency.h"
#include "agency/permission.h"
#include "base/text.h"
#include "html/wording_page.h"
#include "notice/wording.h"
#include "people/people.h"

enum { FORM_BYTES = 128 * 1024 };

/* ---- the list ---- */

enum { LANGUAGES = 2 };

static enum outcome fill_cell(struct request *rq, struct tx *tx, const struct notice_event *event, enum language l,
                              struct wording_cell *out, struct fail *why)
{
    struct wording words;
    TRY(wording_find(tx, rq->visitor.agency, event, l, &words, why));
    enum wording_origin origin = words.agency == 0                    ? WORDING_STANDARD
                                 : words.agency == rq->visitor.agency ? WORDING_OWN
                                                                      : WORDING_ABOVE;
    out->href = str_format(rq->arena, "/quan-tri/thong-bao/%s/%s", event->name, language_code(l));
    out->tag = wording_tag(rq, origin);
    return OK;
}

static enum outcome get_list(struct request *rq, struct fail *why)
{
    static const struct wording_column columns[LANGUAGES] = {
        {STR_INIT("Tiếng Việt"), STR_INIT("vi")},
        {STR_INIT("English"),        STR_INIT("en")}
    };
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct arena *a = rq->arena;
    TRY(store_read_begin(app_store(rq->app), a, &tx, why));
    TRY(people_own_agency(rq, tx, &agency, why));
    struct str intro = translate(rq->language, N_("What {0} writes to people by e-mail. The words count for the "
                                                  "agencies under it, too, as long as they have none of their own."));
    struct wording_list_page page = {.intro = fail_fill(a, intro, (const struct str[FAIL_ARGS]){agency.name}),
                                     .columns = columns,
                                     .columns_count = LANGUAGES,
                                     .lines = ARENA_ARRAY(a, struct wording_line, notice_event_count),
                                     .lines_count = notice_event_count};
    for (size_t i = 0; i < notice_event_count; i++) {
        struct wording_cell *cells = ARENA_ARRAY(a, struct wording_cell, LANGUAGES);
        page.lines[i] = (struct wording_line){event_title(&notice_events[i]), cells, LANGUAGES};
        TRY(fill_cell(rq, tx, &notice_events[i], VIETNAMESE, &cells[0], why));
        TRY(fill_cell(rq, tx, &notice_events[i], ENGLISH, &cells[1], why));
    }
    wording_list_reply(rq, &page);
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
    bool is_known =
        out->event != NULL && out->event->page == NULL && language_parse(request_param(rq, "language"), &out->language);
    return is_known ? OK : fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

static enum outcome load_versions(struct request *rq, struct tx *tx, const struct chosen *c, struct wording_page *page,
                                  struct fail *why)
{
    struct wording_version *list;
    size_t count;
    TRY(wording_versions(tx, rq->visitor.agency, c->event, c->language, &list, &count, why));
    struct wording_past *past = ARENA_ARRAY(rq->arena, struct wording_past, count + 1);
    for (size_t i = 0; i < count; i++)
        past[i] = (struct wording_past){
            list[i].n, instant_for_people(rq->arena, list[i].at), list[i].by, list[i].subject, list[i].text, false};
    wording_take_versions(page, past, count);
    return OK;
}

static void fill_names(struct request *rq, struct wording_page *page)
{
    size_t count = 0;
    while (wording_names[count].name != NULL) count++;
    page->names = ARENA_ARRAY(rq->arena, struct wording_named, count);
    page->names_count = count;
    for (size_t i = 0; i < count; i++)
        page->names[i] =
            (struct wording_named){str_format(rq->arena, "{{%s}}", wording_names[i].name), wording_names[i].meaning};
}

/* How it reads: what was typed when that can be read, else what is kept. */
static void fill_sample(struct request *rq, const struct chosen *c, const struct wording *words,
                        struct wording_page *page)
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
    TRY(people_own_agency(rq, tx, &agency, why));
    TRY(wording_find(tx, agency.id, c->event, c->language, &words, why));
    struct wording_page page = {.frame.back_href = STR("/quan-tri/thong-bao"),
                                .agency = agency.name,
                                .language = c->language == ENGLISH ? STR("English") : STR("Tiếng Việt"),
                                .title = event_title(c->event)};
    TRY(load_versions(rq, tx, c, &page, why));
    form_text(&form, "subject", N_("Subject"), NULL, words.subject);
    form_area(&form, "text", N_("Text"), N_("Greeting, facts and address are added by the program."), words.text)
        ->rows = 12;
    FORM_INTO(&form, page.fields);
    fill_names(rq, &page);
    fill_sample(rq, c, typed != NULL && refusal == NULL ? typed : &words, &page);
    wording_reply(rq, &page, refusal);
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
                             .text = words->text,
                             .after = wording_seen(rq)};
    return store_run(app_store(rq->app), wording_save, &in, NULL, why);
}

static enum outcome post_one(struct request *rq, struct fail *why)
{
    struct chosen c;
    struct fail refusal;
    enum wording_press press = wording_press(rq);
    TRY(read_choice(rq, &c, why));
    fail_init(&refusal, rq->arena);
    struct wording typed = {.subject = text_one_line(rq->arena, request_form(rq, "subject")),
                            .text = str_trim(request_form(rq, "text"))};
    if (press == WORDING_BACK) typed = (struct wording){0};
    if (press != WORDING_BACK) wording_check(rq->arena, typed.subject, typed.text, &refusal);
    enum outcome done = fail_if_problems(&refusal);
    if (done == OK && press == WORDING_LOOK) return show_one(rq, &c, &typed, NULL, why);
    if (done == OK) done = save(rq, &c, &typed, &refusal);
    if (done == ERR_STALE) fail_problem_with(&refusal, STR("/text"), "stale", refusal.sentence, refusal.args);
    if (done == ERR_INVALID || done == ERR_STALE) return show_one(rq, &c, &typed, &refusal, why);
    if (done != OK) {
        *why = refusal;
        return done;
    }
    wording_done(rq, press);
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
