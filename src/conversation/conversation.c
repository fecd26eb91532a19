#include "conversation/conversation.h"

#include <string.h>

#include "base/text.h"
#include "queries.h"

/* ---- who may ---- */

/* An officer who submitted a matter of their own online is its applicant, even at their own agency. */
static bool is_own_matter(const struct dossier_view *v, const struct standing *who)
{
    return v->dossier.submitter == who->account && str_eq(v->dossier.channel, STR("online"));
}

struct conversation_rights conversation_rights_of(const struct dossier_view *v, const struct standing *who)
{
    bool is_office = !v->is_applicant && !is_own_matter(v, who);
    bool is_near = v->sight == SIGHT_WHOLE && !v->is_stranger && who->account != 0;
    bool works = permission_is_in(who->permissions, PERMIT_TASK_READ);
    struct conversation_rights r = {.is_office = is_office, .reads = is_near && v->knows_identity};
    r.writes = r.reads && (!is_office || works);
    r.reads_notes = is_near && is_office && who->agency != 0 && permission_is_in(who->permissions, PERMIT_DOSSIER_READ);
    r.writes_notes = r.reads_notes && works;
    return r;
}

/* ---- reading ---- */

void conversation_state_ahead(struct tx *tx, struct value dossier)
{
    store_ahead(tx, Q_CONVERSATION_FIND, VALUES(dossier));
}

void conversation_note_count_ahead(struct tx *tx, struct value dossier, int64_t agency)
{
    store_ahead(tx, Q_CONVERSATION_NOTE_COUNT, VALUES(dossier, v_int(agency)));
}

enum outcome conversation_state_of(struct tx *tx, int64_t dossier, bool is_office, struct conversation_state *out,
                                   struct fail *why)
{
    struct row row;
    *out = (struct conversation_state){0};
    enum outcome found = store_one(tx, Q_CONVERSATION_FIND, VALUES(v_int(dossier)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    *out = (struct conversation_state){row_int(&row, 0), row_int(&row, is_office ? 1 : 2), row_int(&row, 3)};
    return OK;
}

static enum outcome read_files(struct tx *tx, int64_t dossier, struct conversation_file **out, size_t *out_count,
                               struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_CONVERSATION_FILE_LIST, VALUES(v_int(dossier)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct conversation_file, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        struct conversation_file *f = &(*out)[i];
        *f = (struct conversation_file){.message = row_int(r, 0),
                                        .n = row_int(r, 1),
                                        .name = row_str(r, 3),
                                        .type = row_str(r, 4),
                                        .bytes = row_int(r, 5)};
        memcpy(f->hash.at, row_str(r, 2).at, sizeof f->hash.at);
    }
    return OK;
}

/* Which of the dossier's files, which are in order of message, are this message's. */
static void give_files(struct conversation_message *m, const struct conversation_file *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (files[i].message != m->n) continue;
        if (m->file_count++ == 0) m->files = &files[i];
    }
}

/* The unread ones are the last that the other side wrote. */
static void mark_new(struct conversation_message *messages, size_t count, bool is_office, int64_t unread)
{
    for (size_t i = count; i > 0 && unread > 0; i--) {
        if (messages[i - 1].is_office == is_office) continue;
        messages[i - 1].is_new = true;
        unread--;
    }
}

enum outcome conversation_messages(struct tx *tx, int64_t dossier, bool is_office, struct conversation_message **out,
                                   size_t *out_count, struct fail *why)
{
    struct rows rows;
    struct conversation_file *files;
    struct conversation_state state;
    size_t file_count;
    TRY(conversation_state_of(tx, dossier, is_office, &state, why));
    TRY(store_all(tx, Q_CONVERSATION_MESSAGE_LIST, VALUES(v_int(dossier)), &rows, why));
    TRY(read_files(tx, dossier, &files, &file_count, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct conversation_message, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        struct conversation_message *m = &(*out)[i];
        *m = (struct conversation_message){.n = row_int(r, 0),
                                           .is_office = row_bool(r, 1),
                                           .account = row_int(r, 2),
                                           .at = row_instant(r, 4),
                                           .text = row_str(r, 5),
                                           .author = is_office ? row_str(r, 6) : STR(""),
                                           .agency = row_str(r, 7)};
        give_files(m, files, file_count);
    }
    mark_new(*out, *out_count, is_office, state.unread);
    return OK;
}

enum outcome conversation_notes(struct tx *tx, int64_t dossier, int64_t agency, struct conversation_note **out,
                                size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_CONVERSATION_NOTE_LIST, VALUES(v_int(dossier), v_int(agency)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct conversation_note, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        (*out)[i] = (struct conversation_note){row_int(r, 0), row_instant(r, 2), row_str(r, 3), row_str(r, 4)};
    }
    return OK;
}

enum outcome conversation_note_count(struct tx *tx, int64_t dossier, int64_t agency, int64_t *out, struct fail *why)
{
    struct row row;
    TRY(store_one(tx, Q_CONVERSATION_NOTE_COUNT, VALUES(v_int(dossier), v_int(agency)), &row, why));
    *out = row_int(&row, 0);
    return OK;
}

void conversation_unread_ahead(struct tx *tx, int64_t agency, size_t most)
{
    store_ahead(tx, Q_CONVERSATION_UNREAD_OF_AGENCY, VALUES(v_int(agency), v_int((int64_t)most)));
}

enum outcome conversation_unread_of(struct tx *tx, int64_t agency, size_t most, struct conversation_unread **out,
                                    size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_CONVERSATION_UNREAD_OF_AGENCY, VALUES(v_int(agency), v_int((int64_t)most)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct conversation_unread, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++)
        (*out)[i] = (struct conversation_unread){row_int(&rows.at[i], 0), row_int(&rows.at[i], 1)};
    return OK;
}

/* ---- what may be said ---- */

void conversation_check(struct arena *a, struct str text, size_t file_count, struct fail *why)
{
    if (str_trim(text).len == 0)
        fail_problem(why, STR("/text"), "required", N_("Write what you want to say."));
    else if (text_length(text) > CONVERSATION_TEXT_MOST)
        fail_problem(why, STR("/text"), "too-long", N_("At most {0} characters."),
                     str_format(a, "%d", CONVERSATION_TEXT_MOST));
    if (file_count > CONVERSATION_FILES_MOST)
        fail_problem(why, STR("/files"), "too-many", N_("At most {0} files can be sent at once."),
                     str_format(a, "%d", CONVERSATION_FILES_MOST));
}
