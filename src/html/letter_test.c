#include "base/test.h"

#include "base/auto.h"
#include "html/letter.h"
#include "html/letter_pdf.h"

static struct arena a;
static struct fail why;
static struct press *press;

enum { ARENA_BYTES = 64 * 1024 * 1024 };

static int set_up(void **state)
{
    (void)state;
    arena_init(&a, ARENA_BYTES);
    fail_init(&why, &a);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&a);
    return 0;
}

static void said_wrongly(const char *text)
{
    print_error("%s: %s\n", text, fail_text(&a, &why).at);
    assert_true(false);
}

static struct letter read_letter(struct str text)
{
    struct letter letter;
    if (letter_parse(&a, text, &letter, &why) != OK) said_wrongly("");
    return letter;
}

static void blanks_collapse_and_entities_become_letters(void **state)
{
    (void)state;
    struct letter letter =
        read_letter(STR("<article class=\"a5\">\n <h1> Giấy \n hẹn</h1>\n<p>A &amp; <strong>B &lt;b&gt; </strong>\n c"
                        "<br> d </p><p class=\"caps\">ủy ban</p></article>"));
    assert_int_equal(letter.paper, PAPER_A5);
    assert_str(letter_text(&a, &letter), "Giấy hẹn\nA & B <b> c\nd\nỦY BAN\n");
}

static void line_breaks_stay_where_the_template_says_so(void **state)
{
    (void)state;
    struct letter letter =
        read_letter(STR("<article class=\"a4\"><p class=\"lines\">một  \n  hai</p><p>ba\nbốn</p></article>"));
    assert_str(letter_text(&a, &letter), "một\nhai\nba bốn\n");
}

/* What may not stand in a letter, and where the refusal says that it is. */
static const struct {
    const char *text, *place;
} wrong[] = {
    {"<article class=\"a5\">\n<p>a<script>x</script></p></article>",       "2:5: " },
    {"<article class=\"a5\"><p onclick=\"x\">a</p></article>",             "1:21: "},
    {"<article class=\"a5\"><p style=\"x\">a</p></article>",               "1:21: "},
    {"<article class=\"a5\"><p class=\"red\">a</p></article>",             "1:21: "},
    {"<article class=\"a3\"></article>",                                   "1:1: " },
    {"<article class=\"a5\"><p>a<p>b</p></p></article>",                   "1:25: "},
    {"<article class=\"a5\">a</article>",                                  "1:21: "},
    {"<article class=\"a5\"><p>a</article>",                               "1:25: "},
    {"<article class=\"a5\"><table><tr><td>a</td></tr></table></article>", "1:28: "},
    {"<article class=\"a5\"></article><article class=\"a5\"></article>",   "1:31: "},
    {"<p>a</p>",                                                           "1:1: " },
    {"<article class=\"a5\"><p>đầu</p>",                                "1:31: "},
    {"<article class=\"a5\"><p",                                           "1:21: "},
};

static void what_is_not_in_the_set_is_refused_with_line_and_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        struct letter letter;
        fail_init(&why, &a);
        assert_int_equal(letter_parse(&a, str_from(wrong[i].text), &letter, &why), ERR_BAD);
        struct str said = fail_text(&a, &why);
        if (!str_starts(said, str_from(wrong[i].place))) print_error("%s\n  %s\n", wrong[i].text, said.at);
        assert_true(str_starts(said, str_from(wrong[i].place)));
        assert_int_equal(letter_check(str_from(wrong[i].text), &why), ERR_BAD);
    }
}

static void a_template_is_checked_before_it_is_ever_filled(void **state)
{
    static const char *const right[] = {
        "<article class=\"a5\">{{> slip/_head}}<p>{{code}}{{#if "
        "a}}<strong>{{b}}</strong>{{else}}c{{/if}}</p></article>",
        "<article class=\"a5\">{{-- a note --}}{{#if a}}<p>b</p>{{/if}}<table><tbody>{{#each rows}}<tr><td>{{x}}</td>"
        "</tr>{{/each}}</tbody></table></article>",
        "<article class=\"a5\"><figure data-qr=\"{{link}}\" data-alt=\"{{t \"Code\"}}\"></figure></article>",
    };
    static const char *const broken[] = {
        "<article class=\"a5\">{{#if a}}<p>{{/if}}b</p></article>",
        "<article class=\"a5\">{{#if a}}<p>{{else}}</p>{{/if}}</article>",
        "<article class=\"a5\">{{code}}</article>",
        "<article class=\"a5\"><p>{{> slip/_head}}</p></article>",
        "<article class=\"a5\"><p>{{#if a}}</p>{{/if}}</article>",
        "{{#if a}}<article class=\"a5\"></article>{{/if}}",
        "<article class=\"a5\"><p>{{code</p></article>",
        "<article class=\"a5\">{{#each rows}}</article>",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(right); i++)
        if (letter_check(str_from(right[i]), &why) != OK) said_wrongly(right[i]);
    for (size_t i = 0; i < LENGTH(broken); i++)
        if (letter_check(str_from(broken[i]), &why) != ERR_BAD) said_wrongly(broken[i]);
}

static void a_page_draws_the_code_and_adds_nothing_of_a_hostile_text(void **state)
{
    (void)state;
    struct letter letter = read_letter(STR("<article class=\"a5\"><p>&lt;script&gt;</p><figure data-qr=\"G11\" "
                                           "data-alt=\"&quot;&gt;x\">G11</figure></article>"));
    struct html shown;
    assert_int_equal(letter_html(&a, &letter, &shown, &why), OK);
    struct str page = shown.text;
    assert_true(str_has(page, STR("<article class=\"mc-letter mc-letter--a5\" lang=\"vi\"><p>&lt;script&gt;</p>")));
    assert_true(str_has(page, STR("<svg class=\"mc-letter__qr\" viewBox=\"0 0 29 29\"")));
    assert_true(str_has(page, STR("aria-label=\"&quot;&gt;x\"")));
    assert_false(str_has(page, STR("<script")));
}

static void a_letter_that_would_be_too_long_for_a_page_is_refused_whole(void **state)
{
    AUTO_BUF struct buf text;
    struct html shown = {STR("untouched")};
    (void)state;
    buf_init(&text, LETTER_TEXT_BYTES);
    buf_add(&text, STR("<article class=\"a4\">"));
    for (int i = 0; i < 1500; i++) /* each code is drawn: a few bytes of text become some kilobytes */
        buf_addf(&text, "<figure data-qr=\"https://g11.example/tra-cuu/%060d\" data-alt=\"x\"></figure>", i);
    buf_add(&text, STR("</article>"));
    struct letter letter = read_letter(buf_str(&text));
    assert_int_equal(letter_html(&a, &letter, &shown, &why), ERR_TOO_LARGE);
    assert_str(shown.text, "untouched");
}

/* ---- paper ---- */

static enum outcome print(struct str text, struct buf *out)
{
    struct letter letter = read_letter(text);
    struct letter_facts facts = {STR("Giấy hẹn"), STR("Bộ Quốc phòng"), 1700000000 * US_PER_S};
    buf_init(out, LETTER_PDF_BYTES);
    return letter_pdf(press, &letter, &facts, out, &why);
}

static void the_same_letter_gives_the_same_bytes(void **state)
{
    (void)state;
    AUTO_BUF struct buf one, two;
    struct str text = STR("<article class=\"a5\"><h1>Giấy hẹn</h1><p>Ễ <em>ử</em> <strong>ộ</strong></p></article>");
    assert_int_equal(print(text, &one), OK);
    assert_int_equal(print(text, &two), OK);
    assert_true(str_eq(buf_str(&one), buf_str(&two)));
    assert_true(str_starts(buf_str(&one), STR("%PDF-1.7\n")));
    assert_true(str_has(buf_str(&one), STR("<pdfuaid:part>1</pdfuaid:part>")));
}

static const char *const hostile[] = {
    "العربية עברית mixed 中文 한국어 😀👨‍👩‍👧",
    "e\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030A",
    "\u202E\u202D\u2066\u2069\u200F\u2028\u2029\uFEFF\uFFFD\uE000",
    "\n/Private &lt;&lt; /MCID 0 &gt;&gt; BDC\n(",
    "",
};

static void a_hostile_text_is_set_like_any_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        AUTO_BUF struct buf out;
        struct str text =
            str_format(&a,
                       "<article class=\"a5\"><p class=\"lines justify\">%s</p><table class=\"grid\"><tbody>"
                       "<tr><td class=\"w1\">%s</td><td>%s</td></tr></tbody></table></article>",
                       hostile[i], hostile[i], hostile[i]);
        assert_int_equal(print(text, &out), OK);
    }
}

static void a_word_as_long_as_a_book_and_a_cell_larger_than_a_page_end(void **state)
{
    (void)state;
    AUTO_BUF struct buf text, out;
    buf_init(&text, 1024 * 1024);
    buf_add(&text, STR("<article class=\"a5\"><header><div><p>"));
    for (int i = 0; i < 20000; i++) buf_add(&text, STR("đ"));
    buf_add(&text, STR("</p></div></header><table class=\"grid\"><thead><tr><th class=\"w1\">"));
    for (int i = 0; i < 2000; i++) buf_add(&text, STR("cao "));
    buf_add(&text, STR("</th><th class=\"w9\">b</th></tr></thead><tbody>"));
    for (int i = 0; i < 200; i++) buf_addf(&text, "<tr><td>%d</td><td>Ệ</td></tr>", i);
    buf_add(&text, STR("</tbody></table></article>"));
    assert_int_equal(print(buf_str(&text), &out), OK);
}

static int open_press(void **state)
{
    (void)state;
    press = press_new();
    return 0;
}

static int close_press(void **state)
{
    (void)state;
    press_free(press);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(blanks_collapse_and_entities_become_letters),
        TEST(line_breaks_stay_where_the_template_says_so),
        TEST(what_is_not_in_the_set_is_refused_with_line_and_column),
        TEST(a_template_is_checked_before_it_is_ever_filled),
        TEST(a_page_draws_the_code_and_adds_nothing_of_a_hostile_text),
        TEST(a_letter_that_would_be_too_long_for_a_page_is_refused_whole),
        TEST(the_same_letter_gives_the_same_bytes),
        TEST(a_hostile_text_is_set_like_any_other),
        TEST(a_word_as_long_as_a_book_and_a_cell_larger_than_a_page_end),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, open_press, close_press);
}
