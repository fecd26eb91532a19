/*
 * GET  /quan-tri/thu-tuc?q=&cursor=   every procedure with its version, state, channels and who performs it
 * POST /quan-tri/thu-tuc              files of sheets or records; the answer is the page with the report of the import
 */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admin/admin_pages.h"
#include "agency/competence.h"
#include "app/app.h"
#include "app/entrust.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "dossier/count_cache.h"
#include "dossier/desk.h"
#include "html/component.h"
#include "people/people.h"
#include "queries.h"

enum { ROWS = 25, NAME_SHOWN = 140, VALUE_SHOWN = 160 };

struct procedure_line {
    struct str code, name, channels;
    const char *state; /* message */
    int64_t version, agencies;
};

struct report_line {
    struct str file, place, value, text;
};

struct procedures_page {
    struct frame frame;
    struct str q;
    struct procedure_line *rows;
    size_t rows_count;
    struct pagination pagination;
    struct form_field *fields;
    size_t fields_count;
    bool is_imported; /* there is a report */
    int64_t files, taken, unchanged, refused;
    struct report_line *errors, *doubts;
    size_t errors_count, doubts_count;
};

/* clang-format off */
static const struct field procedure_line_fields[] = {
    FIELD_STR(struct procedure_line, code),
    FIELD_STR(struct procedure_line, name),
    FIELD_STR(struct procedure_line, channels),
    FIELD_MESSAGE(struct procedure_line, state),
    FIELD_INT(struct procedure_line, version),
    FIELD_INT(struct procedure_line, agencies),
    FIELD_END,
};
static const struct field report_line_fields[] = {
    FIELD_STR(struct report_line, file),
    FIELD_STR(struct report_line, place),
    FIELD_STR(struct report_line, value),
    FIELD_STR(struct report_line, text),
    FIELD_END,
};
const struct field admin_procedures_fields[] = {
    FRAME_FIELDS(struct procedures_page),
    FIELD_STR(struct procedures_page, q),
    FIELD_LIST(struct procedures_page, rows, struct procedure_line, procedure_line_fields),
    FIELD_STRUCT(struct procedures_page, pagination, pagination_fields),
    FORM_FIELDS(struct procedures_page, fields),
    FIELD_BOOL(struct procedures_page, is_imported),
    FIELD_INT(struct procedures_page, files),
    FIELD_INT(struct procedures_page, taken),
    FIELD_INT(struct procedures_page, unchanged),
    FIELD_INT(struct procedures_page, refused),
    FIELD_LIST(struct procedures_page, errors, struct report_line, report_line_fields),
    FIELD_LIST(struct procedures_page, doubts, struct report_line, report_line_fields),
    FIELD_END,
};
/* clang-format on */

/* ---- the list ---- */

static struct str channels_of(struct request *rq, const struct procedure_row *r)
{
    struct str words[CHANNEL_KIND_COUNT] = {0};
    size_t count = 0;
    for (size_t i = 0; i < CHANNEL_KIND_COUNT; i++)
        if (r->channels & 1u << i) words[count++] = translate(rq->language, channel_words[i].label);
    return str_join(rq->arena, STR(", "), words, count);
}

/* Counting walks all agencies, thousands of them: once for all who look within a moment. */
static enum outcome count_classes(struct request *rq, struct tx *tx, day_t day, struct rows *out, struct fail *why)
{
    struct value values[] = {v_int(day)};
    const struct counted_query query = {str_format(rq->arena, "classes %d", (int)day), Q_AGENCY_COUNT_OF_CLASSES,
                                        values, LENGTH(values), US_PER_S};
    return count_cache_rows(app_desk(rq->app)->counts, tx, &query, out, why);
}

static enum outcome fill_rows(struct request *rq, struct tx *tx, const struct procedure_page *found,
                              struct procedures_page *page, struct fail *why)
{
    page->rows = ARENA_ARRAY(rq->arena, struct procedure_line, found->count + 1);
    page->rows_count = found->count;
    day_t today = day_of(clock_now());
    struct rows classes;
    TRY(count_classes(rq, tx, today, &classes, why));
    for (size_t i = 0; i < found->count; i++) {
        const struct procedure_row *r = &found->rows[i];
        page->rows[i] = (struct procedure_line){.code = r->code,
                                                .name = text_shorten(rq->arena, r->name, NAME_SHOWN),
                                                .channels = channels_of(rq, r),
                                                .state = publication_words[r->state].label,
                                                .version = r->version_number};
        TRY(competence_count(tx, &classes, today, r->code, &page->rows[i].agencies, why));
    }
    return OK;
}

static struct str address_at(struct arena *a, struct str words, struct str cursor)
{
    return str_format(a, "/quan-tri/thu-tuc?q=%.*s&cursor=%.*s", STR_ARG(html_query_value(a, words)),
                      STR_ARG(html_query_value(a, cursor)));
}

/* why_not: a refused upload, or NULL. */
static enum outcome show(struct request *rq, struct procedures_page *page, const struct fail *why_not, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_page found;
    struct procedure_query query = {.text = request_query(rq, "q"),
                                    .cursor = request_query(rq, "cursor"),
                                    .level = ANY,
                                    .audience = ANY,
                                    .channel = ANY,
                                    .limit = ROWS};
    struct form form = {.rq = rq, .why = why_not};
    struct form_field *files = form_file(&form, "files", N_("Sheets or records (JSON)"),
                                         N_("Several files at once. A file that is known already changes nothing."));
    files->is_multiple = true;
    files->accept = STR("application/json,.json");
    FORM_INTO(&form, page->fields);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_search(app_catalogue(rq->app), tx, &query, &found, why));
    TRY(fill_rows(rq, tx, &found, page, why));
    page->q = query.text;
    page->frame.is_wide = true;
    if (found.next_cursor.len > 0) page->pagination.next_href = address_at(rq->arena, query.text, found.next_cursor);
    if (why_not != NULL) page_problems(rq, &page->frame, why_not);
    page_reply(rq, why_not != NULL ? outcome_status(why_not->outcome) : 200, "admin/procedures", page);
    return OK;
}

enum outcome admin_procedures(struct request *rq, struct fail *why)
{
    struct procedures_page page = {0};
    return show(rq, &page, NULL, why);
}

/* ---- the import ---- */

/* The importer reads files by their names: each lies in a folder of its own while it is read. */
struct laid_out {
    struct str folder;
    struct str *folders, *paths;
    size_t count;
};

static enum outcome lay_out(struct request *rq, struct laid_out *out, struct fail *why)
{
    struct arena *a = rq->arena;
    struct str spool = folder_own_file(a, &rq->app->folder, "spool", "");
    out->folder = file_join(a, spool, str_format(a, "import-%.*s", STR_ARG(rq->id)));
    out->folders = ARENA_ARRAY(a, struct str, rq->upload_count + 1);
    out->paths = ARENA_ARRAY(a, struct str, rq->upload_count + 1);
    for (size_t i = 0; i < rq->upload_count; i++) {
        const struct upload *u = &rq->uploads[i];
        if (u->bytes == 0) continue;
        struct str inner = file_join(a, out->folder, str_format(a, "%zu", i));
        struct str path = file_join(a, inner, u->file_name.len > 0 ? u->file_name : STR("sheet.json"));
        TRY(file_make_folder(inner, 0700, why));
        out->folders[out->count] = inner;
        out->paths[out->count++] = path;
        if (rename(str_cstr(a, u->path), str_cstr(a, path)) != 0)
            return fail(why, ERR_DOWN, N_("The files cannot be laid out for the import: the disk refuses."));
    }
    return OK;
}

static void clear_away(struct arena *a, const struct laid_out *l)
{
    for (size_t i = 0; i < l->count; i++) {
        (void)unlink(str_cstr(a, l->paths[i])); /* gone already is fine */
        (void)rmdir(str_cstr(a, l->folders[i]));
    }
    (void)rmdir(str_cstr(a, l->folder));
}

static void fill_report(struct request *rq, const struct import_report *r, struct procedures_page *page)
{
    struct arena *a = rq->arena;
    page->is_imported = true;
    page->files = r->files;
    page->taken = r->taken;
    page->unchanged = r->unchanged;
    page->refused = r->refused;
    page->errors = ARENA_ARRAY(a, struct report_line, r->errors.count + 1);
    page->errors_count = r->errors.count;
    for (size_t i = 0; i < r->errors.count; i++) {
        const struct import_error *e = &r->errors.at[i];
        page->errors[i] = (struct report_line){.file = file_base_name(e->file),
                                               .place = e->place,
                                               .text = fail_fill(a, translate(rq->language, e->message), e->args)};
    }
    page->doubts = ARENA_ARRAY(a, struct report_line, r->doubts.count + 1);
    page->doubts_count = r->doubts.count;
    for (size_t i = 0; i < r->doubts.count; i++) {
        const struct import_doubt *d = &r->doubts.at[i];
        page->doubts[i] = (struct report_line){.file = file_base_name(d->file),
                                               .place = d->field,
                                               .value = text_shorten(a, text_one_line(a, d->value), VALUE_SHOWN),
                                               .text = fail_fill(a, translate(rq->language, d->action), d->args)};
    }
}

static enum outcome import_all(struct request *rq, const struct laid_out *l, struct import_report *report,
                               struct fail *why)
{
    TRY(catalogue_import(app_store(rq->app), people_actor(rq), l->paths, l->count, NULL, report, why));
    return report->taken > 0 ? entrust_procedures(rq->app, why) : OK;
}

enum outcome admin_import(struct request *rq, struct fail *why)
{
    struct procedures_page page = {0};
    struct laid_out files = {0};
    struct import_report report;
    import_report_init(&report, rq->arena);
    enum outcome done = lay_out(rq, &files, why);
    if (done == OK && files.count > 0) done = import_all(rq, &files, &report, why);
    clear_away(rq->arena, &files);
    TRY(done);
    if (files.count == 0) {
        struct fail refused;
        fail_init(&refused, rq->arena);
        fail_problem(&refused, STR("/files"), "required", N_("Choose at least one file."));
        refused.outcome = ERR_INVALID;
        return show(rq, &page, &refused, why);
    }
    fill_report(rq, &report, &page);
    return show(rq, &page, NULL, why);
}
