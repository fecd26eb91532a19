#include "app/app.h"

#include <string.h>

#include "agency/agency.h"
#include "app/backups.h"
#include "app/control.h"
#include "app/embedded.h"
#include "app/housekeeping.h"
#include "app/maintenance.h"
#include "app/news.h"
#include "app/office.h"
#include "app/routes.h"
#include "app/training.h"
#include "base/file.h"
#include "base/log.h"
#include "base/version.h"
#include "batch/recount_kind.h"
#include "catalogue/catalogue.h"
#include "catalogue/catalogue_pages.h"
#include "conversation/conversation.h"
#include "conversation/conversation_pages.h"
#include "dossier/action.h"
#include "dossier/count_cache.h"
#include "dossier/paper.h"
#include "dossier/way_picture.h"
#include "journal/journal_key.h"
#include "notice/sender.h"
#include "notice/wish_pages.h"
#include "people/code.h"
#include "people/held_form.h"
#include "queries.h"
#include "slip/slip.h"
#include "vault/vault.h"

enum { APP_ARENA = 16 * 1024 * 1024, RELOAD_BYTES = 1024 * 1024, KEYS_ARENA = 256 * 1024 };
/* A database on a server that is larger is not copied into one file before an upgrade takes something away. */
#define COPIED_MOST (INT64_C(1) << 30)
/* Looking up dossiers by code without signing in: so many at once, then one more every few seconds. */
enum { LOOKUP_BURST = 20, LOOKUP_REFILL_S = 3 };

/* ---- what the rooms ask for (each room's header declares its accessor) ---- */

struct store *app_store(const struct app *app)
{
    return app->store;
}

const struct page_service *app_pages(const struct app *app)
{
    return &app->pages;
}

struct people *app_people(const struct app *app)
{
    return app->people;
}

struct access_log *app_access(const struct app *app)
{
    return app->access;
}

struct catalogue *app_catalogue(const struct app *app)
{
    return app->catalogue;
}

struct calendars *app_calendars(const struct app *app)
{
    return app->calendars;
}

struct press *app_press(const struct app *app)
{
    return app->press;
}

struct images *app_images(const struct app *app)
{
    return app->images;
}

enum outcome app_slip_links(struct request *rq, struct tx *tx, const struct dossier_view *view, struct slip_link **out,
                            size_t *out_count, struct fail *why)
{
    (void)rq; /* every slip is made of what the dossier holds */
    return slip_links(tx, view, out, out_count, why);
}

enum outcome app_procedure_picture(struct request *rq, struct tx *tx, const struct procedure *p,
                                   int64_t process_version, struct flow *out, struct fail *why)
{
    bool is_whole = permission_is_in(rq->visitor.permissions, PERMIT_CATALOGUE_MANAGE);
    return procedure_picture(rq, tx, p, process_version, is_whole, out, why);
}

void app_talk_ahead(struct request *rq, struct tx *tx, struct value dossier)
{
    conversation_ahead(rq, tx, dossier);
}

enum outcome app_talk_counts(struct request *rq, struct tx *tx, const struct dossier_view *v, struct talk_counts *out,
                             struct fail *why)
{
    return conversation_counts(rq, tx, v, out, why);
}

enum outcome app_talk_part(struct request *rq, struct tx *tx, const struct dossier_view *v, enum talk_part part,
                           const struct talk_attempt *attempt, struct html *out, struct fail *why)
{
    return conversation_part(rq, tx, v, part, attempt, out, why);
}

void app_talk_unread_ahead(struct tx *tx, int64_t agency)
{
    conversation_unread_ahead(tx, agency, TALK_UNREAD_MOST);
}

enum outcome app_talk_unread(struct request *rq, struct tx *tx, int64_t agency, int64_t dossiers[TALK_UNREAD_MOST],
                             size_t *out_count, struct fail *why)
{
    struct conversation_unread *unread;
    (void)rq; /* whose inbox it is says the agency */
    TRY(conversation_unread_of(tx, agency, TALK_UNREAD_MOST, &unread, out_count, why));
    for (size_t i = 0; i < *out_count; i++) dossiers[i] = unread[i].dossier;
    return OK;
}

void app_talk_seen(struct request *rq, const struct dossier_view *v, int64_t upto)
{
    conversation_seen(rq, v, upto);
}

enum outcome app_talk_phrases(struct request *rq, struct tx *tx, const struct dossier_view *v, struct str papers,
                              struct talk_phrase **out, size_t *out_count, struct fail *why)
{
    return conversation_phrases(rq, tx, v, papers, out, out_count, why);
}

const struct desk *app_desk(const struct app *app)
{
    return &app->desk;
}

struct str app_files_folder(const struct app *app)
{
    return app->desk.files_folder;
}

enum outcome app_take_paper(struct request *rq, const struct upload *u, struct vault_paper *out, struct fail *why)
{
    struct paper_taken taken;
    TRY(paper_take(app_desk(rq->app), rq, u, &taken, why));
    *out = (struct vault_paper){taken.row.hash, taken.row.name, taken.row.type, taken.row.bytes};
    return OK;
}

const struct manual *app_manual(const struct app *app)
{
    return app->manual;
}

struct manual_limits app_manual_limits(const struct app *app)
{
    const struct settings *s = &app->settings;
    return (struct manual_limits){
        .draft_days = s->number[SETTING_DRAFT_DAYS],
        .undo_minutes = s->number[SETTING_UNDO_MINUTES],
        .escalate_days = s->number[SETTING_ESCALATE_DAYS],
        .session_hours = s->number[SETTING_SESSION_HOURS],
        .officer_session_hours = s->number[SETTING_OFFICER_SESSION_HOURS],
        .officer_idle_minutes = s->number[SETTING_OFFICER_IDLE_MINUTES],
        .code_hours = s->number[SETTING_CODE_HOURS],
    };
}

struct batches *app_batches(const struct app *app)
{
    return app->batches;
}

struct str app_office_name(const struct app *app)
{
    return office_of(app).name;
}

bool app_sends_mail(const struct app *app)
{
    return app->settings.text[SETTING_SMTP_URL].len > 0;
}

struct server_stats app_server_stats(const struct app *app)
{
    return app->server != NULL ? server_stats(app->server) : (struct server_stats){0};
}

/* ---- opening ---- */

enum outcome app_set_log_level(struct app *app, struct fail *why)
{
    static const char *const names[] = {"debug", "info", "warn", "error", "quiet"};
    struct str name = app->settings.text[SETTING_LOG_LEVEL];
    for (size_t i = 0; i < LENGTH(names); i++)
        if (str_eq(name, str_from(names[i]))) {
            log_set_level((enum log_level)i);
            return OK;
        }
    return fail(why, ERR_INVALID, N_("Setting {0} is debug, info, warn, error or quiet, not “{1}”."), STR("log-level"),
                name);
}

bool app_is_on_server(const struct app *app)
{
    return app->settings.text[SETTING_STORE].len > 0;
}

static enum outcome check_store(const struct app *app, struct fail *why)
{
    struct str url = app->settings.text[SETTING_STORE];
    if (url.len == 0 || str_starts(url, STR("postgresql://")) || str_starts(url, STR("postgres://"))) return OK;
    return fail(why, ERR_INVALID, N_("Setting {0} begins with postgresql://."), STR("store"));
}

static enum outcome open_store(struct app *app, bool may_create, bool has_own_backup, struct fail *why)
{
    app->followers = app_followers(&app->arena, &app->follower_count);
    app->gate = gate_new(0);
    struct store_options options = {
        .path = folder_file(&app->arena, &app->folder, "motcua.db").at,
        .url = app_is_on_server(app) ? str_cstr(&app->arena, app->settings.text[SETTING_STORE]) : NULL,
        .must_be_empty = may_create,
        .is_shared = app->folder.node.len > 0,
        .process = str_format(&app->arena, "%.*s %s", STR_ARG(app->folder.node), motcua_version).at,
        .may_create = may_create,
        .migrations = embedded_migrations,
        .migration_count = embedded_migrations_count,
        .before_wait = gate_leave,
        .after_wait = gate_enter,
        .wait_context = app->gate,
        .before_migration = backups_before_migration,
        .migration_context = app,
        .copied_most_bytes = COPIED_MOST,
        .has_own_backup = has_own_backup,
    };
    return store_open(&options, &app->store, why);
}

static enum outcome open_pages(struct app *app, struct fail *why)
{
    size_t count;
    const struct manual_limits limits = app_manual_limits(app);
    const struct page_template *templates = app_templates(&app->arena, &count);
    TRY(html_set_new(embedded_templates, embedded_templates_count, templates, count, &app->templates, why));
    app->pages = (struct page_service){app->templates, app_fill_frame, app_ask_frame};
    app->manual = manual_new(app->templates, &limits);
    return OK;
}

static struct str public_origin(struct app *app)
{
    struct str host = app->settings.text[SETTING_PUBLIC_HOST];
    return host.len > 0 ? str_format(&app->arena, "https://%.*s", STR_ARG(host)) : STR_NONE;
}

static void open_images(struct app *app)
{
    const struct image_options options = {
        .program = file_own_program(&app->arena),
        .cache_folder = folder_file(&app->arena, &app->folder, "cache"),
        .files_folder = folder_file(&app->arena, &app->folder, "files"),
        .spool_folder = folder_own_file(&app->arena, &app->folder, "spool", ""),
        .before_wait = gate_leave,
        .after_wait = gate_enter,
        .wait_context = app->gate,
    };
    app->images = image_new(&options);
}

/* DIR/life-events.json, or what ships with the program. */
static enum outcome open_life_events(struct app *app, struct fail *why)
{
    const struct life_events *events;
    struct str text = str_from(life_events_text), path = folder_file(&app->arena, &app->folder, "life-events.json");
    if (file_exists(path)) TRY(file_read(&app->arena, path, LIFE_EVENTS_BYTES, &text, why));
    TRY(life_events_parse(&app->arena, text, &events, why));
    catalogue_set_events(app->catalogue, events);
    return OK;
}

static enum outcome keep_keys_fact(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    return store_do(tx, Q_FACT_SET, VALUES(v_str(STR("keys")), v_str(*(const struct str *)input)), NULL, why);
}

/* Whoever has the office alone may have got other keys and knows it. A node that comes to others must have theirs: what
 * it sealed they could not read, what it signed would be nobody's. What is kept of them tells nothing about them. */
static enum outcome check_keys(struct app *app, struct fail *why)
{
    AUTO_ARENA struct arena a;
    AUTO_READ struct tx *tx = NULL;
    struct row row;
    arena_init(&a, KEYS_ARENA);
    struct str journal = sha256_format(&a, journal_key_hash(app->journal_key));
    struct str ours = sha256_format(&a, secret_mac(app->keys, &a, "keys", journal)), kept = STR_NONE;
    TRY(store_read_begin(app->store, &a, &tx, why));
    enum outcome found = store_one(tx, Q_FACT_TEXT, VALUES(v_str(STR("keys"))), &row, why);
    if (found != OK && found != ERR_MISSING) return found;
    if (found == OK) kept = str_dup(&a, row_str(&row, 0));
    store_read_end_at(&tx);
    if (str_eq(kept, ours)) return OK;
    if (app->folder.node.len > 0 && kept.len > 0)
        return fail(why, ERR_CONFLICT,
                    N_("The keys in {0} are not those of this office. Copy identity.key and journal.key from the "
                       "machine that has them."),
                    folder_file(why->arena, &app->folder, "keys"));
    struct fail unread;
    fail_init(&unread, &a);
    if (store_run(app->store, keep_keys_fact, &ours, NULL, &unread) != OK) /* a disk that takes nothing: next time */
        log_write(LOG_WARN, "keys", "message=\"not noted which keys the office has\"");
    return OK;
}

static enum outcome open_rooms(struct app *app, bool may_create, struct fail *why)
{
    struct str acts[ACTION_COUNT];
    for (size_t i = 0; i < ACTION_COUNT; i++) acts[i] = str_from(actions[i].name);
    struct str *kept = arena_dup(&app->arena, acts, sizeof acts);
    struct str keys = folder_file(&app->arena, &app->folder, "keys");
    TRY(identity_keys_open(keys, may_create, &app->keys, why));
    TRY(journal_key_load(file_of_key(&app->arena, keys, STR("journal.key")), may_create, &app->journal_key, why));
    TRY(check_keys(app, why));
    app->calendars = calendars_new();
    calendars_on_change(app->calendars, recount_after_change);
    TRY(calendars_open(app->calendars, app->store, why));
    app->processes = processes_new(kept, ACTION_COUNT);
    TRY(process_publish_standard(app->processes, app->store, why));
    TRY(process_publish_own(app->processes, app->store, why));
    app->press = press_new();
    if (training_is_on(&app->settings)) press_set_mark(app->press, STR(TRAINING_MARK));
    open_images(app);
    app->catalogue = catalogue_new();
    TRY(open_life_events(app, why));
    app->people = people_new(app->store, app->keys);
    people_set_lengths(app->people,
                       (struct session_lengths){app->settings.number[SETTING_SESSION_HOURS] * US_PER_HOUR,
                                                app->settings.number[SETTING_OFFICER_SESSION_HOURS] * US_PER_HOUR,
                                                app->settings.number[SETTING_OFFICER_IDLE_MINUTES] * US_PER_MINUTE});
    people_set_code_life(app->people, app->settings.number[SETTING_CODE_HOURS] * US_PER_HOUR);
    people_on_wait(app->people, gate_leave, gate_enter, app->gate);
    app->desk = (struct desk){.store = app->store,
                              .catalogue = app->catalogue,
                              .calendars = app->calendars,
                              .processes = app->processes,
                              .keys = app->keys,
                              .files_folder = folder_file(&app->arena, &app->folder, "files"),
                              .lookups = attempts_new(LOOKUP_BURST, LOOKUP_REFILL_S),
                              .pages = app->templates,
                              .undo_us = app->settings.number[SETTING_UNDO_MINUTES] * US_PER_MINUTE,
                              .draft_days = app->settings.number[SETTING_DRAFT_DAYS],
                              .press = app->press,
                              .origin = public_origin(app),
                              .tables = tables_shelf_new(),
                              .counts = count_cache_new()};
    size_t kind_count;
    const struct batch_kind *const *kinds = app_batch_kinds(&kind_count);
    app->batches = batches_new(&app->desk, kinds, kind_count);
    return OK;
}

/* What the visitor may do, and whether the office takes changes at all just now. */
static enum outcome authorise(struct request *rq, unsigned permission, struct fail *why)
{
    TRY(people_authorise(rq, permission, why));
    return maintenance_allows(rq, why);
}

static enum outcome open_router(struct app *app, struct fail *why)
{
    size_t count;
    TRY(openapi_open(&app->arena, &app->openapi, why));
    const struct route_list *lists = app_route_lists(&app->arena, &count);
    struct router_options options = {.lists = lists,
                                     .list_count = count,
                                     .identify = people_identify,
                                     .authorise = authorise,
                                     .error_page = page_error,
                                     .contract = openapi_contract,
                                     .contract_context = &app->openapi,
                                     .hold_form = held_form_keep,
                                     .assets = embedded_assets,
                                     .asset_count = embedded_assets_count};
    return router_new(&options, &app->router, why);
}

enum outcome app_open_as(struct app *app, struct folder folder, struct app_opening how, struct fail *why)
{
    memset(app, 0, sizeof *app);
    arena_init(&app->arena, APP_ARENA);
    app->folder = folder;
    app->folder.path = str_dup(&app->arena, folder.path);
    app->folder.node = str_dup(&app->arena, folder.node);
    app->started_at = clock_now();
    pthread_mutex_init(&app->backing_up, NULL);
    pthread_mutex_init(&app->reloading, NULL);
    TRY(settings_load(&app->arena, folder_file(&app->arena, &app->folder, "motcua.conf"), &app->settings, why));
    TRY(app_set_log_level(app, why));
    TRY(reminder_rules_parse(app->settings.text[SETTING_REMIND_DAYS], app->settings.number[SETTING_ESCALATE_DAYS],
                             &app->reminder_rules, why));
    TRY(check_store(app, why));
    TRY(open_store(app, how.may_create, how.has_own_backup, why));
    TRY(open_pages(app, why));
    TRY(theme_load(&app->arena, &app->folder, &app->theme, why));
    TRY(open_rooms(app, how.may_create, why));
    TRY(office_open(app, why));
    TRY(maintenance_open(app, why));
    news_follow(app);
    return open_router(app, why);
}

enum outcome app_open(struct app *app, struct folder folder, bool may_create, struct fail *why)
{
    return app_open_as(app, folder, (struct app_opening){.may_create = may_create}, why);
}

void app_close(struct app *app)
{
    news_unfollow(app);
    control_stop(app->control);
    server_stop(app->server);
    backups_stop(app->backups);
    access_log_stop(app->access);
    housekeeping_stop(app->housekeeping);
    sender_stop(app->sender);
    batches_free(app->batches);
    journal_runner_stop(app->runner);
    router_free(app->router);
    people_free(app->people);
    attempts_free(app->desk.lookups);
    count_cache_free(app->desk.counts);
    tables_shelf_free(app->desk.tables);
    catalogue_free(app->catalogue);
    image_free(app->images);
    press_free(app->press);
    processes_free(app->processes);
    calendars_free(app->calendars);
    manual_free(app->manual);
    html_set_free(app->templates);
    journal_key_free(app->journal_key);
    identity_keys_free(app->keys);
    store_close(app->store);
    office_close(app);
    maintenance_board_free(app->maintenance);
    gate_free(app->gate);
    folder_release(&app->folder);
    arena_end(&app->arena);
}

struct str app_setting_text(struct app *app, enum setting which)
{
    (void)pthread_mutex_lock(&app->reloading); /* fails for no lock of this kind */
    struct str text = app->settings.text[which];
    (void)pthread_mutex_unlock(&app->reloading);
    return text;
}

struct reminder_rules app_reminder_rules(struct app *app)
{
    (void)pthread_mutex_lock(&app->reloading); /* fails for no lock of this kind */
    struct reminder_rules rules = app->reminder_rules;
    (void)pthread_mutex_unlock(&app->reloading);
    return rules;
}

/* SIGHUP: what may reload is read again; a file that is wrong changes nothing. */
void app_reload(struct app *app)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct settings fresh = app->settings;
    arena_init(&a, RELOAD_BYTES);
    fail_init(&why, &a);
    if (settings_load(&a, folder_file(&a, &app->folder, "motcua.conf"), &fresh, &why) != OK) {
        log_write(LOG_WARN, "reload", "outcome=refused");
        return;
    }
    (void)pthread_mutex_lock(&app->reloading); /* fails for no lock of this kind */
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (!setting_rows[i].may_reload || app->settings.origin[i] == ORIGIN_FLAG) continue;
        bool is_same = str_eq(app->settings.text[i], fresh.text[i]); /* somebody may be reading the old text for good */
        if (!is_same) app->settings.text[i] = str_dup(&app->arena, fresh.text[i]);
        app->settings.number[i] = fresh.number[i];
        app->settings.origin[i] = fresh.origin[i];
    }
    app->desk.undo_us = app->settings.number[SETTING_UNDO_MINUTES] * US_PER_MINUTE;
    app->desk.draft_days = app->settings.number[SETTING_DRAFT_DAYS];
    struct reminder_rules rules;
    if (reminder_rules_parse(app->settings.text[SETTING_REMIND_DAYS], app->settings.number[SETTING_ESCALATE_DAYS],
                             &rules, &why) == OK)
        app->reminder_rules = rules;
    else
        log_write(LOG_WARN, "reload", "outcome=remind-days-refused");
    (void)pthread_mutex_unlock(&app->reloading);
    if (app_set_log_level(app, &why) != OK) log_write(LOG_WARN, "reload", "outcome=log-level-refused");
}
