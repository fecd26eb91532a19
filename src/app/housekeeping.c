#include "app/housekeeping.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/log.h"
#include "base/wait.h"
#include "batch/absence.h"
#include "batch/batch.h"
#include "batch/recount_kind.h"
#include "batch/transfer.h"
#include "counter/appointment.h"
#include "counter/visit.h"
#include "dossier/draft.h"
#include "dossier/role_walk.h"
#include "dossier/undo_forget.h"
#include "dossier/unit.h"
#include "notice/message.h"
#include "people/held_form.h"
#include "store/idempotency.h"

enum {
    TICK_S = 60,
    MINUTELY = 1,
    HOURLY = 60,
    CHORE_ARENA = 16 * 1024 * 1024,
    PICTURE_DAYS = 30,
    BATCH_ITEM_DAYS = 90,
    CHORES_MOST = 32
};

struct housekeeping {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop_asked;
    bool is_stopping;
    instant_t ran_at[CHORES_MOST]; /* by chore */
    bool is_unwell[CHORES_MOST];
};

/* ---- the chores, in the order they are done; each is bounded commands until nothing is left or the program is to
 * stop ---- */

static enum outcome drop_answers(struct app *app, struct fail *why)
{
    int64_t dropped;
    do {
        TRY(idempotency_clean(app->store, &dropped, why));
    } while (dropped > 0 && !store_is_ending(app->store));
    return OK;
}

static enum outcome drop_drafts(struct app *app, struct fail *why)
{
    return dossier_housekeep(app->store, app->settings.number[SETTING_DRAFT_DAYS], why);
}

static enum outcome drop_sessions(struct app *app, struct fail *why)
{
    TRY(people_forget_expired(app->people, why));
    return held_form_forget(app->people, why);
}

static enum outcome end_silence(struct app *app, struct fail *why)
{
    return units_expire(&app->desk, why);
}

static enum outcome forget_undoing(struct app *app, struct fail *why)
{
    return undo_forget(app->store, app->desk.undo_us, why);
}

static enum outcome place_tasks(struct app *app, struct fail *why)
{
    return role_walk_place_rows(app->store, why);
}

/* Desks whose officers are away from today. */
static enum outcome begin_absences(struct app *app, struct fail *why)
{
    return absences_begin(app->store, why);
}

/* Agencies that work by another calendar from today. */
static enum outcome begin_calendars(struct app *app, struct fail *why)
{
    return agency_calendars_begin(&app->desk, why);
}

/* Decrees whose day has come. */
static enum outcome begin_transfers(struct app *app, struct fail *why)
{
    return transfers_begin(app->store, why);
}

static enum outcome send_reminders(struct app *app, struct fail *why)
{
    struct reminder_rules rules = app_reminder_rules(app);
    return reminders_send(&app->desk, &rules, why);
}

static enum outcome drop_messages(struct app *app, struct fail *why)
{
    return messages_forget(app->store, clock_now() - app->settings.number[SETTING_MESSAGE_DAYS] * US_PER_DAY, why);
}

static enum outcome sweep_pictures(struct app *app, struct fail *why)
{
    return image_sweep(app->images, clock_now() - PICTURE_DAYS * US_PER_DAY, why);
}

/* What was done to each dossier stands in the journal. */
static enum outcome drop_batch_items(struct app *app, struct fail *why)
{
    return batches_prune(app->store, clock_now() - BATCH_ITEM_DAYS * US_PER_DAY, why);
}

static enum outcome drop_looks(struct app *app, struct fail *why)
{
    return access_forget(app->store, clock_now() - app->settings.number[SETTING_ACCESS_DAYS] * US_PER_DAY, why);
}

static enum outcome drop_counter(struct app *app, struct fail *why)
{
    return counter_housekeep(app->store, why);
}

static enum outcome remind_appointments(struct app *app, struct fail *why)
{
    return appointments_remind(app->store, why);
}

/* every: so many minutes; what runs each minute runs at the start too, before the first visitor, unless it may_wait:
 * reminders of an office that was away for long are many, and nothing is decided by them. is_of_each: done by
 * every process that shares the office, because it is of the machine, not by the leading one alone. */
static const struct {
    const char *name;
    enum outcome (*run)(struct app *app, struct fail *why);
    int every;
    bool is_of_each, may_wait;
    const char *title; /* message */
} chores[] = {
    {"answers",      drop_answers,        HOURLY,   false, false, N_("Answers kept for repeated requests") },
    {"batches",      drop_batch_items,    HOURLY,   false, false, N_("Lists of ended bulk acts")           },
    {"counter",      drop_counter,        HOURLY,   false, false, N_("Old tickets and appointments")       },
    {"drafts",       drop_drafts,         HOURLY,   false, false, N_("Old drafts and uploads")             },
    {"looks",        drop_looks,          HOURLY,   false, false, N_("Old notes of who looked")            },
    {"messages",     drop_messages,       HOURLY,   false, false, N_("Old messages")                       },
    {"pictures",     sweep_pictures,      HOURLY,   true,  false, N_("Old pictures of papers")             },
    {"sessions",     drop_sessions,       HOURLY,   false, false, N_("Expired sessions")                   },
    {"tasks",        place_tasks,         HOURLY,   false, false, N_("Tasks written by an older program")  },
    {"undo",         forget_undoing,      HOURLY,   false, false, N_("Acts that cannot be undone any more")},
    {"units",        end_silence,         MINUTELY, false, false, N_("Consultations past their deadline")  },
    {"transfers",    begin_transfers,     MINUTELY, false, false, N_("Decrees whose day has come")         },
    {"calendars",    begin_calendars,     MINUTELY, false, false, N_("Calendars that begin today")         },
    {"absences",     begin_absences,      MINUTELY, false, false, N_("Absences that begin")                },
    {"reminders",    send_reminders,      MINUTELY, false, true,  N_("Reminders of deadlines")             },
    {"appointments", remind_appointments, MINUTELY, false, true,  N_("Reminders of appointments")          },
};

enum chores { CHORES_AT_ONCE = 1, CHORES_LATER = 2, CHORES_ALL = 3 };

/* minute: since the start; the hourly ones begin with the first. */
static void do_chores(struct housekeeping *h, int64_t minute, enum chores which)
{
    _Static_assert(LENGTH(chores) <= CHORES_MOST, "room for what is remembered of each chore");
    for (size_t i = 0; i < LENGTH(chores) && !store_is_ending(h->app->store); i++) {
        if (minute % chores[i].every != 1 % chores[i].every) continue;
        if ((which & (chores[i].may_wait ? CHORES_LATER : CHORES_AT_ONCE)) == 0) continue;
        if (!chores[i].is_of_each && store_leadership(h->app->store) == 0) continue;
        AUTO_ARENA struct arena a;
        arena_init(&a, CHORE_ARENA);
        struct fail why;
        fail_init(&why, &a);
        bool is_well = chores[i].run(h->app, &why) == OK;
        pthread_mutex_lock(&h->lock);
        h->ran_at[i] = clock_now();
        h->is_unwell[i] = !is_well;
        pthread_mutex_unlock(&h->lock);
        if (!is_well)
            log_write(LOG_WARN, "housekeeping", "chore=%s outcome=%s", chores[i].name, outcome_type(why.outcome));
    }
}

/* ---- the thread ---- */

static bool wait_for_stop(struct housekeeping *h, int seconds)
{
    int64_t moment_us = clock_monotonic_us() + seconds * US_PER_S;
    pthread_mutex_lock(&h->lock);
    while (!h->is_stopping && wait_until(&h->stop_asked, &h->lock, moment_us)) continue;
    bool is_stopping = h->is_stopping;
    pthread_mutex_unlock(&h->lock);
    return is_stopping;
}

static void *housekeeping_loop(void *context)
{
    struct housekeeping *h = context;
    do_chores(h, 0, CHORES_LATER);
    for (int64_t minute = 1; !wait_for_stop(h, TICK_S); minute++) do_chores(h, minute, CHORES_ALL);
    return NULL;
}

struct housekeeping *housekeeping_start(struct app *app)
{
    struct housekeeping *h = calloc(1, sizeof *h);
    if (h == NULL) BUG("out of memory");
    h->app = app;
    for (size_t i = 0; i < CHORES_MOST; i++) h->ran_at[i] = INSTANT_NONE;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->stop_asked, NULL);
    do_chores(h, 0, CHORES_AT_ONCE);
    if (pthread_create(&h->thread, NULL, housekeeping_loop, h) != 0) BUG("no thread for housekeeping");
    return h;
}

void housekeeping_stop(struct housekeeping *h)
{
    if (h == NULL) return;
    store_end_soon(h->app->store);
    pthread_mutex_lock(&h->lock);
    h->is_stopping = true;
    pthread_cond_signal(&h->stop_asked);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->thread, NULL);
    pthread_cond_destroy(&h->stop_asked);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

size_t housekeeping_look(struct housekeeping *h, struct chore_state *out, size_t most)
{
    size_t count = h == NULL ? 0 : LENGTH(chores) < most ? LENGTH(chores) : most;
    for (size_t i = 0; i < count; i++) {
        pthread_mutex_lock(&h->lock);
        out[i] = (struct chore_state){chores[i].name, chores[i].title, h->ran_at[i], !h->is_unwell[i]};
        pthread_mutex_unlock(&h->lock);
    }
    return count;
}
