/*
 * The SQLite engine's inside; private to src/store. One writing connection, owned by the writer thread, and a pool of
 * reading ones that cannot write.
 *
 * Only the writer's connection ever writes or checkpoints. This is not only for speed: SQLite 3.7.0 to 3.51.2 can
 * corrupt a database when one connection resets the WAL by a checkpoint in the same moment in which another one writes
 * or checkpoints (sqlite.org/wal.html, "The WAL-Reset Bug"; Debian 12 has 3.40.1). With a single such connection it
 * cannot happen. Readers are opened read-only, automatic checkpoints are off everywhere, and a process owns its data
 * folder.
 */
#ifndef STORE_STORE_SQLITE_H
#define STORE_STORE_SQLITE_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "store/store_engine.h"
#include "store/store_mark.h"
#include "store/store_vfs.h"

/* The statements that the engine itself needs. */
enum fixed {
    FIXED_BEGIN_READ,
    FIXED_BEGIN_WRITE,
    FIXED_SAVE,
    FIXED_RELEASE,
    FIXED_BACK,
    FIXED_COMMIT,
    FIXED_ROLLBACK,
    FIXED_MARK,
    FIXED_COUNT
};

enum { READS_MOST = 8 };

struct connection {
    sqlite3 *db;
    const struct query *queries;
    size_t query_count;
    sqlite3_stmt **statements; /* by query; prepared when first used, so that an idle connection is small */
    sqlite3_stmt *fixed[FIXED_COUNT];
    struct tx tx;
    struct connection *next_free; /* readers */
    struct tx reads[READS_MOST];  /* open ones on it, all of one thread; without an arena: free */
};

enum { BATCH_MOST = 256 };

/* A command that waits, on its caller's stack. */
struct call {
    struct call *next;
    store_command *command;
    const void *in;
    void *out;
    struct fail *why;
    struct fail why_before; /* what the caller had noted, for a second run */
    struct deferral *deferrals;
    enum outcome outcome;
    _Atomic uint32_t is_answered; /* a futex */
};

struct writer {
    struct connection c;
    struct id_source ids;
    struct arena arena; /* of one batch; survivors' pieces stay until its end */
    instant_t now;      /* of the last command */
    struct call *calls[BATCH_MOST];
    size_t count, most; /* most: how many the next batch may take; smaller after a lost one */
    int wal_pages, wal_pages_checked, truncate_at;
    struct mark mark;
    int64_t marked_us;        /* when, on the monotonic clock */
    bool owes_mark;           /* commits that it does not speak of yet */
    bool must_take_mark_back; /* all is in the database: the next commit may begin the log anew */
    pthread_t thread;

    pthread_mutex_t lock; /* everything below */
    pthread_cond_t has_work;
    struct call *first, *last;
    size_t queue_length;
    bool is_closing, is_down;
    struct store_stats stats;
};

struct sqlite {
    struct store store; /* first */
    struct counted_vfs *vfs;
    char *path;
    struct writer writer;
    struct connection *readers;
    size_t reader_count;
    pthread_mutex_t readers_lock;
    pthread_cond_t reader_free;
    struct connection *free_reader;
    pthread_key_t reader_here; /* of each thread: the connection it reads on */
    _Atomic int64_t now;       /* the last moment given to a change: reads never see an earlier one */
};

/* store_sqlite.c */
enum outcome connection_open(struct connection *c, struct sqlite *s, bool is_writer, struct fail *why) MUST_USE;
void connection_close(struct connection *c);
enum outcome connection_run(struct connection *c, enum fixed statement, struct fail *why) MUST_USE;
void connection_roll_back(struct connection *c); /* nothing when SQLite has done it by itself */
/* Whether the last call, which returned `code`, was refused by the disk, and how. */
enum store_refusal connection_refusal(struct connection *c, int code);
/* Writes the failure of the last call on this connection, which returned `code`, and logs what people need not see. */
enum outcome connection_fail(struct connection *c, int code, const char *doing, struct fail *why);

/* store_writer.c */
enum outcome writer_start(struct sqlite *s, struct fail *why) MUST_USE; /* on an open, migrated connection */
void writer_stop(struct sqlite *s);                                     /* does what is queued, then ends the thread */
enum outcome writer_run(struct store *s, store_command *command, const void *in, void *out, struct fail *why) MUST_USE;
void writer_run_all(struct store *s, struct store_call *calls, size_t count);
int64_t writer_new_id(struct tx *tx);

/* store_migrate.c */
enum outcome store_migrate(struct sqlite *s, struct fail *why) MUST_USE;

#endif
