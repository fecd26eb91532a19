/*
 * Parts of pages: the fields of forms, tags, summaries, tasks, time lines. Each is a small struct that a handler fills,
 * a field table to put into the page's own, and a partial `html/_name` that draws it as govuk-frontend documents. Texts
 * are already in the visitor's language (form_say, translate); everything lives as long as the memory it points to, the
 * request's arena. What is right or wrong is decided elsewhere: components only show it.
 *
 * A form, in the handler and in the template:
 *
 *     struct form form = {.rq = rq, .why = why};                      // why: the refusal of the last attempt, or NULL
 *     form_text(&form, "parties/0/name", N_("Full name"), NULL, party.name)->autocomplete = STR("name");
 *     struct form_field *kind = form_radios(&form, "kind", N_("Kind"), NULL, STR("citizen"));
 *     form_choice(&form, kind, STR("citizen"), form_say(&form, N_("Citizen")));
 *     FORM_INTO(&form, page.fields);                                  // FORM_FIELDS(struct my_page, fields) in its
 * table
 *
 *     <form method="post" novalidate>{{> html/_csrf}}{{#each fields}}{{> html/_field}}{{/each}}...</form>
 *
 * After a refused POST every field shows what was typed, with the sentence of its problem: the name "parties/0/name" is
 * the pointer "#/parties/0/name" of the problem and the id "parties-0-name". A form with files says
 * enctype="multipart/form-data".
 *
 * Tables: <table class="govuk-table mc-table"> stacks on a phone when each cell after the row's header has
 * data-label="{{t "Due"}}"; `mc-table--dense` for officers; numbers take govuk-table__cell--numeric. Two columns side
 * by side from 1024 px: <div class="mc-side"><div class="mc-side__main">...</div><div
 * class="mc-side__papers">...</div></div>.
 */
#ifndef HTML_COMPONENT_H
#define HTML_COMPONENT_H

#include "base/list.h"
#include "html/page.h"

/* ---- fields of forms: {{> html/_field}} ---- */

struct choice {
    struct str value, label, hint;
    struct str id;
    bool is_chosen;
    bool is_data; /* the label comes from the law or the office, in Vietnamese whoever reads it */
};

/* A file that is there already, beside the field that adds more. */
struct attached_file {
    struct str name, size, href; /* "birth.pdf", "1,2 MB"; href may be empty */
    struct str thumb;            /* a small picture of its first page, or empty */
    struct str remove;           /* the value of the button `remove`; empty: it cannot be removed here */
};

struct form_field {
    struct str name, id, label, value, problem;
    struct str hint;                   /* one sentence, or empty */
    struct str source;                 /* where a prefilled value comes from, or empty */
    struct str wrong;                  /* name of the box that says the prefilled value is wrong; empty: no box */
    bool is_wrong;                     /* it was ticked */
    struct str mend;                   /* where a wrong source is put right, or empty */
    struct str elsewhere;              /* what another window saved here meanwhile, or empty */
    struct str type;                   /* text: text, email, tel, search, date, number */
    struct str autocomplete, numerals; /* text: HTML's autocomplete and inputmode, or empty */
    struct str width;                  /* text: 2, 3, 4, 5, 10, 20 or 30 characters, or empty for all there is */
    struct str accept;                 /* file: types and extensions, filled in */
    int64_t rows;                      /* area */
    bool is_heading, is_text, is_area, is_radios, is_checks, is_select, is_file, is_hidden; /* one of them */
    bool is_secret;   /* text: a password, never sent back */
    bool is_multiple; /* file */
    bool has_camera;  /* file: a second field of the same name that opens the camera of a phone */
    bool is_optional; /* says so beside the label */
    bool is_strong;   /* the label is a heading of its own */
    bool is_small;    /* radios, checks: for dense pages */
    struct choice *choices;
    size_t choices_count;
    struct attached_file *attached;
    size_t attached_count;
};

extern const struct field form_field_fields[];
#define FORM_FIELDS(type, member) FIELD_LIST(type, member, struct form_field, form_field_fields)

/* The label of the field with this id in any form of a page, which is a struct of this table; empty when there is none.
 */
struct str form_label_of(const struct field *table, const void *page, struct str id);

struct form {
    struct request *rq;
    const struct fail *why; /* NULL: nothing was refused */
    bool shows_stored;      /* somebody else stored something meanwhile: it stands beside what was sent */
    LIST(struct form_field) fields;
};

/* The form's fields as the list `member` of a page. */
#define FORM_INTO(form, member) ((void)(member = (form)->fields.at, member##_count = (form)->fields.count))

struct str form_say(const struct form *f, const char *message); /* the message in the visitor's language */

/* Each adds a field and returns it until the next one is added. label and hint are messages; a label that is data is
 * given as NULL and set afterwards, hint may be NULL. `stored` shows until the visitor sends something else. */
struct form_field *form_text(struct form *f, const char *name, const char *label, const char *hint, struct str stored);
struct form_field *form_area(struct form *f, const char *name, const char *label, const char *hint, struct str stored);
struct form_field *form_date(struct form *f, const char *name, const char *label, const char *hint, struct str stored);
struct form_field *form_radios(struct form *f, const char *name, const char *label, const char *hint,
                               struct str stored);
struct form_field *form_select(struct form *f, const char *name, const char *label, const char *hint,
                               struct str stored);
struct form_field *form_checks(struct form *f, const char *name, const char *label, const char *hint);
struct form_field *form_file(struct form *f, const char *name, const char *label, const char *hint);
struct form_field *form_password(struct form *f, const char *name, const char *label, const char *hint);
struct form_field *form_hidden(struct form *f, const char *name, struct str value);
struct form_field *form_heading(struct form *f, const char *label); /* between groups of fields */
/* One box to tick, value "yes". */
struct form_field *form_tick(struct form *f, const char *name, const char *label, bool is_ticked);

/* Adds a choice to radios, select or checks. Radios and select choose the one equal to the field's value; of checks
 * each is chosen by choice_choose, unless the visitor has sent the form. */
struct choice *form_choice(struct form *f, struct form_field *field, struct str value, struct str label);
void choice_choose(const struct form *f, struct choice *c, bool is_chosen);
struct attached_file *form_attach(struct form *f, struct form_field *field, struct str name, struct str size);

/* ---- tag: a member `tag` and {{> html/_tag}} ---- */

/* The word in the tag says it all; the colour only helps. */
enum tag_colour { TAG_PLAIN, TAG_WAITING, TAG_WORKING, TAG_DONE, TAG_SOON, TAG_LATE, TAG_STOPPED };

struct tag {
    struct str text, colour;
};
extern const struct field tag_fields[];
struct tag tag_of(enum tag_colour colour, struct str text);

/* ---- rows of a summary: <dl class="govuk-summary-list">{{#each rows}}{{> html/_summary_row}}{{/each}}</dl> ---- */

struct summary_row {
    struct str key, value;
    struct str href;   /* the value as a link, or empty */
    struct str source; /* where it is known from, or empty */
    struct str change; /* where it is changed, or empty */
};
extern const struct field summary_row_fields[];

struct summary { /* one in the making */
    struct request *rq;
    LIST(struct summary_row) rows;
};
/* key: a message. An empty value is left out. */
void summary_add(struct summary *s, const char *key, struct str value);

/* ---- tasks: <ul class="govuk-task-list">{{#each tasks}}{{> html/_task}}{{/each}}</ul> ---- */

struct task_item {
    struct str id, title, hint;
    struct str href; /* empty: cannot start yet */
    struct tag tag;  /* its text may be empty */
};
extern const struct field task_item_fields[];

/* ---- time line: <ol class="mc-timeline">{{#each steps}}{{> html/_timeline_item}}{{/each}}</ol> ---- */

struct timeline_item {
    struct str title, holder, note;
    struct str time, datetime;            /* as people read it, and RFC 3339; both may be empty */
    bool is_done, is_current, is_stopped; /* none of them: still to come */
};
extern const struct field timeline_item_fields[];

/* ---- the way on in a list: a member `pagination` and {{> html/_pagination}} ---- */

struct pagination {
    struct str previous_href, next_href; /* empty: none */
};
extern const struct field pagination_fields[];

/* ---- the receipt's heading: a member `panel` and {{> html/_panel}} ---- */

struct panel {
    struct str title, label, code; /* "Received", "Code of your dossier", "H36.25159-261122-0001" */
};
extern const struct field panel_fields[];

/* ---- tabs that are links: <nav class="mc-tabs" aria-label="..."><ul>{{#each tabs}}{{> html/_tab}}{{/each}}</ul></nav>
 * ---- */

struct tab_link {
    struct str label, href;
    struct str key; /* of officers' pages (docs/keyboard.md); empty: none */
    int64_t count;  /* -1: not shown */
    bool is_current, has_count;
};
extern const struct field tab_link_fields[];
struct tab_link tab_of(struct str label, struct str href, int64_t count, bool is_current);

/* ---- buttons: {{#each buttons}}{{> html/_button}}{{/each}} inside <div class="govuk-button-group"> ---- */

struct button {
    struct str label;
    struct str name, value; /* of a button that tells what was pressed, or empty */
    struct str href;        /* a link that looks like a button, or empty */
    bool is_secondary, is_warning;
};
extern const struct field button_fields[];

/* ---- an act that can be done here, with its fields: {{#each acts}}{{> html/_act}}{{/each}} (the page has a frame)
 * ---- */

/* Words to begin a reason with. */
struct act_phrase {
    struct str title, text, href; /* href: the page with the form begun with it */
};

struct act_form {
    struct str id, title, address; /* POST there */
    struct str href;               /* the act has a page of its own: a link instead of a form; or empty */
    struct str version;            /* sent as `version`, what the visitor saw; or empty */
    struct str shortcut;           /* the key that opens it (docs/keyboard.md); or empty */
    struct str key;                /* sent as `key`, so that sending twice does it once; or empty */
    bool is_open, is_warning, has_files;
    struct form_field *fields;
    size_t fields_count;
    struct act_phrase *phrases;
    size_t phrases_count;
};
extern const struct field act_form_fields[];

#endif
