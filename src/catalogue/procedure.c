#include "catalogue/procedure.h"

#include <inttypes.h>

#include "base/parse.h"
#include "base/text.h"

#define VOCABULARY_ROW(name, code, label) [name] = {code, label},
#define CURRENCY_ROW(name, code, decimals) [name] = {code, code},
const struct vocabulary_word procedure_kind_words[PROCEDURE_KIND_COUNT] = {PROCEDURE_KINDS(VOCABULARY_ROW)};
const struct vocabulary_word initiator_words[INITIATOR_COUNT] = {INITIATORS(VOCABULARY_ROW)};
const struct vocabulary_word process_words[PROCEDURE_PROCESS_COUNT] = {PROCEDURE_PROCESSES(VOCABULARY_ROW)};
const struct vocabulary_word level_words[PROCEDURE_LEVEL_COUNT] = {PROCEDURE_LEVELS(VOCABULARY_ROW)};
const struct vocabulary_word channel_words[CHANNEL_KIND_COUNT] = {PROCEDURE_CHANNELS(VOCABULARY_ROW)};
const struct vocabulary_word audience_words[AUDIENCE_COUNT] = {AUDIENCES(VOCABULARY_ROW)};
const struct vocabulary_word publication_words[PUBLICATION_COUNT] = {PUBLICATIONS(VOCABULARY_ROW)};
const struct vocabulary_word term_kind_words[TERM_KIND_COUNT] = {TERM_KINDS(VOCABULARY_ROW)};
const struct vocabulary_word fee_kind_words[FEE_KIND_COUNT] = {FEE_KINDS(VOCABULARY_ROW)};
const struct vocabulary_word currency_words[CURRENCY_COUNT] = {CURRENCIES(CURRENCY_ROW)};
const struct vocabulary_word required_words[REQUIRED_KIND_COUNT] = {REQUIRED_KINDS(VOCABULARY_ROW)};

int vocabulary_find(const struct vocabulary_word *words, size_t count, struct str code)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(code, str_from(words[i].code))) return (int)i;
    }
    return -1;
}

/* One place of a pattern: 'd' any digit, 'n' a digit but 0, 'A' a capital letter, anything else itself. */
static bool matches(struct str s, const char *pattern)
{
    for (size_t i = 0; i < s.len; i++, pattern++) {
        char c = s.at[i];
        bool is_digit = c >= '0' && c <= '9';
        if (*pattern == 'd'   ? is_digit
            : *pattern == 'n' ? is_digit && c != '0'
            : *pattern == 'A' ? c >= 'A' && c <= 'Z'
                              : c == *pattern)
            continue;
        return false;
    }
    return *pattern == '\0';
}

bool procedure_code_is_valid(struct str code)
{
    return matches(code, "n.dddddd") || matches(code, "n.dddddd.ddd.dd.dd.Add");
}

const struct channel *procedure_channel(const struct procedure *p, enum channel_kind kind)
{
    for (size_t i = 0; i < p->channel_count; i++) {
        if (p->channels[i].kind == kind) return &p->channels[i];
    }
    return NULL;
}

const struct procedure_case *channel_case(const struct channel *c, struct str case_id)
{
    for (size_t i = 0; i < c->case_count; i++) {
        if (str_eq(c->cases[i].id, case_id)) return &c->cases[i];
    }
    return NULL;
}

const struct component *procedure_component(const struct procedure *p, struct str component_id)
{
    for (size_t i = 0; i < p->component_count; i++) {
        if (str_eq(p->components[i].id, component_id)) return &p->components[i];
    }
    return NULL;
}

bool procedure_has_level(const struct procedure *p, enum procedure_level level)
{
    for (size_t i = 0; i < p->level_count; i++) {
        if (p->levels[i] == level) return true;
    }
    return false;
}

bool procedure_is_internal(const struct procedure *p)
{
    return p->kind == KIND_INTERNAL_BETWEEN || p->kind == KIND_INTERNAL_WITHIN;
}

bool procedure_is_of_officers(const struct procedure *p)
{
    return p->initiator == INITIATOR_AUTHORITY || procedure_is_internal(p);
}

bool procedure_is_second_complaint(struct arena *a, const struct procedure *p)
{
    return p->process == PROCESS_COMPLAINT && str_has(text_fold(a, p->name), STR("lan hai"));
}

bool procedure_is_public_lookup(const struct procedure *p)
{
    return p->process != PROCESS_COMPLAINT && p->process != PROCESS_DENUNCIATION && !procedure_is_internal(p);
}

/* 2000000 -> "2.000.000" */
static struct str grouped(struct arena *a, int64_t n)
{
    char out[32];
    size_t at = sizeof out;
    int digits = 0;
    do {
        if (digits > 0 && digits % 3 == 0) out[--at] = '.';
        out[--at] = (char)('0' + n % 10);
        n /= 10;
        digits++;
    } while (n > 0);
    return str_dup(a, str_of(out + at, sizeof out - at));
}

struct str fee_amount_for_people(struct arena *a, const struct fee *f)
{
    if (!f->is_known || f->amount < 0) return STR_NONE;
    if (f->currency == CURRENCY_VND) {
        struct str n = grouped(a, f->amount);
        return str_format(a, "%.*s ₫", STR_ARG(n));
    }
    struct str whole = grouped(a, f->amount / 100);
    if (f->amount % 100 == 0) return str_format(a, "%.*s USD", STR_ARG(whole));
    return str_format(a, "%.*s,%02" PRId64 " USD", STR_ARG(whole), f->amount % 100);
}
