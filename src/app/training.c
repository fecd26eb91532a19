#include "app/training.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "base/file.h"

enum { OPEN_FILES = 16 };

bool training_is_on(const struct settings *s)
{
    return str_eq(s->text[SETTING_TRAINING], STR("yes"));
}

static int remove_entry(const char *path, const struct stat *s, int kind, struct FTW *walk)
{
    (void)s;
    (void)kind;
    bool is_kept = walk->level == 0 || strcmp(path + walk->base, "lock") == 0; /* held by whoever empties it */
    return is_kept ? 0 : remove(path);
}

enum outcome training_clear(struct arena *a, struct str path, struct fail *why)
{
    struct settings s;
    TRY(settings_load(a, file_join(a, path, STR("motcua.conf")), &s, why));
    if (!training_is_on(&s) || s.origin[SETTING_TRAINING] != ORIGIN_FILE)
        return fail(why, ERR_CONFLICT, N_("{0} is a real office, not one for training: it stays as it is."), path);
    if (s.text[SETTING_STORE].len > 0)
        return fail(why, ERR_CONFLICT, N_("An office on a database server is not emptied here. Make a new database."));
    if (nftw(str_cstr(a, path), remove_entry, OPEN_FILES, FTW_DEPTH | FTW_PHYS) != 0)
        return fail(why, ERR_DOWN, N_("The training office in {0} could not be emptied."), path);
    return folder_make(a, path, why);
}

enum outcome training_ask_anew(struct app *app, struct str password, struct fail *why)
{
    if (!training_is_on(&app->settings) || app->settings.origin[SETTING_TRAINING] != ORIGIN_FILE)
        return fail(why, ERR_CONFLICT, N_("{0} is a real office, not one for training: it stays as it is."),
                    app->folder.path);
    if (app_is_on_server(app))
        return fail(why, ERR_CONFLICT, N_("An office on a database server is not emptied here. Make a new database."));
    if (password.len >= sizeof app->anew) return fail(why, ERR_TOO_LARGE, NULL);
    if (atomic_exchange(&app->is_anew_asked, true)) return OK; /* somebody did already */
    memcpy(app->anew, password.at, password.len);
    (void)kill(getpid(), SIGTERM); /* one's own process: it cannot fail */
    return OK;
}
