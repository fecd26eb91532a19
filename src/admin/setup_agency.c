/* The set-up's first two steps: whose office this is, and its units. */
#include "admin/setup_pages.h"
#include "agency/competence_move.h"
#include "agency/identifier.h"
#include "base/list.h"
#include "base/text.h"

enum { FOUND_MOST = 20, UNITS_MOST = 40 };

/* ---- which agency ---- */

static struct str place_of(struct request *rq, const struct agency *a)
{
    struct str text = str_format(rq->arena, "%.*s · %.*s", STR_ARG(a->parent_name), STR_ARG(a->identifier));
    if (!a->is_provisional) return text;
    return str_format(rq->arena, "%.*s (%.*s)", STR_ARG(text), STR_ARG(translate(rq->language, N_("provisional"))));
}

/* What is in the list already, by words; the office that is set up now stands first. */
static enum outcome add_found(struct request *rq, struct form *form, struct str words, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency *list;
    size_t count;
    struct agency_filter filter = {.words = words, .day = day_of(clock_now()), .most = FOUND_MOST};
    if (words.len == 0) return OK;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(agency_list(tx, &filter, &list, &count, why));
    struct form_field *field =
        form_radios(form, "agency", N_("Which one is it?"), NULL, count == 1 ? list[0].identifier : STR_NONE);
    for (size_t i = 0; i < count; i++)
        form_choice(form, field, list[i].identifier, list[i].name)->hint = place_of(rq, &list[i]);
    form_choice(form, field, STR("new"), form_say(form, N_("None of these: it is written below")));
    return OK;
}

static void add_new(struct form *form)
{
    form_heading(form, N_("When it is not in the list"));
    form_text(form, "name", N_("Name of the agency"), NULL, STR_NONE)->is_optional = true;
    struct form_field *f = form_text(form, "identifier", N_("E-identifier"),
                                     N_("Such as H36.25159. When it is not known yet, leave it empty."), STR_NONE);
    f->width = STR("20");
    f->is_optional = true;
    f = form_select(form, "class", N_("Class of agencies"), N_("Procedures are entrusted to whole classes."),
                    STR("commune_committee"));
    for (size_t i = 0; i < agency_classes_count; i++)
        form_choice(form, f, agency_classes[i].name, form_say(form, agency_classes[i].title));
}

static enum outcome show_agency(struct request *rq, const struct fail *refusal, struct fail *why)
{
    struct setup_page page = setup_page_of(rq, SETUP_AGENCY);
    struct form form = {.rq = rq, .why = refusal};
    struct str words = request_query(rq, "q");
    if (words.len == 0) words = request_form(rq, "q");
    page.lead = translate(rq->language, N_("All communes and provinces of the country are in the program already. Look "
                                           "for yours by its name; accents need not be typed."));
    page.has_search = true;
    page.search = words;
    page.search_label = translate(rq->language, N_("Name of the commune, ward or province"));
    form_hidden(&form, "q", words);
    TRY(add_found(rq, &form, words, why));
    add_new(&form);
    FORM_INTO(&form, page.fields);
    setup_button(rq, &page, N_("This is our agency"), "save");
    return setup_show(rq, SETUP_AGENCY, &page, refusal, why);
}

enum outcome setup_get_agency(struct request *rq, struct fail *why)
{
    return show_agency(rq, NULL, why);
}

/* One command: the agency when it is new, the administrator's post there, and the end of the agency that only stood in
 * for it until now. */
struct office_take {
    struct actor actor;
    struct agency_new new; /* identifier empty: `agency` is chosen from the list */
    int64_t agency, stand_in;
};
struct office_taken {
    int64_t agency, post;
};

static enum outcome end_stand_in(struct tx *tx, const struct office_take *in, int64_t agency, struct fail *why)
{
    struct post *posts;
    size_t count;
    day_t today = day_of(tx_now(tx));
    TRY(posts_of_agency(tx, in->stand_in, STR_NONE, today, &posts, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct post_end end = {in->actor, posts[i].id, today - 1};
        TRY(post_end(tx, &end, NULL, why));
    }
    struct agency_merge merge = {in->actor, &in->stand_in, 1, agency, today, STR("Thiết lập ban đầu")};
    return agency_merge(tx, &merge, NULL, why);
}

static enum outcome office_take(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct office_take *in = input;
    struct office_taken *out = output;
    int64_t agency = in->agency;
    if (in->new.identifier.len > 0) TRY(agency_add(tx, &in->new, &agency, why));
    struct post_new post = {.actor = in->actor,
                            .account = in->actor.account,
                            .agency = agency,
                            .role = STR("admin"),
                            .valid_from = day_of(tx_now(tx)),
                            .valid_to = DAY_OPEN};
    int64_t id;
    TRY(post_add(tx, &post, &id, why));
    if (in->stand_in != 0) TRY(end_stand_in(tx, in, agency, why));
    *out = (struct office_taken){agency, id};
    return OK;
}

/* Z01, Z02 ...: nobody's real identifier begins so. */
static enum outcome free_identifier(struct request *rq, struct tx *tx, struct str *out, struct fail *why)
{
    for (int n = 2; n < 100; n++) {
        struct fail missing;
        struct agency known;
        fail_init(&missing, rq->arena);
        *out = str_format(rq->arena, "Z%02d", n);
        if (agency_find(tx, *out, &known, &missing) == ERR_MISSING) return OK;
    }
    return fail(why, ERR_CONFLICT, N_("Write the e-identifier of the agency."));
}

static enum outcome read_new(struct request *rq, struct tx *tx, struct office_take *out, struct fail *why)
{
    struct str name = text_one_line(rq->arena, request_form(rq, "name")),
               identifier = str_trim(request_form(rq, "identifier"));
    if (name.len == 0) fail_problem(why, STR("#/name"), "required", N_("Choose an agency, or name it."));
    if (text_length(name) > AGENCY_NAME_MOST)
        fail_problem(why, STR("#/name"), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%d", AGENCY_NAME_MOST));
    TRY(fail_if_problems(why));
    out->new = (struct agency_new){.actor = people_actor(rq),
                                   .is_provisional = identifier.len == 0,
                                   .name = name,
                                   .class = request_form(rq, "class"),
                                   .valid_from = day_of(clock_now())};
    if (identifier.len == 0) return free_identifier(rq, tx, &out->new.identifier, why);
    return identifier_parse(rq->arena, identifier, &out->new.identifier, why);
}

/* The agency of init stands in for the real one until this step: Z01, which nobody else has. */
static enum outcome read_take(struct request *rq, struct office_take *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency chosen, now;
    struct str typed = request_form(rq, "agency");
    *out = (struct office_take){.actor = people_actor(rq)};
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    if (typed.len == 0 || str_eq(typed, STR("new"))) {
        TRY(read_new(rq, tx, out, why));
    } else {
        TRY(agency_find(tx, typed, &chosen, why));
        out->agency = chosen.id;
        if (!agency_is_in_force(&chosen, day_of(tx_now(tx))))
            return fail(why, ERR_CONFLICT, N_("{0} is not in force today."), chosen.name);
    }
    struct office office = office_of(rq->app);
    if (office.agency == 0 || office.agency == out->agency) return OK;
    TRY(agency_load(tx, office.agency, &now, why));
    if (str_starts(now.identifier, STR("Z0")) && now.successor == 0) out->stand_in = now.id;
    return OK;
}

/* The whole step: the office may be the chosen one already, then only the session and the settings follow. */
static enum outcome take(struct request *rq, struct agency *out, struct fail *why)
{
    struct office_take in;
    struct office_taken taken;
    TRY(read_take(rq, &in, why));
    if (in.agency == 0 || in.agency != office_of(rq->app).agency || rq->visitor.agency != in.agency)
        TRY(store_run(app_store(rq->app), office_take, &in, &taken, why));
    else
        taken = (struct office_taken){in.agency, 0};
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(agency_load(tx, taken.agency, out, why));
    }
    if (taken.post != 0 && rq->visitor.session_key.len > 0)
        TRY(people_use_post(app_people(rq->app), rq->visitor.session_key, rq->visitor.account, taken.post, why));
    return office_set(rq->app, out->identifier, why);
}

enum outcome setup_post_agency(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct agency agency;
    fail_init(&refusal, rq->arena);
    enum outcome done = take(rq, &agency, &refusal);
    if (setup_is_mistake(done)) {
        if (refusal.problem_count == 0)
            fail_problem_with(&refusal, STR("#/identifier"), "refused", refusal.sentence, refusal.args);
        return show_agency(rq, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    struct str note = str_format(rq->arena, "%.*s (%.*s)", STR_ARG(agency.name), STR_ARG(agency.identifier));
    return setup_done(rq, SETUP_AGENCY, note, N_("The agency is chosen; the pages bear its name."), why);
}

/* ---- its units ---- */

/* What a commune's People's Committee has by the organisation of 2025 (Decree 150/2025/NĐ-CP of 2025-06-12, in force
 * 2025-07-01): offered, to be changed by whoever knows better. */
static const char commune_units[] = "Văn phòng Hội đồng nhân dân và Uỷ ban nhân dân\n"
                                    "Phòng Kinh tế\n"
                                    "Phòng Văn hoá – Xã hội\n"
                                    "Trung tâm Phục vụ hành chính công\n";

static enum outcome units_of_office(struct request *rq, struct tx *tx, struct agency **out, size_t *out_count,
                                    struct fail *why)
{
    struct agency_filter filter = {
        .parent = office_of(rq->app).agency, .day = day_of(clock_now()), .most = UNITS_MOST + 1};
    *out_count = 0;
    return filter.parent == 0 ? OK : agency_list(tx, &filter, out, out_count, why);
}

static enum outcome show_units(struct request *rq, const struct fail *refusal, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct setup_page page = setup_page_of(rq, SETUP_UNITS);
    struct form form = {.rq = rq, .why = refusal};
    struct agency *units, office = {0};
    size_t count;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(units_of_office(rq, tx, &units, &count, why));
    if (office_of(rq->app).agency != 0) TRY(agency_load(tx, office_of(rq->app).agency, &office, why));
    page.lead =
        translate(rq->language, N_("Divisions and centres of the agency, one a line. Whoever works on a dossier "
                                   "can ask them for an opinion. What is here already stays."));
    page.rows = ARENA_ARRAY(rq->arena, struct setup_row, count + 1);
    page.rows_count = count;
    page.rows_title = translate(rq->language, N_("Units that are here already"));
    for (size_t i = 0; i < count; i++)
        page.rows[i] =
            (struct setup_row){.number = (int64_t)i + 1, .name = units[i].name, .detail = units[i].identifier};
    bool is_commune = str_eq(office.class, STR("commune_committee"));
    form_area(&form, "units", N_("Units"), N_("One a line. Delete what your agency does not have."),
              is_commune && count == 0 ? str_of(commune_units, sizeof commune_units - 1) : STR_NONE)
        ->rows = 7;
    FORM_INTO(&form, page.fields);
    setup_button(rq, &page, N_("Add these units"), "save");
    return setup_show(rq, SETUP_UNITS, &page, refusal, why);
}

enum outcome setup_get_units(struct request *rq, struct fail *why)
{
    return show_units(rq, NULL, why);
}

struct units_add {
    struct actor actor;
    const struct agency *office;
    const struct str *names;
    size_t count;
};

static const char *class_of_unit(const struct agency *office, struct str name)
{
    bool is_commune = str_starts(office->class, STR("commune_"));
    if (!is_commune) return str_starts(office->class, STR("province_")) ? "province_department" : "ministry_unit";
    return str_starts(name, STR("Trung tâm")) ? "commune_service_centre" : "commune_division";
}

static enum outcome units_add(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct units_add *in = input;
    for (size_t i = 0; i < in->count; i++) {
        struct agency_new unit = {.actor = in->actor,
                                  .is_provisional = true,
                                  .name = in->names[i],
                                  .class = str_from(class_of_unit(in->office, in->names[i])),
                                  .territory = in->office->territory,
                                  .parent = in->office->id,
                                  .valid_from = day_of(tx_now(tx))};
        TRY(agency_add(tx, &unit, NULL, why));
    }
    return OK;
}

/* Lines that name nothing known yet. */
static enum outcome read_units(struct request *rq, struct str **out, size_t *out_count, struct agency *out_office,
                               size_t *out_known, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency *units;
    LIST(struct str) names = {0};
    struct str rest = str_replace(rq->arena, request_form(rq, "units"), STR("\r\n"), STR("\n")), line;
    if (office_of(rq->app).agency == 0) return fail(why, ERR_CONFLICT, N_("Choose the agency first."));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(agency_load(tx, office_of(rq->app).agency, out_office, why));
    TRY(units_of_office(rq, tx, &units, out_known, why));
    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest); /* the last line has no end */
        struct str name = text_one_line(rq->arena, line);
        bool is_known = name.len == 0;
        for (size_t i = 0; i < *out_known && !is_known; i++) is_known = str_eq(units[i].name, name);
        for (size_t i = 0; i < names.count && !is_known; i++) is_known = str_eq(names.at[i], name);
        if (text_length(name) > AGENCY_NAME_MOST)
            fail_problem(why, STR("#/units"), "too-long", N_("The name of a unit has at most {0} characters."),
                         str_format(why->arena, "%d", AGENCY_NAME_MOST));
        if (!is_known) LIST_PUSH(rq->arena, names) = name;
    }
    if (names.count + *out_known > UNITS_MOST)
        fail_problem(why, STR("#/units"), "too-many", N_("An agency has at most {0} units here."),
                     str_format(why->arena, "%d", UNITS_MOST));
    *out = names.at;
    *out_count = names.count;
    return fail_if_problems(why);
}

enum outcome setup_post_units(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct agency office = {0};
    struct str *names = NULL;
    size_t count = 0, known = 0;
    fail_init(&refusal, rq->arena);
    enum outcome done = read_units(rq, &names, &count, &office, &known, &refusal);
    if (done == OK && count > 0) {
        struct units_add in = {people_actor(rq), &office, names, count};
        done = store_run(app_store(rq->app), units_add, &in, NULL, &refusal);
    }
    if (setup_is_mistake(done)) {
        if (refusal.problem_count == 0)
            fail_problem_with(&refusal, STR("#/units"), "refused", refusal.sentence, refusal.args);
        return show_units(rq, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    struct str note = str_format(rq->arena, "%zu", count + known);
    return setup_done(rq, SETUP_UNITS, note, N_("The units are there."), why);
}
