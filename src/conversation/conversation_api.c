#include "conversation/conversation_api.h"

#include <inttypes.h>

#include "agency/permission.h"
#include "base/text.h"
#include "conversation/conversation.h"
#include "conversation/conversation_pages.h"
#include "dossier/dossier_visit.h"
#include "http/once.h"
#include "people/people.h"

enum { MESSAGE_JSON_BYTES = 64 * 1024 };

/* ---- reading ---- */

static void write_files(struct json_writer *w, struct arena *a, struct str code, const struct conversation_message *m)
{
    jw_key(w, "files");
    jw_open(w, '[');
    for (size_t i = 0; i < m->file_count; i++) {
        const struct conversation_file *f = &m->files[i];
        jw_open(w, '{');
        jw_put_int(w, "n", f->n);
        jw_put_str(w, "name", f->name);
        jw_put_str(w, "type", f->type);
        jw_put_int(w, "size", f->bytes);
        jw_put_str(
            w, "href",
            str_format(a, "/api/v1/dossiers/%.*s/messages/%" PRId64 "/files/%" PRId64, STR_ARG(code), m->n, f->n));
        jw_close(w);
    }
    jw_close(w);
}

static void write_message(struct json_writer *w, struct arena *a, struct str code, const struct conversation_message *m)
{
    jw_open(w, '{');
    jw_put_int(w, "n", m->n);
    jw_put_str(w, "side", m->is_office ? STR("office") : STR("applicant"));
    jw_put_str_or_null(w, "by", m->author);
    jw_put_str_or_null(w, "agency_name", m->agency);
    jw_put_instant(w, "at", m->at);
    jw_put_str(w, "text", m->text);
    jw_put_bool(w, "new", m->is_new);
    write_files(w, a, code, m);
    jw_close(w);
}

static enum outcome visit(struct request *rq, struct tx **tx, struct dossier_view *v, struct conversation_rights *out,
                          struct fail *why)
{
    struct standing who = standing_of(rq);
    TRY(dossier_visit(rq, tx, v, why));
    *out = conversation_rights_of(v, &who);
    return OK;
}

static enum outcome no_way(struct fail *why)
{
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

static enum outcome get_messages(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view v;
    struct conversation_rights rights;
    struct conversation_message *messages;
    struct json_writer w;
    size_t count;
    TRY(visit(rq, &tx, &v, &rights, why));
    if (!rights.reads) return no_way(why);
    TRY(conversation_messages(tx, v.dossier.id, rights.is_office, &messages, &count, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) write_message(&w, rq->arena, v.dossier.code, &messages[i]);
    jw_close_list(&w, STR_NONE); /* both lists are bounded */
    return OK;
}

static enum outcome get_notes(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view v;
    struct conversation_rights rights;
    struct conversation_note *notes;
    struct json_writer w;
    size_t count;
    TRY(visit(rq, &tx, &v, &rights, why));
    if (!rights.reads_notes) return no_way(why);
    TRY(conversation_notes(tx, v.dossier.id, rq->visitor.agency, &notes, &count, why));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_int(&w, "n", notes[i].n);
        jw_put_str(&w, "by", notes[i].author);
        jw_put_instant(&w, "at", notes[i].at);
        jw_put_str(&w, "text", notes[i].text);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE); /* both lists are bounded */
    return OK;
}

/* ---- writing ---- */

static enum outcome read_files(struct request *rq, yyjson_val *body, struct sha256 *out, size_t *out_count,
                               struct fail *why)
{
    yyjson_val *item, *list = json_get(body, "files");
    size_t i, all;
    *out_count = 0;
    if (list == NULL) return OK;
    if (!yyjson_is_arr(list)) fail_problem(why, STR("/files"), "type", N_("This is a list of ids of uploaded files."));
    *out_count = yyjson_arr_size(list);
    if (*out_count > CONVERSATION_FILES_MOST) return OK; /* conversation_check says so */
    yyjson_arr_foreach(list, i, all, item)
    {
        if (!sha256_parse(json_text(item), &out[i]))
            fail_problem(why, str_format(rq->arena, "/files/%zu", i), "format",
                         N_("This file was not uploaded by you. Upload it first."));
    }
    return OK;
}

static enum outcome read_text(struct request *rq, yyjson_val **out_body, struct str *out, struct fail *why)
{
    TRY(request_json(rq, out_body, why));
    *out = str_trim(text_clean(rq->arena, json_str(*out_body, "text")));
    return OK;
}

static enum outcome answer_number(struct request *rq, struct str code, const char *what, int64_t n)
{
    struct json_writer w;
    reply_header(rq, "Location", str_format(rq->arena, "/api/v1/dossiers/%.*s/%s", STR_ARG(code), what));
    jw_init(&w, reply_begin(rq, 201, "application/json"));
    jw_open(&w, '{');
    jw_put_int(&w, "n", n);
    jw_close(&w);
    return OK;
}

static enum outcome look(struct request *rq, struct dossier_view *v, struct conversation_rights *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    return visit(rq, &tx, v, out, why);
}

static enum outcome post_message(struct request *rq, struct fail *why)
{
    struct dossier_view v;
    struct conversation_rights rights;
    struct sha256 files[CONVERSATION_FILES_MOST];
    yyjson_val *body;
    struct message_new in;
    int64_t n = 0;
    TRY(look(rq, &v, &rights, why));
    if (!rights.reads) return no_way(why);
    if (!rights.writes) return fail(why, ERR_DENIED, N_("You cannot write about this dossier."));
    in = (struct message_new){.actor = people_actor(rq),
                              .dossier = v.dossier.id,
                              .is_office = rights.is_office,
                              .is_protected = v.dossier.is_protected,
                              .files = files};
    if (!in.is_office) in.actor.agency = 0;
    TRY(read_text(rq, &body, &in.text, why));
    TRY(read_files(rq, body, files, &in.file_count, why));
    conversation_check(rq->arena, in.text, in.file_count, why);
    TRY(fail_if_problems(why));
    TRY(request_once(rq, app_desk(rq->app)->store, conversation_say, &in, &n, why));
    return answer_number(rq, v.dossier.code, "messages", n);
}

static enum outcome post_note(struct request *rq, struct fail *why)
{
    struct dossier_view v;
    struct conversation_rights rights;
    yyjson_val *body;
    int64_t n = 0;
    TRY(look(rq, &v, &rights, why));
    if (!rights.writes_notes) return no_way(why);
    struct note_new in = {.actor = people_actor(rq), .dossier = v.dossier.id};
    TRY(read_text(rq, &body, &in.text, why));
    conversation_check(rq->arena, in.text, 0, why);
    TRY(fail_if_problems(why));
    TRY(request_once(rq, app_desk(rq->app)->store, conversation_note, &in, &n, why));
    return answer_number(rq, v.dossier.code, "notes", n);
}

static enum outcome post_seen(struct request *rq, struct fail *why)
{
    struct dossier_view v;
    struct conversation_rights rights;
    yyjson_val *body;
    TRY(look(rq, &v, &rights, why));
    if (!rights.reads) return no_way(why);
    TRY(request_json(rq, &body, why));
    struct conversation_look seen = {v.dossier.id, rq->visitor.account, json_int(body, "up_to", 0), rights.is_office};
    if (seen.upto < 1)
        fail_problem(why, STR("/up_to"), "range", N_("Give the number of the last message that was seen."));
    TRY(fail_if_problems(why));
    TRY(store_run(app_desk(rq->app)->store, conversation_see, &seen, NULL, why));
    reply_empty(rq, 204);
    return OK;
}

/* In order of use. */
/* clang-format off */
const struct route talk_api_routes[] = {
    {GET,  "/api/v1/dossiers/{code}/messages",                  PERMIT_SIGNED_IN,    get_messages, N_("Messages of a dossier")},
    {POST, "/api/v1/dossiers/{code}/messages",                  PERMIT_SIGNED_IN,    post_message, N_("Write a message"), MESSAGE_JSON_BYTES, false, NULL},
    {GET,  "/api/v1/dossiers/{code}/messages/{n}/files/{file}", PERMIT_SIGNED_IN,    conversation_file_page, N_("A file of a message")},
    {POST, "/api/v1/dossiers/{code}/messages/seen",             PERMIT_SIGNED_IN,    post_seen,    N_("Mark messages as seen")},
    {GET,  "/api/v1/dossiers/{code}/notes",                     PERMIT_DOSSIER_READ, get_notes,    N_("Notes of the office")},
    {POST, "/api/v1/dossiers/{code}/notes",                     PERMIT_TASK_READ,    post_note,    N_("Write a note"), MESSAGE_JSON_BYTES, false, NULL},
};
/* clang-format on */
const size_t talk_api_route_count = LENGTH(talk_api_routes);
