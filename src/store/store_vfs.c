#include "store/store_vfs.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum disk_file { FILE_TABLES, FILE_LOG, FILE_OTHER, FILE_KINDS };

struct counted_vfs {
    sqlite3_vfs base; /* first: SQLite hands it back */
    sqlite3_vfs *real;
    char name[40];
    struct {
        _Atomic uint64_t bytes, writes, syncs;
    } cost[FILE_KINDS];
};

/* Behind it lies the real file. */
struct counted_file {
    sqlite3_file base; /* first */
    struct counted_vfs *vfs;
    enum disk_file kind;
};

static sqlite3_file *real_of(sqlite3_file *f)
{
    return (sqlite3_file *)((struct counted_file *)f + 1);
}

static void count(_Atomic uint64_t *what, uint64_t more)
{
    atomic_fetch_add_explicit(what, more, memory_order_relaxed);
}

/* ---- counted ---- */

static int file_write(sqlite3_file *f, const void *bytes, int size, sqlite3_int64 at)
{
    struct counted_file *c = (struct counted_file *)f;
    count(&c->vfs->cost[c->kind].bytes, (uint64_t)size);
    count(&c->vfs->cost[c->kind].writes, 1);
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

static int file_read(sqlite3_file *f, void *out, int size, sqlite3_int64 at)
{
    return real_of(f)->pMethods->xRead(real_of(f), out, size, at);
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
    return real_of(f)->pMethods->xFileControl(real_of(f), what, about);
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
    return code;
}

/* ---- life ---- */

struct counted_vfs *counted_vfs_new(void)
{
    struct counted_vfs *v = calloc(1, sizeof *v);
    if (v == NULL) BUG("out of memory");
    v->real = sqlite3_vfs_find(NULL);
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
