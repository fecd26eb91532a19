#include "payment/payment.h"

#include <inttypes.h>

const struct due_line *payments_line(const struct payments *p, struct str id)
{
    for (size_t i = 0; i < p->due_count; i++)
        if (str_eq(p->due[i].id, id)) return &p->due[i];
    return NULL;
}

const struct due_line *payments_line_meant(const struct payments *p, enum currency currency)
{
    const struct due_line *only = NULL;
    size_t count = 0;
    for (size_t i = 0; i < p->due_count; i++) {
        const struct due_line *line = &p->due[i];
        if (line->currency != currency) continue;
        if (line->is_asked && line->paid < line->amount) return line;
        only = line;
        count++;
    }
    return count == 1 ? only : NULL;
}

enum fee_kind case_fee_kind(const struct procedure_case *its_case)
{
    if (its_case == NULL || its_case->fee_count == 0) return FEE_KIND_UNSAID;
    for (size_t i = 1; i < its_case->fee_count; i++)
        if (its_case->fees[i].kind != its_case->fees[0].kind) return FEE_KIND_UNSAID;
    return its_case->fees[0].kind;
}

struct str receipt_number_format(struct arena *a, struct str e_identifier, int year, int64_t number)
{
    return str_format(a, "BL-%.*s-%04d-%07" PRId64, STR_ARG(e_identifier), year, number);
}

struct str money_for_people(struct arena *a, int64_t amount, enum currency currency)
{
    return fee_amount_for_people(a, &(struct fee){.is_known = true, .amount = amount, .currency = currency});
}

enum currency currency_of(struct str code)
{
    int found = vocabulary_find(currency_words, CURRENCY_COUNT, code);
    return found < 0 ? CURRENCY_VND : (enum currency)found;
}

/* ---- JSON ---- */

static void put_kind(struct json_writer *w, enum fee_kind kind)
{
    jw_put_str_or_null(w, "kind", kind == FEE_KIND_UNSAID ? STR_NONE : str_from(fee_kind_words[kind].code));
}

static void put_known(struct json_writer *w, const char *key, bool is_known, int64_t amount)
{
    if (is_known)
        jw_put_int(w, key, amount);
    else
        jw_put_null(w, key);
}

void due_lines_json(struct json_writer *w, const struct payments *p)
{
    jw_open(w, '[');
    for (size_t i = 0; i < p->due_count; i++) {
        const struct due_line *line = &p->due[i];
        jw_open(w, '{');
        jw_put_str(w, "id", line->id);
        put_kind(w, line->kind);
        put_known(w, "amount", line->is_known, line->amount);
        jw_put_str(w, "currency", str_from(currency_words[line->currency].code));
        jw_put_str_or_null(w, "condition", line->condition);
        jw_put_bool(w, "asked", line->is_asked);
        jw_put_instant(w, "asked_at", line->asked_at);
        jw_put_int(w, "paid", line->paid);
        jw_close(w);
    }
    jw_close(w);
}

void payment_list_json(struct json_writer *w, const struct payments *p, bool is_inside)
{
    jw_open(w, '[');
    for (size_t i = 0; i < p->count; i++) {
        const struct payment *one = &p->list[i];
        jw_open(w, '{');
        jw_put_int(w, "n", one->n);
        jw_put_str(w, "receipt_number", one->receipt_number);
        jw_put_str_or_null(w, "fee", one->fee);
        put_kind(w, one->kind);
        jw_put_int(w, "amount", one->amount);
        jw_put_str(w, "currency", str_from(currency_words[one->currency].code));
        jw_put_str(w, "manner", one->manner);
        jw_put_str_or_null(w, "payer", one->payer);
        if (is_inside) jw_put_str_or_null(w, "note", one->note);
        jw_put_instant(w, "at", one->at);
        jw_put_instant(w, "cancelled_at", one->cancelled_at);
        if (is_inside) jw_put_str_or_null(w, "cancel_reason", one->cancel_reason);
        jw_close(w);
    }
    jw_close(w);
}

void payment_sums_json(struct json_writer *w, const struct payments *p)
{
    jw_open(w, '[');
    for (size_t i = 0; i < p->sum_count; i++) {
        const struct payment_sum *sum = &p->sums[i];
        jw_open(w, '{');
        put_kind(w, sum->kind);
        jw_put_str(w, "currency", str_from(currency_words[sum->currency].code));
        put_known(w, "due", sum->is_due_known, sum->due);
        jw_put_int(w, "paid", sum->paid);
        jw_close(w);
    }
    jw_close(w);
}
