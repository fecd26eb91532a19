#include "rule/decimal.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

typedef unsigned __int128 wide;

enum { EXPONENT_BIAS = 6176, COEFFICIENT_BITS = 113, PLAIN_DIGITS = 40, POWERS = 39 };

/* value = (-1)^is_negative * coefficient * 10^exponent; what gcc keeps on x86-64 is the binary encoding of the format.
 */
struct parts {
    bool is_negative, is_finite;
    wide coefficient; /* below 10^34 */
    int exponent;
};

static wide power_of_ten(int n)
{
    wide p = 1;
    while (n-- > 0) p *= 10;
    return p;
}

static struct parts unpack(decimal d)
{
    wide bits;
    memcpy(&bits, &d, sizeof bits);
    struct parts p = {.is_negative = (bits >> 127) != 0, .is_finite = true};
    if (((bits >> 123) & 0xF) == 0xF) {
        p.is_finite = false;
    } else if (((bits >> 125) & 3) != 3) { /* else a coefficient of more than 34 digits: read as zero */
        p.exponent = (int)((bits >> COEFFICIENT_BITS) & 0x3FFF) - EXPONENT_BIAS;
        p.coefficient = bits & (((wide)1 << COEFFICIENT_BITS) - 1);
    }
    return p;
}

static decimal pack(struct parts p)
{
    wide bits = (wide)p.is_negative << 127;
    bits |= (wide)(unsigned)(p.exponent + EXPONENT_BIAS) << COEFFICIENT_BITS;
    bits |= p.coefficient;
    decimal d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static struct parts without_zeros(struct parts p)
{
    if (p.coefficient == 0) return (struct parts){.is_finite = true};
    while (p.coefficient % 10 == 0) {
        p.coefficient /= 10;
        p.exponent++;
    }
    return p;
}

bool decimal_is_finite(decimal d)
{
    return unpack(d).is_finite;
}

static bool decimal_is_integer(decimal d)
{
    struct parts p = unpack(d);
    return p.is_finite && without_zeros(p).exponent >= 0;
}

bool decimal_to_int(decimal d, int64_t *out)
{
    if (decimal_is_small(d, out)) return true;
    if (!decimal_is_integer(d) || d > (decimal)INT64_MAX || d < (decimal)INT64_MIN) return false;
    *out = (int64_t)d;
    return true;
}

/* ---- text ---- */

struct reader {
    struct str text;
    size_t at;
    wide coefficient;
    int digits, exponent;
    int rest; /* first digit that found no room, then 1 more when anything follows: for half-even */
    bool has_rest, has_digit;
};

static void take_digit(struct reader *r, int digit, bool is_fraction)
{
    r->has_digit = true;
    if (r->digits < DECIMAL_DIGITS) {
        r->coefficient = r->coefficient * 10 + (unsigned)digit;
        if (r->coefficient > 0) r->digits++;
        r->exponent -= is_fraction;
        return;
    }
    if (!r->has_rest)
        r->rest = digit * 2;
    else if (digit > 0)
        r->rest |= 1;
    r->has_rest = true;
    r->exponent += !is_fraction;
}

static bool is_digit(const struct reader *r)
{
    return r->at < r->text.len && r->text.at[r->at] >= '0' && r->text.at[r->at] <= '9';
}

static bool accepts(struct reader *r, char c)
{
    if (r->at >= r->text.len || (r->text.at[r->at] | 0x20) != (c | 0x20)) return false;
    r->at++;
    return true;
}

static bool take_exponent(struct reader *r)
{
    int n = 0;
    bool is_negative = accepts(r, '-');
    if (!is_negative) (void)accepts(r, '+'); /* a plus says nothing */
    if (!is_digit(r)) return false;
    for (; is_digit(r); r->at++)
        if (n < 100000) n = n * 10 + (r->text.at[r->at] - '0');
    r->exponent += is_negative ? -n : n;
    return true;
}

static void round_rest(struct reader *r)
{
    if (r->rest > 10 || (r->rest == 10 && r->coefficient % 2 == 1)) r->coefficient++;
    if (r->coefficient < power_of_ten(DECIMAL_DIGITS)) return;
    r->coefficient /= 10;
    r->exponent++;
}

/* Into the range of exponents, as far as zeros or digits can be moved. */
static bool fit(struct parts *p)
{
    while (p->exponent > DECIMAL_SCALE_MOST - 65 && p->coefficient > 0 &&
           p->coefficient < power_of_ten(DECIMAL_DIGITS - 1)) {
        p->coefficient *= 10;
        p->exponent--;
    }
    while (p->exponent < -EXPONENT_BIAS && p->coefficient > 0) {
        p->coefficient /= 10;
        p->exponent++;
    }
    if (p->coefficient == 0) p->exponent = 0;
    return p->exponent <= -DECIMAL_SCALE_LEAST;
}

bool decimal_parse(struct str text, decimal *out)
{
    struct reader r = {.text = text};
    bool is_negative = accepts(&r, '-');
    for (; is_digit(&r); r.at++) take_digit(&r, r.text.at[r.at] - '0', false);
    if (accepts(&r, '.')) {
        if (!is_digit(&r)) return false;
        for (; is_digit(&r); r.at++) take_digit(&r, r.text.at[r.at] - '0', true);
    }
    if (!r.has_digit || (accepts(&r, 'e') && !take_exponent(&r)) || r.at != text.len) return false;
    round_rest(&r);
    struct parts p = {is_negative, true, r.coefficient, r.exponent};
    if (!fit(&p)) return false;
    *out = pack(p);
    return true;
}

static size_t write_digits(wide n, char out[POWERS + 1])
{
    char reversed[POWERS + 1];
    size_t count = 0;
    do {
        reversed[count++] = (char)('0' + (int)(n % 10));
        n /= 10;
    } while (n > 0);
    for (size_t i = 0; i < count; i++) out[i] = reversed[count - 1 - i];
    return count;
}

static size_t write_plain(const char *digits, size_t count, int exponent, char *out)
{
    size_t len = 0;
    int whole = (int)count + exponent; /* digits before the point */
    if (whole <= 0) {
        out[len++] = '0';
        out[len++] = '.';
        for (int i = whole; i < 0; i++) out[len++] = '0';
    }
    for (size_t i = 0; i < count; i++) {
        if ((int)i == whole && i > 0) out[len++] = '.';
        out[len++] = digits[i];
    }
    for (int i = 0; i < exponent; i++) out[len++] = '0';
    return len;
}

struct str decimal_format(struct arena *a, decimal d)
{
    struct parts p = unpack(d);
    if (!p.is_finite) return STR("NaN");
    p = without_zeros(p);
    char digits[POWERS + 1] = "0", out[2 * PLAIN_DIGITS + 8];
    size_t count = write_digits(p.coefficient, digits), len = 0;
    if (p.is_negative) out[len++] = '-';
    if (p.exponent <= PLAIN_DIGITS - (int)count && (int)count + p.exponent > -PLAIN_DIGITS + DECIMAL_DIGITS) {
        len += write_plain(digits, count, p.exponent, &out[len]);
        return str_dup(a, str_of(out, len));
    }
    int exponent = p.exponent + (int)count - 1;
    return str_format(a, "%s%c%s%.*sE%+d", p.is_negative ? "-" : "", digits[0], count > 1 ? "." : "", (int)count - 1,
                      &digits[1], exponent);
}

/* ---- rounding ---- */

static bool rounds_away(enum rounding how, bool is_negative, bool is_odd, int against_half, bool is_exact)
{
    if (is_exact) return false;
    switch (how) {
    case ROUND_HALF_EVEN: return against_half > 0 || (against_half == 0 && is_odd);
    case ROUND_HALF_UP: return against_half >= 0;
    case ROUND_HALF_DOWN: return against_half > 0;
    case ROUND_UP: return true;
    case ROUND_DOWN: return false;
    case ROUND_FLOOR: return is_negative;
    case ROUND_CEILING: return !is_negative;
    }
    return false;
}

decimal decimal_round(decimal d, int scale, enum rounding how)
{
    struct parts p = unpack(d);
    int cut = -scale - p.exponent;
    if (!p.is_finite || cut <= 0) return d;
    wide unit = cut < POWERS - 1 ? power_of_ten(cut) : 0; /* 0: every digit goes, and less than half */
    wide whole = unit > 0 ? p.coefficient / unit : 0, rest = unit > 0 ? p.coefficient % unit : p.coefficient;
    int against_half = unit == 0 || rest < unit - rest ? -1 : rest > unit - rest ? 1 : 0;
    if (rounds_away(how, p.is_negative, whole % 2 == 1, against_half, rest == 0)) whole++;
    struct parts rounded = {p.is_negative && whole > 0, true, whole, -scale};
    return fit(&rounded) ? pack(rounded) : d;
}

static decimal decimal_floor(decimal d)
{
    return decimal_round(d, 0, ROUND_FLOOR);
}

decimal decimal_modulo(decimal dividend, decimal divisor)
{
    return dividend - divisor * decimal_floor(dividend / divisor);
}

/* ---- functions that no digit ends ---- */

static const decimal ln_ten = 2.302585092994045684017991454684364DL;

/* d = m * 10^k with 1 <= m < 10. */
static decimal to_one_digit(decimal d, int *out_exponent)
{
    struct parts p = unpack(d);
    int digits = 0;
    for (wide c = p.coefficient; c >= 10; c /= 10) digits++;
    *out_exponent = p.exponent + digits;
    p.exponent = -digits;
    return pack(p);
}

static decimal shift(decimal d, int exponent)
{
    struct parts p = unpack(d);
    p.exponent += exponent;
    if (!p.is_finite) return d;
    if (!fit(&p)) return d / 0.DL;
    return pack(p);
}

decimal decimal_sqrt(decimal d)
{
    if (d == 0 || !decimal_is_finite(d)) return d;
    if (d < 0) return 0.DL / 0.DL;
    int exponent;
    decimal m = to_one_digit(d, &exponent);
    if (exponent % 2 != 0) {
        m *= 10;
        exponent--;
    }
    decimal root = (decimal)sqrt((double)m);
    for (int i = 0; i < 3; i++) root = (root + m / root) / 2;
    decimal exact = decimal_round(root, DECIMAL_DIGITS / 2 - 1, ROUND_HALF_EVEN);
    return shift(exact * exact == m ? exact : root, exponent / 2);
}

decimal decimal_exp(decimal d)
{
    enum { TERMS = 45, LARGEST = 14150 };
    if (!decimal_is_finite(d) || d > LARGEST) return 1.DL / 0.DL;
    if (d < -LARGEST) return 0;
    int tens = (int)(d / ln_ten);
    decimal rest = d - tens * ln_ten, term = 1, sum = 1;
    for (int i = 1; i < TERMS; i++) {
        term = term * rest / i;
        sum += term;
    }
    return shift(sum, tens);
}

decimal decimal_log(decimal d)
{
    if (d <= 0 || !decimal_is_finite(d)) return 0.DL / 0.DL;
    int tens;
    decimal m = to_one_digit(d, &tens), y = (decimal)log((double)m);
    for (int i = 0; i < 2; i++) {
        decimal e = decimal_exp(y);
        y += 2 * (m - e) / (m + e);
    }
    return y + tens * ln_ten;
}

static decimal power_whole(decimal base, int64_t exponent)
{
    uint64_t n = exponent < 0 ? 0 - (uint64_t)exponent : (uint64_t)exponent;
    decimal result = 1;
    for (; n > 0; n >>= 1) {
        if (n & 1) result *= base;
        if (n > 1) base *= base;
    }
    return exponent < 0 ? 1 / result : result;
}

decimal decimal_power(decimal base, decimal exponent)
{
    int64_t whole;
    if (decimal_to_int(exponent, &whole)) return power_whole(base, whole);
    if (base == 0) return exponent > 0 ? base : 1 / base;
    if (base < 0) return 0.DL / 0.DL;
    return decimal_exp(exponent * decimal_log(base));
}
