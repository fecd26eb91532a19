/*
 * GET, POST /quan-tri/thu-tuc/{code}/quy-tac                    versions of the tables; a new one from a file
 * GET, POST /quan-tri/thu-tuc/{code}/quy-tac/{version}          what it changes; publish it from a day
 * GET       /quan-tri/thu-tuc/{code}/quy-tac/{version}/tep      the file
 * GET, POST /api/v1/procedures/{code}/rules                     the same for programs
 * GET       /api/v1/procedures/{code}/rules/{version}/difference, .../effect
 * POST      /api/v1/procedures/{code}/rules/{version}/publish
 */
#include "admin/admin_rules.h"

#include "agency/permission.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "dossier/desk.h"
#include "html/component.h"
#include "http/once.h"
#include "people/people.h"
#include "rule/legal_time.h"
#include "rule/ruling.h"

enum { FILE_BODY_BYTES = TABLES_BYTES + 64 * 1024, NUMBER_MOST = 100, AUTHORITY_MOST = 200, NOTE_MOST = 2000 };

/* ---- changing ---- */

/* Checked as a folder's tables are; every problem is told with its place. */
static enum outcome keep_tables(struct request *rq, struct str text, struct str source, int64_t *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct tables *ignored;
    struct procedure_version *versions;
    size_t count;
    struct str code = request_param(rq, "code");
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_versions(tx, code, &versions, &count, why));
    store_read_end(tx);
    tx = NULL;
    if (count == 0) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), code);
    if (text.len == 0 || !text_is_utf8(text)) {
        fail_problem(why, STR("/dmn"), "format", N_("This is no file of decision tables (DMN)."));
        return fail_if_problems(why);
    }
    TRY(tables_check(rq->arena, text, &ignored, why));
    struct rule_keep in = {.actor = people_actor(rq),
                           .procedure = code,
                           .text = text,
                           .hash = sha256_format(rq->arena, sha256_of(text)),
                           .source = text_shorten(rq->arena, source, NUMBER_MOST)};
    return request_once(rq, app_store(rq->app), rules_keep, &in, out, why);
}

struct decision_input {
    struct str number, date, authority, from, note;
};

static day_t read_day(struct str text, const char *pointer, struct fail *why)
{
    day_t day = DAY_UNKNOWN;
    if (text.len == 0)
        fail_problem(why, str_from(pointer), "required", N_("This has to be filled in."));
    else
        (void)day_or_problem(text, str_from(pointer), &day, why); /* all problems are told at once */
    return day;
}

static void need_text(struct str text, const char *pointer, size_t most, bool is_required, struct fail *why)
{
    if (is_required && str_trim(text).len == 0)
        fail_problem(why, str_from(pointer), "required", N_("This has to be filled in."));
    if (text_length(text) > most)
        fail_problem(why, str_from(pointer), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%zu", most));
}

/* From today on: what was told to people who submitted earlier stays as it was. */
static enum outcome publish_tables(struct request *rq, int64_t number, const struct decision_input *in,
                                   struct fail *why)
{
    day_t today = day_of(clock_now());
    struct rule_publish p = {.actor = people_actor(rq), .procedure = request_param(rq, "code"), .number = number};
    p.decision = (struct rule_decision){.valid_from = read_day(in->from, "/from", why),
                                        .decided_on = read_day(in->date, "/date", why),
                                        .number = str_trim(in->number),
                                        .authority = str_trim(in->authority),
                                        .note = in->note};
    need_text(in->number, "/number", NUMBER_MOST, true, why);
    need_text(in->authority, "/authority", AUTHORITY_MOST, true, why);
    need_text(in->note, "/note", NOTE_MOST, false, why);
    if (p.decision.decided_on != DAY_UNKNOWN && p.decision.decided_on > today)
        fail_problem(why, STR("/date"), "future", N_("A decision that is recorded has been taken already."));
    if (p.decision.valid_from != DAY_UNKNOWN && p.decision.valid_from < today)
        fail_problem(why, STR("/from"), "past", N_("Tables come into force today or later."));
    TRY(fail_if_problems(why));
    int64_t nothing;
    return request_once(rq, app_store(rq->app), rules_publish, &p, &nothing, why);
}

static enum outcome version_asked(struct request *rq, struct tx *tx, struct rule_version *out, struct fail *why)
{
    int number;
    if (!parse_int(request_param(rq, "version"), 1, 1000000, &number)) number = 0;
    return rule_version_numbered(tx, request_param(rq, "code"), number, out, why);
}

/* The version that counts today; number 0: none. */
static enum outcome in_force_today(struct request *rq, struct tx *tx, struct rule_version *out, struct fail *why)
{
    *out = (struct rule_version){0};
    enum outcome found = rules_in_force(tx, request_param(rq, "code"), day_of(tx_now(tx)), out, why);
    return found == ERR_MISSING ? OK : found;
}

static const char *const change_codes[] = {"added", "changed", "removed"};
static const char *const change_titles[] = {N_("Added"), N_("Changed"), N_("Removed")};

/* ---- the interface ---- */

static struct str day_or_none(struct arena *a, day_t d)
{
    return d == DAY_UNKNOWN ? STR_NONE : day_format(a, d);
}

static void put_publications(struct json_writer *w, struct arena *a, const struct rule_publication *list, size_t count,
                             int64_t version)
{
    jw_key(w, "decisions");
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) {
        if (list[i].version_number != version) continue;
        jw_open(w, '{');
        jw_put_str_or_null(w, "from", day_or_none(a, list[i].decision.valid_from));
        jw_put_str_or_null(w, "number", list[i].decision.number);
        jw_put_str_or_null(w, "date", day_or_none(a, list[i].decision.decided_on));
        jw_put_str_or_null(w, "authority", list[i].decision.authority);
        jw_put_instant(w, "at", list[i].at);
        jw_close(w);
    }
    jw_close(w);
}

static bool was_published(const struct rule_publication *list, size_t count, int64_t version)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].version_number == version) return true;
    return false;
}

/* What no decision has published is for those who prepare it. */
static enum outcome get_rules_api(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rule_version *versions, now;
    struct rule_publication *decisions;
    struct procedure_version *known;
    size_t count, decision_count;
    bool is_manager = permission_is_in(rq->visitor.permissions, PERMIT_CATALOGUE_MANAGE);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_versions(tx, request_param(rq, "code"), &known, &count, why));
    if (count == 0) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), request_param(rq, "code"));
    TRY(rule_versions(tx, request_param(rq, "code"), &versions, &count, why));
    TRY(rule_publications(tx, request_param(rq, "code"), &decisions, &decision_count, why));
    TRY(in_force_today(rq, tx, &now, why));
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        if (!is_manager && !was_published(decisions, decision_count, versions[i].number)) continue;
        jw_open(&w, '{');
        jw_put_int(&w, "version", versions[i].number);
        jw_put_str(&w, "hash", versions[i].hash);
        jw_put_str(&w, "source", versions[i].source);
        jw_put_instant(&w, "taken_at", versions[i].taken_at);
        jw_put_bool(&w, "in_force", versions[i].number == now.number);
        put_publications(&w, rq->arena, decisions, decision_count, versions[i].number);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE);
    return OK;
}

static enum outcome post_rules_api(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    int64_t number;
    TRY(request_json(rq, &body, why));
    TRY(keep_tables(rq, json_str(body, "dmn"), STR("api"), &number, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 201, "application/json"));
    jw_open(&w, '{');
    jw_put_str(&w, "procedure", request_param(rq, "code"));
    jw_put_int(&w, "version", number);
    jw_close(&w);
    return OK;
}

static enum outcome get_difference_api(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rule_version v, now;
    struct rule_difference *list;
    size_t count;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(version_asked(rq, tx, &v, why));
    TRY(in_force_today(rq, tx, &now, why));
    rules_difference(rq->arena, now.text, v.text, &list, &count);
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "change", str_from(change_codes[list[i].change]));
        jw_put_str(&w, "decision", list[i].decision);
        jw_put_int(&w, "rule", list[i].rule);
        jw_put_str_or_null(&w, "before", list[i].before);
        jw_put_str_or_null(&w, "after", list[i].after);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE);
    return OK;
}

static enum outcome effect_of(struct request *rq, struct tx *tx, const struct rule_version *v, struct rule_effect **out,
                              size_t *out_count, struct fail *why)
{
    struct rule_version now;
    struct calendars *calendars = app_calendars(rq->app);
    const struct legal_office office = {calendars, calendars_standard(calendars)};
    const struct legal_time legal_time = legal_time_of(&office);
    TRY(in_force_today(rq, tx, &now, why));
    const struct rules_weighed what = {rq->language, now.number != 0 ? &now : NULL, v, &legal_time};
    return rules_effect(tx, &what, out, out_count, why);
}

static enum outcome get_effect_api(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rule_version v;
    struct rule_effect *list;
    size_t count;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(version_asked(rq, tx, &v, why));
    TRY(effect_of(rq, tx, &v, &list, &count, why));
    struct json_writer w;
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "sample", list[i].sample);
        jw_put_bool(&w, "dossier", list[i].is_dossier);
        jw_put_bool(&w, "changed", list[i].is_changed);
        jw_put_str_or_null(&w, "before", list[i].before);
        jw_put_str_or_null(&w, "after", list[i].after);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE);
    return OK;
}

static enum outcome post_publish_api(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    int number;
    TRY(request_json(rq, &body, why));
    if (!parse_int(request_param(rq, "version"), 1, 1000000, &number)) number = 0;
    struct decision_input in = {json_str(body, "number"), json_str(body, "date"), json_str(body, "authority"),
                                json_str(body, "from"), json_str(body, "note")};
    TRY(publish_tables(rq, number, &in, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_put_int(&w, "version", number);
    jw_put_str(&w, "from", in.from);
    jw_put_str(&w, "number", in.number);
    jw_close(&w);
    return OK;
}

/* ---- pages ---- */

struct version_row {
    int64_t number;
    struct str taken, by, source, href, file_href, decided;
    bool is_in_force;
};
struct stopped_row {
    struct str code, href, what;
};
struct rules_page {
    struct frame frame;
    struct str code;
    struct version_row *versions;
    size_t versions_count;
    struct stopped_row *stopped;
    size_t stopped_count;
    struct form_field *fields;
    size_t fields_count;
};
struct change_row {
    const char *change; /* message */
    struct str decision, rule, before, after;
};
struct effect_row {
    struct str sample, href, before, after;
    bool is_changed;
};
struct rules_version_page {
    struct frame frame;
    struct str code, address;
    int64_t number;
    struct change_row *changes;
    size_t changes_count;
    struct effect_row *effects;
    size_t effects_count;
    struct form_field *fields;
    size_t fields_count;
};

/* clang-format off */
static const struct field version_row_fields[] = {
    FIELD_INT(struct version_row, number), FIELD_STR(struct version_row, taken), FIELD_STR(struct version_row, by),
    FIELD_STR(struct version_row, source), FIELD_STR(struct version_row, href), FIELD_STR(struct version_row, file_href),
    FIELD_STR(struct version_row, decided), FIELD_BOOL(struct version_row, is_in_force), FIELD_END,
};
static const struct field stopped_row_fields[] = {
    FIELD_STR(struct stopped_row, code), FIELD_STR(struct stopped_row, href), FIELD_STR(struct stopped_row, what), FIELD_END,
};
static const struct field rules_page_fields[] = {
    FRAME_FIELDS(struct rules_page), FIELD_STR(struct rules_page, code),
    FIELD_LIST(struct rules_page, versions, struct version_row, version_row_fields),
    FIELD_LIST(struct rules_page, stopped, struct stopped_row, stopped_row_fields),
    FORM_FIELDS(struct rules_page, fields), FIELD_END,
};
static const struct field change_row_fields[] = {
    FIELD_MESSAGE(struct change_row, change), FIELD_STR(struct change_row, decision), FIELD_STR(struct change_row, rule),
    FIELD_STR(struct change_row, before), FIELD_STR(struct change_row, after), FIELD_END,
};
static const struct field effect_row_fields[] = {
    FIELD_STR(struct effect_row, sample), FIELD_STR(struct effect_row, href), FIELD_STR(struct effect_row, before),
    FIELD_STR(struct effect_row, after), FIELD_BOOL(struct effect_row, is_changed), FIELD_END,
};
static const struct field rules_version_page_fields[] = {
    FRAME_FIELDS(struct rules_version_page), FIELD_STR(struct rules_version_page, code),
    FIELD_STR(struct rules_version_page, address), FIELD_INT(struct rules_version_page, number),
    FIELD_LIST(struct rules_version_page, changes, struct change_row, change_row_fields),
    FIELD_LIST(struct rules_version_page, effects, struct effect_row, effect_row_fields),
    FORM_FIELDS(struct rules_version_page, fields), FIELD_END,
};
/* clang-format on */

static struct str rules_address(struct request *rq)
{
    return str_format(rq->arena, "/quan-tri/thu-tuc/%.*s/quy-tac", STR_ARG(request_param(rq, "code")));
}

static struct str decided_text(struct request *rq, const struct rule_publication *list, size_t count, int64_t version)
{
    struct arena *a = rq->arena;
    struct str *parts = ARENA_ARRAY(a, struct str, count + 1);
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        const struct rule_decision *d = &list[i].decision;
        if (list[i].version_number != version) continue;
        struct str number = d->number.len > 0 ? d->number : translate(rq->language, N_("with the procedure's folder"));
        parts[found++] = d->valid_from == DAY_UNKNOWN
                             ? number
                             : fail_fill(a, translate(rq->language, N_("{0}, from {1}")),
                                         (const struct str[FAIL_ARGS]){number, day_for_people(a, d->valid_from)});
    }
    return str_join(a, STR("; "), parts, found);
}

static enum outcome fill_versions(struct request *rq, struct tx *tx, struct rules_page *page, struct fail *why)
{
    struct rule_version *versions, now;
    struct rule_publication *decisions;
    size_t count;
    struct str own = rules_address(rq);
    TRY(rule_versions(tx, page->code, &versions, &page->versions_count, why));
    TRY(rule_publications(tx, page->code, &decisions, &count, why));
    TRY(in_force_today(rq, tx, &now, why));
    page->versions = ARENA_ARRAY(rq->arena, struct version_row, page->versions_count + 1);
    for (size_t i = 0; i < page->versions_count; i++) {
        const struct rule_version *v = &versions[i];
        struct str href = str_format(rq->arena, "%.*s/%lld", STR_ARG(own), (long long)v->number);
        page->versions[i] = (struct version_row){
            .number = v->number,
            .taken = instant_for_people(rq->arena, v->taken_at),
            .by = v->by,
            .source = v->source,
            .href = href,
            .file_href = str_format(rq->arena, "%.*s/tep", STR_ARG(href)),
            .decided = decided_text(rq, decisions, count, v->number),
            .is_in_force = v->number == now.number,
        };
    }
    return OK;
}

/* Where the rules stopped lately: reason and place, for who can mend the table. */
static enum outcome fill_stopped(struct request *rq, struct tx *tx, struct rules_page *page, struct fail *why)
{
    struct ruling_recent *recent;
    size_t count;
    TRY(rulings_recent(tx, page->code, RULING_SAMPLES, &recent, &count, why));
    page->stopped = ARENA_ARRAY(rq->arena, struct stopped_row, count + 1);
    for (size_t i = 0; i < count; i++)
        if (recent[i].ruling->incident_count > 0)
            page->stopped[page->stopped_count++] = (struct stopped_row){
                recent[i].code, str_format(rq->arena, "/ho-so/%.*s", STR_ARG(recent[i].code)),
                ruling_incident_for_people(rq->arena, rq->language, &recent[i].ruling->incidents[0])};
    return OK;
}

static enum outcome show_rules(struct request *rq, const struct fail *refused, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rules_page page = {.code = request_param(rq, "code"), .frame = {.is_wide = true}};
    struct procedure_version *versions;
    size_t count;
    struct form form = {.rq = rq, .why = refused};
    form_file(&form, "dmn", N_("A file of decision tables (DMN)"),
              N_("It is checked and kept; nothing is in force before you publish it."))
        ->accept = STR(".dmn,application/xml,text/xml");
    FORM_INTO(&form, page.fields);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_versions(tx, page.code, &versions, &count, why));
    if (count == 0) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), page.code);
    TRY(fill_versions(rq, tx, &page, why));
    TRY(fill_stopped(rq, tx, &page, why));
    if (refused != NULL) page_problems(rq, &page.frame, refused);
    page.frame.back_href = str_format(rq->arena, "/quan-tri/thu-tuc/%.*s", STR_ARG(page.code));
    page.frame.title = translate(rq->language, N_("Rules of the procedure"));
    page_reply(rq, refused != NULL ? outcome_status(refused->outcome) : 200, "admin/rules", &page);
    return OK;
}

static enum outcome get_rules(struct request *rq, struct fail *why)
{
    return show_rules(rq, NULL, why);
}

/* Problems with their places, under the one field of the page. */
static void under_field(struct request *rq, struct fail *refused)
{
    for (size_t i = 0; i < refused->problem_count; i++) {
        struct problem *p = &refused->problems[i];
        struct str sentence = problem_sentence(rq->arena, rq->language, p);
        bool is_placed = p->pointer.len > 0 && p->pointer.at[0] != '/';
        struct str told =
            is_placed ? str_format(rq->arena, "%.*s: %.*s", STR_ARG(p->pointer), STR_ARG(sentence)) : sentence;
        *p = (struct problem){STR("/dmn"), p->code, str_cstr(rq->arena, told), {STR_NONE}};
    }
    if (refused->problem_count == 0)
        fail_problem_with(refused, STR("/dmn"), "refused", refused->sentence, refused->args);
}

static enum outcome post_rules(struct request *rq, struct fail *why)
{
    struct fail refused;
    struct str text = STR_NONE, name = STR_NONE;
    int64_t number;
    fail_init(&refused, rq->arena);
    for (size_t i = 0; i < rq->upload_count; i++) {
        if (!str_eq(rq->uploads[i].field, STR("dmn")) || rq->uploads[i].bytes == 0) continue;
        TRY(file_read(rq->arena, rq->uploads[i].path, TABLES_BYTES + 1, &text, why));
        name = rq->uploads[i].file_name;
    }
    enum outcome kept = keep_tables(rq, text, name, &number, &refused);
    if (kept == ERR_INVALID || kept == ERR_CONFLICT) {
        under_field(rq, &refused);
        refused.outcome = kept;
        return show_rules(rq, &refused, why);
    }
    if (kept != OK) return fail_with(why, kept, refused.sentence, refused.args);
    page_flash(rq, N_("Kept. Nothing is in force before you publish it."));
    reply_redirect(rq, str_format(rq->arena, "%.*s/%lld", STR_ARG(rules_address(rq)), (long long)number));
    return OK;
}

static enum outcome fill_change(struct request *rq, struct tx *tx, const struct rule_version *v,
                                struct rules_version_page *page, struct fail *why)
{
    struct rule_version now;
    struct rule_difference *list;
    struct rule_effect *effects;
    TRY(in_force_today(rq, tx, &now, why));
    rules_difference(rq->arena, now.text, v->text, &list, &page->changes_count);
    page->changes = ARENA_ARRAY(rq->arena, struct change_row, page->changes_count + 1);
    for (size_t i = 0; i < page->changes_count; i++)
        page->changes[i] =
            (struct change_row){change_titles[list[i].change], list[i].decision,
                                list[i].rule > 0 ? str_format(rq->arena, "%lld", (long long)list[i].rule) : STR_NONE,
                                list[i].before, list[i].after};
    TRY(effect_of(rq, tx, v, &effects, &page->effects_count, why));
    page->effects = ARENA_ARRAY(rq->arena, struct effect_row, page->effects_count + 1);
    for (size_t i = 0; i < page->effects_count; i++)
        page->effects[i] = (struct effect_row){
            .sample = effects[i].sample,
            .href = effects[i].is_dossier ? str_format(rq->arena, "/ho-so/%.*s", STR_ARG(effects[i].sample)) : STR_NONE,
            .before = effects[i].before,
            .after = effects[i].after,
            .is_changed = effects[i].is_changed};
    return OK;
}

static enum outcome show_version(struct request *rq, const struct fail *refused, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rule_version v;
    struct rules_version_page page = {.code = request_param(rq, "code"), .frame = {.is_wide = true}};
    struct form form = {.rq = rq, .why = refused};
    form_text(&form, "number", N_("Number of the decision"), N_("For example 6225/QĐ-BQP"), STR_NONE)->width =
        STR("20");
    form_date(&form, "date", N_("Date of the decision"), NULL, STR_NONE);
    form_text(&form, "authority", N_("Who decided"), NULL, STR_NONE);
    form_date(&form, "from", N_("First day"), N_("Today or later."), STR_NONE);
    form_area(&form, "note", N_("Note"), NULL, STR_NONE)->is_optional = true;
    FORM_INTO(&form, page.fields);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(version_asked(rq, tx, &v, why));
    page.number = v.number;
    page.address = str_format(rq->arena, "%.*s/%lld", STR_ARG(rules_address(rq)), (long long)v.number);
    TRY(fill_change(rq, tx, &v, &page, why));
    if (refused != NULL) page_problems(rq, &page.frame, refused);
    page.frame.back_href = rules_address(rq);
    page.frame.title = fail_fill(rq->arena, translate(rq->language, N_("Version {0} of the rules")),
                                 (const struct str[FAIL_ARGS]){str_format(rq->arena, "%lld", (long long)v.number)});
    page_reply(rq, refused != NULL ? outcome_status(refused->outcome) : 200, "admin/rules_version", &page);
    return OK;
}

static enum outcome get_version(struct request *rq, struct fail *why)
{
    return show_version(rq, NULL, why);
}

static enum outcome post_version(struct request *rq, struct fail *why)
{
    struct fail refused;
    int number;
    fail_init(&refused, rq->arena);
    if (!parse_int(request_param(rq, "version"), 1, 1000000, &number)) number = 0;
    struct decision_input in = {request_form(rq, "number"), day_typed(rq->arena, request_form(rq, "date")),
                                request_form(rq, "authority"), day_typed(rq->arena, request_form(rq, "from")),
                                request_form(rq, "note")};
    enum outcome done = publish_tables(rq, number, &in, &refused);
    if (done == ERR_INVALID) return show_version(rq, &refused, why);
    if (done != OK) return fail_with(why, done, refused.sentence, refused.args);
    page_flash(rq, N_("Recorded."));
    reply_redirect(rq, rules_address(rq));
    return OK;
}

static enum outcome get_file(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rule_version v;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(version_asked(rq, tx, &v, why));
    struct str name = str_format(rq->arena, "attachment; filename=\"rules-%.*s-%lld.dmn\"", STR_ARG(v.procedure),
                                 (long long)v.number);
    reply_header(rq, "Content-Disposition", name);
    buf_add(reply_begin(rq, 200, "application/xml"), v.text);
    return OK;
}

/* clang-format off */
/* In order of use. */
const struct route rules_routes[] = {
    {GET,  "/quan-tri/thu-tuc/{code}/quy-tac",                     PERMIT_CATALOGUE_MANAGE, get_rules,          N_("Rules of the procedure")},
    {POST, "/quan-tri/thu-tuc/{code}/quy-tac",                     PERMIT_CATALOGUE_MANAGE, post_rules,         N_("Keep a version of the rules"),
     .body_bytes = FILE_BODY_BYTES, .takes_files = true},
    {GET,  "/quan-tri/thu-tuc/{code}/quy-tac/{version}",           PERMIT_CATALOGUE_MANAGE, get_version,        N_("What a version of the rules changes")},
    {POST, "/quan-tri/thu-tuc/{code}/quy-tac/{version}",           PERMIT_CATALOGUE_MANAGE, post_version,       N_("Publish a version of the rules")},
    {GET,  "/quan-tri/thu-tuc/{code}/quy-tac/{version}/tep",       PERMIT_CATALOGUE_MANAGE, get_file,           N_("File of the rules")},
    {GET,  "/api/v1/procedures/{code}/rules",                      PERMIT_PUBLIC,           get_rules_api,      N_("Versions of the rules")},
    {POST, "/api/v1/procedures/{code}/rules",                      PERMIT_CATALOGUE_MANAGE, post_rules_api,     N_("Keep a version of the rules"),
     .body_bytes = 2 * TABLES_BYTES},
    {GET,  "/api/v1/procedures/{code}/rules/{version}/difference", PERMIT_CATALOGUE_MANAGE, get_difference_api, N_("Rules that differ from those in force")},
    {GET,  "/api/v1/procedures/{code}/rules/{version}/effect",     PERMIT_CATALOGUE_MANAGE, get_effect_api,     N_("What the rules would change for samples")},
    {POST, "/api/v1/procedures/{code}/rules/{version}/publish",    PERMIT_CATALOGUE_MANAGE, post_publish_api,   N_("Publish a version of the rules")},
};
const size_t rules_route_count = LENGTH(rules_routes);

const struct page_template rules_templates[] = {
    {"admin/rules",         rules_page_fields        },
    {"admin/rules_version", rules_version_page_fields},
};
const size_t rules_template_count = LENGTH(rules_templates);
/* clang-format on */
