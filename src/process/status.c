#include "process/status.h"

/* A code of the portal as a bit. */
#define S(code) (1u << (code))

/* In the order of the national portal's codes. `next` is the guidance's table; a final status has none: work goes on
 * only in a new dossier. A refusal after receipt is a result (9) or a stop (8), never 3. The Vietnamese labels, which
 * other systems know, stand in po/vi.po. */
/* clang-format off */
static const struct {
    const char *name, *message;
    unsigned next;
} statuses[STATUS_COUNT] = {
    [STATUS_NONE]       = {"none",       "",                               0},
    [STATUS_NEW]        = {"new",        N_("Newly submitted"),            S(2) | S(3) | S(5) | S(7)},
    [STATUS_RECEIVED]   = {"received",   N_("Accepted"),                   S(4) | S(5) | S(6) | S(7)},
    [STATUS_REFUSED]    = {"refused",    N_("Not accepted"),               0},
    [STATUS_IN_HAND]    = {"in-hand",    N_("Being processed"),            S(5) | S(6) | S(7) | S(8) | S(9)},
    [STATUS_SUPPLEMENT] = {"supplement", N_("Supplement requested"),       S(2) | S(4) | S(7) | S(8)},
    [STATUS_PAYMENT]    = {"payment",    N_("Payment requested"),          S(4) | S(7) | S(8)},
    [STATUS_WITHDRAWN]  = {"withdrawn",  N_("Withdrawn by the applicant"), 0},
    [STATUS_STOPPED]    = {"stopped",    N_("Processing stopped"),         0},
    [STATUS_DONE]       = {"done",       N_("Processing finished"),        S(10)},
    [STATUS_RETURNED]   = {"returned",   N_("Result handed over"),         0},
};
/* clang-format on */

static enum status known(enum status s)
{
    return (unsigned)s < STATUS_COUNT ? s : STATUS_NONE;
}

const char *status_name(enum status s)
{
    return statuses[known(s)].name;
}

const char *status_message(enum status s)
{
    return statuses[known(s)].message;
}

bool status_is_final(enum status s)
{
    return known(s) != STATUS_NONE && statuses[s].next == 0;
}

bool status_may_follow(enum status from, enum status to)
{
    if (known(from) == STATUS_NONE || known(to) == STATUS_NONE) return false;
    return from == to || (statuses[from].next & (1u << to)) != 0;
}
