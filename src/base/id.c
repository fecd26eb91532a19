#include "base/id.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/parse.h"

enum {
    WRITER_BITS = 14,
    SEQUENCE_BITS = 10,
    WRITER_COUNT = 1 << WRITER_BITS,
    SEQUENCE_MOST = (1 << SEQUENCE_BITS) - 1
};

#define TICK_US INT64_C(4000)
#define TICK_MOST ((INT64_C(1) << 39) - 1)        /* in 2089 */
#define EPOCH_US (INT64_C(1577836800) * US_PER_S) /* 2020-01-01T00:00:00Z */

void id_source_init(struct id_source *s, uint32_t writer, int64_t high_water)
{
    if (writer >= WRITER_COUNT) BUG("there is no writer %u", writer);
    *s = (struct id_source){.last = high_water, .writer = writer};
}

static int64_t first_of(int64_t tick, uint32_t writer)
{
    if (tick > TICK_MOST) BUG("row ids end in 2089");
    return tick << (WRITER_BITS + SEQUENCE_BITS) | (int64_t)writer << SEQUENCE_BITS;
}

int64_t id_next(struct id_source *s)
{
    int64_t tick = (clock_now() - EPOCH_US) / TICK_US;
    int64_t last_tick = s->last >> (WRITER_BITS + SEQUENCE_BITS);
    int64_t id = first_of(tick > last_tick ? tick : last_tick, s->writer);
    if (id <= s->last) {
        bool is_ours = (s->last >> SEQUENCE_BITS & (WRITER_COUNT - 1)) == s->writer;
        bool has_room = (s->last & SEQUENCE_MOST) < SEQUENCE_MOST;
        id = is_ours && has_room ? s->last + 1 : first_of(last_tick + 1, s->writer);
    }
    if (id <= 0) BUG("the clock stands before 2020");
    s->last = id;
    return id;
}

int64_t id_least(int64_t at_us)
{
    return at_us <= EPOCH_US ? 0 : first_of((at_us - EPOCH_US) / TICK_US, 0);
}

struct str id_format(struct arena *a, int64_t id)
{
    return str_format(a, "%" PRId64, id);
}

bool id_parse(struct str text, int64_t *out)
{
    int64_t id;
    if (text.len == 0 || text.at[0] < '1' || text.at[0] > '9' || !parse_i64(text, &id)) return false;
    *out = id;
    return true;
}

struct str ids_format(struct arena *a, const int64_t *ids, size_t count)
{
    enum { ID_BYTES = 21 };
    char *text = arena_alloc(a, count * ID_BYTES + 1);
    size_t len = 0;
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, ID_BYTES + 1, i == 0 ? "%" PRId64 : ",%" PRId64, ids[i]);
    return str_of(text, len);
}
