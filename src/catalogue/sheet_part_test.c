#include "base/test.h"

#include "base/text.h"
#include "catalogue/sheet_part.h"

enum { TEST_BYTES = 4 * 1024 * 1024 };

static struct arena arena;
static struct import_report report;
static struct sheet_place place;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, TEST_BYTES);
    import_report_init(&report, &arena);
    place = (struct sheet_place){.arena = &arena, .report = &report, .file = STR("x.json"), .field = STR("#/x")};
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_end(&arena);
    return 0;
}

/* The number of doubts since `before`. */
static size_t doubts_since(size_t before)
{
    return report.doubts.count - before;
}

/* ---- fees ---- */

struct fee_row {
    const char *text;
    size_t fees, doubts; /* what the cell gives */
    enum fee_kind kind;  /* of the first */
    bool is_known;
    int64_t amount;
    enum currency currency;
    const char *condition;
};

/* clang-format off */
static const struct fee_row fee_rows[] = {
    {"Phí : 0 Đồng", 1, 0, FEE_SERVICE, true, 0, CURRENCY_VND, ""},
    {"Lệ phí : 0 Đồng", 1, 0, FEE_CHARGE, true, 0, CURRENCY_VND, ""},
    {"LỆ PHÍ: 10.000 đồng", 1, 0, FEE_CHARGE, true, 10000, CURRENCY_VND, ""},
    {"", 0, 1, FEE_SERVICE, false, 0, CURRENCY_VND, ""},
    {"Phí : Không Đồng", 1, 1, FEE_SERVICE, true, 0, CURRENCY_VND, ""},
    {"Phí : không Đồng", 1, 1, FEE_SERVICE, true, 0, CURRENCY_VND, ""},
    {"Phí : o Đồng", 1, 1, FEE_SERVICE, true, 0, CURRENCY_VND, ""},
    {"Phí : Miễn phí", 1, 1, FEE_SERVICE, true, 0, CURRENCY_VND, ""},
    {"Phí :  Đồng", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND, ""},
    {"Lệ phí :   (Thông tư số 249/2016/TT-BTC)", 1, 1, FEE_CHARGE, false, 0, CURRENCY_VND,
     "Thông tư số 249/2016/TT-BTC"},
    {"Phí : 2.000.000 Đồng (Thẩm định)", 1, 0, FEE_SERVICE, true, 2000000, CURRENCY_VND, "Thẩm định"},
    {"Phí : 2,000,000 VNĐ", 1, 0, FEE_SERVICE, true, 2000000, CURRENCY_VND, ""},
    {"Phí : 2 000 000 đ", 1, 0, FEE_SERVICE, true, 2000000, CURRENCY_VND, ""},
    {"Phí : 50.000đ/hồ sơ", 1, 0, FEE_SERVICE, true, 50000, CURRENCY_VND, "/hồ sơ"},
    {"Phí : 20000 Đồng", 1, 0, FEE_SERVICE, true, 20000, CURRENCY_VND, ""},
    {"Phí : 50 nghìn đồng", 1, 0, FEE_SERVICE, true, 50000, CURRENCY_VND, ""},
    {"Phí : 1,5 triệu đồng", 1, 0, FEE_SERVICE, true, 1500000, CURRENCY_VND, ""},
    {"Phí : 50000", 1, 1, FEE_SERVICE, true, 50000, CURRENCY_VND, ""},
    {"Lệ phí : 1.5 USD", 1, 0, FEE_CHARGE, true, 150, CURRENCY_USD, ""},
    {"Lệ phí : 1,50 USD", 1, 0, FEE_CHARGE, true, 150, CURRENCY_USD, ""},
    {"Lệ phí : 03 USD (Lệ phí: 03 USD/Giấy phép)", 1, 0, FEE_CHARGE, true, 300, CURRENCY_USD,
     "Lệ phí: 03 USD/Giấy phép"},
    {"Lệ phí : $10", 1, 0, FEE_CHARGE, true, 1000, CURRENCY_USD, ""},
    {"Lệ phí : 1.500 USD", 1, 1, FEE_CHARGE, true, 150000, CURRENCY_USD, ""},
    {"Phí : 1.5 Đồng", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND, "1.5 Đồng"},
    {"Phí : 2.00.000 Đồng", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND, "2.00.000 Đồng"},
    {"Phí : 99999999999999999999 Đồng", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND, "99999999999999999999 Đồng"},
    {"Phí : 999999999999 triệu đồng", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND, "999999999999 triệu đồng"},
    {"Phí : 999999 nghìn USD", 1, 0, FEE_SERVICE, true, 99999900000, CURRENCY_USD, ""},
    {"Phí : -5 Đồng", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND, "-5"},
    {"Phí : 5 EUR", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND, "5 EUR"},
    {"Phí : Mức thu bằng 50% mức thu phí Đồng (TT 64)", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND,
     "Mức thu bằng 50% mức thu phí; TT 64"},
    {"Phí : 1. Mức thu bằng 50% mức thu phí Đồng", 1, 1, FEE_SERVICE, false, 0, CURRENCY_VND,
     "Mức thu bằng 50% mức thu phí"},
    {"Phí : 50.000 Đồng (50.000 đồng/hồ sơ. Riêng năng khiếu: 120.000 đồng/hồ sơ)", 1, 1, FEE_SERVICE, true, 50000,
     CURRENCY_VND, "50.000 đồng/hồ sơ. Riêng năng khiếu: 120.000 đồng/hồ sơ"},
    {"Phí : 0 Đồng\nLệ phí : 5 USD", 2, 0, FEE_SERVICE, true, 0, CURRENCY_VND, ""},
    {"Phí : 0 Đồng Lệ phí : 5 USD", 2, 0, FEE_SERVICE, true, 0, CURRENCY_VND, ""},
    {"Lệ phí : 5 USD Phí : 0 Đồng", 2, 0, FEE_CHARGE, true, 500, CURRENCY_USD, ""},
    {"Phí : 1.000 Đồng (dòng một\ndòng hai)", 1, 0, FEE_SERVICE, true, 1000, CURRENCY_VND, "dòng một dòng hai"},
    {"Phí :  Đồng (Theo quy định)\nFile đính kèm: 62-btc.pdf", 1, 2, FEE_SERVICE, false, 0, CURRENCY_VND,
     "Theo quy định"},
    {"5.000 đồng", 1, 1, FEE_SERVICE, true, 5000, CURRENCY_VND, ""},
};
/* clang-format on */

static void fees_are_read_and_what_is_unknown_is_never_zero(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(fee_rows); i++) {
        const struct fee_row *row = &fee_rows[i];
        struct procedure_case c = {0};
        size_t before = report.doubts.count;
        sheet_fees(&place, str_from(row->text), &c);
        if (c.fee_count != row->fees || doubts_since(before) != row->doubts)
            print_error("%s: %zu fees, %zu doubts\n", row->text, c.fee_count, doubts_since(before));
        assert_int_equal(c.fee_count, row->fees);
        assert_int_equal(doubts_since(before), row->doubts);
        assert_int_equal(c.is_fee_stated, row->fees > 0);
        if (row->fees == 0) continue;
        if (c.fees[0].is_known != row->is_known || c.fees[0].amount != row->amount)
            print_error("%s: %d %ld\n", row->text, c.fees[0].is_known, (long)c.fees[0].amount);
        assert_int_equal(c.fees[0].kind, row->kind);
        assert_int_equal(c.fees[0].is_known, row->is_known);
        assert_int_equal(c.fees[0].amount, row->amount);
        assert_int_equal(c.fees[0].currency, row->currency);
        assert_str(c.fees[0].condition, row->condition);
    }
}

static void a_fee_keeps_the_name_of_a_file_that_is_not_there(void **state)
{
    (void)state;
    struct procedure_case c = {0};
    sheet_fees(&place, STR("Phí :  Đồng\nFile đính kèm: a.pdf\nPhí :  Đồng\nFile đính kèm: b.pdf"), &c);
    assert_int_equal(c.fee_count, 2);
    assert_str(c.fees[0].file, "a.pdf");
    assert_str(c.fees[1].file, "b.pdf");
}

static void an_amount_is_written_for_people(void **state)
{
    (void)state;
    assert_str(fee_amount_for_people(&arena, &(struct fee){.is_known = true, .amount = 2000000}), "2.000.000 ₫");
    assert_str(fee_amount_for_people(&arena, &(struct fee){.is_known = true, .amount = 0}), "0 ₫");
    assert_str(fee_amount_for_people(&arena, &(struct fee){.is_known = true, .amount = 150, .currency = CURRENCY_USD}),
               "1,50 USD");
    assert_str(fee_amount_for_people(&arena, &(struct fee){.is_known = true, .amount = 500, .currency = CURRENCY_USD}),
               "5 USD");
    assert_str(fee_amount_for_people(&arena, &(struct fee){.is_known = false}), "");
}

/* ---- terms ---- */

struct term_row {
    const char *text;
    enum term_kind kind;
    enum term_unit unit;
    int64_t hundredths;
    size_t doubts;
    const char *id;
};

/* clang-format off */
static const struct term_row term_rows[] = {
    {"30 Ngày làm việc", TERM_FIXED, TERM_WORKING_DAYS, 3000, 0, "30-working-days"},
    {"07 Ngày", TERM_FIXED, TERM_DAYS, 700, 0, "7-days"},
    {"01 Giờ", TERM_FIXED, TERM_HOURS, 100, 0, "1-hours"},
    {"0.5 Giờ", TERM_FIXED, TERM_HOURS, 50, 0, "30-minutes"},
    {"0,5 giờ", TERM_FIXED, TERM_HOURS, 50, 0, "30-minutes"},
    {"0 Giờ", TERM_FIXED, TERM_HOURS, 0, 1, "on-the-spot"},
    {"30 phút", TERM_FIXED, TERM_HOURS, 50, 0, "30-minutes"},
    {"20 phút", TERM_FIXED, TERM_HOURS, 33, 1, "19-minutes"},
    {"02 (hai) ngày làm việc", TERM_FIXED, TERM_WORKING_DAYS, 200, 0, "2-working-days"},
    {"01 Tháng", TERM_FIXED, TERM_MONTHS, 100, 0, "1-months"},
    {"2 tuần", TERM_FIXED, TERM_DAYS, 1400, 0, "14-days"},
    {"1 năm", TERM_FIXED, TERM_MONTHS, 1200, 0, "12-months"},
    {"15 Ngày kể từ ngày nhận đủ hồ sơ", TERM_FIXED, TERM_DAYS, 1500, 0, "15-days"},
    {"Không quá 15 ngày làm việc", TERM_FIXED, TERM_WORKING_DAYS, 1500, 1, "15-working-days"},
    {"Không quy định", TERM_UNSTATED, TERM_NONE, 0, 1, "unstated"},
    {"", TERM_UNSTATED, TERM_NONE, 0, 1, "unstated"},
    {"10-25", TERM_RANGE, TERM_NONE, 0, 1, "range"},
    {"10 – 25 Ngày", TERM_RANGE, TERM_NONE, 0, 1, "range"},
    {"từ 10 đến 25 ngày", TERM_RANGE, TERM_NONE, 0, 1, "range"},
    {"30", TERM_UNCLEAR, TERM_NONE, 0, 1, "unclear"},
    {"-3 Ngày", TERM_UNCLEAR, TERM_NONE, 0, 1, "unclear"},
    {"15 ngày làm việc (trong đó 5 ngày thẩm định)", TERM_FIXED, TERM_WORKING_DAYS, 1500, 1, "15-working-days"},
    {"Trong ngày", TERM_BY_EVENT, TERM_NONE, 0, 1, "by-event"},
    {"24h", TERM_FIXED, TERM_HOURS, 2400, 0, "24-hours"},
    {"10 ngày hoặc 20 ngày", TERM_UNCLEAR, TERM_NONE, 0, 1, "unclear"},
    {"999999999999 Ngày", TERM_UNCLEAR, TERM_NONE, 0, 1, "unclear"},
    {"1.5 Ngày", TERM_UNCLEAR, TERM_NONE, 0, 1, "unclear"},
    {"Chậm nhất là ngay trước khi tàu rời cảng", TERM_BY_EVENT, TERM_NONE, 0, 1, "by-event"},
    {"Trước ngày 05 tháng 3", TERM_UNCLEAR, TERM_NONE, 0, 1, "unclear"},
};
/* clang-format on */

static void a_term_is_one_clear_number_with_its_unit(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(term_rows); i++) {
        const struct term_row *row = &term_rows[i];
        struct procedure_case c = {0};
        size_t before = report.doubts.count;
        sheet_term(&place, str_from(row->text), &c);
        if (c.term_kind != row->kind || c.term.hundredths != row->hundredths || doubts_since(before) != row->doubts)
            print_error("%s: kind %d, unit %d, %ld, %zu doubts\n", row->text, c.term_kind, c.term.unit,
                        (long)c.term.hundredths, doubts_since(before));
        assert_int_equal(c.term_kind, row->kind);
        assert_int_equal(c.term.unit, row->unit);
        assert_int_equal(c.term.hundredths, row->hundredths);
        assert_int_equal(doubts_since(before), row->doubts);
        assert_str(sheet_term_id(&arena, &c), row->id);
    }
}

/* ---- components ---- */

static struct procedure components_of(const struct component_row *rows, size_t count)
{
    struct procedure p = {0};
    struct component_row *clean = ARENA_ARRAY(&arena, struct component_row, count);
    for (size_t i = 0; i < count; i++) {
        clean[i] = rows[i];
        if (clean[i].counts.len == 0) clean[i].counts = STR("Bản chính: 1\nBản sao: 0");
    }
    sheet_components(&place, clean, count, &p);
    return p;
}

struct required_row {
    const char *text;
    enum required_kind required;
    const char *label; /* NULL: not looked at */
};

/* clang-format off */
static const struct required_row required_rows[] = {
    {"Đơn đề nghị.", REQUIRED_ALWAYS, "Đơn đề nghị"},
    {"- Bản khai chung (bản chính);", REQUIRED_ALWAYS, "Bản khai chung (bản chính)"},
    {"1.\tĐơn khiếu nại hoặc bản ghi lời khiếu nại.", REQUIRED_ALWAYS, "Đơn khiếu nại hoặc bản ghi lời khiếu nại"},
    {"7.Quyết định bổ nhiệm", REQUIRED_ALWAYS, "Quyết định bổ nhiệm"},
    {"a) Đơn đề nghị theo Mẫu số 03..,", REQUIRED_ALWAYS, "Đơn đề nghị theo Mẫu số 03"},
    {"đ) Giấy phép", REQUIRED_ALWAYS, "Giấy phép"},
    {"01 (một) bản chính Danh sách thuyền viên", REQUIRED_ALWAYS, "01 (một) bản chính Danh sách thuyền viên"},
    {"Danh sách hành khách (nếu có)", REQUIRED_IF_ANY, "Danh sách hành khách (nếu có)"},
    {"+ Đối với hành khách (nếu có): Hộ chiếu", REQUIRED_IF_ANY, NULL},
    {"Bản sao giấy chứng nhận (không bắt buộc doanh nghiệp phải cung cấp)", REQUIRED_IF_ANY, NULL},
    {"Bản sao một trong các giấy tờ gốc", REQUIRED_ONE_OF, NULL},
    {"Một hoặc một số giấy tờ sau: Quyết định phục viên", REQUIRED_ONE_OF, NULL},
    {"+ Đối với thuyền viên: Hộ chiếu của thuyền viên", REQUIRED_CASE, NULL},
    {"Tài liệu chứng minh đối với trường hợp sai sót thông tin.", REQUIRED_CASE, NULL},
    {"Hộ chiếu trong trường họp mất giấy tờ", REQUIRED_CASE, NULL},
    {"Giấy tờ phải xuất trình: Một trong các loại giấy tờ sau: Hộ chiếu", REQUIRED_SHOWN, NULL},
};
/* clang-format on */

static void the_words_of_a_component_say_whether_it_is_required(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(required_rows); i++) {
        struct component_row row = {.name = str_from(required_rows[i].text)};
        struct procedure p = components_of(&row, 1);
        assert_int_equal(p.component_count, 1);
        if (p.components[0].required != required_rows[i].required)
            print_error("%s: %s\n", required_rows[i].text, required_words[p.components[0].required].code);
        assert_int_equal(p.components[0].required, required_rows[i].required);
        if (required_rows[i].label != NULL) assert_str(p.components[0].label, required_rows[i].label);
    }
}

static void a_row_without_papers_is_the_heading_of_a_case(void **state)
{
    (void)state;
    const struct component_row rows[] = {
        {.name = STR("Đơn chung")                                                   },
        {.name = STR("Trường hợp 1: Hồ sơ đề nghị bổ sung, bao gồm:"), .counts = STR("Bản chính: 0\nBản sao: 0")},
        {.name = STR("a) Đơn đề nghị")                                                                            },
        {.name = STR("2. Trường hợp 2: 2.1. Hồ sơ đề nghị đổi, gồm.,"), .counts = STR("Bản chính: 0\nBản sao: 0")},
        {.name = STR("a) Đơn đề nghị")                              },
        {.name = STR("b) Ảnh (nếu có)")                                         },
    };
    struct procedure p = components_of(rows, LENGTH(rows));
    assert_int_equal(p.component_count, 6); /* the same paper in two cases is no double */
    assert_int_equal(p.components[0].required, REQUIRED_ALWAYS);
    assert_true(p.components[1].is_heading);
    assert_str(p.components[2].group, "case-1");
    assert_int_equal(p.components[2].required, REQUIRED_CASE);
    assert_true(p.components[3].is_heading);
    assert_str(p.components[4].group, "case-2");
    assert_str(p.components[5].group, "case-2");
    assert_false(str_eq(p.components[2].id, p.components[4].id));
}

static void zero_counts_of_a_real_paper_are_unknown_and_of_a_paper_to_show_are_shown(void **state)
{
    (void)state;
    const struct component_row real = {.name = STR("Tờ trình đề nghị thành lập trung tâm"),
                                       .counts = STR("Bản chính: 0\nBản sao: 0")};
    struct procedure p = components_of(&real, 1);
    assert_int_equal(p.components[0].required, REQUIRED_ALWAYS);
    assert_int_equal(p.components[0].originals, COUNT_UNKNOWN);
    const struct component_row shown[] = {
        {.name = STR("Giấy tờ phải xuất trình: Hộ chiếu"),            .counts = STR("Bản chính: 0\nBản sao: 0")},
        {.name = STR("Các loại giấy tờ do Biên phòng cấp (nếu có)"), .counts = STR("Bản chính: 0\nBản sao: 0")},
    };
    p = components_of(shown, 2);
    assert_int_equal(p.components[0].required, REQUIRED_SHOWN);
    assert_int_equal(p.components[1].required, REQUIRED_SHOWN);
}

static void alternatives_below_a_title_are_one_group(void **state)
{
    (void)state;
    const struct component_row rows[] = {
        {.name = STR("a) Một trong các giấy tờ sau:")},
        {.name = STR("- Hộ chiếu")},
        {.name = STR("- Căn cước")},
        {.name = STR("b) Đơn đề nghị")},
    };
    struct procedure p = components_of(rows, LENGTH(rows));
    assert_true(p.components[0].is_heading);
    assert_int_equal(p.components[1].required, REQUIRED_ONE_OF);
    assert_str(p.components[2].group, "one-of-1");
    assert_int_equal(p.components[3].required, REQUIRED_ALWAYS);
    const struct component_row joined[] = {
        {.name = STR("Hộ chiếu hoặc")}, {.name = STR("Căn cước")}, {.name = STR("Đơn")}};
    p = components_of(joined, LENGTH(joined));
    assert_int_equal(p.components[0].required, REQUIRED_ONE_OF);
    assert_true(str_eq(p.components[0].group, p.components[1].group));
    assert_int_equal(p.components[2].required, REQUIRED_ALWAYS);
}

static void doubles_are_left_out_and_reported(void **state)
{
    (void)state;
    const struct component_row rows[] = {{.name = STR("Đơn")}, {.name = STR("Đơn")}, {.name = STR("Đơn.")}};
    size_t before = report.doubts.count;
    struct procedure p = components_of(rows, LENGTH(rows));
    assert_int_equal(p.component_count, 2);
    assert_int_equal(doubts_since(before), 2);
}

static void file_names_stand_in_the_column_of_counts(void **state)
{
    (void)state;
    const struct component_row rows[] = {
        {.name = STR("Đơn"),     .files = STR("Mus01.docx\nBẢN KHAI CHUNG.doc")},
        {.name = STR("Tờ khai"), .files = STR("02")                              }
    };
    struct procedure p = components_of(rows, LENGTH(rows));
    assert_int_equal(p.components[0].form_file_count, 2);
    assert_str(p.components[0].form_files[1], "BẢN KHAI CHUNG.doc");
    assert_int_equal(p.components[1].form_file_count, 0);
}

static void a_long_name_gets_a_short_label_and_keeps_its_text(void **state)
{
    (void)state;
    struct buf long_name;
    buf_init(&long_name, 8192);
    buf_add(&long_name, STR("Hồ sơ của người có công với cách mạng đang định cư ở nước ngoài, gồm các giấy tờ: "));
    for (int i = 0; i < 60; i++) buf_add(&long_name, STR("quyết định; "));
    struct component_row row = {.name = str_dup(&arena, buf_str(&long_name))};
    buf_end(&long_name);
    struct procedure p = components_of(&row, 1);
    assert_str(p.components[0].label,
               "Hồ sơ của người có công với cách mạng đang định cư ở nước ngoài, gồm các giấy tờ");
    assert_true(p.components[0].detail.len > 600);
}

/* ---- words ---- */

static bool has_audience(const struct procedure *p, enum audience audience)
{
    for (size_t i = 0; i < p->audience_count; i++) {
        if (p->audience[i] == audience) return true;
    }
    return false;
}

static void the_audience_is_matched_by_its_longest_words(void **state)
{
    (void)state;
    struct procedure p = {0};
    size_t before = report.doubts.count;
    sheet_audience(&place,
                   STR("Cán bộ, công chức, viên chức, Doanh nghiệp có vốn đầu tư nước ngoài, Tổ chức (không bao gồm "
                       "doanh nghiệp, HTX), Tổ chức nước ngoài"),
                   &p);
    assert_int_equal(p.audience_count, 4);
    assert_true(has_audience(&p, AUDIENCE_OFFICIAL));
    assert_true(has_audience(&p, AUDIENCE_FOREIGN_BUSINESS));
    assert_false(has_audience(&p, AUDIENCE_BUSINESS));
    assert_true(has_audience(&p, AUDIENCE_ORGANISATION));
    assert_true(has_audience(&p, AUDIENCE_FOREIGN_ORGANISATION));
    assert_int_equal(doubts_since(before), 0);
    sheet_audience(&place, STR("Công dân Việt Nam, Người ngoài hành tinh"), &p);
    assert_int_equal(p.audience_count, 1);
    assert_int_equal(doubts_since(before), 1);
}

static void levels_and_channels_come_from_a_vocabulary(void **state)
{
    (void)state;
    struct procedure p = {0};
    size_t before = report.doubts.count;
    sheet_levels(&place, STR("Cấp Bộ, Cấp Tỉnh, Cấp Xã, Cơ quan khác"), &p);
    assert_int_equal(p.level_count, 4);
    assert_int_equal(sheet_channels(&place, STR("Dịch vụ bưu chính")), 1u << CHANNEL_POSTAL);
    assert_int_equal(sheet_channels(&place, STR("TRỰC TIẾP")), 1u << CHANNEL_COUNTER);
    assert_int_equal(doubts_since(before), 0);
    sheet_levels(&place, STR("Cấp Huyện"), &p);
    assert_int_equal(p.levels[0], LEVEL_OTHER);
    assert_int_equal(sheet_channels(&place, STR("Trực tiếp, Trực tuyến")),
                     (1u << CHANNEL_COUNTER) | (1u << CHANNEL_ONLINE));
    assert_int_equal(sheet_channels(&place, STR("Bồ câu")), 0);
    assert_int_equal(doubts_since(before), 3);
}

struct process_row {
    const char *name, *field;
    enum initiator initiator;
    enum procedure_process process;
};
/* clang-format off */
static const struct process_row process_rows[] = {
    {"Thủ tục cấp giấy phép", "Báo chí", INITIATOR_APPLICANT, PROCESS_APPLICATION},
    {"Thủ tục thu hồi giấy phép hành nghề", "Khám bệnh", INITIATOR_AUTHORITY, PROCESS_SUSPENSION},
    {"Trình tự, thủ tục đình chỉ hoạt động", "Khám bệnh", INITIATOR_AUTHORITY, PROCESS_SUSPENSION},
    {"Thủ tục tạm đình chỉ, chấm dứt hưởng chế độ", "Chính sách", INITIATOR_AUTHORITY, PROCESS_SUSPENSION},
    {"Thủ tục cho phép tiếp tục hành nghề sau khi bị đình chỉ", "Khám bệnh", INITIATOR_APPLICANT,
     PROCESS_APPLICATION},
    {"Thủ tục cấp, tạm dừng và hủy tài khoản", "Biên giới", INITIATOR_APPLICANT, PROCESS_APPLICATION},
    {"Thủ tục giải quyết đơn khiếu nại lần đầu", "Thanh tra", INITIATOR_APPLICANT, PROCESS_COMPLAINT},
    {"Thủ tục lần hai", "Khiếu nại", INITIATOR_APPLICANT, PROCESS_COMPLAINT},
    {"Thủ tục giải quyết tố cáo cấp Bộ", "Giải quyết tố cáo", INITIATOR_APPLICANT, PROCESS_DENUNCIATION},
};
/* clang-format on */

static void suspensions_complaints_and_denunciations_are_no_applications(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(process_rows); i++) {
        struct procedure p = {.name = str_from(process_rows[i].name), .field = str_from(process_rows[i].field)};
        sheet_process(&place, &p);
        assert_int_equal(p.initiator, process_rows[i].initiator);
        assert_int_equal(p.process, process_rows[i].process);
        assert_int_equal(procedure_is_public_lookup(&p),
                         p.process != PROCESS_COMPLAINT && p.process != PROCESS_DENUNCIATION);
    }
}

struct decision_row {
    const char *text, *number, *date;
    enum publication state;
};
/* clang-format off */
static const struct decision_row decision_rows[] = {
    {"Quyết định số 6225/QĐ-BQP", "6225/QĐ-BQP", "", PUBLISHED_DATE_UNKNOWN},
    {"3980 /QĐ-BQP", "3980/QĐ-BQP", "", PUBLISHED_DATE_UNKNOWN},
    {"QĐ số 12 / QĐ-BQP", "12/QĐ-BQP", "", PUBLISHED_DATE_UNKNOWN},
    {"Quyết định số 4777", "4777", "", PUBLISHED_DATE_UNKNOWN},
    {"Quyết định số 6225/QĐ-BQP ngày 01/12/2025", "6225/QĐ-BQP", "2025-12-01", PUBLISHED},
    {"Quyết định số 6225/QĐ-BQP ngày 1 tháng 2 năm 2025", "6225/QĐ-BQP", "2025-02-01", PUBLISHED},
    {"Quyết định số 6225/QĐ-BQP ngày 31/02/2025", "6225/QĐ-BQP", "", PUBLISHED_DATE_UNKNOWN},
    {"", "", "", DECISION_UNKNOWN},
};
/* clang-format on */

static void the_decision_has_a_number_and_perhaps_a_date(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(decision_rows); i++) {
        struct procedure p = {0};
        sheet_decision(&place, str_from(decision_rows[i].text), &p);
        assert_str(p.decision_number, decision_rows[i].number);
        assert_str(p.decision_date, decision_rows[i].date);
        assert_int_equal(p.state, decision_rows[i].state);
    }
}

/* ---- law ---- */

struct law_row {
    const char *number, *title, *symbol, *type;
    size_t doubts;
};
/* clang-format off */
static const struct law_row law_rows[] = {
    {"103/2025/TT-BQP", "Thông tư", "103/2025/TT-BQP", "circular", 0},
    {"Thông tư số 104/2024/TT-BQP", "Thay thế", "104/2024/TT-BQP", "circular", 0},
    {"số 25/2018/QH14", "Luật tố cáo", "25/2018/QH14", "law", 0},
    {"Luật 47/2014/QH13", "Luật Nhập cảnh", "47/2014/QH13", "law", 0},
    {"02/2020/UBTVQH14", "Pháp lệnh", "02/2020/UBTVQH14", "ordinance", 0},
    {"21/2008/TTLT- BQP-BLĐTBXH-BTC", "Thông tư liên tịch", "21/2008/TTLT-BQP-BLĐTBXH-BTC", "joint_circular", 0},
    {"48/VBHN-VPQH", "hợp nhất Luật Xây dựng", "48/VBHN-VPQH", "consolidated", 0},
    {"5166/QĐ-BQP", "Quyết định", "5166/QĐ-BQP", "decision", 0},
    {"12", "Quyết định số 12/2021/QĐ-TTg ngày 24/3/2021 ban hành", "12/2021/QĐ-TTg", "decision", 1},
    {"34/2023", "Nghị định 34/2023/NĐ-CP ngày 16/06/2023", "34/2023/NĐ-CP", "decree", 1},
    {"54", "Luật Hải quan 2014", "", "law", 1},
    {"BỘ LUẬT  HÀNG HẢI VIỆT NAM", "Bộ luật Hàng hải Việt Nam", "", "law", 1},
    {"158/2011/TT", "Thông tư", "158/2011/TT", "circular", 1},
    {"", "Luật Quốc phòng", "", "law", 1},
    {"77/2017/NĐ-CP", "", "77/2017/NĐ-CP", "decree", 1},
    {"69/2007/TTLT/BQP-BTC", "Nghị định số 159/2006/NĐ-CP", "69/2007/TTLT/BQP-BTC", "joint_circular", 1},
    {"112/2014/NĐ-CP", "Nghị định 112/2014/NĐ-CP - Quy định", "112/2014/NĐ-CP", "decree", 0},
    {"ngày 24/3/2021", "Một văn bản", "", "", 1},
};
/* clang-format on */

static void a_legal_basis_has_a_whole_symbol_or_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(law_rows); i++) {
        struct law_reference law = {0};
        size_t before = report.doubts.count;
        sheet_law(&place, str_from(law_rows[i].number), str_from(law_rows[i].title), &law);
        if (doubts_since(before) != law_rows[i].doubts)
            print_error("%s: %zu doubts\n", law_rows[i].number, doubts_since(before));
        assert_str(law.symbol, law_rows[i].symbol);
        assert_str(law.type, law_rows[i].type);
        assert_int_equal(doubts_since(before), law_rows[i].doubts);
    }
}

/* ---- agencies ---- */

struct agency_row {
    const char *text;
    size_t count;
    const char *first_unit, *first_parent;
    bool is_person, is_outside, is_district; /* of the last */
};
/* clang-format off */
static const struct agency_row agency_rows[] = {
    {"Cục Quân y/Tổng cục Hậu cần - Kỹ thuật", 1, "Cục Quân y", "Tổng cục Hậu cần - Kỹ thuật", false, false, false},
    {"Cục Lãnh sự - Bộ Ngoại giao", 1, "Cục Lãnh sự", "Bộ Ngoại giao", false, true, false},
    {"Cục Chính trị - Tổ chức/Ban Cơ yếu Chính phủ", 1, "Cục Chính trị - Tổ chức", "Ban Cơ yếu Chính phủ", false,
     false, false},
    {"Cục Dân quân tự vệ thuộc Bộ Tổng Tham mưu", 1, "Cục Dân quân tự vệ", "Bộ Tổng Tham mưu", false, false, false},
    {"Cơ quan chính trị đơn vị trực thuộc Bộ", 1, "Cơ quan chính trị đơn vị trực thuộc Bộ", "", false, false, false},
    {"Ủy ban Quốc gia Ứng phó sự cố, thiên tai và Tìm kiếm cứu nạn", 1,
     "Ủy ban Quốc gia Ứng phó sự cố, thiên tai và Tìm kiếm cứu nạn", "", false, false, false},
    {"Cơ quan, đơn vị từ cấp trung đoàn trở lên", 1, "Cơ quan, đơn vị từ cấp trung đoàn trở lên", "", false, false,
     false},
    {"Bộ Công an, Bộ Quốc phòng", 2, "Bộ Công an", "", false, false, false},
    {"Bệnh viện; Hội đồng xác nhận; ; Giám đốc Bệnh viện.", 3, "Bệnh viện", "", true, false, false},
    {"Bộ Quốc phòng, Bộ Quốc phòng", 1, "Bộ Quốc phòng", "", false, false, false},
    {"Bộ Tư lệnh Quân khu", 1, "Bộ Tư lệnh Quân khu", "", false, false, false},
    {"Tư lệnh quân đoàn", 1, "Tư lệnh quân đoàn", "", true, false, false},
    {"Uỷ ban Nhân dân cấp xã, phường, thị trấn", 1, "Uỷ ban Nhân dân cấp xã, phường, thị trấn", "", false, true,
     false},
    {"Ban chỉ huy quân sự cấp huyện", 1, "Ban chỉ huy quân sự cấp huyện", "", false, false, true},
    {"Trung tâm huấn luyện", 1, "Trung tâm huấn luyện", "", false, false, false},
    {"", 0, "", "", false, false, false},
};
/* clang-format on */

static void lists_of_agencies_split_only_before_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(agency_rows); i++) {
        struct agency_list list = {0};
        sheet_agencies(&place, str_from(agency_rows[i].text), &list);
        if (list.count != agency_rows[i].count) print_error("%s: %zu\n", agency_rows[i].text, list.count);
        assert_int_equal(list.count, agency_rows[i].count);
        if (list.count == 0) continue;
        assert_str(list.at[0].unit, agency_rows[i].first_unit);
        assert_str(list.at[0].parent, agency_rows[i].first_parent);
        const struct agency_name *last = &list.at[list.count - 1];
        assert_int_equal(last->is_person_title, agency_rows[i].is_person);
        assert_int_equal(last->is_outside_ministry, agency_rows[i].is_outside);
        assert_int_equal(last->is_former_district, agency_rows[i].is_district);
    }
}

static void results_split_only_before_another_result(void **state)
{
    (void)state;
    struct procedure p = {0};
    sheet_results(&place, STR("Công văn (trường hợp từ chối, nếu có), Phép bay"), &p);
    assert_int_equal(p.result_count, 2);
    sheet_results(&place,
                  STR("Hồ sơ chuyển cảng được Biên phòng cửa khẩu cảng đi, Hải quan cửa khẩu cảng đi niêm phong"), &p);
    assert_int_equal(p.result_count, 1);
}

static void words_for_nothing_are_nothing(void **state)
{
    (void)state;
    static const char *const nothing[] = {
        "Không", "không", "Không.", "Không có", "Không quy định", "Không có thông tin", "-", "...", "  "};
    for (size_t i = 0; i < LENGTH(nothing); i++) assert_int_equal(sheet_nothing(&arena, str_from(nothing[i])).len, 0);
    assert_str(sheet_nothing(&arena, STR(" Không thuộc diện cấm ")), "Không thuộc diện cấm");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fees_are_read_and_what_is_unknown_is_never_zero),
        TEST(a_fee_keeps_the_name_of_a_file_that_is_not_there),
        TEST(an_amount_is_written_for_people),
        TEST(a_term_is_one_clear_number_with_its_unit),
        TEST(the_words_of_a_component_say_whether_it_is_required),
        TEST(a_row_without_papers_is_the_heading_of_a_case),
        TEST(zero_counts_of_a_real_paper_are_unknown_and_of_a_paper_to_show_are_shown),
        TEST(alternatives_below_a_title_are_one_group),
        TEST(doubles_are_left_out_and_reported),
        TEST(file_names_stand_in_the_column_of_counts),
        TEST(a_long_name_gets_a_short_label_and_keeps_its_text),
        TEST(the_audience_is_matched_by_its_longest_words),
        TEST(levels_and_channels_come_from_a_vocabulary),
        TEST(suspensions_complaints_and_denunciations_are_no_applications),
        TEST(the_decision_has_a_number_and_perhaps_a_date),
        TEST(a_legal_basis_has_a_whole_symbol_or_none),
        TEST(lists_of_agencies_split_only_before_a_name),
        TEST(results_split_only_before_another_result),
        TEST(words_for_nothing_are_nothing),
    };
    return RUN_TESTS(tests);
}
