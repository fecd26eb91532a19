#include "base/test.h"

#include <stdlib.h>

#include "app/embedded.h"
#include "base/auto.h"
#include "base/file.h"
#include "html/component.h"
#include "http/reply.h"

/* ---- a page with every component (tests/browser/components.html) ---- */

struct gallery_item {
    struct str code, name, procedure, fee;
    struct tag tag;
};

struct gallery {
    struct frame frame;
    struct panel panel;
    struct pagination pagination;
    struct task_item *tasks;
    size_t tasks_count;
    struct summary_row *rows;
    size_t rows_count;
    struct timeline_item *steps;
    size_t steps_count;
    struct tab_link *tabs;
    size_t tabs_count;
    struct gallery_item *items;
    size_t items_count;
    struct form_field *fields;
    size_t fields_count;
    struct button *buttons;
    size_t buttons_count;
    struct act_form *acts;
    size_t acts_count;
};

static const struct field item_fields[] = {
    FIELD_STR(struct gallery_item, code),
    FIELD_STR(struct gallery_item, name),
    FIELD_STR(struct gallery_item, procedure),
    FIELD_STR(struct gallery_item, fee),
    FIELD_STRUCT(struct gallery_item, tag, tag_fields),
    FIELD_END,
};

static const struct field gallery_fields[] = {
    FRAME_FIELDS(struct gallery),
    FIELD_STRUCT(struct gallery, panel, panel_fields),
    FIELD_STRUCT(struct gallery, pagination, pagination_fields),
    FIELD_LIST(struct gallery, tasks, struct task_item, task_item_fields),
    FIELD_LIST(struct gallery, rows, struct summary_row, summary_row_fields),
    FIELD_LIST(struct gallery, steps, struct timeline_item, timeline_item_fields),
    FIELD_LIST(struct gallery, tabs, struct tab_link, tab_link_fields),
    FIELD_LIST(struct gallery, items, struct gallery_item, item_fields),
    FORM_FIELDS(struct gallery, fields),
    FIELD_LIST(struct gallery, buttons, struct button, button_fields),
    FIELD_LIST(struct gallery, acts, struct act_form, act_form_fields),
    FIELD_END,
};

static struct task_item tasks[] = {
    {STR_INIT("t1"),
     STR_INIT("Thông tin người yêu cầu"),
     STR_INIT("Đã lấy từ Cơ sở dữ liệu quốc gia về dân cư"),
     STR_INIT("#form"),
     {{0}}                                                                                },
    {STR_INIT("t2"),
     STR_INIT("Thông tin trẻ được khai sinh"),
     {0},
     STR_INIT("#form"),
     {STR_INIT("Chưa hoàn thành"), STR_INIT("blue")}                                   },
    {STR_INIT("t3"), STR_INIT("Kiểm tra và nộp hồ sơ"), {0},            {0}, {{0}}},
};

static struct summary_row rows[] = {
    {STR_INIT("Họ, chữ đệm, tên"),
     STR_INIT("Nguyễn Hữu <Khuê>"),
     {0},
     STR_INIT("Cơ sở dữ liệu quốc gia về dân cư"),
     STR_INIT("#form")                                                                                                        },
    {STR_INIT("Nơi đăng ký"),          STR_INIT("UBND phường Cẩm Thành"), {0},                {0}, STR_INIT("#form")},
    {STR_INIT("Giấy chứng sinh"),      STR_INIT("giay-chung-sinh.pdf"),         STR_INIT("/tep/1"), {0}, {0}              },
};

static struct timeline_item steps[] = {
    {STR_INIT("Tiếp nhận"),
     STR_INIT("Nguyễn Thị Hoà, Bộ phận Một cửa"),
     {0},
     STR_INIT("08:15 ngày 20/11/2026"),
     STR_INIT("2026-11-20T08:15:00+07:00"),
     true,                                                                                                                                             false,
     false                                                                                                                                                         },
    {STR_INIT("Thẩm định"),
     STR_INIT("Công chức tư pháp – hộ tịch"),
     STR_INIT("Còn 2 ngày làm việc, đến hết 24/11/2026."),
     STR_INIT("Từ 20/11/2026"),
     {0},
     false,                                                                                                                                            true,
     false                                                                                                                                                         },
    {STR_INIT("Ký duyệt"),           STR_INIT("Chủ tịch UBND phường"), {0},                                                 {0}, {0}, false, false, false},
    {STR_INIT("Dừng giải quyết"), {0},                                     STR_INIT("Theo đề nghị của người nộp."), {0}, {0}, false, false, true },
};

static struct button buttons[] = {
    {.label = STR_INIT("Lưu và tiếp tục")},
    { .label = STR_INIT("Xem trước"),                                 .href = STR_INIT("#form"), .is_secondary = true},
    {         .label = STR_INIT("Rút hồ sơ"), .name = STR_INIT("act"),                                      .value = STR_INIT("withdraw"), .is_warning = true},
};

static struct frame_link navigation[] = {
    {"Hồ sơ của tôi",        STR_INIT("/ho-so"),    true },
    {"Thủ tục hành chính",   STR_INIT("/thu-tuc"),  false},
    {"Tra cứu hồ sơ",         STR_INIT("/tra-cuu"),  false},
    {"Phản ánh, kiến nghị", STR_INIT("/phan-anh"), false},
};

static struct gallery_item items[] = {
    {STR_INIT("H48-261118-0007"),
     STR_INIT("Nguyễn Thị Ngọc Ưởng"),
     STR_INIT("Đăng ký khai sinh"),
     STR_INIT("8.000 ₫"),
     {{0}}},
    {STR_INIT("H48-261117-0003"),
     STR_INIT("Huỳnh Ỷ Lan"),
     STR_INIT("Xác nhận tình trạng hôn nhân"),
     STR_INIT("15.000 ₫"),
     {{0}}},
    {STR_INIT("H48-261120-0001"),
     STR_INIT("Phạm Khắc Nghiễm"),
     STR_INIT("Chứng thực bản sao từ bản chính giấy tờ, văn bản"),
     STR_INIT("0 ₫"),
     {{0}}},
};

static struct page_service service;

const struct page_service *app_pages(const struct app *app)
{
    (void)app;
    return &service;
}

/* ---- a visit ---- */

struct visit {
    struct arena arena;
    struct reply reply;
    struct request rq;
};

static void begin_visit(struct visit *v, enum method m, struct pair *sent, size_t sent_count)
{
    memset(v, 0, sizeof *v);
    arena_init(&v->arena, 8 << 20);
    reply_init(&v->reply);
    v->rq = (struct request){.arena = &v->arena,
                             .reply = &v->reply,
                             .method = m,
                             .path = STR("/"),
                             .target = STR("/"),
                             .language = VIETNAMESE,
                             .id = STR("abcde12345"),
                             .form = sent,
                             .form_count = sent_count};
    fail_init(&v->rq.why, &v->arena);
}

static void end_visit(struct visit *v)
{
    reply_end(&v->reply);
    arena_end(&v->arena);
}

static void open_gallery(struct arena *a, struct fail *why)
{
    if (service.set != NULL) return;
    static const struct page_template page = {"gallery", gallery_fields};
    struct html_source *sources = ARENA_ARRAY(a, struct html_source, embedded_templates_count + 1);
    memcpy(sources, embedded_templates, embedded_templates_count * sizeof *sources);
    struct html_source *gallery = &sources[embedded_templates_count];
    gallery->name = STR("gallery");
    assert_int_equal(file_read(a, STR("tests/browser/components.html"), 1 << 20, &gallery->text, why), OK);
    enum outcome opened =
        html_set_new(sources, embedded_templates_count + 1, &page, 1, (struct html_set **)&service.set, why);
    if (opened != OK) print_error("%.*s\n", STR_ARG(fail_text(a, why)));
    assert_int_equal(opened, OK);
}

static void fill_form(struct form *form)
{
    form_heading(form, "Người được khai sinh");
    struct form_field *name = form_text(form, "parties/0/name", "Họ và tên", NULL, STR("Nguyễn \"Hữu\" <Khuê>"));
    name->source = STR("Cơ sở dữ liệu quốc gia về dân cư");
    name->autocomplete = STR("name");
    form_text(form, "phone", "Số điện thoại", "Để nhận tin nhắn khi có kết quả", STR("0905 123 456"))->type =
        STR("tel");
    form_date(form, "born", "Ngày sinh", "Ví dụ: 27/03/2026", STR("2026-03-27"));
    form_area(form, "note", "Ghi chú", NULL, STR("Dòng một\n<dòng hai>"))->is_optional = true;
    struct form_field *kind = form_radios(form, "receive", "Cách nhận kết quả", NULL, STR("online"));
    form_choice(form, kind, STR("online"), STR("Bản điện tử trong Kho dữ liệu của tôi"));
    form_choice(form, kind, STR("post"), STR("Gửi qua bưu chính công ích"))->hint = STR("Từ 30.000 ₫, trả khi nhận");
    struct form_field *agency = form_select(form, "agency", "Nơi nộp", NULL, STR("H48.2"));
    form_choice(form, agency, STR("H48.1"), STR("UBND phường Nghĩa Lộ"));
    form_choice(form, agency, STR("H48.2"), STR("UBND phường Cẩm Thành"));
    struct form_field *papers = form_checks(form, "papers", "Giấy tờ kèm theo", "Chọn tất cả những gì có");
    choice_choose(form, form_choice(form, papers, STR("a"), STR("Giấy chứng sinh")), true);
    form_choice(form, papers, STR("b"), STR("Văn bản uỷ quyền"));
    papers->is_small = true;
    struct form_field *file = form_file(form, "file", "Giấy chứng sinh",
                                        "PDF, JPEG, PNG hoặc HEIC, tối đa 10 MB. Có thể chụp bằng điện thoại.");
    form_attach(form, file, STR("giay-chung-sinh-trang-1.jpg"), STR("1,2 MB"))->remove = STR("1");
    file->is_multiple = true;
    form_tick(form, "oath", "Tôi cam đoan những lời khai trên là đúng sự thật", false);
    form_password(form, "password", "Mật khẩu", NULL);
    form_hidden(form, "key", STR("k\"1"));
}

static struct act_form *make_acts(struct arena *a, struct form *form)
{
    struct act_form *acts = ARENA_ARRAY(a, struct act_form, 2);
    form_area(form, "reason", "Lý do", "Nêu rõ căn cứ pháp lý.", STR(""));
    acts[0] = (struct act_form){
        .id = STR("act-propose"), .title = STR("Trình lãnh đạo"), .address = STR("/"), .version = STR("3")};
    acts[1] = (struct act_form){.id = STR("act-refuse"),
                                .title = STR("Từ chối tiếp nhận"),
                                .address = STR("/"),
                                .is_open = true,
                                .is_warning = true,
                                .fields = form->fields.at,
                                .fields_count = form->fields.count};
    return acts;
}

static void reply_gallery(struct visit *v, const struct fail *why)
{
    struct tab_link tabs[] = {tab_of(STR("Chờ tiếp nhận"), STR("/?tab=1"), 12, true),
                              tab_of(STR("Đang giải quyết"), STR("/?tab=2"), 34, false),
                              tab_of(STR("Đã trả"), STR("/?tab=3"), -1, false)};
    items[0].tag = tag_of(TAG_SOON, STR("Còn 1 ngày"));
    items[1].tag = tag_of(TAG_LATE, STR("Quá hạn 2 ngày"));
    items[2].tag = tag_of(TAG_DONE, STR("Đúng hạn"));
    struct form form = {.rq = &v->rq, .why = why}, reason = {.rq = &v->rq};
    fill_form(&form);
    struct gallery page = {
        .frame = {.title = STR("Các thành phần"),
                  .office = STR("Uỷ ban nhân dân phường Cẩm Thành"),
                  .notice = STR("Đã lưu hồ sơ."),
                  .back_href = STR("/"),
                  .links = navigation,
                  .links_count = LENGTH(navigation),
                  .stylesheet = STR("/assets/app.css"),
                  .script = STR("/assets/app.js"),
                  .icon = STR("/assets/icon.svg"),
                  .role = STR("Công chức một cửa")},
        .panel = {STR("Đã tiếp nhận"),                STR("Mã hồ sơ của ông/bà"),                                         STR("H48.16-261122-0007")},
        .pagination = {STR("/?p=1"), STR("/?p=3")                            },
        .tasks = tasks,
        .tasks_count = LENGTH(tasks),
        .rows = rows,
        .rows_count = LENGTH(rows),
        .steps = steps,
        .steps_count = LENGTH(steps),
        .tabs = tabs,
        .tabs_count = LENGTH(tabs),
        .items = items,
        .items_count = LENGTH(items),
        .buttons = buttons,
        .buttons_count = LENGTH(buttons),
        .acts = make_acts(&v->arena, &reason),
        .acts_count = 2,
    };
    FORM_INTO(&form, page.fields);
    if (why != NULL) page_problems(&v->rq, &page.frame, why);
    page_reply(&v->rq, why != NULL ? 422 : 200, "gallery", &page);
}

static bool page_has(const struct visit *v, const char *text)
{
    return str_has(buf_str(&v->reply.body), str_from(text));
}

/* ---- tests ---- */

static struct arena templates_arena;

static void begin_gallery(struct visit *v, enum method m, struct pair *sent, size_t sent_count)
{
    begin_visit(v, m, sent, sent_count);
    open_gallery(&templates_arena, &v->rq.why);
}

static void what_is_stored_is_shown_and_escaped(void **state)
{
    (void)state;
    struct visit v;
    begin_gallery(&v, GET, NULL, 0);
    reply_gallery(&v, NULL);
    assert_true(page_has(
        &v,
        "id=\"parties-0-name\" name=\"parties/0/name\" type=\"text\" value=\"Nguyễn &quot;Hữu&quot; &lt;Khuê&gt;\""));
    assert_true(page_has(&v, "Dòng một\n&lt;dòng hai&gt;</textarea>"));
    assert_true(page_has(&v, "name=\"key\" value=\"k&quot;1\""));
    assert_true(page_has(&v, "Nguyễn Hữu &lt;Khuê&gt;"));
    assert_false(page_has(&v, "<Khuê>"));
    assert_true(page_has(&v, "id=\"receive\" name=\"receive\" type=\"radio\" value=\"online\" checked"));
    assert_true(page_has(&v, "id=\"receive-2\" name=\"receive\" type=\"radio\" value=\"post\" aria-describedby"));
    assert_true(page_has(&v, "<option value=\"H48.2\" selected>"));
    assert_true(page_has(&v, "name=\"papers\" type=\"checkbox\" value=\"a\" checked"));
    end_visit(&v);
}

/* A ward of the country each: the list grows where it lies. */
static void thousands_of_choices_fit_into_a_visit(void **state)
{
    (void)state;
    enum { WARDS = 3400 };
    struct visit v;
    begin_visit(&v, GET, NULL, 0);
    struct form form = {.rq = &v.rq};
    struct form_field *ward = form_select(&form, "ward", N_("Not found"), NULL, STR("3399"));
    for (int i = 0; i < WARDS; i++) {
        struct str number = str_format(&v.arena, "%d", i);
        form_choice(&form, ward, number, number);
    }
    assert_int_equal(ward->choices_count, WARDS);
    assert_str(ward->choices[0].value, "0");
    assert_str(ward->choices[1234].id, "ward-1235");
    assert_true(ward->choices[WARDS - 1].is_chosen);
    assert_true(v.arena.used_bytes < 2 << 20);
    end_visit(&v);
}

static void what_was_typed_comes_back_with_its_problem_but_no_password(void **state)
{
    (void)state;
    struct pair sent[] = {
        {STR("parties/0/name"), STR("<An>")  },
        {STR("receive"),        STR("post")  },
        {STR("papers"),         STR("b")     },
        {STR("password"),       STR("s3cret")},
        {STR("oath"),           STR("yes")   }
    };
    struct visit v;
    begin_gallery(&v, POST, sent, LENGTH(sent));
    fail_problem(&v.rq.why, STR("#/parties/0/name"), "format", N_("Not found"));
    fail_problem(&v.rq.why, STR("#/phone"), "required", N_("Too large"));
    reply_gallery(&v, &v.rq.why);
    assert_int_equal(v.reply.status, 422);
    assert_true(page_has(&v, "value=\"&lt;An&gt;\" autocomplete=\"name\" aria-describedby=\"parties-0-name-error\""));
    assert_true(page_has(&v, "<p id=\"parties-0-name-error\" class=\"govuk-error-message\">"));
    assert_true(page_has(&v, "aria-describedby=\"phone-hint phone-error\""));
    assert_true(page_has(&v, "<a href=\"#phone\">"));
    assert_true(page_has(&v, "value=\"post\" checked"));
    assert_false(page_has(&v, "value=\"a\" checked"));
    assert_true(page_has(&v, "value=\"b\" checked"));
    assert_true(page_has(&v, "id=\"oath\" name=\"oath\" type=\"checkbox\" value=\"yes\" checked"));
    assert_false(page_has(&v, "s3cret"));
    end_visit(&v);
}

static void states_are_told_in_words(void **state)
{
    (void)state;
    struct visit v;
    begin_gallery(&v, GET, NULL, 0);
    reply_gallery(&v, NULL);
    assert_true(page_has(&v, "<strong class=\"govuk-tag govuk-tag--red\">Quá hạn 2 ngày</strong>"));
    assert_true(page_has(&v, "Chưa thể bắt đầu"));
    assert_true(page_has(&v, "Dừng tại đây"));
    assert_true(page_has(&v, "aria-current=\"step\""));
    assert_true(page_has(&v, "rel=\"next\""));
    end_visit(&v);
}

static void write_page(const char *folder, const char *name, struct visit *v)
{
    struct str path = str_format(&v->arena, "%s/%s.html", folder, name);
    assert_int_equal(file_write(path, buf_str(&v->reply.body), 0644, &v->rq.why), OK);
}

/* MOTCUA_PAGES=FOLDER leaves the pages there for the browser's tests. */
static void every_component_fits_on_one_page(void **state)
{
    (void)state;
    const char *folder = getenv("MOTCUA_PAGES");
    struct pair sent[] = {
        {STR("receive"), STR("post")}
    };
    struct visit v;
    begin_gallery(&v, GET, NULL, 0);
    reply_gallery(&v, NULL);
    assert_true(page_has(&v, "</html>"));
    if (folder != NULL) write_page(folder, "components", &v);
    end_visit(&v);
    begin_gallery(&v, POST, sent, 1);
    static const char *const wrong[] = {"#/parties/0/name", "#/phone",  "#/born",   "#/note",
                                        "#/receive",        "#/agency", "#/papers", "#/file"};
    for (size_t i = 0; i < LENGTH(wrong); i++) fail_problem(&v.rq.why, str_from(wrong[i]), "required", N_("Too large"));
    reply_gallery(&v, &v.rq.why);
    if (folder != NULL) write_page(folder, "components-wrong", &v);
    end_visit(&v);
}

static int begin_tests(void **state)
{
    (void)state;
    arena_init(&templates_arena, 4 << 20);
    return 0;
}

static int end_tests(void **state)
{
    (void)state;
    html_set_free((struct html_set *)service.set);
    arena_end(&templates_arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_stored_is_shown_and_escaped),
        cmocka_unit_test(thousands_of_choices_fit_into_a_visit),
        cmocka_unit_test(what_was_typed_comes_back_with_its_problem_but_no_password),
        cmocka_unit_test(states_are_told_in_words),
        cmocka_unit_test(every_component_fits_on_one_page),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, begin_tests, end_tests);
}
