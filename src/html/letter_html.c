#include "base/auto.h"
#include "base/text.h"
#include "html/letter.h"
#include "html/letter_scan.h"
#include "html/qr.h"

/* ---- pages ---- */

struct page_writer {
    struct arena *a;
    struct buf *out;
    const struct letter *letter;
};

/* A tag as far as its name. */
static void put_tag(struct page_writer *w, struct str begin, enum letter_kind kind)
{
    buf_add(w->out, begin);
    buf_add(w->out, letter_element_name(kind));
}

/* Capitals are in the text already. */
static void put_classes(struct page_writer *w, const struct letter_node *n)
{
    struct str before = STR(" class=\"");
    unsigned style = n->style & ~(unsigned)STYLE_CAPS;
    for (size_t i = 0; i < letter_classes_count; i++) {
        if (!(style & letter_classes[i].style)) continue;
        buf_add(w->out, before);
        buf_add(w->out, STR("mc-letter__"));
        buf_add(w->out, letter_classes[i].name);
        before = STR(" ");
    }
    if (n->share > 0) {
        buf_addf(w->out, "%.*smc-letter__w%u", STR_ARG(before), n->share);
        before = STR(" ");
    }
    if (before.len == 1) buf_add_char(w->out, '"');
}

static void put_qr(struct page_writer *w, const struct letter_node *n)
{
    struct qr qr = qr_of(w->a, n->text);
    int side = qr.size + 2 * QR_QUIET;
    if (qr.size == 0) return;
    buf_addf(
        w->out,
        "<svg class=\"mc-letter__qr\" viewBox=\"0 0 %d %d\" role=\"img\" shape-rendering=\"crispEdges\" aria-label=\"",
        side, side);
    html_escape(w->out, n->alt);
    buf_add(w->out, STR("\"><path d=\""));
    qr_path(w->out, &qr);
    buf_add(w->out, STR("\"/></svg>"));
}

static void put_node(struct page_writer *w, const struct letter_node *n);

/* Columns of a table are as wide as on paper: their share in whole percents, as a class, since pages take no styles. */
static void put_column_class(struct page_writer *w, const struct letter_node *row, const struct letter_node *cell)
{
    unsigned sum = 0;
    for (const struct letter_node *c = row->first; c; c = c->next) sum += c->share > 0 ? c->share : 1;
    buf_addf(w->out, " class=\"mc-letter__c%u", 100 * (cell->share > 0 ? cell->share : 1) / sum);
    if (cell->style & STYLE_CENTRE) buf_add(w->out, STR(" mc-letter__centre"));
    if (cell->style & STYLE_RIGHT) buf_add(w->out, STR(" mc-letter__right"));
    buf_add_char(w->out, '"');
}

static void put_heading_row(struct page_writer *w, const struct letter_node *row)
{
    buf_add(w->out, STR("<tr>"));
    for (const struct letter_node *c = row->first; c; c = c->next) {
        buf_add(w->out, c->kind == LETTER_TH ? STR("<th scope=\"col\"") : STR("<td"));
        put_column_class(w, row, c);
        buf_add_char(w->out, '>');
        for (const struct letter_node *inner = c->first; inner; inner = inner->next) put_node(w, inner);
        buf_add(w->out, c->kind == LETTER_TH ? STR("</th>") : STR("</td>"));
    }
    buf_add(w->out, STR("</tr>"));
}

/* The rows of a table; the first row says how wide its columns are. */
static void put_table(struct page_writer *w, const struct letter_node *table)
{
    bool is_first = true;
    buf_add(w->out, STR("<table"));
    put_classes(w, table);
    buf_add_char(w->out, '>');
    for (const struct letter_node *part = table->first; part; part = part->next) {
        put_tag(w, STR("<"), part->kind);
        buf_add_char(w->out, '>');
        for (const struct letter_node *row = part->first; row; row = row->next, is_first = false) {
            if (is_first)
                put_heading_row(w, row);
            else
                put_node(w, row);
        }
        put_tag(w, STR("</"), part->kind);
        buf_add_char(w->out, '>');
    }
    buf_add(w->out, STR("</table>"));
}

static void put_children(struct page_writer *w, const struct letter_node *n)
{
    for (const struct letter_node *c = n->first; c; c = c->next) put_node(w, c);
}

static void put_node(struct page_writer *w, const struct letter_node *n)
{
    if (n->kind == LETTER_TEXT) {
        html_escape(w->out, n->text);
        return;
    }
    if (n->kind == LETTER_TABLE) {
        put_table(w, n);
        return;
    }
    put_tag(w, STR("<"), n->kind);
    if (n->kind == LETTER_ARTICLE)
        buf_addf(w->out, " class=\"mc-letter mc-letter--%s\" lang=\"vi\"", letter_paper_name(w->letter->paper));
    else
        put_classes(w, n);
    if (n->kind == LETTER_TH) buf_add(w->out, STR(" scope=\"col\""));
    buf_add_char(w->out, '>');
    if (n->kind == LETTER_BR) return;
    if (n->kind == LETTER_FIGURE) put_qr(w, n);
    if (n->kind == LETTER_FIGURE && n->first) buf_add(w->out, STR("<figcaption>"));
    put_children(w, n);
    if (n->kind == LETTER_FIGURE && n->first) buf_add(w->out, STR("</figcaption>"));
    put_tag(w, STR("</"), n->kind);
    buf_add_char(w->out, '>');
}

enum outcome letter_html(struct arena *a, const struct letter *letter, struct html *out, struct fail *why)
{
    AUTO_BUF struct buf text;
    buf_init(&text, 2 * LETTER_TEXT_BYTES);
    struct page_writer w = {a, &text, letter};
    put_node(&w, letter->root);
    if (text.is_full) return fail(why, ERR_TOO_LARGE, N_("The letter is too long."));
    *out = (struct html){str_dup(a, buf_str(&text))};
    return OK;
}

/* ---- words ---- */

static void put_words(struct buf *out, const struct letter_node *n)
{
    if (n->kind == LETTER_TEXT) {
        buf_add(out, n->text);
        return;
    }
    for (const struct letter_node *c = n->first; c; c = c->next) put_words(out, c);
    bool is_over = n->kind != LETTER_STRONG && n->kind != LETTER_EM;
    if (is_over && out->len > 0 && out->at[out->len - 1] != '\n') buf_add_char(out, '\n');
}

struct str letter_text(struct arena *a, const struct letter *letter)
{
    AUTO_BUF struct buf out;
    buf_init(&out, LETTER_TEXT_BYTES);
    put_words(&out, letter->root);
    return str_dup(a, buf_str(&out));
}
