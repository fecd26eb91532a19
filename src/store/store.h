/*
 * The store: one query API over SQLite and PostgreSQL; rooms see neither. It knows nothing of dossiers.
 *
 * Queries stand in `src/<room>/<room>.sql` under a name; the build makes `queries.h` (enum query_number, Q_...) and a
 * table of them. Every query is prepared when the store opens; one that does not prepare stops the start. Values are
 * bound, always: nothing here formats SQL.
 *
 * A change is a command: one function run inside a transaction by the store, maybe more than once. It touches
 * nothing outside `tx` and its output, does no files, network, Argon2, PDF or JSON parsing. On SQLite one writer thread
 * owns all writes and all checkpoints: what queued while the last commit ran (at most 256 commands) is one batch, each
 * command in a savepoint, one COMMIT with synchronous=FULL; then everyone is woken. store_run returns when the change
 * is durable. On PostgreSQL it is the same with at most 64 commands; one that says tx_run_beside runs on the thread
 * that asked for it, on one of at most eight writing connections. A failing write is told at the latest by the commit.
 *
 * Reads take a pooled read-only connection (store_read_begin) and see one snapshot.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/clock.h"
#include "base/fail.h"
#include "base/id.h"

struct store;
struct tx;
struct app;

/* The store of the running program; a handler says app_store(rq->app). Defined in app/, which wires the rooms. A room
 * that has a service of its own (a cache, keys) declares its accessor the same way: `struct catalogue
 * *app_catalogue(const struct app *app);` and app/ defines it. */
struct store *app_store(const struct app *app);

/* ---- queries ---- */

struct query {
    const char *name;         /* "dossier_by_code" */
    const char *sql;          /* parameters are ?1 ?2 ...; NULL: only for PostgreSQL */
    const char *sql_postgres; /* parameters are $1 $2 ...; NULL: only for SQLite */
    const char *params;       /* "code version", in order, for messages */
    int param_count;
    bool is_write;
    const char *sql_postgres_lock; /* inside a command: the rows that it gives are locked too; NULL: not */
    const char *scans; /* large tables that it may read whole, with spaces between; NULL: none (store_explain.h) */
};
extern const struct query queries[]; /* queries.c, generated */
extern const size_t queries_count;

enum value_kind { VALUE_NULL, VALUE_INT, VALUE_TEXT, VALUE_BLOB, VALUE_ANSWER };

/* A bound parameter or a cell of a row. Text and bytes are borrowed. */
struct value {
    enum value_kind kind;
    unsigned query; /* VALUE_ANSWER: whose answer; `number` is the column */
    int64_t number;
    struct str text;
};

struct value v_null(void);
struct value v_int(int64_t n);
struct value v_instant(instant_t at);     /* NULL for INSTANT_NONE */
struct value v_str(struct str s);         /* text, never NULL: empty is '' */
struct value v_str_or_null(struct str s); /* NULL when empty */
struct value v_blob(struct str bytes);
struct value v_bool(bool b); /* 0 or 1 */
/* For store_ahead alone: what stands in this column of the first row that `query`, asked ahead before, is answered. */
struct value v_answer(unsigned query, size_t column);

/* A row's cells, in the order of the query's columns, in the arena of its transaction. */
struct row {
    const struct value *cells;
    size_t count;
};
int64_t row_int(const struct row *r, size_t column);       /* 0 for NULL */
instant_t row_instant(const struct row *r, size_t column); /* INSTANT_NONE for NULL */
struct str row_str(const struct row *r, size_t column);    /* empty for NULL; text or bytes */
bool row_bool(const struct row *r, size_t column);
bool row_is_null(const struct row *r, size_t column);

struct rows {
    struct row *at;
    size_t count;
};

/* The parameters of one call: store_one(tx, Q_X, VALUES(v_str(code), v_int(n)), &row, why). */
#define VALUES(...)                                                                                                    \
    ((const struct value[]){__VA_ARGS__}), (sizeof((const struct value[]){__VA_ARGS__}) / sizeof(struct value))
#define NO_VALUES NULL, 0

/* Results live in tx_arena(tx). store_one: ERR_MISSING when there is no row (`why` is left alone: the room says what).
 */
enum outcome store_one(struct tx *tx, unsigned query, const struct value *values, size_t count, struct row *out,
                       struct fail *why) MUST_USE;
enum outcome store_all(struct tx *tx, unsigned query, const struct value *values, size_t count, struct rows *out,
                       struct fail *why) MUST_USE;
/* Row by row in constant memory: for exports and followers. `each` returns OK to go on; the row dies after it. */
typedef enum outcome store_each_fn(void *context, const struct row *r, struct fail *why);
enum outcome store_each(struct tx *tx, unsigned query, const struct value *values, size_t count, store_each_fn *each,
                        void *context, struct fail *why) MUST_USE;
/* A write; out_changed (may be NULL) is the number of rows. Unique violations are ERR_CONFLICT, the rest ERR_DOWN. */
enum outcome store_do(struct tx *tx, unsigned query, const struct value *values, size_t count, int64_t *out_changed,
                      struct fail *why) MUST_USE;

/* A change of a row that this command has read and nobody else can have changed since: ERR_STALE, at the latest from
 * the commit, when there is no such row any more. Nobody waits for it. */
enum outcome store_change(struct tx *tx, unsigned query, const struct value *values, size_t count,
                          struct fail *why) MUST_USE;
/* A change that gives the row as it was (`... RETURNING`). `look` reads the same with the same values: where an answer
 * is a trip to a server it is that which is asked, ahead or now, and the change is not waited for. ERR_MISSING as
 * store_one. Only in a command that is alone, or that `look` locks the row for. */
enum outcome store_take(struct tx *tx, unsigned change, unsigned look, const struct value *values, size_t count,
                        struct row *out, struct fail *why) MUST_USE;

/* Said as soon as it is known: store_one or store_all is going to ask this, with these values, and nothing written by
 * this transaction until then changes the answer. On PostgreSQL it comes with the next answer that is waited for,
 * instead of being waited for itself; elsewhere nothing happens. What is asked twice, or never taken, does no harm. A
 * reader may build on the answer to come: store_ahead(tx, Q_BY_CODE, VALUES(v_str(code))), then store_ahead(tx,
 * Q_PARTS, VALUES(v_answer(Q_BY_CODE, 0))), and both come together. */
void store_ahead(struct tx *tx, unsigned query, const struct value *values, size_t count);

/* ---- transactions ---- */

struct arena *tx_arena(struct tx *tx); /* dies with the attempt (command); a reader's is the arena it was begun with */
instant_t tx_now(const struct tx *tx); /* one instant for the whole transaction */
int64_t tx_new_id(struct tx *tx);      /* commands only */
/* Is every query a trip to another process (PostgreSQL)? Then what can be asked for at once is asked for at once. */
bool tx_is_far(const struct tx *tx);
bool store_is_far(const struct store *s);
/* The program is about to stop: chores that go in portions end behind the one they are at, and leave the rest to the
 * next start; a copy that is being made is broken off, and none is begun. Any thread. */
void store_end_soon(struct store *s);
bool store_is_ending(const struct store *s);
/* This database's name for itself in what it hands to others; a restore gives it a new one. Lives as long as the store.
 */
struct str tx_origin(const struct tx *tx);
/* Runs at the end of the batch, before COMMIT, once for each call that a surviving command made, in order. `data` must
 * live in tx_arena(tx). The journal gives positions this way. A failing deferral fails the whole batch. */
typedef enum outcome tx_defer_fn(struct tx *tx, void *data, struct fail *why);
void tx_defer(struct tx *tx, tx_defer_fn *fn, void *data);

/* Said by a command before its first query: it locks what it decides on (queries with `-- locks:`), or decides on
 * nothing, so others that say so too may run beside it. Without it a command is alone, whatever the engine. Nothing on
 * SQLite. */
void tx_run_beside(struct tx *tx);

/* in: borrowed and unchanged while it runs; out: written by the command, to be used only when store_run returned OK.
 * What `out` points to must live in an arena that `in` carries, never in tx_arena. */
typedef enum outcome store_command(struct tx *tx, const void *in, void *out, struct fail *why);
enum outcome store_run(struct store *s, store_command *command, const void *in, void *out, struct fail *why) MUST_USE;

/* Several commands that wait together, in order, so that mostly one commit holds them all. Each is a command of its
 * own: a refused one takes no other with it, and whoever else waits meanwhile shares the commit. Returns when all are
 * answered. For work that comes in rows: a long one is given in small portions, so that visitors wait for one of them
 * at most. */
enum { STORE_CALLS_MOST = 64 };
struct store_call {
    store_command *command;
    const void *in;
    void *out;
    struct fail *why;     /* each its own */
    enum outcome outcome; /* out */
};
void store_run_all(struct store *s, struct store_call *calls, size_t count);

/* A read-only snapshot. Waits for a free connection (at most 2 x cores); a thread that reads already gets the snapshot
 * that it has, without waiting. End it before store_run, on the thread that began it. */
enum outcome store_read_begin(struct store *s, struct arena *a, struct tx **out, struct fail *why) MUST_USE;
void store_read_end(struct tx *tx); /* NULL is fine */
void store_read_end_at(struct tx **tx);
#define AUTO_READ __attribute__((cleanup(store_read_end_at)))

/* ---- life ---- */

struct migration {
    int number;       /* 1, 2, ... without gaps */
    const char *name; /* "0001_foundation" */
    struct str sql;
};
extern const struct migration embedded_migrations[]; /* schema/, by number; put into the program by the build */
extern const size_t embedded_migrations_count;

struct store_options {
    const char *path;    /* the database file */
    const char *url;     /* postgresql://...: that database instead; NULL: the file */
    bool must_be_empty;  /* url only: a database that has had a schema is refused */
    bool is_shared;      /* url only: other processes that say so too may have it open at the same time */
    const char *process; /* url only: what this process is called among them; NULL: nothing */
    int reader_count;    /* 0: 2 x cores */
    bool may_create;
    bool is_restored; /* the file comes from a backup: the database gets a new name for itself (tx_origin) */
    bool is_traced;   /* one line in the log for each query, with its time */
    bool is_sync_off; /* benchmarks' control run and unit tests only */
    uint32_t writer_id;
    const struct migration *migrations; /* NULL: the program's own */
    size_t migration_count;
    const struct query *queries; /* the table to prepare; NULL: the generated one */
    size_t query_count;
    /* Called by a thread just before it waits for a commit and right after, so that the run gate may let another in. */
    void (*before_wait)(void *context);
    void (*after_wait)(void *context);
    void *wait_context;
    /* Called on the writer thread, soon after a commit failed and everyone was told so; what is on disk is then unknown
     * until it is read anew, so it must not return to work. NULL: the process exits with status 75, for the supervisor
     * to restart. */
    void (*stop)(void *context);
    void *stop_context;
    /* Called before an existing database is changed to a newer schema; takes_away: a file contracts (below). The store
     * is only just being opened: nothing but store_backup, store_bytes and store_schema may be asked of it. A failure
     * stops the opening with the database as it was. */
    enum outcome (*before_migration)(void *context, struct store *s, bool takes_away, struct fail *why);
    void *migration_context;
    /* From a database on a server that is larger nothing is taken away at the opening, and store_upgrade_finish refuses
     * it, unless whoever runs the office says that they have a backup of their own. 0: whatever its size. */
    int64_t copied_most_bytes;
    bool has_own_backup;
};

/* Opens, migrates (locked, in a transaction, refusing a schema newer than ours), prepares every query. */
enum outcome store_open(const struct store_options *options, struct store **out, struct fail *why) MUST_USE;
void store_close(struct store *s); /* lets queued commands finish, checkpoints; NULL is fine */

/* The newest migration that the database has had: "0033_rule"; empty: none yet. */
const char *store_schema(const struct store *s);

/* Called soon after durable commits that ran a tx_defer, on a thread of the store: followers wake here. One call may
 * tell of several commits. At most 8. */
typedef void store_after_commit_fn(void *context);
void store_on_commit(struct store *s, store_after_commit_fn *fn, void *context);
void store_off_commit(struct store *s, store_after_commit_fn *fn, void *context); /* afterwards it runs no more */

/* ---- several processes over one database (is_shared) ---- */

/* What must be done by one process at a time (following the journal, sending letters) is done by the one that leads.
 * The number of this process's leadership, another one whenever it begins anew; 0: another process leads. Always 1
 * where there is no other process. Who begins to lead is woken by its hooks of store_on_commit. */
int64_t store_leadership(struct store *s);

/* What was changed in the store and is remembered by processes: after the change, told to all others, soon, and without
 * waiting for them. `topic` is a constant. */
void store_tell(struct store *s, const char *topic);
/* Called on a thread of the store when another process has told it, and whenever something may have been missed. At
 * most 8; `fn` may read, and runs no command. */
typedef void store_news_fn(void *context);
void store_on_news(struct store *s, const char *topic, store_news_fn *fn, void *context);
void store_off_news(struct store *s, void *context); /* afterwards nothing of this context runs any more */

/* ---- upgrades ---- */

/* A schema file says what it does to the programs before it: `-- phase: expand` only adds, so they go on working, even
 * when they start after it; anything else ("contract") takes away what they use. A process that shares the database
 * applies what expands when it opens it, beside the others, and leaves what contracts at the end until that is asked
 * for; one that has it alone applies everything, unless a database on a server is too large to be copied before. */
struct store_process {
    struct str name; /* as store_options says; empty: unknown */
    int64_t known;   /* schema files that its program knows; 0: fewer than those that say their phase */
};
struct store_upgrade {
    const char *schema;       /* the newest file that the database has had */
    const char *next;         /* the first that it has not had; NULL: the upgrade is at its end */
    size_t waiting, indexes;  /* how many wait; indexes that are still to be made */
    int64_t known;            /* files that this program knows */
    struct store_process *at; /* all that have it open, this one too; none unless it is shared */
    size_t count;
};
enum outcome store_upgrade_look(struct store *s, struct arena *a, struct store_upgrade *out, struct fail *why) MUST_USE;
/* Applies what waits, beside the work. ERR_CONFLICT, with the name of one, while a process of an older program has the
 * database open, or when the database is too large to be copied and there is no backup of one's own. Calls
 * before_migration first. */
enum outcome store_upgrade_finish(struct store *s, bool has_own_backup, struct fail *why) MUST_USE;

/* A word that all other processes hear once, soon, and that nobody keeps: for counts that may be off by a moment. No
 * space is in it. What cannot be told now is dropped; nothing is done where there is no other process. */
enum { STORE_WORD_BYTES = 40 };
void store_share(struct store *s, struct str word);
typedef void store_word_fn(void *context, struct str word);            /* on a thread of the store */
void store_on_word(struct store *s, store_word_fn *fn, void *context); /* one; NULL: nobody listens */

/* What the disk says of the last change: taken, or refused while reading goes on. */
enum store_refusal { STORE_TAKES, STORE_FULL, STORE_READ_ONLY };

/* For /metrics, doctor and the benchmarks. */
struct store_stats {
    uint64_t commands, batches, wal_pages, largest_batch, queue_length;
    uint64_t queries;     /* run, of reads and of commands */
    uint64_t round_trips; /* how often an answer of the database server was waited for */
    int64_t commit_us_total;
    enum store_refusal refusal; /* until a change is taken again */
    bool is_down;               /* a commit failed: the process is going to stop */
};
struct store_stats store_stats(struct store *s);
/* OK when changes are taken and a snapshot can be read. While the disk refuses, a small change is tried, so that the
 * answer is of now. */
enum outcome store_ready(struct store *s, struct fail *why) MUST_USE;
/* What was committed before this call is whole: on PostgreSQL the places in the journal come a moment behind a commit.
 * For whoever reads all of the journal; not while this thread reads. */
enum outcome store_settle(struct store *s, struct fail *why) MUST_USE;
/* How large the database is, as it lies on its disk. */
enum outcome store_bytes(struct store *s, int64_t *out, struct fail *why) MUST_USE;
/* A consistent copy of the open store into a new file, while it runs. */
enum outcome store_backup(struct store *s, const char *to_path, struct fail *why) MUST_USE;
enum outcome store_goes_on(const struct store *s, struct fail *why) MUST_USE; /* ERR_DOWN: it is ending */
/* Reads every page and compares every index with its table: for doctor and for a backup just made. Takes long. */
enum outcome store_check(struct store *s, struct fail *why) MUST_USE;

#endif
