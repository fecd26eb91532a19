/*
 * Where a page of a list ended, as the text that a client hands back for the next one: opaque to it, checked by us. A
 * cursor belongs to one kind of list and is refused by every other.
 */
#ifndef DOSSIER_LIST_CURSOR_H
#define DOSSIER_LIST_CURSOR_H

#include "dossier/list_merge.h"

enum cursor_kind {
    CURSOR_TASKS = 't',  /* by deadline, then dossier */
    CURSOR_NEWEST = 'n', /* newest dossier first */
    CURSOR_DUE = 'd',    /* open dossiers by due date */
    CURSOR_CODE = 'c',   /* by code; its text is the code */
};

struct str list_cursor_format(struct arena *a, enum cursor_kind kind, struct place at);
/* An empty text is the start. ERR_INVALID with a problem at "cursor". */
enum outcome list_cursor_parse(struct arena *a, struct str text, enum cursor_kind kind, struct place *out,
                               struct fail *why) MUST_USE;

struct str code_cursor_format(struct arena *a, struct str code);
enum outcome code_cursor_parse(struct arena *a, struct str text, struct str *out_code, struct fail *why) MUST_USE;

#endif
