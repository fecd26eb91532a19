/*
 * Who may do what where, and what everybody else is told: every state of the standard process x every act x every kind
 * of person, written by hand from the decrees and the roles. Two tables say it: who may do an act at all, and where it
 * is possible; a third says what the law adds.
 */
#include "dossier/test_case.h"

/* ---- people ---- */

/* In the order of the columns below. */
enum person {
    OWNER,      /* the applicant */
    CITIZEN,    /* another citizen */
    RECEIVER,   /* of the agency, like the next five */
    HOLDING,    /* the specialist it is assigned to */
    SPECIALIST, /* another one */
    LEADER,
    CLERK,
    ELSEWHERE, /* a specialist of another agency */
    ASKED,     /* a specialist of an agency that was asked for its opinion */
    PERSONS
};
static const char *const persons[PERSONS] = {"applicant",  "other citizen", "receiver", "holding specialist",
                                             "specialist", "leader",        "clerk",    "elsewhere",
                                             "asked"};

static struct standing standing_of(enum person p)
{
    static const struct {
        const char *role;
        int64_t agency;
    } posts[PERSONS] = {
        [RECEIVER] = {"receiver",   AGENCY      },
        [HOLDING] = {"specialist", AGENCY      },
        [SPECIALIST] = {"specialist", AGENCY      },
        [LEADER] = {"leader",     AGENCY      },
        [CLERK] = {"clerk",      AGENCY      },
        [ELSEWHERE] = {"specialist", OTHER_AGENCY},
        [ASKED] = {"specialist", ASKED_AGENCY},
    };
    struct standing who = p <= CITIZEN ? applicant(APPLICANT + (int)p) : officer(posts[p].role, posts[p].agency);
    if (p > CITIZEN) who.account = OFFICER + (int)p;
    who.now = local("2026-03-03 10:00");
    return who;
}

/* ---- what people are told ---- */

static const struct {
    char letter;
    enum outcome outcome;
    const char *sentence;
} answers[] = {
    {'a', ERR_DENIED,   "Only the applicant may do this."                                                    },
    {'o', ERR_DENIED,   "Only an officer of the agency that holds the dossier may do this."                  },
    {'r', ERR_DENIED,   "Your role does not include this act."                                               },
    {'u', ERR_DENIED,   "Only whoever was asked for an opinion and has not given it may do this."            },
    {'h', ERR_DENIED,   "The dossier is assigned to another officer. Have it assigned to you first."         },
    {'s', ERR_CONFLICT, "“{0}” is not possible at the step “{1}”."                                   },
    {'c', ERR_CONFLICT, "The dossier is closed: “{0}” is not possible any more."                         },
    {'n', ERR_CONFLICT, "Nothing was done with the dossier within the last {0} minutes that could be undone."},
    {'1', ERR_CONFLICT, "Papers were asked for already; they may be asked for only once."                    },
    {'3', ERR_CONFLICT, "“{0}” is possible only within {1} of receipt, which ended at {2}."              },
    {'p', ERR_CONFLICT, "The papers are with the unit already, since {0}."                                   },
    {'t', ERR_CONFLICT, "No time limit is running, so there is nothing to extend."                           },
    {'2', ERR_CONFLICT, "The time limit was extended already; it may be extended only once."                 },
    {'d', ERR_CONFLICT, "The time limit could be extended until {0} at the latest."                          },
    {'w', ERR_CONFLICT, "Not everybody who was asked has answered yet; they have until {0}."                 },
    {'x', ERR_DENIED,   "The latest act, “{0}”, is somebody else's: only they may undo it."              },
    {'v', ERR_CONFLICT, "The dossier was changed since “{0}”: it cannot be undone any more."             },
    {'k', ERR_CONFLICT, "“{0}” cannot be taken back."                                                    },
    {'m', ERR_CONFLICT, "“{0}” could be undone for {1} minutes only, and they have passed."              },
};

static char answer_of(const struct dossier *d, enum action_id act, const struct standing *who)
{
    struct fail refusal;
    fail_init(&refusal, &t.arena);
    enum outcome r = dossier_can(d, &t.book, act, who, &refusal);
    if (r == OK) return 'Y';
    for (size_t i = 0; i < LENGTH(answers); i++)
        if (strcmp(answers[i].sentence, refusal.sentence) == 0 && answers[i].outcome == r) return answers[i].letter;
    return '?';
}

/* ---- every state x every act x every person ---- */

/* clang-format off */
/* May they at all? '.' yes, wherever the act is possible; else what they are told, wherever it is. */
static const struct {
    enum action_id act;
    const char *people; /* in the order of enum person */
} who_may[] = {
    /* applicant, other citizen, receiver, holding and other specialist, leader, clerk, elsewhere, asked */
    {ACTION_RECEIVE,            "oo.rrrroo"},
    {ACTION_REFUSE,             "oo.rrrroo"},
    {ACTION_REQUEST_SUPPLEMENT, "oo...rroo"},
    {ACTION_SUPPLEMENT,         ".aaaaaaaa"},
    {ACTION_ASSIGN,             "oo....roo"},
    {ACTION_EXAMINE,            "oor..rroo"},
    {ACTION_PROPOSE,            "oor..rroo"},
    {ACTION_APPROVE,            "oorrr.roo"},
    {ACTION_SEND_BACK,          "oorrr.roo"},
    {ACTION_ISSUE,              "oorrrr.oo"},
    {ACTION_RETURN,             "oo.rrrroo"},
    {ACTION_STOP,               "oorrr.roo"},
    {ACTION_WITHDRAW,           ".aaaaaaaa"},
    {ACTION_HAND_OVER,          "oo.rrrroo"},
    {ACTION_EXTEND,             "oor..rroo"},
    {ACTION_TRANSFER,           "oo....roo"},
    {ACTION_CONSULT,            "oor..rroo"},
    {ACTION_ANSWER,             "uuuuuuuu."},
    {ACTION_REQUEST_PAYMENT,    "oo...rroo"},
    {ACTION_RECORD_PAYMENT,     "oo.rrrroo"},
    {ACTION_NOTE_CONTACT,       "oo.....oo"},
    {ACTION_CORRECT,            "oorrrr.oo"},
    {ACTION_UNDO,               "nnnnnnnnn"}, /* nothing was done yet */
};

/* Where it is possible, from the steps of the decrees. Everywhere else: 's' at a step, 'c' after the end. */
static const struct {
    const char *step; /* of an open dossier; empty: after the end */
    enum status end;
    const char *acts; /* between blanks */
} where[] = {
    {"intake",                STATUS_NONE, " receive refuse request-supplement withdraw transfer record-payment note-contact "},
    {"papers-before-receipt", STATUS_NONE, " supplement withdraw transfer record-payment note-contact "},
    {"second-check",          STATUS_NONE, " receive refuse withdraw transfer record-payment note-contact "},
    {"received",              STATUS_NONE, " assign examine propose request-supplement request-payment withdraw hand-over extend"
                                           " transfer record-payment note-contact "},
    {"examination",           STATUS_NONE, " assign examine propose request-supplement request-payment stop withdraw consult"
                                           " answer extend transfer record-payment note-contact "},
    {"papers-after-receipt",  STATUS_NONE, " supplement stop withdraw answer transfer record-payment note-contact "},
    {"payment",               STATUS_NONE, " record-payment stop withdraw answer transfer note-contact "},
    {"approval",              STATUS_NONE, " approve send-back stop withdraw transfer extend record-payment note-contact "},
    {"issuing",               STATUS_NONE, " issue extend record-payment note-contact "},
    {"handing-over",          STATUS_NONE, " return correct record-payment note-contact "},
    {"", STATUS_REFUSED,   ""},
    {"", STATUS_WITHDRAWN, ""},
    {"", STATUS_STOPPED,   ""},
    {"", STATUS_RETURNED,  " correct "},
};
/* clang-format on */

/* While a specialist holds it, these are theirs alone; other acts anyone does whose role has them. */
static const char of_holder[] = " examine propose request-supplement extend consult request-payment stop ";

static bool is_among(enum action_id act, const char *acts)
{
    return str_has(str_from(acts), str_format(&t.arena, " %s ", actions[act].name));
}

/* At examination it is held, and a unit was asked and has not answered within its day.
 */
static struct dossier in_state(size_t n, struct asked_unit *asked)
{
    struct dossier d = fresh(local("2026-03-02 09:00"));
    d.step = str_from(where[n].step);
    d.status = where[n].end;
    if (where[n].end == STATUS_NONE) d.status = t.book.table->steps[dossier_step(&d, t.book.table)].status;
    bool is_received = strcmp(where[n].step, "received") == 0 || strcmp(where[n].step, "examination") == 0 ||
                       strcmp(where[n].step, "approval") == 0 || strcmp(where[n].step, "issuing") == 0;
    if (is_received) {
        d.received_at = local("2026-03-02 10:00");
        d.due_at = local("2026-03-16 10:00");
    }
    if (strcmp(where[n].step, "examination") != 0) return d;
    d.holder = OFFICER + HOLDING;
    *asked = (struct asked_unit){.agency = ASKED_AGENCY, .is_open = true};
    d.units = asked;
    d.unit_count = 1;
    d.units_due = local("2026-03-03 09:00"); /* passed: the proposal need not wait */
    return d;
}

static char expected(size_t state, size_t row, enum person p)
{
    enum action_id act = who_may[row].act;
    bool is_held = strcmp(where[state].step, "examination") == 0;
    bool is_outside = who_may[row].people[p] != '.';
    if (act == ACTION_ANSWER && !is_held) return 'u'; /* nobody is asked there */
    if (is_outside) return who_may[row].people[p];
    if (!is_among(act, where[state].acts)) return where[state].end == STATUS_NONE ? 's' : 'c';
    if (is_held && p != HOLDING && is_among(act, of_holder)) return 'h';
    return 'Y';
}

static void every_state_act_and_person_is_allowed_or_refused_with_its_sentence(void **state)
{
    size_t wrong = 0, pairs = 0;
    (void)state;
    assert_int_equal(LENGTH(who_may), ACTION_COUNT);
    assert_int_equal(LENGTH(where), t.book.table->step_count + 4);
    for (size_t s = 0; s < LENGTH(where); s++)
        for (size_t a = 0; a < LENGTH(who_may); a++)
            for (enum person p = 0; p < PERSONS; p++, pairs++) {
                struct asked_unit asked;
                struct dossier d = in_state(s, &asked);
                struct standing who = standing_of(p);
                char got = answer_of(&d, who_may[a].act, &who), want = expected(s, a, p);
                if (got == want) continue;
                wrong++;
                print_error("%s at “%s” (%d) by %s: %c, expected %c\n", actions[who_may[a].act].name, where[s].step,
                            where[s].end, persons[p], got, want);
            }
    assert_int_equal(pairs, 14 * 23 * 9);
    assert_int_equal(wrong, 0);
}

/* ---- what the law adds ---- */

/* A dossier of ten working days, received on Monday 2 March 2026 at 10:00 (Decree 118/2025), with one thing more. */
static const struct {
    const char *what, *step, *channel;
    int64_t supplements, extensions;
    const char *handed_over, *due, *units_due; /* NULL: none */
    const char *now;
    enum action_id act;
    enum person person;
    char expected;
} law[] = {
    {"asked once",                                        "received",    "online",  1, 0, NULL,               "2026-03-16 10:00", NULL,               "2026-03-02 11:00",
     ACTION_REQUEST_SUPPLEMENT,                                                                                                                                                                      SPECIALIST, '1'},
    {"returned after appraisal on the third working day", "received",    "online",  0, 0, NULL,               "2026-03-16 10:00", NULL,
     "2026-03-05 10:00",                                                                                                                                                  ACTION_REQUEST_SUPPLEMENT, SPECIALIST, 'Y'},
    {"a minute after the third working day",              "received",    "online",  0, 0, NULL,               "2026-03-16 10:00", NULL,
     "2026-03-05 10:01",                                                                                                                                                  ACTION_REQUEST_SUPPLEMENT, SPECIALIST, '3'},
    {"extended on the day before the last",               "received",    "online",  0, 0, NULL,               "2026-03-16 10:00", NULL,
     "2026-03-15 23:59",                                                                                                                                                  ACTION_EXTEND,             SPECIALIST, 'Y'},
    {"extended on the last day",                          "received",    "online",  0, 0, NULL,               "2026-03-16 10:00", NULL,               "2026-03-16 00:00",
     ACTION_EXTEND,                                                                                                                                                                                  SPECIALIST, 'd'},
    {"extended when it is late",                          "received",    "online",  0, 0, NULL,               "2026-03-16 10:00", NULL,               "2026-03-17 10:00",
     ACTION_EXTEND,                                                                                                                                                                                  SPECIALIST, 'd'},
    {"extended twice",                                    "received",    "online",  0, 1, NULL,               "2026-03-16 10:00", NULL,               "2026-03-03 10:00", ACTION_EXTEND,
     SPECIALIST,                                                                                                                                                                                                 '2'},
    {"extended without a limit",                          "received",    "online",  0, 0, NULL,               NULL,               NULL,               "2026-03-03 10:00", ACTION_EXTEND,
     SPECIALIST,                                                                                                                                                                                                 't'},
    {"papers handed over",                                "received",    "counter", 0, 0, NULL,               "2026-03-16 10:00", NULL,               "2026-03-02 11:00",
     ACTION_HAND_OVER,                                                                                                                                                                               RECEIVER,   'Y'},
    {"handed over twice",                                 "received",    "counter", 0, 0, "2026-03-02 11:00", "2026-03-16 10:00", NULL,               "2026-03-02 11:10",
     ACTION_HAND_OVER,                                                                                                                                                                               RECEIVER,   'p'},
    {"proposed while a unit has its day",                 "examination", "online",  0, 0, NULL,               "2026-03-16 10:00", "2026-03-05 17:00",
     "2026-03-05 17:00",                                                                                                                                                  ACTION_PROPOSE,            SPECIALIST, 'w'},
    {"proposed when that day has passed",                 "examination", "online",  0, 0, NULL,               "2026-03-16 10:00", "2026-03-05 17:00",
     "2026-03-05 17:01",                                                                                                                                                  ACTION_PROPOSE,            SPECIALIST, 'Y'},
    {"withdrawn at the applicant's word",                 "received",    "counter", 0, 0, NULL,               "2026-03-16 10:00", NULL,
     "2026-03-02 11:00",                                                                                                                                                  ACTION_WITHDRAW,           RECEIVER,   'Y'},
    {"withdrawn at the word of who wrote",                "received",    "postal",  0, 0, NULL,               "2026-03-16 10:00", NULL,
     "2026-03-02 11:00",                                                                                                                                                  ACTION_WITHDRAW,           RECEIVER,   'Y'},
    {"but not by who is not of the one-stop",             "received",    "counter", 0, 0, NULL,               "2026-03-16 10:00", NULL,
     "2026-03-02 11:00",                                                                                                                                                  ACTION_WITHDRAW,           SPECIALIST, 'a'},
};

static void what_the_law_adds_is_said_in_its_own_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(law); i++) {
        struct dossier d = fresh(local("2026-03-02 09:00"));
        struct standing who = standing_of(law[i].person);
        d.channel = str_from(law[i].channel);
        d.step = str_from(law[i].step);
        d.status = t.book.table->steps[dossier_step(&d, t.book.table)].status;
        d.received_at = local("2026-03-02 10:00");
        d.supplements = law[i].supplements;
        d.extensions = law[i].extensions;
        if (law[i].handed_over) d.handed_over_at = local(law[i].handed_over);
        if (law[i].due) d.due_at = local(law[i].due);
        if (law[i].units_due) d.units_due = local(law[i].units_due);
        who.now = local(law[i].now);
        char got = answer_of(&d, law[i].act, &who);
        if (got != law[i].expected) print_error("%s: %c, expected %c\n", law[i].what, got, law[i].expected);
        assert_int_equal(got, law[i].expected);
    }
}

/* A procedure's own steps say another time for asking after receipt. */
static void a_procedures_own_steps_may_say_another_time(void **state)
{
    static const char text[] = "process own \"a\" \"b\"\n"
                               "step received by specialist, status 2 \"a\" \"b\"\n"
                               "    request-supplement within 10wd -> papers\n"
                               "    withdraw -> end with status 7\n"
                               "step papers by applicant, status 5, clock restart \"a\" \"b\"\n"
                               "    withdraw -> end with status 7\n";
    struct str acts[] = {STR("request-supplement"), STR("withdraw")};
    struct rulebook own = t.book;
    struct fail refusal;
    (void)state;
    fail_init(&refusal, &t.arena);
    assert_int_equal(process_compile(&t.arena, str_from(text), acts, LENGTH(acts), &own.table, &t.why), OK);
    struct dossier d = fresh(local("2026-03-02 09:00"));
    d.step = STR("received");
    d.received_at = local("2026-03-02 10:00");
    struct standing who = officer("specialist", AGENCY);
    who.now = local("2026-03-13 10:00");
    assert_int_equal(dossier_can(&d, &own, ACTION_REQUEST_SUPPLEMENT, &who, &refusal), OK);
    who.now = local("2026-03-16 10:01");
    assert_int_equal(dossier_can(&d, &own, ACTION_REQUEST_SUPPLEMENT, &who, &refusal), ERR_CONFLICT);
}

/* ---- undo ---- */

/* The latest act was done at 10:00 by the receiver and made version 5. */
static const struct {
    const char *what, *act;
    bool is_changed_since;
    const char *now;
    enum person person;
    char expected;
} undoing[] = {
    {"at once",                   "receive", false, "2026-03-02 10:00", RECEIVER,   'Y'},
    {"at the last moment",        "receive", false, "2026-03-02 10:15", RECEIVER,   'Y'},
    {"too late",                  "receive", false, "2026-03-02 10:16", RECEIVER,   'm'},
    {"by a colleague",            "receive", false, "2026-03-02 10:01", SPECIALIST, 'x'},
    {"by the applicant",          "receive", false, "2026-03-02 10:01", OWNER,      'x'},
    {"by a stranger",             "receive", false, "2026-03-02 10:01", CITIZEN,    'x'},
    {"when it was changed since", "receive", true,  "2026-03-02 10:01", RECEIVER,   'v'},
    {"an end",                    "refuse",  false, "2026-03-02 10:01", RECEIVER,   'Y'},
    {"what the world has seen",   "issue",   false, "2026-03-02 10:01", RECEIVER,   'k'},
    {"a corrected result",        "correct", false, "2026-03-02 10:01", RECEIVER,   'k'},
    {"an opinion that was given", "answer",  false, "2026-03-02 10:01", RECEIVER,   'k'},
    {"an undoing",                "undo",    false, "2026-03-02 10:01", RECEIVER,   'k'},
};

static void only_the_author_takes_back_the_latest_act_and_only_for_a_while(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(undoing); i++) {
        struct dossier d = fresh(local("2026-03-02 09:00"));
        struct standing who = standing_of(undoing[i].person);
        d.version = undoing[i].is_changed_since ? 6 : 5;
        d.last = (struct last_act){.version = 5,
                                   .account = OFFICER + RECEIVER,
                                   .at = local("2026-03-02 10:00"),
                                   .act = str_from(undoing[i].act),
                                   .state = STR("{}")};
        who.now = local(undoing[i].now);
        char got = answer_of(&d, ACTION_UNDO, &who);
        if (got != undoing[i].expected) print_error("%s: %c, expected %c\n", undoing[i].what, got, undoing[i].expected);
        assert_int_equal(got, undoing[i].expected);
    }
}

/* ---- how people are told ---- */

static void a_refusal_names_acts_and_steps_in_the_readers_language(void **state)
{
    struct dossier d = fresh(local("2026-03-02 09:00"));
    struct standing who = officer("clerk", AGENCY);
    (void)state;
    fail_init(&t.why, &t.arena);
    assert_int_equal(dossier_can(&d, &t.book, ACTION_ISSUE, &who, &t.why), ERR_CONFLICT);
    assert_str(fail_text(&t.arena, &t.why), "“Issue the result” is not possible at the step “Check the dossier”.");
    who.language = VIETNAMESE;
    fail_init(&t.why, &t.arena);
    assert_int_equal(dossier_can(&d, &t.book, ACTION_ISSUE, &who, &t.why), ERR_CONFLICT);
    assert_str(t.why.args[0], translate(VIETNAMESE, "Issue the result").at);
    assert_str(t.why.args[1], "Kiểm tra hồ sơ");
    fail_init(&t.why, &t.arena);
}

/* The officer who was asked by name, not everybody of the agency. */
static void an_officer_who_was_asked_answers_alone_and_once(void **state)
{
    struct dossier d = fresh(local("2026-03-02 09:00"));
    struct asked_unit asked = {.agency = AGENCY, .account = OFFICER + SPECIALIST, .is_open = true};
    struct standing him = standing_of(SPECIALIST), colleague = standing_of(HOLDING);
    (void)state;
    d.step = STR("examination");
    d.status = STATUS_IN_HAND;
    d.units = &asked;
    d.unit_count = 1;
    assert_int_equal(answer_of(&d, ACTION_ANSWER, &him), 'Y');
    assert_int_equal(answer_of(&d, ACTION_ANSWER, &colleague), 'u');
    asked.is_open = false;
    assert_int_equal(answer_of(&d, ACTION_ANSWER, &him), 'u');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_act_and_person_is_allowed_or_refused_with_its_sentence),
        cmocka_unit_test(what_the_law_adds_is_said_in_its_own_sentence),
        cmocka_unit_test(a_procedures_own_steps_may_say_another_time),
        cmocka_unit_test(only_the_author_takes_back_the_latest_act_and_only_for_a_while),
        cmocka_unit_test(a_refusal_names_acts_and_steps_in_the_readers_language),
        cmocka_unit_test(an_officer_who_was_asked_answers_alone_and_once),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
