#include "slip/slip.h"

#include "base/list.h"

/* In the order of enum slip_kind. */
/* clang-format off */
const struct slip_row slip_rows[SLIP_KIND_COUNT] = {
    {"receipt",    "receive",            N_("Receipt with the day of the result"), "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
     "slip/receipt",    true},
    {"supplement", "request-supplement", N_("Request for papers"),                 "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
     "slip/supplement", true},
    {"refusal",    "refuse",             N_("Refusal to receive"),                 "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
     "slip/refusal",    true},
    {"apology",    "extend",             N_("Apology with a new day of the result"), "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
     "slip/apology",    true},
    {"stop",       "stop",               N_("Notice that the work stops"),         "Thông báo dừng giải quyết hồ sơ",
     "slip/stop",       true},
    {"hand-over",  "hand-over",          N_("Hand-over of the papers"),            "Phiếu bàn giao hồ sơ",
     "slip/hand_over",  false},
    {"payment",    "record-payment",     N_("Confirmation of money paid"),         "Giấy xác nhận đã nộp tiền",
     "slip/payment",    true},
    {"control",    NULL,                 N_("Control slip"),                       "Phiếu kiểm soát quá trình giải quyết hồ sơ",
     "slip/control",    false},
};
/* clang-format on */

/* ---- what happened ---- */

static enum outcome read_event(struct arena *a, const struct journal_entry *e, struct slip_event *out, struct fail *why)
{
    yyjson_val *payload;
    TRY(json_read(a, e->payload.len > 0 ? e->payload : STR("{}"), &payload, why));
    *out = (struct slip_event){
        .act = e->act,
        .at = e->at,
        .actor = e->actor,
        .reason = json_str(payload, "reason"),
        .note = json_str(payload, "note"),
        .step = json_str(payload, "step"),
        .step_before = json_str(payload, "step_before"),
        .return_manner = json_str(payload, "return_manner"),
        .receipt_number = json_str(payload, "receipt_number"),
        .due_at = INSTANT_NONE,
        .status = (enum status)json_int(payload, "status", STATUS_NONE),
    };
    struct str due = json_str(payload, "due_at"), until = json_str(payload, "until");
    if (due.len > 0) TRY(instant_parse(due, &out->due_at, why));
    if (until.len > 0) TRY(day_parse(until, &out->until, why));
    return OK;
}

/* Who writes about a dossier moves it nowhere. */
static bool is_talk(const struct journal_entry *e)
{
    return str_eq(e->act, STR("message")) || str_eq(e->act, STR("note"));
}

/* Takes back the act that an undo names; what the office was told since (reminders, silence) stays behind it. */
static enum outcome take_back(struct arena *a, const struct journal_entry *undo, struct slip_life *out,
                              struct fail *why)
{
    yyjson_val *payload;
    TRY(json_read(a, undo->payload.len > 0 ? undo->payload : STR("{}"), &payload, why));
    struct str undone = json_str(payload, "undone");
    size_t at = out->event_count;
    while (at > 1 && !str_eq(out->events[at - 1].act, undone)) at--;
    if (at <= 1) return OK; /* what was submitted stays submitted */
    for (size_t i = at; i < out->event_count; i++) out->events[i - 1] = out->events[i];
    out->event_count--;
    return OK;
}

static enum outcome load_events(struct tx *tx, const struct dossier_view *v, struct slip_life *out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct journal_entry *entries;
    size_t count;
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, v->dossier.id, &entries, &count, why));
    out->events = ARENA_ARRAY(a, struct slip_event, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (is_talk(&entries[i])) continue;
        if (str_eq(entries[i].act, STR("undo")))
            TRY(take_back(a, &entries[i], out, why));
        else
            TRY(read_event(a, &entries[i], &out->events[out->event_count++], why));
    }
    return OK;
}

/* ---- which slips follow ---- */

static struct slip make_slip(struct arena *a, enum slip_kind kind, int number, instant_t at)
{
    const struct slip_row *row = &slip_rows[kind];
    /* The forms of the day on which the slip was given. */
    const struct rule_form *form = rule_set_form(rule_set_at(day_of(at)), row->id);
    return (struct slip){
        .kind = kind,
        .id = number > 1 ? str_format(a, "%s-%d", row->id, number) : str_from(row->id),
        .title = form != NULL ? form->title : str_from(row->name_vi),
        .form = form != NULL ? form->number : STR_NONE,
        .at = at,
    };
}

static enum slip_kind kind_of_act(struct str act)
{
    for (enum slip_kind kind = 0; kind < SLIP_KIND_COUNT; kind++)
        if (slip_rows[kind].act != NULL && str_eq(act, str_from(slip_rows[kind].act))) return kind;
    return SLIP_KIND_COUNT;
}

static void add_slips(struct arena *a, const struct dossier_view *v, struct slip_life *life)
{
    int numbers[SLIP_KIND_COUNT] = {0};
    bool is_received = false;
    LIST(struct slip) slips = {0};
    for (size_t i = 0; i < life->event_count; i++) {
        enum slip_kind kind = kind_of_act(life->events[i].act);
        if (kind == SLIP_KIND_COUNT) continue;
        is_received |= kind == SLIP_RECEIPT;
        if (v->is_applicant && !slip_rows[kind].is_for_applicant) continue;
        LIST_PUSH(a, slips) = make_slip(a, kind, ++numbers[kind], life->events[i].at);
        slips.at[slips.count - 1].event = i;
    }
    if (is_received && !v->is_applicant) {
        const struct slip_event *last = &life->events[life->event_count - 1];
        LIST_PUSH(a, slips) = make_slip(a, SLIP_CONTROL, 1, last->at);
        slips.at[slips.count - 1].event = life->event_count - 1;
    }
    life->slips = slips.at;
    life->slip_count = slips.count;
}

enum outcome slip_life_load(struct tx *tx, const struct dossier_view *view, struct slip_life *out, struct fail *why)
{
    *out = (struct slip_life){0};
    if (view->is_stranger || view->sight != SIGHT_WHOLE) return OK;
    TRY(load_events(tx, view, out, why));
    add_slips(tx_arena(tx), view, out);
    return OK;
}

const struct slip *slip_find(const struct slip_life *life, struct str id)
{
    for (size_t i = 0; i < life->slip_count; i++)
        if (str_eq(id, life->slips[i].id)) return &life->slips[i];
    return NULL;
}

enum outcome slip_links(struct tx *tx, const struct dossier_view *view, struct slip_link **out, size_t *out_count,
                        struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct slip_life life;
    TRY(slip_life_load(tx, view, &life, why));
    *out = ARENA_ARRAY(a, struct slip_link, life.slip_count + 1);
    *out_count = life.slip_count;
    for (size_t i = 0; i < life.slip_count; i++) {
        const struct slip *slip = &life.slips[i];
        struct str href = str_format(a, "/ho-so/%.*s/phieu/%.*s", STR_ARG(view->dossier.code), STR_ARG(slip->id));
        struct str pdf = str_format(a, "%.*s.pdf", STR_ARG(href));
        (*out)[i] = (struct slip_link){slip->title, instant_for_people(a, slip->at), href, pdf};
    }
    return OK;
}
