#include "base/test.h"

#include "base/auto.h"
#include "base/clock.h"
#include "base/json.h"

static struct arena arena;
static struct fail why;

static enum outcome read_text(struct str text, yyjson_val **out)
{
    return json_read(&arena, text, out, &why);
}

static void a_document_is_read_and_walked(void **state)
{
    (void)state;
    yyjson_val *v;
    assert_int_equal(
        read_text(STR(" {\"name\": \"một \\u0063ửa\", \"n\": -5, \"big\": 18446744073709551615, \"yes\": true,"
                      " \"none\": null, \"real\": 1.5} "),
                  &v),
        OK);
    assert_str(json_str(v, "name"), "một cửa");
    assert_str(json_str(v, "n"), "");
    assert_str(json_str(v, "none"), "");
    assert_str(json_str(v, "absent"), "");
    assert_int_equal(json_int(v, "n", 7), -5);
    assert_int_equal(json_int(v, "big", 7), 7);
    assert_int_equal(json_int(v, "real", 7), 7);
    assert_int_equal(json_int(v, "absent", 7), 7);
    assert_true(json_bool(v, "yes", false));
    assert_true(json_bool(v, "n", true));
    assert_null(json_get(v, "none"));
    assert_null(json_get(v, "absent"));
    assert_non_null(json_get(v, "n"));
    assert_str(json_str(NULL, "name"), "");
    assert_str(json_text(NULL), "");
    assert_int_equal(json_int(json_get(v, "n"), "x", 7), 7);
}

static void values_outlive_their_text(void **state)
{
    (void)state;
    char text[] = "[\"abc\"]";
    yyjson_val *v;
    assert_int_equal(read_text(str_from(text), &v), OK);
    memset(text, 'x', sizeof text);
    assert_str(json_text(yyjson_arr_get_first(v)), "abc");
}

static void what_is_not_json_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line, *column;
    } rows[] = {
        {"",                                                    "1", "1" },
        {" ",                                                   "1", "2" },
        {"{",                                                   "1", "2" },
        {"[1,]",                                                "1", "3" },
        {"{\"a\":1,\n \"b\":x}",                                "2", "6" },
        {"[\"một cửa\",\n\n  x]",                           "3", "3" },
        {"[1] [2]",                                             "1", "5" },
        {"{\"a\":1,\"a\":2}",                                   "1", "8" },
        {"{\"b\":1,\n\"\\u0061\":{\"x\":[{\"c\":1,\"c\":1}]}}", "2", "23"},
        {"'a'",                                                 "1", "1" },
        {"// note\n1",                                          "1", "1" },
        {"NaN",                                                 "1", "1" },
        {"01",                                                  "1", "1" },
        {"\"a\nb\"",                                            "1", "3" },
        {"\"\\ud800\"",                                         "1", "4" },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        yyjson_val *v = NULL;
        if (read_text(str_from(rows[i].text), &v) != ERR_BAD) print_error("accepted: %s\n", rows[i].text);
        assert_int_equal(read_text(str_from(rows[i].text), &v), ERR_BAD);
        assert_null(v);
        assert_str(why.args[0], rows[i].line);
        if (rows[i].text[0] == '[' || rows[i].text[0] == '{') assert_str(why.args[1], rows[i].column);
    }
}

static void what_is_not_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"\"\xff\"", "\"\xc0\x80\"",  "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"",
                                        "\"\xc3\"", "\xef\xbb\xbf{}"};
    yyjson_val *v;
    for (size_t i = 0; i < LENGTH(texts); i++) assert_int_equal(read_text(str_from(texts[i]), &v), ERR_BAD);
    assert_int_equal(read_text(STR("\"a\0b\""), &v), ERR_BAD);
    assert_int_equal(read_text(STR("\"a\\u0000b\""), &v), OK);
    assert_true(str_eq(json_text(v), STR("a\0b")));
    static const char *const with_nul[] = {"\"\\u0000\"", "[1,[\"\\u0000\"]]", "{\"a\":{\"b\\u0000\":1}}"};
    for (size_t i = 0; i < LENGTH(with_nul); i++) {
        assert_int_equal(read_text(str_from(with_nul[i]), &v), OK);
        assert_true(json_has_nul(v));
    }
    assert_int_equal(read_text(STR("{\"a\":[1,null,\"\",{},[],\"0\"]}"), &v), OK);
    assert_false(json_has_nul(v));
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    char text[2 * JSON_DEPTH + 2];
    memset(text, '[', JSON_DEPTH);
    memset(text + JSON_DEPTH, ']', JSON_DEPTH);
    yyjson_val *v;
    assert_int_equal(read_text(str_of(text, 2 * JSON_DEPTH), &v), OK);
    memset(text, '[', JSON_DEPTH + 1);
    memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
    assert_int_equal(read_text(str_of(text, 2 * JSON_DEPTH + 2), &v), ERR_BAD);
    assert_str(fail_text(&arena, &why), "The JSON is nested too deeply at line 1, column 65.");
    assert_int_equal(
        read_text(STR("\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\""), &v), OK);
}

static void doubled_members_are_found_among_many(void **state)
{
    (void)state;
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_char(&text, '{');
    for (int i = 0; i < 1000; i++) buf_addf(&text, "\"k%d\":0,\n", i);
    size_t len = text.len;
    buf_add(&text, STR("\"last\":0}"));
    yyjson_val *v;
    assert_int_equal(read_text(buf_str(&text), &v), OK);
    text.len = len;
    buf_add(&text, STR("\"k500\":0}"));
    assert_int_equal(read_text(buf_str(&text), &v), ERR_BAD);
    assert_str(fail_text(&arena, &why), "The JSON names the same member twice: see line 1001, column 1.");
}

static void a_document_that_does_not_fit_its_arena_is_refused(void **state)
{
    (void)state;
    AUTO_ARENA struct arena small;
    arena_init(&small, 4096);
    AUTO_BUF struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_char(&text, '[');
    for (int i = 0; i < 1000; i++) buf_add(&text, STR("1,"));
    buf_add(&text, STR("1]"));
    yyjson_val *v;
    assert_int_equal(json_read(&small, buf_str(&text), &v, &why), ERR_TOO_LARGE);
    while (text.len < 5000) buf_add_char(&text, ' ');
    assert_int_equal(json_read(&small, buf_str(&text), &v, &why), ERR_TOO_LARGE);
}

static void a_writer_places_commas_and_escapes(void **state)
{
    (void)state;
    AUTO_BUF struct buf out;
    buf_init(&out, 1 << 16);
    struct json_writer w;
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "s", STR("a\"\\\b\f\n\r\t\x01\x1f/Đ"));
    jw_put_str_or_null(&w, "empty", STR_NONE);
    jw_key(&w, "list");
    jw_open(&w, '[');
    jw_int(&w, INT64_MIN);
    jw_bool(&w, true);
    jw_open(&w, '{');
    jw_close(&w);
    jw_open(&w, '[');
    jw_close(&w);
    jw_null(&w);
    jw_raw(&w, STR("{\"raw\":1}"));
    jw_double(&w, 0.5);
    jw_close(&w);
    jw_put_int(&w, "n", 5);
    jw_put_bool(&w, "b", false);
    jw_put_null(&w, "none");
    jw_put_id(&w, "id", 42);
    jw_put_instant(&w, "at", 0);
    jw_put_instant(&w, "never", INSTANT_NONE);
    jw_close(&w);
    assert_str(buf_str(&out), "{\"s\":\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f/Đ\",\"empty\":null,\"list\":["
                              "-9223372036854775808,true,{},[],null,{\"raw\":1},0.5],\"n\":5,\"b\":false,\"none\":null,"
                              "\"id\":\"42\",\"at\":\"1970-01-01T00:00:00Z\",\"never\":null}");
    yyjson_val *v;
    assert_int_equal(read_text(buf_str(&out), &v), OK);
    AUTO_BUF struct buf again;
    buf_init(&again, 1 << 16);
    jw_init(&w, &again);
    jw_value(&w, v);
    assert_true(str_eq(buf_str(&again), buf_str(&out)));
}

static struct str canonical(struct str text)
{
    yyjson_val *v;
    assert_int_equal(read_text(text, &v), OK);
    return json_canonical(&arena, v);
}

static void numbers_are_written_as_rfc_8785_appendix_b_does(void **state)
{
    (void)state;
    static const struct {
        uint64_t bits;
        const char *text;
    } rows[] = {
        {0x0000000000000000, "0"                        },
        {0x8000000000000000, "0"                        },
        {0x0000000000000001, "5e-324"                   },
        {0x8000000000000001, "-5e-324"                  },
        {0x7fefffffffffffff, "1.7976931348623157e+308"  },
        {0xffefffffffffffff, "-1.7976931348623157e+308" },
        {0x4340000000000000, "9007199254740992"         },
        {0xc340000000000000, "-9007199254740992"        },
        {0x4430000000000000, "295147905179352830000"    },
        {0x7fffffffffffffff, "null"                     },
        {0x7ff0000000000000, "null"                     },
        {0x44b52d02c7e14af5, "9.999999999999997e+22"    },
        {0x44b52d02c7e14af6, "1e+23"                    },
        {0x44b52d02c7e14af7, "1.0000000000000001e+23"   },
        {0x444b1ae4d6e2ef4e, "999999999999999700000"    },
        {0x444b1ae4d6e2ef4f, "999999999999999900000"    },
        {0x444b1ae4d6e2ef50, "1e+21"                    },
        {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"     },
        {0x3eb0c6f7a0b5ed8d, "0.000001"                 },
        {0x41b3de4355555553, "333333333.3333332"        },
        {0x41b3de4355555554, "333333333.33333325"       },
        {0x41b3de4355555555, "333333333.3333333"        },
        {0x41b3de4355555556, "333333333.3333334"        },
        {0x41b3de4355555557, "333333333.33333343"       },
        {0xbecbf647612f3696, "-0.0000033333333333333333"},
        {0x43143ff3c1cb0959, "1424953923781206.2"       },
        {0x3d30000000000000, "5.684341886080802e-14"    }, /* a power of two: the nearest 16 digits do not read back */
        {0x0010000000000000, "2.2250738585072014e-308"  },
        {0x3ff8000000000000, "1.5"                      },
        {0x4059000000000000, "100"                      },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        double value;
        memcpy(&value, &rows[i].bits, sizeof value);
        AUTO_BUF struct buf out;
        buf_init(&out, 100);
        struct json_writer w;
        jw_init(&w, &out);
        jw_double(&w, value);
        assert_str(buf_str(&out), rows[i].text);
    }
}

static void the_canonical_form_is_that_of_rfc_8785(void **state)
{
    (void)state;
    assert_str(canonical(STR("{ \"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],\n"
                             "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                             "  \"literals\": [null, true, false] }")),
               "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],"
               "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
    /* RFC 8785, 3.2.3: by UTF-16 code units */
    assert_str(canonical(STR(
                   "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}")),
               "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\xef\xac\xb3\":3}");
    assert_str(canonical(STR("[9007199254740993, 18446744073709551615, -9223372036854775808, 1.0, -0, -0.0, {}]")),
               "[9007199254740993,18446744073709551615,-9223372036854775808,1,0,0,{}]");
    assert_str(canonical(STR("{\"b\":{\"z\":1,\"y\":[{\"d\":1,\"c\":2}]},\"a\":\"\",\"\":0,\"ab\":0}")),
               "{\"\":0,\"a\":\"\",\"ab\":0,\"b\":{\"y\":[{\"c\":2,\"d\":1}],\"z\":1}}");
}

/* Text is looked at eight bytes at a time: each byte at each place of texts of each length. */
static void what_must_be_escaped_is_seen_wherever_it_stands(void **state)
{
    (void)state;
    enum { MOST = 20 };
    for (size_t len = 1; len <= MOST; len++)
        for (size_t at = 0; at < len; at++)
            for (int c = 1; c < 256; c++) {
                char text[MOST];
                AUTO_BUF struct buf out;
                struct json_writer w;
                memset(text, 'a', sizeof text);
                text[at] = (char)c;
                buf_init(&out, 1024);
                jw_init(&w, &out);
                jw_str(&w, str_of(text, len));
                bool is_escaped = c < ' ' || c == '"' || c == '\\';
                bool is_short = c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v');
                assert_int_equal(out.len, len + 2 + (is_escaped ? is_short ? 1 : 5 : 0));
                assert_int_equal(out.at[at + 1], is_escaped ? '\\' : (char)c);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_read_and_walked),
        cmocka_unit_test(values_outlive_their_text),
        cmocka_unit_test(what_is_not_json_is_refused_with_its_place),
        cmocka_unit_test(what_is_not_utf8_is_refused),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(doubled_members_are_found_among_many),
        cmocka_unit_test(a_document_that_does_not_fit_its_arena_is_refused),
        cmocka_unit_test(a_writer_places_commas_and_escapes),
        cmocka_unit_test(what_must_be_escaped_is_seen_wherever_it_stands),
        cmocka_unit_test(numbers_are_written_as_rfc_8785_appendix_b_does),
        cmocka_unit_test(the_canonical_form_is_that_of_rfc_8785),
    };
    arena_init(&arena, 16 << 20);
    fail_init(&why, &arena);
    int failed = RUN_TESTS(tests);
    arena_end(&arena);
    return failed;
}
