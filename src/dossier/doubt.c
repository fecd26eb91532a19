#include "dossier/doubt.h"

#include "queries.h"

enum { PLACE_BYTES = 64, SOURCE_BYTES = 64 };

/* By the end of the place. */
static const struct {
    const char *end, *label;
} members[] = {
    {"/name",    N_("Full name")},
    {"/phone",   N_("Telephone")},
    {"/email",   N_("E-mail")   },
    {"/address", N_("Address")  },
    {"/value",   N_("Number")   },
};

struct doubt *doubts_read(struct arena *a, yyjson_val *body, size_t *out_count, struct fail *why)
{
    yyjson_val *list = json_get(body, "doubts"), *key, *value;
    size_t i, count;
    *out_count = 0;
    if (list == NULL) return NULL;
    if (!yyjson_is_obj(list) || yyjson_obj_size(list) > DOUBTS_MOST) {
        fail_problem(why, STR("/doubts"), "type", N_("This must be an object."));
        return NULL;
    }
    struct doubt *doubts = ARENA_ARRAY(a, struct doubt, DOUBTS_MOST);
    yyjson_obj_foreach(list, i, count, key, value)
    {
        struct doubt d = {json_text(key), json_text(value)};
        bool is_fine = str_starts(d.place, STR("parties/")) && d.place.len <= PLACE_BYTES && d.source.len > 0 &&
                       d.source.len <= SOURCE_BYTES;
        if (is_fine)
            doubts[(*out_count)++] = d;
        else
            fail_problem(why, STR("/doubts"), "unknown", N_("“{0}” is no place of a party."), d.place);
    }
    return doubts;
}

enum outcome doubts_save(struct tx *tx, int64_t dossier, const struct doubt *doubts, size_t count, struct fail *why)
{
    for (size_t i = 0; i < count; i++)
        TRY(store_do(tx, Q_DOUBT_INSERT, VALUES(v_int(dossier), v_str(doubts[i].place), v_str(doubts[i].source)), NULL,
                     why));
    return OK;
}

enum outcome doubts_of(struct tx *tx, int64_t dossier, struct doubt **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_DOUBT_OF_DOSSIER, VALUES(v_int(dossier)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct doubt, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*out)[i] = (struct doubt){row_str(&rows.at[i], 0), row_str(&rows.at[i], 1)};
    return OK;
}

struct str doubt_source_for_people(struct arena *a, enum language l, struct str source)
{
    if (str_eq(source, STR("account"))) return translate(l, N_("your account"));
    return fail_fill(a, translate(l, N_("dossier {0}")), (const struct str[FAIL_ARGS]){source});
}

struct str doubt_for_people(struct arena *a, enum language l, const struct doubt *d)
{
    struct str label = d->place;
    for (size_t i = 0; i < LENGTH(members); i++)
        if (str_ends(d->place, str_from(members[i].end))) label = translate(l, members[i].label);
    struct str source = str_eq(d->source, STR("account")) ? translate(l, N_("the applicant's account"))
                                                          : doubt_source_for_people(a, l, d->source);
    return str_format(a, "%.*s (%.*s)", STR_ARG(label), STR_ARG(source));
}
