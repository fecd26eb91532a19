/*
 * GET /quan-tri/thu-tuc/{code}/tham-quyen   who may do what with a procedure: from the rows of competence, the posts of
 * the agencies that perform it, the steps of its process, the acts and the roles. Nothing here decides; it reads the
 * tables.
 */
#include "admin/admin_procedure.h"
#include "agency/competence_move.h"
#include "agency/post.h"
#include "agency/role.h"
#include "base/list.h"
#include "base/text.h"
#include "dossier/action.h"
#include "dossier/desk.h"
#include "dossier/submission_input.h"
#include "html/component.h"
#include "people/people.h"

enum { AGENCIES_SHOWN = 20, ROWS_SHOWN = 100 };

struct entrusted_line {
    const char *role; /* message */
    struct str who, from, to, decree;
};

struct act_line {
    struct str step, turn, act, roles;
};

struct officer_line {
    struct str agency, name, role, group, until;
};

struct procedure_who_page {
    struct frame frame;
    struct str code, name, process;
    struct entrusted_line *entrusted;
    size_t entrusted_count;
    struct act_line *acts;
    size_t acts_count;
    struct officer_line *officers;
    size_t officers_count;
    bool has_more_entrusted, has_more_officers;
};

/* clang-format off */
static const struct field entrusted_line_fields[] = {
    FIELD_MESSAGE(struct entrusted_line, role), FIELD_STR(struct entrusted_line, who), FIELD_STR(struct entrusted_line, from),
    FIELD_STR(struct entrusted_line, to), FIELD_STR(struct entrusted_line, decree), FIELD_END,
};
static const struct field act_line_fields[] = {
    FIELD_STR(struct act_line, step), FIELD_STR(struct act_line, turn), FIELD_STR(struct act_line, act),
    FIELD_STR(struct act_line, roles), FIELD_END,
};
static const struct field officer_line_fields[] = {
    FIELD_STR(struct officer_line, agency), FIELD_STR(struct officer_line, name), FIELD_STR(struct officer_line, role),
    FIELD_STR(struct officer_line, group), FIELD_STR(struct officer_line, until), FIELD_END,
};
const struct field procedure_who_fields[] = {
    FRAME_FIELDS(struct procedure_who_page),
    FIELD_STR(struct procedure_who_page, code), FIELD_STR(struct procedure_who_page, name),
    FIELD_STR(struct procedure_who_page, process),
    FIELD_LIST(struct procedure_who_page, entrusted, struct entrusted_line, entrusted_line_fields),
    FIELD_LIST(struct procedure_who_page, acts, struct act_line, act_line_fields),
    FIELD_LIST(struct procedure_who_page, officers, struct officer_line, officer_line_fields),
    FIELD_BOOL(struct procedure_who_page, has_more_entrusted), FIELD_BOOL(struct procedure_who_page, has_more_officers),
    FIELD_END,
};
/* clang-format on */

static enum outcome fill_entrusted(struct request *rq, struct tx *tx, struct procedure_who_page *page, struct fail *why)
{
    struct arena *a = rq->arena;
    struct competence_line *lines;
    TRY(competence_lines(tx, page->code, INT64_MAX, ROWS_SHOWN + 1, &lines, &page->entrusted_count, why));
    page->has_more_entrusted = page->entrusted_count > ROWS_SHOWN;
    if (page->has_more_entrusted) page->entrusted_count = ROWS_SHOWN;
    page->entrusted = ARENA_ARRAY(a, struct entrusted_line, page->entrusted_count + 1);
    for (size_t i = 0; i < page->entrusted_count; i++) {
        const struct competence *c = &lines[i].row;
        const struct competence_party p = {c->class, c->agency, lines[i].agency_identifier, lines[i].agency_name};
        page->entrusted[i] =
            (struct entrusted_line){.role = c->role == COMPETENT ? N_("Decides") : N_("Performs"),
                                    .who = competence_party_for_people(a, rq->language, &p),
                                    .from = c->valid_from == DAY_UNKNOWN ? STR_NONE : day_for_people(a, c->valid_from),
                                    .to = c->valid_to == DAY_OPEN ? STR_NONE : day_for_people(a, c->valid_to),
                                    .decree = competence_decree_for_people(rq->language, c->decree)};
    }
    return OK;
}

/* The roles whose permissions include the act's. */
static struct str roles_of(struct request *rq, const struct action *act)
{
    struct str names[32];
    size_t count = 0;
    if (act->doer == BY_APPLICANT) names[count++] = translate(rq->language, N_("The applicant"));
    for (size_t i = 0; i < roles_count && count < LENGTH(names); i++)
        if (roles[i].is_officer && permission_is_in(roles[i].permissions, act->permission))
            names[count++] = translate(rq->language, roles[i].title);
    return str_join(rq->arena, STR(", "), names, count);
}

static struct str turn_of(struct request *rq, struct str role)
{
    const struct role *r = role_find(role);
    return translate(rq->language, r != NULL ? r->title : N_("The applicant"));
}

static void fill_acts(struct request *rq, const struct step_table *t, struct procedure_who_page *page)
{
    LIST(struct act_line) lines = {0};
    page->process = rq->language == ENGLISH ? t->title_en : t->title_vi;
    for (size_t i = 0; i < t->step_count; i++) {
        const struct step *s = &t->steps[i];
        for (size_t n = 0; n < s->exit_count; n++) {
            const struct action *act = action_find(s->exits[n].act);
            if (act == NULL) continue; /* a step file of an earlier program */
            LIST_PUSH(rq->arena, lines) = (struct act_line){.step = rq->language == ENGLISH ? s->title_en : s->title_vi,
                                                            .turn = turn_of(rq, s->role),
                                                            .act = translate(rq->language, act->title),
                                                            .roles = roles_of(rq, act)};
        }
    }
    page->acts = lines.at;
    page->acts_count = lines.count;
}

struct gathering {
    struct request *rq;
    struct tx *tx;
    struct str group; /* folded field of the procedure */
    LIST(struct officer_line) lines;
};

static enum outcome add_officers(struct gathering *g, const struct agency *agency, struct fail *why)
{
    struct post *posts;
    size_t count;
    TRY(posts_of_agency(g->tx, agency->id, STR_NONE, day_of(tx_now(g->tx)), &posts, &count, why));
    for (size_t i = 0; i < count; i++) {
        const struct role *role = role_find(posts[i].role);
        if (posts[i].procedure_group.len > 0 && !str_eq(posts[i].procedure_group, g->group)) continue;
        if (role == NULL || !permission_is_in(role->permissions, PERMIT_TASK_READ)) continue;
        LIST_PUSH(g->rq->arena, g->lines) = (struct officer_line){
            .agency = agency->name,
            .name = posts[i].name,
            .role = translate(g->rq->language, role->title),
            .group = posts[i].procedure_group,
            .until = posts[i].valid_to == DAY_OPEN ? STR_NONE : day_for_people(g->rq->arena, posts[i].valid_to)};
    }
    return OK;
}

static enum outcome fill_officers(struct request *rq, struct tx *tx, const struct procedure *p,
                                  struct procedure_who_page *page, struct fail *why)
{
    struct agency *agencies;
    size_t count;
    struct gathering g = {.rq = rq, .tx = tx, .group = text_fold(rq->arena, p->field)};
    struct agency_filter filter = {.procedure = p->code, .day = day_of(tx_now(tx)), .most = AGENCIES_SHOWN + 1};
    TRY(agency_list(tx, &filter, &agencies, &count, why));
    page->has_more_officers = count > AGENCIES_SHOWN;
    for (size_t i = 0; i < count && i < AGENCIES_SHOWN; i++) TRY(add_officers(&g, &agencies[i], why));
    page->officers = g.lines.at;
    page->officers_count = g.lines.count;
    return OK;
}

enum outcome get_procedure_who(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    const struct desk *desk = app_desk(rq->app);
    struct procedure_ref ref;
    const struct procedure *p;
    const struct step_table *table;
    struct procedure_who_page page = {.frame.is_wide = true};
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(catalogue_find(tx, request_param(rq, "code"), &ref, why));
    TRY(catalogue_version(desk->catalogue, tx, ref.version, &p, why));
    int64_t process = ref.process_version != 0 ? ref.process_version : submission_process(desk, rq->arena, p);
    TRY(process_get(desk->processes, tx, process, &table, why));
    page.code = p->code;
    page.name = p->name;
    page.frame.back_href = str_format(rq->arena, "/quan-tri/thu-tuc/%.*s", STR_ARG(p->code));
    TRY(fill_entrusted(rq, tx, &page, why));
    fill_acts(rq, table, &page);
    TRY(fill_officers(rq, tx, p, &page, why));
    page_reply(rq, 200, "admin/procedure_who", &page);
    return OK;
}
