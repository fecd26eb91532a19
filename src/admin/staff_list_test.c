#include "base/test.h"

#include "admin/staff_list.h"
#include "base/auto.h"

static struct staff_list read_list(struct arena *a, struct str bytes)
{
    struct fail why;
    struct str text;
    struct staff_list list;
    fail_init(&why, a);
    assert_int_equal(staff_text(a, bytes, &text, &why), OK);
    assert_int_equal(staff_read(a, text, &list, &why), OK);
    return list;
}

static void the_separator_the_mark_of_excel_and_the_order_of_columns_do_not_matter(void **state)
{
    (void)state;
    static const char *const lists[] = {
        "Họ và tên,Vai trò,Email\nNguyễn Văn An,Chuyên viên,an@xa.gov.vn\n",
        "\xEF\xBB\xBFHọ và tên;Vai trò;Email\r\nNguyễn Văn An;Chuyên viên;an@xa.gov.vn\r\n",
        "Email\tChức vụ\tHọ tên\nan@xa.gov.vn\tChuyên viên Tư pháp\tNguyễn Văn An",
        "Nguyễn Văn An,specialist,,an@xa.gov.vn",
        "name;role;email\n\"Nguyễn Văn An\";\"chuyên viên\";\"an@xa.gov.vn\"\n\n",
    };
    for (size_t i = 0; i < LENGTH(lists); i++) {
        AUTO_ARENA struct arena a;
        arena_init(&a, 1 << 22);
        struct staff_list list = read_list(&a, str_from(lists[i]));
        assert_int_equal(list.count, 1);
        assert_int_equal(list.wrong_count, 0);
        assert_str(list.lines[0].name, "Nguyễn Văn An");
        assert_str(list.lines[0].role, "specialist");
        assert_str(list.lines[0].email, "an@xa.gov.vn");
        assert_str(list.lines[0].login, "nguyenvanan");
    }
}

static void unicode_text_of_excel_is_read_and_a_workbook_is_explained(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 22);
    static const char utf16[] = "\xFF\xFE\x0D\x01\x6F\x00\xE0\x00\x6E\x00\x09\x00L\0e\0a\0d\0e\0r\0\n\0";
    struct staff_list list = read_list(&a, str_of(utf16, sizeof utf16 - 1));
    assert_str(list.lines[0].name, "čoàn");
    assert_str(list.lines[0].role, "leader");
    struct fail why;
    struct str text;
    fail_init(&why, &a);
    assert_int_equal(staff_text(&a, STR("PK\x03\x04zip"), &text, &why), ERR_INVALID);
    assert_int_equal(staff_text(&a, STR("\xC0\xAF"), &text, &why), ERR_INVALID);
}

static void every_line_tells_its_own_mistakes_and_equal_names_get_numbers(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 22);
    struct staff_list list = read_list(&a, STR("Họ tên,Vai trò,Tên đăng nhập,Email,Điện thoại\n"
                                               "Trần Thị Bình,Phó Chủ tịch,,,\n"
                                               "Trần Thị Bình,Văn thư,,,\n"
                                               ",Bảo vệ,Có Dấu,không,12\n"
                                               "\"Lê\n Văn C\",Tiếp nhận,levanc,,\n"
                                               "Lê Văn D,Tiếp nhận,levanc,,\n"));
    assert_int_equal(list.count, 5);
    assert_int_equal(list.wrong_count, 2);
    assert_str(list.lines[0].role, "leader");
    assert_str(list.lines[1].login, "tranthibinh2");
    assert_int_equal(list.lines[2].number, 4);
    assert_int_equal(list.lines[2].mistake_count, 5);
    assert_str(list.lines[3].name, "Lê Văn C");
    assert_int_equal(list.lines[4].number, 7);
    assert_int_equal(list.lines[4].mistake_count, 1);
}

static void a_list_without_anybody_is_refused(void **state)
{
    (void)state;
    AUTO_ARENA struct arena a;
    arena_init(&a, 1 << 22);
    struct fail why;
    struct staff_list list;
    static const char *const lists[] = {"", "\n\n", "Họ tên,Vai trò\n", " ; ; \n"};
    for (size_t i = 0; i < LENGTH(lists); i++) {
        fail_init(&why, &a);
        assert_int_equal(staff_read(&a, str_from(lists[i]), &list, &why), ERR_INVALID);
    }
}

/* What a request has for it is a few megabytes, however long the list. */
static void a_whole_office_is_read_in_little_memory(void **state)
{
    struct arena small;
    struct staff_list list;
    struct fail wrong;
    AUTO_BUF struct buf text;
    (void)state;
    arena_init(&small, 8 << 20);
    fail_init(&wrong, &small);
    buf_init(&text, STAFF_BYTES);
    for (int i = 0; i < STAFF_MOST; i++)
        buf_addf(&text,
                 "Nguyễn Thị Ngọc Ánh %d;Chuyên viên;canbo%d;canbo%d@example.vn;0912345678;Phòng Kinh tế;Hộ tịch\n", i,
                 i, i);
    assert_int_equal(staff_read(&small, buf_str(&text), &list, &wrong), OK);
    assert_int_equal(list.count, STAFF_MOST);
    assert_int_equal(list.wrong_count, 0);
    assert_str(list.lines[499].name, "Nguyễn Thị Ngọc Ánh 499");
    arena_end(&small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_separator_the_mark_of_excel_and_the_order_of_columns_do_not_matter),
        cmocka_unit_test(unicode_text_of_excel_is_read_and_a_workbook_is_explained),
        cmocka_unit_test(every_line_tells_its_own_mistakes_and_equal_names_get_numbers),
        cmocka_unit_test(a_list_without_anybody_is_refused),
        cmocka_unit_test(a_whole_office_is_read_in_little_memory),
    };
    return RUN_TESTS(tests);
}
