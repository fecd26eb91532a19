/* `motcua import procedures|units|calendars PATH...`: the same files twice change nothing, and the report says so. */
#include "agency/agency.h"
#include "app/app.h"
#include "app/entrust.h"
#include "app/procedure_folder.h"
#include "base/auto.h"
#include "base/file.h"
#include "catalogue/catalogue.h"
#include "command/commands.h"

enum { REPORT_BYTES = 64 * 1024 * 1024, UNITS_BYTES = 64 * 1024 * 1024 };

static enum outcome import_units(struct command_context *c, struct import_report *report, struct fail *why)
{
    for (size_t i = 1; i < c->arg_count; i++) {
        struct str content, path = command_path(c, c->args[i]);
        enum outcome read = file_read(c->arena, path, UNITS_BYTES, &content, why);
        if (read != OK) {
            report->files++;
            import_refuse(report, c->args[i], STR(""), why);
            fail_init(why, c->arena);
            continue;
        }
        TRY(agency_import_units(c->app->store, (struct actor){0}, c->args[i], content, report, why));
    }
    return OK;
}

static enum outcome import_procedures(struct command_context *c, struct import_report *report, struct fail *why)
{
    struct str *paths = ARENA_ARRAY(c->arena, struct str, c->arg_count);
    for (size_t i = 1; i < c->arg_count; i++) paths[i - 1] = command_path(c, c->args[i]);
    const struct folder_reader folders = procedure_folder_reader(c->app);
    TRY(catalogue_import(c->app->store, (struct actor){0}, paths, c->arg_count - 1, &folders, report, why));
    return entrust_procedures(c->app, why);
}

/* Each file is a publication of its own; a calendar that others are laid over goes first. */
static enum outcome import_calendars(struct command_context *c, struct import_report *report, struct fail *why)
{
    for (size_t i = 1; i < c->arg_count; i++) {
        struct str content, path = command_path(c, c->args[i]);
        struct calendars_changed changed;
        enum outcome o = file_read(c->arena, path, CALENDAR_TEXT_BYTES, &content, why);
        if (o == OK)
            o = calendars_publish(c->app->calendars, c->app->store, c->arena, (struct actor){0}, content, &changed,
                                  why);
        if (o == ERR_DOWN) return o;
        report->files++;
        if (o == OK) *(changed.count > 0 ? &report->taken : &report->unchanged) += 1;
        if (o == OK) continue;
        import_refuse(report, c->args[i], STR(""), why);
        fail_init(why, c->arena);
    }
    return OK;
}

static const struct {
    const char *kind;
    enum outcome (*import)(struct command_context *c, struct import_report *report, struct fail *why);
} kinds[] = {
    {"calendars",  import_calendars },
    {"procedures", import_procedures},
    {"units",      import_units     }
};

static enum outcome print_report(struct command_context *c, const struct import_report *report, struct fail *why)
{
    AUTO_BUF struct buf out;
    buf_init(&out, REPORT_BYTES);
    if (command_has(c, "json"))
        import_report_json(report, c->language, &out);
    else
        import_report_text(report, c->language, &out);
    if (!str_ends(buf_str(&out), STR("\n"))) buf_add_char(&out, '\n');
    if (out.is_full) return fail(why, ERR_TOO_LARGE, N_("The answer would be longer than a command may say."));
    return command_print_part(c, &out, why);
}

enum exit_code command_import(struct command_context *c)
{
    struct fail why;
    struct import_report report;
    fail_init(&why, c->arena);
    import_report_init(&report, c->arena);
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        if (!str_eq(c->args[0], str_from(kinds[i].kind))) continue;
        if (kinds[i].import(c, &report, &why) != OK) return command_fail(c, &why);
        if (print_report(c, &report, &why) != OK) return command_fail(c, &why);
        return report.refused > 0 ? EXIT_REFUSED : EXIT_FINE;
    }
    (void)fail(&why, ERR_INVALID, N_("“{0}” cannot be imported: name procedures, units or calendars."), c->args[0]);
    (void)command_fail(c, &why);
    return EXIT_USAGE;
}
