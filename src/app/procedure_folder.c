#include "app/procedure_folder.h"

#include "app/embedded.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/hash.h"
#include "catalogue/catalogue.h"
#include "dossier/result_document.h"
#include "rule/ruling.h"

enum { SAMPLES_BYTES = 256 * 1024, SCENARIO_MOST = 256 * 1024, RULES_ARENA = 64 * 1024 * 1024 };

/* ---- samples: what the scenarios submit ---- */

/* The first submission of a scenario; what is no scenario adds nothing. */
static void add_sample(struct arena *a, struct json_writer *w, struct str text)
{
    struct fail ignored;
    yyjson_val *root, *step;
    size_t i, count;
    fail_init(&ignored, a);
    if (json_read(a, text, &root, &ignored) != OK) return;
    yyjson_arr_foreach(json_get(root, "steps"), i, count, step)
    {
        yyjson_val *submit = json_get(step, "submit"), *form = json_get(submit, "form");
        if (submit == NULL) continue;
        struct str channel = json_str(submit, "channel");
        jw_open(w, '{');
        jw_put_str(w, "title", json_str(root, "title"));
        jw_put_str(w, "channel", channel.len > 0 ? channel : STR("online"));
        jw_put_str(w, "case", json_str(submit, "case"));
        if (form != NULL) {
            jw_key(w, "answers");
            jw_value(w, form);
        }
        jw_close(w);
        return;
    }
}

static enum outcome samples_of_folder(struct arena *a, struct str folder, struct str *out, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    struct str path = file_join(a, folder, STR("scenarios")), *names = NULL;
    size_t count = 0;
    buf_init(&text, SAMPLES_BYTES);
    jw_init(&w, &text);
    if (file_exists(path)) TRY(file_names(a, path, &names, &count, why));
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        struct str scenario;
        if (!str_ends(names[i], STR(".json"))) continue;
        TRY(file_read(a, file_join(a, path, names[i]), SCENARIO_MOST, &scenario, why));
        add_sample(a, &w, scenario);
    }
    jw_close(&w);
    *out = str_dup(a, buf_str(&text));
    return OK;
}

/* ---- folders ---- */

static enum outcome take_steps(void *context, struct str text, int64_t *out_version, struct fail *why)
{
    struct app *app = context;
    return process_publish(app->processes, app->store, text, out_version, why);
}

static enum outcome check_result(void *context, struct str text, struct fail *why)
{
    const struct app *app = context;
    return result_document_check(app->templates, text, why);
}

static enum outcome check_rules(void *context, struct str text, struct fail *why)
{
    AUTO_ARENA struct arena a;
    struct tables *ignored;
    (void)context; /* tables need nothing of the program */
    arena_init(&a, RULES_ARENA);
    return tables_check(&a, text, &ignored, why);
}

static enum outcome keep(struct app *app, struct rule_keep *in, bool *out_is_new, struct fail *why)
{
    int64_t number;
    struct fail same;
    fail_init(&same, why->arena);
    in->hash = sha256_format(why->arena, sha256_of(in->text));
    in->is_in_force = true;
    enum outcome kept = store_run(app->store, rules_keep, in, &number, &same);
    *out_is_new = kept == OK;
    return kept == OK || kept == ERR_CONFLICT ? OK : fail_with(why, kept, same.sentence, same.args);
}

static enum outcome take_rules(void *context, struct str code, struct str folder, struct str text, bool *out_is_new,
                               struct fail *why)
{
    struct rule_keep in = {.procedure = code, .text = text, .source = STR("rules.dmn")};
    TRY(samples_of_folder(why->arena, folder, &in.samples, why));
    return keep(context, &in, out_is_new, why);
}

struct folder_reader procedure_folder_reader(struct app *app)
{
    return (struct folder_reader){app, take_steps, check_result, check_rules, take_rules};
}

/* ---- the program's own ---- */

static struct str embedded_samples(struct arena *a, struct str folder)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    struct str prefix = str_format(a, "%.*s/scenarios/", STR_ARG(folder));
    buf_init(&text, SAMPLES_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '[');
    for (size_t i = 0; i < embedded_demo_count; i++)
        if (str_starts(embedded_demo[i].name, prefix)) add_sample(a, &w, embedded_demo_text(a, &embedded_demo[i]));
    jw_close(&w);
    return str_dup(a, buf_str(&text));
}

enum outcome demo_rules(struct app *app, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, RULES_ARENA);
    for (size_t i = 0; i < embedded_demo_count; i++) {
        const struct embedded_file *f = &embedded_demo[i];
        if (!str_ends(f->name, STR("/rules.dmn"))) continue;
        struct str folder = str_part(f->name, 0, f->name.len - (sizeof "/rules.dmn" - 1));
        size_t from = folder.len;
        bool is_new;
        while (from > 0 && folder.at[from - 1] != '/') from--;
        struct rule_keep in = {.procedure = str_part(folder, from, folder.len),
                               .text = embedded_demo_text(&a, f),
                               .source = STR("rules.dmn"),
                               .samples = embedded_samples(&a, folder)};
        TRY(keep(app, &in, &is_new, why));
    }
    return OK;
}
