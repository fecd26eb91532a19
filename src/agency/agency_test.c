#include "store/test_store.h"

#include <stdlib.h>
#include <time.h>

#include "agency/competence.h"
#include "agency/identifier.h"
#include "agency/post.h"
#include "agency/role.h"
#include "base/file.h"
#include "queries.h"

static struct test_store t;
static const struct actor system_actor = {0};

static int set_up(void **state)
{
    (void)state;
    test_store_open(&t);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_release();
    test_store_close(&t);
    return 0;
}

static struct tx *begin(void)
{
    struct tx *tx = NULL;
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    return tx;
}

static struct import_report import(struct str file, struct str content)
{
    struct import_report report;
    import_report_init(&report, &t.arena);
    assert_ok(&t, agency_import_units(t.store, system_actor, file, content, &report, &t.why));
    return report;
}

static struct import_report import_file(const char *path)
{
    struct str content;
    assert_ok(&t, file_read(&t.arena, str_from(path), 16 << 20, &content, &t.why));
    return import(str_from(path), content);
}

#define SMALL                                                                                                          \
    "[{\"Code\":\"68\",\"FullName\":\"Tỉnh Lâm Đồng\",\"Wards\":["                                               \
    "{\"Code\":\"25159\",\"FullName\":\"Xã Cát Tiên\",\"ProvinceCode\":\"68\"},"                                    \
    "{\"Code\":\"25036\",\"FullName\":\"Xã Hoà Ninh\",\"ProvinceCode\":\"68\"},"                                     \
    "{\"Code\":\"23272\",\"FullName\":\"đặc khu Phú Quý\",\"ProvinceCode\":\"68\"}]}]"

static struct agency found(const char *identifier)
{
    struct agency a = {0};
    struct tx *tx = begin();
    assert_ok(&t, agency_find(tx, str_from(identifier), &a, &t.why));
    store_read_end(tx);
    return a;
}

/* ---- units ---- */

static void the_real_units_all_arrive_and_a_second_time_nothing_changes(void **state)
{
    (void)state;
    clock_t start = clock(); /* of the processor: others may keep it busy */
    struct import_report r = import_file("units/units.json");
    assert_true((clock() - start) / CLOCKS_PER_SEC < 5 * test_slowness());
    assert_int_equal(r.files, 1);
    assert_int_equal(r.taken, 34 + 3321);
    assert_int_equal(r.refused, 0);
    assert_int_equal(r.doubts.count, 1); /* "xã Bắc Sơn" */
    assert_str(r.doubts.at[0].value, "xã Bắc Sơn");
    assert_str(found("H36").name, "Ủy ban nhân dân tỉnh Lâm Đồng");
    assert_true(found("H36").is_provisional);
    assert_false(found("H26").is_provisional);
    struct agency commune = found("H36.25159");
    assert_str(commune.name, "Ủy ban nhân dân xã Cát Tiên");
    assert_str(commune.parent_identifier, "H36");
    assert_str(commune.territory_code, "25159");
    assert_true(commune.is_provisional);
    assert_int_equal(commune.valid_from, day_from_civil((struct civil){2025, 7, 1}));

    r = import_file("units/units.json");
    assert_int_equal(r.taken, 0);
    assert_int_equal(r.unchanged, 34 + 3321);
}

static void the_merger_links_every_old_commune_to_what_took_it(void **state)
{
    (void)state;
    import_file("units/units.json");
    struct import_report r = import_file("units/merger-2025.csv");
    assert_int_equal(r.taken, 10353);

    assert_int_equal(r.refused, 0);
    size_t absent = 0, became = 0;
    for (size_t i = 0; i < r.doubts.count; i++) {
        absent += str_has(str_from(r.doubts.at[i].action), STR("has no predecessor"));
        became += str_has(str_from(r.doubts.at[i].action), STR("become since"));
    }
    assert_int_equal(absent, 6);
    assert_int_equal(became, 11); /* Đồng Nai, a city since 2026-04-30, and ten of its communes, wards since */

    struct territory place, *list;
    size_t count;
    struct tx *tx = begin();
    assert_ok(&t, territory_find(tx, STR("25159"), &place, &t.why));
    assert_ok(&t, territory_predecessors(tx, place.id, &list, &count, &t.why));
    assert_true(count > 0);
    assert_int_equal(list[0].valid_to, day_from_civil((struct civil){2025, 6, 30}));
    store_read_end(tx);

    r = import_file("units/merger-2025.csv");
    assert_int_equal(r.taken, 0);
    assert_int_equal(r.unchanged, 10353);
}

static void a_renamed_commune_keeps_its_earlier_name_and_its_agency(void **state)
{
    (void)state;
    import(STR("units.json"), STR(SMALL));
    int64_t id = found("H36.25159").id;
    struct str changed = str_replace(&t.arena, STR(SMALL), STR("Xã Cát Tiên"), STR("Phường Cát Tiên"));
    struct import_report r = import(STR("units.json"), changed);
    assert_int_equal(r.taken, 1);
    assert_int_equal(r.unchanged, 3);
    struct agency a = found("H36.25159");
    assert_int_equal(a.id, id);
    assert_str(a.name, "Ủy ban nhân dân phường Cát Tiên");
    assert_str(a.territory_kind, "ward");
    assert_int_equal(import(STR("units.json"), changed).taken, 0);
}

static void a_unit_missing_from_the_file_is_reported_and_stays(void **state)
{
    (void)state;
    import(STR("units.json"), STR(SMALL));
    struct str shorter =
        str_replace(&t.arena, STR(SMALL),
                    STR("{\"Code\":\"25036\",\"FullName\":\"Xã Hoà Ninh\",\"ProvinceCode\":\"68\"},"), STR(""));
    struct import_report r = import(STR("units.json"), shorter);
    assert_int_equal(r.taken, 0);
    assert_int_equal(r.doubts.count, 2); /* the other is "đặc khu" */
    assert_str(r.doubts.at[1].value, "25036");
    assert_str(found("H36.25036").name, "Ủy ban nhân dân xã Hoà Ninh");
}

static void an_unknown_province_never_takes_a_real_identifier(void **state)
{
    (void)state;
    import(STR("units.json"), STR(SMALL));
    struct str other = str_replace(&t.arena, STR(SMALL), STR("\"68\""), STR("\"36\""));
    struct import_report r = import(STR("units.json"), other);
    assert_int_equal(r.taken, 1);
    assert_str(found("Z99.36").territory_code, "36");
    assert_str(found("H36").territory_code, "68");
    assert_str(found("H36.25159").parent_identifier, "H36"); /* it has not moved, and the report says so */
    bool is_said = false;
    for (size_t i = 0; i < r.doubts.count; i++) is_said = is_said || str_eq(r.doubts.at[i].value, STR("25159"));
    assert_true(is_said);
}

#define HEADER "old_province,old_district,old_commune,new_province,new_commune\n"

static void a_broken_file_is_refused_whole_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *content, *place;
    } rows[] = {
        {"[{\"Code\":\"68\",\n\"FullName\":\"Tỉnh Lâm Đồng\",\n\"Wards\":[}]", "line 3"                  },
        {"",                                                                         "line 1"                  },
        {"{}",                                                                       ""                        },
        {"[]",                                                                       ""                        },
        {"[{\"Code\":\"6\",\"FullName\":\"Tỉnh A\",\"Wards\":[]}]",                "#/0/Code"                },
        {"[{\"Code\":\"68\",\"FullName\":\"Lâm Đồng\",\"Wards\":[]}]",           "#/0/FullName"            },
        {"[{\"Code\":\"68\",\"FullName\":\"Tỉnh A\"}]",                            "#/0/Wards"               },
        {"[{\"Code\":\"68\",\"FullName\":\"Tỉnh A\",\"Wards\":["
         "{\"Code\":\"12345\",\"FullName\":\"Xã "
         "B\",\"ProvinceCode\":\"1\"}]}]",                                  "#/0/Wards/0/ProvinceCode"},
        {"[{\"Code\":\"68\",\"FullName\":\"Tỉnh A\",\"Wards\":[]},{\"Code\":\"68\",\"FullName\":\"Tỉnh "
         "B\",\"Wards\":[]}]",                                              "#/1/Code"                },
        {"a,b\n",                                                                    "line 1"                  },
        {HEADER "Tỉnh A,Huyện B,Xã C,Tỉnh D\n",                               "line 2"                  },
        {HEADER "Tỉnh A,Huyện B,,Tỉnh D,Xã E\n",                              "line 2"                  },
        {HEADER "\nTỉnh A,\"Huyện,Xã C,Tỉnh D,Xã E\n",                       "line 3"                  },
        {"\xFF\xFE",                                                                 ""                        },
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct import_report r = import(STR("broken"), str_from(rows[i].content));
        assert_int_equal(r.taken, 0);
        assert_int_equal(r.refused, 1);
        assert_true(r.errors.count > 0);
        assert_str(r.errors.at[0].place, rows[i].place);
    }
}

static void a_line_about_an_unknown_place_is_refused_alone(void **state)
{
    (void)state;
    import(STR("units.json"), STR(SMALL));
    struct import_report r = import(
        STR("merger.csv"), STR("old_province,old_district,old_commune,new_province,new_commune\r\n"
                               "Tỉnh Lâm Đồng,Huyện Di Linh,Xã Hòa Ninh,Tỉnh Lâm Đồng,Xã Hòa Ninh\r\n"
                               "Tỉnh Lâm Đồng,Huyện Di Linh,Xã Xa Lạ,Tỉnh Lâm Đồng,Xã Không Có\r\n"
                               "\"Tỉnh Bình Thuận\",Huyện Phú Quý,Xã Tam Thanh,Tỉnh Lâm Đồng,Đặc Khu Phú Quý\r\n"));
    assert_int_equal(r.taken, 2);
    assert_int_equal(r.refused, 1);
    assert_str(r.errors.at[0].place, "line 3");
    struct territory place, *list;
    size_t count;
    struct tx *tx = begin();
    assert_ok(&t, territory_find(tx, STR("68"), &place, &t.why));
    assert_ok(&t, territory_predecessors(tx, place.id, &list, &count, &t.why));
    assert_int_equal(count, 1);
    assert_str(list[0].name, "Tỉnh Bình Thuận");
    store_read_end(tx);
}

/* ---- lists ---- */

static size_t listed(struct agency_filter f, struct agency **out)
{
    size_t count = 0;
    struct tx *tx = begin();
    f.day = day_of(clock_now());
    if (f.most == 0) f.most = 10;
    assert_ok(&t, agency_list(tx, &f, out, &count, &t.why));
    store_read_end(tx);
    return count;
}

static void agencies_are_found_by_words_the_typed_accents_first(void **state)
{
    (void)state;
    import_file("units/units.json");
    struct agency *list;
    assert_true(listed((struct agency_filter){.words = STR("cat tien")}, &list) >= 3);
    (void)listed((struct agency_filter){.words = STR("cát tiên")}, &list);
    assert_str(list[0].territory_name, "Xã Cát Tiên");
    size_t count = listed((struct agency_filter){.words = STR("ba tơ")}, &list);
    assert_true(count >= 2);
    assert_str(list[0].name, "Ủy ban nhân dân xã Ba Tơ");
    (void)listed((struct agency_filter){.words = STR("ba tô")}, &list);
    assert_str(list[0].name, "Ủy ban nhân dân xã Ba Tô");
    assert_true(listed((struct agency_filter){.words = STR("H36.25159")}, &list) == 1);
    assert_int_equal(listed((struct agency_filter){.words = STR("không có nơi nào như thế")}, &list), 0);
    assert_true(listed((struct agency_filter){.words = STR("hòa ninh lâm đồng")}, &list) == 1);
}

static void lists_go_on_where_they_stopped(void **state)
{
    (void)state;
    import_file("units/units.json");
    struct agency *list;
    int64_t parent = found("H36").id, after = 0;
    size_t seen = 0, count;
    while ((count = listed((struct agency_filter){.parent = parent, .after = after, .most = 50}, &list)) > 0) {
        seen += count;
        after = list[count - 1].id;
    }
    assert_int_equal(seen, 124);
    assert_int_equal(listed((struct agency_filter){.words = STR("tan"), .after = 195, .most = 50}, &list), 5);
}

/* ---- competence ---- */

static int64_t ministry(void)
{
    int64_t id = 0;
    struct agency_new n = {
        .identifier = STR("G11"), .name = STR("Bộ Quốc phòng"), .class = STR("ministry"), .valid_from = DAY_UNKNOWN};
    assert_ok(&t, store_run(t.store, agency_add, &n, &id, &t.why));
    return id;
}

static int64_t give_post(int64_t account, int64_t agency, const char *role, const char *group)
{
    int64_t id = 0;
    struct post_new p = {.account = account,
                         .agency = agency,
                         .role = str_from(role),
                         .procedure_group = str_from(group),
                         .valid_from = day_of(clock_now()) - 1,
                         .valid_to = DAY_OPEN};
    assert_ok(&t, store_run(t.store, post_add, &p, &id, &t.why));
    return id;
}

static void levels_say_who_performs_until_decrees_do(void **state)
{
    (void)state;
    import(STR("units.json"), STR(SMALL));
    int64_t g11 = ministry(), commune = found("H36.25159").id, province = found("H36").id, added = 0;
    const struct competence_levels levels[] = {
        {STR("1.000001"), true,  false, false},
        {STR("1.000002"), false, true,  true },
    };
    assert_ok(&t, competence_from_levels(t.store, system_actor, STR("G11"), levels, 2, &added, &t.why));
    assert_int_equal(added, 2 + 2 * 5);
    assert_ok(&t, competence_from_levels(t.store, system_actor, STR("G11"), levels, 2, &added, &t.why));
    assert_int_equal(added, 0);

    const struct {
        const char *procedure;
        int64_t agency;
        enum outcome expected;
    } rows[] = {
        {"1.000001", g11,      OK         },
        {"1.000001", commune,  ERR_MISSING},
        {"1.000002", g11,      ERR_MISSING},
        {"1.000002", commune,  OK         },
        {"1.000002", province, OK         },
        {"1.000003", g11,      ERR_MISSING},
    };
    struct tx *tx = begin();
    struct competence c;
    for (size_t i = 0; i < LENGTH(rows); i++)
        assert_int_equal(competence_find(tx, str_from(rows[i].procedure), rows[i].agency, PERFORMING,
                                         day_of(clock_now()), &c, &t.why),
                         rows[i].expected);
    struct str *codes;
    size_t count;
    assert_ok(&t, competence_procedures(tx, commune, day_of(clock_now()), &codes, &count, &t.why));
    assert_int_equal(count, 1);
    assert_str(codes[0], "1.000002");
    store_read_end(tx);

    struct agency *list;
    assert_int_equal(listed((struct agency_filter){.procedure = STR("1.000001")}, &list), 0); /* nobody to receive it */
    const int64_t open[] = {g11, province, commune, found("H36.23272").id};
    for (size_t i = 0; i < LENGTH(open); i++) (void)give_post(7, open[i], "receiver", "");
    assert_int_equal(listed((struct agency_filter){.procedure = STR("1.000001")}, &list), 1);
    assert_str(list[0].identifier, "G11");
    assert_int_equal(listed((struct agency_filter){.procedure = STR("1.000002")}, &list), 3);
    assert_int_equal(listed((struct agency_filter){.procedure = STR("1.000002"), .words = STR("phu quy")}, &list), 1);
    assert_int_equal(listed((struct agency_filter){.procedure = STR("1.000002"), .parent = province}, &list), 2);
}

static void a_decree_moves_a_procedure_from_its_day_on(void **state)
{
    (void)state;
    int64_t g11 = ministry();
    day_t move = day_from_civil((struct civil){2025, 7, 1});
    const struct competence rows[] = {
        {STR("1.000001"), PERFORMING, STR_NONE,                 g11, DAY_UNKNOWN, move - 1, STR("old")},
        {STR("1.000001"), PERFORMING, STR("commune_committee"), 0,   move,        DAY_OPEN, STR("new")},
    };
    assert_ok(&t, store_run(t.store, competence_add, &(struct competence_add){system_actor, rows, 2}, NULL, &t.why));
    struct competence c;
    struct tx *tx = begin();
    assert_ok(&t, competence_find(tx, STR("1.000001"), g11, PERFORMING, move - 1, &c, &t.why));
    assert_str(c.decree, "old");
    assert_int_equal(competence_find(tx, STR("1.000001"), g11, PERFORMING, move, &c, &t.why), ERR_MISSING);
    store_read_end(tx);
}

static void who_performs_a_procedure_is_counted_once_whatever_names_it(void **state)
{
    (void)state;
    import(STR("units.json"), STR(SMALL));
    int64_t g11 = ministry(), commune = found("H36.25159").id, communes = 0, counted = 0;
    day_t today = day_of(clock_now());
    const struct competence rows[] = {
        {STR("1.000001"), PERFORMING, STR_NONE,                 g11,     DAY_UNKNOWN, DAY_OPEN, STR("one")    },
        {STR("1.000001"), PERFORMING, STR_NONE,                 g11,     DAY_UNKNOWN, DAY_OPEN, STR("another")},
        {STR("1.000001"), PERFORMING, STR_NONE,                 commune, DAY_UNKNOWN, DAY_OPEN, STR("one")    },
        {STR("1.000002"), PERFORMING, STR("commune_committee"), 0,       DAY_UNKNOWN, DAY_OPEN, STR("one")    },
        {STR("1.000002"), PERFORMING, STR("commune_committee"), 0,       DAY_UNKNOWN, DAY_OPEN, STR("another")},
        {STR("1.000002"), PERFORMING, STR_NONE,                 commune, DAY_UNKNOWN, DAY_OPEN, STR("one")    },
        {STR("1.000002"), PERFORMING, STR_NONE,                 g11,     DAY_UNKNOWN, DAY_OPEN, STR("one")    },
    };
    const struct competence_add add = {system_actor, rows, LENGTH(rows)};
    assert_ok(&t, store_run(t.store, competence_add, &add, NULL, &t.why));
    struct tx *tx = begin();
    struct rows classes;
    assert_ok(&t, store_all(tx, Q_AGENCY_COUNT_OF_CLASSES, VALUES(v_int(today)), &classes, &t.why));
    for (size_t i = 0; i < classes.count; i++)
        if (str_eq(row_str(&classes.at[i], 0), STR("commune_committee"))) communes = row_int(&classes.at[i], 1);
    assert_true(communes > 1);
    assert_ok(&t, competence_count(tx, &classes, today, STR("1.000001"), &counted, &t.why));
    assert_int_equal(counted, 2); /* two agencies by their names */
    assert_ok(&t, competence_count(tx, &classes, today, STR("1.000002"), &counted, &t.why));
    assert_int_equal(counted, communes + 1); /* one of them with its class, the ministry beside it */
    assert_ok(&t, competence_count(tx, &classes, today, STR("1.000003"), &counted, &t.why));
    assert_int_equal(counted, 0);
    store_read_end(tx);
}

/* ---- posts and queues ---- */

struct want_queue {
    int64_t agency;
    struct str role, group;
};

static enum outcome want_queue(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct want_queue *q = in;
    return queue_for(tx, q->agency, q->role, q->group, out, why);
}

static int64_t queue(int64_t agency, const char *role, const char *group)
{
    int64_t id = 0;
    struct want_queue q = {agency, str_from(role), str_from(group)};
    assert_ok(&t, store_run(t.store, want_queue, &q, &id, &t.why));
    return id;
}

static void a_person_sees_the_queues_of_their_posts(void **state)
{
    (void)state;
    int64_t g11 = ministry(), ids[QUEUES_OF_A_PERSON];
    int64_t all = queue(g11, "receiver", ""), ships = queue(g11, "receiver", "ships"),
            medical = queue(g11, "receiver", "medical");
    (void)queue(g11, "leader", "");
    assert_int_equal(queue(g11, "receiver", "ships"), ships);
    (void)give_post(7, g11, "receiver", "");
    int64_t limited = give_post(8, g11, "receiver", "ships");
    size_t count = 0;
    struct tx *tx = begin();
    assert_ok(&t, queues_of_post(tx, 7, g11, STR("receiver"), ids, &count, &t.why));
    assert_int_equal(count, 3);
    assert_int_equal(ids[2], medical);
    assert_ok(&t, queues_of_post(tx, 8, g11, STR("receiver"), ids, &count, &t.why));
    assert_int_equal(count, 2);
    assert_int_equal(ids[0], all);
    assert_int_equal(ids[1], ships);
    assert_ok(&t, queues_of_post(tx, 9, g11, STR("receiver"), ids, &count, &t.why));
    assert_int_equal(count, 0);
    store_read_end(tx);

    struct post_end end = {system_actor, limited, day_of(clock_now()) - 1};
    assert_ok(&t, store_run(t.store, post_end, &end, NULL, &t.why));
    tx = begin();
    assert_ok(&t, queues_of_post(tx, 8, g11, STR("receiver"), ids, &count, &t.why));
    assert_int_equal(count, 0);
    struct post *posts;
    assert_ok(&t, posts_of_agency(tx, g11, STR("receiver"), day_of(clock_now()), &posts, &count, &t.why));
    assert_int_equal(count, 1);
    assert_str(posts[0].agency_identifier, "G11");
    assert_int_equal(posts[0].login.len, 0); /* nobody has this account */
    store_read_end(tx);
    assert_int_equal(found("G11").version, 4); /* founded, two posts given, one ended */
}

static void posts_are_only_for_officers_roles(void **state)
{
    (void)state;
    struct post_new p = {
        .account = 7, .agency = ministry(), .role = STR("citizen"), .valid_from = 0, .valid_to = DAY_OPEN};
    assert_int_equal(store_run(t.store, post_add, &p, NULL, &t.why), ERR_INVALID);
    p.role = STR("leader");
    p.valid_to = -1;
    assert_int_equal(store_run(t.store, post_add, &p, NULL, &t.why), ERR_INVALID);
}

/* A unit that has ended keeps its number, and its successor gets the next. */
static void a_unit_without_a_number_gets_the_next_free_one(void **state)
{
    (void)state;
    struct agency_new unit = {.name = STR("Vụ Pháp chế"),
                              .class = STR("ministry_unit"),
                              .is_provisional = true,
                              .parent = ministry(),
                              .valid_from = DAY_UNKNOWN};
    int64_t first, second;
    assert_ok(&t, store_run(t.store, agency_add, &unit, &first, &t.why));
    unit.name = STR("Cục Tài chính");
    assert_ok(&t, store_run(t.store, agency_add, &unit, &second, &t.why));
    struct agency_end end = {system_actor, first, day_of(clock_now()) - 1};
    assert_ok(&t, store_run(t.store, agency_end, &end, NULL, &t.why));
    unit.name = STR("Vụ Pháp chế mới");
    assert_ok(&t, store_run(t.store, agency_add, &unit, NULL, &t.why));
    assert_str(found("G11.D01").name, "Vụ Pháp chế");
    assert_str(found("G11.D02").name, "Cục Tài chính");
    assert_str(found("G11.D03").name, "Vụ Pháp chế mới");
    unit.parent = 0;
    assert_int_equal(store_run(t.store, agency_add, &unit, NULL, &t.why), ERR_MISSING);
}

static void an_identifier_belongs_to_one_agency(void **state)
{
    (void)state;
    (void)ministry();
    struct agency_new n = {
        .identifier = STR("G11"), .name = STR("B"), .class = STR("ministry"), .valid_from = DAY_UNKNOWN};
    assert_int_equal(store_run(t.store, agency_add, &n, NULL, &t.why), ERR_CONFLICT);
    n.identifier = STR("G12");
    n.class = STR("nothing");
    assert_int_equal(store_run(t.store, agency_add, &n, NULL, &t.why), ERR_INVALID);
    assert_str(found("000.00.00.g11").name, "Bộ Quốc phòng");
}

static void roles_allow_what_their_work_needs(void **state)
{
    (void)state;
    static const struct {
        const char *role;
        enum permission permission;
        bool is_allowed;
    } rows[] = {
        {"citizen",    PERMIT_DOSSIER_SUBMIT,   true },
        {"citizen",    PERMIT_DOSSIER_READ,     false},
        {"business",   PERMIT_DOSSIER_OWN,      true },
        {"receiver",   PERMIT_DOSSIER_RECEIVE,  true },
        {"receiver",   PERMIT_DOSSIER_APPROVE,  false},
        {"specialist", PERMIT_DOSSIER_EXAMINE,  true },
        {"leader",     PERMIT_DOSSIER_APPROVE,  true },
        {"leader",     PERMIT_DOSSIER_ISSUE,    false},
        {"clerk",      PERMIT_DOSSIER_ISSUE,    true },
        {"admin",      PERMIT_CATALOGUE_MANAGE, true },
        {"admin",      PERMIT_DOSSIER_READ,     false},
        {"operator",   PERMIT_SYSTEM_HEALTH,    true },
        {"archivist",  PERMIT_DOSSIER_READ,     true },
        {"nobody",     PERMIT_PUBLIC,           true },
        {"nobody",     PERMIT_SIGNED_IN,        false},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        if (permission_is_in(role_permissions(str_from(rows[i].role)), rows[i].permission) != rows[i].is_allowed)
            print_error("%s %s\n", rows[i].role, permission_name(rows[i].permission)), _fail(__FILE__, __LINE__);
    for (size_t i = 0; i < roles_count; i++) assert_true(permission_is_in(roles[i].permissions, PERMIT_SIGNED_IN));
    assert_str(role_of_account_kind(STR("cooperative")), "business");
    assert_str(role_of_account_kind(STR("officer")), "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_real_units_all_arrive_and_a_second_time_nothing_changes),
        TEST(the_merger_links_every_old_commune_to_what_took_it),
        TEST(a_renamed_commune_keeps_its_earlier_name_and_its_agency),
        TEST(a_unit_missing_from_the_file_is_reported_and_stays),
        TEST(an_unknown_province_never_takes_a_real_identifier),
        TEST(a_broken_file_is_refused_whole_with_its_place),
        TEST(a_line_about_an_unknown_place_is_refused_alone),
        TEST(agencies_are_found_by_words_the_typed_accents_first),
        TEST(lists_go_on_where_they_stopped),
        TEST(levels_say_who_performs_until_decrees_do),
        TEST(a_decree_moves_a_procedure_from_its_day_on),
        TEST(who_performs_a_procedure_is_counted_once_whatever_names_it),
        TEST(a_person_sees_the_queues_of_their_posts),
        TEST(posts_are_only_for_officers_roles),
        TEST(a_unit_without_a_number_gets_the_next_free_one),
        TEST(an_identifier_belongs_to_one_agency),
        TEST(roles_allow_what_their_work_needs),
    };
    return RUN_TESTS(tests);
}
