/* Agencies that become one: the old ones end, the new one goes on with their work. */
#include "agency/agency_store.h"
#include "agency/competence_move.h"
#include "base/auto.h"
#include "base/text.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 4096, SUCCESSORS_MOST = 16 };

static enum outcome note(struct tx *tx, const struct agency_merge *in, const struct agency *old,
                         const struct agency *successor, struct fail *why)
{
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "decree", in->decree);
    jw_put_str(&w, "identifier", old->identifier);
    jw_put_str(&w, "on", day_format(tx_arena(tx), in->on));
    jw_put_str(&w, "successor", successor->identifier);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_AGENCY,
                                          .subject = old->id,
                                          .version = old->version + 1,
                                          .act = "agency.merge",
                                          .actor = in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

static enum outcome merge_one(struct tx *tx, const struct agency_merge *in, int64_t id, const struct agency *successor,
                              struct fail *why)
{
    struct agency old;
    TRY(agency_load(tx, id, &old, why));
    if (old.id == successor->id) return fail(why, ERR_INVALID, N_("{0} cannot be merged into itself."), old.identifier);
    if (!agency_is_in_force(&old, in->on - 1))
        return fail(why, ERR_CONFLICT, N_("{0} is not in force on the day before."), old.identifier);
    if (old.successor != 0)
        return fail(why, ERR_CONFLICT, N_("{0} has been merged into another agency already."), old.identifier);
    TRY(store_do(tx, Q_AGENCY_MERGE, VALUES(v_int(successor->id), v_int(in->on - 1), v_int(old.id)), NULL, why));
    return note(tx, in, &old, successor, why);
}

enum outcome agency_merge(struct tx *tx, const void *input, void *output, struct fail *why)
{
    (void)output; /* there is none */
    const struct agency_merge *in = input;
    struct agency successor;
    if (str_trim(in->decree).len == 0) return fail(why, ERR_INVALID, N_("Name the decree that says so."));
    TRY(agency_load(tx, in->successor, &successor, why));
    if (!agency_is_in_force(&successor, in->on) || successor.valid_to != DAY_OPEN)
        return fail(why, ERR_CONFLICT, N_("{0} is not in force on that day."), successor.name);
    for (size_t i = 0; i < in->old_count; i++) TRY(merge_one(tx, in, in->old[i], &successor, why));
    return OK;
}

enum outcome agency_current(struct tx *tx, int64_t agency, day_t day, int64_t *out, struct fail *why)
{
    struct row row;
    *out = agency;
    for (int i = 0; i < SUCCESSORS_MOST; i++) {
        enum outcome found = store_one(tx, Q_AGENCY_NEXT, VALUES(v_int(*out), v_int(day)), &row, why);
        if (found == ERR_MISSING) return OK; /* it is there itself */
        TRY(found);
        *out = row_int(&row, 0);
    }
    return OK;
}

void agency_current_ahead(struct tx *tx, struct value agency)
{
    store_ahead(tx, Q_AGENCY_NEXT, VALUES(agency, v_int(day_of(tx_now(tx)))));
    store_ahead(tx, Q_AGENCY_BY_ID, VALUES(agency));
}

void agency_line_ahead(struct tx *tx, int64_t agency, day_t day)
{
    store_ahead(tx, Q_AGENCY_BEFORE, VALUES(v_int(agency), v_int(day)));
}

/* Nearly always there is nobody before it. */
enum outcome agency_line(struct tx *tx, int64_t agency, day_t day, int64_t ids[AGENCY_LINE_MOST], size_t *out_count,
                         struct fail *why)
{
    struct rows rows;
    size_t count = 1;
    ids[0] = agency;
    TRY(store_all(tx, Q_AGENCY_BEFORE, VALUES(v_int(agency), v_int(day)), &rows, why));
    if (rows.count > 0)
        TRY(store_all(tx, Q_AGENCY_ALL_BEFORE, VALUES(v_int(agency), v_int(day), v_int(AGENCY_LINE_MOST)), &rows, why));
    for (size_t i = 0; i < rows.count && count < AGENCY_LINE_MOST; i++)
        if (row_int(&rows.at[i], 0) != agency) ids[count++] = row_int(&rows.at[i], 0);
    *out_count = count;
    return OK;
}
