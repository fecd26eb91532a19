/* A list of officers as somebody pasted or uploaded it: any bytes are lines with what is wrong with them, never a
 * crash; a login made from a name is one. */
#include "admin/staff_list.h"
#include "base/auto.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_line(struct arena *a, const struct staff_line *line)
{
    if (line->number < 1 || line->mistake_count > STAFF_MISTAKES_MOST) BUG("a line that is none");
    if (!text_is_nfc(line->name) || !text_is_nfc(line->login)) BUG("a field that was not cleaned");
    struct str login = staff_login_of(a, line->name);
    for (size_t i = 0; i < login.len; i++) {
        char c = login.at[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) BUG("a login that nobody can type");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct str text;
    struct staff_list list;
    arena_init(&a, 256 << 20);
    fail_init(&why, &a);
    if (staff_text(&a, str_of((const char *)data, size), &text, &why) != OK) return 0;
    if (!text_is_utf8(text)) BUG("a text that is none");
    if (staff_read(&a, text, &list, &why) != OK) return 0;
    if (list.count > STAFF_MOST) BUG("%zu lines", list.count);
    size_t wrong = 0;
    for (size_t i = 0; i < list.count; i++) {
        check_line(&a, &list.lines[i]);
        wrong += list.lines[i].mistake_count > 0;
    }
    if (wrong != list.wrong_count) BUG("%zu lines with mistakes, %zu said", wrong, list.wrong_count);
    return 0;
}
