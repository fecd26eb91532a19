#include "app/settings.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/parse.h"

enum { CONF_BYTES = 64 * 1024 };

/* In the order of enum setting. */
/* clang-format off */
enum { FIXED = false, MAY_RELOAD = true };
const struct setting_row setting_rows[SETTING_COUNT] = {
    {"office",        SETTING_TEXT,   "",               FIXED,      false,
     N_("e-identifier of the agency whose office this is")},
    {"listen",        SETTING_TEXT,   "127.0.0.1:8080", FIXED,      false, N_("Address and port to listen on")},
    {"public-host",   SETTING_TEXT,   "",               FIXED,      false,
     N_("The host name people use; empty accepts any well-formed one")},
    {"log-level",     SETTING_TEXT,   "info",           MAY_RELOAD, false,
     N_("Least level that is logged: debug, info, warn, error, quiet")},
    {"threads",       SETTING_NUMBER, "64",             FIXED,      false, N_("Threads that serve requests")},
    {"connections",   SETTING_NUMBER, "16000",          FIXED,      false,
     N_("Most connections at once; more get 503")},
    {"draft-days",    SETTING_NUMBER, "60",             MAY_RELOAD, false, N_("Days that an unfinished draft is kept")},
    {"undo-minutes",  SETTING_NUMBER, "15",             MAY_RELOAD, false,
     N_("Minutes within which an act can be undone by who did it")},
    {"remind-days",   SETTING_TEXT,   "2 1",            MAY_RELOAD, false,
     N_("Working days before a deadline on which its officer is reminded")},
    {"escalate-days", SETTING_NUMBER, "3",              MAY_RELOAD, false,
     N_("Working days late after which the agency above is told")},
    {"mail-from",     SETTING_TEXT,   "",               FIXED,      false, N_("The address that letters come from")},
    {"smtp-url",      SETTING_TEXT,   "",               FIXED,      false,
     N_("The mail server: smtp://HOST:PORT or smtps://HOST:PORT; empty: no letters are sent")},
    {"smtp-user",     SETTING_TEXT,   "",               FIXED,      false,
     N_("User at the mail server; empty: without signing in")},
    {"smtp-password", SETTING_TEXT,   "",               FIXED,      true,  N_("Password at the mail server")},
    {"smtp-tls",      SETTING_TEXT,   "required",       FIXED,      false,
     N_("required: STARTTLS or nothing; never: for a mail server on this machine")},
    {"smtp-ca",       SETTING_TEXT,   "",               FIXED,      false,
     N_("File of authorities for the mail server's certificate; empty: the system's")},
    {"webhook-allow", SETTING_TEXT,   "",               FIXED,      false,
     N_("Addresses inside networks that webhooks may reach, such as 10.1.0.0/16")},
    {"send-seconds",  SETTING_NUMBER, "30",             FIXED,      false, N_("Longest time for sending one message")},
    {"retry-seconds", SETTING_NUMBER, "5",              FIXED,      false,
     N_("Wait after a first failure; each further one waits four times as long")},
    {"retry-days",    SETTING_NUMBER, "4",              FIXED,      false,
     N_("Days after which a message is given up")},
    {"message-days",  SETTING_NUMBER, "30",             MAY_RELOAD, false, N_("Days that ended messages are kept")},
    {"training",      SETTING_TEXT,   "",               FIXED,      false,
     N_("yes: an office for training; nothing in it has legal effect, and every page says so")},
    {"training-url",  SETTING_TEXT,   "",               MAY_RELOAD, false,
     N_("Where the training office is, for a link from the administrator's page")},
    {"access-days",   SETTING_NUMBER, "730",            MAY_RELOAD, false,
     N_("Days that it is kept who looked at a dossier")},
    {"session-hours", SETTING_NUMBER, "24",             FIXED,      false,
     N_("Hours after which a citizen signs in again")},
    {"officer-session-hours", SETTING_NUMBER, "10",     FIXED,      false,
     N_("Hours after which an officer signs in again")},
    {"officer-idle-minutes", SETTING_NUMBER, "60",      FIXED,      false,
     N_("Minutes of silence after which an officer signs in again")},
    {"code-hours",    SETTING_NUMBER, "24",             FIXED,      false,
     N_("Hours that a one-time code given at the counter is good for")},
    {"backup-minutes", SETTING_NUMBER, "5",             MAY_RELOAD, false,
     N_("Minutes between two backups while something changes; 0: none are made")},
    {"backup-folder", SETTING_TEXT,   "",               FIXED,      false,
     N_("The folder of backups, best on another disk; empty: backups in the data folder")},
    {"backup-days",   SETTING_NUMBER, "14",             MAY_RELOAD, false,
     N_("Days of which one backup each is kept")},
    {"backup-verify-hours", SETTING_NUMBER, "24",       MAY_RELOAD, false,
     N_("Hours after which the newest backup is verified again")},
    {"store",         SETTING_TEXT,   "",               FIXED,      true,
     N_("The database server: postgresql://HOST/DATABASE; empty: the database is a file of the data folder")},
};
/* clang-format on */

static const char *const origin_names[] = {"default", "file", "variable", "flag"};

const char *setting_origin_name(enum setting_origin o)
{
    return origin_names[o];
}

enum outcome settings_set(struct arena *a, struct settings *s, enum setting which, struct str value,
                          enum setting_origin origin, struct fail *why)
{
    const struct setting_row *row = &setting_rows[which];
    uint64_t number = 0;
    bool is_number = row->kind == SETTING_NUMBER ? parse_u64(value, &number)
                     : row->kind == SETTING_SIZE ? parse_size(value, &number)
                                                 : true;
    if (!is_number || number > INT64_MAX)
        return fail(why, ERR_INVALID, N_("Setting {0} needs a number, not “{1}”."), str_from(row->name), value);
    s->text[which] = str_dup(a, value);
    s->number[which] = (int64_t)number;
    s->origin[which] = origin;
    return OK;
}

static enum outcome set_line(struct arena *a, struct settings *s, struct str line, int number, struct fail *why)
{
    struct str key, value;
    line = str_trim(line);
    if (line.len == 0 || line.at[0] == '#') return OK;
    if (!str_cut(line, '=', &key, &value))
        return fail(why, ERR_INVALID, N_("motcua.conf, line {0}: write it as `key = value`."),
                    str_format(a, "%d", number));
    key = str_trim(key);
    for (int i = 0; i < SETTING_COUNT; i++)
        if (str_eq(key, str_from(setting_rows[i].name)))
            return settings_set(a, s, (enum setting)i, str_trim(value), ORIGIN_FILE, why);
    return fail(why, ERR_INVALID, N_("motcua.conf, line {0}: there is no setting “{1}”. `motcua settings` lists them."),
                str_format(a, "%d", number), key);
}

static enum outcome load_file(struct arena *a, struct str file, struct settings *s, struct fail *why)
{
    struct str content;
    enum outcome read = file_read(a, file, CONF_BYTES, &content, why);
    if (read == ERR_MISSING) return OK;
    TRY(read);
    struct scan scan = scan_of(content);
    while (!scan_is_end(&scan)) {
        int number = scan.line;
        TRY(set_line(a, s, scan_line(&scan), number, why));
    }
    return OK;
}

/* "max-upload" -> "MOTCUA_MAX_UPLOAD" */
static const char *variable_name(struct arena *a, const char *name)
{
    struct str text = str_format(a, "MOTCUA_%s", name);
    char *at = arena_dup(a, text.at, text.len + 1);
    for (char *c = at; *c; c++) *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
    return at;
}

enum outcome settings_load(struct arena *a, struct str file, struct settings *out, struct fail *why)
{
    for (int i = 0; i < SETTING_COUNT; i++)
        TRY(settings_set(a, out, (enum setting)i, str_from(setting_rows[i].standard), ORIGIN_DEFAULT, why));
    TRY(load_file(a, file, out, why));
    for (int i = 0; i < SETTING_COUNT; i++) {
        const char *value = getenv(variable_name(a, setting_rows[i].name));
        if (value != NULL) TRY(settings_set(a, out, (enum setting)i, str_from(value), ORIGIN_VARIABLE, why));
    }
    return OK;
}
