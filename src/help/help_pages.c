#include "help/help_pages.h"

#include "agency/permission.h"
#include "help/contents.h"
#include "help/error_note.h"
#include "help/manual.h"

struct help_link {
    struct str title, href, excerpt;
    bool is_current;
};
struct help_part {
    const char *title; /* message */
    struct help_link *links;
    size_t links_count;
};
struct help_page {
    struct frame frame;
    struct str q;
    bool was_searched;
    struct help_link *hits;
    size_t hits_count;
    struct help_part *parts;
    size_t parts_count;
};
struct manual_view {
    struct frame frame;
    const char *reader; /* message */
    struct manual_limits limits;
    struct help_link *links;
    size_t links_count;
};
struct error_view {
    struct frame frame;
    struct str id, sentence, original;
    const char *note; /* message, or NULL */
};

/* clang-format off */
static const struct field help_link_fields[] = {
    FIELD_STR(struct help_link, title), FIELD_STR(struct help_link, href), FIELD_STR(struct help_link, excerpt),
    FIELD_BOOL(struct help_link, is_current), FIELD_END,
};
static const struct field help_part_fields[] = {
    FIELD_MESSAGE(struct help_part, title), FIELD_LIST(struct help_part, links, struct help_link, help_link_fields),
    FIELD_END,
};
static const struct field help_page_fields[] = {
    FRAME_FIELDS(struct help_page), FIELD_STR(struct help_page, q), FIELD_BOOL(struct help_page, was_searched),
    FIELD_LIST(struct help_page, hits, struct help_link, help_link_fields),
    FIELD_LIST(struct help_page, parts, struct help_part, help_part_fields), FIELD_END,
};
static const struct field limits_fields[] = {
#define X(name) FIELD_INT(struct manual_limits, name),
    MANUAL_LIMITS(X)
#undef X
    FIELD_END,
};
static const struct field manual_view_fields[] = {
    FRAME_FIELDS(struct manual_view), FIELD_MESSAGE(struct manual_view, reader),
    FIELD_STRUCT(struct manual_view, limits, limits_fields),
    FIELD_LIST(struct manual_view, links, struct help_link, help_link_fields), FIELD_END,
};
static const struct field error_view_fields[] = {
    FRAME_FIELDS(struct error_view), FIELD_STR(struct error_view, id), FIELD_STR(struct error_view, sentence),
    FIELD_STR(struct error_view, original), FIELD_MESSAGE(struct error_view, note), FIELD_END,
};
/* clang-format on */

/* ---- the contents and the search ---- */

static struct help_link link_to(struct request *rq, const struct manual_page *page, bool is_current)
{
    return (struct help_link){str_from(page->title), manual_address(rq->arena, page, STR_NONE), STR_NONE, is_current};
}

static size_t links_for(struct request *rq, enum manual_reader who, const struct manual_page *here,
                        struct help_link **out)
{
    size_t count = 0;
    *out = ARENA_ARRAY(rq->arena, struct help_link, manual_page_count);
    for (size_t i = 0; i < manual_page_count; i++)
        if (manual_pages[i].reader == who) (*out)[count++] = link_to(rq, &manual_pages[i], &manual_pages[i] == here);
    return count;
}

static void fill_hits(struct request *rq, struct help_page *page)
{
    struct manual_hit hits[MANUAL_HITS];
    page->hits_count = manual_search(app_manual(rq->app), rq->arena, page->q, hits);
    page->hits = ARENA_ARRAY(rq->arena, struct help_link, page->hits_count + 1);
    for (size_t i = 0; i < page->hits_count; i++) {
        const struct manual_hit *hit = &hits[i];
        struct str title = str_from(hit->page->title);
        if (hit->heading.len > 0) title = str_format(rq->arena, "%s: %.*s", hit->page->title, STR_ARG(hit->heading));
        page->hits[i] =
            (struct help_link){title, manual_address(rq->arena, hit->page, hit->anchor), hit->excerpt, false};
    }
}

/* Those who look for an error id come to what it means. */
static bool leads_to_error(struct request *rq, struct str q)
{
    if (error_sentence(rq->arena, q) == NULL) return false;
    reply_redirect(rq, str_format(rq->arena, "/tro-giup/loi/%.*s", STR_ARG(q)));
    return true;
}

static enum outcome get_help(struct request *rq, struct fail *why)
{
    (void)why; /* the manual is part of the program */
    struct help_page page = {.q = str_trim(request_query(rq, "q"))};
    if (page.q.len > 0 && leads_to_error(rq, page.q)) return OK;
    page.was_searched = page.q.len > 0;
    if (page.was_searched) fill_hits(rq, &page);
    page.parts = ARENA_ARRAY(rq->arena, struct help_part, MANUAL_READER_COUNT);
    for (; page.parts_count < MANUAL_READER_COUNT; page.parts_count++) {
        struct help_part *part = &page.parts[page.parts_count];
        part->title = reader_title((enum manual_reader)page.parts_count);
        part->links_count = links_for(rq, (enum manual_reader)page.parts_count, NULL, &part->links);
    }
    page_reply(rq, 200, "help/index", &page);
    return OK;
}

static enum outcome get_manual_page(struct request *rq, struct fail *why)
{
    const struct manual_page *found = manual_find(request_param(rq, "reader"), request_param(rq, "page"));
    if (found == NULL) return fail(why, ERR_MISSING, N_("The manual has no such page."));
    struct manual_view page = {.frame.title = str_from(found->title),
                               .frame.back_href = STR("/tro-giup"),
                               .reader = reader_title(found->reader),
                               .limits = app_manual_limits(rq->app)};
    page.links_count = links_for(rq, found->reader, found, &page.links);
    page_reply(rq, 200, found->template, &page);
    return OK;
}

/* ---- what an error means ---- */

/* What somebody's page names in it is not known here. */
static struct str without_names(struct arena *a, struct str sentence)
{
    static const struct str unknown[FAIL_ARGS] = {STR_INIT("…"), STR_INIT("…"), STR_INIT("…"), STR_INIT("…")};
    return fail_fill(a, sentence, unknown);
}

static enum outcome show_error(struct request *rq, const char *sentence)
{
    struct error_view page = {.frame.back_href = STR("/tro-giup"),
                              .id = sentence_id(rq->arena, sentence),
                              .sentence = without_names(rq->arena, translate(rq->language, sentence)),
                              .original =
                                  rq->language == ENGLISH ? STR_NONE : without_names(rq->arena, str_from(sentence)),
                              .note = error_note(sentence)};
    page_reply(rq, 200, "help/error", &page);
    return OK;
}

static enum outcome get_error(struct request *rq, struct fail *why)
{
    const char *sentence = error_sentence(rq->arena, request_param(rq, "id"));
    if (sentence == NULL)
        return fail(why, ERR_MISSING, N_("No sentence of this program has the id {0}."), request_param(rq, "id"));
    return show_error(rq, sentence);
}

static enum outcome get_problem_type(struct request *rq, struct fail *why)
{
    for (enum outcome o = OK; o < OUTCOME_COUNT; o++)
        if (o != OK && str_eq(str_from(outcome_type(o)), request_param(rq, "type")))
            return show_error(rq, outcome_title(o));
    return fail(why, ERR_MISSING, NULL);
}

const struct route help_routes[] = {
    {GET, "/tro-giup",                 PERMIT_PUBLIC, get_help,         N_("Help")                  },
    {GET, "/tro-giup/loi/{id}",        PERMIT_PUBLIC, get_error,        N_("What an error id means")},
    {GET, "/tro-giup/{reader}/{page}", PERMIT_PUBLIC, get_manual_page,  N_("Manual")                },
    {GET, "/problems/{type}",          PERMIT_PUBLIC, get_problem_type, N_("What an error means")   },
};
const size_t help_route_count = LENGTH(help_routes);

/* clang-format off */
const struct page_template help_templates[] = {
    {"help/index", help_page_fields},
    {"help/error", error_view_fields},
#define X(who, slug, title, template) {"help/" #template, manual_view_fields},
    MANUAL_PAGES(X)
#undef X
};
/* clang-format on */
const size_t help_template_count = LENGTH(help_templates);
