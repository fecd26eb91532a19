/*
 * For tests of the rules alone: the standard process, the State's calendar, dossiers and people without a store. Each
 * test program that includes this has its own.
 */
#ifndef DOSSIER_TEST_CASE_H
#define DOSSIER_TEST_CASE_H

#include "base/test.h"

#include "agency/role.h"
#include "base/auto.h"
#include "calendar/calendars.h"
#include "dossier/dossier.h"

enum { AGENCY = 11, OTHER_AGENCY = 12, ASKED_AGENCY = 13, APPLICANT = 100, OFFICER = 200 };

/* What the tests share; a test program is one thread. */
static struct test_case {
    struct arena arena;
    struct fail why;
    struct rulebook book;
} t;

static inline int set_up(void **state)
{
    struct str acts[ACTION_COUNT];
    (void)state;
    arena_init(&t.arena, (size_t)256 << 20);
    fail_init(&t.why, &t.arena);
    for (size_t i = 0; i < ACTION_COUNT; i++) acts[i] = str_from(actions[i].name);
    assert_int_equal(
        process_compile(&t.arena, str_from(process_standard_text), acts, ACTION_COUNT, &t.book.table, &t.why), OK);
    assert_int_equal(calendar_parse(&t.arena, str_from(calendar_vietnam_text), NULL, &t.book.calendar, &t.why), OK);
    t.book.undo_us = 15 * US_PER_MINUTE;
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    arena_end(&t.arena);
    return 0;
}

/* "2026-03-02 10:00", local time. */
static inline instant_t local(const char *text)
{
    instant_t out;
    struct str moment = str_format(&t.arena, "%.10sT%s:00+07:00", text, text + 11);
    assert_int_equal(instant_parse(moment, &out, &t.why), OK);
    return out;
}

static inline struct dossier fresh(instant_t submitted_at)
{
    struct dossier d = dossier_empty();
    d.id = d.version = 1;
    d.code = STR("G11-260105-0001");
    d.agency = AGENCY;
    d.channel = STR("online");
    d.submitter = APPLICANT;
    d.status = t.book.table->steps[0].status;
    d.step = t.book.table->steps[0].name;
    d.submitted_at = d.step_since = submitted_at;
    return d;
}

static inline struct standing officer(const char *role, int64_t agency)
{
    struct str name = str_from(role);
    return (struct standing){
        .account = OFFICER, .agency = agency, .role = name, .permissions = role_permissions(name), .language = ENGLISH};
}

static inline struct standing applicant(int64_t account)
{
    return (struct standing){.account = account,
                             .role = STR("citizen"),
                             .permissions = role_permissions(STR("citizen")),
                             .language = ENGLISH};
}

static inline struct act_input input(void)
{
    return (struct act_input){
        .reason = STR("vì"), .outcome = STR("granted"), .to = OFFICER, .term = {TERM_WORKING_DAYS, 1000, false}
    };
}

static inline void move_with(struct dossier *d, enum action_id act, const struct act_input *in, const char *when)
{
    int64_t version = d->version;
    assert_int_equal(dossier_move(d, &t.book, act, in, local(when), &t.why), OK);
    assert_int_equal(d->version, version + 1);
}

static inline void move(struct dossier *d, enum action_id act, const char *when)
{
    struct act_input in = input();
    move_with(d, act, &in, when);
}

#endif
