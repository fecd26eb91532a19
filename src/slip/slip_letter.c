#include "slip/slip_letter.h"

#include "agency/role.h"
#include "base/list.h"
#include "catalogue/procedure_text.h"
#include "dossier/dossier_token.h"
#include "people/people.h"

/* clang-format off */
static const struct field component_fields[] = {
    FIELD_STR(struct slip_component, label),
    FIELD_STR(struct slip_component, originals),
    FIELD_STR(struct slip_component, copies),
    FIELD_STR(struct slip_component, files),
    FIELD_END,
};
static const struct field hand_fields[] = {
    FIELD_STR(struct slip_hand, unit),
    FIELD_STR(struct slip_hand, giver),
    FIELD_STR(struct slip_hand, receiver),
    FIELD_STR(struct slip_hand, in),
    FIELD_STR(struct slip_hand, out),
    FIELD_STR(struct slip_hand, verdict),
    FIELD_STR(struct slip_hand, note),
    FIELD_END,
};
const struct field slip_paper_fields[] = {
    FIELD_STR(struct slip_paper, parent),
    FIELD_STR(struct slip_paper, agency),
    FIELD_STR(struct slip_paper, unit),
    FIELD_STR(struct slip_paper, place),
    FIELD_STR(struct slip_paper, day),
    FIELD_STR(struct slip_paper, month),
    FIELD_STR(struct slip_paper, year),
    FIELD_STR(struct slip_paper, title),
    FIELD_STR(struct slip_paper, form),
    FIELD_STR(struct slip_paper, form_basis),
    FIELD_STR(struct slip_paper, code),
    FIELD_STR(struct slip_paper, link),
    FIELD_STR(struct slip_paper, owner),
    FIELD_STR(struct slip_paper, submitter),
    FIELD_STR(struct slip_paper, address),
    FIELD_STR(struct slip_paper, phone),
    FIELD_STR(struct slip_paper, email),
    FIELD_STR(struct slip_paper, procedure),
    FIELD_STR(struct slip_paper, procedure_code),
    FIELD_STR(struct slip_paper, case_label),
    FIELD_STR(struct slip_paper, channel),
    FIELD_LIST(struct slip_paper, components, struct slip_component, component_fields),
    FIELD_STR(struct slip_paper, term),
    FIELD_STR(struct slip_paper, submitted_at),
    FIELD_STR(struct slip_paper, received_at),
    FIELD_STR(struct slip_paper, due_at),
    FIELD_STR(struct slip_paper, first_due_at),
    FIELD_STR(struct slip_paper, until),
    FIELD_STR(struct slip_paper, return_place),
    FIELD_STR(struct slip_paper, reason),
    FIELD_STR(struct slip_paper, note),
    FIELD_STR(struct slip_paper, officer),
    FIELD_STR(struct slip_paper, officer_role),
    FIELD_STR(struct slip_paper, agency_phone),
    FIELD_LIST(struct slip_paper, hands, struct slip_hand, hand_fields),
    FIELD_STR(struct slip_paper, finished_at),
    FIELD_STR(struct slip_paper, verdict),
    FIELD_STR(struct slip_paper, receipt_number),
    FIELD_STR(struct slip_paper, amount),
    FIELD_STR(struct slip_paper, amount_in_words),
    FIELD_STR(struct slip_paper, fee),
    FIELD_STR(struct slip_paper, payer),
    FIELD_STR(struct slip_paper, manner),
    FIELD_BOOL(struct slip_paper, is_online),
    FIELD_BOOL(struct slip_paper, is_provisional),
    FIELD_END,
};
/* clang-format on */

/* A slip in the making. */
struct writing {
    struct arena *a;
    struct tx *tx;
    const struct dossier_view *view;
    const struct slip_life *life;
    const struct slip *slip;
    const struct slip_event *event;
    struct slip_paper *out;
};

/* "09 giờ 05 phút, ngày 22/11/2026", as the forms of the circulars write moments. */
static struct str moment(struct arena *a, instant_t at)
{
    if (at == INSTANT_NONE) return STR_NONE;
    int minutes = (int)(us_of_day(at) / US_PER_MINUTE);
    if (us_of_day(at) == 0) return str_format(a, "hết ngày %.*s", STR_ARG(day_for_people(a, day_of(at) - 1)));
    struct str day = day_for_people(a, day_of(at));
    return str_format(a, "%02d giờ %02d phút, ngày %.*s", minutes / 60, minutes % 60, STR_ARG(day));
}

/* ---- who ---- */

static const struct party *party_of(const struct dossier_view *v, struct str role)
{
    for (size_t i = 0; i < v->party_count; i++)
        if (str_eq(v->parties[i].role, role)) return &v->parties[i];
    return NULL;
}

/* The control slip and the hand-over stay in the office, where nobody needs them to call: the law asks for the name
 * only (Law 91/2025/QH15, art. 3: no more than the purpose needs). */
static void fill_people(struct writing *w)
{
    const struct party *owner = party_of(w->view, STR("owner")), *submitter = party_of(w->view, STR("submitter"));
    w->out->owner = w->view->dossier.owner_name;
    if (submitter != NULL && !str_eq(submitter->name, w->out->owner)) w->out->submitter = submitter->name;
    if (owner == NULL || !slip_rows[w->slip->kind].is_for_applicant) return;
    w->out->address = owner->address;
    w->out->phone = owner->phone;
    w->out->email = owner->email;
}

static enum outcome account_name(struct writing *w, int64_t account, struct str *out, struct fail *why)
{
    struct account found;
    *out = STR_NONE;
    if (account == 0) return OK;
    TRY(account_load(w->tx, account, &found, why));
    *out = found.name;
    return OK;
}

static struct str role_title(struct str role)
{
    const struct role *r = role_find(role);
    return r != NULL ? translate(VIETNAMESE, r->title) : role;
}

/* In whose name the act was done; a dossier may have been handed to another agency since. */
static enum outcome fill_agency(struct writing *w, struct fail *why)
{
    struct agency agency = w->view->agency;
    if (w->event->actor.agency != 0 && w->event->actor.agency != agency.id)
        TRY(agency_load(w->tx, w->event->actor.agency, &agency, why));
    struct civil c = day_to_civil(day_of(w->event->at));
    w->out->parent = agency.parent_name;
    w->out->agency = agency.name;
    w->out->unit = STR("Bộ phận Tiếp nhận và Trả kết quả");
    w->out->place = agency.territory_name;
    w->out->agency_phone = agency.phone.len > 0 ? agency.phone : agency.hotline;
    /* Decree 30/2020, appendix I: days below 10 and the months 1 and 2 take a zero, so that nobody adds a digit. */
    w->out->day = str_format(w->a, "%02d", c.day);
    w->out->month = str_format(w->a, c.month < 3 ? "%02d" : "%d", c.month);
    w->out->year = str_format(w->a, "%d", c.year);
    TRY(account_name(w, w->event->actor.account, &w->out->officer, why));
    w->out->officer_role = role_title(w->event->actor.role);
    return OK;
}

/* ---- what ---- */

static struct str count_text(struct arena *a, int count)
{
    return count == COUNT_UNKNOWN ? STR_NONE : str_format(a, "%d", count);
}

static size_t files_of(const struct writing *w, struct str component)
{
    size_t count = 0;
    for (size_t i = 0; i < w->view->file_count; i++) {
        const struct dossier_file *f = &w->view->files[i];
        bool is_there = f->added_at <= w->event->at && !str_eq(f->kind, STR("result"));
        count += is_there && str_eq(f->component, component);
    }
    return count;
}

/* What lies there: the files that came, and at the counter and by post the papers that the record asks of everybody. */
static void fill_components(struct writing *w)
{
    const struct procedure *p = w->view->procedure;
    bool is_paper = !str_eq(w->view->dossier.channel, STR("online"));
    LIST(struct slip_component) rows = {0};
    for (size_t i = 0; i < p->component_count; i++) {
        const struct component *c = &p->components[i];
        size_t files = files_of(w, c->id);
        bool is_brought = is_paper && c->required == REQUIRED_ALWAYS;
        if (c->is_heading || (files == 0 && !is_brought)) continue;
        LIST_PUSH(w->a, rows) = (struct slip_component){
            .label = c->label,
            .originals = is_paper ? count_text(w->a, c->originals) : STR_NONE,
            .copies = is_paper ? count_text(w->a, c->copies) : STR_NONE,
            .files = files > 0 ? str_format(w->a, "%zu", files) : STR_NONE,
        };
    }
    size_t others = files_of(w, STR(""));
    if (others > 0)
        LIST_PUSH(w->a, rows) =
            (struct slip_component){.label = STR("Giấy tờ khác kèm theo"), .files = str_format(w->a, "%zu", others)};
    w->out->components = rows.at;
    w->out->components_count = rows.count;
}

static struct str channel_text(struct str channel)
{
    if (str_eq(channel, STR("online"))) return STR("trực tuyến");
    return str_eq(channel, STR("postal")) ? STR("qua dịch vụ bưu chính") : STR("trực tiếp");
}

static struct str return_place(const struct writing *w)
{
    const struct str manner = w->life->events[0].return_manner, address = w->view->delivery.address;
    bool is_online = str_eq(w->view->dossier.channel, STR("online"));
    if (str_eq(manner, STR("post")))
        return str_format(w->a, "gửi qua dịch vụ bưu chính%s%.*s", address.len > 0 ? " đến " : "", STR_ARG(address));
    if (str_eq(manner, STR("electronic")) || (manner.len == 0 && is_online))
        return STR("bản điện tử, tại địa chỉ tra cứu hồ sơ (mã QR)");
    return w->out->unit;
}

/* ---- when ---- */

static instant_t last_due_before(const struct writing *w, size_t event)
{
    for (size_t i = event; i > 0; i--)
        if (w->life->events[i - 1].due_at != INSTANT_NONE) return w->life->events[i - 1].due_at;
    return INSTANT_NONE;
}

static void fill_times(struct writing *w)
{
    const struct dossier *d = &w->view->dossier;
    const struct procedure_case *its_case = dossier_view_case(w->view);
    instant_t received = INSTANT_NONE;
    for (size_t i = 0; i <= w->slip->event; i++)
        if (str_eq(w->life->events[i].act, STR("receive"))) received = w->life->events[i].at;
    w->out->term = d->term.unit != TERM_NONE ? term_for_people(w->a, VIETNAMESE, d->term)
                   : its_case != NULL        ? case_term_for_people(w->a, VIETNAMESE, its_case)
                                             : STR_NONE;
    w->out->submitted_at = moment(w->a, d->submitted_at);
    w->out->received_at = moment(w->a, received);
    w->out->due_at = moment(w->a, w->event->due_at);
    w->out->first_due_at = moment(w->a, last_due_before(w, w->slip->event));
    w->out->until = w->event->until != 0 ? day_for_people(w->a, w->event->until) : STR_NONE;
    w->out->is_provisional = d->is_provisional;
}

/* ---- the control slip: one row for each hand that held the dossier ---- */

/* Decree 61/2018/NĐ-CP, art. 18 and the circulars' form: before, at or after the time. */
static struct str verdict(instant_t out, instant_t due)
{
    if (due == INSTANT_NONE || out == INSTANT_NONE) return STR_NONE;
    if (out > due) return STR("Quá hạn");
    return day_of(out) < day_of(due) ? STR("Trước hạn") : STR("Đúng hạn");
}

static bool is_hand(const struct slip_event *e)
{
    return !str_eq(e->step, e->step_before) || str_eq(e->act, STR("assign"));
}

static const struct step *step_named(const struct writing *w, struct str name)
{
    int at = process_step(w->view->table, name);
    return at == STEP_END ? NULL : &w->view->table->steps[at];
}

/* The next event that gives the dossier on; the count when there is none. */
static size_t next_hand(const struct writing *w, size_t from)
{
    for (size_t i = from + 1; i < w->life->event_count; i++)
        if (is_hand(&w->life->events[i])) return i;
    return w->life->event_count;
}

static enum outcome fill_hand(struct writing *w, size_t from, struct slip_hand *out, struct fail *why)
{
    const struct slip_event *e = &w->life->events[from];
    size_t to = next_hand(w, from);
    const struct slip_event *next = to < w->life->event_count ? &w->life->events[to] : NULL;
    const struct step *step = step_named(w, e->step);
    bool is_waiting = step != NULL && str_eq(step->role, STR("applicant"));
    TRY(account_name(w, e->actor.account, &out->giver, why));
    if (next != NULL) TRY(account_name(w, next->actor.account, &out->receiver, why));
    if (next == NULL) out->receiver = w->view->holder_name;
    if (step != NULL) out->unit = step->title_vi;
    out->in = instant_for_people(w->a, e->at);
    out->out = next != NULL ? instant_for_people(w->a, next->at) : STR_NONE;
    out->verdict = next != NULL && !is_waiting ? verdict(next->at, e->due_at) : STR_NONE;
    out->note = is_waiting ? STR("Chờ người nộp") : STR_NONE;
    return OK;
}

static enum outcome fill_hands(struct writing *w, struct fail *why)
{
    w->out->hands = ARENA_ARRAY(w->a, struct slip_hand, w->life->event_count + 1);
    for (size_t i = 1; i < w->life->event_count; i++) {
        if (!is_hand(&w->life->events[i]) || w->life->events[i].step.len == 0) continue;
        if (step_named(w, w->life->events[i].step) == NULL) continue;
        TRY(fill_hand(w, i, &w->out->hands[w->out->hands_count++], why));
    }
    w->out->finished_at = moment(w->a, w->view->dossier.finished_at);
    w->out->verdict = verdict(w->view->dossier.finished_at, w->view->dossier.due_at);
    return OK;
}

/* ---- money ---- */

static const struct payment *payment_of(const struct writing *w)
{
    const struct payments *p = &w->view->aside.payments;
    for (size_t i = 0; i < p->count; i++)
        if (str_eq(p->list[i].receipt_number, w->event->receipt_number)) return &p->list[i];
    return NULL;
}

/* What was paid never changes; an act that was undone has no slip. */
static void fill_payment(struct writing *w)
{
    const struct payment *p = payment_of(w);
    if (p == NULL) return;
    const char *kind = p->kind == FEE_KIND_UNSAID ? NULL : fee_kind_words[p->kind].label;
    w->out->receipt_number = p->receipt_number;
    w->out->amount = money_for_people(w->a, p->amount, p->currency);
    w->out->amount_in_words = money_in_words(w->a, p->amount, p->currency);
    if (kind != NULL) w->out->fee = translate(VIETNAMESE, kind);
    w->out->payer = p->payer;
    w->out->manner = str_eq(p->manner, STR("cash")) ? STR("tiền mặt") : STR("chuyển khoản");
}

/* ---- all of it ---- */

enum outcome slip_paper_fill(struct tx *tx, const struct slip_source *source, struct slip_paper *out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    const struct dossier_view *view = source->view;
    const struct slip *slip = source->slip;
    const struct slip_event *event = &source->life->events[slip->event];
    struct writing w = {a, tx, view, source->life, slip, event, out};
    const struct rule_set *rules = rule_set_at(day_of(slip->at));
    const struct procedure_case *its_case = view->dossier.case_id.len > 0 ? dossier_view_case(view) : NULL;
    struct str path = dossier_token_path(source->desk->keys, a, view->dossier.id);
    *out = (struct slip_paper){
        .title = slip->title,
        .form = slip->form,
        .form_basis = slip->form.len > 0 ? rules->forms_basis : STR_NONE,
        .code = view->dossier.code,
        .link = str_format(a, "%.*s%.*s", STR_ARG(source->origin), STR_ARG(path)),
        .procedure = view->procedure->name,
        .procedure_code = view->procedure->code,
        .case_label = its_case != NULL ? case_label_for_people(its_case) : STR_NONE,
        .channel = channel_text(view->dossier.channel),
        .is_online = str_eq(view->dossier.channel, STR("online")),
        .reason = event->reason,
        .note = event->note,
    };
    TRY(fill_agency(&w, why));
    fill_people(&w);
    fill_components(&w);
    fill_times(&w);
    out->return_place = return_place(&w);
    if (slip->kind == SLIP_PAYMENT) fill_payment(&w);
    return slip->kind == SLIP_CONTROL ? fill_hands(&w, why) : OK;
}

const struct page_template slip_letters[] = {
    {"slip/receipt",    slip_paper_fields},
    {"slip/supplement", slip_paper_fields},
    {"slip/refusal",    slip_paper_fields},
    {"slip/apology",    slip_paper_fields},
    {"slip/stop",       slip_paper_fields},
    {"slip/hand_over",  slip_paper_fields},
    {"slip/payment",    slip_paper_fields},
    {"slip/control",    slip_paper_fields},
};
const size_t slip_letter_count = LENGTH(slip_letters);
