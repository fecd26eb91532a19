#include "notice/parcel.h"

#include <inttypes.h>

#include "agency/agency.h"
#include "base/json.h"
#include "catalogue/catalogue.h"
#include "dossier/dossier_brief.h"
#include "dossier/dossier_token.h"
#include "notice/endpoint.h"
#include "notice/mail.h"
#include "notice/mail_wish.h"
#include "notice/notice.h"
#include "notice/wording.h"
#include "payment/payment.h"
#include "queries.h"

enum { EVENT_BYTES = 16 * 1024, DIGEST_LINES_MOST = 200 };

/* One letter in the making. */
struct packing {
    struct tx *tx;
    struct arena *a;
    const struct sender_options *o;
    const struct message *m;
    const struct notice_event *event;
    struct journal_entry *entry;  /* NULL: it tells no entry */
    yyjson_val *payload;          /* NULL: none */
    struct dossier_brief dossier; /* id 0: none */
    enum language language;
    struct str to;
    struct mail_facts facts;
};

static enum outcome nobody(enum message_reason reason, enum message_reason *out)
{
    *out = reason;
    return ERR_MISSING;
}

/* ---- what it is about ---- */

static enum outcome load_entry(struct tx *tx, const struct message *m, struct journal_entry **out, struct fail *why)
{
    struct journal_entry *entries;
    size_t count;
    *out = NULL;
    if (m->position == 0) return OK;
    TRY(journal_after(tx, m->position - 1, 1, &entries, &count, why));
    if (count > 0 && entries[0].position == m->position) *out = entries;
    return OK;
}

static enum outcome load_subject(struct packing *p, enum message_reason *out_reason, struct fail *why)
{
    TRY(load_entry(p->tx, p->m, &p->entry, why));
    struct fail ignored;
    fail_init(&ignored, p->a);
    if (p->entry != NULL && p->entry->payload.len > 0 &&
        json_read(p->a, p->entry->payload, &p->payload, &ignored) != OK)
        p->payload = NULL;
    if (p->m->dossier == 0) return OK;
    enum outcome found = dossier_brief_load(p->tx, p->m->dossier, &p->dossier, why);
    return found == ERR_MISSING ? nobody(REASON_NOTHING, out_reason) : found;
}

/* ---- whom it is to ---- */

static enum outcome address_to_account(struct packing *p, enum message_reason *out_reason, struct fail *why)
{
    struct mail_wish wish;
    enum outcome found = mail_wish_load(p->tx, p->m->account, &wish, why);
    if (found == ERR_MISSING) return nobody(REASON_NOTHING, out_reason);
    TRY(found);
    if (!mail_wish_takes(&wish, p->event->kind)) return nobody(REASON_UNWANTED, out_reason);
    p->to = wish.email;
    p->facts.name = wish.name;
    (void)language_parse(wish.language, &p->language); /* Vietnamese otherwise */
    if (p->event->kind != KIND_SERVICE) return OK;
    struct str token = mail_confirm_token(p->o->keys, p->a, wish.account, wish.asked_at);
    p->facts.link = str_format(p->a, "%.*s/thong-bao/xac-nhan/%.*s", STR_ARG(p->o->site), STR_ARG(token));
    return OK;
}

static enum outcome address_to_party(struct packing *p, enum message_reason *out_reason, struct fail *why)
{
    struct rows rows;
    struct party_brief party;
    TRY(store_all(p->tx, Q_MAIL_PARTY_LIST, VALUES(v_int(p->m->dossier)), &rows, why));
    bool wants = false;
    for (size_t i = 0; i < rows.count; i++)
        wants |= row_int(&rows.at[i], 0) == p->m->party && row_is_null(&rows.at[i], 1);
    if (!wants) return nobody(REASON_UNWANTED, out_reason);
    enum outcome found = party_brief_load(p->tx, p->m->dossier, p->m->party, &party, why);
    if (found == ERR_MISSING || (found == OK && party.email.len == 0)) return nobody(REASON_NOTHING, out_reason);
    TRY(found);
    p->to = party.email;
    p->facts.name = party.name;
    return OK;
}

/* ---- what it says ---- */

static struct str due_text(const struct packing *p)
{
    instant_t at;
    struct fail ignored;
    fail_init(&ignored, p->a);
    struct str due = json_str(p->payload, "due_at");
    return due.len > 0 && instant_parse(due, &at, &ignored) == OK ? instant_for_people(p->a, at) : STR_NONE;
}

static struct str day_text(const struct packing *p, const char *key)
{
    day_t day;
    struct fail ignored;
    fail_init(&ignored, p->a);
    struct str text = json_str(p->payload, key);
    return text.len > 0 && day_parse(text, &day, &ignored) == OK ? day_for_people(p->a, day) : STR_NONE;
}

static struct str amount_text(const struct packing *p)
{
    int64_t amount = json_int(p->payload, "amount", -1);
    if (amount < 0) return STR_NONE;
    return money_for_people(p->a, amount, currency_of(json_str(p->payload, "currency")));
}

/* When it is over, its letter asks how it went; a result that is ready is not yet in their hands. */
static struct str rate_link(const struct packing *p)
{
    static const char *const last[] = {"return", "refuse", "stop"};
    struct str token = dossier_rating_token(p->o->keys, p->a, p->dossier.id);
    for (size_t i = 0; i < LENGTH(last); i++)
        if (str_eq(p->m->event, str_from(last[i])))
            return str_format(p->a, "%.*s/danh-gia/%.*s", STR_ARG(p->o->site), STR_ARG(token));
    return STR_NONE;
}

static enum outcome say_dossier(struct packing *p, struct fail *why)
{
    struct agency agency;
    struct procedure_ref procedure;
    struct fail unknown;
    fail_init(&unknown, p->a);
    TRY(agency_load(p->tx, p->dossier.agency, &agency, why));
    p->facts.code = p->dossier.code;
    p->facts.agency = agency.name;
    p->facts.phone = agency.phone;
    if (catalogue_find(p->tx, p->dossier.procedure_code, &procedure, &unknown) == OK)
        p->facts.procedure = procedure.name;
    p->facts.reason = json_str(p->payload, "reason");
    p->facts.until = day_text(p, "until");
    p->facts.due = due_text(p);
    p->facts.amount = amount_text(p);
    p->facts.rate_link = rate_link(p);
    /* Who has no account looks it up by its code. */
    p->facts.link = p->m->account != 0
                        ? str_format(p->a, "%.*s/ho-so/%.*s", STR_ARG(p->o->site), STR_ARG(p->dossier.code))
                        : str_format(p->a, "%.*s/tra-cuu?ma=%.*s", STR_ARG(p->o->site), STR_ARG(p->dossier.code));
    return OK;
}

static enum outcome say_appointment(struct packing *p, enum message_reason *out_reason, struct fail *why)
{
    int64_t id = 0;
    instant_t at;
    struct agency agency;
    struct procedure_ref procedure;
    struct fail unknown;
    fail_init(&unknown, p->a);
    if (!id_parse(json_str(p->payload, "agency"), &id) ||
        instant_parse(json_str(p->payload, "at"), &at, &unknown) != OK)
        return nobody(REASON_NOTHING, out_reason);
    TRY(agency_load(p->tx, id, &agency, why));
    p->facts.agency = agency.name;
    p->facts.phone = agency.phone;
    p->facts.due = instant_for_people(p->a, at);
    p->facts.reason = json_str(p->payload, "reason");
    p->facts.link = str_format(p->a, "%.*s/lich-hen", STR_ARG(p->o->site));
    struct str code = json_str(p->payload, "procedure");
    if (code.len > 0 && catalogue_find(p->tx, code, &procedure, &unknown) == OK) p->facts.procedure = procedure.name;
    return OK;
}

/* The reminders inside the program since the digest began to wait. */
static enum outcome say_digest(struct packing *p, enum message_reason *out_reason, struct fail *why)
{
    struct notice *notices;
    size_t count;
    TRY(notices_of_account(p->tx, p->m->account, INT64_MAX, DIGEST_LINES_MOST, &notices, &count, why));
    p->facts.lines = ARENA_ARRAY(p->a, struct mail_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        const struct notice *n = &notices[i];
        if (n->event->kind != KIND_REMINDER || n->seen_at != INSTANT_NONE || n->at < p->m->made_at - US_PER_MINUTE)
            continue;
        p->facts.lines[p->facts.lines_count++] =
            (struct mail_line){n->code, translate(p->language, event_title(n->event))};
    }
    p->facts.count = (int64_t)p->facts.lines_count;
    p->facts.link = str_format(p->a, "%.*s/viec", STR_ARG(p->o->site));
    return p->facts.lines_count > 0 ? OK : nobody(REASON_NOTHING, out_reason);
}

static enum outcome say(struct packing *p, enum message_reason *out_reason, struct fail *why)
{
    if (p->event->kind != KIND_SERVICE) {
        struct mail_owner owner = {p->m->account, p->m->account != 0 ? 0 : p->m->dossier, p->m->party};
        struct str token = mail_stop_token(p->o->keys, p->a, owner);
        p->facts.stop_link = str_format(p->a, "%.*s/thong-bao/ngung/%.*s", STR_ARG(p->o->site), STR_ARG(token));
    }
    if (str_eq(p->m->event, STR("digest"))) return say_digest(p, out_reason, why);
    if (p->event->kind == KIND_APPOINTMENT) return say_appointment(p, out_reason, why);
    if (p->dossier.id == 0) return OK;
    if (!p->dossier.is_discreet) return say_dossier(p, why);
    p->event = &discreet_event;
    p->facts.link = str_format(p->a, "%.*s/thong-bao", STR_ARG(p->o->site));
    return OK;
}

static struct str domain_of(struct str address)
{
    struct str name, domain;
    return str_cut(address, '@', &name, &domain) ? domain : STR("localhost");
}

static enum outcome write_mail(struct packing *p, struct transfer *out, struct fail *why)
{
    const struct sender_options *o = p->o;
    struct wording words;
    struct str subject, text, id = message_public_id(p->a, tx_origin(p->tx), p->m->id),
                              domain = domain_of(o->mail_from);
    int64_t agency = p->dossier.is_discreet ? 0 : p->dossier.agency;
    TRY(wording_find(p->tx, agency, p->event, p->language, &words, why));
    p->facts.office = o->office;
    wording_fill(p->a, p->event, &words, p->language, &p->facts, &subject, &text);
    struct mail mail = {.from_name = o->office,
                        .from = o->mail_from,
                        .to = p->to,
                        .message_id = str_format(p->a, "%.*s@%.*s", STR_ARG(id), STR_ARG(domain)),
                        .list_id = str_format(p->a, "thong-bao.%.*s", STR_ARG(domain)),
                        .subject = subject,
                        .text = text,
                        .language = str_from(language_code(p->language)),
                        .unsubscribe = p->facts.stop_link,
                        .date = p->m->made_at};
    *out = (struct transfer){.url = o->mail_url,
                             .body = mail_write(p->a, &mail),
                             .from = o->mail_from,
                             .to = p->to,
                             .user = o->mail_user,
                             .password = o->mail_password,
                             .ca_file = o->mail_ca,
                             .needs_tls = o->mail_needs_tls};
    return OK;
}

static enum outcome make_letter(struct tx *tx, const struct sender_options *o, const struct message *m,
                                struct transfer *out, enum message_reason *out_reason, struct fail *why)
{
    struct packing p = {.tx = tx, .a = tx_arena(tx), .o = o, .m = m, .event = event_find(m->event)};
    if (p.event == NULL) return nobody(REASON_NOTHING, out_reason);
    TRY(load_subject(&p, out_reason, why));
    TRY(m->account != 0 ? address_to_account(&p, out_reason, why) : address_to_party(&p, out_reason, why));
    TRY(say(&p, out_reason, why));
    return write_mail(&p, out, why);
}

/* ---- webhooks ---- */

static enum outcome make_call(struct tx *tx, const struct sender_options *o, const struct message *m,
                              struct transfer *out, enum message_reason *out_reason, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct endpoint endpoint;
    struct journal_entry *entry;
    struct str signature;
    AUTO_BUF struct buf body;
    buf_init(&body, EVENT_BYTES);
    enum outcome found = endpoint_load(tx, m->lane, &endpoint, why);
    if (found == ERR_MISSING) return nobody(REASON_NOTHING, out_reason);
    TRY(found);
    TRY(load_entry(tx, m, &entry, why));
    if (entry == NULL) return nobody(REASON_NOTHING, out_reason);
    struct json_writer w;
    jw_init(&w, &body);
    event_write(&w, tx, entry);
    struct str public = message_public_id(a, tx_origin(tx), m->id), id = str_format(a, "msg_%.*s", STR_ARG(public));
    instant_t now = clock_now();
    TRY(endpoint_sign(o->keys, a, &endpoint, now, webhook_content(a, id, now, buf_str(&body)), &signature, why));
    struct pair *headers = ARENA_ARRAY(a, struct pair, 4);
    headers[0] = (struct pair){STR("Content-Type"), STR("application/json")};
    headers[1] = (struct pair){STR("webhook-id"), id};
    headers[2] = (struct pair){STR("webhook-timestamp"), str_format(a, "%" PRId64, now / US_PER_S)};
    headers[3] = (struct pair){STR("webhook-signature"), signature};
    *out = (struct transfer){
        .url = endpoint.url, .body = str_dup(a, buf_str(&body)), .headers = headers, .header_count = 4};
    return OK;
}

enum outcome parcel_make(struct tx *tx, const struct sender_options *o, const struct message *m, struct transfer *out,
                         enum message_reason *out_reason, struct fail *why)
{
    return m->lane == LANE_MAIL ? make_letter(tx, o, m, out, out_reason, why)
                                : make_call(tx, o, m, out, out_reason, why);
}
