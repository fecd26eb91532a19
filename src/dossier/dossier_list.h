/*
 * Lists of dossiers: an officer's inbox, and the dossiers of a person or an agency. Every list walks an index in its
 * order and reads about as many rows as it shows; filters that have no index of their own are applied to the rows of
 * the walk, which is bounded: such a page may be shorter than was asked for and still have a next one. What is found
 * lives in tx_arena.
 */
#ifndef DOSSIER_DOSSIER_LIST_H
#define DOSSIER_DOSSIER_LIST_H

#include "dossier/desk.h"
#include "dossier/dossier.h"

struct list_item {
    struct dossier dossier; /* without its declarations */
    struct str agency_identifier, procedure_name, holder_login;
    struct str holder_name;
    const struct step *step;              /* where it stands; only in the inbox, never NULL there */
    enum action_id actions[ACTION_COUNT]; /* possible now for the one who asks; only in the inbox */
    size_t action_count;
    bool is_asked; /* the row is a question to a unit: its deadline, its officer, its act */
};

struct dossier_list {
    struct list_item *items;
    size_t count;
    struct str next_cursor; /* empty: this is the end */
};

/* Whose: all of the queues, what is assigned to the one who asks, what nobody holds yet; for who may approve, all
 * queues of the agency, or of these what one officer holds. */
enum inbox_holder { INBOX_ANY, INBOX_MINE, INBOX_NOBODYS, INBOX_OFFICE, INBOX_OFFICER };

/* What waits in the queues of the post in use, the most urgent first. */
struct inbox_query {
    struct standing who;
    struct str cursor;
    bool is_mine_only; /* not what a colleague holds */
    size_t most;
    enum inbox_holder holder;
    int64_t officer;      /* INBOX_OFFICER: account; 0: what nobody holds */
    int stage;            /* one kind of work, 1 to receive, 2 in hand, 3 to return; 0: any */
    instant_t due_before; /* 0: any */
    instant_t due_from;   /* 0: any */
    bool is_of_others;    /* instead: what is in nobody's list, because the applicant or a unit is awaited: of the
                             officer's    agency, newest first */
};
enum outcome dossier_inbox(const struct desk *desk, struct tx *tx, const struct inbox_query *query,
                           struct dossier_list *out, struct fail *why) MUST_USE;
void inbox_ahead(struct tx *tx, const struct standing *who); /* what all of them ask first (store_ahead) */

/* Where a dossier stands in the first so many (query->most) of it, and the codes of its neighbours: what a page needs
 * that leads from one to the next, without reading the others. */
struct inbox_around {
    size_t at, count; /* from 1; 0: it is not among them */
    bool has_more;
    struct str previous, next; /* codes; empty: none. Not among them: next is the most urgent */
    struct str next_cursor;    /* when it is the last of them: where the next one's page begins */
};
enum outcome dossier_inbox_around(const struct desk *desk, struct tx *tx, const struct inbox_query *query,
                                  int64_t dossier, struct inbox_around *out, struct fail *why) MUST_USE;

/* What came into the queues of the post after a moment and is in no colleague's hands, in any order; at most
 * INBOX_NEW_MOST. */
enum { INBOX_NEW_MOST = 100 };
struct inbox_new {
    int64_t due, dossier;
    int stage;
    instant_t since;
};
enum outcome inbox_new_of(struct tx *tx, const struct standing *who, instant_t after, struct inbox_new **out,
                          size_t *out_count, struct fail *why) MUST_USE;
/* Some of these as the inbox shows them. */
enum outcome inbox_new_items(const struct desk *desk, struct tx *tx, const struct standing *who,
                             const struct inbox_new *rows, size_t count, struct dossier_list *out,
                             struct fail *why) MUST_USE;

/* Officers with the right to read see their agency's, everybody else what they submitted. Newest first; with due_before
 * and no final status those that are still open, the most urgent first; with a code those with that code or prefix. */
struct list_query {
    struct standing who;
    struct str cursor;
    int status;           /* 0: any */
    unsigned statuses;    /* bits 1 << status, of which one; 0: any */
    struct str procedure; /* code; empty: any */
    struct str agency;    /* e-identifier; empty: any */
    instant_t due_before; /* INSTANT_NONE: any */
    struct str words;     /* a code, its beginning, or words of the owner's name */
    size_t most;
};
enum outcome dossier_list(const struct desk *desk, struct tx *tx, const struct list_query *query,
                          struct dossier_list *out, struct fail *why) MUST_USE;

/* A day (its first moment) or a moment in RFC 3339. */
enum outcome list_parse_due(struct str text, instant_t *out, struct fail *why) MUST_USE;

#endif
