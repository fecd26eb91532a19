/* For whoever runs the office: `backup`, `doctor` and `audit`. */
#include <inttypes.h>
#include <sys/statvfs.h>

#include "app/app.h"
#include "app/commands.h"
#include "base/auto.h"
#include "dossier/dossier_store.h"

enum { REPORT_BYTES = 1024 * 1024, DISK_PERCENT_LEAST = 5, LAG_MOST = 10000 };

enum exit_code command_backup(struct command_context *c)
{
    struct fail why;
    fail_init(&why, c->arena);
    struct str path = command_path(c, c->args[0]);
    if (store_backup(c->app->store, str_cstr(c->arena, path), &why) != OK) return command_fail(c, &why);
    fprintf(c->out, "%.*s\n", STR_ARG(path));
    return EXIT_FINE;
}

/* ---- doctor ---- */

struct finding {
    const char *name; /* "disk" */
    bool is_well;
    struct str detail;
};

static struct finding look_at_disk(struct app *app, struct arena *a)
{
    struct statvfs disk;
    if (statvfs(str_cstr(a, app->folder.path), &disk) != 0) return (struct finding){"disk", false, STR("?")};
    int64_t percent = (int64_t)(disk.f_bavail * 100 / (disk.f_blocks > 0 ? disk.f_blocks : 1));
    return (struct finding){"disk", percent >= DISK_PERCENT_LEAST, str_format(a, "%" PRId64 " %%", percent)};
}

static struct finding look_at_store(struct app *app, struct arena *a)
{
    struct store_stats stats = store_stats(app->store);
    struct str detail = str_format(a, "%" PRIu64 " / %" PRIu64, stats.commands, stats.batches);
    return (struct finding){"store", !stats.is_down, detail};
}

static struct finding look_at_follower(struct app *app, struct arena *a, const char *name, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    int64_t lag = -1;
    bool is_read = store_read_begin(app->store, a, &tx, why) == OK && journal_lag(tx, name, &lag, why) == OK;
    return (struct finding){name, is_read && lag <= LAG_MOST, str_format(a, "%" PRId64, lag)};
}

static struct finding look_at_journal(struct app *app, struct arena *a, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct journal_checkpoint head;
    bool is_well = store_read_begin(app->store, a, &tx, why) == OK && journal_verify(tx, &head, why) == OK;
    return (struct finding){"journal", is_well, is_well ? str_format(a, "%" PRId64, head.size) : fail_text(a, why)};
}

static void print_finding(struct command_context *c, struct json_writer *w, const struct finding *f)
{
    if (w == NULL) {
        fprintf(c->out, "%-4s %-10s %.*s\n", f->is_well ? "ok" : "!!", f->name, STR_ARG(f->detail));
        return;
    }
    jw_open(w, '{');
    jw_put_str(w, "name", str_from(f->name));
    jw_put_bool(w, "well", f->is_well);
    jw_put_str(w, "detail", f->detail);
    jw_close(w);
}

enum exit_code command_doctor(struct command_context *c)
{
    struct fail why;
    fail_init(&why, c->arena);
    AUTO_BUF struct buf out;
    buf_init(&out, REPORT_BYTES);
    struct json_writer w;
    bool is_json = command_has(c, "json"), is_well = true;
    struct finding findings[8];
    size_t count = 0;
    findings[count++] = look_at_disk(c->app, c->arena);
    findings[count++] = look_at_store(c->app, c->arena);
    findings[count++] = look_at_journal(c->app, c->arena, &why);
    for (size_t i = 0; i < c->app->follower_count && count < LENGTH(findings); i++)
        findings[count++] = look_at_follower(c->app, c->arena, c->app->followers[i].name, &why);
    jw_init(&w, &out);
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        print_finding(c, is_json ? &w : NULL, &findings[i]);
        is_well = is_well && findings[i].is_well;
    }
    jw_close(&w);
    struct str json = buf_str(&out);
    if (is_json) fprintf(c->out, "%.*s\n", STR_ARG(json));
    return is_well ? EXIT_FINE : EXIT_REFUSED;
}

/* ---- audit ---- */

static enum exit_code audit_verify(struct command_context *c, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct journal_checkpoint head;
    if (store_read_begin(c->app->store, c->arena, &tx, why) != OK || journal_verify(tx, &head, why) != OK)
        return command_fail(c, why);
    struct str root = sha256_format(c->arena, head.root);
    if (command_has(c, "json"))
        fprintf(c->out, "{\"size\":%" PRId64 ",\"root\":\"%.*s\"}\n", head.size, STR_ARG(root));
    else
        fprintf(c->out, "%" PRId64 " %.*s\n", head.size, STR_ARG(root));
    return EXIT_FINE;
}

static void print_entry(struct command_context *c, const struct journal_entry *e)
{
    struct str at = instant_for_people(c->arena, e->at);
    fprintf(c->out, "%6" PRId64 "  %.*s  %-18.*s %-11.*s v%" PRId64 "  %.*s\n", e->position, STR_ARG(at),
            STR_ARG(e->act), STR_ARG(e->actor.role), e->version, STR_ARG(e->payload));
}

static enum exit_code audit_show(struct command_context *c, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier d;
    struct journal_entry *entries;
    size_t count;
    if (store_read_begin(c->app->store, c->arena, &tx, why) != OK || dossier_find(tx, c->args[1], &d, why) != OK ||
        journal_of_subject(tx, SUBJECT_DOSSIER, d.id, &entries, &count, why) != OK)
        return command_fail(c, why);
    for (size_t i = 0; i < count; i++) print_entry(c, &entries[i]);
    return EXIT_FINE;
}

enum exit_code command_audit(struct command_context *c)
{
    struct fail why;
    fail_init(&why, c->arena);
    if (str_eq(c->args[0], STR("verify")) && c->arg_count == 1) return audit_verify(c, &why);
    if (str_eq(c->args[0], STR("show")) && c->arg_count == 2) return audit_show(c, &why);
    (void)fail(&why, ERR_INVALID, N_("Call it as: motcua {0} {1}"), str_from(c->command->name),
               str_from(c->command->usage));
    (void)command_fail(c, &why);
    return EXIT_USAGE;
}
