#include "html/letter.h"

#include "base/auto.h"
#include "base/text.h"
#include "html/letter_scan.h"

enum { BLOCKS_MOST = 32 }; /* {{#if}} and {{#each}} in one another */

struct reader {
    struct arena *a;
    struct letter_scan scan;
    struct letter *out;
    struct letter_node *open[LETTER_DEPTH + 1];
    size_t depth;
    struct letter_node *last_text; /* of the block being read; NULL: nothing yet */
};

static enum outcome refuse(const struct letter_scan *s, const char *sentence, struct str what, struct fail *why)
{
    return fail(why, ERR_BAD, sentence, letter_scan_place(s, why->arena), what);
}

/* ---- text: blanks collapse as in a browser ---- */

/* A no-break space holds words together, so it is no blank. */
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool keeps_lines(const struct reader *r)
{
    for (size_t i = r->depth; i > 0; i--)
        if (r->open[i - 1]->style & STYLE_LINES) return true;
    return false;
}

static bool is_caps(const struct reader *r)
{
    for (size_t i = r->depth; i > 0; i--)
        if (r->open[i - 1]->style & STYLE_CAPS) return true;
    return false;
}

/* Whether a blank would stand at the beginning of a line. */
static bool is_at_line_start(const struct reader *r)
{
    if (r->last_text == NULL || r->last_text->kind == LETTER_BR) return true;
    char last = r->last_text->text.at[r->last_text->text.len - 1];
    return last == ' ' || last == '\n';
}

static struct str collapse(struct reader *r, struct str raw)
{
    struct str s = letter_unescape(r->a, raw);
    char *out = arena_alloc(r->a, s.len + 1);
    size_t len = 0;
    bool has_lines = keeps_lines(r), is_start = is_at_line_start(r);
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (has_lines && c == '\n') {
            while (len > 0 && out[len - 1] == ' ') len--;
            out[len++] = '\n';
            is_start = true;
        } else if (is_blank(c)) {
            if (!is_start) out[len++] = ' ';
            is_start = true;
        } else if ((unsigned char)c >= ' ' && c != 0x7F) { /* others say nothing on paper */
            out[len++] = c;
            is_start = false;
        }
    }
    return str_of(out, len);
}

static void append(struct letter_node *to, struct letter_node *node)
{
    if (to->last)
        to->last->next = node;
    else
        to->first = node;
    to->last = node;
}

static enum outcome take_text(struct reader *r, const struct letter_token *t, struct fail *why)
{
    struct letter_node *top = r->depth > 0 ? r->open[r->depth - 1] : NULL;
    if (top == NULL || !letter_holds_text(top->kind)) {
        if (str_trim(t->text).len == 0) return OK;
        return refuse(&r->scan, N_("{0}: text stands in a paragraph, a heading, a list or a table."), STR_NONE, why);
    }
    struct str text = collapse(r, t->text);
    if (text.len == 0) return OK;
    struct letter_node *node = ARENA_NEW(r->a, struct letter_node);
    *node = (struct letter_node){.kind = LETTER_TEXT, .text = is_caps(r) ? text_upper(r->a, text) : text};
    append(top, node);
    r->last_text = node;
    return OK;
}

/* Blanks at the end of a block say nothing. */
static void end_block(struct reader *r)
{
    if (r->last_text != NULL && r->last_text->kind == LETTER_TEXT)
        while (r->last_text->text.len > 0 && is_blank(r->last_text->text.at[r->last_text->text.len - 1]))
            r->last_text->text.len--;
    r->last_text = NULL;
}

/* ---- elements ---- */

static bool is_inline(enum letter_kind kind)
{
    return kind == LETTER_STRONG || kind == LETTER_EM || kind == LETTER_BR;
}

/* The text that was read goes; the letter stays. */
static struct str keep_value(struct arena *a, struct str raw)
{
    return raw.len > 0 ? str_dup(a, letter_unescape(a, raw)) : STR_NONE;
}

static enum outcome open_element(struct reader *r, const struct letter_token *t, struct fail *why)
{
    struct letter_node *top = r->depth > 0 ? r->open[r->depth - 1] : NULL;
    bool is_first = top == NULL && t->element == LETTER_ARTICLE && r->out->root == NULL;
    if (!is_first && (top == NULL || !letter_may_stand(top->kind, t->element)))
        return refuse(&r->scan, N_("{0}: “{1}” may not stand here."), letter_element_name(t->element), why);
    struct letter_node *node = ARENA_NEW(r->a, struct letter_node);
    *node = (struct letter_node){.kind = t->element,
                                 .style = t->style,
                                 .share = t->share,
                                 .text = keep_value(r->a, t->qr),
                                 .alt = keep_value(r->a, t->alt)};
    if (!is_inline(t->element)) end_block(r);
    if (top != NULL) append(top, node);
    if (t->element == LETTER_BR) {
        r->last_text = node;
        return OK;
    }
    if (is_first) {
        r->out->root = node;
        r->out->paper = t->paper;
    }
    if (r->depth == LETTER_DEPTH) return refuse(&r->scan, N_("{0}: blocks are nested too deeply."), STR_NONE, why);
    r->open[r->depth++] = node;
    return OK;
}

static enum outcome close_element(struct reader *r, const struct letter_token *t, struct fail *why)
{
    if (r->depth == 0 || r->open[r->depth - 1]->kind != t->element)
        return refuse(&r->scan, N_("{0}: {{{1}}} closes nothing."), letter_element_name(t->element), why);
    if (!is_inline(t->element)) end_block(r);
    r->depth--;
    return OK;
}

enum outcome letter_parse(struct arena *a, struct str rendered, struct letter *out, struct fail *why)
{
    struct reader r = {.a = a, .out = out};
    struct letter_token t;
    *out = (struct letter){0};
    if (!text_is_plain(rendered)) return fail(why, ERR_BAD, N_("The file is not UTF-8 text."));
    if (rendered.len > LETTER_TEXT_BYTES) return fail(why, ERR_TOO_LARGE, N_("The letter is too long."));
    letter_scan_init(&r.scan, rendered, false);
    do {
        TRY(letter_scan_next(&r.scan, &t, why));
        switch (t.kind) {
        case TOKEN_TEXT: TRY(take_text(&r, &t, why)); break;
        case TOKEN_OPEN: TRY(open_element(&r, &t, why)); break;
        case TOKEN_CLOSE: TRY(close_element(&r, &t, why)); break;
        case TOKEN_TAG:
        case TOKEN_END: break;
        }
    } while (t.kind != TOKEN_END);
    if (r.depth > 0 || out->root == NULL)
        return refuse(&r.scan, N_("{0}: the letter ends before its <article> does."), STR_NONE, why);
    return OK;
}

enum outcome letter_make(const struct html_set *set, const char *name, const void *page, struct arena *a,
                         struct letter *out, struct fail *why)
{
    AUTO_BUF struct buf text;
    buf_init(&text, LETTER_TEXT_BYTES);
    html_render(set, name, page, VIETNAMESE, &text);
    if (text.is_full) return fail(why, ERR_TOO_LARGE, N_("The letter is too long."));
    return letter_parse(a, buf_str(&text), out, why);
}

/* ---- the source of a template ---- */

struct checker {
    struct letter_scan scan;
    enum letter_kind open[LETTER_DEPTH + 1];
    size_t depth;
    size_t blocks[BLOCKS_MOST]; /* how deep in elements each block began */
    size_t block_count;
    bool has_article;
};

static enum outcome check_open(struct checker *c, enum letter_kind kind, struct fail *why)
{
    bool is_first = c->depth == 0 && kind == LETTER_ARTICLE && !c->has_article && c->block_count == 0;
    if (!is_first && (c->depth == 0 || !letter_may_stand(c->open[c->depth - 1], kind)))
        return refuse(&c->scan, N_("{0}: “{1}” may not stand here."), letter_element_name(kind), why);
    if (kind == LETTER_BR) return OK;
    if (c->depth == LETTER_DEPTH) return refuse(&c->scan, N_("{0}: blocks are nested too deeply."), STR_NONE, why);
    c->has_article = true;
    c->open[c->depth++] = kind;
    return OK;
}

static enum outcome check_close(struct checker *c, enum letter_kind kind, struct fail *why)
{
    size_t least = c->block_count > 0 ? c->blocks[c->block_count - 1] : 0;
    if (c->depth <= least || c->open[c->depth - 1] != kind)
        return refuse(&c->scan, N_("{0}: {{{1}}} closes nothing."), letter_element_name(kind), why);
    c->depth--;
    return OK;
}

/* A value or a message is text; a part brings its own blocks. */
static enum outcome check_value(struct checker *c, struct str tag, struct fail *why)
{
    bool is_part = str_starts(tag, STR(">"));
    enum letter_kind top = c->depth > 0 ? c->open[c->depth - 1] : LETTER_TEXT;
    if (tag.len == 0) return OK;
    if (is_part ? top == LETTER_ARTICLE : top != LETTER_TEXT && letter_holds_text(top)) return OK;
    return refuse(&c->scan,
                  is_part ? N_("{0}: a part stands directly in the <article>.")
                          : N_("{0}: text stands in a paragraph, a heading, a list or a table."),
                  STR_NONE, why);
}

static enum outcome check_tag(struct checker *c, struct str tag, struct fail *why)
{
    bool is_else = str_eq(tag, STR("else")), is_end = tag.len > 0 && tag.at[0] == '/';
    if (tag.len > 0 && tag.at[0] == '#') {
        if (c->block_count == BLOCKS_MOST || str_starts(tag, STR("#layout")))
            return refuse(&c->scan, N_("{0}: blocks are nested too deeply."), STR_NONE, why);
        c->blocks[c->block_count++] = c->depth;
        return OK;
    }
    if (!is_else && !is_end) return check_value(c, tag, why);
    if (c->block_count == 0) return refuse(&c->scan, N_("{0}: {{{1}}} closes nothing."), tag, why);
    if (c->blocks[c->block_count - 1] != c->depth)
        return refuse(&c->scan, N_("{0}: a block must end in the same tag, attribute or text in which it began."),
                      STR_NONE, why);
    c->block_count -= is_end;
    return OK;
}

static enum outcome check_text(struct checker *c, struct str text, struct fail *why)
{
    if (str_trim(text).len == 0 || (c->depth > 0 && letter_holds_text(c->open[c->depth - 1]))) return OK;
    return refuse(&c->scan, N_("{0}: text stands in a paragraph, a heading, a list or a table."), STR_NONE, why);
}

enum outcome letter_check(struct str source, struct fail *why)
{
    struct checker c = {0};
    struct letter_token t;
    if (!text_is_plain(source)) return fail(why, ERR_BAD, N_("The file is not UTF-8 text."));
    letter_scan_init(&c.scan, source, true);
    do {
        TRY(letter_scan_next(&c.scan, &t, why));
        switch (t.kind) {
        case TOKEN_TEXT: TRY(check_text(&c, t.text, why)); break;
        case TOKEN_OPEN: TRY(check_open(&c, t.element, why)); break;
        case TOKEN_CLOSE: TRY(check_close(&c, t.element, why)); break;
        case TOKEN_TAG: TRY(check_tag(&c, t.text, why)); break;
        case TOKEN_END: break;
        }
    } while (t.kind != TOKEN_END);
    if (c.depth > 0 || !c.has_article || c.block_count > 0)
        return refuse(&c.scan, N_("{0}: the letter ends before its <article> does."), STR_NONE, why);
    return OK;
}

/* ---- templates from outside ---- */

static enum outcome open_own(const struct html_set *parts, const struct html_source *own, const struct field *fields,
                             struct html_set **out, struct fail *why)
{
    TRY(letter_check(own->text, why));
    return html_set_new_beside(parts, own, fields, out, why);
}

enum outcome letter_check_own(const struct html_set *parts, const struct html_source *own, const struct field *fields,
                              struct fail *why)
{
    struct html_set *set;
    TRY(open_own(parts, own, fields, &set, why));
    html_set_free(set);
    return OK;
}

enum outcome letter_make_own(const struct html_set *parts, const struct html_source *own, const struct field *fields,
                             const void *page, struct arena *a, struct letter *out, struct fail *why)
{
    struct html_set *set;
    TRY(open_own(parts, own, fields, &set, why));
    enum outcome made = letter_make(set, str_cstr(a, own->name), page, a, out, why);
    html_set_free(set);
    return made;
}
