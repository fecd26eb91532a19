#include "html/wording_page.h"

#include "base/parse.h"

/* clang-format off */
static const struct field column_fields[] = {
    FIELD_STR(struct wording_column, label),
    FIELD_STR(struct wording_column, lang),
    FIELD_END,
};
static const struct field cell_fields[] = {
    FIELD_STR(struct wording_cell, href),
    FIELD_STR(struct wording_cell, label),
    FIELD_STRUCT(struct wording_cell, tag, tag_fields),
    FIELD_END,
};
static const struct field line_fields[] = {
    FIELD_MESSAGE(struct wording_line, title),
    FIELD_LIST(struct wording_line, cells, struct wording_cell, cell_fields),
    FIELD_END,
};
const struct field wording_list_fields[] = {
    FRAME_FIELDS(struct wording_list_page),
    FIELD_STR(struct wording_list_page, intro),
    FIELD_LIST(struct wording_list_page, columns, struct wording_column, column_fields),
    FIELD_LIST(struct wording_list_page, lines, struct wording_line, line_fields),
    FIELD_END,
};
static const struct field named_fields[] = {
    FIELD_STR(struct wording_named, name),
    FIELD_MESSAGE(struct wording_named, meaning),
    FIELD_END,
};
static const struct field past_fields[] = {
    FIELD_INT(struct wording_past, n),
    FIELD_STR(struct wording_past, at),
    FIELD_STR(struct wording_past, by),
    FIELD_STR(struct wording_past, subject),
    FIELD_STR(struct wording_past, text),
    FIELD_BOOL(struct wording_past, is_code),
    FIELD_END,
};
const struct field wording_page_fields[] = {
    FRAME_FIELDS(struct wording_page),
    FIELD_STR(struct wording_page, address),
    FIELD_STR(struct wording_page, agency),
    FIELD_STR(struct wording_page, language),
    FIELD_MESSAGE(struct wording_page, title),
    FIELD_INT(struct wording_page, after),
    FIELD_BOOL(struct wording_page, is_own),
    FORM_FIELDS(struct wording_page, fields),
    FIELD_LIST(struct wording_page, names, struct wording_named, named_fields),
    FIELD_LIST(struct wording_page, versions, struct wording_past, past_fields),
    FIELD_STR(struct wording_page, sample_subject),
    FIELD_STR(struct wording_page, sample_text),
    FIELD_HTML(struct wording_page, sample),
    FIELD_END,
};
/* clang-format on */

struct tag wording_tag(const struct request *rq, enum wording_origin origin)
{
    static const struct {
        enum tag_colour colour;
        const char *word;
    } rows[] = {
        [WORDING_STANDARD] = {TAG_PLAIN,   N_("Standard")                 },
        [WORDING_OWN] = {TAG_DONE,    N_("Own words")                },
        [WORDING_ABOVE] = {TAG_WORKING, N_("Words of the agency above")},
    };
    return tag_of(rows[origin].colour, translate(rq->language, rows[origin].word));
}

void wording_list_reply(struct request *rq, struct wording_list_page *page)
{
    page->frame.is_wide = true;
    for (size_t i = 0; i < page->lines_count; i++)
        for (size_t n = 0; n < page->lines[i].cells_count; n++) page->lines[i].cells[n].label = page->columns[n].label;
    page_reply(rq, 200, "html/wordings", page);
}

void wording_take_versions(struct wording_page *page, struct wording_past *versions, size_t count)
{
    page->versions = versions;
    page->versions_count = count;
    page->after = count > 0 ? versions[0].n : 0;
    page->is_own = count > 0 && versions[0].text.len > 0;
}

void wording_reply(struct request *rq, struct wording_page *page, const struct fail *refusal)
{
    page->frame.is_wide = true;
    page->address = rq->path;
    struct str thing = translate(rq->language, page->title);
    if (page->language.len > 0) thing = str_format(rq->arena, "%.*s · %.*s", STR_ARG(thing), STR_ARG(page->language));
    page->frame.title = page_title_of(rq, thing);
    if (refusal != NULL) page_problems(rq, &page->frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "html/wording", page);
}

enum wording_press wording_press(const struct request *rq)
{
    struct str act = request_form(rq, "act");
    return str_eq(act, STR("look")) ? WORDING_LOOK : str_eq(act, STR("standard")) ? WORDING_BACK : WORDING_SAVE;
}

int64_t wording_seen(const struct request *rq)
{
    int64_t after;
    return parse_i64(request_form(rq, "after"), &after) ? after : -1;
}

void wording_done(struct request *rq, enum wording_press press)
{
    reply_redirect(rq, rq->path);
    page_flash(rq, press == WORDING_BACK ? N_("The standard words count again.")
                                         : N_("The words are saved; letters from now on have them."));
}
