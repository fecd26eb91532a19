#include "process/rule_set.h"

#include <pthread.h>

#include "base/json.h"
#include "base/parse.h"

enum { MEMORY_MOST = 1 << 20, NUMBER_MOST = 1000 };

/* A set, or a part of it, in the making. */
struct reader {
    struct arena *a;
    struct str place; /* JSON pointer of the set */
    yyjson_val *set;
    struct fail *why;
};

static void note(struct reader *r, const char *name, const char *code, const char *sentence)
{
    fail_problem(r->why, str_format(r->a, "%.*s/%s", STR_ARG(r->place), name), code, sentence);
}

/* ---- values ---- */

static yyjson_val *value_of(struct reader *r, const char *name)
{
    yyjson_val *row = json_get(json_get(r->set, "values"), name);
    if (json_str(row, "basis").len == 0)
        note(r, name, "required", N_("A legal value has its basis: the article it comes from."));
    return json_get(row, "value");
}

static int64_t read_number(struct reader *r, const char *name)
{
    yyjson_val *v = value_of(r, name);
    if (yyjson_is_uint(v) && yyjson_get_uint(v) <= NUMBER_MOST) return (int64_t)yyjson_get_uint(v);
    note(r, name, "range", N_("A whole number from 0 to 1000 is needed here."));
    return 0;
}

static struct term read_term(struct reader *r, const char *name, enum term_unit unit)
{
    return (struct term){unit, read_number(r, name) * 100, false};
}

/* "15:00" */
static int64_t read_time(struct reader *r, const char *name)
{
    struct str text = json_text(value_of(r, name)), hour, minute;
    int h, m;
    if (str_cut(text, ':', &hour, &minute) && hour.len == 2 && minute.len == 2 && parse_int(hour, 0, 23, &h) &&
        parse_int(minute, 0, 59, &m))
        return h * US_PER_HOUR + m * US_PER_MINUTE;
    note(r, name, "format", N_("Write the time of day as hours and minutes, such as 15:00."));
    return 0;
}

static struct str read_manner(struct reader *r, const char *name)
{
    struct str manner = json_text(value_of(r, name));
    if (!str_eq(manner, STR("in-turn")) && !str_eq(manner, STR("parallel")))
        note(r, name, "unknown", N_("Units are asked in-turn or parallel."));
    return manner;
}

static day_t read_day(struct reader *r, const char *name, day_t otherwise)
{
    struct str text = json_str(r->set, name);
    day_t day = otherwise;
    struct fail wrong;
    fail_init(&wrong, r->a);
    if (text.len == 0 && json_get(r->set, name) == NULL && otherwise != 0) return otherwise;
    if (day_parse(text, &day, &wrong) != OK)
        note(r, name, "format", N_("Write the day as year-month-day, such as 2026-11-22."));
    return day;
}

/* ---- a set ---- */

static void read_code(struct reader *r, struct rule_set *out)
{
    yyjson_val *code = json_get(r->set, "code");
    struct str date = json_str(code, "date");
    out->code_has_century = str_eq(date, STR("yyyymmdd"));
    out->code_width = (int)json_int(code, "width", 0);
    if ((!out->code_has_century && !str_eq(date, STR("yymmdd"))) || out->code_width < 1 || out->code_width > 12)
        note(r, "code", "format", N_("A code says its date (yymmdd or yyyymmdd) and its width from 1 to 12."));
}

static void read_forms(struct reader *r, struct rule_set *out)
{
    yyjson_val *list = json_get(r->set, "forms");
    size_t count = yyjson_arr_size(list);
    struct rule_form *forms = ARENA_ARRAY(r->a, struct rule_form, count + 1);
    for (size_t i = 0; i < count; i++) {
        yyjson_val *f = yyjson_arr_get(list, i);
        forms[i] = (struct rule_form){json_str(f, "id"), json_str(f, "number"), json_str(f, "title")};
        if (forms[i].id.len == 0 || forms[i].number.len == 0 || forms[i].title.len == 0)
            note(r, "forms", "required", N_("A form has an id, a number and a title."));
    }
    out->forms = forms;
    out->form_count = count;
    out->forms_basis = json_str(r->set, "forms_basis");
}

static struct rule_set read_set(struct reader *r)
{
    struct rule_set s = {
        .name = json_str(r->set, "name"),
        .basis = json_str(r->set, "basis"),
        .valid_from = read_day(r, "valid_from", 0),
        .valid_to = read_day(r, "valid_to", INT32_MAX),
        .supplements_most = read_number(r, "supplements_most"),
        .extensions_most = read_number(r, "extensions_most"),
        .extension_notice_days = read_number(r, "extension_notice_days"),
        .intake_check = read_term(r, "intake_check_hours", TERM_HOURS),
        .appraisal_return = read_term(r, "appraisal_return_working_days", TERM_WORKING_DAYS),
        .hand_over_cutoff_us = read_time(r, "hand_over_cutoff"),
        .hand_over_next_by_us = read_time(r, "hand_over_next_by"),
        .consult_paper = read_manner(r, "consult_paper"),
        .consult_electronic = read_manner(r, "consult_electronic"),
    };
    if (s.name.len == 0) note(r, "name", "required", N_("This has to be filled in."));
    if (s.basis.len == 0) note(r, "basis", "required", N_("A legal value has its basis: the article it comes from."));
    read_code(r, &s);
    read_forms(r, &s);
    return s;
}

enum outcome rule_sets_parse(struct arena *a, struct str text, const struct rule_set **out, size_t *out_count,
                             struct fail *why)
{
    yyjson_val *root;
    TRY(json_read(a, text, &root, why));
    yyjson_val *list = json_get(root, "sets");
    size_t count = yyjson_arr_size(list);
    struct rule_set *sets = ARENA_ARRAY(a, struct rule_set, count + 1);
    if (count == 0) fail_problem(why, STR("/sets"), "required", N_("This has to be filled in."));
    for (size_t i = 0; i < count; i++) {
        struct reader r = {a, str_format(a, "/sets/%zu", i), yyjson_arr_get(list, i), why};
        sets[i] = read_set(&r);
        bool is_last = i + 1 == count;
        if (i > 0 && (int64_t)sets[i].valid_from != (int64_t)sets[i - 1].valid_to + 1)
            note(&r, "valid_from", "order", N_("Each set begins on the day after the one before it ends."));
        if (sets[i].valid_to < sets[i].valid_from || (is_last && sets[i].valid_to != INT32_MAX))
            note(&r, "valid_to", "order", N_("A set ends after it begins, and the last one is in force."));
    }
    TRY(fail_if_problems(why));
    *out = sets;
    *out_count = count;
    return OK;
}

/* ---- the program's own ---- */

/* A constant of the program that is made of its text when somebody first asks. */
static struct {
    pthread_once_t once;
    struct arena arena;
    const struct rule_set *sets;
    size_t count;
} own = {.once = PTHREAD_ONCE_INIT};

static void make_own(void)
{
    struct fail why;
    arena_init(&own.arena, MEMORY_MOST);
    fail_init(&why, &own.arena);
    if (rule_sets_parse(&own.arena, str_from(rule_sets_text), &own.sets, &own.count, &why) != OK)
        BUG("rules/one-stop.json is wrong at %.*s",
            STR_ARG(why.problem_count > 0 ? why.problems[0].pointer : STR("/")));
}

const struct rule_set *rule_set_at(day_t day)
{
    (void)pthread_once(&own.once, make_own); /* cannot fail with a static control */
    size_t i = own.count - 1;
    while (i > 0 && own.sets[i].valid_from > day) i--;
    return &own.sets[i];
}

const struct rule_set *rule_set_by_name(struct str name)
{
    (void)pthread_once(&own.once, make_own); /* cannot fail with a static control */
    for (size_t i = 0; i < own.count; i++)
        if (str_eq(own.sets[i].name, name)) return &own.sets[i];
    return NULL;
}

const struct rule_set *rule_set_of(struct str name, day_t day)
{
    const struct rule_set *kept = rule_set_by_name(name);
    return kept != NULL ? kept : rule_set_at(day);
}

const struct rule_form *rule_set_form(const struct rule_set *s, const char *id)
{
    for (size_t i = 0; i < s->form_count; i++)
        if (str_eq(s->forms[i].id, str_from(id))) return &s->forms[i];
    return NULL;
}
