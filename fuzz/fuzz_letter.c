/* Letters: a template that is taken makes a letter whatever the values are, and every letter can be set on paper. The
 * first line of the input is the values' text, the rest the template. */
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "html/letter_pdf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct item {
    struct str name;
};

struct page {
    struct str title, link;
    bool is_late;
    struct item *items;
    size_t items_count;
};

static const struct field item_fields[] = {FIELD_STR(struct item, name), FIELD_END};
static const struct field page_fields[] = {
    FIELD_STR(struct page, title),
    FIELD_STR(struct page, link),
    FIELD_BOOL(struct page, is_late),
    FIELD_LIST(struct page, items, struct item, item_fields),
    FIELD_END,
};

static struct press *press;

static void free_press(void)
{
    press_free(press);
}

static void print(const struct letter *letter)
{
    AUTO_ARENA struct arena a;
    AUTO_BUF struct buf out;
    struct fail why;
    if (press == NULL) {
        press = press_new();
        (void)atexit(free_press); /* else the leak is the fuzzer's to report */
    }
    arena_init(&a, 64 << 20);
    buf_init(&out, LETTER_PDF_BYTES);
    fail_init(&why, &a);
    const struct letter_facts facts = {STR("t"), STR("a"), 0};
    if (letter_pdf(press, letter, &facts, &out, &why) != OK) abort();
    struct html shown;
    enum outcome drawn = letter_html(&a, letter, &shown, &why);
    if (drawn != OK && drawn != ERR_TOO_LARGE) abort();
    (void)letter_text(&a, letter); /* must only not crash */
}

static void fill(const struct html_source *own, struct page *page)
{
    AUTO_ARENA struct arena a;
    struct letter letter;
    struct fail why;
    arena_init(&a, 256 << 20);
    fail_init(&why, &a);
    enum outcome made = letter_make_own(NULL, own, page_fields, page, &a, &letter, &why);
    /* What was checked and is not too long is a letter with every value. */
    if (made != OK && made != ERR_TOO_LARGE) abort();
    if (made == OK) print(&letter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct str value, text;
    arena_init(&a, 64 << 20);
    fail_init(&why, &a);
    (void)str_cut(str_of((const char *)data, size), '\n', &value, &text); /* without a line break it is all value */
    if (!text_is_plain(value)) return 0;                                  /* the store has no others */
    struct html_source own = {STR("letter"), text};
    if (letter_check_own(NULL, &own, page_fields, &why) != OK) return 0;
    struct item items[] = {{value}, {STR("x")}};
    struct page full = {value, value, true, items, LENGTH(items)}, bare = {0};
    fill(&own, &full);
    fill(&own, &bare);
    return 0;
}
