/*
 * Bad luck on purpose: a library that is loaded before the C library into the real, unchanged program (LD_PRELOAD),
 * counts what it asks of the system and lets one of those calls go wrong. What is to happen stands in a small file that
 * both the rig and this library have mapped (struct control), so that a rig can wait until the office is open, arm, and
 * read afterwards what struck. tests/support/faults.mjs writes it; the numbers there and here are the same.
 *
 * A power cut is played with files only, so it needs no rights: everything that was written, made, renamed or removed
 * below the data folder and not yet made safe by fsync (of the file for its bytes, of the folder for its names) is
 * remembered with what was there before. At the cut a part of it, chosen by a seed, is put back in reverse order and
 * the process ends in that moment. This is harsher than most disks: any piece that was not synced may be missing while
 * a later one is there. A failed fsync makes what it should have kept lost for good, whatever a later one answers.
 *
 * Only the process that was started is touched, not its children. Never part of the program itself.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum kind { KIND_NONE, KIND_WRITE, KIND_SYNC, KIND_ALLOCATION, KIND_ANY_CHANGE };
enum deed { DEED_NONE, DEED_KILL, DEED_ERROR, DEED_POWER_CUT };

/* Every member is 8 bytes, little-endian, at 8 times its place. */
struct control {
    _Atomic int64_t kind;    /* what is counted; KIND_NONE: nothing happens */
    _Atomic int64_t at;      /* the call that it strikes: 1 is the next one */
    _Atomic int64_t deed;    /* what then happens */
    _Atomic int64_t error;   /* errno of DEED_ERROR */
    _Atomic int64_t goes_on; /* 1: every later call of the kind too, until disarmed */
    _Atomic int64_t seed;    /* of a power cut; 0: everything that was not synced is lost */
    _Atomic int64_t seen;    /* out: calls of the kind since it was armed (the rig sets it to 0) */
    _Atomic int64_t struck;  /* out: how often */
    _Atomic int64_t retried; /* out: fsyncs of a file whose fsync had failed */
    _Atomic int64_t lost;    /* out: pieces that a power cut took */
};

enum { FILES_MOST = 4096, FOLDER_BYTES = 512, UNDO_BYTES_MOST = 1 << 28 };

/* What was there before something that is not yet safe. */
enum undo_kind { UNDO_BYTES, UNDO_MADE, UNDO_MADE_FOLDER, UNDO_RENAMED, UNDO_REMOVED };
struct undo {
    struct undo *before;
    enum undo_kind kind;
    bool is_doomed; /* an fsync that should have kept it failed */
    int file;       /* of bytes: its place in `files` */
    dev_t device;   /* of names: the folder that has to be synced */
    ino_t folder;
    off_t at, size_before; /* of bytes */
    size_t len;
    char *bytes;                /* what stood there */
    char path[256], other[256]; /* of names: now, and before a rename */
};

/* A file that was written, kept open: closing a descriptor of a database would give up SQLite's locks on it. */
struct file {
    dev_t device;
    ino_t inode;
    int fd;
    bool has_failed;
};

static struct control *control;
static char folder[FOLDER_BYTES];
static size_t folder_len;
static bool is_active;  /* in the process that was started, with a control file */
static bool plays_cuts; /* writes are remembered */
static const char *synchronous;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* what is below; after a cut it is never given back */
static struct file files[FILES_MOST];
static int file_count;
static struct undo *last_undo;
static size_t undo_bytes;

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *at, size_t bytes);

/* A sanitizer's, when the program has one: what it allocates it wants to free. */
__attribute__((weak)) void *__interceptor_malloc(size_t bytes);
__attribute__((weak)) void *__interceptor_calloc(size_t count, size_t bytes);
__attribute__((weak)) void *__interceptor_realloc(void *at, size_t bytes);
#define MEMORY(name) (__interceptor_##name ? __interceptor_##name : __libc_##name)

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

/* ---- when it strikes ---- */

static bool strikes(enum kind kind)
{
    if (!is_active) return false;
    int64_t wanted = atomic_load(&control->kind);
    bool counts = wanted == kind || (wanted == KIND_ANY_CHANGE && kind != KIND_ALLOCATION);
    if (!counts) return false;
    int64_t seen = atomic_fetch_add(&control->seen, 1) + 1, at = atomic_load(&control->at);
    if (seen != at && !(seen > at && atomic_load(&control->goes_on))) return false;
    atomic_fetch_add(&control->struck, 1);
    return true;
}

static void die(void)
{
    (void)syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) (void)pause();
}

/* ---- what can be lost ---- */

/* Whether this descriptor is of the data folder or of something in it; its path then stands in out. */
static bool is_ours(int fd, char out[PATH_MAX])
{
    char link[64];
    (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, out, PATH_MAX - 1);
    if (n <= 0) return false;
    out[n] = '\0';
    bool is_folder = (size_t)n + 1 == folder_len && strncmp(out, folder, (size_t)n) == 0;
    return is_folder || (strncmp(out, folder, folder_len) == 0 && !strstr(out, "-shm"));
}

static bool is_our_path(const char *path)
{
    return strncmp(path, folder, folder_len) == 0 && !strstr(path, "-shm") && strlen(path) < 255;
}

static struct undo *undo_new(enum undo_kind kind)
{
    struct undo *u = MEMORY(calloc)(1, sizeof *u);
    if (!u) abort();
    u->kind = kind;
    u->before = last_undo;
    last_undo = u;
    return u;
}

static int file_of(int fd, const char *path)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) return -1;
    for (int i = 0; i < file_count; i++)
        if (files[i].device == st.st_dev && files[i].inode == st.st_ino) return i;
    int own = file_count < FILES_MOST ? REAL(open64)(path, O_RDWR | O_CLOEXEC) : -1;
    if (own < 0) return -1;
    files[file_count] = (struct file){st.st_dev, st.st_ino, own, false};
    return file_count++;
}

/* Under the lock: keeps what a write is going to cover. */
static void remember_bytes(int fd, const char *path, off_t at, size_t len)
{
    struct stat st;
    int file = file_of(fd, path);
    if (file < 0 || fstat(fd, &st) != 0 || undo_bytes > UNDO_BYTES_MOST) return;
    struct undo *u = undo_new(UNDO_BYTES);
    u->file = file;
    u->at = at;
    u->size_before = st.st_size;
    if (at >= st.st_size || len == 0) return;
    u->bytes = MEMORY(malloc)(len);
    ssize_t n = u->bytes ? pread(files[file].fd, u->bytes, len, at) : 0;
    u->len = n > 0 ? (size_t)n : 0;
    undo_bytes += u->len;
}

static void remember_name(enum undo_kind kind, const char *path, const char *other)
{
    struct undo *u = undo_new(kind);
    struct stat st;
    char parent[256];
    (void)snprintf(u->path, sizeof u->path, "%s", path);
    (void)snprintf(u->other, sizeof u->other, "%s", other ? other : "");
    (void)snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash) *slash = '\0';
    if (stat(parent, &st) != 0) return;
    u->device = st.st_dev;
    u->folder = st.st_ino;
}

static bool is_kept_by(const struct undo *u, const struct stat *st)
{
    if (u->kind == UNDO_BYTES) return files[u->file].device == st->st_dev && files[u->file].inode == st->st_ino;
    return u->device == st->st_dev && u->folder == st->st_ino;
}

/* Under the lock: fsync answered. What it keeps is forgotten; when it failed, it is lost for good. */
static void settle(int fd, bool is_safe)
{
    struct stat st;
    if (fstat(fd, &st) != 0) return;
    for (struct undo **at = &last_undo; *at;) {
        struct undo *u = *at;
        if (u->is_doomed || !is_kept_by(u, &st)) {
            at = &u->before;
        } else if (is_safe) {
            *at = u->before;
            undo_bytes -= u->len;
            free(u->bytes);
            free(u);
        } else {
            u->is_doomed = true;
            at = &u->before;
        }
    }
}

/* ---- the cut ---- */

static uint64_t chance; /* splitmix64 */

static bool is_lucky(void)
{
    if (chance == 0) return false;
    uint64_t x = chance += 0x9E3779B97F4A7C15u;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
    return ((x ^ (x >> 31)) & 1) != 0;
}

static void put_back_bytes(const struct undo *u)
{
    struct stat st;
    int fd = files[u->file].fd;
    ssize_t (*put)(int, const void *, size_t, off64_t) = REAL(pwrite64);
    if (u->len > 0) (void)!put(fd, u->bytes, u->len, u->at); /* a disk of a test's own */
    if (fstat(fd, &st) == 0 && st.st_size > u->size_before) (void)!REAL(ftruncate64)(fd, u->size_before);
}

static void put_back(const struct undo *u)
{
    switch (u->kind) {
    case UNDO_BYTES: put_back_bytes(u); break;
    case UNDO_MADE: (void)REAL(unlink)(u->path); break;
    case UNDO_MADE_FOLDER: (void)rmdir(u->path); break;
    case UNDO_RENAMED: (void)REAL(rename)(u->path, u->other); break;
    case UNDO_REMOVED: (void)REAL(rename)(u->other, u->path); break;
    }
}

/* Under the lock. Only what a failed fsync should have kept, or whatever a seed takes of all that was not synced. */
static void lose(bool only_doomed)
{
    chance = (uint64_t)atomic_load(&control->seed);
    for (struct undo *u = last_undo; u; u = u->before) {
        if (only_doomed ? !u->is_doomed : !u->is_doomed && is_lucky()) continue;
        put_back(u);
        atomic_fetch_add(&control->lost, 1);
    }
}

/* True when the call is to fail with errno set. Under the lock when `has_lock`, which a cut keeps for ever. */
static bool suffer(enum kind kind)
{
    if (!strikes(kind)) return false;
    switch (atomic_load(&control->deed)) {
    case DEED_KILL: die(); break;
    case DEED_POWER_CUT:
        lose(false);
        die();
        break;
    default: errno = (int)atomic_load(&control->error); break;
    }
    return true;
}

/* A process that ends by itself after a failed fsync: what that should have kept was never on the platter. */
void _exit(int status)
{
    if (is_active && plays_cuts) {
        (void)pthread_mutex_lock(&lock);
        lose(true);
    }
    (void)syscall(SYS_exit_group, status);
    for (;;) (void)pause();
}

/* ---- writing ---- */

/* A write that ends the process has come half the way before. */
static bool suffers_write(int fd, const void *bytes, size_t len, off64_t at)
{
    bool tears = is_active && atomic_load(&control->deed) != DEED_ERROR;
    bool is_next = atomic_load(&control->seen) + 1 == atomic_load(&control->at);
    if (tears && is_next && atomic_load(&control->kind) != KIND_ALLOCATION && len > 1)
        (void)!REAL(pwrite64)(fd, bytes, len / 2, at); /* torn */
    return suffer(KIND_WRITE);
}

static ssize_t put_at(int fd, const void *bytes, size_t len, off64_t at)
{
    char path[PATH_MAX];
    if (!is_active || !is_ours(fd, path)) return REAL(pwrite64)(fd, bytes, len, at);
    (void)pthread_mutex_lock(&lock);
    if (plays_cuts) remember_bytes(fd, path, at, len);
    ssize_t n = suffers_write(fd, bytes, len, at) ? -1 : REAL(pwrite64)(fd, bytes, len, at);
    int cause = errno;
    (void)pthread_mutex_unlock(&lock);
    errno = cause;
    return n;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
    return put_at(fd, bytes, len, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    return put_at(fd, bytes, len, at);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    char path[PATH_MAX];
    if (!is_active || !is_ours(fd, path)) return REAL(write)(fd, bytes, len);
    (void)pthread_mutex_lock(&lock);
    off_t at = lseek(fd, 0, SEEK_CUR);
    if (plays_cuts) remember_bytes(fd, path, at, len);
    ssize_t n = suffers_write(fd, bytes, len, at) ? -1 : REAL(write)(fd, bytes, len);
    int cause = errno;
    (void)pthread_mutex_unlock(&lock);
    errno = cause;
    return n;
}

int ftruncate64(int fd, off64_t size)
{
    char path[PATH_MAX];
    struct stat st;
    if (!is_active || !is_ours(fd, path)) return REAL(ftruncate64)(fd, size);
    (void)pthread_mutex_lock(&lock);
    if (plays_cuts && fstat(fd, &st) == 0 && st.st_size > size)
        remember_bytes(fd, path, size, (size_t)(st.st_size - size));
    int result = suffer(KIND_WRITE) ? -1 : REAL(ftruncate64)(fd, size);
    int cause = errno;
    (void)pthread_mutex_unlock(&lock);
    errno = cause;
    return result;
}

static int sync_with(int fd, int (*sync)(int))
{
    char path[PATH_MAX];
    if (!is_active || !is_ours(fd, path)) return sync(fd);
    (void)pthread_mutex_lock(&lock);
    int file = file_of(fd, path);
    if (file >= 0 && files[file].has_failed) atomic_fetch_add(&control->retried, 1);
    int result = suffer(KIND_SYNC) ? -1 : sync(fd);
    int cause = errno;
    if (result != 0 && file >= 0) files[file].has_failed = true;
    if (plays_cuts) settle(fd, result == 0);
    (void)pthread_mutex_unlock(&lock);
    errno = cause;
    return result;
}

int fsync(int fd)
{
    return sync_with(fd, REAL(fsync));
}

int fdatasync(int fd)
{
    return sync_with(fd, REAL(fdatasync));
}

/* ---- names ---- */

static int open_with(int (*opens)(const char *, int, ...), const char *path, int flags, mode_t mode)
{
    struct stat st;
    bool makes = is_active && (flags & O_CREAT) && is_our_path(path) && stat(path, &st) != 0;
    if (!makes) return opens(path, flags, mode);
    (void)pthread_mutex_lock(&lock);
    int fd = suffer(KIND_WRITE) ? -1 : opens(path, flags, mode);
    int cause = errno;
    if (fd >= 0 && plays_cuts) remember_name(UNDO_MADE, path, NULL);
    (void)pthread_mutex_unlock(&lock);
    errno = cause;
    return fd;
}

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_with(REAL(open64), path, flags, mode);
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_with(REAL(open64), path, flags, mode);
}

int mkdir(const char *path, mode_t mode)
{
    if (!is_active || !is_our_path(path)) return REAL(mkdir)(path, mode);
    (void)pthread_mutex_lock(&lock);
    int result = suffer(KIND_WRITE) ? -1 : REAL(mkdir)(path, mode);
    int cause = errno;
    if (result == 0 && plays_cuts) remember_name(UNDO_MADE_FOLDER, path, NULL);
    (void)pthread_mutex_unlock(&lock);
    errno = cause;
    return result;
}

int rename(const char *from, const char *to)
{
    if (!is_active || !is_our_path(to)) return REAL(rename)(from, to);
    (void)pthread_mutex_lock(&lock);
    int result = suffer(KIND_WRITE) ? -1 : REAL(rename)(from, to);
    int cause = errno;
    if (result == 0 && plays_cuts) remember_name(UNDO_RENAMED, to, from);
    (void)pthread_mutex_unlock(&lock);
    errno = cause;
    return result;
}

/* What is removed is put aside while a cut may bring it back. */
int unlink(const char *path)
{
    static _Atomic int aside;
    char other[300];
    if (!is_active || !is_our_path(path) || strstr(path, ".aside-")) return REAL(unlink)(path);
    (void)pthread_mutex_lock(&lock);
    int result = -1, cause;
    if (!suffer(KIND_WRITE)) {
        (void)snprintf(other, sizeof other, "%s.aside-%d", path, atomic_fetch_add(&aside, 1));
        bool keeps = plays_cuts && strlen(other) < 255;
        result = keeps ? REAL(rename)(path, other) : REAL(unlink)(path);
        cause = errno;
        if (result == 0 && keeps) remember_name(UNDO_REMOVED, path, other);
    } else {
        cause = errno;
    }
    (void)pthread_mutex_unlock(&lock);
    errno = cause;
    return result;
}

/* ---- memory ---- */

static bool has_no_memory(void)
{
    return is_active && atomic_load(&control->kind) == KIND_ALLOCATION && suffer(KIND_ALLOCATION);
}

void *malloc(size_t bytes)
{
    return has_no_memory() ? NULL : MEMORY(malloc)(bytes);
}

void *calloc(size_t count, size_t bytes)
{
    return has_no_memory() ? NULL : MEMORY(calloc)(count, bytes);
}

void *realloc(void *at, size_t bytes)
{
    return has_no_memory() ? NULL : MEMORY(realloc)(at, bytes);
}

/* ---- a control run ---- */

struct sqlite3;

/* With FAULTS_SYNCHRONOUS the database is less careful than the program asks: such a run has to lose something, or the
 * rig itself sees nothing. */
typedef int sqlite3_each(void *, int, char **, char **);
int sqlite3_exec(struct sqlite3 *db, const char *sql, sqlite3_each *each, void *context, char **said);

int sqlite3_exec(struct sqlite3 *db, const char *sql, sqlite3_each *each, void *context, char **said)
{
    char other[64];
    if (is_active && synchronous && sql && strcmp(sql, "PRAGMA synchronous = FULL") == 0) {
        (void)snprintf(other, sizeof other, "PRAGMA synchronous = %s", synchronous);
        sql = other;
    }
    return REAL(sqlite3_exec)(db, sql, each, context, said);
}

/* ---- start ---- */

static void forget_in_child(void)
{
    is_active = false;
}

/* What starts the program under valgrind (tools/test) hands the library on to it. */
static bool is_starter(void)
{
    const char *name = program_invocation_short_name;
    return strcmp(name, "sh") == 0 || strncmp(name, "valgrind", strlen("valgrind")) == 0;
}

__attribute__((constructor)) static void begin(void)
{
    if (is_starter()) return;
    const char *file = getenv("FAULTS_CONTROL"), *data = getenv("FAULTS_FOLDER");
    (void)unsetenv("LD_PRELOAD"); /* children are left alone */
    if (!file || !data || strlen(data) + 2 > sizeof folder) return;
    int fd = REAL(open64)(file, O_RDWR | O_CLOEXEC);
    void *at = fd >= 0 ? mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : MAP_FAILED;
    if (at == MAP_FAILED) abort();
    control = at;
    folder_len = (size_t)snprintf(folder, sizeof folder, "%s/", data);
    plays_cuts = getenv("FAULTS_CUTS") != NULL;
    synchronous = getenv("FAULTS_SYNCHRONOUS");
    (void)pthread_atfork(NULL, NULL, forget_in_child);
    is_active = true;
}
