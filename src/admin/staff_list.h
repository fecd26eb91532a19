/*
 * A list of staff as people have it: CSV in UTF-8 (with or without the mark that Excel writes first), in UTF-16
 * ("Unicode text"), or lines copied from a sheet; fields apart by comma, semicolon or tab, whichever the first line
 * has. The first line may name the columns, in any order, in Vietnamese or English; else the order is name, role,
 * login, e-mail, telephone, unit, field. Every mistake of every line is told; nothing is decided about agencies or
 * accounts here.
 */
#ifndef ADMIN_STAFF_LIST_H
#define ADMIN_STAFF_LIST_H

#include "base/fail.h"

enum { STAFF_MOST = 500, STAFF_BYTES = 256 * 1024, STAFF_MISTAKES_MOST = 6 };

struct staff_mistake {
    const char *sentence; /* message */
    struct str args[FAIL_ARGS];
};

struct staff_line {
    int number; /* of the line in the text, from 1 */
    struct str name, role_text, login, email, phone, unit, field;
    struct str role;   /* of agency/role.h; empty when role_text is none */
    bool is_own_login; /* written in the list; else made from the name */
    struct staff_mistake mistakes[STAFF_MISTAKES_MOST];
    size_t mistake_count;
};

struct staff_list {
    struct staff_line *lines;
    size_t count;
    size_t wrong_count; /* lines with a mistake */
    bool has_heading;
};

/* Bytes of a file as text in UTF-8; fields are cleaned when they are read. ERR_INVALID with a sentence for a workbook
 * (.xlsx) or bytes that are no text. */
enum outcome staff_text(struct arena *a, struct str bytes, struct str *out, struct fail *why) MUST_USE;
/* ERR_INVALID when there is nothing in it or too much; mistakes of lines stand in the list. */
enum outcome staff_read(struct arena *a, struct str text, struct staff_list *out, struct fail *why) MUST_USE;
/* Notes one more mistake: for whoever knows the accounts and agencies. */
void staff_mistake(struct staff_list *list, struct staff_line *line, const char *sentence, struct str arg);

/* "nguyenvanan": the name without accents and spaces. */
struct str staff_login_of(struct arena *a, struct str name);

#endif
