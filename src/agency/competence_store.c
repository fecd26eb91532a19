#include "agency/competence.h"

#include <stdlib.h>

#include "agency/agency_store.h"
#include "queries.h"

static const char *const role_names[] = {[PERFORMING] = "performing", [COMPETENT] = "competent"};

struct competence competence_read(const struct row *r)
{
    return (struct competence){
        .procedure_code = row_str(r, 0),
        .role = str_eq(row_str(r, 1), str_from(role_names[COMPETENT])) ? COMPETENT : PERFORMING,
        .class = row_str(r, 2),
        .agency = row_int(r, 3),
        .valid_from = row_day_from(r, 4),
        .valid_to = row_day_to(r, 5),
        .decree = row_str(r, 6),
    };
}

void competence_ahead(struct tx *tx, struct str procedure_code, struct value agency, enum competence_role role)
{
    store_ahead(tx, Q_COMPETENCE_OF_AGENCY,
                VALUES(agency, v_str(procedure_code), v_str(str_from(role_names[role])), v_int(day_of(tx_now(tx)))));
}

enum outcome competence_find(struct tx *tx, struct str procedure_code, int64_t agency, enum competence_role role,
                             day_t day, struct competence *out, struct fail *why)
{
    struct row row;
    enum outcome r = store_one(
        tx, Q_COMPETENCE_OF_AGENCY,
        VALUES(v_int(agency), v_str(procedure_code), v_str(str_from(role_names[role])), v_int(day)), &row, why);
    if (r == ERR_MISSING)
        return fail(why, ERR_MISSING,
                    role == PERFORMING ? N_("This agency does not perform the procedure {0}.")
                                       : N_("This agency does not decide the procedure {0}."),
                    procedure_code);
    TRY(r);
    *out = competence_read(&row);
    return OK;
}

enum outcome competence_of_procedure(struct tx *tx, struct str procedure_code, struct competence **out,
                                     size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_COMPETENCE_BY_CODE, VALUES(v_str(procedure_code)), &rows, why));
    struct competence *list = ARENA_ARRAY(tx_arena(tx), struct competence, rows.count);
    for (size_t i = 0; i < rows.count; i++) list[i] = competence_read(&rows.at[i]);
    *out = list;
    *out_count = rows.count;
    return OK;
}

enum outcome competence_procedures(struct tx *tx, int64_t agency, day_t day, struct str **out, size_t *out_count,
                                   struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_COMPETENCE_CODES_OF_AGENCY, VALUES(v_int(agency), v_int(day)), &rows, why));
    struct str *list = ARENA_ARRAY(tx_arena(tx), struct str, rows.count);
    for (size_t i = 0; i < rows.count; i++) list[i] = row_str(&rows.at[i], 0);
    *out = list;
    *out_count = rows.count;
    return OK;
}

static bool is_same(const struct competence *a, const struct competence *b)
{
    return a->role == b->role && str_eq(a->class, b->class) && a->agency == b->agency &&
           a->valid_from == b->valid_from && a->valid_to == b->valid_to && str_eq(a->decree, b->decree);
}

static enum outcome add_one(struct tx *tx, const struct competence *c, int64_t *added, struct fail *why)
{
    struct competence *known;
    size_t known_count;
    TRY(competence_of_procedure(tx, c->procedure_code, &known, &known_count, why));
    for (size_t i = 0; i < known_count; i++)
        if (is_same(&known[i], c)) return OK;
    TRY(store_do(tx, Q_COMPETENCE_INSERT,
                 VALUES(v_int(tx_new_id(tx)), v_str(c->procedure_code), v_str(str_from(role_names[c->role])),
                        v_str_or_null(c->class), v_ref(c->agency), v_day(c->valid_from), v_day(c->valid_to),
                        v_str(c->decree)),
                 NULL, why));
    ++*added;
    return OK;
}

enum outcome competence_add(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct competence_add *add = in;
    int64_t added = 0;
    for (size_t i = 0; i < add->count; i++) TRY(add_one(tx, &add->rows[i], &added, why));
    if (added > 0) {
        struct str payload = str_format(tx_arena(tx), "{\"rows\":%lld}", (long long)added);
        TRY(journal_append(
            tx,
            &(struct entry){
                .subject_kind = SUBJECT_SYSTEM, .act = "competence.add", .actor = add->actor, .payload = payload},
            NULL, why));
    }
    if (out != NULL) *(int64_t *)out = added;
    return OK;
}

/* ---- how many perform ---- */

static int64_t count_of_class(const struct rows *classes, struct str class)
{
    for (size_t i = 0; i < classes->count; i++)
        if (str_eq(row_str(&classes->at[i], 0), class)) return row_int(&classes->at[i], 1);
    return 0;
}

/* Columns of competence_performers. */
enum { PERFORMER_CLASS, PERFORMER_AGENCY, PERFORMER_OWN_CLASS };

static bool is_among(const struct str *classes, size_t count, struct str class)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(classes[i], class)) return true;
    return false;
}

static int by_id(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Sorts them: two decrees may name the same agency. */
static int64_t count_distinct(int64_t *ids, size_t count)
{
    int64_t distinct = 0;
    qsort(ids, count, sizeof *ids, by_id);
    for (size_t i = 0; i < count; i++) distinct += i == 0 || ids[i] != ids[i - 1];
    return distinct;
}

enum outcome competence_count(struct tx *tx, const struct rows *classes, day_t day, struct str procedure_code,
                              int64_t *out, struct fail *why)
{
    struct rows performers;
    TRY(store_all(tx, Q_COMPETENCE_PERFORMERS, VALUES(v_str(procedure_code), v_int(day)), &performers, why));
    struct str *named = ARENA_ARRAY(tx_arena(tx), struct str, performers.count + 1);
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, performers.count + 1);
    size_t named_count = 0, id_count = 0;
    *out = 0;
    for (size_t i = 0; i < performers.count; i++) {
        const struct row *r = &performers.at[i];
        struct str class = row_str(r, PERFORMER_CLASS);
        if (!row_is_null(r, PERFORMER_AGENCY) || is_among(named, named_count, class)) continue;
        named[named_count++] = class;
        *out += count_of_class(classes, class);
    }
    for (size_t i = 0; i < performers.count; i++) {
        const struct row *r = &performers.at[i]; /* one that is not counted with its class */
        if (!row_is_null(r, PERFORMER_AGENCY) && !is_among(named, named_count, row_str(r, PERFORMER_OWN_CLASS)))
            ids[id_count++] = row_int(r, PERFORMER_AGENCY);
    }
    *out += count_distinct(ids, id_count);
    return OK;
}

/* ---- from the levels of the sheets ---- */

/* What a sheet's level stands for until the decree behind it is entered. */
static const struct {
    enum agency_level level;
    const char *class; /* NULL: the ministry itself */
} level_classes[] = {
    {AGENCY_CENTRAL,  NULL                       },
    {AGENCY_PROVINCE, "province_committee"       },
    {AGENCY_PROVINCE, "military_command_province"},
    {AGENCY_COMMUNE,  "commune_committee"        },
    {AGENCY_COMMUNE,  "military_command_commune" },
    {AGENCY_COMMUNE,  "border_post"              },
};

static bool has_level(const struct competence_levels *p, enum agency_level level)
{
    return level == AGENCY_CENTRAL ? p->is_central : level == AGENCY_PROVINCE ? p->is_provincial : p->is_communal;
}

/* What a decree has moved, or somebody entered, stands: a level is only a beginning. */
static enum outcome look_at_entrusted(struct store *s, struct str ministry, const struct competence_levels *procedures,
                                      size_t count, struct agency *out, bool *out_entrusted, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(s, why->arena, &tx, why));
    TRY(agency_find(tx, ministry, out, why));
    for (size_t i = 0; i < count; i++) {
        struct competence *known;
        size_t known_count;
        TRY(competence_of_procedure(tx, procedures[i].procedure_code, &known, &known_count, why));
        out_entrusted[i] = known_count > 0;
    }
    return OK;
}

enum outcome competence_from_levels(struct store *s, struct actor actor, struct str ministry,
                                    const struct competence_levels *procedures, size_t count, int64_t *out_added,
                                    struct fail *why)
{
    struct agency agency;
    bool *is_entrusted = ARENA_ARRAY(why->arena, bool, count + 1);
    TRY(look_at_entrusted(s, ministry, procedures, count, &agency, is_entrusted, why));
    LIST(struct competence) rows = {0};
    for (size_t i = 0; i < count; i++) {
        if (is_entrusted[i]) continue;
        for (size_t n = 0; n < LENGTH(level_classes); n++) {
            if (!has_level(&procedures[i], level_classes[n].level)) continue;
            for (enum competence_role role = PERFORMING; role <= COMPETENT; role++)
                LIST_PUSH(why->arena, rows) = (struct competence){
                    .procedure_code = procedures[i].procedure_code,
                    .role = role,
                    .class = str_from(level_classes[n].class),
                    .agency = level_classes[n].class == NULL ? agency.id : 0,
                    .valid_from = DAY_UNKNOWN,
                    .valid_to = DAY_OPEN,
                    .decree = str_from(COMPETENCE_FROM_SHEET),
                };
        }
    }
    return store_run(s, competence_add, &(struct competence_add){actor, rows.at, rows.count}, out_added, why);
}
