#include "notice/outbox.h"

#include <inttypes.h>

#include "base/json.h"
#include "dossier/dossier_brief.h"
#include "notice/endpoint.h"
#include "notice/mail_wish.h"
#include "notice/message.h"
#include "queries.h"

/* A digest is sent at seven in the morning, local time. */
#define DIGEST_AT (7 * US_PER_HOUR)

/* ---- reading an entry: its payload is small and was written by this program ---- */

bool outbox_is_reminder(const struct journal_entry *e)
{
    const struct notice_event *event = event_find(e->act);
    return e->subject_kind == SUBJECT_DOSSIER && event != NULL && event->kind == KIND_REMINDER;
}

bool outbox_is_from_applicant(struct tx *tx, const struct journal_entry *e)
{
    yyjson_val *payload;
    struct fail ignored;
    fail_init(&ignored, tx_arena(tx));
    if (!str_eq(e->act, STR("message")) || e->payload.len == 0) return false;
    return json_read(tx_arena(tx), e->payload, &payload, &ignored) == OK &&
           str_eq(json_str(payload, "side"), STR("applicant"));
}

static yyjson_val *payload_list(struct tx *tx, const struct journal_entry *e, const char *key)
{
    yyjson_val *payload;
    struct fail ignored;
    fail_init(&ignored, tx_arena(tx));
    if (e->payload.len == 0 || json_read(tx_arena(tx), e->payload, &payload, &ignored) != OK) return NULL; /* erased */
    yyjson_val *list = json_get(payload, key);
    return yyjson_is_arr(list) ? list : NULL;
}

size_t outbox_reminded(struct tx *tx, const struct journal_entry *e, int64_t out[REMINDED_MOST])
{
    yyjson_val *item, *list = payload_list(tx, e, "to");
    size_t count = 0, i, all;
    if (list == NULL) return 0;
    yyjson_arr_foreach(list, i, all, item)
    {
        if (count < REMINDED_MOST && id_parse(json_text(item), &out[count])) count++;
    }
    return count;
}

/* ---- webhooks ---- */

static enum outcome tell_endpoints(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct endpoint *endpoints;
    size_t count;
    TRY(endpoints_live(tx, &endpoints, &count, why));
    if (count == 0) return OK;
    struct str type = event_type(tx_arena(tx), e);
    int64_t agency = 0, dossier = e->subject_kind == SUBJECT_DOSSIER ? e->subject : 0;
    struct dossier_brief d;
    if (dossier != 0) {
        enum outcome found = dossier_brief_load(tx, dossier, &d, why);
        if (found == ERR_MISSING) return OK; /* disposed of since */
        TRY(found);
        if (d.is_discreet) return OK; /* not even that it exists */
        agency = d.agency;
    }
    for (size_t i = 0; i < count; i++) {
        if (!endpoint_takes(&endpoints[i], type, agency, e->at)) continue;
        TRY(message_add(tx,
                        &(struct message_new){.lane = endpoints[i].id,
                                              .dossier = dossier,
                                              .position = e->position,
                                              .event = type,
                                              .next_at = INSTANT_NONE},
                        why));
    }
    return OK;
}

/* ---- letters ---- */

static enum outcome add_letter(struct tx *tx, const struct journal_entry *e, int64_t account, int64_t party,
                               struct fail *why)
{
    return message_add(tx,
                       &(struct message_new){.lane = LANE_MAIL,
                                             .account = account,
                                             .party = party,
                                             .dossier = e->subject_kind == SUBJECT_DOSSIER ? e->subject : 0,
                                             .position = e->position,
                                             .event = e->act,
                                             .next_at = INSTANT_NONE},
                       why);
}

static enum outcome tell_account(struct tx *tx, const struct journal_entry *e, const struct notice_event *event,
                                 int64_t account, struct fail *why)
{
    struct mail_wish wish;
    if (account == 0 || (account == e->actor.account && !event->tells_doer)) return OK;
    enum outcome found = mail_wish_load(tx, account, &wish, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    if (wish.is_officer || !mail_wish_takes(&wish, event->kind) || e->at < wish.confirmed_at) return OK;
    return add_letter(tx, e, account, 0, why);
}

/* The submission says which parties agreed to letters. */
static enum outcome add_parties(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    if (!str_has(e->payload, STR("\"mail\":"))) return OK;
    yyjson_val *item, *list = payload_list(tx, e, "mail");
    size_t i, count;
    if (list == NULL) return OK;
    yyjson_arr_foreach(list, i, count, item)
    {
        TRY(store_do(tx, Q_MAIL_PARTY_ADD, VALUES(v_int(e->subject), v_int(yyjson_get_sint(item))), NULL, why));
        TRY(add_letter(tx, e, 0, yyjson_get_sint(item), why));
    }
    return OK;
}

static enum outcome tell_parties(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_MAIL_PARTY_LIST, VALUES(v_int(e->subject)), &rows, why));
    for (size_t i = 0; i < rows.count; i++)
        if (row_is_null(&rows.at[i], 1)) TRY(add_letter(tx, e, 0, row_int(&rows.at[i], 0), why));
    return OK;
}

/* The next seven o'clock. */
static instant_t digest_at(instant_t now)
{
    instant_t today = day_start(day_of(now)) + DIGEST_AT;
    return now < today ? today : today + US_PER_DAY;
}

static enum outcome add_digest(struct tx *tx, int64_t account, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_MESSAGE_DIGEST_WAITING, VALUES(v_int(account)), &row, why);
    if (found != ERR_MISSING) return found; /* the one of tomorrow will tell it */
    return message_add(
        tx,
        &(struct message_new){
            .lane = LANE_MAIL, .account = account, .event = STR("digest"), .next_at = digest_at(tx_now(tx))},
        why);
}

static enum outcome remind(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    int64_t to[REMINDED_MOST];
    size_t count = outbox_reminded(tx, e, to);
    for (size_t i = 0; i < count; i++) {
        struct mail_wish wish;
        enum outcome found = mail_wish_load(tx, to[i], &wish, why);
        if (found == ERR_MISSING) continue;
        TRY(found);
        if (!mail_wish_takes(&wish, KIND_REMINDER)) continue;
        TRY(wish.is_digest ? add_digest(tx, to[i], why) : add_letter(tx, e, to[i], 0, why));
    }
    return OK;
}

/* Whose appointment it is stands in the entry. */
static enum outcome tell_holder(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    int64_t holder = 0;
    yyjson_val *payload;
    struct fail erased;
    fail_init(&erased, tx_arena(tx));
    const struct notice_event *event = event_find(e->act);
    if (event == NULL || json_read(tx_arena(tx), e->payload, &payload, &erased) != OK) return OK;
    return id_parse(json_str(payload, "holder"), &holder) ? tell_account(tx, e, event, holder, why) : OK;
}

static enum outcome tell_people(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    if (e->subject_kind == SUBJECT_ACCOUNT && str_eq(e->act, STR(ACT_MAIL_ASK)))
        return message_add(
            tx,
            &(struct message_new){
                .account = e->subject, .position = e->position, .event = STR("confirm"), .next_at = INSTANT_NONE},
            why);
    if (e->subject_kind == SUBJECT_APPOINTMENT) return tell_holder(tx, e, why);
    const struct notice_event *event = e->subject_kind == SUBJECT_DOSSIER ? event_find(e->act) : NULL;
    if (event == NULL || dossier_undid_unseen(tx_arena(tx), e)) return OK;
    if (event->kind == KIND_REMINDER) return remind(tx, e, why);
    if (outbox_is_from_applicant(tx, e)) return OK; /* officers read it at their desk */
    if (str_eq(e->act, STR("submit"))) {
        TRY(add_parties(tx, e, why));
        return tell_account(tx, e, event, e->actor.account, why);
    }
    struct dossier_brief d;
    enum outcome found = dossier_brief_load(tx, e->subject, &d, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    TRY(tell_account(tx, e, event, d.submitter, why));
    return tell_parties(tx, e, why);
}

static enum outcome take(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    TRY(tell_endpoints(tx, e, why));
    return tell_people(tx, e, why);
}

const struct follower message_follower = {"message", take, N_("Letters, and messages to programs")};
