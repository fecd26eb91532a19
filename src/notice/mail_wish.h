/*
 * Who wants letters: the address an account has confirmed, the kinds it has turned off, whether reminders come once a
 * day; and the parties without an account who agreed at the counter. Nothing is sent to an address before its owner has
 * opened the link in the one letter that asks; an address that the account no longer has is not confirmed any more.
 */
#ifndef NOTICE_MAIL_WISH_H
#define NOTICE_MAIL_WISH_H

#include "journal/journal.h"
#include "notice/event.h"
#include "people/identity.h"

struct mail_wish {
    int64_t account;
    struct str email, name, language; /* of the account; email may be empty */
    bool is_officer, is_disabled;
    bool is_asked, is_confirmed; /* for this very address */
    instant_t asked_at, confirmed_at;
    int64_t asks; /* letters asked for in vain */
    bool is_digest;
    bool is_off[KIND_COUNT];
};

/* In tx_arena. ERR_MISSING when there is no such account. */
enum outcome mail_wish_load(struct tx *tx, int64_t account, struct mail_wish *out, struct fail *why) MUST_USE;
/* What was chosen, also while the address is not confirmed yet: for who chooses. */
enum outcome mail_wish_load_off(struct tx *tx, struct mail_wish *w, struct fail *why) MUST_USE;
/* What If-Match names: another one for every other choice, address and confirmation. */
int64_t mail_wish_version(const struct mail_wish *w);
bool mail_wish_takes(const struct mail_wish *w, enum notice_kind kind);

/* ---- commands; each change stands in the journal under the account; no output ---- */

#define ACT_MAIL_ASK "account.mail.ask"

struct mail_change {
    struct actor actor;
    int64_t account, version; /* choose: version that was seen; 0: whatever it is */
    instant_t asked_at;       /* confirm: which letter */
    bool is_off[KIND_COUNT];  /* choose */
    bool is_digest;
};
/* The follower makes the letter. ERR_INVALID without an e-mail, ERR_CONFLICT when it is confirmed, ERR_TOO_MANY when
 * the last one was asked for just now: each in vain doubles the wait, so that nobody is flooded through us. */
store_command mail_ask;
/* ERR_CONFLICT when a later letter was asked for, the address has changed, or two days have passed. */
store_command mail_confirm;
store_command mail_choose;
store_command mail_stop; /* every kind that may be turned off; again changes nothing */

struct mail_party_stop {
    int64_t dossier, party;
};
store_command mail_party_stop;

/* ---- links that need no sign-in: what they name cannot be guessed or changed ---- */

enum { MAIL_CONFIRM_HOURS = 48, MAIL_ASK_MINUTES = 5 };

/* To whom a link belongs: an account, or a party of a dossier. */
struct mail_owner {
    int64_t account; /* 0: the party */
    int64_t dossier, party;
};
struct str mail_stop_token(const struct identity_keys *k, struct arena *a, struct mail_owner o);
bool mail_stop_token_read(const struct identity_keys *k, struct arena *a, struct str token, struct mail_owner *out);
struct str mail_confirm_token(const struct identity_keys *k, struct arena *a, int64_t account, instant_t asked_at);
bool mail_confirm_token_read(const struct identity_keys *k, struct arena *a, struct str token, int64_t *out_account,
                             instant_t *out_asked_at);

#endif
