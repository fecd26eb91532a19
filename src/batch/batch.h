/*
 * Bulk acts. A batch is one thing that somebody asked for once, to be done many times: assign 500 dossiers, give away
 * a desk, count deadlines anew. One command writes it down with its items and its journal entry and the asker is
 * answered; a worker (batch_runner.h) then runs one ordinary command for each item, in whose own transaction the item
 * (batch, n) becomes done. So a kill in the middle loses nothing and repeats nothing. What a command refuses is kept as
 * the item's refusal with its sentence and takes no other item with it. Every item is judged when it is done, as the
 * one who asked: their post must still be theirs then.
 *
 * What is done to an item is the business of a kind. Kinds are tables that rooms export and app/ registers; a kind
 * knows what its parameters mean. Texts that are read live in tx_arena.
 */
#ifndef BATCH_BATCH_H
#define BATCH_BATCH_H

#include "base/language.h"
#include "dossier/desk.h"
#include "dossier/dossier.h"
#include "journal/journal.h"
#include "store/idempotency.h"

enum { BATCH_ITEMS_MOST = 10000 }; /* given at the start; a kind that lists its own has no such bound */

enum batch_state { BATCH_WAITING, BATCH_RUNNING, BATCH_DONE, BATCH_STOPPED };
enum item_state { ITEM_WAITING, ITEM_DONE, ITEM_REFUSED };

struct batch {
    int64_t id, version;
    struct str kind;
    enum batch_state state;
    struct actor actor;    /* who asked, in which post; account 0: the system */
    struct str parameters; /* canonical JSON, the same for all items */
    int64_t total, done, refused;
    bool is_listed;    /* false: items are still being added, */
    int64_t listed_to; /* up to this subject so far */
    instant_t started_at, finished_at;
};

struct batch_item {
    int64_t n, subject, version; /* version 0: whatever it is by then */
    enum item_state state;
    struct str why; /* for batch_reason */
    instant_t at;
};

const char *batch_state_name(enum batch_state s);  /* "running": in the API */
const char *batch_state_title(enum batch_state s); /* message */
const char *item_state_name(enum item_state s);    /* "refused" */
bool item_state_parse(struct str name, enum item_state *out);
bool batch_is_open(const struct batch *b); /* waiting or running */
/* What If-Match names: another one when it has ended; what it does meanwhile is its own work. */
int64_t batch_version(const struct batch *b);

/* A refusal as it is kept, and as it is told: the sentence in the reader's language, and the stable code. */
struct str batch_keep_reason(struct arena *a, const struct fail *why);
struct str batch_reason(struct arena *a, enum language l, struct str why, struct str *out_code);

/* ---- kinds ---- */

/* What a kind's functions get: one batch as it stands, in one snapshot. */
struct batch_run {
    const struct desk *desk;
    struct tx *tx;
    struct arena *arena; /* lives until the items' commands have run */
    const struct batch *batch;
    yyjson_val *parameters;
    struct standing who; /* of who asked, by the post that they asked in */
};

/* The command of one item, and what it takes; out may be NULL. */
struct batch_call {
    store_command *command;
    const void *in;
    void *out;
};

/* Receives the subject of each item that a kind finds. */
typedef void batch_found_fn(void *found, int64_t subject);

struct batch_kind {
    const char *name; /* "act" */
    /* What it does, for people: "Assign: 500 dossiers". */
    struct str (*title)(struct arena *a, enum language l, const struct batch *b, yyjson_val *parameters);
    /* Everything that an item's command must find ready: JSON read, tables found. A failure refuses the item; ERR_DOWN
     * is tried again later. */
    enum outcome (*prepare)(const struct batch_run *run, const struct batch_item *item, struct batch_call *out,
                            struct fail *why);
    /* The subjects of a batch that was begun without items, in any order, all in this snapshot; NULL: its items are
     * always given. */
    enum outcome (*list)(const struct batch_run *run, batch_found_fn *found_one, void *found, struct fail *why);
};

/* ---- commands ---- */

struct batch_item_new {
    int64_t subject, version;
};

struct batch_new {
    const char *kind;
    struct actor actor;
    struct str parameters; /* canonical JSON */
    const struct batch_item_new *items;
    size_t item_count; /* at most BATCH_ITEMS_MOST; NULL and 0: the kind lists them itself, after the start */
    struct idempotency key;
};
struct batch_started {
    int64_t id;
    bool is_replay;
};
/* A command; also to be called inside another one, which then starts the batch with its own change. The worker sees it
 * by itself. */
store_command batch_start; /* in: struct batch_new, out: struct batch_started */

struct batch_stop {
    int64_t batch, version; /* version that was seen; 0: whatever it is */
    struct actor actor;
};
/* What is done stays, what waits is left alone. Only who asked may stop; ERR_CONFLICT when it is over already. */
store_command batch_stop; /* no output */

/* ---- queries ---- */

/* ERR_MISSING with a sentence, also when it is not this account's: the two are not told apart. */
enum outcome batch_find(struct tx *tx, int64_t id, int64_t account, struct batch *out, struct fail *why) MUST_USE;
/* The same for whoever looks: one's own, and for who may approve there all that was asked for in their agency. */
struct batch_reader {
    int64_t account, agency;
    bool is_leader;
};
enum outcome batch_look(struct tx *tx, int64_t id, const struct batch_reader *who, struct batch *out,
                        struct fail *why) MUST_USE;
/* What colleagues asked for; nothing for who is no leader. Newest first, with an id below `before`. */
enum outcome batches_of_agency(struct tx *tx, const struct batch_reader *who, int64_t before, size_t most,
                               struct batch **out, size_t *out_count, struct fail *why) MUST_USE;
/* Drops the items of batches that ended before that moment, in bounded commands. */
enum outcome batches_prune(struct store *s, instant_t before, struct fail *why) MUST_USE;
/* Newest first, with an id below `before`. */
enum outcome batches_of_account(struct tx *tx, int64_t account, int64_t before, size_t most, struct batch **out,
                                size_t *out_count, struct fail *why) MUST_USE;

struct item_query {
    int64_t batch, after; /* n */
    int state;            /* -1: any */
    size_t most;
};
enum outcome batch_items(struct tx *tx, const struct item_query *q, struct batch_item **out, size_t *out_count,
                         struct fail *why) MUST_USE;

#endif
