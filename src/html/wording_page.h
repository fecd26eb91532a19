/*
 * The pages on which an agency words texts itself: the list of them, and one with its form, an example of how it reads,
 * the names that are filled in, its versions and the way back to the standard. What the texts are, who checks and keeps
 * them is the room's own: it fills these structs, and reads with wording_press() which button was pressed. Nothing here
 * owns memory; everything lives in the request's arena.
 *
 *     struct wording_page page = {.agency = agency.name, .title = ..., .frame.back_href = STR("/quan-tri/...")};
 *     form_area(&form, "text", ...); FORM_INTO(&form, page.fields);
 *     wording_reply(rq, &page, refusal);                                         // refusal: NULL when nothing was
 * refused
 */
#ifndef HTML_WORDING_PAGE_H
#define HTML_WORDING_PAGE_H

#include "html/component.h"

/* ---- the list ---- */

struct wording_column {
    struct str label, lang; /* lang: of the label when it is another language; or empty */
};

struct wording_cell {
    struct str href, label; /* label: of its column */
    struct tag tag;
};

struct wording_line {
    const char *title; /* message */
    struct wording_cell *cells;
    size_t cells_count;
};

struct wording_list_page {
    struct frame frame;
    struct str intro;
    const struct wording_column *columns;
    size_t columns_count;
    struct wording_line *lines;
    size_t lines_count;
};

/* Whose words count: the standard's, the agency's own, or those of one above it. */
enum wording_origin { WORDING_STANDARD, WORDING_OWN, WORDING_ABOVE };
struct tag wording_tag(const struct request *rq, enum wording_origin origin);

extern const struct field wording_list_fields[], wording_page_fields[];

/* The list; its title is the route's. */
void wording_list_reply(struct request *rq, struct wording_list_page *page);

/* ---- one ---- */

struct wording_named {   /* a name that a text may use */
    struct str name;     /* "{{code}}" */
    const char *meaning; /* message, or NULL */
};

struct wording_past {
    int64_t n;
    struct str at, by;
    struct str subject, text; /* both empty: back to the standard */
    bool is_code;             /* the text is a template of a paper */
};

struct wording_page {
    struct frame frame;
    struct str address; /* filled from the request */
    struct str agency, language;
    const char *title; /* message */
    int64_t after;     /* the version that the form was made from; 0: none */
    bool is_own;       /* the last version is not the standard */
    struct form_field *fields;
    size_t fields_count;
    struct wording_named *names;
    size_t names_count;
    struct wording_past *versions; /* newest first */
    size_t versions_count;
    struct str sample_subject, sample_text; /* an example as plain text, */
    struct html sample;                     /* or as a paper */
};

/* Takes the versions, and from them `after` and `is_own`. */
void wording_take_versions(struct wording_page *page, struct wording_past *versions, size_t count);
void wording_reply(struct request *rq, struct wording_page *page, const struct fail *refusal);

/* Which button of the form was pressed, and the version its writer saw (-1: nonsense). */
enum wording_press { WORDING_SAVE, WORDING_LOOK, WORDING_BACK };
enum wording_press wording_press(const struct request *rq);
int64_t wording_seen(const struct request *rq);
/* After saving: back to the page with a word of success. */
void wording_done(struct request *rq, enum wording_press press);

#endif
