/*
 * What a scanner typed, or an officer by hand: an identity card, a number, a receipt, a number of the queue, an
 * appointment, or words. A scanner is a keyboard that ends with Enter, so this reads one line of text and nothing else.
 * It keeps nothing and looks nothing up.
 *
 * The code on the State's identity card (docs/counter.md says what is certain of it):
 *     number|old number|name|birth ddmmyyyy|sex|address|issued ddmmyyyy
 */
#ifndef COUNTER_SCAN_H
#define COUNTER_SCAN_H

#include "agency/agency.h"
#include "people/identity.h"

enum { SCAN_MOST = 1000 };

enum scan_kind {
    SCAN_NOTHING,
    SCAN_CARD,
    SCAN_NUMBER,      /* of a person, typed by hand: a card without its name */
    SCAN_RECEIPT,     /* token of a dossier: /tra-cuu/... */
    SCAN_TICKET_LINK, /* token of a number: /so-thu-tu/... */
    SCAN_APPOINTMENT, /* token of an appointment: /lich-hen/... */
    SCAN_TICKET,      /* "A12" */
    SCAN_WORDS        /* a dossier's code, or words of a procedure */
};

/* Who stands at the counter. Empty texts and DAY_UNKNOWN: the card does not say. */
struct card {
    enum identity_type type;
    struct str number, old_number, name, sex, address;
    day_t born, issued;
    bool is_doubtful; /* number and date of birth do not say the same year */
    bool is_read;     /* by a scanner, not typed */
};

struct scanned {
    enum scan_kind kind;
    struct card card;
    struct str text; /* the token, or the words */
    char line;       /* SCAN_TICKET */
    int n;
};

/* Texts in the arena. ERR_INVALID with a sentence for a card's code that is none. */
enum outcome scan_read(struct arena *a, struct str typed, struct scanned *out, struct fail *why) MUST_USE;

/* A card as JSON and back, to be sealed; exact inverses. */
struct str card_write(struct arena *a, const struct card *c);
enum outcome card_read(struct arena *a, struct str text, struct card *out, struct fail *why) MUST_USE;

#endif
