/*
 * GET  /ho-so/{code}/danh-gia   how did it go? for who submitted it, after its end
 * POST /ho-so/{code}/danh-gia   said once
 * GET  /danh-gia/{token}        the same, for who has the letter about its end, without signing in
 * POST /danh-gia/{token}        said once
 * GET  /chat-luong              what people said of an agency, for its leaders
 */
#include <inttypes.h>

#include "agency/permission.h"
#include "base/parse.h"
#include "base/text.h"
#include "dossier/desk.h"
#include "dossier/dossier_token.h"
#include "html/chart.h"
#include "html/component.h"
#include "people/people.h"
#include "quality/quality.h"

enum { MONTHS_SHOWN = 12, SHARE_WHOLE = 1000, STARS = 5 };

/* ---- saying it ---- */

struct rate_page {
    struct frame frame;
    struct str code, address;
    struct form_field *fields;
    size_t fields_count;
    bool is_said;
};

static const struct field rate_page_fields[] = {
    FRAME_FIELDS(struct rate_page),        FIELD_STR(struct rate_page, code),     FIELD_STR(struct rate_page, address),
    FIELD_BOOL(struct rate_page, is_said), FORM_FIELDS(struct rate_page, fields), FIELD_END,
};

/* Nobody else learns the address of a letter; the referrer stays in this office whatever page it is (http/reply.c). */
static void keep_address(struct request *rq)
{
    reply_header(rq, "X-Robots-Tag", STR("noindex"));
}

static void show_form(struct request *rq, const struct rating_who *who, struct str code, const struct fail *why)
{
    struct form form = {.rq = rq, .why = why};
    struct rate_page page = {.code = code, .address = rq->path};
    for (size_t i = 0; i < RATING_COUNT; i++) {
        const struct rating_asked *q = &rating_questions[i];
        struct form_field *f = form_radios(&form, q->name, q->label, NULL, STR_NONE);
        for (size_t n = 0; n < q->choice_count; n++)
            form_choice(&form, f, str_format(rq->arena, "%d", q->choices[n].points),
                        form_say(&form, q->choices[n].label));
    }
    struct form_field *words = form_area(
        &form, "comment", N_("What should be better?"),
        N_("The leaders of the office read it without your name. Write no names, numbers or codes here."), STR_NONE);
    words->is_optional = true;
    FORM_INTO(&form, page.fields);
    if (who->dossier == 0) page.frame.back_href = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(page.code));
    if (why != NULL) page_problems(rq, &page.frame, why);
    page.frame.is_step = true;
    page_reply(rq, why != NULL ? outcome_status(why->outcome) : 200, "quality/rate", &page);
    if (who->dossier != 0) keep_address(rq);
}

/* By the letter's token, else by who is signed in. */
static enum outcome may_rate(struct request *rq, struct rating_who *who, struct str *out_code, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct str token = request_param(rq, "token");
    *who = (struct rating_who){.account = rq->visitor.account, .code = request_param(rq, "code")};
    if (token.len > 0 && !dossier_rating_token_read(app_desk(rq->app)->keys, rq->arena, token, &who->dossier))
        return fail(why, ERR_MISSING, N_("This link is not whole. Copy all of it from the letter."));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(rating_may(tx, who, out_code, why));
    *out_code = str_dup(rq->arena, *out_code);
    return OK;
}

static enum outcome get_form(struct request *rq, struct fail *why)
{
    struct rating_who who;
    struct str code;
    TRY(may_rate(rq, &who, &code, why));
    show_form(rq, &who, code, NULL);
    return OK;
}

static void say_thanks(struct request *rq, const struct rating_who *who, struct str code)
{
    struct rate_page page = {.code = code, .is_said = true};
    if (who->dossier == 0) {
        reply_redirect(rq, str_format(rq->arena, "/ho-so/%.*s", STR_ARG(code)));
        page_flash(rq, N_("Thank you. Nobody at the office can tell that it was you."));
        return;
    }
    page.frame.title = translate(rq->language, N_("Your rating was sent"));
    page_reply(rq, 200, "quality/rate", &page);
    keep_address(rq);
}

static bool read_points(const struct rating_asked *q, struct str text, int *out)
{
    if (!parse_int(text, 0, STARS, out)) return false;
    for (size_t i = 0; i < q->choice_count; i++)
        if (q->choices[i].points == *out) return true;
    return false;
}

static enum outcome post_form(struct request *rq, struct fail *why)
{
    struct fail mistakes;
    struct str code;
    struct rating_new in = {.comment = str_trim(text_clean(rq->arena, request_form(rq, "comment")))};
    fail_init(&mistakes, rq->arena);
    TRY(may_rate(rq, &in.who, &code, why));
    for (size_t i = 0; i < RATING_COUNT; i++)
        if (!read_points(&rating_questions[i], request_form(rq, rating_questions[i].name), &in.points[i]))
            fail_problem(&mistakes, str_format(rq->arena, "#/%s", rating_questions[i].name), "required",
                         N_("Choose one of these."));
    if (text_length(in.comment) > RATING_COMMENT_MOST)
        fail_problem(&mistakes, STR("#/comment"), "too-long", N_("At most {0} characters."),
                     str_format(rq->arena, "%d", RATING_COMMENT_MOST));
    if (fail_if_problems(&mistakes) != OK) {
        show_form(rq, &in.who, code, &mistakes);
        return OK;
    }
    TRY(store_run(app_store(rq->app), rating_give, &in, NULL, why));
    say_thanks(rq, &in.who, code);
    return OK;
}

/* ---- what was said ---- */

struct answer_row {
    struct str label, value, share;
};
struct words_row {
    struct str text;
};
struct sums_page {
    struct frame frame;
    int64_t count, least;
    bool has_enough;
    struct bars chart;
    struct answer_row *answers, *averages;
    size_t answers_count, averages_count;
    struct words_row *words;
    size_t words_count;
};

/* clang-format off */
static const struct field answer_row_fields[] = {
    FIELD_STR(struct answer_row, label),
    FIELD_STR(struct answer_row, value),
    FIELD_STR(struct answer_row, share),
    FIELD_END,
};
static const struct field words_row_fields[] = {
    FIELD_STR(struct words_row, text),
    FIELD_END,
};
static const struct field sums_page_fields[] = {
    FRAME_FIELDS(struct sums_page),
    FIELD_INT(struct sums_page, count),
    FIELD_INT(struct sums_page, least),
    FIELD_BOOL(struct sums_page, has_enough),
    FIELD_STRUCT(struct sums_page, chart, bars_fields),
    FIELD_LIST(struct sums_page, answers, struct answer_row, answer_row_fields),
    FIELD_LIST(struct sums_page, averages, struct answer_row, answer_row_fields),
    FIELD_LIST(struct sums_page, words, struct words_row, words_row_fields),
    FIELD_END,
};
/* clang-format on */

static void fill_answers(struct request *rq, const struct rating_sums *s, struct sums_page *page)
{
    const struct rating_asked *q = &rating_questions[RATING_SATISFACTION];
    struct bar *bars = ARENA_ARRAY(rq->arena, struct bar, STARS);
    page->answers = ARENA_ARRAY(rq->arena, struct answer_row, STARS);
    page->answers_count = STARS;
    for (size_t i = 0; i < STARS; i++) {
        int64_t n = s->satisfied[q->choices[i].points - 1], share = n * SHARE_WHOLE / s->count;
        struct str label = translate(rq->language, q->choices[i].label);
        struct str value = str_format(rq->arena, "%" PRId64, n);
        struct str percent = str_format(rq->arena, "%" PRId64 " %%", (n * 100 + s->count / 2) / s->count);
        bars[i] = (struct bar){.label = label,
                               .value = str_format(rq->arena, "%.*s (%.*s)", STR_ARG(percent), STR_ARG(value)),
                               .share = share};
        page->answers[i] = (struct answer_row){label, value, percent};
    }
    page->chart = bars_of(STR("hai-long"), translate(rq->language, q->label), bars, STARS);
}

/* "1,8 / 2": one decimal, as Circular 01/2018/TT-VPCP, art. 14 rounds. */
static void fill_averages(struct request *rq, const struct rating_sums *s, struct sums_page *page)
{
    page->averages = ARENA_ARRAY(rq->arena, struct answer_row, RATING_COUNT);
    for (size_t i = 0; i < RATING_COUNT; i++) {
        const struct rating_asked *q = &rating_questions[i];
        int64_t tenths = (s->points[i] * 10 + s->count / 2) / s->count;
        page->averages[page->averages_count++] =
            (struct answer_row){.label = translate(rq->language, q->label),
                                .value = str_format(rq->arena, "%" PRId64 ",%" PRId64 " / %d", tenths / 10, tenths % 10,
                                                    q->choices[0].points)};
    }
}

static enum outcome get_sums(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rating_sums sums;
    struct sums_page page = {.least = RATING_TELLS_FROM};
    struct civil today = day_to_civil(day_of(clock_now()));
    int months = today.year * 12 + today.month - 1 - (MONTHS_SHOWN - 1);
    day_t since = day_from_civil((struct civil){months / 12, months % 12 + 1, 1});
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(rating_sums(tx, rq->visitor.agency, since, &sums, why));
    page.count = sums.count;
    page.has_enough = sums.count >= RATING_TELLS_FROM;
    if (page.has_enough) {
        fill_answers(rq, &sums, &page);
        fill_averages(rq, &sums, &page);
        page.words = ARENA_ARRAY(rq->arena, struct words_row, sums.comment_count + 1);
        page.words_count = sums.comment_count;
        for (size_t i = 0; i < sums.comment_count; i++) page.words[i].text = sums.comments[i];
    }
    page_reply(rq, 200, "quality/sums", &page);
    return OK;
}

/* ---- tables ---- */

/* clang-format off */
const struct route quality_routes[] = {
    {GET,  "/ho-so/{code}/danh-gia", PERMIT_DOSSIER_OWN,     get_form,  N_("How did it go?")},
    {POST, "/ho-so/{code}/danh-gia", PERMIT_DOSSIER_OWN,     post_form, N_("How did it go?")},
    {GET,  "/danh-gia/{token}",      PERMIT_PUBLIC,          get_form,  N_("How did it go?")},
    {POST, "/danh-gia/{token}",      PERMIT_PUBLIC,          post_form, N_("How did it go?")},
    {GET,  "/chat-luong",            PERMIT_DOSSIER_APPROVE, get_sums,  N_("What people say of us"), .can_wait = true},
};
/* clang-format on */
const size_t quality_route_count = LENGTH(quality_routes);

const struct page_template quality_templates[] = {
    {"quality/rate", rate_page_fields},
    {"quality/sums", sums_page_fields},
};
const size_t quality_template_count = LENGTH(quality_templates);
