#include "dossier/dossier_brief.h"

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
                                  .is_discreet = d->is_protected};
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

enum outcome party_brief_load(struct tx *tx, int64_t dossier, int64_t n, struct party_brief *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_PARTY_BRIEF, VALUES(v_int(dossier), v_int(n)), &row, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("The dossier has no such party."));
    TRY(found);
    *out = (struct party_brief){row_str(&row, 0), row_str(&row, 1)};
    return OK;
}
