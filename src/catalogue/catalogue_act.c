/* The command of the catalogue: take a record, as a new procedure, as another version, or not at all when it is known.
 */
#include "base/auto.h"
#include "base/text.h"
#include "catalogue/catalogue_store.h"

enum { PAYLOAD_BYTES = 16 * 1024, NAME_MOST = 600, SOURCE_BYTES = 255 };

static enum outcome append(struct tx *tx, const struct procedure_import *in, const struct procedure_imported *done,
                           struct fail *why)
{
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    jw_put_str(&w, "code", in->procedure->code);
    jw_put_str(&w, "hash", in->hash);
    jw_put_str(&w, "name", text_shorten(tx_arena(tx), in->procedure->name, NAME_MOST));
    jw_put_int(&w, "number", done->number);
    jw_put_str(&w, "source", in->source.len <= SOURCE_BYTES ? in->source : STR_NONE);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_PROCEDURE,
                                          .subject = done->id,
                                          .version = done->number,
                                          .act = "procedure.import",
                                          .actor = in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

enum outcome procedure_import(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct procedure_import *i = in;
    struct procedure_ref known;
    struct procedure_imported done;
    struct fail not_there;
    fail_init(&not_there, tx_arena(tx));
    enum outcome found = catalogue_find(tx, i->procedure->code, &known, &not_there);
    if (found == ERR_MISSING) {
        TRY(procedure_insert(tx, i, &done, why));
    } else if (found != OK) {
        return fail(why, found, not_there.sentence);
    } else if (str_eq(known.hash, i->hash)) {
        done = (struct procedure_imported){PROCEDURE_UNCHANGED, known.id, known.version, known.version_number};
    } else {
        TRY(procedure_change(tx, &known, i, &done, why));
    }
    if (done.result != PROCEDURE_UNCHANGED) TRY(append(tx, i, &done, why));
    *(struct procedure_imported *)out = done;
    return OK;
}
