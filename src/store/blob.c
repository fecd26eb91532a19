#include "store/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"

enum { PIECE_BYTES = 16 * 1024 };

/* Held (the folder's own lock) by many who find that a content is there already, and by one who takes a content away.
 */
static int hold(struct str folder, int how)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, folder.len + 64);
    int fd = open(str_cstr(&a, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) (void)flock(fd, how); /* without it only the moment's grace of a day is left */
    return fd;
}

/* Whether it is there; then it counts as kept just now. */
static bool is_kept(struct str folder, struct str path)
{
    AUTO_FD int held = hold(folder, LOCK_SH);
    return utimensat(AT_FDCWD, path.at, NULL, 0) == 0;
}

/* "files/ab/cdef..." and its folder "files/ab". */
static struct str blob_path(struct arena *a, struct str folder, struct sha256 hash, struct str *out_folder)
{
    struct str hex = sha256_format(a, hash);
    *out_folder = file_join(a, folder, str_part(hex, 0, 2));
    return file_join(a, *out_folder, str_part(hex, 2, SHA256_HEX));
}

static enum outcome sync_file(struct str path, struct fail *why)
{
    AUTO_FD int fd = open(path.at, O_RDONLY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? OK : file_refused(errno, why);
}

/* The names on the way to it. When that fails it is taken away again: the system forgets which of its names are not on
 * the platter, so that whoever sends the same content later would be told that it is kept. */
static enum outcome keep_name(struct str folder, struct str in_folder, struct str path, struct fail *why)
{
    enum outcome r = file_sync_folder(in_folder, why);
    if (r == OK) r = file_sync_folder(folder, why);
    if (r == OK) return OK;
    int cause = errno;
    (void)unlink(path.at); /* best effort */
    return file_refused(cause, why);
}

static bool copy_bytes(int from, int to)
{
    char piece[PIECE_BYTES];
    ssize_t n;
    while ((n = read(from, piece, sizeof piece)) > 0)
        for (ssize_t done = 0, more; done < n; done += more)
            if ((more = write(to, piece + done, (size_t)(n - done))) <= 0) return false;
    return n == 0;
}

/* The folder of papers is another disk than the spool: one that machines share. Whole on it, under another name, before
 * it gets its own. */
static enum outcome bring_over(struct str spool, struct str path, struct fail *why)
{
    struct str part = str_format(why->arena, "%.*s.%016" PRIx64, STR_ARG(path), random_u64());
    AUTO_FD int from = open(spool.at, O_RDONLY | O_CLOEXEC),
                to = open(part.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool is_done = from >= 0 && to >= 0 && copy_bytes(from, to) && fsync(to) == 0 && rename(part.at, path.at) == 0;
    int cause = errno;
    (void)unlink(is_done ? spool.at : part.at); /* best effort: the spool folder is swept at start */
    return is_done ? OK : file_refused(cause, why);
}

enum outcome blob_keep(struct str folder, struct str spool_path, struct sha256 hash, struct fail *why)
{
    struct str in_folder, path = blob_path(why->arena, folder, hash, &in_folder);
    struct str spool = str_dup(why->arena, spool_path);
    if (is_kept(folder, path)) {
        (void)unlink(spool.at); /* the spool folder is swept at start anyway */
        /* Whole under its name, but whoever brought it may not have come to the end of keeping it. */
        TRY(file_sync_folder(in_folder, why));
        return file_sync_folder(folder, why);
    }
    TRY(sync_file(spool, why));
    if (file_make_folder(in_folder, 0700, why) != OK) return file_refused(errno, why);
    bool is_moved = rename(spool.at, path.at) == 0;
    if (!is_moved && errno != EXDEV) return file_refused(errno, why);
    if (!is_moved) TRY(bring_over(spool, path, why));
    return keep_name(folder, in_folder, path, why);
}

enum outcome blob_write(struct str folder, struct str content, struct sha256 *out_hash, struct fail *why)
{
    struct sha256 hash = sha256_of(content);
    struct str in_folder, path = blob_path(why->arena, folder, hash, &in_folder);
    *out_hash = hash;
    if (!is_kept(folder, path)) {
        TRY(file_make_folder(in_folder, 0700, why));
        TRY(file_write(path, content, 0600, why));
        return keep_name(folder, in_folder, path, why);
    }
    TRY(file_sync_folder(in_folder, why));
    return file_sync_folder(folder, why);
}

enum outcome blob_open(struct str folder, struct sha256 hash, int *out_fd, uint64_t *out_bytes, struct fail *why)
{
    struct str in_folder, path = blob_path(why->arena, folder, hash, &in_folder);
    struct stat about;
    AUTO_FD int fd = open(path.at, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0)
        return fail(why, errno == ENOENT ? ERR_MISSING : ERR_DOWN, N_("The file is not in the store: {0}."),
                    str_from(strerror(errno)));
    *out_fd = dup(fd);
    *out_bytes = (uint64_t)about.st_size;
    return *out_fd >= 0 ? OK : fail(why, ERR_DOWN, N_("Too many files are open. Try again in a moment."));
}

bool blob_is_whole(struct str folder, struct sha256 hash)
{
    AUTO_ARENA struct arena a;
    char piece[PIECE_BYTES];
    struct str in_folder;
    ssize_t n;
    arena_init(&a, folder.len * 4 + 1024);
    AUTO_FD int fd = open(blob_path(&a, folder, hash, &in_folder).at, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    struct sha256_stream *stream = sha256_begin();
    while ((n = read(fd, piece, sizeof piece)) > 0) sha256_add(stream, str_of(piece, (size_t)n));
    return sha256_eq(sha256_end(stream), hash) && n == 0;
}

void blob_drop(struct str folder, struct sha256 hash, int64_t older_than_s, bool removes, uint64_t *out_bytes)
{
    AUTO_ARENA struct arena a;
    struct stat about;
    struct str in_folder;
    arena_init(&a, folder.len * 4 + 1024);
    struct str path = blob_path(&a, folder, hash, &in_folder);
    *out_bytes = 0;
    AUTO_FD int held = hold(folder, LOCK_EX);
    bool is_old = stat(path.at, &about) == 0 && about.st_mtime < time(NULL) - older_than_s;
    if (is_old && (!removes || unlink(path.at) == 0)) *out_bytes = (uint64_t)about.st_size;
}
