/*
 * The pages of the set-up: /thiet-lap/{token}, where the one-time link leads, and /quan-tri/thiet-lap with its steps.
 * Each step is one page that works by itself, can be skipped and done again; what it does it does by the commands that
 * every other page uses. Here is what the steps share.
 */
#ifndef ADMIN_SETUP_PAGES_H
#define ADMIN_SETUP_PAGES_H

#include "app/app.h"
#include "app/office.h"
#include "app/setup.h"
#include "html/component.h"

struct setup_text {
    struct str text;
};

struct setup_row { /* of a table of what was read or made */
    int64_t number;
    struct str name, detail, login, password;
    struct setup_text *mistakes; /* sentences */
    size_t mistakes_count;
    struct tag tag;
};

struct setup_page {
    struct frame frame;
    struct str place; /* "Step 2 of 6" */
    const char *title;
    struct str lead;    /* one or two sentences */
    struct str address; /* where the form goes */
    struct str search;  /* a search field above the form, by GET; with has_search */
    struct str search_label;
    struct form_field *fields;
    size_t fields_count;
    struct button *buttons;
    size_t buttons_count;
    struct setup_row *rows;
    size_t rows_count;
    struct str rows_title;
    struct str next_href, done; /* what was done before, in words */
    struct str site;            /* where people sign in: on the slips with passwords */
    bool has_search, has_files, can_skip, is_preview, has_passwords, is_done;
};
extern const struct field setup_page_fields[];

/* Begins a step's page: its place, title, back link, address. */
struct setup_page setup_page_of(const struct request *rq, enum setup_step step);
/* The button of the form; several may follow each other. */
void setup_button(struct request *rq, struct setup_page *page, const char *label, const char *act);
enum outcome setup_show(struct request *rq, enum setup_step step, struct setup_page *page, const struct fail *refusal,
                        struct fail *why) MUST_USE;
/* Remembers and goes on to the next open step, with a word of success. */
enum outcome setup_done(struct request *rq, enum setup_step step, struct str note, const char *flash,
                        struct fail *why) MUST_USE;
enum outcome setup_remember(struct request *rq, enum setup_step step, enum setup_state state, struct str note,
                            struct fail *why) MUST_USE;
struct str setup_sign_in_address(const struct request *rq); /* as people type it */
/* A refusal to be shown on the page again (what the person can mend), else the failure itself. */
bool setup_is_mistake(enum outcome r);

/* The steps: GET and POST of each, in files of their own. */
handler_fn setup_get_agency, setup_post_agency, setup_get_units, setup_post_units, setup_get_hours, setup_post_hours,
    setup_get_staff, setup_post_staff, setup_get_procedures, setup_post_procedures, setup_get_test, setup_post_test;

extern const struct route setup_routes[];
extern const size_t setup_route_count;
extern const struct page_template setup_templates[];
extern const size_t setup_template_count;

#endif
