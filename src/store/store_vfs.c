#include "store/store_vfs.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/store_page.h"

enum disk_file { FILE_TABLES, FILE_LOG, FILE_OTHER, FILE_KINDS };

struct counted_vfs {
    sqlite3_vfs base; /* first: SQLite hands it back */
    sqlite3_vfs *real;
    char name[40];
    struct {
        _Atomic uint64_t bytes, writes, syncs;
    } cost[FILE_KINDS];
    struct page_notes *log_sums;
    struct page_notes *compared[FILE_OTHER]; /* when: tables by page number, log by frame */
    _Atomic uint64_t log_salts;
};

/* Behind it lies the real file. */
struct counted_file {
    sqlite3_file base; /* first */
    struct counted_vfs *vfs;
    enum disk_file kind;
    bool is_summed;   /* of tables: its pages carry sums */
    bool is_thorough; /* whatever is read is compared */
};

enum {
    HEADER_PAGE_BYTES = 16, /* places in the database's header and in the log's */
    HEADER_SPARE_BYTES = 20,
    LOG_SALTS = 16,
    PAGES_ASKED = 4,
    NAMELESS = -1
};

static sqlite3_file *real_of(sqlite3_file *f)
{
    return (sqlite3_file *)((struct counted_file *)f + 1);
}

static void count(_Atomic uint64_t *what, uint64_t more)
{
    atomic_fetch_add_explicit(what, more, memory_order_relaxed);
}

/* ---- sums ---- */

static int damaged(struct counted_file *f, const char *where, int64_t number)
{
    page_is_bad(f->vfs->compared[f->kind], number);
    log_write(LOG_ERROR, "store.damaged", "file=%s page=%" PRId64 " message=\"it is not what was written\"", where,
              number);
    return SQLITE_IOERR_DATA;
}

static bool is_page(int size, sqlite3_int64 at)
{
    return size == PAGE_BYTES && at % PAGE_BYTES == 0;
}

static uint64_t page_number(sqlite3_int64 at)
{
    return (uint64_t)(at / PAGE_BYTES) + 1;
}

static bool has_sums(const unsigned char *header)
{
    return header[HEADER_PAGE_BYTES] == PAGE_BYTES >> 8 && header[HEADER_PAGE_BYTES + 1] == 0 &&
           header[HEADER_SPARE_BYTES] == PAGE_SUM_BYTES;
}

/* Whether one of the first pages carries its sum. The header's own word is not enough: it may be what is damaged. */
static bool find_sums(struct counted_file *f)
{
    char page[PAGE_BYTES];
    sqlite3_file *real = real_of(&f->base);
    for (sqlite3_int64 at = 0; at < PAGES_ASKED * PAGE_BYTES; at += PAGE_BYTES)
        if (real->pMethods->xRead(real, page, PAGE_BYTES, at) == SQLITE_OK && page_is_whole(page, page_number(at)))
            return true;
    return false;
}

/* The frame whose page, or whose header and page, is so long and stands there; else NAMELESS. */
static int64_t frame_at(int size, sqlite3_int64 at)
{
    sqlite3_int64 from = at - LOG_HEAD_BYTES - (size == PAGE_BYTES ? FRAME_HEAD_BYTES : 0);
    bool is_frame = (size == PAGE_BYTES || size == FRAME_BYTES) && from >= 0 && from % FRAME_BYTES == 0;
    return is_frame ? from / FRAME_BYTES : NAMELESS;
}

static void note_salts(struct counted_vfs *v, const char *header)
{
    uint64_t salts;
    memcpy(&salts, header + LOG_SALTS, sizeof salts);
    atomic_store(&v->log_salts, salts);
}

static int write_tables(struct counted_file *f, const char *bytes, int size, sqlite3_int64 at)
{
    char page[PAGE_BYTES];
    sqlite3_file *real = real_of(&f->base);
    if (at == 0 && size == PAGE_BYTES && has_sums((const unsigned char *)bytes)) f->is_summed = true;
    if (!f->is_summed || !is_page(size, at)) return real->pMethods->xWrite(real, bytes, size, at);
    memcpy(page, bytes, PAGE_BYTES);
    page_seal(page, page_number(at));
    return real->pMethods->xWrite(real, page, size, at);
}

static int write_log(struct counted_file *f, const char *bytes, int size, sqlite3_int64 at)
{
    sqlite3_file *real = real_of(&f->base);
    int64_t frame = frame_at(size, at);
    if (at == 0 && size == LOG_HEAD_BYTES) note_salts(f->vfs, bytes);
    if (frame != NAMELESS)
        log_sums_note(f->vfs->log_sums, frame, bytes);
    else if (size != LOG_HEAD_BYTES && size != FRAME_HEAD_BYTES)
        log_sums_forget(f->vfs->log_sums, (at - LOG_HEAD_BYTES) / FRAME_BYTES);
    int code = real->pMethods->xWrite(real, bytes, size, at);
    if (code != SQLITE_OK && frame != NAMELESS) log_sums_forget(f->vfs->log_sums, frame);
    return code;
}

static bool is_due(struct counted_file *f, int64_t number)
{
    return f->is_thorough || page_is_due(f->vfs->compared[f->kind], number, clock_monotonic_us() / US_PER_S);
}

/* SQLite reads the beginning of the header by itself before it reads the page. */
static int check_tables(struct counted_file *f, const char *bytes, int size, sqlite3_int64 at)
{
    char first[PAGE_BYTES];
    sqlite3_file *real = real_of(&f->base);
    if (!f->is_summed) return SQLITE_OK;
    if (at < PAGE_BYTES && size < PAGE_BYTES) {
        if (!is_due(f, 1)) return SQLITE_OK;
        int code = real->pMethods->xRead(real, first, PAGE_BYTES, 0);
        return code != SQLITE_OK || page_is_whole(first, 1) ? code : damaged(f, "tables", 1);
    }
    int64_t number = (int64_t)page_number(at);
    bool is_whole = !is_page(size, at) || !is_due(f, number) || page_is_whole(bytes, page_number(at));
    return is_whole ? SQLITE_OK : damaged(f, "tables", number);
}

static int check_log(struct counted_file *f, const char *bytes, int size, sqlite3_int64 at)
{
    int64_t frame = frame_at(size, at);
    if (at == 0 && size == LOG_HEAD_BYTES) note_salts(f->vfs, bytes);
    const char *page = bytes + (size == FRAME_BYTES ? FRAME_HEAD_BYTES : 0);
    if (frame == NAMELESS || !is_due(f, frame) || log_sums_fits(f->vfs->log_sums, frame, page)) return SQLITE_OK;
    return damaged(f, "log", frame);
}

static int file_read(sqlite3_file *f, void *out, int size, sqlite3_int64 at)
{
    struct counted_file *c = (struct counted_file *)f;
    int code = real_of(f)->pMethods->xRead(real_of(f), out, size, at);
    if (code != SQLITE_OK) return code;
    if (c->kind == FILE_TABLES) return check_tables(c, out, size, at);
    return c->kind == FILE_LOG ? check_log(c, out, size, at) : SQLITE_OK;
}

/* ---- counted ---- */

static int file_write(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 at)
{
    struct counted_file *c = (struct counted_file *)f;
    count(&c->vfs->cost[c->kind].bytes, (uint64_t)size);
    count(&c->vfs->cost[c->kind].writes, 1);
    if (c->kind == FILE_TABLES) return write_tables(c, bytes, size, at);
    if (c->kind == FILE_LOG) return write_log(c, bytes, size, at);
    return real_of(f)->pMethods->xWrite(real_of(f), bytes, size, at);
}

static int file_sync(sqlite3_file *f, int flags)
{
    struct counted_file *c = (struct counted_file *)f;
    count(&c->vfs->cost[c->kind].syncs, 1);
    return real_of(f)->pMethods->xSync(real_of(f), flags);
}

/* ---- handed on ---- */

static int file_close(sqlite3_file *f)
{
    return real_of(f)->pMethods->xClose(real_of(f));
}

static int file_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    return real_of(f)->pMethods->xTruncate(real_of(f), size);
}

static int file_size(sqlite3_file *f, sqlite3_int64 *out)
{
    return real_of(f)->pMethods->xFileSize(real_of(f), out);
}

static int file_lock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xLock(real_of(f), level);
}

static int file_unlock(sqlite3_file *f, int level)
{
    return real_of(f)->pMethods->xUnlock(real_of(f), level);
}

static int file_is_reserved(sqlite3_file *f, int *out)
{
    return real_of(f)->pMethods->xCheckReservedLock(real_of(f), out);
}

static int file_control(sqlite3_file *f, int what, void *about)
{
    struct counted_file *c = (struct counted_file *)f;
    if (what == VFS_THOROUGH) {
        c->is_thorough = true;
        return SQLITE_OK;
    }
    if (what != VFS_SUMS) return real_of(f)->pMethods->xFileControl(real_of(f), what, about);
    int *is_summed = about;
    if (*is_summed >= 0) c->is_summed = *is_summed != 0;
    *is_summed = c->is_summed;
    return SQLITE_OK;
}

static int file_sector(sqlite3_file *f)
{
    return real_of(f)->pMethods->xSectorSize(real_of(f));
}

static int file_features(sqlite3_file *f)
{
    return real_of(f)->pMethods->xDeviceCharacteristics(real_of(f));
}

static int file_shm_map(sqlite3_file *f, int page, int size, int extends, void volatile **out)
{
    return real_of(f)->pMethods->xShmMap(real_of(f), page, size, extends, out);
}

static int file_shm_lock(sqlite3_file *f, int from, int n, int flags)
{
    return real_of(f)->pMethods->xShmLock(real_of(f), from, n, flags);
}

static void file_shm_barrier(sqlite3_file *f)
{
    real_of(f)->pMethods->xShmBarrier(real_of(f));
}

static int file_shm_unmap(sqlite3_file *f, int is_deleted)
{
    return real_of(f)->pMethods->xShmUnmap(real_of(f), is_deleted);
}

static int file_fetch(sqlite3_file *f, sqlite3_int64 at, int size, void **out)
{
    return real_of(f)->pMethods->xFetch(real_of(f), at, size, out);
}

static int file_unfetch(sqlite3_file *f, sqlite3_int64 at, void *page)
{
    return real_of(f)->pMethods->xUnfetch(real_of(f), at, page);
}

static const sqlite3_io_methods counted_methods = {
    .iVersion = 3,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_is_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_features,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
    .xFetch = file_fetch,
    .xUnfetch = file_unfetch,
};

/* What the unix files of SQLite (all of version 3) do not have would be called all the same, so nothing less is taken.
 */
static int file_open(sqlite3_vfs *base, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
    struct counted_vfs *v = (struct counted_vfs *)base;
    struct counted_file *c = (struct counted_file *)f;
    *c = (struct counted_file){.vfs = v, .kind = FILE_OTHER};
    if (flags & SQLITE_OPEN_MAIN_DB) c->kind = FILE_TABLES;
    if (flags & SQLITE_OPEN_WAL) c->kind = FILE_LOG;
    sqlite3_file *real = real_of(f);
    real->pMethods = NULL;
    int code = v->real->xOpen(v->real, name, real, flags, out_flags);
    if (real->pMethods == NULL) return code;
    if (real->pMethods->iVersion < 3) {
        real->pMethods->xClose(real);
        return SQLITE_CANTOPEN;
    }
    f->pMethods = &counted_methods;
    c->is_summed = c->kind == FILE_TABLES && find_sums(c);
    return code;
}

/* ---- life ---- */

struct counted_vfs *counted_vfs_new(void)
{
    struct counted_vfs *v = calloc(1, sizeof *v);
    if (v == NULL) BUG("out of memory");
    v->real = sqlite3_vfs_find(NULL);
    v->log_sums = page_notes_new();
    for (size_t i = 0; i < FILE_OTHER; i++) v->compared[i] = page_notes_new();
    v->base = *v->real; /* everything but opening needs no more than it finds here */
    v->base.pNext = NULL;
    snprintf(v->name, sizeof v->name, "motcua-%" PRIxPTR, (uintptr_t)v);
    v->base.zName = v->name;
    v->base.szOsFile = (int)sizeof(struct counted_file) + v->real->szOsFile;
    v->base.xOpen = file_open;
    if (sqlite3_vfs_register(&v->base, 0) != SQLITE_OK) BUG("SQLite takes no way to the disk");
    return v;
}

void counted_vfs_free(struct counted_vfs *v)
{
    if (v == NULL) return;
    sqlite3_vfs_unregister(&v->base);
    page_notes_free(v->log_sums);
    for (size_t i = 0; i < FILE_OTHER; i++) page_notes_free(v->compared[i]);
    free(v);
}

const char *counted_vfs_name(const struct counted_vfs *v)
{
    return v->name;
}

static uint64_t read_count(_Atomic uint64_t *what)
{
    return atomic_load_explicit(what, memory_order_relaxed);
}

uint64_t counted_vfs_log_salts(struct counted_vfs *v)
{
    return atomic_load(&v->log_salts);
}

struct disk_cost counted_vfs_cost(struct counted_vfs *v)
{
    return (struct disk_cost){
        .log_bytes = read_count(&v->cost[FILE_LOG].bytes),
        .log_writes = read_count(&v->cost[FILE_LOG].writes),
        .log_syncs = read_count(&v->cost[FILE_LOG].syncs),
        .table_bytes = read_count(&v->cost[FILE_TABLES].bytes),
        .table_writes = read_count(&v->cost[FILE_TABLES].writes),
        .table_syncs = read_count(&v->cost[FILE_TABLES].syncs),
    };
}
