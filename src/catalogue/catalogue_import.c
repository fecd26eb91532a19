/*
 * The importer of files: finds them, reads them, runs one command for each. A file is a detail sheet (it has
 * "thu_tuc_id" or "metadata") or a record of ours (it has "code"). In a procedure folder only procedure.json is a
 * record; its form, rules and scenarios belong to other rooms.
 */
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "catalogue/catalogue.h"
#include "catalogue/sheet_read.h"

enum { FILE_MEMORY = 64 * 1024 * 1024, FOLDER_DEPTH = 8 };

struct importer {
    struct store *store;
    struct actor actor;
    struct import_report *report;
    struct map titles; /* of legal documents, over all files */
    struct map seen;   /* code -> struct seen *, of this import */
};

struct seen {
    struct str path, hash;
};

static struct str base_name(struct str path)
{
    size_t from = path.len;
    while (from > 0 && path.at[from - 1] != '/') from--;
    return str_part(path, from, path.len);
}

static bool is_folder(struct arena *a, struct str path)
{
    struct stat st;
    return stat(str_cstr(a, path), &st) == 0 && S_ISDIR(st.st_mode);
}

/* ---- one file ---- */

static bool is_own_record(struct arena *a, struct str text)
{
    struct fail ignored;
    fail_init(&ignored, a);
    yyjson_val *root;
    if (json_read(a, text, &root, &ignored) != OK || !yyjson_is_obj(root)) return false;
    return yyjson_obj_get(root, "code") != NULL && yyjson_obj_get(root, "thu_tuc_id") == NULL &&
           yyjson_obj_get(root, "metadata") == NULL;
}

static enum outcome read_record(struct importer *im, struct arena *a, struct str path, struct procedure **out,
                                struct str *out_place, struct fail *why)
{
    struct str text;
    TRY(file_read(a, path, SHEET_BYTES_MOST, &text, why));
    if (is_own_record(a, text)) return procedure_read(a, text, out, why);
    struct sheet_source source = {.file = path, .text = text, .law_titles = &im->titles};
    return sheet_read(a, &source, im->report, out, out_place, why);
}

/* Two files of one import that say different things about one procedure: the first stands, the second is refused. */
static enum outcome check_seen(struct importer *im, struct str path, const struct procedure_import *in,
                               struct fail *why)
{
    struct arena *a = im->report->arena;
    const struct seen *earlier = map_find(&im->seen, in->procedure->code);
    if (earlier != NULL && !str_eq(earlier->hash, in->hash))
        return fail(why, ERR_CONFLICT, N_("The procedure {0} stands in {1} already, with other words."),
                    in->procedure->code, earlier->path);
    if (earlier != NULL) return OK;
    struct seen *s = ARENA_NEW(a, struct seen);
    *s = (struct seen){str_dup(a, path), str_dup(a, in->hash)};
    (void)map_set(&im->seen, in->procedure->code, s); /* there was none */
    return OK;
}

static enum outcome take(struct importer *im, struct arena *a, struct str path, struct str *out_place,
                         struct procedure_imported *out, struct fail *why)
{
    struct procedure *p;
    TRY(read_record(im, a, path, &p, out_place, why));
    struct procedure_import in = {
        .actor = im->actor, .procedure = p, .record = procedure_record(a, p), .source = base_name(path)};
    in.hash = sha256_format(a, sha256_of(in.record));
    TRY(check_seen(im, path, &in, why));
    return store_run(im->store, procedure_import, &in, out, why);
}

static enum outcome import_file(struct importer *im, struct str path, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, FILE_MEMORY);
    struct fail refused;
    fail_init(&refused, &a);
    struct str place = STR_NONE;
    struct procedure_imported done;
    size_t doubts_before = im->report->doubts.count;
    im->report->files++;
    enum outcome o = take(im, &a, path, &place, &done, &refused);
    if (o == ERR_DOWN || o == ERR_BUG)
        return fail_with(why, o, refused.sentence, refused.args); /* not the file's fault */
    if (o != OK) {
        im->report->doubts.count = doubts_before; /* what is refused whole was not decided about */
        import_refuse(im->report, path, place, &refused);
    } else if (done.result == PROCEDURE_UNCHANGED) {
        im->report->unchanged++;
    } else {
        im->report->taken++;
    }
    return OK;
}

/* ---- folders ---- */

static enum outcome import_path(struct importer *im, struct str path, int depth, struct fail *why);

static bool holds_procedure_folder(const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(names[i], STR("procedure.json"))) return true;
    }
    return false;
}

static enum outcome import_folder(struct importer *im, struct str path, int depth, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, FILE_MEMORY);
    struct str *names;
    size_t count;
    TRY(file_names(&a, path, &names, &count, why));
    bool is_procedure = holds_procedure_folder(names, count);
    for (size_t i = 0; i < count; i++) {
        struct str each = file_join(&a, path, names[i]);
        bool is_inner = is_folder(&a, each);
        if (is_procedure ? !str_eq(names[i], STR("procedure.json")) : !is_inner && !str_ends(names[i], STR(".json")))
            continue;
        TRY(import_path(im, each, depth + 1, why));
    }
    return OK;
}

static enum outcome import_path(struct importer *im, struct str path, int depth, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, FILE_MEMORY);
    if (!is_folder(&a, path)) return import_file(im, path, why);
    if (depth > FOLDER_DEPTH) {
        struct fail refused;
        fail_init(&refused, &a);
        (void)fail(&refused, ERR_INVALID, N_("The folders are nested too deeply here.")); /* goes into the report */
        import_refuse(im->report, path, STR_NONE, &refused);
        return OK;
    }
    return import_folder(im, path, depth, why);
}

enum outcome catalogue_import(struct store *s, struct actor actor, const struct str *paths, size_t path_count,
                              struct import_report *report, struct fail *why)
{
    struct importer im = {.store = s, .actor = actor, .report = report};
    map_init(&im.titles, report->arena);
    map_init(&im.seen, report->arena);
    for (size_t i = 0; i < path_count; i++) TRY(import_path(&im, paths[i], 0, why));
    return OK;
}
