#include "dossier/act_effect.h"

const struct act_effect act_effects[ACTION_COUNT] = {
    [ACTION_RECEIVE] = {NULL, NULL},
};
