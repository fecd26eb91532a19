#include "app/housekeeping.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/auto.h"
#include "base/log.h"
#include "dossier/draft.h"
#include "store/idempotency.h"

enum { FIRST_S = 60, EVERY_S = 3600, CHORE_ARENA = 16 * 1024 * 1024 };

struct housekeeping {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop_asked;
    bool is_stopping;
};

/* ---- the chores, in the order they are done; each is bounded commands until nothing is left ---- */

static enum outcome drop_answers(struct app *app, struct fail *why)
{
    int64_t dropped;
    do {
        TRY(idempotency_clean(app->store, &dropped, why));
    } while (dropped > 0);
    return OK;
}

static enum outcome drop_drafts(struct app *app, struct fail *why)
{
    return dossier_housekeep(app->store, app->settings.number[SETTING_DRAFT_DAYS], why);
}

static enum outcome drop_sessions(struct app *app, struct fail *why)
{
    return people_forget_expired(app->people, why);
}

static const struct {
    const char *name;
    enum outcome (*run)(struct app *app, struct fail *why);
} chores[] = {
    {"answers",  drop_answers },
    {"drafts",   drop_drafts  },
    {"sessions", drop_sessions},
};

static void do_chores(struct app *app)
{
    for (size_t i = 0; i < LENGTH(chores); i++) {
        AUTO_ARENA struct arena a;
        arena_init(&a, CHORE_ARENA);
        struct fail why;
        fail_init(&why, &a);
        if (chores[i].run(app, &why) != OK)
            log_write(LOG_WARN, "housekeeping", "chore=%s outcome=%s", chores[i].name, outcome_type(why.outcome));
    }
}

/* ---- the thread ---- */

static bool wait_for_stop(struct housekeeping *h, int seconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds;
    pthread_mutex_lock(&h->lock);
    int waited = 0;
    while (!h->is_stopping && waited == 0) waited = pthread_cond_timedwait(&h->stop_asked, &h->lock, &until);
    bool is_stopping = h->is_stopping;
    pthread_mutex_unlock(&h->lock);
    return is_stopping;
}

static void *housekeeping_loop(void *context)
{
    struct housekeeping *h = context;
    for (int seconds = FIRST_S; !wait_for_stop(h, seconds); seconds = EVERY_S) do_chores(h->app);
    return NULL;
}

struct housekeeping *housekeeping_start(struct app *app)
{
    struct housekeeping *h = calloc(1, sizeof *h);
    if (h == NULL) BUG("out of memory");
    h->app = app;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->stop_asked, NULL);
    if (pthread_create(&h->thread, NULL, housekeeping_loop, h) != 0) BUG("no thread for housekeeping");
    return h;
}

void housekeeping_stop(struct housekeeping *h)
{
    if (h == NULL) return;
    pthread_mutex_lock(&h->lock);
    h->is_stopping = true;
    pthread_cond_signal(&h->stop_asked);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    pthread_cond_destroy(&h->stop_asked);
    pthread_mutex_destroy(&h->lock);
    free(h);
}
