#include "backup/backup_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/auto.h"
#include "base/file.h"

enum { FAST = 1, DEFLATED_MOST = PART_BYTES + PART_BYTES / 1000 + 64, COPY_BYTES = 256 * 1024 };

enum outcome fd_write(int fd, struct str bytes, struct fail *why)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.at, bytes.len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(why, ERR_DOWN, N_("The backup could not be written: {0}."), str_from(strerror(errno)));
        bytes = str_part(bytes, (size_t)n, bytes.len);
    }
    return OK;
}

enum outcome fd_read(int fd, char *at, size_t bytes, size_t *out_got, struct fail *why)
{
    size_t got = 0;
    while (got < bytes) {
        ssize_t n = read(fd, at + got, bytes - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(why, ERR_DOWN, N_("The backup could not be read: {0}."), str_from(strerror(errno)));
        if (n == 0) break;
        got += (size_t)n;
    }
    *out_got = got;
    return OK;
}

struct str part_path(struct arena *a, struct str folder, const char *kind, struct sha256 hash)
{
    struct str hex = sha256_format(a, hash), head = str_part(hex, 0, 2), rest = str_part(hex, 2, SHA256_HEX);
    return str_format(a, "%.*s/%s/%.*s/%.*s", STR_ARG(folder), kind, STR_ARG(head), STR_ARG(rest));
}

static enum outcome make_its_folder(struct arena *a, struct str path, struct fail *why)
{
    return file_make_folder(str_dup(a, str_part(path, 0, path.len - (SHA256_HEX - 2) - 1)), 0700, why);
}

/* Under another name first, so that a part that is there is whole. */
static enum outcome write_new(struct arena *a, struct str path, struct str bytes, struct fail *why)
{
    struct str temporary = str_format(a, "%.*s.new", STR_ARG(path));
    TRY(make_its_folder(a, path, why));
    AUTO_FD int fd = open(temporary.at, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return fail(why, ERR_DOWN, N_("The backup could not be written: {0}."), str_from(strerror(errno)));
    TRY(fd_write(fd, bytes, why));
    if (rename(temporary.at, path.at) != 0)
        return fail(why, ERR_DOWN, N_("The backup could not be written: {0}."), str_from(strerror(errno)));
    return OK;
}

enum outcome part_keep(struct arena *a, struct str folder, struct str piece, struct sha256 *out_hash,
                       uint64_t *out_bytes, struct fail *why)
{
    unsigned char deflated[DEFLATED_MOST];
    uLongf len = sizeof deflated;
    struct arena_mark mark = arena_mark(a);
    *out_hash = sha256_of(piece);
    struct str path = part_path(a, folder, "parts", *out_hash);
    enum outcome r = OK;
    if (!file_exists(path)) {
        if (compress2(deflated, &len, (const Bytef *)piece.at, piece.len, FAST) != Z_OK)
            BUG("a piece of %zu bytes is not compressed", piece.len);
        r = write_new(a, path, str_of((const char *)deflated, len), why);
        *out_bytes += len;
    }
    arena_back(a, mark);
    return r;
}

enum outcome part_read(struct arena *a, struct str folder, struct sha256 hash, char *room, size_t *out_len,
                       struct fail *why)
{
    struct arena_mark mark = arena_mark(a);
    char deflated[DEFLATED_MOST];
    uLongf len = PART_BYTES;
    size_t got = 0;
    AUTO_FD int fd = open(part_path(a, folder, "parts", hash).at, O_RDONLY | O_CLOEXEC);
    arena_back(a, mark);
    if (fd < 0) return fail(why, ERR_CONFLICT, N_("A part of the backup is missing."));
    TRY(fd_read(fd, deflated, sizeof deflated, &got, why));
    bool is_whole = uncompress((Bytef *)room, &len, (const Bytef *)deflated, got) == Z_OK &&
                    sha256_eq(sha256_of(str_of(room, len)), hash);
    if (!is_whole) return fail(why, ERR_CONFLICT, N_("A part of the backup is damaged."));
    *out_len = len;
    return OK;
}

/* ---- papers ---- */

static enum outcome copy_paper(struct arena *a, struct str from, struct str to, struct fail *why)
{
    struct str temporary = str_format(a, "%.*s.new", STR_ARG(to));
    AUTO_FD int in = open(str_cstr(a, from), O_RDONLY | O_CLOEXEC);
    AUTO_FD int out = open(temporary.at, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (in < 0 || out < 0)
        return fail(why, ERR_DOWN, N_("The backup could not be written: {0}."), str_from(strerror(errno)));
    char *piece = arena_alloc(a, COPY_BYTES);
    for (size_t got = COPY_BYTES; got == COPY_BYTES;) {
        TRY(fd_read(in, piece, COPY_BYTES, &got, why));
        TRY(fd_write(out, str_of(piece, got), why));
    }
    if (rename(temporary.at, to.at) != 0)
        return fail(why, ERR_DOWN, N_("The backup could not be written: {0}."), str_from(strerror(errno)));
    return OK;
}

enum outcome part_keep_paper(struct arena *a, struct str folder, struct str paper, struct sha256 hash,
                             uint64_t *out_bytes, struct fail *why)
{
    struct arena_mark mark = arena_mark(a);
    struct str path = part_path(a, folder, "papers", hash);
    struct stat about;
    enum outcome r = OK;
    if (!file_exists(path)) {
        r = make_its_folder(a, path, why);
        if (r == OK && link(str_cstr(a, paper), path.at) != 0) {
            r = copy_paper(a, paper, path, why);
            if (r == OK && stat(path.at, &about) == 0) *out_bytes += (uint64_t)about.st_size;
        }
    }
    arena_back(a, mark);
    return r;
}

/* ---- walking ---- */

static enum outcome files_of(struct arena *a, struct str folder, struct str head, hashed_file_fn *each, void *context,
                             struct fail *why)
{
    struct str *names, inside = file_join(a, folder, head);
    size_t count;
    TRY(file_names(a, inside, &names, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct sha256 hash;
        struct str hex = str_format(a, "%.*s%.*s", STR_ARG(head), STR_ARG(names[i]));
        if (sha256_parse(hex, &hash)) TRY(each(context, hash, file_join(a, inside, names[i]), why));
    }
    return OK;
}

enum outcome hashed_files(struct arena *a, struct str folder, hashed_file_fn *each, void *context, struct fail *why)
{
    struct str *heads;
    size_t count;
    enum outcome listed = file_names(a, folder, &heads, &count, why);
    if (listed == ERR_MISSING) return OK;
    TRY(listed);
    for (size_t i = 0; i < count; i++) {
        if (heads[i].len != 2) continue;
        struct arena_mark mark = arena_mark(a);
        TRY(files_of(a, folder, heads[i], each, context, why));
        arena_back(a, mark);
    }
    return OK;
}
