/*
 * Roles: what a person is in the office, and which permissions come with it. A citizen's or an enterprise's role
 * follows from the kind of account; an officer's from a post (post.h). The permission of a route is all that a role
 * decides; whose dossier it is, is decided elsewhere.
 */
#ifndef AGENCY_ROLE_H
#define AGENCY_ROLE_H

#include "agency/permission.h"
#include "base/str.h"

struct role {
    struct str name;      /* "receiver": in posts, queues, the journal */
    const char *title;    /* gettext message */
    bool is_officer;      /* needs a post in an agency */
    uint64_t permissions; /* bits; PERMIT_PUBLIC and PERMIT_SIGNED_IN included */
};

extern const struct role roles[];
extern const size_t roles_count;

const struct role *role_find(struct str name);    /* NULL when there is none */
uint64_t role_permissions(struct str name);       /* public only when there is none */
struct str role_of_account_kind(struct str kind); /* "citizen" or "business"; empty for officers and programs */

#endif
