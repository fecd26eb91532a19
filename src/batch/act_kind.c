/*
 * Kind "act": what is done to one dossier at its page or through the interface, done to many. Kind "desk" is the same
 * with everything that an officer holds (absence.h).
 */
#include "base/id.h"
#include "batch/batch_kinds.h"
#include "dossier/act_input.h"
#include "dossier/dossier_brief.h"
#include "queries.h"

static struct str title(struct arena *a, enum language l, const struct batch *b, yyjson_val *parameters)
{
    const struct action *action = action_find(json_str(parameters, "act"));
    struct str count = str_format(a, "%lld", (long long)b->total);
    struct str name = action != NULL ? translate(l, action->title) : json_str(parameters, "act");
    return fail_fill(a, translate(l, N_("{0}: {1} dossiers")), (const struct str[FAIL_ARGS]){name, count});
}

static enum outcome prepare(const struct batch_run *run, const struct batch_item *item, struct batch_call *out,
                            struct fail *why)
{
    const struct action *action = action_find(json_str(run->parameters, "act"));
    struct dossier_brief d;
    struct dossier_view view;
    struct act *act = ARENA_NEW(run->arena, struct act);
    if (action == NULL)
        return fail(why, ERR_MISSING, N_("This program cannot do “{0}” any more."), json_str(run->parameters, "act"));
    TRY(dossier_brief_load(run->tx, item->subject, &d, why));
    TRY(dossier_view_load(run->desk, run->tx, &run->who, d.code, &view, why));
    struct act_call call = {.desk = run->desk,
                            .arena = run->arena,
                            .who = run->who,
                            .action = (enum action_id)(action - actions),
                            .version = item->version != 0 ? item->version : VERSION_OF_VIEW,
                            .body = json_get(run->parameters, "fields")};
    TRY(act_prepare(&call, run->tx, &view, act, why));
    act->batch = run->batch->id;
    *out = (struct batch_call){dossier_act, act, ARENA_NEW(run->arena, struct act_done)};
    return OK;
}

const struct batch_kind act_kind = {"act", title, prepare, NULL};

/* ---- a desk ---- */

static struct str desk_title(struct arena *a, enum language l, const struct batch *b, yyjson_val *parameters)
{
    struct str count = str_format(a, "%lld", (long long)b->total);
    return fail_fill(a, translate(l, N_("Hand over the desk of {0}: {1} dossiers")),
                     (const struct str[FAIL_ARGS]){str_dup(a, json_str(parameters, "name")), count});
}

struct finding {
    batch_found_fn *found_one;
    void *found;
};

static enum outcome take_id(void *context, const struct row *r, struct fail *why)
{
    const struct finding *f = context;
    (void)why; /* nothing can fail */
    f->found_one(f->found, row_int(r, 0));
    return OK;
}

static enum outcome list_desk(const struct batch_run *run, batch_found_fn *found_one, void *found, struct fail *why)
{
    struct finding f = {found_one, found};
    int64_t holder = 0;
    if (!id_parse(json_str(run->parameters, "from"), &holder)) return fail(why, ERR_BUG, NULL);
    return store_each(run->tx, Q_WORKLIST_HELD_AT_AGENCY, VALUES(v_int(holder), v_int(run->batch->actor.agency)),
                      take_id, &f, why);
}

const struct batch_kind desk_kind = {"desk", desk_title, prepare, list_desk};
