/*
 * The office's own backups (backup/backup.h): made every few minutes into a folder while something changes, thinned out
 * as they grow old, the newest verified once a day; one made by itself before a newer program changes the database. One
 * thread does all of it, so that nobody waits and nothing is done twice at once.
 */
#ifndef APP_BACKUPS_H
#define APP_BACKUPS_H

#include "app/app.h"
#include "backup/backup.h"

struct str backups_folder(const struct app *app, struct arena *a); /* the setting, or backups/ in the data folder */
struct backup_reading backups_reading(void);                       /* with this program's own schema */

/* store_options.before_migration; context: the app, whose settings are loaded. */
enum outcome backups_before_migration(void *app, struct store *s, bool takes_away, struct fail *why);

struct backups *backups_start(struct app *app); /* while serving; never NULL */
void backups_stop(struct backups *b);           /* lets what is being made end; NULL is fine */

enum backup_wish { BACKUP_WISH_NONE, BACKUP_WISH_MAKE, BACKUP_WISH_VERIFY };
void backups_ask(struct backups *b, enum backup_wish wish); /* soon; b may be NULL: nothing happens */

struct backups_state {
    struct backup_folder_state folder;
    enum backup_wish busy; /* what is being done now */
    instant_t failed_at;   /* INSTANT_NONE: the last one did not fail */
    struct str failure;
    int64_t age_s;  /* of the newest; -1: there is none */
    bool is_wanted; /* the setting is not 0 */
    bool is_well;   /* not older than three times the interval with changes since, verified well or not yet */
};
enum outcome backups_look(const struct app *app, struct arena *a, struct backups_state *out, struct fail *why) MUST_USE;

#endif
