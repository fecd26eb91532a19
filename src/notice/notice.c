#include "notice/notice.h"

#include "base/json.h"
#include "dossier/action.h"
#include "dossier/dossier_brief.h"
#include "notice/outbox.h"
#include "queries.h"

/* ---- the follower ---- */

static enum outcome add(struct tx *tx, const struct journal_entry *e, const struct dossier_brief *d, int64_t account,
                        struct fail *why)
{
    return store_do(
        tx, Q_NOTICE_INSERT,
        VALUES(v_int(account), v_int(tx_new_id(tx)), v_int(d->id), v_str(d->code), v_str(e->act), v_instant(e->at)),
        NULL, why);
}

enum outcome notice_tell(struct tx *tx, int64_t account, struct str words, struct str event, instant_t at,
                         struct fail *why)
{
    const struct notice_event *e = event_find(event);
    if (e == NULL || e->page == NULL) BUG("a notice of an event without a page");
    return store_do(tx, Q_NOTICE_INSERT,
                    VALUES(v_int(account), v_int(tx_new_id(tx)), v_int(0), v_str(words), v_str(event), v_instant(at)),
                    NULL, why);
}

/* What an office did and the applicant may know; nobody is told what they did themselves. */
static bool is_told(const struct journal_entry *e, const struct action *action, const struct dossier_brief *d)
{
    return action != NULL && action->is_public && action->doer != BY_APPLICANT && e->actor.account != d->submitter;
}

/* What is addressed to officers: reminders, and what an applicant wrote. */
static enum outcome remind(struct tx *tx, const struct journal_entry *e, const struct dossier_brief *d,
                           struct fail *why)
{
    int64_t to[REMINDED_MOST];
    size_t count = outbox_reminded(tx, e, to);
    for (size_t i = 0; i < count; i++) TRY(add(tx, e, d, to[i], why));
    return OK;
}

/* Covering for one another: who is asked or charged is told, and who asked hears the answer. The entry stands at the
 * account of who is away. */
static enum outcome tell_absence(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    yyjson_val *payload;
    struct fail erased;
    int64_t to = e->subject;
    bool is_answer = str_eq(e->act, STR("absence.accept")) || str_eq(e->act, STR("absence.decline"));
    if (event_find(e->act) == NULL) return OK;
    fail_init(&erased, tx_arena(tx));
    if (json_read(tx_arena(tx), e->payload, &payload, &erased) != OK) return OK;
    if (!is_answer && !id_parse(json_str(payload, "substitute"), &to)) return OK;
    if (to == e->actor.account) return OK; /* nobody is told what they did themselves */
    day_t from;
    if (day_parse(json_str(payload, "from"), &from, &erased) != OK) return OK;
    return notice_tell(tx, to, day_for_people(tx_arena(tx), from), e->act, e->at, why);
}

/* What an authority does of its own motion is told to whoever it concerns, when they have an account with the number of
 * the party and an officer has compared their card: a number that was typed opens nothing. The decision itself is in
 * their store (vault_follower.h). */
static enum outcome tell_concerned(struct tx *tx, const struct journal_entry *e, const struct dossier_brief *d,
                                   struct fail *why)
{
    struct rows rows;
    struct str event = str_format(tx_arena(tx), "concerned.%.*s", STR_ARG(e->act));
    if (!d->is_of_authority || d->is_discreet || event_find(event) == NULL) return OK;
    TRY(store_all(tx, Q_NOTICE_CONCERNED, VALUES(v_int(d->id)), &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        int64_t account = row_int(&rows.at[i], 0);
        if (account != e->actor.account) TRY(notice_tell(tx, account, d->code, event, e->at, why));
    }
    return OK;
}

static enum outcome take(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct dossier_brief d;
    if (e->subject_kind == SUBJECT_ACCOUNT && str_starts(e->act, STR("absence."))) return tell_absence(tx, e, why);
    const struct action *action = e->subject_kind == SUBJECT_DOSSIER ? action_find(e->act) : NULL;
    if (action == NULL && e->subject_kind == SUBJECT_DOSSIER) action = action_of_system(e->act);
    bool is_reminder = outbox_is_reminder(e);
    if (!is_reminder && (action == NULL || !action->is_public || event_find(e->act) == NULL)) return OK;
    enum outcome found = dossier_brief_load(tx, e->subject, &d, why);
    if (found == ERR_MISSING) return OK; /* disposed of since: there is nothing to look at */
    TRY(found);
    if (is_reminder || outbox_is_from_applicant(tx, e)) return remind(tx, e, &d, why);
    if (dossier_undid_unseen(tx_arena(tx), e)) return OK;
    TRY(tell_concerned(tx, e, &d, why));
    return is_told(e, action, &d) ? add(tx, e, &d, d.submitter, why) : OK;
}

const struct follower notice_follower = {"notice", take, N_("Notices inside the program")};

/* ---- reading and seeing ---- */

enum outcome notices_of_account(struct tx *tx, int64_t account, int64_t before, size_t most, struct notice **out,
                                size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_NOTICE_OF_ACCOUNT, VALUES(v_int(account), v_int(before), v_int((int64_t)most)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct notice, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        (*out)[i] = (struct notice){
            .id = row_int(r, 0),
            .dossier = row_int(r, 1),
            .code = row_str(r, 2),
            .event = event_find(row_str(r, 3)),
            .at = row_instant(r, 4),
            .seen_at = row_instant(r, 5),
        };
        if ((*out)[i].event == NULL) (*out)[i].event = &unknown_event;
    }
    return OK;
}

void notice_unread_ahead(struct tx *tx, int64_t account)
{
    store_ahead(tx, Q_NOTICE_UNREAD_COUNT, VALUES(v_int(account), v_int(UNREAD_MOST)));
}

enum outcome notice_unread(struct tx *tx, int64_t account, int64_t *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_NOTICE_UNREAD_COUNT, VALUES(v_int(account), v_int(UNREAD_MOST)), &row, why));
    *out = row_int(&row, 0);
    return OK;
}

enum outcome notice_see(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct notice_seen *in = input;
    int64_t changed = 0;
    (void)output; /* there is none */
    TRY(store_do(tx, in->up_to ? Q_NOTICE_SEE_ALL : Q_NOTICE_SEE,
                 VALUES(v_instant(tx_now(tx)), v_int(in->account), v_int(in->id)), &changed, why));
    if (changed == 0 && !in->up_to) return fail(why, ERR_MISSING, N_("There is no such notice."));
    return OK;
}

enum outcome notice_see_about(struct tx *tx, int64_t account, int64_t dossier, const char *act, struct fail *why)
{
    return store_do(tx, Q_NOTICE_SEE_ABOUT,
                    VALUES(v_instant(tx_now(tx)), v_int(account), v_int(dossier), v_str(str_from(act))), NULL, why);
}
