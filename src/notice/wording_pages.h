/*
 * /quan-tri/thong-bao: an agency words the letters that are sent in its name. Each has its names, a look at how it
 * reads with an example, its versions, and the way back to the standard.
 */
#ifndef NOTICE_WORDING_PAGES_H
#define NOTICE_WORDING_PAGES_H

#include "http/http.h"

extern const struct route wording_routes[];
extern const size_t wording_route_count;

#endif
