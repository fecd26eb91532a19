#include "store/test_store.h"

#include "journal/journal_proof.h"

static enum outcome note_act(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct entry e = {
        .subject_kind = SUBJECT_DOSSIER,
        .subject = *(const int64_t *)in,
        .version = 1,
        .act = "receive",
        .actor = {.account = 7, .agency = 9, .role = STR("receiver")},
        .payload = STR("{\"ten\":\"Nguyễn\"}")
    };
    return journal_append(tx, &e, out, why);
}

static void append(struct test_store *t, int64_t subject)
{
    assert_ok(t, store_run(t->store, note_act, &subject, NULL, &t->why));
    test_store_settle(t);
}

/* Every third of so many entries is about dossier 2. */
static void check_all(struct test_store *t, int64_t size)
{
    struct tx *tx = NULL;
    struct journal_sealed sealed;
    struct journal_evidence *list;
    size_t count;
    assert_ok(t, journal_seal(t->store, NULL, &t->why));
    assert_ok(t, store_read_begin(t->store, &t->arena, &tx, &t->why));
    assert_ok(t, journal_evidence(tx, SUBJECT_DOSSIER, 2, &sealed, &list, &count, &t->why));
    assert_int_equal(sealed.head.size, size);
    assert_int_equal(count, (size + 2) / 3);
    for (size_t i = 0; i < count; i++) {
        struct journal_evidence *e = &list[i];
        struct sha256 leaf;
        assert_int_equal(e->entry.position, 3 * (int64_t)i + 1);
        assert_true(journal_evidence_leaf(e, &leaf));
        assert_true(sha256_eq(leaf, e->entry.leaf));
        assert_true(journal_proof_holds(&sealed.head, e->entry.position, leaf, &e->proof));
        for (int64_t other = 0; other <= size + 1; other++)
            assert_int_equal(journal_proof_holds(&sealed.head, other, leaf, &e->proof), other == e->entry.position);
        assert_false(journal_proof_holds(&sealed.head, e->entry.position, sealed.head.root, &e->proof) && size > 1);
        e->proof.count++;
        assert_false(journal_proof_holds(&sealed.head, e->entry.position, leaf, &e->proof));
    }
    store_read_end(tx);
}

static void each_entry_of_a_tree_of_any_size_is_proven_at_its_own_place_alone(void **state)
{
    (void)state;
    struct test_store t;
    test_store_open(&t);
    for (int64_t size = 1; size <= 20; size++) {
        append(&t, size % 3 == 1 ? 2 : 1);
        check_all(&t, size);
    }
    test_store_close(&t);
}

static void what_is_not_sealed_yet_is_said_and_a_wrong_payload_has_no_leaf(void **state)
{
    (void)state;
    struct test_store t;
    struct tx *tx = NULL;
    struct journal_sealed sealed;
    struct journal_evidence *list;
    struct sha256 leaf;
    size_t count;
    test_store_open(&t);
    append(&t, 2);
    assert_ok(&t, journal_seal(t.store, NULL, &t.why));
    append(&t, 2);
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_int_equal(journal_evidence(tx, SUBJECT_DOSSIER, 2, &sealed, &list, &count, &t.why), ERR_DOWN);
    store_read_end(tx);
    assert_ok(&t, journal_seal(t.store, NULL, &t.why));
    assert_ok(&t, store_read_begin(t.store, &t.arena, &tx, &t.why));
    assert_ok(&t, journal_evidence(tx, SUBJECT_DOSSIER, 2, &sealed, &list, &count, &t.why));
    assert_int_equal(count, 2);
    list[0].entry.payload = STR("{}");
    assert_false(journal_evidence_leaf(&list[0], &leaf));
    list[0].is_erased = true; /* lawfully: only the hash is left, and the leaf is the same */
    assert_true(journal_evidence_leaf(&list[0], &leaf));
    assert_true(journal_proof_holds(&sealed.head, 1, leaf, &list[0].proof));
    assert_ok(&t, journal_evidence(tx, SUBJECT_DOSSIER, 99, &sealed, &list, &count, &t.why));
    assert_int_equal(count, 0);
    store_read_end(tx);
    test_store_close(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_entry_of_a_tree_of_any_size_is_proven_at_its_own_place_alone),
        cmocka_unit_test(what_is_not_sealed_yet_is_said_and_a_wrong_payload_has_no_leaf),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
