/*
 * DIR/control.sock: how a `motcua` command reaches the server that owns the folder. The caller sends its words, its
 * folder and its own stdin, stdout and stderr (SCM_RIGHTS); the server checks who it is (SO_PEERCRED: the same user or
 * root), runs the command with those files and answers the exit code. Commands that may change something run one at a
 * time; those of rows with runs_beside run beside them, so that a long export keeps nobody waiting.
 */
#ifndef APP_CONTROL_H
#define APP_CONTROL_H

#include "app/command.h"

struct control;
enum outcome control_start(struct app *app, struct str socket_path, struct control **out, struct fail *why) MUST_USE;
/* Ends when the commands that run have ended; one that is writing (command_write) hears of it. NULL is fine. */
void control_stop(struct control *c);

/* Runs the call in the server behind the socket. ERR_MISSING when nobody listens there. */
enum outcome control_call(struct arena *a, struct str socket_path, const struct str *words, size_t count,
                          enum language l, enum exit_code *out, struct fail *why) MUST_USE;

#endif
