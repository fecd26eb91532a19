#include "html/flow.h"

#include <inttypes.h>

#include "base/list.h"
#include "base/text.h"

/* In units of the drawing, which is about as wide as the smallest phone: a unit is a pixel there. */
enum {
    WIDTH = 312,
    LINE_X = 26, /* the line, and what stands beside it */
    ASIDE_X = 66,
    RAIL_X = 44, /* the way back from an aside */
    SENT_X = 5,  /* the way back along the line */
    MAIN_R = 13,
    ASIDE_R = 9,
    DOOR_R = 16,
    TEXT_GAP = 26, /* from the centre of a mark to its words */
    TITLE_LINE = 20,
    DETAIL_LINE = 18,
    ROW_GAP = 24,
    JOIN_ROOM = 20, /* more above a stop at which an aside comes back to the line */
    CARD_PAD = 10,
    TOP = 30,
    LINES_MOST = 4
};
/* Letters that fit in a line of the main stops and of asides. A quarter is left free for people who spread letters. */
enum { TITLE_LETTERS = 25, DETAIL_LETTERS = 31, ASIDE_TITLE_LETTERS = 22, ASIDE_DETAIL_LETTERS = 26 };

/* clang-format off */
static const struct field text_fields[] = {
    FIELD_STR(struct flow_text, text),
    FIELD_INT(struct flow_text, x),
    FIELD_INT(struct flow_text, y),
    FIELD_END,
};
static const struct field node_fields[] = {
    FIELD_INT(struct flow_node, x),
    FIELD_INT(struct flow_node, y),
    FIELD_INT(struct flow_node, number),
    FIELD_INT(struct flow_node, left),
    FIELD_INT(struct flow_node, top),
    FIELD_INT(struct flow_node, card_top),
    FIELD_INT(struct flow_node, card_height),
    FIELD_BOOL(struct flow_node, is_done),
    FIELD_BOOL(struct flow_node, is_now),
    FIELD_BOOL(struct flow_node, is_stopped),
    FIELD_BOOL(struct flow_node, is_aside),
    FIELD_BOOL(struct flow_node, is_end),
    FIELD_BOOL(struct flow_node, is_wait),
    FIELD_BOOL(struct flow_node, is_numbered),
    FIELD_BOOL(struct flow_node, has_card),
    FIELD_LIST(struct flow_node, titles, struct flow_text, text_fields),
    FIELD_LIST(struct flow_node, details, struct flow_text, text_fields),
    FIELD_STR(struct flow_node, title),
    FIELD_STR(struct flow_node, detail),
    FIELD_STR(struct flow_node, note),
    FIELD_STR(struct flow_node, state),
    FIELD_END,
};
static const struct field line_fields[] = {
    FIELD_STR(struct flow_line, d),
    FIELD_BOOL(struct flow_line, is_gone),
    FIELD_BOOL(struct flow_line, is_aside),
    FIELD_BOOL(struct flow_line, has_arrow),
    FIELD_END,
};
const struct field flow_fields[] = {
    FIELD_STR(struct flow, id),
    FIELD_STR(struct flow, title),
    FIELD_STR(struct flow, summary),
    FIELD_LIST(struct flow, nodes, struct flow_node, node_fields),
    FIELD_LIST(struct flow, lines, struct flow_line, line_fields),
    FIELD_INT(struct flow, width),
    FIELD_INT(struct flow, height),
    FIELD_BOOL(struct flow, is_there),
    FIELD_BOOL(struct flow, has_states),
    FIELD_BOOL(struct flow, has_notes),
    FIELD_END,
};
/* clang-format on */

struct drawing {
    struct arena *arena;
    const struct flow_stop *stops;
    struct flow_node *nodes;
    size_t count;
    LIST(struct flow_line) lines;
};

/* ---- words ---- */

/* As many whole words as fit; a word that is longer than the line has it alone. */
static size_t line_bytes(struct str text, size_t letters)
{
    size_t taken = 0, fit = 0;
    for (size_t i = 0; i <= text.len; i++) {
        bool is_gap = i == text.len || text.at[i] == ' ';
        if (is_gap && (taken <= letters || fit == 0)) fit = i;
        if (i < text.len && ((unsigned char)text.at[i] & 0xc0) != 0x80) taken++;
    }
    return fit;
}

static struct flow_text *break_lines(struct arena *a, struct str text, size_t letters, size_t *out_count)
{
    struct flow_text *lines = ARENA_ARRAY(a, struct flow_text, LINES_MOST);
    *out_count = 0;
    while (text.len > 0 && *out_count < LINES_MOST) {
        size_t bytes = line_bytes(text, letters);
        bool is_last = *out_count + 1 == LINES_MOST;
        struct str line = is_last ? text_shorten(a, text, letters) : str_part(text, 0, bytes);
        lines[(*out_count)++].text = line;
        text = str_trim(str_part(text, bytes, text.len - bytes));
    }
    return lines;
}

static struct str detail_of(struct arena *a, const struct flow_stop *s)
{
    if (s->note.len == 0) return s->detail;
    return s->detail.len == 0 ? s->note : str_format(a, "%.*s · %.*s", STR_ARG(s->detail), STR_ARG(s->note));
}

static void put_words(struct drawing *d, struct flow_node *n, const struct flow_stop *s)
{
    n->titles = break_lines(d->arena, s->title, s->is_aside ? ASIDE_TITLE_LETTERS : TITLE_LETTERS, &n->titles_count);
    n->details = break_lines(d->arena, detail_of(d->arena, s), s->is_aside ? ASIDE_DETAIL_LETTERS : DETAIL_LETTERS,
                             &n->details_count);
    n->title = s->title;
    n->detail = s->detail;
    n->note = s->note;
    n->state = s->state_text;
}

/* ---- places ---- */

static int64_t place_words(struct flow_node *n)
{
    int64_t x = n->x + TEXT_GAP, y = n->y + 5;
    for (size_t i = 0; i < n->titles_count; i++, y += TITLE_LINE) n->titles[i].x = x, n->titles[i].y = y;
    y -= 1;
    for (size_t i = 0; i < n->details_count; i++, y += DETAIL_LINE) n->details[i].x = x, n->details[i].y = y;
    return y - DETAIL_LINE + 6;
}

static bool is_joined(const struct drawing *d, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (d->stops[i].is_aside && d->stops[i].back == (int)at) return true;
    return false;
}

/* From top to bottom; returns the height of the whole. */
static int64_t place_nodes(struct drawing *d)
{
    int64_t y = TOP, number = 0;
    for (size_t i = 0; i < d->count; i++) {
        struct flow_node *n = &d->nodes[i];
        const struct flow_stop *s = &d->stops[i];
        n->has_card = s->state == FLOW_NOW || s->state == FLOW_STOPPED;
        if (i > 0 && !s->is_aside && is_joined(d, i)) y += JOIN_ROOM;
        if (n->has_card) y += CARD_PAD;
        n->x = s->is_aside ? ASIDE_X : LINE_X;
        n->y = y;
        n->left = n->x - DOOR_R;
        n->top = n->y - DOOR_R;
        if (!s->is_aside && !s->is_end) n->number = ++number;
        int64_t bottom = place_words(n);
        if (bottom < y + DOOR_R) bottom = y + DOOR_R;
        n->card_top = y - DOOR_R - CARD_PAD + 2;
        n->card_height = bottom + CARD_PAD - n->card_top;
        y = bottom + ROW_GAP + (n->has_card ? CARD_PAD : 0) + DOOR_R - 6;
    }
    return y - DOOR_R - ROW_GAP + CARD_PAD + 6;
}

static void mark_node(struct flow_node *n, const struct flow_stop *s)
{
    n->is_aside = s->is_aside;
    n->is_end = s->is_end;
    n->is_wait = s->is_wait;
    n->is_done = s->state == FLOW_DONE;
    n->is_now = s->state == FLOW_NOW;
    n->is_stopped = s->state == FLOW_STOPPED;
    n->is_numbered = !s->is_aside && !s->is_end && (s->state == FLOW_PLAIN || s->state == FLOW_TO_COME);
}

/* ---- lines ---- */

static int64_t radius(const struct flow_node *n)
{
    return n->is_now || n->is_stopped ? DOOR_R + 1 : n->is_aside ? ASIDE_R : MAIN_R;
}

static bool was_reached(const struct flow_stop *s)
{
    return s->state == FLOW_DONE || s->state == FLOW_NOW || s->state == FLOW_STOPPED;
}

static void draw(struct drawing *d, bool is_gone, bool is_aside, bool has_arrow, struct str path)
{
    LIST_PUSH(d->arena, d->lines) = (struct flow_line){path, is_gone, is_aside, has_arrow};
}

static void draw_down(struct drawing *d, size_t from, size_t to)
{
    const struct flow_node *a = &d->nodes[from], *b = &d->nodes[to];
    draw(d, was_reached(&d->stops[to]), d->stops[to].is_aside, false,
         str_format(d->arena, "M%" PRId64 " %" PRId64 "V%" PRId64, a->x, a->y + radius(a) + 3, b->y - radius(b) - 3));
}

/* Off the line, round a corner, into the aside. */
static void draw_out(struct drawing *d, size_t to)
{
    const struct flow_node *n = &d->nodes[to];
    draw(d, was_reached(&d->stops[to]), true, true,
         str_format(d->arena, "M%d %" PRId64 "q0 16 16 16H%" PRId64, LINE_X, n->y - 16, n->x - radius(n) - 5));
}

/* Round the corner at the foot of an aside, back on the line above the next stop. */
static struct str path_on(struct arena *a, const struct flow_node *n, const struct flow_node *to)
{
    return str_format(a, "M%" PRId64 " %" PRId64 "V%" PRId64 "q0 12 -12 12H%d", n->x, n->y + radius(n) + 3,
                      to->y - radius(to) - 28, LINE_X + 5);
}

/* Over the aside's head (or under its foot) to the rail beside the line, and along it to a stop before (or further on).
 */
static struct str path_by_rail(struct arena *a, const struct flow_node *n, const struct flow_node *to)
{
    int64_t sign = to->y < n->y ? -1 : 1, edge = n->y + sign * (radius(n) + 2);
    struct str corner = str_format(a, "M%" PRId64 " %" PRId64 "q0 %" PRId64 " -8 %" PRId64 "H%dq-6 0 -6 %" PRId64, n->x,
                                   edge, 8 * sign, 8 * sign, RAIL_X + 6, 6 * sign);
    return str_format(a, "%.*sV%" PRId64 "q0 %" PRId64 " -8 %" PRId64, STR_ARG(corner), to->y - sign * (radius(to) + 4),
                      6 * sign, 6 * sign);
}

static void draw_back(struct drawing *d, size_t from)
{
    size_t back = (size_t)d->stops[from].back;
    bool is_next = back > from;
    for (size_t i = from + 1; is_next && i < back; i++) is_next = d->stops[i].is_aside;
    const struct flow_node *n = &d->nodes[from], *to = &d->nodes[back];
    draw(d, d->stops[from].state == FLOW_DONE, true, true,
         is_next ? path_on(d->arena, n, to) : path_by_rail(d->arena, n, to));
}

/* Along the other side of the line. */
static void draw_sent_back(struct drawing *d, size_t from)
{
    const struct flow_node *n = &d->nodes[from], *to = &d->nodes[d->stops[from].sent_back];
    struct str away = str_format(d->arena, "M%" PRId64 " %" PRId64 "Q%d %" PRId64 " %d %" PRId64, n->x - radius(n) - 2,
                                 n->y, SENT_X, n->y, SENT_X, n->y - 12);
    draw(d, false, true, true,
         str_format(d->arena, "%.*sV%" PRId64 "Q%d %" PRId64 " %" PRId64 " %" PRId64, STR_ARG(away), to->y + 16, SENT_X,
                    to->y + 5, to->x - radius(to) - 3, to->y + 5));
}

static void draw_lines(struct drawing *d)
{
    size_t main = 0;
    for (size_t i = 1; i < d->count; i++) {
        const struct flow_stop *s = &d->stops[i];
        bool is_chained = s->is_aside && d->stops[i - 1].is_aside && d->stops[i - 1].back == (int)i;
        if (is_chained)
            draw_down(d, i - 1, i);
        else if (s->is_aside)
            draw_out(d, i);
        else
            draw_down(d, main, i);
        if (!s->is_aside) main = i;
        if (s->is_aside && s->back >= 0 && !d->stops[s->back].is_aside) draw_back(d, i);
        if (!s->is_aside && s->sent_back >= 0) draw_sent_back(d, i);
    }
}

struct flow flow_of(struct arena *a, struct str id, struct str title, struct str summary, const struct flow_stop *stops,
                    size_t count)
{
    struct drawing d = {.arena = a, .stops = stops, .count = count};
    struct flow f = {.id = id, .title = title, .summary = summary, .width = WIDTH, .is_there = count > 0};
    d.nodes = ARENA_ARRAY(a, struct flow_node, count + 1);
    for (size_t i = 0; i < count; i++) {
        mark_node(&d.nodes[i], &stops[i]);
        put_words(&d, &d.nodes[i], &stops[i]);
        f.has_states = f.has_states || stops[i].state_text.len > 0;
        f.has_notes = f.has_notes || stops[i].note.len > 0;
    }
    f.height = place_nodes(&d);
    draw_lines(&d);
    f.nodes = d.nodes;
    f.nodes_count = count;
    f.lines = d.lines.at;
    f.lines_count = d.lines.count;
    return f;
}
