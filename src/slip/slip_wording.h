/*
 * The letters that an agency words itself, slips and books: a template over the letter's own names in place of the
 * standard one, kept as versions. A slip is set from the version that was in use at its act, a book from the one of its
 * last day. A version is checked before it is kept: every
 * name, element and block, and that an example of it can be set; one that fails nevertheless gives way to the standard,
 * so that words never keep a slip from being given.
 */
#ifndef SLIP_SLIP_WORDING_H
#define SLIP_SLIP_WORDING_H

#include "slip/book.h"
#include "slip/slip_letter.h"

enum { WORDING_TEXT_MOST = 32 * 1024, WORDING_KIND_COUNT = SLIP_KIND_COUNT + BOOK_KIND_COUNT };

/* A letter that may be worded: the slips in their order, then the books. */
struct wording_kind {
    struct str id;      /* in addresses and rows: a slip's own, "book-register" */
    const char *title;  /* message */
    const char *letter; /* the standard template */
    const struct field *fields;
};
struct wording_kind wording_kind_of_slip(enum slip_kind kind);
struct wording_kind wording_kind_at(struct arena *a, size_t n); /* below WORDING_KIND_COUNT */

struct slip_wording {
    int64_t n;       /* 0: the agency has never changed it */
    struct str text; /* empty: the standard */
    instant_t at;
    int64_t account;
    struct str by; /* of slip_wording_versions */
};

/* In use at the moment. */
enum outcome slip_wording_at(struct tx *tx, int64_t agency, struct str kind, instant_t at, struct slip_wording *out,
                             struct fail *why) MUST_USE;
/* The kinds that the agency words itself. */
enum outcome slip_wording_own(struct tx *tx, int64_t agency, struct rows *out, struct fail *why) MUST_USE;
/* Newest first, at most 50. */
enum outcome slip_wording_versions(struct tx *tx, int64_t agency, struct str kind, struct slip_wording **out,
                                   size_t *out_count, struct fail *why) MUST_USE;

/* Can it be used? ERR_BAD or ERR_TOO_LARGE with the place. */
enum outcome slip_wording_check(const struct html_set *set, struct arena *a, const struct wording_kind *kind,
                                struct str text, struct fail *why) MUST_USE;
/* An example, by this template; empty: by the standard. */
enum outcome slip_wording_sample(const struct html_set *set, struct arena *a, const struct wording_kind *kind,
                                 struct str text, struct letter *out, struct fail *why) MUST_USE;

/* A letter that the agency gave, over its struct. */
struct wording_use {
    const struct html_set *set;
    int64_t agency;
    struct wording_kind kind;
    instant_t at;
};
enum outcome slip_letter_make(struct tx *tx, const struct wording_use *use, const void *paper, struct letter *out,
                              struct fail *why) MUST_USE;

struct slip_wording_new {
    struct actor actor;
    int64_t agency;
    struct str kind;
    int64_t after; /* the version that was seen */
    struct str text;
};
store_command slip_wording_save; /* no output; ERR_STALE: somebody else was quicker */

#endif
