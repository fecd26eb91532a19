/*
 * What the rooms make of a procedure folder's files: its steps are compiled and kept, its result template is tried, its
 * tables (rules.dmn) are put in force, with the submissions of its scenarios as the samples by which later versions are
 * compared.
 */
#ifndef APP_PROCEDURE_FOLDER_H
#define APP_PROCEDURE_FOLDER_H

#include "app/app.h"

/* For catalogue_import; good as long as the program. */
struct folder_reader procedure_folder_reader(struct app *app);
/* The tables that the program carries for its own sheets, for a demonstration. */
enum outcome demo_rules(struct app *app, struct fail *why) MUST_USE;

#endif
