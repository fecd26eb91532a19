/*
 * Which page of the manual, and which heading of it, explains which page of the program: the link "Guide to this page"
 * in the frame. A table by the beginning of a route's path; the longest beginning wins. Refuses to know the rooms: a
 * test holds the table against the routes (motcua routes --json) and against the pages.
 */
#ifndef HELP_GUIDE_H
#define HELP_GUIDE_H

#include "base/str.h"

/* route: its path as in the table of routes, "/ho-so/{code}". "/tro-giup/can-bo/tiep-nhan#quet", in the arena; empty
 * when no part of the manual is about it. */
struct str guide_find(struct arena *a, struct str route, bool is_officer);

#endif
