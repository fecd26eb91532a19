/* Tokens of receipts, ratings, confirmations, letters and the counter as strangers send them, and sealed numbers as a
 * damaged disk gives them: any bytes are refused without a crash, and what this office made is read back, as what it
 * was made for and nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/fail.h"
#include "counter/counter_token.h"
#include "dossier/confirmation.h"
#include "dossier/dossier_token.h"
#include "notice/mail_wish.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct identity_keys *open_keys(void)
{
    static struct identity_keys *keys;
    char folder[] = "/tmp/motcua-fuzz-XXXXXX";
    struct arena a;
    struct fail why;
    if (keys != NULL) return keys;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    if (mkdtemp(folder) == NULL || identity_keys_open(str_from(folder), true, &keys, &why) != OK) abort();
    arena_end(&a);
    return keys;
}

/* 2^-128 that any of them is good */
static void check_strangers(struct arena *a, struct str text)
{
    const struct identity_keys *keys = open_keys();
    int64_t id;
    instant_t at;
    struct mail_owner owner;
    for (enum counter_token kind = TOKEN_TICKET; kind <= TOKEN_KIOSK; kind++)
        if (counter_token_read(keys, a, kind, text, &id)) BUG("a token that nobody made");
    if (dossier_token_read(keys, a, text, &id) || dossier_rating_token_read(keys, a, text, &id) ||
        mail_stop_token_read(keys, a, text, &owner) || mail_confirm_token_read(keys, a, text, &id, &at))
        BUG("a token that nobody made");
}

static void check_ours(struct arena *a, int64_t id)
{
    const struct identity_keys *keys = open_keys();
    int64_t back = 0;
    instant_t at = 0, asked_at = id / 2;
    struct mail_owner owner = {.dossier = id, .party = id / 3 + 1}, same = {0};
    struct str rating = dossier_rating_token(keys, a, id), ticket = counter_token(keys, a, TOKEN_TICKET, id);
    if (!dossier_token_read(keys, a, dossier_token(keys, a, id), &back) || back != id) BUG("a receipt's");
    if (!dossier_rating_token_read(keys, a, rating, &back) || back != id) BUG("a rating's");
    if (!counter_token_read(keys, a, TOKEN_TICKET, ticket, &back) || back != id) BUG("a number's");
    if (dossier_token_read(keys, a, rating, &back) || counter_token_read(keys, a, TOKEN_KIOSK, ticket, &back))
        BUG("a token opens something else");
    if (!mail_stop_token_read(keys, a, mail_stop_token(keys, a, owner), &same) || same.dossier != id ||
        same.party != owner.party)
        BUG("a letter's");
    if (!mail_confirm_token_read(keys, a, mail_confirm_token(keys, a, id, asked_at), &back, &at) || back != id ||
        at != asked_at)
        BUG("an address's");
}

/* What was sealed opens again; with one bit turned, which the input names, it does not. */
static void check_sealed(struct arena *a, struct str text)
{
    const struct identity_keys *keys = open_keys();
    struct fail why;
    struct str clear;
    fail_init(&why, a);
    if (identity_unseal(keys, a, text, &clear, &why) == OK) BUG("a text that nobody sealed"); /* 2^-128 */
    struct sealed_identity sealed = identity_seal(keys, a, (struct identity){IDENTITY_OTHER, text});
    if (identity_unseal(keys, a, sealed.cipher, &clear, &why) != OK || !str_eq(clear, text)) BUG("it does not open");
    char *turned = arena_dup(a, sealed.cipher.at, sealed.cipher.len);
    size_t bit = text.len > 1 ? ((size_t)(unsigned char)text.at[0] << 8 | (unsigned char)text.at[1]) : 0;
    turned[bit / 8 % sealed.cipher.len] ^= (char)(1 << bit % 8);
    if (identity_unseal(keys, a, str_of(turned, sealed.cipher.len), &clear, &why) == OK) BUG("a turned bit");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    int64_t id = 0;
    struct sha256 hash;
    arena_init(&a, 4 << 20);
    check_strangers(&a, str_of((const char *)data, size));
    if (size <= 256) check_sealed(&a, str_of((const char *)data, size));
    if (confirmation_token_read(str_of((const char *)data, size), &hash) && size != 22) abort();
    struct str made = random_token(&a, CONFIRMATION_TOKEN_BYTES);
    if (!confirmation_token_read(made, &hash) || !sha256_eq(hash, sha256_of(made))) abort();
    if (size < sizeof id) return 0;
    memcpy(&id, data, sizeof id);
    id &= INT64_MAX;
    if (id != 0) check_ours(&a, id);
    return 0;
}
