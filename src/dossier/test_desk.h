/*
 * An office for unit tests: a fresh store with one agency, its officers, two citizens, two real procedures, the
 * standard process and the State's calendar. Everything goes through the ordinary commands but the accounts, whose
 * passwords would cost a test its time. Owned by the test; test_desk_close gives it back.
 */
#ifndef DOSSIER_TEST_DESK_H
#define DOSSIER_TEST_DESK_H

#include "store/test_store.h"

#include "agency/post.h"
#include "agency/role.h"
#include "dossier/desk.h"
#include "dossier/dossier_act.h"
#include "dossier/dossier_submit.h"
#include "queries.h"

enum test_person { CITIZEN, STRANGER, RECEIVER, SPECIALIST, COLLEAGUE, LEADER, CLERK, PERSON_COUNT };

struct test_desk {
    struct test_store t;
    struct desk desk;
    int64_t agency;
    int64_t people[PERSON_COUNT];
    struct procedure_ref procedure, other;
    int64_t process;
    const struct step_table *table;
    const struct calendar *calendar;
    struct str acts[ACTION_COUNT];
};

static inline const char *person_role(enum test_person who)
{
    static const char *const role[PERSON_COUNT] = {"citizen",    "citizen", "receiver", "specialist",
                                                   "specialist", "leader",  "clerk"};
    return role[who];
}

static inline const char *person_login(enum test_person who)
{
    static const char *const login[PERSON_COUNT] = {"citizen",   "stranger", "receiver", "specialist",
                                                    "colleague", "leader",   "clerk"};
    return login[who];
}

static inline bool person_is_officer(enum test_person who)
{
    return who >= RECEIVER;
}

static inline struct standing person_standing(const struct test_desk *d, enum test_person who)
{
    struct str role = str_from(person_role(who));
    return (struct standing){.account = d->people[who],
                             .agency = person_is_officer(who) ? d->agency : 0,
                             .role = role,
                             .permissions = role_permissions(role),
                             .now = clock_now()};
}

static inline struct actor person_actor(const struct test_desk *d, enum test_person who)
{
    return (struct actor){d->people[who], person_is_officer(who) ? d->agency : 0, str_from(person_role(who))};
}

static inline enum outcome test_account_add(struct tx *tx, const void *in, void *out, struct fail *why)
{
    struct str login = str_from(in), key = STR("key");
    *(int64_t *)out = tx_new_id(tx);
    return store_do(tx, Q_ACCOUNT_INSERT,
                    VALUES(v_int(*(int64_t *)out), v_str(login), v_str(STR("citizen")), v_str(login), v_blob(key),
                           v_str(STR("")), v_bool(false), v_str(STR("vi")), v_str(STR("")), v_str(STR("")),
                           v_str(STR("")), v_instant(tx_now(tx))),
                    NULL, why);
}

static inline struct tx *test_read(struct test_desk *d)
{
    struct tx *tx = NULL;
    assert_ok(&d->t, store_read_begin(d->t.store, &d->t.arena, &tx, &d->t.why));
    return tx;
}

static inline void test_desk_people(struct test_desk *d)
{
    const struct agency_new agency = {.identifier = STR("G11"),
                                      .name = STR("Bộ Quốc phòng"),
                                      .class = str_from(agency_classes[0].name.at),
                                      .valid_from = day_of(clock_now()) - 1000};
    assert_ok(&d->t, store_run(d->t.store, agency_add, &agency, &d->agency, &d->t.why));
    for (enum test_person who = 0; who < PERSON_COUNT; who++) {
        assert_ok(&d->t, store_run(d->t.store, test_account_add, person_login(who), &d->people[who], &d->t.why));
        if (!person_is_officer(who)) continue;
        const struct post_new post = {.account = d->people[who],
                                      .agency = d->agency,
                                      .role = str_from(person_role(who)),
                                      .valid_from = day_of(clock_now()) - 1000,
                                      .valid_to = DAY_OPEN};
        int64_t id;
        assert_ok(&d->t, store_run(d->t.store, post_add, &post, &id, &d->t.why));
    }
}

static inline void test_desk_rules(struct test_desk *d)
{
    const struct str paths[] = {STR("procedures/bqp/1.013124.json"), STR("procedures/bqp/1.013125.json")};
    struct import_report report;
    import_report_init(&report, &d->t.arena);
    d->desk.catalogue = catalogue_new();
    d->desk.calendars = calendars_new();
    for (size_t i = 0; i < ACTION_COUNT; i++) d->acts[i] = str_from(actions[i].name);
    d->desk.processes = processes_new(d->acts, ACTION_COUNT);
    assert_ok(&d->t, catalogue_import(d->t.store, (struct actor){0}, paths, LENGTH(paths), NULL, &report, &d->t.why));
    assert_ok(&d->t, calendars_open(d->desk.calendars, d->t.store, &d->t.why));
    assert_ok(&d->t, process_publish_standard(d->desk.processes, d->t.store, &d->t.why));
    assert_ok(&d->t, process_publish_own(d->desk.processes, d->t.store, &d->t.why));
    d->calendar = calendars_standard(d->desk.calendars);
    d->process = process_standard(d->desk.processes);
    struct tx *tx = test_read(d);
    assert_ok(&d->t, process_get(d->desk.processes, tx, d->process, &d->table, &d->t.why));
    assert_ok(&d->t, catalogue_find(tx, STR("1.013124"), &d->procedure, &d->t.why));
    assert_ok(&d->t, catalogue_find(tx, STR("1.013125"), &d->other, &d->t.why));
    store_read_end(tx);
}

/* In place: the acts are borrowed for ever. */
static inline void test_desk_open(struct test_desk *d)
{
    test_store_open(&d->t);
    d->desk = (struct desk){.store = d->t.store, .undo_us = 15 * US_PER_MINUTE};
    test_desk_people(d);
    test_desk_rules(d);
    assert_ok(&d->t, identity_keys_open(str_from(d->t.folder), true, &d->desk.keys, &d->t.why));
}

static inline void test_desk_close(struct test_desk *d)
{
    struct str key = str_format(&d->t.arena, "%s/identity.key", d->t.folder);
    identity_keys_free(d->desk.keys);
    processes_free(d->desk.processes);
    calendars_free(d->desk.calendars);
    catalogue_free(d->desk.catalogue);
    (void)unlink(key.at); /* the store's folder must be empty */
    test_store_close(&d->t);
}

/* ---- submitting and acting ---- */

static inline struct submission test_submission(struct test_desk *d, struct arena *a, const char *owner)
{
    struct party *party = ARENA_NEW(a, struct party);
    const struct sealed_identity **none = ARENA_ARRAY(a, const struct sealed_identity *, 1);
    *party = (struct party){.role = STR("owner"), .kind = STR("citizen"), .name = str_from(owner)};
    return (struct submission){
        .arena = a,
        .actor = person_actor(d, CITIZEN),
        .procedure_version = d->procedure.version,
        .process_version = d->process,
        .agency = d->agency,
        .procedure_code = STR("1.013124"),
        .agency_identifier = STR("G11"),
        .procedure_group = STR("quan y"),
        .channel = STR("online"),
        .table = d->table,
        .calendar = d->calendar,
        .parties = party,
        .identities = none,
        .party_count = 1,
        .form = STR("{}"),
    };
}

static inline struct receipt test_submit(struct test_desk *d, const char *owner)
{
    struct submission in = test_submission(d, &d->t.arena, owner);
    struct receipt out;
    assert_ok(&d->t, store_run(d->t.store, dossier_submit, &in, &out, &d->t.why));
    return out;
}

static inline struct act test_act_input(struct test_desk *d, enum test_person who, enum action_id action,
                                        struct str code, int64_t version)
{
    return (struct act){
        .action = action,
        .code = code,
        .version = version,
        .actor = person_actor(d, who),
        .who = person_standing(d, who),
        .input = {.reason = STR("vì thiếu giấy tờ"),
                  .outcome = STR("granted"),
                  .to = d->people[COLLEAGUE],
                  .until = day_of(clock_now()) + 60,
                  .amount = 50000,
                  .currency = STR("VND"),
                  .manner = STR("cash"),
                  .term = {TERM_WORKING_DAYS, 1000, false}},
        .book = {d->table,                          d->calendar,    d->desk.undo_us     },
        .procedure_group = STR("quan y"),
    };
}

static inline struct dossier test_dossier(struct test_desk *d, struct str code)
{
    struct dossier found;
    struct tx *tx = test_read(d);
    assert_ok(&d->t, dossier_find(tx, code, &found, &d->t.why));
    store_read_end(tx);
    return found;
}

/* At the version that is there now; leaves the refusal in d->t.why. */
static inline enum outcome test_try(struct test_desk *d, enum test_person who, enum action_id action, struct str code)
{
    struct act in = test_act_input(d, who, action, code, test_dossier(d, code).version);
    struct act_done done;
    fail_init(&d->t.why, &d->t.arena);
    return store_run(d->t.store, dossier_act, &in, &done, &d->t.why);
}

static inline void test_act(struct test_desk *d, enum test_person who, enum action_id action, struct str code)
{
    assert_ok(&d->t, test_try(d, who, action, code));
}

#endif
