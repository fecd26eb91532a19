/*
 * The keys of acts (docs/keyboard.md): one letter each, the same in the inbox and on the page of a dossier, so that an
 * officer's hands learn them once. They are after the Vietnamese words where that is possible. What a key does when it
 * is pressed is the business of assets/keys.js; here stands only which it is.
 */
#ifndef DOSSIER_ACTION_KEY_H
#define DOSSIER_ACTION_KEY_H

#include "dossier/action.h"

struct str action_key(enum action_id act);

#endif
