#include "check/check.h"

#include "agency/competence.h"
#include "agency/post.h"
#include "agency/role.h"
#include "base/hash.h"
#include "base/text.h"
#include "dossier/result_document.h"
#include "queries.h"
#include "rule/ruling.h"

/* Whom every scenario finds: applicants, and the officers of each agency. */
static const struct {
    const char *name, *role; /* the role of the post; an applicant's of the account */
    const char *full_name, *kind;
} people[] = {
    {"applicant",  "citizen",    "Nguyễn Thị Ngọc Ánh", "citizen"},
    {"stranger",   "citizen",    "Trần Văn Lạ",           "citizen"},
    {"receiver",   "receiver",   "Lê Thị Hoa",              "officer"},
    {"specialist", "specialist", "Phạm Văn Minh",           "officer"},
    {"colleague",  "specialist", "Hoàng Thị Lan",           "officer"},
    {"leader",     "leader",     "Võ Thành Trung",           "officer"},
    {"clerk",      "clerk",      "Đỗ Thị Thu",            "officer"},
};

struct account_in {
    struct str login, name, kind;
    struct str sort_key;
};

/* Nobody signs in here, so nobody needs a password. */
static enum outcome add_account(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct account_in *in = input;
    int64_t id = tx_new_id(tx);
    *(int64_t *)output = id;
    return store_do(tx, Q_ACCOUNT_INSERT,
                    VALUES(v_int(id), v_str(in->login), v_str(in->kind), v_str(in->name), v_blob(in->sort_key),
                           v_str(STR("")), v_bool(false), v_str(STR("vi")), v_str(STR("")), v_str(STR("")),
                           v_str(STR("")), v_instant(tx_now(tx))),
                    NULL, why);
}

static enum outcome add_person(struct check_office *o, size_t i, int64_t agency, struct str suffix, struct fail *why)
{
    bool is_officer = agency != 0;
    struct str role = str_from(people[i].role);
    struct str name = str_format(o->arena, "%s%.*s", people[i].name, STR_ARG(suffix));
    struct account_in in = {str_lower_ascii(o->arena, name), str_from(people[i].full_name), str_from(people[i].kind),
                            text_name_sort_key(o->arena, str_from(people[i].full_name))};
    int64_t account, post;
    TRY(store_run(o->app->store, add_account, &in, &account, why));
    if (is_officer) {
        struct post_new p = {.account = account,
                             .agency = agency,
                             .role = role,
                             .valid_from = day_of(clock_now()),
                             .valid_to = DAY_OPEN};
        TRY(store_run(o->app->store, post_add, &p, &post, why));
    }
    LIST_PUSH(o->arena, o->people) = (struct check_person){
        name, {.account = account, .agency = agency, .role = role, .permissions = role_permissions(role)}
    };
    return OK;
}

static enum outcome add_agency(struct check_office *o, struct str identifier, struct str class, bool is_first,
                               struct fail *why)
{
    struct agency_new in = {.identifier = identifier,
                            .name = str_format(o->arena, "Cơ quan %.*s", STR_ARG(identifier)),
                            .class = class,
                            .valid_from = DAY_UNKNOWN};
    int64_t agency;
    struct str suffix = is_first ? STR_NONE : str_format(o->arena, "@%.*s", STR_ARG(identifier));
    TRY(store_run(o->app->store, agency_add, &in, &agency, why));
    for (size_t i = 0; i < LENGTH(people); i++)
        if (str_eq(str_from(people[i].kind), STR("officer"))) TRY(add_person(o, i, agency, suffix, why));
    return OK;
}

static enum outcome entrust(struct check_office *o, const struct check_folder *folder, const struct scenario *s,
                            struct fail *why)
{
    struct agency agency;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(o->app->store, o->arena, &tx, why));
        TRY(agency_find(tx, s->agencies[0], &agency, why));
    }
    const struct competence rows[] = {
        {folder->code, PERFORMING, STR_NONE, agency.id, DAY_UNKNOWN, DAY_OPEN, STR("scenario")},
        {folder->code, COMPETENT,  STR_NONE, agency.id, DAY_UNKNOWN, DAY_OPEN, STR("scenario")},
    };
    return store_run(o->app->store, competence_add, &(struct competence_add){.rows = rows, .count = LENGTH(rows)}, NULL,
                     why);
}

static enum outcome take_procedure(struct check_office *o, const struct check_folder *folder, struct fail *why)
{
    struct procedure *p;
    struct procedure_imported done;
    TRY(procedure_read(o->arena, folder->record, &p, why));
    if (folder->result_html.len > 0) TRY(result_document_check(o->app->templates, folder->result_html, why));
    struct procedure_import in = {.procedure = p, .record = folder->record, .source = folder->code};
    in.extra = (struct procedure_extra){.process_steps = folder->process_steps, .result_html = folder->result_html};
    if (folder->process_steps.len > 0)
        TRY(process_publish(o->app->processes, o->app->store, folder->process_steps, &in.extra.process_version, why));
    in.hash = procedure_hash(o->arena, in.record, &in.extra);
    TRY(store_run(o->app->store, procedure_import, &in, &done, why));
    if (folder->rules.len == 0) return OK;
    int64_t number;
    struct rule_keep rules = {.procedure = folder->code,
                              .text = folder->rules,
                              .hash = sha256_format(o->arena, sha256_of(folder->rules)),
                              .source = STR("rules.dmn"),
                              .is_in_force = true};
    return store_run(o->app->store, rules_keep, &rules, &number, why);
}

enum outcome check_office_make(struct check_office *o, const struct check_folder *folder, const struct scenario *s,
                               struct fail *why)
{
    for (size_t i = 0; i < LENGTH(people); i++)
        if (str_eq(str_from(people[i].kind), STR("citizen"))) TRY(add_person(o, i, 0, STR_NONE, why));
    for (size_t i = 0; i < s->agency_count; i++) TRY(add_agency(o, s->agencies[i], s->classes[i], i == 0, why));
    TRY(take_procedure(o, folder, why));
    return entrust(o, folder, s, why);
}

const struct check_person *check_office_person(const struct check_office *o, struct str name)
{
    for (size_t i = 0; i < o->people.count; i++)
        if (str_eq(o->people.at[i].name, name)) return &o->people.at[i];
    return NULL;
}
