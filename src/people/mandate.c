#include "people/mandate.h"

#include "agency/role.h"
#include "base/text.h"
#include "people/people.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 4096, FIELD_TOLD = 300 };

bool mandate_is_in_force(const struct mandate *m, day_t day)
{
    return str_eq(m->state, STR("accepted")) && m->valid_from <= day && day <= m->valid_to;
}

static struct mandate mandate_of_row(const struct row *r)
{
    return (struct mandate){
        .id = row_int(r, 0),
        .giver = row_int(r, 1),
        .taker = row_int(r, 2),
        .field = row_str(r, 3),
        .valid_from = (day_t)row_int(r, 4),
        .valid_to = (day_t)row_int(r, 5),
        .state = row_str(r, 6),
        .giver_name = row_str(r, 7),
        .taker_name = row_str(r, 8),
        .given_at = row_instant(r, 9),
    };
}

static struct mandate *mandates_of_rows(struct arena *a, const struct rows *rows)
{
    struct mandate *list = ARENA_ARRAY(a, struct mandate, rows->count + 1);
    for (size_t i = 0; i < rows->count; i++) list[i] = mandate_of_row(&rows->at[i]);
    return list;
}

enum outcome mandates_of_account(struct tx *tx, int64_t account, struct mandate **out, size_t *out_count,
                                 struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_MANDATE_OF_ACCOUNT, VALUES(v_int(account), v_int(2 * MANDATES_MOST)), &rows, why));
    *out = mandates_of_rows(tx_arena(tx), &rows);
    *out_count = rows.count;
    return OK;
}

enum outcome mandates_in_force(struct tx *tx, int64_t taker, struct str field, struct mandate **out, size_t *out_count,
                               struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_MANDATE_IN_FORCE,
                  VALUES(v_int(taker), v_int(day_of(tx_now(tx))), v_str(field), v_int(MANDATES_MOST)), &rows, why));
    *out = mandates_of_rows(tx_arena(tx), &rows);
    *out_count = rows.count;
    return OK;
}

enum outcome mandate_find_in_force(struct tx *tx, int64_t taker, struct str field, int64_t id, struct mandate *out,
                                   struct fail *why)
{
    struct mandate *list;
    size_t count;
    TRY(mandates_in_force(tx, taker, field, &list, &count, why));
    for (size_t i = 0; i < count; i++)
        if (list[i].id == id) {
            *out = list[i];
            return OK;
        }
    return fail(why, ERR_MISSING, N_("There is no such authorisation."));
}

const char *mandate_state_label(const struct mandate *m, day_t today)
{
    if (mandate_is_in_force(m, today)) return N_("In force");
    if (str_eq(m->state, STR("offered"))) return N_("Waits for an answer");
    if (str_eq(m->state, STR("refused"))) return N_("Refused");
    if (str_eq(m->state, STR("accepted")) && today < m->valid_from) return N_("Not yet in force");
    return N_("The authority has ended");
}

struct str mandate_for_people(struct arena *a, enum language l, const struct mandate *m, day_t today)
{
    struct str from = day_for_people(a, m->valid_from), to = day_for_people(a, m->valid_to);
    struct str scope = m->field.len > 0 ? m->field : translate(l, N_("All procedures"));
    struct str state = translate(l, mandate_state_label(m, today));
    return str_format(a, "%.*s; %.*s; %.*s – %.*s; %.*s", STR_ARG(m->giver_name), STR_ARG(scope), STR_ARG(from),
                      STR_ARG(to), STR_ARG(state));
}

enum outcome mandate_of_filing(struct tx *tx, int64_t dossier, struct mandate *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_MANDATE_OF_FILING, VALUES(v_int(dossier)), &row, why));
    *out = mandate_of_row(&row);
    return OK;
}

/* ---- commands ---- */

enum outcome mandate_note_filing(struct tx *tx, int64_t dossier, int64_t mandate, int64_t taker, struct fail *why)
{
    int64_t changed;
    TRY(store_do(tx, Q_MANDATE_FILING_INSERT,
                 VALUES(v_int(dossier), v_int(mandate), v_int(taker), v_int(day_of(tx_now(tx)))), &changed, why));
    if (changed == 1) return OK;
    return fail(why, ERR_CONFLICT, N_("The authorisation has ended, or is not for you or for this procedure."));
}

/* Under the giver's account, whose matter it is. */
static enum outcome append(struct tx *tx, const struct mandate *m, const char *act, struct actor actor,
                           struct fail *why)
{
    struct json_writer w;
    struct account giver;
    TRY(account_load(tx, m->giver, &giver, why));
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "field", text_shorten(tx_arena(tx), m->field, FIELD_TOLD));
    jw_put_id(&w, "mandate", m->id);
    jw_put_id(&w, "taker", m->taker);
    jw_put_str(&w, "valid_from", day_format(tx_arena(tx), m->valid_from));
    jw_put_str(&w, "valid_to", day_format(tx_arena(tx), m->valid_to));
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_ACCOUNT,
                                          .subject = m->giver,
                                          .version = giver.version,
                                          .act = act,
                                          .actor = actor,
                                          .payload = str_dup(tx_arena(tx), buf_str(&payload))},
                          NULL, why);
}

enum outcome mandate_knows(struct tx *tx, int64_t account, bool *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_ACCOUNT_CHECK_OF, VALUES(v_int(account)), &row, why);
    *out = found == OK;
    return found == ERR_MISSING ? OK : found;
}

/* Who acts and for whom must be known persons: seen with the card at the counter. */
static enum outcome must_be_known(struct tx *tx, int64_t account, const char *sentence, struct fail *why)
{
    bool is_known;
    TRY(mandate_knows(tx, account, &is_known, why));
    return is_known ? OK : fail(why, ERR_CONFLICT, sentence);
}

static enum outcome find_taker(struct tx *tx, const struct mandate_new *in, struct account *out, struct fail *why)
{
    TRY(account_find(tx, in->taker_login, out, why));
    if (out->id == in->giver) return fail(why, ERR_CONFLICT, N_("Nobody needs an authorisation of their own."));
    if (role_of_account_kind(out->kind).len == 0 || out->disabled_at != INSTANT_NONE)
        return fail(why, ERR_CONFLICT, N_("The account {0} cannot act for others."), in->taker_login);
    return OK;
}

enum outcome mandate_give(struct tx *tx, const void *input, void *out, struct fail *why)
{
    const struct mandate_new *in = input;
    struct account taker;
    struct row row;
    TRY(must_be_known(
        tx, in->giver,
        N_("First let the one-stop office compare your card: only then can you let somebody act for you."), why));
    TRY(find_taker(tx, in, &taker, why));
    TRY(store_one(tx, Q_MANDATE_OPEN_COUNT, VALUES(v_int(in->giver), v_int(day_of(tx_now(tx)))), &row, why));
    if (row_int(&row, 0) >= MANDATES_MOST)
        return fail(why, ERR_CONFLICT, N_("You have given many authorisations: end those that are no longer needed."));
    struct mandate m = {.id = tx_new_id(tx),
                        .giver = in->giver,
                        .taker = taker.id,
                        .field = in->field,
                        .valid_from = in->valid_from,
                        .valid_to = in->valid_to};
    TRY(store_do(tx, Q_MANDATE_INSERT,
                 VALUES(v_int(m.id), v_int(m.giver), v_int(m.taker), v_str(m.field), v_int(m.valid_from),
                        v_int(m.valid_to), v_instant(tx_now(tx))),
                 NULL, why));
    *(int64_t *)out = m.id;
    return append(tx, &m, "mandate.give", in->actor, why);
}

static enum outcome set_answer(struct tx *tx, const struct mandate *m, const struct mandate_step *in, struct fail *why)
{
    bool is_yes = str_eq(str_from(in->act), STR("mandate.accept"));
    if (in->account != m->taker) return fail(why, ERR_MISSING, N_("There is no such authorisation."));
    if (!str_eq(m->state, STR("offered")))
        return fail(why, ERR_CONFLICT, N_("This authorisation was answered or ended already."));
    if (is_yes)
        TRY(must_be_known(tx, m->taker,
                          N_("First let the one-stop office compare your card: only then can you act for others."),
                          why));
    return store_do(tx, Q_MANDATE_SET_ANSWER,
                    VALUES(v_str(is_yes ? STR("accepted") : STR("refused")), v_instant(tx_now(tx)), v_int(m->id)), NULL,
                    why);
}

enum outcome mandate_answer(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct mandate_step *in = input;
    struct row row;
    enum outcome r = store_one(tx, Q_MANDATE_BY_ID, VALUES(v_int(in->id)), &row, why);
    if (r == ERR_MISSING) return fail(why, ERR_MISSING, N_("There is no such authorisation."));
    TRY(r);
    struct mandate m = mandate_of_row(&row);
    if (in->account != m.giver && in->account != m.taker)
        return fail(why, ERR_MISSING, N_("There is no such authorisation."));
    if (!str_eq(str_from(in->act), STR("mandate.end")))
        TRY(set_answer(tx, &m, in, why));
    else if (str_eq(m.state, STR("ended")) || str_eq(m.state, STR("refused")))
        return fail(why, ERR_CONFLICT, N_("This authorisation was answered or ended already."));
    else
        TRY(store_do(tx, Q_MANDATE_SET_ENDED, VALUES(v_instant(tx_now(tx)), v_int(in->account), v_int(m.id)), NULL,
                     why));
    return append(tx, &m, in->act, in->actor, why);
}
