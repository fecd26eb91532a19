/*
 * The people of the demonstration office: officers of every role at the Ministry of National Defence (G11), at the
 * military command of Lâm Đồng and at one of its communes, a citizen and an enterprise. Nobody here exists; the
 * agencies do. Called once, by `motcua init --demo`, after the units are imported.
 */
#ifndef PEOPLE_PEOPLE_DEMO_H
#define PEOPLE_PEOPLE_DEMO_H

#include "people/people.h"

struct demo_account {
    struct str login, password, role;
    struct str agency; /* e-identifier; empty: none */
    struct str name;
};
/* The agency in whose name the central procedures are performed: competence_from_levels takes it. */
#define DEMO_MINISTRY STR("G11")

/* Agencies, accounts and posts; the accounts in the arena of the failure. fixed_password: for all of them; empty: a
 * random one each. */
enum outcome demo_office(struct people *p, struct store *s, struct str fixed_password, struct demo_account **out,
                         size_t *out_count, struct fail *why) MUST_USE;

#endif
