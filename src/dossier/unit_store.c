#include "dossier/unit_store.h"

#include "people/people.h"
#include "queries.h"

static struct unit unit_of_row(const struct row *r)
{
    return (struct unit){.n = row_int(r, 0),
                         .agency = row_int(r, 1),
                         .account = row_int(r, 2),
                         .turn = row_int(r, 3),
                         .asked_version = row_int(r, 4),
                         .question = row_str(r, 5),
                         .asked_at = row_instant(r, 6),
                         .asked_by = row_int(r, 7),
                         .time_us = row_int(r, 8),
                         .due_at = row_instant(r, 9),
                         .opened_at = row_instant(r, 10),
                         .queue = row_int(r, 11),
                         .list_due = row_instant(r, 12),
                         .answered_at = row_instant(r, 13),
                         .answered_by = row_int(r, 14),
                         .opinion = row_str(r, 15),
                         .closed_at = row_instant(r, 16),
                         .closed_version = row_int(r, 17),
                         .closing = row_str(r, 18)};
}

static enum outcome name_unit(struct tx *tx, struct unit *u, struct fail *why)
{
    struct agency agency;
    struct account account;
    TRY(agency_load(tx, u->agency, &agency, why));
    u->agency_identifier = agency.identifier;
    u->agency_name = agency.name;
    if (u->account == 0) return OK;
    TRY(account_load(tx, u->account, &account, why));
    u->login = account.login;
    u->name = account.name;
    return OK;
}

enum outcome units_of(struct tx *tx, int64_t dossier, bool named, struct unit **out, size_t *out_count,
                      struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_UNIT_OF_DOSSIER, VALUES(v_int(dossier)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct unit, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        (*out)[i] = unit_of_row(&rows.at[i]);
        if (named) TRY(name_unit(tx, &(*out)[i], why));
    }
    return OK;
}

enum outcome units_know(struct tx *tx, struct dossier *d, instant_t now, struct fail *why)
{
    struct unit *units;
    size_t count;
    TRY(units_of(tx, d->id, false, &units, &count, why));
    struct asked_unit *asked = ARENA_ARRAY(tx_arena(tx), struct asked_unit, count + 1);
    for (size_t i = 0; i < count; i++)
        asked[i] = (struct asked_unit){.agency = units[i].agency,
                                       .account = units[i].account,
                                       .is_open = unit_state(&units[i], now) == UNIT_OPEN,
                                       .has_answered = units[i].answered_at != INSTANT_NONE};
    d->units = asked;
    d->unit_count = count;
    return OK;
}

enum outcome unit_at(struct tx *tx, int64_t dossier, int64_t list_due, struct unit *out, struct fail *why)
{
    struct unit *units;
    size_t count;
    TRY(units_of(tx, dossier, false, &units, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (units[i].list_due != list_due) continue;
        *out = units[i];
        return OK;
    }
    return ERR_MISSING;
}

enum outcome unit_insert(struct tx *tx, int64_t dossier, const struct unit *u, struct fail *why)
{
    return store_do(tx, Q_UNIT_INSERT,
                    VALUES(v_int(dossier), v_int(u->n), v_int(u->agency), v_int(u->account), v_int(u->turn),
                           v_int(u->asked_version), v_str(u->question), v_instant(u->asked_at), v_int(u->asked_by),
                           v_int(u->time_us), v_instant(u->due_at), v_instant(u->opened_at), v_int(u->queue),
                           v_instant(u->list_due)),
                    NULL, why);
}

enum outcome unit_update(struct tx *tx, int64_t dossier, const struct unit *u, struct fail *why)
{
    return store_do(tx, Q_UNIT_UPDATE,
                    VALUES(v_instant(u->due_at), v_instant(u->opened_at), v_int(u->queue), v_instant(u->list_due),
                           v_instant(u->answered_at), v_int(u->answered_by), v_str(u->opinion), v_instant(u->closed_at),
                           v_int(u->closed_version), v_str(u->closing), v_int(dossier), v_int(u->n)),
                    NULL, why);
}

enum outcome unit_delete(struct tx *tx, int64_t dossier, int64_t n, struct fail *why)
{
    return store_do(tx, Q_UNIT_DELETE, VALUES(v_int(dossier), v_int(n)), NULL, why);
}

enum outcome unit_overdue(struct tx *tx, instant_t now, int64_t *out_dossier, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_UNIT_OVERDUE, VALUES(v_instant(now)), &row, why));
    *out_dossier = row_int(&row, 0);
    return OK;
}
