#include "app/news.h"

#include "app/maintenance.h"
#include "app/office.h"
#include "base/auto.h"
#include "base/log.h"

enum { NEWS_ARENA = 64 * 1024 * 1024 };

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

void news_unfollow(struct app *app)
{
    if (app->store != NULL) store_off_news(app->store, app);
}

void news_follow(struct app *app)
{
    calendars_on_forget(app->calendars, tell_calendars, app);
    store_on_news(app->store, NEWS_VISITORS, forget_visitors, app);
    store_on_news(app->store, NEWS_CALENDARS, read_calendars, app);
    store_on_news(app->store, NEWS_MAINTENANCE, read_maintenance, app);
    store_on_news(app->store, NEWS_OFFICE, read_office, app);
}
