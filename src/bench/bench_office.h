/*
 * The office that is measured: a scratch folder with the demo's units, procedures and people, filled with dossiers
 * through the ordinary command, and served by the real server in this process on a free port. Never a working office:
 * a folder that `motcua bench` did not make itself is refused.
 */
#ifndef BENCH_BENCH_OFFICE_H
#define BENCH_BENCH_OFFICE_H

#include <stdatomic.h>

#include "app/app.h"
#include "bench/bench_client.h"
#include "dossier/dossier_submit.h"

/* One procedure, ready to be submitted. */
struct bench_form {
    struct str procedure;
    struct str body;              /* for POST /api/v1/dossiers */
    struct submission submission; /* what the handler makes of it; without arena and key */
};

struct bench_person {
    struct standing who;
    struct str headers; /* Authorization, for requests of a program */
    struct str browser; /* the session's cookie, for pages */
};

struct bench_office {
    struct arena *arena;
    struct app app;
    bool is_open, is_kept;
    struct str folder;
    struct str file_system; /* "ext4"; of the folder, not of a database server */
    struct str store;       /* the database server's address; empty: a file of the folder */
    struct str host;        /* "127.0.0.1:40123" */
    struct str run;         /* differs between runs: for idempotency keys */
    struct bench_person citizen, officer, specialist;
    struct bench_form *forms;
    size_t form_count;
    const struct bench_form *two_papers; /* the one with two papers; what `submit` sends */
    struct str *codes;                   /* of dossiers that wait with the officer */
    size_t code_count;
    _Atomic uint64_t next_act; /* which of them `act` receives next */
    struct str *received;      /* of dossiers that have a receipt, for slips */
    size_t received_count;
    struct str *procedures; /* codes */
    struct str *words;      /* searches, ready for an address */
    struct str *searches;   /* the same as text */
    size_t procedure_count, word_count;
    double fill_rate; /* dossiers a second; 0: none were filled */
};

/* folder: made where MOTCUA_BENCH_DIR says or beside the data folder and removed at the end; kept: this one, made when
 * absent and left where it is. store: the database on a server, empty when the office is made and left with its rows;
 * a kept office stays where it was made. */
struct bench_place {
    struct str beside, kept, store; /* kept, store empty: none */
};
enum outcome bench_office_open(struct bench_office *o, struct arena *a, const struct bench_place *place,
                               struct fail *why) MUST_USE;
void bench_office_close(struct bench_office *o);

/* Fills until so many dossiers wait. `progress` (may be NULL) hears how many there are. */
typedef void bench_progress(void *context, uint64_t done, uint64_t all);
enum outcome bench_office_fill(struct bench_office *o, uint64_t count, bench_progress *progress, void *context,
                               struct fail *why) MUST_USE;
/* Waits until every follower has seen everything, so that a measurement does not pay for the one before. */
enum outcome bench_office_settle(struct bench_office *o, struct fail *why) MUST_USE;

/* The command with its output thrown away, and its input with a key of its own: for loads of the store alone. */
store_command bench_submit;
const struct submission *bench_submission(const struct bench_office *o, const struct bench_form *f, struct arena *a,
                                          struct str key);

#endif
