/*
 * Setting an office up: the one-time link that `motcua init` prints, and what the wizard remembers of its steps. The
 * steps themselves are pages (setup_pages.h) that run ordinary commands; here is only how far somebody is, so that they
 * can stop, skip and go on another day from another machine.
 */
#ifndef APP_SETUP_H
#define APP_SETUP_H

#include "http/http.h"
#include "store/store.h"

/* In the order in which they are offered. Name, path, title. */
#define SETUP_STEPS(X)                                                                                                 \
    X(SETUP_AGENCY, "agency", "co-quan", N_("The agency"))                                                             \
    X(SETUP_UNITS, "units", "don-vi", N_("Its units"))                                                                 \
    X(SETUP_HOURS, "hours", "gio-lam-viec", N_("Working hours"))                                                       \
    X(SETUP_STAFF, "staff", "can-bo", N_("The staff"))                                                                 \
    X(SETUP_PROCEDURES, "procedures", "thu-tuc", N_("Procedures to open"))                                             \
    X(SETUP_TEST, "test", "chay-thu", N_("A first test"))
#define SETUP_STEP_ROW(name, key, path, title) name,
enum setup_step { SETUP_STEPS(SETUP_STEP_ROW) SETUP_STEP_COUNT };
#undef SETUP_STEP_ROW

struct setup_step_row {
    const char *key, *path;
    const char *title; /* message */
};
extern const struct setup_step_row setup_step_rows[SETUP_STEP_COUNT];
bool setup_step_parse(struct str path, enum setup_step *out); /* "co-quan" */

enum setup_state { SETUP_OPEN, SETUP_SKIPPED, SETUP_DONE };

enum { SETUP_NOTE_MOST = 32 * 1024 };
struct setup_memory {
    enum setup_state state;
    struct str note; /* open: what was typed so far; done: what was done, in a few words of data */
    instant_t at;    /* INSTANT_NONE: nothing yet */
};
enum outcome setup_load(struct tx *tx, struct setup_memory out[SETUP_STEP_COUNT], struct fail *why) MUST_USE;
size_t setup_first_open(const struct setup_memory steps[SETUP_STEP_COUNT]); /* SETUP_STEP_COUNT: all is done */

struct setup_mark {
    enum setup_step step;
    enum setup_state state;
    struct str note;
    int64_t account;
};
/* Commands without a journal entry: what a step did has its own. No output. */
store_command setup_mark;

/* ---- the one-time link ---- */

enum { SETUP_LINK_DAYS = 7 };
/* A token for an address /thiet-lap/{token}, in clear this once. */
enum outcome setup_link_make(struct store *s, struct arena *a, int64_t account, struct str *out,
                             struct fail *why) MUST_USE;
/* Whose it is; ERR_MISSING with a sentence when it is unknown, used or too old. */
enum outcome setup_link_find(struct tx *tx, struct str token, int64_t *out_account, struct fail *why) MUST_USE;
/* A new one while nobody has used one: an empty token says that somebody has. */
enum outcome setup_link_renew(struct store *s, struct arena *a, struct str *out, struct fail *why) MUST_USE;
/* Once: ERR_MISSING the second time. */
enum outcome setup_link_use(struct store *s, struct str token, struct fail *why) MUST_USE;

#endif
