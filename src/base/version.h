/*
 * Which version this is: "0.1.0" at its tag, between tags with the commit that it was built from (tools/version). The
 * program has it from src/version.c.in, made anew by each build; a program that is not `motcua` (a unit test, a fuzz
 * target) has the one of version.c, so that a new commit links one program again and not all.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

extern const char motcua_version[];

#endif
