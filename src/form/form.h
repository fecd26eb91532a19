/*
 * The form of a procedure, derived from its legal record: what is declared, and one place for each paper by how it is
 * required. The same form draws the page, checks what a program sends and explains every mistake at once. It knows
 * nothing of HTTP or of rows; parties are people's (people/party.h).
 *
 * A record says nothing of declarations, so a derived form asks only what every application needs and requires none of
 * it; what a program declares beyond that is kept as it came, bounded. In doubt about a paper the officer decides at
 * intake: only `always` and `one_of` stop a submission (domain: 261 components of the real 207 sheets are conditional).
 */
#ifndef FORM_FORM_H
#define FORM_FORM_H

#include "base/hash.h"
#include "base/language.h"
#include "catalogue/procedure.h"

enum form_kind { FORM_LINE, FORM_LINES, FORM_CHOICE, FORM_DATE, FORM_NUMBER };

struct declaration_choice {
    const char *value;
    const char *label; /* message */
};

struct declaration {
    const char *name;
    enum form_kind kind;
    const char *label, *hint; /* messages; hint may be NULL */
    bool is_required;
    size_t most; /* code points */
    const struct declaration_choice *choices;
    size_t choice_count;
};

/* One paper of the record, with what the form needs to know of it. */
struct form_paper {
    const struct component *component;
    bool stops; /* a submission without it is refused (alone, or without any of its group) */
};

struct procedure_form {
    const struct declaration *fields;
    size_t field_count;
    struct form_paper *papers; /* without headings */
    size_t paper_count;
};

enum {
    FORM_TEXT_MOST = 4000, /* code points of one declaration */
    FORM_FIELDS_MOST = 64, /* declarations */
    FORM_BYTES_MOST = 16 * 1024,
    FORM_FILES_MOST = 100,
};

/* papers_online: the channel is online, so papers are files; at the counter and by post they may come on paper. */
struct procedure_form *form_derive(struct arena *a, const struct procedure *p, bool papers_online);

/* The paper by which the owner gave authority to who acts for them (Civil Code 91/2015/QH13, art. 138), beside the
 * papers of the record. Its component is FORM_AUTHORITY. */
#define FORM_AUTHORITY "authority"
const struct component *form_authority(void);
void form_add_authority(struct procedure_form *form, bool papers_online);

/* Asks more, after what the form asks already: the questions of a procedure's decision tables (rule/ruling.h). */
void form_add_fields(struct arena *a, struct procedure_form *form, const struct declaration *fields, size_t count);

/* What is declared under that name; NULL when the form does not ask it. */
const struct declaration *form_field_find(const struct procedure_form *form, struct str name);

/* What a page sent for a declaration, as a program would write it: without the blanks around it, a day as day_parse
 * reads it. */
struct str declaration_typed(struct arena *a, const struct declaration *d, struct str typed);

/* Declarations as sent by a program or put together from a page: an object of texts, numbers, truths and lists of
 * texts. Problems are noted under /form/...; out is canonical JSON, ready for the row. NULL counts as {}. */
struct str form_check(struct arena *a, const struct procedure_form *form, yyjson_val *declared, struct fail *why);

/* A paper that comes with a dossier. */
struct attachment {
    struct str component; /* id, or empty */
    struct str kind;      /* "component", "supplement", "result", "other" */
    struct sha256 hash;
    bool is_reused; /* as its sender says: out of their own store */
};
/* Reads [{component | kind, file, reused}] under a pointer ("/files"); notes problems of shape. is_officer: may attach
 * results. */
struct attachment *form_read_files(struct arena *a, yyjson_val *list, struct str pointer, bool is_officer,
                                   size_t *out_count, struct fail *why);
/* Which components are unknown: problems under /files. */
void form_check_components(struct arena *a, const struct procedure_form *form, const struct attachment *files,
                           size_t count, struct fail *why);
/* The same, and which required papers are missing. */
void form_check_files(struct arena *a, const struct procedure_form *form, const struct attachment *files, size_t count,
                      struct fail *why);

#endif
