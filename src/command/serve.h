/* The commands that open the data folder by themselves, and what they share. */
#ifndef COMMAND_SERVE_H
#define COMMAND_SERVE_H

#include "app/command.h"

enum exit_code command_serve(struct command_context *c);
enum exit_code command_init(struct command_context *c);
/* --data, MOTCUA_DATA, or "data" in the caller's folder. */
struct str app_data_folder(struct command_context *c);
/* For a folder that is not there or empty: makes what `motcua init` makes, with the call's --agency and --name when it
 * has them. ERR_MISSING when something else lies in it already, which is left alone. */
enum outcome office_begin(struct command_context *c, struct str path, struct fail *why) MUST_USE;
/* A training office that was closed, emptied and made again; all accounts get the password. */
enum outcome training_begin_anew(struct command_context *c, struct str path, struct str password,
                                 struct fail *why) MUST_USE;
/* Followers and server of an open office, at the settings' address. app_close stops both. */
enum outcome app_serve(struct app *app, bool may_take_another_port, struct fail *why) MUST_USE;

#endif
