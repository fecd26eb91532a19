/* Procedure folders: what may stand in one, and whether it can be read. */
#include <sys/stat.h>

#include "app/embedded.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/text.h"
#include "catalogue/sheet_read.h"
#include "check/check.h"
#include "rule/ruling.h"

enum { FOLDER_FILE_BYTES = 1024 * 1024, DEPTH_MOST = 8, RESULT_BYTES_MOST = 64 * 1024 };

void check_note(struct checking *c, struct str file, struct str place, const struct fail *why)
{
    if (why->problem_count == 0)
        LIST_PUSH(c->arena, c->problems) =
            (struct check_problem){file, place, fail_sentence(c->arena, c->language, why)};
    for (size_t i = 0; i < why->problem_count; i++)
        LIST_PUSH(c->arena, c->problems) = (struct check_problem){
            file, why->problems[i].pointer, problem_sentence(c->arena, c->language, &why->problems[i])};
}

#define NOTE(c, file, ...)                                                                                             \
    do {                                                                                                               \
        struct fail note_why;                                                                                          \
        fail_init(&note_why, (c)->arena);                                                                              \
        (void)fail(&note_why, ERR_INVALID, __VA_ARGS__); /* only its sentence is used */                               \
        check_note(c, file, STR_NONE, &note_why);                                                                      \
    } while (0)

static bool is_folder(struct arena *a, struct str path)
{
    struct stat st;
    return stat(str_cstr(a, path), &st) == 0 && S_ISDIR(st.st_mode);
}

/* ---- the record ---- */

/* The sheet of the national database that the program carries; false when there is none. */
static bool read_sheet(struct checking *c, struct str code, struct procedure **out)
{
    struct str end = str_format(c->arena, "/%.*s.json", STR_ARG(code)), place;
    struct import_report ignored;
    struct fail why;
    fail_init(&why, c->arena);
    import_report_init(&ignored, c->arena);
    for (size_t i = 0; i < embedded_demo_count; i++) {
        const struct embedded_file *f = &embedded_demo[i];
        if (!str_starts(f->name, STR("procedures/")) || !str_ends(f->name, end)) continue;
        struct sheet_source source = {.file = f->name, .text = embedded_demo_text(c->arena, f)};
        return sheet_read(c->arena, &source, &ignored, out, &place, &why) == OK;
    }
    return false;
}

static void read_record(struct checking *c, struct check_folder *f)
{
    struct str path = file_join(c->arena, f->path, STR("procedure.json")), text;
    struct procedure *p = NULL;
    struct fail why;
    fail_init(&why, c->arena);
    if (!file_exists(path)) {
        if (read_sheet(c, f->code, &p))
            f->record = procedure_record(c->arena, p);
        else
            NOTE(c, f->path, N_("There is no procedure.json, and the program carries no sheet of {0}."), f->code);
        return;
    }
    if (file_read(c->arena, path, FOLDER_FILE_BYTES, &text, &why) != OK ||
        procedure_read(c->arena, text, &p, &why) != OK)
        check_note(c, path, STR_NONE, &why);
    else if (!str_eq(p->code, f->code))
        NOTE(c, path, N_("The folder is named {0}, but the record has the code {1}."), f->code, p->code);
    else
        f->record = procedure_record(c->arena, p);
}

/* ---- the other files ---- */

static void read_steps(struct checking *c, struct check_folder *f, struct str path)
{
    struct str acts[ACTION_COUNT];
    const struct step_table *table;
    struct fail why;
    fail_init(&why, c->arena);
    for (size_t i = 0; i < ACTION_COUNT; i++) acts[i] = str_from(actions[i].name);
    struct str *kept = arena_dup(c->arena, acts, sizeof acts);
    if (file_read(c->arena, path, FOLDER_FILE_BYTES, &f->process_steps, &why) != OK ||
        process_compile(c->arena, f->process_steps, kept, ACTION_COUNT, &table, &why) != OK)
        check_note(c, path, STR_NONE, &why);
}

static void read_result(struct checking *c, struct check_folder *f, struct str path)
{
    struct fail why;
    fail_init(&why, c->arena);
    if (file_read(c->arena, path, RESULT_BYTES_MOST, &f->result_html, &why) != OK)
        check_note(c, path, STR_NONE, &why);
    else if (!text_is_plain(f->result_html) || str_trim(f->result_html).len == 0)
        NOTE(c, path, N_("The template of the result is UTF-8 text and not empty."));
}

static void read_rules(struct checking *c, struct check_folder *f, struct str path)
{
    struct tables *ignored;
    struct fail why;
    fail_init(&why, c->arena);
    if (file_read(c->arena, path, TABLES_BYTES, &f->rules, &why) != OK ||
        tables_check(c->arena, f->rules, &ignored, &why) != OK) {
        check_note(c, path, STR_NONE, &why);
        f->rules = STR_NONE;
    }
}

static void read_scenarios(struct checking *c, struct check_folder *f, struct str path)
{
    struct str *names;
    size_t count;
    struct fail why;
    fail_init(&why, c->arena);
    if (file_names(c->arena, path, &names, &count, &why) != OK) {
        check_note(c, path, STR_NONE, &why);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct str file = file_join(c->arena, path, names[i]), text;
        struct scenario scenario;
        fail_init(&why, c->arena);
        if (!str_ends(names[i], STR(".json")))
            NOTE(c, file, N_("A scenario's name ends with .json."));
        else if (file_read(c->arena, file, SCENARIO_BYTES, &text, &why) != OK)
            check_note(c, file, STR_NONE, &why);
        else if (scenario_read(c, file, text, &scenario))
            LIST_PUSH(c->arena, f->scenarios) = scenario;
    }
}

static void read_nothing(struct checking *c, struct check_folder *f, struct str path)
{
    (void)c;
    (void)f;
    (void)path; /* read_record has it */
}

static void refuse_unsupported(struct checking *c, struct check_folder *f, struct str path)
{
    (void)f;
    NOTE(c, path, N_("This version of the program does not use {0} yet; the folder would promise what is not done."),
         file_base_name(path));
}

/* What may stand in a folder. */
static const struct {
    const char *name;
    void (*read)(struct checking *c, struct check_folder *f, struct str path);
} parts[] = {
    {"procedure.json", read_nothing      },
    {"process.steps",  read_steps        },
    {"result.html",    read_result       },
    {"scenarios",      read_scenarios    },
    {"process.bpmn",   refuse_unsupported},
    {"form.json",      refuse_unsupported},
    {"rules.dmn",      read_rules        },
    {"texts.vi.json",  refuse_unsupported},
    {"texts.en.json",  refuse_unsupported},
};

static bool is_part(struct str name)
{
    for (size_t i = 0; i < LENGTH(parts); i++)
        if (str_eq(name, str_from(parts[i].name))) return true;
    return false;
}

static void read_folder(struct checking *c, struct str path, const struct str *names, size_t count)
{
    struct check_folder f = {.path = path, .code = file_base_name(path)};
    if (!procedure_code_is_valid(f.code))
        NOTE(c, path, N_("A procedure folder is named by its code, such as 1.013124; {0} is none."), f.code);
    else
        read_record(c, &f);
    for (size_t i = 0; i < count; i++) {
        struct str each = file_join(c->arena, path, names[i]);
        if (!is_part(names[i])) NOTE(c, each, N_("This does not belong into a procedure folder."));
        for (size_t n = 0; n < LENGTH(parts); n++)
            if (str_eq(names[i], str_from(parts[n].name))) parts[n].read(c, &f, each);
    }
    LIST_PUSH(c->arena, c->folders) = f;
}

static enum outcome walk(struct checking *c, struct str path, int depth, struct fail *why)
{
    struct str *names;
    size_t count;
    bool is_procedure = procedure_code_is_valid(file_base_name(path));
    TRY(file_names(c->arena, path, &names, &count, why));
    for (size_t i = 0; i < count; i++) is_procedure = is_procedure || is_part(names[i]);
    if (is_procedure) {
        read_folder(c, path, names, count);
        return OK;
    }
    for (size_t i = 0; i < count && depth < DEPTH_MOST; i++) {
        struct str each = file_join(c->arena, path, names[i]);
        if (is_folder(c->arena, each)) TRY(walk(c, each, depth + 1, why));
    }
    return OK;
}

enum outcome check_read_path(struct checking *c, struct str path, struct fail *why)
{
    while (path.len > 1 && str_ends(path, STR("/"))) path.len--;
    if (!is_folder(c->arena, path)) return fail(why, ERR_MISSING, N_("{0} is not a folder."), path);
    return walk(c, str_dup(c->arena, path), 0, why);
}
