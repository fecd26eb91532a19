/*
 * Where in the HTML a template stands: enough of a tokenizer to know how a value must be escaped, and where none may
 * stand. It follows well-formed HTML as people write it; what it is not sure of, it counts as a place for no value.
 */
#ifndef HTML_HTML_SPOT_H
#define HTML_HTML_SPOT_H

#include "base/str.h"

enum spot_kind {
    SPOT_TEXT,
    SPOT_TAG,
    SPOT_VALUE /* quoted */,
    SPOT_BARE /* unquoted value */,
    SPOT_RAW /* script, style */,
    SPOT_COMMENT
};

enum { SPOT_NAME = 32 };

struct spot_name {
    char at[SPOT_NAME]; /* lower case; longer names are cut, which no name of ours is */
    size_t len;
};

struct spot {
    enum spot_kind kind;
    char quote; /* of the attribute value */
    struct spot_name tag, attribute;
    bool is_tag_named, is_closing, is_attribute_over, has_equals;
    bool has_text; /* of the value so far */
};

/* How a value is made safe where it stands. */
enum escape {
    ESCAPE_TEXT,  /* between tags and in quoted attributes: & < > " ' */
    ESCAPE_URL,   /* a whole address: only "/...", "?...", "#..." or http(s), then as text */
    ESCAPE_PIECE, /* a piece of an address after literal text: percent-encoded, "/" too */
    ESCAPE_NONE,  /* plain text: as it is */
};

void spot_step(struct spot *s, struct str text, bool is_last); /* is_last: the template ends here, no tag follows */
/* NULL, or the sentence that says why no value may stand here. A value of an address counts as text of it. */
const char *spot_escape(struct spot *s, enum escape *out);
bool spot_is_same(const struct spot *a, const struct spot *b); /* whether two branches lead to the same place */

#endif
