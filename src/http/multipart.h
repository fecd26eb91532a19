/*
 * multipart/form-data (RFC 7578), parsed while it arrives: a small state machine that takes pieces cut anywhere and
 * tells its three callbacks where parts begin, what is in them and where they end. It keeps nothing but the headers of
 * the part at hand. It is stricter than RFC 2046: nothing may stand before the first boundary, lines end with CRLF.
 */
#ifndef HTTP_MULTIPART_H
#define HTTP_MULTIPART_H

#include "http/http.h"
#include "http/http_limits.h"

/* One part's headers; the texts live in the arena given to multipart_init. */
struct part {
    struct str name;      /* of the form field, UTF-8, NFC */
    struct str file_name; /* cleaned to a base name, NFC */
    struct str type;      /* empty when not said */
    bool is_file;         /* a file name was given, even an empty one */
};

struct part_receiver {
    enum outcome (*begin)(void *context, const struct part *part, struct fail *why);
    enum outcome (*data)(void *context, struct str piece, struct fail *why);
    enum outcome (*end)(void *context, struct fail *why);
    void *context;
};

enum multipart_state {
    PART_DATA,           /* also before the first boundary */
    PART_AFTER_BOUNDARY, /* CRLF: headers follow; "--": the end */
    PART_AFTER_CR,       /* of the boundary's line */
    PART_AFTER_DASH,
    PART_HEAD, /* gathering headers until an empty line */
    PART_DONE, /* what follows the last boundary is ignored */
};

struct multipart {
    struct arena *arena;
    const struct part_receiver *to;
    enum multipart_state state;
    bool is_in_part;
    size_t matched; /* bytes of the delimiter seen */
    size_t delimiter_len, head_len;
    char delimiter[HTTP_BOUNDARY_BYTES + 4]; /* CRLF "--" boundary */
    char head[HTTP_PART_HEAD_BYTES];
};

/* The file's name in a Content-Disposition, cleaned to a base name, NFC; empty when it names none. */
struct str disposition_file_name(struct arena *a, struct str value);
/* The boundary parameter of a Content-Type; false when there is no valid one. */
bool multipart_boundary(struct str content_type, struct str *out);
void multipart_init(struct multipart *m, struct arena *a, struct str boundary, const struct part_receiver *to);
enum outcome multipart_feed(struct multipart *m, struct str piece, struct fail *why) MUST_USE;
enum outcome multipart_finish(const struct multipart *m, struct fail *why) MUST_USE; /* the last boundary was seen */

/* What a client calls its file, made harmless: last segment of a path, no control characters, NFC, bounded. */
struct str file_name_clean(struct arena *a, struct str said);

#endif
