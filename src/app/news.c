#include "app/news.h"

#include "app/maintenance.h"
#include "app/office.h"
#include "base/auto.h"
#include "base/log.h"

enum { NEWS_ARENA = 64 * 1024 * 1024, ATTEMPTS_ARENA = 64 * 1024 };

static void forget_visitors(void *context)
{
    struct app *app = context;
    people_forget_visitors(app->people);
}

static void note(enum outcome r, const char *what)
{
    if (r != OK) log_write(LOG_WARN, "news", "of=%s outcome=%s", what, outcome_type(r));
}

static void read_calendars(void *context)
{
    struct app *app = context;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, NEWS_ARENA);
    fail_init(&why, &a);
    note(calendars_reload(app->calendars, app->store, &why), NEWS_CALENDARS);
}

static void read_maintenance(void *context)
{
    struct app *app = context;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, NEWS_ARENA);
    fail_init(&why, &a);
    note(maintenance_reload(app, &why), NEWS_MAINTENANCE);
}

static void read_office(void *context)
{
    struct app *app = context;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, NEWS_ARENA);
    fail_init(&why, &a);
    note(office_reload(app, &why), NEWS_OFFICE);
}

static void tell_calendars(void *context)
{
    const struct app *app = context;
    store_tell(app->store, NEWS_CALENDARS);
}

static void share_lookup(void *context, struct str word)
{
    const struct app *app = context;
    store_share(app->store, word);
}

static void hear_attempt(void *context, struct str word)
{
    const struct app *app = context;
    people_hear_attempts(app->people, word);
    attempts_hear(app->desk.lookups, word);
}

/* What may be tried so often is counted together. */
static void join_attempts(struct app *app)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, ATTEMPTS_ARENA);
    struct sha256 secret = secret_mac(app->keys, &a, "attempts", STR("key"));
    people_join_attempts(app->people, secret);
    attempts_join(app->desk.lookups, 'c', secret, share_lookup, app);
    store_on_word(app->store, hear_attempt, app);
}

void news_unfollow(struct app *app)
{
    if (app->store == NULL) return;
    store_on_word(app->store, NULL, NULL);
    store_off_news(app->store, app);
}

void news_follow(struct app *app)
{
    calendars_on_forget(app->calendars, tell_calendars, app);
    store_on_news(app->store, NEWS_VISITORS, forget_visitors, app);
    store_on_news(app->store, NEWS_CALENDARS, read_calendars, app);
    store_on_news(app->store, NEWS_MAINTENANCE, read_maintenance, app);
    store_on_news(app->store, NEWS_OFFICE, read_office, app);
    if (app->folder.node.len > 0) join_attempts(app);
}
