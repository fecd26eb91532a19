#include "check/check.h"

#include <stdlib.h>

#include "app/folder.h"
#include "base/auto.h"
#include "base/file.h"

enum { REPORT_BYTES = 16 * 1024 * 1024 };

struct tally {
    size_t folders, passed, failed;
};

static bool is_passed(const struct scenario *s)
{
    return s->broken.len == 0 && s->failures.count == 0;
}

/* ---- the scratch folder: ours, made and removed ---- */

static enum outcome make_scratch(struct arena *a, struct str *out, struct fail *why)
{
    const char *tmp = getenv("TMPDIR");
    struct str pattern = file_join(a, str_from(tmp != NULL && *tmp != 0 ? tmp : "/tmp"), STR("motcua-check-XXXXXX"));
    char *made = mkdtemp((char *)(uintptr_t)pattern.at);
    if (made == NULL) return fail(why, ERR_DOWN, N_("No scratch folder can be made in {0}."), pattern);
    *out = str_from(made);
    return OK;
}

/* ---- running ---- */

static enum outcome run_all(struct checking *c, struct str scratch, struct tally *t, struct fail *why)
{
    size_t number = 0;
    for (size_t i = 0; i < c->folders.count; i++) {
        struct check_folder *f = &c->folders.at[i];
        t->folders++;
        for (size_t n = 0; n < f->scenarios.count && f->record.len > 0; n++) {
            struct str own = file_join(c->arena, scratch, str_format(c->arena, "%zu", ++number));
            TRY(scenario_run(c, f, &f->scenarios.at[n], own, why));
            folder_remove(c->arena, own);
            if (is_passed(&f->scenarios.at[n]))
                t->passed++;
            else
                t->failed++;
        }
    }
    return OK;
}

/* ---- reporting ---- */

static struct str say(const struct checking *c, const char *message, const struct str args[FAIL_ARGS])
{
    return fail_fill(c->arena, translate(c->language, message), args);
}

static void print_scenario(FILE *out, const struct checking *c, const struct scenario *s)
{
    fprintf(out, "%-5s %.*s  %.*s\n", is_passed(s) ? "ok" : "FAIL", STR_ARG(s->file), STR_ARG(s->title));
    if (s->broken.len > 0) fprintf(out, "      %.*s:1: %.*s\n", STR_ARG(s->file), STR_ARG(s->broken));
    for (size_t i = 0; i < s->failures.count; i++) {
        const struct check_failure *f = &s->failures.at[i];
        struct str sentence =
            say(c, N_("step {0}, {1}: expected {2}, got {3}"),
                (const struct str[FAIL_ARGS]){str_format(c->arena, "%lld", (long long)f->step), f->what,
                                              f->expected.len > 0 ? f->expected : STR("\"\""),
                                              f->got.len > 0 ? f->got : STR("\"\"")});
        fprintf(out, "      %.*s:%d: %.*s\n", STR_ARG(s->file), f->line, STR_ARG(sentence));
    }
}

static void print_report(FILE *out, const struct checking *c, const struct tally *t)
{
    for (size_t i = 0; i < c->problems.count; i++) {
        const struct check_problem *p = &c->problems.at[i];
        fprintf(out, "FAIL  %.*s%s%.*s: %.*s\n", STR_ARG(p->file), p->place.len > 0 ? ":" : "", STR_ARG(p->place),
                STR_ARG(p->sentence));
    }
    for (size_t i = 0; i < c->folders.count; i++)
        for (size_t n = 0; n < c->folders.at[i].scenarios.count; n++)
            if (c->folders.at[i].record.len > 0) print_scenario(out, c, &c->folders.at[i].scenarios.at[n]);
    struct str end = say(c, N_("{0} folders, {1} scenarios passed, {2} failed, {3} mistakes"),
                         (const struct str[FAIL_ARGS]){
                             str_format(c->arena, "%zu", t->folders), str_format(c->arena, "%zu", t->passed),
                             str_format(c->arena, "%zu", t->failed), str_format(c->arena, "%zu", c->problems.count)});
    fprintf(out, "%.*s\n", STR_ARG(end));
}

static void put_failures(struct json_writer *w, const struct scenario *s)
{
    jw_key(w, "failures");
    jw_open(w, '[');
    for (size_t i = 0; i < s->failures.count; i++) {
        const struct check_failure *f = &s->failures.at[i];
        jw_open(w, '{');
        jw_put_int(w, "line", f->line);
        jw_put_int(w, "step", f->step);
        jw_put_str(w, "what", f->what);
        jw_put_str(w, "expected", f->expected);
        jw_put_str(w, "got", f->got);
        jw_close(w);
    }
    jw_close(w);
}

static void put_scenario(struct json_writer *w, const struct check_folder *f, const struct scenario *s)
{
    jw_open(w, '{');
    jw_put_str(w, "procedure", f->code);
    jw_put_str(w, "file", s->file);
    jw_put_str(w, "title", s->title);
    jw_put_bool(w, "passed", is_passed(s));
    jw_put_str_or_null(w, "broken", s->broken);
    put_failures(w, s);
    jw_close(w);
}

static enum exit_code print_json(struct command_context *to, const struct checking *c, const struct tally *t)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, REPORT_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_int(&w, "folders", (int64_t)t->folders);
    jw_put_int(&w, "passed", (int64_t)t->passed);
    jw_put_int(&w, "failed", (int64_t)t->failed);
    jw_key(&w, "problems");
    jw_open(&w, '[');
    for (size_t i = 0; i < c->problems.count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "file", c->problems.at[i].file);
        jw_put_str(&w, "place", c->problems.at[i].place);
        jw_put_str(&w, "message", c->problems.at[i].sentence);
        jw_close(&w);
    }
    jw_close(&w);
    jw_key(&w, "scenarios");
    jw_open(&w, '[');
    for (size_t i = 0; i < c->folders.count; i++)
        for (size_t n = 0; n < c->folders.at[i].scenarios.count; n++)
            if (c->folders.at[i].record.len > 0) put_scenario(&w, &c->folders.at[i], &c->folders.at[i].scenarios.at[n]);
    jw_close(&w);
    jw_close(&w);
    return command_print_json(to, &text);
}

/* ---- the command ---- */

static enum outcome read_paths(struct command_context *c, struct checking *checking, struct fail *why)
{
    if (c->arg_count == 0) return check_read_path(checking, command_path(c, STR("procedures")), why);
    for (size_t i = 0; i < c->arg_count; i++) TRY(check_read_path(checking, command_path(c, c->args[i]), why));
    return OK;
}

enum exit_code command_check(struct command_context *c)
{
    struct checking checking = {.arena = c->arena, .language = c->language};
    struct tally tally = {0};
    struct fail why;
    struct str scratch;
    fail_init(&why, c->arena);
    if (read_paths(c, &checking, &why) != OK || make_scratch(c->arena, &scratch, &why) != OK)
        return command_fail(c, &why);
    enum outcome ran = run_all(&checking, scratch, &tally, &why);
    folder_remove(c->arena, scratch);
    if (ran != OK) return command_fail(c, &why);
    enum exit_code printed = EXIT_FINE;
    if (command_has(c, "json"))
        printed = print_json(c, &checking, &tally);
    else
        print_report(c->out, &checking, &tally);
    return tally.failed > 0 || checking.problems.count > 0 ? EXIT_REFUSED : printed;
}
