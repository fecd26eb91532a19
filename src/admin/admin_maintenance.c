/* /quan-tri/bao-tri: maintenance is announced, changed and taken back. */
#include "admin/admin_pages.h"
#include "app/app.h"
#include "app/maintenance.h"
#include "base/parse.h"
#include "base/text.h"
#include "html/component.h"

struct maintenance_page {
    struct frame frame;
    struct str sentence; /* what is announced now */
    struct form_field *fields;
    size_t fields_count;
};

const struct field admin_maintenance_fields[] = {
    FRAME_FIELDS(struct maintenance_page),
    FIELD_STR(struct maintenance_page, sentence),
    FORM_FIELDS(struct maintenance_page, fields),
    FIELD_END,
};

static struct str clock_text(struct arena *a, instant_t at)
{
    int64_t minutes = us_of_day(at) / US_PER_MINUTE;
    return str_format(a, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

static void add_moment(struct form *form, const char *const names[2], const char *const labels[2], instant_t at)
{
    struct arena *a = form->rq->arena;
    form_date(form, names[0], labels[0], NULL, day_format(a, day_of(at)));
    form_text(form, names[1], labels[1], N_("Such as 17:30."), clock_text(a, at))->width = STR("5");
}

static const char *const begin_names[] = {"begins_on", "begins_at"}, *const end_names[] = {"ends_on", "ends_at"};
static const char *const begin_labels[] = {N_("Begins on"), N_("at")}, *const end_labels[] = {N_("Ends on"), N_("at")};

static void show(struct request *rq, const struct fail *refusal)
{
    struct maintenance m = maintenance_now(rq->app, rq->arena);
    struct form form = {.rq = rq, .why = refusal};
    struct maintenance_page page = {.sentence = maintenance_sentence(rq->app, rq->arena, rq->language)};
    instant_t now = clock_now();
    bool is_announced = m.ends_at != INSTANT_NONE;
    page.frame.back_href = STR("/quan-tri");
    add_moment(&form, begin_names, begin_labels, is_announced ? m.begins_at : now);
    add_moment(&form, end_names, end_labels, is_announced ? m.ends_at : now + US_PER_HOUR);
    struct form_field *f = form_area(&form, "words", N_("Why, for people"),
                                     N_("One or two sentences on every page, beside the time of its end."), m.words);
    f->rows = 3;
    f->is_optional = true;
    form_tick(&form, "closes",
              N_("Take no changes meanwhile: reading goes on, sending is answered with the time of the end"),
              m.closes_writing);
    FORM_INTO(&form, page.fields);
    if (refusal != NULL) page_problems(rq, &page.frame, refusal);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "admin/maintenance", &page);
}

enum outcome admin_maintenance(struct request *rq, struct fail *why)
{
    (void)why; /* it stands in memory */
    show(rq, NULL);
    return OK;
}

/* A day as the form sends it and HH:MM; problems at their own fields. */
static instant_t read_moment(struct request *rq, const char *const names[2], struct fail *why)
{
    struct str day_text = day_typed(rq->arena, request_form(rq, names[0])), hour, minute;
    day_t day = 0;
    int h = 0, m = 0;
    (void)day_or_problem(day_text, str_format(rq->arena, "#/%s", names[0]), &day,
                         why); /* with what is wrong of the time */
    bool is_time = str_cut(str_trim(request_form(rq, names[1])), ':', &hour, &minute) && parse_int(hour, 0, 23, &h) &&
                   parse_int(minute, 0, 59, &m);
    if (!is_time)
        fail_problem(why, str_format(rq->arena, "#/%s", names[1]), "format", N_("Write the time like 17:30."));
    return day_start(day) + h * US_PER_HOUR + m * US_PER_MINUTE;
}

static enum outcome announce(struct request *rq, struct fail *why)
{
    struct actor actor = people_actor(rq);
    struct maintenance m = {.words = text_one_line(rq->arena, request_form(rq, "words")),
                            .closes_writing = str_eq(request_form(rq, "closes"), STR("yes"))};
    if (str_eq(request_form(rq, "act"), STR("end"))) {
        instant_t now = clock_now();
        m = (struct maintenance){.begins_at = now - US_PER_MINUTE, .ends_at = now - US_PER_S};
        return maintenance_announce(rq->app, &actor, &m, why);
    }
    m.begins_at = read_moment(rq, begin_names, why);
    m.ends_at = read_moment(rq, end_names, why);
    TRY(fail_if_problems(why));
    return maintenance_announce(rq->app, &actor, &m, why);
}

enum outcome admin_maintenance_send(struct request *rq, struct fail *why)
{
    struct fail refusal;
    fail_init(&refusal, rq->arena);
    bool is_end = str_eq(request_form(rq, "act"), STR("end"));
    enum outcome done = announce(rq, &refusal);
    if (done == ERR_INVALID) {
        for (size_t i = 0; i < refusal.problem_count; i++)
            if (str_eq(refusal.problems[i].pointer, STR("#/ends"))) refusal.problems[i].pointer = STR("#/ends_on");
        show(rq, &refusal);
        return OK;
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    reply_redirect(rq, rq->path);
    page_flash(rq, is_end ? N_("The announcement is taken back.") : N_("The announcement stands on every page."));
    return OK;
}
