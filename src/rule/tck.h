/*
 * The conformance kit of DMN (dmn-tck): runs a folder laid out as the kit's TestCases and judges each case as the kit's
 * own runner does. A case whose result is to be an error passes only when an error was recorded. Test data, not rules:
 * reads files, which nothing else of this room does.
 */
#ifndef RULE_TCK_H
#define RULE_TCK_H

#include "base/fail.h"

struct tck_case {
    struct str folder, file, id; /* "compliance-level-2/0001-input-data-string", "...-test-01.xml", "001" */
    bool is_fine;
    bool wants_error;   /* of one of its results at least */
    struct str message; /* the first result that differs: what was expected and what came */
};

typedef void tck_heard(void *context, const struct tck_case *c);

/* Every test file below the folder, in order of their names. ERR_MISSING when there is none. */
enum outcome tck_run(struct str folder, tck_heard *heard, void *context, struct fail *why) MUST_USE;

#endif
