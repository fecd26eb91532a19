/*
 * GET  /tiep-nhan?q=&vua=      who stands at the counter, the queue, one field for everything that is scanned or typed
 * POST /tiep-nhan              scan=...: an identity card, a number, a receipt, a number of the queue, an appointment,
 *                              a dossier's code or words of a procedure; leads to the right place
 * POST /tiep-nhan/nguoi        what=next: the next person; what=again: one more dossier for the one before
 * POST /tiep-nhan/quay         the desk: sit, next, again, missed, done, transfer, call
 *
 * A number never stands in an address: the card is sent by POST and kept sealed for some minutes (visit.h).
 */
#include "agency/competence.h"
#include "agency/permission.h"
#include "base/auto.h"
#include "base/list.h"
#include "base/parse.h"
#include "base/text.h"
#include "counter/appointment.h"
#include "counter/counter_pages.h"
#include "counter/counter_token.h"
#include "counter/ticket.h"
#include "counter/visit.h"
#include "dossier/dossier_brief.h"
#include "dossier/dossier_token.h"
#include "dossier/draft.h"
#include "dossier/view_text.h"
#include "people/people.h"
#include "queries.h"

enum { ROWS = 12, RECENT_LOOKED = 40, RECENT_SHOWN = 9, OWN_MOST = 10, MISSED_SHOWN = 12 };

/* ---- the page ---- */

struct procedure_line {
    struct str code, name, href, postal_href, key; /* href empty: not offered at the counter */
};

struct own_line { /* a dossier or a draft of who stands there */
    struct str code, procedure, at, href;
    struct tag tag;
};

struct choice_line { /* a desk, a line, a number */
    struct str value, label;
    bool is_current;
};

struct counter_page {
    struct frame frame;
    struct str q, scan_problem;
    bool is_person, is_doubtful, was_before, is_searched;
    struct summary_row *card;
    struct own_line *dossiers, *drafts;
    struct own_line *appointments;
    struct procedure_line *found, *recent;
    struct choice_line *desks, *lines, *others, *missed;
    size_t card_count, dossiers_count, drafts_count, appointments_count, found_count, recent_count, desks_count,
        lines_count, others_count, missed_count;
    struct str next_href, board, kiosk; /* kiosk: as a phone sees it */
    /* the desk */
    bool is_seated, is_calling;
    struct str desk, number, called_at, priority;
    int64_t waiting;
    /* the dossier that was received just now */
    struct str last_code, last_due, last_receipt, last_picture;
};

/* clang-format off */
static const struct field procedure_line_fields[] = {
    FIELD_STR(struct procedure_line, code),
    FIELD_STR(struct procedure_line, name),
    FIELD_STR(struct procedure_line, href),
    FIELD_STR(struct procedure_line, postal_href),
    FIELD_STR(struct procedure_line, key),
    FIELD_END,
};
static const struct field own_line_fields[] = {
    FIELD_STR(struct own_line, code),
    FIELD_STR(struct own_line, procedure),
    FIELD_STR(struct own_line, at),
    FIELD_STR(struct own_line, href),
    FIELD_STRUCT(struct own_line, tag, tag_fields),
    FIELD_END,
};
static const struct field choice_line_fields[] = {
    FIELD_STR(struct choice_line, value),
    FIELD_STR(struct choice_line, label),
    FIELD_BOOL(struct choice_line, is_current),
    FIELD_END,
};
static const struct field counter_page_fields[] = {
    FRAME_FIELDS(struct counter_page),
    FIELD_STR(struct counter_page, q),
    FIELD_STR(struct counter_page, scan_problem),
    FIELD_BOOL(struct counter_page, is_person),
    FIELD_BOOL(struct counter_page, is_doubtful),
    FIELD_BOOL(struct counter_page, was_before),
    FIELD_BOOL(struct counter_page, is_searched),
    FIELD_LIST(struct counter_page, card, struct summary_row, summary_row_fields),
    FIELD_LIST(struct counter_page, dossiers, struct own_line, own_line_fields),
    FIELD_LIST(struct counter_page, drafts, struct own_line, own_line_fields),
    FIELD_LIST(struct counter_page, appointments, struct own_line, own_line_fields),
    FIELD_LIST(struct counter_page, found, struct procedure_line, procedure_line_fields),
    FIELD_LIST(struct counter_page, recent, struct procedure_line, procedure_line_fields),
    FIELD_LIST(struct counter_page, desks, struct choice_line, choice_line_fields),
    FIELD_LIST(struct counter_page, lines, struct choice_line, choice_line_fields),
    FIELD_LIST(struct counter_page, others, struct choice_line, choice_line_fields),
    FIELD_LIST(struct counter_page, missed, struct choice_line, choice_line_fields),
    FIELD_STR(struct counter_page, next_href),
    FIELD_STR(struct counter_page, board),
    FIELD_STR(struct counter_page, kiosk),
    FIELD_BOOL(struct counter_page, is_seated),
    FIELD_BOOL(struct counter_page, is_calling),
    FIELD_STR(struct counter_page, desk),
    FIELD_STR(struct counter_page, number),
    FIELD_STR(struct counter_page, called_at),
    FIELD_STR(struct counter_page, priority),
    FIELD_INT(struct counter_page, waiting),
    FIELD_STR(struct counter_page, last_code),
    FIELD_STR(struct counter_page, last_due),
    FIELD_STR(struct counter_page, last_receipt),
    FIELD_STR(struct counter_page, last_picture),
    FIELD_END,
};
/* clang-format on */

struct making {
    struct request *rq;
    const struct desk *desk;
    struct tx *tx;
    struct counter_page *page;
};

static struct str say(const struct making *m, const char *message)
{
    return translate(m->rq->language, message);
}

/* ---- procedures ---- */

static struct str reception_href(struct arena *a, struct str code)
{
    return str_format(a, "/tiep-nhan/ho-so/%.*s", STR_ARG(code));
}

static bool is_offered(const struct procedure_row *r, enum channel_kind channel)
{
    return r->initiator == INITIATOR_APPLICANT && (r->channels & 1u << channel) != 0;
}

/* What was typed: by its words or its code, of what this agency performs. */
static enum outcome find_procedures(struct making *m, struct fail *why)
{
    struct counter_page *page = m->page;
    struct procedure_query query = {.text = page->q,
                                    .cursor = request_query(m->rq, "cursor"),
                                    .level = ANY,
                                    .audience = ANY,
                                    .channel = ANY,
                                    .limit = ROWS};
    struct procedure_page found;
    struct str *codes;
    TRY(competence_procedures(m->tx, m->rq->visitor.agency, day_of(tx_now(m->tx)), &codes, &query.code_count, why));
    query.codes = codes != NULL ? codes : ARENA_ARRAY(m->rq->arena, struct str, 1); /* none, but a list */
    TRY(catalogue_search(m->desk->catalogue, m->tx, &query, &found, why));
    page->is_searched = true;
    page->found = ARENA_ARRAY(m->rq->arena, struct procedure_line, found.count + 1);
    for (size_t i = 0; i < found.count; i++) {
        const struct procedure_row *r = &found.rows[i];
        struct procedure_line line = {.code = r->code, .name = r->name};
        if (is_offered(r, CHANNEL_COUNTER)) line.href = reception_href(m->rq->arena, r->code);
        if (is_offered(r, CHANNEL_POSTAL))
            line.postal_href = str_format(m->rq->arena, "/nop-ho-so/%.*s?kenh=postal&moi=1", STR_ARG(r->code));
        if (line.href.len > 0 || line.postal_href.len > 0) page->found[page->found_count++] = line;
    }
    if (found.next_cursor.len > 0)
        page->next_href =
            str_format(m->rq->arena, "/tiep-nhan?q=%.*s&cursor=%.*s", STR_ARG(html_query_value(m->rq->arena, page->q)),
                       STR_ARG(html_query_value(m->rq->arena, found.next_cursor)));
    return OK;
}

static bool is_listed(const struct counter_page *page, struct str code)
{
    for (size_t i = 0; i < page->recent_count; i++)
        if (str_eq(page->recent[i].code, code)) return true;
    return false;
}

/* What this officer filed lately, each under a digit of the keyboard. */
static enum outcome list_recent(struct making *m, struct fail *why)
{
    struct counter_page *page = m->page;
    struct rows rows;
    TRY(store_all(m->tx, Q_COUNTER_RECENT_PROCEDURES, VALUES(v_int(m->rq->visitor.account), v_int(RECENT_LOOKED)),
                  &rows, why));
    page->recent = ARENA_ARRAY(m->rq->arena, struct procedure_line, RECENT_SHOWN);
    for (size_t i = 0; i < rows.count && page->recent_count < RECENT_SHOWN; i++) {
        struct procedure_ref ref;
        struct fail gone;
        struct str code = row_str(&rows.at[i], 0);
        fail_init(&gone, m->rq->arena);
        if (is_listed(page, code) || catalogue_find_open(m->tx, code, &ref, &gone) != OK) continue;
        struct str key = str_format(m->rq->arena, "%zu", page->recent_count + 1);
        page->recent[page->recent_count++] = (struct procedure_line){
            .code = ref.code, .name = ref.name, .href = reception_href(m->rq->arena, ref.code), .key = key};
    }
    return OK;
}

/* ---- who stands there ---- */

static enum outcome list_dossiers(struct making *m, const struct sealed_identity *number, struct fail *why)
{
    struct counter_page *page = m->page;
    struct rows rows;
    struct str lookup = str_of((const char *)number->lookup.at, SHA256_BYTES);
    TRY(store_all(m->tx, Q_COUNTER_DOSSIERS_OF_NUMBER,
                  VALUES(v_blob(lookup), v_int(m->rq->visitor.agency), v_int(OWN_MOST)), &rows, why));
    page->dossiers = ARENA_ARRAY(m->rq->arena, struct own_line, rows.count + 1);
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        const struct procedure *p;
        TRY(catalogue_version(m->desk->catalogue, m->tx, row_int(r, 1), &p, why));
        page->dossiers[page->dossiers_count++] =
            (struct own_line){.code = row_str(r, 0),
                              .procedure = p->name,
                              .at = instant_for_people(m->rq->arena, row_instant(r, 3)),
                              .href = str_format(m->rq->arena, "/ho-so/%.*s", STR_ARG(row_str(r, 0))),
                              .tag = status_tag(m->rq->language, (enum status)row_int(r, 2))};
    }
    return OK;
}

/* What they began online and have not sent: its name alone, what they typed is theirs. Of complaints and denunciations
 * nothing is said. */
static enum outcome list_drafts(struct making *m, int64_t account, struct fail *why)
{
    struct counter_page *page = m->page;
    struct draft *drafts;
    size_t count;
    TRY(drafts_of_account(m->tx, account, &drafts, &count, why));
    page->drafts = ARENA_ARRAY(m->rq->arena, struct own_line, OWN_MOST);
    for (size_t i = 0; i < count && page->drafts_count < OWN_MOST; i++) {
        struct procedure_ref ref;
        struct fail gone;
        fail_init(&gone, m->rq->arena);
        if (catalogue_find_open(m->tx, drafts[i].procedure_code, &ref, &gone) != OK) continue;
        if (ref.process != PROCESS_APPLICATION || ref.initiator != INITIATOR_APPLICANT) continue;
        page->drafts[page->drafts_count++] =
            (struct own_line){.code = ref.code,
                              .procedure = ref.name,
                              .at = instant_for_people(m->rq->arena, drafts[i].updated_at),
                              .href = reception_href(m->rq->arena, ref.code)};
    }
    return OK;
}

static enum outcome list_appointments(struct making *m, int64_t account, struct fail *why)
{
    struct counter_page *page = m->page;
    struct appointment *all;
    size_t count;
    day_t today = day_of(tx_now(m->tx));
    TRY(appointments_of_account(m->tx, account, day_start(today), OWN_MOST, &all, &count, why));
    page->appointments = ARENA_ARRAY(m->rq->arena, struct own_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (all[i].agency != m->rq->visitor.agency || all[i].day != today) continue;
        page->appointments[page->appointments_count++] =
            (struct own_line){.at = slot_for_people(m->rq->arena, all[i].at),
                              .code = all[i].procedure_code,
                              .href = str_format(m->rq->arena, "/tiep-nhan/lich-hen#a%lld", (long long)all[i].id),
                              .tag = appointment_tag(m->rq->language, &all[i])};
    }
    return OK;
}

static void fill_card(struct making *m, const struct card *card)
{
    struct summary s = {.rq = m->rq};
    struct arena *a = m->rq->arena;
    summary_add(&s, N_("Full name"), card->name);
    summary_add(&s, identity_type_label(card->type), identity_mask(a, card->number));
    if (card->born != DAY_UNKNOWN) summary_add(&s, N_("Date of birth"), day_for_people(a, card->born));
    summary_add(&s, N_("Sex"), card->sex);
    summary_add(&s, N_("Address"), card->address);
    m->page->card = s.rows.at;
    m->page->card_count = s.rows.count;
    m->page->is_doubtful = card->is_doubtful;
}

static enum outcome fill_person(struct making *m, struct fail *why)
{
    struct visit visit;
    struct row row;
    TRY(visit_of(m->desk, m->tx, m->rq->visitor.account, &visit, why));
    m->page->was_before = visit.is_there && visit.is_over;
    m->page->is_person = visit.is_there && !visit.is_over;
    if (!m->page->is_person) return OK;
    fill_card(m, &visit.card);
    struct sealed_identity number =
        identity_seal(m->desk->keys, m->rq->arena, (struct identity){visit.card.type, visit.card.number});
    TRY(list_dossiers(m, &number, why));
    if (!visit.card.is_read) return OK; /* a number alone opens nothing that is not the agency's own */
    struct str lookup = str_of((const char *)number.lookup.at, SHA256_BYTES);
    enum outcome found = store_one(m->tx, Q_COUNTER_ACCOUNT_OF_NUMBER, VALUES(v_blob(lookup)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    int64_t account = row_int(&row, 0);
    TRY(list_drafts(m, account, why));
    return list_appointments(m, account, why);
}

/* ---- the desk ---- */

static void fill_choices(struct making *m, const struct hall *hall, const struct seat *seat)
{
    struct counter_page *page = m->page;
    struct arena *a = m->rq->arena;
    page->desks = ARENA_ARRAY(a, struct choice_line, DESKS_MOST);
    for (int64_t n = 1; n <= hall->desks; n++) {
        struct str number = str_format(a, "%lld", (long long)n);
        page->desks[page->desks_count++] = (struct choice_line){number, number, n == seat->desk};
    }
    page->lines = ARENA_ARRAY(a, struct choice_line, LINES_MOST);
    page->others = ARENA_ARRAY(a, struct choice_line, LINES_MOST);
    for (size_t i = 0; i < hall->line_count; i++) {
        struct str letter = str_format(a, "%c", hall->lines[i].letter);
        struct str title =
            str_format(a, "%c – %.*s", hall->lines[i].letter, STR_ARG(line_title(&hall->lines[i], m->rq->language)));
        page->lines[page->lines_count++] = (struct choice_line){letter, title, str_eq(letter, seat->line)};
        page->others[page->others_count++] = (struct choice_line){letter, title, false};
    }
}

static enum outcome fill_missed(struct making *m, struct fail *why)
{
    struct ticket *missed;
    size_t count;
    TRY(tickets_in_turn(m->tx, m->rq->visitor.agency, "missed", MISSED_SHOWN, &missed, &count, why));
    m->page->missed = ARENA_ARRAY(m->rq->arena, struct choice_line, count + 1);
    for (size_t i = 0; i < count; i++)
        m->page->missed[m->page->missed_count++] = (struct choice_line){
            str_format(m->rq->arena, "%lld", (long long)missed[i].id), ticket_number(m->rq->arena, &missed[i]), false};
    return OK;
}

static enum outcome fill_desk(struct making *m, struct fail *why)
{
    struct counter_page *page = m->page;
    struct hall hall;
    struct seat seat;
    struct ticket t;
    struct agency agency;
    TRY(agency_load(m->tx, m->rq->visitor.agency, &agency, why));
    TRY(hall_of(m->tx, agency.id, &hall, why));
    page->board = str_format(m->rq->arena, "/bang-so/%.*s", STR_ARG(agency.identifier));
    page->kiosk = str_format(m->rq->arena, "/lay-so/%.*s", STR_ARG(agency.identifier));
    TRY(seat_of(m->tx, m->rq->visitor.account, m->rq->visitor.agency, &seat, why));
    TRY(tickets_waiting(m->tx, hall.agency, &page->waiting, why));
    fill_choices(m, &hall, &seat);
    page->is_seated = seat.desk != 0;
    if (!page->is_seated) return OK;
    page->desk = str_format(m->rq->arena, "%lld", (long long)seat.desk);
    TRY(ticket_of_desk(m->tx, hall.agency, seat.desk, &t, &page->is_calling, why));
    TRY(fill_missed(m, why));
    if (!page->is_calling) return OK;
    const struct priority *p = priority_find(&hall, t.priority);
    page->number = ticket_number(m->rq->arena, &t);
    page->called_at = slot_for_people(m->rq->arena, t.called_at);
    if (p != NULL) page->priority = say(m, p->label);
    return OK;
}

/* ---- what was received just now ---- */

static enum outcome fill_last(struct making *m, struct fail *why)
{
    struct counter_page *page = m->page;
    struct dossier_view view;
    struct fail gone;
    struct standing who = standing_of(m->rq);
    struct str code = request_query(m->rq, "vua");
    (void)why; /* a code that is none shows nothing */
    fail_init(&gone, m->rq->arena);
    if (code.len == 0 || dossier_view_load(m->desk, m->tx, &who, code, &view, &gone) != OK) return OK;
    if (view.dossier.received_at == INSTANT_NONE) return OK;
    page->last_code = view.dossier.code;
    if (view.dossier.due_at != INSTANT_NONE) page->last_due = instant_for_people(m->rq->arena, view.dossier.due_at);
    page->last_receipt = str_format(m->rq->arena, "/ho-so/%.*s/phieu/receipt.pdf", STR_ARG(page->last_code));
    if (procedure_is_public_lookup(view.procedure))
        page->last_picture = str_format(m->rq->arena, "%.*s/ma-qr.svg",
                                        STR_ARG(dossier_token_path(m->desk->keys, m->rq->arena, view.dossier.id)));
    return OK;
}

static enum outcome show(struct request *rq, int status, struct counter_page *page, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct making m = {rq, app_desk(rq->app), NULL, page};
    TRY(store_read_begin(m.desk->store, rq->arena, &tx, why));
    m.tx = tx;
    page->frame.is_wide = true;
    TRY(fill_person(&m, why));
    TRY(fill_desk(&m, why));
    TRY(fill_last(&m, why));
    if (page->q.len > 0)
        TRY(find_procedures(&m, why));
    else
        TRY(list_recent(&m, why));
    if (page->found_count == 1 && page->next_href.len == 0 && page->found[0].href.len > 0) {
        reply_redirect(rq, page->found[0].href);
        return OK;
    }
    page_reply(rq, status, "counter/counter", page);
    return OK;
}

static enum outcome get_counter(struct request *rq, struct fail *why)
{
    struct counter_page page = {.q = str_trim(request_query(rq, "q"))};
    return show(rq, 200, &page, why);
}

/* ---- scanning ---- */

static enum outcome show_problem(struct request *rq, struct fail *problem, struct fail *why)
{
    struct counter_page page = {0};
    struct fail told;
    fail_init(&told, rq->arena);
    fail_problem_with(&told, STR("/scan"), "format", problem->sentence, problem->args);
    page_problems(rq, &page.frame, &told);
    page.scan_problem = page_problem_for(rq, &told, STR("/scan"));
    return show(rq, outcome_status(ERR_INVALID), &page, why);
}

static enum outcome go_to_dossier(struct request *rq, const struct dossier_brief *d, struct fail *why)
{
    if (d->agency != rq->visitor.agency) return fail(why, ERR_INVALID, N_("This dossier is with another agency."));
    reply_redirect(rq, str_format(rq->arena, "/ho-so/%.*s", STR_ARG(d->code)));
    return OK;
}

static enum outcome go_to_receipt(struct request *rq, struct str token, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct dossier_brief d;
    int64_t id;
    AUTO_READ struct tx *tx = NULL;
    if (!dossier_token_read(desk->keys, rq->arena, token, &id))
        return fail(why, ERR_INVALID, N_("This receipt is not of this office."));
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(dossier_brief_load(tx, id, &d, why));
    return go_to_dossier(rq, &d, why);
}

/* A lone digit is what stands under it in the list of what this officer files most. */
static enum outcome find_digit(struct request *rq, struct tx *tx, struct str words, struct str *href, struct fail *why)
{
    struct counter_page page = {0};
    struct making m = {.rq = rq, .tx = tx, .page = &page};
    if (words.len != 1 || words.at[0] < '1' || words.at[0] > '9') return OK;
    TRY(list_recent(&m, why));
    size_t n = (size_t)(words.at[0] - '1');
    if (n < page.recent_count) *href = page.recent[n].href;
    return OK;
}

/* A code leads to its dossier; other words look for a procedure. */
static enum outcome go_to_words(struct request *rq, struct str words, struct fail *why)
{
    struct counter_page page = {.q = words};
    struct str digit = STR("");
    {
        struct dossier_brief d;
        struct fail missing;
        AUTO_READ struct tx *tx = NULL;
        fail_init(&missing, rq->arena);
        TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
        if (dossier_brief_find(tx, text_upper(rq->arena, words), &d, &missing) == OK) return go_to_dossier(rq, &d, why);
        TRY(find_digit(rq, tx, words, &digit, why));
    }
    if (digit.len > 0) {
        reply_redirect(rq, digit);
        return OK;
    }
    return show(rq, 200, &page, why);
}

static enum outcome call_one(struct request *rq, int64_t ticket, struct fail *why)
{
    struct desk_call in = {
        .agency = rq->visitor.agency, .account = rq->visitor.account, .act = DESK_CALL, .ticket = ticket};
    struct seat seat;
    bool is_done;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
        TRY(seat_of(tx, in.account, in.agency, &seat, why));
    }
    if (seat.desk == 0) return fail(why, ERR_INVALID, N_("Say at which desk you sit, then call."));
    in.desk = seat.desk;
    TRY(store_run(app_desk(rq->app)->store, desk_call, &in, &is_done, why));
    reply_redirect(rq, STR("/tiep-nhan"));
    return OK;
}

static enum outcome go_to_ticket(struct request *rq, const struct scanned *s, struct fail *why)
{
    struct ticket t;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
        TRY(ticket_find(tx, rq->visitor.agency, day_of(tx_now(tx)), str_of(&s->line, 1), s->n, &t, why));
    }
    return call_one(rq, t.id, why);
}

static enum outcome go_to_ticket_link(struct request *rq, struct str token, struct fail *why)
{
    int64_t id;
    if (!counter_token_read(app_desk(rq->app)->keys, rq->arena, TOKEN_TICKET, token, &id))
        return fail(why, ERR_INVALID, N_("There is no such number in today's queue."));
    return call_one(rq, id, why);
}

static enum outcome go_to_appointment(struct request *rq, struct str token, struct fail *why)
{
    int64_t id;
    if (!counter_token_read(app_desk(rq->app)->keys, rq->arena, TOKEN_APPOINTMENT, token, &id))
        return fail(why, ERR_INVALID, N_("This appointment is not of this office."));
    struct appointment_end in = {.actor = people_actor(rq), .id = id, .what = APPOINTMENT_CAME, .reason = STR("")};
    TRY(store_run(app_desk(rq->app)->store, appointment_end, &in, NULL, why));
    page_flash(rq, N_("The appointment is noted as kept. Its holder has a number now."));
    reply_redirect(rq, STR("/tiep-nhan/lich-hen"));
    return OK;
}

static enum outcome go(struct request *rq, const struct scanned *s, struct fail *why)
{
    switch (s->kind) {
    case SCAN_CARD:
    case SCAN_NUMBER:
        TRY(visit_begin(app_desk(rq->app), rq->arena, rq->visitor.account, &s->card, why));
        reply_redirect(rq, STR("/tiep-nhan"));
        return OK;
    case SCAN_RECEIPT: return go_to_receipt(rq, s->text, why);
    case SCAN_TICKET_LINK: return go_to_ticket_link(rq, s->text, why);
    case SCAN_APPOINTMENT: return go_to_appointment(rq, s->text, why);
    case SCAN_TICKET: return go_to_ticket(rq, s, why);
    case SCAN_WORDS: return go_to_words(rq, s->text, why);
    case SCAN_NOTHING: break;
    }
    reply_redirect(rq, STR("/tiep-nhan"));
    return OK;
}

static enum outcome post_scan(struct request *rq, struct fail *why)
{
    struct scanned s;
    struct fail problem;
    fail_init(&problem, rq->arena);
    enum outcome went = scan_read(rq->arena, request_form(rq, "scan"), &s, &problem);
    if (went == OK) went = go(rq, &s, &problem);
    if (went == OK) return OK;
    if (went == ERR_INVALID || went == ERR_MISSING || went == ERR_CONFLICT) return show_problem(rq, &problem, why);
    return fail_with(why, went, problem.sentence, problem.args);
}

static enum outcome post_person(struct request *rq, struct fail *why)
{
    bool is_again = str_eq(request_form(rq, "what"), STR("again"));
    TRY(visit_end(app_desk(rq->app), rq->visitor.account, is_again ? VISIT_AGAIN : VISIT_FORGET, why));
    reply_redirect(rq, STR("/tiep-nhan"));
    return OK;
}

/* ---- the desk ---- */

static const struct {
    struct str name;
    enum desk_act act;
} desk_acts[] = {
    {STR_INIT("next"),   DESK_NEXT  },
    {STR_INIT("again"),  DESK_AGAIN },
    {STR_INIT("missed"), DESK_MISSED},
    {STR_INIT("done"),   DESK_DONE  },
};

static enum outcome sit(struct request *rq, struct fail *why)
{
    struct seat_take in = {
        .account = rq->visitor.account, .agency = rq->visitor.agency, .line = str_trim(request_form(rq, "line"))};
    if (!parse_i64(request_form(rq, "desk"), &in.desk)) in.desk = 0;
    return store_run(app_desk(rq->app)->store, seat_take, &in, NULL, why);
}

static enum outcome do_desk(struct request *rq, struct str what, struct fail *why)
{
    struct desk_call in = {.agency = rq->visitor.agency, .account = rq->visitor.account, .act = DESK_TRANSFER};
    struct str to = str_trim(request_form(rq, "to"));
    struct seat seat;
    bool is_done = false, is_known = to.len > 0 && str_eq(what, STR("transfer"));
    for (size_t i = 0; i < LENGTH(desk_acts); i++) {
        if (!str_eq(what, desk_acts[i].name)) continue;
        in.act = desk_acts[i].act;
        is_known = true;
    }
    if (str_eq(what, STR("call")) && parse_i64(request_form(rq, "ticket"), &in.ticket))
        return call_one(rq, in.ticket, why);
    if (!is_known) return fail(why, ERR_INVALID, N_("“{0}” is not one of the choices."), what);
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
        TRY(seat_of(tx, in.account, in.agency, &seat, why));
    }
    if (seat.desk == 0) return fail(why, ERR_INVALID, N_("Say at which desk you sit, then call."));
    in.desk = seat.desk;
    in.line = seat.line;
    in.to = to;
    TRY(store_run(app_desk(rq->app)->store, desk_call, &in, &is_done, why));
    if (!is_done) page_flash(rq, N_("Nobody waits."));
    reply_redirect(rq, STR("/tiep-nhan"));
    return OK;
}

static enum outcome post_desk(struct request *rq, struct fail *why)
{
    struct fail problem;
    struct str what = request_form(rq, "act");
    fail_init(&problem, rq->arena);
    bool is_sitting = str_eq(what, STR("sit"));
    enum outcome done = is_sitting ? sit(rq, &problem) : do_desk(rq, what, &problem);
    if (done == OK && is_sitting) reply_redirect(rq, STR("/tiep-nhan"));
    if (done == OK) return OK;
    if (done == ERR_INVALID || done == ERR_MISSING || done == ERR_CONFLICT) return show_problem(rq, &problem, why);
    return fail_with(why, done, problem.sentence, problem.args);
}

/* clang-format off */
/* In order of use. */
const struct route counter_routes[] = {
    {GET,  "/tiep-nhan",       PERMIT_DOSSIER_COUNTER, get_counter, N_("Counter")},
    {POST, "/tiep-nhan",       PERMIT_DOSSIER_COUNTER, post_scan,   N_("Counter")},
    {POST, "/tiep-nhan/nguoi", PERMIT_DOSSIER_COUNTER, post_person, N_("The next person")},
    {POST, "/tiep-nhan/quay",  PERMIT_DOSSIER_COUNTER, post_desk,   N_("Call from the queue")},
};
/* clang-format on */
const size_t counter_route_count = LENGTH(counter_routes);

const struct page_template counter_templates[] = {
    {"counter/counter", counter_page_fields},
};
const size_t counter_template_count = LENGTH(counter_templates);
