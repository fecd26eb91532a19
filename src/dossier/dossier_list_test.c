/* Lists: what they show, in which order, how they go on, and that they read no more than they show. */
#include "dossier/test_desk.h"

#include <sqlite3.h>

#include "base/auto.h"
#include "dossier/dossier_list.h"
#include "dossier/dossier_search.h"
#include "dossier/list_cursor.h"
#include "dossier/word_walk.h"
#include "queries.h"

static struct test_desk d;

static int set_up(void **state)
{
    (void)state;
    test_desk_open(&d);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    clock_release();
    test_desk_close(&d);
    return 0;
}

static struct dossier_list inbox(enum test_person who, size_t most, struct str cursor, bool is_mine_only)
{
    struct inbox_query q = {person_standing(&d, who), cursor, is_mine_only, most};
    struct dossier_list list;
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, dossier_inbox(&d.desk, tx, &q, &list, &d.t.why));
    store_read_end(tx);
    return list;
}

static struct dossier_list list(struct list_query q)
{
    struct dossier_list found;
    struct tx *tx = test_read(&d);
    if (q.most == 0) q.most = 25;
    assert_ok(&d.t, dossier_list(&d.desk, tx, &q, &found, &d.t.why));
    store_read_end(tx);
    return found;
}

static struct list_query of(enum test_person who)
{
    return (struct list_query){.who = person_standing(&d, who), .due_before = INSTANT_NONE};
}

/* The names of the owners in the order of the list, with a space between them. */
static struct str owners(const struct dossier_list *found)
{
    struct str *names = ARENA_ARRAY(&d.t.arena, struct str, found->count + 1);
    for (size_t i = 0; i < found->count; i++) names[i] = found->items[i].dossier.owner_name;
    return str_join(&d.t.arena, STR(","), names, found->count);
}

static void catch_up(void)
{
    assert_ok(&d.t, journal_catch_up(d.t.store, &search_follower, 1, &d.t.why));
}

/* Received with a term of so many working days. */
static struct str received(const char *owner, int64_t working_days)
{
    struct str code = test_submit(&d, owner).code;
    struct act in = test_act_input(&d, RECEIVER, ACTION_RECEIVE, code, 1);
    struct act_done done;
    in.input.term.hundredths = working_days * 100;
    assert_ok(&d.t, store_run(d.t.store, dossier_act, &in, &done, &d.t.why));
    return code;
}

/* ---- the inbox ---- */

static void the_inbox_shows_the_most_urgent_first_with_what_can_be_done(void **state)
{
    (void)state;
    received("B", 20);
    received("A", 5);
    received("C", 40);
    struct dossier_list found = inbox(SPECIALIST, 25, STR_NONE, false);
    assert_str(owners(&found), "A,B,C");
    assert_str(found.next_cursor, "");
    assert_str(found.items[0].agency_identifier, "G11");
    assert_true(found.items[0].procedure_name.len > 10);
    assert_int_equal(found.items[0].action_count, 8);
    /* ask for papers, assign, examine, propose, extend, transfer, ask for payment, note a contact */
    assert_int_equal(inbox(LEADER, 25, STR_NONE, false).count, 0);
}

static void pages_of_the_inbox_join_without_gap_or_repeat(void **state)
{
    struct str cursor = STR_NONE, seen = STR("");
    size_t pages = 0;
    (void)state;
    for (int i = 0; i < 23; i++) received(str_format(&d.t.arena, "%c", 'A' + (i * 7) % 23).at, 3 + (i * 7) % 23);
    do {
        struct dossier_list found = inbox(SPECIALIST, 5, cursor, false);
        assert_true(found.count > 0);
        seen = str_format(&d.t.arena, "%.*s%s%.*s", STR_ARG(seen), seen.len > 0 ? "," : "", STR_ARG(owners(&found)));
        cursor = found.next_cursor;
        pages++;
    } while (cursor.len > 0);
    assert_int_equal(pages, 5);
    assert_str(seen, "A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q,R,S,T,U,V,W");
}

static void mine_leaves_out_what_a_colleague_holds(void **state)
{
    (void)state;
    received("A", 5);
    struct str code = received("B", 6);
    test_act(&d, LEADER, ACTION_ASSIGN, code);
    struct dossier_list all = inbox(SPECIALIST, 25, STR_NONE, false), mine = inbox(SPECIALIST, 25, STR_NONE, true),
                        theirs = inbox(COLLEAGUE, 25, STR_NONE, true);
    assert_str(owners(&all), "A,B");
    assert_str(all.items[1].holder_login, "colleague");
    assert_str(owners(&mine), "A");
    assert_str(owners(&theirs), "A,B");
}

static void applicants_have_no_inbox(void **state)
{
    struct inbox_query q = {person_standing(&d, CITIZEN), STR_NONE, false, 25};
    struct dossier_list found;
    struct tx *tx = test_read(&d);
    (void)state;
    assert_int_equal(dossier_inbox(&d.desk, tx, &q, &found, &d.t.why), ERR_DENIED);
    store_read_end(tx);
}

/* ---- merging ---- */

static enum outcome fetch_many(struct tx *tx, const void *context, int64_t key, struct place after, size_t most,
                               struct rows *out, struct fail *why)
{
    const int64_t *lengths = context;
    int64_t n = after.major == INT64_MIN ? 0 : after.minor + 1;
    (void)why;
    out->at = ARENA_ARRAY(tx_arena(tx), struct row, most + 1);
    for (out->count = 0; out->count < most && n < lengths[key]; n++) {
        struct value *cells = ARENA_ARRAY(tx_arena(tx), struct value, 2);
        cells[0] = v_int(n * 1000 + key);
        cells[1] = v_int(n);
        out->at[out->count++] = (struct row){cells, 2};
    }
    return OK;
}

static struct place place_of_two(const struct row *r)
{
    return (struct place){row_int(r, 0), row_int(r, 1)};
}

static void a_page_over_many_lists_reads_little_more_than_it_shows(void **state)
{
    static const struct merge_kind kind = {fetch_many, place_of_two};
    static const size_t counts[] = {1, 2, 10, 25, 100, 256};
    int64_t keys[256], lengths[256];
    struct tx *tx = test_read(&d);
    (void)state;
    for (int64_t i = 0; i < 256; i++) {
        keys[i] = i;
        lengths[i] = 10000;
    }
    for (size_t c = 0; c < LENGTH(counts); c++) {
        struct merge merge;
        struct place place, before = PLACE_START;
        const struct row *row;
        merge_init(&merge, tx, &kind, lengths);
        merge_begin(&merge, keys, counts[c], PLACE_START, 26);
        for (size_t i = 0; i < 26; i++) {
            assert_ok(&d.t, merge_next(&merge, &row, &place, &d.t.why));
            assert_non_null(row);
            assert_true(place_cmp(before, place) < 0);
            before = place;
        }
        assert_true(merge.rows_read <= 26 * 3 + 2 * (int64_t)counts[c]);
    }
    store_read_end(tx);
}

static enum outcome fetch_many_heads(struct tx *tx, const void *context, const struct merge_wish *wish,
                                     struct rows *out, struct fail *why)
{
    out->at = ARENA_ARRAY(tx_arena(tx), struct row, wish->count * wish->most + 1);
    out->count = 0;
    for (size_t i = 0; i < wish->count; i++) {
        struct rows rows;
        TRY(fetch_many(tx, context, wish->keys[i], wish->after, wish->most, &rows, why));
        for (size_t n = 0; n < rows.count; n++) {
            struct value *cells = ARENA_ARRAY(tx_arena(tx), struct value, 3);
            cells[0] = rows.at[n].cells[0];
            cells[1] = rows.at[n].cells[1];
            cells[2] = v_int((int64_t)i);
            out->at[out->count++] = (struct row){cells, 3};
        }
    }
    return OK;
}

static void lists_whose_beginnings_come_at_once_are_merged_alike(void **state)
{
    static const struct merge_kind kind = {fetch_many, place_of_two, NULL, fetch_many_heads};
    const int64_t keys[] = {3, 1, 0, 2, 4}, lengths[] = {0, 7, 300, 1, 2};
    struct merge at_once, by_itself;
    struct tx *tx = test_read(&d);
    (void)state;
    merge_init(&by_itself, tx, &kind, lengths);
    merge_begin(&by_itself, keys, LENGTH(keys), PLACE_START, 26);
    merge_init(&at_once, tx, &kind, lengths);
    merge_begin(&at_once, keys, LENGTH(keys), PLACE_START, 26);
    at_once.is_at_once = true; /* as where every query is a trip */
    for (size_t i = 0; i <= 310; i++) {
        struct place one, other;
        const struct row *row, *same;
        assert_ok(&d.t, merge_next(&by_itself, &row, &one, &d.t.why));
        assert_ok(&d.t, merge_next(&at_once, &same, &other, &d.t.why));
        assert_int_equal(row == NULL, i == 310);
        assert_int_equal(same == NULL, i == 310);
        assert_int_equal(place_cmp(one, other), 0);
    }
    store_read_end(tx);
}

/* "due,dossier,holder;" of the rows whose queue has that number in the list; -1: of all. */
static struct str rows_told(const struct rows *rows, int64_t list)
{
    struct str told = STR("");
    for (size_t i = 0; i < rows->count; i++) {
        const struct row *r = &rows->at[i];
        if (list >= 0 && row_int(r, 3) != list) continue;
        told = str_format(&d.t.arena, "%.*s%lld,%lld,%lld;", STR_ARG(told), (long long)row_int(r, 0),
                          (long long)row_int(r, 1), (long long)row_int(r, 2));
    }
    return told;
}

static void the_beginnings_of_many_queues_are_those_of_each(void **state)
{
    struct rows queues, heads, rows;
    struct str list = STR("");
    (void)state;
    for (int i = 0; i < 5; i++) received("A", 5 + i);
    test_submit(&d, "B");
    test_act(&d, LEADER, ACTION_ASSIGN, received("C", 6));
    struct tx *tx = test_read(&d);
    assert_ok(&d.t, store_all(tx, Q_WORKLIST_QUEUES_OF_AGENCY, VALUES(v_int(d.agency), v_int(20800), v_int(100)),
                              &queues, &d.t.why));
    assert_true(queues.count >= 2);
    for (size_t i = 0; i < queues.count; i++)
        list =
            str_format(&d.t.arena, "%.*s%s%lld", STR_ARG(list), i > 0 ? "," : "", (long long)row_int(&queues.at[i], 0));
    const struct value all = v_str(list), start = v_int(INT64_MIN), most = v_int(3);
    const struct value holder = v_int(d.people[COLLEAGUE]), stage = v_int(2);
    for (size_t i = 0; i < queues.count; i++) {
        struct value queue = v_int(row_int(&queues.at[i], 0));
        assert_ok(&d.t, store_all(tx, Q_WORKLIST_HEADS, VALUES(all, start, start, most), &heads, &d.t.why));
        assert_ok(&d.t, store_all(tx, Q_WORKLIST_PAGE, VALUES(queue, start, start, most), &rows, &d.t.why));
        assert_str(rows_told(&heads, (int64_t)i), rows_told(&rows, -1).at);
        assert_ok(&d.t,
                  store_all(tx, Q_WORKLIST_HEADS_MINE, VALUES(all, start, start, holder, most), &heads, &d.t.why));
        assert_ok(&d.t,
                  store_all(tx, Q_WORKLIST_PAGE_MINE, VALUES(queue, start, start, holder, most), &rows, &d.t.why));
        assert_str(rows_told(&heads, (int64_t)i), rows_told(&rows, -1).at);
        assert_ok(&d.t,
                  store_all(tx, Q_WORKLIST_HEADS_STAGE, VALUES(all, stage, start, start, most), &heads, &d.t.why));
        assert_ok(&d.t,
                  store_all(tx, Q_WORKLIST_PAGE_STAGE, VALUES(queue, stage, start, start, most), &rows, &d.t.why));
        assert_str(rows_told(&heads, (int64_t)i), rows_told(&rows, -1).at);
        assert_ok(&d.t,
                  store_all(tx, Q_WORKLIST_HEADS_HELD, VALUES(all, start, start, holder, most), &heads, &d.t.why));
        assert_ok(&d.t,
                  store_all(tx, Q_WORKLIST_PAGE_HELD, VALUES(queue, start, start, holder, most), &rows, &d.t.why));
        assert_str(rows_told(&heads, (int64_t)i), rows_told(&rows, -1).at);
    }
    store_read_end(tx);
}

static void a_merge_ends_with_its_last_list(void **state)
{
    static const struct merge_kind kind = {fetch_many, place_of_two};
    const int64_t keys[] = {0, 1, 2, 3}, lengths[] = {0, 7, 300, 1};
    struct merge merge;
    struct place place;
    const struct row *row = NULL;
    size_t count = 0;
    struct tx *tx = test_read(&d);
    (void)state;
    merge_init(&merge, tx, &kind, lengths);
    merge_begin(&merge, keys, LENGTH(keys), PLACE_START, 26);
    for (;; count++) {
        assert_ok(&d.t, merge_next(&merge, &row, &place, &d.t.why));
        if (row == NULL) break;
    }
    assert_int_equal(count, 308);
    store_read_end(tx);
}

/* ---- lists ---- */

static void a_citizen_sees_their_own_and_nobody_elses(void **state)
{
    struct submission in = test_submission(&d, &d.t.arena, "của người khác");
    struct receipt other;
    (void)state;
    test_submit(&d, "A");
    test_submit(&d, "B");
    in.actor = person_actor(&d, STRANGER);
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &in, &other, &d.t.why));
    struct dossier_list own = list(of(CITIZEN)), others = list(of(STRANGER)), all = list(of(RECEIVER));
    assert_str(owners(&own), "B,A");
    assert_int_equal(others.count, 1);
    assert_int_equal(all.count, 3);
    struct list_query q = of(CITIZEN);
    q.words = other.code;
    assert_int_equal(list(q).count, 0);
}

static void a_list_narrows_by_status_procedure_agency_and_code(void **state)
{
    struct submission in = test_submission(&d, &d.t.arena, "B");
    struct receipt other;
    struct list_query q;
    (void)state;
    struct str first = received("A", 5);
    in.procedure_code = STR("1.013125");
    in.procedure_version = d.other.version;
    assert_ok(&d.t, store_run(d.t.store, dossier_submit, &in, &other, &d.t.why));
    for (int caught_up = 0; caught_up < 2; caught_up++) {
        static const enum test_person readers[] = {RECEIVER, CITIZEN};
        for (size_t r = 0; r < LENGTH(readers); r++) {
            q = of(readers[r]);
            q.status = STATUS_RECEIVED;
            struct dossier_list by_status = list(q);
            assert_str(owners(&by_status), "A");
            q = of(readers[r]);
            q.procedure = STR("1.013125");
            struct dossier_list by_procedure = list(q);
            assert_str(owners(&by_procedure), "B");
            q.status = STATUS_RECEIVED;
            assert_int_equal(list(q).count, 0);
            q.status = STATUS_WITHDRAWN;
            assert_int_equal(list(q).count, 0);
            q = of(readers[r]);
            q.agency = STR("G11");
            assert_int_equal(list(q).count, 2);
            q = of(readers[r]);
            q.words = first;
            struct dossier_list by_code = list(q);
            assert_str(owners(&by_code), "A");
            q.words = str_lower_ascii(&d.t.arena, str_part(first, 0, first.len - 2));
            assert_int_equal(list(q).count, 2);
        }
        catch_up();
    }
}

static void names_are_found_by_words_with_or_without_accents(void **state)
{
    static const struct {
        const char *words, *owners;
    } rows[] = {
        {"nguyen",             "Nguyễn Thị Bình,Nguyễn Văn An"                   },
        {"Nguyễn An",        "Nguyễn Văn An"                                        },
        {"an van",             "Nguyễn Văn An"                                        },
        {"dang",               "Đặng Văn Bình"                                      },
        {"binh",               "Đặng Văn Bình,Nguyễn Thị Bình"                 },
        {"nguyen van an binh", ""                                                        },
        {"ng",                 ""                                                        },
        {"!!!",                "Đặng Văn Bình,Nguyễn Thị Bình,Nguyễn Văn An"},
    };
    (void)state;
    test_submit(&d, "Nguyễn Văn An");
    test_submit(&d, "Nguyễn Thị Bình");
    test_submit(&d, "Đặng Văn Bình");
    for (int caught_up = 0; caught_up < 2; caught_up++) { /* also before the index has them */
        for (size_t i = 0; i < LENGTH(rows); i++) {
            struct list_query officer = of(RECEIVER), own = of(CITIZEN);
            officer.words = own.words = str_from(rows[i].words);
            struct dossier_list by_officer = list(officer), by_owner = list(own);
            assert_str(owners(&by_officer), rows[i].owners);
            assert_str(owners(&by_owner), rows[i].owners);
        }
        catch_up();
    }
}

static void the_index_of_words_is_kept_once_for_each_submission(void **state)
{
    static const struct str words[] = {STR_INIT("nguyen"), STR_INIT("=1.013124")};
    struct rows rows;
    (void)state;
    test_submit(&d, "Nguyễn Văn Nguyễn");
    catch_up();
    catch_up();
    struct tx *tx = test_read(&d);
    for (size_t i = 0; i < LENGTH(words); i++) {
        assert_ok(&d.t,
                  store_all(tx, Q_DOSSIER_WORD_PAGE,
                            VALUES(v_int(d.agency), v_str(words[i]), v_int(INT64_MAX), v_int(10)), &rows, &d.t.why));
        assert_int_equal(rows.count, 1);
    }
    store_read_end(tx);
}

/* Two words that thousands of newer dossiers have, each without the other. */
static enum outcome plant_words(struct tx *tx, const void *in, void *out, struct fail *why)
{
    static const struct str words[] = {STR_INIT("le"), STR_INIT("cu")};
    const int64_t *newest = in;
    (void)out;
    for (int64_t n = 1; n <= 2 * WORD_WALK_ROWS; n++)
        TRY(store_do(tx, Q_DOSSIER_WORD_INSERT, VALUES(v_int(d.agency), v_str(words[n % 2]), v_int(*newest + n)), NULL,
                     why));
    return OK;
}

static void common_words_that_are_never_together_end_in_a_place_to_go_on_from(void **state)
{
    struct list_query q = of(RECEIVER);
    struct dossier_list found;
    size_t pages = 0;
    (void)state;
    test_submit(&d, "Lê Văn Cũ");
    catch_up();
    q.words = STR("Lê Cũ");
    found = list(q);
    assert_int_equal(found.count, 1);
    int64_t newest = found.items[0].dossier.id;
    assert_ok(&d.t, store_run(d.t.store, plant_words, &newest, NULL, &d.t.why));
    do {
        assert_true(pages == 0 || found.count == 0);
        found = list(q);
        q.cursor = found.next_cursor;
    } while (q.cursor.len > 0 && ++pages < 10);
    assert_true(pages > 0 && pages < 10);
    assert_str(owners(&found), "Lê Văn Cũ");
}

static void what_is_due_before_a_moment_comes_most_urgent_first(void **state)
{
    struct list_query q = of(LEADER);
    (void)state;
    received("C", 30);
    received("A", 5);
    received("B", 10);
    test_submit(&d, "not received");
    q.due_before = clock_now() + 20 * US_PER_DAY;
    struct dossier_list soon = list(q);
    assert_str(owners(&soon), "A,B");
    q.due_before = clock_now() + 365 * US_PER_DAY;
    q.most = 2;
    struct dossier_list first = list(q);
    assert_str(owners(&first), "A,B");
    q.cursor = first.next_cursor;
    struct dossier_list rest = list(q);
    assert_str(owners(&rest), "C");
    assert_str(rest.next_cursor, "");
    q.cursor = STR_NONE;
    q.status = STATUS_DONE;
    assert_int_equal(list(q).count, 0);
    q.status = STATUS_RECEIVED;
    q.words = STR("c");
    struct dossier_list named = list(q);
    assert_str(owners(&named), "C");
}

/* How many dossiers all pages of a list show together; none twice. */
static size_t count_pages(struct list_query q)
{
    int64_t seen[20] = {0};
    size_t count = 0;
    q.most = 4;
    do {
        struct dossier_list page = list(q);
        for (size_t i = 0; i < page.count; i++) {
            for (size_t s = 0; s < count; s++) assert_int_not_equal(seen[s], page.items[i].dossier.id);
            seen[count++] = page.items[i].dossier.id;
        }
        q.cursor = page.next_cursor;
    } while (q.cursor.len > 0);
    return count;
}

static void pages_of_every_list_join_without_gap_or_repeat(void **state)
{
    (void)state;
    for (int i = 0; i < 17; i++) {
        struct str code = received("Trần Văn Khánh", 3 + i);
        if (i % 3 == 0) test_act(&d, SPECIALIST, ACTION_EXAMINE, code);
    }
    for (int caught_up = 0; caught_up < 2; caught_up++) {
        struct list_query kinds[] = {of(RECEIVER), of(CITIZEN), of(RECEIVER), of(RECEIVER), of(RECEIVER), of(RECEIVER)};
        kinds[2].words = STR("khanh van");
        kinds[3].procedure = STR("1.013124");
        kinds[4].words = STR("G11-");
        kinds[5].due_before = clock_now() + 365 * US_PER_DAY;
        for (size_t k = 0; k < LENGTH(kinds); k++) assert_int_equal(count_pages(kinds[k]), 17);
        catch_up();
    }
}

static void an_agency_that_does_not_exist_is_said_so(void **state)
{
    struct list_query q = of(RECEIVER);
    struct dossier_list found;
    struct tx *tx = test_read(&d);
    (void)state;
    q.agency = STR("Z99");
    q.most = 25;
    assert_int_equal(dossier_list(&d.desk, tx, &q, &found, &d.t.why), ERR_INVALID);
    assert_str(d.t.why.problems[0].pointer, "agency");
    store_read_end(tx);
}

/* ---- cursors ---- */

static void a_cursor_comes_back_as_it_went_and_only_where_it_belongs(void **state)
{
    static const struct place places[] = {
        {0,         0        },
        {-1,        5        },
        {INT64_MAX, INT64_MAX},
        {INT64_MIN, 1        }
    };
    struct place back;
    (void)state;
    for (size_t i = 0; i < LENGTH(places); i++) {
        struct str text = list_cursor_format(&d.t.arena, CURSOR_TASKS, places[i]);
        assert_ok(&d.t, list_cursor_parse(&d.t.arena, text, CURSOR_TASKS, &back, &d.t.why));
        assert_int_equal(place_cmp(back, places[i]), 0);
        assert_int_equal(list_cursor_parse(&d.t.arena, text, CURSOR_NEWEST, &back, &d.t.why), ERR_INVALID);
        fail_init(&d.t.why, &d.t.arena);
    }
}

static void a_cursor_that_is_none_is_refused(void **state)
{
    static const char *const texts[] = {"x", "!!", "dA", "AAAAAAAAAAAAAAAAAAAAAAA", "' OR 1=1 --", "bnull"};
    (void)state;
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct place back;
        struct str code;
        fail_init(&d.t.why, &d.t.arena);
        assert_int_equal(list_cursor_parse(&d.t.arena, str_from(texts[i]), CURSOR_TASKS, &back, &d.t.why), ERR_INVALID);
        assert_int_equal(code_cursor_parse(&d.t.arena, str_from(texts[i]), &code, &d.t.why), ERR_INVALID);
        assert_str(d.t.why.problems[0].pointer, "cursor");
    }
}

/* ---- plans ---- */

/* What grows with the work. A query that walks all of one of these is refused, whichever room it is of. */
static const char *const large_tables[] = {"dossier",  "code",         "dossier_party", "dossier_file",
                                           "worklist", "dossier_word", "upload",        "draft",
                                           "notice",   "entry",        "identity",      "session"};

static bool scans(const char *line)
{
    for (size_t i = 0; i < LENGTH(large_tables); i++) {
        char scan[64];
        int len = snprintf(scan, sizeof scan, "SCAN %s", large_tables[i]);
        if (strncmp(line, scan, (size_t)len) == 0 && (line[len] == '\0' || line[len] == ' ')) return true;
    }
    return strncmp(line, "SCAN d", 7) == 0 || strncmp(line, "SCAN w", 7) == 0 || strncmp(line, "SCAN c", 7) == 0;
}

/* Reads everything because everything is wanted: to verify a backup, to collect papers that nothing names, to look for
 * damage. */
static bool is_meant_to_walk(const char *name)
{
    return strcmp(name, "papers_named") == 0 || strcmp(name, "identity_all") == 0;
}

/* The beginnings of many lists sort: a few rows of each, which end by a LIMIT of their own. */
static bool is_of_lists(const char *name)
{
    if (strncmp(name, "worklist_heads", 14) == 0 || strncmp(name, "dossier_heads_", 14) == 0) return false;
    return strncmp(name, "dossier_", 8) == 0 || strncmp(name, "worklist_", 9) == 0 || strncmp(name, "notice_", 7) == 0;
}

static size_t bad_lines(sqlite3 *db, const struct query *q)
{
    struct str sql = str_format(&d.t.arena, "EXPLAIN QUERY PLAN %s", q->sql);
    sqlite3_stmt *st = NULL;
    size_t bad = 0;
    assert_int_equal(sqlite3_prepare_v2(db, sql.at, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(st, 3);
        bool is_union = strncmp(line, "UNION", 5) == 0; /* of the queues of a post: hundreds at most */
        bool sorts = is_of_lists(q->name) && !is_union && strstr(line, "TEMP B-TREE") != NULL;
        if ((!scans(line) || is_meant_to_walk(q->name)) && !sorts) continue;
        print_error("%s: %s\n", q->name, line);
        bad++;
    }
    sqlite3_finalize(st);
    return bad;
}

static void no_query_walks_all_of_a_large_table(void **state)
{
    sqlite3 *db = NULL;
    size_t bad = 0;
    (void)state;
    assert_int_equal(sqlite3_open_v2(d.t.path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    for (size_t i = 0; i < queries_count; i++)
        if (queries[i].sql) bad += bad_lines(db, &queries[i]);
    sqlite3_close(db);
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(the_inbox_shows_the_most_urgent_first_with_what_can_be_done),
        TEST(pages_of_the_inbox_join_without_gap_or_repeat),
        TEST(mine_leaves_out_what_a_colleague_holds),
        TEST(applicants_have_no_inbox),
        TEST(a_page_over_many_lists_reads_little_more_than_it_shows),
        TEST(a_merge_ends_with_its_last_list),
        TEST(lists_whose_beginnings_come_at_once_are_merged_alike),
        TEST(the_beginnings_of_many_queues_are_those_of_each),
        TEST(a_citizen_sees_their_own_and_nobody_elses),
        TEST(a_list_narrows_by_status_procedure_agency_and_code),
        TEST(names_are_found_by_words_with_or_without_accents),
        TEST(the_index_of_words_is_kept_once_for_each_submission),
        TEST(common_words_that_are_never_together_end_in_a_place_to_go_on_from),
        TEST(what_is_due_before_a_moment_comes_most_urgent_first),
        TEST(pages_of_every_list_join_without_gap_or_repeat),
        TEST(an_agency_that_does_not_exist_is_said_so),
        TEST(a_cursor_comes_back_as_it_went_and_only_where_it_belongs),
        TEST(a_cursor_that_is_none_is_refused),
        TEST(no_query_walks_all_of_a_large_table),
    };
    return RUN_TESTS(tests);
}
