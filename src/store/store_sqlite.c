#include "store/store_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/log.h"
#include "store/store_page.h"

enum {
    BUSY_MS = 5000,
    /* Small, because the system caches the file once for all of them. The file is not mapped into memory: that would
     * make a lookup on a cold page twice as fast (0.6 instead of 1.2 us measured), but an unreadable sector would end
     * the process (SIGBUS) instead of failing the one request that asked for it. */
    READER_CACHE_KIB = 2048,
    WRITER_CACHE_KIB = 8192,
    READ_TRIES = 3,
    READ_PAUSE_MS = 5,
    COPIED_AT_ONCE = 4096, /* pages */
};

static const char *const fixed_sql[FIXED_COUNT] = {
    [FIXED_BEGIN_READ] = "BEGIN",
    [FIXED_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [FIXED_SAVE] = "SAVEPOINT command",
    [FIXED_RELEASE] = "RELEASE command",
    [FIXED_BACK] = "ROLLBACK TO command",
    [FIXED_COMMIT] = "COMMIT",
    [FIXED_ROLLBACK] = "ROLLBACK",
    [FIXED_MARK] = "UPDATE meta SET number = CASE name WHEN 'clock' THEN ?1 ELSE ?2 END"
                   " WHERE name IN ('clock', 'id_high_water')",
};

/* ---- failures ---- */

/* errno of the last failure of the WAL, else of the database's own file (a checkpoint). SQLite's own question for it,
 * sqlite3_system_errno, reads errno when other calls have been made since. */
static int last_errno(struct connection *c)
{
    sqlite3_file *wal = NULL;
    int cause = 0;
    if (sqlite3_file_control(c->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &wal) == SQLITE_OK && wal && wal->pMethods)
        (void)wal->pMethods->xFileControl(wal, SQLITE_FCNTL_LAST_ERRNO, &cause); /* 0 when it cannot say */
    if (cause == 0) (void)sqlite3_file_control(c->db, "main", SQLITE_FCNTL_LAST_ERRNO, &cause);
    return cause;
}

/*
 * The disk refuses to take a page, as a whole and before it was promised: full, over the quota, mounted read-only. Not
 * a page that was lost on its way to the platter, after which nothing is known any more.
 */
enum store_refusal connection_refusal(struct connection *c, int code)
{
    int cause = code == SQLITE_IOERR_WRITE && c->db ? last_errno(c) : 0;
    if ((code & 0xff) == SQLITE_FULL || cause == ENOSPC || cause == EDQUOT) return STORE_FULL;
    return (code & 0xff) == SQLITE_READONLY || cause == EROFS ? STORE_READ_ONLY : STORE_TAKES;
}

/* What SQLite says, as an outcome with a sentence. Messages of SQLite name tables and columns, never values. */
enum outcome connection_fail(struct connection *c, int code, const char *doing, struct fail *why)
{
    int extended = c->db ? sqlite3_extended_errcode(c->db) : code;
    switch (extended) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return fail(why, ERR_CONFLICT, N_("Something with the same name or number is already there."));
    default: break;
    }
    log_write(LOG_ERROR, "store.failed", "doing=%s code=%d message=\"%s\"", doing, extended,
              c->db ? sqlite3_errmsg(c->db) : sqlite3_errstr(code));
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_RANGE: return fail(why, ERR_BUG, NULL);
    default: break;
    }
    if (extended == SQLITE_IOERR_DATA)
        return fail(why, ERR_DOWN,
                    N_("A page of the database is damaged. Tell the administrator: a backup is needed."));
    enum store_refusal refusal = connection_refusal(c, extended);
    if (refusal != STORE_TAKES) return file_refused(refusal == STORE_FULL ? ENOSPC : EROFS, why);
    return fail(why, ERR_DOWN, N_("The data cannot be reached right now. Try again in a moment."));
}

/* ---- connections ---- */

static enum outcome run_text(struct connection *c, const char *sql, struct fail *why)
{
    int code = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : connection_fail(c, code, "setup", why);
}

static enum outcome set_cache(struct connection *c, int kib, struct fail *why)
{
    char sql[64];
    snprintf(sql, sizeof sql, "PRAGMA cache_size = -%d; PRAGMA mmap_size = 0", kib);
    return run_text(c, sql, why);
}

static enum outcome set_up_writer(struct connection *c, const struct store_options *o, struct fail *why)
{
    int spare = PAGE_SUM_BYTES;
    (void)sqlite3_file_control(c->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &spare); /* of a new database */
    TRY(run_text(c, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0", why));
    TRY(run_text(c, o->is_sync_off ? "PRAGMA synchronous = OFF" : "PRAGMA synchronous = FULL", why));
    TRY(run_text(c, "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY", why));
    return set_cache(c, WRITER_CACHE_KIB, why);
}

static enum outcome set_up_reader(struct connection *c, struct fail *why)
{
    TRY(run_text(c, "PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY", why));
    return set_cache(c, READER_CACHE_KIB, why);
}

enum outcome connection_open(struct connection *c, struct sqlite *s, bool is_writer, struct fail *why)
{
    const struct store_options *o = &s->store.options;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE;
    flags |= !is_writer ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | (o->may_create ? SQLITE_OPEN_CREATE : 0);
    c->queries = o->queries;
    c->query_count = o->query_count;
    c->statements = calloc(o->query_count + 1, sizeof *c->statements);
    if (!c->statements) BUG("out of memory for %zu statements", o->query_count);
    int code = sqlite3_open_v2(s->path, &c->db, flags, counted_vfs_name(s->vfs));
    if (code == SQLITE_CANTOPEN && !o->may_create) {
        return fail(why, ERR_MISSING, N_("There is no database at {0}."), str_from(s->path));
    }
    if (code != SQLITE_OK) return connection_fail(c, code, "open", why);
    /* Only writer_stop ends the log, when the mark no longer promises it: an opening that fails leaves all as it was.
     */
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_busy_timeout(c->db, BUSY_MS);
    c->tx = (struct tx){.store = &s->store, .is_command = is_writer, .connection = c};
    return is_writer ? set_up_writer(c, o, why) : set_up_reader(c, why);
}

void connection_close(struct connection *c)
{
    for (size_t i = 0; c->statements && i < c->query_count; i++) sqlite3_finalize(c->statements[i]);
    for (size_t i = 0; i < FIXED_COUNT; i++) sqlite3_finalize(c->fixed[i]);
    free(c->statements);
    sqlite3_close(c->db);
    *c = (struct connection){0};
}

static enum outcome fixed_statement(struct connection *c, enum fixed which, sqlite3_stmt **out, struct fail *why)
{
    if (!c->fixed[which]) {
        int code = sqlite3_prepare_v3(c->db, fixed_sql[which], -1, SQLITE_PREPARE_PERSISTENT, &c->fixed[which], NULL);
        if (code != SQLITE_OK) return connection_fail(c, code, fixed_sql[which], why);
    }
    *out = c->fixed[which];
    return OK;
}

enum outcome connection_run(struct connection *c, enum fixed which, struct fail *why)
{
    sqlite3_stmt *st = NULL;
    TRY(fixed_statement(c, which, &st, why));
    int code = sqlite3_step(st);
    enum outcome r = code == SQLITE_DONE ? OK : connection_fail(c, code, fixed_sql[which], why);
    sqlite3_reset(st);
    return r;
}

void connection_roll_back(struct connection *c)
{
    if (sqlite3_get_autocommit(c->db)) return;
    int code = sqlite3_exec(c->db, fixed_sql[FIXED_ROLLBACK], NULL, NULL, NULL);
    if (code != SQLITE_OK) log_write(LOG_ERROR, "store.failed", "doing=ROLLBACK code=%d", code);
}

/* ---- queries ---- */

static enum outcome prepare(struct connection *c, unsigned query, sqlite3_stmt **out, struct fail *why)
{
    const struct query *q = &c->queries[query];
    if (!q->sql) BUG("the query %s is for PostgreSQL only", q->name);
    int code = sqlite3_prepare_v3(c->db, q->sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
    return code == SQLITE_OK ? OK : connection_fail(c, code, q->name, why);
}

/* Every query is tried once at the start, so that a mistake in one stops the start and not a citizen. It is then let
 * go: a connection keeps only what it uses. */
static enum outcome check_queries(struct connection *c, struct fail *why)
{
    for (unsigned i = 0; i < c->query_count; i++) {
        const struct query *q = &c->queries[i];
        sqlite3_stmt *st = NULL;
        const char *tail = NULL;
        if (!q->sql) continue;
        int code = sqlite3_prepare_v3(c->db, q->sql, -1, 0, &st, &tail);
        if (code != SQLITE_OK || !st) {
            log_write(LOG_ERROR, "store.query", "query=%s message=\"%s\"", q->name, sqlite3_errmsg(c->db));
            return fail(why, ERR_BUG, N_("The query {0} does not fit the database: {1}"), str_from(q->name),
                        str_from(sqlite3_errmsg(c->db)));
        }
        bool fits = sqlite3_bind_parameter_count(st) == q->param_count && !sqlite3_stmt_readonly(st) == q->is_write &&
                    sqlite3_column_count(st) <= QUERY_COLUMNS_MOST;
        sqlite3_finalize(st);
        if (!fits) {
            return fail(why, ERR_BUG, N_("The query {0} does not fit the database: {1}"), str_from(q->name),
                        STR("its parameters, its columns or its writing differ from the table of queries"));
        }
    }
    return OK;
}

static int bind_one(sqlite3_stmt *st, int at, const struct value *v)
{
    const char *bytes = v->text.len ? v->text.at : "";
    switch (v->kind) {
    case VALUE_INT: return sqlite3_bind_int64(st, at, v->number);
    case VALUE_TEXT: return sqlite3_bind_text64(st, at, bytes, v->text.len, SQLITE_STATIC, SQLITE_UTF8);
    case VALUE_BLOB: return sqlite3_bind_blob64(st, at, bytes, v->text.len, SQLITE_STATIC);
    case VALUE_ANSWER: /* of store_ahead alone */
    case VALUE_NULL: break;
    }
    return sqlite3_bind_null(st, at);
}

static enum outcome bind_all(struct connection *c, sqlite3_stmt *st, const struct statement *s, struct fail *why)
{
    for (size_t i = 0; i < s->value_count; i++) {
        int code = bind_one(st, (int)i + 1, &s->values[i]);
        if (code != SQLITE_OK) return connection_fail(c, code, c->queries[s->query].name, why);
    }
    return OK;
}

/* By its value and not by its column: one look at the row instead of two or three. A connection is one thread's at a
 * time and has no lock of its own, so that such a value needs no protection. */
static struct value read_cell(sqlite3_stmt *st, int column)
{
    sqlite3_value *v = sqlite3_column_value(st, column);
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER: return v_int(sqlite3_value_int64(v));
    case SQLITE_TEXT: {
        const char *text = (const char *)sqlite3_value_text(v);
        return v_str(str_of(text, (size_t)sqlite3_value_bytes(v)));
    }
    case SQLITE_BLOB: {
        const char *bytes = sqlite3_value_blob(v);
        return v_blob(str_of(bytes, (size_t)sqlite3_value_bytes(v)));
    }
    case SQLITE_FLOAT: return v_int((int64_t)sqlite3_value_double(v)); /* sum() of nothing but integers */
    default: return v_null();
    }
}

static uint64_t status_of(sqlite3_stmt *st, int what)
{
    return (uint64_t)sqlite3_stmt_status(st, what, 1); /* and begins anew */
}

static void count_cost(struct connection *c, sqlite3_stmt *st, const struct statement *s, uint64_t rows)
{
    struct cost_count *costs = atomic_load_explicit(&c->tx.store->costs, memory_order_relaxed);
    if (!costs) return;
    struct cost_count *to = &costs[s->query];
    atomic_fetch_add(&to->calls, 1);
    atomic_fetch_add(&to->rows, c->queries[s->query].is_write ? (uint64_t)s->changed : rows);
    atomic_fetch_add(&to->steps, status_of(st, SQLITE_STMTSTATUS_VM_STEP));
    atomic_fetch_add(&to->scanned, status_of(st, SQLITE_STMTSTATUS_FULLSCAN_STEP));
    atomic_fetch_add(&to->sorted, status_of(st, SQLITE_STMTSTATUS_SORT));
}

static enum outcome step_all(struct connection *c, sqlite3_stmt *st, struct statement *s, uint64_t *out_rows,
                             struct fail *why)
{
    struct value cells[QUERY_COLUMNS_MOST];
    int columns = sqlite3_column_count(st);
    bool is_write = c->queries[s->query].is_write, is_enough = !s->sink;
    int code;
    while ((code = sqlite3_step(st)) == SQLITE_ROW) {
        ++*out_rows;
        if (!is_enough) {
            for (int i = 0; i < columns; i++) cells[i] = read_cell(st, i);
            TRY(s->sink(s->context, &(struct row){cells, (size_t)columns}, &is_enough, why));
        }
        if (is_enough && !is_write) return OK; /* a write with RETURNING goes on to its end */
    }
    if (code != SQLITE_DONE) return connection_fail(c, code, c->queries[s->query].name, why);
    if (is_write) s->changed = sqlite3_changes64(c->db);
    return OK;
}

static enum outcome sqlite_execute(struct tx *tx, struct statement *s, struct fail *why)
{
    struct connection *c = tx->connection;
    sqlite3_stmt **kept = &c->statements[s->query], *own = NULL;
    if (!*kept) TRY(prepare(c, s->query, kept, why));
    /* A query that runs within its own store_each needs a statement of its own. */
    if (sqlite3_stmt_busy(*kept)) TRY(prepare(c, s->query, &own, why));
    sqlite3_stmt *st = own ? own : *kept;
    uint64_t rows = 0;
    enum outcome r = bind_all(c, st, s, why);
    if (r == OK) r = step_all(c, st, s, &rows, why);
    count_cost(c, st, s, rows);
    sqlite3_reset(st);
    sqlite3_finalize(own);
    return r;
}

/* ---- readers ---- */

/* NULL when all are in use and nobody is to wait. */
static struct connection *take_free_reader(struct sqlite *s, bool waits)
{
    pthread_mutex_lock(&s->readers_lock);
    while (waits && !s->free_reader) pthread_cond_wait(&s->reader_free, &s->readers_lock);
    struct connection *c = s->free_reader; /* the last one used: its cache is warm */
    if (c) s->free_reader = c->next_free;
    pthread_mutex_unlock(&s->readers_lock);
    return c;
}

/* Who waits takes no place in the run gate: a thread that has a connection may itself wait for a place (it came back
 * from a worker or a commit), and the two would wait for each other for ever. */
static struct connection *take_reader(struct sqlite *s)
{
    const struct store_options *o = &s->store.options;
    struct connection *c = take_free_reader(s, false);
    if (c) return c;
    if (o->before_wait) o->before_wait(o->wait_context);
    c = take_free_reader(s, true);
    if (o->after_wait) o->after_wait(o->wait_context);
    return c;
}

static void give_reader(struct sqlite *s, struct connection *c)
{
    pthread_mutex_lock(&s->readers_lock);
    c->next_free = s->free_reader;
    s->free_reader = c;
    pthread_cond_signal(&s->reader_free);
    pthread_mutex_unlock(&s->readers_lock);
}

static void set_reader_here(struct sqlite *s, struct connection *c)
{
    if (pthread_setspecific(s->reader_here, c) != 0) BUG("no memory for a reader's place");
}

/* The snapshot of a connection for one more reader of its thread. */
static struct tx *reading(struct connection *c, struct arena *a)
{
    for (size_t i = 0; i < READS_MOST; i++) {
        if (c->reads[i].arena) continue;
        c->reads[i] = c->tx;
        c->reads[i].arena = a;
        return &c->reads[i];
    }
    BUG("a thread reads %d times at once", READS_MOST + 1);
}

static bool is_read(const struct connection *c)
{
    for (size_t i = 0; i < READS_MOST; i++)
        if (c->reads[i].arena) return true;
    return false;
}

/* A thread that reads already goes on in the same snapshot: were it to wait for a second connection, as many threads as
 * there are connections would wait for each other for ever. */
static enum outcome sqlite_read_begin(struct store *store, struct arena *a, struct tx **out, struct fail *why)
{
    struct sqlite *s = (struct sqlite *)store;
    struct connection *c = pthread_getspecific(s->reader_here);
    if (c) {
        *out = reading(c, a);
        return OK;
    }
    c = take_reader(s);
    enum outcome r = c->db ? OK : connection_open(c, s, false, why);
    if (r == OK) r = connection_run(c, FIXED_BEGIN_READ, why);
    if (r != OK) {
        connection_close(c); /* opened anew by the next reader */
        give_reader(s, c);
        return r;
    }
    c->tx.now = store_moment(atomic_load(&s->now));
    set_reader_here(s, c);
    *out = reading(c, a);
    return OK;
}

/* Nothing was written, so there is nothing that could be lost; a connection that cannot end its read is renewed. */
static void end_snapshot(struct connection *c)
{
    AUTO_ARENA struct arena a;
    struct fail ignored;
    arena_init(&a, 4096);
    fail_init(&ignored, &a);
    if (connection_run(c, FIXED_COMMIT, &ignored) != OK) connection_close(c);
}

static void sqlite_read_end(struct tx *tx)
{
    struct connection *c = tx->connection;
    struct sqlite *s = (struct sqlite *)tx->store;
    tx->arena = NULL;
    if (is_read(c)) return;
    set_reader_here(s, NULL);
    end_snapshot(c);
    give_reader(s, c);
}

static void open_pool(struct sqlite *s)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int wanted = s->store.options.reader_count;
    s->reader_count = wanted > 0 ? (size_t)wanted : 2 * (size_t)(cores > 0 ? cores : 1);
    s->readers = calloc(s->reader_count, sizeof *s->readers);
    if (!s->readers) BUG("out of memory for %zu readers", s->reader_count);
    for (size_t i = s->reader_count; i-- > 0;) {
        s->readers[i].next_free = s->free_reader;
        s->free_reader = &s->readers[i];
    }
}

/* ---- backup ---- */

static enum outcome sqlite_bytes(struct store *store, int64_t *out, struct fail *why)
{
    struct stat about;
    const char *path = store->options.path;
    if (stat(path, &about) != 0)
        return fail(why, ERR_DOWN, N_("{0} cannot be read: {1}."), str_from(path), str_from(strerror(errno)));
    *out = about.st_size;
    return OK;
}

/* Pages are copied as they are and sealed on their way to the disk, in any order, when those of the source are. */
static void copy_sums(struct connection *from, struct connection *target)
{
    int is_summed = -1; /* asks */
    if (sqlite3_file_control(from->db, "main", VFS_SUMS, &is_summed) == SQLITE_OK)
        (void)sqlite3_file_control(target->db, "main", VFS_SUMS, &is_summed);
}

/* All of one snapshot, which the reading transaction holds; writers go on in the WAL meanwhile. out_code: of the last
 * piece. */
static enum outcome copy_in_pieces(struct sqlite *s, struct connection *from, sqlite3_backup *copy, int *out_code,
                                   struct fail *why)
{
    enum outcome r = run_text(from, "BEGIN; SELECT name FROM sqlite_schema LIMIT 1", why);
    if (r != OK) return r;
    do {
        *out_code = sqlite3_backup_step(copy, COPIED_AT_ONCE);
        r = store_goes_on(&s->store, why);
    } while (r == OK && *out_code == SQLITE_OK);
    enum outcome end = connection_run(from, FIXED_COMMIT, why);
    return r != OK ? r : end;
}

static enum outcome copy_pages(struct sqlite *s, const char *to, struct fail *why)
{
    struct connection from = {0}, target = {0};
    enum outcome r = connection_open(&from, s, false, why);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, code = SQLITE_OK;
    if (r == OK) code = sqlite3_open_v2(to, &target.db, flags, counted_vfs_name(s->vfs));
    if (r == OK && code == SQLITE_OK) copy_sums(&from, &target);
    sqlite3_backup *copy =
        r == OK && code == SQLITE_OK ? sqlite3_backup_init(target.db, "main", from.db, "main") : NULL;
    if (copy) {
        r = copy_in_pieces(s, &from, copy, &code, why);
        int end = sqlite3_backup_finish(copy);
        if (code == SQLITE_DONE) code = end;
        if (r == OK && code != SQLITE_OK) r = connection_fail(&target, code, "backup", why);
    } else if (r == OK) {
        r = connection_fail(&target, code ? code : SQLITE_ERROR, "backup", why);
    }
    connection_close(&target);
    connection_close(&from);
    return r;
}

static enum outcome sqlite_backup(struct store *store, const char *to_path, struct fail *why)
{
    struct sqlite *s = (struct sqlite *)store;
    AUTO_ARENA struct arena a;
    arena_init(&a, 64 * 1024);
    const char *temporary = str_format(&a, "%s.part", to_path).at;
    if (file_exists(str_from(to_path))) return fail(why, ERR_CONFLICT, N_("{0} is there already."), str_from(to_path));
    (void)unlink(temporary); /* of a backup that was broken off; it may well not be there */
    enum outcome r = copy_pages(s, temporary, why);
    if (r == OK) return store_file_settle(temporary, to_path, why);
    (void)unlink(temporary); /* best effort: the failure is already told */
    return r;
}

/* ---- the whole file ---- */

/* One that is being written just now is read again. */
static int read_again(sqlite3_file *f, char *page, int64_t at)
{
    int code = f->pMethods->xRead(f, page, PAGE_BYTES, at);
    for (int tries = 0; code == SQLITE_IOERR_DATA && tries < READ_TRIES; tries++) {
        nanosleep(&(struct timespec){.tv_nsec = READ_PAUSE_MS * 1000000L}, NULL);
        code = f->pMethods->xRead(f, page, PAGE_BYTES, at);
    }
    return code;
}

/* Every page of a file, those too that nothing uses; `from` and `step`: where they stand. */
static enum outcome check_file(sqlite3_file *f, int64_t from, int64_t step, struct fail *why)
{
    char page[PAGE_BYTES];
    sqlite3_int64 size = 0;
    int64_t bad = 0, first = 0;
    if (f == NULL || f->pMethods == NULL || f->pMethods->xFileSize(f, &size) != SQLITE_OK) return OK;
    (void)f->pMethods->xFileControl(f, VFS_THOROUGH, NULL);
    for (int64_t at = from; at + PAGE_BYTES <= size; at += step)
        if (read_again(f, page, at) == SQLITE_IOERR_DATA && bad++ == 0) first = at / step + 1;
    if (bad == 0) return OK;
    return fail(why, ERR_CONFLICT, N_("{0} pages of the database are damaged, the first of them is number {1}."),
                str_format(why->arena, "%" PRId64, bad), str_format(why->arena, "%" PRId64, first));
}

/* The tables, and what waits in the log. A database that was made without sums gets them when it is next opened. */
static enum outcome check_sums(struct connection *c, struct fail *why)
{
    sqlite3_file *tables = NULL, *log = NULL;
    int is_summed = -1; /* asks */
    (void)sqlite3_file_control(c->db, "main", VFS_SUMS, &is_summed);
    (void)sqlite3_file_control(c->db, "main", SQLITE_FCNTL_FILE_POINTER, &tables);
    (void)sqlite3_file_control(c->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (is_summed != 1)
        return fail(why, ERR_CONFLICT, N_("The pages of the database carry no sums yet. Start the server anew."));
    TRY(check_file(tables, 0, PAGE_BYTES, why));
    return check_file(log, LOG_HEAD_BYTES + FRAME_HEAD_BYTES, FRAME_BYTES, why);
}

/* "ok", or the first thing that is wrong. */
static enum outcome check_pages(struct connection *c, struct fail *why)
{
    sqlite3_stmt *st = NULL;
    enum outcome r = OK;
    int code = sqlite3_prepare_v2(c->db, "PRAGMA integrity_check(1)", -1, &st, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(st);
    struct str said = code == SQLITE_ROW ? str_from((const char *)sqlite3_column_text(st, 0)) : STR_NONE;
    if (code != SQLITE_ROW)
        r = connection_fail(c, code, "check", why);
    else if (!str_eq(said, STR("ok")))
        r = fail(why, ERR_CONFLICT, N_("The database is damaged: {0}"), said);
    sqlite3_finalize(st);
    return r;
}

static enum outcome check_references(struct connection *c, struct fail *why)
{
    sqlite3_stmt *st = NULL;
    int code = sqlite3_prepare_v2(c->db, "PRAGMA foreign_key_check", -1, &st, NULL);
    if (code == SQLITE_OK) code = sqlite3_step(st);
    enum outcome r = code == SQLITE_DONE || code == SQLITE_ROW ? OK : connection_fail(c, code, "check", why);
    if (code == SQLITE_ROW) {
        r = fail(why, ERR_CONFLICT, N_("A row of table {0} refers to a row that is not there."),
                 str_from((const char *)sqlite3_column_text(st, 0)));
    }
    sqlite3_finalize(st);
    return r;
}

static enum outcome sqlite_check(struct store *store, struct fail *why)
{
    struct connection c = {0};
    enum outcome r = connection_open(&c, (struct sqlite *)store, false, why);
    if (r == OK) r = check_sums(&c, why);
    if (r == OK) r = check_pages(&c, why);
    if (r == OK) r = check_references(&c, why);
    connection_close(&c);
    return r;
}

/* ---- life ---- */

static void sqlite_stats(struct store *store, struct store_stats *out)
{
    struct writer *w = &((struct sqlite *)store)->writer;
    pthread_mutex_lock(&w->lock);
    *out = w->stats;
    out->queue_length = w->queue_length;
    out->is_down = w->is_down;
    pthread_mutex_unlock(&w->lock);
}

static struct disk_cost sqlite_disk(struct store *store)
{
    return counted_vfs_cost(((struct sqlite *)store)->vfs);
}

static void sqlite_free(struct sqlite *s)
{
    for (size_t i = 0; i < s->reader_count; i++) connection_close(&s->readers[i]);
    free(s->readers);
    connection_close(&s->writer.c); /* last, so that SQLite's own final checkpoint is the writer's too */
    mark_close(&s->writer.mark);
    pthread_mutex_destroy(&s->readers_lock);
    pthread_cond_destroy(&s->reader_free);
    pthread_key_delete(s->reader_here);
    store_end(&s->store);
    counted_vfs_free(s->vfs);
    free(s->path);
    free(s);
}

static void sqlite_close(struct store *store)
{
    struct sqlite *s = (struct sqlite *)store;
    writer_stop(s);
    sqlite_free(s);
}

static const struct store_engine sqlite_engine = {
    .run = writer_run,
    .run_all = writer_run_all,
    .read_begin = sqlite_read_begin,
    .read_end = sqlite_read_end,
    .execute = sqlite_execute,
    .new_id = writer_new_id,
    .stats = sqlite_stats,
    .disk = sqlite_disk,
    .bytes = sqlite_bytes,
    .backup = sqlite_backup,
    .check = sqlite_check,
    .close = sqlite_close,
};

/* A database of an earlier program is written anew once, so that its pages carry sums. Where that cannot be (no room),
 * it goes on as it was and `doctor --full` says so. */
static void make_sums(struct writer *w)
{
    struct connection *c = &w->c;
    int is_summed = -1; /* asks */
    if (sqlite3_file_control(c->db, "main", VFS_SUMS, &is_summed) != SQLITE_OK || is_summed == 1) return;
    if (!mark_set(&w->mark, 0, 0)) return;
    int spare = PAGE_SUM_BYTES;
    (void)sqlite3_file_control(c->db, "main", SQLITE_FCNTL_RESERVE_BYTES, &spare);
    log_write(LOG_INFO, "store.sums", "message=\"the database is written anew once, with a sum on each page\"");
    int code = sqlite3_exec(c->db, "PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY", NULL, NULL, NULL);
    if (code == SQLITE_OK) code = sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (code != SQLITE_OK) log_write(LOG_WARN, "store.sums", "code=%d message=\"%s\"", code, sqlite3_errmsg(c->db));
}

static void configure_library(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* its counters are one lock around every allocation of every thread */
    sqlite3_initialize();
}

enum outcome store_sqlite_open(const struct store_options *options, struct store **out, struct fail *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure_library);
    struct sqlite *s = calloc(1, sizeof *s);
    if (!s || !(s->path = strdup(options->path))) BUG("out of memory");
    store_init(&s->store, &sqlite_engine, options);
    s->store.options.path = s->path;
    s->vfs = counted_vfs_new();
    pthread_mutex_init(&s->readers_lock, NULL);
    pthread_cond_init(&s->reader_free, NULL);
    if (pthread_key_create(&s->reader_here, NULL) != 0) BUG("no place for each thread's reader");
    s->writer.mark.fd = -1;
    enum outcome r = mark_check(str_from(s->path), why);
    if (r == OK) r = connection_open(&s->writer.c, s, true, why);
    if (r == OK && !options->is_sync_off) r = mark_open(&s->writer.mark, str_from(s->path), why);
    if (r == OK) r = store_migrate(s, why);
    if (r == OK) make_sums(&s->writer);
    if (r == OK) r = check_queries(&s->writer.c, why);
    if (r == OK) r = writer_start(s, why);
    if (r != OK) {
        sqlite_free(s);
        return r;
    }
    open_pool(s);
    *out = &s->store;
    return OK;
}
