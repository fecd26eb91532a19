/*
 * What must hold for every calendar, tried on random ones: random shifts, half days, holidays and make-up days. A
 * failure prints the seed; MOTCUA_SEED repeats it.
 */
#include "base/test.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/hash.h"
#include "base/parse.h"
#include "calendar/calendar.h"

enum { CALENDARS = 150, TRIES = 120, DAYS_TRIED = 700 };

static uint64_t random_state;

static uint64_t next_random(void) /* splitmix64 */
{
    uint64_t z = (random_state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int64_t below(int64_t bound)
{
    return (int64_t)(next_random() % (uint64_t)bound);
}

static void add_shifts(struct buf *out, bool may_be_off)
{
    static const char *const choices[] = {"[\"07:30-11:30\",\"13:00-17:00\"]",
                                          "[\"08:00-12:00\",\"13:30-17:30\"]",
                                          "[\"07:30-11:30\"]",
                                          "[\"00:00-24:00\"]",
                                          "[\"06:00-06:01\",\"09:13-10:59\",\"14:00-15:00\",\"22:00-24:00\"]",
                                          "[]"};
    buf_addf(out, "%s", choices[below((int64_t)LENGTH(choices) - (may_be_off ? 0 : 1))]);
}

static void add_special_days(struct buf *out)
{
    static const char *const weekdays[] = {"monday", "friday", "saturday", "sunday"};
    buf_addf(out, ",\"years\":[{\"year\":2025,\"status\":\"provisional\",\"off\":[");
    for (int i = 0; i < 12; i++) {
        int month = (int)below(12) + 1, first = (int)below(20) + 1;
        buf_addf(out, "%s{\"from\":\"2025-%02d-%02d\",\"to\":\"2025-%02d-%02d\",\"name\":\"a\"}", i > 0 ? "," : "",
                 month, first, month, first + (int)below(8));
    }
    buf_addf(out, "],\"work\":[");
    for (int i = 0; i < 12; i++) {
        buf_addf(out, "%s{\"day\":\"2025-%02d-%02d\",\"name\":\"b\",", i > 0 ? "," : "", (int)below(12) + 1,
                 (int)below(28) + 1);
        if (below(2)) {
            buf_addf(out, "\"as\":\"%s\"}", weekdays[below(LENGTH(weekdays))]);
        } else {
            buf_addf(out, "\"shifts\":");
            add_shifts(out, true);
            buf_addf(out, "}");
        }
    }
    buf_addf(out, "]}]");
}

static const struct calendar *random_base(struct arena *a)
{
    static const char *const weekdays[] = {"monday", "tuesday",  "wednesday", "thursday",
                                           "friday", "saturday", "sunday"};
    struct buf text;
    struct fail why;
    const struct calendar *c = NULL;
    fail_init(&why, a);
    buf_init(&text, 64 * 1024);
    buf_addf(&text, "{\"name\":\"random\",\"title\":\"Random\",\"week\":{");
    for (size_t i = 0; i < LENGTH(weekdays); i++) {
        buf_addf(&text, "%s\"%s\":", i > 0 ? "," : "", weekdays[i]);
        add_shifts(&text, i > 0); /* Monday always has work */
    }
    buf_addf(&text, "}");
    add_special_days(&text);
    buf_addf(&text, "}");
    assert_int_equal(calendar_parse(a, buf_str(&text), NULL, &c, &why), OK);
    buf_end(&text);
    return c;
}

/* Half of them are an agency's own, laid over another: its own week or days, a counter of its own, a gate. */
static const struct calendar *random_calendar(struct arena *a)
{
    const struct calendar *base = random_base(a), *c = NULL;
    struct buf text;
    struct fail why;
    if (below(2)) return base;
    fail_init(&why, a);
    buf_init(&text, 64 * 1024);
    buf_addf(&text, "{\"name\":\"own\",\"title\":\"Own\",\"base\":\"random\",\"round_the_clock\":%s",
             below(4) ? "false" : "true");
    if (below(2)) buf_addf(&text, ",\"counter\":{\"saturday\":[\"07:30-11:30\"]}");
    if (below(2)) buf_addf(&text, ",\"week\":{\"tuesday\":[\"13:00-17:00\"],\"friday\":[\"07:30-09:30\"]}");
    if (below(2)) add_special_days(&text);
    buf_addf(&text, "}");
    assert_int_equal(calendar_parse(a, buf_str(&text), base, &c, &why), OK);
    buf_end(&text);
    return c;
}

static instant_t random_moment(void)
{
    day_t first = day_from_civil((struct civil){2024, 6, 1});
    return day_start(first + (day_t)below(DAYS_TRIED)) + below(24 * 60) * US_PER_MINUTE +
           (below(2) ? 0 : below(US_PER_MINUTE));
}

static struct term random_term(void)
{
    switch (below(4)) {
    case 0: return (struct term){TERM_HOURS, below(5000), false};
    case 1: return (struct term){TERM_WORKING_DAYS, below(4000), false};
    case 2: return (struct term){TERM_DAYS, below(60) * 100, false};
    default: return (struct term){TERM_MONTHS, below(10) * 50, false};
    }
}

static instant_t due_of(const struct calendar *c, instant_t from, struct term t)
{
    struct due due;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, 1 << 16);
    fail_init(&why, &a);
    assert_int_equal(calendar_due(c, from, t, &due, &why), OK);
    return due.at;
}

static bool is_in_working_time(const struct calendar *c, struct term t)
{
    return (t.unit == TERM_HOURS && !calendar_is_round_the_clock(c)) || t.unit == TERM_WORKING_DAYS;
}

/* Is the moment inside a shift or at its end? */
static bool is_in_work(const struct calendar *c, instant_t at)
{
    return calendar_is_open(c, at) || calendar_working_us(c, at - 1, at) == 1;
}

static void check_never_on_a_day_off(const struct calendar *c)
{
    struct term t = random_term();
    instant_t from = random_moment(), due = due_of(c, from, t);
    assert_true(due >= from);
    if (t.unit == TERM_HOURS && calendar_is_round_the_clock(c)) return; /* a gate works on every day */
    assert_true(is_in_work(c, due));
    assert_true(calendar_is_working_day(c, day_of(due - 1))); /* a shift that ends at 24:00 ends on its own day */
}

static void check_more_time_never_ends_earlier(const struct calendar *c)
{
    instant_t from = random_moment();
    struct term t = random_term(), longer = t;
    longer.hundredths += t.unit == TERM_DAYS ? 100 : t.unit == TERM_MONTHS ? 50 : below(300) + 1;
    /* on the spot means by closing time, which may be later than a short term: it is another promise, not a length */
    if (t.hundredths > 0) assert_true(due_of(c, from, t) <= due_of(c, from, longer));
}

/* Whoever comes later is never due earlier. */
static void check_later_receipt_never_ends_earlier(const struct calendar *c)
{
    instant_t from = random_moment(), later = from + below(below(2) ? US_PER_DAY * 30 : US_PER_HOUR);
    struct term t = random_term();
    assert_true(due_of(c, from, t) <= due_of(c, later, t));
}

/* What has passed and what is left make up the limit, at every moment and also when it is late. */
static void check_elapsed_and_remaining(const struct calendar *c)
{
    struct term t = random_term();
    if (t.hundredths == 0) return; /* until closing time: a promise, not a length */
    instant_t from = random_moment(), due = due_of(c, from, t), now = from + below(60 * US_PER_DAY);
    int64_t left = calendar_remaining(c, t, due, now);
    if (is_in_working_time(c, t)) {
        int64_t unit = t.unit == TERM_HOURS ? US_PER_HOUR : WORKING_DAY_US;
        assert_int_equal(calendar_working_us(c, from, now) + left, t.hundredths * (unit / 100));
    } else if (t.unit == TERM_HOURS) {
        assert_int_equal(now - from + left, t.hundredths * (US_PER_HOUR / 100));
    } else {
        assert_int_equal((day_of(now) - day_of(from)) * US_PER_DAY + left,
                         (day_of(due - 1) - day_of(from)) * US_PER_DAY);
    }
}

static struct clock_state life_of(const struct calendar *c, struct term t, const struct clock_event *events,
                                  size_t count)
{
    struct clock_state out;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, 1 << 16);
    fail_init(&why, &a);
    assert_int_equal(calendar_replay(c, t, events, count, &out, &why), OK);
    return out;
}

/* Whatever happened before, a limit that begins anew is a fresh one. */
static void check_restart_is_fresh(const struct calendar *c)
{
    struct term t = random_term();
    instant_t from = random_moment(), held = from + below(9 * US_PER_DAY), again = held + below(9 * US_PER_DAY);
    const struct clock_event events[] = {
        {CLOCK_BEGAN,   from,  0                },
        {CLOCK_STOOD,   held,  0                },
        {CLOCK_WENT_ON, again, 0                },
        {CLOCK_SET,     again, day_of(again) + 9},
        {CLOCK_STOOD,   again, 0                },
        {CLOCK_BEGAN,   again, 0                },
    };
    struct clock_state s = life_of(c, t, events, LENGTH(events));
    assert_int_equal(s.due.at, due_of(c, again, t));
    assert_true(s.held_at == INSTANT_NONE);
}

/* Two holds without a pause between are one; a hold of no time changes nothing. */
static void check_holds_add_up(const struct calendar *c)
{
    struct term t = random_term();
    if (!is_in_working_time(c, t)) return; /* days are counted whole, each hold by itself */
    instant_t from = random_moment(), held = from + below(9 * US_PER_DAY), middle = held + below(9 * US_PER_DAY),
              end = middle + below(9 * US_PER_DAY);
    const struct clock_event twice[] = {
        {CLOCK_BEGAN,   from,   0},
        {CLOCK_STOOD,   held,   0},
        {CLOCK_WENT_ON, middle, 0},
        {CLOCK_STOOD,   middle, 0},
        {CLOCK_WENT_ON, end,    0}
    };
    const struct clock_event once[] = {
        {CLOCK_BEGAN,   from, 0},
        {CLOCK_STOOD,   held, 0},
        {CLOCK_WENT_ON, end,  0}
    };
    assert_int_equal(life_of(c, t, twice, LENGTH(twice)).due.at, life_of(c, t, once, LENGTH(once)).due.at);
    assert_int_equal(life_of(c, t, once, 2).due.at, due_of(c, from, t));
    assert_int_equal(life_of(c, t, once, 2).held_at, held);
}

static void check_composition(const struct calendar *c)
{
    instant_t from = random_moment();
    int64_t first = below(100 * US_PER_HOUR), second = below(100 * US_PER_HOUR);
    instant_t both = calendar_add_working(c, from, first + second);
    assert_int_equal(calendar_add_working(c, calendar_add_working(c, from, first), second),
                     second > 0 || first > 0 ? both : from);
    assert_int_equal(calendar_working_us(c, from, both), first + second);
    if (first + second > 0) assert_int_equal(calendar_working_us(c, both - 1, both), 1); /* the earliest such moment */
}

static void check_holding_moves_by_what_was_held(const struct calendar *c)
{
    struct term t = below(2) && !calendar_is_round_the_clock(c)
                        ? (struct term){TERM_HOURS, below(5000) + 1, false}
                        : (struct term){TERM_WORKING_DAYS, below(3000) + 1, false};
    instant_t due = due_of(c, random_moment(), t), held = random_moment(), resumed = held + below(20 * US_PER_DAY);
    struct due moved;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, 1 << 16);
    fail_init(&why, &a);
    assert_int_equal(calendar_resume(c, t, due, held, resumed, &moved, &why), OK);
    assert_int_equal(calendar_working_us(c, due, moved.at), calendar_working_us(c, held, resumed));
    assert_int_equal(calendar_remaining(c, t, moved.at, resumed), calendar_remaining(c, t, due, held));
}

/* The table against counting one minute at a time. */
static void check_against_counting(const struct calendar *c)
{
    instant_t from = random_moment() / US_PER_MINUTE * US_PER_MINUTE, to = from + below(3 * 24 * 60) * US_PER_MINUTE;
    int64_t counted = 0;
    for (instant_t at = from; at < to; at += US_PER_MINUTE) counted += calendar_is_open(c, at);
    assert_int_equal(calendar_working_us(c, from, to), counted * US_PER_MINUTE);
    if (calendar_is_open(c, from)) assert_true(calendar_counter_is_open(c, from));
    instant_t open = calendar_next_open(c, from);
    assert_true(calendar_is_open(c, open));
    assert_int_equal(calendar_working_us(c, from, open), 0);
}

/* Carried to the same calendar a deadline stays where it is; to another, what is left at the moment stays left. */
static void check_carrying_keeps_what_is_left(const struct calendar *c, const struct calendar *other)
{
    struct term t = random_term();
    instant_t due = due_of(c, random_moment(), t), now = random_moment();
    assert_int_equal(calendar_carry(c, c, t, due, now).at, due);
    instant_t carried = calendar_carry(c, other, t, due, now).at;
    if (due <= now) assert_int_equal(carried, due);
    if (due > now && is_in_working_time(c, t) && is_in_working_time(other, t))
        assert_int_equal(calendar_working_us(other, now, carried), calendar_working_us(c, now, due));
}

static const struct calendar *another; /* a second one for each try */

static void check_carrying(const struct calendar *c)
{
    check_carrying_keeps_what_is_left(c, another);
}

static void try_all(void (*check)(const struct calendar *), int tries)
{
    uint64_t seed = random_u64();
    const char *fixed = getenv("MOTCUA_SEED");
    if (fixed) assert_true(parse_u64(str_from(fixed), &seed));
    print_message("seed %" PRIu64 "\n", seed);
    for (int i = 0; i < CALENDARS; i++) {
        AUTO_ARENA struct arena a;
        arena_init(&a, 8 << 20);
        random_state = seed + (uint64_t)i;
        const struct calendar *c = random_calendar(&a);
        another = random_calendar(&a);
        for (int n = 0; n < tries; n++) check(c);
    }
}

static void nothing_is_ever_due_on_a_day_off(void **state)
{
    (void)state;
    try_all(check_never_on_a_day_off, TRIES);
}

static void more_time_never_ends_earlier(void **state)
{
    (void)state;
    try_all(check_more_time_never_ends_earlier, TRIES);
}

static void a_later_receipt_is_never_due_earlier(void **state)
{
    (void)state;
    try_all(check_later_receipt_never_ends_earlier, TRIES);
}

static void what_passed_and_what_is_left_are_the_limit(void **state)
{
    (void)state;
    try_all(check_elapsed_and_remaining, TRIES);
}

static void a_limit_that_begins_anew_is_a_fresh_one(void **state)
{
    (void)state;
    try_all(check_restart_is_fresh, TRIES);
}

static void two_holds_without_a_pause_are_one(void **state)
{
    (void)state;
    try_all(check_holds_add_up, TRIES);
}

static void a_change_of_calendar_keeps_what_is_left(void **state)
{
    (void)state;
    try_all(check_carrying, TRIES);
}

static void two_times_after_each_other_are_their_sum(void **state)
{
    (void)state;
    try_all(check_composition, TRIES);
}

static void holding_moves_the_due_moment_by_exactly_what_was_held(void **state)
{
    (void)state;
    try_all(check_holding_moves_by_what_was_held, TRIES);
}

static void working_time_is_what_counting_minutes_gives(void **state)
{
    (void)state;
    try_all(check_against_counting, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_ever_due_on_a_day_off),
        cmocka_unit_test(more_time_never_ends_earlier),
        cmocka_unit_test(a_later_receipt_is_never_due_earlier),
        cmocka_unit_test(what_passed_and_what_is_left_are_the_limit),
        cmocka_unit_test(a_limit_that_begins_anew_is_a_fresh_one),
        cmocka_unit_test(two_holds_without_a_pause_are_one),
        cmocka_unit_test(a_change_of_calendar_keeps_what_is_left),
        cmocka_unit_test(two_times_after_each_other_are_their_sum),
        cmocka_unit_test(holding_moves_the_due_moment_by_exactly_what_was_held),
        cmocka_unit_test(working_time_is_what_counting_minutes_gives),
    };
    return RUN_TESTS(tests);
}
