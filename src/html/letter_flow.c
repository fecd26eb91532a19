#include "html/letter_flow.h"

#include <pango/pangofc-font.h>

#include "base/auto.h"
#include "html/press.h"

/* Parts of the size of the letters. */
#define LEADING 1.32
#define QR_SIDE 6.4
#define LIST_INDENT 1.5

/* How a block looks beyond its classes. In the order of enum letter_kind, the others are plain. */
static const struct {
    double scale, before, after;
    bool is_bold;
    unsigned style;
} looks[LETTER_KIND_COUNT] = {
    [LETTER_H1] = {1.3,  0.2,  0.4,  true,  0           },
      [LETTER_H2] = {1.12, 0.35, 0.15, true,  0           },
    [LETTER_H3] = {1,    0.35, 0.1,  true,  0           },
      [LETTER_P] = {1,    0,    0.28, false, 0           },
    [LETTER_LI] = {1,    0,    0.12, false, 0           },
      [LETTER_TH] = {1,    0,    0,    true,  STYLE_CENTRE},
    [LETTER_TD] = {1,    0,    0,    false, 0           },
      [LETTER_FIGURE] = {0.8,  0,    0.2,  false, 0           },
};

/* A run of inline content on its way to Pango. */
struct run_of_text {
    struct buf text;
    PangoAttrList *attributes;
};

struct paragraph {
    const struct letter_node *node;      /* the block */
    const struct letter_node *from, *to; /* its children from `from` up to but not `to` */
    unsigned style;
    double size, left, width;
};

enum { STYLE_ALIGNMENT = STYLE_CENTRE | STYLE_RIGHT | STYLE_JUSTIFY, STYLE_INHERITED = STYLE_SMALL | STYLE_LARGE };

/* What a block takes from around it and what it says itself. */
static unsigned style_within(unsigned outer, unsigned own)
{
    unsigned alignment = own & STYLE_ALIGNMENT ? own & STYLE_ALIGNMENT : outer & STYLE_ALIGNMENT;
    return (own & ~(unsigned)STYLE_ALIGNMENT) | (outer & STYLE_INHERITED) | alignment;
}

static double size_of(const struct flow *f, enum letter_kind kind, unsigned style)
{
    double scale = looks[kind].scale > 0 ? looks[kind].scale : 1;
    if (style & STYLE_SMALL) scale *= 0.86;
    if (style & STYLE_LARGE) scale *= 1.15;
    return f->size * scale;
}

static struct box *add_box(struct flow *f, enum box_kind kind, const struct letter_node *node, double height)
{
    struct box *box = &LIST_PUSH(f->a, f->boxes);
    *box = (struct box){.kind = kind, .node = node, .height = height};
    return box;
}

static void add_space(struct flow *f, double height)
{
    if (height > 0) (void)add_box(f, BOX_SPACE, NULL, height); /* the box is complete */
}

/* ---- text with its weights ---- */

static void add_attribute(struct run_of_text *r, PangoAttribute *attribute, size_t from)
{
    attribute->start_index = (guint)from;
    attribute->end_index = (guint)r->text.len;
    if (from == r->text.len)
        pango_attribute_destroy(attribute);
    else
        pango_attr_list_insert(r->attributes, attribute);
}

static void collect(struct run_of_text *r, const struct letter_node *n)
{
    size_t from = r->text.len;
    if (n->kind == LETTER_TEXT) buf_add(&r->text, n->text);
    if (n->kind == LETTER_BR) buf_add(&r->text, STR(" \n")); /* the blank parts the words for who copies them */
    for (const struct letter_node *c = n->first; c; c = c->next) collect(r, c);
    if (n->kind == LETTER_STRONG) add_attribute(r, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from);
    if (n->kind == LETTER_EM) add_attribute(r, pango_attr_style_new(PANGO_STYLE_ITALIC), from);
}

static PangoLayout *new_layout(struct flow *f, double size, bool is_bold)
{
    PangoLayout *layout = pango_layout_new(f->context);
    PangoFontDescription *font = pango_font_description_new();
    pango_font_description_set_family_static(font, PRESS_FAMILY);
    pango_font_description_set_size(font, (int)(size * PANGO_SCALE));
    if (is_bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_auto_dir(layout, FALSE);
    LIST_PUSH(f->a, f->layouts) = layout;
    return layout;
}

static PangoLayout *layout_of(struct flow *f, const struct paragraph *p)
{
    struct run_of_text r = {.attributes = pango_attr_list_new()};
    buf_init(&r.text, LETTER_TEXT_BYTES);
    for (const struct letter_node *n = p->from; n != p->to; n = n->next) collect(&r, n);
    add_attribute(&r, pango_attr_insert_hyphens_new(FALSE), 0); /* a long word breaks, nothing is added to it */
    PangoLayout *layout = new_layout(f, p->size, looks[p->node->kind].is_bold);
    pango_layout_set_text(layout, r.text.len > 0 ? r.text.at : "", (int)r.text.len);
    pango_layout_set_attributes(layout, r.attributes);
    pango_layout_set_width(layout, (int)(p->width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, p->style & STYLE_CENTRE  ? PANGO_ALIGN_CENTER
                                       : p->style & STYLE_RIGHT ? PANGO_ALIGN_RIGHT
                                                                : PANGO_ALIGN_LEFT);
    pango_layout_set_justify(layout, (p->style & STYLE_JUSTIFY) != 0);
    if (p->style & STYLE_INDENT) pango_layout_set_indent(layout, (int)(2 * p->size * PANGO_SCALE));
    pango_attr_list_unref(r.attributes);
    buf_end(&r.text);
    return layout;
}

/* The blank at the end of a line takes no room, but stays in the text: Pango would draw nothing for it, and two words
 * would grow together for who listens. */
static void keep_last_blank(PangoLayoutLine *line, const char *text)
{
    GSList *last = g_slist_last(line->runs);
    PangoGlyphItem *run = last ? last->data : NULL;
    if (!run || run->glyphs->num_glyphs == 0 || !PANGO_IS_FC_FONT(run->item->analysis.font)) return;
    int i = run->glyphs->num_glyphs - 1;
    if (text[run->item->offset + run->glyphs->log_clusters[i]] != ' ') return;
    run->glyphs->glyphs[i].glyph = pango_fc_font_get_glyph(PANGO_FC_FONT(run->item->analysis.font), ' ');
    run->glyphs->glyphs[i].geometry.width = 0;
}

static void keep_last_blanks(PangoLayout *layout)
{
    const char *text = pango_layout_get_text(layout);
    for (GSList *line = pango_layout_get_lines(layout); line; line = line->next) keep_last_blank(line->data, text);
}

static double points(int units)
{
    return (double)units / PANGO_SCALE;
}

/* Vietnamese stacks two marks over a letter: lines stand LEADING apart, taller ones take what they need. */
static double add_lines(struct flow *f, const struct paragraph *p, PangoLayout *layout)
{
    double widest = 0;
    keep_last_blanks(layout);
    PangoLayoutIter *at = pango_layout_get_iter(layout);
    do {
        PangoRectangle logical;
        pango_layout_iter_get_line_extents(at, NULL, &logical);
        double natural = points(logical.height), height = p->size * LEADING;
        if (natural > 1.5 * p->size) height = natural;
        struct box *box = add_box(f, BOX_LINE, p->node, height);
        box->line = pango_layout_iter_get_line_readonly(at);
        box->x = p->left + points(logical.x);
        box->baseline = (height - natural) / 2 + points(pango_layout_iter_get_baseline(at) - logical.y);
        if (points(logical.width) > widest) widest = points(logical.width);
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    return widest;
}

/* Decree 30/2020/NĐ-CP, appendix I: below the motto as long as it, below the agency's name a third to a half. */
static void add_rule(struct flow *f, const struct paragraph *p, double widest)
{
    struct box *box = add_box(f, BOX_RULE, p->node, 0.3 * p->size);
    box->width = p->style & STYLE_RULE_HALF ? widest * 0.45 : widest;
    box->x = p->left + (p->style & STYLE_CENTRE  ? (p->width - box->width) / 2
                        : p->style & STYLE_RIGHT ? p->width - box->width
                                                 : 0);
}

static void add_paragraph(struct flow *f, const struct paragraph *p)
{
    double widest = add_lines(f, p, layout_of(f, p));
    if (p->style & (STYLE_RULE | STYLE_RULE_HALF)) add_rule(f, p, widest);
}

/* ---- blocks ---- */

static void add_block(struct flow *f, const struct letter_node *n, unsigned style)
{
    double size = size_of(f, n->kind, style);
    add_space(f, (looks[n->kind].before + (style & STYLE_GAP ? 3.2 : 0)) * size);
    add_paragraph(f, &(struct paragraph){n, n->first, NULL, style, size, 0, f->width});
    add_space(f, looks[n->kind].after * size);
}

static void add_item(struct flow *f, const struct letter_node *n, unsigned style, struct str label)
{
    double size = size_of(f, n->kind, style), left = LIST_INDENT * f->size;
    size_t first = f->boxes.count;
    add_paragraph(f, &(struct paragraph){n, n->first, NULL, style, size, left, f->width - left});
    PangoLayout *layout = new_layout(f, size, false);
    pango_layout_set_text(layout, label.at, (int)label.len);
    f->boxes.at[first].label = pango_layout_get_line_readonly(layout, 0);
    add_space(f, looks[LETTER_LI].after * size);
}

static void add_list(struct flow *f, const struct letter_node *list, unsigned style)
{
    int number = 0;
    for (const struct letter_node *n = list->first; n; n = n->next) {
        struct str label = list->kind == LETTER_UL ? STR("–") : str_format(f->a, "%d.", ++number);
        add_item(f, n, style_within(style, n->style), label);
    }
}

static void add_figure(struct flow *f, const struct letter_node *n, unsigned style)
{
    double side = QR_SIDE * f->size;
    if (side > f->width) side = f->width;
    struct box *box = add_box(f, BOX_QR, n, side);
    box->qr = qr_of(f->a, n->text);
    box->width = side;
    box->x = style & STYLE_CENTRE ? (f->width - side) / 2 : style & STYLE_RIGHT ? f->width - side : 0;
    add_space(f, 0.5 * f->size); /* the white around it */
    if (n->first) add_block(f, n, style);
}

static bool is_inline(enum letter_kind kind)
{
    return kind == LETTER_TEXT || kind == LETTER_STRONG || kind == LETTER_EM || kind == LETTER_BR;
}

/* Of a column or a cell: blocks, and runs of text between them. */
static void add_inside(struct flow *f, const struct letter_node *outer, unsigned style)
{
    for (const struct letter_node *n = outer->first; n;) {
        const struct letter_node *to = n;
        while (to && is_inline(to->kind)) to = to->next;
        if (to == n) {
            flow_add(f, n, style);
            n = n->next;
            continue;
        }
        add_paragraph(f, &(struct paragraph){outer, n, to, style, size_of(f, outer->kind, style), 0, f->width});
        n = to;
    }
}

void flow_add(struct flow *f, const struct letter_node *n, unsigned outer)
{
    unsigned style = style_within(outer, n->style);
    if (!(style & STYLE_ALIGNMENT)) style |= looks[n->kind].style;
    switch (n->kind) {
    case LETTER_DIV:
    case LETTER_TH:
    case LETTER_TD: add_inside(f, n, style); break;
    case LETTER_UL:
    case LETTER_OL: add_list(f, n, style); break;
    case LETTER_FIGURE: add_figure(f, n, style); break;
    default: add_block(f, n, style);
    }
}

double flow_height(const struct flow *f)
{
    double height = 0;
    for (size_t i = 0; i < f->boxes.count; i++) height += f->boxes.at[i].height;
    return height;
}

void flow_end(struct flow *f)
{
    for (size_t i = 0; i < f->layouts.count; i++) g_object_unref(f->layouts.at[i]);
    f->layouts.count = f->boxes.count = 0;
}
