#include "command/doctor_machine.h"

#include <inttypes.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timex.h>

#include "base/file_system.h"
#include "queries.h"

enum { DESCRIPTORS_BESIDE = 256, SYNC_FULL = 2 };

static struct finding look_at_disk(struct app *app, struct arena *a)
{
    struct file_system_room disk;
    if (!file_system_room(app->folder.path, &disk)) return (struct finding){"disk", false, STR("?"), false};
    return (struct finding){"disk", file_system_percent(&disk) >= FOLDER_FREE_LEAST,
                            str_format(a, "%d %%  %" PRIu64 " MiB", file_system_percent(&disk), disk.free >> 20),
                            false};
}

/* Over a network the locks and the shared memory of SQLite's log are not to be trusted. */
static struct finding look_at_file_system(struct app *app, struct arena *a, enum language l)
{
    struct file_system on = file_system_of(a, app->folder.path);
    struct str note = on.is_network  ? translate(l, N_("a network is no place for the store"))
                      : on.is_memory ? translate(l, N_("in memory: gone at the next start of the machine"))
                                     : STR_NONE;
    if (on.name.len == 0) return (struct finding){"filesystem", false, STR("?"), false};
    return (struct finding){"filesystem", !on.is_network,
                            str_format(a, "%.*s%s%.*s", STR_ARG(on.name), note.len > 0 ? ": " : "", STR_ARG(note)),
                            on.is_memory};
}

struct asked {
    struct arena *arena; /* of the caller: the answer outlives the command */
    struct finding finding;
};

/* Asked of the connection that writes: some of these hold for a connection alone. */
static enum outcome ask_store(struct tx *tx, const void *input, void *out, struct fail *why)
{
    struct row row;
    struct asked *asked = out;
    (void)input;
    TRY(store_one(tx, Q_STORE_PRAGMAS, NO_VALUES, &row, why));
    struct str mode = row_str(&row, 0);
    int64_t sync = row_int(&row, 1), page = row_int(&row, 3), cache = row_int(&row, 4), pages = row_int(&row, 5);
    bool has_log = str_eq(mode, STR("wal")) || str_eq(mode, STR("PostgreSQL"));
    bool is_well = has_log && sync >= SYNC_FULL && row_int(&row, 2) == 1;
    /* A negative size of the cache is in KiB, a positive one in pages. */
    int64_t cache_kib = cache < 0 ? -cache : cache * page / 1024;
    struct str text =
        str_format(asked->arena,
                   "journal_mode=%.*s synchronous=%" PRId64 " foreign_keys=%" PRId64 " cache=%" PRId64 " KiB  %" PRId64
                   " MiB, %" PRId64 " MiB free in it",
                   STR_ARG(mode), sync, row_int(&row, 2), cache_kib, pages * page >> 20, row_int(&row, 6) * page >> 20);
    asked->finding = (struct finding){"database", is_well, text, false};
    return OK;
}

static struct finding look_at_database(struct app *app, struct arena *a)
{
    struct fail why;
    struct asked asked = {.arena = a};
    fail_init(&why, a);
    if (store_run(app->store, ask_store, NULL, &asked, &why) != OK)
        return (struct finding){"database", false, fail_text(a, &why), false};
    return asked.finding;
}

/* Each connection is one, and the store, the pieces of papers and the workers need some beside them. */
static struct finding look_at_limits(struct app *app, struct arena *a)
{
    struct rlimit files = {0, 0};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return (struct finding){"limits", true, STR("?"), true};
    uint64_t wanted = (uint64_t)app->settings.number[SETTING_CONNECTIONS] + DESCRIPTORS_BESIDE;
    return (struct finding){"limits", true, str_format(a, "%" PRIu64 " / %" PRIu64, wanted, (uint64_t)files.rlim_max),
                            files.rlim_max < wanted};
}

/* Deadlines of the law are told by this clock: the kernel knows whether anything keeps it right. */
static struct finding look_at_time(enum language l)
{
    struct timex about = {.modes = 0};
    if (adjtimex(&about) == -1)
        return (struct finding){"time", true, STR("-"), false}; /* the unit's cell forbids asking */
    bool is_kept = (about.status & STA_UNSYNC) == 0;
    return (struct finding){"time", true,
                            is_kept ? translate(l, N_("kept right by the network"))
                                    : translate(l, N_("nothing keeps the clock right: install chrony or the like")),
                            !is_kept};
}

void doctor_look_at_machine(struct app *app, struct arena *a, enum language l, struct finding out[MACHINE_FINDINGS])
{
    out[0] = look_at_disk(app, a);
    out[1] = look_at_file_system(app, a, l);
    out[2] = look_at_database(app, a);
    out[3] = look_at_limits(app, a);
    out[4] = look_at_time(l);
}
