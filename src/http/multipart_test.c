#include "base/test.h"

#include "http/multipart.h"

enum { TEST_ARENA_BYTES = 64 * 1024 * 1024 };

static struct arena a;
static struct fail why;

/* Writes down what the parser says: "[name|file|type]data;" */
struct record {
    struct buf said;
    bool fails; /* data is refused */
};

static enum outcome note_begin(void *context, const struct part *part, struct fail *f)
{
    struct record *r = context;
    (void)f;
    buf_addf(&r->said, "[%.*s|%.*s%s|%.*s]", STR_ARG(part->name), STR_ARG(part->file_name), part->is_file ? "!" : "",
             STR_ARG(part->type));
    return OK;
}

static enum outcome note_data(void *context, struct str piece, struct fail *f)
{
    struct record *r = context;
    if (r->fails) return fail(f, ERR_TOO_LARGE, NULL);
    buf_add(&r->said, piece);
    return OK;
}

static enum outcome note_end(void *context, struct fail *f)
{
    struct record *r = context;
    (void)f;
    buf_add(&r->said, STR(";"));
    return OK;
}

/* The whole text in pieces of these sizes: `first` bytes, then `step` at a time. */
static enum outcome parse(struct record *r, struct str boundary, struct str text, size_t first, size_t step)
{
    struct part_receiver to = {note_begin, note_data, note_end, r};
    struct multipart *m = ARENA_NEW(&a, struct multipart);
    multipart_init(m, &a, boundary, &to);
    size_t at = 0, size = first;
    while (at < text.len) {
        TRY(multipart_feed(m, str_part(text, at, size), &why));
        at += size;
        size = step;
    }
    return multipart_finish(m, &why);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&a, TEST_ARENA_BYTES);
    fail_init(&why, &a);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&a);
    return 0;
}

#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static const struct str sample = STR_INIT("--Xy\r\n" FIELD(
    "a") "one\r\n--Xy\r\n"
         "content-disposition: FORM-DATA; name=\"b\"; filename=\"C:\\anh\\\u0110\u01a1n \\\"1\\\".pdf\"\r\n"
         "X-Other: ignored\r\nContent-Type: application/pdf\r\n\r\n"
         "\r\n-\r\n--X\r\n\r\r\n--Xz\r\n--\r\r\n--Xy\r\n" FIELD(
             "c") "\r\n--Xy\r\n"
                  "Content-Disposition: form-data; name=d; filename=\"\"\r\n\r\n\r\n--Xy--\r\nwhat follows is ignored");
static const char said_of_sample[] =
    "[a||]one;[b|\u0110\u01a1n \"1\".pdf!|application/pdf]\r\n-\r\n--X\r\n\r\r\n--Xz\r\n--\r;"
    "[c||];[d|!|];";

static void a_form_cut_at_every_byte_is_the_same_form(void **state)
{
    (void)state;
    for (size_t first = 1; first <= sample.len; first++) {
        struct record r = {0};
        buf_init(&r.said, 4096);
        assert_int_equal(parse(&r, STR("Xy"), sample, first, sample.len), OK);
        assert_str(buf_str(&r.said), said_of_sample);
        buf_end(&r.said);
    }
    for (size_t step = 1; step < 40; step++) {
        struct record r = {0};
        buf_init(&r.said, 4096);
        assert_int_equal(parse(&r, STR("Xy"), sample, step, step), OK);
        assert_str(buf_str(&r.said), said_of_sample);
        buf_end(&r.said);
    }
}

static void a_form_cut_short_is_refused(void **state)
{
    (void)state;
    size_t whole = sample.len - strlen("\r\nwhat follows is ignored");
    for (size_t len = 0; len < whole; len++) {
        struct record r = {0};
        buf_init(&r.said, 4096);
        assert_int_equal(parse(&r, STR("Xy"), str_part(sample, 0, len), len + 1, 1), ERR_BAD);
        buf_end(&r.said);
    }
}

static void malformed_forms_are_refused(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *what;
        enum outcome outcome;
        struct str text;
    } cases[] = {
        {"preamble", ERR_BAD, STR_INIT("hello\r\n--Xy\r\n" FIELD("a") "1\r\n--Xy--")},
        {"line break before the first boundary", ERR_BAD, STR_INIT("\r\n--Xy\r\n" FIELD("a") "1\r\n--Xy--")},
        {"other boundary", ERR_BAD, STR_INIT("--Xz\r\n" FIELD("a") "1\r\n--Xz--")},
        {"boundary goes on", ERR_BAD, STR_INIT("--Xyz\r\n" FIELD("a") "1\r\n--Xyz--")},
        {"LF for CRLF", ERR_BAD, STR_INIT("--Xy\n" FIELD("a") "1\r\n--Xy--")},
        {"LF in headers", ERR_BAD, STR_INIT("--Xy\r\nContent-Disposition: form-data; name=a\n\r\n1\r\n--Xy--")},
        {"CR in headers", ERR_BAD, STR_INIT("--Xy\r\nContent-Disposition: form-data;\r name=a\r\n\r\n1\r\n--Xy--")},
        {"NUL in headers", ERR_BAD,
         STR_INIT("--Xy\r\nContent-Disposition: form-data; name=\"a\0b\"\r\n\r\n1\r\n--Xy--")},
        {"no name", ERR_BAD, STR_INIT("--Xy\r\nContent-Disposition: form-data\r\n\r\n1\r\n--Xy--")},
        {"empty name", ERR_BAD, STR_INIT("--Xy\r\n" FIELD("") "1\r\n--Xy--")},
        {"open quote", ERR_BAD, STR_INIT("--Xy\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--Xy--")},
        {"not form-data", ERR_BAD, STR_INIT("--Xy\r\nContent-Disposition: attachment; name=a\r\n\r\n1\r\n--Xy--")},
        {"two dispositions", ERR_BAD,
         STR_INIT("--Xy\r\nContent-Disposition: form-data; name=a\r\n" FIELD("b") "1\r\n--Xy--")},
        {"no headers", ERR_BAD, STR_INIT("--Xy\r\n\r\n1\r\n--Xy--")},
        {"header without colon", ERR_BAD, STR_INIT("--Xy\r\nabc\r\n" FIELD("a") "1\r\n--Xy--")},
        {"not UTF-8", ERR_BAD, STR_INIT("--Xy\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n1\r\n--Xy--")},
        {"base64", ERR_TYPE, STR_INIT("--Xy\r\nContent-Transfer-Encoding: base64\r\n" FIELD("a") "1\r\n--Xy--")},
        {"one dash", ERR_BAD, STR_INIT("--Xy\r\n" FIELD("a") "1\r\n--Xy-")},
        {"dash and line", ERR_BAD, STR_INIT("--Xy\r\n" FIELD("a") "1\r\n--Xy-\r\n")},
    };
    /* clang-format on */
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct record r = {0};
        buf_init(&r.said, 4096);
        enum outcome outcome = parse(&r, STR("Xy"), cases[i].text, 1, 1);
        if (outcome != cases[i].outcome) print_error("%s\n", cases[i].what);
        assert_int_equal(outcome, cases[i].outcome);
        buf_end(&r.said);
    }
}

static void headers_of_a_part_are_bounded(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    buf_init(&text, 64 * 1024);
    buf_add(&text, STR("--Xy\r\nX: "));
    for (int i = 0; i < HTTP_PART_HEAD_BYTES; i++) buf_add_char(&text, 'a');
    struct record r = {0};
    buf_init(&r.said, 4096);
    assert_int_equal(parse(&r, STR("Xy"), buf_str(&text), 7, 100), ERR_HEADERS);
    buf_end(&r.said);
}

static void a_refusal_of_the_receiver_stops_the_parser(void **state)
{
    (void)state;
    struct record r = {.fails = true};
    buf_init(&r.said, 4096);
    assert_int_equal(parse(&r, STR("Xy"), sample, sample.len, 1), ERR_TOO_LARGE);
    buf_end(&r.said);
}

static void boundaries_are_checked(void **state)
{
    (void)state;
    struct str out;
    assert_true(multipart_boundary(STR("multipart/form-data; boundary=----WebKitFormBoundary7MA4"), &out));
    assert_str(out, "----WebKitFormBoundary7MA4");
    assert_true(multipart_boundary(STR("multipart/form-data; charset=utf-8; Boundary=\"a b'\""), &out) == false);
    assert_true(multipart_boundary(STR("multipart/form-data; boundary=\"a:b\"; x=y"), &out));
    assert_str(out, "a:b");
    static const char *const bad[] = {
        "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"a",
        "multipart/form-data; boundary=a\x01",
        "multipart/form-data; boundary=01234567890123456789012345678901234567890123456789012345678901234567890"};
    for (size_t i = 0; i < LENGTH(bad); i++) assert_false(multipart_boundary(str_from(bad[i]), &out));
}

static void file_names_are_made_harmless(void **state)
{
    (void)state;
    static const struct {
        const char *said, *clean;
    } cases[] = {
        {"to khai.pdf",         "to khai.pdf"},
        {"../../etc/passwd",    "passwd"     },
        {"C:\\Users\\a\\b.doc", "b.doc"      },
        {"..",                  ""           },
        {".",                   ""           },
        {"a/",                  ""           },
        {"",                    ""           },
        {"a\tb\nc",             "a b c"      },
        {"a\u0301.pdf",         "\u00e1.pdf" },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) assert_str(file_name_clean(&a, str_from(cases[i].said)), cases[i].clean);
    char name[400];
    memset(name, 'x', sizeof name);
    memcpy(name + 254, "\u0111", 2);
    assert_int_equal(file_name_clean(&a, str_of(name, sizeof name)).len, 254);
}

static void extended_file_names_are_read(void **state)
{
    (void)state;
    struct record r = {0};
    buf_init(&r.said, 4096);
    struct str text =
        STR("--Xy\r\nContent-Disposition: form-data; name=a; filename=\"x\"; filename*=UTF-8''%C4%91%C6%A1n.pdf\r\n"
            "\r\n1\r\n--Xy--");
    assert_int_equal(parse(&r, STR("Xy"), text, 3, 5), OK);
    assert_str(buf_str(&r.said), "[a|\u0111\u01a1n.pdf!|]1;");
    buf_end(&r.said);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_cut_at_every_byte_is_the_same_form),
        cmocka_unit_test(a_form_cut_short_is_refused),
        cmocka_unit_test(malformed_forms_are_refused),
        cmocka_unit_test(headers_of_a_part_are_bounded),
        cmocka_unit_test(a_refusal_of_the_receiver_stops_the_parser),
        cmocka_unit_test(boundaries_are_checked),
        cmocka_unit_test(file_names_are_made_harmless),
        cmocka_unit_test(extended_file_names_are_read),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, set_up, tear_down);
}
