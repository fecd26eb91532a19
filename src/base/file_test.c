#include "base/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"

static struct arena arena;
static struct fail why;
static struct str folder; /* made for this run, removed at its end */

static struct str in_folder(const char *name)
{
    return file_join(&arena, folder, str_from(name));
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct str path = in_folder("a.txt"), text;
    assert_false(file_exists(path));
    assert_int_equal(file_write(path, STR("first"), 0640, &why), OK);
    assert_int_equal(file_write(path, STR("một cửa\0!"), 0640, &why), OK);
    assert_true(file_exists(path));
    assert_int_equal(file_read(&arena, path, 100, &text, &why), OK);
    assert_true(str_eq(text, STR("một cửa\0!")));
    struct stat st;
    assert_int_equal(stat(str_cstr(&arena, path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(unlink(str_cstr(&arena, path)), 0);
}

static void a_file_is_read_up_to_its_ceiling(void **state)
{
    (void)state;
    struct str path = in_folder("large"), text;
    size_t bytes = 100 * 1024;
    char *zeros = arena_alloc(&arena, bytes);
    assert_int_equal(file_write(path, str_of(zeros, bytes), 0600, &why), OK);
    assert_int_equal(file_read(&arena, path, bytes, &text, &why), OK);
    assert_int_equal(text.len, bytes);
    assert_int_equal(file_read(&arena, path, bytes - 1, &text, &why), ERR_TOO_LARGE);
    assert_int_equal(unlink(str_cstr(&arena, path)), 0);
    assert_int_equal(file_read(&arena, STR("/dev/zero"), bytes, &text, &why), ERR_TOO_LARGE);
    assert_int_equal(file_read(&arena, STR("/proc/self/stat"), bytes, &text, &why), OK);
    assert_true(text.len > 0);
}

static void what_is_not_there_is_missing(void **state)
{
    (void)state;
    struct str text, *names;
    size_t count;
    assert_int_equal(file_read(&arena, in_folder("none"), 100, &text, &why), ERR_MISSING);
    assert_true(str_ends(fail_text(&arena, &why), STR("/none does not exist.")));
    assert_int_equal(file_names(&arena, in_folder("none"), &names, &count, &why), ERR_MISSING);
    assert_int_equal(file_read(&arena, folder, 100, &text, &why), ERR_DOWN);
    assert_int_equal(file_write(in_folder("none/a"), STR("x"), 0600, &why), ERR_DOWN);
    assert_true(str_ends(fail_text(&arena, &why), STR("cannot be written: No such file or directory.")));
}

static void folders_are_made_with_their_parents_and_listed_in_order(void **state)
{
    (void)state;
    struct str inner = in_folder("x/y/z"), *names;
    size_t count;
    assert_int_equal(file_make_folder(inner, 0700, &why), OK);
    assert_int_equal(file_make_folder(inner, 0700, &why), OK);
    assert_int_equal(file_names(&arena, inner, &names, &count, &why), OK);
    assert_int_equal(count, 0);
    static const char *const made[] = {"b", "a", "đ", ".hidden", "B"};
    for (size_t i = 0; i < LENGTH(made); i++) {
        assert_int_equal(file_write(file_join(&arena, inner, str_from(made[i])), STR_NONE, 0600, &why), OK);
    }
    assert_int_equal(file_make_folder(file_join(&arena, inner, STR("a/below")), 0700, &why), ERR_DOWN);
    assert_int_equal(file_names(&arena, inner, &names, &count, &why), OK);
    assert_int_equal(count, 5);
    static const char *const sorted[] = {".hidden", "B", "a", "b", "đ"};
    for (size_t i = 0; i < count; i++) {
        assert_str(names[i], sorted[i]);
        assert_int_equal(unlink(str_cstr(&arena, file_join(&arena, inner, names[i]))), 0);
    }
    static const char *const nested[] = {"x/y/z", "x/y", "x"};
    for (size_t i = 0; i < LENGTH(nested); i++) assert_int_equal(rmdir(str_cstr(&arena, in_folder(nested[i]))), 0);
}

static void a_failed_write_leaves_nothing_behind(void **state)
{
    (void)state;
    struct str path = in_folder("taken"), *names;
    size_t count;
    assert_int_equal(file_make_folder(file_join(&arena, path, STR("inside")), 0700, &why), OK);
    assert_int_equal(file_write(path, STR("x"), 0600, &why), ERR_DOWN); /* a folder is not replaced by a file */
    assert_int_equal(file_names(&arena, folder, &names, &count, &why), OK);
    assert_int_equal(count, 1);
    assert_int_equal(rmdir(str_cstr(&arena, in_folder("taken/inside"))), 0);
    assert_int_equal(rmdir(str_cstr(&arena, path)), 0);
}

static void joining_puts_one_slash(void **state)
{
    (void)state;
    assert_str(file_join(&arena, STR("a"), STR("b")), "a/b");
    assert_str(file_join(&arena, STR("a/"), STR("b")), "a/b");
    assert_str(file_join(&arena, STR("/"), STR("b")), "/b");
    assert_str(file_join(&arena, STR_NONE, STR("b")), "b");
}

static void the_base_name_follows_the_last_slash(void **state)
{
    (void)state;
    assert_str(file_base_name(STR("procedures/G11/1.013124")), "1.013124");
    assert_str(file_base_name(STR("1.013124.json")), "1.013124.json");
    assert_str(file_base_name(STR("G11/")), "");
    assert_str(file_base_name(STR_NONE), "");
}

static void the_own_program_is_this_one_whoever_runs_it(void **state)
{
    (void)state;
    char name[4096] = "";
    struct stat own, named;
    assert_true(readlink("/proc/self/exe", name, sizeof name - 1) > 0);
    assert_string_equal(file_base_name(str_from(name)).at, "base_file_test");
    assert_int_equal(stat(str_cstr(&arena, file_own_program(&arena)), &own), 0);
    assert_int_equal(stat(name, &named), 0);
    assert_int_equal(own.st_ino, named.st_ino); /* of valgrind's own program it would be another */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_file_is_read_up_to_its_ceiling),
        cmocka_unit_test(what_is_not_there_is_missing),
        cmocka_unit_test(folders_are_made_with_their_parents_and_listed_in_order),
        cmocka_unit_test(a_failed_write_leaves_nothing_behind),
        cmocka_unit_test(joining_puts_one_slash),
        cmocka_unit_test(the_base_name_follows_the_last_slash),
        cmocka_unit_test(the_own_program_is_this_one_whoever_runs_it),
    };
    arena_init(&arena, 16 << 20);
    fail_init(&why, &arena);
    char name[] = "/tmp/motcua-file-XXXXXX";
    if (!mkdtemp(name)) return 1;
    folder = str_from(name);
    int failed = RUN_TESTS(tests);
    if (rmdir(name) != 0) failed++;
    arena_end(&arena);
    return failed;
}
