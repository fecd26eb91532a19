#include "html/letter_scan.h"

#include <string.h>

#include "base/parse.h"

#define IN(kind) (1U << (kind))

/* Where a block of text may stand. */
enum {
    IN_BLOCKS = IN(LETTER_ARTICLE) | IN(LETTER_DIV),
    IN_CELLS = IN(LETTER_TH) | IN(LETTER_TD),
    IN_TEXT =
        IN(LETTER_H1) | IN(LETTER_H2) | IN(LETTER_H3) | IN(LETTER_P) | IN(LETTER_LI) | IN_CELLS | IN(LETTER_FIGURE),
};

struct element {
    struct str name;
    unsigned inside; /* the elements in which it may stand */
};

/* In the order of enum letter_kind. */
static const struct element elements[LETTER_KIND_COUNT] = {
    {STR_INIT("article"), 0                                                         },
    {STR_INIT("header"),  IN(LETTER_ARTICLE)                                        },
    {STR_INIT("section"), IN(LETTER_ARTICLE)                                        },
    {STR_INIT("footer"),  IN(LETTER_ARTICLE)                                        },
    {STR_INIT("div"),     IN(LETTER_HEADER) | IN(LETTER_SECTION) | IN(LETTER_FOOTER)},
    {STR_INIT("h1"),      IN_BLOCKS                                                 },
    {STR_INIT("h2"),      IN_BLOCKS                                                 },
    {STR_INIT("h3"),      IN_BLOCKS                                                 },
    {STR_INIT("p"),       IN_BLOCKS | IN_CELLS                                      },
    {STR_INIT("ul"),      IN_BLOCKS                                                 },
    {STR_INIT("ol"),      IN_BLOCKS                                                 },
    {STR_INIT("li"),      IN(LETTER_UL) | IN(LETTER_OL)                             },
    {STR_INIT("table"),   IN(LETTER_ARTICLE)                                        },
    {STR_INIT("thead"),   IN(LETTER_TABLE)                                          },
    {STR_INIT("tbody"),   IN(LETTER_TABLE)                                          },
    {STR_INIT("tr"),      IN(LETTER_THEAD) | IN(LETTER_TBODY)                       },
    {STR_INIT("th"),      IN(LETTER_TR)                                             },
    {STR_INIT("td"),      IN(LETTER_TR)                                             },
    {STR_INIT("strong"),  IN_TEXT | IN(LETTER_EM)                                   },
    {STR_INIT("em"),      IN_TEXT | IN(LETTER_STRONG)                               },
    {STR_INIT("br"),      IN_TEXT | IN(LETTER_STRONG) | IN(LETTER_EM)               },
    {STR_INIT("figure"),  IN_BLOCKS                                                 },
    {STR_INIT(""),        IN_TEXT | IN(LETTER_STRONG) | IN(LETTER_EM)               },
};

const struct letter_class letter_classes[] = {
    {STR_INIT("centre"),    STYLE_CENTRE   },
    {STR_INIT("right"),     STYLE_RIGHT    },
    {STR_INIT("justify"),   STYLE_JUSTIFY  },
    {STR_INIT("small"),     STYLE_SMALL    },
    {STR_INIT("large"),     STYLE_LARGE    },
    {STR_INIT("caps"),      STYLE_CAPS     },
    {STR_INIT("rule"),      STYLE_RULE     },
    {STR_INIT("rule-half"), STYLE_RULE_HALF},
    {STR_INIT("lines"),     STYLE_LINES    },
    {STR_INIT("indent"),    STYLE_INDENT   },
    {STR_INIT("gap"),       STYLE_GAP      },
    {STR_INIT("grid"),      STYLE_GRID     },
};
const size_t letter_classes_count = LENGTH(letter_classes);

static const char *const papers[] = {
    [PAPER_A4] = "a4",
    [PAPER_A5] = "a5",
    [PAPER_A4_LANDSCAPE] = "a4-landscape",
};

const char *letter_paper_name(enum letter_paper paper)
{
    return papers[paper];
}

bool letter_may_stand(enum letter_kind outer, enum letter_kind inner)
{
    return elements[inner].inside & IN(outer);
}

bool letter_holds_text(enum letter_kind kind)
{
    return letter_may_stand(kind, LETTER_TEXT);
}

struct str letter_element_name(enum letter_kind kind)
{
    return elements[kind].name;
}

/* ---- places ---- */

void letter_scan_init(struct letter_scan *s, struct str text, bool has_tags)
{
    *s = (struct letter_scan){.text = text, .has_tags = has_tags};
}

/* Counted only for whoever is told: nearly no letter has a mistake. */
struct str letter_scan_place(const struct letter_scan *s, struct arena *a)
{
    int line = 1, column = 1;
    for (size_t i = 0; i < s->token_at; i++) {
        unsigned char c = (unsigned char)s->text.at[i];
        if (c == '\n') {
            line++;
            column = 1;
        } else if ((c & 0xC0) != 0x80) {
            column++;
        }
    }
    return str_format(a, "%d:%d", line, column);
}

static enum outcome refuse(const struct letter_scan *s, const char *sentence, struct str what, struct fail *why)
{
    return fail(why, ERR_BAD, sentence, letter_scan_place(s, why->arena), str_part(what, 0, 80));
}

static bool is_at(const struct letter_scan *s, struct str what)
{
    return str_starts(str_part(s->text, s->at, s->text.len), what);
}

/* ---- attributes ---- */

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void skip_blanks(struct letter_scan *s)
{
    while (s->at < s->text.len && is_blank(s->text.at[s->at])) s->at++;
}

static struct str take_name(struct letter_scan *s)
{
    size_t from = s->at;
    while (s->at < s->text.len && is_name(s->text.at[s->at])) s->at++;
    return str_part(s->text, from, s->at - from);
}

static bool take_paper(struct str word, struct letter_token *t)
{
    for (size_t i = 0; i < LENGTH(papers); i++) {
        if (!str_eq(word, str_from(papers[i]))) continue;
        t->paper = (enum letter_paper)i;
        return true;
    }
    return false;
}

static bool take_class(struct str word, struct letter_token *t)
{
    if (t->element == LETTER_ARTICLE) return take_paper(word, t);
    for (size_t i = 0; i < letter_classes_count; i++) {
        if (!str_eq(word, letter_classes[i].name)) continue;
        t->style |= letter_classes[i].style;
        return true;
    }
    int share;
    if (word.len != 2 || word.at[0] != 'w' || !parse_int(str_part(word, 1, 1), 1, 9, &share)) return false;
    t->share = (unsigned)share;
    return true;
}

static enum outcome take_classes(const struct letter_scan *s, struct str words, struct letter_token *t,
                                 struct fail *why)
{
    struct str word;
    for (words = str_trim(words); words.len > 0; words = str_trim(words)) {
        (void)str_cut(words, ' ', &word, &words); /* without a blank it is the last word */
        if (!take_class(word, t)) return refuse(s, N_("{0}: a letter has no class “{1}” here."), word, why);
    }
    return OK;
}

static enum outcome take_value(struct letter_scan *s, struct str *out, struct fail *why)
{
    if (!is_at(s, STR("=\""))) return refuse(s, N_("{0}: write an attribute as name=\"value\"."), STR_NONE, why);
    size_t from = s->at + 2, to = from;
    while (to < s->text.len && s->text.at[to] != '"') {
        ptrdiff_t over =
            s->has_tags && str_starts(str_part(s->text, to, 2), STR("{{")) ? str_find(s->text, STR("}}"), to) : -1;
        to = over < 0 ? to + 1 : (size_t)over + 2;
    }
    if (to >= s->text.len) return refuse(s, N_("{0}: a tag is not closed."), STR_NONE, why);
    *out = str_part(s->text, from, to - from);
    s->at = to + 1;
    return OK;
}

static enum outcome take_attribute(struct letter_scan *s, struct letter_token *t, struct fail *why)
{
    struct str name = take_name(s), value;
    if (name.len == 0) return refuse(s, N_("{0}: a tag is not closed."), STR_NONE, why);
    TRY(take_value(s, &value, why));
    if (str_eq(name, STR("class"))) return take_classes(s, value, t, why);
    bool is_figure = t->element == LETTER_FIGURE;
    if (is_figure && str_eq(name, STR("data-qr"))) {
        t->qr = value;
    } else if (is_figure && str_eq(name, STR("data-alt"))) {
        t->alt = value;
    } else {
        return refuse(s, N_("{0}: a letter has no attribute “{1}” here."), name, why);
    }
    return OK;
}

static enum outcome take_element(struct letter_scan *s, struct letter_token *t, struct fail *why)
{
    bool is_closing = is_at(s, STR("</"));
    s->at += is_closing ? 2 : 1;
    struct str name = take_name(s);
    t->kind = is_closing ? TOKEN_CLOSE : TOKEN_OPEN;
    for (t->element = LETTER_ARTICLE; t->element < LETTER_TEXT; t->element++)
        if (str_eq(name, elements[t->element].name)) break;
    if (t->element == LETTER_TEXT) {
        if (name.len == 0) name = str_part(s->text, s->at, 1);
        return refuse(s, N_("{0}: a letter has no element “{1}”."), name, why);
    }
    for (skip_blanks(s); !is_closing && s->at < s->text.len && s->text.at[s->at] != '>'; skip_blanks(s))
        TRY(take_attribute(s, t, why));
    if (!is_at(s, STR(">"))) return refuse(s, N_("{0}: a tag is not closed."), STR_NONE, why);
    s->at++;
    return OK;
}

static enum outcome take_tag(struct letter_scan *s, struct letter_token *t, struct fail *why)
{
    bool is_comment = is_at(s, STR("{{--"));
    struct str closing = is_comment ? STR("--}}") : STR("}}");
    ptrdiff_t end = str_find(s->text, closing, s->at + (is_comment ? 4 : 2));
    if (end < 0) return refuse(s, N_("{0}: {1} is missing."), closing, why);
    t->kind = TOKEN_TAG;
    t->text = is_comment ? STR_NONE : str_trim(str_part(s->text, s->at + 2, (size_t)end - s->at - 2));
    s->at = (size_t)end + closing.len;
    return OK;
}

/* Where text ends: at a tag, in the source of a template at braces too. */
static size_t text_end(const struct letter_scan *s, size_t from)
{
    const char *tag = memchr(s->text.at + from, '<', s->text.len - from);
    size_t end = tag != NULL ? (size_t)(tag - s->text.at) : s->text.len;
    ptrdiff_t braces = s->has_tags ? str_find(str_part(s->text, 0, end), STR("{{"), from) : -1;
    return braces < 0 ? end : (size_t)braces;
}

enum outcome letter_scan_next(struct letter_scan *s, struct letter_token *out, struct fail *why)
{
    *out = (struct letter_token){.kind = TOKEN_END};
    s->token_at = s->at;
    if (s->at == s->text.len) return OK;
    if (s->text.at[s->at] == '<') return take_element(s, out, why);
    if (s->has_tags && is_at(s, STR("{{"))) return take_tag(s, out, why);
    out->kind = TOKEN_TEXT;
    out->text = str_part(s->text, s->at, text_end(s, s->at + 1) - s->at);
    s->at += out->text.len;
    return OK;
}

/* ---- entities ---- */

static const struct {
    struct str name;
    const char *text;
} entities[] = {
    {STR_INIT("&amp;"),  "&"     },
    {STR_INIT("&lt;"),   "<"     },
    {STR_INIT("&gt;"),   ">"     },
    {STR_INIT("&quot;"), "\""    },
    {STR_INIT("&#39;"),  "'"     },
    {STR_INIT("&nbsp;"), "\u00a0"},
};

struct str letter_unescape(struct arena *a, struct str s)
{
    if (s.len == 0 || memchr(s.at, '&', s.len) == NULL) return s;
    char *out = arena_alloc(a, s.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < s.len;) {
        size_t e = 0;
        struct str rest = str_part(s, i, 8);
        while (s.at[i] == '&' && e < LENGTH(entities) && !str_starts(rest, entities[e].name)) e++;
        if (s.at[i] != '&' || e == LENGTH(entities)) {
            out[len++] = s.at[i++];
            continue;
        }
        for (const char *c = entities[e].text; *c; c++) out[len++] = *c;
        i += entities[e].name.len;
    }
    return str_of(out, len);
}
