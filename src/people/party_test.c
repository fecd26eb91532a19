#include "base/test.h"

#include "people/party.h"

static struct arena arena;
static struct fail why;

#define TODAY day_from_civil((struct civil){2026, 11, 22})

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    fail_init(&why, &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_end(&arena);
    return 0;
}

static void numbers_are_checked_by_their_type(void **state)
{
    (void)state;
    static const struct {
        enum identity_type type;
        const char *value;
        bool is_good;
    } rows[] = {
        {IDENTITY_TAX_CODE,          "0100109106",     true },
        {IDENTITY_TAX_CODE,          "0301340497",     true },
        {IDENTITY_TAX_CODE,          "0100112437",     true },
        {IDENTITY_TAX_CODE,          "0300588569",     true },
        {IDENTITY_TAX_CODE,          "0101248141",     true },
        {IDENTITY_TAX_CODE,          "0102516308",     true },
        {IDENTITY_TAX_CODE,          "0100109106-001", true },
        {IDENTITY_TAX_CODE,          "079190012323",   true },
        {IDENTITY_TAX_CODE,          "0100109107",     false},
        {IDENTITY_TAX_CODE,          "0301340496",     false},
        {IDENTITY_TAX_CODE,          "010010910",      false},
        {IDENTITY_TAX_CODE,          "0100109106-01",  false},
        {IDENTITY_TAX_CODE,          "0100109106 001", false},
        {IDENTITY_TAX_CODE,          "010010910a",     false},
        {IDENTITY_TAX_CODE,          "0000000000",     false},
        {IDENTITY_TAX_CODE,          "",               false},
        {IDENTITY_ENTERPRISE_NUMBER, "0301340497",     true },
        {IDENTITY_ENTERPRISE_NUMBER, "079190012323",   false},
        {IDENTITY_PERSONAL_ID,       "079190012323",   true },
        {IDENTITY_PERSONAL_ID,       "07919001232",    false},
        {IDENTITY_PERSONAL_ID,       "07919001232a",   false},
        {IDENTITY_PERSONAL_ID,       "",               false},
        {IDENTITY_OLD_ID,            "024123456",      true },
        {IDENTITY_OLD_ID,            "02412345",       false},
        {IDENTITY_PASSPORT,          "C1234567",       true },
        {IDENTITY_PASSPORT,          "C12-4567",       false},
        {IDENTITY_PASSPORT,          "C123",           false},
        {IDENTITY_OTHER,             "AB/12-3",        true },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct identity id = {rows[i].type, str_from(rows[i].value)};
        if ((identity_check(id, &why) == OK) == rows[i].is_good) continue;
        print_error("%s %s\n", identity_type_code(rows[i].type), rows[i].value);
        _fail(__FILE__, __LINE__);
    }
}

static void telephone_numbers_and_addresses_are_told_from_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_phone, is_email;
    } rows[] = {
        {"0912345678",                                                     true,  false},
        {"0912 345 678",                                                   true,  false},
        {"+84 912.345.678",                                                true,  false},
        {"028 3822 1234",                                                  true,  false},
        {"0912345",                                                        false, false},
        {"+",                                                              false, false},
        {"091234567+",                                                     false, false},
        {"0912345678                                                    ", false, false},
        {"",                                                               false, false},
        {"an.nguyen@example.vn",                                           false, true },
        {"a@b.vn",                                                         false, true },
        {"a@b",                                                            false, false},
        {"@b.vn",                                                          false, false},
        {"a@",                                                             false, false},
        {"a@b..vn",                                                        false, false},
        {"a b@c.vn",                                                       false, false},
        {"a@b@c.vn",                                                       false, false},
        {"a@b.",                                                           false, false},
        {"a\n@b.vn",                                                       false, false},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str text = str_from(rows[i].text);
        if (phone_is_valid(text) == rows[i].is_phone && email_is_valid(text) == rows[i].is_email) continue;
        print_error("\"%s\"\n", rows[i].text);
        _fail(__FILE__, __LINE__);
    }
}

static void a_mask_shows_too_little_to_use(void **state)
{
    (void)state;
    assert_str(identity_mask(&arena, STR("079190012323")), "079*******23");
    assert_str(identity_mask(&arena, STR("C1234567")), "C******7");
    assert_str(identity_mask(&arena, STR("123")), "***");
    assert_str(identity_mask(&arena, STR("Số ĐK 12/ế")), "Số *****/ế");
    assert_str(identity_mask(&arena, STR("ếđếđế")), "ế***ế");
    assert_str(identity_mask(&arena, STR("")), "");
}

static yyjson_val *json_of(const char *text)
{
    yyjson_val *v = NULL;
    assert_int_equal(json_read(&arena, str_from(text), &v, &why), OK);
    return v;
}

static void a_good_party_is_read_and_cleaned(void **state)
{
    (void)state;
    size_t count = 0;
    yyjson_val *v = json_of("[{\"role\":\"owner\",\"kind\":\"citizen\",\"name\":\"  Nguyễn  Văn A \","
                            "\"identities\":[{\"type\":\"personal_id\",\"value\":\"079 190 012 323\"}],"
                            "\"phone\":\"0912 345 678\",\"email\":null}]");
    struct party *parties = parties_read(&arena, v, STR("#/parties"), TODAY, &count, &why);
    assert_int_equal(fail_if_problems(&why), OK);
    assert_int_equal(count, 1);
    assert_str(parties[0].name, "Nguyễn Văn A");
    assert_str(parties[0].identities[0].value, "079190012323");
}

static bool has_problem(const char *pointer)
{
    for (size_t i = 0; i < why.problem_count; i++)
        if (str_eq(why.problems[i].pointer, str_from(pointer))) return true;
    return false;
}

static void every_mistake_of_every_party_is_noted_at_once(void **state)
{
    (void)state;
    size_t count = 0;
    yyjson_val *v = json_of("[{\"role\":\"boss\",\"kind\":\"citizen\",\"phone\":\"1\",\"email\":\"x\","
                            "\"identities\":[{\"type\":\"tax_code\",\"value\":\"1\"},{\"type\":\"nothing\"},7]},"
                            "{\"kind\":5,\"name\":\"A\"},\"x\"]");
    (void)parties_read(&arena, v, STR("#/parties"), TODAY, &count, &why);
    static const char *const expected[] = {
        "#/parties/0/role",
        "#/parties/0/name",
        "#/parties/0/identities/0/value",
        "#/parties/0/identities/1/type",
        "#/parties/0/phone",
        "#/parties/0/email",
        "#/parties/1/kind",
        "#/parties/1/role",
        "#/parties/2",
    };
    for (size_t i = 0; i < LENGTH(expected); i++) {
        if (has_problem(expected[i])) continue;
        print_error("no problem at %s\n", expected[i]);
        _fail(__FILE__, __LINE__);
    }
}

static void a_dossier_needs_an_owner(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[]",
        "{}",
        "[{\"role\":\"submitter\",\"kind\":\"citizen\",\"name\":\"A\"}]",
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        size_t count = 0;
        fail_init(&why, &arena);
        (void)parties_read(&arena, json_of(texts[i]), STR("#/parties"), TODAY, &count, &why);
        assert_int_equal(fail_if_problems(&why), ERR_INVALID);
        assert_true(has_problem("#/parties"));
    }
}

static void who_acts_for_another_says_by_what_right_and_it_fits(void **state)
{
    (void)state;
    static const struct {
        const char *owner, *agent, *pointer; /* members beside role; pointer NULL: taken */
    } rows[] = {
        {"\"kind\":\"citizen\",\"name\":\"Bé\"",                                                                        "\"kind\":\"citizen\",\"name\":\"Mẹ\"",                        NULL               },
        {"\"kind\":\"citizen\",\"name\":\"Bé\"",                                                                        "\"kind\":\"citizen\",\"name\":\"Mẹ\",\"basis\":\"parent\"",   NULL               },
        {"\"kind\":\"citizen\",\"name\":\"Bé\",\"identities\":[{\"type\":\"personal_id\",\"value\":\"079219001234\"}]",
         "\"kind\":\"citizen\",\"name\":\"Mẹ\",\"basis\":\"parent\"",                                                                                                                   NULL               },
        {"\"kind\":\"citizen\",\"name\":\"Em\",\"identities\":[{\"type\":\"personal_id\",\"value\":\"079208001234\"}]",
         "\"kind\":\"citizen\",\"name\":\"Mẹ\",\"basis\":\"parent\"",                                                                                                                   NULL               }, /* 18 this year, perhaps */
        {"\"kind\":\"citizen\",\"name\":\"Anh\",\"identities\":[{\"type\":\"personal_id\",\"value\":\"079203001234\"}]",
         "\"kind\":\"citizen\",\"name\":\"Mẹ\",\"basis\":\"parent\"",                                                                                                                   "#/parties/1/basis"},
        {"\"kind\":\"citizen\",\"name\":\"Anh\",\"identities\":[{\"type\":\"personal_id\",\"value\":\"079203001234\"}]",
         "\"kind\":\"citizen\",\"name\":\"Mẹ\",\"basis\":\"guardian\"",                                                                                                                 NULL               }, /* who lost the capacity to act */
        {"\"kind\":\"business\",\"name\":\"Công ty\"",                                                                  "\"kind\":\"citizen\",\"name\":\"Mẹ\",\"basis\":\"parent\"",
         "#/parties/1/basis"                                                                                                                                                                                 },
        {"\"kind\":\"business\",\"name\":\"Công ty\"",                                                                  "\"kind\":\"citizen\",\"name\":\"An\",\"basis\":\"legal\"",
         NULL                                                                                                                                                                                                },
        {"\"kind\":\"business\",\"name\":\"Công ty\"",                                                                  "\"kind\":\"business\",\"name\":\"An\",\"basis\":\"legal\"",
         "#/parties/1/kind"                                                                                                                                                                                  },
        {"\"kind\":\"citizen\",\"name\":\"Bé\"",                                                                        "\"kind\":\"citizen\",\"name\":\"An\",\"basis\":\"legal\"",
         "#/parties/1/basis"                                                                                                                                                                                 },
        {"\"kind\":\"citizen\",\"name\":\"An\"",                                                                         "\"kind\":\"citizen\",\"name\":\"An\",\"basis\":\"authorised\"",
         "#/parties/1/name"                                                                                                                                                                                  },
        {"\"kind\":\"citizen\",\"name\":\"An\"",                                                                         "\"kind\":\"business\",\"name\":\"B\",\"basis\":\"authorised\"", NULL               },
        {"\"kind\":\"citizen\",\"name\":\"An\"",                                                                         "\"kind\":\"citizen\",\"name\":\"B\",\"basis\":\"friend\"",
         "#/parties/1/basis"                                                                                                                                                                                 },
        {"\"kind\":\"citizen\",\"name\":\"An\",\"basis\":\"parent\"",                                                    "\"kind\":\"citizen\",\"name\":\"B\"",
         "#/parties/0/basis"                                                                                                                                                                                 },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        size_t count = 0;
        fail_init(&why, &arena);
        struct str text = str_format(&arena, "[{\"role\":\"owner\",%s},{\"role\":\"representative\",%s}]",
                                     rows[i].owner, rows[i].agent);
        (void)parties_read(&arena, json_of(str_cstr(&arena, text)), STR("#/parties"), TODAY, &count, &why);
        if (rows[i].pointer == NULL ? why.problem_count == 0 : has_problem(rows[i].pointer)) continue;
        print_error("row %zu\n", i);
        _fail(__FILE__, __LINE__);
    }
}

static void a_personal_number_carries_the_year_of_birth(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int year;
    } rows[] = {
        {"079190012323", 1990},
        {"079203001234", 2003},
        {"001315000001", 2015},
        {"001400000001", 2100},
        {"12",           0   }
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(identity_birth_year((struct identity){IDENTITY_PERSONAL_ID, str_from(rows[i].value)}),
                         rows[i].year);
    assert_int_equal(identity_birth_year((struct identity){IDENTITY_TAX_CODE, STR("079190012323")}), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(numbers_are_checked_by_their_type),
        TEST(telephone_numbers_and_addresses_are_told_from_mistakes),
        TEST(a_mask_shows_too_little_to_use),
        TEST(a_good_party_is_read_and_cleaned),
        TEST(every_mistake_of_every_party_is_noted_at_once),
        TEST(a_dossier_needs_an_owner),
        TEST(who_acts_for_another_says_by_what_right_and_it_fits),
        TEST(a_personal_number_carries_the_year_of_birth),
    };
    return RUN_TESTS(tests);
}
