/* Keys of acts: no two acts share one, and none is a key that lists and pages use. */
#include "base/test.h"
#include "dossier/action_key.h"

static void every_act_has_one_key_of_its_own(void **state)
{
    (void)state;
    for (enum action_id a = 0; a < ACTION_COUNT; a++) {
        struct str key = action_key(a);
        if (key.len != 1) fail_msg("%s has no key", actions[a].name);
        if (str_find(STR("jkxg?123456789"), key, 0) >= 0)
            fail_msg("%s takes a key of lists and pages", actions[a].name);
        for (enum action_id b = 0; b < a; b++)
            if (str_eq(key, action_key(b))) fail_msg("%s and %s share a key", actions[a].name, actions[b].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_act_has_one_key_of_its_own),
    };
    return RUN_TESTS(tests);
}
