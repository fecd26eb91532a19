/* Lists of the index of words walked together: beside the plain answer, how much they read, and where they stop. */
#include "dossier/test_desk.h"

#include "dossier/word_walk.h"

enum { AGENCY = 7, MANY = 4000 };

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
    test_desk_close(&d);
    return 0;
}

/* Under which words the dossier n is found; the planted ones are 1 to MANY. */
static bool has_all(int64_t n)
{
    (void)n;
    return true;
}
static bool has_old(int64_t n)
{
    return n < 200 && n % 2 == 0;
}
static bool has_new(int64_t n)
{
    return n > 300;
}
static bool has_even(int64_t n)
{
    return n % 2 == 0;
}
static bool has_odd(int64_t n)
{
    return n % 2 == 1;
}
static bool has_seventh(int64_t n)
{
    return n % 7 == 0;
}
static bool has_one(int64_t n)
{
    return n == 1234;
}

static const struct planted {
    struct str word;
    bool (*has)(int64_t n);
} planted[] = {
    {STR_INIT("all"),     has_all    },
    {STR_INIT("old"),     has_old    },
    {STR_INIT("new"),     has_new    },
    {STR_INIT("even"),    has_even   },
    {STR_INIT("odd"),     has_odd    },
    {STR_INIT("seventh"), has_seventh},
    {STR_INIT("one"),     has_one    },
};

static enum outcome plant(struct tx *tx, const void *in, void *out, struct fail *why)
{
    (void)in;
    (void)out;
    for (size_t i = 0; i < LENGTH(planted); i++)
        for (int64_t n = 1; n <= MANY; n++)
            if (planted[i].has(n))
                TRY(store_do(tx, Q_DOSSIER_WORD_INSERT, VALUES(v_int(AGENCY), v_str(planted[i].word), v_int(n)), NULL,
                             why));
    return OK;
}

static const struct planted *planted_at(struct str word)
{
    for (size_t i = 0; i < LENGTH(planted); i++)
        if (str_eq(planted[i].word, word)) return &planted[i];
    return NULL;
}

/* "even seventh"; a word that nobody has is in no list. */
static size_t cut(const char *text, struct str words[8])
{
    struct str rest = str_from(text);
    size_t count = 0;
    while (rest.len > 0) (void)str_cut(rest, ' ', &words[count++], &rest);
    return count;
}

static bool is_wanted(const struct str *words, size_t count, int64_t n)
{
    for (size_t i = 0; i < count; i++) {
        const struct planted *p = planted_at(words[i]);
        if (p == NULL || !p->has(n)) return false;
    }
    return true;
}

/* All pages of a walk of so many rows each, against what is wanted; how many rows were read in all. */
static size_t walk_all(const char *text, size_t page, size_t rows_each, size_t *out_walks)
{
    struct str words[8];
    size_t count = cut(text, words), read = 0, left;
    const struct word_walk w = {AGENCY, words, count, &left};
    struct word_walk_found found = {.reached = INT64_MAX};
    int64_t ids[64], wanted = MANY;
    struct tx *tx = test_read(&d);
    for (*out_walks = 0; found.reached != 0; ++*out_walks) {
        left = rows_each;
        assert_ok(&d.t, word_walk_run(tx, &w, found.reached, page, ids, &found, &d.t.why));
        read += rows_each - left;
        assert_true(found.count <= page && (found.count == page || found.reached == 0 || left < 512));
        for (size_t i = 0; i < found.count; i++, wanted--) {
            while (wanted > 0 && !is_wanted(words, count, wanted)) wanted--;
            assert_int_equal(ids[i], wanted);
        }
    }
    while (wanted > 0 && !is_wanted(words, count, wanted)) wanted--;
    assert_int_equal(wanted, 0);
    store_read_end(tx);
    return read;
}

static const char *const asked[] = {"all",     "even odd", "even seventh", "seventh even odd", "old all new",
                                    "one all", "all one",  "nobody all",   "new seventh odd",  "old seventh even",
                                    "all all", "nobody",   "one even all", "one odd even old"};

static void a_walk_finds_what_every_list_has_newest_first(void **state)
{
    static const size_t pages[] = {1, 26, 64};
    size_t walks;
    (void)state;
    assert_ok(&d.t, store_run(d.t.store, plant, NULL, NULL, &d.t.why));
    for (size_t i = 0; i < LENGTH(asked); i++)
        for (size_t p = 0; p < LENGTH(pages); p++) (void)walk_all(asked[i], pages[p], 1 << 20, &walks);
}

static void a_walk_that_may_read_little_goes_on_where_it_stopped(void **state)
{
    size_t walks, most = 0;
    (void)state;
    assert_ok(&d.t, store_run(d.t.store, plant, NULL, NULL, &d.t.why));
    for (size_t i = 0; i < LENGTH(asked); i++) {
        (void)walk_all(asked[i], 26, 600, &walks);
        if (walks > most) most = walks;
    }
    assert_true(most > 4);
}

static void what_lies_apart_in_time_or_is_rare_costs_little(void **state)
{
    static const char *const apart[] = {"old new all", "new old", "all one", "one even all", "nobody all", "old new"};
    size_t walks;
    (void)state;
    assert_ok(&d.t, store_run(d.t.store, plant, NULL, NULL, &d.t.why));
    for (size_t i = 0; i < LENGTH(apart); i++) assert_true(walk_all(apart[i], 26, 1 << 20, &walks) < 250);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(a_walk_finds_what_every_list_has_newest_first),
        TEST(a_walk_that_may_read_little_goes_on_where_it_stopped),
        TEST(what_lies_apart_in_time_or_is_rare_costs_little),
    };
    return cmocka_run_group_tests_name(__FILE__, tests, NULL, NULL);
}
