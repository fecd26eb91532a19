#include "dossier/aside_page.h"

/* clang-format off */
static const struct field fee_row_fields[] = {
    FIELD_STR(struct fee_row, label),
    FIELD_STR(struct fee_row, condition),
    FIELD_STR(struct fee_row, due),
    FIELD_STR(struct fee_row, paid),
    FIELD_STRUCT(struct fee_row, tag, tag_fields),
    FIELD_END,
};
static const struct field receipt_row_fields[] = {
    FIELD_STR(struct receipt_row, number),
    FIELD_STR(struct receipt_row, amount),
    FIELD_STR(struct receipt_row, manner),
    FIELD_STR(struct receipt_row, time),
    FIELD_BOOL(struct receipt_row, is_cancelled),
    FIELD_STR(struct receipt_row, why),
    FIELD_END,
};
const struct field money_block_fields[] = {
    FIELD_LIST(struct money_block, fees, struct fee_row, fee_row_fields),
    FIELD_LIST(struct money_block, receipts, struct receipt_row, receipt_row_fields),
    FIELD_BOOL(struct money_block, is_there),
    FIELD_END,
};
static const struct field ruling_line_fields[] = {FIELD_STR(struct ruling_line, text), FIELD_END};
const struct field ruling_block_fields[] = {
    FIELD_BOOL(struct ruling_block, is_there),
    FIELD_BOOL(struct ruling_block, is_stopped),
    FIELD_BOOL(struct ruling_block, is_not_eligible),
    FIELD_STR(struct ruling_block, version),
    FIELD_LIST(struct ruling_block, rows, struct summary_row, summary_row_fields),
    FIELD_LIST(struct ruling_block, incidents, struct ruling_line, ruling_line_fields),
    FIELD_END,
};
const struct field unit_row_fields[] = {
    FIELD_STR(struct unit_row, who),
    FIELD_STR(struct unit_row, question),
    FIELD_STR(struct unit_row, opinion),
    FIELD_STR(struct unit_row, times),
    FIELD_STRUCT(struct unit_row, tag, tag_fields),
    FIELD_LIST(struct unit_row, papers, struct summary_row, summary_row_fields),
    FIELD_BOOL(struct unit_row, is_question),
    FIELD_END,
};
const struct field contact_row_fields[] = {
    FIELD_STR(struct contact_row, what),
    FIELD_STR(struct contact_row, when),
    FIELD_STR(struct contact_row, note),
    FIELD_END,
};
/* clang-format on */

static struct str say(const struct request *rq, const char *message)
{
    return translate(rq->language, message);
}

static struct str say_with(struct request *rq, const char *message, struct str a, struct str b)
{
    return fail_fill(rq->arena, say(rq, message), (const struct str[FAIL_ARGS]){a, b});
}

/* ---- money ---- */

static struct str amount_text(struct request *rq, const struct due_line *line)
{
    if (!line->is_known) return say(rq, N_("Not stated in the record"));
    if (line->amount == 0) return say(rq, N_("free of charge"));
    return money_for_people(rq->arena, line->amount, line->currency);
}

static struct tag paid_tag(const struct request *rq, const struct due_line *line)
{
    if (line->paid > 0 && (!line->is_known || line->paid >= line->amount)) return tag_of(TAG_DONE, say(rq, N_("Paid")));
    if (line->is_asked) return tag_of(TAG_SOON, say(rq, N_("To be paid")));
    return (struct tag){0};
}

static struct fee_row fee_row_of(struct request *rq, const struct due_line *line)
{
    const char *kind = line->kind == FEE_KIND_UNSAID ? N_("Amount to pay") : fee_kind_words[line->kind].label;
    return (struct fee_row){
        .label = say(rq, kind),
        .condition = line->condition,
        .due = amount_text(rq, line),
        .paid = line->paid > 0 ? money_for_people(rq->arena, line->paid, line->currency) : STR(""),
        .tag = paid_tag(rq, line),
    };
}

static struct receipt_row receipt_row_of(struct request *rq, const struct dossier_view *v, const struct payment *p)
{
    bool is_cash = str_eq(p->manner, STR("cash")), is_cancelled = p->cancelled_at != INSTANT_NONE;
    return (struct receipt_row){
        .number = p->receipt_number,
        .amount = money_for_people(rq->arena, p->amount, p->currency),
        .manner = say(rq, is_cash ? N_("Cash") : N_("Bank transfer")),
        .time = instant_for_people(rq->arena, p->at),
        .is_cancelled = is_cancelled,
        .why = is_cancelled && !v->is_applicant ? p->cancel_reason : STR(""),
    };
}

/* What is free of charge needs no block. */
struct money_block money_block_of(struct request *rq, const struct dossier_view *v)
{
    const struct payments *p = &v->aside.payments;
    struct money_block block = {
        .fees = ARENA_ARRAY(rq->arena, struct fee_row, p->due_count + 1),
        .fees_count = p->due_count,
        .receipts = ARENA_ARRAY(rq->arena, struct receipt_row, p->count + 1),
        .receipts_count = p->count,
        .is_there = p->count > 0,
    };
    for (size_t i = 0; i < p->due_count; i++) {
        block.fees[i] = fee_row_of(rq, &p->due[i]);
        block.is_there |= !p->due[i].is_known || p->due[i].amount > 0;
    }
    for (size_t i = 0; i < p->count; i++) block.receipts[i] = receipt_row_of(rq, v, &p->list[i]);
    return block;
}

/* ---- what the tables said ---- */

static struct str rules_text(struct request *rq, const struct ruling *r)
{
    struct str *parts = ARENA_ARRAY(rq->arena, struct str, r->hit_count + 1);
    for (size_t i = 0; i < r->hit_count; i++) parts[i] = ruling_hit_for_people(rq->arena, rq->language, &r->hits[i]);
    return str_join(rq->arena, STR("; "), parts, r->hit_count);
}

static void add_ruling_row(struct request *rq, struct ruling_block *b, const char *key, struct str value)
{
    if (value.len > 0) b->rows[b->rows_count++] = (struct summary_row){.key = say(rq, key), .value = value};
}

static struct str open_text(struct request *rq, const struct ruling *r)
{
    return str_join(rq->arena, STR("; "), r->open, r->open_count);
}

static struct str inputs_text(struct request *rq, const struct ruling *r)
{
    struct str *parts = ARENA_ARRAY(rq->arena, struct str, r->input_count + 1);
    for (size_t i = 0; i < r->input_count; i++)
        parts[i] = str_format(
            rq->arena, "%.*s: %.*s", STR_ARG(r->inputs[i].label),
            STR_ARG(translate_str(rq->language, str_eq(r->inputs[i].value, STR("yes"))  ? STR("Yes")
                                                : str_eq(r->inputs[i].value, STR("no")) ? STR("No")
                                                                                        : r->inputs[i].value)));
    return str_join(rq->arena, STR("; "), parts, r->input_count);
}

struct ruling_block ruling_block_of(struct request *rq, const struct dossier_view *v)
{
    enum { ROWS_MOST = 6 };
    const struct ruling *r = v->aside.ruling;
    if (r == NULL) return (struct ruling_block){0};
    struct arena *a = rq->arena;
    struct ruling_block b = {
        .is_there = true,
        .is_stopped = r->incident_count > 0,
        .is_not_eligible = r->has_eligibility && !r->is_eligible,
        .version = str_format(a, "%lld", (long long)r->version),
        .rows = ARENA_ARRAY(a, struct summary_row, ROWS_MOST),
        .incidents = ARENA_ARRAY(a, struct ruling_line, r->incident_count + 1),
        .incidents_count = r->incident_count,
    };
    struct str *fees = ARENA_ARRAY(a, struct str, r->fee_count + 1);
    for (size_t i = 0; i < r->fee_count; i++) fees[i] = r->fees[i].text;
    add_ruling_row(rq, &b, N_("Fees and charges"), str_join(a, STR("; "), fees, r->fee_count));
    add_ruling_row(rq, &b, N_("Conditions"), r->reason);
    add_ruling_row(rq, &b, N_("Case by the rules"), r->case_id);
    add_ruling_row(rq, &b, N_("By which rules"), rules_text(rq, r));
    add_ruling_row(rq, &b, N_("From which answers"), inputs_text(rq, r));
    add_ruling_row(rq, &b, N_("Not answered"), open_text(rq, r));
    for (size_t i = 0; i < r->incident_count; i++)
        b.incidents[i].text = ruling_incident_for_people(a, rq->language, &r->incidents[i]);
    return b;
}

/* ---- units ---- */

static struct tag unit_tag(const struct request *rq, enum unit_state s)
{
    static const enum tag_colour colours[UNIT_STATE_COUNT] = {
        [UNIT_WAITING] = TAG_PLAIN, [UNIT_OPEN] = TAG_WAITING,  [UNIT_ANSWERED] = TAG_DONE,
        [UNIT_SILENT] = TAG_LATE,   [UNIT_DROPPED] = TAG_PLAIN,
    };
    return tag_of(colours[s], say(rq, unit_state_message(s)));
}

static struct str unit_times(struct request *rq, const struct unit *u)
{
    struct str due = instant_for_people(rq->arena, u->due_at);
    if (u->answered_at != INSTANT_NONE)
        return say_with(rq, N_("Answered {0}, due {1}"), instant_for_people(rq->arena, u->answered_at), due);
    if (u->opened_at == INSTANT_NONE)
        return say_with(rq, N_("In turn {0}, due {1} at the latest"), str_format(rq->arena, "%lld", (long long)u->turn),
                        due);
    return say_with(rq, N_("Due {0}"), due, STR_NONE);
}

static void add_unit_papers(struct request *rq, const struct dossier_view *v, const struct unit *u,
                            struct unit_row *row)
{
    int64_t *papers = ARENA_ARRAY(rq->arena, int64_t, v->file_count + 1);
    row->papers_count = unit_papers(v, u, papers);
    row->papers = ARENA_ARRAY(rq->arena, struct summary_row, row->papers_count + 1);
    for (size_t i = 0; i < row->papers_count; i++) {
        const struct dossier_file *f = dossier_view_file(v, papers[i]);
        row->papers[i] = (struct summary_row){.value = f->name, .href = file_href(rq->arena, v, f)};
    }
}

struct unit_row *unit_rows_of(struct request *rq, const struct dossier_view *v, size_t *out_count)
{
    const struct view_aside *aside = &v->aside;
    struct unit_row *rows = ARENA_ARRAY(rq->arena, struct unit_row, aside->unit_count + 1);
    *out_count = aside->unit_count;
    for (size_t i = 0; i < aside->unit_count; i++) {
        const struct unit *u = &aside->units[i];
        rows[i] = (struct unit_row){
            .who = u->name.len > 0 ? say_with(rq, N_("{0} ({1})"), u->name, u->agency_name) : u->agency_name,
            .question = u->question,
            .opinion = u->opinion,
            .times = unit_times(rq, u),
            .tag = unit_tag(rq, unit_state(u, v->now)),
            .is_question = i == 0 || aside->units[i - 1].asked_version != u->asked_version,
        };
        add_unit_papers(rq, v, u, &rows[i]);
    }
    return rows;
}

/* ---- contacts ---- */

struct contact_row *contact_rows_of(struct request *rq, const struct dossier_view *v, size_t *out_count)
{
    const struct view_aside *aside = &v->aside;
    struct contact_row *rows = ARENA_ARRAY(rq->arena, struct contact_row, aside->contact_count + 1);
    *out_count = aside->contact_count;
    for (size_t i = 0; i < aside->contact_count; i++) {
        const struct contact *c = &aside->contacts[i];
        struct str when = instant_for_people(rq->arena, c->at);
        rows[i] = (struct contact_row){
            .what = say(rq, contact_message(c->manner)),
            .when = c->account_name.len > 0 ? say_with(rq, N_("{0}, noted by {1}"), when, c->account_name) : when,
            .note = c->note,
        };
    }
    return rows;
}
