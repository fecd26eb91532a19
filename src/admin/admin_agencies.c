/*
 * GET  /quan-tri/co-quan?q=           agencies by words; without words the office and those directly below it
 * GET  /quan-tri/co-quan/{identifier} one of them: what is known, its units, who works there
 * POST /quan-tri/co-quan/{identifier} act: rename, unit, end, reopen, successor
 */
#include "admin/admin_pages.h"
#include "agency/competence_move.h"
#include "agency/role.h"
#include "app/app.h"
#include "app/office.h"
#include "base/text.h"
#include "html/component.h"

enum { FOUND_MOST = 50, UNITS_MOST = 200, OFFICERS_MOST = 200, FACTS_MOST = 8 };

struct agency_line {
    struct str name, identifier, parent, ends;
};
struct officer_line {
    struct str name, login, role;
};
struct agencies_page {
    struct frame frame;
    struct str q;
    struct agency_line *rows;
    size_t rows_count;
    bool has_more;
};
struct agency_page {
    struct frame frame;
    struct str address, name, identifier;
    struct summary_row *facts;
    size_t facts_count;
    struct agency_line *units;
    size_t units_count;
    struct officer_line *officers;
    size_t officers_count;
    struct form_field *name_fields, *unit_fields, *end_fields, *successor_fields;
    size_t name_fields_count, unit_fields_count, end_fields_count, successor_fields_count;
    bool is_ended, has_successor, has_more_units, has_more_officers;
    bool is_renaming, is_adding, is_ending, is_succeeding; /* what was sent and refused: it stays open */
};

/* clang-format off */
static const struct field agency_line_fields[] = {
    FIELD_STR(struct agency_line, name),
    FIELD_STR(struct agency_line, identifier),
    FIELD_STR(struct agency_line, parent),
    FIELD_STR(struct agency_line, ends),
    FIELD_END,
};
static const struct field officer_line_fields[] = {
    FIELD_STR(struct officer_line, name),
    FIELD_STR(struct officer_line, login),
    FIELD_STR(struct officer_line, role),
    FIELD_END,
};
const struct field admin_agencies_fields[] = {
    FRAME_FIELDS(struct agencies_page),
    FIELD_STR(struct agencies_page, q),
    FIELD_LIST(struct agencies_page, rows, struct agency_line, agency_line_fields),
    FIELD_BOOL(struct agencies_page, has_more),
    FIELD_END,
};
const struct field admin_agency_fields[] = {
    FRAME_FIELDS(struct agency_page),
    FIELD_STR(struct agency_page, address),
    FIELD_STR(struct agency_page, name),
    FIELD_STR(struct agency_page, identifier),
    FIELD_LIST(struct agency_page, facts, struct summary_row, summary_row_fields),
    FIELD_LIST(struct agency_page, units, struct agency_line, agency_line_fields),
    FIELD_LIST(struct agency_page, officers, struct officer_line, officer_line_fields),
    FORM_FIELDS(struct agency_page, name_fields),
    FORM_FIELDS(struct agency_page, unit_fields),
    FORM_FIELDS(struct agency_page, end_fields),
    FORM_FIELDS(struct agency_page, successor_fields),
    FIELD_BOOL(struct agency_page, is_ended),
    FIELD_BOOL(struct agency_page, has_successor),
    FIELD_BOOL(struct agency_page, has_more_units),
    FIELD_BOOL(struct agency_page, has_more_officers),
    FIELD_BOOL(struct agency_page, is_renaming),
    FIELD_BOOL(struct agency_page, is_adding),
    FIELD_BOOL(struct agency_page, is_ending),
    FIELD_BOOL(struct agency_page, is_succeeding),
    FIELD_END,
};
/* clang-format on */

/* ---- the list ---- */

static void fill_lines(struct request *rq, const struct agency *list, size_t count, struct agency_line **out,
                       size_t *out_count)
{
    *out = ARENA_ARRAY(rq->arena, struct agency_line, count + 1);
    *out_count = count;
    for (size_t i = 0; i < count; i++)
        (*out)[i] =
            (struct agency_line){list[i].name, list[i].identifier, list[i].parent_name,
                                 list[i].valid_to == DAY_OPEN ? STR_NONE : day_for_people(rq->arena, list[i].valid_to)};
}

enum outcome admin_agencies(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agencies_page page = {.frame.is_wide = true, .q = request_query(rq, "q")};
    struct agency *list, *all;
    size_t count;
    struct office office = office_of(rq->app);
    struct agency_filter filter = {.words = page.q, .day = day_of(clock_now()), .most = FOUND_MOST + 1};
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    if (page.q.len == 0) filter.parent = office.agency;
    TRY(agency_list(tx, &filter, &list, &count, why));
    page.has_more = count > FOUND_MOST;
    if (page.has_more) count = FOUND_MOST;
    all = ARENA_ARRAY(rq->arena, struct agency, count + 1);
    size_t first = 0;
    if (page.q.len == 0 && office.agency != 0) TRY(agency_load(tx, office.agency, &all[first++], why));
    for (size_t i = 0; i < count; i++) all[first + i] = list[i];
    fill_lines(rq, all, first + count, &page.rows, &page.rows_count);
    page.frame.back_href = STR("/quan-tri");
    page_reply(rq, 200, "admin/agencies", &page);
    return OK;
}

/* ---- one ---- */

static void add_fact(struct agency_page *page, struct request *rq, const char *key, struct str value)
{
    if (value.len == 0) return;
    page->facts[page->facts_count++] = (struct summary_row){.key = translate(rq->language, key), .value = value};
}

static struct str address_of(struct arena *a, struct str identifier)
{
    return str_format(a, "/quan-tri/co-quan/%.*s", STR_ARG(identifier));
}

static enum outcome fill_facts(struct request *rq, struct tx *tx, const struct agency *agency, struct agency_page *page,
                               struct fail *why)
{
    const struct agency_class *class = agency_class_find(agency->class);
    struct agency successor = {0};
    page->facts = ARENA_ARRAY(rq->arena, struct summary_row, FACTS_MOST);
    add_fact(page, rq, N_("E-identifier"), agency->identifier);
    if (class != NULL) add_fact(page, rq, N_("Class of agencies"), translate(rq->language, class->title));
    add_fact(page, rq, N_("Agency above it"), agency->parent_name);
    if (agency->parent_identifier.len > 0 && page->facts_count > 0)
        page->facts[page->facts_count - 1].href = address_of(rq->arena, agency->parent_identifier);
    add_fact(page, rq, N_("Telephone"), agency->phone);
    add_fact(page, rq, N_("Hotline"), agency->hotline);
    if (agency->valid_to != DAY_OPEN) add_fact(page, rq, N_("Last day"), day_for_people(rq->arena, agency->valid_to));
    if (agency->successor == 0) return OK;
    TRY(agency_load(tx, agency->successor, &successor, why));
    add_fact(page, rq, N_("Its work goes on at"), successor.name);
    page->facts[page->facts_count - 1].href = address_of(rq->arena, successor.identifier);
    return OK;
}

static enum outcome fill_officers(struct request *rq, struct tx *tx, const struct agency *agency,
                                  struct agency_page *page, struct fail *why)
{
    struct post *posts;
    size_t count;
    TRY(posts_of_agency(tx, agency->id, STR_NONE, day_of(tx_now(tx)), &posts, &count, why));
    page->officers = ARENA_ARRAY(rq->arena, struct officer_line, count + 1);
    page->has_more_officers = count > OFFICERS_MOST;
    for (size_t i = 0; i < count && i < OFFICERS_MOST; i++) {
        const struct role *role = role_find(posts[i].role);
        page->officers[page->officers_count++] = (struct officer_line){
            posts[i].name, posts[i].login, role != NULL ? translate(rq->language, role->title) : posts[i].role};
    }
    return OK;
}

static void fill_forms(struct request *rq, const struct agency *agency, struct agency_page *page,
                       const struct fail *refusal)
{
    struct form name = {.rq = rq, .why = refusal}, unit = name, end = name, successor = name;
    form_text(&name, "name", N_("Name of the agency"), NULL, agency->name);
    form_text(&name, "phone", N_("Telephone"), NULL, agency->phone)->is_optional = true;
    form_text(&name, "hotline", N_("Hotline"), NULL, agency->hotline)->is_optional = true;
    FORM_INTO(&name, page->name_fields);
    form_text(&unit, "unit", N_("Name of the unit"), NULL, STR_NONE);
    struct form_field *f = form_select(&unit, "class", N_("Class of agencies"), NULL, STR("commune_division"));
    for (size_t i = 0; i < agency_classes_count; i++)
        form_choice(&unit, f, agency_classes[i].name, form_say(&unit, agency_classes[i].title));
    FORM_INTO(&unit, page->unit_fields);
    form_date(&end, "last_day", N_("Last day"), NULL, STR_NONE);
    FORM_INTO(&end, page->end_fields);
    form_text(&successor, "successor", N_("E-identifier of the successor"), NULL, STR_NONE)->width = STR("20");
    form_date(&successor, "on", N_("First day of the successor alone"), NULL, STR_NONE);
    form_text(&successor, "decree", N_("Number of the decree that says so"), NULL, STR_NONE);
    FORM_INTO(&successor, page->successor_fields);
}

static enum outcome show_one(struct request *rq, const struct fail *refusal, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency, *units;
    size_t count;
    struct str sent = refusal != NULL ? request_form(rq, "act") : STR_NONE;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(agency_find(tx, request_param(rq, "identifier"), &agency, why));
    struct agency_filter filter = {.parent = agency.id, .day = day_of(tx_now(tx)), .most = UNITS_MOST + 1};
    struct agency_page page = {.address = address_of(rq->arena, agency.identifier),
                               .name = agency.name,
                               .identifier = agency.identifier,
                               .is_ended = agency.valid_to != DAY_OPEN,
                               .has_successor = agency.successor != 0,
                               .is_renaming = str_eq(sent, STR("rename")),
                               .is_adding = str_eq(sent, STR("unit")),
                               .is_ending = str_eq(sent, STR("end")),
                               .is_succeeding = str_eq(sent, STR("successor"))};
    page.frame.title = agency.name;
    page.frame.back_href = STR("/quan-tri/co-quan");
    TRY(agency_list(tx, &filter, &units, &count, why));
    page.has_more_units = count > UNITS_MOST;
    fill_lines(rq, units, page.has_more_units ? UNITS_MOST : count, &page.units, &page.units_count);
    TRY(fill_facts(rq, tx, &agency, &page, why));
    TRY(fill_officers(rq, tx, &agency, &page, why));
    fill_forms(rq, &agency, &page, refusal);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "admin/agency", &page);
    return OK;
}

enum outcome admin_agency(struct request *rq, struct fail *why)
{
    return show_one(rq, NULL, why);
}

/* ---- changes ---- */

static enum outcome rename_it(struct request *rq, const struct agency *agency, struct fail *why)
{
    struct agency_change in = {people_actor(rq), agency->id, text_one_line(rq->arena, request_form(rq, "name")),
                               text_one_line(rq->arena, request_form(rq, "phone")),
                               text_one_line(rq->arena, request_form(rq, "hotline"))};
    TRY(store_run(app_store(rq->app), agency_rename, &in, NULL, why));
    bool is_office = agency->id == office_of(rq->app).agency;
    return is_office ? office_set(rq->app, agency->identifier, why) : OK;
}

/* With a provisional number until the real identifier is known. */
static enum outcome add_unit(struct request *rq, const struct agency *agency, struct fail *why)
{
    struct agency_new in = {.actor = people_actor(rq),
                            .is_provisional = true,
                            .name = text_one_line(rq->arena, request_form(rq, "unit")),
                            .class = request_form(rq, "class"),
                            .territory = agency->territory,
                            .parent = agency->id,
                            .valid_from = day_of(clock_now())};
    if (in.name.len == 0) fail_problem(why, STR("#/unit"), "required", N_("Name the unit."));
    if (text_length(in.name) > AGENCY_NAME_MOST)
        fail_problem(why, STR("#/unit"), "too-long", N_("At most {0} characters."),
                     str_format(rq->arena, "%d", AGENCY_NAME_MOST));
    TRY(fail_if_problems(why));
    return store_run(app_store(rq->app), agency_add, &in, NULL, why);
}

static enum outcome read_day(struct request *rq, const char *name, day_t *out, struct fail *why)
{
    struct str pointer = str_format(rq->arena, "#/%s", name);
    (void)day_or_problem(day_typed(rq->arena, request_form(rq, name)), pointer, out, why); /* told in the next line */
    return fail_if_problems(why);
}

static enum outcome end_it(struct request *rq, const struct agency *agency, struct fail *why)
{
    struct agency_end in = {people_actor(rq), agency->id, DAY_OPEN};
    if (agency->id == office_of(rq->app).agency)
        return fail(why, ERR_CONFLICT, N_("This is the office's own agency: set up another one first."));
    if (str_eq(request_form(rq, "act"), STR("end"))) TRY(read_day(rq, "last_day", &in.last_day, why));
    return store_run(app_store(rq->app), agency_end, &in, NULL, why);
}

static enum outcome give_successor(struct request *rq, const struct agency *agency, struct fail *why)
{
    struct agency successor;
    struct agency_merge in = {.actor = people_actor(rq),
                              .old = &agency->id,
                              .old_count = 1,
                              .decree = text_one_line(rq->arena, request_form(rq, "decree"))};
    TRY(read_day(rq, "on", &in.on, why));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(agency_find(tx, str_trim(request_form(rq, "successor")), &successor, why));
    }
    in.successor = successor.id;
    return store_run(app_store(rq->app), agency_merge, &in, NULL, why);
}

static const struct {
    const char *act, *pointer;
    enum outcome (*run)(struct request *rq, const struct agency *agency, struct fail *why);
} acts[] = {
    {"rename",    "#/name",      rename_it     },
    {"unit",      "#/unit",      add_unit      },
    {"end",       "#/last_day",  end_it        },
    {"reopen",    "#/last_day",  end_it        },
    {"successor", "#/successor", give_successor},
};

enum outcome admin_agency_send(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct agency agency;
    size_t i = 0;
    while (i < LENGTH(acts) && !str_eq(request_form(rq, "act"), str_from(acts[i].act))) i++;
    if (i == LENGTH(acts)) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(agency_find(tx, request_param(rq, "identifier"), &agency, why));
    }
    fail_init(&refusal, rq->arena);
    enum outcome done = acts[i].run(rq, &agency, &refusal);
    if (done == ERR_INVALID || done == ERR_CONFLICT || done == ERR_MISSING) {
        if (refusal.problem_count == 0)
            fail_problem_with(&refusal, str_from(acts[i].pointer), "refused", refusal.sentence, refusal.args);
        return show_one(rq, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    reply_redirect(rq, address_of(rq->arena, agency.identifier));
    page_flash(rq, N_("The agency is changed."));
    return OK;
}
