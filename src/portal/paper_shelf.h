/*
 * The papers of an application, or of the answer to a request, while somebody gathers them: places that each take
 * several files. Photographs of one place are its pages, put in order here and sent as one PDF. Every file that arrives
 * is looked into and kept before anything is said about the others. What a person keeps in their own store
 * (vault/vault.h) is offered instead of sending it again. It changes the application in memory; saving it is the
 * caller's.
 */
#ifndef PORTAL_PAPER_SHELF_H
#define PORTAL_PAPER_SHELF_H

#include "dossier/application.h"
#include "dossier/desk.h"
#include "html/component.h"

struct paper_shelf {
    struct request *rq;
    const struct desk *desk;
    struct application *app;
    struct str pages; /* the address under which "/{file}/trang/{page}" shows what was sent */
};

/* ---- drawing ---- */

/* A file or a photograph as the page shows it; empty addresses and values: not offered. */
struct paper_shown {
    struct str name, facts, href, thumb, remove, up, down;
};

struct paper_place { /* {{> portal/_paper_field}} */
    struct form_field field;
    struct str label, facts, joined; /* joined: what the photographs have become */
    bool is_phrase;                  /* the label is ours, not the record's Vietnamese */
    struct paper_shown *photos, *files;
    size_t photos_count, files_count;
};
extern const struct field paper_place_fields[];

/* A place for the paper `component` ("" for others), whose files arrive in the form's field `name`. Label and facts
 * are the caller's to set. */
struct paper_place shelf_place(const struct paper_shelf *s, struct form *form, const char *name, struct str component);

struct store_choice { /* an item of the own store */
    struct str value, label;
};
extern const struct field store_choice_fields[];
/* What is still valid there. An officer at the counter has no right to look into it: nothing. */
enum outcome shelf_store(const struct paper_shelf *s, struct store_choice **out, size_t *out_count,
                         struct fail *why) MUST_USE;

/* ---- taking ---- */

/* Every upload of the form's field `name`, for a paper of this label. What is refused is noted in `problems` under the
 * field, each with its own words; the rest is kept. */
enum outcome shelf_take(const struct paper_shelf *s, const char *name, struct str component, struct str label,
                        struct fail *problems, struct fail *why) MUST_USE;
/* The item of the visitor's own store with this number; nothing when it is no number. */
enum outcome shelf_take_kept(const struct paper_shelf *s, struct str number, struct str component,
                             struct fail *why) MUST_USE;
/* The buttons: "c3f2:<file>" goes, "up:c3f2:<file>" changes places. True: the photographs of *out_component changed and
 * are to be joined anew. */
bool shelf_remove(const struct paper_shelf *s, struct str which, struct str *out_component);
bool shelf_move(const struct paper_shelf *s, struct str which, struct str *out_component);
/* The photographs of a paper as one file of that name, made anew whenever they change. */
enum outcome shelf_join(const struct paper_shelf *s, struct str component, struct str label, struct fail *why) MUST_USE;
/* Names the photographs of all papers in their order: another mark, another PDF. */
struct sha256 shelf_mark(const struct paper_shelf *s);

/* ---- looking at what was sent ---- */

/* The page of a file or photograph of this application that the address names ({file}, {page}, ?rong=). */
enum outcome shelf_reply_page(const struct paper_shelf *s, struct fail *why) MUST_USE;

#endif
