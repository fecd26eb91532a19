/*
 * What pages are made of. A room fills one of these structs, puts it into its page struct (FIELD_STRUCT or FIELD_LIST
 * with the table below) and includes the part of the same name, which emits govuk-frontend's documented HTML:
 *
 *     FIELD_STRUCT(struct sign_in_page, login, form_field_fields)         {{> html/_field login}}
 *     FIELD_LIST(struct apply_page, fields, struct form_field, form_field_fields)
 *                                                       {{#each fields}}{{> html/_field}}{{/each}}
 *
 * Every text here is already in the visitor's language: `.label = translate(rq->language, "Full name")`.
 * The parts: _field _csrf _summary_row _task _tag _pager _receipt _timeline; _problems and _notice belong to the
 * layout. tests/data/templates/components.html shows every one of them, and the patterns that are plain markup.
 */
#ifndef HTML_COMPONENT_H
#define HTML_COMPONENT_H

#include "html/html.h"

struct choice { /* a radio, checkbox or option */
    struct str value, label, hint;
    bool is_selected;
};

struct form_file {
    struct str name, detail, href; /* "giay-chung-sinh.jpg", "JPEG, 1,2 MB", where to see it */
};

/* One field of a form: a text field, unless one of the is_... of its kind is set. */
struct form_field {
    struct str id; /* page_field_id of its pointer, so that the error summary finds it */
    struct str name, label, hint, value;
    struct str problem;      /* page_problem_for; empty: none */
    struct str source;       /* where a prefilled value comes from; empty: typed */
    struct str type;         /* of a text field: "text" when empty; "email", "tel", "password", "search" */
    struct str autocomplete; /* "name", "bday", "username", ... */
    struct str input_mode;   /* "numeric", ... */
    struct str accept;       /* files: ".pdf,.jpg,.jpeg,.png,.heic" */
    int64_t width;           /* characters a text field is wide: 2 3 4 5 10 20 30; 0: all of the column */
    int64_t rows;            /* of a text area */
    bool is_optional;        /* says so in the label: what is not marked is required */
    bool is_strong;          /* the label as a small heading */
    bool is_text_area, is_radios, is_checkboxes, is_select, is_date, is_file;
    bool is_inline;              /* radios side by side */
    bool is_multiple;            /* several files */
    struct str day, month, year; /* is_date: fields NAME-day, NAME-month, NAME-year; focus goes to ID-day */
    struct choice *choices;      /* radios, checkboxes, select */
    size_t choices_count;
    struct form_file *files; /* what is already there */
    size_t files_count;
};

/* One line of "check your answers" or of a dossier's facts; several lines of text stay several lines. */
struct summary_row {
    struct str key, value, hint;
    struct str href, action; /* "Change"; empty: none. The key is read out after the action */
};

/* A word of state: colour and text together. Tone: "green" done, "blue" new, "yellow" soon due, "red" late, "grey"
 * idle, "". */
struct tag {
    struct str tone, text;
};

struct task {                         /* of a task list */
    struct str id, label, hint, href; /* no href: cannot be started yet */
    struct tag status;                /* no tone: plain text */
};

/* The way through a long list; an empty address means there is no such page. */
struct pager {
    struct str previous_href, next_href;
};

struct receipt_panel {
    struct str title, label, code, text; /* "Dossier submitted", "Dossier code", the code, a sentence */
};

/* One stage of a dossier. State by shape, word and colour: exactly one of the is_..., or none for what is to come. */
struct timeline_stage {
    struct str title, holder, at, due, note;
    struct str state; /* the word: "Done", "Now", "Waiting for you", ... */
    bool is_done, is_current, is_problem;
};

extern const struct field choice_fields[], form_field_fields[], form_file_fields[], summary_row_fields[], tag_fields[],
    task_fields[], pager_fields[], receipt_panel_fields[], timeline_stage_fields[];

#endif
