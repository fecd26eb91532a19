#include "base/hash.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/parse.h"

/* Looked up once: OpenSSL 3 walks its providers at each EVP_sha256(). Never changes after. */
static EVP_MD *sha256_method;
static pthread_once_t sha256_once = PTHREAD_ONCE_INIT;

static void find_sha256(void)
{
    sha256_method = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    if (!sha256_method) BUG("OpenSSL has no SHA-256");
}

struct sha256_stream {
    EVP_MD_CTX *context;
};

struct sha256_stream *sha256_begin(void)
{
    (void)pthread_once(&sha256_once, find_sha256); /* cannot fail with a static control */
    struct sha256_stream *h = malloc(sizeof *h);
    if (!h) BUG("out of memory: %zu bytes", sizeof *h);
    h->context = EVP_MD_CTX_new();
    if (!h->context || EVP_DigestInit_ex(h->context, sha256_method, NULL) != 1) BUG("SHA-256 does not begin");
    return h;
}

void sha256_add(struct sha256_stream *h, struct str piece)
{
    if (piece.len > 0 && EVP_DigestUpdate(h->context, piece.at, piece.len) != 1) BUG("SHA-256 does not go on");
}

struct sha256 sha256_end(struct sha256_stream *h)
{
    struct sha256 digest;
    if (EVP_DigestFinal_ex(h->context, digest.at, NULL) != 1) BUG("SHA-256 does not end");
    sha256_drop(h);
    return digest;
}

void sha256_drop(struct sha256_stream *h)
{
    if (h) EVP_MD_CTX_free(h->context);
    free(h);
}

struct sha256 sha256_of(struct str s)
{
    return sha256_of_parts(&s, 1);
}

struct sha256 sha256_of_parts(const struct str *parts, size_t count)
{
    struct sha256_stream *h = sha256_begin();
    for (size_t i = 0; i < count; i++) sha256_add(h, parts[i]);
    return sha256_end(h);
}

struct sha256 hmac_sha256(struct str key, struct str message)
{
    struct sha256 digest;
    const char *key_at = key.len > 0 ? key.at : ""; /* a NULL key would mean "the one before" to OpenSSL */
    if (key.len > INT32_MAX ||
        !HMAC(EVP_sha256(), key_at, (int)key.len, (const unsigned char *)message.at, message.len, digest.at, NULL)) {
        BUG("HMAC-SHA-256 fails");
    }
    return digest;
}

struct str hex_format(struct arena *a, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    char *text = arena_alloc(a, bytes.len * 2 + 1);
    for (size_t i = 0; i < bytes.len; i++) {
        text[2 * i] = digits[(unsigned char)bytes.at[i] >> 4];
        text[2 * i + 1] = digits[(unsigned char)bytes.at[i] & 15];
    }
    return str_of(text, bytes.len * 2);
}

struct str sha256_format(struct arena *a, struct sha256 h)
{
    return hex_format(a, str_of((const char *)h.at, SHA256_BYTES));
}

bool sha256_parse(struct str text, struct sha256 *out)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] >= 'A' && text.at[i] <= 'F') return false; /* one spelling only: names of files are made of it */
    }
    return parse_hex(text, out->at, SHA256_BYTES);
}

bool sha256_eq(struct sha256 a, struct sha256 b)
{
    return CRYPTO_memcmp(a.at, b.at, SHA256_BYTES) == 0;
}

bool secret_eq(struct str a, struct str b)
{
    unsigned differs = a.len != b.len;
    for (size_t i = 0; i < a.len; i++) {
        unsigned char other = b.len > 0 ? (unsigned char)b.at[i % b.len] : 0;
        differs |= (unsigned)((unsigned char)a.at[i] ^ other);
    }
    return differs == 0;
}

void random_bytes(void *out, size_t bytes)
{
    unsigned char *at = out;
    while (bytes > 0) {
        ssize_t got = getrandom(at, bytes, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) BUG("the system gives no random bytes");
        at += got;
        bytes -= (size_t)got;
    }
}

uint64_t random_u64(void)
{
    uint64_t n;
    random_bytes(&n, sizeof n);
    return n;
}

struct str random_token(struct arena *a, size_t bytes)
{
    char *at = arena_alloc(a, bytes);
    random_bytes(at, bytes);
    return base64url_encode(a, str_of(at, bytes));
}

struct str base64url_encode(struct arena *a, struct str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    size_t len = bytes.len / 3 * 4 + (bytes.len % 3 > 0 ? bytes.len % 3 + 1 : 0);
    char *at = arena_alloc(a, len + 1), *end = at;
    uint32_t bits = 0;
    int bit_count = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        bits = bits << 8 | (unsigned char)bytes.at[i];
        for (bit_count += 8; bit_count >= 6; bit_count -= 6) *end++ = digits[bits >> (bit_count - 6) & 63];
    }
    if (bit_count > 0) *end = digits[bits << (6 - bit_count) & 63];
    return str_of(at, len);
}

static int base64url_digit(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '-') return 62;
    return c == '_' ? 63 : -1;
}

bool base64url_decode(struct arena *a, struct str text, struct str *out)
{
    if (text.len % 4 == 1) return false;
    size_t len = text.len / 4 * 3 + (text.len % 4 > 0 ? text.len % 4 - 1 : 0);
    char *at = arena_alloc(a, len + 1), *end = at;
    uint32_t bits = 0;
    int bit_count = 0;
    for (size_t i = 0; i < text.len; i++) {
        int digit = base64url_digit(text.at[i]);
        if (digit < 0) return false;
        bits = bits << 6 | (uint32_t)digit;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            *end++ = (char)(bits >> bit_count);
        }
    }
    /* Bits left over must be zero, so that each run of bytes has one spelling (RFC 4648, 3.5). */
    if ((bits & ((1U << bit_count) - 1)) != 0) return false;
    *out = str_of(at, len);
    return true;
}

struct str base64_encode(struct arena *a, struct str bytes)
{
    struct str text = base64url_encode(a, bytes);
    size_t padding = (4 - text.len % 4) % 4;
    char *at = arena_alloc(a, text.len + padding + 1);
    for (size_t i = 0; i < text.len; i++) at[i] = text.at[i] == '-' ? '+' : text.at[i] == '_' ? '/' : text.at[i];
    for (size_t i = 0; i < padding; i++) at[text.len + i] = '=';
    return str_of(at, text.len + padding);
}
