/*
 * Where the body of a request goes while it arrives: into memory when it is small, into spool files while they are
 * hashed when the route takes files. Files are removed with the request unless a handler renamed them away.
 */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include <stdatomic.h>

#include "base/list.h"
#include "http/multipart.h"

enum body_kind { BODY_MEMORY, BODY_FORM, BODY_MULTIPART, BODY_FILE };

/* What all bodies of a server share. */
struct body_store {
    struct str folder; /* spool files; empty: routes that take files are refused */
    _Atomic int64_t memory_bytes;
};

struct body {
    struct body_store *store;
    struct request *rq;
    enum body_kind kind;
    bool takes_files;
    struct buf memory; /* the body, or the field at hand */
    int64_t counted_bytes;
    struct multipart *multipart;
    struct part_receiver receiver;
    struct part part;
    size_t part_count; /* also of those that leave nothing behind */
    int fd;            /* of the spool file at hand, or -1 */
    struct sha256_stream *hash;
    uint64_t field_bytes;
    LIST(struct pair) fields;
    LIST(struct upload) uploads;
};

void body_init(struct body *b, struct body_store *store);
/* Decides by route and Content-Type. */
enum outcome body_begin(struct body *b, struct request *rq, struct fail *why) MUST_USE;
enum outcome body_take(void *body, struct str piece, struct fail *why) MUST_USE; /* a body_fn */
enum outcome body_finish(struct body *b, struct fail *why) MUST_USE;             /* fills rq: body, form, uploads */
void body_clear(struct body *b); /* removes what was not taken; ready for the next request */
void body_end(struct body *b);

/* Removes spool files that a killed process left behind. */
void body_sweep(struct str folder);

#endif
