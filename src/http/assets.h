/*
 * Files that are part of the program: style sheets, scripts, fonts. Their path holds the hash of their content, so
 * browsers keep them for ever; the same bytes are there compressed, made at build time.
 */
#ifndef HTTP_ASSETS_H
#define HTTP_ASSETS_H

#include "base/embedded.h"
#include "http/http.h"

/* Answers GET and HEAD of a path in the table (sorted by path); false when the path is not there. */
bool assets_reply(struct request *rq, const struct embedded_file *assets, size_t count);

#endif
