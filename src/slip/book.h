/*
 * The books that a one-stop keeps: the register of dossiers by law, the list of papers handed to the units, the lists
 * of what was posted and came by post, the register of one day at the counter. A book is read in parts of BOOK_PART
 * rows, as paper ones come in volumes, so that a year of a busy agency takes no more memory than a day; CSV gives all
 * of it, read on behind the last row. Protected dossiers stand in none of them.
 */
#ifndef SLIP_BOOK_H
#define SLIP_BOOK_H

#include "dossier/desk.h"
#include "html/letter.h"

enum { BOOK_PART = 50, BOOK_DAYS_MOST = 366 };

enum book_kind { BOOK_REGISTER, BOOK_DAILY, BOOK_HAND_OVER, BOOK_POSTAL, BOOK_POSTAL_IN, BOOK_KIND_COUNT };

struct book_row {
    struct str number; /* from 1, through all parts */
    struct str code, procedure, owner, contact, agency, received, due, finished, returned, manner, handed_over, note;
    struct str post_address;
    struct str what; /* of a day: received, returned, or both */
    struct str tracking, sender, postmarked;
};

/* What the template of a book may name. */
struct book_paper {
    struct str parent, agency, unit, place, day, month, year;
    struct str title, form, since, until, part, parts;
    struct book_row *rows;
    size_t rows_count;
};

struct book_info {
    const char *id;      /* in addresses, and of the law's form */
    const char *title;   /* message */
    const char *name_vi; /* the paper's title, unless the rule set names it */
    const char *letter;
};
extern const struct book_info books[BOOK_KIND_COUNT]; /* in the order of enum book_kind */
extern const struct field book_paper_fields[];

struct book_query {
    const struct desk *desk;
    enum book_kind kind;
    int64_t agency;
    day_t since, until; /* both included */
    int64_t part;       /* from 1 */
};

/* Where somebody who reads a book through has come to; all zero: its beginning. */
struct book_place {
    instant_t at;    /* of the last row: received, handed over or returned, as the book is ordered */
    int64_t dossier; /* of the last row */
    int64_t rows;    /* so far */
};

enum outcome book_count(struct tx *tx, const struct book_query *q, int64_t *out, struct fail *why) MUST_USE;
/* One part; what is read lives in tx_arena(tx). */
enum outcome book_part(struct tx *tx, const struct book_query *q, struct book_row **out, size_t *out_count,
                       struct fail *why) MUST_USE;
/* The next rows, at most so many, behind a place, which moves on: each costs the same however far on it is. None: that
 * was all. */
enum outcome book_read_on(struct tx *tx, const struct book_query *q, struct book_place *place, int64_t most,
                          struct book_row **out, size_t *out_count, struct fail *why) MUST_USE;
/* The part as a letter. */
enum outcome book_make(struct tx *tx, const struct html_set *set, const struct book_query *q, struct letter *out,
                       struct fail *why) MUST_USE;
struct str book_title(const struct book_query *q); /* as the law names it on the last day */

/* Does a page of a part name this one? All of few; of many those around it, both ends and about ten between: at most
 * BOOK_PARTS_NAMED. */
enum { BOOK_PARTS_NAMED = 20 };
bool book_names_part(int64_t n, int64_t part, int64_t parts);

extern const struct page_template book_letters[];
extern const size_t book_letter_count;

#endif
