/* Messages to the world, as the settings have them: the sender while serving, and how it is doing. */
#ifndef APP_OUTGOING_H
#define APP_OUTGOING_H

#include "app/app.h"
#include "notice/message.h"

/* ERR_INVALID when a setting makes no sense. After the server has started: links need its address. */
enum outcome outgoing_serve(struct app *app, struct fail *why) MUST_USE;

/* Well: nothing was given up today, nothing has waited for a day. The detail names the last reason, in one line. */
struct outgoing_finding {
    bool is_well;
    struct message_health health;
    struct str detail;
};
enum outcome outgoing_look(struct app *app, struct arena *a, struct outgoing_finding *out, struct fail *why) MUST_USE;

#endif
