/* Each date, moment and number that parses is written and parsed back to itself. */
#include "base/auto.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static void check_times(struct arena *a, struct str text, struct fail *why)
{
    instant_t at, at_again;
    day_t day, day_again;
    if (instant_parse(text, &at, why) == OK) {
        if (instant_parse(instant_format(a, at), &at_again, why) != OK || at != at_again) BUG("a moment changed");
        if (day_start(day_of(at)) + us_of_day(at) != at) BUG("a moment is not of its day");
    }
    struct str typed = day_typed(a, text);
    if (!str_eq(typed, str_trim(text)) && day_parse(typed, &day, why) != OK) BUG("a typed day is none");
    if (!str_eq(day_typed(a, typed), typed)) BUG("a day typed twice is another");
    if (day_parse(text, &day, why) == OK) {
        if (!str_eq(day_format(a, day), text)) BUG("a day has two spellings");
        if (day_parse(day_format(a, day), &day_again, why) != OK || day != day_again) BUG("a day changed");
    }
}

static void check_numbers(struct arena *a, struct str text)
{
    int64_t id, n;
    uint64_t size;
    if (id_parse(text, &id) && !str_eq(id_format(a, id), text)) BUG("an id has two spellings");
    if (id_parse(text, &id) && (!parse_i64(text, &n) || n != id)) BUG("an id is another number");
    (void)parse_size(text, &size); /* only that it does not crash */
    struct scan s = scan_of(text);
    while (!scan_is_end(&s)) {
        size_t before = s.at;
        (void)scan_line(&s);
        if (s.at <= before) BUG("a scan stands still");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct fail why;
    fail_init(&why, &a);
    struct str text = str_of((const char *)data, bytes < 4096 ? bytes : 4096);
    check_times(&a, text, &why);
    check_numbers(&a, text);
    return 0;
}
