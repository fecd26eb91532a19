/*
 * Numbers that identify people live in one table, encrypted (AES-256-GCM) beside a keyed hash for looking up, and
 * nowhere else: not in form JSON, journal, URL or log. The key is in DIR/keys/. Sealing is done before the command,
 * saving inside it; what is shown is masked.
 */
#ifndef PEOPLE_IDENTITY_H
#define PEOPLE_IDENTITY_H

#include "base/hash.h"
#include "store/store.h"

/* code for API and rows, label (message) */
#define IDENTITY_TYPES(X)                                                                                              \
    X(IDENTITY_PERSONAL_ID, "personal_id", N_("Personal identification number"))                                       \
    X(IDENTITY_OLD_ID, "old_id", N_("Old identity card number"))                                                       \
    X(IDENTITY_PASSPORT, "passport", N_("Passport number"))                                                            \
    X(IDENTITY_TAX_CODE, "tax_code", N_("Tax code"))                                                                   \
    X(IDENTITY_ENTERPRISE_NUMBER, "enterprise_number", N_("Enterprise number"))                                        \
    X(IDENTITY_OTHER, "other", N_("Another number"))

enum identity_type {
#define X(name, code, label) name,
    IDENTITY_TYPES(X)
#undef X
        IDENTITY_TYPE_COUNT
};

struct identity {
    enum identity_type type;
    struct str value; /* in clear: only between the request and the seal */
};

const char *identity_type_code(enum identity_type t);
const char *identity_type_label(enum identity_type t); /* message */
bool identity_type_parse(struct str code, enum identity_type *out);
/* The rule of the type (personal id 12 digits; tax code's check digit; ...): a sentence says what is wrong. */
enum outcome identity_check(struct identity i, struct fail *why) MUST_USE;
/* The year of birth that a personal number carries (digits 4 to 6: century with sex, then the year; Law on
 * Identification 26/2023/QH15, art. 12); 0 when it is no such number. */
int identity_birth_year(struct identity i);
/* "079*******23": what pages and the API show. */
struct str identity_mask(struct arena *a, struct str value);

struct sealed_identity {
    enum identity_type type;
    struct str cipher; /* nonce, ciphertext, tag */
    struct sha256 lookup;
    struct str masked;
};
struct identity_keys; /* read from DIR/keys/ at start */
enum outcome identity_keys_open(struct str key_folder, bool may_create, struct identity_keys **out,
                                struct fail *why) MUST_USE;
void identity_keys_free(struct identity_keys *k);
struct sealed_identity identity_seal(const struct identity_keys *k, struct arena *a, struct identity i);
/* The same for any text that may hold such numbers: drafts. */
struct str secret_seal(const struct identity_keys *k, struct arena *a, struct str clear);
enum outcome secret_unseal(const struct identity_keys *k, struct arena *a, struct str cipher, struct str *out,
                           struct fail *why) MUST_USE;
/* What only this office can make of a message: a token that needs no row. `purpose` keeps uses apart. */
struct sha256 secret_mac(const struct identity_keys *k, struct arena *a, const char *purpose, struct str message);
enum outcome identity_unseal(const struct identity_keys *k, struct arena *a, struct str cipher, struct str *out,
                             struct fail *why) MUST_USE;

/* Whose number it is: an account, or party n of a dossier. */
enum identity_owner { OWNER_ACCOUNT, OWNER_DOSSIER };
enum outcome identity_save(struct tx *tx, enum identity_owner kind, int64_t owner, int64_t n,
                           const struct sealed_identity *identities, size_t count, struct fail *why) MUST_USE;
/* One number of a party of a dossier, and its place among them. */
struct placed_identity {
    int64_t dossier, party, number;
    struct sealed_identity sealed; /* cipher empty: there is none */
};
/* Inside a command: in the place of the party's first number of that type, else beside the others. *out_before is what
 * stood there. */
enum outcome identity_replace(struct tx *tx, int64_t dossier, int64_t party, const struct sealed_identity *sealed,
                              struct placed_identity *out_before, struct fail *why) MUST_USE;
/* As it stood before. */
enum outcome identity_put_back(struct tx *tx, const struct placed_identity *before, struct fail *why) MUST_USE;

struct kept_identity {
    int64_t n; /* party; 0 for accounts */
    enum identity_type type;
    struct str masked;
};
enum outcome identity_of(struct tx *tx, enum identity_owner kind, int64_t owner, struct kept_identity **out,
                         size_t *out_count, struct fail *why) MUST_USE;
/* An account's own numbers in clear, for its owner's eyes: to fill in a form that would otherwise ask for what is
 * known. */
enum outcome identity_reveal(struct tx *tx, const struct identity_keys *k, int64_t account, struct identity **out,
                             size_t *out_count, struct fail *why) MUST_USE;
/* Opens every kept number with these keys: ERR_CONFLICT when one cannot be read or found by them. */
enum outcome identity_verify(struct tx *tx, const struct identity_keys *k, int64_t *out_count,
                             struct fail *why) MUST_USE;

#endif
