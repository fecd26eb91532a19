#include "base/test.h"

#include <time.h>

#include "base/file.h"
#include "calendar/calendar.h"

static struct arena arena;
static struct fail why;
static const struct calendar *vietnam;

static int load(void **state)
{
    struct str text;
    (void)state;
    arena_init(&arena, 64 << 20);
    fail_init(&why, &arena);
    if (file_read(&arena, STR("calendars/vietnam.json"), CALENDAR_TEXT_BYTES, &text, &why) != OK) return -1;
    return calendar_parse(&arena, text, NULL, &vietnam, &why) == OK ? 0 : -1;
}

static instant_t at(const char *text) /* "2025-04-30 10:00" local */
{
    instant_t t;
    assert_int_equal(instant_parse(str_format(&arena, "%.10sT%s:00+07:00", text, text + 11), &t, &why), OK);
    return t;
}

static day_t day(const char *text)
{
    day_t d;
    assert_int_equal(day_parse(str_from(text), &d, &why), OK);
    return d;
}

static struct term term(const char *text)
{
    struct term t;
    assert_int_equal(term_parse(str_from(text), &t, &why), OK);
    return t;
}

static struct str local(instant_t t) /* the inverse of at() */
{
    if (t == INSTANT_NONE) return STR("");
    struct str d = day_format(&arena, day_of(t));
    int minutes = (int)(us_of_day(t) / US_PER_MINUTE);
    return str_format(&arena, "%.*s %02d:%02d", STR_ARG(d), minutes / 60, minutes % 60);
}

static void real_dates_are_due_when_a_clerk_would_say(void **state)
{
    static const struct {
        const char *received, *term, *due;
    } rows[] = {
  /* an ordinary week of November 2025: Monday 10 to Friday 14 */
        {"2025-11-10 10:00", "1wd",   "2025-11-11 10:00"},
        {"2025-11-10 10:00", "5wd",   "2025-11-17 10:00"},
        {"2025-11-10 07:30", "1wd",   "2025-11-10 17:00"},
        {"2025-11-10 06:00", "1wd",   "2025-11-10 17:00"},
        {"2025-11-10 12:15", "1wd",   "2025-11-11 11:30"},
        {"2025-11-10 17:00", "1wd",   "2025-11-11 17:00"},
        {"2025-11-10 20:00", "1wd",   "2025-11-11 17:00"},
        {"2025-11-14 16:00", "1wd",   "2025-11-17 16:00"},
        {"2025-11-15 09:00", "1wd",   "2025-11-17 17:00"},
        {"2025-11-10 10:00", "0.5wd", "2025-11-10 15:30"},
        {"2025-11-10 10:00", "0.5h",  "2025-11-10 10:30"},
        {"2025-11-10 11:15", "0.5h",  "2025-11-10 13:15"},
        {"2025-11-14 16:45", "14h",   "2025-11-18 14:45"},
        {"2025-11-14 16:45", "14h/7", "2025-11-15 06:45"},
        {"2025-11-10 10:00", "0h",    "2025-11-10 17:00"},
        {"2025-11-10 17:00", "0h",    "2025-11-11 17:00"},
        {"2025-11-14 18:00", "0h",    "2025-11-17 17:00"},
        {"2025-11-10 10:00", "0h/7",  "2025-11-11 00:00"},
        {"2025-11-10 10:00", "3d",    "2025-11-13 17:00"},
        {"2025-11-10 22:00", "5d",    "2025-11-17 17:00"},
        {"2025-11-10 10:00", "",      ""                },
 /* the lunar new year 2025: 25 January to 2 February */
        {"2025-01-24 10:00", "1wd",   "2025-02-03 10:00"},
        {"2025-01-24 10:00", "3d",    "2025-02-03 17:00"},
        {"2025-01-20 10:00", "10wd",  "2025-02-10 10:00"},
        {"2025-01-24 10:00", "24h/7", "2025-01-25 10:00"},
 /* 2 May 2025 was swapped with Saturday 26 April */
        {"2025-04-25 10:00", "1wd",   "2025-04-26 10:00"},
        {"2025-04-25 10:00", "2wd",   "2025-04-28 10:00"},
        {"2025-04-29 10:00", "1wd",   "2025-05-05 10:00"},
        {"2025-04-20 10:00", "6d",    "2025-04-26 17:00"},
        {"2025-04-25 10:00", "5d",    "2025-05-05 17:00"},
 /* National Day 2025: Saturday 30 August to Tuesday 2 September */
        {"2025-08-29 15:00", "1wd",   "2025-09-03 15:00"},
        {"2025-08-28 15:00", "5d",    "2025-09-03 17:00"},
 /* the swaps of 2026, and the first 24 November */
        {"2025-12-31 16:00", "1wd",   "2026-01-05 16:00"},
        {"2026-01-09 16:00", "1wd",   "2026-01-10 16:00"},
        {"2026-08-21 16:00", "1wd",   "2026-08-22 16:00"},
        {"2026-08-28 16:00", "1wd",   "2026-09-03 16:00"},
        {"2026-11-23 09:00", "1wd",   "2026-11-25 09:00"},
        {"2026-04-24 09:00", "1wd",   "2026-04-28 09:00"},
 /* months */
        {"2025-03-14 09:00", "1m",    "2025-04-14 17:00"},
        {"2025-03-12 09:00", "1m",    "2025-04-14 17:00"}, /* 12 April is a Saturday */
        {"2025-10-31 09:00", "1m",    "2025-12-01 17:00"}, /* 30 November is a Sunday */
        {"2025-12-31 09:00", "2m",    "2026-03-02 17:00"}, /* 28 February is a Saturday */
        {"2023-11-30 09:00", "3m",    "2024-02-29 17:00"}, /* a leap year */
        {"2024-02-29 09:00", "12m",   "2025-02-28 17:00"}, /* no 29 February */
        {"2023-02-28 09:00", "12m",   "2024-02-28 17:00"},
        {"2024-01-29 09:00", "1m",    "2024-02-29 17:00"},
        {"2025-01-31 09:00", "1m",    "2025-02-28 17:00"},
        {"2025-08-31 09:00", "6m",    "2026-03-02 17:00"}, /* 28 February 2026 is a Saturday */
        {"2025-11-10 00:00", "3d",    "2025-11-13 17:00"},
        {"2025-11-10 23:59", "3d",    "2025-11-13 17:00"},
        {"2025-11-10 00:00", "0h",    "2025-11-10 17:00"},
        {"2025-11-10 16:59", "0h",    "2025-11-10 17:00"},
        {"2025-11-03 09:00", "0.5m",  "2025-11-18 17:00"},
        {"2025-10-03 09:00", "1.5m",  "2025-11-18 17:00"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct due due;
        assert_int_equal(calendar_due(vietnam, at(rows[i].received), term(rows[i].term), &due, &why), OK);
        assert_str(local(due.at), rows[i].due);
    }
}

static void a_date_that_leans_on_an_unannounced_year_says_so(void **state)
{
    static const struct {
        const char *received, *term;
        bool is_provisional;
    } rows[] = {
        {"2026-11-23 09:00", "10wd",  false},
        {"2026-12-30 09:00", "5wd",   true },
        {"2026-12-30 09:00", "5d",    true },
        {"2026-12-25 09:00", "5d",    false},
        {"2026-12-30 09:00", "96h/7", false},
        {"2026-12-31 18:00", "0h",    true },
        {"2060-03-01 09:00", "1wd",   true },
        {"2026-12-31 18:00", "",      false},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct due due;
        assert_int_equal(calendar_due(vietnam, at(rows[i].received), term(rows[i].term), &due, &why), OK);
        assert_int_equal(due.is_provisional, rows[i].is_provisional);
    }
    assert_false(calendar_is_provisional(vietnam, 2024));
    assert_true(calendar_is_provisional(vietnam, 2027));
    assert_true(calendar_is_provisional(vietnam, 1999));
}

static void the_rules_give_each_year_its_days(void **state)
{
    static const struct {
        const char *day, *note;
        bool is_working;
    } rows[] = {
        {"2027-01-01", "Tết Dương lịch",       false},
        {"2027-02-05", "Tết Nguyên đán",        false},
        {"2027-02-09", "Tết Nguyên đán",        false},
        {"2027-02-10", "Nghỉ bù",                 false}, /* for Saturday the 6th */
        {"2027-02-11", "Nghỉ bù",                 false}, /* for Sunday the 7th */
        {"2027-02-12", "",                           true },
        {"2027-04-16", "Giỗ Tổ Hùng Vương",   false},
        {"2027-05-03", "Nghỉ bù",                 false}, /* 1 May 2027 is a Saturday */
        {"2027-09-02", "Quốc khánh",              false},
        {"2027-09-03", "Quốc khánh",              false}, /* 2 September 2027 is a Thursday */
        {"2027-11-24", "Ngày Văn hóa Việt Nam", false},
        {"2023-11-24", "",                           true },
        {"2022-02-01", "Tết Nguyên đán",        false},
        {"2026-11-24", "Ngày Văn hóa Việt Nam", false},
        {"2025-04-26", "Làm bù cho 02/5",          true },
        {"2025-11-24", "",                           true },
        {"2045-12-31", "",                           false},
        {"2046-01-01", "",                           true }, /* beyond the table: only the weekly rule */
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_str(calendar_day_note(vietnam, day(rows[i].day)), rows[i].note);
        assert_int_equal(calendar_is_working_day(vietnam, day(rows[i].day)), rows[i].is_working);
    }
    /* Art. 112: eleven days a year, twelve since 24 November; rest in lieu makes every one of them a weekday. */
    for (int year = 2021; year <= CALENDAR_LAST_YEAR; year++) {
        int free_weekdays = 0, made_up = 0;
        day_t end = day_from_civil((struct civil){year + 1, 1, 1});
        for (day_t d = day_from_civil((struct civil){year, 1, 1}); d < end; d++) {
            if (day_of_week(d) <= 5) free_weekdays += !calendar_is_working_day(vietnam, d);
            if (day_of_week(d) > 5) made_up += calendar_is_working_day(vietnam, d);
        }
        assert_int_equal(free_weekdays - made_up, year < 2026 ? 11 : 12);
    }
}

static void the_counter_is_open_in_its_shifts(void **state)
{
    static const struct {
        const char *moment, *next_open;
    } rows[] = {
        {"2025-11-10 07:29", "2025-11-10 07:30"},
        {"2025-11-10 07:30", "2025-11-10 07:30"},
        {"2025-11-10 11:29", "2025-11-10 11:29"},
        {"2025-11-10 11:30", "2025-11-10 13:00"},
        {"2025-11-10 17:00", "2025-11-11 07:30"},
        {"2025-01-24 18:00", "2025-02-03 07:30"},
        {"2025-04-26 00:00", "2025-04-26 07:30"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        instant_t moment = at(rows[i].moment);
        assert_str(local(calendar_next_open(vietnam, moment)), rows[i].next_open);
        assert_int_equal(calendar_is_open(vietnam, moment), strcmp(rows[i].moment, rows[i].next_open) == 0);
    }
    assert_int_equal(calendar_working_us(vietnam, at("2025-11-10 11:00"), at("2025-11-10 13:30")), US_PER_HOUR);
    assert_int_equal(calendar_working_us(vietnam, at("2025-01-20 07:30"), at("2025-02-10 07:30")), 10 * WORKING_DAY_US);
    assert_int_equal(calendar_working_us(vietnam, at("2025-11-10 13:30"), at("2025-11-10 11:00")), -US_PER_HOUR);
}

static void a_held_dossier_keeps_what_was_left(void **state)
{
    static const struct {
        const char *term, *due, *held, *resumed, *new_due;
        double left_hours;
    } rows[] = {
        {"10wd",  "2025-11-24 10:00", "2025-11-11 10:00", "2025-11-13 10:00", "2025-11-26 10:00", 9 * 8      },
        {"10wd",  "2025-11-24 10:00", "2025-11-14 18:00", "2025-11-16 10:00", "2025-11-24 10:00", 5 * 8 + 2.5},
        {"4h",    "2025-11-10 15:30", "2025-11-10 11:00", "2025-11-10 13:30", "2025-11-10 16:30", 3          },
        {"48h/7", "2025-11-12 10:00", "2025-11-11 10:00", "2025-11-15 10:00", "2025-11-16 10:00", 24         },
        {"15d",   "2025-11-25 17:00", "2025-11-20 09:00", "2025-11-27 15:00", "2025-12-02 17:00", 5 * 24     },
        {"15d",   "2025-11-25 17:00", "2025-11-20 09:00", "2025-11-24 15:00", "2025-12-01 17:00", 5 * 24     },
        {"1wd",   "2025-11-10 10:00", "2025-11-11 10:00", "2025-11-12 10:00", "2025-11-11 10:00", -8         },
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct due due;
        struct term t = term(rows[i].term);
        assert_int_equal(calendar_remaining(vietnam, t, at(rows[i].due), at(rows[i].held)),
                         (int64_t)(rows[i].left_hours * US_PER_HOUR));
        assert_int_equal(
            calendar_resume(vietnam, t, at(rows[i].due), at(rows[i].held), at(rows[i].resumed), &due, &why), OK);
        assert_str(local(due.at), rows[i].new_due);
    }
}

static const struct calendar *parse(const char *text, const struct calendar *base)
{
    const struct calendar *c = NULL;
    fail_init(&why, &arena);
    enum outcome o = calendar_parse(&arena, str_from(text), base, &c, &why);
    if (o != OK) return NULL;
    return c;
}

static void an_agency_lays_its_own_days_over_the_state_calendar(void **state)
{
    (void)state;
    const struct calendar *c = parse(
        "{\"name\": \"my-son\", \"title\": \"Xã Mỹ Sơn\", \"base\": \"vietnam\", \"week\": {"
        "\"monday\": [\"07:00-11:30\", \"13:30-17:00\"], \"tuesday\": [\"07:00-11:30\", \"13:30-17:00\"],"
        "\"wednesday\": [\"07:00-11:30\", \"13:30-17:00\"], \"thursday\": [\"07:00-11:30\", \"13:30-17:00\"],"
        "\"friday\": [\"07:00-11:30\", \"13:30-17:00\"], \"saturday\": [\"07:30-11:30\"]}, \"years\": [{\"year\": 2025,"
        "\"off\": [{\"from\": \"2025-11-12\", \"name\": \"Lễ hội\"}],"
        "\"work\": [{\"day\": \"2025-11-16\", \"shifts\": [\"08:00-10:00\"], \"name\": \"Trực\"}]}]}",
        vietnam);
    assert_non_null(c);
    struct due due;
    assert_int_equal(calendar_minutes_of_day(c, day("2025-11-15")), 240);
    assert_str(calendar_day_note(c, day("2025-11-12")), "Lễ hội");
    assert_false(calendar_is_working_day(c, day("2025-01-29"))); /* from the base */
    assert_false(calendar_is_working_day(c, day("2025-01-25")));
    assert_false(calendar_is_provisional(c, 2025));
    assert_int_equal(calendar_minutes_of_day(c, day("2025-04-26")), 480); /* worked as its own Friday */
    /* Tuesday 16:00, three hours: one on Tuesday, two on Thursday */
    assert_int_equal(calendar_due(c, at("2025-11-11 16:00"), term("3h"), &due, &why), OK);
    assert_str(local(due.at), "2025-11-13 09:00");
    /* Friday 16:00, one working day of 8 hours: one, four on Saturday, two on Sunday's duty, one on Monday */
    assert_int_equal(calendar_due(c, at("2025-11-14 16:00"), term("1wd"), &due, &why), OK);
    assert_str(local(due.at), "2025-11-17 08:00");
    assert_false(sha256_eq(calendar_version(c), calendar_version(vietnam)));
}

static const char half_days[] =
    "{\"name\": \"half\", \"title\": \"Nửa ngày\", \"base\": \"vietnam\", \"week\": {\"monday\": [\"07:30-11:30\"],"
    "\"tuesday\": [\"07:30-11:30\"], \"wednesday\": [\"07:30-11:30\"], \"thursday\": [\"07:30-11:30\"],"
    "\"friday\": [\"07:30-11:30\"]}, \"counter\": {\"saturday\": [\"07:30-11:30\"]}}";
static const char gate[] =
    "{\"name\": \"gate\", \"title\": \"Cửa khẩu\", \"base\": \"vietnam\", \"round_the_clock\": true}";

/* 10 November 2025 is a Monday; 22 November 2025 a Saturday. */
static void offices_of_other_hours_count_their_own_time(void **state)
{
    static const struct {
        const char *calendar, *from, *term, *due;
    } rows[] = {
        {half_days, "2025-11-10 07:30", "1wd", "2025-11-11 11:30"}, /* 8 working hours are two mornings */
        {half_days, "2025-11-10 11:30", "1wd", "2025-11-12 11:30"},
        {half_days, "2025-11-14 09:00", "1wd", "2025-11-18 09:00"},
        {half_days, "2025-11-14 09:00", "0h",  "2025-11-14 11:30"},
        {half_days, "2025-11-14 11:30", "0h",  "2025-11-17 11:30"},
        {half_days, "2025-11-22 08:00", "1wd", "2025-11-25 11:30"}, /* taken at the counter on Saturday: from Monday */
        {half_days, "2025-11-22 08:00", "0h",  "2025-11-24 11:30"},
        {half_days, "2025-11-10 08:00", "5d",  "2025-11-17 11:30"},
        {gate,      "2025-11-22 22:15", "4h",  "2025-11-23 02:15"},
        {gate,      "2025-01-28 23:00", "2h",  "2025-01-29 01:00"}, /* New Year's eve */
        {gate,      "2025-11-22 22:15", "0h",  "2025-11-23 00:00"},
        {gate,      "2025-11-22 22:15", "1wd", "2025-11-24 17:00"}, /* a working day is no hour: the office's */
        {gate,      "2025-11-22 22:15", "3d",  "2025-11-25 17:00"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct due due;
        const struct calendar *c = parse(rows[i].calendar, vietnam);
        assert_non_null(c);
        assert_int_equal(calendar_due(c, at(rows[i].from), term(rows[i].term), &due, &why), OK);
        assert_str(local(due.at), rows[i].due);
    }
    const struct calendar *half = parse(half_days, vietnam), *gates = parse(gate, vietnam);
    assert_true(calendar_counter_is_open(half, at("2025-11-22 08:00")));
    assert_false(calendar_is_open(half, at("2025-11-22 08:00")));
    assert_false(calendar_counter_is_open(half, at("2025-11-22 11:30")));
    assert_false(calendar_counter_is_open(half, at("2025-02-01 08:00"))); /* a Saturday of the lunar new year */
    assert_true(calendar_counter_is_open(gates, at("2025-01-29 03:00")));
    assert_str(calendar_day_shifts(&arena, vietnam, day("2025-11-10")), "07:30-11:30, 13:00-17:00");
    assert_str(calendar_day_shifts(&arena, half, day("2025-11-22")), "");
    assert_null(parse("{\"name\": \"x\", \"title\": \"X\", \"base\": \"vietnam\", \"round_the_clock\": 1}", vietnam));
    assert_str(why.problems[0].pointer, "#/round_the_clock");
}

static void a_life_is_counted_anew_by_another_calendar(void **state)
{
    (void)state;
    const struct calendar *festival =
        parse("{\"name\": \"f\", \"title\": \"F\", \"base\": \"vietnam\", \"years\": [{\"year\":"
              "2025, \"off\": [{\"from\": \"2025-11-12\", \"name\": \"Lễ hội\"}]}]}",
              vietnam);
    const struct clock_event events[] = {
        {CLOCK_BEGAN,   at("2025-11-10 10:00"), 0                },
        {CLOCK_STOOD,   at("2025-11-11 10:00"), 0                },
        {CLOCK_WENT_ON, at("2025-11-13 10:00"), 0                },
        {CLOCK_SET,     at("2025-11-17 09:00"), day("2025-11-22")},
    };
    static const struct {
        size_t count;
        const char *by_state, *by_festival;
        bool is_held;
    } rows[] = {
        {0, "",                 "",                 false},
        {1, "2025-11-13 10:00", "2025-11-14 10:00", false},
        {2, "2025-11-13 10:00", "2025-11-14 10:00", true }, /* stands, with what was left */
        {3, "2025-11-17 10:00", "2025-11-17 10:00", false}, /* the festival fell into the hold */
        {4, "2025-11-24 17:00", "2025-11-24 17:00", false}, /* the promised Saturday moves to Monday */
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct clock_state s;
        assert_int_equal(calendar_replay(vietnam, term("3wd"), events, rows[i].count, &s, &why), OK);
        assert_str(local(s.due.at), rows[i].by_state);
        assert_int_equal(s.held_at != INSTANT_NONE, rows[i].is_held);
        assert_int_equal(calendar_replay(festival, term("3wd"), events, rows[i].count, &s, &why), OK);
        assert_str(local(s.due.at), rows[i].by_festival);
    }
}

static void the_version_is_the_content_and_not_its_layout(void **state)
{
    (void)state;
    const struct calendar *a = parse("{\"name\":\"x\",\"title\":\"X\",\"week\":{\"monday\":[\"08:00-12:00\"]}}", NULL),
                          *b = parse("{ \"title\": \"X\", \"name\": \"x\",\n \"week\":{\"monday\":[\"08:00-12:00\"]}}",
                                     NULL),
                          *c = parse("{\"name\":\"x\",\"title\":\"X\",\"week\":{\"monday\":[\"08:00-12:01\"]}}", NULL);
    assert_true(sha256_eq(calendar_version(a), calendar_version(b)));
    assert_false(sha256_eq(calendar_version(a), calendar_version(c)));
}

#define HEAD "{'name':'x','title':'X',"
#define WEEK "'week':{'monday':['08:00-12:00']}"
#define YEAR(rest) HEAD WEEK ",'years':[{'year':2025,'status':'provisional'," rest "}]}"

/* JSON with ' for ", so that the table can be read. */
static const struct calendar *parse_quoted(const char *text, const struct calendar *base)
{
    struct str json = str_replace(&arena, str_from(text), STR("'"), STR("\""));
    return parse(str_cstr(&arena, json), base);
}

static void every_mistake_is_reported_at_its_place(void **state)
{
    static const struct {
        const char *pointer, *text;
    } rows[] = {
        {"#/name",               "{'name':'X','title':'X'," WEEK "}"                               },
        {"#/title",              "{'name':'x'," WEEK "}"                                           },
        {"#/base",               HEAD "'base':'y'," WEEK "}"                                       },
        {"#/week",               HEAD "'week':{}}"                                                 },
        {"#",                    HEAD "'weeks':1," WEEK "}"                                        },
        {"#/week",               "{'name':'x','title':'X'}"                                        },
        {"#/week/monday/0",      HEAD "'week':{'monday':['12:00-08:00']}}"                         },
        {"#/week/monday/1",      HEAD "'week':{'monday':['08:00-12:00','12:00-13:00']}}"           },
        {"#/week/monday/0",      HEAD "'week':{'monday':['08:00-24:01']}}"                         },
        {"#/week/monday/0",      HEAD "'week':{'monday':['8:00-12:00']}}"                          },
        {"#/week/monday",        HEAD "'week':{'monday':8}}"                                       },
        {"#/years/0/year",       HEAD WEEK ",'years':[{'year':2019,'status':'provisional'}]}"      },
        {"#/years/0/status",     HEAD WEEK ",'years':[{'year':2025}]}"                             },
        {"#/years/0/source",     HEAD WEEK ",'years':[{'year':2025,'status':'announced'}]}"        },
        {"#/years/0/off/0/from", YEAR("'off':[{'from':'2025-02-30','name':'a'}]")                  },
        {"#/years/0/off/0/to",   YEAR("'off':[{'from':'2025-02-03','to':'2025-02-01','name':'a'}]")},
        {"#/years/0/off/0/name", YEAR("'off':[{'from':'2025-02-03'}]")                             },
        {"#/years/0/work/0/as",  YEAR("'work':[{'day':'2025-02-03','name':'a'}]")                  },
        {"#/rules/fixed/0/day",  HEAD WEEK ",'rules':{'fixed':[{'name':'a','month':2,'day':30}]}}" },
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_null(parse_quoted(rows[i].text, NULL));
        assert_int_equal(why.outcome, ERR_INVALID);
        assert_true(why.problem_count >= 1);
        assert_str(why.problems[0].pointer, rows[i].pointer);
    }
    assert_null(parse("[", NULL));
    assert_int_equal(why.outcome, ERR_BAD);
    assert_null(parse_quoted("{'name':'x','title':'X','base':'vietnam','rules':{}}", vietnam));
    fail_init(&why, &arena);
}

static void moments_beyond_all_years_are_refused(void **state)
{
    struct due due;
    (void)state;
    assert_int_equal(calendar_due(vietnam, INT64_MAX, term("1wd"), &due, &why), ERR_INVALID);
    assert_int_equal(calendar_due(vietnam, INSTANT_NONE, term("1wd"), &due, &why), ERR_INVALID);
    assert_int_equal(calendar_due(vietnam, at("1999-12-31 10:00"), term("1wd"), &due, &why), ERR_INVALID);
    assert_int_equal(calendar_due(vietnam, 0, (struct term){TERM_DAYS, 50, false}, &due, &why), ERR_INVALID);
    assert_int_equal(calendar_due(vietnam, at("7999-12-31 10:00"), term("10000m"), &due, &why), OK);
    assert_int_equal(calendar_resume(vietnam, term("1wd"), INSTANT_NONE, 0, 1, &due, &why), ERR_INVALID);
    assert_int_equal(calendar_resume(vietnam, term("1wd"), at("2025-11-11 10:00"), at("2025-11-11 10:00"),
                                     at("2025-11-10 10:00"), &due, &why),
                     ERR_INVALID);
}

static void a_due_date_takes_less_than_a_microsecond(void **state)
{
    enum { ROUNDS = 200000 };
    struct due due;
    struct term t = term("30wd");
    instant_t from = at("2025-01-06 09:00"), latest = 0;
    (void)state;
    clock_t start = clock(); /* of the processor: a busy machine changes nothing */
    for (int i = 0; i < ROUNDS; i++) {
        assert_int_equal(calendar_due(vietnam, from + i * US_PER_MINUTE, t, &due, &why), OK);
        latest = due.at;
    }
    double us = (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC / ROUNDS;
    print_message("calendar_due: %.3f us\n", us);
    assert_true(latest > from);
    assert_true(us < 20); /* the bound is loose: sanitizers run this too */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_dates_are_due_when_a_clerk_would_say),
        cmocka_unit_test(a_date_that_leans_on_an_unannounced_year_says_so),
        cmocka_unit_test(the_rules_give_each_year_its_days),
        cmocka_unit_test(the_counter_is_open_in_its_shifts),
        cmocka_unit_test(a_held_dossier_keeps_what_was_left),
        cmocka_unit_test(an_agency_lays_its_own_days_over_the_state_calendar),
        cmocka_unit_test(offices_of_other_hours_count_their_own_time),
        cmocka_unit_test(a_life_is_counted_anew_by_another_calendar),
        cmocka_unit_test(the_version_is_the_content_and_not_its_layout),
        cmocka_unit_test(every_mistake_is_reported_at_its_place),
        cmocka_unit_test(moments_beyond_all_years_are_refused),
        cmocka_unit_test(a_due_date_takes_less_than_a_microsecond),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, load, NULL);
}
