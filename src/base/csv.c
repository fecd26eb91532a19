#include "base/csv.h"

static void put_cell(struct buf *out, struct str s)
{
    bool is_formula = s.len > 0 && str_has(STR("=+-@\t\r"), str_part(s, 0, 1));
    buf_add_char(out, '"');
    if (is_formula) buf_add_char(out, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.at[i] == '"') buf_add_char(out, '"');
        buf_add_char(out, s.at[i]);
    }
    buf_add_char(out, '"');
}

void csv_row(struct buf *out, const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0) buf_add_char(out, ',');
        put_cell(out, cells[i]);
    }
    buf_add(out, STR("\r\n"));
}
