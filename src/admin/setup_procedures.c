/*
 * The set-up's last two steps: which procedures are open, by field, among those that come with the program; and a look
 * at what is there, with the way to try it. Opening means: the sheets are taken as any import takes them, and
 * competence is given to the office, or to its whole class.
 */
#include "admin/setup_pages.h"
#include "agency/competence.h"
#include "base/list.h"
#include "base/text.h"
#include "demo/demo.h"

static struct str number_text(struct arena *a, size_t n)
{
    return str_format(a, "%zu", n);
}

/* Which levels of sheets an agency of a class performs. */
static enum procedure_level level_of(struct str class)
{
    const struct agency_class *c = agency_class_find(class);
    if (c == NULL) return LEVEL_COMMUNE;
    return c->level == AGENCY_CENTRAL ? LEVEL_CENTRAL : c->level == AGENCY_PROVINCE ? LEVEL_PROVINCE : LEVEL_COMMUNE;
}

/* What there is to choose from: the procedures of the catalogue and those inside the program, of the office's level. */
struct offer {
    struct agency office;
    struct demo_sheet *sheets;
    size_t sheet_count;
};

static enum outcome load_offer(struct request *rq, struct offer *out, struct fail *why)
{
    struct office office = office_of(rq->app);
    if (office.agency == 0) return fail(why, ERR_CONFLICT, N_("Choose the agency first."));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(agency_load(tx, office.agency, &out->office, why));
    }
    return demo_sheets(rq->arena, level_of(out->office.class), &out->sheets, &out->sheet_count, why);
}

static void add_fields(struct form *form, const struct offer *o)
{
    struct arena *a = form->rq->arena;
    struct form_field *f =
        form_checks(form, "field", N_("Fields"), N_("What your agency does not handle is left out."));
    struct str *keys = ARENA_ARRAY(a, struct str, o->sheet_count + 1);
    for (size_t i = 0; i < o->sheet_count; i++) keys[i] = text_fold(a, o->sheets[i].field);
    for (size_t i = 0; i < o->sheet_count; i++) {
        size_t same = 0, first = i;
        for (size_t n = 0; n < o->sheet_count; n++) {
            if (!str_eq(keys[n], keys[i])) continue;
            if (same++ == 0) first = n;
        }
        if (first != i) continue;
        struct choice *c = form_choice(form, f, keys[i], o->sheets[i].field);
        c->is_data = true;
        c->hint = fail_fill(a, translate(form->rq->language, N_("{0} procedures")),
                            (const struct str[FAIL_ARGS]){number_text(a, same)});
        choice_choose(form, c, true);
    }
}

static enum outcome show(struct request *rq, const struct fail *refusal, struct fail *why)
{
    struct setup_page page = setup_page_of(rq, SETUP_PROCEDURES);
    struct form form = {.rq = rq, .why = refusal};
    struct offer offer = {0};
    struct fail none;
    fail_init(&none, rq->arena);
    enum outcome found = load_offer(rq, &offer, &none);
    if (found != OK && found != ERR_CONFLICT) return fail_with(why, found, none.sentence, none.args);
    page.lead = found == OK
                    ? fail_fill(rq->arena,
                                translate(rq->language, N_("{0} procedures of your agency's level come with the "
                                                           "program. Others are taken from files, under "
                                                           "“Catalogue”.")),
                                (const struct str[FAIL_ARGS]){number_text(rq->arena, offer.sheet_count)})
                    : translate(rq->language, N_("Choose the agency first."));
    if (offer.sheet_count > 0) {
        add_fields(&form, &offer);
        struct form_field *f = form_radios(&form, "who", N_("Who performs them?"), NULL, STR("agency"));
        form_choice(&form, f, STR("agency"), offer.office.name)->is_data = true;
        const struct agency_class *class = agency_class_find(offer.office.class);
        if (class != NULL)
            form_choice(&form, f, STR("class"),
                        fail_fill(rq->arena, translate(rq->language, N_("Every agency of the class “{0}”")),
                                  (const struct str[FAIL_ARGS]){translate(rq->language, class->title)}));
        setup_button(rq, &page, N_("Open these procedures"), "save");
    }
    FORM_INTO(&form, page.fields);
    return setup_show(rq, SETUP_PROCEDURES, &page, refusal, why);
}

enum outcome setup_get_procedures(struct request *rq, struct fail *why)
{
    return show(rq, NULL, why);
}

static bool is_ticked(const struct request *rq, struct str field)
{
    struct str key = text_fold(rq->arena, field);
    for (size_t i = 0; i < rq->form_count; i++)
        if (str_eq(rq->form[i].name, STR("field")) && str_eq(rq->form[i].value, key)) return true;
    return false;
}

static enum outcome entrust(struct request *rq, const struct offer *o, const struct str *codes, size_t count,
                            struct fail *why)
{
    bool is_class = str_eq(request_form(rq, "who"), STR("class")) && agency_class_find(o->office.class) != NULL;
    LIST(struct competence) rows = {0};
    for (size_t i = 0; i < count; i++)
        for (enum competence_role role = PERFORMING; role <= COMPETENT; role++)
            LIST_PUSH(rq->arena, rows) = (struct competence){.procedure_code = codes[i],
                                                             .role = role,
                                                             .class = is_class ? o->office.class : STR_NONE,
                                                             .agency = is_class ? 0 : o->office.id,
                                                             .valid_from = DAY_UNKNOWN,
                                                             .valid_to = DAY_OPEN,
                                                             .decree = str_from(COMPETENCE_FROM_SHEET)};
    struct competence_add in = {people_actor(rq), rows.at, rows.count};
    return store_run(app_store(rq->app), competence_add, &in, NULL, why);
}

static enum outcome open_chosen(struct request *rq, size_t *out_count, struct fail *why)
{
    struct offer offer;
    LIST(struct str) codes = {0};
    TRY(load_offer(rq, &offer, why));
    for (size_t i = 0; i < offer.sheet_count; i++)
        if (is_ticked(rq, offer.sheets[i].field)) LIST_PUSH(rq->arena, codes) = offer.sheets[i].code;
    if (codes.count == 0) fail_problem(why, STR("#/field"), "required", N_("Choose at least one field."));
    TRY(fail_if_problems(why));
    TRY(demo_take_sheets(rq->app, people_actor(rq), rq->id, codes.at, codes.count, why));
    *out_count = codes.count;
    return entrust(rq, &offer, codes.at, codes.count, why);
}

enum outcome setup_post_procedures(struct request *rq, struct fail *why)
{
    struct fail refusal;
    size_t count = 0;
    fail_init(&refusal, rq->arena);
    enum outcome done = open_chosen(rq, &count, &refusal);
    if (setup_is_mistake(done)) {
        if (refusal.problem_count == 0)
            fail_problem_with(&refusal, STR("#/field"), "refused", refusal.sentence, refusal.args);
        return show(rq, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    return setup_done(rq, SETUP_PROCEDURES, number_text(rq->arena, count), N_("The procedures are open."), why);
}

/* ---- the first test ---- */

struct readiness {
    const char *label; /* message */
    size_t count;
};

static enum outcome count_all(struct request *rq, struct tx *tx, struct readiness out[4], struct fail *why)
{
    struct office office = office_of(rq->app);
    struct str *codes;
    static const char *const roles[] = {"receiver", "specialist", "leader"};
    static const char *const labels[] = {N_("One-stop receivers"), N_("Specialists"), N_("Leaders")};
    struct post *posts;
    day_t today = day_of(clock_now());
    TRY(competence_procedures(tx, office.agency, today, &codes, &out[0].count, why));
    out[0].label = N_("Procedures that can be submitted");
    for (size_t i = 0; i < LENGTH(roles); i++) {
        out[i + 1].label = labels[i];
        TRY(posts_of_agency(tx, office.agency, str_from(roles[i]), today, &posts, &out[i + 1].count, why));
    }
    return OK;
}

enum outcome setup_get_test(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct setup_page page = setup_page_of(rq, SETUP_TEST);
    struct readiness counts[4] = {0};
    bool is_ready = true;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(count_all(rq, tx, counts, why));
    page.rows = ARENA_ARRAY(rq->arena, struct setup_row, LENGTH(counts));
    page.rows_count = LENGTH(counts);
    page.rows_title = translate(rq->language, N_("What a dossier needs on its way"));
    for (size_t i = 0; i < LENGTH(counts); i++) {
        bool is_there = counts[i].count > 0;
        is_ready = is_ready && is_there;
        page.rows[i] = (struct setup_row){.number = (int64_t)i + 1,
                                          .name = translate(rq->language, counts[i].label),
                                          .detail = number_text(rq->arena, counts[i].count),
                                          .tag = is_there ? tag_of(TAG_DONE, translate(rq->language, N_("There")))
                                                          : tag_of(TAG_LATE, translate(rq->language, N_("Missing")))};
    }
    page.site = setup_sign_in_address(rq);
    page.lead =
        translate(rq->language,
                  is_ready ? N_("Everything is there. Let a receiver sign in at the address below, file a dossier at "
                                "the counter for a colleague, and follow it to its result; then stop it as a trial.")
                           : N_("Something is missing: go back to its step, or go on and add it later."));
    setup_button(rq, &page, N_("The test was made: the office is set up"), "save");
    return setup_show(rq, SETUP_TEST, &page, NULL, why);
}

enum outcome setup_post_test(struct request *rq, struct fail *why)
{
    TRY(setup_remember(rq, SETUP_TEST, SETUP_DONE, STR_NONE, why));
    reply_redirect(rq, STR("/quan-tri"));
    page_flash(rq, N_("The office is set up. Good work!"));
    return OK;
}
