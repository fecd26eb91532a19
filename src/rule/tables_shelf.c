/*
 * Tables that were read stay in memory by the hash of their text, each in an arena of its own, for the life of the
 * program. A version never changes, so nothing is ever forgotten; when the shelf is full, a version is read into the
 * reader's own arena instead. Reading happens outside the lock: who comes second throws their own away.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/map.h"
#include "queries.h"
#include "rule/tables_model.h"

enum { ONE_FILE_BYTES = 256 * 1024 * 1024, NAMES_BYTES = 1024 * 1024 };

struct kept_tables {
    struct arena arena;
    struct tables *tables; /* NULL: the text cannot be used by this version of the program */
};

struct tables_shelf {
    pthread_mutex_t lock; /* of all below */
    struct arena arena;
    struct map kept; /* hash -> struct kept_tables * */
};

struct tables_shelf *tables_shelf_new(void)
{
    struct tables_shelf *s = calloc(1, sizeof *s);
    if (s == NULL || pthread_mutex_init(&s->lock, NULL) != 0) BUG("no memory for tables");
    arena_init(&s->arena, NAMES_BYTES);
    map_init(&s->kept, &s->arena);
    return s;
}

static void free_kept(struct kept_tables *k)
{
    if (k == NULL) return;
    arena_end(&k->arena);
    free(k);
}

void tables_shelf_free(struct tables_shelf *s)
{
    if (s == NULL) return;
    for (size_t i = 0; i < s->kept.count; i++) free_kept(s->kept.entries[i].value);
    arena_end(&s->arena);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static struct kept_tables *find_kept(struct tables_shelf *s, struct str hash, bool *out_is_full)
{
    pthread_mutex_lock(&s->lock);
    struct kept_tables *k = map_find(&s->kept, hash);
    *out_is_full = s->kept.count >= TABLES_KEPT;
    pthread_mutex_unlock(&s->lock);
    return k;
}

static struct kept_tables *read_one(struct str text)
{
    struct kept_tables *k = calloc(1, sizeof *k);
    struct fail refused;
    if (k == NULL) BUG("no memory for tables");
    arena_init(&k->arena, ONE_FILE_BYTES);
    fail_init(&refused, &k->arena);
    if (tables_read(&k->arena, text, &k->tables, &refused) != OK) k->tables = NULL;
    return k;
}

static struct kept_tables *keep(struct tables_shelf *s, struct str hash, struct str text)
{
    struct kept_tables *mine = read_one(text), *spare = NULL;
    pthread_mutex_lock(&s->lock);
    struct kept_tables *k = map_find(&s->kept, hash);
    if (k == NULL)
        (void)map_set(&s->kept, hash, k = mine); /* there was none */
    else
        spare = mine;
    pthread_mutex_unlock(&s->lock);
    free_kept(spare);
    return k;
}

static void read_own(struct arena *a, struct str text, struct rules_now *out)
{
    struct tables *own;
    struct fail refused;
    fail_init(&refused, a);
    out->tables = tables_read(a, text, &own, &refused) == OK ? own : NULL;
}

enum outcome rules_of_version(struct tables_shelf *s, struct tx *tx, struct arena *a, int64_t version, struct str hash,
                              struct rules_now *out, struct fail *why)
{
    struct row r;
    bool is_full = true;
    struct kept_tables *k = s != NULL ? find_kept(s, hash, &is_full) : NULL;
    *out = (struct rules_now){.version = version, .hash = str_dup(a, hash)};
    if (k == NULL) {
        TRY(store_one(tx, Q_RULE_TEXT, VALUES(v_int(version)), &r, why));
        if (!is_full) k = keep(s, hash, row_str(&r, 0));
    }
    if (k != NULL)
        out->tables = k->tables;
    else
        read_own(a, row_str(&r, 0), out);
    return OK;
}

void rules_at_ahead(struct tx *tx, struct str procedure, instant_t at)
{
    store_ahead(tx, Q_RULE_AT, VALUES(v_str(procedure), v_int(day_of(at))));
}

enum outcome rules_at(struct tables_shelf *s, struct tx *tx, struct arena *a, struct str procedure, instant_t at,
                      struct rules_now *out, struct fail *why)
{
    struct row r;
    *out = (struct rules_now){0};
    enum outcome found = store_one(tx, Q_RULE_AT, VALUES(v_str(procedure), v_int(day_of(at))), &r, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    return rules_of_version(s, tx, a, row_int(&r, 0), row_str(&r, 1), out, why);
}

void rules_add_questions(struct arena *a, const struct rules_now *now, struct procedure_form *form)
{
    size_t count;
    if (now->tables == NULL) return;
    const struct declaration *questions = tables_questions(now->tables, &count);
    form_add_fields(a, form, questions, count);
}
