#include "conversation/conversation_part.h"

#include <inttypes.h>

#include "conversation/conversation.h"
#include "conversation/conversation_pages.h"
#include "conversation/phrase.h"
#include "http/csrf.h"

/* clang-format off */
static const struct field file_fields[] = {
    FIELD_STR(struct attached_file, name),
    FIELD_STR(struct attached_file, size),
    FIELD_STR(struct attached_file, href),
    FIELD_STR(struct attached_file, thumb),
    FIELD_END,
};
static const struct field line_fields[] = {
    FIELD_STR(struct talk_line, id),
    FIELD_STR(struct talk_line, author),
    FIELD_STR(struct talk_line, agency),
    FIELD_STR(struct talk_line, at),
    FIELD_STR(struct talk_line, datetime),
    FIELD_STR(struct talk_line, text),
    FIELD_LIST(struct talk_line, files, struct attached_file, file_fields),
    FIELD_BOOL(struct talk_line, is_ours),
    FIELD_BOOL(struct talk_line, is_new),
    FIELD_END,
};
static const struct field choice_fields[] = {
    FIELD_STR(struct choice, value),
    FIELD_STR(struct choice, label),
    FIELD_BOOL(struct choice, is_chosen),
    FIELD_END,
};
const struct field talk_block_fields[] = {
    FRAME_FIELDS(struct talk_block),
    FIELD_STR(struct talk_block, address),
    FIELD_STR(struct talk_block, here),
    FIELD_LIST(struct talk_block, lines, struct talk_line, line_fields),
    FORM_FIELDS(struct talk_block, fields),
    FIELD_LIST(struct talk_block, phrases, struct choice, choice_fields),
    FIELD_BOOL(struct talk_block, writes),
    FIELD_END,
};
/* clang-format on */

/* ---- lines ---- */

static struct str author_of(const struct request *rq, const struct conversation_message *m, bool is_office)
{
    if (!m->is_office) return translate(rq->language, is_office ? N_("The applicant") : N_("You"));
    return m->author.len > 0 ? m->author : m->agency;
}

static struct talk_line line_of(struct request *rq, const struct dossier_view *v, const struct conversation_message *m,
                                bool is_office)
{
    struct talk_line line = {
        .id = str_format(rq->arena, "tin-%" PRId64, m->n),
        .author = author_of(rq, m, is_office),
        .agency = m->author.len > 0 ? m->agency : STR(""),
        .at = instant_for_people(rq->arena, m->at),
        .datetime = instant_format(rq->arena, m->at),
        .text = m->text,
        .files = ARENA_ARRAY(rq->arena, struct attached_file, m->file_count + 1),
        .files_count = m->file_count,
        .is_ours = m->is_office == is_office,
        .is_new = m->is_new,
    };
    for (size_t i = 0; i < m->file_count; i++) {
        const struct conversation_file *f = &m->files[i];
        struct str href =
            str_format(rq->arena, "/ho-so/%.*s/trao-doi/%" PRId64 "/%" PRId64, STR_ARG(v->dossier.code), m->n, f->n);
        line.files[i] =
            (struct attached_file){.name = f->name, .size = paper_size_for_people(rq->arena, f->bytes), .href = href};
        if (paper_has_pages(f->type)) line.files[i].thumb = str_format(rq->arena, "%.*s/thu-nho", STR_ARG(href));
    }
    return line;
}

static enum outcome fill_messages(struct request *rq, struct tx *tx, const struct dossier_view *v,
                                  struct talk_block *block, struct fail *why)
{
    struct conversation_message *messages;
    size_t count;
    TRY(conversation_messages(tx, v->dossier.id, block->is_office, &messages, &count, why));
    block->lines = ARENA_ARRAY(rq->arena, struct talk_line, count + 1);
    block->lines_count = count;
    for (size_t i = 0; i < count; i++) block->lines[i] = line_of(rq, v, &messages[i], block->is_office);
    return OK;
}

static enum outcome fill_notes(struct request *rq, struct tx *tx, const struct dossier_view *v,
                               struct talk_block *block, struct fail *why)
{
    struct conversation_note *notes;
    size_t count;
    TRY(conversation_notes(tx, v->dossier.id, rq->visitor.agency, &notes, &count, why));
    block->lines = ARENA_ARRAY(rq->arena, struct talk_line, count + 1);
    block->lines_count = count;
    for (size_t i = 0; i < count; i++)
        block->lines[i] = (struct talk_line){.id = str_format(rq->arena, "ghi-chu-%" PRId64, notes[i].n),
                                             .author = notes[i].author,
                                             .at = instant_for_people(rq->arena, notes[i].at),
                                             .datetime = instant_format(rq->arena, notes[i].at),
                                             .text = notes[i].text,
                                             .is_ours = true};
    return OK;
}

/* ---- phrases ---- */

enum outcome conversation_phrases(struct request *rq, struct tx *tx, const struct dossier_view *v, struct str papers,
                                  struct talk_phrase **out, size_t *out_count, struct fail *why)
{
    struct phrase *all;
    size_t count;
    *out_count = 0;
    if (rq->visitor.agency == 0 || v->is_applicant) return OK;
    TRY(phrases_of(tx, rq->visitor.agency, rq->language, false, &all, &count, why));
    struct phrase_facts facts = phrase_facts_of(rq->arena, v, rq->visitor.name, papers);
    *out = ARENA_ARRAY(rq->arena, struct talk_phrase, count + 1);
    for (size_t i = 0; i < count; i++)
        (*out)[(*out_count)++] = (struct talk_phrase){str_from(all[i].use->name), all[i].name, all[i].title,
                                                      phrase_fill(rq->arena, all[i].text, &facts, rq->language)};
    return OK;
}

/* The one that was chosen is the text to begin with. */
static enum outcome offer_phrases(struct request *rq, struct tx *tx, const struct dossier_view *v,
                                  struct talk_block *block, struct str *out_text, struct fail *why)
{
    struct talk_phrase *phrases;
    size_t count;
    struct str chosen = request_query(rq, "cau");
    TRY(conversation_phrases(rq, tx, v, STR(""), &phrases, &count, why));
    block->phrases = ARENA_ARRAY(rq->arena, struct choice, count + 1);
    for (size_t i = 0; i < count; i++) {
        bool is_chosen = str_eq(phrases[i].name, chosen);
        if (!str_eq(phrases[i].use, STR("message"))) continue;
        block->phrases[block->phrases_count++] =
            (struct choice){.value = phrases[i].name, .label = phrases[i].title, .is_chosen = is_chosen};
        if (is_chosen) *out_text = phrases[i].text;
    }
    return OK;
}

/* ---- the form ---- */

static void add_message_form(struct form *form, const struct talk_attempt *attempt, bool is_office, struct str text)
{
    struct form_field *area =
        form_area(form, "text", is_office ? N_("Message to the applicant") : N_("Your message"), NULL, text);
    area->rows = 5;
    struct form_field *files =
        form_file(form, "files", N_("Files"),
                  N_("PDF, JPEG, PNG, HEIC, Word or Excel, at most 20 MB each. Photos become one PDF file."));
    files->is_multiple = files->is_optional = true;
    files->has_camera = !is_office;
    files->accept = STR(".pdf,.jpg,.jpeg,.png,.heic,.heif,.doc,.docx,.xls,.xlsx,application/pdf,image/*");
    for (size_t i = 0; attempt != NULL && i < attempt->kept_count; i++)
        form_attach(form, files, attempt->kept[i].name, paper_size_for_people(form->rq->arena, attempt->kept[i].bytes));
    for (size_t i = 0; attempt != NULL && i < attempt->kept_count; i++)
        form_hidden(form, "kept", sha256_format(form->rq->arena, attempt->kept[i].hash));
}

static void draw_form(struct request *rq, struct talk_block *block, enum talk_part part,
                      const struct talk_attempt *attempt, struct str text)
{
    struct form form = {.rq = rq, .why = attempt != NULL ? attempt->why : NULL};
    if (part == TALK_MESSAGES)
        add_message_form(&form, attempt, block->is_office, text);
    else
        form_area(&form, "text", N_("New note"), N_("Only officers of your agency read it; the applicant never does."),
                  text)
            ->rows = 4;
    FORM_INTO(&form, block->fields);
}

enum outcome talk_block_fill(struct request *rq, struct tx *tx, const struct dossier_view *v, enum talk_part part,
                             const struct talk_attempt *attempt, struct talk_block *out, struct fail *why)
{
    struct standing who = standing_of(rq);
    struct conversation_rights rights = conversation_rights_of(v, &who);
    bool is_messages = part == TALK_MESSAGES;
    struct str text = STR("");
    if (attempt != NULL && attempt->part != part) attempt = NULL;
    out->frame.csrf = csrf_token(rq->arena, rq->visitor.csrf);
    out->is_office = rights.is_office;
    out->writes = is_messages ? rights.writes : rights.writes_notes;
    out->here = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(v->dossier.code));
    out->address = str_format(rq->arena, "%.*s/%s", STR_ARG(out->here), is_messages ? "trao-doi" : "ghi-chu");
    if (is_messages ? !rights.reads : !rights.reads_notes)
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    TRY(is_messages ? fill_messages(rq, tx, v, out, why) : fill_notes(rq, tx, v, out, why));
    if (is_messages && rights.is_office && out->writes) TRY(offer_phrases(rq, tx, v, out, &text, why));
    if (out->writes) draw_form(rq, out, part, attempt, text);
    return OK;
}

enum outcome conversation_part(struct request *rq, struct tx *tx, const struct dossier_view *v, enum talk_part part,
                               const struct talk_attempt *attempt, struct html *out, struct fail *why)
{
    struct talk_block block = {0};
    TRY(talk_block_fill(rq, tx, v, part, attempt, &block, why));
    const char *name = part == TALK_MESSAGES ? "conversation/messages" : "conversation/notes";
    return html_render_part(app_pages(rq->app)->set, rq->arena, name, &block, rq->language, out, why);
}

void conversation_ahead(struct request *rq, struct tx *tx, struct value dossier)
{
    conversation_state_ahead(tx, dossier);
    if (rq->visitor.agency == 0) return;
    conversation_note_count_ahead(tx, dossier, rq->visitor.agency);
    phrases_ahead(tx, rq->visitor.agency);
}

enum outcome conversation_counts(struct request *rq, struct tx *tx, const struct dossier_view *v,
                                 struct talk_counts *out, struct fail *why)
{
    struct standing who = standing_of(rq);
    struct conversation_rights rights = conversation_rights_of(v, &who);
    struct conversation_state state;
    *out = (struct talk_counts){.has_messages = rights.reads, .has_notes = rights.reads_notes};
    if (rights.reads) {
        TRY(conversation_state_of(tx, v->dossier.id, rights.is_office, &state, why));
        out->messages = state.last;
        out->unread = state.unread;
    }
    return rights.reads_notes ? conversation_note_count(tx, v->dossier.id, who.agency, &out->notes, why) : OK;
}
