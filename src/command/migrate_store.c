/* `motcua migrate-store`: the tables of an office from SQLite to PostgreSQL and back. Papers, keys and settings stay in
 * the office's folder. What was there stays as it was until the copy has been proven: only then does motcua.conf say
 * the new place. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "app/backups.h"
#include "base/auto.h"
#include "base/file.h"
#include "command/commands.h"
#include "queries.h"
#include "store/store_copy.h"

enum { MIGRATE_ARENA = 1024 * 1024 * 1024, REPORT_BYTES = 256 * 1024, PAYLOAD_BYTES = 1024 };

/* What is proven of a store's journal. */
struct proof {
    struct journal_checkpoint whole;  /* over every entry, computed anew */
    struct journal_checkpoint sealed; /* the newest signed head */
    struct journal_signatures signatures;
};

struct migration_run {
    struct command_context *c;
    struct arena *a;
    struct folder folder;
    struct str url;
    bool is_to_server;
    instant_t at;
    struct store_contents contents;
    struct proof before, after;
};

static const char *engine_name(bool is_server)
{
    return is_server ? "PostgreSQL" : "SQLite";
}

/* ---- which way ---- */

static bool is_address(struct str place)
{
    return str_starts(place, STR("postgresql://")) || str_starts(place, STR("postgres://"));
}

static enum outcome read_places(struct migration_run *m, struct str *out_folder, struct fail *why)
{
    struct str from = m->c->args[0], to = m->c->args[1];
    if (is_address(from) == is_address(to))
        return fail(why, ERR_INVALID,
                    N_("One of the two is the folder of an office, the other the address of a database: "
                       "postgresql://HOST/DATABASE."));
    m->is_to_server = is_address(to);
    m->url = m->is_to_server ? to : from;
    *out_folder = command_path(m->c, m->is_to_server ? from : to);
    return OK;
}

static enum outcome check_places(struct migration_run *m, struct fail *why)
{
    struct str path = m->folder.path, says = folder_store(m->a, path);
    bool has_file = file_exists(folder_file(m->a, &m->folder, "motcua.db"));
    if (m->is_to_server && says.len > 0)
        return fail(why, ERR_CONFLICT, N_("The office in {0} keeps its data on a database server already."), path);
    if (m->is_to_server && !has_file) return fail(why, ERR_MISSING, N_("There is no office in {0}."), path);
    if (!m->is_to_server && !str_eq(says, m->url))
        return fail(why, ERR_CONFLICT,
                    N_("The office in {0} does not keep its data there: its motcua.conf says another place."), path);
    if (!m->is_to_server && has_file)
        return fail(why, ERR_CONFLICT, N_("There is an office in {0} already. It stays as it is."), path);
    return OK;
}

/* ---- opening and proving ---- */

static enum outcome refuse_older(void *context, struct store *s, bool takes_away, struct fail *why)
{
    (void)context;
    (void)takes_away; /* a copy has this program's schema */
    return fail(why, ERR_CONFLICT,
                N_("The office has the schema {0} of an older program. Start it once with this one, then move it."),
                str_from(store_schema(s)));
}

static enum outcome open_place(struct migration_run *m, bool is_server, struct store **out, struct fail *why)
{
    struct backup_reading how = backups_reading();
    struct store_options options = {.path = folder_file(m->a, &m->folder, "motcua.db").at,
                                    .url = is_server ? str_cstr(m->a, m->url) : NULL,
                                    .reader_count = 1,
                                    .migrations = how.migrations,
                                    .migration_count = how.migration_count,
                                    .before_migration = refuse_older};
    return store_open(&options, out, why);
}

static enum outcome prove(struct migration_run *m, struct store *s, const struct journal_key *key, struct proof *out,
                          struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(s, m->a, &tx, why));
    TRY(journal_verify(tx, &out->whole, why));
    TRY(journal_head(tx, &out->sealed, why));
    return journal_verify_signatures(tx, key, &out->signatures, why);
}

static bool is_same_head(const struct journal_checkpoint *x, const struct journal_checkpoint *y)
{
    return x->size == y->size && sha256_eq(x->root, y->root);
}

static enum outcome compare(const struct migration_run *m, struct fail *why)
{
    const struct proof *x = &m->before, *y = &m->after;
    if (is_same_head(&x->whole, &y->whole) && is_same_head(&x->sealed, &y->sealed) &&
        x->signatures.good == y->signatures.good)
        return OK;
    return fail(why, ERR_CONFLICT, N_("The journal of the copy is not equal to the office's."));
}

/* ---- moving ---- */

static void say_progress(void *context, struct str table, int64_t rows)
{
    const struct migration_run *m = context;
    FILE *err = m->c->err;
    if (!isatty(fileno(err))) return;
    fprintf(err, "\r\033[K%" PRId64 "  %.*s", rows, STR_ARG(table));
    fflush(err);
}

static enum outcome copy(struct migration_run *m, const struct journal_key *key, struct fail *why)
{
    struct store *from;
    struct str file = folder_file(m->a, &m->folder, "motcua.db");
    struct store_copying how = {.to_path = m->is_to_server ? NULL : file.at,
                                .to_url = m->is_to_server ? str_cstr(m->a, m->url) : NULL,
                                .is_proven = true,
                                .progress = say_progress,
                                .context = m};
    TRY(open_place(m, !m->is_to_server, &from, why));
    enum outcome done = prove(m, from, key, &m->before, why);
    if (done == OK) done = store_copy(from, m->a, &how, &m->contents, why);
    store_close(from);
    if (isatty(fileno(m->c->err))) fprintf(m->c->err, "\r\033[K");
    return done;
}

static enum outcome note_move(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct migration_run *m = input;
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_int(&w, "journal_size", m->after.whole.size);
    jw_put_str(&w, "root", sha256_format(tx_arena(tx), m->after.whole.root));
    jw_put_int(&w, "rows", m->contents.rows);
    jw_put_str(&w, "to", str_from(engine_name(m->is_to_server)));
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_SYSTEM, .act = "store.move", .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

/* The copy opened as the program opens its own, believed nothing, and told that it was moved. */
static enum outcome open_copy(struct migration_run *m, const struct journal_key *key, struct fail *why)
{
    struct store *to;
    TRY(open_place(m, m->is_to_server, &to, why));
    enum outcome done = prove(m, to, key, &m->after, why);
    if (done == OK) done = compare(m, why);
    if (done == OK) done = store_run(to, note_move, m, NULL, why);
    if (done == OK) done = journal_seal(to, key, why);
    store_close(to);
    return done;
}

/* ---- afterwards ---- */

static struct str aside_name(const struct migration_run *m, const char *ending)
{
    struct str at = str_replace(m->a, instant_format(m->a, m->at - m->at % US_PER_S), STR(":"), STR_NONE);
    return str_format(m->a, "%.*s/moved-%.*s%s", STR_ARG(m->folder.path), STR_ARG(at), ending);
}

/* The file is kept whole, under a name that no program opens. */
static enum outcome set_aside(const struct migration_run *m, struct fail *why)
{
    static const char *const names[] = {"motcua.db", "motcua.db-mark"};
    if (!m->is_to_server) return OK;
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct str old = folder_file(m->a, &m->folder, names[i]);
        struct str new = aside_name(m, names[i] + strlen("motcua"));
        if (rename(old.at, new.at) != 0 && errno != ENOENT)
            return fail(why, ERR_DOWN, N_("{0} cannot be written: {1}."), new, str_from(strerror(errno)));
    }
    return file_sync_folder(m->folder.path, why);
}

static enum outcome say_moved(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct migration_run *m = input;
    struct str at = instant_format(tx_arena(tx), m->at - m->at % US_PER_S);
    return store_do(tx, Q_FACT_SET, VALUES(v_str(STR("moved")), v_str(at)), NULL, why);
}

/* The database stays as it was, and says that the office is elsewhere, so that no program serves it there again. */
static enum outcome mark_moved(struct migration_run *m, struct fail *why)
{
    struct store *from;
    if (m->is_to_server) return OK;
    TRY(open_place(m, true, &from, why));
    enum outcome done = store_run(from, say_moved, m, NULL, why);
    store_close(from);
    return done;
}

static void put_head(struct json_writer *w, struct arena *a, const char *name, const struct journal_checkpoint *head)
{
    jw_key(w, name);
    jw_open(w, '{');
    jw_put_int(w, "size", head->size);
    jw_put_str(w, "root", sha256_format(a, head->root));
    jw_close(w);
}

static struct str report_json(const struct migration_run *m)
{
    AUTO_BUF struct buf out;
    struct json_writer w;
    buf_init(&out, REPORT_BYTES);
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "from", str_from(engine_name(!m->is_to_server)));
    jw_put_str(&w, "to", str_from(engine_name(m->is_to_server)));
    jw_put_instant(&w, "at", m->at);
    jw_put_int(&w, "rows", m->contents.rows);
    put_head(&w, m->a, "journal", &m->after.whole);
    put_head(&w, m->a, "signed_head", &m->after.sealed);
    jw_put_int(&w, "signatures", m->after.signatures.good);
    jw_key(&w, "tables");
    jw_open(&w, '[');
    for (size_t i = 0; i < m->contents.count; i++) {
        const struct store_table *t = &m->contents.tables[i];
        jw_open(&w, '{');
        jw_put_str(&w, "name", t->name);
        jw_put_int(&w, "rows", t->rows);
        jw_put_str(&w, "sha256", sha256_format(m->a, t->hash));
        jw_close(&w);
    }
    jw_close(&w);
    jw_close(&w);
    return str_dup(m->a, buf_str(&out));
}

static void print_report(const struct migration_run *m, struct str json)
{
    struct command_context *c = m->c;
    if (command_has(c, "json")) {
        fprintf(c->out, "%.*s\n", STR_ARG(json));
        return;
    }
    for (size_t i = 0; i < m->contents.count; i++) {
        const struct store_table *t = &m->contents.tables[i];
        struct str hash = sha256_format(m->a, t->hash);
        fprintf(c->out, "%-28.*s %12" PRId64 "  %.*s\n", STR_ARG(t->name), t->rows, STR_ARG(hash));
    }
    struct str root = sha256_format(m->a, m->after.whole.root);
    fprintf(c->out, "%s -> %s  %" PRId64 "\n%" PRId64 " %.*s\n", engine_name(!m->is_to_server),
            engine_name(m->is_to_server), m->contents.rows, m->after.whole.size, STR_ARG(root));
}

static enum outcome move(struct migration_run *m, struct fail *why)
{
    struct journal_key *key;
    TRY(check_places(m, why));
    struct str keys = folder_file(m->a, &m->folder, "keys");
    TRY(journal_key_load(file_of_key(m->a, keys, STR("journal.key")), false, &key, why));
    enum outcome done = copy(m, key, why);
    if (done == OK) done = open_copy(m, key, why);
    journal_key_free(key);
    TRY(done);
    TRY(folder_set_store(m->a, m->folder.path, m->is_to_server ? m->url : STR_NONE, why));
    TRY(set_aside(m, why));
    TRY(mark_moved(m, why));
    struct str json = report_json(m);
    TRY(file_write(aside_name(m, ".json"), json, 0600, why));
    print_report(m, json);
    return OK;
}

enum exit_code command_migrate_store(struct command_context *c)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct str path;
    arena_init(&a, MIGRATE_ARENA);
    fail_init(&why, &a);
    struct migration_run m = {.c = c, .a = &a, .folder.lock_fd = -1, .at = clock_now()};
    enum outcome done = read_places(&m, &path, &why);
    if (done == OK) done = folder_own(&a, path, &m.folder, &why);
    if (done == OK) done = move(&m, &why);
    folder_release(&m.folder);
    return done == OK ? EXIT_FINE : command_fail(c, &why);
}
