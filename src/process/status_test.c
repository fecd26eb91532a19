#include "base/test.h"

#include "base/language.h"
#include "process/status.h"

/* All pairs, as the guidance prints them: a row for each status, a column for the one that follows. */
static void exactly_the_transitions_of_the_guidance_are_allowed(void **state)
{
    static const char *const allowed[STATUS_COUNT] = {
        /*          1234567890 */
        [STATUS_NONE] = "----------",    [STATUS_NEW] = "sxx-x-x---",       [STATUS_RECEIVED] = "-s-xxxx---",
        [STATUS_REFUSED] = "--s-------", [STATUS_IN_HAND] = "---sxxxxx-",   [STATUS_SUPPLEMENT] = "-x-xs-xx--",
        [STATUS_PAYMENT] = "---x-sxx--", [STATUS_WITHDRAWN] = "------s---", [STATUS_STOPPED] = "-------s--",
        [STATUS_DONE] = "--------sx",    [STATUS_RETURNED] = "---------s",
    };
    (void)state;
    for (int from = 0; from < STATUS_COUNT; from++) {
        bool has_next = false;
        for (int to = 1; to < STATUS_COUNT; to++) {
            char mark = allowed[from][to - 1];
            assert_int_equal(status_may_follow((enum status)from, (enum status)to), mark != '-');
            has_next |= mark == 'x';
        }
        assert_int_equal(status_is_final((enum status)from), from != STATUS_NONE && !has_next);
    }
}

static void what_is_no_status_follows_nothing(void **state)
{
    (void)state;
    assert_false(status_may_follow(STATUS_NEW, STATUS_COUNT));
    assert_false(status_may_follow((enum status)99, STATUS_NEW));
    assert_false(status_is_final((enum status)99));
    assert_string_equal(status_name((enum status)99), "none");
}

static void the_vietnamese_labels_are_the_national_portals(void **state)
{
    static const char *const labels[STATUS_COUNT] = {
        "",
        "Mới đăng ký",
        "Được tiếp nhận",
        "Không được tiếp nhận",
        "Đang xử lý",
        "Yêu cầu bổ sung giấy tờ",
        "Yêu cầu thực hiện nghĩa vụ tài chính",
        "Công dân yêu cầu rút hồ sơ",
        "Dừng xử lý",
        "Đã xử lý xong",
        "Đã trả kết quả",
    };
    (void)state;
    for (int s = 1; s < STATUS_COUNT; s++) assert_str(translate(VIETNAMESE, status_message((enum status)s)), labels[s]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exactly_the_transitions_of_the_guidance_are_allowed),
        cmocka_unit_test(what_is_no_status_follows_nothing),
        cmocka_unit_test(the_vietnamese_labels_are_the_national_portals),
    };
    return RUN_TESTS(tests);
}
