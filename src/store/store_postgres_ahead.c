/*
 * What is asked ahead of its need (store_ahead). The questions go out at once and their answers come with the next one
 * that is waited for. There they stay until the transaction that asked ends: in a reader's snapshot the same question
 * has the same answer however often it is asked. In a command an answer is given once.
 *
 * A question may build on the answer to another one (v_answer) before that has come: then the server looks the value up
 * itself. The text of such a question is that of its query with the other query in the place of the parameter; there
 * are few shapes of them, each with a number under which connections prepare it. When both answers are here, the value
 * is known, and the question is one like any other. A reader's snapshot makes both answers true at the same moment.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "store/store_postgres.h"

enum { SHAPE_BYTES = 64 * 1024 };

/* ---- what was asked ---- */

static bool is_same_value(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind || a->kind == VALUE_NULL) return a->kind == b->kind;
    if (a->kind == VALUE_ANSWER) return a->query == b->query && a->number == b->number;
    return a->kind == VALUE_INT ? a->number == b->number : str_eq(a->text, b->text);
}

static bool is_asked(const struct pg_ahead *a, const struct statement *st)
{
    bool is = a->query == st->query && a->value_count == st->value_count;
    for (size_t i = 0; i < st->value_count && is; i++) is = is_same_value(&a->values[i], &st->values[i]);
    return is;
}

static struct pg_ahead *find_ahead(struct pg_link *c, const struct statement *st)
{
    for (size_t i = 0; i < c->ahead_count; i++)
        if (is_asked(&c->ahead[i], st)) return &c->ahead[i];
    return NULL;
}

/* The last question of that kind whose values are known. */
static const struct pg_ahead *find_source(const struct pg_link *c, unsigned query)
{
    for (size_t i = c->ahead_count; i-- > 0;)
        if (c->ahead[i].query == query && !c->ahead[i].source) return &c->ahead[i];
    return NULL;
}

static struct value *keep_values(struct arena *a, const struct statement *st)
{
    struct value *kept = ARENA_ARRAY(a, struct value, st->value_count + 1);
    for (size_t i = 0; i < st->value_count; i++) {
        kept[i] = st->values[i];
        kept[i].text = str_dup(a, st->values[i].text);
    }
    return kept;
}

/* ---- shapes ---- */

/* "$12" of a text: its number, and behind it; 0: no parameter begins here. */
static size_t parameter_at(const char *at, const char **out_behind)
{
    char *end = NULL;
    if (at[0] != '$' || !isdigit((unsigned char)at[1])) return 0;
    size_t n = strtoul(at + 1, &end, 10);
    *out_behind = end;
    return n;
}

/* A text whose parameters are replaced by what `put` writes for them. */
typedef void put_parameter(struct buf *out, const void *context, size_t n);

static void put_text(struct buf *out, const char *sql, put_parameter *put, const void *context)
{
    while (*sql != 0) {
        const char *behind;
        size_t n = parameter_at(sql, &behind);
        if (n == 0) {
            buf_add_char(out, *sql++);
        } else {
            put(out, context, n);
            sql = behind;
        }
    }
}

struct composing {
    const struct store_options *options;
    const struct pg_shape *shape;
    size_t own_count; /* parameters of its own: they come first, then those of the source */
};

static void put_of_source(struct buf *out, const void *context, size_t n)
{
    const struct composing *w = context;
    buf_addf(out, "$%zu", w->own_count + n);
}

/* Columns are named by their place: queries need not name theirs. */
static void put_source(struct buf *out, const struct composing *w, int column)
{
    buf_addf(out, "(SELECT s.c%d FROM (", column);
    put_text(out, w->options->queries[w->shape->source].sql_postgres, put_of_source, w);
    buf_add(out, STR("\n) AS s(")); /* behind a comment, too */
    for (int i = 0; i <= column; i++) buf_addf(out, "%sc%d", i > 0 ? ", " : "", i);
    buf_add(out, STR(") LIMIT 1)"));
}

static void put_of_query(struct buf *out, const void *context, size_t n)
{
    const struct composing *w = context;
    size_t own = 1;
    if (w->shape->columns[n - 1] >= 0) {
        put_source(out, w, w->shape->columns[n - 1]);
        return;
    }
    for (size_t i = 0; i + 1 < n; i++) own += w->shape->columns[i] < 0;
    buf_addf(out, "$%zu", own);
}

static void put_built(struct buf *out, const struct store_options *o, const struct pg_shape *shape)
{
    struct composing w = {.options = o, .shape = shape};
    const struct query *q = &o->queries[shape->query];
    for (int i = 0; i < q->param_count; i++) w.own_count += shape->columns[i] < 0;
    put_text(out, q->sql_postgres, put_of_query, &w);
}

static char *compose(const struct store_options *o, const struct pg_shape *shape)
{
    AUTO_BUF struct buf sql;
    buf_init(&sql, SHAPE_BYTES);
    if (shape->kind == PG_BUILT)
        put_built(&sql, o, shape);
    else
        buf_addf(&sql, "WITH changed AS (%s\n RETURNING 1) SELECT 1 / count(*) FROM changed",
                 o->queries[shape->query].sql_postgres);
    buf_add_char(&sql, 0);
    char *text = strdup(sql.at);
    if (!text) BUG("out of memory");
    return text;
}

static bool is_same_shape(const struct pg_shape *a, const struct pg_shape *b)
{
    return a->kind == b->kind && a->query == b->query && a->source == b->source &&
           memcmp(a->columns, b->columns, sizeof a->columns) == 0;
}

/* Its number; what there is no number for any more is asked when it is needed. */
static size_t shape_number(struct postgres *s, const struct pg_shape *shape)
{
    size_t n = 0;
    pthread_mutex_lock(&s->lock);
    while (n < s->shape_count && !is_same_shape(&s->shapes[n], shape)) n++;
    if (n == s->shape_count && n < PG_SHAPES_MOST) {
        s->shapes[n] = *shape;
        s->shapes[n].sql = compose(&s->store.options, shape);
        snprintf(s->shapes[n].name, sizeof s->shapes[n].name, "ahead %zu", n);
        s->shape_count++;
    }
    pthread_mutex_unlock(&s->lock);
    return n;
}

void pg_shapes_end(struct postgres *s)
{
    for (size_t i = 0; i < s->shape_count; i++) free(s->shapes[i].sql);
}

static void send_shape(struct pg_link *c, size_t n, const struct statement *st)
{
    const struct pg_shape *shape = &c->owner->shapes[n];
    const struct pg_prepared p = {c->owner->store.options.query_count + n, shape->name, shape->sql};
    pg_send_prepared(c, &p, st);
}

void pg_send_change(struct pg_link *c, const struct statement *st)
{
    struct pg_shape shape = {.kind = PG_CHANGED, .query = st->query};
    size_t n = shape_number(c->owner, &shape);
    if (n == PG_SHAPES_MOST) BUG("more than %d texts are made from queries", PG_SHAPES_MOST);
    send_shape(c, n, st);
}

/* ---- asking ---- */

static const struct pg_ahead *source_of(const struct pg_link *c, const struct statement *st, struct pg_shape *out)
{
    const struct pg_ahead *source = NULL;
    *out = (struct pg_shape){.query = st->query};
    memset(out->columns, -1, sizeof out->columns);
    for (size_t i = 0; i < st->value_count; i++) {
        const struct value *v = &st->values[i];
        if (v->kind != VALUE_ANSWER) continue;
        if (source && source->query != v->query) BUG("a question builds on two others");
        source = find_source(c, v->query);
        if (!source) return NULL;
        out->columns[i] = (signed char)v->number;
    }
    out->source = source ? source->query : 0;
    return source;
}

/* Its own values, then those of the source. */
static void send_composed(struct pg_link *c, const struct statement *st, const struct pg_ahead *source,
                          const struct pg_shape *shape)
{
    struct value values[PG_PARAMS_MOST];
    size_t count = 0, n = shape_number(c->owner, shape);
    if (n == PG_SHAPES_MOST || st->value_count + source->value_count > PG_PARAMS_MOST) return;
    for (size_t i = 0; i < st->value_count; i++)
        if (st->values[i].kind != VALUE_ANSWER) values[count++] = st->values[i];
    for (size_t i = 0; i < source->value_count; i++) values[count++] = source->values[i];
    send_shape(c, n, &(struct statement){.values = values, .value_count = count});
}

static void note_asked(struct tx *tx, const struct statement *st, const struct value *source)
{
    struct pg_link *c = tx->connection;
    c->ahead[c->ahead_count++] = (struct pg_ahead){.query = st->query,
                                                   .place = c->sent - 1,
                                                   .by = tx,
                                                   .values = keep_values(&c->asked, st),
                                                   .value_count = st->value_count,
                                                   .source = source};
}

/* The values that have come meanwhile take their places. */
static void settle(struct pg_ahead *a, const PGresult *answer, struct arena *arena)
{
    for (size_t i = 0; i < a->value_count; i++) {
        struct value *v = &a->values[i];
        if (v->kind != VALUE_ANSWER) continue;
        *v = PQntuples(answer) > 0 ? pg_read_cell(answer, 0, (int)v->number) : v_null();
        v->text = str_dup(arena, v->text);
    }
    a->source = NULL;
}

static void ask_built(struct tx *tx, const struct statement *st)
{
    struct pg_link *c = tx->connection;
    struct pg_shape shape;
    const struct pg_ahead *source = source_of(c, st, &shape);
    unsigned sent = c->sent;
    if (!source || tx->is_command) return; /* a command's statements see what others commit between them */
    if (!source->answer) {
        send_composed(c, st, source, &shape);
        if (c->sent > sent && c->state == PG_FINE) note_asked(tx, st, source->values);
        return;
    }
    struct pg_ahead known = {.values = keep_values(tx->arena, st), .value_count = st->value_count};
    settle(&known, source->answer, tx->arena);
    pg_ahead(tx, &(struct statement){.query = st->query, .values = known.values, .value_count = known.value_count});
}

/* What there is no room for is asked when it is needed. */
void pg_ahead(struct tx *tx, const struct statement *st)
{
    struct pg_link *c = tx->connection;
    bool has_room =
        c->ahead_count < PG_AHEAD_MOST && c->sent + 2 < PG_UNAWAITED_MOST && c->preparing_count < PG_PREPARING_MOST;
    bool is_built = false;
    for (size_t i = 0; i < st->value_count; i++) is_built |= st->values[i].kind == VALUE_ANSWER;
    if (c->state != PG_FINE || !has_room || find_ahead(c, st)) return;
    pg_begin(c);
    if (is_built) {
        ask_built(tx, st);
        return;
    }
    pg_send_statement(c, st);
    if (c->state == PG_FINE) note_asked(tx, st, NULL);
}

/* ---- answers ---- */

bool pg_ahead_keep(struct pg_link *c, unsigned place, PGresult *r)
{
    for (size_t i = 0; i < c->ahead_count; i++) {
        if (c->ahead[i].answer || c->ahead[i].place != place) continue;
        c->ahead[i].answer = r;
        return true;
    }
    return false;
}

void pg_ahead_settle(struct pg_link *c)
{
    for (size_t i = 0; i < c->ahead_count; i++) {
        struct pg_ahead *a = &c->ahead[i];
        for (size_t k = 0; k < c->ahead_count && a->source; k++)
            if (c->ahead[k].values == a->source) settle(a, c->ahead[k].answer, &c->asked);
    }
}

enum outcome pg_ahead_find(struct pg_link *c, const struct statement *st, const PGresult **out, struct fail *why)
{
    struct pg_ahead *ahead = find_ahead(c, st);
    *out = NULL;
    if (!ahead) return OK;
    if (!ahead->answer) TRY(pg_sync(c, NULL, why));
    *out = ahead->answer;
    return OK;
}

void pg_ahead_used(struct pg_link *c, const struct statement *st)
{
    struct pg_ahead *ahead = find_ahead(c, st);
    if (!ahead || !c->tx.is_command) return;
    PQclear(ahead->answer);
    *ahead = c->ahead[--c->ahead_count];
}

void pg_forget_ahead(struct pg_link *c, const struct tx *by)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->ahead_count; i++) {
        if (by && c->ahead[i].by != by)
            c->ahead[kept++] = c->ahead[i];
        else
            PQclear(c->ahead[i].answer);
    }
    c->ahead_count = kept;
    if (kept == 0) arena_clear(&c->asked);
}
