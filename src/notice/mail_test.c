/* Letters as mail servers take them; tests/mail.test.mjs reads them with another program's eyes. */
#include "base/test.h"

#include "base/auto.h"
#include "notice/mail.h"

static struct arena arena;

static struct mail ordinary(void)
{
    return (struct mail){.from_name = STR("Một cửa xã Cát Tiên"),
                         .from = STR("motcua@cattien.example.vn"),
                         .to = STR("an@example.vn"),
                         .message_id = STR("7.00ff@motcua"),
                         .list_id = STR("thong-bao.cattien.example.vn"),
                         .subject = STR("Hồ sơ G11-261122-0001: đã tiếp nhận"),
                         .text = STR("Kính gửi ông An,\nHồ sơ đã được tiếp nhận.\n"),
                         .language = STR("vi"),
                         .unsubscribe = STR("https://cattien.example.vn/thong-bao/ngung/x"),
                         .date = INT64_C(1795359939) * US_PER_S};
}

static struct str head_of(struct str letter)
{
    return str_part(letter, 0, (size_t)str_find(letter, STR("\r\n\r\n"), 0) + 2);
}

static size_t count_lines_with(struct str head, const char *begin)
{
    size_t count = 0;
    struct str line, rest = head;
    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest);
        count += str_starts(line, str_from(begin));
    }
    return count;
}

static void a_letter_has_the_headers_of_an_automatic_message(void **state)
{
    static const char *const expected[] = {
        "Date: Sun, 22 Nov 2026 22:05:39 +0700\r\n",
        "To: <an@example.vn>\r\n",
        "Message-ID: <7.00ff@motcua>\r\n",
        "List-Id: <thong-bao.cattien.example.vn>\r\n",
        "List-Unsubscribe: <https://cattien.example.vn/thong-bao/ngung/x>\r\n",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
        "Auto-Submitted: auto-generated\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "Subject: =?UTF-8?B?SOG7kyBzxqEgRzExLTI2MTEyMi0wMDAxOiDEkcOjIHRp4bq/cCBuaA==?=\r\n =?UTF-8?B?4bqtbg==?=\r\n",
    };
    struct mail m = ordinary();
    (void)state;
    struct str letter = mail_write(&arena, &m);
    for (size_t i = 0; i < LENGTH(expected); i++) {
        if (!str_has(letter, str_from(expected[i]))) print_error("%s\n%s", expected[i], str_cstr(&arena, letter));
        assert_true(str_has(letter, str_from(expected[i])));
    }
}

static void nothing_that_is_put_in_makes_a_header(void **state)
{
    static const char *const hostile[] = {"x\r\nBcc: all@example.vn",
                                          "x\nBcc: a\n\nbody",
                                          "x\rBcc: a",
                                          "a\0Bcc: b",
                                          "=?UTF-8?B?DQpCY2M6IGE=?=",
                                          "\"x\" <a@b>, c",
                                          "a\xE2\x80\xA8"
                                          "Bcc: b",
                                          "\xff\xfe\r\nBcc: x"};
    (void)state;
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        struct mail m = ordinary();
        struct str plain = head_of(mail_write(&arena, &m));
        m.subject = m.from_name = m.text = m.to = m.from = m.message_id = m.list_id = m.language = m.unsubscribe =
            str_of(hostile[i], i == 3 ? 8 : strlen(hostile[i]));
        struct str head = head_of(mail_write(&arena, &m));
        assert_int_equal(count_lines_with(head, "Bcc"), 0);
        assert_int_equal(count_lines_with(head, "Content-Transfer-Encoding: base64"), 1);
        size_t headers = 0, plain_headers = 0;
        for (size_t c = 0; c < head.len; c++)
            headers += head.at[c] == '\n' && c + 1 < head.len && head.at[c + 1] != ' ';
        for (size_t c = 0; c < plain.len; c++)
            plain_headers += plain.at[c] == '\n' && c + 1 < plain.len && plain.at[c + 1] != ' ';
        assert_int_equal(headers, plain_headers);
    }
}

static void long_subjects_are_folded_between_characters(void **state)
{
    struct mail m = ordinary();
    struct str line, rest;
    (void)state;
    m.subject = STR("Hồ sơ đề nghị cấp giấy phép hoạt động ở khu vực biên giới đối với người nước ngoài đã được "
                    "tiếp nhận và hẹn trả kết quả trong mười ngày làm việc");
    rest = mail_write(&arena, &m);
    while (rest.len > 0) {
        (void)str_cut(rest, '\n', &line, &rest);
        assert_true(line.len <= 78 + 1);
    }
}

static void plain_words_stay_plain(void **state)
{
    struct mail m = ordinary();
    (void)state;
    m.subject = STR("Dossier G11-261122-0001: received");
    assert_true(str_has(mail_write(&arena, &m), STR("Subject: Dossier G11-261122-0001: received\r\n")));
    m.unsubscribe = STR_NONE;
    assert_false(str_has(mail_write(&arena, &m), STR("List-Unsubscribe")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_has_the_headers_of_an_automatic_message),
        cmocka_unit_test(nothing_that_is_put_in_makes_a_header),
        cmocka_unit_test(long_subjects_are_folded_between_characters),
        cmocka_unit_test(plain_words_stay_plain),
    };
    arena_init(&arena, 8 << 20);
    int failed = RUN_TESTS(tests);
    arena_end(&arena);
    return failed;
}
