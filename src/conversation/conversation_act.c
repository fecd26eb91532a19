/* The commands of the conversation room: what was said, noted and seen. */
#include <inttypes.h>

#include "base/auto.h"
#include "base/json.h"
#include "base/parse.h"
#include "conversation/conversation.h"
#include "dossier/dossier_brief.h"
#include "notice/notice.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 1024 };
#define SECOND_CLICK US_PER_MINUTE

/* ---- the journal ---- */

struct told {
    const char *act;
    struct actor actor;
    const struct dossier_brief *dossier;
    int64_t n, to; /* to: the officer who is told; 0: nobody, or the applicant, whom the dossier names */
    bool is_office;
    size_t files;
    struct str text;
};

static enum outcome tell_journal(struct tx *tx, const struct told *t, struct fail *why)
{
    struct json_writer w;
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_int(&w, "files", (int64_t)t->files);
    jw_put_int(&w, "n", t->n);
    jw_put_str(&w, "side", t->is_office ? STR("office") : STR("applicant"));
    jw_put_str(&w, "text_sha256", sha256_format(tx_arena(tx), sha256_of(t->text)));
    if (t->to != 0) {
        jw_key(&w, "to");
        jw_open(&w, '[');
        jw_str(&w, id_format(tx_arena(tx), t->to));
        jw_close(&w);
    }
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_DOSSIER,
                                          .subject = t->dossier->id,
                                          .version = t->dossier->version,
                                          .act = t->act,
                                          .actor = t->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

/* ---- messages ---- */

static enum outcome attach_files(struct tx *tx, const struct message_new *in, int64_t n, struct fail *why)
{
    for (size_t i = 0; i < in->file_count; i++) {
        struct upload_row row;
        enum outcome found = upload_find(tx, in->actor.account, in->files[i], &row, why);
        if (found == ERR_MISSING)
            fail_problem(why, str_format(tx_arena(tx), "/files/%zu", i), "unknown",
                         N_("This file was not uploaded by you. Upload it first."));
        if (found != OK) return found == ERR_MISSING ? fail_if_problems(why) : found;
        struct str hash = {(const char *)in->files[i].at, sizeof in->files[i].at};
        TRY(store_do(tx, Q_CONVERSATION_FILE_INSERT,
                     VALUES(v_int(in->dossier), v_int(n), v_int((int64_t)i + 1), v_blob(hash), v_str(row.name),
                            v_str(row.type), v_int(row.bytes)),
                     NULL, why));
    }
    return OK;
}

/* The last thing that was said is the same, by the same person, a moment ago: a second click. */
static enum outcome is_said_already(struct tx *tx, const struct message_new *in, int64_t account, bool *out,
                                    struct fail *why)
{
    struct row row;
    *out = false;
    enum outcome found = store_one(tx, Q_CONVERSATION_MESSAGE_LAST, VALUES(v_int(in->dossier)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    *out = row_bool(&row, 1) == in->is_office && row_int(&row, 2) == account && in->file_count == 0 &&
           tx_now(tx) - row_instant(&row, 3) < SECOND_CLICK && str_eq(row_str(&row, 4), in->text);
    return OK;
}

static enum outcome say(struct tx *tx, const struct message_new *in, int64_t *out, struct fail *why)
{
    struct conversation_state state;
    struct dossier_brief dossier;
    struct actor actor = in->actor;
    bool is_repeat;
    if (in->is_protected && !in->is_office) actor.account = 0;
    TRY(dossier_brief_load(tx, in->dossier, &dossier, why));
    TRY(conversation_state_of(tx, in->dossier, in->is_office, &state, why));
    TRY(is_said_already(tx, in, actor.account, &is_repeat, why));
    *out = state.last;
    if (is_repeat) return OK;
    if (state.last >= CONVERSATION_MESSAGES_MOST)
        return fail(why, ERR_CONFLICT,
                    N_("So much was written about this dossier already. Call or visit the office instead."));
    *out = state.last + 1;
    TRY(store_do(tx, Q_CONVERSATION_MESSAGE_INSERT,
                 VALUES(v_int(in->dossier), v_int(*out), v_bool(in->is_office), v_int(actor.account),
                        v_int(in->is_office ? actor.agency : 0), v_instant(tx_now(tx)), v_str(in->text)),
                 NULL, why));
    TRY(attach_files(tx, in, *out, why));
    TRY(store_do(tx, Q_CONVERSATION_SAID,
                 VALUES(v_int(in->dossier), v_int(dossier.agency), v_int(*out), v_bool(in->is_office),
                        v_int(in->is_office ? actor.account : 0)),
                 NULL, why));
    int64_t officer = dossier.holder != 0 ? dossier.holder : state.officer;
    return tell_journal(tx,
                        &(struct told){.act = "message",
                                       .actor = actor,
                                       .dossier = &dossier,
                                       .n = *out,
                                       .to = in->is_office ? 0 : officer,
                                       .is_office = in->is_office,
                                       .files = in->file_count,
                                       .text = in->text},
                        why);
}

/* Does the work once for a key; the reply kept is the number. */
static enum outcome find_replay(struct tx *tx, const struct idempotency *key, int64_t *out, bool *out_found,
                                struct fail *why)
{
    struct replay replay;
    TRY(idempotency_begin(tx, key, &replay, why));
    *out_found = replay.is_found && parse_i64(replay.reply, out);
    return OK;
}

static enum outcome keep_reply(struct tx *tx, const struct idempotency *key, int64_t n, struct fail *why)
{
    return idempotency_finish(tx, key, 201, str_format(tx_arena(tx), "%" PRId64, n), why);
}

enum outcome conversation_say(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct message_new *in = input;
    int64_t *out = output;
    bool is_done;
    TRY(find_replay(tx, &in->key, out, &is_done, why));
    if (is_done) return OK;
    TRY(say(tx, in, out, why));
    return keep_reply(tx, &in->key, *out, why);
}

/* ---- notes ---- */

static enum outcome note(struct tx *tx, const struct note_new *in, int64_t *out, struct fail *why)
{
    struct dossier_brief dossier;
    struct row row;
    *out = 1;
    TRY(dossier_brief_load(tx, in->dossier, &dossier, why));
    enum outcome found = store_one(tx, Q_CONVERSATION_NOTE_LAST, VALUES(v_int(in->dossier)), &row, why);
    if (found != OK && found != ERR_MISSING) return found;
    if (found == OK) {
        bool is_repeat = row_int(&row, 1) == in->actor.account && str_eq(row_str(&row, 3), in->text) &&
                         tx_now(tx) - row_instant(&row, 2) < SECOND_CLICK;
        *out = row_int(&row, 0) + (is_repeat ? 0 : 1);
        if (is_repeat) return OK;
    }
    TRY(store_do(tx, Q_CONVERSATION_NOTE_INSERT,
                 VALUES(v_int(in->dossier), v_int(*out), v_int(in->actor.account), v_int(in->actor.agency),
                        v_instant(tx_now(tx)), v_str(in->text)),
                 NULL, why));
    return tell_journal(
        tx,
        &(struct told){
            .act = "note", .actor = in->actor, .dossier = &dossier, .n = *out, .is_office = true, .text = in->text},
        why);
}

enum outcome conversation_note(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct note_new *in = input;
    int64_t *out = output;
    bool is_done;
    TRY(find_replay(tx, &in->key, out, &is_done, why));
    if (is_done) return OK;
    TRY(note(tx, in, out, why));
    return keep_reply(tx, &in->key, *out, why);
}

/* ---- seeing ---- */

enum outcome conversation_see(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct conversation_look *in = input;
    (void)output; /* there is none */
    TRY(store_do(tx, in->is_office ? Q_CONVERSATION_SEEN_BY_OFFICE : Q_CONVERSATION_SEEN_BY_APPLICANT,
                 VALUES(v_int(in->dossier), v_int(in->upto)), NULL, why));
    return notice_see_about(tx, in->account, in->dossier, "message", why);
}
