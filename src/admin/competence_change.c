#include "admin/competence_change.h"

#include "batch/transfer.h"
#include "catalogue/catalogue.h"
#include "http/once.h"
#include "people/people.h"

/* A missing thing becomes a problem at its place; other failures are passed on. */
static enum outcome note_missing(enum outcome found, struct str pointer, const struct fail *missing, struct fail *why)
{
    if (found == OK) return OK;
    if (found != ERR_MISSING && found != ERR_INVALID) return fail_with(why, found, missing->sentence, missing->args);
    fail_problem_with(why, pointer, "unknown", missing->sentence, missing->args);
    return OK;
}

static enum outcome read_party(struct tx *tx, struct str text, const char *pointer, struct competence_party *out,
                               struct fail *why)
{
    struct fail missing;
    fail_init(&missing, why->arena);
    if (text.len == 0) {
        fail_problem(why, str_from(pointer), "required", N_("This has to be filled in."));
        return OK;
    }
    return note_missing(competence_party_find(tx, text, out, &missing), str_from(pointer), &missing, why);
}

static enum outcome read_procedures(struct tx *tx, const struct competence_text *text, struct fail *why)
{
    struct procedure_ref ref;
    for (size_t i = 0; i < text->procedure_count; i++) {
        struct fail missing;
        fail_init(&missing, why->arena);
        struct str pointer = str_format(why->arena, "/procedures/%zu", i);
        TRY(note_missing(catalogue_find(tx, text->procedures[i], &ref, &missing), pointer, &missing, why));
    }
    return OK;
}

static void read_words(const struct competence_text *text, struct competence_move_new *in, struct fail *why)
{
    in->moves_in_flight = str_eq(text->in_flight, STR("move"));
    if (!in->moves_in_flight && !str_eq(text->in_flight, STR("stay")))
        fail_problem(why, STR("/in_flight"), "required",
                     N_("Say what the decree says of open dossiers: they stay or move."));
    (void)day_or_problem(text->on, STR("/on"), &in->on, why); /* all problems are told at once */
}

enum outcome competence_change(struct request *rq, const struct competence_text *text, int64_t *out_move,
                               struct fail *why)
{
    struct competence_move_new in = {.actor = people_actor(rq),
                                     .procedures = text->procedures,
                                     .procedure_count = text->procedure_count,
                                     .decree = text->decree};
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(read_procedures(tx, text, why));
        TRY(read_party(tx, text->from, "/from", &in.from, why));
        TRY(read_party(tx, text->to, "/to", &in.to, why));
    }
    read_words(text, &in, why);
    TRY(fail_if_problems(why));
    TRY(request_once(rq, app_store(rq->app), competence_move, &in, out_move, why));
    return transfers_begin(app_store(rq->app), why);
}
