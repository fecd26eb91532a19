/*
 * The running program: the services that rooms reach through their own accessors, opened in order and closed in
 * reverse. Only app/ looks inside. One process, one data folder.
 */
#ifndef APP_APP_H
#define APP_APP_H

#include <pthread.h>
#include <stdatomic.h>

#include "app/folder.h"
#include "app/openapi.h"
#include "app/settings.h"
#include "app/theme.h"
#include "app/training.h"
#include "batch/batch_runner.h"
#include "dossier/desk.h"
#include "help/manual.h"
#include "html/page.h"
#include "html/press.h"
#include "http/server.h"
#include "image/image.h"
#include "journal/journal.h"
#include "people/access.h"
#include "people/people.h"
#include "progress/reminder.h"

struct app {
    struct arena arena; /* lives as long as the program */
    struct folder folder;
    struct settings settings;
    struct gate *gate;
    struct store *store;
    struct html_set *templates;
    struct manual *manual;
    struct page_service pages;
    struct theme theme;    /* the office's own look */
    struct press *press;   /* sets letters on paper */
    struct images *images; /* looks into files from outside */
    struct identity_keys *keys;
    struct people *people;
    struct calendars *calendars;
    struct catalogue *catalogue;
    struct processes *processes;
    struct desk desk;
    struct reminder_rules reminder_rules; /* app_reminder_rules() */
    struct batches *batches;              /* its worker only while serving */
    struct openapi openapi;
    struct router *router;
    struct journal_key *journal_key;   /* signs the checkpoints */
    struct journal_runner *runner;     /* while serving */
    struct housekeeping *housekeeping; /* while serving */
    struct access_log *access;         /* while serving */
    struct server *server;
    struct sender *sender; /* of messages to the world; while serving */
    struct control *control;
    const struct follower *followers;
    size_t follower_count;
    _Atomic(struct office_link *) office; /* office.h */
    struct maintenance_board *maintenance;
    struct backups *backups;    /* while serving; backups.h */
    pthread_mutex_t backing_up; /* held by whoever makes or thins out backups */
    pthread_mutex_t reloading;  /* what a reload changes and is more than a number: texts, reminder_rules */
    instant_t started_at;
    _Atomic bool is_anew_asked; /* of a training office: training.h */
    char anew[TRAINING_PASSWORD_MOST + 1];
};

/* The data are on a database server, not in the folder. */
bool app_is_on_server(const struct app *app);
/* folder: already owned; taken over and released by app_close. may_create: init makes the store and the keys. */
enum outcome app_open(struct app *app, struct folder folder, bool may_create, struct fail *why) MUST_USE;
/* has_own_backup: whoever runs the office says so, and something may be taken from a large database (store.h). */
struct app_opening {
    bool may_create, has_own_backup;
};
enum outcome app_open_as(struct app *app, struct folder folder, struct app_opening how, struct fail *why) MUST_USE;
void app_close(struct app *app); /* half-opened is fine */
void app_reload(struct app *app);
/* The text of a setting that may be reloaded; lives as long as the program. */
struct str app_setting_text(struct app *app, enum setting which);
struct reminder_rules app_reminder_rules(struct app *app);
enum outcome app_set_log_level(struct app *app, struct fail *why) MUST_USE;

#endif
