/*
 * The PostgreSQL engine's inside (libpq, pipeline mode); private to src/store. A pool of reading connections and one of
 * at most eight writing ones. A command that runs beside others does so on the thread that asked for it; those that
 * must be alone share transactions, which a thread of the store's runs (store_postgres_batch.c).
 *
 * Isolation is READ COMMITTED. A command has the store to itself unless it says by tx_run_beside that it locks what it
 * decides on: it holds an advisory lock of its transaction, exclusive or shared, from before its first statement to its
 * commit. So what a room decides is true when it is committed, as with SQLite's one writer.
 *
 * Statements whose result nobody waits for (store_do without a count) are sent and not awaited; their failure is that
 * of the next statement awaited, at the latest of COMMIT.
 *
 * Positions in the journal are given after the commit, by one placer at a time, to entries that have become visible, in
 * the order in which they were written down (schema/0040): a transaction that commits late gets later positions, so no
 * reader by position misses it.
 */
#ifndef STORE_STORE_POSTGRES_H
#define STORE_STORE_POSTGRES_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "store/store_engine.h"

enum { PG_READS_MOST = 8, PG_WRITERS_MOST = 8, PG_PREPARING_MOST = 64, PG_UNAWAITED_MOST = 300, PG_AHEAD_MOST = 256 };
enum { PG_PARAMS_MOST = 64, PG_SHAPES_MOST = 128, PG_SHAPE_NAME_BYTES = 16 };

/* Keys of advisory locks, as they stand in SQL; they hold within one database. */
#define PG_LOCK_MIGRATE "7201"
#define PG_LOCK_COMMANDS "7202"
#define PG_LOCK_PLACES "7203"
#define PG_LOCK_OWNER "7204"
#define PG_LOCK_INDEXES "7205"

#define PG_LOCK_NOT_AVAILABLE "55P03" /* SQLSTATE: lock_timeout */

/* Where processes over one database tell each other what they changed: "PROCESS TOPIC". */
#define PG_CHANNEL "motcua"
#define PG_NEWS_COMMIT "commit" /* entries have got their places */
#define PG_NEWS_LEAD "lead"     /* the leader has stopped, or another one has begun */
#define PG_NEWS_WORDS "words"   /* and behind it those of store_share */
enum { PG_WORDS_BYTES = 7000 }; /* one NOTIFY carries 8,000 */

struct postgres;

/* How a connection stands after the last round trip. */
enum pg_state {
    PG_FINE,
    PG_REFUSED, /* the transaction is void; its failure has been written down */
    PG_AGAIN,   /* void, and worth running anew: serialisation, deadlock */
    PG_LOST,    /* no connection any more */
};

/* A statement as a connection has it prepared: `n` among those of a link's is_prepared. */
struct pg_prepared {
    size_t n;
    const char *name, *sql;
};

/* One that is being prepared: its place among those sent since the last sync. */
struct pg_preparing {
    unsigned place;
    size_t prepared;
};

/* A text that is made from those of queries. */
enum pg_shape_kind {
    PG_BUILT,   /* parameters are columns of the first row of another query */
    PG_CHANGED, /* fails when it changes nothing */
};
struct pg_shape {
    enum pg_shape_kind kind;
    unsigned query, source;
    signed char columns[PG_PARAMS_MOST]; /* by parameter, -1: it has a value */
    char name[PG_SHAPE_NAME_BYTES];
    char *sql;
};

/* What was asked ahead of its need. */
struct pg_ahead {
    unsigned query, place; /* place: among those sent since the last sync */
    const struct tx *by;
    struct value *values; /* in `asked` */
    size_t value_count;
    const struct value *source; /* the values of the question that it builds on; NULL: its own are known */
    PGresult *answer;           /* NULL: still to be read */
};

struct pg_link {
    PGconn *link; /* NULL: to be connected */
    struct postgres *owner;
    bool *is_prepared; /* by query, then by shape */
    size_t prepared_most;
    enum pg_state state;
    bool is_begun;    /* the transaction's first statement has been sent */
    bool is_answered; /* one of its statements has been answered: what was read may have been used */
    bool is_ending;   /* COMMIT has been sent; its answer is read when the connection is used next */
    unsigned sent;    /* statements since the last sync whose answers are still to be read */
    struct pg_preparing preparing[PG_PREPARING_MOST]; /* of them, in order */
    size_t preparing_count;
    struct pg_ahead ahead[PG_AHEAD_MOST];
    size_t ahead_count;
    struct arena asked; /* their values: whoever asks may take their own arena back while the question stands */
    unsigned cursors;   /* opened in this transaction */
    uint64_t trips;     /* answers waited for, ever */
    bool is_of_thread;  /* its commands are run by a thread of the store's own, which stands in no gate */
    bool is_beside;     /* of the running command: tx_run_beside */
    bool has_several;   /* commands in this transaction */
    bool has_deferred;  /* entries of the journal wait for their place */
    struct tx tx;
    struct arena arena; /* writers: of one attempt */
    struct pg_link *next_free;
    struct tx reads[PG_READS_MOST]; /* open ones on it, all of one thread; without an arena: free */
};

struct pg_pool {
    struct pg_link *links;
    size_t count;
    pthread_mutex_t lock;
    pthread_cond_t has_free;
    struct pg_link *first_free;
    size_t waiting;
};

enum { PG_ALONE_SLOTS = 1024, PG_ALONE_TRIES = 8 };

/* Commands that are alone, many in a transaction. */
struct pg_batch {
    struct pg_link link; /* the thread's */
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t lock; /* of the following */
    pthread_cond_t has_work;
    struct pg_waiter *first, **end;
    size_t waiting; /* commands */
    bool is_closing;
    _Atomic(store_command *) alone[PG_ALONE_SLOTS + PG_ALONE_TRIES]; /* known to be such; NULL: an empty slot */
};

enum { PG_HOSTS_MOST = 8, PG_KEYS_MOST = 20 };

struct pg_host_list {
    char *text, *at[PG_HOSTS_MOST]; /* in `text` */
    size_t count;
};

/* The servers that an address names. */
struct pg_hosts {
    struct pg_host_list names, ports; /* one port: of all */
    bool is_libpqs;                   /* the address says more of them than is known here: libpq calls them */
    _Atomic size_t last;              /* the one that took changes last */
};

/* Of a process that shares the database. */
struct pg_news {
    struct pg_link link; /* outside pipeline mode; the thread's */
    pthread_t thread;
    bool has_thread;
    atomic_bool is_closing;
    int wake_fd;
    int64_t next_beat_us;                      /* monotonic; the thread's */
    _Atomic int64_t lead_epoch, lead_until_us; /* lead_until_us: monotonic */
    pthread_mutex_t lock;                      /* what is to be told */
    const char *told[NEWS_MOST];
    size_t told_count;
    char words[PG_WORDS_BYTES]; /* each behind a space */
    size_t words_bytes;
};

struct postgres {
    struct store store; /* first */
    char *url;
    struct pg_hosts hosts;
    int64_t process; /* its number among all that ever opened the database */
    struct pg_pool readers, writers;
    struct pg_batch batch;
    pthread_key_t reader_here; /* of each thread: the connection it reads on */
    pthread_key_t writer_here; /* ... and the one its command runs on */
    pthread_mutex_t lock;      /* ids, the clock, the figures */
    struct id_source ids;
    _Atomic uint64_t round_trips;           /* without the placer's, for whom nobody waits */
    struct pg_shape shapes[PG_SHAPES_MOST]; /* under `lock`; one that stands there stays as it is */
    size_t shape_count;
    instant_t now; /* the last moment given to a change */
    struct store_stats stats;

    struct pg_link placer; /* also holds the lock that says whose database this is */
    pthread_t placer_thread;
    bool has_placer;
    pthread_mutex_t placer_lock;
    pthread_cond_t placer_wake, placer_done;
    /* Of the placer, under placer_lock: one that ends is the round of all who wanted one before it began. */
    uint64_t rounds_wanted, rounds_done, rounds_failed;
    bool is_closing;
    struct pg_news news;
};

/* store_postgres_dial.c */
void pg_hosts_init(struct pg_hosts *h, const char *url);
void pg_hosts_clear(struct pg_hosts *h);
PGconn *pg_dial(struct postgres *s); /* as PQconnectdb; NULL: nobody takes changes */

/* store_postgres_link.c */
size_t pg_address(const struct postgres *s, const char **keys, const char **values); /* libpq's, without their end */
void pg_begin_wait(const struct pg_link *c);                                         /* lets others run meanwhile */
void pg_end_wait(const struct pg_link *c);
void pg_link_init(struct pg_link *c, struct postgres *s, bool is_writer);
enum outcome pg_connect(struct pg_link *c, struct fail *why) MUST_USE;                    /* outside pipeline mode */
enum outcome pg_run_setup(struct pg_link *c, const char *sql, struct fail *why) MUST_USE; /* as before */
enum outcome pg_link_open(struct pg_link *c, struct fail *why) MUST_USE;
void pg_link_pipeline(struct pg_link *c); /* what pg_link_open does after pg_connect */
void pg_link_close(struct pg_link *c);
void pg_link_end(struct pg_link *c); /* and its memory */
/* Sends a statement of the engine's own; its answer is read by pg_sync. */
void pg_send(struct pg_link *c, const char *sql);
void pg_note_sent(struct pg_link *c, int is_sent); /* what libpq's PQsend... gave */
/* One round trip: reads every answer owed. OK, or the first failure, with c->state saying what it means. `out_last`
 * (may be NULL) gets the last answer, to be cleared by the caller. */
enum outcome pg_sync(struct pg_link *c, PGresult **out_last, struct fail *why) MUST_USE;
/* The answer of a COMMIT that was sent when the last reading ended. */
void pg_read_ending(struct pg_link *c);
/* Its parts, for whoever reads answers one by one. */
PGresult *pg_take_answer(struct pg_link *c); /* of one statement; NULL when the connection broke */
bool pg_take_sync(struct pg_link *c);
bool pg_is_good(const PGresult *r);
enum outcome pg_refuse_down(struct fail *why);
enum outcome pg_note_lost(struct pg_link *c, struct fail *why);

/* store_postgres_query.c */
const struct query *pg_query_of(const struct pg_link *c, unsigned query);
void pg_send_prepared(struct pg_link *c, const struct pg_prepared *p, const struct statement *st); /* its values */
void pg_send_statement(struct pg_link *c, const struct statement *st);
struct value pg_read_cell(const PGresult *r, int row, int column);
/* Before the first statement of a transaction; nothing when it has begun. Sent, not awaited. */
void pg_begin(struct pg_link *c);
enum outcome pg_execute(struct tx *tx, struct statement *st, struct fail *why) MUST_USE;
enum outcome pg_check_queries(struct pg_link *c, struct fail *why) MUST_USE;

/* store_postgres_ahead.c */
/* A write that fails (22012) when it finds no row. */
void pg_send_change(struct pg_link *c, const struct statement *st);
void pg_ahead(struct tx *tx, const struct statement *st);
/* Its answer, after one round trip at most; NULL: it was not asked ahead. It stands until pg_ahead_used. */
enum outcome pg_ahead_find(struct pg_link *c, const struct statement *st, const PGresult **out,
                           struct fail *why) MUST_USE;
void pg_ahead_used(struct pg_link *c, const struct statement *st);
/* Keeps the good answer that stands at this place among those sent; false: nobody asked it ahead. */
bool pg_ahead_keep(struct pg_link *c, unsigned place, PGresult *r);
void pg_ahead_settle(struct pg_link *c); /* after all answers have been read */
/* What was asked ahead and not taken: by this transaction; NULL: by any on the connection. */
void pg_forget_ahead(struct pg_link *c, const struct tx *by);
void pg_shapes_end(struct postgres *s);

/* store_postgres.c */
struct pg_link *pg_pool_take(struct postgres *s, struct pg_pool *p);
void pg_pool_give(struct pg_pool *p, struct pg_link *c);

/* store_postgres_writer.c */
enum outcome pg_run(struct store *s, store_command *command, const void *in, void *out, struct fail *why) MUST_USE;
void pg_run_all(struct store *s, struct store_call *calls, size_t count);
/* On this connection, until each has its outcome. */
void pg_run_on(struct pg_link *c, struct store_call *calls, size_t count);
void pg_run_beside(struct tx *tx);
void pg_tick(struct postgres *s, struct tx *tx);
int64_t pg_new_id(struct tx *tx);
/* First of all: nothing is looked at or changed in a database of another process. */
enum outcome pg_own_database(struct postgres *s, struct fail *why) MUST_USE;
enum outcome pg_placer_start(struct postgres *s, struct fail *why) MUST_USE;
void pg_want_places(struct postgres *s);
enum outcome pg_settle(struct store *store, struct fail *why) MUST_USE; /* store_settle */
void pg_placer_stop(struct postgres *s);                                /* places what is there first */

/* store_postgres_batch.c */
void pg_batch_start(struct postgres *s);
void pg_batch_stop(struct postgres *s);
void pg_batch_run(struct postgres *s, struct store_call *calls, size_t count);
bool pg_is_for_batch(struct postgres *s, const struct store_call *calls, size_t count);
void pg_note_alone(struct postgres *s, store_command *command);

/* store_postgres_news.c; nothing unless the database is shared */
enum outcome pg_news_start(struct postgres *s, struct fail *why) MUST_USE;
void pg_news_stop(struct postgres *s);
int64_t pg_leadership(struct store *s);
void pg_tell(struct store *s, const char *topic);
void pg_share(struct store *s, struct str word);

/* store_postgres_migrate.c */
enum outcome pg_migrate(struct pg_link *c, struct fail *why) MUST_USE; /* outside pipeline mode */
/* The same in two steps, so that an empty database gets its rows in the transaction of its schema. */
enum outcome pg_schema_begin(struct pg_link *c, struct fail *why) MUST_USE;
enum outcome pg_schema_end(struct pg_link *c, struct fail *why) MUST_USE;
/* Outside pipeline mode. ERR_TOO_MANY, and nothing said, when a lock was waited for too long (lock_timeout). */
enum outcome pg_schema_run(struct pg_link *c, const char *sql, struct fail *why) MUST_USE;
struct pg_schema {
    size_t count;  /* of our files that the database has had: a beginning of ours */
    bool has_more; /* and files of a newer program, beside which this one can work */
};
enum outcome pg_schema_count(struct pg_link *c, struct pg_schema *out, struct fail *why) MUST_USE;
enum outcome pg_schema_has_phases(struct pg_link *c, bool *out, struct fail *why) MUST_USE;
/* The file at this place, of which `sql` is the text, and its row of `migration`. */
enum outcome pg_schema_apply(struct pg_link *c, size_t place, const char *sql, struct fail *why) MUST_USE;
enum outcome pg_read_origin(struct pg_link *c, struct fail *why) MUST_USE;
enum outcome pg_read_size(struct pg_link *c, int64_t *out, struct fail *why) MUST_USE; /* bytes */
/* Before the files from one place to another are applied: whoever runs the office gets the chance to keep what is
 * there. ERR_CONFLICT: they take something away from a database that is too large to be copied. */
enum outcome pg_schema_tell(struct pg_link *c, size_t from, size_t end, bool has_own_backup, struct fail *why) MUST_USE;
/* Behind the last file that expands; what contracts there can wait. */
size_t pg_schema_end_of_expansion(const struct store_options *o, size_t from);
/* A schema file in PostgreSQL's words: its own lines, types, and nothing that only SQLite knows. */
struct str pg_schema_text(struct arena *a, struct str sql);

/* store_postgres_beside.c: the schema while others work */
enum outcome pg_migrate_beside(struct pg_link *c, struct fail *why) MUST_USE;
/* The indexes that wait to be made; those that another process is making are left to it. */
enum outcome pg_indexes_make(struct pg_link *c, struct fail *why) MUST_USE;
enum outcome pg_upgrade_look(struct store *s, struct arena *a, struct store_upgrade *out, struct fail *why) MUST_USE;
enum outcome pg_upgrade_finish(struct store *s, bool has_own_backup, struct fail *why) MUST_USE;
/* A schema text without the indexes on tables that it does not make itself; those are put into `out`. */
struct pg_index {
    struct str name, sql; /* sql: "INDEX name ON ..." */
};
struct str pg_without_indexes(struct arena *a, struct str sql, struct pg_index *out, size_t most, size_t *out_count);

#endif
