#include "agency/agency_calendar.h"

#include "base/auto.h"
#include "base/json.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 1024 };

enum outcome agency_calendar_find(struct tx *tx, int64_t agency, day_t day, struct agency_calendar *out,
                                  struct fail *why)
{
    struct row r;
    enum outcome o = store_one(tx, Q_AGENCY_CALENDAR_FIND, VALUES(v_int(agency), v_int(day)), &r, why);
    if (o != OK && o != ERR_MISSING) return o;
    *out = (struct agency_calendar){0};
    if (o == OK) *out = (struct agency_calendar){row_int(&r, 0), (day_t)row_int(&r, 1), row_str(&r, 2)};
    return OK;
}

enum outcome agency_calendar_of(struct calendars *c, struct tx *tx, int64_t agency, day_t day,
                                const struct calendar **out, struct fail *why)
{
    struct agency_calendar found;
    const struct calendar *known = calendars_remembered(c, agency, day);
    if (known == NULL) {
        TRY(agency_calendar_find(tx, agency, day, &found, why));
        if (found.name.len > 0) known = calendars_current(c, found.name);
        if (known == NULL) known = calendars_standard(c);
        calendars_remember(c, agency, day, known);
    }
    *out = known;
    return OK;
}

static enum outcome note_set(struct tx *tx, const struct agency_calendar_set *in, const struct agency *agency,
                             struct fail *why)
{
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str_or_null(&w, "calendar", in->name);
    jw_put_str(&w, "valid_from", day_format(tx_arena(tx), in->valid_from));
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_AGENCY,
                      .subject = agency->id,
                      .version = agency->version + 1,
                      .act = "agency.calendar",
                      .actor = in->actor,
                      .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

enum outcome agency_calendar_set(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct agency_calendar_set *in = input;
    struct agency agency;
    (void)output; /* nothing to say */
    TRY(agency_load(tx, in->agency, &agency, why));
    if (in->version != 0 && in->version != agency.version)
        return fail(why, ERR_STALE, N_("The agency has changed since you saw it."));
    TRY(store_do(
        tx, Q_AGENCY_CALENDAR_PUT,
        VALUES(v_int(in->agency), v_int(in->valid_from), v_str(in->name), v_bool(in->valid_from <= day_of(tx_now(tx)))),
        NULL, why));
    TRY(store_do(tx, Q_AGENCY_TOUCH, VALUES(v_int(in->agency)), NULL, why));
    return note_set(tx, in, &agency, why);
}

enum outcome agency_calendars_begun(struct tx *tx, size_t most, int64_t *out_agencies, size_t *out_count,
                                    struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_AGENCY_CALENDARS_TO_BEGIN, VALUES(v_int(day_of(tx_now(tx))), v_int((int64_t)most)), &rows,
                  why));
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        out_agencies[i] = row_int(&rows.at[i], 0);
        TRY(store_do(tx, Q_AGENCY_CALENDAR_SET_BEGUN, VALUES(v_int(out_agencies[i]), v_int(row_int(&rows.at[i], 1))),
                     NULL, why));
    }
    return OK;
}

enum outcome agencies_with_work(struct tx *tx, int64_t after, size_t most, int64_t *out_ids, size_t *out_count,
                                struct fail *why)
{
    *out_count = 0;
    while (*out_count < most) {
        struct row r; /* one seek an agency: the index is by agency first */
        enum outcome o = store_one(tx, Q_QUEUE_NEXT_AGENCY, VALUES(v_int(after)), &r, why);
        if (o == ERR_MISSING) return OK;
        TRY(o);
        after = out_ids[(*out_count)++] = row_int(&r, 0);
    }
    return OK;
}
