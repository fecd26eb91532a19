#include "dossier/dossier_move.h"

#include "base/json.h"
#include "base/parse.h"

enum outcome dossier_move_of(struct tx *tx, const struct journal_entry *e, struct dossier_move *out, struct fail *why)
{
    yyjson_val *payload;
    uint64_t to, from;
    *out = (struct dossier_move){.at = e->at};
    TRY(json_read(tx_arena(tx), e->payload.len > 0 ? e->payload : STR("{}"), &payload, why));
    if (!parse_u64(json_str(payload, "agency"), &to) || !parse_u64(json_str(payload, "agency_before"), &from))
        return OK;
    out->to = (int64_t)to;
    out->from = (int64_t)from;
    return OK;
}

enum outcome dossier_move_last(struct tx *tx, int64_t dossier, int64_t from, struct dossier_move *out, struct fail *why)
{
    struct journal_entry *entries;
    size_t count;
    *out = (struct dossier_move){0};
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, dossier, &entries, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct dossier_move move;
        TRY(dossier_move_of(tx, &entries[i], &move, why));
        if (move.from == from) *out = move; /* the oldest comes first */
    }
    return OK;
}
