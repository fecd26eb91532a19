#include "form/form.h"

#include "base/clock.h"
#include "base/text.h"

enum { NUMBER_DIGITS = 15 };

/* What every application asks, in order of use. */
static const struct declaration common_fields[] = {
    {"request", FORM_LINES, N_("What you ask for"),
     N_("In your own words. You may leave it empty when the papers say it all."), false, FORM_TEXT_MOST, NULL, 0},
};

static bool does_stop(const struct component *c, bool papers_online)
{
    return papers_online && (c->required == REQUIRED_ALWAYS || c->required == REQUIRED_ONE_OF);
}

struct procedure_form *form_derive(struct arena *a, const struct procedure *p, bool papers_online)
{
    struct procedure_form *form = ARENA_NEW(a, struct procedure_form);
    form->fields = common_fields;
    form->field_count = LENGTH(common_fields);
    form->papers = ARENA_ARRAY(a, struct form_paper, p->component_count + 2); /* and the paper of authority */
    for (size_t i = 0; i < p->component_count; i++) {
        const struct component *c = &p->components[i];
        if (c->is_heading) continue;
        form->papers[form->paper_count++] = (struct form_paper){c, does_stop(c, papers_online)};
    }
    return form;
}

const struct component *form_authority(void)
{
    static const struct component authority = {.id = STR_INIT(FORM_AUTHORITY),
                                               .label = STR_INIT("Văn bản ủy quyền"),
                                               .originals = 1,
                                               .copies = 0,
                                               .required = REQUIRED_ALWAYS};
    return &authority;
}

void form_add_authority(struct procedure_form *form, bool papers_online)
{
    form->papers[form->paper_count++] = (struct form_paper){form_authority(), papers_online};
}

void form_add_fields(struct arena *a, struct procedure_form *form, const struct declaration *fields, size_t count)
{
    struct declaration *all = ARENA_ARRAY(a, struct declaration, form->field_count + count + 1);
    for (size_t i = 0; i < form->field_count; i++) all[i] = form->fields[i];
    for (size_t i = 0; i < count; i++) all[form->field_count + i] = fields[i];
    form->fields = all;
    form->field_count += count;
}

/* ---- declarations ---- */

const struct declaration *form_field_find(const struct procedure_form *form, struct str name)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (str_eq(name, str_from(form->fields[i].name))) return &form->fields[i];
    return NULL;
}

struct str declaration_typed(struct arena *a, const struct declaration *d, struct str typed)
{
    return d->kind == FORM_DATE ? day_typed(a, typed) : str_trim(typed);
}

static bool is_choice(const struct declaration *f, struct str value)
{
    for (size_t i = 0; i < f->choice_count; i++)
        if (str_eq(value, str_from(f->choices[i].value))) return true;
    return false;
}

static bool is_scalar(yyjson_val *v)
{
    return yyjson_is_str(v) || yyjson_is_num(v) || yyjson_is_bool(v) || yyjson_is_null(v);
}

static bool is_plain(yyjson_val *v)
{
    if (!yyjson_is_arr(v)) return is_scalar(v);
    yyjson_val *item;
    size_t i, count;
    yyjson_arr_foreach(v, i, count, item) if (!is_scalar(item)) return false;
    return true;
}

/* "3", "12,5" as people write it. */
static bool is_number(struct str text)
{
    size_t digits = 0, marks = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        digits += c >= '0' && c <= '9';
        marks += c == '.' || c == ',';
        if (!(c >= '0' && c <= '9') && c != '.' && c != ',') return false;
    }
    return digits > 0 && digits <= NUMBER_DIGITS && marks <= 1;
}

static void check_known(const struct declaration *f, yyjson_val *v, struct str pointer, struct fail *why)
{
    if (yyjson_is_null(v)) return;
    if (f->kind == FORM_NUMBER && yyjson_is_num(v) && yyjson_get_num(v) >= 0) return;
    if (!yyjson_is_str(v)) {
        fail_problem(why, pointer, "type", N_("This must be text."));
        return;
    }
    struct str text = json_text(v);
    if (f->kind == FORM_CHOICE && text.len > 0 && !is_choice(f, text))
        fail_problem(why, pointer, "unknown", N_("“{0}” is not one of the choices."), text);
    if (f->kind == FORM_NUMBER && text.len > 0 && !is_number(text))
        fail_problem(why, pointer, "format", N_("Write a number in digits, such as 3 or 12.5."));
    day_t day;
    if (f->kind == FORM_DATE && text.len > 0) (void)day_or_problem(text, pointer, &day, why); /* with the others */
}

static void check_text_lengths(struct arena *a, const struct declaration *f, yyjson_val *v, struct str pointer,
                               struct fail *why)
{
    size_t most = f != NULL ? f->most : FORM_TEXT_MOST;
    if (yyjson_is_str(v) && text_length(json_text(v)) > most)
        fail_problem(why, pointer, "too-long", N_("At most {0} characters."), str_format(a, "%zu", most));
}

static void check_field(struct arena *a, const struct procedure_form *form, struct str name, yyjson_val *v,
                        struct fail *why)
{
    struct str pointer = str_format(a, "/form/%.*s", STR_ARG(name));
    const struct declaration *f = form_field_find(form, name);
    if (f != NULL)
        check_known(f, v, pointer, why);
    else if (!is_plain(v))
        fail_problem(why, pointer, "type", N_("A declaration is a text, a number, true or false, or a list of them."));
    check_text_lengths(a, f, v, pointer, why);
}

static void check_required(struct arena *a, const struct procedure_form *form, yyjson_val *declared, struct fail *why)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct declaration *f = &form->fields[i];
        if (f->is_required && json_str(declared, f->name).len == 0)
            fail_problem(why, str_format(a, "/form/%s", f->name), "required", N_("This has to be filled in."));
    }
}

struct str form_check(struct arena *a, const struct procedure_form *form, yyjson_val *declared, struct fail *why)
{
    if (declared != NULL && !yyjson_is_null(declared) && !yyjson_is_obj(declared)) {
        fail_problem(why, STR("/form"), "type", N_("The form is an object of declarations."));
        return STR("{}");
    }
    if (yyjson_is_null(declared)) declared = NULL;
    check_required(a, form, declared, why);
    if (declared == NULL) return STR("{}");
    if (yyjson_obj_size(declared) > FORM_FIELDS_MOST) {
        fail_problem(why, STR("/form"), "too-many", N_("At most {0} declarations."),
                     str_format(a, "%d", FORM_FIELDS_MOST));
        return STR("{}");
    }
    yyjson_val *key, *value;
    size_t i, count;
    yyjson_obj_foreach(declared, i, count, key, value) check_field(a, form, json_text(key), value, why);
    struct str canonical = json_canonical(a, declared);
    if (canonical.len > FORM_BYTES_MOST)
        fail_problem(why, STR("/form"), "too-long", N_("The declarations are too long."));
    return canonical;
}

/* ---- papers ---- */

static void read_file(struct arena *a, yyjson_val *item, struct str pointer, bool is_officer, struct attachment *out,
                      struct fail *why)
{
    out->component = str_dup(a, json_str(item, "component"));
    out->kind = str_dup(a, json_str(item, "kind"));
    if (out->kind.len == 0) out->kind = out->component.len > 0 ? STR("component") : STR("other");
    out->is_reused = json_bool(item, "reused", false);
    bool is_result = str_eq(out->kind, STR("result"));
    if (!is_result && !str_eq(out->kind, STR("component")) && !str_eq(out->kind, STR("supplement")) &&
        !str_eq(out->kind, STR("other")))
        fail_problem(why, str_format(a, "%.*s/kind", STR_ARG(pointer)), "unknown",
                     N_("A paper is a component, supplement, result or other; not “{0}”."), out->kind);
    if (is_result && !is_officer)
        fail_problem(why, str_format(a, "%.*s/kind", STR_ARG(pointer)), "denied",
                     N_("Only an officer attaches a result."));
    struct str hash = json_str(item, "file");
    if (!sha256_parse(hash, &out->hash))
        fail_problem(why, str_format(a, "%.*s/file", STR_ARG(pointer)), hash.len == 0 ? "required" : "format",
                     N_("Name the file by the id that its upload returned."));
}

struct attachment *form_read_files(struct arena *a, yyjson_val *list, struct str pointer, bool is_officer,
                                   size_t *out_count, struct fail *why)
{
    *out_count = 0;
    if (list == NULL || yyjson_is_null(list)) return NULL;
    if (!yyjson_is_arr(list) || yyjson_arr_size(list) > FORM_FILES_MOST) {
        fail_problem(why, pointer, "type", N_("The files are a list of at most {0}."),
                     str_format(a, "%d", FORM_FILES_MOST));
        return NULL;
    }
    struct attachment *files = ARENA_ARRAY(a, struct attachment, yyjson_arr_size(list) + 1);
    yyjson_val *item;
    size_t i, count;
    yyjson_arr_foreach(list, i, count, item)
    {
        struct str place = str_format(a, "%.*s/%zu", STR_ARG(pointer), i);
        if (yyjson_is_obj(item))
            read_file(a, item, place, is_officer, &files[(*out_count)++], why);
        else
            fail_problem(why, place, "type", N_("Each file is an object with “component” and “file”."));
    }
    return files;
}

static const struct form_paper *find_paper(const struct procedure_form *form, struct str component)
{
    for (size_t i = 0; i < form->paper_count; i++)
        if (str_eq(component, form->papers[i].component->id)) return &form->papers[i];
    return NULL;
}

static bool is_sent(const struct attachment *files, size_t count, struct str component)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(files[i].component, component)) return true;
    return false;
}

/* One of a group stands for all of it. */
static bool is_group_sent(const struct procedure_form *form, const struct component *c, const struct attachment *files,
                          size_t count)
{
    if (c->required != REQUIRED_ONE_OF || c->group.len == 0) return is_sent(files, count, c->id);
    for (size_t i = 0; i < form->paper_count; i++) {
        const struct component *other = form->papers[i].component;
        if (str_eq(other->group, c->group) && is_sent(files, count, other->id)) return true;
    }
    return false;
}

static bool is_first_of_group(const struct procedure_form *form, size_t at)
{
    const struct component *c = form->papers[at].component;
    if (c->required != REQUIRED_ONE_OF || c->group.len == 0) return true;
    for (size_t i = 0; i < at; i++)
        if (str_eq(form->papers[i].component->group, c->group)) return false;
    return true;
}

void form_check_components(struct arena *a, const struct procedure_form *form, const struct attachment *files,
                           size_t count, struct fail *why)
{
    for (size_t i = 0; i < count; i++)
        if (files[i].component.len > 0 && find_paper(form, files[i].component) == NULL)
            fail_problem(why, str_format(a, "/files/%zu/component", i), "unknown",
                         N_("The procedure has no component “{0}”."), files[i].component);
}

void form_check_files(struct arena *a, const struct procedure_form *form, const struct attachment *files, size_t count,
                      struct fail *why)
{
    form_check_components(a, form, files, count, why);
    for (size_t i = 0; i < form->paper_count; i++) {
        const struct component *c = form->papers[i].component;
        if (!form->papers[i].stops || !is_first_of_group(form, i) || is_group_sent(form, c, files, count)) continue;
        struct str pointer = str_format(a, "/files/%.*s", STR_ARG(c->id));
        if (c->required == REQUIRED_ONE_OF)
            fail_problem(why, pointer, "required", N_("Attach one of these papers: {0}"), c->label);
        else
            fail_problem(why, pointer, "required", N_("Attach this paper: {0}"), c->label);
    }
}
