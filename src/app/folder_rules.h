/*
 * The tables of procedure folders (rules.dmn): kept and put in force when a folder is taken in, with the submissions of
 * its scenarios as the samples by which later versions are compared.
 */
#ifndef APP_FOLDER_RULES_H
#define APP_FOLDER_RULES_H

#include "app/app.h"

/* For folder_reader. context: the app. */
enum outcome folder_rules_check(void *app, struct str text, struct fail *why) MUST_USE;
enum outcome folder_rules(void *app, struct str code, struct str folder, struct str text, bool *out_is_new,
                          struct fail *why) MUST_USE;
/* The tables that the program carries for its own sheets, for a demonstration. */
enum outcome demo_rules(struct app *app, struct fail *why) MUST_USE;

#endif
