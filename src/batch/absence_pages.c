#include "batch/absence_pages.h"

#include "agency/post.h"
#include "batch/absence.h"
#include "dossier/dossier_view.h"
#include "html/component.h"
#include "http/once.h"
#include "people/people.h"

/* ---- what somebody says ---- */

/* As it was typed or sent. */
struct said {
    struct str account, substitute, from, to, note;
    bool hands_over, asks_first;
};

static enum outcome read_login(struct request *rq, struct tx *tx, struct str login, const char *pointer, int64_t *out,
                               struct fail *why)
{
    struct account account;
    struct fail missing;
    fail_init(&missing, rq->arena);
    if (login.len == 0) {
        fail_problem(why, str_from(pointer), "required", N_("This has to be filled in."));
        return OK;
    }
    enum outcome found = account_find(tx, login, &account, &missing);
    if (found == ERR_MISSING)
        fail_problem(why, str_from(pointer), "unknown", N_("There is no account with the login {0}."), login);
    else if (found != OK)
        return fail_with(why, found, missing.sentence, missing.args);
    else
        *out = account.id;
    return OK;
}

static void read_day(struct str text, const char *pointer, day_t otherwise, day_t *out, struct fail *why)
{
    *out = otherwise;
    if (text.len > 0) (void)day_or_problem(text, str_from(pointer), out, why); /* all problems are told at once */
}

static enum outcome set_absence(struct request *rq, const struct said *said, int64_t *out, struct fail *why)
{
    struct absence_new in = {
        .actor = people_actor(rq), .hands_over = said->hands_over, .asks_first = said->asks_first, .note = said->note};
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(read_login(rq, tx, said->account, "/account", &in.account, why));
        TRY(read_login(rq, tx, said->substitute, "/substitute", &in.substitute, why));
    }
    read_day(said->from, "/from", day_of(clock_now()), &in.from, why);
    read_day(said->to, "/to", DAY_OPEN, &in.to, why);
    TRY(fail_if_problems(why));
    return request_once(rq, app_store(rq->app), absence_set, &in, out, why);
}

/* ---- programs ---- */

static enum outcome write_absence(struct request *rq, struct tx *tx, struct json_writer *w, const struct absence *a,
                                  struct fail *why)
{
    struct account away, substitute;
    enum absence_phase phase = absence_phase(a, day_of(tx_now(tx)));
    TRY(account_load(tx, a->account, &away, why));
    TRY(account_load(tx, a->substitute, &substitute, why));
    jw_open(w, '{');
    jw_put_id(w, "id", a->id);
    jw_put_str(w, "account", away.login);
    jw_put_str(w, "name", away.name);
    jw_put_str(w, "substitute", substitute.login);
    jw_put_str(w, "substitute_name", substitute.name);
    jw_put_str(w, "from", day_format(rq->arena, a->from));
    jw_put_str_or_null(w, "to", a->to == DAY_OPEN ? STR_NONE : day_format(rq->arena, a->to));
    jw_put_bool(w, "hand_over", a->hands_over);
    jw_put_str_or_null(w, "note", a->note);
    jw_put_str(w, "state", str_from(absence_phase_name(phase)));
    jw_put_str(w, "answer", str_from(absence_answer_name(a->answer)));
    jw_put_int(w, "version", absence_version(a));
    jw_put_str_or_null(w, "batch", a->desk_batch == 0 ? STR_NONE : id_format(rq->arena, a->desk_batch));
    jw_close(w);
    return OK;
}

static enum outcome answer_absence(struct request *rq, int status, int64_t id, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct absence a;
    struct json_writer w;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(absence_find(tx, id, rq->visitor.agency, &a, why));
    reply_etag(rq, id_format(rq->arena, absence_version(&a)));
    jw_init(&w, reply_begin(rq, status, "application/json"));
    return write_absence(rq, tx, &w, &a, why);
}

static enum outcome post_absence(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    int64_t id;
    TRY(request_json(rq, &body, why));
    struct said said = {json_str(body, "account"),    json_str(body, "substitute"), json_str(body, "from"),
                        json_str(body, "to"),         json_str(body, "note"),       json_bool(body, "hand_over", false),
                        json_bool(body, "ask", false)};
    if (said.account.len == 0) said.account = rq->visitor.login;
    TRY(set_absence(rq, &said, &id, why));
    reply_header(rq, "Location", str_format(rq->arena, "/api/v1/absences/%lld", (long long)id));
    return answer_absence(rq, 201, id, why);
}

static enum outcome get_absence(struct request *rq, struct fail *why)
{
    int64_t id;
    if (!id_parse(request_param(rq, "id"), &id)) return fail(why, ERR_MISSING, N_("This absence is not known."));
    return answer_absence(rq, 200, id, why);
}

static enum outcome get_absences(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct absence *list;
    struct json_writer w;
    size_t count;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(absences_of_agency(tx, rq->visitor.agency, &list, &count, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) TRY(write_absence(rq, tx, &w, &list[i], why));
    jw_close_list(&w, STR_NONE);
    return OK;
}

/* Which absence the address names, and for programs the version that they saw. */
static enum outcome version_seen(struct request *rq, int64_t *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct absence a;
    int64_t id;
    if (!id_parse(request_param(rq, "id"), &id)) return fail(why, ERR_MISSING, N_("This absence is not known."));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(absence_find(tx, id, rq->visitor.agency, &a, why));
    return request_if_match(rq, out, why);
}

static enum outcome end_it(struct request *rq, int64_t version, int64_t *out, struct fail *why)
{
    struct absence_end end = {.actor = people_actor(rq), .version = version};
    if (!id_parse(request_param(rq, "id"), &end.absence))
        return fail(why, ERR_MISSING, N_("This absence is not known."));
    *out = end.absence;
    return store_run(app_store(rq->app), absence_end, &end, NULL, why);
}

static enum outcome post_absence_end(struct request *rq, struct fail *why)
{
    int64_t id, version;
    TRY(version_seen(rq, &version, why));
    TRY(end_it(rq, version, &id, why));
    return answer_absence(rq, 200, id, why);
}

static enum outcome reply_to_it(struct request *rq, int64_t version, bool covers, int64_t *out, struct fail *why)
{
    struct absence_reply reply = {.actor = people_actor(rq), .version = version, .covers = covers};
    if (!id_parse(request_param(rq, "id"), &reply.absence))
        return fail(why, ERR_MISSING, N_("This absence is not known."));
    *out = reply.absence;
    return store_run(app_store(rq->app), absence_reply, &reply, NULL, why);
}

static enum outcome post_absence_answer(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    int64_t id, version;
    TRY(version_seen(rq, &version, why));
    TRY(request_json(rq, &body, why));
    TRY(reply_to_it(rq, version, json_bool(body, "covers", false), &id, why));
    return answer_absence(rq, 200, id, why);
}

/* ---- people ---- */

struct absence_line {
    struct str name, substitute, from, to, note, end_address, batch_href;
    struct str answer, reply_address; /* what the colleague said, when asked; where the reader answers */
    struct tag tag;
};

struct absence_page {
    struct frame frame;
    struct absence_line *lines;
    struct form_field *fields;
    size_t lines_count, fields_count;
};

static const struct field line_fields[] = {
    FIELD_STR(struct absence_line, name),
    FIELD_STR(struct absence_line, substitute),
    FIELD_STR(struct absence_line, from),
    FIELD_STR(struct absence_line, to),
    FIELD_STR(struct absence_line, note),
    FIELD_STR(struct absence_line, end_address),
    FIELD_STR(struct absence_line, batch_href),
    FIELD_STR(struct absence_line, answer),
    FIELD_STR(struct absence_line, reply_address),
    FIELD_STRUCT(struct absence_line, tag, tag_fields),
    FIELD_END,
};
static const struct field absence_page_fields[] = {
    FRAME_FIELDS(struct absence_page),
    FIELD_LIST(struct absence_page, lines, struct absence_line, line_fields),
    FORM_FIELDS(struct absence_page, fields),
    FIELD_END,
};
const struct page_template absence_templates[] = {
    {"batch/absence", absence_page_fields}
};
const size_t absence_template_count = LENGTH(absence_templates);

static enum outcome fill_line(struct request *rq, struct tx *tx, const struct absence *a, struct absence_line *out,
                              struct fail *why)
{
    struct account away, substitute;
    struct actor actor = people_actor(rq);
    enum absence_phase phase = absence_phase(a, day_of(tx_now(tx)));
    TRY(account_load(tx, a->account, &away, why));
    TRY(account_load(tx, a->substitute, &substitute, why));
    *out = (struct absence_line){
        .name = away.name,
        .substitute = substitute.name,
        .from = day_for_people(rq->arena, a->from),
        .to = a->to == DAY_OPEN ? translate(rq->language, N_("until it is ended")) : day_for_people(rq->arena, a->to),
        .note = a->note,
        .tag = tag_of(phase == ABSENCE_ON ? TAG_WORKING : TAG_WAITING,
                      translate(rq->language, absence_phase_title(phase))),
    };
    if (absence_may_be_said(&actor, a->account))
        out->end_address = str_format(rq->arena, "/viec/vang-mat/%lld/ket-thuc", (long long)a->id);
    if (a->answer != ABSENCE_COVERED) out->answer = translate(rq->language, absence_answer_title(a->answer));
    if (a->answer == ABSENCE_ASKED && a->substitute == actor.account)
        out->reply_address = str_format(rq->arena, "/viec/vang-mat/%lld/tra-loi", (long long)a->id);
    if (a->desk_batch != 0 && a->by.account == rq->visitor.account)
        out->batch_href = str_format(rq->arena, "/viec/hang-loat/%lld", (long long)a->desk_batch);
    return OK;
}

/* Colleagues with work in queues; who is disabled can be away for good, but cannot cover. */
static enum outcome add_people(struct request *rq, struct tx *tx, struct form *form, struct form_field *field,
                               bool is_cover, struct fail *why)
{
    struct post *posts;
    size_t count;
    struct actor actor = people_actor(rq);
    TRY(posts_of_agency(tx, rq->visitor.agency, STR_NONE, day_of(tx_now(tx)), &posts, &count, why));
    form_choice(form, field, STR(""), form_say(form, N_("Choose an officer")));
    for (size_t i = 0; i < count; i++) {
        const struct post *p = &posts[i];
        if (post_is_again(posts, i) || (!is_cover && !absence_may_be_said(&actor, p->account))) continue;
        if (p->is_disabled && is_cover) continue;
        struct str name = p->is_disabled ? fail_fill(rq->arena, form_say(form, N_("{0} (account closed)")),
                                                     (const struct str[FAIL_ARGS]){p->name})
                                         : p->name;
        form_choice(form, field, p->login, name);
    }
    return OK;
}

static enum outcome fill_form(struct request *rq, struct tx *tx, const struct fail *refused, struct absence_page *page,
                              struct fail *why)
{
    struct form form = {.rq = rq, .why = refused};
    struct str today = day_format(rq->arena, day_of(tx_now(tx)));
    struct form_field *away = form_select(&form, "account", N_("Who is away"),
                                          N_("Yourself, or as a leader any officer of the agency."), rq->visitor.login);
    TRY(add_people(rq, tx, &form, away, false, why));
    struct form_field *cover =
        form_select(&form, "substitute", N_("Who covers"), N_("A colleague who does the same work."), STR(""));
    TRY(add_people(rq, tx, &form, cover, true, why));
    form_date(&form, "from", N_("First day"), NULL, today);
    form_date(&form, "to", N_("Last day"), N_("Empty: until somebody ends it, as when a desk is left for good."),
              STR(""))
        ->is_optional = true;
    form_tick(&form, "hand_over", N_("Give what is held to the substitute on the first day"), false);
    form_tick(&form, "ask", N_("Ask the substitute first; nothing goes to them before they say yes"), false);
    form_area(&form, "note", N_("Note"), NULL, STR(""))->is_optional = true;
    FORM_INTO(&form, page->fields);
    return OK;
}

static enum outcome show(struct request *rq, int status, const struct fail *refused, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct absence_page page = {.frame.is_wide = true, .frame.back_href = STR("/viec")};
    struct absence *list;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(absences_of_agency(tx, rq->visitor.agency, &list, &page.lines_count, why));
    page.lines = ARENA_ARRAY(rq->arena, struct absence_line, page.lines_count + 1);
    for (size_t i = 0; i < page.lines_count; i++) TRY(fill_line(rq, tx, &list[i], &page.lines[i], why));
    TRY(fill_form(rq, tx, refused, &page, why));
    if (refused != NULL) page_problems(rq, &page.frame, refused);
    page_reply(rq, status, "batch/absence", &page);
    return OK;
}

static enum outcome absence_page(struct request *rq, struct fail *why)
{
    return show(rq, 200, NULL, why);
}

static enum outcome post_absence_page(struct request *rq, struct fail *why)
{
    struct said said = {request_form(rq, "account"),
                        request_form(rq, "substitute"),
                        day_typed(rq->arena, request_form(rq, "from")),
                        day_typed(rq->arena, request_form(rq, "to")),
                        request_form(rq, "note"),
                        request_has_form(rq, "hand_over"),
                        request_has_form(rq, "ask")};
    struct fail refused;
    int64_t id;
    fail_init(&refused, rq->arena);
    enum outcome r = set_absence(rq, &said, &id, &refused);
    if (r == ERR_INVALID) return show(rq, 422, &refused, why);
    if (r != OK) return fail_with(why, r, refused.sentence, refused.args);
    page_flash(rq, N_("The absence is recorded."));
    reply_redirect(rq, STR("/viec/vang-mat"));
    return OK;
}

static enum outcome post_end_page(struct request *rq, struct fail *why)
{
    int64_t id;
    enum outcome r = end_it(rq, 0, &id, why);
    if (r != OK && r != ERR_CONFLICT) return r;
    page_flash(rq, r == OK ? N_("The absence is ended. What was given stays with the substitute.")
                           : N_("This absence is over already."));
    reply_redirect(rq, STR("/viec/vang-mat"));
    return OK;
}

static enum outcome post_reply_page(struct request *rq, struct fail *why)
{
    int64_t id;
    bool covers = str_eq(request_form(rq, "covers"), STR("yes"));
    enum outcome r = reply_to_it(rq, 0, covers, &id, why);
    if (r != OK && r != ERR_CONFLICT) return r;
    page_flash(rq, r != OK  ? N_("There is nothing to answer any more.")
                   : covers ? N_("You cover. Your colleague is told.")
                            : N_("You do not cover. Your colleague is told."));
    reply_redirect(rq, STR("/viec/vang-mat"));
    return OK;
}

/* clang-format off */
/* In order of use. */
const struct route absence_routes[] = {
    {POST, "/api/v1/absences",             PERMIT_DOSSIER_ASSIGN, post_absence,      N_("Say who is away and who covers")},
    {GET,  "/api/v1/absences",             PERMIT_TASK_READ,      get_absences,      N_("Who is away")},
    {GET,  "/api/v1/absences/{id}",        PERMIT_TASK_READ,      get_absence,       N_("Absence")},
    {POST, "/api/v1/absences/{id}/end",    PERMIT_DOSSIER_ASSIGN, post_absence_end,  N_("End an absence")},
    {POST, "/api/v1/absences/{id}/answer", PERMIT_DOSSIER_ASSIGN, post_absence_answer, N_("Answer whether one covers")},
    {GET,  "/viec/vang-mat",               PERMIT_DOSSIER_ASSIGN, absence_page,      N_("Who is away")},
    {POST, "/viec/vang-mat",               PERMIT_DOSSIER_ASSIGN, post_absence_page, N_("Who is away")},
    {POST, "/viec/vang-mat/{id}/ket-thuc", PERMIT_DOSSIER_ASSIGN, post_end_page,     N_("End an absence")},
    {POST, "/viec/vang-mat/{id}/tra-loi",  PERMIT_DOSSIER_ASSIGN, post_reply_page,   N_("Answer whether one covers")},
};
/* clang-format on */
const size_t absence_routes_count = LENGTH(absence_routes);
