#include "store/test_store.h"

#include <pthread.h>

#include "journal/journal.h"
#include "process/process.h"

static const struct str acts[] = {
    STR_INIT("receive"),         STR_INIT("refuse"),         STR_INIT("request-supplement"),
    STR_INIT("supplement"),      STR_INIT("assign"),         STR_INIT("examine"),
    STR_INIT("propose"),         STR_INIT("approve"),        STR_INIT("send-back"),
    STR_INIT("issue"),           STR_INIT("return"),         STR_INIT("stop"),
    STR_INIT("withdraw"),        STR_INIT("hand-over"),      STR_INIT("extend"),
    STR_INIT("transfer"),        STR_INIT("consult"),        STR_INIT("answer"),
    STR_INIT("request-payment"), STR_INIT("record-payment"), STR_INIT("note-contact"),
    STR_INIT("correct"),         STR_INIT("undo"),
};

static const char small_text[] = "# a comment stays with its version\nprocess small \"Nhỏ\" \"Small\"\n"
                                 "step one by receiver, status 1 \"Một\" \"One\"\n refuse -> end with status 3\n";

static void a_version_has_one_row_and_is_read_back_by_the_next_start(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx = NULL;
    const struct step_table *table, *again;
    int64_t first = 0, second = 0;
    test_store_open(&t);
    struct processes *p = processes_new(acts, LENGTH(acts));
    assert_int_equal(process_standard(p), 0);
    assert_ok(&t, process_publish_standard(p, t.store, &t.why));
    assert_ok(&t, process_publish(p, t.store, str_from(small_text), &first, &t.why));
    assert_ok(&t, process_publish(p, t.store, str_from(strchr(small_text, '\n')), &second, &t.why));
    assert_int_equal(first, second); /* comments make no version */
    assert_int_not_equal(first, process_standard(p));
    int64_t standard = process_standard(p);
    processes_free(p);

    p = processes_new(acts, LENGTH(acts));
    assert_ok(&t, process_publish_standard(p, t.store, &t.why));
    assert_int_equal(process_standard(p), standard);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, process_get(p, tx, first, &table, &t.why));
    assert_ok(&t, process_get(p, tx, first, &again, &t.why));
    assert_ptr_equal(table, again);
    assert_str(table->name, "small");
    assert_ok(&t, process_get(p, tx, standard, &table, &t.why));
    assert_str(table->steps[0].name, "intake");
    assert_int_equal(process_get(p, tx, 1, &table, &t.why), ERR_MISSING);
    struct journal_entry *entries;
    size_t count;
    assert_ok(&t, journal_after(tx, 0, 100, &entries, &count, &t.why));
    assert_int_equal(count, 2); /* two versions, however often they were published */
    assert_str(entries[1].act, "process.publish");
    store_read_end(tx);
    processes_free(p);
    test_store_close(&t);
}

static void a_broken_file_is_not_saved(void **state)
{
    (void)state;
    struct test_store t;
    int64_t id = 7;
    test_store_open(&t);
    struct processes *p = processes_new(acts, LENGTH(acts));
    assert_int_equal(process_publish(p, t.store, STR("step one"), &id, &t.why), ERR_INVALID);
    assert_int_equal(id, 7);
    processes_free(p);
    test_store_close(&t);
}

struct visit {
    struct test_store *t;
    struct processes *p;
    int64_t id;
    const struct step_table *table;
};

static void *publish_and_get(void *context)
{
    struct visit *v = context;
    struct arena a;
    struct fail why;
    struct tx *tx = NULL;
    arena_init(&a, 16 << 20);
    fail_init(&why, &a);
    if (process_publish(v->p, v->t->store, str_from(small_text), &v->id, &why) == OK &&
        store_read_begin(v->t->store, &a, &tx, &why) == OK && process_get(v->p, tx, v->id, &v->table, &why) != OK)
        v->table = NULL;
    store_read_end(tx);
    arena_end(&a);
    return NULL;
}

static void many_threads_publish_the_same_version_once(void **state)
{
    enum { THREADS = 8 };
    (void)state;
    struct test_store t;
    pthread_t threads[THREADS];
    struct visit visits[THREADS];
    test_store_open(&t);
    struct processes *p = processes_new(acts, LENGTH(acts));
    for (int i = 0; i < THREADS; i++) {
        visits[i] = (struct visit){.t = &t, .p = p};
        assert_int_equal(pthread_create(&threads[i], NULL, publish_and_get, &visits[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(visits[i].id, visits[0].id);
        assert_non_null(visits[i].table);
        assert_ptr_equal(visits[i].table, visits[0].table);
    }
    processes_free(p);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_version_has_one_row_and_is_read_back_by_the_next_start),
        cmocka_unit_test(a_broken_file_is_not_saved),
        cmocka_unit_test(many_threads_publish_the_same_version_once),
    };
    return RUN_TESTS(tests);
}
