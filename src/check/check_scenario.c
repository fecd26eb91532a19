/* A scenario's file: read whole, every mistake with its place. */
#include "check/check.h"

#include "agency/agency.h"
#include "agency/identifier.h"
#include "base/text.h"

struct reader {
    struct checking *c;
    struct str file, text;
    struct scenario *out;
    struct fail why; /* problems of the step or the file that is being read */
};

/* ---- where a step stands ---- */

/* Where the text behind the quotation mark at `i` ends. */
static size_t end_of_string(struct str text, size_t i)
{
    for (i++; i < text.len && text.at[i] != '"'; i++)
        if (text.at[i] == '\\') i++;
    return i;
}

/* Lines of a text that JSON has taken already: the n-th item of the outermost "steps". */
struct step_search {
    int depth, line;
    bool is_in_steps, is_at_item; /* at_item: what comes next begins one */
    size_t passed;
};

/* The line on which the n-th item of the outermost "steps" begins, for messages; 1 when it cannot be told. */
static int line_of_step(struct str text, size_t n)
{
    struct step_search s = {.line = 1};
    struct str key = STR_NONE; /* the latest text of the outermost object */
    for (size_t i = 0; i < text.len; i++) {
        char ch = text.at[i];
        if (ch == '\n') s.line++;
        if (ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n') continue;
        bool begins = s.is_in_steps && s.depth == 2 && s.is_at_item && ch != ']';
        if (begins && s.passed++ == n) return s.line;
        s.is_at_item = s.is_in_steps && ((s.depth == 1 && ch == '[') || (s.depth == 2 && ch == ','));
        if (ch == '"') {
            size_t end = end_of_string(text, i);
            if (s.depth == 1) key = str_part(text, i + 1, end - i - 1);
            i = end;
            continue;
        }
        if (s.depth == 1 && ch == ':') s.is_in_steps = str_eq(key, STR("steps"));
        s.depth += (ch == '{' || ch == '[') - (ch == '}' || ch == ']');
    }
    return 1;
}

/* ---- members ---- */

static void refuse_unknown(struct reader *r, yyjson_val *o, struct str here, const char *const *known, size_t count)
{
    size_t i, n;
    yyjson_val *key, *value;
    yyjson_obj_foreach(o, i, n, key, value)
    {
        bool is_known = false;
        for (size_t k = 0; k < count && !is_known; k++) is_known = str_eq(json_text(key), str_from(known[k]));
        if (!is_known) fail_problem(&r->why, here, "unknown", N_("There is no member \"{0}\" here."), json_text(key));
    }
}

static bool is_person(const struct reader *r, struct str by)
{
    static const char *const names[] = {"applicant", "stranger", "receiver", "specialist",
                                        "colleague", "leader",   "clerk"};
    struct str name, agency;
    bool is_elsewhere = str_cut(by, '@', &name, &agency);
    for (size_t i = 0; i < LENGTH(names); i++) {
        if (!str_eq(name, str_from(names[i]))) continue;
        if (!is_elsewhere) return true;
        for (size_t n = 1; n < r->out->agency_count; n++)
            if (str_eq(agency, r->out->agencies[n])) return i >= 2;
    }
    return false;
}

static const char *const expect_keys[] = {"status",   "step",        "role",    "holder",   "due",
                                          "outcome",  "supplements", "results", "actions",  "agency",
                                          "finished", "provisional", "fees",    "eligible", "incidents"};
static const char *const refused_keys[] = {"type", "pointers", "codes"};
static const char *const step_keys[] = {"at", "by", "submit", "act", "with", "expect", "refused", "note"};

/* What is no list would be compared with nothing, and pass. */
static void need_list(struct reader *r, yyjson_val *o, struct str here, const char *key)
{
    yyjson_val *v = json_get(o, key);
    if (v != NULL && !yyjson_is_arr(v)) fail_problem(&r->why, here, "type", N_("\"{0}\" is a list."), str_from(key));
}

static void read_expectations(struct reader *r, yyjson_val *v, struct str here, struct scenario_step *s)
{
    s->expect = json_get(v, "expect");
    s->refused = json_get(v, "refused");
    if (s->expect != NULL && s->refused != NULL)
        fail_problem(&r->why, here, "both", N_("A step is expected to succeed or to be refused, not both."));
    if (s->expect != NULL && !yyjson_is_obj(s->expect))
        fail_problem(&r->why, here, "type", N_("\"{0}\" is an object."), STR("expect"));
    else if (s->expect != NULL)
        refuse_unknown(r, s->expect, str_format(r->c->arena, "%.*s/expect", STR_ARG(here)), expect_keys,
                       LENGTH(expect_keys));
    need_list(r, s->expect, here, "actions");
    need_list(r, s->refused, here, "pointers");
    need_list(r, s->refused, here, "codes");
    if (s->refused != NULL && !yyjson_is_obj(s->refused))
        fail_problem(&r->why, here, "type", N_("\"{0}\" is an object."), STR("refused"));
    else if (s->refused != NULL)
        refuse_unknown(r, s->refused, str_format(r->c->arena, "%.*s/refused", STR_ARG(here)), refused_keys,
                       LENGTH(refused_keys));
}

static void read_moment(struct reader *r, yyjson_val *v, struct str here, struct scenario_step *s)
{
    struct fail wrong;
    fail_init(&wrong, r->c->arena);
    struct str at = json_str(v, "at");
    if (instant_parse(at, &s->at, &wrong) != OK) {
        fail_problem(&r->why, here, "at", N_("\"at\" is a moment such as 2026-11-23T08:00:00+07:00."));
        s->at = INSTANT_NONE;
    } else if (r->out->step_count > 0 && s->at < r->out->steps[r->out->step_count - 1].at) {
        fail_problem(&r->why, here, "at", N_("The clock does not go back: this is before the step above."));
    }
}

static void read_doing(struct reader *r, yyjson_val *v, struct str here, struct scenario_step *s)
{
    yyjson_val *submit = json_get(v, "submit");
    s->act = json_str(v, "act");
    s->by = json_str(v, "by");
    if ((submit != NULL) == (s->act.len > 0))
        fail_problem(&r->why, here, "required", N_("A step says either \"submit\" or \"act\"."));
    s->with = submit != NULL ? submit : json_get(v, "with");
    if (s->with != NULL && !yyjson_is_obj(s->with))
        fail_problem(&r->why, here, "type", N_("What is sent is an object."));
    if (s->act.len > 0 && action_find(s->act) == NULL)
        fail_problem(&r->why, here, "unknown", N_("There is no act “{0}”."), s->act);
    if (!is_person(r, s->by))
        fail_problem(
            &r->why, here, "unknown",
            N_("“{0}” is nobody here: applicant, stranger, receiver, specialist, colleague, leader or clerk, the "
               "officers also with @ and one of the other agencies."),
            s->by);
}

static void note_problems(struct reader *r, int line)
{
    for (size_t i = 0; i < r->why.problem_count; i++) {
        const struct problem *p = &r->why.problems[i];
        struct str place = str_format(r->c->arena, "%.*s (line %d)", STR_ARG(p->pointer), line);
        LIST_PUSH(r->c->arena, r->c->problems) =
            (struct check_problem){r->file, place, problem_sentence(r->c->arena, r->c->language, p)};
    }
    fail_init(&r->why, r->c->arena);
}

static void read_step(struct reader *r, yyjson_val *v, size_t n)
{
    struct str here = str_format(r->c->arena, "#/steps/%zu", n);
    struct scenario_step s = {.line = line_of_step(r->text, n)};
    if (!yyjson_is_obj(v)) {
        fail_problem(&r->why, here, "type", N_("A step is an object."));
    } else {
        refuse_unknown(r, v, here, step_keys, LENGTH(step_keys));
        read_moment(r, v, here, &s);
        read_doing(r, v, here, &s);
        read_expectations(r, v, here, &s);
        if (n == 0 && s.act.len > 0) fail_problem(&r->why, here, "order", N_("The first step submits a dossier."));
    }
    note_problems(r, s.line);
    r->out->steps[r->out->step_count++] = s;
}

static void read_agency(struct reader *r, yyjson_val *v, size_t n)
{
    struct str here = str_format(r->c->arena, "#/agencies/%zu", n), identifier;
    struct fail wrong;
    fail_init(&wrong, r->c->arena);
    struct str id = json_str(v, "identifier"), class = json_str(v, "class");
    if (identifier_parse(r->c->arena, id, &identifier, &wrong) != OK)
        fail_problem(&r->why, here, "format", N_("“{0}” is not an e-identifier such as G11 or H36.02."), id);
    else if (agency_class_find(class) == NULL)
        fail_problem(&r->why, here, "unknown", N_("There is no class of agencies {0}."), class);
    else {
        r->out->agencies[r->out->agency_count] = identifier;
        r->out->classes[r->out->agency_count++] = class;
    }
}

static void read_agencies(struct reader *r, yyjson_val *root)
{
    yyjson_val *list = json_get(root, "agencies"), *v;
    size_t i, count;
    if (list == NULL) {
        r->out->agencies[0] = STR("G11");
        r->out->classes[0] = STR("ministry");
        r->out->agency_count = 1;
        return;
    }
    if (!yyjson_is_arr(list) || yyjson_arr_size(list) == 0 || yyjson_arr_size(list) > SCENARIO_AGENCIES_MOST) {
        fail_problem(&r->why, STR("#/agencies"), "type", N_("\"agencies\" lists from 1 to {0} agencies."),
                     str_format(r->c->arena, "%d", SCENARIO_AGENCIES_MOST));
        return;
    }
    yyjson_arr_foreach(list, i, count, v) read_agency(r, v, i);
}

static void read_root(struct reader *r, yyjson_val *root)
{
    static const char *const root_keys[] = {"title", "agencies", "steps", "basis"};
    yyjson_val *list = json_get(root, "steps"), *v;
    size_t i, count;
    refuse_unknown(r, root, STR("#"), root_keys, LENGTH(root_keys));
    r->out->title = json_str(root, "title");
    if (r->out->title.len == 0)
        fail_problem(&r->why, STR("#/title"), "required", N_("A scenario has a title: what must happen."));
    read_agencies(r, root);
    if (!yyjson_is_arr(list) || yyjson_arr_size(list) == 0 || yyjson_arr_size(list) > SCENARIO_STEPS_MOST)
        fail_problem(&r->why, STR("#/steps"), "required", N_("A scenario has from 1 to {0} steps."),
                     str_format(r->c->arena, "%d", SCENARIO_STEPS_MOST));
    note_problems(r, 1);
    r->out->steps = ARENA_ARRAY(r->c->arena, struct scenario_step, SCENARIO_STEPS_MOST);
    if (yyjson_arr_size(list) <= SCENARIO_STEPS_MOST) yyjson_arr_foreach(list, i, count, v) read_step(r, v, i);
}

bool scenario_read(struct checking *c, struct str file, struct str text, struct scenario *out)
{
    size_t before = c->problems.count;
    yyjson_val *root;
    *out = (struct scenario){.file = file};
    struct reader r = {.c = c, .file = file, .text = text, .out = out};
    fail_init(&r.why, c->arena);
    if (json_read(c->arena, text, &root, &r.why) != OK) {
        check_note(c, file, STR_NONE, &r.why);
        return false;
    }
    if (!yyjson_is_obj(root)) {
        (void)fail(&r.why, ERR_INVALID, N_("A scenario is a JSON object."));
        check_note(c, file, STR_NONE, &r.why);
        return false;
    }
    read_root(&r, root);
    return c->problems.count == before;
}
