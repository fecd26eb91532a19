/*
 * Addresses that cannot be guessed, without a row: the id of one thing and a code that only this office can make over
 * it (HMAC-SHA-256, 128 bits), so there is no personal data in them. What a token is for goes into its code: none opens
 * what another does.
 */
#ifndef PEOPLE_ID_TOKEN_H
#define PEOPLE_ID_TOKEN_H

#include "people/identity.h"

/* 32 letters, digits, hyphens and underscores. */
struct str id_token(const struct identity_keys *keys, struct arena *a, const char *use, int64_t id);
/* The exact inverse; false for whatever this office did not make for this use. */
bool id_token_read(const struct identity_keys *keys, struct arena *a, const char *use, struct str token, int64_t *out);

#endif
