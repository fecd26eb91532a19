/* `motcua backup`, `verify` and `restore`. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/backups.h"
#include "base/auto.h"
#include "base/file.h"
#include "command/audit_export.h"
#include "command/commands.h"
#include "command/serve.h"
#include "store/store_copy.h"

enum { FACTS_BYTES = 16 * 1024, PAYLOAD_BYTES = 1024 };

/* ---- what is said of one ---- */

static void write_facts(struct json_writer *w, struct arena *a, struct str path, const struct backup_facts *f)
{
    jw_open(w, '{');
    jw_put_str(w, "backup", path);
    jw_put_instant(w, "made_at", f->made_at);
    jw_put_str(w, "program", f->program);
    jw_put_str(w, "schema", f->schema);
    jw_put_str_or_null(w, "origin", f->origin);
    jw_key(w, "journal");
    jw_open(w, '{');
    jw_put_int(w, "size", f->head.size);
    jw_put_str(w, "root", sha256_format(a, f->head.root));
    jw_close(w);
    jw_put_int(w, "database_bytes", (int64_t)f->database_bytes);
    jw_put_int(w, "papers", f->papers);
    jw_put_int(w, "paper_bytes", (int64_t)f->paper_bytes);
    jw_close(w);
}

static void print_facts(struct command_context *c, struct str path, const struct backup_facts *f)
{
    AUTO_BUF struct buf out;
    struct json_writer w;
    buf_init(&out, FACTS_BYTES);
    jw_init(&w, &out);
    if (command_has(c, "json")) {
        write_facts(&w, c->arena, path, f);
        (void)command_print_json(c, &out); /* it fits */
        return;
    }
    struct str root = sha256_format(c->arena, f->head.root), at = instant_for_people(c->arena, f->made_at);
    fprintf(c->out, "%.*s\n%.*s  %.*s  %" PRIu64 " + %" PRIu64 " B  %" PRId64 "\n%" PRId64 " %.*s\n", STR_ARG(path),
            STR_ARG(at), STR_ARG(f->schema), f->database_bytes, f->paper_bytes, f->papers, f->head.size, STR_ARG(root));
}

/* ---- backup ---- */

static enum outcome make_backup(struct command_context *c, struct arena *a, struct str *out_path,
                                struct backup_facts *out, struct fail *why)
{
    struct app *app = c->app;
    struct backup_source source = {app->store, app->journal_key, app->folder.path};
    struct backup_reading how = backups_reading();
    TRY(backup_make(a, &source, command_path(c, c->args[0]), out_path, out, why));
    if (command_has(c, "unverified")) return OK;
    enum outcome r = backup_verify(a, &how, *out_path, out, why);
    return r;
}

enum exit_code command_backup(struct command_context *c)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct str path;
    struct backup_facts facts;
    arena_init(&a, BACKUP_ARENA);
    fail_init(&why, &a);
    pthread_mutex_lock(&c->app->backing_up);
    enum outcome r = make_backup(c, &a, &path, &facts, &why);
    pthread_mutex_unlock(&c->app->backing_up);
    if (r != OK) return command_fail(c, &why);
    print_facts(c, path, &facts);
    return EXIT_FINE;
}

/* ---- verify ---- */

static enum exit_code verify_audit(struct command_context *c, struct arena *a, struct fail *why)
{
    struct audit_facts facts;
    AUTO_BUF struct buf out;
    struct json_writer w;
    buf_init(&out, FACTS_BYTES);
    if (audit_check(a, c->args[0], &facts, why) != OK) return command_fail(c, why);
    struct str root = sha256_format(a, facts.head.root), key = sha256_format(a, facts.key_hash);
    if (!command_has(c, "json")) {
        fprintf(c->out, "%.*s  %" PRId64 "\n%" PRId64 ":%.*s\n%.*s\n", STR_ARG(facts.code), facts.entries,
                facts.head.size, STR_ARG(root), STR_ARG(key));
        return EXIT_FINE;
    }
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "dossier", facts.code);
    jw_put_int(&w, "entries", facts.entries);
    jw_key(&w, "journal");
    jw_open(&w, '{');
    jw_put_int(&w, "size", facts.head.size);
    jw_put_str(&w, "root", root);
    jw_close(&w);
    jw_put_str(&w, "key_sha256", key);
    jw_close(&w);
    return command_print_json(c, &out);
}

enum exit_code command_verify(struct command_context *c)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct backup_facts facts;
    struct backup_reading how = backups_reading();
    arena_init(&a, BACKUP_ARENA);
    fail_init(&why, &a);
    if (audit_is_export(c->args[0])) return verify_audit(c, &a, &why);
    if (backup_verify(&a, &how, c->args[0], &facts, &why) != OK) return command_fail(c, &why);
    print_facts(c, c->args[0], &facts);
    return EXIT_FINE;
}

/* ---- restore ---- */

/* What an office is made of. The store is first when it goes and last when it comes: with it a folder is an office. */
static const char *const parts[] = {
    "motcua.db", "motcua.db-wal", "motcua.db-shm", "motcua.db-mark", "motcua.conf",        "life-events.json",
    "keys",      "theme",         "files",         "cache",          "first-accounts.json"};

struct restoring {
    struct command_context *c;
    struct arena *a;
    struct folder folder;
    struct str fresh; /* the backup taken apart, inside the data folder, so that a rename brings it into its place */
    struct str aside; /* where the old office goes; empty: there is none */
    bool is_aside;    /* a part of it lies there already */
    struct backup_facts facts;
};

enum way { GOING, COMING };

static enum outcome move_parts(const struct restoring *r, struct str from, struct str to, enum way way,
                               struct fail *why)
{
    for (size_t i = 0; i < LENGTH(parts); i++) {
        struct str name = str_from(parts[way == COMING ? LENGTH(parts) - 1 - i : i]);
        struct str old = file_join(r->a, from, name), new = file_join(r->a, to, name);
        if (rename(old.at, new.at) != 0 && errno != ENOENT)
            return fail(why, ERR_DOWN, N_("{0} cannot be written: {1}."), new, str_from(strerror(errno)));
    }
    return file_sync_folder(to, why);
}

static enum outcome note_restore(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct backup_facts *facts = input;
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_int(&w, "journal_size", facts->head.size);
    jw_put_instant(&w, "made_at", facts->made_at);
    jw_put_str_or_null(&w, "origin", facts->origin);
    jw_put_str(&w, "root", sha256_format(tx_arena(tx), facts->head.root));
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_SYSTEM, .act = "backup.restore", .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

/* An office of a folder, or of the database that was asked for: then the tables go there, compared row by row. */
static enum outcome settle_store(const struct restoring *r, struct store *store, struct fail *why)
{
    struct str url = command_option(r->c, "store");
    struct store_contents contents;
    TRY(folder_set_store(r->a, r->fresh, url, why));
    if (url.len == 0) return OK;
    struct store_copying how = {.to_url = str_cstr(r->a, url), .is_proven = true};
    return store_copy(store, r->a, &how, &contents, why);
}

/* A new incarnation: the journal goes on from the sealed head under another origin, and says so itself. */
static enum outcome begin_anew(const struct restoring *r, struct fail *why)
{
    struct store *store;
    struct journal_key *key;
    struct backup_reading how = backups_reading();
    struct store_options options = {.path = file_join(r->a, r->fresh, STR("motcua.db")).at,
                                    .is_restored = true,
                                    .migrations = how.migrations,
                                    .migration_count = how.migration_count};
    TRY(journal_key_load(file_of_key(r->a, file_join(r->a, r->fresh, STR("keys")), STR("journal.key")), false, &key,
                         why));
    enum outcome done = store_open(&options, &store, why);
    if (done == OK) {
        done = store_run(store, note_restore, &r->facts, NULL, why);
        if (done == OK) done = journal_seal(store, key, why);
        if (done == OK) done = settle_store(r, store, why);
        store_close(store);
    }
    journal_key_free(key);
    if (done == OK && command_option(r->c, "store").len > 0) (void)unlink(options.path); /* it lies in the database */
    return done;
}

static enum outcome make_room(struct restoring *r, struct fail *why)
{
    struct str path = r->folder.path;
    if (folder_is_made(r->a, path)) {
        if (!command_has(r->c, "replace"))
            return fail(why, ERR_CONFLICT,
                        N_("There is an office in {0} already. It stays as it is; with --replace it is put aside."),
                        path);
        struct str at = str_replace(r->a, instant_format(r->a, clock_now()), STR(":"), STR_NONE);
        r->aside = str_format(r->a, "%.*s/replaced-%.*s", STR_ARG(path), STR_ARG(at));
    }
    r->fresh = str_format(r->a, "%.*s/restoring-%.*s", STR_ARG(path), STR_ARG(random_token(r->a, 6)));
    return file_make_folder(r->fresh, 0700, why);
}

/* The old office aside, the new one into its place. What fails is taken back as far as it came, so that the office
 * that was there is there again. */
static enum outcome change_places(struct restoring *r, struct fail *why)
{
    struct fail again;
    struct str place = r->folder.path;
    enum outcome left = OK, came = OK;
    if (r->aside.len > 0) {
        TRY(file_make_folder(r->aside, 0700, why));
        r->is_aside = true;
        left = move_parts(r, place, r->aside, GOING, why);
    }
    if (left == OK) came = move_parts(r, r->fresh, place, COMING, why);
    if (left == OK && came == OK) return OK;
    fail_init(&again, r->a);
    bool is_free = left != OK || move_parts(r, place, r->fresh, GOING, &again) == OK;
    if (is_free && r->aside.len > 0 && move_parts(r, r->aside, place, COMING, &again) == OK)
        r->is_aside = rmdir(r->aside.at) != 0;
    return left != OK ? left : came;
}

static enum outcome restore(struct restoring *r, struct fail *why)
{
    struct backup_reading how = backups_reading();
    TRY(make_room(r, why));
    TRY(backup_unpack(r->a, &how, r->c->args[0], r->fresh, &r->facts, why));
    TRY(begin_anew(r, why));
    TRY(change_places(r, why));
    folder_remove(r->a, r->fresh); /* nothing of the office is in it now */
    return folder_make(r->a, r->folder.path, why);
}

/* Whatever came of it: nobody should have to look for their office. */
static void print_aside(const struct restoring *r)
{
    struct command_context *c = r->c;
    if (!r->is_aside) return;
    struct str sentence = fail_fill(c->arena, translate(c->language, N_("The office that was there lies in {0}.")),
                                    (const struct str[FAIL_ARGS]){r->aside});
    fprintf(c->err, "%.*s\n", STR_ARG(sentence));
}

enum exit_code command_restore(struct command_context *c)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, BACKUP_ARENA);
    fail_init(&why, &a);
    struct restoring r = {.c = c, .a = &a, .folder.lock_fd = -1};
    struct str path = app_data_folder(c);
    enum outcome done = file_make_folder(path, 0700, &why);
    if (done == OK) done = folder_own(&a, path, &r.folder, &why);
    if (done == OK) done = restore(&r, &why);
    if (done != OK && r.fresh.len > 0) folder_remove(&a, r.fresh);
    folder_release(&r.folder);
    if (done == OK) print_facts(c, c->args[0], &r.facts);
    print_aside(&r);
    return done == OK ? EXIT_FINE : command_fail(c, &why);
}
