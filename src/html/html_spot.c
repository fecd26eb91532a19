#include "html/html_spot.h"

#include <string.h>

#include "base/fail.h"

/* Attributes whose value is an address. */
static const char *const address_names[] = {"href", "src",  "action",     "formaction", "poster",
                                            "cite", "data", "xlink:href", NULL};
/* Attributes that hold code, a document or a list of addresses: no value is safe there. */
static const char *const closed_names[] = {"style", "srcdoc", "srcset", "imagesrcset", "ping", "http-equiv", NULL};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static void name_add(struct spot_name *name, char c)
{
    if (name->len < SPOT_NAME) name->at[name->len++] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool name_is(const struct spot_name *name, const char *const *names)
{
    for (; *names; names++) {
        if (str_eq(str_of(name->at, name->len), str_from(*names))) return true;
    }
    return false;
}

static bool is_raw_tag(const struct spot *s)
{
    static const char *const raw[] = {"script", "style", NULL};
    return !s->is_closing && name_is(&s->tag, raw);
}

static void enter_tag(struct spot *s)
{
    *s = (struct spot){.kind = SPOT_TAG};
}

static void end_attribute(struct spot *s)
{
    s->attribute.len = 0;
    s->is_attribute_over = s->has_equals = false;
}

static void step_attribute(struct spot *s, char c)
{
    if (is_blank(c) || (c == '/' && !s->has_equals)) {
        s->is_attribute_over = s->attribute.len > 0;
    } else if (c == '=') {
        s->has_equals = true;
    } else if (s->has_equals) {
        s->kind = c == '"' || c == '\'' ? SPOT_VALUE : SPOT_BARE;
        s->quote = c;
        s->has_text = false;
    } else {
        if (s->is_attribute_over) end_attribute(s);
        name_add(&s->attribute, c);
    }
}

static void step_tag(struct spot *s, char c)
{
    if (c == '>') {
        s->kind = is_raw_tag(s) ? SPOT_RAW : SPOT_TEXT;
    } else if (s->is_tag_named) {
        step_attribute(s, c);
    } else if (c == '/' && s->tag.len == 0) {
        s->is_closing = true;
    } else if (is_blank(c) || c == '/') {
        s->is_tag_named = true;
    } else {
        name_add(&s->tag, c);
    }
}

static void step_value(struct spot *s, char c)
{
    if (c == s->quote) {
        s->kind = SPOT_TAG;
        end_attribute(s);
        return;
    }
    s->has_text = true;
}

static void step_bare(struct spot *s, char c)
{
    if (c != '>' && !is_blank(c)) return;
    s->kind = SPOT_TAG;
    end_attribute(s);
    step_tag(s, c);
}

/* "</script" ends a script and nothing else does. */
static bool ends_raw(const struct spot *s, struct str rest)
{
    return str_starts(rest, STR("</")) && str_eq_nocase(str_part(rest, 2, s->tag.len), str_of(s->tag.at, s->tag.len));
}

static void step_text(struct spot *s, struct str rest, bool is_last)
{
    char next = rest.len > 1 ? rest.at[1] : '\0';
    if (str_starts(rest, STR("<!--"))) {
        s->kind = SPOT_COMMENT;
    } else if (rest.at[0] == '<' && (is_letter(next) || next == '/' || (rest.len == 1 && !is_last))) {
        enter_tag(s); /* "<" before a template tag may begin an element, so no value may follow it */
    }
}

void spot_step(struct spot *s, struct str text, bool is_last)
{
    for (size_t i = 0; i < text.len; i++) {
        struct str rest = str_part(text, i, text.len);
        switch (s->kind) {
        case SPOT_TEXT: step_text(s, rest, is_last); break;
        case SPOT_TAG: step_tag(s, text.at[i]); break;
        case SPOT_VALUE: step_value(s, text.at[i]); break;
        case SPOT_BARE: step_bare(s, text.at[i]); break;
        case SPOT_RAW:
            if (ends_raw(s, rest)) enter_tag(s);
            break;
        case SPOT_COMMENT:
            if (str_starts(rest, STR("-->"))) s->kind = SPOT_TEXT;
            break;
        }
    }
}

const char *spot_escape(struct spot *s, enum escape *out)
{
    *out = ESCAPE_TEXT;
    if (s->kind == SPOT_TEXT) return NULL;
    if (s->kind == SPOT_RAW) return N_("{0}: no field may stand inside script or style.");
    if (s->kind != SPOT_VALUE) {
        return N_("{0}: a field may stand in text or in a quoted attribute, not in a tag or comment.");
    }
    if (s->attribute.len > 1 && memcmp(s->attribute.at, "on", 2) == 0) {
        return N_("{0}: no field may stand in an event handler.");
    }
    if (name_is(&s->attribute, closed_names)) return N_("{0}: no field may stand in this attribute.");
    if (!name_is(&s->attribute, address_names)) return NULL;
    *out = s->has_text ? ESCAPE_PIECE : ESCAPE_URL;
    s->has_text = true;
    return NULL;
}

bool spot_is_same(const struct spot *a, const struct spot *b)
{
    if (a->kind != b->kind) return false;
    if (a->kind == SPOT_TAG || a->kind == SPOT_RAW)
        return is_raw_tag(a) == is_raw_tag(b) && a->has_equals == b->has_equals;
    if (a->kind != SPOT_VALUE) return true;
    return a->quote == b->quote && a->attribute.len == b->attribute.len &&
           memcmp(a->attribute.at, b->attribute.at, a->attribute.len) == 0;
}
