/*
 * The journal's follower that puts results into the store of the person they were issued to (vault/vault.h): with the
 * issue, and in its place the corrected one. Complaints and denunciations are passed over: that there was one stays
 * secret.
 */
#ifndef DOSSIER_VAULT_FOLLOWER_H
#define DOSSIER_VAULT_FOLLOWER_H

#include "journal/journal.h"

extern const struct follower vault_follower;

#endif
