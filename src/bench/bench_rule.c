#include "bench/bench_rule.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/version.h"
#include "rule/dmn.h"

enum {
    SUBJECT_BYTES = 256 * 1024 * 1024,
    RUN_BYTES = 64 * 1024 * 1024,
    TABLE_RULES = 10000,
    TABLE_BYTES = 8 << 20,
    WORDS_MOST = 16
};

/* What is measured: one of the two, with its values. */
struct subject {
    const char *name, *unit, *what;
    const struct feel_node *expression;
    const struct dmn *model;
    const struct dmn_element *decision;
    struct feel_value context; /* a context; of an expression its entries' values besides, in the same order */
    const struct feel_value *values;
};

struct rates {
    uint64_t count;
    int64_t us;
};

/* ---- what is measured ---- */

static enum outcome read_values(struct arena *a, const char *text, struct subject *out, struct fail *why)
{
    yyjson_val *root;
    TRY(json_read(a, str_from(text), &root, why));
    out->context = feel_read_json(a, root);
    const struct feel_context *c = out->context.context;
    struct feel_value *values = ARENA_ARRAY(a, struct feel_value, c->count + 1);
    for (size_t i = 0; i < c->count; i++) values[i] = c->entries[i].value;
    out->values = values;
    return OK;
}

static enum outcome prepare_feel(struct arena *a, struct subject *out, struct fail *why)
{
    *out = (struct subject){.name = "feel", .unit = "evaluations/s", .what = "bench/medium.feel, compiled once"};
    TRY(read_values(a, bench_feel_context_text, out, why));
    const struct feel_context *c = out->context.context;
    struct str *names = ARENA_ARRAY(a, struct str, c->count + 1);
    for (size_t i = 0; i < c->count; i++) names[i] = c->entries[i].name;
    const struct feel_names known = {.names = names, .count = c->count};
    return feel_compile(a, str_from(bench_feel_text), &known, &out->expression, why);
}

static enum outcome prepare_model(struct arena *a, struct str text, struct subject *out, struct fail *why)
{
    size_t count;
    TRY(dmn_read(a, text, NULL, NULL, &out->model, why));
    (void)dmn_problems(out->model, &count); /* what is wrong shows in its decision */
    const struct dmn_element *const *decisions = dmn_elements(out->model, DMN_DECISION, &count);
    out->decision = decisions[0];
    return OK;
}

static enum outcome prepare_dmn(struct arena *a, struct subject *out, struct fail *why)
{
    *out = (struct subject){
        .name = "dmn", .unit = "decisions/s", .what = "bench/fees.dmn: a table of 20 rules, read once"};
    TRY(read_values(a, bench_dmn_context_text, out, why));
    return prepare_model(a, str_from(bench_dmn_text), out, why);
}

/* A hundred communes with a hundred steps of area each: no two rules apply to the same plot. */
static enum outcome prepare_table(struct arena *a, struct subject *out, struct fail *why)
{
    AUTO_BUF struct buf text;
    buf_init(&text, TABLE_BYTES);
    *out = (struct subject){.name = "table", .unit = "decisions/s", .what = "a table of 10,000 rules, read once"};
    buf_add(
        &text,
        STR("<definitions xmlns=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" name=\"t\" namespace=\"t\">"
            "<inputData id=\"c\" name=\"commune\"/><inputData id=\"a\" name=\"area\"/><decision id=\"d\" name=\"Fee\">"
            "<informationRequirement><requiredInput href=\"#c\"/></informationRequirement>"
            "<informationRequirement><requiredInput href=\"#a\"/></informationRequirement><decisionTable>"
            "<input><inputExpression typeRef=\"string\"><text>commune</text></inputExpression></input>"
            "<input><inputExpression typeRef=\"number\"><text>area</text></inputExpression></input>"
            "<output name=\"fee\" typeRef=\"number\"/>"));
    for (int i = 0; i < TABLE_RULES; i++)
        buf_addf(
            &text,
            "<rule><inputEntry><text>\"commune %d\"</text></inputEntry><inputEntry><text>[%d..%d)</text></inputEntry>"
            "<outputEntry><text>area * %d</text></outputEntry></rule>",
            i / 100, i % 100 * 10, i % 100 * 10 + 10, i);
    buf_add(&text, STR("</decisionTable></decision></definitions>"));
    TRY(read_values(a, "{\"commune\": \"commune 77\", \"area\": 555.5}", out, why));
    return prepare_model(a, buf_str(&text), out, why);
}

/* ---- measuring ---- */

static struct feel_value once(const struct subject *s, struct feel_run *run)
{
    return s->expression != NULL ? feel_eval(run, s->expression, s->values)
                                 : dmn_decide(run, s->model, s->decision, s->context);
}

/* Time of the core that this thread had, so that what else runs on the machine takes nothing away. */
static int64_t core_us(void)
{
    struct rusage used;
    if (getrusage(RUSAGE_THREAD, &used) != 0) BUG("the time of the core is not to be had");
    return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * US_PER_S + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

/* So many between two looks at the clock. */
static void measure(const struct subject *s, struct arena *scratch, int64_t us, struct rates *out)
{
    enum { BETWEEN = 200 };
    struct feel_run run;
    int64_t begun = core_us(), now = begun;
    for (; now - begun < us; now = core_us())
        for (int i = 0; i < BETWEEN; i++) {
            struct arena_mark mark = arena_mark(scratch);
            feel_run_init(&run, scratch);
            (void)once(s, &run); /* it was looked at before */
            arena_back(scratch, mark);
            out->count++;
        }
    out->us += now - begun;
}

/* The peer runs on the same core of the same minute, between two halves of ours; its last line is its figure. Words
 * are what stands between blanks. */
static enum outcome run_peer(struct command_context *c, struct str command, double *out, struct fail *why)
{
    char *words[WORDS_MOST + 1] = {NULL}, line[256];
    size_t count = 0;
    int ends[2], status = 0;
    pid_t pid;
    posix_spawn_file_actions_t actions;
    struct str rest = command, word;
    for (bool is_more = true; is_more;) {
        is_more = str_cut(rest, ' ', &word, &rest);
        if (word.len == 0) continue;
        if (count == WORDS_MOST)
            return fail(why, ERR_INVALID, N_("The command beside has too many words: {0}"), command);
        words[count++] = (char *)str_cstr(c->arena, word);
    }
    if (count == 0) return fail(why, ERR_INVALID, N_("{0} cannot be run."), command);
    if (pipe2(ends, O_CLOEXEC) != 0) return fail(why, ERR_DOWN, N_("{0} cannot be run."), command);
    bool is_fine = posix_spawn_file_actions_init(&actions) == 0 &&
                   posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) == 0 &&
                   posix_spawnp(&pid, words[0], &actions, NULL, words, environ) == 0;
    close(ends[1]);
    AUTO_FILE FILE *said = fdopen(ends[0], "r");
    *out = 0;
    while (is_fine && said != NULL && fgets(line, sizeof line, said) != NULL) *out = strtod(line, NULL);
    is_fine = is_fine && waitpid(pid, &status, 0) == pid && status == 0 && *out > 0;
    posix_spawn_file_actions_destroy(&actions);
    return is_fine ? OK : fail(why, ERR_DOWN, N_("{0} cannot be run."), command);
}

static void print(struct command_context *c, const struct subject *s, double rate, double peer)
{
    if (!command_has(c, "json")) {
        fprintf(c->out, "%-7s %10.0f %s of one core", s->name, rate, s->unit);
        if (peer > 0) fprintf(c->out, "   beside it %.0f   ratio %.0f", peer, rate / peer);
        fputc('\n', c->out);
        return;
    }
    AUTO_BUF struct buf out;
    struct json_writer w;
    buf_init(&out, 4096);
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "name", str_from(s->name));
    jw_key(&w, "figure");
    jw_raw(&w, str_format(c->arena, "%.1f", rate));
    jw_put_str(&w, "unit", str_from(s->unit));
    jw_put_str(&w, "what", str_from(s->what));
    jw_key(&w, "peer");
    jw_raw(&w, peer > 0 ? str_format(c->arena, "%.1f", peer) : STR("null"));
    jw_key(&w, "ratio");
    jw_raw(&w, peer > 0 ? str_format(c->arena, "%.1f", rate / peer) : STR("null"));
    jw_put_int(&w, "cores", sysconf(_SC_NPROCESSORS_ONLN));
    jw_put_str(&w, "version", str_from(motcua_version));
    jw_close(&w);
    struct str json = buf_str(&out);
    fprintf(c->out, "%.*s\n", STR_ARG(json));
}

static const struct {
    const char *name;
    enum outcome (*prepare)(struct arena *a, struct subject *out, struct fail *why);
} subjects[] = {
    {"feel",  prepare_feel },
    {"dmn",   prepare_dmn  },
    {"table", prepare_table},
};

bool bench_is_of_rules(struct str name)
{
    for (size_t i = 0; i < LENGTH(subjects); i++)
        if (str_eq(name, str_from(subjects[i].name))) return true;
    return false;
}

static enum outcome measure_rules(struct command_context *c, int seconds, struct fail *why)
{
    AUTO_ARENA struct arena kept, scratch;
    struct feel_run run;
    struct subject s = {0};
    struct rates rates = {0};
    double peer = 0;
    arena_init(&kept, SUBJECT_BYTES);
    arena_init(&scratch, RUN_BYTES);
    for (size_t i = 0; i < LENGTH(subjects); i++)
        if (str_eq(c->args[0], str_from(subjects[i].name))) TRY(subjects[i].prepare(&kept, &s, why));
    feel_run_init(&run, &scratch);
    struct str answer = feel_format(&scratch, once(&s, &run));
    TRY(feel_run_outcome(&run, why)); /* what ends in an error measures nothing */
    if (isatty(fileno(c->err))) fprintf(c->err, "%.*s\n", STR_ARG(answer));
    int64_t us = seconds * US_PER_S;
    struct rates warm = {0};
    measure(&s, &scratch, us / 10, &warm);
    measure(&s, &scratch, us / 2, &rates);
    if (command_has(c, "beside")) {
        TRY(run_peer(c, command_option(c, "beside"), &peer, why));
        measure(&s, &scratch, us / 10, &warm);
    }
    measure(&s, &scratch, us / 2, &rates);
    print(c, &s, (double)rates.count * (double)US_PER_S / (double)rates.us, peer);
    return OK;
}

enum exit_code command_bench_rules(struct command_context *c, int seconds)
{
    struct fail why;
    fail_init(&why, c->arena);
    return measure_rules(c, seconds, &why) == OK ? EXIT_FINE : command_fail(c, &why);
}
