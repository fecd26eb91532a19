#include "batch/batch_view.h"

#include "agency/permission.h"
#include "dossier/dossier_brief.h"
#include "http/http.h"

/* What a person can do about a refusal, by its code. */
static const struct {
    const char *code, *advice;
} advices[] = {
    {"stale",    N_("Open the dossier, look at what was changed, and act on it there.")           },
    {"conflict", N_("Open the dossier: it may be done already, or something else comes first.")   },
    {"denied",   N_("Ask somebody whose post includes this, or have the dossier assigned to you.")},
    {"invalid",  N_("Do it again with what is to be corrected, for the dossiers that are left.")  },
    {"missing",  N_("The dossier has left your agency; there is nothing for you to do with it.")  },
};

struct batch_reader batch_reader_of(const struct request *rq)
{
    return (struct batch_reader){rq->visitor.account, rq->visitor.agency,
                                 permission_is_in(rq->visitor.permissions, PERMIT_DOSSIER_APPROVE)};
}

static const char *advice_of(struct str code)
{
    for (size_t i = 0; i < LENGTH(advices); i++)
        if (str_eq(code, str_from(advices[i].code))) return advices[i].advice;
    return N_("Open the dossier and act on it there.");
}

void batch_view_of(const struct batches *b, struct arena *a, enum language l, const struct batch *batch,
                   struct batch_view *out)
{
    const struct batch_kind *kind = batches_kind(b, batch->kind);
    yyjson_val *parameters;
    struct fail broken;
    fail_init(&broken, a);
    *out = (struct batch_view){.batch = *batch, .title = batch->kind};
    if (kind == NULL || json_read(a, batch->parameters, &parameters, &broken) != OK) return;
    out->title = kind->title(a, l, batch, parameters);
    out->act = str_dup(a, json_str(parameters, "act"));
}

enum outcome item_views(struct tx *tx, enum language l, const struct batch_item *items, size_t count,
                        struct item_view **out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    *out = ARENA_ARRAY(a, struct item_view, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct item_view *v = &(*out)[i];
        struct dossier_brief d;
        *v = (struct item_view){.item = items[i]};
        enum outcome found = dossier_brief_load(tx, items[i].subject, &d, why);
        if (found != ERR_MISSING) TRY(found); /* disposed of since: it has no code any more */
        if (found == OK) v->dossier = d.code;
        if (items[i].state != ITEM_REFUSED) continue;
        v->said = batch_reason(a, l, items[i].why, &v->code);
        v->advice = translate(l, advice_of(v->code));
    }
    return OK;
}
