/* Verifying and unpacking: one pass over all entries, every byte hashed; then the copy is opened and believed nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backup/backup_parts.h"
#include "backup/backup_read.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/json.h"
#include "base/list.h"

enum { OPEN_FILES = 16 };

struct seen_file {
    struct str path;
    uint64_t bytes;
    struct sha256 hash;
};

struct pass {
    struct arena *a;
    const struct backup_reading *how;
    struct str folder; /* where it goes */
    bool keeps_papers; /* false: they are only hashed */
    LIST(struct seen_file) files;
    LIST(struct sha256) papers;
    uint64_t paper_bytes;
};

/* ---- taking it apart ---- */

static enum outcome open_place(struct pass *p, const struct backup_entry *e, int *out_fd, struct fail *why)
{
    *out_fd = -1;
    if (e->is_paper && !p->keeps_papers) return OK;
    struct str path = file_join(p->a, p->folder, e->path);
    const char *slash = memrchr(path.at, '/', path.len);
    TRY(file_make_folder(str_dup(p->a, str_part(path, 0, (size_t)(slash - path.at))), 0700, why));
    *out_fd = open(str_cstr(p->a, path), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, e->mode & 0700);
    return *out_fd >= 0 ? OK : fail(why, ERR_DOWN, N_("{0} cannot be written: {1}."), path, str_from(strerror(errno)));
}

static enum outcome take_bytes(struct backup_reader *r, int fd, struct sha256 *out, struct fail *why)
{
    struct sha256_stream *hash = sha256_begin();
    struct str piece;
    enum outcome done;
    do {
        done = backup_piece(r, &piece, why);
        if (done != OK || piece.len == 0) break;
        sha256_add(hash, piece);
        if (fd >= 0) done = fd_write(fd, piece, why);
    } while (done == OK);
    *out = sha256_end(hash);
    return done;
}

static enum outcome take_entry(struct pass *p, struct backup_reader *r, const struct backup_entry *e, struct fail *why)
{
    AUTO_FD int fd = -1;
    struct sha256 hash;
    TRY(open_place(p, e, &fd, why));
    TRY(take_bytes(r, fd, &hash, why));
    if (e->is_paper) {
        if (!sha256_eq(hash, e->hash))
            return fail(why, ERR_CONFLICT, N_("A paper of the backup is damaged: {0}."), sha256_format(p->a, e->hash));
        LIST_PUSH(p->a, p->papers) = hash;
        p->paper_bytes += e->bytes;
        return OK;
    }
    LIST_PUSH(p->a, p->files) = (struct seen_file){str_dup(p->a, e->path), e->bytes, hash};
    return OK;
}

static enum outcome take_all(struct pass *p, struct backup_reader *r, struct fail *why)
{
    struct backup_entry e;
    enum outcome next;
    while ((next = backup_next(r, &e, why)) == OK) TRY(take_entry(p, r, &e, why));
    return next == ERR_MISSING ? OK : next;
}

/* ---- what it says of itself ---- */

static enum outcome compare_files(const struct pass *p, yyjson_val *manifest, struct fail *why)
{
    yyjson_val *list = json_get(manifest, "files"), *file;
    size_t i, count;
    bool is_same = yyjson_arr_size(list) == p->files.count;
    yyjson_arr_foreach(list, i, count, file)
    {
        struct sha256 hash;
        const struct seen_file *seen = is_same ? &p->files.at[i] : NULL;
        is_same = is_same && sha256_parse(json_str(file, "sha256"), &hash) && sha256_eq(hash, seen->hash) &&
                  str_eq(json_str(file, "path"), seen->path);
    }
    return is_same ? OK : fail(why, ERR_CONFLICT, N_("The files of the backup are not those that it was made of."));
}

static enum outcome compare_papers(const struct pass *p, yyjson_val *manifest, struct fail *why)
{
    struct sha256 said;
    struct str all = str_of((const char *)p->papers.at, p->papers.count * SHA256_BYTES);
    bool is_same = sha256_parse(json_str(manifest, "papers_sha256"), &said) && sha256_eq(said, sha256_of(all));
    return is_same ? OK : fail(why, ERR_CONFLICT, N_("The papers of the backup are not those that it was made of."));
}

static enum outcome read_facts(const struct pass *p, yyjson_val *manifest, struct backup_facts *out, struct fail *why)
{
    if (manifest == NULL) return fail(why, ERR_CONFLICT, N_("The backup was broken off: its end is missing."));
    if (json_int(manifest, "format", 0) != BACKUP_FORMAT)
        return fail(why, ERR_CONFLICT, N_("The backup was made by a newer program ({0})."),
                    json_str(manifest, "program"));
    *out = (struct backup_facts){.program = json_str(manifest, "program"),
                                 .schema = json_str(manifest, "schema"),
                                 .origin = json_str(manifest, "origin"),
                                 .head = {.size = json_int(manifest, "journal_size", 0)},
                                 .papers = (int64_t)p->papers.count,
                                 .paper_bytes = p->paper_bytes};
    TRY(instant_parse(json_str(manifest, "made_at"), &out->made_at, why));
    if (!sha256_parse(json_str(manifest, "journal_root"), &out->head.root))
        return fail(why, ERR_BAD, N_("This is not a backup of Motcua, or it is damaged."));
    for (size_t i = 0; i < p->files.count; i++)
        if (str_eq(p->files.at[i].path, STR("motcua.db"))) out->database_bytes = p->files.at[i].bytes;
    TRY(compare_files(p, manifest, why));
    return compare_papers(p, manifest, why);
}

/* ---- what it is ---- */

struct paper_search {
    const struct pass *pass;
    int64_t missing;
    struct sha256 first;
};

static int by_hash(const void *a, const void *b)
{
    return memcmp(a, b, SHA256_BYTES);
}

static enum outcome look_for_paper(void *context, const struct row *row, struct fail *why)
{
    (void)why; /* counting cannot fail */
    struct paper_search *s = context;
    struct str hash = row_str(row, 0);
    bool is_there = hash.len == SHA256_BYTES && s->pass->papers.count > 0 &&
                    bsearch(hash.at, s->pass->papers.at, s->pass->papers.count, SHA256_BYTES, by_hash) != NULL;
    if (is_there || hash.len != SHA256_BYTES) return OK;
    if (s->missing++ == 0) memcpy(s->first.at, hash.at, SHA256_BYTES);
    return OK;
}

static enum outcome check_papers(const struct pass *p, struct tx *tx, struct fail *why)
{
    struct paper_search s = {.pass = p};
    TRY(store_each(tx, p->how->named_papers, NO_VALUES, look_for_paper, &s, why));
    if (s.missing == 0) return OK;
    return fail(why, ERR_CONFLICT, N_("{0} papers that dossiers name are missing, the first of them {1}."),
                str_format(why->arena, "%lld", (long long)s.missing), sha256_format(why->arena, s.first));
}

static enum outcome check_journal(const struct pass *p, struct tx *tx, const struct backup_facts *facts,
                                  struct fail *why)
{
    struct journal_checkpoint head;
    struct journal_signatures signatures;
    struct journal_key *key;
    struct str path = file_of_key(p->a, file_join(p->a, p->folder, STR("keys")), STR("journal.key"));
    TRY(journal_verify(tx, &head, why));
    if (facts->head.size > 0) TRY(journal_had_head(tx, &facts->head, why));
    TRY(journal_key_load(path, false, &key, why));
    enum outcome r = journal_verify_signatures(tx, key, &signatures, why);
    journal_key_free(key);
    return r;
}

static enum outcome check_store(const struct pass *p, struct store *s, const struct backup_facts *facts,
                                struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_check(s, why));
    TRY(store_read_begin(s, p->a, &tx, why));
    TRY(check_journal(p, tx, facts, why));
    return check_papers(p, tx, why);
}

/* Opened as the program opens its own: a schema that is older is brought up to date in this copy, a newer one refused.
 */
static enum outcome open_copy(const struct pass *p, const struct backup_facts *facts, struct fail *why)
{
    struct store *store;
    struct store_options options = {.path = file_join(p->a, p->folder, STR("motcua.db")).at,
                                    .reader_count = 1,
                                    .migrations = p->how->migrations,
                                    .migration_count = p->how->migration_count};
    TRY(store_open(&options, &store, why));
    enum outcome r = check_store(p, store, facts, why);
    store_close(store);
    return r;
}

/* ---- the whole ---- */

/* A folder of backups means its newest. */
static enum outcome resolve(struct arena *a, struct str path, struct str *out, struct fail *why)
{
    struct stat about;
    struct str *names;
    size_t count;
    *out = path;
    if (stat(str_cstr(a, path), &about) != 0 || !S_ISDIR(about.st_mode)) return OK;
    TRY(backup_folder_list(a, path, &names, &count, why));
    if (count == 0) return fail(why, ERR_MISSING, N_("There is no backup in {0}."), path);
    *out = file_join(a, path, names[count - 1]);
    return OK;
}

static enum outcome run_pass(struct pass *p, struct str path, struct backup_facts *out, struct fail *why)
{
    struct backup_reader *r;
    struct backup_facts facts = {0};
    TRY(resolve(p->a, path, &path, why));
    TRY(backup_open(p->a, path, &r, why));
    enum outcome done = take_all(p, r, why);
    if (done == OK) done = read_facts(p, backup_manifest(r), &facts, why);
    backup_close(r);
    if (done == OK) done = open_copy(p, &facts, why);
    if (done == OK) *out = facts;
    return done;
}

enum outcome backup_unpack(struct arena *a, const struct backup_reading *how, struct str path, struct str folder,
                           struct backup_facts *out, struct fail *why)
{
    struct pass p = {.a = a, .how = how, .folder = folder, .keeps_papers = true};
    TRY(run_pass(&p, path, out, why));
    AUTO_FD int fd = open(str_cstr(a, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || syncfs(fd) != 0)
        return fail(why, ERR_DOWN, N_("{0} cannot be written: {1}."), folder, str_from(strerror(errno)));
    return OK;
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about;
    (void)kind;
    (void)walk;
    return remove(path);
}

/* Beside the backup when that can be written, else where temporary files go: it holds what the office holds. */
static enum outcome make_scratch(struct arena *a, struct str path, char **out, struct fail *why)
{
    const char *slash = memrchr(path.at, '/', path.len), *otherwise = getenv("TMPDIR");
    struct str beside = slash != NULL ? str_part(path, 0, (size_t)(slash - path.at)) : STR(".");
    struct str first = str_format(a, "%.*s/.verify-XXXXXX", STR_ARG(beside));
    struct str second = str_format(a, "%s/motcua-verify-XXXXXX", otherwise != NULL ? otherwise : "/var/tmp");
    char *at = arena_dup(a, first.at, first.len + 1);
    if (mkdtemp(at) == NULL) {
        at = arena_dup(a, second.at, second.len + 1);
        if (mkdtemp(at) == NULL)
            return fail(why, ERR_DOWN, N_("{0} cannot be written: {1}."), beside, str_from(strerror(errno)));
    }
    *out = at;
    return OK;
}

enum outcome backup_verify(struct arena *a, const struct backup_reading *how, struct str path, struct backup_facts *out,
                           struct fail *why)
{
    char *scratch = NULL;
    TRY(resolve(a, path, &path, why));
    TRY(make_scratch(a, path, &scratch, why));
    struct pass p = {.a = a, .how = how, .folder = str_from(scratch)};
    enum outcome r = run_pass(&p, path, out, why);
    (void)nftw(scratch, remove_entry, OPEN_FILES, FTW_DEPTH | FTW_PHYS); /* best effort: nothing needs it */
    return r;
}
