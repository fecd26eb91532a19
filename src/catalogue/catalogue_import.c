/*
 * The importer of files: finds them, reads them, runs one command for each. A file is a detail sheet (it has
 * "thu_tuc_id" or "metadata") or a record of ours (it has "code"). A procedure folder is named by its code and holds
 * one of procedure.json, process.steps, result.html, rules.dmn or scenarios/; without procedure.json it adds to the
 * record in force.
 */
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/map.h"
#include "catalogue/catalogue_store.h"
#include "catalogue/sheet_read.h"

enum { FILE_MEMORY = 64 * 1024 * 1024, FOLDER_DEPTH = 8 };

struct importer {
    struct store *store;
    struct actor actor;
    const struct folder_reader *folders; /* NULL: nobody compiles steps */
    struct import_report *report;
    struct map titles; /* of legal documents, over all files */
    struct map seen;   /* code -> struct seen *, of this import */
};

struct seen {
    struct str path, hash;
};

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

/* ---- what a folder adds to a record ---- */

enum { FOLDER_FILE_BYTES = 256 * 1024 };

/* A file that may be missing: empty then. */
static enum outcome read_if_there(struct arena *a, struct str path, struct str *out, struct fail *why)
{
    *out = STR_NONE;
    return file_exists(path) ? file_read(a, path, FOLDER_FILE_BYTES, out, why) : OK;
}

static enum outcome read_extra(struct importer *im, struct arena *a, struct str folder, struct procedure_extra *out,
                               struct str *out_place, struct fail *why)
{
    const struct folder_reader *r = im->folders;
    TRY(read_if_there(a, file_join(a, folder, STR("process.steps")), &out->process_steps, why));
    TRY(read_if_there(a, file_join(a, folder, STR("result.html")), &out->result_html, why));
    *out_place = STR("process.steps");
    if (out->process_steps.len > 0 && r == NULL)
        return fail(why, ERR_INVALID, N_("Steps cannot be taken here: nothing compiles them."));
    if (out->process_steps.len > 0) TRY(r->steps(r->context, out->process_steps, &out->process_version, why));
    *out_place = STR("result.html");
    if (out->result_html.len > 0 && r != NULL && r->result != NULL) TRY(r->result(r->context, out->result_html, why));
    *out_place = STR("rules.dmn");
    TRY(read_if_there(a, file_join(a, folder, STR("rules.dmn")), &out->rules, why));
    if (out->rules.len > 0 && (r == NULL || r->rules_check == NULL))
        return fail(why, ERR_INVALID, N_("Tables of rules cannot be taken here: nothing reads them."));
    if (out->rules.len > 0) TRY(r->rules_check(r->context, out->rules, why));
    *out_place = STR_NONE;
    return OK;
}

/* The record in force, for a folder that only adds to it. */
static enum outcome read_present(struct importer *im, struct arena *a, struct str code, struct procedure **out,
                                 struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_ref ref;
    struct str record;
    TRY(store_read_begin(im->store, a, &tx, why));
    TRY(catalogue_find_open(tx, code, &ref, why));
    TRY(procedure_version_load(tx, ref.version, &record, why));
    return procedure_read(a, record, out, why);
}

/* ---- one record ---- */

/* path: a file, or a procedure folder. */
static enum outcome read_all(struct importer *im, struct arena *a, struct str path, struct procedure_import *in,
                             struct str *out_place, struct fail *why)
{
    struct procedure *p;
    if (!is_folder(a, path)) {
        TRY(read_record(im, a, path, &p, out_place, why));
    } else {
        struct str record = file_join(a, path, STR("procedure.json"));
        *out_place = STR("procedure.json");
        TRY(file_exists(record) ? read_record(im, a, record, &p, out_place, why)
                                : read_present(im, a, file_base_name(path), &p, why));
        if (procedure_code_is_valid(file_base_name(path)) && !str_eq(p->code, file_base_name(path)))
            return fail(why, ERR_INVALID, N_("The folder is named {0}, but the record has the code {1}."),
                        file_base_name(path), p->code);
        TRY(read_extra(im, a, path, &in->extra, out_place, why));
    }
    in->procedure = p;
    in->record = procedure_record(a, p);
    in->hash = procedure_hash(a, in->record, &in->extra);
    return OK;
}

static enum outcome take(struct importer *im, struct arena *a, struct str path, struct str *out_place,
                         struct procedure_imported *out, struct fail *why)
{
    struct procedure_import in = {.actor = im->actor, .source = file_base_name(path)};
    TRY(read_all(im, a, path, &in, out_place, why));
    TRY(check_seen(im, path, &in, why));
    TRY(store_run(im->store, procedure_import, &in, out, why));
    if (in.extra.rules.len > 0) {
        bool is_new;
        TRY(im->folders->rules(im->folders->context, in.procedure->code, path, in.extra.rules, &is_new, why));
        if (is_new && out->result == PROCEDURE_UNCHANGED) out->result = PROCEDURE_CHANGED;
    }
    if (out->result == PROCEDURE_DRAFTED)
        import_doubt(im->report, path, STR("code"), in.procedure->code,
                     N_("Taken as a draft: the procedure was withdrawn, and only a decision publishes it again."));
    return OK;
}

/* Problems of a step file or a template, each with its own place. */
static void refuse(struct importer *im, struct str path, struct str place, const struct fail *refused)
{
    struct arena *a = im->report->arena;
    bool is_inner = place.len > 0 && place.at[0] != '#' && refused->problem_count > 0;
    if (!is_inner) {
        import_refuse(im->report, path, place, refused);
        return;
    }
    for (size_t i = 0; i < refused->problem_count; i++) {
        const struct problem *p = &refused->problems[i];
        struct fail one;
        fail_init(&one, a);
        (void)fail_with(&one, ERR_INVALID, p->sentence, p->args); /* goes into the report */
        import_refuse(im->report, file_join(a, path, place), p->pointer, &one);
    }
    im->report->refused -= (int64_t)refused->problem_count - 1; /* one record */
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
        refuse(im, path, place, &refused);
    } else if (done.result == PROCEDURE_UNCHANGED) {
        im->report->unchanged++;
    } else {
        im->report->taken++;
    }
    return OK;
}

/* ---- folders ---- */

static enum outcome import_path(struct importer *im, struct str path, int depth, struct fail *why);

static bool is_procedure_folder(const struct str *names, size_t count)
{
    static const char *const marks[] = {"procedure.json", "process.steps", "result.html", "rules.dmn", "scenarios"};
    for (size_t i = 0; i < count; i++)
        for (size_t m = 0; m < LENGTH(marks); m++)
            if (str_eq(names[i], str_from(marks[m]))) return true;
    return false;
}

/* Whether it says anything for the catalogue: scenarios alone only check what is there. */
static bool is_worth_taking(const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(names[i], STR("procedure.json")) || str_eq(names[i], STR("process.steps")) ||
            str_eq(names[i], STR("result.html")) || str_eq(names[i], STR("rules.dmn")))
            return true;
    return false;
}

static enum outcome import_folder(struct importer *im, struct str path, int depth, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, FILE_MEMORY);
    struct str *names;
    size_t count;
    TRY(file_names(&a, path, &names, &count, why));
    if (is_procedure_folder(names, count)) return is_worth_taking(names, count) ? import_file(im, path, why) : OK;
    for (size_t i = 0; i < count; i++) {
        struct str each = file_join(&a, path, names[i]);
        if (!is_folder(&a, each) && !str_ends(names[i], STR(".json"))) continue;
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
                              const struct folder_reader *folders, struct import_report *report, struct fail *why)
{
    struct importer im = {.store = s, .actor = actor, .folders = folders, .report = report};
    map_init(&im.titles, report->arena);
    map_init(&im.seen, report->arena);
    for (size_t i = 0; i < path_count; i++) {
        struct str path = paths[i];
        while (path.len > 1 && str_ends(path, STR("/"))) path.len--; /* a folder's name is its last part */
        TRY(import_path(&im, path, 0, why));
    }
    return OK;
}
