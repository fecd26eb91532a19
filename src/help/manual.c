#include "help/manual.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "help/contents.h"

/* ---- the contents ---- */

/* clang-format off */
const struct manual_page manual_pages[] = {
#define X(who, slug, title, template) {who, slug, title, "help/" #template},
    MANUAL_PAGES(X)
#undef X
};
/* clang-format on */
const size_t manual_page_count = LENGTH(manual_pages);

/* In the order of enum manual_reader. */
static const struct {
    const char *slug, *title;
} readers[MANUAL_READER_COUNT] = {
    {"nguoi-dan", N_("For citizens and businesses")},
    {"can-bo",    N_("For officers and leaders")   },
    {"quan-tri",  N_("For administrators")         },
};

/* In addresses: nguoi-dan, can-bo, quan-tri. */
static const char *reader_slug(enum manual_reader who)
{
    return readers[who].slug;
}

const char *reader_title(enum manual_reader who)
{
    return readers[who].title;
}

enum { MANUAL_ARENA = 8 * 1024 * 1024, WORDS_MOST = 8, EXCERPT_LETTERS = 160, EXCERPT_BEFORE = 60 };

/* A page, or what stands below one of its headings. */
struct part {
    const struct manual_page *page;
    struct str heading, anchor;
    struct str text;       /* words alone */
    struct str title_fold; /* page title and heading, folded, with a space at both ends of every word */
    struct str text_fold;  /* the text so */
    struct str lower;      /* title, heading and text with accents, for what was typed with accents */
};

struct manual {
    struct arena arena;
    LIST(struct part) parts;
};

/* ---- reading the templates ---- */

static const struct {
    const char *entity, *text;
} entities[] = {
    {"&amp;",  "&" },
    {"&lt;",   "<" },
    {"&gt;",   ">" },
    {"&quot;", "\""},
    {"&nbsp;", " " },
};

static struct str without_entities(struct arena *a, struct str s)
{
    for (size_t i = 0; i < LENGTH(entities); i++)
        s = str_replace(a, s, str_from(entities[i].entity), str_from(entities[i].text));
    return s;
}

/* What a reader sees of a piece of template: no tags, no template marks. */
static struct str words_of(struct arena *a, struct str piece)
{
    char *out = arena_alloc(a, piece.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < piece.len; i++) {
        char end = piece.at[i] == '<' ? '>' : piece.at[i] == '{' ? '}' : '\0';
        if (end == '\0') {
            out[len++] = piece.at[i];
            continue;
        }
        while (i < piece.len && piece.at[i] != end) i++;
        if (end == '}' && i + 1 < piece.len && piece.at[i + 1] == '}') i++;
        if (len > 0 && out[len - 1] != ' ') out[len++] = ' ';
    }
    return text_one_line(a, without_entities(a, str_of(out, len)));
}

static struct str padded_fold(struct arena *a, struct str s)
{
    return str_format(a, " %.*s ", STR_ARG(text_fold(a, s)));
}

static void add_part(struct manual *m, const struct manual_page *page, struct str heading, struct str anchor,
                     struct str body)
{
    struct arena *a = &m->arena;
    struct str text = words_of(a, body);
    if (text.len == 0) return; /* what stands above a first heading may be nothing */
    struct str head = str_format(a, "%s %.*s", page->title, STR_ARG(heading));
    struct str whole = str_format(a, "%.*s %.*s", STR_ARG(head), STR_ARG(text));
    LIST_PUSH(a, m->parts) = (struct part){.page = page,
                                           .heading = heading,
                                           .anchor = anchor,
                                           .text = text,
                                           .title_fold = padded_fold(a, head),
                                           .text_fold = padded_fold(a, text),
                                           .lower = text_lower(a, whole)};
}

/* Cuts at <h2 id="...">: our pages give every heading its anchor. */
static void read_page(struct manual *m, const struct manual_page *page, struct str source)
{
    static const struct str open = STR_INIT("<h2 id=\""), close = STR_INIT("</h2>");
    struct str heading = STR_NONE, anchor = STR_NONE;
    size_t from = 0;
    for (;;) {
        ptrdiff_t next = str_find(source, open, from);
        size_t end = next < 0 ? source.len : (size_t)next;
        add_part(m, page, heading, anchor, str_part(source, from, end - from));
        if (next < 0) return;
        struct str rest = str_part(source, end + open.len, source.len), after;
        str_cut(rest, '"', &anchor, &after);
        ptrdiff_t stop = str_find(source, close, end);
        if (stop < 0) return;
        size_t begun = (size_t)str_find(source, STR(">"), end) + 1;
        heading = words_of(&m->arena, str_part(source, begun, (size_t)stop - begun));
        from = (size_t)stop + close.len;
    }
}

static struct str with_limits(struct arena *a, struct str source, const struct manual_limits *limits)
{
#define X(name)                                                                                                        \
    source = str_replace(a, source, STR("{{limits." #name "}}"), str_format(a, "%lld", (long long)limits->name));
    MANUAL_LIMITS(X)
#undef X
    return source;
}

struct manual *manual_new(const struct html_set *templates, const struct manual_limits *limits)
{
    struct manual *m = calloc(1, sizeof *m);
    if (m == NULL) BUG("no memory for the manual");
    arena_init(&m->arena, MANUAL_ARENA);
    for (size_t i = 0; i < manual_page_count; i++)
        read_page(m, &manual_pages[i],
                  with_limits(&m->arena, html_set_source(templates, manual_pages[i].template), limits));
    return m;
}

void manual_free(struct manual *m)
{
    if (m == NULL) return;
    arena_end(&m->arena);
    free(m);
}

const struct manual_page *manual_find(struct str reader, struct str slug)
{
    for (size_t i = 0; i < manual_page_count; i++)
        if (str_eq(reader, str_from(reader_slug(manual_pages[i].reader))) &&
            str_eq(slug, str_from(manual_pages[i].slug)))
            return &manual_pages[i];
    return NULL;
}

struct str manual_address(struct arena *a, const struct manual_page *page, struct str anchor)
{
    return str_format(a, "/tro-giup/%s/%s%s%.*s", reader_slug(page->reader), page->slug, anchor.len > 0 ? "#" : "",
                      STR_ARG(anchor));
}

/* ---- searching ---- */

static size_t words_asked(struct arena *a, struct str query, struct str words[WORDS_MOST])
{
    struct str rest = text_fold(a, query), word;
    size_t count = 0;
    while (rest.len > 0 && count < WORDS_MOST) {
        str_cut(rest, ' ', &word, &rest);
        if (word.len > 0) words[count++] = str_format(a, " %.*s", STR_ARG(word));
    }
    return count;
}

/* A word counts more in a title than in the text; 0 when one of them is nowhere. */
static int score_of(const struct part *part, const struct str *words, size_t count, struct str typed)
{
    enum { IN_TITLE = 8, IN_TEXT = 2, AS_TYPED = 5 };
    int score = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_title = str_has(part->title_fold, words[i]);
        if (!is_title && !str_has(part->text_fold, words[i])) return 0;
        score += is_title ? IN_TITLE : IN_TEXT;
    }
    return score + (str_has(part->lower, typed) ? AS_TYPED : 0);
}

/* The text from a little before the first byte that could be the word; folding keeps no places, so a word is searched
 * by folding what follows each space. */
static struct str excerpt_of(struct arena *a, struct str text, struct str word)
{
    size_t at = 0, begun = 0;
    struct str wanted = str_part(word, 1, word.len);
    while (at < text.len && !str_starts(text_fold(a, str_part(text, at, wanted.len * 4)), wanted)) {
        ptrdiff_t space = str_find(text, STR(" "), at);
        if (space < 0) {
            at = 0;
            break;
        }
        at = (size_t)space + 1;
    }
    if (at > EXCERPT_BEFORE) {
        ptrdiff_t space = str_find(text, STR(" "), at - EXCERPT_BEFORE);
        begun = space < 0 ? at : (size_t)space + 1;
    }
    struct str piece = text_shorten(a, str_part(text, begun, text.len), EXCERPT_LETTERS);
    return begun > 0 ? str_format(a, "… %.*s", STR_ARG(piece)) : piece;
}

struct candidate {
    const struct part *part;
    int score;
};

/* Of equals the one that stands earlier in the manual. */
static int by_score(const void *x, const void *y)
{
    const struct candidate *a = x, *b = y;
    return a->score != b->score ? b->score - a->score : (a->part > b->part) - (a->part < b->part);
}

size_t manual_search(const struct manual *m, struct arena *a, struct str query, struct manual_hit hits[MANUAL_HITS])
{
    struct str words[WORDS_MOST], typed = text_lower(a, text_one_line(a, query));
    size_t word_count = words_asked(a, query, words), found = 0;
    if (word_count == 0) return 0;
    struct candidate *all = ARENA_ARRAY(a, struct candidate, m->parts.count);
    for (size_t i = 0; i < m->parts.count; i++) {
        int score = score_of(&m->parts.at[i], words, word_count, typed);
        if (score > 0) all[found++] = (struct candidate){&m->parts.at[i], score};
    }
    qsort(all, found, sizeof *all, by_score);
    if (found > MANUAL_HITS) found = MANUAL_HITS;
    for (size_t i = 0; i < found; i++) {
        const struct part *p = all[i].part;
        hits[i] = (struct manual_hit){p->page, p->heading, p->anchor, excerpt_of(a, p->text, words[0])};
    }
    return found;
}
