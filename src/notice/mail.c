#include "notice/mail.h"

#include "base/auto.h"
#include "base/hash.h"
#include "base/text.h"

enum {
    MAIL_BYTES = 512 * 1024,
    LINE_MOST = 76,  /* of the text, and of an encoded header with its name */
    WORD_BYTES = 42, /* of text in one encoded word: 56 digits and =?UTF-8?B??= */
    PLAIN_SUBJECT_MOST = 60,
};

/* One line without control characters, whatever was given. */
static struct str one_line(struct arena *a, struct str s)
{
    if (!text_is_utf8(s)) return STR("?");
    char *at = arena_dup(a, s.at, s.len);
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)at[i] < ' ' || at[i] == 0x7f) at[i] = ' ';
    return text_one_line(a, str_of(at, s.len));
}

static bool is_plain(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < ' ' || (unsigned char)s.at[i] > '~') return false;
    return s.len <= PLAIN_SUBJECT_MOST && !str_has(s, STR("=?"));
}

/* Whole characters of at most WORD_BYTES. */
static size_t word_length(struct str s)
{
    if (s.len <= WORD_BYTES) return s.len;
    size_t len = WORD_BYTES;
    while (len > 0 && ((unsigned char)s.at[len] & 0xC0) == 0x80) len--;
    return len;
}

static void add_words(struct buf *out, struct arena *a, struct str s)
{
    for (bool is_first = true; s.len > 0; is_first = false) {
        size_t len = word_length(s);
        struct str digits = base64_encode(a, str_part(s, 0, len));
        buf_addf(out, "%s=?UTF-8?B?%.*s?=", is_first ? "" : "\r\n ", STR_ARG(digits));
        s = str_part(s, len, s.len);
    }
}

static void add_header(struct buf *out, struct arena *a, const char *name, struct str value)
{
    value = one_line(a, value);
    buf_addf(out, "%s: %.*s\r\n", name, STR_ARG(value));
}

static void add_text_header(struct buf *out, struct arena *a, const char *name, struct str value)
{
    value = one_line(a, value);
    buf_addf(out, "%s: ", name);
    if (is_plain(value))
        buf_add(out, value);
    else
        add_words(out, a, value);
    buf_add(out, STR("\r\n"));
}

static void add_sender(struct buf *out, struct arena *a, const struct mail *m)
{
    struct str name = one_line(a, m->from_name), address = one_line(a, m->from);
    buf_add(out, STR("From: "));
    if (name.len > 0) {
        add_words(out, a, name); /* always encoded: no comma or quote can matter */
        buf_add(out, STR("\r\n "));
    }
    buf_addf(out, "<%.*s>\r\n", STR_ARG(address));
}

static void add_date(struct buf *out, instant_t at)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct civil c = day_to_civil(day_of(at));
    int second = (int)(us_of_day(at) / US_PER_S);
    buf_addf(out, "Date: %s, %d %s %04d %02d:%02d:%02d +0700\r\n", days[day_of_week(day_of(at)) - 1], c.day,
             months[c.month - 1], c.year, second / 3600, second / 60 % 60, second % 60);
}

/* Lines end in CRLF before they are encoded (RFC 2045, 6.8). */
static void add_body(struct buf *out, struct arena *a, struct str text)
{
    struct str clean = text_is_utf8(text) ? text_clean(a, text) : STR("?");
    struct str digits = base64_encode(a, str_replace(a, clean, STR("\n"), STR("\r\n")));
    for (size_t at = 0; at < digits.len; at += LINE_MOST) {
        struct str line = str_part(digits, at, LINE_MOST);
        buf_addf(out, "%.*s\r\n", STR_ARG(line));
    }
}

struct str mail_write(struct arena *a, const struct mail *m)
{
    AUTO_BUF struct buf out;
    buf_init(&out, MAIL_BYTES);
    add_date(&out, m->date);
    add_sender(&out, a, m);
    add_header(&out, a, "To", str_format(a, "<%.*s>", STR_ARG(m->to)));
    add_text_header(&out, a, "Subject", m->subject);
    add_header(&out, a, "Message-ID", str_format(a, "<%.*s>", STR_ARG(m->message_id)));
    add_header(&out, a, "List-Id", str_format(a, "<%.*s>", STR_ARG(m->list_id)));
    if (m->unsubscribe.len > 0) {
        add_header(&out, a, "List-Unsubscribe", str_format(a, "<%.*s>", STR_ARG(m->unsubscribe)));
        add_header(&out, a, "List-Unsubscribe-Post", STR("List-Unsubscribe=One-Click"));
    }
    add_header(&out, a, "Auto-Submitted", STR("auto-generated"));
    add_header(&out, a, "X-Auto-Response-Suppress", STR("All"));
    add_header(&out, a, "MIME-Version", STR("1.0"));
    add_header(&out, a, "Content-Language", m->language);
    add_header(&out, a, "Content-Type", STR("text/plain; charset=utf-8"));
    add_header(&out, a, "Content-Transfer-Encoding", STR("base64"));
    buf_add(&out, STR("\r\n"));
    add_body(&out, a, m->text);
    if (out.is_full) BUG("a letter of more than %d bytes", MAIL_BYTES);
    return str_dup(a, buf_str(&out));
}
