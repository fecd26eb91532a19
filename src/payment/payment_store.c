/* Rows of the payment room, and what they come to. */
#include "payment/payment.h"

#include <inttypes.h>

#include "queries.h"
#include "store/series.h"

/* ---- words of the rows ---- */

static struct str kind_code(enum fee_kind kind)
{
    return kind == FEE_KIND_UNSAID ? STR("") : str_from(fee_kind_words[kind].code);
}

static enum fee_kind kind_of(struct str code)
{
    int found = vocabulary_find(fee_kind_words, FEE_KIND_COUNT, code);
    return found < 0 ? FEE_KIND_UNSAID : (enum fee_kind)found;
}

/* ---- reading ---- */

static enum outcome read_list(struct tx *tx, int64_t subject, struct payments *out, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_PAYMENT_OF_SUBJECT, VALUES(v_int(subject)), &rows, why));
    out->list = ARENA_ARRAY(tx_arena(tx), struct payment, rows.count + 1);
    out->count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        out->list[i] = (struct payment){.id = row_int(r, 0),
                                        .n = row_int(r, 1),
                                        .receipt_number = row_str(r, 2),
                                        .agency = row_int(r, 3),
                                        .fee = row_str(r, 4),
                                        .kind = kind_of(row_str(r, 5)),
                                        .amount = row_int(r, 6),
                                        .currency = currency_of(row_str(r, 7)),
                                        .manner = row_str(r, 8),
                                        .payer = row_str(r, 9),
                                        .note = row_str(r, 10),
                                        .at = row_instant(r, 11),
                                        .account = row_int(r, 12),
                                        .cancelled_at = row_instant(r, 13),
                                        .cancelled_by = row_int(r, 14),
                                        .cancel_reason = row_str(r, 15)};
    }
    return OK;
}

/* "No fee" is no line; the zero that a record writes out is one, of nothing. */
static void add_fees(struct arena *a, const struct procedure_case *its_case, struct payments *out)
{
    size_t counts[FEE_KIND_COUNT] = {0};
    for (size_t i = 0; its_case != NULL && i < its_case->fee_count; i++) {
        const struct fee *f = &its_case->fees[i];
        out->due[out->due_count++] = (struct due_line){
            .id = str_format(a, "%s-%zu", fee_kind_words[f->kind].code, ++counts[f->kind]),
            .kind = f->kind,
            .is_known = f->is_known,
            .amount = f->is_known ? f->amount : 0,
            .currency = f->currency,
            .condition = f->condition.len > 0 || f->is_known ? f->condition : f->text,
            .asked_at = INSTANT_NONE,
        };
    }
}

static void add_requests(struct arena *a, const struct rows *rows, struct payments *out)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->at[i];
        if (!row_is_null(r, 7)) continue; /* cancelled */
        out->due[out->due_count++] = (struct due_line){
            .id = str_format(a, "asked-%" PRId64, row_int(r, 0)),
            .kind = kind_of(row_str(r, 1)),
            .is_known = true,
            .is_asked = true,
            .amount = row_int(r, 2),
            .currency = currency_of(row_str(r, 3)),
            .condition = row_str(r, 4),
            .asked_at = row_instant(r, 5),
            .asked_by = row_int(r, 6),
        };
    }
}

static bool stands(const struct payment *p)
{
    return p->cancelled_at == INSTANT_NONE;
}

static int64_t paid_for(const struct payments *p, const struct due_line *line)
{
    int64_t sum = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct payment *one = &p->list[i];
        if (stands(one) && one->currency == line->currency && str_eq(one->fee, line->id)) sum += one->amount;
    }
    return sum;
}

/* What was asked for is due. Without that the record's only line of a kind is, when it has no condition: which of
 * several applies, or an amount that it does not name, nobody can add up. */
static void add_due(const struct payments *p, struct payment_sum *sum)
{
    size_t lines = 0, asked = 0;
    bool is_clear = true;
    int64_t stated = 0;
    for (size_t i = 0; i < p->due_count; i++) {
        const struct due_line *line = &p->due[i];
        if (line->kind != sum->kind || line->currency != sum->currency) continue;
        if (line->is_asked) {
            asked++;
            sum->due += line->amount;
            continue;
        }
        lines++;
        stated = line->amount;
        is_clear = is_clear && line->is_known && line->condition.len == 0;
    }
    sum->is_due_known = asked > 0 || (lines == 1 && is_clear);
    if (asked == 0 && sum->is_due_known) sum->due = stated;
}

static void add_sums(struct arena *a, struct payments *p)
{
    p->sums = ARENA_ARRAY(a, struct payment_sum, (size_t)(FEE_KIND_COUNT + 1) * CURRENCY_COUNT);
    for (enum fee_kind kind = 0; kind <= FEE_KIND_UNSAID; kind++)
        for (enum currency currency = 0; currency < CURRENCY_COUNT; currency++) {
            struct payment_sum sum = {.kind = kind, .currency = currency};
            bool is_there = false;
            for (size_t i = 0; i < p->due_count; i++)
                is_there |= p->due[i].kind == kind && p->due[i].currency == currency;
            for (size_t i = 0; i < p->count; i++) {
                if (p->list[i].kind != kind || p->list[i].currency != currency || !stands(&p->list[i])) continue;
                is_there = true;
                sum.paid += p->list[i].amount;
            }
            if (!is_there) continue;
            add_due(p, &sum);
            p->sums[p->sum_count++] = sum;
        }
}

enum outcome payments_of(struct tx *tx, int64_t subject, const struct procedure_case *its_case, struct payments *out,
                         struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct rows requests;
    *out = (struct payments){0};
    TRY(read_list(tx, subject, out, why));
    TRY(store_all(tx, Q_PAYMENT_REQUEST_OF_SUBJECT, VALUES(v_int(subject)), &requests, why));
    size_t fees = its_case != NULL ? its_case->fee_count : 0;
    out->due = ARENA_ARRAY(a, struct due_line, fees + requests.count + 1);
    add_fees(a, its_case, out);
    add_requests(a, &requests, out);
    for (size_t i = 0; i < out->due_count; i++) out->due[i].paid = paid_for(out, &out->due[i]);
    add_sums(a, out);
    return OK;
}

/* ---- changing ---- */

/* What is paid for: a line, a kind alone, or what is meant. */
static enum outcome choose_line(struct tx *tx, const struct payment_new *in, struct payment *out, struct fail *why)
{
    struct payments all;
    TRY(payments_of(tx, in->subject, in->its_case, &all, why));
    out->n = (int64_t)all.count + 1;
    out->kind = kind_of(in->fee);
    if (out->kind != FEE_KIND_UNSAID) return OK;
    const struct due_line *line =
        in->fee.len > 0 ? payments_line(&all, in->fee) : payments_line_meant(&all, in->currency);
    if (line == NULL && in->fee.len > 0) {
        fail_problem(why, STR("/fee"), "unknown", N_("Nothing by the name {0} is to be paid here."), in->fee);
        return fail_if_problems(why);
    }
    if (line != NULL && line->currency != in->currency) {
        fail_problem(why, STR("/currency"), "other-currency", N_("This is to be paid in {0}."),
                     str_from(currency_words[line->currency].code));
        return fail_if_problems(why);
    }
    out->fee = line != NULL ? line->id : STR("");
    out->kind = line != NULL ? line->kind : case_fee_kind(in->its_case);
    return OK;
}

static enum outcome take_number(struct tx *tx, const struct payment_new *in, struct str *out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    int64_t number;
    int year = day_to_civil(day_of(tx_now(tx))).year;
    TRY(series_next(tx, STR("receipt"), in->agency_identifier, str_format(a, "%04d", year), &number, why));
    *out = receipt_number_format(a, in->agency_identifier, year, number);
    return OK;
}

enum outcome payment_record(struct tx *tx, const struct payment_new *in, struct payment *out, struct fail *why)
{
    struct payment made = {.id = tx_new_id(tx),
                           .agency = in->agency,
                           .amount = in->amount,
                           .currency = in->currency,
                           .manner = in->manner,
                           .payer = in->payer,
                           .note = in->note,
                           .at = tx_now(tx),
                           .account = in->account,
                           .cancelled_at = INSTANT_NONE};
    TRY(choose_line(tx, in, &made, why));
    TRY(take_number(tx, in, &made.receipt_number, why));
    TRY(store_do(tx, Q_PAYMENT_INSERT,
                 VALUES(v_int(made.id), v_int(in->subject), v_int(made.n), v_int(in->version),
                        v_str(made.receipt_number), v_int(made.agency), v_str(made.fee), v_str(kind_code(made.kind)),
                        v_int(made.amount), v_str(str_from(currency_words[made.currency].code)), v_str(made.manner),
                        v_str(made.payer), v_str(made.note), v_instant(made.at), v_int(made.account)),
                 NULL, why));
    *out = made;
    return OK;
}

enum outcome payment_ask(struct tx *tx, const struct payment_request *in, struct fail *why)
{
    struct row last;
    TRY(store_one(tx, Q_PAYMENT_REQUEST_LAST, VALUES(v_int(in->subject)), &last, why));
    return store_do(tx, Q_PAYMENT_REQUEST_INSERT,
                    VALUES(v_int(in->subject), v_int(row_int(&last, 0) + 1), v_int(in->version),
                           v_str(kind_code(case_fee_kind(in->its_case))), v_int(in->amount),
                           v_str(str_from(currency_words[in->currency].code)), v_str(in->reason), v_instant(tx_now(tx)),
                           v_int(in->account)),
                    NULL, why);
}

enum outcome payment_cancel(struct tx *tx, int64_t subject, int64_t version, int64_t account, struct str reason,
                            struct fail *why)
{
    instant_t now = tx_now(tx);
    TRY(store_do(tx, Q_PAYMENT_CANCEL,
                 VALUES(v_instant(now), v_int(account), v_str(reason), v_int(subject), v_int(version)), NULL, why));
    return store_do(tx, Q_PAYMENT_REQUEST_CANCEL, VALUES(v_instant(now), v_int(subject), v_int(version)), NULL, why);
}
