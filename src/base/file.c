#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/hash.h"
#include "base/list.h"

enum { READ_FIRST_BYTES = 16 * 1024 };

static enum outcome cannot(struct fail *why, const char *sentence, struct str path)
{
    const char *cause = strerrordesc_np(errno);
    return fail(why, ERR_DOWN, sentence, path, str_from(cause ? cause : "?"));
}

static enum outcome cannot_read(struct fail *why, struct str path)
{
    if (errno == ENOENT || errno == ENOTDIR) return fail(why, ERR_MISSING, N_("{0} does not exist."), path);
    return cannot(why, N_("{0} cannot be read: {1}."), path);
}

static enum outcome cannot_write(struct fail *why, struct str path)
{
    return cannot(why, N_("{0} cannot be written: {1}."), path);
}

enum outcome file_refused(int cause, struct fail *why)
{
    switch (cause) {
    case ENOSPC:
    case EDQUOT: return fail(why, ERR_DOWN, N_("The disk is full. Nothing was saved; what is there can be read."));
    case EROFS:
        return fail(why, ERR_DOWN, N_("The disk cannot be written. Nothing was saved; what is there can be read."));
    default: return fail(why, ERR_DOWN, N_("The file cannot be stored right now."));
    }
}

/* Fills up to `bytes`; fewer only at the end of the file. -1 with errno. */
static ssize_t read_fully(int fd, char *at, size_t bytes)
{
    size_t got = 0;
    while (got < bytes) {
        ssize_t n = read(fd, at + got, bytes - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        got += (size_t)n;
    }
    return (ssize_t)got;
}

/* The size that the system tells is only a first guess: a pipe has none, a growing file another one. */
static size_t size_guess(int fd, size_t ceiling_bytes)
{
    struct stat st;
    size_t guess = READ_FIRST_BYTES;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) guess = (size_t)st.st_size;
    return guess < ceiling_bytes ? guess : ceiling_bytes;
}

enum outcome file_read(struct arena *a, struct str path, size_t ceiling_bytes, struct str *out, struct fail *why)
{
    AUTO_FD int fd = open(str_cstr(why->arena, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return cannot_read(why, path);
    size_t room = size_guess(fd, ceiling_bytes) + 1, len = 0;
    char *at = arena_alloc(a, room);
    for (;;) {
        ssize_t got = read_fully(fd, at + len, room - len);
        if (got < 0) return cannot_read(why, path);
        len += (size_t)got;
        if (len < room) break;
        if (len > ceiling_bytes) {
            struct str most = str_format(why->arena, "%zu", ceiling_bytes);
            return fail(why, ERR_TOO_LARGE, N_("{0} is larger than {1} bytes."), path, most);
        }
        size_t more = room > (ceiling_bytes + 1) / 2 ? ceiling_bytes + 1 : room * 2;
        at = arena_grow(a, at, room, more);
        room = more;
    }
    at[len] = '\0';
    *out = str_of(at, len);
    return OK;
}

static bool write_fully(int fd, struct str content)
{
    while (content.len > 0) {
        ssize_t n = write(fd, content.at, content.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return false;
        content = str_part(content, (size_t)n, content.len);
    }
    return true;
}

static struct str parent_of(struct str path)
{
    while (path.len > 1 && path.at[path.len - 1] == '/') path.len--;
    const char *slash = path.len > 0 ? memrchr(path.at, '/', path.len) : NULL;
    if (!slash) return STR(".");
    return slash == path.at ? STR("/") : str_of(path.at, (size_t)(slash - path.at));
}

static bool fill_new_file(const char *path, struct str content, unsigned mode)
{
    AUTO_FD int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    return fd >= 0 && write_fully(fd, content) && fchmod(fd, (mode_t)mode) == 0 && fsync(fd) == 0;
}

enum outcome file_write(struct str path, struct str content, unsigned mode, struct fail *why)
{
    const char *to = str_cstr(why->arena, path);
    const char *from = str_format(why->arena, "%s.%016" PRIx64 ".new", to, random_u64()).at;
    if (!fill_new_file(from, content, mode) || rename(from, to) != 0) {
        int cause = errno;
        (void)unlink(from); /* may not be there at all */
        errno = cause;
        return cannot_write(why, path);
    }
    return file_sync_folder(parent_of(path), why);
}

enum outcome file_sync_folder(struct str folder, struct fail *why)
{
    AUTO_FD int fd = open(str_cstr(why->arena, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) return cannot_write(why, folder);
    return OK;
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static enum outcome make_one_folder(struct str path, unsigned mode, struct fail *why)
{
    const char *name = str_cstr(why->arena, path);
    if (mkdir(name, (mode_t)mode) == 0) return file_sync_folder(parent_of(path), why);
    int cause = errno;
    if (is_folder(name)) return OK;
    errno = cause;
    return cannot_write(why, path);
}

enum outcome file_make_folder(struct str path, unsigned mode, struct fail *why)
{
    for (size_t i = 1; i < path.len; i++) {
        if (path.at[i] == '/') TRY(make_one_folder(str_part(path, 0, i), mode, why));
    }
    return make_one_folder(path, mode, why);
}

bool file_exists(struct str path)
{
    AUTO_ARENA struct arena scratch;
    arena_init(&scratch, path.len + 64);
    return access(str_cstr(&scratch, path), F_OK) == 0;
}

static int by_bytes(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum outcome file_names(struct arena *a, struct str folder, struct str **out, size_t *out_count, struct fail *why)
{
    DIR *dir = opendir(str_cstr(why->arena, folder));
    if (!dir) return cannot_read(why, folder);
    LIST(struct str) names = {0};
    errno = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL; errno = 0) {
        struct str name = str_from(entry->d_name);
        if (str_eq(name, STR(".")) || str_eq(name, STR(".."))) continue;
        LIST_PUSH(a, names) = str_dup(a, name);
    }
    int cause = errno;
    (void)closedir(dir); /* was only read */
    errno = cause;
    if (cause != 0) return cannot_read(why, folder);
    if (names.count > 1) qsort(names.at, names.count, sizeof *names.at, by_bytes);
    *out = names.at;
    *out_count = names.count;
    return OK;
}

struct str file_base_name(struct str path)
{
    size_t from = path.len;
    while (from > 0 && path.at[from - 1] != '/') from--;
    return str_part(path, from, path.len);
}

struct str file_join(struct arena *a, struct str folder, struct str name)
{
    if (folder.len == 0) return str_dup(a, name);
    const char *slash = folder.at[folder.len - 1] == '/' ? "" : "/";
    return str_format(a, "%.*s%s%.*s", STR_ARG(folder), slash, STR_ARG(name));
}

struct str file_of_key(struct arena *a, struct str folder, struct str name)
{
    struct str kept = file_join(a, folder, name), handed = str_from(getenv("CREDENTIALS_DIRECTORY"));
    if (handed.len == 0 || file_exists(kept)) return kept;
    handed = file_join(a, handed, name);
    return file_exists(handed) ? handed : kept;
}

struct str file_own_program(struct arena *a)
{
    static const char link[] = "/proc/self/exe";
    char name[PATH_MAX];
    struct stat opened, named;
    ssize_t len = readlink(link, name, sizeof name - 1);
    if (len < 0 || stat(link, &opened) != 0) return str_from(link);
    name[len] = '\0';
    if (stat(name, &named) != 0) return str_from(link); /* the file was replaced */
    bool is_same = opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
    return is_same ? str_from(link) : str_dup(a, str_from(name));
}
