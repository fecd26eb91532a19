/*
 * Whose office this is: the agency in the setting `office`. It is read at the start, and changed once by whoever sets
 * the office up: then it stands in motcua.conf, where later commands find it, and every thread sees it at once. An
 * office that is seen stays readable until the program ends.
 */
#ifndef APP_OFFICE_H
#define APP_OFFICE_H

#include "app/app.h"

struct office {
    struct str identifier, name; /* name empty: the agency is not known (yet) */
    int64_t agency;              /* 0: not known */
};

struct office office_of(const struct app *app);
/* At the start: from the settings. */
enum outcome office_open(struct app *app, struct fail *why) MUST_USE;
void office_close(struct app *app);
/* Another process has set it, or renamed the agency: motcua.conf is read anew. */
enum outcome office_reload(struct app *app, struct fail *why) MUST_USE;
/* Another agency, which exists: into motcua.conf, then for everybody. */
enum outcome office_set(struct app *app, struct str identifier, struct fail *why) MUST_USE;

#endif
