/*
 * The answer, inside the server: its life, and its way to bytes with the headers that every answer carries. Handlers
 * use the reply_* functions of http.h. Headers are copied into the request's arena; names are literals.
 */
#ifndef HTTP_REPLY_H
#define HTTP_REPLY_H

#include "http/http.h"

void reply_init(struct reply *r);
void reply_clear(struct reply *r); /* as if nothing had been answered; closes the file, keeps memory */
void reply_end(struct reply *r);
struct pair *reply_find(struct reply *r, const char *name); /* NULL when not set */
/* Writes status line and headers into `head`; returns how many bytes of body follow (0 for HEAD, 204, 304). */
uint64_t reply_render(struct request *rq, bool keeps_alive, struct str date, struct buf *head);

#endif
