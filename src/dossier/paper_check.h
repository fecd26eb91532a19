/*
 * The check-list of a dossier's papers: what an officer found when looking at each component: seen, incomplete with a
 * word that says what is missing, accepted. Marks of the office alone: neither applicants nor asked units see them, and
 * they are in no journal. What is incomplete is proposed to the act that asks for papers; what the applicant then reads
 * is that act's. A paper that comes after its mark takes the mark away.
 */
#ifndef DOSSIER_PAPER_CHECK_H
#define DOSSIER_PAPER_CHECK_H

#include "dossier/dossier_view.h"

enum { PAPER_WORD_MOST = 500 };

enum paper_state { PAPER_UNCHECKED, PAPER_SEEN, PAPER_INCOMPLETE, PAPER_ACCEPTED, PAPER_STATE_COUNT };
const char *paper_state_message(enum paper_state s); /* for people */

struct paper_check {
    struct str component, word, by;
    enum paper_state state;
    instant_t at;
};

/* Works the visitor on the papers of this dossier, so that the list is theirs? */
bool paper_check_may(const struct dossier_view *v, const struct standing *who);

/* Those that hold: without the ones whose paper came anew. In tx_arena. */
enum outcome paper_checks(struct tx *tx, const struct dossier_view *v, struct paper_check **out, size_t *out_count,
                          struct fail *why) MUST_USE;
void paper_checks_ahead(struct tx *tx, struct value dossier); /* store_ahead; of paper_check_version too */
/* What is incomplete, one a line: "– Bản vẽ: thiếu trang 2". Empty when nothing is. */
struct str paper_check_lines(struct arena *a, const struct dossier_view *v, const struct paper_check *checks,
                             size_t count);

/* The list as it is, and how many papers there are, as one number: whoever marks a paper says which list they saw, so
 * that nobody's mark is lost and no paper is marked that came after the look. */
enum outcome paper_check_version(struct tx *tx, int64_t dossier, int64_t *out, struct fail *why) MUST_USE;
enum { PAPER_CHECK_ANY = -1 }; /* of a dossier that nobody else knows yet */

struct paper_check_new {
    int64_t dossier, account;
    int64_t seen; /* paper_check_version, or PAPER_CHECK_ANY */
    struct str component, word;
    enum paper_state state; /* PAPER_UNCHECKED takes the mark away */
};
store_command paper_check_save; /* no output; ERR_STALE: the list is another by now */

/* POST /ho-so/{code}/kiem-tra; GET, POST /api/v1/dossiers/{code}/checks */
extern const struct route paper_check_routes[];
extern const size_t paper_check_route_count;

#endif
