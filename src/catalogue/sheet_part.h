/*
 * The cells of a detail sheet of the national procedure database, each read by a rule with a vocabulary, never by a
 * list of the sheets at hand. A reader takes the cell's text (cleaned: NFC, no tabs) and the place it stands at, gives
 * what it understood, and reports as a doubt whatever it had to decide: nothing is dropped silently. Pure; what they
 * give lives in place->arena and may borrow from the text.
 */
#ifndef CATALOGUE_SHEET_PART_H
#define CATALOGUE_SHEET_PART_H

#include "base/import_report.h"
#include "catalogue/procedure.h"

/* Real sheets have at most 24 components, 12 rows of channels and 17 legal bases. */
enum { SHEET_ROWS_MOST = 400, SHEET_NAMES_MOST = 100, SHEET_CELL_BYTES = 2000 };

/* Where a doubt is about. */
struct sheet_place {
    struct arena *arena;
    struct import_report *report;
    struct str file;
    struct str field; /* JSON pointer: "#/tables/hinh_thuc_nop/0/phi_le_phi" */
};

/* place_doubt(place, value, N_("read as {0}"), amount) */
#define place_doubt(place, value, ...)                                                                                 \
    import_doubt((place)->report, (place)->file, (place)->field, (value), __VA_ARGS__)

/* ---- text (sheet_text.c) ---- */

/* A cell as it is read from then on: NFC, without tabs, invisible characters and remains of markup, trimmed. */
struct str sheet_clean(const struct sheet_place *place, struct str raw);
/* At most so many bytes from its start, cut between characters: what is looked at has to be bounded. */
struct str sheet_head(struct str text, size_t bytes);
/* Without what says "nothing": "Không có thông tin", "Không quy định", "Không.", "-": empty. */
struct str sheet_nothing(struct arena *a, struct str text);
/* Without list marks at its start: "- ", "+ ", "a) ", "2.1. ". */
struct str sheet_unmarked(struct str text);
/* Without ".,;: " at its end. *out_junk: it ended with two marks or more, which nobody meant. */
struct str sheet_untailed(struct str text, bool *out_junk);
/* The first letter is a capital one (of any alphabet). */
bool sheet_is_capital(struct arena *a, struct str text);
/* The folded needle stands in the folded text as whole words. */
bool sheet_says(struct str folded, struct str words);
bool sheet_says_any(struct str folded, const struct str *words, size_t count);
bool sheet_begins_any(struct str folded, const struct str *words, size_t count);

/* ---- cells ---- */

void sheet_levels(const struct sheet_place *place, struct str text, struct procedure *p);
void sheet_audience(const struct sheet_place *place, struct str text, struct procedure *p);
/* The channels that a cell names, as a bit set of 1 << channel_kind. */
unsigned sheet_channels(const struct sheet_place *place, struct str text);
void sheet_kind(const struct sheet_place *place, struct str text, struct procedure *p);
/* Initiator and process, from name and field. */
void sheet_process(const struct sheet_place *place, struct procedure *p);
void sheet_decision(const struct sheet_place *place, struct str text, struct procedure *p);

void sheet_agencies(const struct sheet_place *place, struct str text, struct agency_list *out);
void sheet_address(const struct sheet_place *place, struct str text, struct procedure *p);
void sheet_results(const struct sheet_place *place, struct str text, struct procedure *p);

/* term_kind, term and term_text of the case. */
void sheet_term(const struct sheet_place *place, struct str text, struct procedure_case *out);
/* A stable id of a term: "30-working-days", "30-minutes", "on-the-spot", "unstated". */
struct str sheet_term_id(struct arena *a, const struct procedure_case *c);
/* fees and is_fee_stated of the case. */
void sheet_fees(const struct sheet_place *place, struct str text, struct procedure_case *out);

void sheet_law(const struct sheet_place *place, struct str number, struct str title, struct law_reference *out);

/* ---- components (sheet_component.c): rows in order, because a heading speaks for those below it ---- */

struct component_row {
    struct str name, files, counts; /* ten_giay_to, so_luong, ghi_chu; cleaned */
};
/* place->field is the list's pointer; doubts add the row. */
void sheet_components(const struct sheet_place *place, const struct component_row *rows, size_t count,
                      struct procedure *p);

#endif
