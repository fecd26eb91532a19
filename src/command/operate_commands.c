/* For whoever runs the office: `doctor`. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "app/app.h"
#include "app/backups.h"
#include "app/outgoing.h"
#include "base/auto.h"
#include "command/commands.h"
#include "command/doctor_machine.h"
#include "journal/journal.h"
#include "people/identity.h"
#include "store/blob.h"

enum { REPORT_BYTES = 1024 * 1024, FINDINGS_FIXED = 13 + MACHINE_FINDINGS };

static struct finding look_at_store(struct app *app, struct arena *a)
{
    struct store_stats stats = store_stats(app->store);
    struct str detail = str_format(a, "%" PRIu64 " / %" PRIu64, stats.commands, stats.batches);
    return (struct finding){"store", !stats.is_down, detail};
}

/* Nothing is broken while an upgrade waits for its end, but somebody should bring it there. */
static struct finding look_at_upgrade(struct app *app, struct arena *a, struct fail *why)
{
    struct store_upgrade u;
    if (store_upgrade_look(app->store, a, &u, why) != OK) return (struct finding){"upgrade", false, fail_text(a, why)};
    bool is_over = u.next == NULL && u.indexes == 0;
    struct str detail = is_over ? str_from(u.schema) : str_format(a, "%s -> %s", u.schema, u.next ? u.next : "...");
    return (struct finding){"upgrade", true, detail, !is_over};
}

static struct finding look_at_follower(struct app *app, struct arena *a, const char *name, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    int64_t lag = -1;
    bool is_read = store_read_begin(app->store, a, &tx, why) == OK && journal_lag(tx, name, &lag, why) == OK;
    return (struct finding){name, is_read && lag <= JOURNAL_LAG_MOST, str_format(a, "%" PRId64, lag)};
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

/* Whatever is in the folder is for its owner alone. */
static struct finding look_at_rights(struct app *app, struct arena *a)
{
    static const char *const names[] = {".",    "motcua.db",         "motcua.conf",     "files",
                                        "keys", "keys/identity.key", "keys/journal.key"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct stat about;
        struct str path = folder_file(a, &app->folder, names[i]);
        if (stat(path.at, &about) == 0 && (about.st_mode & 077) != 0)
            return (struct finding){"rights", false,
                                    str_format(a, "%s %03o", names[i], (unsigned)(about.st_mode & 0777))};
    }
    return (struct finding){"rights", true, STR("0700 / 0600")};
}

static struct finding look_at_keys(struct app *app, struct arena *a, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct journal_signatures s = {0};
    bool is_well = store_read_begin(app->store, a, &tx, why) == OK &&
                   journal_verify_signatures(tx, app->journal_key, &s, why) == OK;
    struct str said = is_well ? str_format(a, "%" PRId64 " / %" PRId64, s.good, s.unsigned_count) : fail_text(a, why);
    if (is_well && s.good == 0 && s.other_keys > 0) { /* a folder whose key was lost, or has turned into another one */
        is_well = false;
        said = str_format(a, "keys/journal.key: 0 / %" PRId64, s.other_keys);
    }
    return (struct finding){"keys", is_well, said};
}

/* The clock stands before what the journal was told already: it was put back, or the folder is from elsewhere. */
static struct finding look_at_clock(struct app *app, struct arena *a, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct journal_state s = {.checkpoint_at = INSTANT_NONE};
    bool is_read = store_read_begin(app->store, a, &tx, why) == OK && journal_state(tx, &s, why) == OK;
    instant_t now = clock_now();
    bool is_back = s.checkpoint_at != INSTANT_NONE && s.checkpoint_at > now + US_PER_MINUTE;
    return (struct finding){"clock", is_read && !is_back, instant_format(a, is_back ? s.checkpoint_at : now)};
}

static struct finding look_at_backups(struct app *app, struct arena *a, struct fail *why)
{
    struct backups_state s;
    if (backups_look(app, a, &s, why) != OK) return (struct finding){"backup", false, fail_text(a, why)};
    struct str age = s.age_s < 0 ? STR("-") : str_format(a, "%" PRId64 " s", s.age_s);
    struct str said = s.failed_at != INSTANT_NONE ? s.failure : s.folder.said;
    return (struct finding){"backup", s.is_well,
                            str_format(a, "%" PRId64 "  %.*s  %.*s", s.folder.count, STR_ARG(age), STR_ARG(said))};
}

/* Left over from what was sent and never filed: not wrong, only large. */
static struct finding look_at_papers(struct app *app, struct arena *a, bool removes, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct backup_unnamed found = {0};
    bool is_read =
        store_read_begin(app->store, a, &tx, why) == OK &&
        backup_unnamed_papers(tx, backups_reading().named_papers, app->desk.files_folder, removes, &found, why) == OK;
    return (struct finding){"papers", is_read, str_format(a, "%" PRId64 "  %" PRIu64 " B", found.count, found.bytes)};
}

static struct finding look_at_pages(struct app *app, struct arena *a, struct fail *why)
{
    bool is_well = store_check(app->store, why) == OK;
    return (struct finding){"pages", is_well, is_well ? STR("integrity_check, foreign_key_check") : fail_text(a, why)};
}

struct paper_check {
    struct app *app;
    int64_t count, bad;
    struct sha256 first;
};

static enum outcome check_paper(void *context, const struct row *r, struct fail *why)
{
    (void)why; /* counting cannot fail */
    struct paper_check *p = context;
    struct sha256 hash;
    struct str bytes = row_str(r, 0);
    if (bytes.len != SHA256_BYTES) return OK;
    memcpy(hash.at, bytes.at, SHA256_BYTES);
    p->count++;
    if (!blob_is_whole(p->app->desk.files_folder, hash) && p->bad++ == 0) p->first = hash;
    return OK;
}

/* Every paper that a row names is there and is what it was. */
static struct finding look_into_papers(struct app *app, struct arena *a, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct paper_check p = {.app = app};
    bool is_read = store_read_begin(app->store, a, &tx, why) == OK &&
                   store_each(tx, backups_reading().named_papers, NO_VALUES, check_paper, &p, why) == OK;
    struct str said = str_format(a, "%" PRId64 " / %" PRId64, p.count - p.bad, p.count),
               first = sha256_format(a, p.first);
    if (p.bad > 0) said = str_format(a, "%.*s  %.*s", STR_ARG(said), STR_ARG(first));
    return (struct finding){"contents", is_read && p.bad == 0, said};
}

static struct finding look_at_numbers(struct app *app, struct arena *a, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    int64_t count = 0;
    bool is_well = store_read_begin(app->store, a, &tx, why) == OK && identity_verify(tx, app->keys, &count, why) == OK;
    return (struct finding){"numbers", is_well, is_well ? str_format(a, "%" PRId64, count) : fail_text(a, why)};
}

static void print_finding(struct command_context *c, struct json_writer *w, const struct finding *f)
{
    if (w == NULL) {
        const char *mark = !f->is_well ? "!!" : f->is_doubtful ? "?" : "ok";
        fprintf(c->out, "%-4s %-10s %.*s\n", mark, f->name, STR_ARG(f->detail));
        return;
    }
    jw_open(w, '{');
    jw_put_str(w, "name", str_from(f->name));
    jw_put_bool(w, "well", f->is_well);
    jw_put_bool(w, "doubtful", f->is_doubtful);
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
    doctor_look_at_machine(c->app, c->arena, c->language, findings);
    count += MACHINE_FINDINGS;
    findings[count++] = look_at_store(c->app, c->arena);
    findings[count++] = look_at_upgrade(c->app, c->arena, &why);
    findings[count++] = look_at_journal(c->app, c->arena, &why);
    findings[count++] = look_at_messages(c->app, c->arena, &why);
    findings[count++] = look_at_images(c->app, c->language);
    findings[count++] = look_at_rights(c->app, c->arena);
    findings[count++] = look_at_keys(c->app, c->arena, &why);
    findings[count++] = look_at_clock(c->app, c->arena, &why);
    findings[count++] = look_at_backups(c->app, c->arena, &why);
    findings[count++] = look_at_papers(c->app, c->arena, command_has(c, "collect"), &why);
    if (command_has(c, "full")) {
        findings[count++] = look_at_pages(c->app, c->arena, &why);
        findings[count++] = look_into_papers(c->app, c->arena, &why);
        findings[count++] = look_at_numbers(c->app, c->arena, &why);
    }
    for (size_t i = 0; i < c->app->follower_count; i++)
        findings[count++] = look_at_follower(c->app, c->arena, c->app->followers[i].name, &why);
    jw_init(&w, &out);
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        print_finding(c, is_json ? &w : NULL, &findings[i]);
        is_well = is_well && findings[i].is_well;
    }
    jw_close(&w);
    if (is_json) (void)command_print_json(c, &out); /* some thirty lines */
    return is_well ? EXIT_FINE : EXIT_REFUSED;
}
