/* Rules without an office: `feel` evaluates an expression, `dmn` decides a model, `tck` runs the conformance kit. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/list.h"
#include "base/parse.h"
#include "calendar/calendars.h"
#include "command/commands.h"
#include "rule/dmn.h"
#include "rule/legal_time.h"
#include "rule/tck.h"

enum { SHOWN_BYTES = 400, VALUE_BYTES = 16 * 1024 * 1024, CONTEXT_BYTES = 16 * 1024 * 1024 };

/* ---- the context: a file of JSON ---- */

static enum outcome read_context(struct command_context *c, struct feel_value *out, struct fail *why)
{
    struct str path = command_option(c, "context"), text;
    yyjson_val *root;
    *out = feel_context_value(c->arena, NULL, 0);
    if (path.len == 0) return OK;
    TRY(file_read(c->arena, command_path(c, path), CONTEXT_BYTES, &text, why));
    TRY(json_read(c->arena, text, &root, why));
    *out = feel_read_json(c->arena, root);
    if (out->kind == FEEL_CONTEXT) return OK;
    return fail(why, ERR_INVALID, N_("The context is a JSON object: the names and their values."));
}

struct name_list {
    struct str *at;
    size_t count, room;
};

/* Every name below: parts of values may have names of several words. */
static void collect_names(struct arena *a, struct feel_value v, struct name_list *out)
{
    for (size_t i = 0; v.kind == FEEL_LIST && i < v.count; i++) collect_names(a, v.items[i], out);
    for (size_t i = 0; v.kind == FEEL_CONTEXT && i < v.context->count; i++) {
        LIST_PUSH(a, *out) = v.context->entries[i].name;
        collect_names(a, v.context->entries[i].value, out);
    }
}

/* ---- answers ---- */

static void write_problems(struct command_context *c, struct json_writer *w, const struct feel_run *run)
{
    jw_key(w, "problems");
    jw_open(w, '[');
    for (size_t i = 0; i < run->problem_count && i < FEEL_PROBLEMS; i++) {
        const struct feel_problem *p = &run->problems[i];
        jw_open(w, '{');
        jw_put_int(w, "line", p->line);
        jw_put_int(w, "column", p->column);
        jw_put_str_or_null(w, "where", p->where);
        jw_put_str(w, "detail", fail_fill(c->arena, translate(c->language, p->sentence), p->args));
        jw_close(w);
    }
    jw_close(w);
}

/* The line of a text that is meant, and a mark below the place; columns are counted in code points. */
static void show_place(struct command_context *c, struct str text, uint32_t line, uint32_t column)
{
    size_t from = 0;
    for (uint32_t n = 1; n < line; n++) {
        ptrdiff_t end = str_find(text, STR("\n"), from);
        if (end < 0) return;
        from = (size_t)end + 1;
    }
    ptrdiff_t end = str_find(text, STR("\n"), from);
    struct str shown = str_part(text, from, end < 0 ? text.len : (size_t)end);
    if (line == 0 || column == 0 || shown.len > SHOWN_BYTES) return;
    fprintf(c->err, "    %.*s\n    %*s^\n", STR_ARG(shown), (int)column - 1, "");
}

/* text: what was evaluated; empty: the places are of cells. */
static void print_problems(struct command_context *c, const struct feel_run *run, struct str text)
{
    for (size_t i = 0; i < run->problem_count && i < FEEL_PROBLEMS; i++) {
        const struct feel_problem *p = &run->problems[i];
        struct str sentence = fail_fill(c->arena, translate(c->language, p->sentence), p->args);
        fprintf(c->err, "%.*s%s%u:%u: %.*s\n", STR_ARG(p->where), p->where.len > 0 ? " " : "", p->line, p->column,
                STR_ARG(sentence));
        if (text.len > 0) show_place(c, text, p->line, p->column);
    }
}

static enum exit_code answer(struct command_context *c, const struct feel_run *run, struct feel_value v,
                             struct str text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, VALUE_BYTES);
    struct json_writer w;
    jw_init(&w, &out);
    if (command_has(c, "json")) {
        jw_open(&w, '{');
        jw_key(&w, "value");
        feel_write_json(&w, c->arena, v);
        jw_put_str(&w, "type", str_from(feel_kind_name(v.kind)));
        write_problems(c, &w, run);
        jw_close(&w);
    } else {
        feel_write_json(&w, c->arena, v);
        print_problems(c, run, text);
    }
    enum exit_code printed = command_print_json(c, &out);
    return run->problem_count > 0 ? EXIT_REFUSED : printed;
}

/* A text that cannot be read: its first problem, as a problem of an evaluation is told. */
static enum exit_code refuse_text(struct command_context *c, const struct fail *why, struct str text)
{
    struct feel_run *run = ARENA_NEW(c->arena, struct feel_run);
    if (why->problem_count == 0) return command_fail(c, why);
    const struct problem *p = &why->problems[0];
    ptrdiff_t colon = str_find(p->pointer, STR(":"), 0);
    int line = 0, column = 0;
    bool is_placed = colon > 0 && parse_int(str_part(p->pointer, 0, (size_t)colon), 1, INT_MAX, &line) &&
                     parse_int(str_part(p->pointer, (size_t)colon + 1, p->pointer.len), 1, INT_MAX, &column);
    run->problem_count = 1;
    run->problems[0].sentence = p->sentence;
    for (size_t i = 0; i < FAIL_ARGS; i++) run->problems[0].args[i] = p->args[i];
    run->problems[0].line = is_placed ? (uint32_t)line : 0;
    run->problems[0].column = is_placed ? (uint32_t)column : 0;
    if (command_has(c, "json")) return answer(c, run, feel_null(), text);
    print_problems(c, run, text);
    return EXIT_REFUSED;
}

/* ---- legal time: by the State's calendar, which is part of the program ---- */

static const struct calendar *find_calendar(const void *context, struct str name)
{
    const struct calendar *c = context;
    return c != NULL && (name.len == 0 || str_eq(name, calendar_name(c))) ? c : NULL;
}

static void begin_run(struct command_context *c, struct feel_run *run)
{
    struct legal_time *legal = ARENA_NEW(c->arena, struct legal_time);
    const struct calendar *standard = NULL;
    struct fail why;
    fail_init(&why, c->arena);
    if (calendar_parse(c->arena, str_from(calendar_vietnam_text), NULL, &standard, &why) != OK) BUG("a text of ours");
    *legal = (struct legal_time){find_calendar, standard};
    feel_run_init(run, c->arena);
    run->legal_time = legal;
    run->is_strict = command_has(c, "strict");
}

/* ---- feel ---- */

enum exit_code command_feel(struct command_context *c)
{
    struct fail why;
    struct feel_value context;
    struct feel_run *run = ARENA_NEW(c->arena, struct feel_run);
    const struct feel_node *expression;
    struct name_list members = {0};
    fail_init(&why, c->arena);
    if (read_context(c, &context, &why) != OK) return command_fail(c, &why);
    size_t count = context.context->count;
    struct str *names = ARENA_ARRAY(c->arena, struct str, count + LEGAL_TIME_FUNCTIONS);
    struct feel_value *values = ARENA_ARRAY(c->arena, struct feel_value, count + LEGAL_TIME_FUNCTIONS);
    for (size_t i = 0; i < count; i++) {
        names[i] = context.context->entries[i].name;
        values[i] = context.context->entries[i].value;
    }
    collect_names(c->arena, context, &members);
    if (command_has(c, "legal-time")) {
        legal_time_values(c->arena, &values[count]);
        for (size_t i = 0; i < LEGAL_TIME_FUNCTIONS; i++) names[count++] = legal_time_names[i];
    }
    struct feel_names known = {names, count, members.at, members.count, NULL, NULL};
    if (feel_compile(c->arena, c->args[0], &known, &expression, &why) != OK) return refuse_text(c, &why, c->args[0]);
    begin_run(c, run);
    return answer(c, run, feel_eval(run, expression, values), c->args[0]);
}

/* ---- dmn ---- */

/* Imports lie beside the model, under the name that it gives. */
static enum outcome read_beside(const void *context, struct arena *a, struct str name_space, struct str location,
                                struct str *out, struct fail *why)
{
    const struct str *folder = context;
    if (location.len == 0 || str_has(location, STR("/")) || str_has(location, STR(".."))) {
        return fail(why, ERR_MISSING, N_("The imported model is not there: {0}"), name_space);
    }
    return file_read(a, file_join(a, *folder, location), DMN_TEXT_BYTES, out, why);
}

static struct str folder_of(struct str path)
{
    size_t end = path.len;
    while (end > 0 && path.at[end - 1] != '/') end--;
    return end > 0 ? str_part(path, 0, end - 1) : STR(".");
}

static void print_problem(struct command_context *c, FILE *to, const struct problem *p)
{
    struct str sentence = problem_sentence(c->arena, c->language, p);
    fprintf(to, "%.*s: %.*s\n", STR_ARG(p->pointer), STR_ARG(sentence));
}

static void write_finding(struct command_context *c, struct json_writer *w, const struct problem *p)
{
    jw_open(w, '{');
    jw_put_str(w, "place", p->pointer);
    jw_put_str(w, "code", str_from(p->code));
    jw_put_str(w, "detail", problem_sentence(c->arena, c->language, p));
    jw_close(w);
}

/* What cannot be read, then what is doubtful. */
static enum exit_code lint(struct command_context *c, const struct dmn *model, const struct problem *problems,
                           size_t problem_count)
{
    size_t count;
    const struct problem *doubts = dmn_lint(c->arena, model, &count);
    if (!command_has(c, "json")) {
        for (size_t i = 0; i < problem_count; i++) print_problem(c, c->out, &problems[i]);
        for (size_t i = 0; i < count; i++) print_problem(c, c->out, &doubts[i]);
        return problem_count + count > 0 ? EXIT_REFUSED : EXIT_FINE;
    }
    AUTO_BUF struct buf out;
    struct json_writer w;
    buf_init(&out, VALUE_BYTES);
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_key(&w, "findings");
    jw_open(&w, '[');
    for (size_t i = 0; i < problem_count; i++) write_finding(c, &w, &problems[i]);
    for (size_t i = 0; i < count; i++) write_finding(c, &w, &doubts[i]);
    jw_close(&w);
    jw_close(&w);
    enum exit_code printed = command_print_json(c, &out);
    return problem_count + count > 0 ? EXIT_REFUSED : printed;
}

enum exit_code command_dmn(struct command_context *c)
{
    struct fail why;
    struct str path = command_path(c, c->args[0]), text, folder = folder_of(path),
               wanted = command_option(c, "decision");
    struct feel_value context;
    struct feel_run *run = ARENA_NEW(c->arena, struct feel_run);
    const struct dmn *model;
    fail_init(&why, c->arena);
    if (file_read(c->arena, path, DMN_TEXT_BYTES, &text, &why) != OK || read_context(c, &context, &why) != OK ||
        dmn_read(c->arena, text, read_beside, &folder, &model, &why) != OK)
        return command_fail(c, &why);
    size_t problem_count, decision_count;
    const struct problem *problems = dmn_problems(model, &problem_count);
    if (command_has(c, "lint")) return lint(c, model, problems, problem_count);
    for (size_t i = 0; i < problem_count; i++) print_problem(c, c->err, &problems[i]);
    const struct dmn_element *const *decisions = dmn_elements(model, DMN_DECISION, &decision_count);
    const struct dmn_element *decision = dmn_find(model, DMN_DECISION, wanted);
    if (wanted.len == 0 && decision_count == 1) decision = decisions[0];
    if (decision == NULL) {
        (void)fail(&why, ERR_MISSING, N_("There is no “{0}” in the model."), wanted);
        return command_fail(c, &why);
    }
    begin_run(c, run);
    return answer(c, run, dmn_decide(run, model, decision, context), STR(""));
}

/* ---- tck ---- */

struct tally {
    struct command_context *c;
    FILE *csv;
    int64_t fine[2], all[2]; /* by whether an error is wanted */
};

static void write_cell(FILE *f, struct str s, char end)
{
    fputc('"', f);
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"') fputc('"', f);
        fputc(s.at[i] == '\n' || s.at[i] == '\r' ? ' ' : s.at[i], f);
    }
    fprintf(f, "\"%c", end);
}

static void heard(void *context, const struct tck_case *result)
{
    struct tally *t = context;
    t->all[result->wants_error]++;
    t->fine[result->wants_error] += result->is_fine;
    if (t->csv != NULL) {
        write_cell(t->csv, result->folder, ',');
        write_cell(t->csv, result->file, ',');
        write_cell(t->csv, result->id, ',');
        write_cell(t->csv, result->is_fine ? STR("SUCCESS") : STR("ERROR"), ',');
        write_cell(t->csv, result->message, '\n');
    }
    if (!result->is_fine && !command_has(t->c, "json"))
        fprintf(t->c->err, "%.*s %.*s: %.*s\n", STR_ARG(result->folder), STR_ARG(result->id), STR_ARG(result->message));
}

static void print_tally(struct command_context *c, const struct tally *t)
{
    int64_t fine = t->fine[0] + t->fine[1], all = t->all[0] + t->all[1];
    if (command_has(c, "json"))
        fprintf(c->out,
                "{\"cases\":%" PRId64 ",\"passed\":%" PRId64 ",\"positive\":{\"cases\":%" PRId64 ",\"passed\":%" PRId64
                "},\"error\":{\"cases\":%" PRId64 ",\"passed\":%" PRId64 "}}\n",
                all, fine, t->all[0], t->fine[0], t->all[1], t->fine[1]);
    else
        fprintf(c->out,
                "positive %" PRId64 "/%" PRId64 ", error %" PRId64 "/%" PRId64 ", all %" PRId64 "/%" PRId64 "\n",
                t->fine[0], t->all[0], t->fine[1], t->all[1], fine, all);
}

enum exit_code command_tck(struct command_context *c)
{
    struct fail why;
    struct str csv = command_option(c, "csv");
    fail_init(&why, c->arena);
    AUTO_FILE FILE *f = csv.len > 0 ? fopen(str_cstr(c->arena, command_path(c, csv)), "w") : NULL;
    if (csv.len > 0 && f == NULL) {
        (void)fail(&why, ERR_DOWN, N_("{0} cannot be written."), csv);
        return command_fail(c, &why);
    }
    struct tally t = {.c = c, .csv = f};
    if (tck_run(command_path(c, c->args[0]), heard, &t, &why) != OK) return command_fail(c, &why);
    print_tally(c, &t);
    if (f != NULL && (fflush(f) != 0 || ferror(f))) {
        (void)fail(&why, ERR_DOWN, N_("{0} cannot be written."), csv);
        return command_fail(c, &why);
    }
    return t.fine[0] + t.fine[1] == t.all[0] + t.all[1] ? EXIT_FINE : EXIT_REFUSED;
}
