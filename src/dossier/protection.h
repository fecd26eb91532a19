/*
 * Whose a denunciation is stays secret (Law on Denunciations 25/2018/QH14, art. 56). At submission the parties, what
 * was declared and the names of files are sealed into one text; every other row of the dossier says only that the
 * identity is protected, so that lists, searches, notices, slips and exports have nothing to tell, whoever writes them.
 * Opening it is one function, which first writes down who looked and refuses when that cannot be written. The one who
 * took it in, the officer who holds it and the leader of its agency may; so may the denouncer, unrecorded.
 */
#ifndef DOSSIER_PROTECTION_H
#define DOSSIER_PROTECTION_H

#include "dossier/dossier_submit.h"
#include "dossier/dossier_view.h"

/* Stands where a name would: in rows and on pages. */
#define PROTECTED_NAME STR("Danh tính được giữ bí mật")

/* Seals what is in the submission and leaves it without names. Before the command; names of files are kept by it. */
void protection_seal(const struct desk *desk, struct submission *in);
/* Inside the commands: what is sealed; who took it in. */
enum outcome protection_save(struct tx *tx, int64_t dossier, struct str sealed, struct fail *why) MUST_USE;
enum outcome protection_note_taker(struct tx *tx, const struct dossier *d, int64_t account, struct fail *why) MUST_USE;

/* May this person know whose it is? Always for what is not protected. */
enum outcome protection_may_know(struct tx *tx, const struct dossier *d, const struct standing *who, bool *out,
                                 struct fail *why) MUST_USE;

/* The sealed text in clear: {parties, form, return, post}. Writes the look first; `what` says of what ("identity").
 * ERR_DENIED with a sentence for whoever may not, ERR_MISSING for a dossier that is not protected. */
enum outcome protection_look(const struct desk *desk, const struct request *rq, const struct dossier_view *view,
                             struct str what, yyjson_val **out, struct fail *why) MUST_USE;
/* Only the writing down: of a paper that is about to be shown. Nothing for the denouncer's own eyes. */
enum outcome protection_note_look(const struct desk *desk, const struct request *rq, const struct dossier_view *view,
                                  struct str what, struct fail *why) MUST_USE;

struct secret_look {
    instant_t at;
    struct str name, role, what;
};
/* The latest looks, newest first. */
enum outcome protection_looks(struct tx *tx, int64_t dossier, struct secret_look **out, size_t *out_count,
                              struct fail *why) MUST_USE;

#endif
