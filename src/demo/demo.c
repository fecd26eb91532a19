#include "demo/demo.h"

#include <stdlib.h>

#include "app/embedded.h"
#include "app/procedure_folder.h"
#include "app/setup.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/list.h"
#include "catalogue/catalogue.h"
#include "catalogue/sheet_read.h"

enum { UNITS_BYTES = 64 * 1024 * 1024, IMPORT_ARENA = 256 * 1024 * 1024 };

/* ---- files inside the program ---- */

static enum outcome import_units(struct app *app, const struct embedded_file *f, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, IMPORT_ARENA);
    struct import_report report;
    import_report_init(&report, &a);
    return agency_import_units(app->store, (struct actor){0}, f->name, embedded_demo_text(&a, f), &report, why);
}

/* The sheets go through the same importer as anybody's files: laid out in the spool folder, taken, removed. */
static enum outcome import_sheets(struct app *app, struct actor actor, struct str folder, const struct str *paths,
                                  size_t count, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, IMPORT_ARENA);
    struct import_report report;
    import_report_init(&report, &a);
    enum outcome taken = catalogue_import(app->store, actor, paths, count, NULL, &report, why);
    for (size_t i = 0; i < count; i++) remove(paths[i].at);
    remove(folder.at);
    return taken;
}

enum outcome demo_import(struct app *app, bool with_procedures, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, IMPORT_ARENA);
    struct str folder = file_join(&a, folder_file(&a, &app->folder, "spool"), STR("sheets"));
    LIST(struct str) paths = {0};
    TRY(file_make_folder(folder, 0700, why));
    for (size_t i = 0; i < embedded_demo_count; i++) {
        const struct embedded_file *f = &embedded_demo[i];
        if (str_starts(f->name, STR("units/")))
            TRY(import_units(app, f, why));
        else if (str_starts(f->name, STR("procedures/bqp/")) && str_ends(f->name, STR(".json")) && with_procedures) {
            struct str path = file_join(&a, folder, str_part(f->name, sizeof "procedures/bqp/" - 1, f->name.len));
            TRY(file_write(path, embedded_demo_text(&a, f), 0600, why));
            LIST_PUSH(&a, paths) = path;
        }
    }
    TRY(import_sheets(app, (struct actor){0}, folder, paths.at, paths.count, why));
    return with_procedures ? demo_rules(app, why) : OK;
}

/* "1.013124" of "procedures/bqp/1.013124.json"; empty for other files. */
static struct str sheet_code(const struct embedded_file *f)
{
    struct str before = STR("procedures/bqp/"), after = STR(".json");
    if (!str_starts(f->name, before) || !str_ends(f->name, after)) return STR_NONE;
    return str_part(f->name, before.len, f->name.len - before.len - after.len);
}

static enum outcome read_sheet(struct arena *a, const struct embedded_file *f, struct procedure **out, struct fail *why)
{
    struct import_report report;
    struct str place;
    struct sheet_source source = {.file = f->name, .text = embedded_demo_text(a, f)};
    import_report_init(&report, a);
    return sheet_read(a, &source, &report, out, &place, why);
}

enum outcome demo_sheets(struct arena *a, enum procedure_level level, struct demo_sheet **out, size_t *out_count,
                         struct fail *why)
{
    LIST(struct demo_sheet) list = {0};
    for (size_t i = 0; i < embedded_demo_count; i++) {
        if (sheet_code(&embedded_demo[i]).len == 0) continue;
        AUTO_ARENA struct arena scratch;
        struct procedure *p;
        struct fail broken;
        arena_init(&scratch, IMPORT_ARENA);
        fail_init(&broken, &scratch);
        if (read_sheet(&scratch, &embedded_demo[i], &p, &broken) != OK)
            continue; /* the importer would refuse it, too */
        if (!procedure_has_level(p, level)) continue;
        LIST_PUSH(a, list) = (struct demo_sheet){str_dup(a, p->code), str_dup(a, p->name), str_dup(a, p->field)};
    }
    (void)why; /* what is inside the program can be read */
    *out = list.at;
    *out_count = list.count;
    return OK;
}

static bool is_wanted(struct str code, const struct str *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code.len > 0 && str_eq(code, codes[i])) return true;
    return false;
}

enum outcome demo_take_sheets(struct app *app, struct actor actor, struct str once, const struct str *codes,
                              size_t count, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, IMPORT_ARENA);
    struct str name = str_format(&a, "sheets-%.*s", STR_ARG(once));
    struct str folder = file_join(&a, folder_file(&a, &app->folder, "spool"), name);
    LIST(struct str) paths = {0};
    TRY(file_make_folder(folder, 0700, why));
    for (size_t i = 0; i < embedded_demo_count; i++) {
        struct str code = sheet_code(&embedded_demo[i]);
        if (!is_wanted(code, codes, count)) continue;
        struct str path = file_join(&a, folder, str_format(&a, "%.*s.json", STR_ARG(code)));
        TRY(file_write(path, embedded_demo_text(&a, &embedded_demo[i]), 0600, why));
        LIST_PUSH(&a, paths) = path;
    }
    return import_sheets(app, actor, folder, paths.at, paths.count, why);
}

/* ---- people ---- */

static enum outcome agency_id(struct app *app, struct str identifier, int64_t *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    TRY(store_read_begin(app->store, why->arena, &tx, why));
    TRY(agency_find(tx, identifier, &agency, why));
    *out = agency.id;
    return OK;
}

static enum outcome add_office(struct app *app, struct str identifier, struct str name, const char *class,
                               struct fail *why)
{
    int64_t id;
    struct agency_new in = {
        .identifier = identifier, .name = name, .class = str_from(class), .valid_from = DAY_UNKNOWN};
    return store_run(app->store, agency_add, &in, &id, why);
}

enum outcome demo_people(struct app *app, struct str password, struct demo_account **out, size_t *out_count,
                         struct fail *why)
{
    return demo_office(app->people, app->store, password, out, out_count, why);
}

enum outcome first_administrator(struct app *app, struct str agency, struct str name, struct demo_account *out,
                                 struct str *out_token, struct fail *why)
{
    int64_t id;
    struct fail unknown;
    struct user_new in = {.login = STR("quantri"),
                          .name = STR("Quản trị"),
                          .kind = STR("officer"),
                          .password = people_make_password(why->arena),
                          .must_change = true,
                          .post_role = STR("admin")};
    fail_init(&unknown, why->arena);
    if (agency_id(app, agency, &in.post_agency, &unknown) != OK) {
        TRY(add_office(app, agency, name, "ministry_unit", why));
        TRY(agency_id(app, agency, &in.post_agency, why));
    }
    TRY(people_user_add(app->people, &in, &id, why));
    *out = (struct demo_account){in.login, in.password, STR("admin"), agency, in.name};
    return setup_link_make(app->store, why->arena, id, out_token, why);
}
