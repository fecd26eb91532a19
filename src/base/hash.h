/*
 * Digests and random bytes (OpenSSL; the system's getrandom). Constant-time comparison for secrets.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/str.h"

enum { SHA256_BYTES = 32, SHA256_HEX = 64 };

struct sha256 {
    unsigned char at[SHA256_BYTES];
};

struct sha256 sha256_of(struct str s);
struct sha256 sha256_of_parts(const struct str *parts, size_t count); /* concatenated */
struct sha256 hmac_sha256(struct str key, struct str message);
struct str hex_format(struct arena *a, struct str bytes);   /* lower-case digits, twice as many */
struct str sha256_format(struct arena *a, struct sha256 h); /* 64 lower-case hex digits */
bool sha256_parse(struct str text, struct sha256 *out);
bool sha256_eq(struct sha256 a, struct sha256 b); /* constant time */
bool secret_eq(struct str a, struct str b);       /* constant time in the length of a */

/* For content that arrives in pieces. */
struct sha256_stream;
struct sha256_stream *sha256_begin(void); /* owned by the caller until sha256_end */
void sha256_add(struct sha256_stream *h, struct str piece);
struct sha256 sha256_end(struct sha256_stream *h); /* frees it */
void sha256_drop(struct sha256_stream *h);         /* frees it unfinished; NULL is fine */

void random_bytes(void *out, size_t bytes);
uint64_t random_u64(void);
struct str random_token(struct arena *a, size_t bytes); /* base64url without padding of so many random bytes */
struct str base64url_encode(struct arena *a, struct str bytes);
bool base64url_decode(struct arena *a, struct str text, struct str *out);
struct str base64_encode(struct arena *a, struct str bytes); /* with + / and padding: mail, signatures */

#endif
