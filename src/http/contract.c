#include "http/contract.h"

#include <string.h>

#include "base/text.h"

enum { CONTRACT_DEPTH = 32 };

/* One place of the body with what is expected there; its pointer is written only when there is something to say. */
struct asked {
    const struct contract *contract;
    struct arena *arena;
    const struct asked *parent; /* NULL: the body itself */
    struct str name;            /* of a member */
    size_t index;               /* of an entry, when it has no name */
    int depth;
    struct fail *why;
};

static void check(const struct asked *at, yyjson_val *schema, yyjson_val *v);

/* ---- learning ---- */

static const char *const known_words[] = {"$ref",        "additionalProperties",
                                          "allOf",       "anyOf",
                                          "description", "enum",
                                          "format",      "items",
                                          "maxItems",    "maxLength",
                                          "maximum",     "minItems",
                                          "minLength",   "minimum",
                                          "pattern",     "properties",
                                          "required",    "type"};

static bool is_known_word(struct str word)
{
    for (size_t i = 0; i < LENGTH(known_words); i++)
        if (str_eq(word, str_from(known_words[i]))) return true;
    return false;
}

#define CONTRACT_PLACE "#/components/schemas/"

static yyjson_val *referred(yyjson_val *schemas, struct str ref)
{
    if (!str_starts(ref, STR(CONTRACT_PLACE))) return NULL;
    return yyjson_obj_getn(schemas, ref.at + sizeof CONTRACT_PLACE - 1, ref.len - (sizeof CONTRACT_PLACE - 1));
}

static enum outcome learn_one(yyjson_val *schemas, yyjson_val *schema, struct fail *why);

static enum outcome learn_all(yyjson_val *schemas, yyjson_val *parts, struct fail *why)
{
    size_t i, count;
    yyjson_val *key, *part;
    if (yyjson_is_arr(parts)) yyjson_arr_foreach(parts, i, count, part) TRY(learn_one(schemas, part, why));
    if (yyjson_is_obj(parts)) yyjson_obj_foreach(parts, i, count, key, part) TRY(learn_one(schemas, part, why));
    return OK;
}

static enum outcome learn_one(yyjson_val *schemas, yyjson_val *schema, struct fail *why)
{
    size_t i, count;
    yyjson_val *key, *value;
    if (yyjson_is_bool(schema)) return OK;
    yyjson_obj_foreach(schema, i, count, key, value)
    {
        if (!is_known_word(json_text(key)))
            return fail(why, ERR_BUG, N_("A schema of the interface has a word that is not known: {0}."),
                        json_text(key));
    }
    struct str ref = json_str(schema, "$ref");
    if (ref.len > 0 && referred(schemas, ref) == NULL)
        return fail(why, ERR_BUG, N_("A schema of the interface refers to what is not there: {0}."), ref);
    TRY(learn_all(schemas, json_get(schema, "properties"), why));
    TRY(learn_all(schemas, json_get(schema, "anyOf"), why));
    TRY(learn_all(schemas, json_get(schema, "allOf"), why));
    yyjson_val *items = json_get(schema, "items"), *others = json_get(schema, "additionalProperties");
    if (items != NULL) TRY(learn_one(schemas, items, why));
    return others != NULL ? learn_one(schemas, others, why) : OK;
}

enum outcome contract_learn(yyjson_val *schemas, struct fail *why)
{
    return learn_all(schemas, schemas, why);
}

/* ---- places ---- */

static struct asked place_in(const struct asked *at, struct str name, size_t index)
{
    struct asked inner = *at;
    inner.parent = at;
    inner.name = name;
    inner.index = index;
    inner.depth++;
    return inner;
}

static struct str pointer_to(const struct asked *at)
{
    struct arena *a = at->arena;
    if (at->parent == NULL) return STR("");
    struct str before = pointer_to(at->parent);
    if (at->name.at == NULL) return str_format(a, "%.*s/%zu", STR_ARG(before), at->index);
    struct str escaped = str_replace(a, str_replace(a, at->name, STR("~"), STR("~0")), STR("/"), STR("~1"));
    return str_format(a, "%.*s/%.*s", STR_ARG(before), STR_ARG(escaped)); /* RFC 6901 */
}

/* ---- types ---- */

/* In order of how a schema writes them; the sentence asks for it. */
static const struct {
    const char *name, *sentence;
} types[] = {
    {"string",  N_("Send a text here.")        },
    {"integer", N_("Send a whole number here.")},
    {"number",  N_("Send a number here.")      },
    {"boolean", N_("Send true or false here.") },
    {"array",   N_("Send a list here.")        },
    {"object",  N_("Send an object here.")     },
    {"null",    N_("Send null here.")          },
};

static bool is_of_type(yyjson_val *v, struct str type)
{
    if (str_eq(type, STR("string"))) return yyjson_is_str(v);
    if (str_eq(type, STR("integer"))) return yyjson_is_int(v);
    if (str_eq(type, STR("number"))) return yyjson_is_num(v);
    if (str_eq(type, STR("boolean"))) return yyjson_is_bool(v);
    if (str_eq(type, STR("array"))) return yyjson_is_arr(v);
    if (str_eq(type, STR("object"))) return yyjson_is_obj(v);
    return str_eq(type, STR("null")) && yyjson_is_null(v);
}

static const char *type_sentence(struct str type)
{
    for (size_t i = 0; i < LENGTH(types); i++)
        if (str_eq(type, str_from(types[i].name))) return types[i].sentence;
    BUG("a schema names the type %.*s", STR_ARG(type));
}

/* A type or a list of them, of which the first is the one to ask for. */
static bool has_type(const struct asked *at, yyjson_val *type, yyjson_val *v)
{
    size_t i, count;
    yyjson_val *one;
    struct str first = yyjson_is_arr(type) ? json_text(yyjson_arr_get_first(type)) : json_text(type);
    if (type == NULL || is_of_type(v, first)) return true;
    if (yyjson_is_arr(type)) yyjson_arr_foreach(type, i, count, one) if (is_of_type(v, json_text(one))) return true;
    fail_problem(at->why, pointer_to(at), "type", type_sentence(first));
    return false;
}

/* ---- values ---- */

static struct str number_text(struct arena *a, uint64_t n)
{
    return str_format(a, "%llu", (unsigned long long)n);
}

static void check_text(const struct asked *at, yyjson_val *schema, yyjson_val *v)
{
    yyjson_val *most = json_get(schema, "maxLength"), *least = json_get(schema, "minLength");
    size_t length = text_length(json_text(v));
    if (most != NULL && length > yyjson_get_uint(most))
        fail_problem(at->why, pointer_to(at), "too-long", N_("Send at most {0} characters here."),
                     number_text(at->arena, yyjson_get_uint(most)));
    if (least != NULL && length < yyjson_get_uint(least))
        fail_problem(at->why, pointer_to(at), "required", N_("Send at least {0} characters here."),
                     number_text(at->arena, yyjson_get_uint(least)));
}

static void check_number(const struct asked *at, yyjson_val *schema, yyjson_val *v)
{
    yyjson_val *most = json_get(schema, "maximum"), *least = json_get(schema, "minimum");
    double n = yyjson_get_num(v);
    if (most != NULL && n > yyjson_get_num(most))
        fail_problem(at->why, pointer_to(at), "range", N_("Send a number of at most {0} here."),
                     number_text(at->arena, yyjson_get_uint(most)));
    if (least != NULL && n < yyjson_get_num(least))
        fail_problem(at->why, pointer_to(at), "range", N_("Send a number of at least {0} here."),
                     number_text(at->arena, yyjson_get_uint(least)));
}

static void check_choice(const struct asked *at, yyjson_val *choices, yyjson_val *v)
{
    if (at->contract->handler_goes_on && yyjson_is_str(v)) return;
    size_t i, count, told = 0;
    yyjson_val *choice;
    yyjson_arr_foreach(choices, i, count, choice) if (yyjson_equals(choice, v)) return;
    struct str *words = ARENA_ARRAY(at->arena, struct str, count + 1);
    yyjson_arr_foreach(choices, i, count, choice) if (yyjson_is_str(choice)) words[told++] = json_text(choice);
    fail_problem(at->why, pointer_to(at), "unknown", N_("Send one of these here: {0}."),
                 str_join(at->arena, STR(", "), words, told));
}

/* ---- lists and objects ---- */

static void check_list(const struct asked *at, yyjson_val *schema, yyjson_val *v)
{
    yyjson_val *most = json_get(schema, "maxItems"), *least = json_get(schema, "minItems"), *item;
    yyjson_val *items = json_get(schema, "items");
    size_t i, count = yyjson_arr_size(v);
    if (most != NULL && count > yyjson_get_uint(most)) {
        fail_problem(at->why, pointer_to(at), "too-many", N_("Send at most {0} entries here."),
                     number_text(at->arena, yyjson_get_uint(most)));
        return;
    }
    if (least != NULL && count < yyjson_get_uint(least))
        fail_problem(at->why, pointer_to(at), "required", N_("Send at least {0} entries here."),
                     number_text(at->arena, yyjson_get_uint(least)));
    if (items == NULL) return;
    yyjson_arr_foreach(v, i, count, item)
    {
        if (at->why->problem_count == FAIL_PROBLEMS) return;
        struct asked inner = place_in(at, STR_NONE, i);
        check(&inner, items, item);
    }
}

static bool is_needed(yyjson_val *schema, yyjson_val *key)
{
    size_t i, count;
    yyjson_val *needed = json_get(schema, "required"), *one;
    yyjson_arr_foreach(needed, i, count, one) if (yyjson_equals(one, key)) return true;
    return false;
}

static void check_members(const struct asked *at, yyjson_val *schema, yyjson_val *v)
{
    size_t i, count;
    yyjson_val *key, *member;
    yyjson_val *properties = json_get(schema, "properties"), *others = json_get(schema, "additionalProperties");
    yyjson_obj_foreach(v, i, count, key, member)
    {
        struct str name = json_text(key);
        yyjson_val *described = yyjson_obj_getn(properties, name.at, name.len);
        if (described == NULL) described = others;
        if (at->why->problem_count == FAIL_PROBLEMS) return;
        if (!yyjson_is_obj(described)) continue;
        if (yyjson_is_null(member) && !is_needed(schema, key)) continue; /* as if it had been left out */
        struct asked inner = place_in(at, name, 0);
        check(&inner, described, member);
    }
    yyjson_val *needed = json_get(schema, "required");
    if (at->contract->handler_goes_on) return;
    yyjson_arr_foreach(needed, i, count, key)
    {
        struct str name = json_text(key);
        if (yyjson_obj_getn(v, name.at, name.len) != NULL) continue;
        struct asked inner = place_in(at, name, 0);
        fail_problem(at->why, pointer_to(&inner), "required", N_("This member has to be sent."));
    }
}

/* One of several: the mistakes told are those of the first, which is the usual one. What the others say is given back,
 * so that thousands of entries that fit another way cost nothing. */
static void check_any(const struct asked *at, yyjson_val *ways, yyjson_val *v)
{
    size_t i, count;
    yyjson_val *way;
    yyjson_arr_foreach(ways, i, count, way)
    {
        struct fail unheard;
        struct arena_mark before = arena_mark(at->arena);
        fail_init(&unheard, at->arena);
        struct asked trial = *at;
        trial.why = &unheard;
        check(&trial, way, v);
        arena_back(at->arena, before);
        if (unheard.problem_count == 0) return;
    }
    check(at, yyjson_arr_get_first(ways), v);
}

static void check(const struct asked *at, yyjson_val *schema, yyjson_val *v)
{
    struct str ref = json_str(schema, "$ref");
    if (at->depth > CONTRACT_DEPTH) BUG("a schema goes round");
    if (ref.len > 0) schema = referred(at->contract->schemas, ref);
    if (!has_type(at, json_get(schema, "type"), v)) return;
    yyjson_val *choices = json_get(schema, "enum"), *ways = json_get(schema, "anyOf"), *all, *part;
    size_t i, count;
    all = json_get(schema, "allOf");
    yyjson_arr_foreach(all, i, count, part) check(at, part, v);
    if (choices != NULL) check_choice(at, choices, v);
    if (ways != NULL) check_any(at, ways, v);
    if (yyjson_is_str(v)) check_text(at, schema, v);
    if (yyjson_is_num(v)) check_number(at, schema, v);
    if (yyjson_is_arr(v)) check_list(at, schema, v);
    if (yyjson_is_obj(v)) check_members(at, schema, v);
}

void contract_check(const struct contract *c, struct arena *a, yyjson_val *body, struct fail *why)
{
    const struct asked at = {.contract = c, .arena = a, .why = why};
    check(&at, c->schema, body);
}
