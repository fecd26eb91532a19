/* What each row of the command table runs. */
#ifndef COMMAND_COMMANDS_H
#define COMMAND_COMMANDS_H

#include "app/command.h"

enum exit_code command_import(struct command_context *c);
enum exit_code command_user(struct command_context *c);
/* competence_commands.c */
enum exit_code command_competence(struct command_context *c);
enum exit_code command_agency(struct command_context *c);
enum exit_code command_token(struct command_context *c);
enum exit_code command_audit(struct command_context *c);
enum exit_code command_export(struct command_context *c);
/* backup_commands.c */
enum exit_code command_backup(struct command_context *c);
enum exit_code command_verify(struct command_context *c);
enum exit_code command_restore(struct command_context *c);
/* migrate_store.c */
enum exit_code command_migrate_store(struct command_context *c);
/* upgrade_command.c */
enum exit_code command_upgrade(struct command_context *c);
enum exit_code command_doctor(struct command_context *c);
/* show.c: the program's own tables */
enum exit_code command_routes(struct command_context *c);
enum exit_code command_permissions(struct command_context *c);
enum exit_code command_settings(struct command_context *c);
enum exit_code command_queries(struct command_context *c);
enum exit_code command_version(struct command_context *c);
enum exit_code command_feel(struct command_context *c);
enum exit_code command_dmn(struct command_context *c);
enum exit_code command_tck(struct command_context *c);
enum exit_code command_completion(struct command_context *c);
enum exit_code command_help_run(struct command_context *c);

#endif
