#include "html/component.h"

enum { AREA_ROWS = 5 };

/* ---- field tables ---- */

/* clang-format off */
static const struct field choice_fields[] = {
    FIELD_STR(struct choice, value),
    FIELD_STR(struct choice, label),
    FIELD_STR(struct choice, hint),
    FIELD_STR(struct choice, id),
    FIELD_BOOL(struct choice, is_chosen),
    FIELD_BOOL(struct choice, is_data),
    FIELD_END,
};

static const struct field attached_file_fields[] = {
    FIELD_STR(struct attached_file, name),
    FIELD_STR(struct attached_file, size),
    FIELD_STR(struct attached_file, href),
    FIELD_STR(struct attached_file, remove),
    FIELD_END,
};

const struct field form_field_fields[] = {
    FIELD_STR(struct form_field, name),
    FIELD_STR(struct form_field, id),
    FIELD_STR(struct form_field, label),
    FIELD_STR(struct form_field, value),
    FIELD_STR(struct form_field, problem),
    FIELD_STR(struct form_field, hint),
    FIELD_STR(struct form_field, source),
    FIELD_STR(struct form_field, wrong),
    FIELD_BOOL(struct form_field, is_wrong),
    FIELD_STR(struct form_field, mend),
    FIELD_STR(struct form_field, elsewhere),
    FIELD_STR(struct form_field, type),
    FIELD_STR(struct form_field, autocomplete),
    FIELD_STR(struct form_field, numerals),
    FIELD_STR(struct form_field, width),
    FIELD_STR(struct form_field, accept),
    FIELD_INT(struct form_field, rows),
    FIELD_BOOL(struct form_field, is_heading),
    FIELD_BOOL(struct form_field, is_text),
    FIELD_BOOL(struct form_field, is_area),
    FIELD_BOOL(struct form_field, is_radios),
    FIELD_BOOL(struct form_field, is_checks),
    FIELD_BOOL(struct form_field, is_select),
    FIELD_BOOL(struct form_field, is_file),
    FIELD_BOOL(struct form_field, is_hidden),
    FIELD_BOOL(struct form_field, is_secret),
    FIELD_BOOL(struct form_field, is_multiple),
    FIELD_BOOL(struct form_field, has_camera),
    FIELD_BOOL(struct form_field, is_optional),
    FIELD_BOOL(struct form_field, is_strong),
    FIELD_BOOL(struct form_field, is_small),
    FIELD_LIST(struct form_field, choices, struct choice, choice_fields),
    FIELD_LIST(struct form_field, attached, struct attached_file, attached_file_fields),
    FIELD_END,
};

const struct field tag_fields[] = {
    FIELD_STR(struct tag, text),
    FIELD_STR(struct tag, colour),
    FIELD_END,
};

const struct field summary_row_fields[] = {
    FIELD_STR(struct summary_row, key),
    FIELD_STR(struct summary_row, value),
    FIELD_STR(struct summary_row, href),
    FIELD_STR(struct summary_row, source),
    FIELD_STR(struct summary_row, change),
    FIELD_END,
};

void summary_add(struct summary *s, const char *key, struct str value)
{
    if (value.len == 0) return;
    LIST_PUSH(s->rq->arena, s->rows) = (struct summary_row){.key = translate(s->rq->language, key), .value = value};
}

const struct field task_item_fields[] = {
    FIELD_STR(struct task_item, id),
    FIELD_STR(struct task_item, title),
    FIELD_STR(struct task_item, hint),
    FIELD_STR(struct task_item, href),
    FIELD_STRUCT(struct task_item, tag, tag_fields),
    FIELD_END,
};

const struct field timeline_item_fields[] = {
    FIELD_STR(struct timeline_item, title),
    FIELD_STR(struct timeline_item, holder),
    FIELD_STR(struct timeline_item, note),
    FIELD_STR(struct timeline_item, time),
    FIELD_STR(struct timeline_item, datetime),
    FIELD_BOOL(struct timeline_item, is_done),
    FIELD_BOOL(struct timeline_item, is_current),
    FIELD_BOOL(struct timeline_item, is_stopped),
    FIELD_END,
};

const struct field pagination_fields[] = {
    FIELD_STR(struct pagination, previous_href),
    FIELD_STR(struct pagination, next_href),
    FIELD_END,
};

const struct field panel_fields[] = {
    FIELD_STR(struct panel, title),
    FIELD_STR(struct panel, label),
    FIELD_STR(struct panel, code),
    FIELD_END,
};

const struct field tab_link_fields[] = {
    FIELD_STR(struct tab_link, label),
    FIELD_STR(struct tab_link, href),
    FIELD_STR(struct tab_link, key),
    FIELD_INT(struct tab_link, count),
    FIELD_BOOL(struct tab_link, is_current),
    FIELD_BOOL(struct tab_link, has_count),
    FIELD_END,
};

const struct field button_fields[] = {
    FIELD_STR(struct button, label),
    FIELD_STR(struct button, name),
    FIELD_STR(struct button, value),
    FIELD_STR(struct button, href),
    FIELD_BOOL(struct button, is_secondary),
    FIELD_BOOL(struct button, is_warning),
    FIELD_END,
};

static const struct field act_phrase_fields[] = {
    FIELD_STR(struct act_phrase, title),
    FIELD_STR(struct act_phrase, text),
    FIELD_STR(struct act_phrase, href),
    FIELD_END,
};

const struct field act_form_fields[] = {
    FIELD_STR(struct act_form, id),
    FIELD_STR(struct act_form, title),
    FIELD_STR(struct act_form, address), FIELD_STR(struct act_form, href),
    FIELD_STR(struct act_form, version),
    FIELD_STR(struct act_form, shortcut),
    FIELD_STR(struct act_form, key),
    FIELD_BOOL(struct act_form, is_open),
    FIELD_BOOL(struct act_form, is_warning),
    FIELD_BOOL(struct act_form, has_files),
    FORM_FIELDS(struct act_form, fields),
    FIELD_LIST(struct act_form, phrases, struct act_phrase, act_phrase_fields),
    FIELD_END,
};
/* clang-format on */

/* ---- forms ---- */

struct str form_label_of(const struct field *table, const void *page, struct str id)
{
    const char *at = page;
    if (table == form_field_fields) {
        const struct form_field *field = page;
        return str_eq(field->id, id) ? field->label : STR_NONE;
    }
    for (const struct field *f = table; f->name != NULL; f++) {
        const char *items = at + f->offset;
        size_t count = f->kind == FIELD_STRUCT;
        if (f->kind == FIELD_LIST) {
            memcpy(&items, at + f->offset, sizeof items);
            memcpy(&count, at + f->count_offset, sizeof count);
        }
        for (size_t i = 0; i < count; i++) {
            struct str label = form_label_of(f->items, items + i * f->item_bytes, id);
            if (label.len > 0) return label;
        }
    }
    return STR_NONE;
}

struct str form_say(const struct form *f, const char *message)
{
    return message != NULL ? translate(f->rq->language, message) : STR("");
}

/* This is the answer to a POST with fields. */
static bool form_is_sent(const struct form *f)
{
    return f->rq->method == POST && f->rq->form_count > 0;
}

static struct form_field *add_field(struct form *f, const char *name, const char *label, const char *hint)
{
    struct form_field *field = &LIST_PUSH(f->rq->arena, f->fields);
    struct str pointer = str_format(f->rq->arena, "#/%s", name);
    field->name = str_dup(f->rq->arena, str_from(name));
    field->id = page_field_id(f->rq->arena, pointer);
    field->label = form_say(f, label);
    field->hint = form_say(f, hint);
    if (f->why != NULL) field->problem = page_problem_for(f->rq, f->why, pointer);
    return field;
}

/* What the visitor typed, or what is stored when nothing was sent. */
static struct form_field *add_value(struct form *f, struct form_field *field, struct str stored)
{
    field->value = form_is_sent(f) ? request_form(f->rq, str_cstr(f->rq->arena, field->name)) : stored;
    if (f->shows_stored && !str_eq(field->value, stored))
        field->elsewhere = stored.len > 0 ? stored : form_say(f, N_("(left empty)"));
    return field;
}

struct form_field *form_text(struct form *f, const char *name, const char *label, const char *hint, struct str stored)
{
    struct form_field *field = add_field(f, name, label, hint);
    field->is_text = true;
    field->type = STR("text");
    return add_value(f, field, stored);
}

struct form_field *form_date(struct form *f, const char *name, const char *label, const char *hint, struct str stored)
{
    struct form_field *field = form_text(f, name, label, hint, stored);
    field->type = STR("date");
    field->width = STR("10");
    return field;
}

struct form_field *form_password(struct form *f, const char *name, const char *label, const char *hint)
{
    struct form_field *field = add_field(f, name, label, hint);
    field->is_text = field->is_secret = true;
    field->type = STR("password");
    field->autocomplete = STR("current-password");
    return field;
}

struct form_field *form_area(struct form *f, const char *name, const char *label, const char *hint, struct str stored)
{
    struct form_field *field = add_field(f, name, label, hint);
    field->is_area = true;
    field->rows = AREA_ROWS;
    return add_value(f, field, stored);
}

struct form_field *form_radios(struct form *f, const char *name, const char *label, const char *hint, struct str stored)
{
    struct form_field *field = add_field(f, name, label, hint);
    field->is_radios = true;
    return add_value(f, field, stored);
}

struct form_field *form_select(struct form *f, const char *name, const char *label, const char *hint, struct str stored)
{
    struct form_field *field = add_field(f, name, label, hint);
    field->is_select = true;
    return add_value(f, field, stored);
}

struct form_field *form_checks(struct form *f, const char *name, const char *label, const char *hint)
{
    struct form_field *field = add_field(f, name, label, hint);
    field->is_checks = true;
    return field;
}

struct form_field *form_file(struct form *f, const char *name, const char *label, const char *hint)
{
    struct form_field *field = add_field(f, name, label, hint);
    field->is_file = true;
    field->accept = STR("application/pdf,image/jpeg,image/png,image/heic,.pdf,.jpg,.jpeg,.png,.heic");
    return field;
}

struct form_field *form_hidden(struct form *f, const char *name, struct str value)
{
    struct form_field *field = add_field(f, name, NULL, NULL);
    field->is_hidden = true;
    field->value = value;
    return field;
}

struct form_field *form_heading(struct form *f, const char *label)
{
    struct form_field *field = &LIST_PUSH(f->rq->arena, f->fields);
    field->is_heading = true;
    field->label = form_say(f, label);
    return field;
}

static bool was_sent(const struct form *f, struct str name, struct str value)
{
    for (size_t i = 0; i < f->rq->form_count; i++)
        if (str_eq(f->rq->form[i].name, name) && str_eq(f->rq->form[i].value, value)) return true;
    return false;
}

/* Room for one more item behind `count` of them: an array made here has room for as many as the next power of two. */
static void *with_room(struct arena *a, void *items, size_t count, size_t item_bytes)
{
    bool is_full = (count & (count - 1)) == 0; /* 0, 1, 2, 4, 8, ... */
    size_t room = count > 0 ? 2 * count : 1;
    return is_full ? arena_grow(a, items, count * item_bytes, room * item_bytes) : items;
}

struct choice *form_choice(struct form *f, struct form_field *field, struct str value, struct str label)
{
    struct arena *a = f->rq->arena;
    size_t count = field->choices_count++;
    field->choices = with_room(a, field->choices, count, sizeof *field->choices);
    struct choice *c = &field->choices[count];
    *c = (struct choice){.value = value, .label = label, .id = field->id};
    if (count > 0) c->id = str_format(a, "%.*s-%zu", STR_ARG(field->id), count + 1);
    if (field->elsewhere.len > 0 && str_eq(field->elsewhere, value)) field->elsewhere = label;
    c->is_chosen = field->is_checks ? form_is_sent(f) && was_sent(f, field->name, value) : str_eq(field->value, value);
    return c;
}

void choice_choose(const struct form *f, struct choice *c, bool is_chosen)
{
    if (!form_is_sent(f)) c->is_chosen = is_chosen;
}

struct form_field *form_tick(struct form *f, const char *name, const char *label, bool is_ticked)
{
    struct form_field *field = form_checks(f, name, NULL, NULL);
    choice_choose(f, form_choice(f, field, STR("yes"), form_say(f, label)), is_ticked);
    return field;
}

struct attached_file *form_attach(struct form *f, struct form_field *field, struct str name, struct str size)
{
    size_t count = field->attached_count++;
    field->attached = with_room(f->rq->arena, field->attached, count, sizeof *field->attached);
    struct attached_file *one = &field->attached[count];
    *one = (struct attached_file){.name = name, .size = size};
    return one;
}

/* ---- the small ones ---- */

struct tag tag_of(enum tag_colour colour, struct str text)
{
    static const struct str colours[] = {
        [TAG_PLAIN] = STR_INIT("grey"),     [TAG_WAITING] = STR_INIT("yellow"), [TAG_WORKING] = STR_INIT("blue"),
        [TAG_DONE] = STR_INIT("green"),     [TAG_SOON] = STR_INIT("orange"),    [TAG_LATE] = STR_INIT("red"),
        [TAG_STOPPED] = STR_INIT("purple"),
    };
    return (struct tag){text, colours[colour]};
}

struct tab_link tab_of(struct str label, struct str href, int64_t count, bool is_current)
{
    return (struct tab_link){label, href, STR_NONE, count, is_current, count >= 0};
}
