#include "base/clock.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Process-wide on purpose: time is one for all. Set by tests and, once at start, by clock_init. */
static _Atomic instant_t held_at = INSTANT_NONE;
static _Atomic int64_t shift_us = 0;

static int64_t read_clock_us(clockid_t id)
{
    struct timespec t;
    if (clock_gettime(id, &t) != 0) BUG("the system has no clock %d", (int)id);
    return t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

instant_t clock_now(void)
{
    instant_t held = held_at;
    return held != INSTANT_NONE ? held : read_clock_us(CLOCK_REALTIME) + shift_us;
}

int64_t clock_monotonic_us(void)
{
    return read_clock_us(CLOCK_MONOTONIC);
}

void clock_hold(instant_t at)
{
    held_at = at;
}

void clock_release(void)
{
    held_at = INSTANT_NONE;
}

enum outcome clock_init(struct fail *why)
{
    const char *start = getenv("MOTCUA_CLOCK");
    if (!start || !*start) return OK;
    instant_t at;
    TRY(instant_parse(str_from(start), &at, why));
    shift_us = at - read_clock_us(CLOCK_REALTIME);
    return OK;
}

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

bool civil_is_valid(struct civil c)
{
    return c.year >= 1 && c.year <= 9999 && c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= days_in_month(c.year, c.month);
}

/* Division that rounds down also below zero. */
static int64_t floor_div(int64_t n, int64_t by)
{
    return n / by - (n % by < 0);
}

/* Years begin in March here, so that the leap day is the last of its year (Hinnant, "chrono-compatible low-level date
 * algorithms"); an era is 400 years, 146,097 days; 719,468 days lie between 0000-03-01 and 1970-01-01. */
day_t day_from_civil(struct civil c)
{
    int64_t year = c.year - (c.month <= 2);
    int64_t era = floor_div(year, 400), year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return (day_t)(era * 146097 + day_of_era - 719468);
}

struct civil day_to_civil(day_t d)
{
    int64_t z = (int64_t)d + 719468;
    int64_t era = floor_div(z, 146097), day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    int day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1);
    return (struct civil){(int)(year_of_era + era * 400) + (month <= 2), month, day};
}

int day_of_week(day_t d)
{
    int64_t since_monday = ((int64_t)d + 3) % 7; /* 1970-01-01 was a Thursday */
    return (int)(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

/* Divides before it adds, so that the ends of the range do not overflow. */
static int64_t local_seconds(instant_t at)
{
    return floor_div(at, US_PER_S) + LOCAL_OFFSET_US / US_PER_S;
}

day_t day_of(instant_t at)
{
    return (day_t)floor_div(local_seconds(at), US_PER_DAY / US_PER_S);
}

instant_t day_start(day_t d)
{
    return (int64_t)d * US_PER_DAY - LOCAL_OFFSET_US;
}

int64_t us_of_day(instant_t at)
{
    int64_t second = local_seconds(at) - (int64_t)day_of(at) * (US_PER_DAY / US_PER_S);
    return second * US_PER_S + (at - floor_div(at, US_PER_S) * US_PER_S);
}

static char *put_digits(char *to, int64_t n, int width)
{
    for (int i = width - 1; i >= 0; i--, n /= 10) to[i] = (char)('0' + n % 10);
    return to + width;
}

static char *put_civil(char *to, struct civil c)
{
    to = put_digits(to, c.year, 4);
    *to++ = '-';
    to = put_digits(to, c.month, 2);
    *to++ = '-';
    return put_digits(to, c.day, 2);
}

static bool is_writable(struct civil c)
{
    return c.year >= 1 && c.year <= 9999;
}

struct str day_format(struct arena *a, day_t d)
{
    struct civil c = day_to_civil(d);
    if (!is_writable(c)) return STR_NONE;
    char *at = arena_alloc(a, 11);
    return str_of(at, (size_t)(put_civil(at, c) - at));
}

size_t instant_write(char out[INSTANT_BYTES], instant_t at)
{
    int64_t second = floor_div(at, US_PER_S), fraction = at - second * US_PER_S;
    int64_t day = floor_div(second, 86400), rest = second - day * 86400;
    struct civil c = day_to_civil((day_t)day);
    char *to = out;
    if (at != INSTANT_NONE && is_writable(c)) {
        to = put_civil(to, c);
        *to++ = 'T';
        to = put_digits(to, rest / 3600, 2);
        *to++ = ':';
        to = put_digits(to, rest / 60 % 60, 2);
        *to++ = ':';
        to = put_digits(to, rest % 60, 2);
        if (fraction > 0) {
            *to++ = '.';
            to = put_digits(to, fraction, 6);
            while (to[-1] == '0') to--;
        }
        *to++ = 'Z';
    }
    *to = '\0';
    return (size_t)(to - out);
}

struct str instant_format(struct arena *a, instant_t at)
{
    char text[INSTANT_BYTES];
    return str_dup(a, str_of(text, instant_write(text, at)));
}

struct str day_for_people(struct arena *a, day_t d)
{
    struct civil c = day_to_civil(d);
    return is_writable(c) ? str_format(a, "%02d/%02d/%04d", c.day, c.month, c.year) : STR_NONE;
}

struct str instant_for_people(struct arena *a, instant_t at)
{
    struct civil c = day_to_civil(day_of(at));
    if (at == INSTANT_NONE || !is_writable(c)) return STR_NONE;
    int minute = (int)(us_of_day(at) / US_PER_MINUTE);
    return str_format(a, "%02d:%02d %02d/%02d/%04d", minute / 60, minute % 60, c.day, c.month, c.year);
}

/* Exactly `width` digits at this place; false leaves the place where it is. */
static bool take_digits(struct str *s, size_t width, int *out)
{
    if (s->len < width) return false;
    int n = 0;
    for (size_t i = 0; i < width; i++) {
        if (s->at[i] < '0' || s->at[i] > '9') return false;
        n = n * 10 + (s->at[i] - '0');
    }
    *out = n;
    *s = str_part(*s, width, s->len);
    return true;
}

static bool take_char(struct str *s, char c)
{
    if (s->len == 0 || s->at[0] != c) return false;
    *s = str_part(*s, 1, s->len);
    return true;
}

static bool take_civil(struct str *s, struct civil *out)
{
    struct civil c;
    if (!take_digits(s, 4, &c.year) || !take_char(s, '-') || !take_digits(s, 2, &c.month) || !take_char(s, '-') ||
        !take_digits(s, 2, &c.day) || !civil_is_valid(c)) {
        return false;
    }
    *out = c;
    return true;
}

static bool take_time(struct str *s, int64_t *out_us)
{
    int hour, minute, second, digit;
    if (!take_digits(s, 2, &hour) || !take_char(s, ':') || !take_digits(s, 2, &minute) || !take_char(s, ':') ||
        !take_digits(s, 2, &second) || hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    int64_t us = (hour * INT64_C(3600) + minute * 60 + second) * US_PER_S;
    if (take_char(s, '.')) {
        if (!take_digits(s, 1, &digit)) return false;
        int64_t unit = US_PER_S / 10;
        do {
            us += digit * unit;
            unit /= 10;
        } while (take_digits(s, 1, &digit));
    }
    *out_us = us;
    return true;
}

static bool take_offset(struct str *s, int64_t *out_us)
{
    *out_us = 0;
    if (take_char(s, 'Z') || take_char(s, 'z')) return true;
    int sign = take_char(s, '+') ? 1 : take_char(s, '-') ? -1 : 0, hour, minute;
    if (sign == 0 || !take_digits(s, 2, &hour) || !take_char(s, ':') || !take_digits(s, 2, &minute) || hour > 23 ||
        minute > 59) {
        return false;
    }
    *out_us = sign * (hour * US_PER_HOUR + minute * US_PER_MINUTE);
    return true;
}

enum outcome day_parse(struct str text, day_t *out, struct fail *why)
{
    struct str rest = text;
    struct civil c;
    if (!take_civil(&rest, &c) || rest.len > 0) {
        return fail(why, ERR_BAD, N_("\"{0}\" is not a date such as 2026-11-22."), str_part(text, 0, 40));
    }
    *out = day_from_civil(c);
    return OK;
}

bool day_or_problem(struct str text, struct str pointer, day_t *out, struct fail *why)
{
    struct fail reason;
    fail_init(&reason, why->arena);
    if (day_parse(text, out, &reason) == OK) return true;
    fail_problem(why, pointer, "format", N_("Write the day as year-month-day, such as 2026-11-22."));
    return false;
}

static bool take_one_or_two(struct str *s, int *out)
{
    return take_digits(s, 2, out) || take_digits(s, 1, out);
}

struct str day_typed(struct arena *a, struct str text)
{
    struct str typed = str_trim(text), rest = typed;
    struct civil c;
    if (!take_one_or_two(&rest, &c.day) || rest.len == 0) return typed;
    const char between = rest.at[0];
    bool is_day = (between == '/' || between == '-' || between == '.') && take_char(&rest, between) &&
                  take_one_or_two(&rest, &c.month) && take_char(&rest, between) && take_digits(&rest, 4, &c.year) &&
                  rest.len == 0 && civil_is_valid(c);
    return is_day ? day_format(a, day_from_civil(c)) : typed;
}

enum outcome instant_parse(struct str text, instant_t *out, struct fail *why)
{
    struct str rest = text;
    struct civil c;
    int64_t time_us, offset_us;
    bool is_read = take_civil(&rest, &c) && (take_char(&rest, 'T') || take_char(&rest, 't')) &&
                   take_time(&rest, &time_us) && take_offset(&rest, &offset_us) && rest.len == 0;
    if (is_read) {
        instant_t at = day_from_civil(c) * US_PER_DAY + time_us - offset_us;
        if (is_writable(day_to_civil((day_t)floor_div(at, US_PER_DAY)))) {
            *out = at;
            return OK;
        }
    }
    return fail(why, ERR_BAD, N_("\"{0}\" is not a moment such as 2026-11-22T18:36:00Z."), str_part(text, 0, 40));
}
