/*
 * Which rules of a large table may apply, found without asking each. A column whose cells are known cuts its line into
 * segments; neighbouring segments make at most 256 blocks, and each block has a set of bits: the rules that have a
 * value of it, and those that say anything or cannot be known. The sets of the blocks that the inputs fall into are met
 * with each other; what is left is asked cell by cell. So the answer is that of the plain walk, and the memory is
 * bounded.
 */
#include <stdlib.h>
#include <string.h>

#include "rule/dmn_cell.h"

enum { BLOCKS_MOST = 256, COLUMNS_MOST = 8, RULES_LEAST = 4, WORD_BITS = 64 };

struct column_index {
    size_t input; /* number of the column */
    enum feel_kind kind;
    struct cut *cuts; /* in order; a segment before, between and behind them */
    size_t cut_count, segments_of_block;
    uint64_t *blocks; /* sets of bits, one after the other */
};

struct table_index {
    size_t words, column_count;
    struct column_index columns[COLUMNS_MOST];
};

static int by_place(const void *a, const void *b)
{
    return cut_compare(*(const struct cut *)a, *(const struct cut *)b);
}

/* How many cuts lie at or before this one. */
static size_t segment_of_cut(const struct column_index *c, struct cut cut)
{
    size_t low = 0, high = c->cut_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (cut_compare(c->cuts[middle], cut) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t segment_of_value(const struct column_index *c, struct feel_value v)
{
    size_t low = 0, high = c->cut_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (cut_is_before(c->cuts[middle], v))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_used(const struct cell_set *s, enum feel_kind kind)
{
    return s->knowledge == CELL_KNOWN && (s->kind == kind || s->kind == FEEL_NULL);
}

/* The kind of the first cell that is known; FEEL_NULL: none, or too few to gain anything. */
static enum feel_kind kind_of_column(const struct cell_set *sets, size_t count)
{
    enum feel_kind kind = FEEL_NULL;
    size_t used = 0;
    for (size_t i = 0; i < count && kind == FEEL_NULL; i++)
        if (sets[i].knowledge == CELL_KNOWN) kind = sets[i].kind;
    for (size_t i = 0; i < count; i++) used += is_used(&sets[i], kind);
    return used * 10 >= count ? kind : FEEL_NULL;
}

static void collect_cuts(struct arena *a, struct column_index *c, const struct cell_set *sets, size_t count)
{
    size_t most = 0, kept = 0;
    for (size_t i = 0; i < count; i++) most += is_used(&sets[i], c->kind) ? 2 * sets[i].count : 0;
    c->cuts = ARENA_ARRAY(a, struct cut, most + 1);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; is_used(&sets[i], c->kind) && k < sets[i].count; k++) {
            const struct interval *interval = &sets[i].intervals[k];
            if (interval->from.end == 0) c->cuts[c->cut_count++] = interval->from;
            if (interval->to.end == 0) c->cuts[c->cut_count++] = interval->to;
        }
    if (c->cut_count > 1) qsort(c->cuts, c->cut_count, sizeof *c->cuts, by_place);
    for (size_t i = 0; i < c->cut_count; i++)
        if (kept == 0 || cut_compare(c->cuts[kept - 1], c->cuts[i]) != 0) c->cuts[kept++] = c->cuts[i];
    c->cut_count = kept;
}

static void mark(struct column_index *c, size_t words, size_t rule, size_t first, size_t last)
{
    for (size_t b = first; b <= last; b++) c->blocks[b * words + rule / WORD_BITS] |= UINT64_C(1) << rule % WORD_BITS;
}

static void fill_blocks(struct arena *a, struct column_index *c, size_t words, const struct cell_set *sets,
                        size_t count)
{
    c->segments_of_block = c->cut_count / BLOCKS_MOST + 1;
    size_t last = c->cut_count / c->segments_of_block;
    c->blocks = ARENA_ARRAY(a, uint64_t, (last + 1) * words);
    for (size_t r = 0; r < count; r++) {
        if (!is_used(&sets[r], c->kind)) {
            mark(c, words, r, 0, last);
            continue;
        }
        for (size_t k = 0; k < sets[r].count; k++) {
            const struct interval *i = &sets[r].intervals[k];
            size_t from = i->from.end == 0 ? segment_of_cut(c, i->from) : 0;
            size_t to = i->to.end == 0 ? segment_of_cut(c, i->to) - 1 : c->cut_count;
            mark(c, words, r, from / c->segments_of_block, to / c->segments_of_block);
        }
    }
}

void table_index_build(struct arena *a, struct table *t)
{
    if (t->rule_count < RULES_LEAST) return;
    struct table_index *index = ARENA_NEW(a, struct table_index);
    struct cell_set *sets = ARENA_ARRAY(a, struct cell_set, t->rule_count);
    index->words = (t->rule_count + WORD_BITS - 1) / WORD_BITS;
    for (size_t i = 0; i < t->input_count && index->column_count < COLUMNS_MOST; i++) {
        for (size_t r = 0; r < t->rule_count; r++) sets[r] = cell_set_of(a, t->rules[r].tests[i]);
        enum feel_kind kind = kind_of_column(sets, t->rule_count);
        if (kind == FEEL_NULL) continue;
        struct column_index *c = &index->columns[index->column_count++];
        *c = (struct column_index){.input = i, .kind = kind};
        collect_cuts(a, c, sets, t->rule_count);
        fill_blocks(a, c, index->words, sets, t->rule_count);
    }
    if (index->column_count > 0) t->index = index;
}

bool table_index_find(const struct table_index *index, const struct feel_value *inputs, uint64_t *out)
{
    bool is_narrowed = false;
    for (size_t i = 0; i < index->column_count; i++) {
        const struct column_index *c = &index->columns[i];
        if (inputs[c->input].kind != c->kind) continue;
        size_t block = segment_of_value(c, inputs[c->input]) / c->segments_of_block;
        const uint64_t *set = &c->blocks[block * index->words];
        if (!is_narrowed)
            memcpy(out, set, index->words * sizeof *out);
        else
            for (size_t w = 0; w < index->words; w++) out[w] &= set[w];
        is_narrowed = true;
    }
    return is_narrowed;
}
