/*
 * The token behind a receipt's QR code (people/id_token.h): whoever holds it may follow one dossier without signing in.
 * It opens nothing else: what it shows is portal/lookup_page.c's to decide.
 */
#ifndef DOSSIER_DOSSIER_TOKEN_H
#define DOSSIER_DOSSIER_TOKEN_H

#include "people/identity.h"

/* 32 letters, digits, hyphens and underscores. */
struct str dossier_token(const struct identity_keys *keys, struct arena *a, int64_t dossier);
/* The exact inverse; false for whatever this office did not make. */
bool dossier_token_read(const struct identity_keys *keys, struct arena *a, struct str token, int64_t *out);
/* Another one, which stands only in letters to the applicant: with it they say how it went (quality/quality.h). The
 * receipt's does not do that, because offices print it. */
struct str dossier_rating_token(const struct identity_keys *keys, struct arena *a, int64_t dossier);
bool dossier_rating_token_read(const struct identity_keys *keys, struct arena *a, struct str token, int64_t *out);
/* Where a token leads: "/tra-cuu/...". */
struct str dossier_token_path(const struct identity_keys *keys, struct arena *a, int64_t dossier);

#endif
