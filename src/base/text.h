/*
 * Unicode and Vietnamese. Text is normalised to NFC once, at the border; after that equality is bytes. Folding is for
 * finding (marks and case go, đ becomes d), collation keys are for ordering, neither is ever shown.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/str.h"

bool text_is_utf8(struct str s);  /* strict: no surrogates, no overlong forms */
bool text_is_plain(struct str s); /* UTF-8 without a NUL: what the store takes as text */
/* NFC; tabs and other control characters but line breaks become spaces, those of direction go; CRLF becomes LF. s must
 * be UTF-8. */
struct str text_clean(struct arena *a, struct str s);
bool text_is_nfc(struct str s);
/* One line: runs of white space become one space, ends trimmed. */
struct str text_one_line(struct arena *a, struct str s);
size_t text_length(struct str s); /* code points */
struct str text_shorten(struct arena *a, struct str s,
                        size_t most); /* at most so many code points, cut at a word, with … */

struct str text_lower(struct arena *a, struct str s); /* all of Unicode */
struct str text_upper(struct arena *a, struct str s); /* the same, point by point: ß stays */
/* For finding: NFKD, lower case, marks dropped, đ -> d, punctuation to spaces, one space between words. */
struct str text_fold(struct arena *a, struct str s);
/* For comparing names of places: NFC, lower case, the tone mark put in one place (hòa, hoà -> hoà), accents kept, one
 * space between words and none around a hyphen ("Mây - Lăng", "Mây-Lăng"). */
struct str text_tone_normal(struct arena *a, struct str s);

/* Binary sort keys, Vietnamese order (ICU root with "vi" tailoring): a ă â b ... da dà dả dã dá dạ đa. */
struct str text_sort_key(struct arena *a, struct str s);
struct str text_name_sort_key(struct arena *a, struct str full_name); /* by given name, then the whole name */

#endif
