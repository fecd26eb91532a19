#include "conversation/conversation_pages.h"

#include "agency/permission.h"
#include "base/log.h"
#include "base/parse.h"
#include "base/text.h"
#include "conversation/conversation.h"
#include "conversation/conversation_part.h"
#include "dossier/dossier_visit.h"
#include "dossier/file_type.h"
#include "dossier/paper_picture.h"
#include "dossier/protection.h"
#include "image/image.h"
#include "people/people.h"
#include "store/blob.h"

enum { MESSAGE_BODY_BYTES = 100 * 1024 * 1024 };

/* ---- the applicant's page ---- */

struct talk_page {
    struct frame frame;
    struct talk_block block;
    struct str code, procedure, agency;
};

static const struct field talk_page_fields[] = {
    FRAME_FIELDS(struct talk_page),      FIELD_STRUCT(struct talk_page, block, talk_block_fields),
    FIELD_STR(struct talk_page, code),   FIELD_STR(struct talk_page, procedure),
    FIELD_STR(struct talk_page, agency), FIELD_END,
};

/* Whoever speaks for the office reads it beside the papers. */
static struct str office_place(struct request *rq)
{
    return str_format(rq->arena, "/ho-so/%.*s?xem=trao-doi", STR_ARG(request_param(rq, "code")));
}

static bool is_of_office(struct request *rq, const struct dossier_view *v)
{
    struct standing who = standing_of(rq);
    return conversation_rights_of(v, &who).is_office;
}

static enum outcome show_page(struct request *rq, const struct talk_attempt *attempt, struct dossier_view *v,
                              int64_t *out_last, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct conversation_state state;
    TRY(dossier_visit(rq, &tx, v, why));
    if (is_of_office(rq, v) && attempt == NULL) {
        reply_redirect(rq, office_place(rq));
        return OK;
    }
    struct talk_page page = {.code = v->dossier.code, .procedure = v->procedure->name, .agency = v->agency.name};
    page.frame.back_href = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(v->dossier.code));
    if (attempt != NULL) page_problems(rq, &page.frame, attempt->why);
    TRY(talk_block_fill(rq, tx, v, TALK_MESSAGES, attempt, &page.block, why));
    TRY(conversation_state_of(tx, v->dossier.id, false, &state, why));
    *out_last = state.unread > 0 ? state.last : 0;
    page_reply(rq, attempt != NULL ? outcome_status(attempt->why->outcome) : 200, "conversation/talk", &page);
    return OK;
}

/* A mark that fails to be made is no reason to show no page. */
void conversation_seen(struct request *rq, const struct dossier_view *v, int64_t upto)
{
    struct fail ignored;
    struct conversation_look look = {v->dossier.id, rq->visitor.account, upto, is_of_office(rq, v)};
    bool is_others = look.is_office && v->dossier.holder != 0 && v->dossier.holder != rq->visitor.account;
    if (upto == 0 || is_others) return; /* the officer who holds it has not read it yet */
    fail_init(&ignored, rq->arena);
    if (store_run(app_desk(rq->app)->store, conversation_see, &look, NULL, &ignored) != OK)
        log_write(LOG_WARN, "conversation", "seen=no outcome=%s", outcome_type(ignored.outcome));
}

static enum outcome get_talk(struct request *rq, struct fail *why)
{
    struct dossier_view v;
    int64_t last = 0;
    TRY(show_page(rq, NULL, &v, &last, why));
    conversation_seen(rq, &v, last);
    return OK;
}

/* ---- sending ---- */

/* What a form brought: its files are kept whatever becomes of it. */
struct sent {
    struct upload_row kept[CONVERSATION_FILES_MOST];
    size_t kept_count;
    struct str text;
};

static enum outcome find_kept(struct request *rq, struct tx *tx, struct sent *s, struct fail *why)
{
    for (size_t i = 0; i < rq->form_count && s->kept_count < CONVERSATION_FILES_MOST; i++) {
        struct sha256 hash;
        struct fail missing;
        fail_init(&missing, rq->arena);
        if (!str_eq(rq->form[i].name, STR("kept")) || !sha256_parse(rq->form[i].value, &hash)) continue;
        enum outcome found = upload_find(tx, rq->visitor.account, hash, &s->kept[s->kept_count], &missing);
        if (found == OK)
            s->kept_count++;
        else if (found != ERR_MISSING)
            return fail_with(why, found, missing.sentence, missing.args);
    }
    return OK;
}

/* Photographs become one PDF; what is refused is said, the rest is kept for the next attempt. */
static enum outcome keep_uploads(struct request *rq, struct sent *s, struct fail *problems, struct fail *why)
{
    struct paper_field f = {.field = STR("files"),
                            .name = translate(rq->language, N_("Photos")),
                            .rows = s->kept,
                            .count = s->kept_count,
                            .most = CONVERSATION_FILES_MOST};
    TRY(paper_take_field(app_desk(rq->app), rq, &f, problems, why));
    s->kept_count = f.count;
    return OK;
}

static enum outcome visit(struct request *rq, struct dossier_view *v, struct sent *s, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(dossier_visit(rq, &tx, v, why));
    s->text = str_trim(text_clean(rq->arena, request_form(rq, "text")));
    return find_kept(rq, tx, s, why);
}

/* Both sides' page again, with the reasons and everything that was typed. */
static enum outcome show_again(struct request *rq, const struct dossier_view *v, const struct talk_attempt *attempt,
                               struct fail *why)
{
    struct dossier_view again;
    int64_t last;
    if (is_of_office(rq, v)) return officer_dossier_talk(rq, attempt, why);
    return show_page(rq, attempt, &again, &last, why);
}

static enum outcome say(struct request *rq, const struct dossier_view *v, const struct sent *s, struct fail *why)
{
    struct sha256 files[CONVERSATION_FILES_MOST];
    int64_t n = 0;
    for (size_t i = 0; i < s->kept_count; i++) files[i] = s->kept[i].hash;
    struct message_new in = {.actor = people_actor(rq),
                             .dossier = v->dossier.id,
                             .is_office = is_of_office(rq, v),
                             .is_protected = v->dossier.is_protected,
                             .text = s->text,
                             .files = files,
                             .file_count = s->kept_count};
    if (!in.is_office) in.actor.agency = 0;
    return store_run(app_desk(rq->app)->store, conversation_say, &in, &n, why);
}

static enum outcome post_talk(struct request *rq, struct fail *why)
{
    struct dossier_view v;
    struct sent s = {0};
    struct fail refused;
    struct standing who = standing_of(rq);
    fail_init(&refused, rq->arena);
    TRY(visit(rq, &v, &s, why));
    struct conversation_rights rights = conversation_rights_of(&v, &who);
    if (!rights.writes) return fail(why, ERR_DENIED, N_("You cannot write about this dossier."));
    TRY(keep_uploads(rq, &s, &refused, why));
    conversation_check(rq->arena, s.text, s.kept_count, &refused);
    enum outcome r = fail_if_problems(&refused);
    if (r == OK) r = say(rq, &v, &s, &refused);
    struct talk_attempt attempt = {TALK_MESSAGES, &refused, s.kept, s.kept_count};
    if (r == ERR_INVALID || r == ERR_CONFLICT) return show_again(rq, &v, &attempt, why);
    if (r != OK) return fail_with(why, r, refused.sentence, refused.args);
    page_flash(rq, N_("Your message was sent."));
    reply_redirect(rq, rights.is_office ? office_place(rq) : rq->path);
    return OK;
}

static enum outcome post_note(struct request *rq, struct fail *why)
{
    struct dossier_view v;
    struct sent s = {0};
    struct fail refused;
    struct standing who = standing_of(rq);
    int64_t n = 0;
    fail_init(&refused, rq->arena);
    TRY(visit(rq, &v, &s, why));
    if (!conversation_rights_of(&v, &who).writes_notes)
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    conversation_check(rq->arena, s.text, 0, &refused);
    struct note_new in = {.actor = people_actor(rq), .dossier = v.dossier.id, .text = s.text};
    enum outcome r = fail_if_problems(&refused);
    if (r == OK) r = store_run(app_desk(rq->app)->store, conversation_note, &in, &n, &refused);
    struct talk_attempt attempt = {TALK_NOTES, &refused, NULL, 0};
    if (r == ERR_INVALID) return officer_dossier_talk(rq, &attempt, why);
    if (r != OK) return fail_with(why, r, refused.sentence, refused.args);
    page_flash(rq, N_("The note is kept."));
    reply_redirect(rq, str_format(rq->arena, "/ho-so/%.*s?xem=ghi-chu", STR_ARG(v.dossier.code)));
    return OK;
}

/* ---- files ---- */

static const struct conversation_file *file_named(const struct conversation_message *messages, size_t count, uint64_t n,
                                                  uint64_t file)
{
    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < messages[i].file_count; f++)
            if ((uint64_t)messages[i].n == n && (uint64_t)messages[i].files[f].n == file) return &messages[i].files[f];
    return NULL;
}

static enum outcome find_file(struct request *rq, struct conversation_file *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view v;
    struct conversation_message *messages;
    struct standing who = standing_of(rq);
    size_t count;
    uint64_t n = 0, file = 0;
    TRY(dossier_visit(rq, &tx, &v, why));
    struct conversation_rights rights = conversation_rights_of(&v, &who);
    bool is_number = parse_u64(request_param(rq, "n"), &n) && parse_u64(request_param(rq, "file"), &file);
    if (!rights.reads || !is_number) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    TRY(conversation_messages(tx, v.dossier.id, rights.is_office, &messages, &count, why));
    const struct conversation_file *found = file_named(messages, count, n, file);
    if (found == NULL) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    *out = *found;
    return OK;
}

enum outcome conversation_file_page(struct request *rq, struct fail *why)
{
    struct conversation_file f;
    uint64_t bytes;
    int fd;
    TRY(find_file(rq, &f, why));
    TRY(blob_open(app_desk(rq->app)->files_folder, f.hash, &fd, &bytes, why));
    reply_file(rq, fd, bytes, f.type, f.name, file_type_is_shown(f.type) ? "inline" : "attachment");
    return OK;
}

static enum outcome get_thumb(struct request *rq, struct fail *why)
{
    struct conversation_file f;
    TRY(find_file(rq, &f, why));
    return paper_picture_reply(rq, f.hash, &(const struct image_view){1, IMAGE_THUMB_WIDTH, 0}, why);
}

/* ---- tables ---- */

/* In order of use. */
/* clang-format off */
const struct route talk_routes[] = {
    {GET,  "/ho-so/{code}/trao-doi",            PERMIT_SIGNED_IN, get_talk,               N_("Conversation")},
    {POST, "/ho-so/{code}/trao-doi",            PERMIT_SIGNED_IN, post_talk,              N_("Write a message"), MESSAGE_BODY_BYTES, true, NULL},
    {GET,  "/ho-so/{code}/trao-doi/{n}/{file}", PERMIT_SIGNED_IN, conversation_file_page, N_("A file of a message")},
    {GET,  "/ho-so/{code}/trao-doi/{n}/{file}/thu-nho", PERMIT_SIGNED_IN, get_thumb,      N_("A file of a message, small")},
    {POST, "/ho-so/{code}/ghi-chu",             PERMIT_TASK_READ, post_note,              N_("Write a note")},
};
const size_t talk_route_count = LENGTH(talk_routes);

const struct page_template talk_templates[] = {
    {"conversation/talk",     talk_page_fields },
    {"conversation/messages", talk_block_fields},
    {"conversation/notes",    talk_block_fields},
};
/* clang-format on */
const size_t talk_template_count = LENGTH(talk_templates);
