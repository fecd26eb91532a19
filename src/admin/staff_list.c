#include "admin/staff_list.h"

#include "base/list.h"
#include "base/parse.h"
#include "base/text.h"
#include "people/party.h"
#include "people/people.h"

/* ---- bytes ---- */

static void put_utf8(char *out, size_t *at, uint32_t c)
{
    if (c < 0x80) {
        out[(*at)++] = (char)c;
    } else if (c < 0x800) {
        out[(*at)++] = (char)(0xC0 | c >> 6);
        out[(*at)++] = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out[(*at)++] = (char)(0xE0 | c >> 12);
        out[(*at)++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[(*at)++] = (char)(0x80 | (c & 0x3F));
    } else {
        out[(*at)++] = (char)(0xF0 | c >> 18);
        out[(*at)++] = (char)(0x80 | (c >> 12 & 0x3F));
        out[(*at)++] = (char)(0x80 | (c >> 6 & 0x3F));
        out[(*at)++] = (char)(0x80 | (c & 0x3F));
    }
}

static uint32_t unit_at(struct str s, size_t i, bool is_little)
{
    unsigned char first = (unsigned char)s.at[i], second = (unsigned char)s.at[i + 1];
    return is_little ? (uint32_t)(second << 8 | first) : (uint32_t)(first << 8 | second);
}

/* Half a pair becomes U+FFFD, which no name has, and is seen. */
static struct str from_utf16(struct arena *a, struct str s, bool is_little)
{
    char *out = arena_alloc(a, s.len * 2 + 4);
    size_t at = 0;
    for (size_t i = 0; i + 1 < s.len; i += 2) {
        uint32_t c = unit_at(s, i, is_little);
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < s.len) {
            uint32_t low = unit_at(s, i + 2, is_little);
            bool is_pair = low >= 0xDC00 && low < 0xE000;
            if (is_pair) i += 2;
            c = is_pair ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
        } else if (c >= 0xD800 && c < 0xE000) {
            c = 0xFFFD;
        }
        put_utf8(out, &at, c);
    }
    return str_of(out, at);
}

enum outcome staff_text(struct arena *a, struct str bytes, struct str *out, struct fail *why)
{
    if (str_starts(bytes, STR("PK\x03\x04")) || str_starts(bytes, STR("\xD0\xCF\x11\xE0")))
        return fail(why, ERR_INVALID,
                    N_("This is a workbook. In Excel choose “Save as”, then “CSV UTF-8”; or copy the cells and paste "
                       "them below."));
    if (str_starts(bytes, STR("\xFF\xFE")))
        bytes = from_utf16(a, str_part(bytes, 2, bytes.len), true);
    else if (str_starts(bytes, STR("\xFE\xFF")))
        bytes = from_utf16(a, str_part(bytes, 2, bytes.len), false);
    else if (str_starts(bytes, STR("\xEF\xBB\xBF")))
        bytes = str_part(bytes, 3, bytes.len);
    if (!text_is_plain(bytes))
        return fail(why, ERR_INVALID,
                    N_("This is no text in Unicode. Save the list as “CSV UTF-8”, then choose it again."));
    *out = bytes;
    return OK;
}

/* ---- records ---- */

struct reader {
    struct arena *a;
    struct str text;
    char *scratch; /* as long as the text: no field is longer */
    size_t at;
    int line;
    char separator;
};

/* One field; *out_last: it ended the record. A field in quotes may hold anything, quotes twice, and line ends. */
static struct str read_field(struct reader *r, bool *out_last)
{
    char *out = r->scratch;
    size_t len = 0;
    bool is_quoted = r->at < r->text.len && r->text.at[r->at] == '"';
    if (is_quoted) r->at++;
    *out_last = true;
    while (r->at < r->text.len) {
        char c = r->text.at[r->at++];
        if (c == '\n') r->line++;
        if (is_quoted && c == '"') {
            is_quoted = r->at < r->text.len && r->text.at[r->at] == '"';
            if (is_quoted) out[len++] = r->text.at[r->at++];
            continue;
        }
        if (!is_quoted && c == r->separator) {
            *out_last = false;
            break;
        }
        if (!is_quoted && c == '\n') break;
        out[len++] = c;
    }
    return str_dup(r->a, text_one_line(r->a, text_clean(r->a, str_of(out, len))));
}

enum { COLUMN_NAME, COLUMN_ROLE, COLUMN_LOGIN, COLUMN_EMAIL, COLUMN_PHONE, COLUMN_UNIT, COLUMN_FIELD, COLUMNS };

static const struct {
    const char *word; /* folded */
    int column;
} headings[] = {
    {"ho va ten",        COLUMN_NAME },
    {"ho ten",           COLUMN_NAME },
    {"ten",              COLUMN_NAME },
    {"name",             COLUMN_NAME },
    {"full name",        COLUMN_NAME },
    {"vai tro",          COLUMN_ROLE },
    {"chuc vu",          COLUMN_ROLE },
    {"nhiem vu",         COLUMN_ROLE },
    {"role",             COLUMN_ROLE },
    {"ten dang nhap",    COLUMN_LOGIN},
    {"tai khoan",        COLUMN_LOGIN},
    {"login",            COLUMN_LOGIN},
    {"e mail",           COLUMN_EMAIL},
    {"email",            COLUMN_EMAIL},
    {"thu dien tu",      COLUMN_EMAIL},
    {"dien thoai",       COLUMN_PHONE},
    {"so dien thoai",    COLUMN_PHONE},
    {"phone",            COLUMN_PHONE},
    {"telephone",        COLUMN_PHONE},
    {"don vi",           COLUMN_UNIT },
    {"phong",            COLUMN_UNIT },
    {"phong ban",        COLUMN_UNIT },
    {"unit",             COLUMN_UNIT },
    {"linh vuc",         COLUMN_FIELD},
    {"linh vuc thu tuc", COLUMN_FIELD},
    {"field",            COLUMN_FIELD},
};

/* How a post is called in the lists of offices; the longest that the text begins with counts. */
static const struct {
    const char *word; /* folded */
    const char *role;
} role_words[] = {
    {"tiep nhan",           "receiver"  },
    {"can bo tiep nhan",    "receiver"  },
    {"nhan vien tiep nhan", "receiver"  },
    {"mot cua",             "receiver"  },
    {"can bo mot cua",      "receiver"  },
    {"receiver",            "receiver"  },
    {"chuyen vien",         "specialist"},
    {"cong chuc",           "specialist"},
    {"thu ly",              "specialist"},
    {"can bo thu ly",       "specialist"},
    {"specialist",          "specialist"},
    {"lanh dao",            "leader"    },
    {"chu tich",            "leader"    },
    {"pho chu tich",        "leader"    },
    {"giam doc",            "leader"    },
    {"pho giam doc",        "leader"    },
    {"truong phong",        "leader"    },
    {"pho truong phong",    "leader"    },
    {"leader",              "leader"    },
    {"van thu",             "clerk"     },
    {"clerk",               "clerk"     },
    {"luu tru",             "archivist" },
    {"archivist",           "archivist" },
    {"quan tri",            "admin"     },
    {"admin",               "admin"     },
    {"van hanh",            "operator"  },
    {"operator",            "operator"  },
};

static struct str role_of(struct arena *a, struct str text)
{
    struct str folded = text_fold(a, text);
    size_t best = 0;
    struct str role = STR_NONE;
    for (size_t i = 0; i < LENGTH(role_words); i++) {
        struct str word = str_from(role_words[i].word);
        bool fits = str_eq(folded, word) || str_starts(folded, str_format(a, "%.*s ", STR_ARG(word)));
        if (!fits || word.len <= best) continue;
        best = word.len;
        role = str_from(role_words[i].role);
    }
    return role;
}

struct str staff_login_of(struct arena *a, struct str name)
{
    struct str folded = str_replace(a, text_fold(a, name), STR(" "), STR_NONE);
    char *out = arena_alloc(a, folded.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < folded.len && len < LOGIN_MOST - 4; i++) {
        char c = folded.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out[len++] = c;
    }
    return str_of(out, len);
}

/* ---- mistakes ---- */

void staff_mistake(struct staff_list *list, struct staff_line *line, const char *sentence, struct str arg)
{
    if (line->mistake_count == 0) list->wrong_count++;
    if (line->mistake_count == STAFF_MISTAKES_MOST) return;
    line->mistakes[line->mistake_count++] = (struct staff_mistake){.sentence = sentence, .args = {arg}};
}

static bool is_login(struct str s)
{
    if (s.len < 3 || s.len > LOGIN_MOST) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!is_word && (i == 0 || !str_has(STR("._-@+"), str_of(&c, 1)))) return false;
    }
    return true;
}

static void check_line(struct staff_list *list, struct staff_line *l)
{
    if (l->name.len == 0) staff_mistake(list, l, N_("The full name is missing."), STR_NONE);
    if (text_length(l->name) > PARTY_NAME_MOST) staff_mistake(list, l, N_("The name is too long."), STR_NONE);
    if (l->role_text.len == 0)
        staff_mistake(list, l, N_("The role is missing: receiver, specialist, leader, clerk or administrator."),
                      STR_NONE);
    else if (l->role.len == 0)
        staff_mistake(list, l, N_("“{0}” is no role: write receiver, specialist, leader, clerk or administrator."),
                      l->role_text);
    if (l->is_own_login && !is_login(l->login))
        staff_mistake(list, l, N_("“{0}” is no login: 3 to 60 small letters without accents, digits and . _ - @ +."),
                      l->login);
    if (!l->is_own_login && l->name.len > 0 && l->login.len < 3)
        staff_mistake(list, l, N_("No login can be made from this name: write one."), STR_NONE);
    if (l->email.len > 0 && !email_is_valid(l->email))
        staff_mistake(list, l, N_("“{0}” is no e-mail address."), l->email);
    if (l->phone.len > 0 && !phone_is_valid(l->phone))
        staff_mistake(list, l, N_("“{0}” is no telephone number."), l->phone);
}

/* A login that is in the list twice: a mistake when it was written, a number behind it when it was made. */
static void settle_logins(struct arena *a, struct staff_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct staff_line *l = &list->lines[i];
        struct str base = l->login;
        for (int n = 2; l->login.len > 0; n++) {
            size_t other = 0;
            while (other < i && !str_eq(list->lines[other].login, l->login)) other++;
            if (other == i) break;
            if (l->is_own_login) {
                staff_mistake(list, l, N_("The login {0} is in the list twice."), l->login);
                break;
            }
            l->login = str_format(a, "%.*s%d", STR_ARG(base), n);
        }
    }
}

/* ---- the list ---- */

static char separator_of(struct str text)
{
    struct str first, rest;
    (void)str_cut(text, '\n', &first, &rest); /* a text of one line is its own first */
    static const char candidates[] = "\t;,";
    for (size_t i = 0; i + 1 < sizeof candidates; i++)
        if (str_has(first, str_of(&candidates[i], 1))) return candidates[i];
    return ',';
}

/* Where each column stands; false when the first record names none. */
static bool read_heading(struct arena *a, const struct str *fields, size_t count, int columns[COLUMNS])
{
    bool has_name = false;
    for (size_t i = 0; i < COLUMNS; i++) columns[i] = -1;
    for (size_t i = 0; i < count; i++) {
        struct str folded = text_fold(a, fields[i]);
        for (size_t n = 0; n < LENGTH(headings); n++)
            if (str_eq(folded, str_from(headings[n].word)) && columns[headings[n].column] < 0)
                columns[headings[n].column] = (int)i;
    }
    has_name = columns[COLUMN_NAME] >= 0 && (columns[COLUMN_ROLE] >= 0 || columns[COLUMN_LOGIN] >= 0);
    for (int i = 0; !has_name && i < COLUMNS; i++) columns[i] = i;
    return has_name;
}

static struct str field_at(const struct str *fields, size_t count, int column)
{
    return column >= 0 && (size_t)column < count ? fields[column] : STR_NONE;
}

static struct staff_line line_of(struct arena *a, const struct str *fields, size_t count, const int columns[COLUMNS])
{
    struct staff_line l = {.name = field_at(fields, count, columns[COLUMN_NAME]),
                           .role_text = field_at(fields, count, columns[COLUMN_ROLE]),
                           .login = text_lower(a, field_at(fields, count, columns[COLUMN_LOGIN])),
                           .email = field_at(fields, count, columns[COLUMN_EMAIL]),
                           .phone = field_at(fields, count, columns[COLUMN_PHONE]),
                           .unit = field_at(fields, count, columns[COLUMN_UNIT]),
                           .field = field_at(fields, count, columns[COLUMN_FIELD])};
    l.role = role_of(a, l.role_text);
    l.is_own_login = l.login.len > 0;
    if (!l.is_own_login) l.login = staff_login_of(a, l.name);
    return l;
}

enum { FIELDS_MOST = 24 };

static size_t read_record(struct reader *r, struct str fields[FIELDS_MOST], bool *out_empty)
{
    size_t count = 0;
    bool is_last = false;
    *out_empty = true;
    while (!is_last) {
        struct str field = read_field(r, &is_last);
        if (field.len > 0) *out_empty = false;
        if (count < FIELDS_MOST) fields[count++] = field;
    }
    return count;
}

enum outcome staff_read(struct arena *a, struct str text, struct staff_list *out, struct fail *why)
{
    text = str_replace(a, text, STR("\r\n"), STR("\n"));
    struct reader r = {a, text, arena_alloc(a, text.len + 1), 0, 1, separator_of(text)};
    LIST(struct staff_line) lines = {0};
    int columns[COLUMNS];
    bool is_first = true;
    *out = (struct staff_list){0};
    while (r.at < r.text.len) {
        struct str fields[FIELDS_MOST];
        bool is_empty;
        int number = r.line;
        size_t count = read_record(&r, fields, &is_empty);
        if (is_empty) continue;
        bool was_first = is_first;
        is_first = false;
        if (was_first && read_heading(a, fields, count, columns)) {
            out->has_heading = true;
            continue;
        }
        if (lines.count == STAFF_MOST) return fail(why, ERR_INVALID, N_("At most 500 people at once."));
        struct staff_line line = line_of(a, fields, count, columns);
        line.number = number;
        LIST_PUSH(a, lines) = line;
    }
    if (lines.count == 0) return fail(why, ERR_INVALID, N_("There is nobody in the list."));
    out->lines = lines.at;
    out->count = lines.count;
    for (size_t i = 0; i < out->count; i++) check_line(out, &out->lines[i]);
    settle_logins(a, out);
    return OK;
}
