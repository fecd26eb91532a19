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
struct demo_accounts {
    struct demo_account *at;
    size_t count;
};

/* The agency in whose name the central procedures are performed: competence_from_levels takes it. */
#define DEMO_MINISTRY STR("G11")

/* Agencies, accounts and posts. fixed_password: for all of them (MOTCUA_DEMO_PASSWORD); empty: a random one each. */
enum outcome demo_office(struct people *p, struct store *s, struct arena *a, struct str fixed_password,
                         struct demo_accounts *out, struct fail *why) MUST_USE;

/* [{"login", "password", "role", "agency", "name"}] */
void demo_accounts_json(const struct demo_accounts *accounts, struct json_writer *w);
/* DIR/demo-accounts.json, readable for its owner only, so that a second start can say them again. ERR_MISSING: none. */
enum outcome demo_accounts_save(struct str folder, const struct demo_accounts *accounts, struct fail *why) MUST_USE;
enum outcome demo_accounts_load(struct arena *a, struct str folder, struct demo_accounts *out,
                                struct fail *why) MUST_USE;

#endif
