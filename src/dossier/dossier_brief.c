#include "dossier/dossier_brief.h"

#include "dossier/dossier_store.h"

enum outcome dossier_brief_load(struct tx *tx, int64_t id, struct dossier_brief *out, struct fail *why)
{
    struct dossier d;
    TRY(dossier_load(tx, id, &d, why));
    *out = (struct dossier_brief){d.id, d.agency, d.submitter, d.code, d.procedure_code, (int)d.status};
    return OK;
}
