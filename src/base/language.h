/*
 * Texts for people. A message is its English sentence; the Vietnamese one comes from po/vi.po, compiled at build time
 * into a sorted table. The language belongs to the visit (a request, a command), never to the process.
 */
#ifndef BASE_LANGUAGE_H
#define BASE_LANGUAGE_H

#include "base/fail.h"

enum language { VIETNAMESE, ENGLISH };

const char *language_code(enum language l); /* "vi", "en": BCP 47 */
bool language_parse(struct str code, enum language *out);
/* The best of ours for an Accept-Language header (RFC 9110, 12.5.4); Vietnamese when it names neither. */
enum language language_accept(struct str header);

/* The message in the language; the message itself when there is no entry (lint keeps that from happening). Static. */
struct str translate(enum language l, const char *message);
struct str translate_str(enum language l, struct str message);
/* A failure and its problems as sentences of that language. */
struct str fail_sentence(struct arena *a, enum language l, const struct fail *why);
struct str problem_sentence(struct arena *a, enum language l, const struct problem *p);

#endif
