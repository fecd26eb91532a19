/*
 * A multipart form as bytes. The first byte says in what pieces it arrives; whatever the pieces, the parser must say
 * the same as for the whole at once. The boundary is "Xy".
 */
#include "base/text.h"
#include "http/multipart.h"

enum { FUZZ_ARENA_BYTES = 64 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum outcome note_begin(void *context, const struct part *part, struct fail *why)
{
    (void)why;
    if (part->name.len == 0 || !text_is_utf8(part->name) || !text_is_utf8(part->file_name)) BUG("a bad name");
    if (str_has(part->file_name, STR("/")) || part->file_name.len > HTTP_FILE_NAME_BYTES) BUG("a bad file name");
    buf_addf(context, "[%.*s|%.*s|%.*s]", STR_ARG(part->name), STR_ARG(part->file_name), STR_ARG(part->type));
    return OK;
}

static enum outcome note_data(void *context, struct str piece, struct fail *why)
{
    (void)why;
    buf_add(context, piece);
    return OK;
}

static enum outcome note_end(void *context, struct fail *why)
{
    (void)why;
    buf_add(context, STR(";"));
    return OK;
}

static enum outcome parse(struct arena *a, struct str text, size_t piece, struct buf *said)
{
    struct part_receiver to = {note_begin, note_data, note_end, said};
    struct multipart *m = ARENA_NEW(a, struct multipart);
    struct fail why;
    fail_init(&why, a);
    multipart_init(m, a, STR("Xy"), &to);
    for (size_t at = 0; at < text.len; at += piece) TRY(multipart_feed(m, str_part(text, at, piece), &why));
    return multipart_finish(m, &why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    struct arena a;
    struct buf whole, pieces;
    arena_init(&a, FUZZ_ARENA_BYTES);
    buf_init(&whole, 16 * size + 4096);
    buf_init(&pieces, 16 * size + 4096);
    struct str text = str_of((const char *)data + 1, size - 1);
    enum outcome first = parse(&a, text, text.len, &whole), second = parse(&a, text, (size_t)data[0] + 1, &pieces);
    if (first != second || !str_eq(buf_str(&whole), buf_str(&pieces))) BUG("pieces change the form");
    buf_end(&whole);
    buf_end(&pieces);
    arena_end(&a);
    return 0;
}
