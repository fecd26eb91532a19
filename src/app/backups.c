#include "app/backups.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "app/embedded.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/log.h"
#include "base/wait.h"
#include "queries.h"

enum { LOOK_EVERY_S = 10, FIRST_AFTER_S = 60, SENTENCE_BYTES = 512, PATIENCE = 3, NICENESS = 10, SHARE_OF_TIME = 10 };

struct backups {
    struct app *app;
    pthread_t thread;
    _Atomic uint64_t commands_then; /* of the store when the last one was made */
    instant_t started_at, tried_at;
    _Atomic int64_t took_us; /* to make the last one */

    pthread_mutex_t lock; /* all below */
    pthread_cond_t changed;
    bool is_stopping;
    enum backup_wish wish, busy;
    instant_t failed_at;
    char failure[SENTENCE_BYTES];
};

struct str backups_folder(const struct app *app, struct arena *a)
{
    struct str own = app->settings.text[SETTING_BACKUP_FOLDER];
    return own.len > 0 ? own : folder_file(a, &app->folder, "backups");
}

struct backup_reading backups_reading(void)
{
    return (struct backup_reading){embedded_migrations, embedded_migrations_count, Q_PAPERS_NAMED};
}

static enum outcome make_one(struct app *app, struct arena *a, struct store *s, const struct journal_key *key,
                             struct fail *why)
{
    struct backup_source source = {s, key, app->folder.path};
    struct backup_facts facts;
    struct str path, folder = backups_folder(app, a);
    TRY(file_make_folder(folder, 0700, why));
    TRY(backup_make(a, &source, folder, &path, &facts, why));
    log_write(LOG_INFO, "backup.made", "journal=%lld papers=%lld bytes=%llu schema=%.*s", (long long)facts.head.size,
              (long long)facts.papers, (unsigned long long)facts.new_bytes, STR_ARG(facts.schema));
    return OK;
}

/* What a server's database only gets more of is one transaction of the server's, and older programs go on working with
 * it: nothing could be restored from a copy that is not there still. */
enum outcome backups_before_migration(void *context, struct store *s, bool takes_away, struct fail *why)
{
    AUTO_ARENA struct arena a;
    struct app *app = context;
    arena_init(&a, BACKUP_ARENA);
    if (app_is_on_server(app) && !takes_away) return OK;
    return make_one(app, &a, s, NULL, why);
}

/* ---- the thread ---- */

static enum outcome make_and_thin_out(struct backups *b, struct arena *a, struct fail *why)
{
    int64_t dropped;
    struct app *app = b->app;
    uint64_t commands = store_stats(app->store).commands;
    int64_t started = clock_monotonic_us();
    TRY(make_one(app, a, app->store, app->journal_key, why));
    b->took_us = clock_monotonic_us() - started;
    b->commands_then = commands + 1; /* sealing the journal is itself a command */
    return backup_folder_prune(a, backups_folder(app, a), app->settings.number[SETTING_BACKUP_DAYS], clock_now(),
                               &dropped, why);
}

static enum outcome verify_newest(struct backups *b, struct arena *a, struct fail *why)
{
    struct backup_reading how = backups_reading();
    return backup_folder_verify(a, &how, backups_folder(b->app, a), why);
}

static void note_end(struct backups *b, struct arena *a, enum outcome r, const struct fail *why)
{
    struct str said = r != OK ? str_part(fail_text(a, why), 0, SENTENCE_BYTES - 1) : STR_NONE;
    if (r != OK)
        log_write(store_is_ending(b->app->store) ? LOG_INFO : LOG_ERROR, "backup", "outcome=%s message=\"%.*s\"",
                  outcome_type(r), STR_ARG(said));
    pthread_mutex_lock(&b->lock);
    b->failed_at = r != OK ? clock_now() : INSTANT_NONE;
    memcpy(b->failure, said.at != NULL ? said.at : "", said.len);
    b->failure[said.len] = 0;
    b->busy = BACKUP_WISH_NONE;
    pthread_mutex_unlock(&b->lock);
}

static void run(struct backups *b, enum backup_wish wish)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, BACKUP_ARENA);
    fail_init(&why, &a);
    pthread_mutex_lock(&b->app->backing_up);
    enum outcome r = wish == BACKUP_WISH_MAKE ? make_and_thin_out(b, &a, &why) : verify_newest(b, &a, &why);
    pthread_mutex_unlock(&b->app->backing_up);
    note_end(b, &a, r, &why);
    arena_clear(&a);
    (void)malloc_trim(0); /* a backup reads the whole database: what it took goes back to the system */
}

/* What is asked for, but of a large office at most a tenth of the time. */
static int64_t interval_of(const struct app *app, const struct backups *b)
{
    int64_t wanted = app->settings.number[SETTING_BACKUP_MINUTES] * US_PER_MINUTE;
    int64_t least = b != NULL ? SHARE_OF_TIME * b->took_us : 0;
    return wanted > 0 && wanted < least ? least : wanted;
}

/* Nothing is made of an office in which nothing happened since. */
static bool is_due(struct backups *b, const struct backup_folder_state *folder, instant_t now)
{
    int64_t interval = interval_of(b->app, b);
    bool has_changed = store_stats(b->app->store).commands > b->commands_then;
    if (interval == 0 || now - b->started_at < FIRST_AFTER_S * US_PER_S || now - b->tried_at < interval) return false;
    return has_changed && (folder->newest_at == INSTANT_NONE || now - folder->newest_at >= interval);
}

static bool is_verify_due(const struct backups *b, const struct backup_folder_state *folder, instant_t now)
{
    int64_t interval = b->app->settings.number[SETTING_BACKUP_VERIFY_HOURS] * US_PER_HOUR;
    if (interval == 0 || folder->count == 0 || now - b->started_at < FIRST_AFTER_S * US_PER_S) return false;
    return folder->verified_at == INSTANT_NONE || now - folder->verified_at >= interval;
}

static enum backup_wish what_is_due(struct backups *b)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct backup_folder_state folder;
    instant_t now = clock_now();
    arena_init(&a, BACKUP_ARENA);
    fail_init(&why, &a);
    if (store_leadership(b->app->store) == 0) return BACKUP_WISH_NONE; /* one of several processes is enough */
    if (backup_folder_look(&a, backups_folder(b->app, &a), &folder, &why) != OK) return BACKUP_WISH_NONE;
    if (is_due(b, &folder, now)) {
        b->tried_at = now;
        return BACKUP_WISH_MAKE;
    }
    return is_verify_due(b, &folder, now) ? BACKUP_WISH_VERIFY : BACKUP_WISH_NONE;
}

/* The next wish of a person, or none after a while. False: stop. */
static bool wait_for_wish(struct backups *b, enum backup_wish *out)
{
    int64_t moment_us = clock_monotonic_us() + LOOK_EVERY_S * US_PER_S;
    pthread_mutex_lock(&b->lock);
    while (!b->is_stopping && b->wish == BACKUP_WISH_NONE && wait_until(&b->changed, &b->lock, moment_us)) continue;
    bool goes_on = !b->is_stopping;
    *out = b->wish;
    b->wish = BACKUP_WISH_NONE;
    if (*out != BACKUP_WISH_NONE) b->busy = *out;
    pthread_mutex_unlock(&b->lock);
    return goes_on;
}

static void *backups_loop(void *context)
{
    struct backups *b = context;
    enum backup_wish wish;
    (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICENESS); /* visitors come first; best effort */
    while (wait_for_wish(b, &wish)) {
        if (wish == BACKUP_WISH_NONE) wish = what_is_due(b);
        if (wish == BACKUP_WISH_NONE) continue;
        pthread_mutex_lock(&b->lock);
        b->busy = wish;
        pthread_mutex_unlock(&b->lock);
        run(b, wish);
    }
    return NULL;
}

struct backups *backups_start(struct app *app)
{
    struct backups *b = calloc(1, sizeof *b);
    if (b == NULL) BUG("out of memory");
    b->app = app;
    b->started_at = clock_now();
    b->failed_at = INSTANT_NONE;
    pthread_mutex_init(&b->lock, NULL);
    pthread_cond_init(&b->changed, NULL);
    if (pthread_create(&b->thread, NULL, backups_loop, b) != 0) BUG("no thread for backups");
    return b;
}

void backups_stop(struct backups *b)
{
    if (b == NULL) return;
    pthread_mutex_lock(&b->lock);
    b->is_stopping = true;
    pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
    store_end_soon(b->app->store); /* the next one is whole */
    pthread_join(b->thread, NULL);
    pthread_cond_destroy(&b->changed);
    pthread_mutex_destroy(&b->lock);
    free(b);
}

void backups_ask(struct backups *b, enum backup_wish wish)
{
    if (b == NULL) return;
    pthread_mutex_lock(&b->lock);
    b->wish = wish;
    pthread_cond_signal(&b->changed);
    pthread_mutex_unlock(&b->lock);
}

/* ---- how it stands ---- */

static void look_at_thread(struct backups *b, struct arena *a, struct backups_state *out)
{
    pthread_mutex_lock(&b->lock);
    out->busy = b->busy != BACKUP_WISH_NONE ? b->busy : b->wish;
    out->failed_at = b->failed_at;
    out->failure = str_dup(a, str_from(b->failure));
    pthread_mutex_unlock(&b->lock);
}

/* An office in which nothing happened needs no newer one, so only a failure and an old age of a busy one are unwell. */
enum outcome backups_look(const struct app *app, struct arena *a, struct backups_state *out, struct fail *why)
{
    instant_t now = clock_now();
    *out = (struct backups_state){.failed_at = INSTANT_NONE, .age_s = -1};
    TRY(backup_folder_look(a, backups_folder(app, a), &out->folder, why));
    int64_t interval = interval_of(app, app->backups);
    out->is_wanted = interval > 0;
    if (app->backups != NULL) look_at_thread(app->backups, a, out);
    if (out->folder.count > 0) out->age_s = (now - out->folder.newest_at) / US_PER_S;
    bool has_changed = app->backups == NULL || store_stats(app->store).commands > app->backups->commands_then;
    instant_t since =
        out->folder.count > 0 && out->folder.newest_at > app->started_at ? out->folder.newest_at : app->started_at;
    bool is_late = has_changed && now - since > PATIENCE * interval + FIRST_AFTER_S * US_PER_S;
    bool is_verified = out->folder.verified_at == INSTANT_NONE || out->folder.is_verified_well;
    out->is_well = !out->is_wanted || (out->failed_at == INSTANT_NONE && !is_late && is_verified);
    return OK;
}
