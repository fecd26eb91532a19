#include "http/multipart.h"

#include <string.h>

#include "base/text.h"
#include "http/message.h"
#include "http/parameter.h"

static enum outcome malformed(struct fail *why)
{
    return fail(why, ERR_BAD, N_("The form is not well-formed multipart data."));
}

/* RFC 2046, 5.1.1: bchars. A space is allowed there inside, but no program uses one. */
static bool is_boundary_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || memchr("'()+_,-./:=?", c, 12);
}

bool multipart_boundary(struct str content_type, struct str *out)
{
    struct str boundary;
    if (!parameter_find(content_type, "boundary", &boundary)) return false;
    if (boundary.len == 0 || boundary.len > HTTP_BOUNDARY_BYTES) return false;
    for (size_t i = 0; i < boundary.len; i++) {
        if (!is_boundary_char(boundary.at[i])) return false;
    }
    *out = boundary;
    return true;
}

void multipart_init(struct multipart *m, struct arena *a, struct str boundary, const struct part_receiver *to)
{
    if (boundary.len > HTTP_BOUNDARY_BYTES) BUG("boundary of %zu bytes", boundary.len);
    m->arena = a;
    m->to = to;
    m->state = PART_DATA;
    m->is_in_part = false;
    m->matched = 2; /* as if a line had just ended: the first boundary has none before it */
    m->head_len = 0;
    m->delimiter_len = boundary.len + 4;
    memcpy(m->delimiter, "\r\n--", 4);
    memcpy(m->delimiter + 4, boundary.at, boundary.len);
}

/* ---- the headers of a part ---- */

/* Browsers write a quote in a name as %22 and line breaks as %0D%0A (WHATWG); older programs write \". */
static struct str name_decode(struct arena *a, struct str raw)
{
    struct str s = str_replace(a, raw, STR("\\\""), STR("\""));
    s = str_replace(a, s, STR("%22"), STR("\""));
    s = str_replace(a, s, STR("%0D%0A"), STR(" "));
    return text_one_line(a, text_clean(a, s));
}

struct str file_name_clean(struct arena *a, struct str said)
{
    struct str name = said;
    for (size_t i = said.len; i > 0; i--) {
        if (said.at[i - 1] != '/' && said.at[i - 1] != '\\') continue;
        name = str_part(said, i, said.len);
        break;
    }
    name = text_one_line(a, text_clean(a, name));
    if (str_eq(name, STR(".")) || str_eq(name, STR(".."))) return STR_NONE;
    if (name.len <= HTTP_FILE_NAME_BYTES) return name;
    size_t cut = HTTP_FILE_NAME_BYTES;
    while (cut > 0 && ((unsigned char)name.at[cut] & 0xC0) == 0x80) cut--;
    return str_part(name, 0, cut);
}

/* filename*=UTF-8''to%20khai.pdf (RFC 5987): RFC 7578 forbids it in forms, some programs send it all the same. */
static bool extended_name(struct arena *a, struct str value, struct str *out)
{
    struct str charset, rest, language, text;
    if (!str_cut(value, '\'', &charset, &rest) || !str_cut(rest, '\'', &language, &text)) return false;
    return str_eq_nocase(charset, STR("utf-8")) && percent_decode(a, text, false, out);
}

struct str disposition_file_name(struct arena *a, struct str value)
{
    struct str raw, name = STR_NONE;
    if (parameter_find(value, "filename*", &raw)) {
        if (!extended_name(a, raw, &name)) name = STR_NONE;
    } else if (parameter_find(value, "filename", &raw)) {
        name = name_decode(a, raw);
    }
    return text_is_utf8(name) ? file_name_clean(a, name) : STR_NONE;
}

static enum outcome read_disposition(struct arena *a, struct str value, struct part *part, struct fail *why)
{
    struct str kind, rest, raw, decoded;
    (void)str_cut(value, ';', &kind, &rest); /* without parameters the name is missing, said below */
    if (!str_eq_nocase(str_trim(kind), STR("form-data"))) return malformed(why);
    if (!parameter_find(value, "name", &raw) || raw.len == 0 || raw.len > HTTP_FORM_NAME_BYTES) return malformed(why);
    part->name = name_decode(a, raw);
    if (parameter_find(value, "filename*", &raw)) {
        if (!extended_name(a, raw, &decoded)) return malformed(why);
        part->file_name = file_name_clean(a, decoded);
        part->is_file = true;
    } else if (parameter_find(value, "filename", &raw)) {
        part->file_name = file_name_clean(a, name_decode(a, raw));
        part->is_file = true;
    }
    return OK;
}

static enum outcome read_part_header(struct multipart *m, struct str line, struct part *part, struct fail *why)
{
    struct str name, value;
    if (!str_cut(line, ':', &name, &value)) return malformed(why);
    value = str_trim(value);
    if (str_eq_nocase(name, STR("content-disposition"))) {
        if (part->name.len > 0) return malformed(why);
        return read_disposition(m->arena, value, part, why);
    }
    if (str_eq_nocase(name, STR("content-type"))) part->type = value;
    if (str_eq_nocase(name, STR("content-transfer-encoding")) && !str_eq_nocase(value, STR("binary")) &&
        !str_eq_nocase(value, STR("8bit")) && !str_eq_nocase(value, STR("7bit"))) {
        return fail(why, ERR_TYPE, N_("Parts of a form must not be encoded."));
    }
    return OK;
}

static enum outcome read_part_headers(struct multipart *m, struct part *part, struct fail *why)
{
    struct str rest = str_of(m->head, m->head_len - 2); /* without the empty line */
    if (!text_is_utf8(rest)) return fail(why, ERR_BAD, N_("The form is not valid UTF-8 text."));
    while (rest.len > 0) {
        ptrdiff_t end = str_find(rest, STR("\r\n"), 0);
        struct str line = str_part(rest, 0, end < 0 ? rest.len : (size_t)end);
        rest = end < 0 ? STR_NONE : str_part(rest, (size_t)end + 2, rest.len);
        TRY(read_part_header(m, line, part, why));
    }
    bool fits = part->name.len <= HTTP_FORM_NAME_BYTES && part->type.len <= HTTP_PART_TYPE_BYTES;
    return part->name.len > 0 && fits ? OK : malformed(why);
}

/* A form may have thousands of parts: of each only the three short texts stay in the arena, not the work on them. */
static struct part keep_part(struct arena *a, struct arena_mark before, const struct part *part)
{
    char name[HTTP_FORM_NAME_BYTES + 1], file_name[HTTP_FILE_NAME_BYTES + 1], type[HTTP_PART_TYPE_BYTES + 1];
    struct part kept = *part;
    memcpy(name, part->name.at, part->name.len);
    if (part->file_name.len > 0) memcpy(file_name, part->file_name.at, part->file_name.len);
    if (part->type.len > 0) memcpy(type, part->type.at, part->type.len);
    arena_back(a, before);
    kept.name = str_dup(a, str_of(name, part->name.len));
    kept.file_name = str_dup(a, str_of(file_name, part->file_name.len));
    kept.type = str_dup(a, str_of(type, part->type.len));
    return kept;
}

static enum outcome begin_part(struct multipart *m, struct fail *why)
{
    struct part part = {0};
    struct arena_mark before = arena_mark(m->arena);
    TRY(read_part_headers(m, &part, why));
    part = keep_part(m->arena, before, &part);
    m->is_in_part = true;
    m->state = PART_DATA;
    m->matched = 0;
    return m->to->begin(m->to->context, &part, why);
}

/* One byte of the headers: CR only before LF, LF only after CR, no NUL; an empty line ends them. */
static enum outcome take_head_byte(struct multipart *m, char c, struct fail *why)
{
    if (m->head_len == sizeof m->head) return fail(why, ERR_HEADERS, N_("A part of the form has too large headers."));
    bool is_after_cr = m->head_len > 0 && m->head[m->head_len - 1] == '\r';
    if (c == '\0' || is_after_cr != (c == '\n')) return malformed(why);
    m->head[m->head_len++] = c;
    bool is_empty_line = c == '\n' && (m->head_len == 2 || (m->head_len >= 4 && m->head[m->head_len - 3] == '\n'));
    return is_empty_line ? begin_part(m, why) : OK;
}

/* ---- the data of a part ---- */

static enum outcome give(struct multipart *m, struct str piece, struct fail *why)
{
    if (piece.len == 0) return OK;
    if (!m->is_in_part) return malformed(why);
    return m->to->data(m->to->context, piece, why);
}

static enum outcome end_part(struct multipart *m, struct fail *why)
{
    m->state = PART_AFTER_BOUNDARY;
    m->matched = 0;
    if (!m->is_in_part) return OK;
    m->is_in_part = false;
    return m->to->end(m->to->context, why);
}

/*
 * Data up to the delimiter or the end of the piece; returns how much it took. CR is in the delimiter only as its first
 * byte, so after a mismatch what was matched is data and the search starts afresh at the byte that did not match.
 */
static enum outcome take_data(struct multipart *m, struct str piece, size_t *taken, struct fail *why)
{
    size_t i = 0;
    while (i < piece.len) {
        if (m->matched == 0) {
            const char *cr = memchr(piece.at + i, '\r', piece.len - i);
            size_t plain = cr ? (size_t)(cr - piece.at) - i : piece.len - i;
            TRY(give(m, str_part(piece, i, plain), why));
            i += plain;
            if (!cr) break;
        }
        if (piece.at[i] == m->delimiter[m->matched]) {
            m->matched++;
            i++;
            if (m->matched < m->delimiter_len) continue;
            *taken = i;
            return end_part(m, why);
        }
        size_t matched = m->matched;
        m->matched = 0;
        TRY(give(m, str_of(m->delimiter, matched), why));
    }
    *taken = i;
    return OK;
}

static enum outcome take_boundary_byte(struct multipart *m, char c, struct fail *why)
{
    if (m->state == PART_AFTER_BOUNDARY && c == '\r') {
        m->state = PART_AFTER_CR;
    } else if (m->state == PART_AFTER_BOUNDARY && c == '-') {
        m->state = PART_AFTER_DASH;
    } else if (m->state == PART_AFTER_CR && c == '\n') {
        m->state = PART_HEAD;
        m->head_len = 0;
    } else if (m->state == PART_AFTER_DASH && c == '-') {
        m->state = PART_DONE;
    } else {
        return malformed(why);
    }
    return OK;
}

enum outcome multipart_feed(struct multipart *m, struct str piece, struct fail *why)
{
    while (piece.len > 0 && m->state != PART_DONE) {
        size_t taken = 1;
        if (m->state == PART_DATA) {
            TRY(take_data(m, piece, &taken, why));
        } else if (m->state == PART_HEAD) {
            TRY(take_head_byte(m, piece.at[0], why));
        } else {
            TRY(take_boundary_byte(m, piece.at[0], why));
        }
        piece = str_part(piece, taken, piece.len);
    }
    return OK;
}

enum outcome multipart_finish(const struct multipart *m, struct fail *why)
{
    if (m->state != PART_DONE) return fail(why, ERR_BAD, N_("The form ends before it is complete."));
    return OK;
}
