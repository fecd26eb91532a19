#include "journal/journal_key.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { KEY_FILE_MOST = 4096, PUBLIC_BYTES = 32 };

struct journal_key {
    EVP_PKEY *pkey;
    unsigned char public[PUBLIC_BYTES];
    struct sha256 hash;
};

static struct str bio_text(struct arena *a, BIO *bio)
{
    char *at = NULL;
    long len = BIO_get_mem_data(bio, &at);
    return str_dup(a, str_of(at, len > 0 ? (size_t)len : 0));
}

static enum outcome save_new(struct str path, EVP_PKEY *pkey, struct fail *why)
{
    struct arena a;
    arena_init(&a, 64 * 1024);
    BIO *bio = BIO_new(BIO_s_secmem());
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL) != 1) BUG("a new key has no text");
    enum outcome r = file_write(path, bio_text(&a, bio), 0600, why);
    BIO_free(bio);
    arena_end(&a);
    return r;
}

static enum outcome make_key(struct str path, EVP_PKEY **out, struct fail *why)
{
    EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (!pkey) BUG("OpenSSL makes no Ed25519 key");
    enum outcome r = save_new(path, pkey, why);
    if (r == OK)
        *out = pkey;
    else
        EVP_PKEY_free(pkey);
    return r;
}

static enum outcome read_key(struct str path, EVP_PKEY **out, struct fail *why)
{
    struct arena a;
    struct str pem;
    arena_init(&a, 64 * 1024);
    enum outcome r = file_read(&a, path, KEY_FILE_MOST, &pem, why);
    if (r == OK) {
        BIO *bio = BIO_new_mem_buf(pem.at, (int)pem.len);
        EVP_PKEY *pkey = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;
        BIO_free(bio);
        if (pkey && EVP_PKEY_is_a(pkey, "ED25519")) {
            *out = pkey;
        } else {
            EVP_PKEY_free(pkey);
            r = fail(why, ERR_INVALID, N_("{0} is not an Ed25519 key in a PEM file."), path);
        }
    }
    arena_end(&a);
    return r;
}

enum outcome journal_key_load(struct str path, bool may_create, struct journal_key **out, struct fail *why)
{
    EVP_PKEY *pkey = NULL;
    unsigned char public[PUBLIC_BYTES];
    size_t len = sizeof public;
    if (may_create && !file_exists(path))
        TRY(make_key(path, &pkey, why));
    else
        TRY(read_key(path, &pkey, why));
    if (EVP_PKEY_get_raw_public_key(pkey, public, &len) != 1 || len != sizeof public)
        BUG("a key without a public part");
    struct journal_key *key = calloc(1, sizeof *key);
    if (!key) BUG("out of memory for a key");
    *key = (struct journal_key){.pkey = pkey, .hash = sha256_of(str_of((const char *)public, sizeof public))};
    memcpy(key->public, public, sizeof public);
    *out = key;
    return OK;
}

void journal_key_free(struct journal_key *key)
{
    if (key) EVP_PKEY_free(key->pkey);
    free(key);
}

struct sha256 journal_key_hash(const struct journal_key *key)
{
    return key->hash;
}

struct str journal_key_public(const struct journal_key *key)
{
    return str_of((const char *)key->public, sizeof key->public);
}

/* ---- signing ---- */

struct signature journal_key_sign(const struct journal_key *key, struct str text)
{
    struct signature s;
    size_t len = sizeof s.at;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestSignInit(context, NULL, NULL, NULL, key->pkey) != 1 ||
        EVP_DigestSign(context, s.at, &len, (const unsigned char *)text.at, text.len) != 1 || len != sizeof s.at) {
        BUG("Ed25519 does not sign");
    }
    EVP_MD_CTX_free(context);
    return s;
}

static bool verifies(EVP_PKEY *pkey, struct str text, struct str signature)
{
    if (signature.len != SIGNATURE_BYTES) return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!context || EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) != 1) BUG("Ed25519 does not begin");
    bool is_good = EVP_DigestVerify(context, (const unsigned char *)signature.at, signature.len,
                                    (const unsigned char *)text.at, text.len) == 1;
    EVP_MD_CTX_free(context);
    return is_good;
}

bool journal_key_verifies(const struct journal_key *key, struct str text, struct str signature)
{
    return verifies(key->pkey, text, signature);
}

bool journal_public_verifies(struct str public_key, struct str text, struct str signature)
{
    if (public_key.len != PUBLIC_BYTES) return false;
    EVP_PKEY *pkey =
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, (const unsigned char *)public_key.at, public_key.len);
    bool is_good = pkey != NULL && verifies(pkey, text, signature);
    EVP_PKEY_free(pkey);
    return is_good;
}

struct str checkpoint_text(struct arena *a, struct str origin, int64_t size, struct sha256 root, instant_t at)
{
    struct str hex = sha256_format(a, root);
    return str_format(a, "motcua/%.*s\n%" PRId64 "\n%.*s\n%" PRId64 "\n", STR_ARG(origin), size, STR_ARG(hex), at);
}
