/* What the doctor says of the machine under the office: its file system, its store's settings, its limits, its clock.
 */
#ifndef COMMAND_DOCTOR_MACHINE_H
#define COMMAND_DOCTOR_MACHINE_H

#include "app/app.h"

struct finding {
    const char *name; /* "disk" */
    bool is_well;
    struct str detail;
    bool is_doubtful; /* well, but somebody should look: the machine is fit for trying, not for an office */
};

enum { MACHINE_FINDINGS = 5 };
/* Fills so many findings; borrowed from the arena. */
void doctor_look_at_machine(struct app *app, struct arena *a, enum language l, struct finding out[MACHINE_FINDINGS]);

#endif
