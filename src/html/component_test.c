#include "base/test.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/file.h"
#include "html/component.h"
#include "html/page.h"

/* The parts as they are in the tree, and one page with every component. MOTCUA_SAMPLE=FOLDER keeps the page for
 * looking. */

struct line {
    struct str code, person, procedure, due;
    struct tag state;
};

static const struct field line_fields[] = {
    FIELD_STR(struct line, code),
    FIELD_STR(struct line, person),
    FIELD_STR(struct line, procedure),
    FIELD_STR(struct line, due),
    FIELD_STRUCT(struct line, state, tag_fields),
    FIELD_END,
};

struct sample_page {
    struct frame frame;
    struct task *tasks;
    size_t tasks_count;
    struct summary_row *rows;
    size_t rows_count;
    struct form_field *fields;
    size_t fields_count;
    struct timeline_stage *stages;
    size_t stages_count;
    struct line *dossiers;
    size_t dossiers_count;
    struct pager pager;
    struct receipt_panel receipt;
};

static const struct field sample_fields[] = {
    FRAME_FIELDS(struct sample_page),
    FIELD_LIST(struct sample_page, tasks, struct task, task_fields),
    FIELD_LIST(struct sample_page, rows, struct summary_row, summary_row_fields),
    FIELD_LIST(struct sample_page, fields, struct form_field, form_field_fields),
    FIELD_LIST(struct sample_page, stages, struct timeline_stage, timeline_stage_fields),
    FIELD_LIST(struct sample_page, dossiers, struct line, line_fields),
    FIELD_STRUCT(struct sample_page, pager, pager_fields),
    FIELD_STRUCT(struct sample_page, receipt, receipt_panel_fields),
    FIELD_END,
};

struct one_field_page {
    struct form_field field;
    struct frame frame;
};

static const struct field one_field_fields[] = {
    FIELD_STRUCT(struct one_field_page, field, form_field_fields),
    FRAME_FIELDS(struct one_field_page),
    FIELD_END,
};

static struct arena memory;
static struct html_set *set;

static struct html_source source_of(const char *name, const char *path)
{
    struct html_source s = {str_from(name), STR_NONE};
    struct fail why;
    fail_init(&why, &memory);
    if (file_read(&memory, str_from(path), 1 << 20, &s.text, &why) != OK) print_error("cannot read %s\n", path);
    return s;
}

const struct page_service *app_pages(const struct app *app)
{
    (void)app;
    return NULL; /* no test here answers a request */
}

static int read_parts(void **state)
{
    static const struct page_template templates[] = {
        {"sample",     sample_fields   },
        {"one",        one_field_fields},
        {"html/error", NULL            },
    };
    struct page_template all[LENGTH(templates)];
    struct html_source sources[64];
    struct str *names;
    size_t name_count, count = 0;
    struct fail why;
    (void)state;
    arena_init(&memory, 16 << 20);
    fail_init(&why, &memory);
    memcpy(all, templates, sizeof all);
    all[2] = html_templates[0];
    if (file_names(&memory, STR("src/html"), &names, &name_count, &why) != OK) return -1;
    for (size_t i = 0; i < name_count; i++) {
        if (!str_ends(names[i], STR(".html"))) continue;
        struct str name = str_format(&memory, "html/%.*s", (int)names[i].len - 5, names[i].at);
        struct str path = str_format(&memory, "src/html/%.*s", STR_ARG(names[i]));
        sources[count++] = source_of(name.at, path.at);
    }
    sources[count++] = source_of("html/error", "src/html/pages/error.html");
    sources[count++] = source_of("sample", "tests/data/templates/components.html");
    sources[count++] = (struct html_source){STR("one"), STR("{{> html/_field field}}")};
    if (html_set_new(sources, count, all, LENGTH(all), &set, &why) == OK) return 0;
    print_error("%.*s\n", STR_ARG(fail_text(&memory, &why)));
    return -1;
}

static int release(void **state)
{
    (void)state;
    html_set_free(set);
    arena_end(&memory);
    return 0;
}

static struct str one_field(const struct form_field *field)
{
    struct one_field_page page = {.field = *field};
    return html_render_part(set, &memory, "one", &page, VIETNAMESE).text;
}

static void assert_has(struct str html, const char *part)
{
    if (!str_has(html, str_from(part))) print_error("%s is not in:\n%.*s\n", part, STR_ARG(html));
    assert_true(str_has(html, str_from(part)));
}

static void a_text_field_keeps_what_was_typed_and_names_its_problem(void **state)
{
    (void)state;
    struct str html = one_field(&(struct form_field){.id = STR("parties-0-name"),
                                                     .name = STR("name"),
                                                     .label = STR("Họ và tên"),
                                                     .value = STR("\"><script>alert(1)</script>"),
                                                     .problem = STR("Xin nhập họ và tên."),
                                                     .is_optional = true});
    assert_has(html, "<label class=\"govuk-label\" for=\"parties-0-name\">Họ và tên (không bắt buộc)</label>");
    assert_has(html, "value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\"");
    assert_has(html, "<span class=\"govuk-visually-hidden\">Lỗi:</span> Xin nhập họ và tên.");
    assert_has(html, "govuk-form-group--error");
    assert_has(html, "id=\"parties-0-name-about\"");
    assert_has(html, "aria-describedby=\"parties-0-name-about\"");
    assert_false(str_has(html, STR("<script>")));
}

static void radios_give_the_first_choice_the_id_of_the_field(void **state)
{
    static struct choice choices[] = {
        {STR_INIT("online"), STR_INIT("Trực tuyến"), STR_INIT(""),         false},
        {STR_INIT("postal"), STR_INIT("Bưu chính"),    STR_INIT("Có phí"), true },
    };
    struct form_field field = {.id = STR("channel"),
                               .name = STR("channel"),
                               .label = STR("Cách nhận"),
                               .is_radios = true,
                               .choices = choices,
                               .choices_count = 2};
    (void)state;
    struct str html = one_field(&field);
    assert_has(html, "id=\"channel\" name=\"channel\" type=\"radio\" value=\"online\"><label");
    assert_has(html, "id=\"channel-2\" name=\"channel\" type=\"radio\" value=\"postal\" checked "
                     "aria-describedby=\"channel-2-hint\">");
    field.is_radios = false;
    field.is_select = true;
    assert_has(one_field(&field), "<option value=\"postal\" selected>Bưu chính</option>");
}

/* ---- the page to look at ---- */

/* clang-format off */

static struct task tasks[] = {
    {STR_INIT("t1"), STR_INIT("Thông tin người yêu cầu"), STR_INIT("Đã lấy từ Cơ sở dữ liệu quốc gia về dân cư"),
     STR_INIT("/nop/1"), {STR_INIT(""), STR_INIT("Đã hoàn thành")}                                           },
    {STR_INIT("t2"), STR_INIT("Giấy tờ phải nộp"),        STR_INIT(""),
     STR_INIT("/nop/2"), {STR_INIT("blue"), STR_INIT("Chưa hoàn thành")}                                     },
    {STR_INIT("t3"), STR_INIT("Kiểm tra và nộp hồ sơ"),   STR_INIT(""),
     STR_INIT(""),       {STR_INIT(""), STR_INIT("Chưa thể bắt đầu")}                                        },
};

static struct summary_row rows[] = {
    {STR_INIT("Họ, chữ đệm, tên"), STR_INIT("Nguyễn Hữu Khuê"), STR_INIT("Nguồn: CSDL quốc gia về dân cư"),
     STR_INIT("/nop/1#name"), STR_INIT("Thay đổi")},
    {STR_INIT("Nơi cư trú"), STR_INIT("Thôn Tường Ái, xã Ẵng Cang\nTỉnh Điện Biên"), STR_INIT(""),
     STR_INIT("/nop/1#address"), STR_INIT("Thay đổi")},
    {STR_INIT("Phí, lệ phí"), STR_INIT("8.000 ₫"), STR_INIT(""), STR_INIT(""), STR_INIT("")},
};

static struct choice choices[] = {
    {STR_INIT("e"), STR_INIT("Bản điện tử trong Kho dữ liệu của tôi"), STR_INIT(""),             true },
    {STR_INIT("p"), STR_INIT("Gửi qua bưu chính công ích"),            STR_INIT("Trả phí khi nhận"), false},
};

static struct form_file files[] = {
    {STR_INIT("giay-chung-sinh.jpg"), STR_INIT("JPEG, 1,2 MB"), STR_INIT("/tep/1")},
};

static struct form_field fields[] = {
    {.id = STR_INIT("name"), .name = STR_INIT("name"), .label = STR_INIT("Họ, chữ đệm, tên"),
     .value = STR_INIT("NGUYỄN HỮU KHUÊ"), .source = STR_INIT("CSDL quốc gia về dân cư"),
     .autocomplete = STR_INIT("name")},
    {.id = STR_INIT("phone"), .name = STR_INIT("phone"), .label = STR_INIT("Số điện thoại"),
     .hint = STR_INIT("Để nhận tin về hồ sơ"), .problem = STR_INIT("Xin nhập số điện thoại có 10 chữ số."),
     .type = STR_INIT("tel"), .value = STR_INIT("09"), .width = 20, .autocomplete = STR_INIT("tel")},
    {.id = STR_INIT("birth"), .name = STR_INIT("birth"), .label = STR_INIT("Ngày, tháng, năm sinh"),
     .hint = STR_INIT("Ví dụ: 27 3 2026"), .is_date = true, .day = STR_INIT("27"), .month = STR_INIT("3"),
     .year = STR_INIT("2026")},
    {.id = STR_INIT("reason"), .name = STR_INIT("reason"), .label = STR_INIT("Lý do"), .is_text_area = true,
     .is_optional = true, .rows = 3},
    {.id = STR_INIT("way"), .name = STR_INIT("way"), .label = STR_INIT("Cách nhận kết quả"), .is_radios = true,
     .is_strong = true, .choices = choices, .choices_count = 2},
    {.id = STR_INIT("agree"), .name = STR_INIT("agree"), .label = STR_INIT("Cam đoan"), .is_checkboxes = true,
     .choices = choices, .choices_count = 1},
    {.id = STR_INIT("agency"), .name = STR_INIT("agency"), .label = STR_INIT("Nơi đăng ký"), .is_select = true,
     .choices = choices, .choices_count = 2},
    {.id = STR_INIT("paper"), .name = STR_INIT("paper"), .label = STR_INIT("Giấy chứng sinh"), .is_strong = true,
     .hint = STR_INIT("PDF, JPG, PNG hoặc HEIC, tối đa 10 MB. Có thể chụp bằng điện thoại."), .is_file = true,
     .accept = STR_INIT(".pdf,.jpg,.jpeg,.png,.heic"), .files = files, .files_count = 1,
     .problem = STR_INIT("Tệp giấy chứng sinh phải nhỏ hơn 10 MB.")},
};

static struct timeline_stage stages[] = {
    {.title = STR_INIT("Nộp hồ sơ"), .at = STR_INIT("08:12 20/11/2026"), .holder = STR_INIT("Nguyễn Hữu Khuê"),
     .state = STR_INIT("Đã xong"), .is_done = true},
    {.title = STR_INIT("Yêu cầu bổ sung"), .at = STR_INIT("14:30 20/11/2026"), .state = STR_INIT("Cần quý vị xử lý"),
     .note = STR_INIT("Thiếu trang 2 của giấy chứng sinh."), .is_problem = true},
    {.title = STR_INIT("Thẩm định"), .holder = STR_INIT("Đặng Văn Thuỷ, UBND xã Ẵng Cang"),
     .due = STR_INIT("17:00 24/11/2026"), .state = STR_INIT("Đang làm"), .is_current = true},
    {.title = STR_INIT("Trả kết quả"), .state = STR_INIT("Sắp tới")},
};

static struct line dossiers[] = {
    {STR_INIT("H48-0007"), STR_INIT("Nguyễn Thị Ngọc Ưởng"), STR_INIT("Đăng ký khai sinh"), STR_INIT("24/11/2026"),
     {STR_INIT("yellow"), STR_INIT("Sắp đến hạn")}},
    {STR_INIT("H48-0003"), STR_INIT("Huỳnh Ỷ Lan"), STR_INIT("Xác nhận tình trạng hôn nhân"), STR_INIT("20/11/2026"),
     {STR_INIT("red"), STR_INIT("Quá hạn 2 ngày")}},
    {STR_INIT("H48-0001"), STR_INIT("Phạm Khắc Nghiễm"), STR_INIT("Chứng thực bản sao từ bản chính giấy tờ, văn bản"),
     STR_INIT("28/11/2026"), {STR_INIT("green"), STR_INIT("Đúng hạn")}},
};

static struct frame_link links[] = {
    {"Back", STR_INIT("/"), false},
    {"Next page", STR_INIT("/thu-tuc"), true},
    {"Done", STR_INIT("/ho-so"), false},
};

static struct frame_problem problems[] = {
    {STR_INIT("#phone"), STR_INIT("Xin nhập số điện thoại có 10 chữ số.")},
    {STR_INIT("#paper"), STR_INIT("Tệp giấy chứng sinh phải nhỏ hơn 10 MB.")},
};

static const struct sample_page sample = {
    .frame = {.title = STR_INIT("Cấp giấy chứng nhận quyền sử dụng đất – ĐĂNG KÝ BIẾN ĐỘNG Ở XÃ Ẵng CỂ"),
              .language_code = STR_INIT("vi"), .here = STR_INIT("/ho-so"), .is_signed_in = true,
              .person = STR_INIT("Trần Thị Mỵ"), .role = STR_INIT("Tiếp nhận"), .agency = STR_INIT("UBND xã Ẵng Cang"),
              .back_href = STR_INIT("/ho-so"), .notice = STR_INIT("Đã lưu."), .problems = problems, .problems_count = 2,
              .links = links, .links_count = 3, .stylesheet = STR_INIT("/assets/app.css"),
              .script = STR_INIT("/assets/app.js"), .icon = STR_INIT("/assets/icon.svg"),
              .request_id = STR_INIT("k3v9x2m7qa"), .csrf = STR_INIT("c")},
    .tasks = tasks, .tasks_count = LENGTH(tasks), .rows = rows, .rows_count = LENGTH(rows),
    .fields = fields, .fields_count = LENGTH(fields), .stages = stages, .stages_count = LENGTH(stages),
    .dossiers = dossiers, .dossiers_count = LENGTH(dossiers),
    .pager = {STR_INIT("/ho-so?cursor=a"), STR_INIT("/ho-so?cursor=b")},
    .receipt = {STR_INIT("Đã nộp hồ sơ"), STR_INIT("Mã hồ sơ"), STR_INIT("H48.16-261122-0007"),
                STR_INIT("Hạn trả kết quả: 17:00 24/11/2026")},
};

/* clang-format on */

static void keep(const char *name, struct str html)
{
    const char *folder = getenv("MOTCUA_SAMPLE");
    struct fail why;
    fail_init(&why, &memory);
    if (folder) assert_int_equal(file_write(str_format(&memory, "%s/%s", folder, name), html, 0644, &why), OK);
}

static void every_component_is_on_one_page(void **state)
{
    static const char *const parts[] = {
        "lang=\"vi\">",
        "<title>Lỗi: Cấp giấy",
        "href=\"#main-content\"",
        "href=\"/language/en?return=%2Fho-so\"",
        "aria-current=\"true\"",
        "id=\"notice-title\">Đã xong",
        "<a href=\"#phone\">Xin nhập",
        "<span class=\"govuk-visually-hidden\"> Nơi cư trú</span>",
        "govuk-task-list__status--cannot-start-yet",
        "href=\"/ho-so/H48-0003\"",
        "govuk-tag--red\">Quá hạn 2 ngày",
        "data-i18n.no-file-chosen=\"Chưa chọn tệp nào\"",
        "data-i18n.multiple-files-chosen.other=\"Đã chọn %{count} tệp\"",
        "is-current\" aria-current=\"step\"",
        "Hạn: 17:00 24/11/2026",
        "rel=\"next\"",
        "k3v9x2m7qa",
        "name=\"csrf\" value=\"c\"",
        "rows=\"3\"",
        "Nguồn: CSDL quốc gia",
    };
    (void)state;
    struct str html = html_render_part(set, &memory, "sample", &sample, VIETNAMESE).text;
    keep("components.html", html);
    for (size_t i = 0; i < LENGTH(parts); i++) assert_has(html, parts[i]);
    struct sample_page wide = sample;
    wide.frame.is_wide = true;
    wide.frame.problems_count = 0;
    keep("office.html", html_render_part(set, &memory, "sample", &wide, VIETNAMESE).text);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_text_field_keeps_what_was_typed_and_names_its_problem),
    cmocka_unit_test(radios_give_the_first_choice_the_id_of_the_field),
    cmocka_unit_test(every_component_is_on_one_page),
};

int main(void)
{
    return cmocka_run_group_tests_name(__FILE__, tests, read_parts, release);
}
