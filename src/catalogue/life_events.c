#include "catalogue/life_events.h"

#include <inttypes.h>

#include "base/json.h"
#include "base/text.h"

struct reader {
    struct arena *a;
    struct fail *why;
    struct str place; /* JSON pointer of the event or set */
};

static void note(struct reader *r, const char *name, const char *code, const char *sentence)
{
    fail_problem(r->why, str_format(r->a, "%.*s/%s", STR_ARG(r->place), name), code, sentence);
}

static struct str needed(struct reader *r, yyjson_val *object, const char *name)
{
    struct str text = json_str(object, name);
    if (text.len == 0) note(r, name, "required", N_("This is needed."));
    return str_dup(r->a, text);
}

static struct str_list read_list(struct reader *r, yyjson_val *object, const char *name, bool is_folded)
{
    yyjson_val *list = json_get(object, name), *item;
    struct str_list out = {ARENA_ARRAY(r->a, struct str, yyjson_arr_size(list) + 1), 0};
    size_t i, most;
    if (list != NULL && !yyjson_is_arr(list)) note(r, name, "type", N_("A list of texts is needed here."));
    yyjson_arr_foreach(list, i, most, item)
    {
        struct str text = json_text(item), kept = is_folded ? text_fold(r->a, text) : str_dup(r->a, text);
        if (kept.len == 0)
            note(r, name, "type", N_("A list of texts is needed here."));
        else
            out.at[out.count++] = kept;
    }
    return out;
}

static struct life_event read_event(struct reader *r, yyjson_val *v)
{
    struct life_event e = {
        .id = needed(r, v, "id"),
        .icon = needed(r, v, "icon"),
        .is_business = str_eq(json_str(v, "who"), STR("business")),
        .title_vi = needed(r, v, "title_vi"),
        .title_en = needed(r, v, "title_en"),
        .text_vi = str_dup(r->a, json_str(v, "text_vi")),
        .text_en = str_dup(r->a, json_str(v, "text_en")),
        .fields = read_list(r, v, "fields", true),
        .words = read_list(r, v, "words", true),
        .codes = read_list(r, v, "codes", false),
    };
    if (e.fields.count + e.words.count + e.codes.count == 0)
        note(r, "fields", "required", N_("An event names fields, words or codes of procedures."));
    return e;
}

static void read_set(struct reader *r, yyjson_val *v, struct life_event_set *out)
{
    struct str place = r->place;
    yyjson_val *list = json_get(v, "events"), *item;
    size_t i, most, count = yyjson_arr_size(list);
    struct fail ignored;
    fail_init(&ignored, r->a);
    if (day_parse(json_str(v, "from"), &out->from, &ignored) != OK)
        note(r, "from", "format", N_("Write the day as year-month-day, such as 2026-11-22."));
    if (count == 0 || count > LIFE_EVENTS_MOST) {
        note(r, "events", "range", N_("A version has 1 to 64 events."));
        return;
    }
    out->events = ARENA_ARRAY(r->a, struct life_event, count);
    yyjson_arr_foreach(list, i, most, item)
    {
        r->place = str_format(r->a, "%.*s/events/%zu", STR_ARG(place), i);
        struct life_event e = read_event(r, item);
        if (life_event_find(out, e.id) != NULL) note(r, "id", "double", N_("Another event has this id already."));
        out->events[out->count++] = e;
    }
    r->place = place;
}

enum outcome life_events_parse(struct arena *a, struct str text, const struct life_events **out, struct fail *why)
{
    yyjson_val *root, *item;
    size_t i, most;
    TRY(json_read(a, text, &root, why));
    yyjson_val *list = json_get(root, "versions");
    struct life_events *events = ARENA_NEW(a, struct life_events);
    struct reader r = {a, why, STR("#/versions")};
    events->sets = ARENA_ARRAY(a, struct life_event_set, yyjson_arr_size(list) + 1);
    if (yyjson_arr_size(list) == 0) note(&r, "0", "required", N_("This is needed."));
    yyjson_arr_foreach(list, i, most, item)
    {
        r.place = str_format(a, "#/versions/%zu", i);
        read_set(&r, item, &events->sets[i]);
        if (i > 0 && events->sets[i].from <= events->sets[i - 1].from)
            note(&r, "from", "order", N_("Versions stand in the order of their days."));
        events->count++;
    }
    if (why->problem_count > 0) return fail(why, ERR_INVALID, N_("The life events cannot be used."));
    *out = events;
    return OK;
}

const struct life_event_set *life_events_on(const struct life_events *events, day_t day)
{
    const struct life_event_set *found = NULL;
    for (size_t i = 0; i < events->count && events->sets[i].from <= day; i++) found = &events->sets[i];
    return found;
}

const struct life_event *life_event_find(const struct life_event_set *set, struct str id)
{
    for (size_t i = 0; set != NULL && i < set->count; i++)
        if (str_eq(set->events[i].id, id)) return &set->events[i];
    return NULL;
}

static bool is_listed(const struct str_list *list, struct str s)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->at[i], s)) return true;
    return false;
}

/* As whole words: "tu tran" is not in "tu tranh". */
static bool has_words(struct str name, struct str words)
{
    for (ptrdiff_t at = 0; (at = str_find(name, words, (size_t)at)) >= 0; at++) {
        size_t end = (size_t)at + words.len;
        if ((at == 0 || name.at[at - 1] == ' ') && (end == name.len || name.at[end] == ' ')) return true;
    }
    return false;
}

bool life_event_has(const struct life_event *e, struct str code, struct str name, struct str field)
{
    if (is_listed(&e->codes, code) || is_listed(&e->fields, field)) return true;
    for (size_t i = 0; i < e->words.count; i++)
        if (has_words(name, e->words.at[i])) return true;
    return false;
}

struct str life_event_title(const struct life_event *e, enum language l)
{
    return l == ENGLISH ? e->title_en : e->title_vi;
}

struct str life_event_text(const struct life_event *e, enum language l)
{
    return l == ENGLISH ? e->text_en : e->text_vi;
}
