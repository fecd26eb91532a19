#include "batch/transfer.h"

#include "agency/competence_move.h"
#include "base/auto.h"
#include "base/id.h"
#include "dossier/act_input.h"
#include "dossier/dossier_brief.h"
#include "queries.h"

enum { SCRATCH_BYTES = 4 * 1024 * 1024 };

static enum outcome load_move(struct tx *tx, yyjson_val *parameters, struct competence_move_row *out, struct fail *why)
{
    int64_t id = 0;
    if (!id_parse(json_str(parameters, "move"), &id))
        return fail(why, ERR_MISSING, N_("This move of competence is not known."));
    return competence_move_load(tx, id, out, why);
}

static struct str title(struct arena *a, enum language l, const struct batch *b, yyjson_val *parameters)
{
    struct str count = str_format(a, "%lld", (long long)b->total);
    return fail_fill(a, translate(l, N_("Transferred to the newly competent agency by {0}: {1} dossiers")),
                     (const struct str[FAIL_ARGS]){json_str(parameters, "decree"), count});
}

/* ---- which ---- */

struct finding {
    batch_found_fn *found_one;
    void *found;
};

static enum outcome take_id(void *context, const struct row *r, struct fail *why)
{
    (void)why; /* nothing can fail */
    const struct finding *f = context;
    f->found_one(f->found, row_int(r, 0));
    return OK;
}

static enum outcome list(const struct batch_run *run, batch_found_fn *found_one, void *found, struct fail *why)
{
    struct competence_move_row move;
    struct finding f = {found_one, found};
    TRY(load_move(run->tx, run->parameters, &move, why));
    for (size_t i = 0; i < move.procedure_count; i++) {
        if (move.from.agency != 0)
            TRY(store_each(run->tx, Q_DOSSIER_IN_FLIGHT_OF_AGENCY,
                           VALUES(v_int(move.from.agency), v_str(move.procedures[i])), take_id, &f, why));
        else
            TRY(store_each(run->tx, Q_DOSSIER_IN_FLIGHT_OF_CLASS,
                           VALUES(v_str(move.from.class), v_str(move.procedures[i])), take_id, &f, why));
    }
    return OK;
}

/* ---- one ---- */

/* The system acts in the name of the agency that gives the dossier away. */
static struct standing giver(const struct batch_run *run, int64_t agency)
{
    struct standing who = run->who;
    who.account = 0;
    who.agency = agency;
    who.role = STR("");
    who.permissions = PERMISSION_BIT(PERMIT_DOSSIER_READ) | PERMISSION_BIT(PERMIT_DOSSIER_ASSIGN);
    return who;
}

static enum outcome find_target(const struct batch_run *run, const struct dossier_brief *d, struct instead *out,
                                struct fail *why)
{
    struct agency old;
    TRY(agency_load(run->tx, d->agency, &old, why));
    enum outcome found = competence_instead(run->tx, d->procedure_code, &old, day_of(tx_now(run->tx)), out, why);
    if (found == ERR_MISSING || (found == OK && out->agency.id == 0))
        return fail(why, ERR_CONFLICT, N_("No single agency took over from {0}: somebody has to choose the new one."),
                    old.name);
    return found;
}

static enum outcome fields_of(const struct batch_run *run, const struct instead *target, yyjson_val **out,
                              struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, 4096);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "to", target->agency.identifier);
    jw_put_str(&w, "reason", target->decree);
    jw_close(&w);
    return json_read(run->arena, str_dup(run->arena, buf_str(&text)), out, why);
}

static enum outcome prepare(const struct batch_run *run, const struct batch_item *item, struct batch_call *out,
                            struct fail *why)
{
    struct dossier_brief d;
    struct dossier_view view;
    struct instead target;
    yyjson_val *fields;
    struct act *act = ARENA_NEW(run->arena, struct act);
    TRY(dossier_brief_load(run->tx, item->subject, &d, why));
    TRY(find_target(run, &d, &target, why));
    TRY(fields_of(run, &target, &fields, why));
    struct act_call call = {.desk = run->desk,
                            .arena = run->arena,
                            .who = giver(run, d.agency),
                            .action = ACTION_TRANSFER,
                            .version = VERSION_OF_VIEW,
                            .body = fields};
    TRY(dossier_view_load(run->desk, run->tx, &call.who, d.code, &view, why));
    TRY(act_prepare(&call, run->tx, &view, act, why));
    act->batch = run->batch->id;
    *out = (struct batch_call){dossier_act, act, ARENA_NEW(run->arena, struct act_done)};
    return OK;
}

const struct batch_kind transfer_kind = {"transfer", title, prepare, list};

/* ---- beginning ---- */

static enum outcome begin(struct tx *tx, const void *input, void *output, struct fail *why)
{
    (void)output; /* there is none */
    int64_t move = *(const int64_t *)input;
    struct competence_move_row row;
    struct batch_started started;
    TRY(competence_move_load(tx, move, &row, why));
    if (row.batch != 0) return OK;
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, 4096);
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "decree", row.decree);
    jw_put_id(&w, "move", move);
    jw_close(&w);
    struct batch_new batch = {.kind = transfer_kind.name, .parameters = buf_str(&text)};
    TRY(batch_start(tx, &batch, &started, why));
    return competence_move_set_batch(tx, &(struct competence_move_batch){move, started.id}, NULL, why);
}

enum outcome transfers_begin(struct store *s, struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    int64_t *due;
    size_t count;
    arena_init(&scratch, SCRATCH_BYTES);
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(s, &scratch, &tx, why));
        TRY(competence_moves_due(tx, &due, &count, why));
    }
    for (size_t i = 0; i < count; i++) TRY(store_run(s, begin, &due[i], NULL, why));
    return OK;
}
