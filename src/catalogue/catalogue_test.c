#include "store/test_store.h"

#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/hash.h"
#include "catalogue/catalogue.h"

static struct test_store t;
static struct catalogue *catalogue;
static const struct actor nobody;

static int setup(void **state)
{
    (void)state;
    test_store_open(&t);
    catalogue = catalogue_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    catalogue_free(catalogue);
    test_store_close(&t);
    return 0;
}

static struct import_report import_paths(const struct str *paths, size_t count)
{
    struct import_report report;
    import_report_init(&report, &t.arena);
    assert_ok(&t, catalogue_import(t.store, nobody, paths, count, NULL, &report, &t.why));
    return report;
}

static struct import_report import_all(void)
{
    return import_paths(&STR("procedures/bqp"), 1);
}

static struct procedure_page search(struct procedure_query q)
{
    struct tx *tx;
    struct procedure_page page;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, catalogue_search(catalogue, tx, &q, &page, &t.why));
    store_read_end(tx);
    return page;
}

static struct procedure_query query(const char *text)
{
    return (struct procedure_query){
        .text = str_from(text), .level = ANY, .audience = ANY, .channel = ANY, .limit = PROCEDURE_LIST_MOST};
}

/* A sheet of one's own, with the text of a real one changed. */
static struct str sheet_with(struct str from, struct str to)
{
    struct str text;
    assert_ok(&t, file_read(&t.arena, STR("procedures/bqp/1.013124.json"), 1 << 20, &text, &t.why));
    assert_true(from.len == 0 || str_has(text, from));
    return from.len == 0 ? text : str_replace(&t.arena, text, from, to);
}

static struct str write_sheet(const char *name, struct str text)
{
    struct str path = file_join(&t.arena, str_from(t.folder), str_from(name));
    assert_ok(&t, file_write(path, text, 0600, &t.why));
    return path;
}

static void remove_file(struct str path)
{
    assert_int_equal(unlink(str_cstr(&t.arena, path)), 0);
}

/* ---- importing ---- */

static void all_real_sheets_go_in_and_the_second_time_nothing_changes(void **state)
{
    (void)state;
    struct import_report first = import_all();
    assert_int_equal(first.files, 207);
    assert_int_equal(first.taken, 207);
    assert_int_equal(first.refused, 0);
    assert_true(first.doubts.count > 500);
    struct import_report again = import_all();
    assert_int_equal(again.taken, 0);
    assert_int_equal(again.unchanged, 207);
    struct tx *tx;
    struct journal_entry *entries;
    size_t count;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, journal_after(tx, 0, 1000, &entries, &count, &t.why));
    store_read_end(tx);
    assert_int_equal(count, 207);
    assert_str(entries[0].act, "procedure.import");
}

static void a_changed_sheet_makes_a_version_and_the_earlier_one_stays(void **state)
{
    (void)state;
    struct str path = write_sheet("1.013124.json", sheet_with(STR_NONE, STR_NONE));
    assert_int_equal(import_paths(&path, 1).taken, 1);
    struct tx *tx;
    struct procedure_ref before, after;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, catalogue_find(tx, STR("1.013124"), &before, &t.why));
    store_read_end(tx);
    write_sheet("1.013124.json", sheet_with(STR("30 Ngày làm việc"), STR("20 Ngày làm việc")));
    assert_int_equal(import_paths(&path, 1).taken, 1);
    remove_file(path);

    const struct procedure *old, *new, *same;
    struct procedure_version *versions;
    size_t count;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, catalogue_find(tx, STR("1.013124"), &after, &t.why));
    assert_int_equal(after.version_number, 2);
    assert_false(str_eq(before.hash, after.hash));
    assert_ok(&t, catalogue_version(catalogue, tx, before.version, &old, &t.why));
    assert_ok(&t, catalogue_version(catalogue, tx, after.version, &new, &t.why));
    assert_ok(&t, catalogue_version(catalogue, tx, after.version, &same, &t.why));
    assert_ptr_equal(new, same);
    assert_int_equal(old->channels[0].cases[0].term.hundredths, 3000);
    assert_int_equal(new->channels[0].cases[0].term.hundredths, 2000);
    assert_ok(&t, catalogue_versions(tx, STR("1.013124"), &versions, &count, &t.why));
    assert_int_equal(count, 2);
    assert_int_equal(versions[0].id, after.version);
    assert_str(sha256_format(&t.arena, sha256_of(procedure_record(&t.arena, new))), str_cstr(&t.arena, after.hash));
    store_read_end(tx);
}

struct broken_row {
    const char *from, *to; /* what is changed in a real sheet */
    const char *place;     /* what the place begins with */
};

/* clang-format off */
static const struct broken_row broken_rows[] = {
    {"\"source_file\":", "\"source_file\"", "line 3"},
    {"\"thu_tuc_id\": \"1.013124\"", "\"thu_tuc_id\": \"1.013125\"", "#/metadata/mã_thủ_tục (line 5)"},
    {"\"metadata\"", "\"meta\"", "#"},
    {"\"tables\"", "\"tabellen\"", "#"},
    {"\"hinh_thuc_nop\"", "\"hinh_thuc\"", "#/tables"},
    {"\"thanh_phan_ho_so\": [", "\"thanh_phan_ho_so\": [7,", "#/tables/thanh_phan_ho_so/0"},
    {"\"ten_giay_to\": \"Văn", "\"ten_giay_to\": [], \"x\": \"Văn", "#/tables/thanh_phan_ho_so/0/ten_giay_to (line"},
    {"1.013124", "ABC", "#/metadata/mã_thủ_tục (line 5)"},
    {"\"lĩnh_vực\"", "\"tên_thủ_tục\"", "line"},
};
/* clang-format on */

static void a_broken_sheet_is_refused_whole_with_its_place_and_the_rest_goes_in(void **state)
{
    (void)state;
    struct str paths[LENGTH(broken_rows) + 2];
    for (size_t i = 0; i < LENGTH(broken_rows); i++) {
        char name[32];
        snprintf(name, sizeof name, "broken-%02zu.json", i);
        paths[i] = write_sheet(name, sheet_with(str_from(broken_rows[i].from), str_from(broken_rows[i].to)));
    }
    paths[LENGTH(broken_rows)] = STR("/nowhere/1.013124.json");
    paths[LENGTH(broken_rows) + 1] = STR("procedures/bqp/1.013125.json");
    struct import_report r = import_paths(paths, LENGTH(paths));
    for (size_t i = 0; i < LENGTH(broken_rows); i++) remove_file(paths[i]);
    assert_int_equal(r.files, LENGTH(paths));
    assert_int_equal(r.taken, 1);
    assert_int_equal(r.refused, LENGTH(broken_rows) + 1);
    assert_int_equal(r.errors.count, r.refused);
    for (size_t i = 0; i < LENGTH(broken_rows); i++) {
        if (!str_starts(r.errors.at[i].place, str_from(broken_rows[i].place)))
            print_error("%zu: %.*s %s\n", i, STR_ARG(r.errors.at[i].place), r.errors.at[i].message);
        assert_true(str_starts(r.errors.at[i].place, str_from(broken_rows[i].place)));
    }
    for (size_t i = 0; i < r.doubts.count; i++) assert_str(r.doubts.at[i].file, "procedures/bqp/1.013125.json");
}

static void unknown_parts_and_two_files_for_one_procedure_are_reported(void **state)
{
    (void)state;
    struct str paths[] = {
        write_sheet("a.json", sheet_with(STR("\"source_file\":"), STR("\"mới\": \"x\", \"source_file\":"))),
        write_sheet("b.json", sheet_with(STR("30 Ngày làm việc"), STR("20 Ngày làm việc")))};
    struct import_report r = import_paths(paths, 2);
    assert_int_equal(r.taken, 1);
    assert_int_equal(r.refused, 1);
    bool is_said = false;
    for (size_t i = 0; i < r.doubts.count; i++) is_said = is_said || str_eq(r.doubts.at[i].field, STR("#/mới"));
    assert_true(is_said);
    remove_file(paths[0]);
    remove_file(paths[1]);
}

static void a_record_of_our_own_is_taken_as_it_is(void **state)
{
    (void)state;
    struct str path = write_sheet(
        "procedure.json",
        STR("{\"code\": \"9.000001\", \"name\": \"Thủ tục thử\", \"channels\": [{\"channel\": \"counter\", \"cases\": "
            "[{\"id\": \"one\", \"term\": {\"working_days\": 3, \"text\": \"3 ngày làm việc\"}, \"fees\": []}]}], "
            "\"components\": [{\"id\": \"c1\", \"label\": \"Đơn\"}]}"));
    assert_int_equal(import_paths(&path, 1).taken, 1);
    write_sheet(
        "procedure.json",
        STR("{\"code\": \"9.000001\", \"name\": \"\", \"componants\": [], \"channels\": [{\"channel\": \"pigeon\"}]}"));
    struct import_report r = import_paths(&path, 1);
    assert_int_equal(r.refused, 1);
    assert_int_equal(r.errors.count, 4); /* every problem at once */
    remove_file(path);
}

/* Each empty item is written with all its members, so a small file could become a record that nobody can read. */
static void a_list_longer_than_any_procedure_has_is_refused(void **state)
{
    enum { ITEMS = 5000, ITEM_BYTES = 3 };
    (void)state;
    char *items = arena_alloc(&t.arena, ITEMS * ITEM_BYTES);
    for (size_t i = 0; i < ITEMS; i++) memcpy(&items[i * ITEM_BYTES], "{},", ITEM_BYTES);
    struct str path = write_sheet(
        "procedure.json", str_format(&t.arena, "{\"code\": \"9.000001\", \"name\": \"Thủ tục thử\", \"law\": [%.*s{}]}",
                                     ITEMS * ITEM_BYTES, items));
    struct import_report r = import_paths(&path, 1);
    assert_int_equal(r.refused, 1);
    assert_str(r.errors.at[0].place, "#/law");
    remove_file(path);
}

static void a_folder_is_named_by_its_last_part_with_a_slash_or_without(void **state)
{
    (void)state;
    struct str sheet = STR("procedures/bqp/1.013124.json");
    assert_int_equal(import_paths(&sheet, 1).taken, 1);
    struct str folder = file_join(&t.arena, str_from(t.folder), STR("1.013124"));
    assert_int_equal(mkdir(folder.at, 0700), 0);
    struct str template = write_sheet("1.013124/result.html", STR("<p>{{code}}</p>"));
    struct str path = str_format(&t.arena, "%.*s//", STR_ARG(folder));
    struct import_report r = import_paths(&path, 1);
    assert_int_equal(r.taken, 1);
    remove_file(template);
    assert_int_equal(rmdir(folder.at), 0);
}

/* ---- searching ---- */

static void words_are_found_with_and_without_accents(void **state)
{
    (void)state;
    import_all();
    assert_int_equal(search(query("")).count, PROCEDURE_LIST_MOST);
    struct procedure_page with = search(query("nghĩa vụ quân sự")), without = search(query("nghia vu quan su"));
    assert_true(with.count >= 7);
    assert_int_equal(with.count, without.count);
    assert_true(str_has(with.rows[0].name, STR("nghĩa vụ quân sự")));
    assert_int_equal(search(query("nghiaxyz")).count, 0);
    assert_int_equal(search(query("???")).count, 0);
    struct procedure_page code = search(query("1.013285"));
    assert_str(code.rows[0].code, "1.013285");
    assert_true(search(query("1.0136")).count > 10);
    struct procedure_page beginning = search(query("khieu n"));
    assert_true(beginning.count >= 10);
}

static void what_was_typed_with_accents_comes_first(void **state)
{
    (void)state;
    static const char *const names[] = {"Thủ tục bán hàng", "Thủ tục bàn hàng", "Thủ tục ban hành"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        char text[256];
        snprintf(text, sizeof text, "{\"code\": \"9.00000%zu\", \"name\": \"%s\"}", i + 1, names[i]);
        struct str path = write_sheet("procedure.json", str_from(text));
        assert_int_equal(import_paths(&path, 1).taken, 1);
        remove_file(path);
    }
    assert_str(search(query("bàn")).rows[0].name, "Thủ tục bàn hàng");
    assert_str(search(query("BÁN hàng")).rows[0].name, "Thủ tục bán hàng");
    assert_int_equal(search(query("bàn")).count, 3);
    assert_str(search(query("ban")).rows[0].code, "9.000001"); /* none better than another: by code */
}

static void filters_combine(void **state)
{
    (void)state;
    import_all();
    struct procedure_query q = query("");
    q.channel = CHANNEL_ONLINE;
    assert_int_equal(search(q).count, 88);
    q.field = STR("quan ly bien gioi");
    size_t online_border = search(q).count;
    assert_true(online_border > 0 && online_border < 43);
    q.level = LEVEL_COMMUNE;
    q.audience = AUDIENCE_FOREIGNER;
    struct procedure_page page = search(q);
    assert_true(page.count <= online_border);
    for (size_t i = 0; i < page.count; i++) {
        assert_true(page.rows[i].levels & 1u << LEVEL_COMMUNE);
        assert_true(page.rows[i].audience & 1u << AUDIENCE_FOREIGNER);
    }
    const struct str codes[] = {STR("1.013124"), STR("1.013285"), STR("9.999999")};
    struct procedure_query some = query("");
    some.codes = codes;
    some.code_count = LENGTH(codes);
    assert_int_equal(search(some).count, 2);
}

static void pages_follow_one_another_and_lose_nothing(void **state)
{
    (void)state;
    import_all();
    struct procedure_query q = query("giấy phép");
    size_t all = search(q).count, seen = 0;
    q.limit = 7;
    for (int pages = 0; pages < 100; pages++) {
        struct procedure_page page = search(q);
        seen += page.count;
        q.cursor = page.next_cursor;
        if (q.cursor.len == 0) break;
        assert_int_equal(page.count, 7);
    }
    assert_int_equal(seen, all);
    struct tx *tx;
    struct procedure_page page;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    q.cursor = STR("x1");
    assert_int_equal(catalogue_search(catalogue, tx, &q, &page, &t.why), ERR_BAD);
    store_read_end(tx);
}

static void the_fields_are_counted(void **state)
{
    (void)state;
    import_all();
    struct tx *tx;
    struct procedure_field *fields;
    size_t count;
    int64_t procedures = 0;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, catalogue_fields(catalogue, tx, &fields, &count, &t.why));
    assert_int_equal(count, 19);
    for (size_t i = 0; i < count; i++) procedures += fields[i].count;
    assert_int_equal(procedures, 207);
    struct procedure_row *all;
    assert_ok(&t, catalogue_all(catalogue, tx, &all, &count, &t.why));
    assert_int_equal(count, 207);
    assert_str(all[0].code, "1.013124");
    assert_str(fields[0].label, "Báo chí"); /* before "Bảo vệ": Vietnamese order */
    struct procedure_ref ref;
    assert_int_equal(catalogue_find(tx, STR("7.777777"), &ref, &t.why), ERR_MISSING);
    store_read_end(tx);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_real_sheets_go_in_and_the_second_time_nothing_changes),
        TEST(a_changed_sheet_makes_a_version_and_the_earlier_one_stays),
        TEST(a_broken_sheet_is_refused_whole_with_its_place_and_the_rest_goes_in),
        TEST(unknown_parts_and_two_files_for_one_procedure_are_reported),
        TEST(a_record_of_our_own_is_taken_as_it_is),
        TEST(a_list_longer_than_any_procedure_has_is_refused),
        TEST(a_folder_is_named_by_its_last_part_with_a_slash_or_without),
        TEST(words_are_found_with_and_without_accents),
        TEST(what_was_typed_with_accents_comes_first),
        TEST(filters_combine),
        TEST(pages_follow_one_another_and_lose_nothing),
        TEST(the_fields_are_counted),
    };
    return RUN_TESTS(tests);
}
