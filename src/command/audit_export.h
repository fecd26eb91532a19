/* One dossier's part of the journal, handed out so that it can be checked far away: `audit export`, and its checking.
 */
#ifndef COMMAND_AUDIT_EXPORT_H
#define COMMAND_AUDIT_EXPORT_H

#include "app/command.h"
#include "journal/journal.h"

enum exit_code audit_export(struct command_context *c, struct fail *why);

struct audit_facts {
    struct str code;
    int64_t entries;
    struct journal_checkpoint head;
    struct sha256 key_hash; /* of the public key that signed: whose office it is says only who knows this key */
};
/* Does the file begin as such an export does? */
bool audit_is_export(struct str path);
/* ERR_INVALID: it is none; ERR_CONFLICT: something in it is not as it was written and sealed. */
enum outcome audit_check(struct arena *a, struct str path, struct audit_facts *out, struct fail *why) MUST_USE;

#endif
