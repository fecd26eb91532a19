/* The two commands that open the data folder by themselves. */
#ifndef APP_SERVE_H
#define APP_SERVE_H

#include "app/command.h"

enum exit_code command_serve(struct command_context *c);
enum exit_code command_init(struct command_context *c);
/* --data, MOTCUA_DATA, or "data" in the caller's folder. */
struct str app_data_folder(struct command_context *c);

#endif
