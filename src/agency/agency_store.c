#include "agency/agency_store.h"

#include <stdlib.h>

#include "agency/identifier.h"
#include "base/text.h"
#include "queries.h"

enum { CANDIDATES = 200, WORDS_BYTES = 200, LEVELS_MOST = 16 };

struct value v_day(day_t d)
{
    return d == DAY_OPEN || d == DAY_UNKNOWN ? v_null() : v_int(d);
}

struct value v_ref(int64_t id)
{
    return id == 0 ? v_null() : v_int(id);
}

day_t row_day_from(const struct row *r, size_t column)
{
    return row_is_null(r, column) ? DAY_UNKNOWN : (day_t)row_int(r, column);
}

day_t row_day_to(const struct row *r, size_t column)
{
    return row_is_null(r, column) ? DAY_OPEN : (day_t)row_int(r, column);
}

/* ---- agencies ---- */

static struct agency agency_of(const struct row *r)
{
    return (struct agency){
        .id = row_int(r, 0),
        .version = row_int(r, 1),
        .identifier = row_str(r, 2),
        .is_provisional = row_bool(r, 3),
        .name = row_str(r, 4),
        .class = row_str(r, 5),
        .territory = row_int(r, 6),
        .parent = row_int(r, 7),
        .successor = row_int(r, 8),
        .valid_from = row_day_from(r, 9),
        .valid_to = row_day_to(r, 10),
        .phone = row_str(r, 11),
        .hotline = row_str(r, 12),
        .territory_code = row_str(r, 13),
        .territory_name = row_str(r, 14),
        .territory_kind = row_str(r, 15),
        .parent_identifier = row_str(r, 16),
        .parent_name = row_str(r, 17),
    };
}

enum outcome agency_load(struct tx *tx, int64_t id, struct agency *out, struct fail *why)
{
    struct row row;
    enum outcome r = store_one(tx, Q_AGENCY_BY_ID, VALUES(v_int(id)), &row, why);
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("This agency is not known."));
    TRY(r);
    *out = agency_of(&row);
    return OK;
}

void agency_ahead(struct tx *tx, struct value id)
{
    store_ahead(tx, Q_AGENCY_BY_ID, VALUES(id));
}

enum outcome agency_is_below(struct tx *tx, const struct agency *a, int64_t above, bool *out, struct fail *why)
{
    struct agency at = *a;
    for (int i = 0; i < LEVELS_MOST && at.id != above && at.parent != 0; i++) TRY(agency_load(tx, at.parent, &at, why));
    *out = at.id == above;
    return OK;
}

enum outcome agency_find(struct tx *tx, struct str identifier, struct agency *out, struct fail *why)
{
    struct str checked;
    struct row row;
    if (identifier_parse(tx_arena(tx), identifier, &checked, why) != OK)
        return fail(why, ERR_MISSING, N_("No agency has the identifier {0}."), identifier);
    enum outcome r = store_one(tx, Q_AGENCY_BY_IDENTIFIER, VALUES(v_str(checked)), &row, why);
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("No agency has the identifier {0}."), checked);
    TRY(r);
    *out = agency_of(&row);
    return OK;
}

struct str agency_search_text(struct arena *a, struct str name, struct str place, struct str identifier)
{
    const struct str parts[] = {name, place, identifier};
    return text_fold(a, str_join(a, STR(" "), parts, LENGTH(parts)));
}

void agency_find_ahead(struct tx *tx, struct str identifier)
{
    struct str checked;
    struct fail wrong;
    fail_init(&wrong, tx_arena(tx));
    if (identifier_parse(tx_arena(tx), identifier, &checked, &wrong) == OK)
        store_ahead(tx, Q_AGENCY_BY_IDENTIFIER, VALUES(v_str(checked)));
}

struct value agency_found_to_come(void)
{
    return v_answer(Q_AGENCY_BY_IDENTIFIER, 0);
}

/* A candidate and how well it fits what was typed; smaller is better. */
struct ranked {
    struct agency agency;
    int rank;
    size_t order;
};

static int rank_order(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* As typed with its accents, then the words in one piece, then scattered. */
static int rank_of(struct arena *a, const struct agency *agency, struct str typed, struct str folded)
{
    if (str_has(place_normal(a, agency->name), typed)) return 0;
    if (str_has(text_fold(a, agency->name), folded)) return 1;
    return 2;
}

static struct str pattern_of(struct arena *a, struct str folded)
{
    const struct str parts[] = {STR("%"), str_replace(a, folded, STR(" "), STR("%")), STR("%")};
    return str_join(a, STR_NONE, parts, LENGTH(parts));
}

static enum outcome list_by_words(struct tx *tx, const struct agency_filter *f, struct agency **out, size_t *out_count,
                                  struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct str words = str_part(text_one_line(a, f->words), 0, WORDS_BYTES);
    struct str typed = place_normal(a, words), folded = text_fold(a, words), pattern = pattern_of(a, folded);
    bool is_under = f->parent != 0, is_offering = f->procedure.len > 0;
    struct rows rows;
    if (is_offering && is_under)
        TRY(store_all(tx, Q_AGENCY_LIST_OFFERING_WORDS_UNDER,
                      VALUES(v_int(f->parent), v_str(pattern), v_int(f->day), v_str(f->procedure)), &rows, why));
    else if (is_offering)
        TRY(store_all(tx, Q_AGENCY_LIST_OFFERING_WORDS, VALUES(v_str(pattern), v_int(f->day), v_str(f->procedure)),
                      &rows, why));
    else if (is_under)
        TRY(store_all(tx, Q_AGENCY_LIST_WORDS_UNDER, VALUES(v_int(f->parent), v_str(pattern), v_int(f->day)), &rows,
                      why));
    else
        TRY(store_all(tx, Q_AGENCY_LIST_WORDS, VALUES(v_str(pattern), v_int(f->day)), &rows, why));

    struct ranked *found = ARENA_ARRAY(a, struct ranked, rows.count);
    for (size_t i = 0; i < rows.count; i++) {
        found[i] = (struct ranked){.agency = agency_of(&rows.at[i]), .order = i};
        found[i].rank = rank_of(a, &found[i].agency, typed, folded);
    }
    if (rows.count > 1) qsort(found, rows.count, sizeof found[0], rank_order);
    size_t from = f->after > 0 ? (size_t)f->after : 0;
    if (from > rows.count) from = rows.count;
    size_t count = rows.count - from < f->most ? rows.count - from : f->most;
    struct agency *list = ARENA_ARRAY(a, struct agency, count);
    for (size_t i = 0; i < count; i++) list[i] = found[from + i].agency;
    *out = list;
    *out_count = count;
    return OK;
}

enum outcome agency_list(struct tx *tx, const struct agency_filter *f, struct agency **out, size_t *out_count,
                         struct fail *why)
{
    if (text_fold(tx_arena(tx), f->words).len > 0) return list_by_words(tx, f, out, out_count, why);
    bool is_under = f->parent != 0, is_offering = f->procedure.len > 0;
    struct value after = v_int(f->after), day = v_int(f->day), most = v_int((int64_t)f->most),
                 procedure = v_str(f->procedure);
    struct rows rows;
    if (is_offering && is_under)
        TRY(store_all(tx, Q_AGENCY_LIST_OFFERING_UNDER, VALUES(v_int(f->parent), after, day, procedure, most), &rows,
                      why));
    else if (is_offering)
        TRY(store_all(tx, Q_AGENCY_LIST_OFFERING, VALUES(after, day, procedure, most), &rows, why));
    else if (is_under)
        TRY(store_all(tx, Q_AGENCY_LIST_UNDER, VALUES(v_int(f->parent), after, day, most), &rows, why));
    else
        TRY(store_all(tx, Q_AGENCY_LIST_ALL, VALUES(after, day, most), &rows, why));
    struct agency *list = ARENA_ARRAY(tx_arena(tx), struct agency, rows.count);
    for (size_t i = 0; i < rows.count; i++) list[i] = agency_of(&rows.at[i]);
    *out = list;
    *out_count = rows.count;
    return OK;
}

/* ---- territories ---- */

static struct territory territory_of(const struct row *r)
{
    struct territory t = {
        .id = row_int(r, 0),
        .parent = row_int(r, 1),
        .code = row_str(r, 2),
        .name = row_str(r, 4),
        .valid_from = row_day_from(r, 5),
        .valid_to = row_day_to(r, 6),
    };
    if (!territory_kind_parse(row_str(r, 3), &t.kind)) BUG("a territory row has an unknown kind");
    return t;
}

static enum outcome one_territory(enum outcome r, const struct row *row, struct territory *out, struct fail *why)
{
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("This place is not known."));
    TRY(r);
    *out = territory_of(row);
    return OK;
}

enum outcome territory_load(struct tx *tx, int64_t id, struct territory *out, struct fail *why)
{
    struct row row = {0};
    return one_territory(store_one(tx, Q_TERRITORY_BY_ID, VALUES(v_int(id)), &row, why), &row, out, why);
}

enum outcome territory_find(struct tx *tx, struct str code, struct territory *out, struct fail *why)
{
    struct row row = {0};
    return one_territory(store_one(tx, Q_TERRITORY_BY_CODE, VALUES(v_str(code)), &row, why), &row, out, why);
}

enum outcome territory_predecessors(struct tx *tx, int64_t id, struct territory **out, size_t *out_count,
                                    struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_TERRITORY_PREDECESSORS_OF, VALUES(v_int(id)), &rows, why));
    struct territory *list = ARENA_ARRAY(tx_arena(tx), struct territory, rows.count);
    for (size_t i = 0; i < rows.count; i++) list[i] = territory_of(&rows.at[i]);
    *out = list;
    *out_count = rows.count;
    return OK;
}
