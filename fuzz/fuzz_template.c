/* Templates: one that is taken renders a hostile page without a new element, attribute or script address. The first
 * line of the input is the values' text, the rest the template. */
#include <stdlib.h>

#include "base/auto.h"
#include "html/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct item {
    struct str name;
    int64_t number;
};

struct page {
    struct item inner;
    struct str title, link;
    bool is_late;
    struct item *items;
    size_t items_count;
    const char *label;
    struct html ready;
};

static const struct field item_fields[] = {FIELD_STR(struct item, name), FIELD_INT(struct item, number), FIELD_END};
static const struct field page_fields[] = {
    FIELD_STRUCT(struct page, inner, item_fields),
    FIELD_STR(struct page, title),
    FIELD_STR(struct page, link),
    FIELD_BOOL(struct page, is_late),
    FIELD_LIST(struct page, items, struct item, item_fields),
    FIELD_MESSAGE(struct page, label),
    FIELD_HTML(struct page, ready),
    FIELD_END,
};

static size_t count_of(struct str s, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < s.len; i++) count += s.at[i] == c;
    return count;
}

static size_t opened_by(const struct html_set *set, struct str value, struct buf *out)
{
    struct item items[] = {
        {value, 1},
        {value, 2}
    };
    struct page page = {
        {value, 3},
        value, value, true, items, LENGTH(items), "Back", {STR("<b>ready</b>")    }
    };
    buf_clear(out);
    html_render(set, "page", &page, VIETNAMESE, out);
    return out->is_full ? 0 : count_of(buf_str(out), '<') + count_of(buf_str(out), '"') + count_of(buf_str(out), '\'');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct page_template templates[] = {
        {"page", page_fields}
    };
    AUTO_ARENA struct arena a;
    AUTO_BUF struct buf out;
    struct fail why;
    struct html_set *set;
    struct str value, text, template, part;
    arena_init(&a, 64 << 20);
    buf_init(&out, 1 << 20);
    fail_init(&why, &a);
    (void)str_cut(str_of((const char *)data, size), '\n', &value, &text); /* without a line break it is all value */
    (void)str_cut(text, '\f', &template, &part);                          /* and without a form feed all template */
    const struct html_source sources[] = {
        {STR("page"),   template                                 },
        {STR("part"),   part                                     },
        {STR("layout"), STR("<b>{{title}}</b>{{content}}<i></i>")},
    };
    if (html_set_new(sources, LENGTH(sources), templates, 1, &set, &why) != OK) return 0;
    /* Whatever the values are, they open as many tags and quotes as the word "x" does. */
    size_t plain = opened_by(set, STR("x"), &out);
    bool fits = !out.is_full;
    size_t hostile = opened_by(set, value, &out);
    if (value.len > 0 && fits && !out.is_full && plain != hostile) abort();
    html_set_free(set);
    return 0;
}
