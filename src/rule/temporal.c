#include "rule/temporal.h"

#include <stdio.h>
#include <string.h>
#include <unicode/ucal.h>

#include "base/arena.h"

enum { ZONE_NAME_MOST = 60, DAYS_PER_ERA = 146097, YEARS_PER_ERA = 400, DAYS_TO_1970 = 719468, TEXT_MOST = 96 };

/* ---- days of the calendar (Howard Hinnant, chrono-compatible low-level date algorithms) ---- */

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int64_t year, int64_t month)
{
    static const int8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

bool date_is_valid(int64_t year, int64_t month, int64_t day)
{
    return year >= -YEAR_MOST && year <= YEAR_MOST && month >= 1 && month <= 12 && day >= 1 &&
           day <= days_of_month(year, month);
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

int64_t date_to_days(struct feel_date d)
{
    int64_t year = d.year - (d.month <= 2);
    int64_t era = floor_div(year, YEARS_PER_ERA), year_of_era = year - era * YEARS_PER_ERA;
    int64_t day_of_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

bool date_from_days(int64_t days, struct feel_date *out)
{
    if (days > INT64_C(400000000000) || days < -INT64_C(400000000000)) return false;
    days += DAYS_TO_1970;
    int64_t era = floor_div(days, DAYS_PER_ERA), day_of_era = days - era * DAYS_PER_ERA;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153, month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = year_of_era + era * YEARS_PER_ERA + (month <= 2), day = day_of_year - (153 * shifted + 2) / 5 + 1;
    if (!date_is_valid(year, month, day)) return false;
    *out = (struct feel_date){(int32_t)year, (int8_t)month, (int8_t)day};
    return true;
}

int date_weekday(struct feel_date d)
{
    int64_t days = date_to_days(d) + 3; /* 1970-01-01 was a Thursday */
    return (int)(days - floor_div(days, 7) * 7) + 1;
}

int date_day_of_year(struct feel_date d)
{
    return (int)(date_to_days(d) - date_to_days((struct feel_date){d.year, 1, 1})) + 1;
}

int date_week_of_year(struct feel_date d)
{
    int week = (date_day_of_year(d) - date_weekday(d) + 10) / 7;
    if (week >= 1 && week <= 52) return week;
    struct feel_date thursday;
    (void)date_from_days(date_to_days(d) + 4 - date_weekday(d), &thursday); /* a neighbour of a valid date */
    return (date_day_of_year(thursday) - 1) / 7 + 1;
}

bool date_add_months(struct feel_date d, int64_t months, struct feel_date *out)
{
    if (months > INT64_C(30000000000) || months < -INT64_C(30000000000)) return false;
    int64_t all = (int64_t)d.year * 12 + d.month - 1 + months;
    int64_t year = floor_div(all, 12), month = all - year * 12 + 1;
    if (year < -YEAR_MOST || year > YEAR_MOST) return false;
    int last = days_of_month(year, month);
    *out = (struct feel_date){(int32_t)year, (int8_t)month, (int8_t)(d.day < last ? d.day : last)};
    return true;
}

int64_t date_months_between(struct feel_date from, struct feel_date to)
{
    int64_t months = ((int64_t)to.year - from.year) * 12 + to.month - from.month;
    if (months > 0 && to.day < from.day) months--;
    if (months < 0 && to.day > from.day) months++;
    return months;
}

/* ---- reading ---- */

struct cursor {
    struct str text;
    size_t at;
};

static bool next_is(const struct cursor *c, char wanted)
{
    return c->at < c->text.len && c->text.at[c->at] == wanted;
}

static bool take(struct cursor *c, char wanted)
{
    if (!next_is(c, wanted)) return false;
    c->at++;
    return true;
}

/* Between least and most digits. */
static bool take_number(struct cursor *c, size_t least, size_t most, int64_t *out)
{
    size_t start = c->at;
    *out = 0;
    while (c->at < c->text.len && c->text.at[c->at] >= '0' && c->text.at[c->at] <= '9' && c->at - start < most)
        *out = *out * 10 + (c->text.at[c->at++] - '0');
    return c->at - start >= least;
}

static bool take_date(struct cursor *c, struct feel_date *out)
{
    int64_t year, month, day;
    bool is_negative = take(c, '-');
    size_t start = c->at;
    if (!take_number(c, 4, 9, &year) || (c->at - start > 4 && c->text.at[start] == '0')) return false;
    if (!take(c, '-') || !take_number(c, 2, 2, &month) || !take(c, '-') || !take_number(c, 2, 2, &day)) return false;
    year = is_negative ? -year : year;
    if (!date_is_valid(year, month, day)) return false;
    *out = (struct feel_date){(int32_t)year, (int8_t)month, (int8_t)day};
    return true;
}

/* Digits after the point as nanoseconds; what is finer is cut. */
static bool take_fraction(struct cursor *c, int32_t *out)
{
    *out = 0;
    if (!take(c, '.')) return true;
    int32_t unit = (int32_t)(NANOS_PER_S / 10);
    size_t start = c->at;
    for (; c->at < c->text.len && c->text.at[c->at] >= '0' && c->text.at[c->at] <= '9'; c->at++, unit /= 10)
        *out += (c->text.at[c->at] - '0') * unit;
    return c->at > start;
}

static bool take_time(struct arena *a, struct cursor *c, struct feel_time *out)
{
    int64_t hour, minute, second;
    if (!take_number(c, 2, 2, &hour) || !take(c, ':') || !take_number(c, 2, 2, &minute) || !take(c, ':') ||
        !take_number(c, 2, 2, &second) || hour > 24 || minute > 59 || second > 59 || !take_fraction(c, &out->nanos) ||
        (hour == 24 && (minute > 0 || second > 0 || out->nanos > 0)))
        return false;
    out->second = (int32_t)(hour * 3600 + minute * 60 + second);
    out->zone = NULL;
    struct str rest = str_part(c->text, c->at, c->text.len);
    c->at = c->text.len;
    return rest.len == 0 || zone_parse(a, rest, &out->zone);
}

bool date_parse(struct str text, struct feel_date *out)
{
    struct cursor c = {text, 0};
    return take_date(&c, out) && c.at == text.len;
}

bool time_parse(struct arena *a, struct str text, struct feel_time *out)
{
    struct cursor c = {text, 0};
    (void)take(&c, 'T'); /* ISO 8601 allows it before a time */
    if (!take_time(a, &c, out) || c.at != text.len) return false;
    out->second %= (int32_t)S_PER_DAY; /* 24:00:00 is midnight (XML Schema 1.1, 3.3.7) */
    return true;
}

bool moment_parse(struct arena *a, struct str text, struct feel_moment *out)
{
    struct cursor c = {text, 0};
    out->time = (struct feel_time){0};
    if (!take_date(&c, &out->date)) return false;
    if (c.at == text.len) return true;
    if (!take(&c, 'T') || !take_time(a, &c, &out->time) || c.at != text.len) return false;
    if (out->time.second < S_PER_DAY) return true;
    out->time.second = 0; /* 24:00:00: the next day's first moment */
    return date_from_days(date_to_days(out->date) + 1, &out->date);
}

bool months_parse(struct str text, int64_t *out)
{
    struct cursor c = {text, 0};
    int64_t n, years = 0, months = 0;
    bool is_negative = take(&c, '-'), has_years = false, has_months = false;
    if (!take(&c, 'P') || !take_number(&c, 1, 12, &n)) return false;
    if (take(&c, 'Y')) {
        years = n;
        has_years = true;
        has_months = take_number(&c, 1, 12, &n);
    } else {
        has_months = true;
    }
    if (has_months) {
        if (!take(&c, 'M')) return false;
        months = n;
    }
    if (c.at != text.len || !(has_years || has_months)) return false;
    *out = (is_negative ? -1 : 1) * (years * 12 + months);
    return true;
}

/* Hours, minutes and seconds after the T, each at most once and in this order. */
static bool take_clock_part(struct cursor *c, nanos_t *sum)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {
        {'H', 3600},
        {'M', 60  },
        {'S', 1   }
    };
    size_t unit = 0;
    int64_t n;
    bool has_any = false;
    while (take_number(c, 1, 15, &n)) {
        int32_t fraction = 0;
        bool has_point = next_is(c, '.');
        if (has_point) {
            c->at++;
            if (!next_is(c, 'S')) {
                c->at--;
                if (!take_fraction(c, &fraction)) return false;
            }
        }
        while (unit < LENGTH(units) && !next_is(c, units[unit].letter)) unit++;
        if (unit == LENGTH(units) || (has_point && units[unit].letter != 'S')) return false;
        c->at++;
        *sum += (nanos_t)n * units[unit++].seconds * NANOS_PER_S + fraction;
        has_any = true;
    }
    return has_any;
}

bool nanos_parse(struct str text, nanos_t *out)
{
    struct cursor c = {text, 0};
    nanos_t sum = 0;
    int64_t days;
    bool is_negative = take(&c, '-');
    if (!take(&c, 'P')) return false;
    bool has_days = take_number(&c, 1, 15, &days);
    if (has_days) {
        if (!take(&c, 'D')) return false;
        sum = (nanos_t)days * S_PER_DAY * NANOS_PER_S;
    }
    bool has_clock = take(&c, 'T');
    if ((has_clock && !take_clock_part(&c, &sum)) || !(has_days || has_clock) || c.at != text.len) return false;
    *out = is_negative ? -sum : sum;
    return true;
}

/* ---- zones ---- */

const struct feel_zone *zone_of_offset(struct arena *a, int32_t offset_s)
{
    struct feel_zone *zone = ARENA_NEW(a, struct feel_zone);
    zone->offset_s = offset_s;
    return zone;
}

static bool to_utf16(struct str name, UChar out[ZONE_NAME_MOST])
{
    if (name.len == 0 || name.len >= ZONE_NAME_MOST) return false;
    for (size_t i = 0; i < name.len; i++) {
        if ((unsigned char)name.at[i] >= 0x80) return false;
        out[i] = (UChar)name.at[i];
    }
    out[name.len] = 0;
    return true;
}

static bool is_known_zone(struct str name)
{
    UChar wanted[ZONE_NAME_MOST], canonical[ZONE_NAME_MOST];
    UErrorCode status = U_ZERO_ERROR;
    UBool is_system = 0;
    if (!to_utf16(name, wanted)) return false;
    ucal_getCanonicalTimeZoneID(wanted, (int32_t)name.len, canonical, ZONE_NAME_MOST, &is_system, &status);
    return U_SUCCESS(status) && is_system;
}

static bool parse_offset(struct str text, int32_t *out)
{
    struct cursor c = {text, 0};
    int64_t hours, minutes, seconds = 0;
    bool is_west = take(&c, '-');
    if (!is_west && !take(&c, '+')) return false;
    if (!take_number(&c, 2, 2, &hours) || !take(&c, ':') || !take_number(&c, 2, 2, &minutes)) return false;
    if (take(&c, ':') && !take_number(&c, 2, 2, &seconds)) return false;
    int64_t all = hours * 3600 + minutes * 60 + seconds;
    if (c.at != text.len || minutes > 59 || seconds > 59 || all > OFFSET_MOST_S) return false;
    *out = (int32_t)(is_west ? -all : all);
    return true;
}

bool zone_parse(struct arena *a, struct str text, const struct feel_zone **out)
{
    int32_t offset = 0;
    if (str_starts(text, STR("@"))) {
        struct str name = str_part(text, 1, text.len);
        if (!is_known_zone(name)) return false;
        struct feel_zone *zone = ARENA_NEW(a, struct feel_zone);
        zone->name = str_dup(a, name);
        *out = zone;
        return true;
    }
    if (!str_eq(text, STR("Z")) && !str_eq(text, STR("z")) && !parse_offset(text, &offset)) return false;
    *out = zone_of_offset(a, offset);
    return true;
}

/* Of a named zone, at a local moment or at one of UTC. */
static int32_t named_offset(struct str name, int64_t seconds, bool is_utc)
{
    UChar id[ZONE_NAME_MOST];
    UErrorCode status = U_ZERO_ERROR;
    if (!to_utf16(name, id)) return 0;
    UCalendar *calendar = ucal_open(id, (int32_t)name.len, "en_US", UCAL_GREGORIAN, &status);
    int32_t raw = 0, saving = 0;
    if (U_SUCCESS(status)) {
        ucal_setMillis(calendar, (UDate)seconds * 1000, &status);
        if (is_utc) {
            raw = ucal_get(calendar, UCAL_ZONE_OFFSET, &status);
            saving = ucal_get(calendar, UCAL_DST_OFFSET, &status);
        } else {
            ucal_getTimeZoneOffsetFromLocal(calendar, UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, &raw, &saving,
                                            &status);
        }
    }
    if (U_FAILURE(status)) raw = saving = 0;
    ucal_close(calendar);
    return (raw + saving) / 1000;
}

static int64_t local_seconds(const struct feel_moment *m)
{
    return date_to_days(m->date) * S_PER_DAY + m->time.second;
}

int32_t zone_offset(const struct feel_moment *m)
{
    const struct feel_zone *zone = m->time.zone;
    if (zone == NULL) return 0;
    return zone->name.len > 0 ? named_offset(zone->name, local_seconds(m), false) : zone->offset_s;
}

/* ---- arithmetic ---- */

nanos_t moment_nanos(const struct feel_moment *m)
{
    return ((nanos_t)local_seconds(m) - zone_offset(m)) * NANOS_PER_S + m->time.nanos;
}

static nanos_t floor_div_wide(nanos_t a, nanos_t b)
{
    return a / b - (a % b != 0 && a < 0);
}

static bool from_local_nanos(nanos_t local, const struct feel_zone *zone, struct feel_moment *out)
{
    const nanos_t day = (nanos_t)S_PER_DAY * NANOS_PER_S;
    nanos_t days = floor_div_wide(local, day), rest = local - days * day;
    if (days > INT64_C(400000000000) || days < -INT64_C(400000000000)) return false;
    out->time = (struct feel_time){(int32_t)(rest / NANOS_PER_S), (int32_t)(rest % NANOS_PER_S), zone};
    return date_from_days((int64_t)days, &out->date);
}

bool moment_add(const struct feel_moment *m, nanos_t n, struct feel_moment *out)
{
    const nanos_t most = (nanos_t)INT64_MAX / 1000 * NANOS_PER_S;
    const struct feel_zone *zone = m->time.zone;
    nanos_t at = moment_nanos(m) + n;
    if (at > most || at < -most) return false;
    int32_t offset = zone_offset(m);
    if (zone != NULL && zone->name.len > 0) /* summer time may have begun or ended in between */
        offset = named_offset(zone->name, (int64_t)floor_div_wide(at, NANOS_PER_S), true);
    return from_local_nanos(at + (nanos_t)offset * NANOS_PER_S, zone, out);
}

struct feel_time time_add(struct feel_time t, nanos_t n)
{
    const nanos_t day = (nanos_t)S_PER_DAY * NANOS_PER_S;
    nanos_t at = (nanos_t)t.second * NANOS_PER_S + t.nanos + n;
    at -= floor_div_wide(at, day) * day;
    return (struct feel_time){(int32_t)(at / NANOS_PER_S), (int32_t)(at % NANOS_PER_S), t.zone};
}

/* ---- writing ---- */

struct str date_format(struct arena *a, struct feel_date d)
{
    return str_format(a, "%s%04d-%02d-%02d", d.year < 0 ? "-" : "", d.year < 0 ? -d.year : d.year, d.month, d.day);
}

/* ".25", or nothing. */
static void format_fraction(char out[16], int64_t nanos)
{
    out[0] = '\0';
    if (nanos == 0) return;
    int len = snprintf(out, 16, ".%09lld", (long long)nanos);
    while (out[len - 1] == '0') out[--len] = '\0';
}

static struct str zone_format(struct arena *a, const struct feel_zone *zone)
{
    if (zone == NULL) return STR("");
    if (zone->name.len > 0) return str_format(a, "@%.*s", STR_ARG(zone->name));
    if (zone->offset_s == 0) return STR("Z");
    int32_t s = zone->offset_s < 0 ? -zone->offset_s : zone->offset_s;
    char sign = zone->offset_s < 0 ? '-' : '+';
    if (s % 60 == 0) return str_format(a, "%c%02d:%02d", sign, s / 3600, s / 60 % 60);
    return str_format(a, "%c%02d:%02d:%02d", sign, s / 3600, s / 60 % 60, s % 60);
}

struct str time_format(struct arena *a, struct feel_time t)
{
    char fraction[16];
    format_fraction(fraction, t.nanos);
    return str_format(a, "%02d:%02d:%02d%s%.*s", t.second / 3600, t.second / 60 % 60, t.second % 60, fraction,
                      STR_ARG(zone_format(a, t.zone)));
}

struct str moment_format(struct arena *a, struct feel_moment m)
{
    return str_format(a, "%.*sT%.*s", STR_ARG(date_format(a, m.date)), STR_ARG(time_format(a, m.time)));
}

struct str months_format(struct arena *a, int64_t months)
{
    if (months == 0) return STR("P0M");
    int64_t all = months < 0 ? -months : months;
    char out[TEXT_MOST];
    int len = snprintf(out, sizeof out, "%sP", months < 0 ? "-" : "");
    if (all / 12 > 0) len += snprintf(&out[len], sizeof out - (size_t)len, "%lldY", (long long)(all / 12));
    if (all % 12 > 0) len += snprintf(&out[len], sizeof out - (size_t)len, "%lldM", (long long)(all % 12));
    return str_dup(a, str_of(out, (size_t)len));
}

struct str nanos_format(struct arena *a, nanos_t n)
{
    if (n == 0) return STR("PT0S");
    nanos_t all = n < 0 ? -n : n;
    int64_t seconds = (int64_t)(all / NANOS_PER_S), nanos = (int64_t)(all % NANOS_PER_S);
    int64_t days = seconds / S_PER_DAY, hours = seconds / 3600 % 24, minutes = seconds / 60 % 60;
    char out[TEXT_MOST], fraction[16];
    int len = snprintf(out, sizeof out, "%sP", n < 0 ? "-" : "");
    format_fraction(fraction, nanos);
    if (days > 0) len += snprintf(&out[len], sizeof out - (size_t)len, "%lldD", (long long)days);
    if (hours > 0 || minutes > 0 || seconds % 60 > 0 || nanos > 0)
        len += snprintf(&out[len], sizeof out - (size_t)len, "T");
    if (hours > 0) len += snprintf(&out[len], sizeof out - (size_t)len, "%lldH", (long long)hours);
    if (minutes > 0) len += snprintf(&out[len], sizeof out - (size_t)len, "%lldM", (long long)minutes);
    if (seconds % 60 > 0 || nanos > 0)
        len += snprintf(&out[len], sizeof out - (size_t)len, "%lld%sS", (long long)(seconds % 60), fraction);
    return str_dup(a, str_of(out, (size_t)len));
}
