#include "base/text.h"
#include "dossier/dossier_brief.h"
#include "process/status.h"
#include "quality/quality.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 256 };

/* In the order of enum rating_question; the best first. Circular 01/2018/TT-VPCP, art. 13: indicators 1, 3, 4 and 7. */
const struct rating_asked rating_questions[RATING_COUNT] = {
    {"satisfaction",
     N_("How satisfied are you?"),
     {{5, N_("Very satisfied")},
      {4, N_("Satisfied")},
      {3, N_("Neither nor")},
      {2, N_("Dissatisfied")},
      {1, N_("Very dissatisfied")}},
     5},
    {"time",
     N_("When did you get the result?"),
     {{2, N_("Before the appointed day")}, {1, N_("On the appointed day")}, {0, N_("After the appointed day")}},
     3},
    {"contacts",
     N_("How often did you have to come back to complete the dossier?"),
     {{2, N_("Not once")}, {1, N_("Once")}, {0, N_("More than once")}},
     3},
    {"bodies",
     N_("How many offices did you have to go to?"),
     {{2, N_("None: all online or by post")}, {1, N_("The one-stop office alone")}, {0, N_("More than one")}},
     3},
    {"attitude",
     N_("How were you treated?"),
     {{2, N_("Politely and helpfully")}, {1, N_("Correctly")}, {0, N_("Not as it should be")}},
     3},
};

static bool is_over(int status)
{
    return status == STATUS_DONE || status == STATUS_RETURNED || status == STATUS_REFUSED || status == STATUS_STOPPED;
}

static enum outcome must_be_theirs(struct tx *tx, const struct rating_who *who, struct dossier_brief *out,
                                   struct fail *why)
{
    struct row row;
    TRY(who->dossier != 0 ? dossier_brief_load(tx, who->dossier, out, why)
                          : dossier_brief_find(tx, who->code, out, why));
    if ((who->dossier == 0 && out->submitter != who->account) || out->is_discreet)
        return fail(why, ERR_MISSING, N_("There is no dossier with the code {0}."), out->code);
    if (!is_over(out->status))
        return fail(why, ERR_CONFLICT, N_("The dossier is still on its way: say how it went when it is over."));
    enum outcome r = store_one(tx, Q_RATED_OF_DOSSIER, VALUES(v_int(out->id)), &row, why);
    if (r == OK) return fail(why, ERR_CONFLICT, N_("You have said already how it went. Thank you."));
    return r == ERR_MISSING ? OK : r;
}

enum outcome rating_may(struct tx *tx, const struct rating_who *who, struct str *out_code, struct fail *why)
{
    struct dossier_brief brief;
    TRY(must_be_theirs(tx, who, &brief, why));
    *out_code = brief.code;
    return OK;
}

/* The journal says that an agency was rated and how, not by whom nor for which dossier. */
static enum outcome append(struct tx *tx, int64_t agency, const struct rating_new *in, struct fail *why)
{
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{');
    for (size_t i = 0; i < RATING_COUNT; i++) jw_put_int(&w, rating_questions[i].name, in->points[i]);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_AGENCY,
                                          .subject = agency,
                                          .act = "agency.rated",
                                          .payload = str_dup(tx_arena(tx), buf_str(&payload))},
                          NULL, why);
}

enum outcome rating_give(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct rating_new *in = input;
    struct dossier_brief d;
    TRY(must_be_theirs(tx, &in->who, &d, why));
    struct civil today = day_to_civil(day_of(tx_now(tx)));
    day_t month = day_from_civil((struct civil){today.year, today.month, 1});
    TRY(store_do(tx, Q_RATED_INSERT, VALUES(v_int(d.id)), NULL, why));
    TRY(store_do(tx, Q_RATING_INSERT,
                 VALUES(v_int(tx_new_id(tx)), v_int(d.agency), v_str(d.procedure_code), v_int(month),
                        v_int(in->points[RATING_SATISFACTION]), v_int(in->points[RATING_TIME]),
                        v_int(in->points[RATING_CONTACTS]), v_int(in->points[RATING_BODIES]),
                        v_int(in->points[RATING_ATTITUDE]), v_str(in->comment)),
                 NULL, why));
    return append(tx, d.agency, in, why);
}

enum outcome rating_sums(struct tx *tx, int64_t agency, day_t since, struct rating_sums *out, struct fail *why)
{
    struct row row;
    struct rows words;
    *out = (struct rating_sums){0};
    TRY(store_one(tx, Q_RATING_SUMS, VALUES(v_int(agency), v_int(since)), &row, why));
    out->count = row_int(&row, 0);
    if (out->count < RATING_TELLS_FROM) return OK;
    for (size_t i = 0; i < 5; i++) out->satisfied[i] = row_int(&row, 1 + i);
    for (size_t i = 0; i < RATING_COUNT; i++) out->points[i] = row_int(&row, 6 + i);
    TRY(store_all(tx, Q_RATING_COMMENTS, VALUES(v_int(agency), v_int(since)), &words, why));
    out->comments = ARENA_ARRAY(tx_arena(tx), struct str, words.count + 1);
    out->comment_count = words.count;
    for (size_t i = 0; i < words.count; i++) out->comments[i] = row_str(&words.at[i], 0);
    return OK;
}
