#include "store/test_store.h"

#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "base/log.h"
#include "base/parse.h"
#include "journal/journal.h"
#include "journal/journal_key.h"
#include "journal/journal_tree.h"
#include "queries.h"
#include "store/store_vfs.h"

/* ---- the tree ---- */

/* The eight inputs of RFC 6962's well-known test tree, and the roots over the first n of them. */
static const struct str rfc_inputs[] = {
    STR_INIT(""),
    STR_INIT("\x00"),
    STR_INIT("\x10"),
    STR_INIT("\x20\x21"),
    STR_INIT("\x30\x31"),
    STR_INIT("\x40\x41\x42\x43"),
    STR_INIT("\x50\x51\x52\x53\x54\x55\x56\x57"),
    STR_INIT("\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f"),
};
static const char *const rfc_roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

/* RFC 9162, section 2.1.1 */
static struct sha256 tree_leaf(struct str data)
{
    return sha256_of_parts((const struct str[]){STR("\0"), data}, 2);
}

static void the_tree_has_the_roots_of_the_rfc(void **state)
{
    (void)state;
    struct arena a;
    struct tree tree = {0};
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < LENGTH(rfc_roots); i++) {
        assert_str(sha256_format(&a, tree_root(&tree)), rfc_roots[i]);
        if (i < LENGTH(rfc_inputs)) tree_add(&tree, tree_leaf(rfc_inputs[i]));
    }
    arena_end(&a);
}

/* The definition of RFC 9162 word for word: split at the largest power of two below the count. */
static struct sha256 slow_root(const struct sha256 *leaves, size_t count)
{
    if (count == 1) return leaves[0];
    size_t left = 1;
    while (left * 2 < count) left *= 2;
    struct sha256 l = slow_root(leaves, left), r = slow_root(leaves + left, count - left);
    return sha256_of_parts(
        (const struct str[]){STR("\1"), str_of((const char *)l.at, 32), str_of((const char *)r.at, 32)}, 3);
}

static void the_frontier_gives_the_root_of_any_size(void **state)
{
    (void)state;
    enum { LEAVES = 300 };
    static struct sha256 leaves[LEAVES];
    struct arena a;
    struct tree tree = {0};
    arena_init(&a, 1 << 20);
    for (int i = 0; i < LEAVES; i++) {
        leaves[i] = tree_leaf(str_format(&a, "leaf %d", i));
        tree_add(&tree, leaves[i]);
        assert_true(sha256_eq(tree_root(&tree), slow_root(leaves, (size_t)i + 1)));
        assert_true(tree_parse(tree.size, tree_format(&a, &tree), &tree)); /* as if read back */
    }
    assert_false(tree_parse(LEAVES + 1, tree_format(&a, &tree), &tree));
    arena_end(&a);
}

/* ---- entries ---- */

struct change {
    int64_t subject;
    const char *payload;
    bool is_refused;
};

static enum outcome change(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct change *c = in;
    TRY(journal_append(tx,
                       &(struct entry){
                           .subject_kind = SUBJECT_DOSSIER,
                           .subject = c->subject,
                           .version = 3,
                           .act = "receive",
                           .actor = {.account = 7, .agency = 9, .role = STR("receiver")},
                           .payload = str_from(c->payload)
    },
                       out, why));
    return c->is_refused ? fail(why, ERR_DENIED, "Refused.") : OK;
}

static void append(struct test_store *t, int64_t subject, const char *payload)
{
    assert_ok(t, store_run(t->store, change, &(struct change){subject, payload, false}, NULL, &t->why));
    test_store_settle(t);
}

static enum outcome verify(struct test_store *t, struct journal_checkpoint *out)
{
    struct tx *tx = NULL;
    fail_init(&t->why, &t->arena);
    assert_ok(t, store_read_begin(t->store, &t->arena, &tx, &t->why));
    enum outcome r = journal_verify(tx, out, &t->why);
    store_read_end(tx);
    return r;
}

static void an_entry_reads_back_as_it_was_written(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx = NULL;
    struct journal_entry *entries;
    size_t count = 0;
    int64_t id = 0;
    test_store_open(&t);
    append(&t, 1, "{\"a\":1}");
    struct change refused = {2, "{}", true}, second = {2, "{\"ten\":\"Nguyễn\"}", false};
    assert_int_equal(store_run(t.store, change, &refused, NULL, &t.why), ERR_DENIED);
    assert_ok(&t, store_run(t.store, change, &second, &id, &t.why));
    test_store_settle(&t);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, journal_of_subject(tx, SUBJECT_DOSSIER, 2, &entries, &count, &t.why));
    assert_int_equal(count, 1);
    const struct journal_entry *e = &entries[0];
    assert_int_equal(e->id, id);
    assert_int_equal(e->position, 2);
    assert_int_equal(e->version, 3);
    assert_int_equal(e->actor.account, 7);
    assert_int_equal(e->actor.agency, 9);
    assert_str(e->actor.role, "receiver");
    assert_str(e->act, "receive");
    assert_str(e->payload, "{\"ten\":\"Nguyễn\"}");
    assert_ok(&t, journal_after(tx, 1, 10, &entries, &count, &t.why));
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].id, id);
    store_read_end(tx);
    test_store_close(&t);
}

/* ---- many writers ---- */

enum { WRITERS = 32, CHANGES = 25 };

struct writing {
    struct store *store;
    pthread_t thread;
    int64_t number;
};

static void *write_some(void *context)
{
    struct writing *w = context;
    struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    for (int i = 0; i < CHANGES; i++) {
        struct change c = {w->number, "{\"n\":1}", i % 5 == 4};
        if (store_run(w->store, change, &c, NULL, &why) != (c.is_refused ? ERR_DENIED : OK)) abort();
    }
    arena_end(&a);
    return NULL;
}

static void write_by_many(struct test_store *t)
{
    static struct writing writers[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        writers[i].store = t->store;
        writers[i].number = i + 1;
        assert_int_equal(pthread_create(&writers[i].thread, NULL, write_some, &writers[i]), 0);
    }
    for (int i = 0; i < WRITERS; i++) pthread_join(writers[i].thread, NULL);
}

static void positions_are_dense_and_every_seal_verifies(void **state)
{
    (void)state;
    struct test_store t;
    struct journal_checkpoint head = {0};
    test_store_open(&t);
    assert_ok(&t, journal_seal(t.store, NULL, &t.why)); /* nothing to seal */
    for (int round = 0; round < 3; round++) {
        write_by_many(&t);
        test_store_settle(&t);
        assert_ok(&t, journal_seal(t.store, NULL, &t.why));
        assert_ok(&t, verify(&t, &head));
        assert_int_equal(head.size, (round + 1) * WRITERS * CHANGES * 4 / 5);
    }
    test_store_close(&t);
}

static void what_came_at_once_is_sealed_in_portions(void **state)
{
    enum { ALL = WRITERS * CHANGES * 4 / 5, PORTION = 30 };
    (void)state;
    struct test_store t;
    struct journal_checkpoint head = {0};
    bool is_whole = false;
    int portions = 0;
    test_store_open(&t);
    write_by_many(&t);
    test_store_settle(&t);
    for (; !is_whole; portions++) assert_ok(&t, journal_seal_some(t.store, NULL, PORTION, &is_whole, &t.why));
    assert_int_equal(portions, ALL / PORTION + 1);
    assert_ok(&t, verify(&t, &head)); /* the root of each checkpoint too */
    assert_int_equal(head.size, ALL);
    test_store_close(&t);
}

/* ---- tampering ---- */

/* With the store closed, as somebody with the disk in hand would who also makes the sums of the pages anew. */
static void tamper(struct test_store *t, const char *sql)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    struct counted_vfs *vfs = counted_vfs_new();
    store_close(t->store);
    assert_int_equal(sqlite3_open_v2(t->path, &db, SQLITE_OPEN_READWRITE, counted_vfs_name(vfs)), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) print_error("%s\n", message);
    assert_null(message);
    sqlite3_close(db);
    counted_vfs_free(vfs);
    test_store_open_with(t, (struct store_options){.is_sync_off = true});
}

static void the_database_refuses_to_change_an_entry(void **state)
{
    (void)state;
    static const char *const attempts[] = {"UPDATE entry SET act = 'x'", "DELETE FROM entry",
                                           "UPDATE leaf SET hash = x''", "DELETE FROM leaf"};
    struct test_store t;
    sqlite3 *db = NULL;
    test_store_open(&t);
    append(&t, 1, "{}");
    store_close(t.store);
    assert_int_equal(sqlite3_open(t.path, &db), SQLITE_OK);
    for (size_t i = 0; i < LENGTH(attempts); i++) {
        assert_int_equal(sqlite3_exec(db, attempts[i], NULL, NULL, NULL), SQLITE_CONSTRAINT);
    }
    sqlite3_close(db);
    test_store_open_with(&t, (struct store_options){.is_sync_off = true});
    test_store_close(&t);
}

#define NO_TRIGGERS                                                                                                    \
    "DROP TRIGGER entry_is_never_updated; DROP TRIGGER entry_is_never_deleted;"                                        \
    "DROP TRIGGER leaf_is_never_updated; DROP TRIGGER leaf_is_never_deleted; "

#define CHANGED(position) "The entry at position " #position " was changed after it was written."
#define NOTHING(position) "The journal has no entry at position " #position "."
#define TRUNCATED "The journal ends at position 4, but a checkpoint covers 5 entries."
#define GONE "The entry at position 4 is gone."
#define STRAY "The entry 1 has no place in the journal."
#define MISFIT "The checkpoint over 3 entries does not fit the journal."
#define STRAY_ENTRY                                                                                                    \
    "INSERT INTO entry SELECT 1, at, subject_kind, subject, version, act, actor, actor_agency, actor_role, origin, "   \
    "salt, payload, payload_hash FROM entry WHERE subject = 1"

static void verification_says_where_the_journal_was_changed(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *sql;
    } cases[] = {
        {CHANGED(3), "UPDATE entry SET payload = '{\"n\":2}' WHERE subject = 3"                },
        {CHANGED(5), "UPDATE entry SET at = at + 1 WHERE subject = 5"                          },
        {CHANGED(1), "UPDATE entry SET actor_role = 'leader' WHERE subject = 1"                },
        {CHANGED(2), "UPDATE entry SET salt = NULL WHERE subject = 2"                          },
        {CHANGED(4), "UPDATE leaf SET hash = zeroblob(32) WHERE position = 4"                  },
        {GONE,       "DELETE FROM entry WHERE subject = 4"                                     },
        {NOTHING(2), "DELETE FROM leaf WHERE position = 2"                                     },
        {NOTHING(4), "UPDATE leaf SET position = position + 10 WHERE position > 3"             },
        {TRUNCATED,  "DELETE FROM leaf WHERE position = 5; DELETE FROM entry WHERE subject = 5"},
        {MISFIT,     "UPDATE checkpoint SET root = zeroblob(32) WHERE size = 3"                },
        {STRAY,      STRAY_ENTRY                                                               },
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct test_store t;
        struct journal_checkpoint head;
        test_store_open(&t);
        for (int n = 1; n <= 5; n++) {
            append(&t, n, "{\"n\":1}");
            if (n == 3 || n == 5) assert_ok(&t, journal_seal(t.store, NULL, &t.why));
        }
        assert_ok(&t, verify(&t, &head));
        char sql[1024];
        snprintf(sql, sizeof sql, "PRAGMA foreign_keys = OFF; " NO_TRIGGERS "%s", cases[i].sql);
        tamper(&t, sql);
        assert_int_equal(verify(&t, &head), ERR_CONFLICT);
        assert_str(fail_text(&t.arena, &t.why), cases[i].sentence);
        test_store_close(&t);
    }
}

static void an_erased_payload_leaves_the_tree_whole(void **state)
{
    (void)state;
    struct test_store t;
    struct journal_checkpoint before, after;
    test_store_open(&t);
    for (int n = 1; n <= 5; n++) append(&t, n, "{\"n\":1}");
    assert_ok(&t, journal_seal(t.store, NULL, &t.why));
    assert_ok(&t, verify(&t, &before));
    tamper(&t, NO_TRIGGERS "UPDATE entry SET salt = NULL, payload = NULL WHERE subject = 3");
    assert_ok(&t, verify(&t, &after));
    assert_true(sha256_eq(before.root, after.root));
    test_store_close(&t);
}

/* ---- signatures ---- */

static void checkpoints_are_signed_and_a_changed_one_is_found(void **state)
{
    (void)state;
    struct test_store t;
    struct journal_key *key = NULL, *again = NULL;
    struct journal_signatures found = {0};
    struct tx *tx = NULL;
    test_store_open(&t);
    struct str path = str_format(&t.arena, "%s/journal.key", t.folder);
    assert_int_equal(journal_key_load(path, false, &key, &t.why), ERR_MISSING);
    assert_ok(&t, journal_key_load(path, true, &key, &t.why));
    assert_ok(&t, journal_key_load(path, true, &again, &t.why)); /* the same, not another one */
    assert_true(sha256_eq(journal_key_hash(key), journal_key_hash(again)));
    for (int n = 1; n <= 3; n++) {
        append(&t, n, "{}");
        assert_ok(&t, journal_seal(t.store, n == 1 ? NULL : key, &t.why));
    }
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, journal_verify_signatures(tx, again, &found, &t.why));
    store_read_end(tx);
    assert_true(found.good == 2 && found.unsigned_count == 1 && found.other_keys == 0);
    tamper(&t, "UPDATE checkpoint SET at = at - 1 WHERE size = 3");
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_int_equal(journal_verify_signatures(tx, again, &found, &t.why), ERR_CONFLICT);
    assert_str(t.why.args[0], "3");
    store_read_end(tx);
    tamper(&t, "UPDATE checkpoint SET signature = NULL WHERE size = 3");
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_int_equal(journal_verify_signatures(tx, again, &found, &t.why), ERR_CONFLICT);
    assert_str(fail_text(&t.arena, &t.why),
               "The checkpoint over 3 entries has no signature, though an earlier one has.");
    store_read_end(tx);
    journal_key_free(key);
    journal_key_free(again);
    assert_int_equal(unlink(path.at), 0);
    test_store_close(&t);
}

/* ---- followers ---- */

/* Counts each entry in a series named by its position: a second taking would show as 2. */
static enum outcome count_in_series(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct row r;
    struct str position = str_format(tx_arena(tx), "%" PRId64, e->position);
    TRY(store_one(tx, Q_SERIES_TAKE, VALUES(v_str(STR("taken")), v_str(position), v_str(STR(""))), &r, why));
    return row_int(&r, 0) == 1 ? OK : fail(why, ERR_CONFLICT, "The entry {0} was taken twice.", position);
}

static _Atomic int fails_left;

static enum outcome fail_sometimes(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct row r;
    TRY(store_one(tx, Q_SERIES_TAKE, VALUES(v_str(STR("sometimes")), v_str(STR("")), v_str(STR(""))), &r, why));
    if (row_int(&r, 0) != e->position) return fail(why, ERR_CONFLICT, "An entry was left out.");
    if (e->position % 10 == 7 && atomic_fetch_sub(&fails_left, 1) > 0) return fail(why, ERR_CONFLICT, "Not yet.");
    return OK;
}

static const struct follower followers[] = {
    {"counter",   count_in_series},
    {"sometimes", fail_sometimes }
};

static int64_t lag(struct test_store *t, const char *name)
{
    struct tx *tx = NULL;
    int64_t behind = -1;
    assert_ok(t, store_read_begin(t->store, &t->arena, &tx, &t->why));
    assert_ok(t, journal_lag(tx, name, &behind, &t->why));
    store_read_end(tx);
    return behind;
}

static void wait_for_followers(struct test_store *t)
{
    for (int i = 0; i < 1000 && (lag(t, "counter") > 0 || lag(t, "sometimes") > 0); i++) usleep(10000);
    assert_int_equal(lag(t, "counter"), 0);
    assert_int_equal(lag(t, "sometimes"), 0);
}

static void followers_take_each_entry_once_across_restarts(void **state)
{
    (void)state;
    struct test_store t;
    struct journal_runner *runner = NULL;
    struct journal_checkpoint head;
    test_store_open(&t);
    atomic_store(&fails_left, 3);
    log_set_level(LOG_QUIET);
    for (int round = 0; round < 3; round++) {
        assert_ok(&t, journal_runner_start(t.store, NULL, followers, LENGTH(followers), &runner, &t.why));
        write_by_many(&t);
        if (round == 1) wait_for_followers(&t); /* else stopped in the middle */
        journal_runner_stop(runner);
        store_close(t.store);
        test_store_open_with(&t, (struct store_options){.is_sync_off = true});
    }
    assert_ok(&t, journal_catch_up(t.store, followers, LENGTH(followers), &t.why));
    log_set_level(LOG_INFO);
    wait_for_followers(&t);
    assert_ok(&t, verify(&t, &head));
    assert_int_equal(head.size, 3 * WRITERS * CHANGES * 4 / 5);
    test_store_close(&t);
}

static void a_follower_taken_over_by_another_process_stops(void **state)
{
    (void)state;
    struct test_store t;
    struct journal_runner *old = NULL, *new = NULL;
    test_store_open(&t);
    log_set_level(LOG_QUIET);
    atomic_store(&fails_left, 0);
    assert_ok(&t, journal_runner_start(t.store, NULL, followers, LENGTH(followers), &old, &t.why));
    assert_ok(&t, journal_runner_start(t.store, NULL, followers, LENGTH(followers), &new, &t.why));
    write_by_many(&t);
    wait_for_followers(&t);
    journal_runner_stop(old);
    journal_runner_stop(new);
    log_set_level(LOG_INFO);
    test_store_close(&t);
}

static void the_runner_seals_within_a_second_or_so(void **state)
{
    (void)state;
    struct test_store t;
    struct journal_runner *runner = NULL;
    struct row r;
    int64_t sealed = 0;
    test_store_open(&t);
    assert_ok(&t, journal_runner_start(t.store, NULL, NULL, 0, &runner, &t.why));
    append(&t, 1, "{}");
    append(&t, 2, "{}");
    for (int i = 0; i < 300 && sealed < 2; i++) {
        struct tx *tx = NULL;
        usleep(10000);
        assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
        if (store_one(tx, Q_CHECKPOINT_NEWEST, NO_VALUES, &r, &t.why) == OK) sealed = row_int(&r, 0);
        store_read_end(tx);
    }
    assert_int_equal(sealed, 2);
    journal_runner_stop(runner);
    test_store_close(&t);
}

int main(int count, char **arguments)
{
    test_store_choose(count, arguments);
    const struct CMUnitTest on_sqlite[] = {
        cmocka_unit_test(the_database_refuses_to_change_an_entry),
        cmocka_unit_test(verification_says_where_the_journal_was_changed),
        cmocka_unit_test(an_erased_payload_leaves_the_tree_whole),
        cmocka_unit_test(checkpoints_are_signed_and_a_changed_one_is_found),
    };
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_tree_has_the_roots_of_the_rfc),
        cmocka_unit_test(the_frontier_gives_the_root_of_any_size),
        cmocka_unit_test(an_entry_reads_back_as_it_was_written),
        cmocka_unit_test(positions_are_dense_and_every_seal_verifies),
        cmocka_unit_test(what_came_at_once_is_sealed_in_portions),
        cmocka_unit_test(followers_take_each_entry_once_across_restarts),
        cmocka_unit_test(a_follower_taken_over_by_another_process_stops),
        cmocka_unit_test(the_runner_seals_within_a_second_or_so),
    };
    int failed = RUN_TESTS(tests);
    return test_store_is_postgres() ? failed : failed + RUN_TESTS(on_sqlite);
}
