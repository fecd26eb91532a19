/*
 * What every page shares: the frame around it (html/page.html) and how a handler answers with one. A page struct begins
 * with `struct frame frame`, and its field table with FRAME_FIELDS(type). Parts of a page (fields, tags, lists) are in
 * component.h.
 *
 * The frame leads to addresses which app/ and people/ serve: GET /, GET /dang-nhap?return=, POST /dang-xuat,
 * GET /language/{code}?return= (page_choose_language), GET /giao-dien/{theme}?return= (page_choose_theme).
 */
#ifndef HTML_PAGE_H
#define HTML_PAGE_H

#include "html/html.h"
#include "http/http.h"

struct frame_link {
    const char *label; /* message */
    struct str href;
    bool is_current; /* set by page_reply when `here` lies below href, unless some link is current already */
    int64_t count;   /* shown beside the label when not 0 */
    struct str key;  /* docs/keyboard.md: "g v"; empty: none */
};

struct frame_problem {
    struct str href, text; /* "#parties-0-name" */
    bool is_general;       /* the sentence would fit any field and is told with the field's label */
};

struct frame {
    struct str title; /* filled by page_reply from the route unless set */
    struct str language_code;
    struct str theme; /* light, dark, device */
    bool is_english, is_dark, is_device, is_signed_in, is_officer;
    struct str office;                   /* whose pages these are, from the settings; empty: the program's own name */
    struct str person, role, agency;     /* who is signed in, for the header */
    struct str csrf;                     /* for the hidden field `csrf` of every form: {{> html/_csrf}} */
    struct str here;                     /* this page's address, for return after sign-in */
    struct str back_href;                /* the back link; empty: none */
    struct str guide_href;               /* the manual's page about this page; empty: none */
    struct str notice;                   /* one sentence of success, from the flash cookie or the handler */
    struct str notice_href, notice_link; /* where to go back to from there, and its words; or empty */
    struct frame_problem *problems;      /* error summary */
    size_t problems_count;
    struct frame_link *links; /* navigation, filled by page_reply */
    size_t links_count;
    int64_t unread;                      /* notices */
    struct str stylesheet, script, icon; /* hashed asset paths */
    struct str office_sheet;             /* what only officers load too */
    struct str font, font_bold;          /* asked for early, so that words do not move when they arrive */
    struct str icons;                    /* every icon: <use href="{{frame.icons}}#search"> */
    struct str theme_sheet, mark;        /* the office's own style sheet and emblem; empty: ours */
    struct str announcement;             /* of maintenance, on every page; or empty */
    bool is_training;                    /* nothing here has legal effect: said on every page */
    struct str request_id;
    bool is_wide; /* officers' pages use the whole width */
    bool is_step; /* a page in the middle of one's task: who uses the keyboard is past the header at once */
};

extern const struct field frame_fields[];
#define FRAME_FIELDS(type) FIELD_STRUCT(type, frame, frame_fields)

/* What page_reply needs from the app, set once at start (app/ fills it; html/ must not know the rooms). */
struct tx;
struct page_service {
    const struct html_set *set;
    void (*fill)(struct request *rq, struct frame *f); /* navigation, unread, assets */
    void (*ahead)(struct request *rq, struct tx *tx);  /* what `fill` is going to ask; NULL: nothing */
};
const struct page_service *app_pages(const struct app *app); /* defined in app/ */

/* Said by a handler that is going to answer with a page inside the reading that it has begun (store_ahead). */
void page_ahead(struct request *rq, struct tx *tx);
/* Fills the frame from the request and answers with the template. `page` begins with struct frame. */
void page_reply(struct request *rq, int status, const char *name, void *page);
/* "Phrases – Come with the originals": the route's title and which of its things this page is, for the page's title. */
struct str page_title_of(const struct request *rq, struct str thing);
/* Every problem of a refusal as the error summary of the frame. */
void page_problems(struct request *rq, struct frame *f, const struct fail *why);
/* The label before a sentence that would fit any field; page_reply does so for the fields that the page has. */
void page_name_problem(struct request *rq, struct frame_problem *p, struct str label);
/* The sentence for one field ("" when it has none): for the message beside it. */
struct str page_problem_for(struct request *rq, const struct fail *why, struct str pointer);
/* A JSON pointer as the id of its form field: "#/parties/0/name" -> "parties-0-name". */
struct str page_field_id(struct arena *a, struct str pointer);
/* Leaves a sentence for the next page: a cookie that the next page_reply shows and clears. It names a message of our
 * catalogue by its hash, so that nobody can put words into our mouth. The message takes no arguments. */
void page_flash(struct request *rq, const char *message);
/* The same with a link to a page of this site. path: letters, digits and "/.-" only. */
void page_flash_link(struct request *rq, const char *message, struct str path, const char *label);

/* ---- pages of the frame itself ---- */

struct error_page {
    struct frame frame;
    struct str sentence; /* what happened */
    struct str id;       /* of the sentence, for the manual */
    const char *kept;    /* message: is what was typed safe? NULL: nothing was typed */
    const char *advice;  /* message: what to do */
};

/* Answers a failure as a page: what happened, whether the data is safe, what to do, the id to quote. A page that needs
 * a sign-in leads there and back. For router_options.error_page. */
void page_error(struct request *rq, const struct fail *why);
/* GET /language/{code}?return=/path: remembers the language for a year and goes back. */
enum outcome page_choose_language(struct request *rq, struct fail *why) MUST_USE;
/* GET /giao-dien/{theme}?return=/path: light, dark, or as the device says; remembered for a year. */
enum outcome page_choose_theme(struct request *rq, struct fail *why) MUST_USE;

/* The templates of html/ itself: pages and components. app/ adds them to the list of the rooms'. */
extern const struct page_template html_templates[];
extern const size_t html_template_count;

#endif
