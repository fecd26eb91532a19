#include "base/json.h"
#include "base/list.h"
#include "base/parse.h"
#include "calendar/calendar.h"
#include "calendar/calendar_data.h"

enum { DAY_MINUTES = 24 * 60, RANGE_DAYS_MOST = 60, YEAR_DAYS = 366, LUNAR_SHIFT_MOST = 15 };

static const char *const weekday_names[8] = {"",         "monday", "tuesday",  "wednesday",
                                             "thursday", "friday", "saturday", "sunday"};

struct reader {
    struct arena *a;
    struct calendar *c;
    bool has_base;
    LIST(struct special) specials;
    bool is_stated[YEAR_COUNT]; /* this file lists the year: the rules leave it alone */
    struct fail *why;
};

/* Where a value stands, as a JSON pointer. */
static struct str below(struct reader *r, struct str place, const char *key)
{
    return str_format(r->a, "%.*s/%s", STR_ARG(place), key);
}

static struct str item_of(struct reader *r, struct str place, size_t i)
{
    return str_format(r->a, "%.*s/%zu", STR_ARG(place), i);
}

/* An object with none but the known keys (a list of words). */
static bool is_object_of(struct reader *r, struct str place, yyjson_val *v, const char *keys)
{
    if (!yyjson_is_obj(v)) {
        fail_problem(r->why, place, "type", N_("An object is expected here."));
        return false;
    }
    yyjson_obj_iter it = yyjson_obj_iter_with(v);
    yyjson_val *key;
    while ((key = yyjson_obj_iter_next(&it)) != NULL) {
        struct str rest = str_from(keys), word;
        bool is_known = false;
        while (!is_known && rest.len > 0) {
            (void)str_cut(rest, ' ', &word, &rest); /* the last word has no space after it */
            is_known = str_eq(word, json_text(key));
        }
        if (!is_known) fail_problem(r->why, place, "unknown", N_("The key “{0}” is not known here."), json_text(key));
    }
    return true;
}

/* A list, or nothing at all. */
static bool is_list(struct reader *r, struct str place, yyjson_val *v)
{
    if (v && !yyjson_is_arr(v)) fail_problem(r->why, place, "type", N_("A list is expected here."));
    return yyjson_is_arr(v);
}

static struct str text_of(struct reader *r, struct str place, yyjson_val *object, const char *key)
{
    struct str text = json_str(object, key);
    if (text.len == 0) fail_problem(r->why, below(r, place, key), "required", N_("A text is needed here."));
    return text;
}

static bool read_day(struct reader *r, struct str place, yyjson_val *object, const char *key, day_t *out)
{
    struct fail reason;
    fail_init(&reason, r->a);
    day_t first = day_from_civil((struct civil){CALENDAR_FIRST_YEAR, 1, 1}),
          end = day_from_civil((struct civil){CALENDAR_LAST_YEAR + 1, 1, 1}), d;
    if (day_parse(json_str(object, key), &d, &reason) != OK || d < first || d >= end) {
        fail_problem(r->why, below(r, place, key), "format",
                     N_("A day from 2020 to 2045 is needed here, as 2026-11-24."));
        return false;
    }
    *out = d;
    return true;
}

static int weekday_of(struct str name)
{
    for (int w = 1; w <= 7; w++) {
        if (str_eq(name, str_from(weekday_names[w]))) return w;
    }
    return 0;
}

/* ---- interning ---- */

static uint8_t note_of(struct reader *r, struct str place, struct str text)
{
    struct calendar *c = r->c;
    for (size_t i = 0; i < c->note_count; i++) {
        if (str_eq(c->notes[i], text)) return (uint8_t)i;
    }
    if (c->note_count == NOTES_MOST) {
        fail_problem(r->why, place, "too-many", N_("The calendar has too many different notes."));
        return 0;
    }
    c->notes[c->note_count] = str_dup(r->a, text);
    return (uint8_t)c->note_count++;
}

static bool pattern_eq(const struct pattern *a, const struct pattern *b)
{
    if (a->shift_count != b->shift_count) return false;
    for (int i = 0; i < a->shift_count; i++) {
        if (a->shifts[i].start != b->shifts[i].start || a->shifts[i].end != b->shifts[i].end) return false;
    }
    return true;
}

static uint8_t pattern_id(struct reader *r, struct str place, const struct pattern *p)
{
    struct calendar *c = r->c;
    for (size_t i = 0; i < c->pattern_count; i++) {
        if (pattern_eq(&c->patterns[i], p)) return (uint8_t)i;
    }
    if (c->pattern_count == PATTERNS_MOST) {
        fail_problem(r->why, place, "too-many", N_("The calendar has too many different kinds of day."));
        return 0;
    }
    c->patterns[c->pattern_count] = *p;
    return (uint8_t)c->pattern_count++;
}

static void add_special(struct reader *r, struct str place, struct special s)
{
    if (r->specials.count < SPECIALS_MOST) {
        LIST_PUSH(r->a, r->specials) = s;
    } else {
        fail_problem(r->why, place, "too-many", N_("The calendar has too many special days."));
    }
}

/* ---- shifts and weeks ---- */

static bool minute_parse(struct str s, int *out)
{
    int hour, minute;
    if (s.len != 5 || s.at[2] != ':' || !parse_is_digits(str_part(s, 0, 2), 2, 2) ||
        !parse_is_digits(str_part(s, 3, 2), 2, 2) || !parse_int(str_part(s, 0, 2), 0, 24, &hour) ||
        !parse_int(str_part(s, 3, 2), 0, 59, &minute) || hour * 60 + minute > DAY_MINUTES)
        return false;
    *out = hour * 60 + minute;
    return true;
}

/* ["07:30-11:30", "13:00-17:00"] */
static uint8_t read_shifts(struct reader *r, struct str place, yyjson_val *list)
{
    struct pattern p = {0};
    if (!is_list(r, place, list)) return 0;
    if (yyjson_arr_size(list) > SHIFTS_MOST) {
        fail_problem(r->why, place, "too-many", N_("A day has at most four shifts."));
        return 0;
    }
    yyjson_arr_iter it = yyjson_arr_iter_with(list);
    for (yyjson_val *v; (v = yyjson_arr_iter_next(&it)) != NULL;) {
        struct str from, to;
        int start, end, earlier = p.shift_count > 0 ? p.shifts[p.shift_count - 1].end : -1;
        if (!str_cut(json_text(v), '-', &from, &to) || !minute_parse(from, &start) || !minute_parse(to, &end) ||
            start >= end || start <= earlier) {
            fail_problem(r->why, item_of(r, place, (size_t)p.shift_count), "format",
                         N_("A shift is written 07:30-11:30, and shifts follow each other with a pause between."));
            return 0;
        }
        p.shifts[p.shift_count++] = (struct shift){(int16_t)start, (int16_t)end};
        p.minutes += end - start;
    }
    return pattern_id(r, place, &p);
}

/* {"monday": [shifts], ...}: a day that is not named has none. Minutes of the whole week. */
static int read_seven_days(struct reader *r, struct str place, yyjson_val *days, uint8_t out[8])
{
    int minutes = 0;
    if (!is_object_of(r, place, days, "monday tuesday wednesday thursday friday saturday sunday")) return 1;
    for (int w = 1; w <= 7; w++) {
        yyjson_val *shifts = json_get(days, weekday_names[w]);
        out[w] = shifts ? read_shifts(r, below(r, place, weekday_names[w]), shifts) : 0;
        minutes += r->c->patterns[out[w]].minutes;
    }
    return minutes;
}

static void read_week(struct reader *r, yyjson_val *week)
{
    if (read_seven_days(r, STR("#/week"), week, r->c->week) == 0)
        fail_problem(r->why, STR("#/week"), "required", N_("A week needs at least one day with work."));
}

/* When the counter takes dossiers besides, and whether the office never closes; a base's hold until they are said. */
static void read_opening(struct reader *r, yyjson_val *root)
{
    yyjson_val *flag = json_get(root, "round_the_clock");
    if (json_get(root, "counter")) (void)read_seven_days(r, STR("#/counter"), json_get(root, "counter"), r->c->counter);
    if (flag && !yyjson_is_bool(flag))
        fail_problem(r->why, STR("#/round_the_clock"), "type", N_("This has to be true or false."));
    if (flag) r->c->is_round_the_clock = yyjson_is_true(flag);
}

/* ---- the days of a stated year ---- */

static void read_days_off(struct reader *r, struct str place, yyjson_val *v)
{
    day_t from, to;
    if (!is_object_of(r, place, v, "from to name") || !read_day(r, place, v, "from", &from)) return;
    to = from;
    if (json_get(v, "to") && !read_day(r, place, v, "to", &to)) return;
    if (to < from || to - from >= RANGE_DAYS_MOST) {
        fail_problem(r->why, below(r, place, "to"), "order", N_("The last day comes after the first, within 60 days."));
        return;
    }
    uint8_t note = note_of(r, place, text_of(r, place, v, "name"));
    for (day_t d = from; d <= to; d++) add_special(r, place, (struct special){.day = d, .note = note});
}

static void read_day_of_work(struct reader *r, struct str place, yyjson_val *v)
{
    struct special s = {0};
    if (!is_object_of(r, place, v, "day as shifts name") || !read_day(r, place, v, "day", &s.day)) return;
    s.note = note_of(r, place, text_of(r, place, v, "name"));
    if (json_get(v, "shifts")) {
        s.pattern = read_shifts(r, below(r, place, "shifts"), json_get(v, "shifts"));
    } else {
        s.as_weekday = weekday_of(json_str(v, "as"));
        if (s.as_weekday == 0)
            fail_problem(r->why, below(r, place, "as"), "required",
                         N_("Say how the day is worked: as a weekday (monday to sunday), or its shifts."));
    }
    add_special(r, place, s);
}

static void read_each(struct reader *r, struct str place, yyjson_val *list,
                      void (*read)(struct reader *, struct str, yyjson_val *))
{
    if (!is_list(r, place, list)) return;
    size_t i = 0;
    yyjson_arr_iter it = yyjson_arr_iter_with(list);
    for (yyjson_val *v; (v = yyjson_arr_iter_next(&it)) != NULL; i++) read(r, item_of(r, place, i), v);
}

static void read_status(struct reader *r, struct str place, yyjson_val *v, int year)
{
    struct str status = json_str(v, "status");
    bool is_announced = str_eq(status, STR("announced"));
    if (!is_announced && !str_eq(status, STR("provisional")) && !(r->has_base && !json_get(v, "status")))
        fail_problem(r->why, below(r, place, "status"), "required", N_("The status is announced or provisional."));
    if (is_announced) (void)text_of(r, place, v, "source"); /* only checked: people read it in the file */
    if (status.len > 0) r->c->is_announced[year - CALENDAR_FIRST_YEAR] = is_announced;
}

static void read_year(struct reader *r, struct str place, yyjson_val *v)
{
    if (!is_object_of(r, place, v, "year status source off work")) return;
    int64_t year = json_int(v, "year", 0);
    if (year < CALENDAR_FIRST_YEAR || year > CALENDAR_LAST_YEAR || r->is_stated[year - CALENDAR_FIRST_YEAR]) {
        fail_problem(r->why, below(r, place, "year"), "range",
                     N_("A year from 2020 to 2045 is needed here, each once."));
        return;
    }
    r->is_stated[year - CALENDAR_FIRST_YEAR] = true;
    read_status(r, place, v, (int)year);
    read_each(r, below(r, place, "off"), json_get(v, "off"), read_days_off);
    read_each(r, below(r, place, "work"), json_get(v, "work"), read_day_of_work);
}

/* ---- years computed by rule ---- */

/* The holidays of one year while they are gathered, and the rest days that come instead of them. */
struct holidays {
    day_t first; /* 1 January */
    int count;   /* days in the year */
    bool is_off[YEAR_DAYS + 1];
    uint8_t note[YEAR_DAYS + 1];
};

static void add_holiday(struct holidays *h, day_t d, uint8_t note)
{
    int i = d - h->first;
    if (i < 0 || i >= h->count) return; /* a lunar new year never reaches another civil year; checked data may */
    h->is_off[i] = true;
    h->note[i] = note;
}

/* {"name", "month", "day", "from": day it first applies, "second_day": {"monday": "after", ...}} */
static void apply_fixed(struct reader *r, struct str place, yyjson_val *v, struct holidays *h)
{
    struct civil date = {day_to_civil(h->first).year, (int)json_int(v, "month", 0), (int)json_int(v, "day", 0)};
    day_t since, d = civil_is_valid(date) ? day_from_civil(date) : h->first;
    if (!civil_is_valid(date))
        fail_problem(r->why, below(r, place, "day"), "range", N_("There is no such day in every year."));
    if (json_get(v, "from") && (!read_day(r, place, v, "from", &since) || d < since)) return;
    uint8_t note = note_of(r, place, text_of(r, place, v, "name"));
    add_holiday(h, d, note);
    yyjson_val *second = json_get(v, "second_day");
    if (!second) return;
    struct str side = json_str(second, weekday_names[day_of_week(d)]);
    if (str_eq(side, STR("before"))) {
        add_holiday(h, d - 1, note);
    } else if (str_eq(side, STR("after"))) {
        add_holiday(h, d + 1, note);
    } else {
        fail_problem(r->why, below(r, place, "second_day"), "required", N_("Say before or after for each weekday."));
    }
}

/* {"name", "event": a key of the lunar table, "first": -1, "last": 3}: days around the event. */
static void apply_lunar(struct reader *r, struct str place, yyjson_val *v, yyjson_val *table, struct holidays *h)
{
    int64_t year = day_to_civil(h->first).year, first = json_int(v, "first", 0), last = json_int(v, "last", 0);
    if (first < -LUNAR_SHIFT_MOST || last > LUNAR_SHIFT_MOST || first > last) {
        fail_problem(r->why, below(r, place, "first"), "range",
                     N_("The last day comes after the first, within 60 days."));
        return;
    }
    uint8_t note = note_of(r, place, text_of(r, place, v, "name"));
    struct str event = text_of(r, place, v, "event");
    yyjson_arr_iter it = yyjson_arr_iter_with(table);
    for (yyjson_val *row; (row = yyjson_arr_iter_next(&it)) != NULL;) {
        day_t d;
        if (json_int(row, "year", 0) != year || event.len == 0) continue;
        if (!read_day(r, STR("#/rules/lunar_days"), row, str_cstr(r->a, event), &d)) return;
        for (int64_t i = first; i <= last; i++) add_holiday(h, d + (day_t)i, note);
    }
}

static bool is_weekly_rest(const struct reader *r, day_t d)
{
    return r->c->patterns[r->c->week[day_of_week(d)]].shift_count == 0;
}

/* Labour Code 2019 (Law 45/2019/QH14) art. 111(3): a holiday on the weekly rest day gives rest on the next working day.
 */
static void add_rest_in_lieu(struct reader *r, struct holidays *h, uint8_t note)
{
    bool is_in_lieu[YEAR_DAYS + 1] = {false};
    for (int i = 0; i < h->count; i++) {
        if (!h->is_off[i] || is_in_lieu[i] || !is_weekly_rest(r, h->first + i)) continue;
        int next = i + 1;
        while (next < h->count && (h->is_off[next] || is_weekly_rest(r, h->first + next))) next++;
        if (next == h->count)
            continue; /* only a holiday at the very end of December could be lost, and there is none */
        is_in_lieu[next] = true;
        add_holiday(h, h->first + next, note);
    }
}

static void apply_each(struct reader *r, yyjson_val *rules, const char *key, struct holidays *h)
{
    yyjson_val *list = json_get(rules, key), *table = json_get(rules, "lunar_days");
    struct str place = below(r, STR("#/rules"), key);
    bool is_lunar = str_eq(str_from(key), STR("lunar"));
    if (!is_list(r, place, list)) return;
    size_t i = 0;
    yyjson_arr_iter it = yyjson_arr_iter_with(list);
    for (yyjson_val *v; (v = yyjson_arr_iter_next(&it)) != NULL; i++) {
        struct str at = item_of(r, place, i);
        if (!is_object_of(r, at, v, is_lunar ? "name event first last basis" : "name month day from second_day basis"))
            continue;
        if (is_lunar) {
            apply_lunar(r, at, v, table, h);
        } else {
            apply_fixed(r, at, v, h);
        }
    }
}

static void apply_rules_to(struct reader *r, yyjson_val *rules, int year)
{
    struct holidays h = {.first = day_from_civil((struct civil){year, 1, 1})};
    h.count = day_from_civil((struct civil){year + 1, 1, 1}) - h.first;
    apply_each(r, rules, "fixed", &h);
    apply_each(r, rules, "lunar", &h);
    struct str in_lieu = json_str(rules, "rest_in_lieu");
    if (in_lieu.len > 0) add_rest_in_lieu(r, &h, note_of(r, STR("#/rules"), in_lieu));
    for (int i = 0; i < h.count; i++) {
        if (h.is_off[i]) add_special(r, STR("#/rules"), (struct special){.day = h.first + i, .note = h.note[i]});
    }
}

/* The rules speak for the years that nobody has announced; they stay provisional. */
static void apply_rules(struct reader *r, yyjson_val *rules)
{
    if (!is_object_of(r, STR("#/rules"), rules, "source rest_in_lieu fixed lunar lunar_days")) return;
    (void)is_list(r, STR("#/rules/lunar_days"), json_get(rules, "lunar_days")); /* notes the problem */
    for (int year = CALENDAR_FIRST_YEAR; year <= CALENDAR_LAST_YEAR && r->why->problem_count == 0; year++) {
        if (!r->is_stated[year - CALENDAR_FIRST_YEAR]) apply_rules_to(r, rules, year);
    }
}

/* ---- the whole ---- */

static bool is_name(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
    }
    return s.len > 0 && s.len <= 60;
}

static struct calendar *calendar_over(struct arena *a, const struct calendar *base)
{
    struct calendar *c = ARENA_NEW(a, struct calendar);
    if (base) {
        *c = *base;
    } else {
        c->pattern_count = 1; /* the day off */
        c->note_count = 1;    /* nothing to say */
    }
    return c;
}

static void read_head(struct reader *r, yyjson_val *root, const struct calendar *base)
{
    struct str name = json_str(root, "name"), wanted = json_str(root, "base");
    if (!is_name(name))
        fail_problem(r->why, STR("#/name"), "format", N_("A name has small letters, digits and hyphens only."));
    r->c->name = str_dup(r->a, name);
    r->c->title = str_dup(r->a, text_of(r, STR("#"), root, "title"));
    if (!str_eq(wanted, base ? base->name : STR("")))
        fail_problem(r->why, STR("#/base"), "unknown",
                     N_("The calendar “{0}”, on which this one is laid, is not there."), wanted);
    if (json_get(root, "week")) {
        read_week(r, json_get(root, "week"));
    } else if (!base) {
        fail_problem(r->why, STR("#/week"), "required", N_("A week needs at least one day with work."));
    }
    read_opening(r, root);
    if (base && json_get(root, "rules"))
        fail_problem(r->why, STR("#/rules"), "unknown", N_("Only a calendar that stands alone has rules."));
}

static struct sha256 version_of(struct arena *a, yyjson_val *root, const struct calendar *base)
{
    struct str parts[2] = {json_canonical(a, root)};
    if (base) parts[1] = str_of((const char *)base->version.at, SHA256_BYTES);
    return sha256_of_parts(parts, base ? 2 : 1);
}

/* Own specials after the base's, so that they win. */
static void take_specials(struct reader *r, const struct calendar *base)
{
    size_t base_count = base ? base->special_count : 0, count = base_count + r->specials.count;
    r->c->specials = ARENA_ARRAY(r->a, struct special, count);
    if (base_count > 0) memcpy(r->c->specials, base->specials, base_count * sizeof *base->specials);
    if (r->specials.count > 0)
        memcpy(r->c->specials + base_count, r->specials.at, r->specials.count * sizeof *r->specials.at);
    r->c->special_count = count;
}

static enum outcome read_root(struct arena *a, struct str text, yyjson_val **out, struct fail *why)
{
    if (text.len > CALENDAR_TEXT_BYTES) return fail(why, ERR_TOO_LARGE, N_("The calendar file is too large."));
    return json_read(a, text, out, why);
}

enum outcome calendar_parse(struct arena *a, struct str text, const struct calendar *base, const struct calendar **out,
                            struct fail *why)
{
    yyjson_val *root;
    TRY(read_root(a, text, &root, why));
    struct reader r = {.a = a, .c = calendar_over(a, base), .has_base = base != NULL, .why = why};
    if (is_object_of(&r, STR("#"), root, "name title base note week counter round_the_clock rules years")) {
        read_head(&r, root, base);
        read_each(&r, STR("#/years"), json_get(root, "years"), read_year);
        if (json_get(root, "rules")) apply_rules(&r, json_get(root, "rules"));
    }
    TRY(fail_if_problems(why));
    take_specials(&r, base);
    r.c->version = version_of(a, root, base);
    calendar_lay_out(a, r.c);
    *out = r.c;
    return OK;
}

enum outcome calendar_base_name(struct arena *a, struct str text, struct str *out, struct fail *why)
{
    yyjson_val *root;
    TRY(read_root(a, text, &root, why));
    *out = json_str(root, "base");
    return OK;
}
