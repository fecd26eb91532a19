#include "people/password.h"

#include <argon2.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"

/* OWASP's second recommendation for Argon2id: 19 MiB, two passes, one lane. */
enum { MEMORY_KIB = 19 * 1024, PASSES = 2, LANES = 1, SALT_BYTES = 16, KEY_BYTES = 32 };

/* A well-formed hash of no password; its costs are those above. */
static const char nobody[] =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct str password_hash(struct arena *a, struct str password)
{
    unsigned char salt[SALT_BYTES];
    char *encoded = arena_alloc(a, PASSWORD_HASH_BYTES);
    random_bytes(salt, sizeof salt);
    int r = argon2id_hash_encoded(PASSES, MEMORY_KIB, LANES, password.at, password.len, salt, sizeof salt, KEY_BYTES,
                                  encoded, PASSWORD_HASH_BYTES);
    if (r != ARGON2_OK) BUG("argon2: %s", argon2_error_message(r));
    return str_from(encoded);
}

bool password_fits(struct arena *a, struct str encoded, struct str password)
{
    const char *against = encoded.len > 0 ? str_cstr(a, encoded) : nobody;
    int r = argon2id_verify(against, password.at, password.len);
    if (r != ARGON2_OK && r != ARGON2_VERIFY_MISMATCH) BUG("argon2: %s", argon2_error_message(r));
    return r == ARGON2_OK && encoded.len > 0;
}

/* ---- turns ---- */

struct turns {
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int left, waiting, waiting_most;
    void (*before)(void *), (*after)(void *);
    void *context;
};

struct turns *turns_new(int at_once, int waiting_most)
{
    struct turns *t = calloc(1, sizeof *t);
    if (t == NULL) BUG("out of memory");
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->freed, NULL);
    t->left = at_once;
    t->waiting_most = waiting_most;
    return t;
}

void turns_free(struct turns *t)
{
    if (t == NULL) return;
    pthread_cond_destroy(&t->freed);
    pthread_mutex_destroy(&t->lock);
    free(t);
}

void turns_on_wait(struct turns *t, void (*before)(void *), void (*after)(void *), void *context)
{
    t->before = before;
    t->after = after;
    t->context = context;
}

static void wait_for_turn(struct turns *t)
{
    t->waiting++;
    while (t->left == 0) pthread_cond_wait(&t->freed, &t->lock);
    t->waiting--;
}

bool turns_take(struct turns *t)
{
    pthread_mutex_lock(&t->lock);
    bool has_to_wait = t->left == 0, is_taken = !has_to_wait || t->waiting < t->waiting_most;
    if (is_taken && has_to_wait) {
        /* The run gate is left without our lock, so that whoever holds a turn can go on. */
        pthread_mutex_unlock(&t->lock);
        if (t->before != NULL) t->before(t->context);
        pthread_mutex_lock(&t->lock);
        wait_for_turn(t);
    }
    if (is_taken) t->left--;
    pthread_mutex_unlock(&t->lock);
    if (is_taken && has_to_wait && t->after != NULL) t->after(t->context);
    return is_taken;
}

void turns_give(struct turns *t)
{
    pthread_mutex_lock(&t->lock);
    t->left++;
    pthread_cond_signal(&t->freed);
    pthread_mutex_unlock(&t->lock);
}
