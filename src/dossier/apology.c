#include "dossier/apology.h"

#include "base/language.h"
#include "queries.h"

enum { WORKING_DAYS_MORE = 2 };

struct apology apology_of(struct arena *a, const struct dossier *d, const struct calendar *c, instant_t now)
{
    int64_t more = WORKING_DAYS_MORE * WORKING_DAY_US,
            late = now > d->due_at ? calendar_working_us(c, d->due_at, now) : 0;
    instant_t from = now > d->due_at ? now : d->due_at;
    day_t until = calendar_working_day_from(c, day_of(calendar_add_working(c, from, late > more ? late : more) - 1));
    const struct str args[FAIL_ARGS] = {day_for_people(a, until)};
    return (struct apology){
        .dossier = d->id,
        .due = d->due_at,
        .until = until,
        .reason = fail_fill(a,
                            translate(VIETNAMESE, N_("We apologise: the work on your dossier takes longer than planned "
                                                     "because … (say why). The result will be given on {0}.")),
                            args),
    };
}

enum outcome apology_save(struct tx *tx, const struct apology *p, struct fail *why)
{
    return store_do(
        tx, Q_APOLOGY_PUT,
        VALUES(v_int(p->dossier), v_instant(p->due), v_int(p->until), v_str(p->reason), v_instant(tx_now(tx))), NULL,
        why);
}

enum outcome apology_drop(struct tx *tx, int64_t dossier, struct fail *why)
{
    return store_do(tx, Q_APOLOGY_DELETE, VALUES(v_int(dossier)), NULL, why);
}

enum outcome apology_find(struct tx *tx, int64_t dossier, instant_t due, struct apology *out, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_APOLOGY_OF_DOSSIER, VALUES(v_int(dossier), v_instant(due)), &r, why));
    *out = (struct apology){dossier, due, (day_t)row_int(&r, 0), row_str(&r, 1)};
    return OK;
}
