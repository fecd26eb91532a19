#include "dossier/unit.h"

/* In the order of enum unit_state. */
static const struct {
    const char *name, *message;
} states[UNIT_STATE_COUNT] = {
    [UNIT_WAITING] = {"waiting",   N_("Its turn comes later")},
      [UNIT_OPEN] = {"asked",     N_("Asked")               },
    [UNIT_ANSWERED] = {"answered",  N_("Answered")            },
      [UNIT_SILENT] = {"no-answer", N_("No answer in time")   },
    [UNIT_DROPPED] = {"dropped",   N_("No longer needed")    },
};

const char *unit_state_name(enum unit_state s)
{
    return states[s].name;
}

const char *unit_state_message(enum unit_state s)
{
    return states[s].message;
}

enum unit_state unit_state(const struct unit *u, instant_t now)
{
    if (u->answered_at != INSTANT_NONE) return UNIT_ANSWERED;
    if (str_eq(u->closing, STR("dropped"))) return UNIT_DROPPED;
    if (u->closed_at != INSTANT_NONE) return UNIT_SILENT;
    if (u->opened_at == INSTANT_NONE) return UNIT_WAITING;
    return now > u->due_at ? UNIT_SILENT : UNIT_OPEN;
}

bool unit_is(const struct unit *u, const struct standing *who)
{
    if (u->account != 0) return u->account == who->account;
    return who->agency != 0 && u->agency == who->agency;
}

/* Papers can be in one place only; what the decree says of them stands in the rule set. */
struct str unit_manner(const struct dossier *d)
{
    const struct rule_set *rules = dossier_rules(d);
    return str_eq(d->channel, STR("online")) ? rules->consult_electronic : rules->consult_paper;
}
