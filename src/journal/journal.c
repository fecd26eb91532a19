#include "journal/journal.h"

#include <string.h>

#include "journal/journal_row.h"
#include "journal/journal_tree.h"
#include "queries.h"

enum { SALT_BYTES = 16 };

/* By number; the numbers are in the database, so a name is never moved. */
static const char *const kind_names[] = {
    [SUBJECT_SYSTEM] = "system",       [SUBJECT_DOSSIER] = "dossier",         [SUBJECT_AGENCY] = "agency",
    [SUBJECT_PROCEDURE] = "procedure", [SUBJECT_ACCOUNT] = "account",         [SUBJECT_CALENDAR] = "calendar",
    [SUBJECT_BATCH] = "batch",         [SUBJECT_APPOINTMENT] = "appointment",
};

const char *subject_kind_name(enum subject_kind k)
{
    return (size_t)k < LENGTH(kind_names) ? kind_names[k] : "unknown";
}

/* ---- writing ---- */

struct place {
    int64_t entry;
    struct sha256 leaf;
};

static struct value v_hash(const struct sha256 *h)
{
    return v_blob(str_of((const char *)h->at, SHA256_BYTES));
}

static enum outcome give_position(struct tx *tx, void *data, struct fail *why)
{
    const struct place *p = data;
    return store_do(tx, Q_LEAF_ADD, VALUES(v_int(p->entry), v_hash(&p->leaf)), NULL, why);
}

enum outcome journal_append(struct tx *tx, const struct entry *e, int64_t *out_id, struct fail *why)
{
    char salt_bytes[SALT_BYTES];
    random_bytes(salt_bytes, sizeof salt_bytes);
    struct str salt = str_of(salt_bytes, sizeof salt_bytes);
    struct journal_entry row = {.id = tx_new_id(tx),
                                .at = tx_now(tx),
                                .subject_kind = e->subject_kind,
                                .subject = e->subject,
                                .version = e->version,
                                .act = str_from(e->act),
                                .actor = e->actor};
    if (row.act.len == 0 || e->payload.len == 0) BUG("a journal entry without act or payload");
    if (!str_starts(e->payload, STR("{")) || !str_ends(e->payload, STR("}"))) /* it outgrew its room: no evidence */
        return fail(why, ERR_BUG, N_("An entry of the journal is not whole."));
    struct sha256 payload_hash = entry_payload_hash(salt, e->payload);
    TRY(store_do(tx, Q_ENTRY_ADD,
                 VALUES(v_int(row.id), v_int(row.at), v_int(row.subject_kind), v_int(row.subject), v_int(row.version),
                        v_str(row.act), v_int(row.actor.account), v_int(row.actor.agency), v_str(row.actor.role),
                        v_str(tx_origin(tx)), v_blob(salt), v_str(e->payload), v_hash(&payload_hash)),
                 NULL, why));
    struct place *place = ARENA_NEW(tx_arena(tx), struct place);
    *place = (struct place){row.id, entry_leaf(&row, tx_origin(tx), payload_hash)};
    tx_defer(tx, give_position, place);
    if (out_id) *out_id = row.id;
    return OK;
}

/* ---- reading ---- */

static struct sha256 row_hash(const struct row *r, size_t column)
{
    struct sha256 h = {{0}};
    struct str bytes = row_str(r, column);
    if (bytes.len == SHA256_BYTES) memcpy(h.at, bytes.at, SHA256_BYTES);
    return h;
}

struct journal_row journal_row_read(const struct row *r)
{
    return (struct journal_row){
        .entry = {.id = row_int(r, 0),
                  .at = row_int(r, 1),
                  .subject_kind = (enum subject_kind)row_int(r, 2),
                  .subject = row_int(r, 3),
                  .version = row_int(r, 4),
                  .act = row_str(r, 5),
                  .actor = {.account = row_int(r, 6), .agency = row_int(r, 7), .role = row_str(r, 8)},
                  .payload = row_str(r, 11),
                  .position = row_int(r, 13),
                  .leaf = row_hash(r, 14)},
        .origin = row_str(r, 9),
        .salt = row_str(r, 10),
        .payload_hash = row_hash(r, 12),
        .is_there = !row_is_null(r, 0),
        .is_erased = row_is_null(r, 10) && row_is_null(r, 11),
    };
}

static void to_entries(struct tx *tx, const struct rows *rows, struct journal_entry **out, size_t *out_count)
{
    struct journal_entry *entries = ARENA_ARRAY(tx_arena(tx), struct journal_entry, rows->count);
    for (size_t i = 0; i < rows->count; i++) entries[i] = journal_row_read(&rows->at[i]).entry;
    *out = entries;
    *out_count = rows->count;
}

void journal_of_subject_ahead(struct tx *tx, enum subject_kind kind, struct value subject)
{
    store_ahead(tx, Q_ENTRIES_OF_SUBJECT, VALUES(v_int(kind), subject));
}

enum outcome journal_of_subject(struct tx *tx, enum subject_kind kind, int64_t subject, struct journal_entry **out,
                                size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_ENTRIES_OF_SUBJECT, VALUES(v_int(kind), v_int(subject)), &rows, why));
    to_entries(tx, &rows, out, out_count);
    return OK;
}

enum outcome journal_after(struct tx *tx, int64_t after, size_t most, struct journal_entry **out, size_t *out_count,
                           struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_ENTRIES_AFTER, VALUES(v_int(after), v_int((int64_t)most)), &rows, why));
    to_entries(tx, &rows, out, out_count);
    return OK;
}

enum outcome journal_state(struct tx *tx, struct journal_state *out, struct fail *why)
{
    struct row end, newest;
    TRY(store_one(tx, Q_JOURNAL_END, NO_VALUES, &end, why));
    enum outcome found = store_one(tx, Q_CHECKPOINT_NEWEST, NO_VALUES, &newest, why);
    if (found != OK && found != ERR_MISSING) return found;
    *out = (struct journal_state){.size = row_int(&end, 0), .checkpoint_at = INSTANT_NONE};
    if (found == ERR_MISSING) return OK;
    out->checkpoint_size = row_int(&newest, 0);
    out->checkpoint_at = row_instant(&newest, 1);
    return OK;
}

enum outcome journal_head(struct tx *tx, struct journal_checkpoint *out, struct fail *why)
{
    struct row newest;
    enum outcome found = store_one(tx, Q_CHECKPOINT_NEWEST, NO_VALUES, &newest, why);
    *out = (struct journal_checkpoint){0};
    if (found == ERR_MISSING) return OK;
    TRY(found);
    *out = (struct journal_checkpoint){row_int(&newest, 0), row_hash(&newest, 3)};
    return OK;
}

enum outcome journal_had_head(struct tx *tx, const struct journal_checkpoint *head, struct fail *why)
{
    struct row r;
    enum outcome found = store_one(tx, Q_CHECKPOINT_FROM, VALUES(v_int(head->size)), &r, why);
    if (found != OK && found != ERR_MISSING) return found;
    if (found == OK && row_int(&r, 0) == head->size && sha256_eq(row_hash(&r, 1), head->root)) return OK;
    return fail(why, ERR_CONFLICT, N_("The journal does not have the head that was sealed when the backup was made."));
}
