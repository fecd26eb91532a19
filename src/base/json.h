/*
 * JSON. Reading is yyjson under our bounds (size, depth, UTF-8, no duplicate keys, no trailing bytes); rooms walk the
 * `yyjson_val` it gives with yyjson's own functions and the helpers below. Writing is a small appender into a buf that
 * places commas and escapes by itself.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <yyjson.h>

#include "base/buf.h"
#include "base/fail.h"

enum { JSON_DEPTH = 64 };

/* Values live in the arena as long as it does. ERR_BAD with line and column when the text is not JSON. */
enum outcome json_read(struct arena *a, struct str text, yyjson_val **out, struct fail *why) MUST_USE;

/* The string member of an object; empty when absent, null or of another type. */
struct str json_str(yyjson_val *object, const char *key);
struct str json_text(yyjson_val *string); /* the string itself; empty when it is not one */
int64_t json_int(yyjson_val *object, const char *key, int64_t otherwise);
bool json_bool(yyjson_val *object, const char *key, bool otherwise);
/* A text or name in it holds U+0000: JSON allows it, no column of the store does. */
bool json_has_nul(yyjson_val *v);
yyjson_val *json_get(yyjson_val *object, const char *key); /* NULL when absent or null */

/* Writing: jw_open('{') key value ... jw_close('}'). Nesting at most JSON_DEPTH. */
struct json_writer {
    struct buf *out;
    int depth;
    bool needs_comma, is_after_key;
    char closers[JSON_DEPTH];
};

void jw_init(struct json_writer *w, struct buf *out);
void jw_open(struct json_writer *w, char bracket); /* '{' or '[' */
void jw_close(struct json_writer *w);
void jw_key(struct json_writer *w, const char *key);
void jw_str(struct json_writer *w, struct str s);
void jw_int(struct json_writer *w, int64_t n);
void jw_double(struct json_writer *w, double d);
void jw_bool(struct json_writer *w, bool b);
void jw_null(struct json_writer *w);
void jw_raw(struct json_writer *w, struct str json); /* already JSON */
void jw_value(struct json_writer *w, yyjson_val *v); /* copies a value that was read */

/* key and value in one call */
void jw_put_str(struct json_writer *w, const char *key, struct str s);
void jw_put_str_or_null(struct json_writer *w, const char *key, struct str s); /* null when empty */
void jw_put_int(struct json_writer *w, const char *key, int64_t n);
void jw_put_bool(struct json_writer *w, const char *key, bool b);
void jw_put_null(struct json_writer *w, const char *key);
void jw_put_id(struct json_writer *w, const char *key, int64_t id);           /* a string of digits */
void jw_put_instant(struct json_writer *w, const char *key, int64_t instant); /* RFC 3339, or null for INSTANT_NONE */

/* The one shape of lists: {"items": [ ... ], "next_cursor": ...}. Without a cursor it is null: that was all. */
void jw_open_list(struct json_writer *w, struct buf *out);
void jw_close_list(struct json_writer *w, struct str next_cursor);

/* Canonical JSON (RFC 8785): sorted keys, no spaces, shortest numbers; what hashes are made over. */
struct str json_canonical(struct arena *a, yyjson_val *v);

#endif
