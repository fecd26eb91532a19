#include "html/letter_pdf.h"

#include <cairo-pdf.h>
#include <math.h>

#include "base/auto.h"
#include "html/letter_flow.h"
#include "html/pdf_marks.h"

enum { COLUMNS_MOST = 32, SCRATCH_BYTES = 256 * 1024 * 1024 };
#define MM (72 / 25.4)
#define LINE_WIDTH 0.5
#define MARK_GREY 0.86 /* light enough to read black on it, dark enough to survive a copier */

/* Margins as Decree 30/2020/NĐ-CP, appendix I asks on A4 (20-25, 20-25, 30-35, 15-20 mm); A5 in proportion. */
static const struct sheet {
    double width, height, top, bottom, left, right, size;
} sheets[] = {
    [PAPER_A4] = {210 * MM, 297 * MM, 20 * MM, 20 * MM, 30 * MM, 20 * MM, 12 },
    [PAPER_A5] = {148 * MM, 210 * MM, 11 * MM, 10 * MM, 15 * MM, 12 * MM, 9  },
    [PAPER_A4_LANDSCAPE] = {297 * MM, 210 * MM, 15 * MM, 15 * MM, 20 * MM, 15 * MM, 8.5},
};

struct bar { /* a line on this page, drawn when the page is done */
    double x, y, width, height;
};

struct setter {
    struct arena *a;       /* dies with the letter */
    struct arena *scratch; /* dies with each row */
    PangoContext *context;
    cairo_t *cr;
    const struct sheet *sheet;
    struct str mark; /* across every page; empty: none */
    double y;
    int page;
    bool is_list_open, is_decoration;
    const struct letter_node *heading; /* of the table being set, when it comes again on the next page */
    const double *shares;
    LIST(struct bar) bars;
    LIST(struct pdf_figure) figures;
};

static void tag_begin(struct setter *s, const char *name)
{
    if (!s->is_decoration) cairo_tag_begin(s->cr, name, NULL);
}

static void tag_end(struct setter *s, const char *name)
{
    if (!s->is_decoration) cairo_tag_end(s->cr, name);
}

/* ---- pages ---- */

static double bottom_of(const struct setter *s)
{
    return s->sheet->height - s->sheet->bottom;
}

static bool is_at_top(const struct setter *s)
{
    return s->y <= s->sheet->top + 0.01;
}

static void draw_line(struct setter *s, PangoLayoutLine *line, double x, double y)
{
    cairo_move_to(s->cr, x, y);
    pango_cairo_show_layout_line(s->cr, line);
}

/* Decree 30/2020/NĐ-CP, appendix I: the number stands in the middle of the top margin, from the second page on. */
static void draw_page_number(struct setter *s)
{
    struct letter_node text = {.kind = LETTER_TEXT, .text = str_format(s->scratch, "%d", s->page)};
    struct letter_node p = {.kind = LETTER_P, .style = STYLE_CENTRE, .first = &text, .last = &text};
    struct flow f = {.a = s->scratch, .context = s->context, .width = s->sheet->width, .size = s->sheet->size};
    flow_add(&f, &p, 0);
    draw_line(s, f.boxes.at[0].line, f.boxes.at[0].x, s->sheet->top * 0.5 + f.boxes.at[0].baseline / 2);
    flow_end(&f);
}

/* The page's own words, over its whole diagonal and once more in its lower margin, before anything else is drawn. */
static void draw_mark(struct setter *s)
{
    if (s->mark.len == 0) return;
    struct arena_mark before = arena_mark(s->scratch);
    struct letter_node text = {.kind = LETTER_TEXT, .text = s->mark};
    struct letter_node p = {.kind = LETTER_P, .style = STYLE_CENTRE, .first = &text, .last = &text};
    struct flow f = {.a = s->scratch, .context = s->context, .width = s->sheet->width, .size = s->sheet->size};
    flow_add(&f, &p, 0);
    const struct box *box = &f.boxes.at[0];
    double diagonal = hypot(s->sheet->width, s->sheet->height), wide = s->sheet->width - 2 * box->x;
    cairo_tag_begin(s->cr, PDF_DECORATION, NULL);
    draw_line(s, box->line, box->x, s->sheet->height - s->sheet->bottom / 3);
    cairo_save(s->cr);
    cairo_set_source_rgb(s->cr, MARK_GREY, MARK_GREY, MARK_GREY);
    cairo_translate(s->cr, s->sheet->width / 2, s->sheet->height / 2);
    cairo_rotate(s->cr, -atan2(s->sheet->height, s->sheet->width));
    cairo_scale(s->cr, 0.8 * diagonal / wide, 0.8 * diagonal / wide);
    draw_line(s, box->line, -wide / 2, s->sheet->size / 3);
    cairo_restore(s->cr);
    cairo_tag_end(s->cr, PDF_DECORATION);
    flow_end(&f);
    arena_back(s->scratch, before);
}

static void end_page(struct setter *s)
{
    if (s->page > 1 || s->bars.count > 0) {
        cairo_tag_begin(s->cr, PDF_DECORATION, NULL);
        for (size_t i = 0; i < s->bars.count; i++)
            cairo_rectangle(s->cr, s->bars.at[i].x, s->bars.at[i].y, s->bars.at[i].width, s->bars.at[i].height);
        cairo_fill(s->cr);
        if (s->page > 1) draw_page_number(s);
        cairo_tag_end(s->cr, PDF_DECORATION);
    }
    s->bars.count = 0;
    cairo_show_page(s->cr);
}

static void set_row(struct setter *s, const struct letter_node *row, const double *shares, bool has_grid);

static void next_page(struct setter *s)
{
    end_page(s);
    s->page++;
    s->y = s->sheet->top;
    draw_mark(s);
    if (s->heading == NULL || s->is_decoration) return;
    s->is_decoration = true;
    cairo_tag_begin(s->cr, PDF_DECORATION, NULL);
    for (const struct letter_node *row = s->heading->first; row; row = row->next) set_row(s, row, s->shares, true);
    cairo_tag_end(s->cr, PDF_DECORATION);
    s->is_decoration = false;
}

static void add_bar(struct setter *s, double x, double y, double width, double height)
{
    LIST_PUSH(s->a, s->bars) = (struct bar){x, y, width, height};
}

/* ---- boxes ---- */

static const char *tag_of(enum letter_kind kind)
{
    switch (kind) {
    case LETTER_H1: return "H1";
    case LETTER_H2: return "H2";
    case LETTER_H3: return "H3";
    case LETTER_LI: return "LBody";
    case LETTER_TH:
    case LETTER_TD: return NULL; /* the cell is the element */
    default: return "P";
    }
}

static void close_list(struct setter *s)
{
    if (s->is_list_open) tag_end(s, "L");
    s->is_list_open = false;
}

static void open_item(struct setter *s, const struct box *box, double x, double y)
{
    const char *tag = tag_of(box->node->kind);
    if (box->node->kind != LETTER_LI) close_list(s);
    if (box->node->kind == LETTER_LI) {
        if (!s->is_list_open) tag_begin(s, "L");
        s->is_list_open = true;
        tag_begin(s, "LI");
        if (box->label) {
            tag_begin(s, "Lbl");
            draw_line(s, box->label, x, y + box->baseline);
            tag_end(s, "Lbl");
        }
    }
    if (tag) tag_begin(s, tag);
}

static void close_item(struct setter *s, const struct letter_node *node)
{
    const char *tag = node ? tag_of(node->kind) : NULL;
    if (tag) tag_end(s, tag);
    if (node && node->kind == LETTER_LI) tag_end(s, "LI");
}

static void draw_qr(struct setter *s, const struct box *box, double x, double y)
{
    double module = box->width / (box->qr.size > 0 ? box->qr.size : 1);
    if (box->qr.size == 0) return;
    close_list(s);
    tag_begin(s, "Figure");
    for (int row = 0; row < box->qr.size; row++) {
        for (int column = 0; column < box->qr.size; column++) {
            int from = column;
            while (column < box->qr.size && box->qr.dark[row * box->qr.size + column]) column++;
            if (column > from)
                cairo_rectangle(s->cr, x + from * module, y + row * module, (column - from) * module, module);
        }
    }
    cairo_fill(s->cr);
    tag_end(s, "Figure");
    LIST_PUSH(s->a, s->figures) = (struct pdf_figure){box->node->alt, x, y, box->width, box->width, s->sheet->height};
}

/* Draws boxes from *at on while they fit into `room`; what it took. One box is drawn however large it is when nothing
 * else stands on the page. */
static double draw_flow(struct setter *s, const struct flow *f, size_t *at, double x, double room)
{
    double used = 0;
    const struct letter_node *open = NULL;
    bool must = is_at_top(s) || s->heading != NULL;
    size_t first = *at;
    for (; *at < f->boxes.count; (*at)++) {
        const struct box *box = &f->boxes.at[*at];
        if (used + box->height > room + 0.01 && box->kind == BOX_SPACE) break;
        if (used + box->height > room + 0.01 && !(must && *at == first)) break;
        if (box->kind == BOX_SPACE && used == 0 && is_at_top(s)) continue;
        double y = s->y + used;
        if (box->kind == BOX_LINE && box->node != open) {
            close_item(s, open);
            open_item(s, box, x, y);
            open = box->node;
        }
        if (box->kind == BOX_LINE) draw_line(s, box->line, x + box->x, y + box->baseline);
        if (box->kind == BOX_RULE) add_bar(s, x + box->x, y + box->height * 0.6, box->width, LINE_WIDTH);
        if (box->kind == BOX_QR) {
            close_item(s, open);
            open = NULL;
            draw_qr(s, box, x + box->x, y);
        }
        used += box->height;
    }
    close_item(s, open);
    close_list(s);
    return used;
}

/* ---- blocks ---- */

static struct flow new_flow(struct setter *s, double width)
{
    return (struct flow){.a = s->scratch, .context = s->context, .width = width, .size = s->sheet->size};
}

/* The least that should stand together: a heading with two lines of what follows, two lines of a paragraph. */
static double least_of(const struct setter *s, const struct flow *f, const struct letter_node *n)
{
    bool is_heading = n->kind == LETTER_H1 || n->kind == LETTER_H2 || n->kind == LETTER_H3;
    if (is_heading) return flow_height(f) + 2.7 * s->sheet->size;
    double height = 0;
    size_t lines = 0;
    for (size_t i = 0; i < f->boxes.count && lines < 2; i++) {
        height += f->boxes.at[i].height;
        lines += f->boxes.at[i].kind != BOX_SPACE;
    }
    return height;
}

static void set_block(struct setter *s, const struct letter_node *n)
{
    struct arena_mark mark = arena_mark(s->scratch);
    struct flow f = new_flow(s, s->sheet->width - s->sheet->left - s->sheet->right);
    flow_add(&f, n, 0);
    if (least_of(s, &f, n) > bottom_of(s) - s->y && !is_at_top(s)) next_page(s);
    for (size_t at = 0; at < f.boxes.count;) {
        s->y += draw_flow(s, &f, &at, s->sheet->left, bottom_of(s) - s->y);
        while (at < f.boxes.count && f.boxes.at[at].kind == BOX_SPACE) at++; /* no space over a page's edge */
        if (at < f.boxes.count) next_page(s);
    }
    flow_end(&f);
    arena_back(s->scratch, mark);
}

/* ---- rows: of tables, and of columns side by side ---- */

struct row {
    struct flow flows[COLUMNS_MOST];
    double x[COLUMNS_MOST];
    size_t at[COLUMNS_MOST];
    size_t count;
    double padding_x, padding_y;
    bool has_grid;
};

static void make_row(struct setter *s, struct row *r, const struct letter_node *cells, const double *shares)
{
    double x = s->sheet->left, all = s->sheet->width - s->sheet->left - s->sheet->right;
    r->padding_x = r->has_grid ? 0.4 * s->sheet->size : 0;
    r->padding_y = r->has_grid ? 0.2 * s->sheet->size : 0;
    for (const struct letter_node *n = cells->first; n && r->count < COLUMNS_MOST; n = n->next, r->count++) {
        double width = all * shares[r->count];
        /* Columns without lines between them keep a distance. */
        double gap = r->has_grid || n->next == NULL ? 0 : s->sheet->size;
        r->x[r->count] = x;
        r->flows[r->count] = new_flow(s, width - 2 * r->padding_x - gap);
        flow_add(&r->flows[r->count], n, 0);
        x += width;
    }
}

static double row_height(const struct row *r)
{
    double height = 0;
    for (size_t i = 0; i < r->count; i++) {
        double one = flow_height(&r->flows[i]);
        if (one > height) height = one;
    }
    return height + 2 * r->padding_y;
}

static bool is_row_over(const struct row *r)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->at[i] < r->flows[i].boxes.count) return false;
    return true;
}

/* Lines around the cells; neighbours share theirs. */
static void draw_grid(struct setter *s, const struct row *r, double height)
{
    double left = s->sheet->left, all = s->sheet->width - s->sheet->left - s->sheet->right;
    add_bar(s, left, s->y, all, LINE_WIDTH);
    add_bar(s, left, s->y + height, all + LINE_WIDTH, LINE_WIDTH);
    for (size_t i = 0; i < r->count; i++) add_bar(s, r->x[i], s->y, LINE_WIDTH, height);
    add_bar(s, left + all, s->y, LINE_WIDTH, height);
}

static const char *cell_tag(const struct letter_node *cell)
{
    return cell->kind == LETTER_TH ? "TH" : cell->kind == LETTER_TD ? "TD" : "Div";
}

/* As much of the row as fits on this page. */
static void draw_row(struct setter *s, struct row *r, const struct letter_node *cells)
{
    double top = s->y, most = 0;
    const struct letter_node *cell = cells->first;
    tag_begin(s, cells->kind == LETTER_TR ? "TR" : "Div");
    for (size_t i = 0; i < r->count; i++, cell = cell->next) {
        tag_begin(s, cell_tag(cell));
        s->y = top + r->padding_y;
        double used = draw_flow(s, &r->flows[i], &r->at[i], r->x[i] + r->padding_x, bottom_of(s) - s->y - r->padding_y);
        if (used > most) most = used;
        tag_end(s, cell_tag(cell));
    }
    tag_end(s, cells->kind == LETTER_TR ? "TR" : "Div");
    s->y = top;
    if (r->has_grid) draw_grid(s, r, most + 2 * r->padding_y);
    s->y += most + 2 * r->padding_y;
}

static void set_row(struct setter *s, const struct letter_node *cells, const double *shares, bool has_grid)
{
    struct arena_mark mark = arena_mark(s->scratch);
    struct row *r = ARENA_NEW(s->scratch, struct row);
    r->has_grid = has_grid;
    make_row(s, r, cells, shares);
    double height = row_height(r), page = bottom_of(s) - s->sheet->top;
    if (height > bottom_of(s) - s->y && height < page * 0.7 && !is_at_top(s) && !s->is_decoration) next_page(s);
    while (!is_row_over(r)) {
        draw_row(s, r, cells);
        if (!is_row_over(r) && s->is_decoration) break;
        if (!is_row_over(r)) next_page(s);
    }
    for (size_t i = 0; i < r->count; i++) flow_end(&r->flows[i]);
    arena_back(s->scratch, mark);
}

/* Each column's part of the width, by the shares that the first row says. */
static double *shares_of(struct setter *s, const struct letter_node *cells)
{
    double *shares = ARENA_ARRAY(s->a, double, COLUMNS_MOST), sum = 0;
    size_t count = 0;
    for (const struct letter_node *n = cells ? cells->first : NULL; n && count < COLUMNS_MOST; n = n->next)
        sum += shares[count++] = n->share > 0 ? n->share : 1;
    for (size_t i = 0; i < count; i++) shares[i] /= sum;
    return shares;
}

static const struct letter_node *heading_of(const struct letter_node *table)
{
    return table->first && table->first->kind == LETTER_THEAD && table->first->first ? table->first : NULL;
}

/* A heading that takes a third of the page does not come again. */
static bool is_modest(struct setter *s, double height)
{
    return height > 0 && height < (bottom_of(s) - s->sheet->top) / 3;
}

static void set_table(struct setter *s, const struct letter_node *table)
{
    const struct letter_node *heading = heading_of(table), *first = table->first ? table->first->first : NULL;
    bool has_grid = table->style & STYLE_GRID;
    if (first == NULL) return;
    s->shares = shares_of(s, first);
    s->y += 0.2 * s->sheet->size;
    if (bottom_of(s) - s->y < 5 * s->sheet->size && !is_at_top(s)) next_page(s);
    tag_begin(s, "Table");
    for (const struct letter_node *part = table->first; part; part = part->next) {
        double y = s->y;
        int page = s->page;
        for (const struct letter_node *row = part->first; row; row = row->next) set_row(s, row, s->shares, has_grid);
        if (part == heading && page == s->page && is_modest(s, s->y - y)) s->heading = heading;
    }
    tag_end(s, "Table");
    s->heading = NULL;
    s->y += 0.5 * s->sheet->size;
}

static void set_columns(struct setter *s, const struct letter_node *columns)
{
    if (columns->kind == LETTER_FOOTER) s->y += 0.7 * s->sheet->size;
    set_row(s, columns, shares_of(s, columns), false);
    if (columns->kind == LETTER_HEADER) s->y += 0.7 * s->sheet->size;
}

static void set_letter(struct setter *s, const struct letter *letter)
{
    tag_begin(s, "Document");
    draw_mark(s);
    for (const struct letter_node *n = letter->root->first; n; n = n->next) {
        switch (n->kind) {
        case LETTER_HEADER:
        case LETTER_SECTION:
        case LETTER_FOOTER: set_columns(s, n); break;
        case LETTER_TABLE: set_table(s, n); break;
        default: set_block(s, n);
        }
    }
    end_page(s);
    tag_end(s, "Document");
}

/* ---- the file ---- */

static cairo_status_t take_bytes(void *out, const unsigned char *at, unsigned int bytes)
{
    buf_add(out, str_of((const char *)at, bytes));
    return CAIRO_STATUS_SUCCESS; /* a full buffer is seen at the end */
}

static void say_facts(cairo_surface_t *surface, struct arena *a, const struct letter_facts *facts)
{
    const char *at = instant_format(a, facts->at - facts->at % US_PER_S).at;
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_cstr(a, facts->title));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, str_cstr(a, facts->author));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Motcua");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, at);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, at);
}

static enum outcome draw(struct setter *s, const struct letter *letter, const struct letter_facts *facts,
                         struct buf *out, struct fail *why)
{
    cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take_bytes, out, s->sheet->width, s->sheet->height);
    say_facts(surface, s->a, facts);
    s->cr = cairo_create(surface);
    set_letter(s, letter);
    cairo_status_t status = cairo_status(s->cr);
    cairo_destroy(s->cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status != CAIRO_STATUS_SUCCESS)
        return fail(why, ERR_DOWN, N_("The letter could not be set on paper: {0}."),
                    str_from(cairo_status_to_string(status)));
    return out->is_full ? fail(why, ERR_TOO_LARGE, N_("The letter is too long.")) : OK;
}

enum outcome letter_pdf(struct press *press, const struct letter *letter, const struct letter_facts *facts,
                        struct buf *out, struct fail *why)
{
    AUTO_ARENA struct arena a, scratch;
    AUTO_BUF struct buf plain;
    struct press_type *type;
    arena_init(&a, SCRATCH_BYTES);
    arena_init(&scratch, SCRATCH_BYTES);
    buf_init(&plain, LETTER_PDF_BYTES);
    struct setter s = {.a = &a, .scratch = &scratch, .sheet = &sheets[letter->paper], .page = 1};
    s.mark = press_mark(press);
    s.y = s.sheet->top;
    TRY(press_enter(press, &type, why));
    s.context = press_context(type);
    enum outcome drawn = draw(&s, letter, facts, &plain, why);
    press_leave(press, type);
    TRY(drawn);
    struct pdf_facts marks = {facts->title, facts->author, facts->at, s.figures.at, s.figures.count};
    TRY(pdf_mark(&a, buf_str(&plain), &marks, out, why));
    return out->is_full ? fail(why, ERR_TOO_LARGE, N_("The letter is too long.")) : OK;
}
