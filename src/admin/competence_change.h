/* Moving competence as officials do it, shared by the page and the interface: texts in, every mistake at once. */
#ifndef ADMIN_COMPETENCE_CHANGE_H
#define ADMIN_COMPETENCE_CHANGE_H

#include "agency/competence_move.h"
#include "http/http.h"

struct competence_text {
    struct str *procedures; /* codes */
    size_t procedure_count;
    struct str from, to, on, decree, in_flight; /* class or identifier; day; "stay" or "move" */
};

/* Ends rows and begins others; what is in flight moves at once when the day has come. */
enum outcome competence_change(struct request *rq, const struct competence_text *text, int64_t *out_move,
                               struct fail *why) MUST_USE;

#endif
