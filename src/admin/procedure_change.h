/*
 * Changing a procedure as officials do it, shared by its pages and its interface: a draft from a record, a decision
 * that publishes a version or withdraws the procedure. What is sent is text; every mistake is told at once.
 */
#ifndef ADMIN_PROCEDURE_CHANGE_H
#define ADMIN_PROCEDURE_CHANGE_H

#include "catalogue/publication.h"
#include "http/http.h"

struct decision_text {
    struct str number, date, authority, level, from, note;
    struct str file_name, file_type; /* empty: no file */
    struct sha256 file;
};

struct decided {
    int64_t n; /* of the decision, among the procedure's */
    bool is_late;
};
/* number 0: withdraw. */
enum outcome procedure_decide(struct request *rq, struct str code, int64_t number, const struct decision_text *text,
                              struct decided *out, struct fail *why) MUST_USE;
/* root: the record as JSON; read by the reader of every record. source: what it is called ("form", a file's name). */
enum outcome procedure_keep_draft(struct request *rq, struct str code, yyjson_val *root, struct str source,
                                  int64_t *out_number, struct fail *why) MUST_USE;

/* Two versions by their numbers, and what differs. */
struct version_pair {
    struct procedure_version before_version, after_version;
    const struct procedure *before, *after;
};
enum outcome version_pair_load(struct request *rq, struct tx *tx, struct str code, int64_t before, int64_t after,
                               struct version_pair *out, struct fail *why) MUST_USE;

extern const struct route change_api_routes[];
extern const size_t change_api_route_count;

#endif
