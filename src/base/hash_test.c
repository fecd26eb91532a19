#include "base/test.h"

#include "base/auto.h"
#include "base/hash.h"

static struct arena arena;

static void digests_are_those_of_the_standard(void **state)
{
    (void)state;
    assert_str(sha256_format(&arena, sha256_of(STR("abc"))),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_str(sha256_format(&arena, sha256_of(STR_NONE)),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void pieces_give_the_digest_of_the_whole(void **state)
{
    (void)state;
    const struct str parts[] = {STR_INIT("a"), STR_INIT(""), STR_INIT("bc")};
    assert_true(sha256_eq(sha256_of_parts(parts, LENGTH(parts)), sha256_of(STR("abc"))));
    struct sha256_stream *h = sha256_begin();
    sha256_add(h, STR("ab"));
    sha256_add(h, STR("c"));
    assert_true(sha256_eq(sha256_end(h), sha256_of(STR("abc"))));
    sha256_drop(sha256_begin());
    sha256_drop(NULL);
}

static void keyed_digests_are_those_of_rfc_4231(void **state)
{
    (void)state;
    assert_str(sha256_format(&arena, hmac_sha256(STR("Jefe"), STR("what do ya want for nothing?"))),
               "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_str(sha256_format(&arena, hmac_sha256(STR_NONE, STR_NONE)),
               "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void a_digest_has_one_spelling(void **state)
{
    (void)state;
    struct sha256 h = sha256_of(STR("abc")), back;
    struct str text = sha256_format(&arena, h);
    assert_true(sha256_parse(text, &back));
    assert_true(sha256_eq(h, back));
    assert_false(sha256_parse(STR("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"), &back));
    assert_false(sha256_parse(str_part(text, 0, 63), &back));
    assert_false(sha256_parse(str_format(&arena, "%s0", text.at), &back));
    h.at[31] ^= 1;
    assert_false(sha256_eq(h, back));
}

static void secrets_are_equal_only_when_all_of_them_is(void **state)
{
    (void)state;
    assert_true(secret_eq(STR("token"), STR("token")));
    assert_true(secret_eq(STR_NONE, STR_NONE));
    assert_false(secret_eq(STR("token"), STR("tokem")));
    assert_false(secret_eq(STR("token"), STR("toke")));
    assert_false(secret_eq(STR("aa"), STR("a")));
    assert_false(secret_eq(STR("a"), STR("aa")));
    assert_false(secret_eq(STR("\0"), STR_NONE));
    assert_false(secret_eq(STR_NONE, STR("a")));
}

static void base64url_is_that_of_rfc_4648(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } rows[] = {
        {"",             ""        },
        {"f",            "Zg"      },
        {"fo",           "Zm8"     },
        {"foo",          "Zm9v"    },
        {"foob",         "Zm9vYg"  },
        {"fooba",        "Zm9vYmE" },
        {"foobar",       "Zm9vYmFy"},
        {"\xfb\xff\xfe", "-__-"    }
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct str back;
        assert_str(base64url_encode(&arena, str_from(rows[i].bytes)), rows[i].text);
        assert_true(base64url_decode(&arena, str_from(rows[i].text), &back));
        assert_str(back, rows[i].bytes);
    }
    static const char *const wrong[] = {"Z", "Zg==", "Zh", "Zm9", "Zm+v", "Zm/v", "Zm v", "Zm9vY"};
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        struct str back = STR("kept");
        assert_false(base64url_decode(&arena, str_from(wrong[i]), &back));
        assert_str(back, "kept");
    }
}

static void base64_is_padded(void **state)
{
    (void)state;
    assert_str(base64_encode(&arena, STR_NONE), "");
    assert_str(base64_encode(&arena, STR("f")), "Zg==");
    assert_str(base64_encode(&arena, STR("fo")), "Zm8=");
    assert_str(base64_encode(&arena, STR("foo")), "Zm9v");
    assert_str(base64_encode(&arena, STR("\xfb\xff\xbf")), "+/+/");
}

static void random_tokens_differ(void **state)
{
    (void)state;
    struct str a = random_token(&arena, 32), b = random_token(&arena, 32), bytes;
    assert_int_equal(a.len, 43);
    assert_false(str_eq(a, b));
    assert_true(base64url_decode(&arena, a, &bytes));
    assert_int_equal(bytes.len, 32);
    assert_true(random_u64() != random_u64());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_are_those_of_the_standard),
        cmocka_unit_test(pieces_give_the_digest_of_the_whole),
        cmocka_unit_test(keyed_digests_are_those_of_rfc_4231),
        cmocka_unit_test(a_digest_has_one_spelling),
        cmocka_unit_test(secrets_are_equal_only_when_all_of_them_is),
        cmocka_unit_test(base64url_is_that_of_rfc_4648),
        cmocka_unit_test(base64_is_padded),
        cmocka_unit_test(random_tokens_differ),
    };
    arena_init(&arena, 1 << 20);
    int failed = RUN_TESTS(tests);
    arena_end(&arena);
    return failed;
}
