/*
 * Parameters of header values: `form-data; name="a"; filename="b"`, `multipart/form-data; boundary=x`, and the weights
 * of `Accept: text/html, application/json;q=0.5`. Views into the header; nothing is copied.
 */
#ifndef HTTP_PARAMETER_H
#define HTTP_PARAMETER_H

#include "base/str.h"

/* The value of a parameter after the first ';'; without its quotes, escapes kept. False when absent or malformed. */
bool parameter_find(struct str header, const char *name, struct str *out);
/* "text/html" of "Text/HTML; charset=utf-8"; compared without regard to case. */
struct str media_type(struct str header);
/* How much a list header wants an entry, 0-1000: exact name, then "type/" + "*", then the wildcard; -1 when not named.
 */
int preference(struct str header, const char *name);

#endif
