/* Several officers at once: all of them or none, with their posts, in one command. */
#include "people/people_service.h"

struct staff_add {
    const struct staff_new *staff;
    struct account_add *adds; /* one each, prepared */
    int64_t *ids;
    size_t count;
};

static enum outcome add_post(struct tx *tx, const struct staff_new *s, int64_t account, int64_t agency,
                             struct fail *why)
{
    struct post_new post = {.actor = s->user.actor,
                            .account = account,
                            .agency = agency,
                            .role = s->role,
                            .procedure_group = s->procedure_group,
                            .valid_from = day_of(tx_now(tx)),
                            .valid_to = DAY_OPEN};
    return post_add(tx, &post, NULL, why);
}

static enum outcome staff_add(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* the ids stand in the input's own list */
    const struct staff_add *in = input;
    for (size_t i = 0; i < in->count; i++) {
        TRY(account_add(tx, &in->adds[i], &in->ids[i], why));
        TRY(add_post(tx, &in->staff[i], in->ids[i], in->staff[i].agency, why));
        if (in->staff[i].unit != 0) TRY(add_post(tx, &in->staff[i], in->ids[i], in->staff[i].unit, why));
    }
    return OK;
}

enum outcome people_staff_add(struct people *p, const struct staff_new *staff, size_t count, struct fail *why)
{
    struct staff_add in = {.staff = staff,
                           .adds = ARENA_ARRAY(why->arena, struct account_add, count + 1),
                           .ids = ARENA_ARRAY(why->arena, int64_t, count + 1),
                           .count = count};
    for (size_t i = 0; i < count; i++) TRY(people_prepare_user(p, &staff[i].user, &in.adds[i], why));
    return store_run(p->store, staff_add, &in, NULL, why);
}
