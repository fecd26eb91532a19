/*
 * application/x-www-form-urlencoded: queries and small forms. Names and values come out decoded, UTF-8 checked and in
 * NFC; line breaks are LF.
 */
#ifndef HTTP_FORM_H
#define HTTP_FORM_H

#include "http/http.h"

/* ERR_BAD for bad escapes, NUL or text that is not UTF-8, ERR_TOO_LARGE for more than `most` fields. */
enum outcome form_parse(struct arena *a, struct str text, size_t most, struct pair **out, size_t *out_count,
                        struct fail *why) MUST_USE;

#endif
