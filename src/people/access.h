/*
 * Who looked at what of somebody's: an officer who opens a dossier, a paper of it, a person's record at the counter. A
 * look is no command: it changes nothing, and pages must not wait for it. So it is noted in memory and written a
 * moment later, many at once, by a thread of its own; the same look within a few minutes is one. Lists and searches are
 * not looks. What people do is in the journal, not here; looks at protected identities have their own record for the
 * leader's eyes (dossier/protection.h) and never come here.
 *
 * Law on the Protection of Personal Data 91/2025/QH15, art. 4: people may know how their data is used. Rows go when
 * they are older than the setting access-days.
 */
#ifndef PEOPLE_ACCESS_H
#define PEOPLE_ACCESS_H

#include "http/http.h"
#include "store/store.h"

struct access_log;
/* A thread begins; access_log_stop writes what is left. */
struct access_log *access_log_start(struct store *s);
void access_log_stop(struct access_log *log);         /* NULL is fine */
struct access_log *app_access(const struct app *app); /* defined in app/; NULL while nothing is served */
/* What was noted so far is in its rows when this returns: for the page that shows them. */
void access_log_flush(struct access_log *log);

/* Since the start. A look is lost only when more come than the disk takes; the log says so, and so does /metrics. */
struct access_count {
    uint64_t noted, lost;
    size_t waiting; /* to be written */
};
void access_log_count(struct access_log *log, struct access_count *out);

enum access_what { ACCESS_DOSSIER, ACCESS_PAPER, ACCESS_ACCOUNT, ACCESS_WHAT_COUNT };

struct access {
    enum access_what what;
    int64_t person;  /* account whose data it is; 0: of nobody who has one */
    int64_t dossier; /* 0: ACCESS_ACCOUNT */
    int64_t n;       /* of ACCESS_PAPER */
};
/* The visitor looks. Never fails and never waits; nothing while log is NULL. */
void access_note(struct access_log *log, const struct request *rq, const struct access *a);

/* A look as it is read back, in tx_arena. */
struct access_look {
    int64_t id, account;
    instant_t at;
    enum access_what what;
    int64_t n;
    struct str code; /* of the dossier; empty: ACCESS_ACCOUNT */
    struct str agency_name, role, name, procedure_code;
};
/* Newest first, older than `before` (0: from the newest). */
enum outcome access_of_dossier(struct tx *tx, int64_t dossier, int64_t before, size_t most, struct access_look **out,
                               size_t *out_count, struct fail *why) MUST_USE;
enum outcome access_of_person(struct tx *tx, int64_t account, int64_t before, size_t most, struct access_look **out,
                              size_t *out_count, struct fail *why) MUST_USE;

/* Deletes looks from before that moment, a portion at a time. */
enum outcome access_forget(struct store *s, instant_t before, struct fail *why) MUST_USE;

#endif
