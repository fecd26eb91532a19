/*
 * Settings: one row each, from flags, then MOTCUA_* variables, then DIR/motcua.conf, then the default. Unknown keys in
 * the file are refused. `motcua settings` prints the effective value and where it came from, secrets masked.
 */
#ifndef APP_SETTINGS_H
#define APP_SETTINGS_H

#include "base/fail.h"

enum setting {
    SETTING_OFFICE,
    SETTING_LISTEN,
    SETTING_PUBLIC_HOST,
    SETTING_LOG_LEVEL,
    SETTING_THREADS,
    SETTING_CONNECTIONS,
    SETTING_DRAFT_DAYS,
    SETTING_UNDO_MINUTES,
    SETTING_REMIND_DAYS,
    SETTING_ESCALATE_DAYS,
    SETTING_MAIL_FROM,
    SETTING_SMTP_URL,
    SETTING_SMTP_USER,
    SETTING_SMTP_PASSWORD,
    SETTING_SMTP_TLS,
    SETTING_SMTP_CA,
    SETTING_WEBHOOK_ALLOW,
    SETTING_SEND_SECONDS,
    SETTING_RETRY_SECONDS,
    SETTING_RETRY_DAYS,
    SETTING_MESSAGE_DAYS,
    SETTING_TRAINING,
    SETTING_TRAINING_URL,
    SETTING_ACCESS_DAYS,
    SETTING_SESSION_HOURS,
    SETTING_OFFICER_SESSION_HOURS,
    SETTING_OFFICER_IDLE_MINUTES,
    SETTING_CODE_HOURS,
    SETTING_BACKUP_MINUTES,
    SETTING_BACKUP_FOLDER,
    SETTING_BACKUP_DAYS,
    SETTING_BACKUP_VERIFY_HOURS,
    SETTING_STORE,
    SETTING_COUNT
};

enum setting_kind { SETTING_TEXT, SETTING_NUMBER, SETTING_SIZE };

struct setting_row {
    const char *name; /* "listen": --listen, MOTCUA_LISTEN, `listen = ...` */
    enum setting_kind kind;
    const char *standard; /* the default, as text */
    bool may_reload;      /* takes effect at SIGHUP */
    bool is_secret;
    const char *help; /* message */
};
extern const struct setting_row setting_rows[SETTING_COUNT];

enum setting_origin { ORIGIN_DEFAULT, ORIGIN_FILE, ORIGIN_VARIABLE, ORIGIN_FLAG };

struct settings {
    struct str text[SETTING_COUNT];
    _Atomic int64_t number[SETTING_COUNT]; /* read by all while a reload writes */
    enum setting_origin origin[SETTING_COUNT];
};

const char *setting_origin_name(enum setting_origin o);
/* Defaults, then the file when it exists, then the environment. */
enum outcome settings_load(struct arena *a, struct str file, struct settings *out, struct fail *why) MUST_USE;
/* One value from a flag. */
enum outcome settings_set(struct arena *a, struct settings *s, enum setting which, struct str value,
                          enum setting_origin origin, struct fail *why) MUST_USE;

#endif
