#include <string.h>

#include "rule/feel_functions.h"

struct feel_value fn_get_value(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    (void)count;
    const struct feel_value *v = feel_context_find(args[0].context, args[1].string);
    return v != NULL ? *v : feel_null();
}

struct feel_value fn_get_entries(struct feel_run *run, const struct feel_value *args, size_t count)
{
    const struct feel_context *c = args[0].context;
    struct feel_value *out = ARENA_ARRAY(run->arena, struct feel_value, c->count + 1);
    (void)count;
    for (size_t i = 0; i < c->count; i++) {
        struct feel_entry *pair = ARENA_ARRAY(run->arena, struct feel_entry, 2);
        pair[0] = (struct feel_entry){STR("key"), feel_string(c->entries[i].name)};
        pair[1] = (struct feel_entry){STR("value"), c->entries[i].value};
        out[i] = feel_context_value(run->arena, pair, 2);
    }
    return feel_list(out, c->count);
}

struct feel_value fn_context(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, args[0].count + 1);
    size_t n = 0;
    (void)count;
    for (size_t i = 0; i < args[0].count; i++) {
        struct feel_value item = args[0].items[i];
        const struct feel_value *key = item.kind == FEEL_CONTEXT ? feel_context_find(item.context, STR("key")) : NULL;
        const struct feel_value *value = key != NULL ? feel_context_find(item.context, STR("value")) : NULL;
        if (value == NULL || key->kind != FEEL_STRING)
            return feel_error(run, N_("An entry is a context with a “key” that is a text and a “value”."));
        for (size_t k = 0; k < n; k++)
            if (str_eq(entries[k].name, key->string))
                return feel_error(run, N_("The context has two entries “{0}”."), key->string);
        entries[n++] = (struct feel_entry){key->string, *value};
    }
    return feel_context_value(run->arena, entries, n);
}

static struct feel_value with_entry(struct feel_run *run, const struct feel_context *c, struct str key,
                                    struct feel_value value)
{
    struct feel_entry *entries = ARENA_ARRAY(run->arena, struct feel_entry, c->count + 1);
    size_t at = 0;
    if (c->count > 0) memcpy(entries, c->entries, c->count * sizeof *entries);
    while (at < c->count && !str_eq(entries[at].name, key)) at++;
    entries[at] = (struct feel_entry){key, value};
    return feel_context_value(run->arena, entries, at < c->count ? c->count : c->count + 1);
}

/* The path of keys leads through contexts that are there. */
static struct feel_value put_at(struct feel_run *run, struct feel_value context, const struct feel_value *keys,
                                size_t count, struct feel_value value)
{
    if (context.kind != FEEL_CONTEXT || keys[0].kind != FEEL_STRING)
        return feel_error(run, N_("The keys are texts and lead through contexts."));
    if (count == 1) return with_entry(run, context.context, keys[0].string, value);
    const struct feel_value *inner = feel_context_find(context.context, keys[0].string);
    struct feel_value changed = put_at(run, inner != NULL ? *inner : feel_null(), &keys[1], count - 1, value);
    return changed.kind == FEEL_CONTEXT ? with_entry(run, context.context, keys[0].string, changed) : changed;
}

struct feel_value fn_context_put(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    if (args[1].kind == FEEL_STRING) return with_entry(run, args[0].context, args[1].string, args[2]);
    if (args[1].count == 0 || args[1].count > FEEL_DEPTH)
        return feel_error(run, N_("The keys are texts and lead through contexts."));
    return put_at(run, args[0], args[1].items, args[1].count, args[2]);
}

struct feel_value fn_context_merge(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value merged = feel_context_value(run->arena, NULL, 0);
    (void)count;
    for (size_t i = 0; i < args[0].count; i++) {
        if (args[0].items[i].kind != FEEL_CONTEXT) return feel_error(run, N_("Only contexts can be merged."));
        const struct feel_context *c = args[0].items[i].context;
        for (size_t k = 0; k < c->count; k++)
            merged = with_entry(run, merged.context, c->entries[k].name, c->entries[k].value);
    }
    return merged;
}
