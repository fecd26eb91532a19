/* For whoever runs the office: `backup` and `doctor`. */
#include <inttypes.h>
#include <sys/statvfs.h>

#include "app/app.h"
#include "app/commands.h"
#include "app/outgoing.h"
#include "base/auto.h"
#include "journal/journal.h"

enum { REPORT_BYTES = 1024 * 1024, DISK_PERCENT_LEAST = 5, LAG_MOST = 10000, FINDINGS_FIXED = 5 };

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

static struct finding look_at_messages(struct app *app, struct arena *a, struct fail *why)
{
    struct outgoing_finding found = {.detail = STR("?")};
    bool is_read = outgoing_look(app, a, &found, why) == OK;
    return (struct finding){"messages", is_read && found.is_well, found.detail};
}

/* Without it everything but the pages of PDF files still works, so the office is not down, but somebody should know. */
static struct finding look_at_images(struct app *app, enum language l)
{
    const char *reason;
    bool can_draw = image_can_draw_pdf(app->images, &reason);
    return (struct finding){"images", can_draw, can_draw ? STR("pdftoppm, landlock, seccomp") : translate(l, reason)};
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
    struct finding *findings = ARENA_ARRAY(c->arena, struct finding, FINDINGS_FIXED + c->app->follower_count);
    size_t count = 0;
    findings[count++] = look_at_disk(c->app, c->arena);
    findings[count++] = look_at_store(c->app, c->arena);
    findings[count++] = look_at_journal(c->app, c->arena, &why);
    findings[count++] = look_at_messages(c->app, c->arena, &why);
    findings[count++] = look_at_images(c->app, c->language);
    for (size_t i = 0; i < c->app->follower_count; i++)
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
