/*
 * What a new office begins with. A demo: the real units and procedures that are inside the program, the Ministry of
 * National Defence (G11) the military command and one commune of Lâm Đồng with people of every role. Otherwise: the
 * units, one agency, one administrator.
 */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "app/app.h"
#include "catalogue/catalogue.h"
#include "people/people_demo.h"

/* Takes the units and procedures that are embedded. */
enum outcome demo_import(struct app *app, bool with_procedures, struct fail *why) MUST_USE;
/* The sheets inside the program of one level, read but not taken; in the arena. */
struct demo_sheet {
    struct str code, name, field;
};
enum outcome demo_sheets(struct arena *a, enum procedure_level level, struct demo_sheet **out, size_t *out_count,
                         struct fail *why) MUST_USE;
/* Takes some of them by their codes, through the importer; `once` names the folder in the spool meanwhile. */
enum outcome demo_take_sheets(struct app *app, struct actor actor, struct str once, const struct str *codes,
                              size_t count, struct fail *why) MUST_USE;
/* Agencies and people of the demo; the accounts with their passwords, in the arena of the failure. password: for all of
 * them; empty: a random one each. */
enum outcome demo_people(struct app *app, struct str password, struct demo_account **out, size_t *out_count,
                         struct fail *why) MUST_USE;
/* One agency (one of the list of units, or a new one of that name) and its administrator, with the token of the
 * one-time link that leads to the set-up. */
enum outcome first_administrator(struct app *app, struct str agency, struct str name, struct demo_account *out,
                                 struct str *out_token, struct fail *why) MUST_USE;

#endif
