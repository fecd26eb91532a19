/*
 * Accounts for people without an e-ID, at the counter. The officer compares the card with the person; if its number has
 * no account, one is opened without a password; then a one-time code goes to the person on paper, as letters and as a
 * QR code, and with it they choose a password on a device of theirs. Who forgot the password gets in the same way. The
 * officer never knows the password. Officers' own accounts are no business of the counter. Giving a code also says that
 * the card was compared (account_check), which opens what is kept under the number (vault/vault.h).
 */
#ifndef PEOPLE_CODE_H
#define PEOPLE_CODE_H

#include "html/html.h"
#include "people/people.h"

struct code_person {
    struct actor actor;
    struct str kind; /* citizen foreigner business cooperative organisation */
    struct identity number;
    struct str name, login, phone, email; /* login empty: the digits of the telephone */
    struct str language;
};
struct code_given {
    struct str code; /* "k7mn-..."; shown this once */
    struct account account;
    bool is_new; /* the account */
    instant_t expires_at;
};
/* Every mistake at once. ERR_CONFLICT when the number's account is in another name, is closed or is an officer's. */
enum outcome people_code_give(struct people *p, struct arena *a, const struct code_person *n, struct code_given *out,
                              struct fail *why) MUST_USE;
/* "K7MN ..." as it may be typed; ERR_MISSING with a sentence for one that is not good, or no longer. */
enum outcome people_code_find(struct people *p, struct arena *a, struct str code, struct account *out,
                              struct fail *why) MUST_USE;
/* The person chooses the password; every session of the account ends and the code is used up. */
enum outcome people_code_use(struct people *p, struct str code, struct str password, struct account *out,
                             struct fail *why) MUST_USE;
/* How long codes are good: setting code-hours. */
void people_set_code_life(struct people *p, int64_t us);

/* The QR code of the citizen's card: number|old number|name|date of birth|sex|address|day of issue; or only a number.
 */
struct card {
    struct str number, name;
};
struct card card_of_scan(struct str scanned);

extern const struct route code_routes[];
extern const size_t code_route_count;
extern const struct page_template code_templates[];
extern const size_t code_template_count;

#endif
