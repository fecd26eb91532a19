/*
 * Searching. The whole catalogue in memory: for each procedure its list row, its folded words and its words with
 * accents, some 600 bytes, 12 MB for a nation's 20,000 procedures. A search looks at every row (a few milliseconds for
 * 20,000), so that any combination of filters costs the same, nothing is cut off before it is ranked, and SQLite and
 * PostgreSQL answer alike. A picture is never changed; when the catalogue's change number has moved, or another day has
 * begun (on which another version may be in force), another is loaded.
 */
#include "catalogue/catalogue_store.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/parse.h"
#include "base/text.h"
#include "queries.h"

enum { INDEX_BYTES_MOST = 256 * 1024 * 1024, WORDS_MOST = 12 };

struct indexed {
    struct procedure_row row;
    struct str folded;    /* name, code, field: words of letters without marks */
    struct str name_fold; /* the name alone, for phrases */
    struct str name_tone; /* the name in lower case, tone marks in one place */
    struct str field_key;
    uint64_t events; /* bits: the life events that it belongs to */
};

struct catalogue_index {
    struct arena arena;
    int64_t change;
    day_t day;
    struct indexed *rows; /* by code */
    size_t count, room;
    const struct life_event_set *events; /* NULL: none */
};

bool catalogue_index_is_fresh(const struct catalogue_index *x, int64_t change, day_t day)
{
    return x->change >= change && x->day == day;
}

void catalogue_index_free(struct catalogue_index *x)
{
    if (x == NULL) return;
    arena_end(&x->arena);
    free(x);
}

/* ---- loading ---- */

static int word(const struct vocabulary_word *words, size_t count, struct str code)
{
    int found = vocabulary_find(words, count, code);
    if (found < 0) BUG("a procedure's row has the word \"%.*s\", which is not in the vocabulary", STR_ARG(code));
    return found;
}

static struct procedure_row row_of(const struct row *r)
{
    return (struct procedure_row){
        .code = row_str(r, 0),
        .name = row_str(r, 1),
        .field = row_str(r, 2),
        .kind = (enum procedure_kind)word(procedure_kind_words, PROCEDURE_KIND_COUNT, row_str(r, 3)),
        .initiator = (enum initiator)word(initiator_words, INITIATOR_COUNT, row_str(r, 4)),
        .process = (enum procedure_process)word(process_words, PROCEDURE_PROCESS_COUNT, row_str(r, 5)),
        .state = (enum publication)word(publication_words, PUBLICATION_COUNT, row_str(r, 6)),
        .levels = (unsigned)row_int(r, 7),
        .channels = (unsigned)row_int(r, 8),
        .audience = (unsigned)row_int(r, 9),
        .version = row_int(r, 10),
        .version_number = row_int(r, 11),
        .hash = row_str(r, 12),
    };
}

static struct procedure_row copy_row(struct arena *a, const struct procedure_row *r)
{
    struct procedure_row c = *r;
    c.code = str_dup(a, r->code);
    c.name = str_dup(a, r->name);
    c.field = str_dup(a, r->field);
    c.hash = str_dup(a, r->hash);
    return c;
}

/* Lower case, tone marks in one place, words apart as text_fold() parts them. */
static struct str with_accents(struct arena *a, struct str text)
{
    struct str s = text_tone_normal(a, text);
    char *out = arena_dup(a, s.at, s.len);
    for (size_t i = 0; i < s.len; i++) {
        bool is_word = (out[i] >= 'a' && out[i] <= 'z') || (out[i] >= '0' && out[i] <= '9') || (out[i] & 0x80);
        if (!is_word) out[i] = ' ';
    }
    return text_one_line(a, str_of(out, s.len));
}

/* What people begin themselves; what the authority begins is nobody's errand. */
static uint64_t events_of(const struct life_event_set *set, const struct indexed *i)
{
    uint64_t bits = 0;
    if (set == NULL || i->row.initiator != INITIATOR_APPLICANT) return 0;
    for (size_t n = 0; n < set->count; n++)
        if (life_event_has(&set->events[n], i->row.code, i->name_fold, i->field_key)) bits |= UINT64_C(1) << n;
    return bits;
}

static enum outcome add_row(void *context, const struct row *r, struct fail *why)
{
    struct catalogue_index *x = context;
    (void)why; /* nothing can fail */
    struct procedure_row row = row_of(r);
    if (x->count == x->room) list_grow(&x->arena, (void **)&x->rows, &x->room, sizeof *x->rows);
    struct indexed *i = &x->rows[x->count++];
    *i = (struct indexed){.row = copy_row(&x->arena, &row)};
    i->name_fold = text_fold(&x->arena, row.name);
    i->name_tone = with_accents(&x->arena, row.name);
    i->field_key = text_fold(&x->arena, row.field);
    struct str code = text_fold(&x->arena, row.code);
    const struct str parts[] = {i->name_fold, code, i->field_key};
    i->folded = str_join(&x->arena, STR(" "), parts, LENGTH(parts));
    i->events = events_of(x->events, i);
    return OK;
}

enum outcome catalogue_index_load(struct tx *tx, int64_t change, day_t day, const struct life_event_set *events,
                                  struct catalogue_index **out, struct fail *why)
{
    struct catalogue_index *x = calloc(1, sizeof *x);
    if (x == NULL) BUG("no memory for the catalogue's index");
    arena_init(&x->arena, INDEX_BYTES_MOST);
    x->change = change;
    x->day = day;
    x->events = events;
    enum outcome o = store_each(tx, Q_PROCEDURE_ALL, VALUES(v_int(day)), add_row, x, why);
    if (o != OK) {
        catalogue_index_free(x);
        return o;
    }
    *out = x;
    return OK;
}

/* ---- matching ---- */

/* What was asked for, made ready once. */
struct asked {
    const struct procedure_query *q;
    struct str field_key;
    struct str folded, tone; /* the text */
    struct str code;         /* the text, when it could be the beginning of a code */
    struct str words[WORDS_MOST], tones[WORDS_MOST];
    size_t word_count, tone_count;
    bool has_accents;
    uint64_t event; /* bit of the life event; 0: of none, when one was asked for */
};

static size_t split_words(struct str s, struct str *out)
{
    size_t count = 0;
    struct str head, rest = s;
    while (rest.len > 0 && count < WORDS_MOST) {
        (void)str_cut(rest, ' ', &head, &rest); /* the last word has no space after it */
        if (head.len > 0) out[count++] = head;
    }
    return count;
}

static uint64_t event_bit(const struct catalogue_index *x, struct str id)
{
    const struct life_event *e = life_event_find(x->events, id);
    return e != NULL ? UINT64_C(1) << (e - x->events->events) : 0;
}

static struct asked make_ready(const struct catalogue_index *x, struct arena *a, const struct procedure_query *q)
{
    struct asked k = {.q = q, .event = event_bit(x, q->event)};
    struct str text = text_one_line(a, text_clean(a, q->text));
    k.field_key = text_fold(a, q->field);
    k.folded = text_fold(a, text);
    k.tone = with_accents(a, text);
    k.code = text.len > 2 && text.at[0] >= '1' && text.at[0] <= '9' && text.at[1] == '.' ? text : STR_NONE;
    k.word_count = split_words(k.folded, k.words);
    k.tone_count = split_words(k.tone, k.tones);
    k.has_accents = !str_eq(k.tone, k.folded) && k.tone_count == k.word_count;
    return k;
}

static bool is_asked_code(const struct procedure_query *q, struct str code)
{
    size_t from = 0, to = q->code_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = str_cmp(q->codes[middle], code);
        if (order == 0) return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

static bool passes_filters(const struct asked *k, const struct indexed *i)
{
    const struct procedure_query *q = k->q;
    if (q->level != ANY && (i->row.levels & 1u << q->level) == 0) return false;
    if (q->audience != ANY && (i->row.audience & 1u << q->audience) == 0) return false;
    if (q->channel != ANY && (i->row.channels & 1u << q->channel) == 0) return false;
    if (k->field_key.len > 0 && !str_eq(k->field_key, i->field_key)) return false;
    if (q->event.len > 0 && (i->events & k->event) == 0) return false;
    return q->codes == NULL || is_asked_code(q, i->row.code);
}

enum word_match { NO_MATCH, BEGINNING, WHOLE_WORD };

/* The best match of a word at the beginning of any word of the text. */
static enum word_match match_word(struct str text, struct str w)
{
    enum word_match best = NO_MATCH;
    for (ptrdiff_t at = 0; (at = str_find(text, w, (size_t)at)) >= 0; at++) {
        if (at > 0 && text.at[at - 1] != ' ') continue;
        size_t end = (size_t)at + w.len;
        if (end == text.len || text.at[end] == ' ') return WHOLE_WORD;
        best = BEGINNING;
    }
    return best;
}

/* 0: it does not match. What counts, most first: the code; the phrase with its accents; the phrase folded; each word
 * with its accents; whole words before beginnings; early in the name. */
static int score_of(const struct asked *k, const struct indexed *i)
{
    if (k->code.len > 0 && str_starts(i->row.code, k->code)) return str_eq(i->row.code, k->code) ? 100000 : 50000;
    int score = 1;
    for (size_t w = 0; w < k->word_count; w++) {
        enum word_match m = match_word(i->folded, k->words[w]);
        if (m == NO_MATCH) return 0;
        score += m == WHOLE_WORD ? 10 : 4;
        if (k->has_accents && match_word(i->name_tone, k->tones[w]) != NO_MATCH) score += 60;
    }
    if (k->has_accents && match_word(i->name_tone, k->tone) != NO_MATCH) score += 4000;
    ptrdiff_t phrase = str_find(i->name_fold, k->folded, 0);
    if (match_word(i->name_fold, k->folded) != NO_MATCH) score += 1000 - (phrase > 200 ? 200 : (int)phrase);
    return score;
}

/* ---- pages ---- */

struct hit {
    const struct indexed *row;
    int score;
};

static int by_score(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    if (x->score != y->score) return x->score < y->score ? 1 : -1;
    return str_cmp(x->row->row.code, y->row->row.code);
}

/* The place in the list after which the page begins. */
static enum outcome cursor_offset(const struct procedure_query *q, size_t *out, struct fail *why)
{
    uint64_t n = 0;
    if (q->cursor.len > 0 &&
        (q->cursor.at[0] != 'n' || !parse_u64(str_part(q->cursor, 1, q->cursor.len), &n) || n > 1000000))
        return fail(why, ERR_BAD, N_("The cursor is not one that a page before gave."));
    *out = (size_t)n;
    return OK;
}

enum outcome catalogue_index_search(const struct catalogue_index *x, struct arena *a, const struct procedure_query *q,
                                    struct procedure_page *out, struct fail *why)
{
    size_t offset = 0, limit = q->limit == 0                    ? PROCEDURE_LIST_USUAL
                               : q->limit > PROCEDURE_LIST_MOST ? PROCEDURE_LIST_MOST
                                                                : q->limit;
    TRY(cursor_offset(q, &offset, why));
    struct asked k = make_ready(x, a, q);
    struct hit *hits = ARENA_ARRAY(a, struct hit, x->count);
    size_t found = 0;
    bool asks_text = k.word_count > 0, is_only_marks = q->text.len > 0 && !asks_text;
    for (size_t i = 0; i < x->count && !is_only_marks; i++) {
        const struct indexed *row = &x->rows[i];
        if (!passes_filters(&k, row)) continue;
        int score = asks_text ? score_of(&k, row) : 1;
        if (score > 0) hits[found++] = (struct hit){row, score};
    }
    if (asks_text) qsort(hits, found, sizeof *hits, by_score);
    size_t left = offset < found ? found - offset : 0, count = left < limit ? left : limit;
    out->rows = ARENA_ARRAY(a, struct procedure_row, count);
    out->count = count;
    for (size_t i = 0; i < count; i++) out->rows[i] = copy_row(a, &hits[offset + i].row->row);
    out->next_cursor = count < left ? str_format(a, "n%zu", offset + count) : STR_NONE;
    return OK;
}

void catalogue_index_all(const struct catalogue_index *x, struct arena *a, struct procedure_row **out,
                         size_t *out_count)
{
    struct procedure_row *rows = ARENA_ARRAY(a, struct procedure_row, x->count);
    for (size_t i = 0; i < x->count; i++) rows[i] = copy_row(a, &x->rows[i].row);
    *out = rows;
    *out_count = x->count;
}

/* ---- life events ---- */

void catalogue_index_events(const struct catalogue_index *x, struct arena *a, struct procedure_event **out,
                            size_t *out_count)
{
    size_t most = x->events != NULL ? x->events->count : 0;
    struct procedure_event *list = ARENA_ARRAY(a, struct procedure_event, most + 1);
    *out_count = 0;
    for (size_t n = 0; n < most; n++) {
        int64_t count = 0;
        for (size_t i = 0; i < x->count; i++) count += (int64_t)(x->rows[i].events >> n & 1);
        if (count > 0) list[(*out_count)++] = (struct procedure_event){&x->events->events[n], count};
    }
    *out = list;
}

/* ---- fields ---- */

struct sorted_field {
    struct procedure_field field;
    struct str sort_key;
};

static int by_sort_key(const void *a, const void *b)
{
    const struct sorted_field *x = a, *y = b;
    return str_cmp(x->sort_key, y->sort_key);
}

void catalogue_index_fields(const struct catalogue_index *x, struct arena *a, struct procedure_field **out,
                            size_t *out_count)
{
    struct map known;
    map_init(&known, a);
    struct sorted_field *fields = ARENA_ARRAY(a, struct sorted_field, x->count);
    size_t count = 0;
    for (size_t i = 0; i < x->count; i++) {
        const struct indexed *row = &x->rows[i];
        if (row->field_key.len == 0) continue;
        struct sorted_field *f = map_find(&known, row->field_key);
        if (f == NULL) {
            f = &fields[count++];
            f->field = (struct procedure_field){.label = str_dup(a, row->row.field), .key = str_dup(a, row->field_key)};
            f->sort_key = text_sort_key(a, row->row.field);
            (void)map_set(&known, row->field_key, f); /* there was none */
        }
        f->field.count++;
    }
    qsort(fields, count, sizeof *fields, by_sort_key);
    struct procedure_field *list = ARENA_ARRAY(a, struct procedure_field, count);
    for (size_t i = 0; i < count; i++) list[i] = fields[i].field;
    *out = list;
    *out_count = count;
}
