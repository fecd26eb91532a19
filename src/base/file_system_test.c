#include "base/test.h"

#include "base/auto.h"
#include "base/file_system.h"

static void memory_is_told_apart_from_a_disk(void **state)
{
    AUTO_ARENA struct arena a;
    (void)state;
    arena_init(&a, 64 * 1024);
    struct file_system proc = file_system_of(&a, STR("/proc")), shared = file_system_of(&a, STR("/dev/shm"));
    assert_true(str_eq(proc.name, STR("0x9fa0"))); /* no place for an office: only its number is said */
    assert_true(str_eq(shared.name, STR("tmpfs")) && shared.is_memory && !shared.is_network);
}

static void a_folder_that_is_not_there_lies_on_nothing(void **state)
{
    AUTO_ARENA struct arena a;
    (void)state;
    arena_init(&a, 64 * 1024);
    assert_int_equal(file_system_of(&a, STR("/nowhere/at/all")).name.len, 0);
}

static void what_is_free_is_part_of_all(void **state)
{
    struct file_system_room room;
    (void)state;
    assert_true(file_system_room(STR("/"), &room));
    assert_true(room.all > 0 && room.free <= room.all);
    assert_false(file_system_room(STR("/nowhere/at/all"), &room));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_told_apart_from_a_disk),
        cmocka_unit_test(a_folder_that_is_not_there_lies_on_nothing),
        cmocka_unit_test(what_is_free_is_part_of_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
