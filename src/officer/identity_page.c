/*
 * GET /ho-so/{code}/danh-tinh and GET /api/v1/dossiers/{code}/identity: whose a denunciation is and what was declared,
 * for those few who may know (protection.h). Each look is written down before anything is shown; the leader reads who
 * looked.
 */
#include "officer/identity_page.h"

#include "agency/role.h"
#include "dossier/dossier_visit.h"
#include "dossier/protection.h"
#include "form/form.h"
#include "html/component.h"

struct secret_party {
    const char *role; /* message */
    struct summary_row *rows;
    size_t rows_count;
};

struct look_row {
    struct str at, name, role, what;
};

struct identity_page {
    struct frame frame;
    struct str code;
    struct secret_party *parties;
    size_t parties_count;
    struct summary_row *declarations;
    size_t declarations_count;
    bool is_leader;
    struct look_row *looks;
    size_t looks_count;
};

/* clang-format off */
static const struct field secret_party_fields[] = {
    FIELD_MESSAGE(struct secret_party, role),
    FIELD_LIST(struct secret_party, rows, struct summary_row, summary_row_fields),
    FIELD_END,
};
static const struct field look_row_fields[] = {
    FIELD_STR(struct look_row, at),
    FIELD_STR(struct look_row, name),
    FIELD_STR(struct look_row, role),
    FIELD_STR(struct look_row, what),
    FIELD_END,
};
static const struct field identity_page_fields[] = {
    FRAME_FIELDS(struct identity_page),
    FIELD_STR(struct identity_page, code),
    FIELD_LIST(struct identity_page, parties, struct secret_party, secret_party_fields),
    FIELD_LIST(struct identity_page, declarations, struct summary_row, summary_row_fields),
    FIELD_BOOL(struct identity_page, is_leader),
    FIELD_LIST(struct identity_page, looks, struct look_row, look_row_fields),
    FIELD_END,
};
/* clang-format on */

/* ---- looking ---- */

static bool is_leader(const struct request *rq, const struct dossier_view *view)
{
    return rq->visitor.agency == view->dossier.agency &&
           permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_APPROVE);
}

static enum outcome look(struct request *rq, struct dossier_view *view, yyjson_val **out, struct fail *why)
{
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(dossier_visit(rq, &tx, view, why));
    }
    return protection_look(app_desk(rq->app), rq, view, STR("identity"), out, why);
}

static enum outcome load_looks(struct request *rq, const struct dossier_view *view, struct secret_look **out,
                               size_t *out_count, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    *out_count = 0;
    if (!is_leader(rq, view)) return OK;
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    return protection_looks(tx, view->dossier.id, out, out_count, why);
}

/* ---- the page ---- */

static void fill_party(struct request *rq, yyjson_val *party, struct secret_party *out)
{
    struct summary s = {.rq = rq};
    yyjson_val *item;
    size_t i, count;
    summary_add(&s, N_("Name"), json_str(party, "name"));
    summary_add(&s, N_("Kind"), translate(rq->language, party_kind_label(json_str(party, "kind"))));
    yyjson_arr_foreach(json_get(party, "identities"), i, count, item)
    {
        enum identity_type type;
        if (identity_type_parse(json_str(item, "type"), &type))
            summary_add(&s, identity_type_label(type), json_str(item, "value"));
    }
    summary_add(&s, N_("Telephone"), json_str(party, "phone"));
    summary_add(&s, N_("E-mail"), json_str(party, "email"));
    summary_add(&s, N_("Address"), json_str(party, "address"));
    *out = (struct secret_party){party_role_label(json_str(party, "role")), s.rows.at, s.rows.count};
}

static void fill_parties(struct request *rq, yyjson_val *parties, struct identity_page *page)
{
    yyjson_val *item;
    size_t i, count;
    page->parties = ARENA_ARRAY(rq->arena, struct secret_party, yyjson_arr_size(parties) + 1);
    yyjson_arr_foreach(parties, i, count, item) fill_party(rq, item, &page->parties[page->parties_count++]);
}

static void fill_declarations(struct request *rq, const struct procedure_form *form, yyjson_val *secret,
                              struct identity_page *page)
{
    LIST(struct summary_row) rows = {0};
    yyjson_val *key, *value, *declared = json_get(secret, "form");
    size_t i, count;
    yyjson_obj_foreach(declared, i, count, key, value)
    {
        const struct declaration *field = form_field_find(form, json_text(key));
        struct str text = yyjson_is_str(value) ? json_text(value) : json_canonical(rq->arena, value);
        if (text.len > 0)
            LIST_PUSH(rq->arena, rows) = (struct summary_row){
                .key = field != NULL ? translate(rq->language, field->label) : json_text(key), .value = text};
    }
    struct str sender = json_str(json_get(secret, "post"), "sender");
    if (sender.len > 0)
        LIST_PUSH(rq->arena, rows) =
            (struct summary_row){.key = translate(rq->language, N_("Sender on the envelope")), .value = sender};
    page->declarations = rows.at;
    page->declarations_count = rows.count;
}

static struct str what_for_people(struct request *rq, struct str what)
{
    struct str word, n;
    if (!str_cut(what, ' ', &word, &n)) return translate(rq->language, N_("The identity"));
    return fail_fill(rq->arena, translate(rq->language, N_("Paper {0}")), (const struct str[FAIL_ARGS]){n});
}

static enum outcome fill_looks(struct request *rq, const struct dossier_view *view, struct identity_page *page,
                               struct fail *why)
{
    struct secret_look *looks;
    TRY(load_looks(rq, view, &looks, &page->looks_count, why));
    page->is_leader = is_leader(rq, view);
    page->looks = ARENA_ARRAY(rq->arena, struct look_row, page->looks_count + 1);
    for (size_t i = 0; i < page->looks_count; i++) {
        const struct role *role = role_find(looks[i].role);
        page->looks[i] = (struct look_row){instant_for_people(rq->arena, looks[i].at), looks[i].name,
                                           role != NULL ? translate(rq->language, role->title) : looks[i].role,
                                           what_for_people(rq, looks[i].what)};
    }
    return OK;
}

static enum outcome get_identity(struct request *rq, struct fail *why)
{
    struct dossier_view view;
    yyjson_val *secret;
    struct identity_page page = {0};
    TRY(look(rq, &view, &secret, why));
    page.code = view.dossier.code;
    page.frame.back_href = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(view.dossier.code));
    fill_parties(rq, json_get(secret, "parties"), &page);
    fill_declarations(rq, dossier_view_form(rq->arena, &view, false), secret, &page);
    TRY(fill_looks(rq, &view, &page, why));
    page_reply(rq, 200, "officer/identity", &page);
    return OK;
}

/* ---- the interface ---- */

static enum outcome get_identity_api(struct request *rq, struct fail *why)
{
    struct dossier_view view;
    yyjson_val *secret;
    struct secret_look *looks;
    size_t count;
    TRY(look(rq, &view, &secret, why));
    TRY(load_looks(rq, &view, &looks, &count, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    static const char *const members[] = {"parties", "form", "return", "post"};
    for (size_t i = 0; i < LENGTH(members); i++) {
        jw_key(&w, members[i]);
        jw_value(&w, json_get(secret, members[i]));
    }
    jw_key(&w, "looks");
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_instant(&w, "at", looks[i].at);
        jw_put_str(&w, "by", looks[i].name);
        jw_put_str(&w, "role", looks[i].role);
        jw_put_str(&w, "what", looks[i].what);
        jw_close(&w);
    }
    jw_close(&w);
    jw_close(&w);
    return OK;
}

/* In order of use. */
const struct route identity_routes[] = {
    {GET, "/ho-so/{code}/danh-tinh",          PERMIT_SIGNED_IN, get_identity,     N_("Whose denunciation it is")},
    {GET, "/api/v1/dossiers/{code}/identity", PERMIT_SIGNED_IN, get_identity_api, N_("Whose denunciation it is")},
};
const size_t identity_route_count = LENGTH(identity_routes);

const struct page_template identity_templates[] = {
    {"officer/identity", identity_page_fields},
};
const size_t identity_template_count = LENGTH(identity_templates);
