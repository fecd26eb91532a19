#include "dossier/paper.h"

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/parse.h"
#include "dossier/file_type.h"
#include "image/image.h"
#include "store/blob.h"

enum { KB = 1024, MB = 1024 * 1024, SHRINK_BYTES = 4 * MB, TAIL_BYTES = 4096 };

/* Size and type, by the first bytes: cheap enough for any number of uploads. */
static enum outcome check(const struct request *rq, const struct upload *u, struct str *out_type, struct fail *why)
{
    if (u->bytes == 0) return fail(why, ERR_INVALID, N_("The file {0} is empty. Choose it again."), u->file_name);
    if (u->bytes > PAPER_BYTES_MOST)
        return fail(why, ERR_TOO_LARGE, N_("The file {0} is larger than {1}. Take a smaller photo or split the file."),
                    u->file_name, paper_size_for_people(rq->arena, PAPER_BYTES_MOST));
    enum outcome looked = file_type_look(u->head, u->path, out_type, why);
    if (looked == ERR_TYPE && u->file_name.len > 0)
        return fail(
            why, ERR_TYPE,
            N_("The file {0} is of a type that is not accepted. Send PDF, JPEG, PNG, HEIC, Word or Excel files."),
            u->file_name);
    return looked;
}

/* ---- the end of a PDF ---- */

/* Where the last section of a PDF's cross references begins (ISO 32000-1, 7.5.5); 0: it does not say. */
static off_t start_of_references(struct str tail)
{
    uint64_t at = 0;
    ptrdiff_t from = -1, next;
    for (size_t i = 0; (next = str_find(tail, STR("startxref"), i)) >= 0; i = (size_t)next + 1) from = next;
    if (from < 0) return 0;
    struct str rest = str_trim(str_part(tail, (size_t)from + 9, tail.len));
    size_t digits = 0;
    while (digits < rest.len && rest.at[digits] >= '0' && rest.at[digits] <= '9') digits++;
    return parse_u64(str_part(rest, 0, digits), &at) && at < INT32_MAX ? (off_t)at : 0;
}

/* The dictionary that names the encryption stands behind a table of references, so near the end, or before a stream of
 * them, so where that begins (7.5.8). */
static bool may_be_locked(int fd, struct str tail)
{
    char head[TAIL_BYTES];
    if (str_has(tail, STR("/Encrypt"))) return true;
    off_t at = start_of_references(tail);
    ssize_t n = at > 0 ? pread(fd, head, sizeof head, at) : 0;
    return n > 0 && str_has(str_of(head, (size_t)n), STR("/Encrypt"));
}

/* A PDF that broke off on its way has no end. One look at its last bytes, so that programs that send thousands of files
 * hear of it at once too; only one that names an encryption is opened, because many of those need no password. What
 * else is wrong with a file is seen when its pages are drawn. */
static enum outcome check_end(const struct request *rq, const struct upload *u, struct str type, struct fail *why)
{
    char bytes[TAIL_BYTES];
    struct image_facts facts;
    if (!str_eq(type, STR("application/pdf"))) return OK;
    AUTO_FD int fd = open(str_cstr(rq->arena, u->path), O_RDONLY | O_CLOEXEC);
    uint64_t from = u->bytes > TAIL_BYTES ? u->bytes - TAIL_BYTES : 0;
    ssize_t n = fd >= 0 ? pread(fd, bytes, sizeof bytes, (off_t)from) : -1;
    if (n < 0) return fail(why, ERR_DOWN, N_("The file cannot be read right now. Try again in a moment."));
    struct str tail = str_of(bytes, (size_t)n);
    if (!str_has(tail, STR("%%EOF"))) return fail(why, ERR_INVALID, image_state_message(IMAGE_DAMAGED), u->file_name);
    if (!may_be_locked(fd, tail)) return OK;
    TRY(image_probe(app_images(rq->app), fd, &facts, why));
    return facts.state == IMAGE_LOCKED ? fail(why, ERR_INVALID, image_state_message(IMAGE_LOCKED), u->file_name) : OK;
}

static enum outcome keep(const struct desk *desk, struct str path, const struct upload_row *row, struct fail *why)
{
    TRY(blob_keep(desk->files_folder, path, row->hash, why));
    return store_run(desk->store, upload_save, row, NULL, why);
}

enum outcome paper_keep(const struct desk *desk, struct request *rq, const struct upload *u, struct upload_row *out,
                        struct fail *why)
{
    struct str type;
    TRY(check(rq, u, &type, why));
    TRY(check_end(rq, u, type, why));
    struct upload_row row = {rq->visitor.account, u->hash, file_name_for(rq->arena, u->file_name, type), type,
                             (int64_t)u->bytes};
    TRY(keep(desk, u->path, &row, why));
    *out = row;
    return OK;
}

/* ---- with a look inside ---- */

static enum outcome refuse(enum image_state state, struct str name, struct fail *why)
{
    const char *message = image_state_message(state);
    if (message == NULL) message = image_state_message(IMAGE_DAMAGED);
    return fail(why, ERR_INVALID, message, name);
}

static enum outcome keep_made(const struct desk *desk, const struct request *rq, const struct image_made *made,
                              struct str name, struct str type, struct upload_row *out, struct fail *why)
{
    *out = (struct upload_row){rq->visitor.account, made->hash, file_name_for(rq->arena, name, type), type,
                               (int64_t)made->bytes};
    enum outcome kept = keep(desk, made->path, out, why);
    if (kept != OK) image_made_drop(made);
    if (kept == OK) image_remember(app_images(rq->app), made->hash, &made->facts);
    return kept;
}

static enum outcome take_photo(const struct desk *desk, struct request *rq, const struct upload *u, int fd,
                               struct upload_row *out, struct fail *why)
{
    struct image_made made;
    TRY(image_photo(app_images(rq->app), fd, &made, why));
    if (made.facts.state != IMAGE_WELL) return refuse(made.facts.state, u->file_name, why);
    return keep_made(desk, rq, &made, u->file_name, STR("image/jpeg"), out, why);
}

static enum outcome keep_looked_at(const struct desk *desk, struct request *rq, const struct upload *u,
                                   const struct image_facts *facts, struct upload_row *out, struct fail *why)
{
    TRY(paper_keep(desk, rq, u, out, why));
    image_remember(app_images(rq->app), out->hash, facts);
    return OK;
}

/* Out of a large one with photographs in it a smaller one is made; when that does not help, it stays as it is. */
static enum outcome take_pdf(const struct desk *desk, struct request *rq, const struct upload *u, int fd,
                             struct upload_row *out, struct fail *why)
{
    struct image_facts facts;
    struct image_made made;
    TRY(image_probe(app_images(rq->app), fd, &facts, why));
    if (facts.state != IMAGE_WELL) return refuse(facts.state, u->file_name, why);
    if (u->bytes <= SHRINK_BYTES || facts.is_signed) return keep_looked_at(desk, rq, u, &facts, out, why);
    TRY(image_join(app_images(rq->app), &fd, 1, &made, why));
    if (made.facts.state == IMAGE_WELL && made.bytes < u->bytes / 5 * 4)
        return keep_made(desk, rq, &made, u->file_name, STR("application/pdf"), out, why);
    image_made_drop(&made);
    return keep_looked_at(desk, rq, u, &facts, out, why);
}

enum outcome paper_take(const struct desk *desk, struct request *rq, const struct upload *u, struct paper_taken *out,
                        struct fail *why)
{
    struct str type;
    TRY(check(rq, u, &type, why));
    AUTO_FD int fd = open(str_cstr(rq->arena, u->path), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail(why, ERR_DOWN, N_("The file cannot be read right now. Try again in a moment."));
    *out = (struct paper_taken){.is_photo = str_starts(type, STR("image/"))};
    if (out->is_photo) return take_photo(desk, rq, u, fd, &out->row, why);
    if (str_eq(type, STR("application/pdf"))) return take_pdf(desk, rq, u, fd, &out->row, why);
    return paper_keep(desk, rq, u, &out->row, why);
}

static enum outcome open_photos(const struct desk *desk, const struct sha256 *photos, size_t count, int *fds,
                                size_t *opened, struct fail *why)
{
    uint64_t bytes;
    for (*opened = 0; *opened < count; (*opened)++)
        TRY(blob_open(desk->files_folder, photos[*opened], &fds[*opened], &bytes, why));
    return OK;
}

enum outcome paper_join(const struct desk *desk, struct request *rq, const struct sha256 *photos, size_t count,
                        struct str name, struct upload_row *out, struct fail *why)
{
    int fds[IMAGE_PARTS_MOST];
    size_t opened = 0;
    struct image_made made = {0};
    if (count > IMAGE_PARTS_MOST)
        return fail(why, ERR_INVALID, N_("A paper takes at most {0} photos. Send the rest as a PDF file."),
                    str_format(rq->arena, "%d", IMAGE_PARTS_MOST));
    enum outcome done = open_photos(desk, photos, count, fds, &opened, why);
    if (done == OK) done = image_join(app_images(rq->app), fds, count, &made, why);
    for (size_t i = 0; i < opened; i++) (void)close(fds[i]); /* only read */
    TRY(done);
    if (made.facts.state != IMAGE_WELL) return refuse(made.facts.state, name, why);
    return keep_made(desk, rq, &made, name, STR("application/pdf"), out, why);
}

/* ---- a field of a page ---- */

struct basket {
    struct paper_field *to;
    struct fail *problems;
    struct str pointer;
    struct sha256 photos[IMAGE_PARTS_MOST];
    size_t photo_count;
};

static enum outcome note_refusal(const struct basket *b, enum outcome o, const struct fail *one, struct fail *why)
{
    bool is_refusal = o == ERR_INVALID || o == ERR_TOO_LARGE || o == ERR_TYPE || o == ERR_DOWN;
    if (!is_refusal) return fail_with(why, o, one->sentence, one->args);
    fail_problem_with(b->problems, b->pointer, "refused", one->sentence, one->args);
    return OK;
}

static enum outcome put_in(struct basket *b, const struct desk *desk, struct request *rq, const struct upload *u,
                           struct fail *why)
{
    struct paper_taken taken;
    struct fail one;
    fail_init(&one, rq->arena);
    bool has_room = b->to->count + b->photo_count < b->to->most && b->photo_count < IMAGE_PARTS_MOST;
    enum outcome done = has_room ? paper_take(desk, rq, u, &taken, &one)
                                 : fail(&one, ERR_INVALID, N_("At most {0} files can be sent at once."),
                                        str_format(rq->arena, "%zu", b->to->most));
    if (done != OK) return note_refusal(b, done, &one, why);
    if (taken.is_photo)
        b->photos[b->photo_count++] = taken.row.hash;
    else
        b->to->rows[b->to->count++] = taken.row;
    return OK;
}

enum outcome paper_take_field(const struct desk *desk, struct request *rq, struct paper_field *f, struct fail *problems,
                              struct fail *why)
{
    struct basket basket = {
        .to = f, .problems = problems, .pointer = str_format(rq->arena, "/%.*s", STR_ARG(f->field))};
    struct fail one;
    fail_init(&one, rq->arena);
    for (size_t i = 0; i < rq->upload_count; i++) {
        const struct upload *u = &rq->uploads[i];
        bool is_chosen =
            u->bytes > 0 || u->file_name.len > 0; /* browsers send a nameless part for a field left alone */
        if (is_chosen && str_eq(u->field, f->field)) TRY(put_in(&basket, desk, rq, u, why));
    }
    if (basket.photo_count == 0) return OK;
    enum outcome joined = paper_join(desk, rq, basket.photos, basket.photo_count, f->name, &f->rows[f->count], &one);
    if (joined != OK) return note_refusal(&basket, joined, &one, why);
    f->count++;
    return OK;
}

struct str paper_neutral_name(struct arena *a, int64_t n, struct str type)
{
    return file_name_for(a, str_format(a, "giay-to-%" PRId64, n), type);
}

struct str paper_size_for_people(struct arena *a, int64_t bytes)
{
    if (bytes < KB) return str_format(a, "%" PRId64 " B", bytes);
    if (bytes < MB) return str_format(a, "%" PRId64 " KB", (bytes + KB / 2) / KB);
    int64_t tenths = (bytes * 10 + MB / 2) / MB;
    if (tenths % 10 == 0) return str_format(a, "%" PRId64 " MB", tenths / 10);
    return str_format(a, "%" PRId64 ",%" PRId64 " MB", tenths / 10, tenths % 10);
}

bool paper_has_pages(struct str type)
{
    return str_starts(type, STR("image/")) || str_eq(type, STR("application/pdf"));
}

struct str paper_type_for_people(struct str type)
{
    static const struct {
        const char *part;
        struct str name;
    } names[] = {
        {"pdf",   STR_INIT("PDF")  },
        {"jpeg",  STR_INIT("JPEG") },
        {"png",   STR_INIT("PNG")  },
        {"hei",   STR_INIT("HEIC") },
        {"word",  STR_INIT("Word") },
        {"sheet", STR_INIT("Excel")},
        {"excel", STR_INIT("Excel")},
        {"html",  STR_INIT("HTML") },
    };
    for (size_t i = 0; i < LENGTH(names); i++)
        if (str_has(type, str_from(names[i].part))) return names[i].name;
    return type;
}
