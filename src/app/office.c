#include "app/office.h"

#include <stdlib.h>

#include "app/news.h"
#include "base/auto.h"
#include "base/file.h"
#include "base/parse.h"

enum { CONF_BYTES = 64 * 1024, OFFICE_ARENA = 64 * 1024 };

/* A link of the chain of offices that there were since the start: readers may still hold an older one. */
struct office_link {
    struct office office;
    struct arena arena;
    struct office_link *older;
};

struct office office_of(const struct app *app)
{
    const struct office_link *now = atomic_load(&app->office);
    return now != NULL ? now->office : (struct office){.identifier = app->settings.text[SETTING_OFFICE]};
}

/* An agency that is not there yet (init has not made it) leaves the program's own name on the pages. */
static enum outcome load(struct app *app, struct str identifier, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct fail missing;
    fail_init(&missing, why->arena);
    TRY(store_read_begin(app->store, why->arena, &tx, why));
    if (agency_find(tx, identifier, &agency, &missing) != OK) return OK;
    struct office_link *link = calloc(1, sizeof *link);
    if (link == NULL) BUG("out of memory");
    arena_init(&link->arena, OFFICE_ARENA);
    link->office =
        (struct office){str_dup(&link->arena, agency.identifier), str_dup(&link->arena, agency.name), agency.id};
    link->older = atomic_load(&app->office);
    atomic_store(&app->office, link);
    return OK;
}

enum outcome office_open(struct app *app, struct fail *why)
{
    struct str identifier = app->settings.text[SETTING_OFFICE];
    return identifier.len > 0 ? load(app, identifier, why) : OK;
}

void office_close(struct app *app)
{
    struct office_link *link = atomic_exchange(&app->office, NULL);
    while (link != NULL) {
        struct office_link *older = link->older;
        arena_end(&link->arena);
        free(link);
        link = older;
    }
}

/* The settings file with one key changed or added; what else stands in it stays as it is. */
static struct str conf_with(struct arena *a, struct str text, struct str key, struct str value)
{
    struct scan scan = scan_of(text);
    struct str out = STR_NONE, line = str_format(a, "%.*s = %.*s\n", STR_ARG(key), STR_ARG(value));
    bool is_there = false;
    while (!scan_is_end(&scan)) {
        struct str kept = scan_line(&scan), name, rest;
        bool is_key = str_cut(kept, '=', &name, &rest) && str_eq(str_trim(name), key);
        struct str next = !is_key ? str_format(a, "%.*s\n", STR_ARG(kept)) : is_there ? STR_NONE : line;
        is_there = is_there || is_key;
        out = str_format(a, "%.*s%.*s", STR_ARG(out), STR_ARG(next));
    }
    return is_there ? out : str_format(a, "%.*s%.*s", STR_ARG(out), STR_ARG(line));
}

enum outcome office_set(struct app *app, struct str identifier, struct fail *why)
{
    struct str path = folder_file(why->arena, &app->folder, "motcua.conf"), text = STR_NONE;
    if (file_exists(path)) TRY(file_read(why->arena, path, CONF_BYTES, &text, why));
    TRY(file_write(path, conf_with(why->arena, text, STR("office"), identifier), 0600, why));
    TRY(load(app, identifier, why));
    store_tell(app->store, NEWS_OFFICE);
    return OK;
}

enum outcome office_reload(struct app *app, struct fail *why)
{
    struct settings fresh;
    struct office now = office_of(app);
    TRY(settings_load(why->arena, folder_file(why->arena, &app->folder, "motcua.conf"), &fresh, why));
    struct str identifier = fresh.text[SETTING_OFFICE];
    return identifier.len > 0 && !str_eq(identifier, now.identifier) ? load(app, identifier, why) : OK;
}
