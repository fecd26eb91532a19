#include <string.h>

#include "rule/feel_parse.h"

static const struct feel_type *type_of_kind(struct parser *p, enum feel_type_kind kind, const struct feel_type *element)
{
    struct feel_type *t = ARENA_NEW(p->arena, struct feel_type);
    t->kind = kind;
    t->element = element;
    return t;
}

static const struct feel_type *no_type(struct parser *p, const char *sentence, struct str arg)
{
    (void)lex_fail(p, sentence, arg);
    return NULL;
}

static const struct feel_type *parse_element_type(struct parser *p, enum feel_type_kind kind)
{
    if (!lex_take(p, "<")) return type_of_kind(p, kind, &feel_any);
    const struct feel_type *element = parse_type(p);
    if (element == NULL) return NULL;
    if (!lex_take(p, ">")) return no_type(p, N_("“{0}” is expected here."), STR(">"));
    return type_of_kind(p, kind, element);
}

static const struct feel_type *finish_members(struct parser *p, enum feel_type_kind kind, struct feel_member *members,
                                              size_t count)
{
    struct feel_type *t = ARENA_NEW(p->arena, struct feel_type);
    t->kind = kind;
    t->members = members;
    t->member_count = count;
    t->element = &feel_any;
    return t;
}

/* context<a: number, b: string>; without brackets: any context. */
static const struct feel_type *parse_context_type(struct parser *p)
{
    LIST(struct feel_member) members = {0};
    if (!lex_take(p, "<")) return finish_members(p, TYPE_CONTEXT, NULL, 0);
    while (!lex_take(p, ">")) {
        lex_blank(p);
        ptrdiff_t colon = str_find(p->text, STR(":"), p->at);
        if (colon < 0) return no_type(p, N_("“{0}” is expected here."), STR(":"));
        struct str name = lex_name_of(p->arena, str_part(p->text, p->at, (size_t)colon - p->at));
        p->at = (size_t)colon + 1;
        const struct feel_type *type = parse_type(p);
        if (type == NULL) return NULL;
        lex_add_member(p, name);
        LIST_PUSH(p->arena, members) = (struct feel_member){name, type};
        if (!lex_take(p, ",") && !lex_is(p, ">")) return no_type(p, N_("“{0}” is expected here."), STR(">"));
    }
    return finish_members(p, TYPE_CONTEXT, members.at, members.count);
}

/* function<number, string> -> boolean */
static const struct feel_type *parse_function_type(struct parser *p)
{
    LIST(struct feel_member) members = {0};
    if (!lex_take(p, "<")) return finish_members(p, TYPE_FUNCTION, NULL, 0);
    while (!lex_take(p, ">")) {
        const struct feel_type *type = parse_type(p);
        if (type == NULL) return NULL;
        LIST_PUSH(p->arena, members) = (struct feel_member){STR(""), type};
        if (!lex_take(p, ",") && !lex_is(p, ">")) return no_type(p, N_("“{0}” is expected here."), STR(">"));
    }
    struct feel_type *t = ARENA_NEW(p->arena, struct feel_type);
    *t = (struct feel_type){.kind = TYPE_FUNCTION, .members = members.at, .member_count = members.count};
    if (!lex_take(p, "->")) return no_type(p, N_("“{0}” is expected here."), STR("->"));
    t->element = parse_type(p);
    return t->element != NULL ? t : NULL;
}

/* The standard types whose names have several words, then whatever name the model has. */
static const struct feel_type *parse_named_type(struct parser *p)
{
    static const char *const long_names[] = {"years and months duration", "days and time duration", "date and time"};
    lex_blank(p);
    for (size_t i = 0; i < LENGTH(long_names); i++) {
        const struct scope only = {.names = (struct str[]){str_from(long_names[i])}, .count = 1};
        struct parser q = *p;
        q.scope = &only;
        struct name_match m = lex_known_name(&q);
        if (m.bytes == 0) continue;
        p->at = q.at + m.bytes;
        return feel_simple_type(m.name);
    }
    /* The longest run that the model knows: names of types may have spaces and dots. */
    enum { NAME_BYTES = 400 };
    size_t end = p->at;
    while (end < p->text.len && end - p->at < NAME_BYTES && strchr("<>(),{}[]\"=\n", p->text.at[end]) == NULL) end++;
    for (; end > p->at; end--) {
        struct str name = lex_name_of(p->arena, str_part(p->text, p->at, end - p->at));
        const struct feel_type *t = feel_simple_type(name);
        if (t == NULL && p->names->find_type != NULL) t = p->names->find_type(p->names->type_context, name);
        if (t == NULL || (end < p->text.len && lex_word(&(struct parser){.text = p->text, .at = end}) > 0)) continue;
        p->at = end;
        return t;
    }
    return no_type(p, N_("There is no type “{0}”."), str_part(p->text, p->at, lex_word(p)));
}

const struct feel_type *parse_type(struct parser *p)
{
    if (++p->depth > FEEL_NESTING) return no_type(p, N_("The text is nested too deeply."), STR_NONE);
    const struct feel_type *t;
    if (lex_take_word(p, "list"))
        t = parse_element_type(p, TYPE_LIST);
    else if (lex_take_word(p, "range"))
        t = parse_element_type(p, TYPE_RANGE);
    else if (lex_take_word(p, "context"))
        t = parse_context_type(p);
    else if (lex_take_word(p, "function"))
        t = parse_function_type(p);
    else
        t = parse_named_type(p);
    p->depth--;
    return t;
}
