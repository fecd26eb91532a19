/*
 * What was filled in for an applicant, and is wrong as they say: the account's telephone number, the address of an
 * earlier dossier. It is noted with the dossier for the office; nothing is corrected here, because the source belongs
 * to whoever keeps it.
 */
#ifndef DOSSIER_DOUBT_H
#define DOSSIER_DOUBT_H

#include "base/json.h"
#include "base/language.h"
#include "store/store.h"

enum { DOUBTS_MOST = 20 };

struct doubt {
    struct str place;  /* of the submission: "parties/0/address" */
    struct str source; /* "account", or the code of an earlier dossier */
};

/* The member "doubts" of a submission, {place: source}; problems under /doubts. */
struct doubt *doubts_read(struct arena *a, yyjson_val *body, size_t *out_count, struct fail *why);
/* Inside a command. */
enum outcome doubts_save(struct tx *tx, int64_t dossier, const struct doubt *doubts, size_t count,
                         struct fail *why) MUST_USE;
enum outcome doubts_of(struct tx *tx, int64_t dossier, struct doubt **out, size_t *out_count,
                       struct fail *why) MUST_USE;
/* "Address (account)": what people read of one. */
struct str doubt_for_people(struct arena *a, enum language l, const struct doubt *d);
struct str doubt_source_for_people(struct arena *a, enum language l, struct str source);

#endif
