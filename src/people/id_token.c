#include "people/id_token.h"

#include <string.h>

enum { ID_BYTES = 8, MAC_BYTES = 16, TOKEN_BYTES = ID_BYTES + MAC_BYTES };

static void fill(const struct identity_keys *keys, struct arena *a, const char *use, int64_t id, char out[TOKEN_BYTES])
{
    for (size_t i = 0; i < ID_BYTES; i++) out[i] = (char)((uint64_t)id >> 8 * (ID_BYTES - 1 - i) & 0xff);
    struct sha256 mac = secret_mac(keys, a, use, str_of(out, ID_BYTES));
    memcpy(out + ID_BYTES, mac.at, MAC_BYTES);
}

struct str id_token(const struct identity_keys *keys, struct arena *a, const char *use, int64_t id)
{
    char bytes[TOKEN_BYTES];
    fill(keys, a, use, id, bytes);
    return base64url_encode(a, str_of(bytes, TOKEN_BYTES));
}

bool id_token_read(const struct identity_keys *keys, struct arena *a, const char *use, struct str token, int64_t *out)
{
    struct str bytes;
    char wanted[TOKEN_BYTES];
    uint64_t id = 0;
    if (token.len != TOKEN_BYTES / 3 * 4 || !base64url_decode(a, token, &bytes) || bytes.len != TOKEN_BYTES)
        return false;
    for (size_t i = 0; i < ID_BYTES; i++) id = id << 8 | (unsigned char)bytes.at[i];
    if (id == 0 || id > INT64_MAX) return false;
    fill(keys, a, use, (int64_t)id, wanted);
    if (!secret_eq(str_of(wanted, TOKEN_BYTES), bytes)) return false;
    *out = (int64_t)id;
    return true;
}
