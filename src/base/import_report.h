/*
 * What an import did: counts, what it doubted and how it decided, what it refused and where. Every importer fills one,
 * and `motcua import ... --json` prints it. Nothing of a file is dropped silently: it is taken, or it stands here. The
 * report's texts live in its arena; sentences are gettext messages with {0}..{3} and are translated when written.
 */
#ifndef BASE_IMPORT_REPORT_H
#define BASE_IMPORT_REPORT_H

#include "base/fail.h"
#include "base/json.h"
#include "base/language.h"
#include "base/list.h"

/* Something in a file that was understood, but not without a decision of ours. */
struct import_doubt {
    struct str file, field, value;
    const char *action; /* what was done: gettext message */
    struct str args[FAIL_ARGS];
};

/* A file, or a record of one, that was refused. */
struct import_error {
    struct str file, place; /* "line 12", "#/Wards/3/Code"; empty: the file as a whole */
    const char *message;    /* gettext message */
    struct str args[FAIL_ARGS];
};

struct import_report {
    struct arena *arena;
    int64_t files;     /* read or tried */
    int64_t taken;     /* records that changed the store */
    int64_t unchanged; /* records that the store already had, word for word */
    int64_t refused;   /* records or whole files that did not go in */
    LIST(struct import_doubt) doubts;
    LIST(struct import_error) errors;
};

void import_report_init(struct import_report *r, struct arena *a);

/* import_doubt(r, file, STR("le_phi"), value, N_("read as {0}"), amount): after the message up to four `struct str`. */
#define import_doubt(r, file, field, value, ...)                                                                       \
    IMPORT_DOUBT_PAD_((r), (file), (field), (value), __VA_ARGS__, STR_NONE, STR_NONE, STR_NONE, STR_NONE, 0)
#define IMPORT_DOUBT_PAD_(r, file, field, value, action, a, b, c, d, ...)                                              \
    import_doubt_with(r, file, field, value, action, (const struct str[FAIL_ARGS]){a, b, c, d})
void import_doubt_with(struct import_report *r, struct str file, struct str field, struct str value, const char *action,
                       const struct str args[FAIL_ARGS]);

/* Counts one refusal and notes why. */
void import_refuse(struct import_report *r, struct str file, struct str place, const struct fail *why);

/* {"files", "taken", "unchanged", "refused", "doubts": [...], "errors": [...]} */
void import_report_json(const struct import_report *r, enum language l, struct buf *out);
/* For a terminal: the counts, then each error, then each doubt, one line each. */
void import_report_text(const struct import_report *r, enum language l, struct buf *out);

#endif
