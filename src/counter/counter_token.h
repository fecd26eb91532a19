/*
 * Addresses that cannot be guessed, without a row: a number of the queue as its holder's phone follows it, an
 * appointment as its holder shows it, the kiosk of a hall; each kind for itself (people/id_token.h).
 */
#ifndef COUNTER_COUNTER_TOKEN_H
#define COUNTER_COUNTER_TOKEN_H

#include "people/identity.h"

enum counter_token { TOKEN_TICKET, TOKEN_APPOINTMENT, TOKEN_KIOSK };

/* 32 letters, digits, hyphens and underscores. */
struct str counter_token(const struct identity_keys *keys, struct arena *a, enum counter_token kind, int64_t id);
/* The exact inverse; false for whatever this office did not make. */
bool counter_token_read(const struct identity_keys *keys, struct arena *a, enum counter_token kind, struct str token,
                        int64_t *out);

#endif
