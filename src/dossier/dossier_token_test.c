#include "base/test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "dossier/dossier_token.h"

static struct arena arena;
static struct fail why;
static struct identity_keys *keys, *others;
static char folders[2][32] = {"/tmp/motcua-token-XXXXXX", "/tmp/motcua-token-XXXXXX"};

static void open_keys(char *folder, struct identity_keys **out)
{
    assert_non_null(mkdtemp(folder));
    assert_int_equal(identity_keys_open(str_from(folder), true, out, &why), OK);
}

static void drop_folder(const char *folder)
{
    assert_int_equal(unlink(str_format(&arena, "%s/identity.key", folder).at), 0);
    assert_int_equal(rmdir(folder), 0);
}

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    fail_init(&why, &arena);
    open_keys(folders[0], &keys);
    open_keys(folders[1], &others);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    identity_keys_free(keys);
    identity_keys_free(others);
    for (size_t i = 0; i < LENGTH(folders); i++) drop_folder(folders[i]);
    arena_end(&arena);
    return 0;
}

static void a_token_names_its_dossier_and_is_always_the_same(void **state)
{
    (void)state;
    static const int64_t ids[] = {1, 255, 256, 6912, INT64_C(1) << 62, INT64_MAX};
    for (size_t i = 0; i < LENGTH(ids); i++) {
        struct str token = dossier_token(keys, &arena, ids[i]);
        int64_t back = 0;
        assert_int_equal(token.len, 32);
        assert_true(str_eq(token, dossier_token(keys, &arena, ids[i])));
        assert_true(dossier_token_read(keys, &arena, token, &back));
        assert_int_equal(back, ids[i]);
    }
}

static void the_token_of_a_letter_and_that_of_a_receipt_do_not_open_the_other(void **state)
{
    (void)state;
    int64_t back = 0;
    struct str receipt = dossier_token(keys, &arena, 6912), letter = dossier_rating_token(keys, &arena, 6912);
    assert_false(dossier_rating_token_read(keys, &arena, receipt, &back));
    assert_false(dossier_token_read(keys, &arena, letter, &back));
    assert_true(dossier_rating_token_read(keys, &arena, letter, &back));
    assert_int_equal(back, 6912);
}

static void a_changed_letter_or_another_office_makes_it_worthless(void **state)
{
    (void)state;
    struct str token = dossier_token(keys, &arena, 6912);
    int64_t id = -1;
    for (size_t i = 0; i < token.len; i++) {
        char *changed = arena_dup(&arena, token.at, token.len);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(dossier_token_read(keys, &arena, str_of(changed, token.len), &id));
    }
    assert_false(dossier_token_read(others, &arena, token, &id));
    assert_int_equal(id, -1);
}

static void what_is_no_token_is_refused(void **state)
{
    (void)state;
    int64_t id = -1;
    static const char *const rows[] = {"",
                                       "A",
                                       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                       "../../../../../../../../../../../",
                                       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                       "********************************"};
    for (size_t i = 0; i < LENGTH(rows); i++) assert_false(dossier_token_read(keys, &arena, str_from(rows[i]), &id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_names_its_dossier_and_is_always_the_same),
        cmocka_unit_test(a_changed_letter_or_another_office_makes_it_worthless),
        cmocka_unit_test(the_token_of_a_letter_and_that_of_a_receipt_do_not_open_the_other),
        cmocka_unit_test(what_is_no_token_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
