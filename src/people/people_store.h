/*
 * Rows of accounts, for this room's own files, and the commands that change them.
 */
#ifndef PEOPLE_PEOPLE_STORE_H
#define PEOPLE_PEOPLE_STORE_H

#include "people/people.h"

/* An account with the hash of its password. */
enum outcome account_find_secret(struct tx *tx, struct str login, struct account *out, struct str *out_hash,
                                 struct fail *why) MUST_USE;
struct account account_of_row(const struct row *r);
struct str login_fold(struct arena *a, struct str login); /* as logins are stored */

struct account_add {
    const struct user_new *user; /* login folded, all of it checked */
    struct str password_hash;
    struct str name_sort_key;
    const struct sealed_identity *sealed;
};
store_command account_add; /* out: int64_t, the id; ERR_CONFLICT: the login or a number has an account already */

struct account_change {
    struct actor actor;
    int64_t account;
    const char *act;          /* account.password account.disable account.enable account.contact */
    struct str password_hash; /* account.password */
    bool must_change;
    struct sha256 but_session; /* account.password: the one that goes on */
    const struct contact_new *contact;
};
store_command account_change; /* no output */

#endif
