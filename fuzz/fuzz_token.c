/* Tokens of receipts and of confirmations as strangers send them: any bytes are refused without a crash, and what this
 * office made is read back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/fail.h"
#include "dossier/confirmation.h"
#include "dossier/dossier_token.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    int64_t id = 0, back = 0;
    struct sha256 hash;
    arena_init(&a, 4 << 20);
    if (dossier_token_read(open_keys(), &a, str_of((const char *)data, size), &id)) abort(); /* 2^-128 */
    if (confirmation_token_read(str_of((const char *)data, size), &hash) && size != 22) abort();
    struct str made = random_token(&a, CONFIRMATION_TOKEN_BYTES);
    if (!confirmation_token_read(made, &hash) || !sha256_eq(hash, sha256_of(made))) abort();
    if (size < sizeof id) return 0;
    memcpy(&id, data, sizeof id);
    id &= INT64_MAX;
    if (id != 0 && (!dossier_token_read(open_keys(), &a, dossier_token(open_keys(), &a, id), &back) || back != id))
        abort();
    return 0;
}
