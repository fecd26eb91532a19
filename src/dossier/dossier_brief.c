#include "dossier/dossier_brief.h"

#include "dossier/dossier_store.h"

static struct dossier_brief brief_of(const struct dossier *d)
{
    return (struct dossier_brief){d->id,   d->version,        d->agency,     d->submitter,
                                  d->code, d->procedure_code, (int)d->status};
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
