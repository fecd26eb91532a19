#include "dossier/file_type.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"
#include "dossier/ole.h"

#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#define ODF "application/vnd.oasis.opendocument."

/* The types of papers, with the extension they are given first; `other` is taken as right too. */
static const struct {
    const char *type, *extension, *other;
    bool is_shown;
} types[] = {
    {"application/pdf",          "pdf",  NULL,   true },
    {"image/jpeg",               "jpg",  "jpeg", true },
    {"image/png",                "png",  NULL,   true },
    {"image/webp",               "webp", NULL,   true },
    {"image/heic",               "heic", "heif", false},
    {DOCX,                       "docx", NULL,   false},
    {XLSX,                       "xlsx", NULL,   false},
    {"application/msword",       "doc",  NULL,   false},
    {"application/vnd.ms-excel", "xls",  NULL,   false},
    {ODF "text",                 "odt",  NULL,   false},
    {ODF "spreadsheet",          "ods",  NULL,   false},
    {"text/html",                "html", "htm",  true }, /* results that we wrote; never taken from outside */
};

/* In the order of trying. Two runs of bytes, because some formats put a size between them. */
static const struct {
    struct str first;
    size_t second_at;
    struct str second;
    const char *type;
} signatures[] = {
    {STR_INIT("%PDF-"),                            0,  STR_INIT(""),                             "application/pdf"},
    {STR_INIT("\xff\xd8\xff"),                     0,  STR_INIT(""),                             "image/jpeg"     },
    {STR_INIT("\x89PNG\r\n\x1a\n"),                0,  STR_INIT(""),                             "image/png"      },
    {STR_INIT("RIFF"),                             8,  STR_INIT("WEBP"),                         "image/webp"     },
    {STR_INIT(""),                                 4,  STR_INIT("ftypheic"),                     "image/heic"     },
    {STR_INIT(""),                                 4,  STR_INIT("ftypheix"),                     "image/heic"     },
    {STR_INIT(""),                                 4,  STR_INIT("ftyphevc"),                     "image/heic"     },
    {STR_INIT(""),                                 4,  STR_INIT("ftyphevx"),                     "image/heic"     },
    {STR_INIT(""),                                 4,  STR_INIT("ftypheim"),                     "image/heic"     },
    {STR_INIT(""),                                 4,  STR_INIT("ftypheis"),                     "image/heic"     },
    {STR_INIT(""),                                 4,  STR_INIT("ftypmif1"),                     "image/heic"     },
    {STR_INIT("PK\x03\x04"),                       30, STR_INIT("mimetype" ODF "textPK"),        ODF "text"       },
    {STR_INIT("PK\x03\x04"),                       30, STR_INIT("mimetype" ODF "spreadsheetPK"), ODF "spreadsheet"},
    {STR_INIT("PK\x03\x04"),                       0,  STR_INIT(""),                             CONTAINER_ZIP    },
    {STR_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), 0,  STR_INIT(""),                             CONTAINER_OLE    },
};

struct str file_type_of(struct str head)
{
    for (size_t i = 0; i < LENGTH(signatures); i++)
        if (str_starts(head, signatures[i].first) &&
            str_starts(str_part(head, signatures[i].second_at, head.len), signatures[i].second))
            return str_from(signatures[i].type);
    return STR_NONE;
}

static uint32_t little(struct str bytes, size_t at, int count)
{
    uint32_t n = 0;
    for (int i = count - 1; i >= 0; i--) n = n << 8 | (unsigned char)bytes.at[at + (size_t)i];
    return n;
}

/* ---- new Office documents: a zip archive whose directory stands at its end ---- */

enum { ZIP_END_BYTES = 22, ZIP_ROW_BYTES = 46 };

struct zip_parts {
    bool has_types, has_word, has_sheets, has_macros;
};

static void note_part(struct str name, struct zip_parts *p)
{
    p->has_types |= str_eq(name, STR("[Content_Types].xml"));
    p->has_word |= str_eq(name, STR("word/document.xml"));
    p->has_sheets |= str_eq(name, STR("xl/workbook.xml"));
    p->has_macros |= str_ends(name, STR("vbaProject.bin"));
}

/* The record of the end, searched from the back: only a comment can stand behind it. */
static bool find_end(struct str tail, size_t *out)
{
    for (size_t at = tail.len < ZIP_END_BYTES ? 0 : tail.len - ZIP_END_BYTES + 1; at > 0; at--) {
        struct str end = str_part(tail, at - 1, tail.len);
        if (!str_starts(end, STR("PK\x05\x06")) || little(end, 20, 2) + ZIP_END_BYTES != end.len) continue;
        *out = at - 1;
        return true;
    }
    return false;
}

struct str file_type_of_zip(struct str tail)
{
    struct zip_parts p = {0};
    size_t end;
    if (!find_end(tail, &end)) return STR_NONE;
    size_t folder_bytes = little(tail, end + 12, 4);
    if (folder_bytes > end) return STR_NONE;
    size_t at = end - folder_bytes;
    while (end - at >= ZIP_ROW_BYTES) {
        struct str row = str_part(tail, at, end - at);
        if (!str_starts(row, STR("PK\x01\x02"))) return STR_NONE;
        size_t name_bytes = little(row, 28, 2),
               bytes = ZIP_ROW_BYTES + name_bytes + little(row, 30, 2) + little(row, 32, 2);
        if (bytes > row.len) return STR_NONE;
        note_part(str_part(row, ZIP_ROW_BYTES, name_bytes), &p);
        at += bytes;
    }
    if (!p.has_types || p.has_macros || p.has_word == p.has_sheets) return STR_NONE;
    return p.has_word ? STR(DOCX) : STR(XLSX);
}

/* ---- old Office documents: a small file system (ole.h) ---- */

/* Names are UTF-16, little end first; those that matter are ASCII. */
static bool is_named(struct str entry, const char *name)
{
    size_t i = 0;
    for (; name[i] != '\0'; i++)
        if (entry.at[2 * i] != name[i] || entry.at[2 * i + 1] != '\0') return false;
    return entry.at[2 * i] == '\0' && entry.at[2 * i + 1] == '\0';
}

struct str file_type_of_ole(struct str folder)
{
    static const struct {
        const char *part, *type;
    } parts[] = {
        {"WordDocument", "application/msword"      },
        {"Workbook",     "application/vnd.ms-excel"},
        {"Book",         "application/vnd.ms-excel"},
    };
    struct str found = STR_NONE;
    for (size_t at = 0; at + OLE_ENTRY_BYTES <= folder.len; at += OLE_ENTRY_BYTES) {
        struct str entry = str_part(folder, at, OLE_ENTRY_BYTES);
        if (is_named(entry, "Macros") || is_named(entry, "_VBA_PROJECT_CUR")) return STR_NONE;
        for (size_t i = 0; i < LENGTH(parts); i++)
            if (is_named(entry, parts[i].part)) found = str_from(parts[i].type);
    }
    return found;
}

/* ---- a file ---- */

static enum outcome read_part(int fd, uint64_t from, size_t most, struct arena *a, struct str *out, struct fail *why)
{
    char *bytes = arena_alloc(a, most);
    size_t got = 0;
    while (got < most) {
        ssize_t n = pread(fd, bytes + got, most - got, (off_t)(from + got));
        if (n < 0) return fail(why, ERR_DOWN, N_("The file cannot be read right now. Try again in a moment."));
        if (n == 0) break;
        got += (size_t)n;
    }
    *out = str_of(bytes, got);
    return OK;
}

/* For ole_folder; the context is the descriptor. */
static bool read_whole(void *context, uint64_t from, char *to, size_t bytes)
{
    const int *fd = context;
    size_t got = 0;
    while (got < bytes) {
        ssize_t n = pread(*fd, to + got, bytes - got, (off_t)(from + got));
        if (n <= 0) return false;
        got += (size_t)n;
    }
    return true;
}

static enum outcome look_inside(struct str container, struct str path, struct str *out, struct fail *why)
{
    struct arena *a = why->arena;
    AUTO_FD int fd = open(str_cstr(a, path), O_RDONLY | O_CLOEXEC);
    struct stat st;
    struct str part;
    if (fd < 0 || fstat(fd, &st) != 0)
        return fail(why, ERR_DOWN, N_("The file cannot be read right now. Try again in a moment."));
    uint64_t size = (uint64_t)st.st_size;
    *out = STR_NONE;
    if (str_eq(container, STR(CONTAINER_ZIP))) {
        TRY(read_part(fd, size > ZIP_TAIL_BYTES ? size - ZIP_TAIL_BYTES : 0, ZIP_TAIL_BYTES, a, &part, why));
        *out = file_type_of_zip(part);
    } else if (ole_folder(read_whole, &fd, a, &part)) {
        *out = file_type_of_ole(part);
    }
    return OK;
}

enum outcome file_type_look(struct str head, struct str path, struct str *out, struct fail *why)
{
    struct str type = file_type_of(head);
    if (str_eq(type, STR(CONTAINER_ZIP)) || str_eq(type, STR(CONTAINER_OLE))) TRY(look_inside(type, path, &type, why));
    if (type.len == 0)
        return fail(why, ERR_TYPE,
                    N_("This type of file is not accepted. Send PDF, JPEG, PNG, HEIC, Word or Excel files."));
    *out = type;
    return OK;
}

bool file_type_is_shown(struct str type)
{
    for (size_t i = 0; i < LENGTH(types); i++)
        if (str_eq(type, str_from(types[i].type))) return types[i].is_shown;
    return false;
}

/* ---- names ---- */

enum { NAME_CODE_POINTS = 80 };

/* Marks that turn the direction of writing, or that nobody sees: with them "gpj.exe" can be shown as "exe.jpg". */
static bool is_invisible(struct str rest)
{
    if (rest.len < 3) return false;
    unsigned char a = (unsigned char)rest.at[0], b = (unsigned char)rest.at[1], c = (unsigned char)rest.at[2];
    if (a == 0xef) return b == 0xbb && c == 0xbf;
    return a == 0xe2 && ((b == 0x80 && ((c >= 0x8b && c <= 0x8f) || (c >= 0xa8 && c <= 0xae))) ||
                         (b == 0x81 && c >= 0xa0 && c <= 0xaf));
}

static struct str safe_name(struct arena *a, struct str given)
{
    static const struct str forbidden = STR_INIT("/\\<>:\"|?*;%");
    char *out = arena_alloc(a, given.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < given.len; i++) {
        char c = given.at[i];
        if (is_invisible(str_part(given, i, given.len))) {
            i += 2;
            continue;
        }
        bool is_control = (unsigned char)c < ' ' || c == 0x7f;
        out[len++] = is_control ? ' ' : str_has(forbidden, str_of(&c, 1)) ? '-' : c;
    }
    struct str name = text_one_line(a, str_of(out, len));
    while (name.len > 0 && (name.at[0] == '.' || name.at[0] == '-' || name.at[0] == ' '))
        name = str_part(name, 1, name.len);
    return name;
}

static struct str base_of(struct str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.at[i - 1] == '/' || path.at[i - 1] == '\\') return str_part(path, i, path.len);
    return path;
}

static bool ends_with(struct str name, const char *extension, struct str *out_stem)
{
    struct str e = str_from(extension);
    if (extension == NULL || name.len <= e.len || name.at[name.len - e.len - 1] != '.' ||
        !str_eq_nocase(str_part(name, name.len - e.len, e.len), e))
        return false;
    *out_stem = str_part(name, 0, name.len - e.len - 1);
    return true;
}

/* The name without an extension that names one of our types, right or wrong. */
static struct str stem_of(struct str name)
{
    struct str stem = name;
    for (size_t i = 0; i < LENGTH(types); i++)
        if (ends_with(name, types[i].extension, &stem) || ends_with(name, types[i].other, &stem)) break;
    while (stem.len > 0 && (stem.at[stem.len - 1] == '.' || stem.at[stem.len - 1] == ' ')) stem.len--;
    return stem;
}

static struct str cut(struct str s, size_t code_points)
{
    size_t at = 0;
    for (; at < s.len; at++) {
        bool is_start = ((unsigned char)s.at[at] & 0xc0) != 0x80;
        if (is_start && code_points-- == 0) break;
    }
    return str_part(s, 0, at);
}

struct str file_name_for(struct arena *a, struct str given, struct str type)
{
    const char *extension = "bin";
    for (size_t i = 0; i < LENGTH(types); i++)
        if (str_eq(type, str_from(types[i].type))) extension = types[i].extension;
    struct str name = text_is_utf8(given) ? safe_name(a, text_clean(a, base_of(given))) : STR_NONE;
    struct str stem = cut(stem_of(name), NAME_CODE_POINTS);
    return str_format(a, "%.*s.%s", STR_ARG(stem.len > 0 ? stem : STR("giay-to")), extension);
}
