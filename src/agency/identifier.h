/*
 * The e-identifier of an agency, as text that is checked once and then trusted. The form in force (Decision
 * 20/2020/QĐ-TTg of 2020-07-22, amended by Decision 09/2025/QĐ-TTg of 2025-04-14): at most 35 characters, groups of 0-9
 * and A-Z joined by dots, from the top down: "H36.02.02". The form before it (QCVN 102) stands in old data and in
 * messages of old systems: four groups from the bottom up, "000.00.00.G22"; it is read and mapped, and written only for
 * those who still ask for it.
 */
#ifndef AGENCY_IDENTIFIER_H
#define AGENCY_IDENTIFIER_H

#include "base/fail.h"

enum { IDENTIFIER_BYTES = 35 };

/* Either form, small letters allowed; out is the form in force, in the arena. ERR_INVALID says what is wrong. */
enum outcome identifier_parse(struct arena *a, struct str text, struct str *out, struct fail *why) MUST_USE;

/* The old form of an identifier; false when it has none (more than four levels, groups of another width). */
bool identifier_format_old(struct arena *a, struct str identifier, struct str *out);

/* "H36" for the statistical code "68" of a province; empty when unknown. out_is_certain is false where provinces
 * merged in 2025 and the surviving name's code is only presumed to go on. */
struct str identifier_of_province(struct str statistical_code, bool *out_is_certain);

#endif
