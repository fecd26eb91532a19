/* GET /quan-tri: what can be looked after here, and what wants to be. */
#include "admin/admin_pages.h"
#include "agency/permission.h"
#include "app/app.h"
#include "app/backups.h"
#include "app/maintenance.h"
#include "app/office.h"
#include "app/outgoing.h"
#include "app/setup.h"
#include "app/training.h"
#include "base/list.h"
#include "html/component.h"

struct attention { /* one thing that wants somebody */
    struct str text, href;
};

struct tile {
    struct str title, hint, href, icon;
};

struct tile_group {
    struct str id, title;
    struct tile *tiles;
    size_t tiles_count;
};

struct index_page {
    struct frame frame;
    struct str office, training_href;
    struct attention *attentions;
    size_t attentions_count;
    struct tile_group *groups;
    size_t groups_count;
};

/* clang-format off */
static const struct field attention_fields[] = {
    FIELD_STR(struct attention, text),
    FIELD_STR(struct attention, href),
    FIELD_END,
};
static const struct field tile_fields[] = {
    FIELD_STR(struct tile, title),
    FIELD_STR(struct tile, hint),
    FIELD_STR(struct tile, href),
    FIELD_STR(struct tile, icon),
    FIELD_END,
};
static const struct field group_fields[] = {
    FIELD_STR(struct tile_group, id),
    FIELD_STR(struct tile_group, title),
    FIELD_LIST(struct tile_group, tiles, struct tile, tile_fields),
    FIELD_END,
};
const struct field admin_index_fields[] = {
    FRAME_FIELDS(struct index_page),
    FIELD_STR(struct index_page, office),
    FIELD_STR(struct index_page, training_href),
    FIELD_LIST(struct index_page, attentions, struct attention, attention_fields),
    FIELD_LIST(struct index_page, groups, struct tile_group, group_fields),
    FIELD_END,
};

/* In order of the page; a row without an address begins a group. */
static const struct {
    const char *title, *hint; /* messages */
    const char *href, *icon;
    enum permission permission;
} rows[] = {
    {N_("The office"), NULL, NULL, "office", PERMIT_PUBLIC},
    {N_("Agencies and units"), N_("Names, telephones, units, ends and successors"), "/quan-tri/co-quan", "office", PERMIT_AGENCY_MANAGE},
    {N_("Accounts"), N_("Officers, their posts and passwords"), "/quan-tri/tai-khoan", "people", PERMIT_ACCOUNT_MANAGE},
    {N_("Roles"), N_("What each role may do"), "/quan-tri/vai-tro", "card", PERMIT_ACCOUNT_MANAGE},
    {N_("Working calendars"), N_("Hours, holidays, local days off"), "/quan-tri/lich", "calendar", PERMIT_AGENCY_MANAGE},
    {N_("Counter and queue"), N_("Desks, lines of people, times of appointments"), "/quan-tri/quay", "counter", PERMIT_AGENCY_MANAGE},
    {N_("Set up the office"), N_("The six steps of the beginning"), "/quan-tri/thiet-lap", "settings", PERMIT_AGENCY_MANAGE},
    {N_("Procedures"), NULL, NULL, "procedure", PERMIT_PUBLIC},
    {N_("Catalogue"), N_("Sheets, versions, decisions of publication"), "/quan-tri/thu-tuc", "procedure", PERMIT_CATALOGUE_MANAGE},
    {N_("Competence"), N_("Who performs and decides what, by which decree"), "/quan-tri/phan-cap", "law", PERMIT_AGENCY_MANAGE},
    {N_("Templates"), NULL, NULL, "paper", PERMIT_PUBLIC},
    {N_("Letters on paper"), N_("The words of slips and letters"), "/quan-tri/mau-giay", "paper", PERMIT_AGENCY_MANAGE},
    {N_("Words of letters"), N_("What people are told by e-mail"), "/quan-tri/thong-bao", "mail", PERMIT_NOTICE_MANAGE},
    {N_("Phrases"), N_("Ready words for messages, requests and reasons"), "/quan-tri/cau-mau", "message", PERMIT_NOTICE_MANAGE},
    {N_("Running"), NULL, NULL, "chart", PERMIT_PUBLIC},
    {N_("Health"), N_("Disk, store, journal, followers, messages"), "/quan-tri/suc-khoe", "chart", PERMIT_SYSTEM_HEALTH},
    {N_("Jobs and backups"), N_("What runs by itself, backups, what follows the journal"), "/quan-tri/van-hanh", "procedure", PERMIT_SYSTEM_HEALTH},
    {N_("Maintenance"), N_("Announce it, with its end; close for changes"), "/quan-tri/bao-tri", "clock", PERMIT_AGENCY_MANAGE},
    {N_("Webhooks"), N_("Other systems that are told what happens"), "/quan-tri/webhook", "share", PERMIT_NOTICE_MANAGE},
};
/* clang-format on */

static void fill_groups(struct request *rq, struct index_page *page)
{
    struct arena *a = rq->arena;
    page->groups = ARENA_ARRAY(a, struct tile_group, LENGTH(rows));
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str title = translate(rq->language, rows[i].title);
        if (rows[i].href == NULL) {
            page->groups[page->groups_count] = (struct tile_group){
                .id = str_format(a, "nhom-%zu", i), .title = title, .tiles = ARENA_ARRAY(a, struct tile, LENGTH(rows))};
            page->groups_count++;
            continue;
        }
        struct tile_group *group = &page->groups[page->groups_count - 1];
        if (!permission_is_in(rq->visitor.permissions, rows[i].permission)) continue;
        group->tiles[group->tiles_count++] =
            (struct tile){title, translate(rq->language, rows[i].hint), str_from(rows[i].href), str_from(rows[i].icon)};
    }
}

/* ---- what wants to be looked after ---- */

struct looking {
    struct request *rq;
    LIST(struct attention) found;
};

static void want(struct looking *l, struct str text, const char *href)
{
    LIST_PUSH(l->rq->arena, l->found) = (struct attention){text, str_from(href)};
}

static struct str with_count(const struct looking *l, const char *message, int64_t n)
{
    struct str count = str_format(l->rq->arena, "%lld", (long long)n);
    return fail_fill(l->rq->arena, translate(l->rq->language, message), (const struct str[FAIL_ARGS]){count});
}

static enum outcome look_at_setup(struct looking *l, struct tx *tx, struct fail *why)
{
    struct setup_memory steps[SETUP_STEP_COUNT];
    int64_t open = 0, known = 0;
    TRY(setup_load(tx, steps, why));
    for (size_t i = 0; i < SETUP_STEP_COUNT; i++) {
        open += steps[i].state == SETUP_OPEN;
        known += steps[i].at != INSTANT_NONE;
    }
    /* An office that was made without the wizard (a demo, a restored one) is not asked to begin with it. */
    bool is_begun = known > 0 || str_starts(office_of(l->rq->app).identifier, STR("Z0"));
    if (open > 0 && is_begun)
        want(l, with_count(l, N_("{0} steps of the set-up are not done yet."), open), "/quan-tri/thiet-lap");
    return OK;
}

static enum outcome look_at_machine(struct looking *l, struct tx *tx, struct fail *why)
{
    const struct app *app = l->rq->app;
    struct outgoing_finding messages;
    struct store_stats stats = store_stats(app->store);
    if (stats.refusal != STORE_TAKES)
        want(l, translate(l->rq->language, N_("The disk takes no changes: it is full or may not be written.")),
             "/quan-tri/suc-khoe");
    if (stats.is_down)
        want(l, translate(l->rq->language, N_("The store does not take changes.")), "/quan-tri/suc-khoe");
    for (size_t i = 0; i < app->follower_count; i++) {
        int64_t lag;
        TRY(journal_lag(tx, app->followers[i].name, &lag, why));
        if (lag > JOURNAL_LAG_MOST)
            want(l, with_count(l, N_("A follower is {0} entries behind."), lag), "/quan-tri/suc-khoe");
    }
    TRY(outgoing_look(l->rq->app, l->rq->arena, &messages, why));
    if (messages.health.given_up > 0)
        want(l, with_count(l, N_("{0} messages were given up today."), messages.health.given_up), "/quan-tri/suc-khoe");
    struct backups_state backups;
    TRY(backups_look(app, l->rq->arena, &backups, why));
    if (!backups.is_well)
        want(l, translate(l->rq->language, N_("The backups are not as they should be.")), "/quan-tri/van-hanh");
    return OK;
}

static void look_at_maintenance(struct looking *l)
{
    struct str sentence = maintenance_sentence(l->rq->app, l->rq->arena, l->rq->language);
    if (sentence.len > 0) want(l, sentence, "/quan-tri/bao-tri");
}

enum outcome admin_index(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct looking l = {.rq = rq};
    struct index_page page = {.office = office_of(rq->app).name};
    TRY(store_read_begin(rq->app->store, rq->arena, &tx, why));
    TRY(look_at_setup(&l, tx, why));
    TRY(look_at_machine(&l, tx, why));
    look_at_maintenance(&l);
    page.attentions = l.found.at;
    page.attentions_count = l.found.count;
    if (!training_is_on(&rq->app->settings)) page.training_href = app_setting_text(rq->app, SETTING_TRAINING_URL);
    fill_groups(rq, &page);
    page_reply(rq, 200, "admin/index", &page);
    return OK;
}
