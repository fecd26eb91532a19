/* `motcua upgrade`: how far the schema is, which processes serve the office and what their programs know; with --finish
 * what older programs would miss is taken away, when none of them serves any more. */
#include <inttypes.h>

#include "app/app.h"
#include "base/auto.h"
#include "command/commands.h"

enum { UPGRADE_REPORT_BYTES = 64 * 1024 };

/* A backup is made before, unless there is one; so none is made by the clock meanwhile. */
static enum outcome finish(struct app *app, bool has_own_backup, struct fail *why)
{
    (void)pthread_mutex_lock(&app->backing_up); /* fails for no lock of this kind */
    enum outcome done = store_upgrade_finish(app->store, has_own_backup, why);
    (void)pthread_mutex_unlock(&app->backing_up);
    return done;
}

static void print_json(struct command_context *c, const struct store_upgrade *u)
{
    AUTO_BUF struct buf out;
    struct json_writer w;
    buf_init(&out, UPGRADE_REPORT_BYTES);
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "schema", str_from(u->schema));
    jw_put_int(&w, "known", u->known);
    jw_put_int(&w, "waiting", (int64_t)u->waiting);
    jw_put_str(&w, "next", str_from(u->next));
    jw_put_int(&w, "indexes", (int64_t)u->indexes);
    jw_key(&w, "processes");
    jw_open(&w, '[');
    for (size_t i = 0; i < u->count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "name", u->at[i].name);
        jw_put_int(&w, "known", u->at[i].known);
        jw_put_bool(&w, "older", u->at[i].known < u->known);
        jw_close(&w);
    }
    jw_close(&w);
    jw_close(&w);
    struct str text = buf_str(&out);
    fprintf(c->out, "%.*s\n", STR_ARG(text));
}

static void say(struct command_context *c, const char *message, struct str first, struct str second)
{
    struct str sentence =
        fail_fill(c->arena, translate(c->language, message), (const struct str[FAIL_ARGS]){first, second});
    fprintf(c->out, "%.*s\n", STR_ARG(sentence));
}

static void print_text(struct command_context *c, const struct store_upgrade *u)
{
    for (size_t i = 0; i < u->count; i++) {
        struct str known = str_format(c->arena, "%04" PRId64, u->at[i].known);
        const char *mark = u->at[i].known < u->known ? "old" : "ok";
        fprintf(c->out, "%-4s %-8.*s %.*s\n", mark, STR_ARG(known), STR_ARG(u->at[i].name));
    }
    if (u->indexes > 0)
        say(c, N_("Indexes that are still being made: {0}"), str_format(c->arena, "%zu", u->indexes), STR_NONE);
    if (u->next == NULL) {
        say(c, N_("The database has the schema {0}. No upgrade is under way."), str_from(u->schema), STR_NONE);
        return;
    }
    say(c,
        N_("The database has the schema {0}; {1} waits until no older program serves any more. Then: motcua upgrade "
           "--finish"),
        str_from(u->schema), str_from(u->next));
}

enum exit_code command_upgrade(struct command_context *c)
{
    struct fail why;
    struct store_upgrade seen;
    fail_init(&why, c->arena);
    bool has_own_backup = command_has(c, "i-have-a-backup");
    if (command_has(c, "finish") && finish(c->app, has_own_backup, &why) != OK) return command_fail(c, &why);
    if (store_upgrade_look(c->app->store, c->arena, &seen, &why) != OK) return command_fail(c, &why);
    if (command_has(c, "json"))
        print_json(c, &seen);
    else
        print_text(c, &seen);
    return EXIT_FINE;
}
