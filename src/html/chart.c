#include "html/chart.h"

/* In units of the drawing, 600 wide: label and value above each bar. */
enum { ROW = 66, LABEL_AT = 24, BAR_AT = 34, LENGTH_MOST = 600 };

/* clang-format off */
static const struct field bar_fields[] = {
    FIELD_STR(struct bar, label),
    FIELD_STR(struct bar, value),
    FIELD_INT(struct bar, length),
    FIELD_INT(struct bar, y),
    FIELD_INT(struct bar, label_y),
    FIELD_END,
};
const struct field bars_fields[] = {
    FIELD_STR(struct bars, id),
    FIELD_STR(struct bars, title),
    FIELD_LIST(struct bars, bars, struct bar, bar_fields),
    FIELD_INT(struct bars, height),
    FIELD_END,
};
/* clang-format on */

struct bars bars_of(struct str id, struct str title, struct bar *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t top = (int64_t)i * ROW;
        items[i].length = items[i].share * LENGTH_MOST / 1000;
        items[i].label_y = top + LABEL_AT;
        items[i].y = top + BAR_AT;
    }
    return (struct bars){id, title, items, count, (int64_t)count * ROW};
}
