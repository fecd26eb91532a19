#include "payment/payment.h"

#include <inttypes.h>

#include "base/auto.h"
#include "base/buf.h"

enum { WORDS_BYTES = 1024 };

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

static void say_word(struct buf *b, const char *word)
{
    buf_addf(b, "%s%s", buf_str(b).len > 0 ? " " : "", word);
}

/* Up to 999. is_inside: more stands before it, so its zeros are said. */
static void say_hundreds(struct buf *b, int n, bool is_inside)
{
    static const char *const digits[] = {"không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"};
    int hundreds = n / 100, tens = n / 10 % 10, ones = n % 10;
    if (hundreds > 0 || is_inside) {
        say_word(b, digits[hundreds]);
        say_word(b, "trăm");
    }
    if (tens > 1) say_word(b, digits[tens]);
    if (tens > 0) say_word(b, tens == 1 ? "mười" : "mươi");
    if (tens == 0 && ones > 0 && buf_str(b).len > 0) say_word(b, "linh");
    if (ones == 0) return;
    bool is_changed = (ones == 1 && tens > 1) || (ones == 5 && tens > 0);
    say_word(b, !is_changed ? digits[ones] : ones == 1 ? "mốt" : "lăm");
}

/* By groups of nine digits, each "tỷ" (a thousand million) more. */
static void say_number(struct buf *b, int64_t n)
{
    static const struct {
        int64_t size;
        const char *name;
    } groups[] = {
        {1000000, "triệu"},
        {1000,    "nghìn" },
        {1,       NULL     }
    };
    enum { TY = 1000000000 };
    if (n >= TY) {
        say_number(b, n / TY);
        say_word(b, "tỷ");
        n %= TY;
    }
    for (size_t i = 0; i < LENGTH(groups); i++) {
        int part = (int)(n / groups[i].size % 1000);
        if (part == 0) continue;
        say_hundreds(b, part, buf_str(b).len > 0);
        if (groups[i].name != NULL) say_word(b, groups[i].name);
    }
}

struct str money_in_words(struct arena *a, int64_t amount, enum currency currency)
{
    AUTO_BUF struct buf b;
    bool is_dollar = currency == CURRENCY_USD; /* its minor units are hundredths */
    int64_t whole = is_dollar ? amount / 100 : amount, cents = is_dollar ? amount % 100 : 0;
    buf_init(&b, WORDS_BYTES);
    if (whole == 0) say_word(&b, "không");
    say_number(&b, whole);
    say_word(&b, is_dollar ? "đô la Mỹ" : "đồng");
    if (cents > 0) {
        AUTO_BUF struct buf rest;
        buf_init(&rest, WORDS_BYTES);
        say_number(&rest, cents);
        buf_addf(&b, " và %.*s xu", STR_ARG(buf_str(&rest)));
    }
    struct str words = str_dup(a, buf_str(&b));
    return str_format(a, "%c%.*s", words.at[0] - 'a' + 'A', STR_ARG(str_part(words, 1, words.len)));
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
