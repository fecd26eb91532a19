/*
 * How a dossier came by post, and how its result goes back: what the applicant wishes, not a promise. The manner of
 * return stands in the dossier's row; the address and what the envelope said have rows of their own, for the few that
 * have them. Nothing here moves a dossier.
 */
#ifndef DOSSIER_DELIVERY_H
#define DOSSIER_DELIVERY_H

#include "base/clock.h"
#include "base/json.h"
#include "store/store.h"

enum { SENDER_MOST = 200, RETURN_ADDRESS_MOST = 500 };

struct delivery {
    struct str manner;  /* of return: "in-person", "post", "electronic"; empty: nothing was wished */
    struct str address; /* for "post" */
    struct str sender;  /* on the envelope; empty: it did not come by post, or says none */
    day_t postmarked;   /* 0: not read */
};

extern const char *const return_manners[];          /* codes, NULL at the end */
const char *return_manner_label(struct str manner); /* message; "" for a code that is none */

/* "return" {manner, address} and "post" {sender, postmarked} of a submission's body; problems under their pointers.
 * is_by_post: the channel; what came otherwise has no envelope. */
void delivery_read(struct arena *a, yyjson_val *body, bool is_by_post, day_t today, struct delivery *out,
                   struct fail *why);
/* A row when there is something to keep. Inside a command. */
enum outcome delivery_save(struct tx *tx, int64_t dossier, const struct delivery *d, struct fail *why) MUST_USE;
/* What is kept, without the manner; empty when nothing is. */
enum outcome delivery_of(struct tx *tx, int64_t dossier, struct delivery *out, struct fail *why) MUST_USE;

#endif
