#include "store/store_copy.h"

#include <stdio.h>
#include <string.h>

#include "base/list.h"
#include "store/store_copy_side.h"

enum { TOLD_EVERY = 4096 };

struct copy_pass {
    const struct copy_table *table;
    const struct copy_side *to; /* NULL: only read */
    const struct store_copying *how;
    struct sha256_stream *hash;
    int64_t rows, rows_before; /* before: of the tables that are done */
};

const struct copy_table *copy_table_of(const struct copy_pass *p)
{
    return p->table;
}

static void tell(const struct copy_pass *p)
{
    if (p->how->progress) p->how->progress(p->how->context, p->table->name, p->rows_before + p->rows);
}

enum outcome copy_take_row(struct copy_pass *p, struct str row, struct fail *why)
{
    sha256_add(p->hash, row);
    if (++p->rows % TOLD_EVERY == 0) {
        tell(p);
        if (p->how->ends_with) TRY(store_goes_on(p->how->ends_with, why));
    }
    return p->to ? p->to->put(p->to->at, row, why) : OK;
}

static enum outcome copy_one(const struct copy_side *from, struct copy_pass *p, struct fail *why)
{
    tell(p);
    if (p->to) TRY(p->to->put_begin(p->to->at, p->table, why));
    TRY(from->read(from->at, p, why));
    return p->to ? p->to->put_end(p->to->at, why) : OK;
}

enum outcome copy_all(const struct copy_side *from, const struct copy_side *to, const struct copy_tables *tables,
                      struct arena *a, const struct store_copying *how, struct store_contents *out, struct fail *why)
{
    struct store_contents contents = {ARENA_ARRAY(a, struct store_table, tables->count + 1), tables->count, 0};
    for (size_t i = 0; i < tables->count; i++) {
        struct copy_pass p = {&tables->at[i], to, how, sha256_begin(), 0, contents.rows};
        enum outcome done = copy_one(from, &p, why);
        contents.tables[i] = (struct store_table){str_dup(a, p.table->name), p.rows, sha256_end(p.hash)};
        contents.rows += p.rows;
        TRY(done);
    }
    *out = contents;
    return OK;
}

enum outcome copy_compare(const struct store_contents *here, const struct store_contents *there, struct fail *why)
{
    for (size_t i = 0; i < here->count; i++) {
        const struct store_table *x = &here->tables[i], *y = &there->tables[i];
        if (x->rows != y->rows || !sha256_eq(x->hash, y->hash))
            return fail(why, ERR_CONFLICT, N_("The copy of the table {0} is not equal to it."), x->name);
    }
    return OK;
}

size_t copy_schema_count(const struct store *s)
{
    const struct store_options *o = &s->options;
    size_t count = o->migration_count;
    while (count > 0 && strcmp(o->migrations[count - 1].name, store_schema(s)) != 0) count--;
    return count;
}

uint32_t copy_number(const char *at, size_t bytes)
{
    uint32_t n = 0;
    for (size_t i = 0; i < bytes; i++) n = n << 8 | (unsigned char)at[i];
    return n;
}

void copy_put_number(struct buf *out, uint64_t n, size_t bytes)
{
    char text[sizeof n];
    for (size_t i = bytes; i-- > 0; n >>= 8) text[i] = (char)n;
    buf_add(out, str_of(text, bytes));
}

enum outcome store_copy(struct store *s, struct arena *a, const struct store_copying *how, struct store_contents *out,
                        struct fail *why)
{
    bool is_postgres = s->options.url != NULL;
    if (is_postgres == (how->to_url != NULL))
        return fail(why, ERR_CONFLICT, N_("Both places are of the same kind: one is a file, the other a database."));
    return is_postgres ? copy_from_postgres(s, a, how, out, why) : copy_to_postgres(s, a, how, out, why);
}
