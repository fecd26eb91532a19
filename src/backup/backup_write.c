/* Making a backup: the store's copy first, then what lies beside it, then the papers: a paper is on the disk before a
 * row names it, so every paper that the copy names is there by then. The manifest comes last: what has none was broken
 * off. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup.h"
#include "backup/backup_parts.h"
#include "backup/tar.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/file_system.h"
#include "base/json.h"
#include "base/parse.h"
#include "base/version.h"

enum { PIECE_BYTES = PART_BYTES, NAME_BYTES = 24, SECONDS_TRIED = 60, SETTINGS_BYTES = 64 * 1024 };

const char *const backup_beside[] = {"motcua.conf", "life-events.json", "keys", "theme"};
const size_t backup_beside_count = LENGTH(backup_beside);

struct writing {
    struct arena *a;
    const struct backup_source *source;
    struct str to;
    int tar; /* -1: a folder of backups */
    struct buf manifest, papers;
    struct json_writer w;
    struct backup_facts facts;
    char *piece;
};

/* ---- one file ---- */

static enum outcome begin_entry(struct writing *b, struct str name, unsigned mode, uint64_t bytes, struct fail *why)
{
    unsigned char header[TAR_BLOCK];
    if (b->tar < 0) return OK;
    tar_write_header(header, &(struct tar_entry){name, mode, bytes, b->facts.made_at / US_PER_S});
    b->facts.new_bytes += TAR_BLOCK + bytes + tar_padding(bytes);
    return fd_write(b->tar, str_of((const char *)header, sizeof header), why);
}

static enum outcome end_entry(struct writing *b, uint64_t bytes, struct fail *why)
{
    static const char zeros[TAR_BLOCK];
    return b->tar < 0 ? OK : fd_write(b->tar, str_of(zeros, tar_padding(bytes)), why);
}

static enum outcome put_piece(struct writing *b, struct str piece, struct fail *why)
{
    struct sha256 hash;
    if (b->tar >= 0) return fd_write(b->tar, piece, why);
    TRY(part_keep(b->a, b->to, piece, &hash, &b->facts.new_bytes, why));
    struct arena_mark mark = arena_mark(b->a);
    jw_str(&b->w, sha256_format(b->a, hash));
    arena_back(b->a, mark);
    return OK;
}

/* Exactly so many bytes of the file, whatever happens to its end meanwhile. */
static enum outcome put_bytes(struct writing *b, int from, uint64_t bytes, struct sha256 *out_hash, struct fail *why)
{
    struct sha256_stream *hash = sha256_begin();
    enum outcome r = OK;
    for (uint64_t left = bytes; r == OK && left > 0;) {
        size_t got = 0, wanted = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        r = store_goes_on(b->source->store, why);
        if (r == OK) r = fd_read(from, b->piece, wanted, &got, why);
        if (r == OK && got < wanted) r = fail(why, ERR_DOWN, N_("A file became shorter while it was copied."));
        if (r == OK) r = put_piece(b, str_of(b->piece, got), why);
        sha256_add(hash, str_of(b->piece, got));
        left -= got;
    }
    *out_hash = sha256_end(hash);
    return r;
}

/* A file of the manifest: name, size, hash, and in a folder of backups its parts. */
static enum outcome put_file(struct writing *b, struct str name, struct str path, struct fail *why)
{
    struct stat about;
    struct sha256 hash;
    AUTO_FD int fd = open(str_cstr(b->a, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(why, ERR_DOWN, N_("{0} cannot be read: {1}."), path, str_from(strerror(errno)));
    uint64_t bytes = (uint64_t)about.st_size;
    TRY(begin_entry(b, name, about.st_mode & 0777, bytes, why));
    jw_open(&b->w, '{');
    jw_put_str(&b->w, "path", name);
    jw_put_int(&b->w, "mode", about.st_mode & 0777);
    jw_put_int(&b->w, "bytes", (int64_t)bytes);
    jw_key(&b->w, "parts");
    jw_open(&b->w, '[');
    TRY(put_bytes(b, fd, bytes, &hash, why));
    jw_close(&b->w);
    jw_put_str(&b->w, "sha256", sha256_format(b->a, hash));
    jw_close(&b->w);
    return end_entry(b, bytes, why);
}

/* ---- the store ---- */

static struct str in_mb(struct arena *a, uint64_t bytes)
{
    return str_format(a, "%" PRIu64, (bytes + 999999) / 1000000);
}

/* The copy must not take the last room on the disk: from then on the office would refuse what people send. */
static enum outcome must_have_room(const struct writing *b, struct fail *why)
{
    int64_t needed;
    struct file_system_room room;
    TRY(store_bytes(b->source->store, &needed, why));
    if (!file_system_room(b->source->folder, &room) || room.free > (uint64_t)needed) return OK;
    return fail(
        why, ERR_DOWN,
        N_("There is no room for a backup: the copy of the database needs {0} MB in {1} for a while, and {2} MB "
           "are free. Make room, or have a backup made by the database server."),
        in_mb(b->a, (uint64_t)needed), b->source->folder, in_mb(b->a, room.free));
}

static enum outcome put_store(struct writing *b, struct fail *why)
{
    struct stat about;
    TRY(must_have_room(b, why));
    struct str copy =
        str_format(b->a, "%.*s/spool/backup-%.*s", STR_ARG(b->source->folder), STR_ARG(random_token(b->a, NAME_BYTES)));
    TRY(store_backup(b->source->store, copy.at, why));
    enum outcome r = put_file(b, STR("motcua.db"), copy, why);
    if (stat(copy.at, &about) == 0) b->facts.database_bytes = (uint64_t)about.st_size;
    (void)unlink(copy.at); /* the spool is swept at the next start anyway */
    return r;
}

static enum outcome read_head(struct writing *b, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(b->source->store, b->a, &tx, why));
    b->facts.origin = str_dup(b->a, tx_origin(tx));
    return journal_head(tx, &b->facts.head, why);
}

/* ---- what lies beside it ---- */

/* Without the address of a database: the copy of the store that goes along is a file, and the address may hold a
 * password. */
static enum outcome put_settings(struct writing *b, struct str name, struct str path, struct fail *why)
{
    struct str text;
    TRY(file_read(b->a, path, SETTINGS_BYTES, &text, why));
    struct str own = conf_without(b->a, text, STR("store"));
    if (own.len == text.len) return put_file(b, name, path, why);
    struct str copy = str_format(b->a, "%.*s/spool/settings-%.*s", STR_ARG(b->source->folder),
                                 STR_ARG(random_token(b->a, NAME_BYTES)));
    TRY(file_write(copy, own, 0600, why));
    enum outcome r = put_file(b, name, copy, why);
    (void)unlink(copy.at); /* the spool is swept at the next start anyway */
    return r;
}

static enum outcome put_beside(struct writing *b, struct str name, struct fail *why)
{
    struct stat about;
    struct str path = file_join(b->a, b->source->folder, name), *names;
    size_t count;
    if (lstat(str_cstr(b->a, path), &about) != 0) return OK;
    if (str_eq(name, STR("motcua.conf"))) return put_settings(b, name, path, why);
    if (S_ISREG(about.st_mode)) return put_file(b, name, path, why);
    if (!S_ISDIR(about.st_mode)) return OK;
    TRY(file_names(b->a, path, &names, &count, why));
    for (size_t i = 0; i < count; i++)
        if (name.len + names[i].len + 1 <= TAR_NAME_MOST) TRY(put_beside(b, file_join(b->a, name, names[i]), why));
    return OK;
}

/* ---- papers ---- */

static enum outcome put_paper(void *context, struct sha256 hash, struct str path, struct fail *why)
{
    struct writing *b = context;
    struct stat about;
    struct sha256 read;
    AUTO_FD int fd = open(str_cstr(b->a, path), O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) != 0) return OK; /* collected in this moment: no row names it */
    uint64_t bytes = (uint64_t)about.st_size;
    b->facts.papers++;
    b->facts.paper_bytes += bytes;
    buf_add(&b->papers, str_of((const char *)hash.at, SHA256_BYTES));
    if (b->tar < 0) return part_keep_paper(b->a, b->to, path, hash, &b->facts.new_bytes, why);
    struct str hex = sha256_format(b->a, hash);
    struct str name = str_format(b->a, "files/%.*s/%.*s", 2, hex.at, SHA256_HEX - 2, hex.at + 2);
    TRY(begin_entry(b, name, 0600, bytes, why));
    TRY(put_bytes(b, fd, bytes, &read, why));
    return end_entry(b, bytes, why);
}

/* The hashes of all papers, in pieces like any file, so that a list of a million is mostly the last one's. */
static enum outcome put_paper_list(struct writing *b, struct fail *why)
{
    struct str all = buf_str(&b->papers);
    jw_key(&b->w, "paper_parts");
    jw_open(&b->w, '[');
    for (size_t at = 0; b->tar < 0 && at < all.len; at += PIECE_BYTES)
        TRY(put_piece(b, str_part(all, at, PIECE_BYTES), why));
    jw_close(&b->w);
    return OK;
}

static enum outcome put_papers(struct writing *b, struct fail *why)
{
    TRY(hashed_files(b->a, file_join(b->a, b->source->folder, STR("files")), put_paper, b, why));
    if (b->papers.is_full) return fail(why, ERR_TOO_LARGE, N_("There are too many papers for one backup."));
    TRY(put_paper_list(b, why));
    jw_put_int(&b->w, "papers", b->facts.papers);
    jw_put_int(&b->w, "paper_bytes", (int64_t)b->facts.paper_bytes);
    jw_put_str(&b->w, "papers_sha256", sha256_format(b->a, sha256_of(buf_str(&b->papers))));
    return OK;
}

/* ---- the whole ---- */

static void put_facts(struct writing *b)
{
    const struct backup_facts *f = &b->facts;
    jw_put_int(&b->w, "format", BACKUP_FORMAT);
    jw_put_str(&b->w, "program", f->program);
    jw_put_str(&b->w, "schema", f->schema);
    jw_put_instant(&b->w, "made_at", f->made_at);
    jw_put_str_or_null(&b->w, "origin", f->origin);
    jw_put_int(&b->w, "journal_size", f->head.size);
    jw_put_str(&b->w, "journal_root", sha256_format(b->a, f->head.root));
}

static enum outcome put_all(struct writing *b, struct fail *why)
{
    if (b->source->key != NULL) {
        TRY(journal_seal(b->source->store, b->source->key, why));
        TRY(read_head(b, why));
    }
    jw_open(&b->w, '{');
    put_facts(b);
    jw_key(&b->w, "files");
    jw_open(&b->w, '[');
    TRY(put_store(b, why));
    for (size_t i = 0; i < backup_beside_count; i++) TRY(put_beside(b, str_from(backup_beside[i]), why));
    jw_close(&b->w);
    TRY(put_papers(b, why));
    jw_close(&b->w);
    return b->manifest.is_full ? fail(why, ERR_TOO_LARGE, N_("There are too many papers for one backup.")) : OK;
}

static enum outcome must_be_durable(int fd, struct fail *why)
{
    return syncfs(fd) == 0
               ? OK
               : fail(why, ERR_DOWN, N_("The backup could not be written: {0}."), str_from(strerror(errno)));
}

static enum outcome make_file(struct writing *b, struct fail *why)
{
    static const char zeros[2 * TAR_BLOCK];
    if (file_exists(b->to)) return fail(why, ERR_CONFLICT, N_("{0} is there already."), b->to);
    struct str temporary = str_format(b->a, "%.*s.part", STR_ARG(b->to));
    AUTO_FD int fd = open(temporary.at, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return fail(why, ERR_DOWN, N_("{0} cannot be written: {1}."), b->to, str_from(strerror(errno)));
    b->tar = fd;
    enum outcome r = put_all(b, why);
    struct str manifest = buf_str(&b->manifest);
    if (r == OK) r = begin_entry(b, STR("manifest.json"), 0600, manifest.len, why);
    if (r == OK) r = fd_write(fd, manifest, why);
    if (r == OK) r = end_entry(b, manifest.len, why);
    if (r == OK) r = fd_write(fd, str_of(zeros, sizeof zeros), why);
    if (r == OK && (fsync(fd) != 0 || rename(temporary.at, str_cstr(b->a, b->to)) != 0))
        r = fail(why, ERR_DOWN, N_("{0} cannot be written: {1}."), b->to, str_from(strerror(errno)));
    if (r != OK) (void)unlink(temporary.at); /* best effort: the failure is told */
    return r;
}

/* 20261123T040512Z.backup */
static struct str list_name(struct arena *a, instant_t at)
{
    struct str text = instant_format(a, at - at % US_PER_S), out = str_replace(a, text, STR("-"), STR_NONE);
    return str_format(a, "%.*s" BACKUP_ENDING, STR_ARG(str_replace(a, out, STR(":"), STR_NONE)));
}

/* Two of one second: the later one is named by the next second that is free. */
static struct str free_list_name(const struct writing *b)
{
    struct str path = STR_NONE;
    for (int i = 0; i < SECONDS_TRIED && (path.len == 0 || file_exists(path)); i++)
        path = file_join(b->a, b->to, list_name(b->a, b->facts.made_at + i * US_PER_S));
    return path;
}

static enum outcome make_list(struct writing *b, struct str *out_path, struct fail *why)
{
    AUTO_FD int fd = open(str_cstr(b->a, b->to), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail(why, ERR_DOWN, N_("{0} cannot be read: {1}."), b->to, str_from(strerror(errno)));
    *out_path = free_list_name(b);
    if (file_exists(*out_path)) return fail(why, ERR_CONFLICT, N_("{0} is there already."), *out_path);
    TRY(put_all(b, why));
    TRY(must_be_durable(fd, why));
    b->facts.new_bytes += b->manifest.len;
    return file_write(*out_path, buf_str(&b->manifest), 0600, why);
}

static bool is_folder(struct arena *a, struct str path)
{
    struct stat about;
    return stat(str_cstr(a, path), &about) == 0 && S_ISDIR(about.st_mode);
}

enum outcome backup_make(struct arena *a, const struct backup_source *source, struct str to, struct str *out_path,
                         struct backup_facts *out, struct fail *why)
{
    struct writing b = {
        .a = a, .source = source, .to = str_dup(a, to), .tar = -1, .piece = arena_alloc(a, PIECE_BYTES)};
    buf_init(&b.manifest, BACKUP_MANIFEST_BYTES);
    buf_init(&b.papers, BACKUP_MANIFEST_BYTES);
    jw_init(&b.w, &b.manifest);
    b.facts = (struct backup_facts){
        .program = str_from(motcua_version), .schema = str_from(store_schema(source->store)), .made_at = clock_now()};
    enum outcome r;
    if (is_folder(a, to)) {
        r = make_list(&b, out_path, why);
    } else {
        *out_path = b.to;
        r = make_file(&b, why);
    }
    buf_end(&b.manifest);
    buf_end(&b.papers);
    if (r == OK) *out = b.facts;
    return r;
}
