#include "app/theme.h"

#include "app/app.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "http/assets.h"

enum { THEME_FILE_BYTES = 64 * 1024, HASH_DIGITS = 16 };

static enum outcome read_one(struct arena *a, struct str folder, const char *name, struct str *out, struct fail *why)
{
    struct str path = file_join(a, folder, str_from(name));
    if (!file_exists(path)) return OK;
    TRY(file_read(a, path, THEME_FILE_BYTES, out, why));
    return text_is_utf8(*out) ? OK : fail(why, ERR_INVALID, N_("The file {0} is not UTF-8."), path);
}

static struct str add(struct theme *theme, struct arena *a, struct str content, const char *ending, const char *type)
{
    if (content.len == 0) return STR_NONE;
    struct str hash = str_part(sha256_format(a, sha256_of(content)), 0, HASH_DIGITS);
    struct str path = str_format(a, "/theme/%.*s.%s", STR_ARG(hash), ending);
    theme->files[theme->count++] =
        (struct embedded_file){.path = path, .content = content, .type = type, .hash = str_cstr(a, hash)};
    return path;
}

enum outcome theme_load(struct arena *a, const struct folder *folder, struct theme *out, struct fail *why)
{
    struct str place = folder_file(a, folder, "theme"), sheet = STR_NONE, mark = STR_NONE;
    TRY(read_one(a, place, "theme.css", &sheet, why));
    TRY(read_one(a, place, "mark.svg", &mark, why));
    out->sheet = add(out, a, sheet, "css", "text/css; charset=utf-8");
    out->mark = add(out, a, mark, "svg", "image/svg+xml");
    /* assets_reply looks by halves: in the order of the paths */
    if (out->count == 2 && str_cmp(out->files[0].path, out->files[1].path) > 0) {
        struct embedded_file first = out->files[0];
        out->files[0] = out->files[1];
        out->files[1] = first;
    }
    return OK;
}

enum outcome get_theme_file(struct request *rq, struct fail *why)
{
    const struct theme *theme = &rq->app->theme;
    return assets_reply(rq, theme->files, theme->count) ? OK : fail(why, ERR_MISSING, NULL);
}
