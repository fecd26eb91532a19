#include "dossier/dossier_brief.h"

#include "base/json.h"
#include "dossier/dossier_store.h"
#include "queries.h"

static struct dossier_brief brief_of(const struct dossier *d)
{
    return (struct dossier_brief){.id = d->id,
                                  .version = d->version,
                                  .agency = d->agency,
                                  .submitter = d->submitter,
                                  .holder = d->holder,
                                  .code = d->code,
                                  .procedure_code = d->procedure_code,
                                  .status = (int)d->status,
                                  .is_discreet = d->is_protected,
                                  .is_of_authority = str_eq(d->channel, STR("internal"))};
}

enum outcome dossier_brief_load(struct tx *tx, int64_t id, struct dossier_brief *out, struct fail *why)
{
    struct dossier d;
    TRY(dossier_load(tx, id, &d, why));
    *out = brief_of(&d);
    return OK;
}

enum outcome dossier_brief_find(struct tx *tx, struct str code, struct dossier_brief *out, struct fail *why)
{
    struct dossier d;
    TRY(dossier_find(tx, code, &d, why));
    *out = brief_of(&d);
    return OK;
}

bool dossier_undid_unseen(struct arena *a, const struct journal_entry *e)
{
    yyjson_val *payload;
    struct fail ignored;
    fail_init(&ignored, a);
    if (!str_eq(e->act, str_from(actions[ACTION_UNDO].name)) || e->payload.len == 0) return false;
    if (json_read(a, e->payload, &payload, &ignored) != OK) return false;
    const struct action *undone = action_find(json_str(payload, "undone"));
    return undone != NULL && !undone->is_public;
}

enum outcome party_brief_load(struct tx *tx, int64_t dossier, int64_t n, struct party_brief *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_PARTY_BRIEF, VALUES(v_int(dossier), v_int(n)), &row, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("The dossier has no such party."));
    TRY(found);
    *out = (struct party_brief){row_str(&row, 0), row_str(&row, 1)};
    return OK;
}

enum outcome dossier_watch(struct tx *tx, int64_t id, struct dossier *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_DOSSIER_SUMMARY, VALUES(v_int(id)), &row, why));
    *out = dossier_of_row(&row);
    return OK;
}
