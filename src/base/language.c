#include "base/language.h"

#include <string.h>

#include "base/messages.h"
#include "base/parse.h"

static const char *const codes[] = {[VIETNAMESE] = "vi", [ENGLISH] = "en"};

enum { QUALITY_FULL = 1000, QUALITY_UNNAMED = -1 };

const char *language_code(enum language l)
{
    return codes[l];
}

bool language_parse(struct str code, enum language *out)
{
    for (size_t i = 0; i < LENGTH(codes); i++) {
        if (str_eq(code, str_from(codes[i]))) {
            *out = (enum language)i;
            return true;
        }
    }
    return false;
}

/* "0", "0.8", "1.000" as thousandths; -1 for anything else. */
static int quality_of(struct str text)
{
    struct str whole, fraction;
    bool has_dot = str_cut(text, '.', &whole, &fraction);
    if (!str_eq(whole, STR("0")) && !str_eq(whole, STR("1"))) return -1;
    if (fraction.len > 3 || (has_dot && !parse_is_digits(fraction, 0, 3))) return -1;
    int quality = 0, unit = QUALITY_FULL / 10;
    for (size_t i = 0; i < fraction.len; i++, unit /= 10) quality += (fraction.at[i] - '0') * unit;
    if (whole.at[0] == '0') return quality;
    return quality == 0 ? QUALITY_FULL : -1;
}

/* One element of the header, "en-GB; q=0.8", as range and quality. */
static bool take_range(struct str element, struct str *out_range, int *out_quality)
{
    struct str range, rest, name, value;
    *out_quality = QUALITY_FULL;
    if (str_cut(element, ';', &range, &rest)) {
        if (!str_cut(str_trim(rest), '=', &name, &value) || !str_eq_nocase(name, STR("q"))) return false;
        *out_quality = quality_of(str_trim(value));
    }
    *out_range = str_trim(range);
    return out_range->len > 0 && *out_quality >= 0;
}

/* Whether a range is the language itself or one of its regions: "en", "en-US". */
static bool is_range_of(struct str range, const char *code)
{
    struct str primary, region;
    (void)str_cut(range, '-', &primary, &region); /* "en" alone is fine */
    return str_eq_nocase(primary, str_from(code));
}

enum language language_accept(struct str header)
{
    int named[LENGTH(codes)] = {QUALITY_UNNAMED, QUALITY_UNNAMED}, others = QUALITY_UNNAMED;
    size_t place[LENGTH(codes)] = {SIZE_MAX, SIZE_MAX}, n = 0; /* equal qualities: the first named */
    struct str element, range;
    for (int quality; header.len > 0; n++) {
        (void)str_cut(header, ',', &element, &header); /* the last one has no comma */
        if (!take_range(element, &range, &quality)) continue;
        if (str_eq(range, STR("*"))) others = quality;
        for (size_t i = 0; i < LENGTH(codes); i++) {
            if (!is_range_of(range, codes[i]) || quality <= named[i]) continue;
            named[i] = quality;
            place[i] = n;
        }
    }
    for (size_t i = 0; i < LENGTH(codes); i++) {
        if (named[i] == QUALITY_UNNAMED) named[i] = others;
    }
    if (named[ENGLISH] <= 0 || named[VIETNAMESE] > named[ENGLISH]) return VIETNAMESE;
    if (named[ENGLISH] > named[VIETNAMESE]) return ENGLISH;
    return place[ENGLISH] < place[VIETNAMESE] ? ENGLISH : VIETNAMESE;
}

/* ---- messages ---- */

static uint32_t hash_of(struct str message)
{
    enum { FNV_START = 0x811c9dc5, FNV_PRIME = 0x01000193 };
    size_t step = message.len / MESSAGE_SAMPLES + 1;
    uint32_t hash = ((uint32_t)FNV_START ^ (uint32_t)message.len) * FNV_PRIME;
    for (size_t i = 0; i < message.len; i += step) hash = (hash ^ (unsigned char)message.at[i]) * FNV_PRIME;
    return hash;
}

const struct message_entry *message_find(struct str message)
{
    size_t last = catalogue_vi_place_count - 1;
    for (size_t at = hash_of(message) & last; catalogue_vi_places[at] > 0; at = (at + 1) & last) {
        const struct message_entry *e = &catalogue_vi[catalogue_vi_places[at] - 1];
        if (str_eq(message, str_of(e->message, e->message_len))) return e;
    }
    return NULL;
}

struct str translate_str(enum language l, struct str message)
{
    const struct message_entry *e = l == VIETNAMESE ? message_find(message) : NULL;
    return e != NULL ? str_of(e->translation, e->translation_len) : message;
}

struct str translate(enum language l, const char *message)
{
    return translate_str(l, str_from(message));
}

struct str fail_sentence(struct arena *a, enum language l, const struct fail *why)
{
    const char *message = why->sentence ? why->sentence : outcome_title(why->outcome);
    return fail_fill(a, translate(l, message), why->args);
}

struct str problem_sentence(struct arena *a, enum language l, const struct problem *p)
{
    return fail_fill(a, translate(l, p->sentence), p->args);
}
