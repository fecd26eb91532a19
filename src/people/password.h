/*
 * Passwords as Argon2id hashes, and the turns that keep that costly work from taking the machine: two at once, a
 * bounded number waiting. Never called inside a command or a transaction.
 */
#ifndef PEOPLE_PASSWORD_H
#define PEOPLE_PASSWORD_H

#include "base/fail.h"

enum { PASSWORD_HASH_BYTES = 160 };

/* The encoded hash with its salt and costs, in the arena. */
struct str password_hash(struct arena *a, struct str password);
/* encoded empty: takes as long as a real one and is false, so that time tells nobody which logins exist. */
bool password_fits(struct arena *a, struct str encoded, struct str password);

struct turns;
struct turns *turns_new(int at_once, int waiting_most);
void turns_free(struct turns *t);
void turns_on_wait(struct turns *t, void (*before)(void *), void (*after)(void *), void *context);
bool turns_take(struct turns *t); /* false at once when too many wait already */
void turns_give(struct turns *t);

#endif
