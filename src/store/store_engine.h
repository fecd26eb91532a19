/*
 * What an engine of the store must do; private to src/store. store.c is the part that is the same for every engine:
 * values, rows, checks, life; an engine keeps connections, runs statements and decides how commands become durable.
 * One is SQLite (store_sqlite.c, store_writer.c), the other PostgreSQL (store_postgres.c and what stands beside it).
 */
#ifndef STORE_STORE_ENGINE_H
#define STORE_STORE_ENGINE_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/store_cost.h"

enum { QUERY_COLUMNS_MOST = 64, ORIGIN_BYTES = 24, COMMIT_HOOKS_MOST = 8, NEWS_MOST = 8 };

/* Takes each row of a result; the cells are borrowed and die with the next step. *is_enough: no more are to be read. */
typedef enum outcome row_sink(void *context, const struct row *r, bool *is_enough, struct fail *why);

/* One execution of a query. */
struct statement {
    unsigned query;
    const struct value *values;
    size_t value_count;
    row_sink *sink; /* NULL: rows are not wanted */
    void *context;
    int64_t changed;  /* out: rows written */
    bool is_counted;  /* `changed` is wanted: a write without it need not be awaited */
    bool must_change; /* a write that is refused (fail_stale) when it finds no row; alone, or counted by the caller */
    bool is_long;     /* however many rows: not all of them at once in memory */
};

struct store_engine {
    enum outcome (*run)(struct store *s, store_command *command, const void *in, void *out, struct fail *why);
    void (*run_all)(struct store *s, struct store_call *calls, size_t count); /* 1 to STORE_CALLS_MOST */
    void (*run_beside)(struct tx *tx); /* NULL: commands never run beside each other */
    enum outcome (*read_begin)(struct store *s, struct arena *a, struct tx **out, struct fail *why);
    void (*read_end)(struct tx *tx);
    enum outcome (*execute)(struct tx *tx, struct statement *st, struct fail *why);
    void (*ahead)(struct tx *tx, const struct statement *st); /* NULL: nothing is gained by it */
    int64_t (*new_id)(struct tx *tx);
    enum outcome (*ready)(struct store *s, struct fail *why); /* NULL: beginning to read tells enough */
    void (*stats)(struct store *s, struct store_stats *out);
    struct disk_cost (*disk)(struct store *s);
    enum outcome (*bytes)(struct store *s, int64_t *out, struct fail *why);
    enum outcome (*backup)(struct store *s, const char *to_path, struct fail *why);
    enum outcome (*check)(struct store *s, struct fail *why);
    enum outcome (*settle)(struct store *s, struct fail *why); /* NULL: nothing is behind a commit */
    int64_t (*leadership)(struct store *s);                    /* NULL: there is never another process */
    void (*tell)(struct store *s, const char *topic);          /* as above */
    void (*share)(struct store *s, struct str word);           /* as above */
    /* NULL: an upgrade is at its end as soon as the store is open, and no other process has it open */
    enum outcome (*upgrade_look)(struct store *s, struct arena *a, struct store_upgrade *out, struct fail *why);
    enum outcome (*upgrade_finish)(struct store *s, bool has_own_backup, struct fail *why);
    void (*close)(struct store *s); /* frees the store */
};

struct deferral {
    struct deferral *next;
    tx_defer_fn *fn;
    void *data;
};

/* A transaction as every engine has it. */
struct tx {
    struct store *store;
    struct arena *arena;
    instant_t now;
    bool is_command;
    void *connection;                            /* the engine's */
    struct deferral *deferrals, **deferrals_end; /* of the command that runs, in order */
};

/* What one query cost so far. */
struct cost_count {
    _Atomic uint64_t calls, rows, steps, scanned, sorted, trips;
};

struct commit_hook {
    store_after_commit_fn *fn;
    void *context;
};

struct news_hook {
    const char *topic;
    store_news_fn *fn;
    void *context;
};

/* The common part; an engine's own store begins with it. */
struct store {
    const struct store_engine *engine;
    struct store_options options;
    char origin[ORIGIN_BYTES];
    const char *_Atomic schema; /* the newest migration that the database has had; of the options' table */
    pthread_mutex_t hooks_lock; /* held while they run, so that one that was taken off runs no more */
    struct commit_hook hooks[COMMIT_HOOKS_MOST];
    size_t hook_count;
    struct news_hook news_hooks[NEWS_MOST]; /* under hooks_lock too */
    size_t news_hook_count;
    store_word_fn *word_hook; /* under hooks_lock too */
    void *word_context;
    _Atomic uint64_t queries;         /* run so far */
    struct cost_count *_Atomic costs; /* by query; NULL: not counted */
    atomic_bool is_ending;
};

enum outcome fail_stale(struct fail *why); /* a row that had to be there is not */

/* For engines: the common part at the start and at the end, and the news of a batch that gave positions. */
void store_init(struct store *s, const struct store_engine *engine, const struct store_options *options);
void store_end(struct store *s);
void store_tell_commit(struct store *s);
/* Another process has told this; empty: anything may have been told. */
void store_hear(struct store *s, struct str topic);
void store_hear_word(struct store *s, struct str word);

/* The moment of a transaction when the last one's was `last`. The clock put back by a little is waited for, so that
 * what follows is not earlier; put back by more it was wrong before, and what is said and promised from now on (a
 * deadline) follows the right one. Ids go up in either case. */
instant_t store_moment(instant_t last);

enum outcome store_sqlite_open(const struct store_options *options, struct store **out, struct fail *why) MUST_USE;
enum outcome store_postgres_open(const struct store_options *options, struct store **out, struct fail *why) MUST_USE;

/* A copy that was made under another name: on the platter, then under its own. It is removed when that fails. */
enum outcome store_file_settle(const char *temporary, const char *path, struct fail *why) MUST_USE;

/* Whether a schema file says `-- phase: expand`: programs that do not know it go on working beside it. */
bool migration_is_expand(const struct migration *m);
/* The database has had a file that this program does not know, and that it cannot work beside. */
enum outcome migration_refuse_newer(struct str name, struct fail *why) MUST_USE;

/* The text of a schema file without the lines that are for the other engine ("-- engine: NAME" ... "-- engine: all").
 */
struct str migration_text(struct arena *a, struct str sql, struct str engine);

#endif
