#include <string.h>

#include "base/list.h"
#include "rule/feel_functions.h"

static struct feel_value *room(struct feel_run *run, size_t count)
{
    return ARENA_ARRAY(run->arena, struct feel_value, count + 1);
}

static size_t copy_items(struct feel_value *out, const struct feel_value *items, size_t count)
{
    if (count > 0) memcpy(out, items, count * sizeof *out);
    return count;
}

/* Every comparison is counted: a list is as long as who wrote the rule likes. */
static bool has_item(struct feel_run *run, const struct feel_value *items, size_t count, struct feel_value wanted)
{
    for (size_t i = 0; i < count && run->steps_left > 0; i++)
        if (feel_equal_within(items[i], wanted, &run->steps_left) == FEEL_YES) return true;
    return false;
}

struct feel_value fn_list_contains(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    return feel_boolean(has_item(run, args[0].items, args[0].count, args[1]));
}

/* all and any: three-valued, and nothing but booleans and null may stand in the list. */
static struct feel_value judge(struct feel_run *run, const struct feel_value *args, size_t count, bool deciding)
{
    struct feel_value list = count == 1 && args[0].kind == FEEL_LIST ? args[0] : feel_list(args, count);
    bool is_decided = false, has_null = false;
    for (size_t i = 0; i < list.count; i++) {
        struct feel_value v = list.items[i];
        if (v.kind != FEEL_BOOLEAN && v.kind != FEEL_NULL)
            return feel_error(run, N_("The list holds a {0} among the conditions."), str_from(feel_kind_name(v.kind)));
        is_decided = is_decided || (v.kind == FEEL_BOOLEAN && v.boolean == deciding);
        has_null = has_null || v.kind == FEEL_NULL;
    }
    if (is_decided) return feel_boolean(deciding);
    return has_null ? feel_null() : feel_boolean(!deciding);
}

struct feel_value fn_all(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return judge(run, args, count, false);
}

struct feel_value fn_any(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return judge(run, args, count, true);
}

/* A place in the list, counted from 1 or from the end; false with an error when there is none. */
static bool place(struct feel_run *run, struct feel_value list, decimal at, int64_t *out)
{
    int64_t n;
    if (decimal_to_int(at, &n) && n != 0 && n <= list.count && n >= -(int64_t)list.count) {
        *out = n > 0 ? n - 1 : list.count + n;
        return true;
    }
    (void)feel_error(run, N_("The list has {0} items, not one with the number {1}."),
                     str_format(run->arena, "%u", list.count), decimal_format(run->arena, at));
    return false;
}

struct feel_value fn_sublist(struct feel_run *run, const struct feel_value *args, size_t count)
{
    int64_t start, length;
    if (!place(run, args[0], args[1].number, &start)) return feel_null();
    length = args[0].count - start;
    if (count > 2 && args[2].kind == FEEL_NUMBER &&
        (!decimal_to_int(decimal_round(args[2].number, 0, ROUND_DOWN), &length) || length < 0 ||
         length > args[0].count - start))
        return feel_error(run, N_("The list does not have so many items from there."));
    return feel_list(args[0].items + start, (size_t)length);
}

struct feel_value fn_append(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value *out = room(run, args[0].count + count);
    size_t n = copy_items(out, args[0].items, args[0].count);
    n += copy_items(&out[n], &args[1], count - 1);
    return feel_list(out, n);
}

static size_t total(const struct feel_value *lists, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) n += lists[i].count;
    return n;
}

struct feel_value fn_concatenate(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value *out = room(run, total(args, count));
    size_t n = 0;
    for (size_t i = 0; i < count; i++) n += copy_items(&out[n], args[i].items, args[i].count);
    return feel_list(out, n);
}

struct feel_value fn_insert_before(struct feel_run *run, const struct feel_value *args, size_t count)
{
    int64_t at;
    (void)count;
    if (!place(run, args[0], args[1].number, &at)) return feel_null();
    struct feel_value *out = room(run, args[0].count + 1);
    size_t n = copy_items(out, args[0].items, (size_t)at);
    out[n++] = args[2];
    n += copy_items(&out[n], args[0].items + at, args[0].count - (size_t)at);
    return feel_list(out, n);
}

struct feel_value fn_remove(struct feel_run *run, const struct feel_value *args, size_t count)
{
    int64_t at;
    (void)count;
    if (!place(run, args[0], args[1].number, &at)) return feel_null();
    struct feel_value *out = room(run, args[0].count);
    size_t n = copy_items(out, args[0].items, (size_t)at);
    n += copy_items(&out[n], args[0].items + at + 1, args[0].count - (size_t)at - 1);
    return feel_list(out, n);
}

/* By place, or every item for which the function says yes. */
struct feel_value fn_list_replace(struct feel_run *run, const struct feel_value *args, size_t count)
{
    int64_t at;
    (void)count;
    struct feel_value *out = room(run, args[0].count);
    size_t n = copy_items(out, args[0].items, args[0].count);
    if (args[1].kind == FEEL_NUMBER) {
        if (!place(run, args[0], args[1].number, &at)) return feel_null();
        out[at] = args[2];
        return feel_list(out, n);
    }
    for (size_t i = 0; i < n; i++) {
        const struct feel_value pair[] = {out[i], args[2]};
        struct feel_value is_wanted = feel_call(run, args[1], pair, LENGTH(pair));
        if (is_wanted.kind != FEEL_BOOLEAN)
            return feel_error(run, N_("The function that chooses items has to answer true or false."));
        if (is_wanted.boolean) out[i] = args[2];
    }
    return feel_list(out, n);
}

struct feel_value fn_reverse(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value *out = room(run, args[0].count);
    (void)count;
    for (size_t i = 0; i < args[0].count; i++) out[i] = args[0].items[args[0].count - 1 - i];
    return feel_list(out, args[0].count);
}

struct feel_value fn_index_of(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value *out = room(run, args[0].count);
    size_t n = 0;
    (void)count;
    for (size_t i = 0; i < args[0].count && run->steps_left > 0; i++)
        if (feel_equal_within(args[0].items[i], args[1], &run->steps_left) == FEEL_YES)
            out[n++] = feel_integer((int64_t)i + 1);
    return feel_list(out, n);
}

static struct feel_value distinct(struct feel_run *run, struct feel_value list)
{
    struct feel_value *out = room(run, list.count);
    size_t n = 0;
    for (size_t i = 0; i < list.count && run->steps_left > 0; i++)
        if (!has_item(run, out, n, list.items[i])) out[n++] = list.items[i];
    return feel_list(out, n);
}

struct feel_value fn_union(struct feel_run *run, const struct feel_value *args, size_t count)
{
    return distinct(run, fn_concatenate(run, args, count));
}

struct feel_value fn_distinct_values(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    return distinct(run, args[0]);
}

struct flat {
    struct feel_value *at;
    size_t count, room;
};

static void flatten(struct feel_run *run, struct feel_value list, struct flat *out, int depth)
{
    for (size_t i = 0; i < list.count && run->steps_left > 0; i++) {
        run->steps_left--;
        if (list.items[i].kind == FEEL_LIST && depth < FEEL_DEPTH)
            flatten(run, list.items[i], out, depth + 1);
        else
            LIST_PUSH(run->arena, *out) = list.items[i];
    }
}

struct feel_value fn_flatten(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct flat out = {0};
    (void)count;
    flatten(run, args[0], &out, 0);
    return feel_list(out.at, out.count);
}

/* Merge sort: stable, and no more calls than needed; a function that contradicts itself ends it all the same. */
static bool merge_sort(struct feel_run *run, struct feel_value precedes, struct feel_value *items, size_t count)
{
    if (count < 2) return true;
    size_t half = count / 2, i = 0, k = half, n = 0;
    if (!merge_sort(run, precedes, items, half) || !merge_sort(run, precedes, &items[half], count - half)) return false;
    struct feel_value *merged = room(run, count);
    while (i < half && k < count) {
        const struct feel_value pair[] = {items[k], items[i]};
        struct feel_value is_before = feel_call(run, precedes, pair, LENGTH(pair));
        if (is_before.kind != FEEL_BOOLEAN) return false;
        merged[n++] = is_before.boolean ? items[k++] : items[i++];
    }
    n += copy_items(&merged[n], &items[i], half - i);
    n += copy_items(&merged[n], &items[k], count - k);
    copy_items(items, merged, n);
    return true;
}

struct feel_value fn_sort(struct feel_run *run, const struct feel_value *args, size_t count)
{
    struct feel_value *items = room(run, args[0].count);
    (void)count;
    copy_items(items, args[0].items, args[0].count);
    if (!merge_sort(run, args[1], items, args[0].count))
        return feel_error(run, N_("The function that orders the items has to answer true or false."));
    return feel_list(items, args[0].count);
}

struct feel_value fn_not(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)count;
    if (args[0].kind == FEEL_BOOLEAN) return feel_boolean(!args[0].boolean);
    if (args[0].kind == FEEL_NULL) return feel_null();
    return feel_error(run, N_("“{0}” is not defined for {1}."), STR("not"), str_from(feel_kind_name(args[0].kind)));
}

struct feel_value fn_is(struct feel_run *run, const struct feel_value *args, size_t count)
{
    (void)run;
    return feel_boolean(feel_is_same(args[0], count > 1 ? args[1] : feel_null()));
}
