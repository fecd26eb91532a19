#include "backup/backup_read.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup_parts.h"
#include "backup/tar.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/json.h"

enum { PAPERS_BYTES = BACKUP_ARENA / 4 }; /* the list of papers: 8 million of them */

struct backup_reader {
    struct arena *a;
    yyjson_val *manifest;
    uint64_t left; /* of the entry */
    char *piece;
    /* a file */
    int tar; /* -1: a list */
    uint64_t padding;
    /* a list */
    struct str folder, papers; /* papers: hashes, one after the other */
    size_t file, part, paper;
    yyjson_val *parts;
    int fd; /* of a paper; -1 */
};

static enum outcome is_damaged(struct fail *why)
{
    return fail(why, ERR_BAD, N_("This is not a backup of Motcua, or it is damaged."));
}

/* Nothing that leads out of the folder, nothing that a backup does not hold. */
static bool path_is_good(struct str path)
{
    if (str_eq(path, STR("motcua.db"))) return true;
    if (path.len == 0 || path.at[0] == '/' || str_has(path, STR("..")) || str_has(path, STR("//"))) return false;
    for (size_t i = 0; i < backup_beside_count; i++) {
        struct str name = str_from(backup_beside[i]);
        if (str_starts(path, name) && (path.len == name.len || path.at[name.len] == '/')) return true;
    }
    return false;
}

static bool paper_of(struct arena *a, struct str path, struct sha256 *out)
{
    struct str head, rest;
    if (!str_starts(path, STR("files/")) || !str_cut(str_part(path, 6, path.len), '/', &head, &rest)) return false;
    return head.len == 2 && sha256_parse(str_format(a, "%.*s%.*s", STR_ARG(head), STR_ARG(rest)), out);
}

/* ---- a file ---- */

static enum outcome next_in_file(struct backup_reader *r, struct backup_entry *out, struct fail *why)
{
    struct tar_entry head;
    unsigned char block[TAR_BLOCK];
    size_t got;
    if (r->manifest != NULL) return ERR_MISSING;
    TRY(fd_read(r->tar, (char *)block, sizeof block, &got, why));
    if (got < sizeof block) return ERR_MISSING; /* without a manifest: broken off */
    TRY(tar_read_header(r->a, block, &head, why));
    r->left = head.bytes;
    r->padding = tar_padding(head.bytes);
    *out = (struct backup_entry){.path = head.name, .mode = head.mode, .bytes = head.bytes};
    out->is_paper = paper_of(r->a, head.name, &out->hash);
    return OK;
}

static enum outcome piece_of_file(struct backup_reader *r, size_t wanted, struct str *out, struct fail *why)
{
    size_t got, rest;
    char padding[TAR_BLOCK];
    TRY(fd_read(r->tar, r->piece, wanted, &got, why));
    if (got < wanted) return is_damaged(why);
    if (r->left == wanted) TRY(fd_read(r->tar, padding, r->padding, &rest, why));
    *out = str_of(r->piece, got);
    return OK;
}

static enum outcome read_manifest(struct backup_reader *r, uint64_t bytes, struct fail *why)
{
    if (bytes > BACKUP_MANIFEST_BYTES) return is_damaged(why);
    char *text = arena_alloc(r->a, bytes + 1);
    size_t got;
    TRY(fd_read(r->tar, text, bytes, &got, why));
    if (got < bytes || json_read(r->a, str_of(text, bytes), &r->manifest, why) != OK) return is_damaged(why);
    return OK;
}

/* ---- a list ---- */

static enum outcome parse_hash(yyjson_val *text, struct sha256 *out, struct fail *why)
{
    return sha256_parse(json_text(text), out) ? OK : is_damaged(why);
}

static enum outcome open_list(struct backup_reader *r, struct str path, struct fail *why)
{
    struct str text;
    const char *slash = memrchr(path.at, '/', path.len);
    r->folder = slash != NULL ? str_part(path, 0, (size_t)(slash - path.at)) : STR(".");
    TRY(file_read(r->a, path, BACKUP_MANIFEST_BYTES, &text, why));
    if (json_read(r->a, text, &r->manifest, why) != OK) return is_damaged(why);
    yyjson_val *parts = json_get(r->manifest, "paper_parts"), *part;
    size_t i, count, len, bytes = yyjson_arr_size(parts) * PART_BYTES;
    if (bytes > PAPERS_BYTES) return is_damaged(why);
    char *papers = arena_alloc(r->a, bytes + 1);
    yyjson_arr_foreach(parts, i, count, part)
    {
        struct sha256 hash;
        TRY(parse_hash(part, &hash, why));
        TRY(part_read(r->a, r->folder, hash, r->piece, &len, why));
        memcpy(papers + r->papers.len, r->piece, len);
        r->papers = str_of(papers, r->papers.len + len);
    }
    return OK;
}

static enum outcome open_paper(struct backup_reader *r, struct backup_entry *out, struct fail *why)
{
    struct stat about;
    if (r->paper * SHA256_BYTES >= r->papers.len) return ERR_MISSING;
    memcpy(out->hash.at, r->papers.at + r->paper++ * SHA256_BYTES, SHA256_BYTES);
    struct str hex = sha256_format(r->a, out->hash);
    if (r->fd >= 0) close(r->fd);
    r->fd = open(part_path(r->a, r->folder, "papers", out->hash).at, O_RDONLY | O_CLOEXEC);
    if (r->fd < 0 || fstat(r->fd, &about) != 0)
        return fail(why, ERR_CONFLICT, N_("A paper of the backup is missing: {0}."), hex);
    out->path = str_format(r->a, "files/%.*s/%.*s", 2, hex.at, SHA256_HEX - 2, hex.at + 2);
    out->mode = 0600;
    out->bytes = r->left = (uint64_t)about.st_size;
    out->is_paper = true;
    return OK;
}

static enum outcome next_in_list(struct backup_reader *r, struct backup_entry *out, struct fail *why)
{
    yyjson_val *file = yyjson_arr_get(json_get(r->manifest, "files"), r->file);
    *out = (struct backup_entry){0};
    if (file == NULL) return open_paper(r, out, why);
    r->file++;
    r->part = 0;
    r->parts = json_get(file, "parts");
    out->path = json_str(file, "path");
    out->mode = (unsigned)(json_int(file, "mode", 0600) & 0777);
    out->bytes = r->left = (uint64_t)json_int(file, "bytes", 0);
    return OK;
}

static enum outcome piece_of_list(struct backup_reader *r, size_t wanted, struct str *out, struct fail *why)
{
    struct sha256 hash;
    size_t len;
    if (r->fd >= 0) {
        TRY(fd_read(r->fd, r->piece, wanted, &len, why));
        if (len < wanted) return is_damaged(why);
    } else {
        TRY(parse_hash(yyjson_arr_get(r->parts, r->part++), &hash, why));
        TRY(part_read(r->a, r->folder, hash, r->piece, &len, why));
        if (len > r->left) return is_damaged(why);
    }
    *out = str_of(r->piece, len);
    return OK;
}

/* ---- both ---- */

static enum outcome begin_reading(struct backup_reader *r, struct str path, struct fail *why)
{
    char first = 0;
    size_t got;
    r->tar = open(str_cstr(r->a, path), O_RDONLY | O_CLOEXEC);
    if (r->tar < 0)
        return fail(why, errno == ENOENT ? ERR_MISSING : ERR_DOWN, N_("{0} cannot be read: {1}."), path,
                    str_from(strerror(errno)));
    TRY(fd_read(r->tar, &first, 1, &got, why));
    if (first != '{') return lseek(r->tar, 0, SEEK_SET) == 0 ? OK : is_damaged(why);
    close(r->tar);
    r->tar = -1;
    return open_list(r, path, why);
}

enum outcome backup_open(struct arena *a, struct str path, struct backup_reader **out, struct fail *why)
{
    struct backup_reader *r = ARENA_NEW(a, struct backup_reader);
    *r = (struct backup_reader){.a = a, .tar = -1, .fd = -1, .piece = arena_alloc(a, PART_BYTES)};
    enum outcome opened = begin_reading(r, path, why);
    if (opened == OK)
        *out = r;
    else
        backup_close(r);
    return opened;
}

void backup_close(struct backup_reader *r)
{
    if (r == NULL) return;
    if (r->tar >= 0) close(r->tar);
    if (r->fd >= 0) close(r->fd);
}

enum outcome backup_next(struct backup_reader *r, struct backup_entry *out, struct fail *why)
{
    TRY(r->tar >= 0 ? next_in_file(r, out, why) : next_in_list(r, out, why));
    if (r->tar >= 0 && str_eq(out->path, STR("manifest.json"))) {
        TRY(read_manifest(r, out->bytes, why));
        return ERR_MISSING;
    }
    return out->is_paper || path_is_good(out->path) ? OK : is_damaged(why);
}

enum outcome backup_piece(struct backup_reader *r, struct str *out, struct fail *why)
{
    *out = STR_NONE;
    if (r->left == 0) return OK;
    size_t wanted = r->left < PART_BYTES ? (size_t)r->left : PART_BYTES;
    TRY(r->tar >= 0 ? piece_of_file(r, wanted, out, why) : piece_of_list(r, wanted, out, why));
    r->left -= out->len;
    return OK;
}

yyjson_val *backup_manifest(struct backup_reader *r)
{
    return r->manifest;
}
