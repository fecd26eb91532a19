#include "http/body.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "http/form.h"
#include "http/parameter.h"

#define SPOOL_PREFIX "spool-"

void body_init(struct body *b, struct body_store *store)
{
    *b = (struct body){.store = store, .fd = -1};
    buf_init(&b->memory, HTTP_BODY_BYTES);
}

/* Memory for bodies is a common purse: each request may have its share, all together may not drown the machine. */
static enum outcome count_memory(struct body *b, size_t bytes, struct fail *why)
{
    int64_t all = atomic_fetch_add(&b->store->memory_bytes, (int64_t)bytes) + (int64_t)bytes;
    b->counted_bytes += (int64_t)bytes;
    if (all > HTTP_ALL_BODIES_BYTES) return fail(why, ERR_DOWN, N_("The server is busy. Try again in a moment."));
    return OK;
}

/* ---- spool files ---- */

/* Of the last call, with its errno. */
static enum outcome spool_failed(struct fail *why)
{
    return file_refused(errno, why);
}

static enum outcome spool_open(struct body *b, struct str field, struct str name, struct str type, struct fail *why)
{
    if (b->uploads.count == HTTP_UPLOAD_COUNT) return fail(why, ERR_TOO_LARGE, N_("Too many files at once."));
    struct arena *a = b->rq->arena;
    struct str path = str_format(a, "%.*s/" SPOOL_PREFIX "%016" PRIx64, STR_ARG(b->store->folder), random_u64());
    b->fd = open(path.at, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (b->fd < 0) return spool_failed(why);
    b->hash = sha256_begin();
    LIST_PUSH(a, b->uploads) = (struct upload){
        .field = field,
        .file_name = name,
        .type = type,
        .path = path,
        .head = {arena_alloc(a, HTTP_UPLOAD_HEAD_BYTES), 0},
    };
    return OK;
}

static enum outcome spool_add(struct body *b, struct str piece, struct fail *why)
{
    struct upload *u = &b->uploads.at[b->uploads.count - 1];
    size_t head = HTTP_UPLOAD_HEAD_BYTES - u->head.len;
    if (head > piece.len) head = piece.len;
    memcpy((char *)(uintptr_t)u->head.at + u->head.len, piece.at, head); /* allocated by spool_open */
    u->head.len += head;
    u->bytes += piece.len;
    sha256_add(b->hash, piece);
    while (piece.len > 0) {
        ssize_t written = write(b->fd, piece.at, piece.len);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return spool_failed(why);
        piece = str_part(piece, (size_t)written, piece.len);
    }
    return OK;
}

static enum outcome spool_close(struct body *b, struct fail *why)
{
    struct upload *u = &b->uploads.at[b->uploads.count - 1];
    u->hash = sha256_end(b->hash);
    b->hash = NULL;
    int closed = close(b->fd);
    b->fd = -1;
    if (closed != 0) return spool_failed(why);
    if (b->kind == BODY_MULTIPART && u->bytes == 0 && u->file_name.len == 0) {
        (void)unlink(u->path.at); /* a file field left empty */
        b->uploads.count--;
    }
    return OK;
}

/* ---- parts of a multipart form ---- */

static enum outcome part_begin(void *context, const struct part *part, struct fail *why)
{
    struct body *b = context;
    b->part = *part;
    buf_clear(&b->memory);
    if (b->part_count++ == HTTP_FORM_COUNT) return fail(why, ERR_TOO_LARGE, N_("The form has too many fields."));
    if (!part->is_file) return OK;
    if (b->takes_files) return spool_open(b, part->name, part->file_name, part->type, why);
    if (part->file_name.len > 0) return fail(why, ERR_TYPE, N_("This address takes no files."));
    return OK;
}

static enum outcome part_data(void *context, struct str piece, struct fail *why)
{
    struct body *b = context;
    if (b->fd >= 0) return spool_add(b, piece, why);
    b->field_bytes += piece.len;
    if (b->part.is_file || b->memory.len + piece.len > HTTP_FIELD_BYTES || b->field_bytes > HTTP_FIELDS_BYTES) {
        return fail(why, ERR_TOO_LARGE, N_("A field of the form is too large."));
    }
    TRY(count_memory(b, piece.len, why));
    buf_add(&b->memory, piece);
    return OK;
}

static enum outcome part_end(void *context, struct fail *why)
{
    struct body *b = context;
    struct arena *a = b->rq->arena;
    if (b->fd >= 0) return spool_close(b, why);
    if (b->part.is_file) return OK;
    struct str value = buf_str(&b->memory);
    if (!text_is_plain(value)) return fail(why, ERR_BAD, N_("The form is not valid UTF-8 text."));
    LIST_PUSH(a, b->fields) = (struct pair){b->part.name, str_dup(a, text_clean(a, value))};
    return OK;
}

/* ---- the body as a whole ---- */

static enum outcome begin_multipart(struct body *b, struct str content_type, struct fail *why)
{
    struct str boundary;
    if (!multipart_boundary(content_type, &boundary)) {
        return fail(why, ERR_BAD, N_("The form is not well-formed multipart data."));
    }
    b->kind = BODY_MULTIPART;
    b->receiver = (struct part_receiver){part_begin, part_data, part_end, b};
    b->multipart = ARENA_NEW(b->rq->arena, struct multipart);
    multipart_init(b->multipart, b->rq->arena, boundary, &b->receiver);
    return OK;
}

enum outcome body_begin(struct body *b, struct request *rq, struct fail *why)
{
    struct str content_type = request_header(rq, "content-type"), type = media_type(content_type);
    struct str coding = request_header(rq, "content-encoding");
    b->rq = rq;
    b->takes_files = rq->route && rq->route->takes_files;
    b->memory.ceiling_bytes =
        rq->route && rq->route->body_bytes > 0 && !b->takes_files ? rq->route->body_bytes : HTTP_BODY_BYTES;
    if (coding.len > 0 && !str_eq_nocase(coding, STR("identity"))) {
        return fail(why, ERR_TYPE, N_("Send the content without compression."));
    }
    if (str_eq_nocase(type, STR("multipart/form-data"))) return begin_multipart(b, content_type, why);
    /* A program that sends a file without saying its type is often made to say this one (curl --data-binary). */
    bool is_raw = b->takes_files && str_starts(rq->path, STR("/api/"));
    if (str_eq_nocase(type, STR("application/x-www-form-urlencoded")) && !is_raw) {
        b->kind = BODY_FORM;
        return OK;
    }
    b->kind = b->takes_files ? BODY_FILE : BODY_MEMORY;
    struct str name = disposition_file_name(rq->arena, request_header(rq, "content-disposition"));
    return b->takes_files ? spool_open(b, STR_NONE, name, content_type, why) : OK;
}

enum outcome body_take(void *body, struct str piece, struct fail *why)
{
    struct body *b = body;
    if (b->kind == BODY_MULTIPART) return multipart_feed(b->multipart, piece, why);
    if (b->kind == BODY_FILE) return spool_add(b, piece, why);
    TRY(count_memory(b, piece.len, why));
    buf_add(&b->memory, piece);
    if (b->memory.is_full) return fail(why, ERR_TOO_LARGE, N_("The request is larger than this address takes."));
    return OK;
}

enum outcome body_finish(struct body *b, struct fail *why)
{
    struct request *rq = b->rq;
    switch (b->kind) {
    case BODY_MEMORY: rq->body = buf_str(&b->memory); return OK;
    case BODY_FORM:
        rq->body = buf_str(&b->memory);
        return form_parse(rq->arena, rq->body, HTTP_FORM_COUNT, &rq->form, &rq->form_count, why);
    case BODY_MULTIPART: TRY(multipart_finish(b->multipart, why)); break;
    case BODY_FILE: TRY(spool_close(b, why)); break;
    }
    rq->form = b->fields.at;
    rq->form_count = b->fields.count;
    rq->uploads = b->uploads.at;
    rq->upload_count = b->uploads.count;
    return OK;
}

void body_clear(struct body *b)
{
    sha256_drop(b->hash);
    if (b->fd >= 0) (void)close(b->fd);                                                   /* the file is removed next */
    for (size_t i = 0; i < b->uploads.count; i++) (void)unlink(b->uploads.at[i].path.at); /* gone when renamed away */
    (void)atomic_fetch_sub(&b->store->memory_bytes, b->counted_bytes);                    /* the sum is not needed */
    struct buf memory = b->memory;
    buf_clear(&memory);
    if (memory.room > HTTP_KEPT_BYTES) buf_end(&memory);
    *b = (struct body){.store = b->store, .fd = -1, .memory = memory};
}

void body_end(struct body *b)
{
    body_clear(b);
    buf_end(&b->memory);
}

void body_sweep(struct str folder)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(folder)); /* a longer folder does not open */
    DIR *d = opendir(path);
    if (!d) return;
    const struct dirent *entry;
    while ((entry = readdir(d))) {
        if (str_starts(str_from(entry->d_name), STR(SPOOL_PREFIX))) (void)unlinkat(dirfd(d), entry->d_name, 0);
    }
    (void)closedir(d);
}
