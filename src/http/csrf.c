#include "http/csrf.h"

#include <string.h>

#include "base/hash.h"

enum { PAD_BYTES = 9, PROOF_BYTES = 15 };

static struct str token_of(struct arena *a, struct str pad, struct str secret)
{
    char bytes[PAD_BYTES + PROOF_BYTES];
    struct sha256 proof = hmac_sha256(secret, pad);
    memcpy(bytes, pad.at, PAD_BYTES);
    memcpy(bytes + PAD_BYTES, proof.at, PROOF_BYTES);
    return base64url_encode(a, str_of(bytes, sizeof bytes));
}

struct str csrf_token(struct arena *a, struct str secret)
{
    char pad[PAD_BYTES];
    if (secret.len == 0) return STR_NONE;
    random_bytes(pad, sizeof pad);
    return token_of(a, str_of(pad, sizeof pad), secret);
}

bool csrf_is_good(struct arena *a, struct str token, struct str secret)
{
    struct str bytes;
    if (secret.len == 0 || !base64url_decode(a, token, &bytes) || bytes.len != PAD_BYTES + PROOF_BYTES) return false;
    return secret_eq(token, token_of(a, str_part(bytes, 0, PAD_BYTES), secret));
}
