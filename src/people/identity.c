#include "people/identity.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/text.h"
#include "queries.h"

enum { KEY_BYTES = 32, NONCE_BYTES = 12, TAG_BYTES = 16, NUMBER_BYTES_MOST = 64 };

/* Two keys in one file: one encrypts, one makes the look-up hash. */
struct identity_keys {
    unsigned char seal[KEY_BYTES], lookup[KEY_BYTES];
};

/* ---- types and their rules ---- */

static const struct {
    const char *code, *label;
} types[] = {
#define X(name, code, label) {code, label},
    IDENTITY_TYPES(X)
#undef X
};

const char *identity_type_code(enum identity_type t)
{
    return types[t].code;
}

const char *identity_type_label(enum identity_type t)
{
    return types[t].label;
}

bool identity_type_parse(struct str code, enum identity_type *out)
{
    for (size_t i = 0; i < IDENTITY_TYPE_COUNT; i++)
        if (str_eq(code, str_from(types[i].code))) {
            *out = (enum identity_type)i;
            return true;
        }
    return false;
}

/* Weights and check digit of tax codes (domain: 10 minus the weighted sum modulo 11; 10 is never issued). */
static bool is_tax_code(struct str s)
{
    static const int weights[9] = {31, 29, 23, 19, 17, 13, 7, 5, 3};
    bool is_branch = s.len == 14 && s.at[10] == '-' && parse_is_digits(str_part(s, 11, 3), 3, 3);
    if (!parse_is_digits(str_part(s, 0, 10), 10, 10) || (s.len != 10 && !is_branch)) return false;
    int sum = 0;
    for (int i = 0; i < 9; i++) sum += weights[i] * (s.at[i] - '0');
    return 10 - sum % 11 == s.at[9] - '0';
}

static bool is_passport(struct str s)
{
    if (s.len < 6 || s.len > 15) return false;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) return false;
    }
    return true;
}

enum outcome identity_check(struct identity i, struct fail *why)
{
    switch (i.type) {
    case IDENTITY_PERSONAL_ID: /* Law on Identification 26/2023/QH15, art. 12: 12 digits */
        return parse_is_digits(i.value, 12, 12)
                   ? OK
                   : fail(why, ERR_INVALID, N_("A personal identification number has 12 digits."));
    case IDENTITY_OLD_ID:
        return parse_is_digits(i.value, 9, 9) ? OK
                                              : fail(why, ERR_INVALID, N_("An old identity card number has 9 digits."));
    case IDENTITY_PASSPORT:
        return is_passport(i.value) ? OK
                                    : fail(why, ERR_INVALID, N_("A passport number has 6 to 15 letters and digits."));
    case IDENTITY_TAX_CODE: /* a person's tax code is the personal number since 2025-07-01 */
        if (parse_is_digits(i.value, 12, 12)) return OK;
        return is_tax_code(i.value)
                   ? OK
                   : fail(why, ERR_INVALID, N_("This is not a tax code: its check digit does not fit."));
    case IDENTITY_ENTERPRISE_NUMBER:
        return is_tax_code(i.value)
                   ? OK
                   : fail(why, ERR_INVALID, N_("This is not an enterprise number: its check digit does not fit."));
    case IDENTITY_OTHER:
    case IDENTITY_TYPE_COUNT: break;
    }
    return i.value.len <= NUMBER_BYTES_MOST ? OK : fail(why, ERR_INVALID, N_("The number is too long."));
}

int identity_birth_year(struct identity i)
{
    enum { CENTURY = 3, YEAR = 4, FIRST_YEAR = 1900 };
    if (i.type != IDENTITY_PERSONAL_ID || !parse_is_digits(i.value, 12, 12)) return 0;
    int century = (i.value.at[CENTURY] - '0') / 2;
    return FIRST_YEAR + century * 100 + (i.value.at[YEAR] - '0') * 10 + (i.value.at[YEAR + 1] - '0');
}

struct str identity_mask(struct arena *a, struct str value)
{
    size_t length = text_length(value),
           ends = length >= 9   ? 2
                  : length >= 5 ? 1
                                : 0,
           head = ends == 2 ? 3 : ends, n = 0;
    char *masked = arena_alloc(a, value.len + 1);
    size_t bytes = 0;
    for (size_t i = 0; i < value.len; i++) { /* a number of another kind may have letters of more than one byte */
        bool is_first = ((unsigned char)value.at[i] & 0xC0) != 0x80;
        bool is_shown = n - !is_first < head || n - !is_first + ends >= length;
        if (is_shown || is_first) masked[bytes++] = is_shown ? value.at[i] : '*';
        n += is_first;
    }
    return str_of(masked, bytes);
}

/* ---- keys ---- */

enum outcome identity_keys_open(struct str key_folder, bool may_create, struct identity_keys **out, struct fail *why)
{
    struct str path = file_of_key(why->arena, key_folder, STR("identity.key")), content;
    enum outcome read = file_read(why->arena, path, 2 * KEY_BYTES, &content, why);
    if (read == ERR_MISSING && may_create) {
        unsigned char fresh[2 * KEY_BYTES];
        random_bytes(fresh, sizeof fresh);
        content = str_dup(why->arena, str_of((char *)fresh, sizeof fresh));
        read = file_write(path, content, 0600, why);
    }
    if (read == ERR_MISSING)
        return fail(
            why, ERR_DOWN,
            N_("The key {0} is missing. Without it no personal number can be read: restore it from the backup."), path);
    TRY(read);
    if (content.len != 2 * KEY_BYTES) return fail(why, ERR_DOWN, N_("The key {0} is damaged."), path);
    struct identity_keys *keys = malloc(sizeof *keys);
    if (keys == NULL) BUG("out of memory");
    memcpy(keys->seal, content.at, KEY_BYTES);
    memcpy(keys->lookup, content.at + KEY_BYTES, KEY_BYTES);
    *out = keys;
    return OK;
}

void identity_keys_free(struct identity_keys *k)
{
    if (k == NULL) return;
    explicit_bzero(k, sizeof *k);
    free(k);
}

/* ---- sealing: nonce, cipher text, tag ---- */

struct str secret_seal(const struct identity_keys *k, struct arena *a, struct str clear)
{
    unsigned char *at = arena_alloc(a, NONCE_BYTES + clear.len + TAG_BYTES);
    int len = 0, end = 0;
    random_bytes(at, NONCE_BYTES);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool is_done = c != NULL && EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, k->seal, at) == 1 &&
                   EVP_EncryptUpdate(c, at + NONCE_BYTES, &len, (const unsigned char *)clear.at, (int)clear.len) == 1 &&
                   EVP_EncryptFinal_ex(c, at + NONCE_BYTES + len, &end) == 1 &&
                   EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, at + NONCE_BYTES + clear.len) == 1;
    EVP_CIPHER_CTX_free(c);
    if (!is_done) BUG("encryption failed");
    return str_of((char *)at, NONCE_BYTES + clear.len + TAG_BYTES);
}

enum outcome secret_unseal(const struct identity_keys *k, struct arena *a, struct str cipher, struct str *out,
                           struct fail *why)
{
    if (cipher.len < NONCE_BYTES + TAG_BYTES) return fail(why, ERR_DOWN, N_("A sealed text is damaged."));
    size_t clear_len = cipher.len - NONCE_BYTES - TAG_BYTES;
    unsigned char *clear = arena_alloc(a, clear_len + 1);
    const unsigned char *at = (const unsigned char *)cipher.at;
    int len = 0, end = 0;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool is_done = c != NULL && EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, k->seal, at) == 1 &&
                   EVP_DecryptUpdate(c, clear, &len, at + NONCE_BYTES, (int)clear_len) == 1 &&
                   EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG_BYTES,
                                       (void *)(uintptr_t)(at + NONCE_BYTES + clear_len)) == 1 &&
                   EVP_DecryptFinal_ex(c, clear + len, &end) == 1;
    EVP_CIPHER_CTX_free(c);
    if (!is_done) return fail(why, ERR_DOWN, N_("A sealed text is damaged."));
    *out = str_of((char *)clear, clear_len);
    return OK;
}

struct sealed_identity identity_seal(const struct identity_keys *k, struct arena *a, struct identity i)
{
    struct str key = str_of((const char *)k->lookup, KEY_BYTES);
    struct str named = str_format(a, "%s:%.*s", identity_type_code(i.type), STR_ARG(i.value));
    return (struct sealed_identity){i.type, secret_seal(k, a, i.value), hmac_sha256(key, named),
                                    identity_mask(a, i.value)};
}

struct sha256 secret_mac(const struct identity_keys *k, struct arena *a, const char *purpose, struct str message)
{
    struct str key = str_of((const char *)k->lookup, KEY_BYTES);
    struct str parts[] = {str_from(purpose), message}; /* joined, not formatted: a message may hold any bytes */
    return hmac_sha256(key, str_join(a, STR(":"), parts, LENGTH(parts)));
}

enum outcome identity_unseal(const struct identity_keys *k, struct arena *a, struct str cipher, struct str *out,
                             struct fail *why)
{
    return secret_unseal(k, a, cipher, out, why);
}

/* ---- rows ---- */

enum outcome identity_save(struct tx *tx, enum identity_owner kind, int64_t owner, int64_t n,
                           const struct sealed_identity *identities, size_t count, struct fail *why)
{
    for (size_t i = 0; i < count; i++) {
        const struct sealed_identity *s = &identities[i];
        TRY(store_do(tx, Q_IDENTITY_INSERT,
                     VALUES(v_int(kind), v_int(owner), v_int(n), v_int((int64_t)i),
                            v_str(str_from(identity_type_code(s->type))), v_blob(s->cipher),
                            v_blob(str_of((const char *)s->lookup.at, SHA256_BYTES)), v_str(s->masked)),
                     NULL, why));
    }
    return OK;
}

enum outcome identity_of(struct tx *tx, enum identity_owner kind, int64_t owner, struct kept_identity **out,
                         size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_IDENTITY_OF_OWNER, VALUES(v_int(kind), v_int(owner)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct kept_identity, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct kept_identity *k = &(*out)[i];
        k->n = row_int(&rows.at[i], 0);
        k->masked = row_str(&rows.at[i], 2);
        if (!identity_type_parse(row_str(&rows.at[i], 1), &k->type)) BUG("a kept number of an unknown type");
    }
    return OK;
}

static struct str lookup_bytes(const struct sealed_identity *s)
{
    return str_of((const char *)s->lookup.at, SHA256_BYTES);
}

static enum outcome put(struct tx *tx, const struct placed_identity *p, struct fail *why)
{
    return store_do(tx, Q_IDENTITY_PUT,
                    VALUES(v_int(OWNER_DOSSIER), v_int(p->dossier), v_int(p->party), v_int(p->number),
                           v_str(str_from(identity_type_code(p->sealed.type))), v_blob(p->sealed.cipher),
                           v_blob(lookup_bytes(&p->sealed)), v_str(p->sealed.masked)),
                    NULL, why);
}

enum outcome identity_replace(struct tx *tx, int64_t dossier, int64_t party, const struct sealed_identity *sealed,
                              struct placed_identity *out_before, struct fail *why)
{
    struct row row;
    struct placed_identity now = {dossier, party, 0, *sealed}, before = {dossier, party, 0, {.type = sealed->type}};
    enum outcome found = store_one(
        tx, Q_IDENTITY_FIRST_OF_TYPE,
        VALUES(v_int(OWNER_DOSSIER), v_int(dossier), v_int(party), v_str(str_from(identity_type_code(sealed->type)))),
        &row, why);
    if (found != ERR_MISSING) TRY(found);
    if (found == OK) {
        before.sealed.cipher = row_str(&row, 1);
        memcpy(before.sealed.lookup.at, row_str(&row, 2).at, SHA256_BYTES);
        before.sealed.masked = row_str(&row, 3);
    } else
        TRY(store_one(tx, Q_IDENTITY_NEXT_NUMBER, VALUES(v_int(OWNER_DOSSIER), v_int(dossier), v_int(party)), &row,
                      why));
    now.number = before.number = row_int(&row, 0);
    *out_before = before;
    return put(tx, &now, why);
}

enum outcome identity_put_back(struct tx *tx, const struct placed_identity *before, struct fail *why)
{
    if (before->sealed.cipher.len > 0) return put(tx, before, why);
    return store_do(tx, Q_IDENTITY_TAKE_OUT,
                    VALUES(v_int(OWNER_DOSSIER), v_int(before->dossier), v_int(before->party), v_int(before->number)),
                    NULL, why);
}

enum outcome identity_reveal(struct tx *tx, const struct identity_keys *k, int64_t account, struct identity **out,
                             size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_IDENTITY_SEALED_OF_OWNER, VALUES(v_int(OWNER_ACCOUNT), v_int(account), v_int(0)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct identity, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct identity *one = &(*out)[i];
        if (!identity_type_parse(row_str(&rows.at[i], 0), &one->type)) BUG("a kept number of an unknown type");
        TRY(identity_unseal(k, tx_arena(tx), row_str(&rows.at[i], 1), &one->value, why));
    }
    return OK;
}

/* ---- all of them ---- */

struct identity_check_all {
    const struct identity_keys *keys;
    struct arena arena; /* of one row */
    int64_t count;
};

static enum outcome verify_one(void *context, const struct row *r, struct fail *why)
{
    struct identity_check_all *all = context;
    struct arena *a = &all->arena;
    struct identity i;
    struct fail ignored;
    arena_clear(a);
    fail_init(&ignored, a);
    struct str lookup = row_str(r, 2), key = str_of((const char *)all->keys->lookup, KEY_BYTES);
    bool is_well = identity_type_parse(row_str(r, 0), &i.type) &&
                   identity_unseal(all->keys, a, row_str(r, 1), &i.value, &ignored) == OK;
    if (is_well) {
        struct str named = str_format(a, "%s:%.*s", identity_type_code(i.type), STR_ARG(i.value));
        struct sha256 expected = hmac_sha256(key, named);
        is_well = lookup.len == SHA256_BYTES && memcmp(lookup.at, expected.at, SHA256_BYTES) == 0;
    }
    all->count++;
    return is_well ? OK
                   : fail(why, ERR_CONFLICT,
                          N_("A personal number cannot be read with keys/identity.key: one of the two is damaged."));
}

enum outcome identity_verify(struct tx *tx, const struct identity_keys *k, int64_t *out_count, struct fail *why)
{
    struct identity_check_all all = {.keys = k};
    arena_init(&all.arena, 64 * 1024);
    enum outcome r = store_each(tx, Q_IDENTITY_ALL, NO_VALUES, verify_one, &all, why);
    arena_end(&all.arena);
    *out_count = all.count;
    return r;
}
