#include "base/test.h"

#include "base/auto.h"
#include "html/html.h"

struct item {
    struct str name;
    int64_t number;
};

struct inner {
    struct str word;
};

struct page {
    struct inner inner;
    struct str title, link;
    bool is_late;
    struct item *items;
    size_t items_count;
    const char *label;
};

static const struct field item_fields[] = {FIELD_STR(struct item, name), FIELD_INT(struct item, number), FIELD_END};
static const struct field inner_fields[] = {FIELD_STR(struct inner, word), FIELD_END};
static const struct field page_fields[] = {
    FIELD_STRUCT(struct page, inner, inner_fields),
    FIELD_STR(struct page, title),
    FIELD_STR(struct page, link),
    FIELD_BOOL(struct page, is_late),
    FIELD_LIST(struct page, items, struct item, item_fields),
    FIELD_MESSAGE(struct page, label),
    FIELD_END,
};

static enum outcome make(const char *text, struct html_set **out, struct fail *why)
{
    static struct html_source sources[3];
    static const struct page_template templates[] = {
        {"page", page_fields}
    };
    sources[0] = (struct html_source){STR("page"), str_from(text)};
    sources[1] = (struct html_source){STR("layout"), STR("<b>{{title}}</b>{{content}}<i></i>")};
    sources[2] = (struct html_source){STR("part"), STR("[{{name}}]")};
    return html_set_new(sources, 3, templates, 1, out, why);
}

static void check(const char *text, const struct page *page, const char *expected)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 20);
    struct fail why;
    fail_init(&why, &a);
    struct html_set *set = NULL;
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    assert_int_equal(make(text, &set, &why), OK);
    html_render(set, "page", page, ENGLISH, &out);
    assert_str(buf_str(&out), expected);
    html_set_free(set);
}

static struct item two[] = {
    {STR_INIT("<An>"),    1},
    {STR_INIT("B\"ình"), 2}
};
static const struct page sample = {.inner = {STR_INIT("w")},
                                   .title = STR_INIT("A & <B>"),
                                   .link = STR_INIT("javascript:x"),
                                   .is_late = true,
                                   .items = two,
                                   .items_count = 2,
                                   .label = "Sign in"};

static void values_are_escaped_by_where_they_stand(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"<p>{{title}}</p>",            "<p>A &amp; &lt;B&gt;</p>"           },
        {"<p title=\"{{title}}\">",     "<p title=\"A &amp; &lt;B&gt;\">"    },
        {"<a href=\"{{link}}\">",       "<a href=\"#\">"                     },
        {"<a href='/ho-so/{{title}}'>", "<a href='/ho-so/A%20%26%20%3CB%3E'>"},
        {"<a href=\"/?q={{title}}\">",  "<a href=\"/?q=A%20%26%20%3CB%3E\">" },
        {"{{inner.word}}|{{label}}",    "w|Sign in"                          },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) check(rows[i].text, &sample, rows[i].expected);
}

static void blocks_choose_and_repeat(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } rows[] = {
        {"{{#if is_late}}x{{else}}y{{/if}}",                          "x"                                },
        {"{{#unless is_late}}x{{else}}y{{/unless}}",                  "y"                                },
        {"{{#each items}}{{@number}}{{name}}{{title}};{{/each}}",
         "1&lt;An&gt;A &amp; &lt;B&gt;;2B&quot;ìnhA &amp; &lt;B&gt;;"                                   },
        {"{{#each items}}{{> part}}{{/each}}",                        "[&lt;An&gt;][B&quot;ình]"        },
        {"{{#layout layout}}in{{/layout}}",                           "<b>A &amp; &lt;B&gt;</b>in<i></i>"},
        {"{{-- note {{x}} --}}z",                                     "z"                                },
        {"{{#each items}}{{t \"{1} of {0}\" number name}} {{/each}}", "&lt;An&gt; of 1 B&quot;ình of 2 "},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) check(rows[i].text, &sample, rows[i].expected);
}

static void mistakes_are_refused_with_their_line(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{{nobody}}",
        "<script>{{title}}</script>",
        "<p {{title}}>",
        "<p onclick=\"{{title}}\">",
        "<p style=\"{{title}}\">",
        "{{#if is_late}}x",
        "{{#each title}}{{/each}}",
        "{{> nothing}}",
        "{{/if}}",
        "{{title",
        "{{items}}",
        "{{t \"a\" nobody}}",
        "<style>{{title}}</style>",
        "<!-- {{title}} -->",
        "{{> page}}",
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        AUTO_ARENA struct arena a;
        arena_init(&a, 1 << 20);
        struct fail why;
        fail_init(&why, &a);
        struct html_set *set = NULL;
        enum outcome made = make(rows[i], &set, &why);
        if (made != ERR_BAD) print_error("taken: %s\n", rows[i]);
        assert_int_equal(made, ERR_BAD);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(values_are_escaped_by_where_they_stand),
    cmocka_unit_test(blocks_choose_and_repeat),
    cmocka_unit_test(mistakes_are_refused_with_their_line),
};

int main(void)
{
    return RUN_TESTS(tests);
}
