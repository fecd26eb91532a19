/* The set-up's third step: when the office works. As the State does, or by shifts of its own laid over the State's. */
#include "admin/calendar_api.h"
#include "admin/setup_pages.h"
#include "agency/agency_calendar.h"

static const char standard_morning[] = "07:30-11:30", standard_afternoon[] = "13:00-17:00";

static enum outcome show(struct request *rq, const struct fail *refusal, struct fail *why)
{
    struct setup_page page = setup_page_of(rq, SETUP_HOURS);
    struct form form = {.rq = rq, .why = refusal};
    page.lead =
        translate(rq->language, N_("Deadlines are counted in these hours, Monday to Friday. The State's holidays "
                                   "and make-up days are known already. Half days and local days off are set "
                                   "later, under “Working calendars”."));
    form_text(&form, "morning", N_("Morning"), N_("Such as 07:30-11:30."), str_from(standard_morning))->width =
        STR("20");
    form_text(&form, "afternoon", N_("Afternoon"), N_("Such as 13:00-17:00."), str_from(standard_afternoon))->width =
        STR("20");
    struct form_field *f =
        form_text(&form, "saturday", N_("Counter open on Saturday"),
                  N_("Such as 08:00-11:00: dossiers are taken, deadlines do not run. Empty: closed."), STR_NONE);
    f->width = STR("20");
    f->is_optional = true;
    FORM_INTO(&form, page.fields);
    setup_button(rq, &page, N_("Save these hours"), "save");
    return setup_show(rq, SETUP_HOURS, &page, refusal, why);
}

enum outcome setup_get_hours(struct request *rq, struct fail *why)
{
    return show(rq, NULL, why);
}

/* "h36-25159": what a calendar may be called. */
static struct str calendar_name_of(struct arena *a, struct str identifier)
{
    return str_lower_ascii(a, str_replace(a, identifier, STR("."), STR("-")));
}

static void put_shifts(struct json_writer *w, const char *day, const struct str *shifts, size_t count)
{
    jw_key(w, day);
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++)
        if (shifts[i].len > 0) jw_str(w, shifts[i]);
    jw_close(w);
}

static struct str calendar_text(struct request *rq, const struct office *office, const struct str shifts[2],
                                struct str saturday)
{
    static const char *const days[] = {"monday", "tuesday", "wednesday", "thursday", "friday"};
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, CALENDAR_TEXT_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "name", calendar_name_of(rq->arena, office->identifier));
    jw_put_str(&w, "title", office->name);
    jw_put_str(&w, "base", STR(STANDARD_CALENDAR));
    jw_key(&w, "week");
    jw_open(&w, '{');
    for (size_t i = 0; i < LENGTH(days); i++) put_shifts(&w, days[i], shifts, 2);
    jw_close(&w);
    if (saturday.len > 0) {
        jw_key(&w, "counter");
        jw_open(&w, '{');
        put_shifts(&w, "saturday", &saturday, 1);
        jw_close(&w);
    }
    jw_close(&w);
    return str_dup(rq->arena, buf_str(&text));
}

/* Places of the calendar's text are no fields of this form. */
static void place_problems(struct fail *why)
{
    size_t kept = 0;
    for (size_t i = 0; i < why->problem_count; i++) {
        struct problem *p = &why->problems[i];
        p->pointer = str_has(p->pointer, STR("/counter")) ? STR("#/saturday") : STR("#/morning");
        bool is_told = false; /* the week's hours stand in the calendar once for each day */
        for (size_t n = 0; n < kept; n++) is_told |= str_eq(why->problems[n].pointer, p->pointer);
        if (!is_told) why->problems[kept++] = *p;
    }
    why->problem_count = kept;
}

static enum outcome save(struct request *rq, struct str *out_note, struct fail *why)
{
    struct office office = office_of(rq->app);
    struct str shifts[2] = {str_trim(request_form(rq, "morning")), str_trim(request_form(rq, "afternoon"))},
               saturday = str_trim(request_form(rq, "saturday"));
    if (office.agency == 0) return fail(why, ERR_CONFLICT, N_("Choose the agency first."));
    if (shifts[0].len == 0 && shifts[1].len == 0)
        fail_problem(why, STR("#/morning"), "required",
                     N_("An office works in the morning, in the afternoon or both."));
    TRY(fail_if_problems(why));
    bool is_standard = str_eq(shifts[0], str_from(standard_morning)) && str_eq(shifts[1], str_from(standard_afternoon));
    *out_note = str_format(rq->arena, "%.*s %.*s", STR_ARG(shifts[0]), STR_ARG(shifts[1]));
    int64_t batch;
    if (is_standard && saturday.len == 0)
        return calendar_give(rq, office.identifier, STR_NONE, STR_NONE, 0, &batch, why);
    struct calendar_plan plan;
    enum outcome published = calendar_plan_run(rq, calendar_text(rq, &office, shifts, saturday), false, &plan, why);
    if (published == ERR_INVALID) place_problems(why);
    TRY(published);
    return calendar_give(rq, office.identifier, calendar_name_of(rq->arena, office.identifier), STR_NONE, 0, &batch,
                         why);
}

enum outcome setup_post_hours(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct str note;
    fail_init(&refusal, rq->arena);
    enum outcome done = save(rq, &note, &refusal);
    if (setup_is_mistake(done)) {
        if (refusal.problem_count == 0)
            fail_problem_with(&refusal, STR("#/morning"), "refused", refusal.sentence, refusal.args);
        return show(rq, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    return setup_done(rq, SETUP_HOURS, note, N_("The hours are saved."), why);
}
