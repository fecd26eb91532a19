#include "catalogue/procedure_news.h"

#include "agency/competence_move.h"
#include "base/list.h"
#include "catalogue/publication.h"

struct news {
    day_t day;
    struct str sentence;
};

struct telling {
    struct tx *tx;
    enum language language;
    day_t today;
    LIST(struct news) all;
};

static void tell(struct telling *t, day_t day, const char *message, const struct str args[FAIL_ARGS])
{
    struct arena *a = tx_arena(t->tx);
    LIST_PUSH(a, t->all) = (struct news){day, fail_fill(a, translate(t->language, message), args)};
}

/* "Decision 12/QĐ-BQP", or what stands in for it. */
static struct str decision_name(const struct telling *t, const struct decision *d)
{
    return d->number.len > 0 ? d->number : translate(t->language, N_("a decision without a number on record"));
}

static void tell_force(struct telling *t, const struct procedure_ref *ref, const struct publication_row *now)
{
    struct str since = ref->since == DAY_UNKNOWN ? STR_NONE : day_for_people(tx_arena(t->tx), ref->since);
    if (ref->force == PROCEDURE_WITHDRAWN)
        tell(t, ref->since,
             N_("This procedure was withdrawn from {0} ({1}). Dossiers that were taken before go on; new ones are not "
                "taken."),
             (const struct str[FAIL_ARGS]){since, now != NULL ? decision_name(t, &now->decision) : STR_NONE});
    if (ref->force == PROCEDURE_ANNOUNCED)
        tell(t, ref->since, N_("This procedure comes into force on {0}. Until then nobody can apply."),
             (const struct str[FAIL_ARGS]){since});
}

static enum outcome tell_publications(struct telling *t, const struct procedure_ref *ref, struct fail *why)
{
    struct publication_row *rows;
    size_t count;
    TRY(catalogue_publications(t->tx, ref->code, &rows, &count, why));
    tell_force(t, ref, publication_at(rows, count, t->today));
    for (size_t i = 0; i < count; i++) {
        const struct publication_row *r = &rows[i];
        day_t day = r->decision.valid_from;
        if (day <= t->today || publication_at(rows, count, day) != r) continue;
        if (ref->force == PROCEDURE_ANNOUNCED && day == ref->since) continue;
        struct str args[FAIL_ARGS] = {day_for_people(tx_arena(t->tx), day), decision_name(t, &r->decision)};
        tell(t, day,
             r->version_number == 0
                 ? N_("From {0} this procedure is withdrawn ({1}): new dossiers are taken only before that day.")
                 : N_("From {0} a new version of this procedure is in force ({1}). A dossier keeps the version of the "
                      "day on which it is submitted."),
             args);
    }
    return OK;
}

static enum outcome tell_moves(struct telling *t, const struct procedure_ref *ref, struct fail *why)
{
    struct competence_move_row *moves;
    size_t count;
    struct arena *a = tx_arena(t->tx);
    TRY(competence_moves_of(t->tx, ref->code, t->today + 1, INT32_MAX, &moves, &count, why));
    for (size_t i = 0; i < count; i++) {
        const struct competence_move_row *m = &moves[i];
        struct str args[FAIL_ARGS] = {day_for_people(a, m->on), competence_party_for_people(a, t->language, &m->to),
                                      competence_party_for_people(a, t->language, &m->from), m->decree};
        tell(t, m->on,
             N_("From {0} dossiers of this procedure are taken and decided by: {1}. Until then: {2}. By {3}."), args);
    }
    return OK;
}

enum outcome procedure_news(struct tx *tx, enum language l, const struct procedure_ref *ref, struct str **out,
                            size_t *out_count, struct fail *why)
{
    struct telling t = {.tx = tx, .language = l, .today = day_of(tx_now(tx))};
    TRY(tell_publications(&t, ref, why));
    TRY(tell_moves(&t, ref, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct str, t.all.count + 1);
    *out_count = t.all.count;
    for (size_t i = 0; i < t.all.count; i++) {
        size_t at = i; /* a handful: by insertion */
        struct news n = t.all.at[i];
        for (; at > 0 && t.all.at[at - 1].day > n.day; at--) t.all.at[at] = t.all.at[at - 1];
        t.all.at[at] = n;
    }
    for (size_t i = 0; i < t.all.count; i++) (*out)[i] = t.all.at[i].sentence;
    return OK;
}
