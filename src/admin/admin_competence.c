/*
 * GET  /quan-tri/phan-cap   decrees that moved competence, the newest first, and the form for another
 * POST /quan-tri/phan-cap   moves procedures from a day
 */
#include "admin/admin_procedure.h"
#include "admin/competence_change.h"
#include "agency/agency.h"
#include "base/list.h"
#include "base/parse.h"
#include "html/component.h"

enum { ROWS = 50 };

struct move_line {
    struct str decree, on, from, to, procedures;
    const char *in_flight; /* message */
};

struct competence_page {
    struct frame frame;
    struct move_line *rows;
    size_t rows_count;
    struct form_field *fields;
    size_t fields_count;
    bool is_open;
};

/* clang-format off */
static const struct field move_line_fields[] = {
    FIELD_STR(struct move_line, decree), FIELD_STR(struct move_line, on), FIELD_STR(struct move_line, from),
    FIELD_STR(struct move_line, to), FIELD_STR(struct move_line, procedures), FIELD_MESSAGE(struct move_line, in_flight),
    FIELD_END,
};
const struct field competence_page_fields[] = {
    FRAME_FIELDS(struct competence_page),
    FIELD_LIST(struct competence_page, rows, struct move_line, move_line_fields),
    FORM_FIELDS(struct competence_page, fields),
    FIELD_BOOL(struct competence_page, is_open),
    FIELD_END,
};
/* clang-format on */

static void draw_form(struct form *f)
{
    form_area(f, "procedures", N_("Procedures"), N_("Their codes, one in a line."), STR_NONE)->rows = 4;
    const char *hint = N_("A class such as commune_committee, or the e-identifier of one agency.");
    form_text(f, "from", N_("From"), hint, STR_NONE)->width = STR("20");
    form_text(f, "to", N_("To"), hint, STR_NONE)->width = STR("20");
    form_date(f, "on", N_("First day"), N_("The local day of submission decides who takes a dossier."), STR_NONE);
    form_text(f, "decree", N_("Decree"), N_("Its number, such as 131/2025/NĐ-CP"), STR_NONE);
    struct form_field *open = form_radios(f, "in_flight", N_("Open dossiers"), NULL, STR_NONE);
    form_choice(f, open, STR("stay"), form_say(f, N_("They stay with the old agency")));
    form_choice(f, open, STR("move"), form_say(f, N_("They move to the new one, their clocks running on")));
}

static enum outcome fill_rows(struct request *rq, struct tx *tx, struct competence_page *page, struct fail *why)
{
    struct competence_move_row *moves;
    TRY(competence_moves(tx, INT64_MAX, ROWS, &moves, &page->rows_count, why));
    page->rows = ARENA_ARRAY(rq->arena, struct move_line, page->rows_count + 1);
    for (size_t i = 0; i < page->rows_count; i++) {
        struct competence_move_row m;
        TRY(competence_move_load(tx, moves[i].id, &m, why));
        page->rows[i] = (struct move_line){
            .decree = m.decree,
            .on = day_for_people(rq->arena, m.on),
            .from = competence_party_for_people(rq->arena, rq->language, &m.from),
            .to = competence_party_for_people(rq->arena, rq->language, &m.to),
            .procedures = str_join(rq->arena, STR(", "), m.procedures, m.procedure_count),
            .in_flight = !m.moves_in_flight ? N_("Open dossiers stay")
                         : m.batch != 0     ? N_("Open dossiers were moved by a batch")
                                            : N_("Open dossiers move on the day"),
        };
    }
    return OK;
}

static enum outcome show(struct request *rq, const struct fail *why_not, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct competence_page page = {.frame.is_wide = true, .is_open = why_not != NULL};
    struct form form = {.rq = rq, .why = why_not};
    draw_form(&form);
    FORM_INTO(&form, page.fields);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(fill_rows(rq, tx, &page, why));
    if (why_not != NULL) page_problems(rq, &page.frame, why_not);
    page_reply(rq, why_not != NULL ? outcome_status(why_not->outcome) : 200, "admin/competence", &page);
    return OK;
}

enum outcome get_competence_page(struct request *rq, struct fail *why)
{
    return show(rq, NULL, why);
}

/* Problems of one code stand at the field of all of them. */
static void gather_codes(struct fail *refused)
{
    for (size_t i = 0; i < refused->problem_count; i++)
        if (str_starts(refused->problems[i].pointer, STR("/procedures/")))
            refused->problems[i].pointer = STR("/procedures");
}

enum outcome post_competence_page(struct request *rq, struct fail *why)
{
    struct fail refused;
    int64_t id;
    struct scan s = scan_of(request_form(rq, "procedures"));
    LIST(struct str) codes = {0};
    while (!scan_is_end(&s)) {
        struct str line = str_trim(scan_line(&s));
        if (line.len > 0) LIST_PUSH(rq->arena, codes) = line;
    }
    struct competence_text text = {.procedures = codes.at,
                                   .procedure_count = codes.count,
                                   .from = str_trim(request_form(rq, "from")),
                                   .to = str_trim(request_form(rq, "to")),
                                   .on = day_typed(rq->arena, request_form(rq, "on")),
                                   .decree = str_trim(request_form(rq, "decree")),
                                   .in_flight = request_form(rq, "in_flight")};
    fail_init(&refused, rq->arena);
    enum outcome done = competence_change(rq, &text, &id, &refused);
    if (done == ERR_INVALID || done == ERR_CONFLICT) {
        gather_codes(&refused);
        return show(rq, &refused, why);
    }
    if (done != OK) return fail_with(why, done, refused.sentence, refused.args);
    page_flash(rq, N_("Recorded."));
    reply_redirect(rq, STR("/quan-tri/phan-cap"));
    return OK;
}
