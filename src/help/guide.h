/*
 * Which page of the manual explains which page of the program: the link "Guide to this page" in the frame. A table by
 * the beginning of a route's path; the longest beginning wins.
 */
#ifndef HELP_GUIDE_H
#define HELP_GUIDE_H

#include "help/manual.h"

/* route: its path as in the table of routes, "/ho-so/{code}". NULL when no part of the manual is about it. */
const struct manual_page *guide_find(struct str route, bool is_officer);

#endif
