/*
 * Decimal numbers of 34 digits (IEEE 754-2019 decimal128), the numbers of FEEL (DMN 1.5, 10.3.2.3.1): what people write
 * is what is computed, half-even in the 34th digit. The compiler's own type does the four operations; here is the rest.
 * Results that are no number (division by zero, overflow) are not finite: callers ask decimal_is_finite. Pure
 * functions, no memory of their own.
 */
#ifndef RULE_DECIMAL_H
#define RULE_DECIMAL_H

#include <string.h>

#include "base/str.h"

#ifdef __clang__ /* has no decimal numbers: in its fuzz targets gcc computes, and this type is passed like them */
typedef __float128 decimal;
#else
typedef _Decimal128 decimal;
#endif

enum { DECIMAL_DIGITS = 34, DECIMAL_SCALE_LEAST = -6111, DECIMAL_SCALE_MOST = 6176 };

/* How the digits that are cut change the last one that stays; the names of FEEL's functions. */
enum rounding { ROUND_HALF_EVEN, ROUND_FLOOR, ROUND_CEILING, ROUND_UP, ROUND_DOWN, ROUND_HALF_UP, ROUND_HALF_DOWN };

/* Whole numbers of less than 19 digits, which most are, without the general way: gcc keeps the binary encoding of the
 * format, where they are a coefficient beside the exponent 0. */
static inline bool decimal_is_small(decimal d, int64_t *out)
{
    uint64_t word[2];
    memcpy(word, &d, sizeof word);
    bool is_negative = word[1] >> 63 != 0;
    bool is_small = (word[1] & INT64_MAX) == UINT64_C(0x3040000000000000) && word[0] < UINT64_C(1) << 62;
    if (is_small) *out = is_negative ? -(int64_t)word[0] : (int64_t)word[0];
    return is_small;
}

static inline decimal decimal_of(int64_t n)
{
    uint64_t word[2] = {n < 0 ? 0 - (uint64_t)n : (uint64_t)n,
                        UINT64_C(0x3040000000000000) | (n < 0 ? UINT64_C(1) << 63 : 0)};
    decimal d;
    memcpy(&d, word, sizeof d);
    return d;
}

bool decimal_is_finite(decimal d);
/* False when it is no whole number of an int64. */
bool decimal_to_int(decimal d, int64_t *out);
/* -12.5, .5, 1e-3: a JSON or FEEL number, whole. False when it is not one or too large. */
bool decimal_parse(struct str text, decimal *out);
/* "12.5": plain digits without needless zeros; an exponent only beyond 40 digits. */
struct str decimal_format(struct arena *a, decimal d);

/* Rounded to so many digits after the point (negative: before it). */
decimal decimal_round(decimal d, int scale, enum rounding how);
decimal decimal_modulo(decimal dividend, decimal divisor); /* has the divisor's sign */
decimal decimal_sqrt(decimal d);                           /* not finite below zero */
decimal decimal_exp(decimal d);
decimal decimal_log(decimal d); /* natural; not finite at or below zero */
decimal decimal_power(decimal base, decimal exponent);

#endif
