#include "counter/appointment.h"

#include <inttypes.h>

#include "agency/agency_calendar.h"
#include "base/auto.h"
#include "base/text.h"
#include "counter/ticket.h"
#include "notice/notice.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 8 * 1024, REMIND_AT_ONCE = 100 };
#define REMIND_AHEAD_US US_PER_DAY

/* ---- rules ---- */

size_t appointment_slots(const struct calendar *c, const struct hall *h, day_t day, instant_t now,
                         instant_t out[SLOTS_OF_A_DAY])
{
    size_t count = 0;
    instant_t open = calendar_day_open(c, day), close = calendar_day_close(c, day);
    int64_t length = h->slot_minutes * US_PER_MINUTE;
    if (open == INSTANT_NONE || length <= 0 || h->slot_places == 0) return 0;
    for (instant_t at = open; at + length <= close && count < SLOTS_OF_A_DAY; at += length)
        if (at > now && calendar_is_open(c, at) && calendar_is_open(c, at + length - 1)) out[count++] = at;
    return count;
}

bool appointment_is_open(const struct appointment *p)
{
    return str_eq(p->state, STR("booked"));
}

struct tag appointment_tag(enum language l, const struct appointment *p)
{
    if (str_eq(p->state, STR("came"))) return tag_of(TAG_DONE, translate(l, N_("Kept")));
    if (str_eq(p->state, STR("missed"))) return tag_of(TAG_LATE, translate(l, N_("Not kept")));
    if (str_eq(p->state, STR("cancelled"))) return tag_of(TAG_STOPPED, translate(l, N_("Cancelled")));
    return tag_of(TAG_WAITING, translate(l, N_("Booked")));
}

struct str slot_for_people(struct arena *a, instant_t at)
{
    int64_t minutes = us_of_day(at) / US_PER_MINUTE;
    return str_format(a, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

/* ---- rows ---- */

static struct appointment appointment_of_row(const struct row *r)
{
    return (struct appointment){
        .id = row_int(r, 0),
        .version = row_int(r, 1),
        .agency = row_int(r, 2),
        .day = (day_t)row_int(r, 3),
        .at = row_instant(r, 4),
        .place = row_int(r, 5),
        .account = row_int(r, 6),
        .procedure_code = row_str(r, 7),
        .state = row_str(r, 8),
        .ticket = row_int(r, 9),
        .booked_at = row_instant(r, 10),
        .ended_at = row_instant(r, 11),
        .reason = row_str(r, 12),
        .name = row_str(r, 13),
        .phone = row_str(r, 14),
        .agency_name = row_str(r, 15),
        .agency_identifier = row_str(r, 16),
    };
}

static void take_rows(struct tx *tx, const struct rows *rows, struct appointment **out, size_t *out_count)
{
    *out = ARENA_ARRAY(tx_arena(tx), struct appointment, rows->count + 1);
    *out_count = rows->count;
    for (size_t i = 0; i < rows->count; i++) (*out)[i] = appointment_of_row(&rows->at[i]);
}

static enum outcome no_appointment(struct fail *why)
{
    return fail(why, ERR_MISSING, N_("There is no such appointment."));
}

enum outcome appointment_load(struct tx *tx, int64_t id, struct appointment *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_APPOINTMENT_BY_ID, VALUES(v_int(id)), &row, why);
    if (found == ERR_MISSING) return no_appointment(why);
    TRY(found);
    *out = appointment_of_row(&row);
    return OK;
}

enum outcome appointments_of_account(struct tx *tx, int64_t account, instant_t since, size_t most,
                                     struct appointment **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_APPOINTMENTS_OF_ACCOUNT, VALUES(v_int(account), v_instant(since), v_int((int64_t)most)), &rows,
                  why));
    take_rows(tx, &rows, out, out_count);
    return OK;
}

enum outcome appointments_of_day(struct tx *tx, int64_t agency, day_t day, struct appointment **out, size_t *out_count,
                                 struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_APPOINTMENTS_OF_DAY, VALUES(v_int(agency), v_int(day), v_int(APPOINTMENTS_OF_A_DAY)), &rows,
                  why));
    take_rows(tx, &rows, out, out_count);
    return OK;
}

enum outcome appointments_taken(struct tx *tx, int64_t agency, day_t since, day_t until, instant_t **out,
                                size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_APPOINTMENT_PLACES, VALUES(v_int(agency), v_int(since), v_int(until)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), instant_t, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) (*out)[i] = row_instant(&rows.at[i], 0);
    return OK;
}

int64_t appointment_places_left(const struct hall *h, const instant_t *taken, size_t count, instant_t at)
{
    int64_t left = h->slot_places;
    for (size_t i = 0; i < count; i++) left -= taken[i] == at;
    return left > 0 ? left : 0;
}

enum outcome appointment_offers(struct tx *tx, struct calendars *c, int64_t agency, day_t day,
                                struct appointment_slot out[SLOTS_OF_A_DAY], size_t *out_count, struct fail *why)
{
    struct hall hall;
    const struct calendar *calendar;
    instant_t slots[SLOTS_OF_A_DAY], *taken;
    size_t taken_count;
    day_t today = day_of(tx_now(tx));
    *out_count = 0;
    TRY(hall_of(tx, agency, &hall, why));
    if (day < today || day > today + (day_t)hall.days_ahead) return OK;
    TRY(agency_calendar_of(c, tx, agency, today, &calendar, why));
    TRY(appointments_taken(tx, agency, day, day, &taken, &taken_count, why));
    size_t count = appointment_slots(calendar, &hall, day, tx_now(tx), slots);
    for (size_t i = 0; i < count; i++)
        out[i] = (struct appointment_slot){slots[i], appointment_places_left(&hall, taken, taken_count, slots[i])};
    *out_count = count;
    return OK;
}

/* ---- the journal ---- */

static enum outcome note(struct tx *tx, struct actor actor, const char *act, const struct appointment *p,
                         struct fail *why)
{
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_id(&w, "agency", p->agency);
    jw_put_instant(&w, "at", p->at);
    jw_put_id(&w, "holder", p->account);
    if (p->procedure_code.len > 0) jw_put_str(&w, "procedure", p->procedure_code);
    if (p->reason.len > 0) jw_put_str(&w, "reason", p->reason);
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_APPOINTMENT,
                      .subject = p->id,
                      .version = p->version,
                      .act = act,
                      .actor = actor,
                      .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

/* ---- booking ---- */

/* One a day at an agency, and a few altogether: places are for everybody. The very same one asked for again is the
 * second click: *out_same is its id, else 0. */
static enum outcome check_others(struct tx *tx, const struct appointment_new *in, int64_t *out_same, struct fail *why)
{
    struct appointment *own;
    size_t count, open = 0;
    *out_same = 0;
    TRY(appointments_of_account(tx, in->actor.account, tx_now(tx) - US_PER_DAY, 50, &own, &count, why));
    for (size_t i = 0; i < count; i++) {
        if (!appointment_is_open(&own[i])) continue;
        if (own[i].at > tx_now(tx)) open++;
        if (own[i].agency != in->agency || own[i].day != day_of(in->at)) continue;
        *out_same = own[i].at == in->at ? own[i].id : 0;
        if (*out_same == 0) return fail(why, ERR_CONFLICT, N_("You have an appointment there on that day already."));
    }
    if (*out_same != 0 || open < APPOINTMENTS_OPEN_MOST) return OK;
    return fail(why, ERR_CONFLICT, N_("You have {0} appointments already. Cancel one that you do not need."),
                str_format(why->arena, "%d", APPOINTMENTS_OPEN_MOST));
}

static enum outcome find_place(struct tx *tx, const struct appointment_new *in, const struct hall *hall, int64_t *out,
                               struct fail *why)
{
    struct rows rows;
    day_t day = day_of(in->at);
    bool is_taken[PLACES_MOST + 1] = {false};
    TRY(store_all(tx, Q_APPOINTMENT_PLACES, VALUES(v_int(in->agency), v_int(day), v_int(day)), &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t place = row_int(&rows.at[i], 1);
        if (row_instant(&rows.at[i], 0) == in->at && place >= 1 && place <= PLACES_MOST) is_taken[place] = true;
    }
    for (int64_t place = 1; place <= hall->slot_places; place++) {
        if (is_taken[place]) continue;
        *out = place;
        return OK;
    }
    return fail(why, ERR_CONFLICT, N_("Somebody has just taken the last place at that time. Choose another one."));
}

static enum outcome insert(struct tx *tx, const struct appointment_new *in, struct appointment *p, struct fail *why)
{
    struct hall hall;
    TRY(hall_of(tx, in->agency, &hall, why));
    TRY(find_place(tx, in, &hall, &p->place, why));
    p->id = tx_new_id(tx);
    TRY(store_do(tx, Q_APPOINTMENT_INSERT,
                 VALUES(v_int(p->id), v_int(p->agency), v_int(p->day), v_instant(p->at), v_int(p->place),
                        v_int(p->account), v_str(p->procedure_code), v_instant(tx_now(tx))),
                 NULL, why));
    return note(tx, in->actor, "appointment.book", p, why);
}

enum outcome appointment_book(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct appointment_new *in = input;
    struct appointment p = {.version = 1,
                            .agency = in->agency,
                            .day = day_of(in->at),
                            .at = in->at,
                            .account = in->actor.account,
                            .procedure_code = in->procedure_code};
    struct replay replay;
    TRY(idempotency_begin(tx, &in->key, &replay, why));
    if (replay.is_found && id_parse(replay.reply, output)) return OK;
    TRY(check_others(tx, in, &p.id, why));
    if (p.id == 0) TRY(insert(tx, in, &p, why));
    *(int64_t *)output = p.id;
    return idempotency_finish(tx, &in->key, 201, str_format(tx_arena(tx), "%" PRId64, p.id), why);
}

/* ---- kept, missed, cancelled ---- */

static const struct {
    const char *state, *act;
} changes[] = {
    [APPOINTMENT_CAME] = {"came",      "appointment.come"  },
    [APPOINTMENT_MISSED] = {"missed",    "appointment.miss"  },
    [APPOINTMENT_CANCELLED] = {"cancelled", "appointment.cancel"},
};

static bool is_holder_of(const struct appointment *p, const struct appointment_end *in)
{
    return in->actor.account == p->account && in->what == APPOINTMENT_CANCELLED;
}

enum outcome appointment_may_end(const struct appointment *p, const struct appointment_end *in, struct fail *why)
{
    bool is_office = in->actor.agency != 0 && in->actor.agency == p->agency;
    return is_holder_of(p, in) || is_office ? OK : no_appointment(why);
}

static enum outcome check_change(struct tx *tx, const struct appointment_end *in, const struct appointment *p,
                                 struct fail *why)
{
    bool is_holder = is_holder_of(p, in);
    TRY(appointment_may_end(p, in, why));
    if (in->version != 0 && in->version != p->version)
        return fail(why, ERR_STALE, N_("The appointment has changed since you saw it."));
    if (!appointment_is_open(p)) return fail(why, ERR_CONFLICT, N_("This appointment is over already."));
    if (in->what == APPOINTMENT_CAME && p->day != day_of(tx_now(tx)))
        return fail(why, ERR_CONFLICT, N_("This appointment is not for today, but for {0}."),
                    instant_for_people(why->arena, p->at));
    if (in->what == APPOINTMENT_MISSED && p->at > tx_now(tx))
        return fail(why, ERR_CONFLICT, N_("This appointment has not begun yet."));
    if (text_length(in->reason) > APPOINTMENT_REASON_MOST)
        return fail(why, ERR_INVALID, N_("At most {0} characters."),
                    str_format(why->arena, "%d", APPOINTMENT_REASON_MOST));
    if (in->what == APPOINTMENT_CANCELLED && !is_holder && in->reason.len == 0)
        return fail(why, ERR_INVALID, N_("Say why it is cancelled: its holder reads it."));
    return OK;
}

/* Who comes at their time is called before those who came without one. */
static enum outcome give_number(struct tx *tx, struct appointment *p, struct fail *why)
{
    struct hall hall;
    struct ticket t;
    TRY(hall_of(tx, p->agency, &hall, why));
    char letter = hall.lines[0].letter;
    struct ticket_take take = {.agency = p->agency, .line = str_of(&letter, 1), .source = STR("appointment")};
    TRY(ticket_take(tx, &take, &t, why));
    p->ticket = t.id;
    return OK;
}

enum outcome appointment_end(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct appointment_end *in = input;
    struct appointment p;
    int64_t changed = 0;
    (void)output; /* there is none */
    TRY(appointment_load(tx, in->id, &p, why));
    TRY(check_change(tx, in, &p, why));
    if (in->what == APPOINTMENT_CAME) TRY(give_number(tx, &p, why));
    p.reason = in->reason;
    TRY(store_do(tx, Q_APPOINTMENT_SET,
                 VALUES(v_str(str_from(changes[in->what].state)), v_int(p.ticket), v_instant(tx_now(tx)),
                        v_str(p.reason), v_int(p.id), v_int(p.version)),
                 &changed, why));
    if (changed == 0) return fail(why, ERR_CONFLICT, N_("This appointment is over already."));
    p.version++;
    return note(tx, in->actor, changes[in->what].act, &p, why);
}

/* ---- reminding and telling ---- */

static enum outcome remind(struct tx *tx, const void *input, void *output, struct fail *why)
{
    struct rows rows;
    size_t *out_count = output;
    (void)input; /* it is a matter of time alone */
    TRY(store_all(tx, Q_APPOINTMENTS_TO_REMIND,
                  VALUES(v_instant(tx_now(tx)), v_instant(tx_now(tx) + REMIND_AHEAD_US), v_int(REMIND_AHEAD_US),
                         v_int(REMIND_AT_ONCE)),
                  &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct appointment p = appointment_of_row(&rows.at[i]);
        int64_t changed = 0;
        TRY(store_do(tx, Q_APPOINTMENT_SET_REMINDED, VALUES(v_instant(tx_now(tx)), v_int(p.id)), &changed, why));
        p.version++;
        if (changed == 1) TRY(note(tx, (struct actor){0}, "appointment.remind", &p, why));
    }
    *out_count = rows.count;
    return OK;
}

enum outcome appointments_remind(struct store *s, struct fail *why)
{
    size_t count;
    do {
        TRY(store_run(s, remind, NULL, &count, why));
    } while (count == REMIND_AT_ONCE);
    return OK;
}

static enum outcome tell(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct appointment p;
    bool is_booked = str_eq(e->act, STR("appointment.book"));
    bool is_told = is_booked || str_eq(e->act, STR("appointment.remind")) || str_eq(e->act, STR("appointment.cancel"));
    if (e->subject_kind != SUBJECT_APPOINTMENT || !is_told) return OK;
    struct fail gone;
    fail_init(&gone, tx_arena(tx));
    enum outcome found = appointment_load(tx, e->subject, &p, &gone);
    if (found == ERR_MISSING) return OK; /* forgotten since */
    if (found != OK) return fail_with(why, found, gone.sentence, gone.args);
    if (e->actor.account == p.account && !is_booked) return OK; /* a booking is confirmed to who made it */
    return notice_tell(tx, p.account, instant_for_people(tx_arena(tx), p.at), e->act, e->at, why);
}

const struct follower appointment_follower = {"appointment", tell, N_("News of appointments")};
