/* What every page shares: who sees which entry of the navigation, the guide to the page, unread notices, assets. */
#include "agency/permission.h"
#include "app/app.h"
#include "app/embedded.h"
#include "app/maintenance.h"
#include "app/routes.h"
#include "app/training.h"
#include "help/guide.h"
#include "notice/notice.h"

enum nav_reader { EVERYBODY, CITIZENS, OFFICERS };

/* In the order of the page. An officer's way is short: what a citizen needs stands behind their own name. */
static const struct {
    const char *label;
    const char *href;
    enum permission permission;
    enum nav_reader reader;
    const char *key; /* officers only: docs/keyboard.md */
} links[] = {
    {N_("Home"),              "/",              PERMIT_PUBLIC,          CITIZENS,  ""   },
    {N_("Work"),              "/viec",          PERMIT_TASK_READ,       OFFICERS,  "g v"},
    {N_("Counter"),           "/tiep-nhan",     PERMIT_DOSSIER_COUNTER, OFFICERS,  "g n"},
    {N_("Progress"),          "/tien-do",       PERMIT_TASK_READ,       OFFICERS,  "g t"},
    {N_("Books"),             "/so/register",   PERMIT_DOSSIER_READ,    OFFICERS,  "g s"},
    {N_("Open"),              "/mo-thu-tuc",    PERMIT_DOSSIER_OPEN,    OFFICERS,  "g m"},
    {N_("Procedures"),        "/thu-tuc",       PERMIT_PUBLIC,          EVERYBODY, "g p"},
    {N_("Look up a dossier"), "/tra-cuu",       PERMIT_PUBLIC,          CITIZENS,  ""   },
    {N_("My dossiers"),       "/ho-so-cua-toi", PERMIT_DOSSIER_OWN,     CITIZENS,  ""   },
    {N_("My papers"),         "/kho-giay-to",   PERMIT_DOSSIER_OWN,     CITIZENS,  ""   },
    {N_("Notices"),           "/thong-bao",     PERMIT_NOTICE_READ,     EVERYBODY, "g b"},
    {N_("Administration"),    "/quan-tri",      PERMIT_SYSTEM_HEALTH,   EVERYBODY, "g q"},
};

static struct str asset_path(const char *name)
{
    for (size_t i = 0; i < embedded_assets_count; i++)
        if (str_eq(embedded_assets[i].name, str_from(name))) return embedded_assets[i].path;
    BUG("no asset %s", name);
}

static bool is_here(struct str path, struct str href)
{
    return str_eq(path, href) || (href.len > 1 && str_starts(path, href) && path.at[href.len] == '/');
}

/* A number beside the bell; a page without it is still a page. */
static int64_t count_unread(struct request *rq)
{
    if (rq->visitor.account == 0) return 0;
    AUTO_READ struct tx *tx = NULL;
    int64_t unread = 0;
    struct fail ignored;
    fail_init(&ignored, rq->arena);
    if (store_read_begin(app_store(rq->app), rq->arena, &tx, &ignored) != OK ||
        notice_unread(tx, rq->visitor.account, &unread, &ignored) != OK)
        return 0;
    return unread;
}

static bool is_for(const struct request *rq, size_t i)
{
    bool is_officer = rq->visitor.agency != 0;
    if (links[i].reader != EVERYBODY && (links[i].reader == OFFICERS) != is_officer) return false;
    return permission_is_in(rq->visitor.permissions, links[i].permission);
}

static struct frame_link link_to(const struct request *rq, const struct frame *f, size_t i)
{
    struct str href = str_from(links[i].href);
    bool is_notices = str_eq(href, STR("/thong-bao"));
    return (struct frame_link){.label = links[i].label,
                               .href = href,
                               .key = str_from(rq->visitor.agency != 0 ? links[i].key : ""),
                               .is_current = is_here(rq->path, href),
                               .count = is_notices ? f->unread : 0};
}

static struct str guide_to(struct request *rq, bool is_officer)
{
    return rq->route != NULL ? guide_find(rq->arena, str_from(rq->route->path), is_officer) : STR_NONE;
}

void app_ask_frame(struct request *rq, struct tx *tx)
{
    if (rq->visitor.account != 0) notice_unread_ahead(tx, rq->visitor.account);
}

void app_fill_frame(struct request *rq, struct frame *f)
{
    f->guide_href = guide_to(rq, f->is_officer);
    f->office = app_office_name(rq->app);
    f->announcement = maintenance_sentence(rq->app, rq->arena, rq->language);
    f->is_training = training_is_on(&rq->app->settings);
    f->unread = count_unread(rq);
    f->links = ARENA_ARRAY(rq->arena, struct frame_link, LENGTH(links));
    for (size_t i = 0; i < LENGTH(links); i++)
        if (is_for(rq, i)) f->links[f->links_count++] = link_to(rq, f, i);
    f->stylesheet = asset_path("app.css");
    f->office_sheet = asset_path("office.css");
    f->script = asset_path("app.js");
    f->icon = asset_path("icon.svg");
    f->icons = asset_path("icons.svg");
    f->font = asset_path("public-sans-400.woff2");
    f->font_bold = asset_path("public-sans-700.woff2");
    f->theme_sheet = rq->app->theme.sheet;
    f->mark = rq->app->theme.mark;
}
