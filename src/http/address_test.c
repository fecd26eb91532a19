/* Which addresses a request that somebody else asked for may reach. */
#include "base/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/auto.h"
#include "http/address.h"

static struct address parsed(const char *text)
{
    struct address a;
    assert_true(address_parse(str_from(text), &a));
    return a;
}

static void check(const char *text, bool is_public)
{
    if (address_is_public(parsed(text)) != is_public) print_error("%s\n", text);
    assert_int_equal(address_is_public(parsed(text)), is_public);
}

static void only_addresses_of_the_public_internet_are_public(void **state)
{
    static const char *const open[] = {"1.1.1.1",         "8.8.8.8",      "100.63.255.255", "100.128.0.0",
                                       "172.15.255.255",  "172.32.0.0",   "192.167.0.1",    "198.20.0.1",
                                       "223.255.0.1",     "2606:4700::1", "2a00:1450::",    "::ffff:8.8.8.8",
                                       "64:ff9b::808:808"};
    static const char *const closed[] = {"0.0.0.0",
                                         "10.0.0.1",
                                         "100.64.0.1",
                                         "127.0.0.1",
                                         "127.255.255.255",
                                         "169.254.169.254",
                                         "172.16.0.1",
                                         "172.31.255.255",
                                         "192.168.1.1",
                                         "192.0.2.1",
                                         "198.18.0.1",
                                         "198.51.100.1",
                                         "203.0.113.9",
                                         "224.0.0.1",
                                         "240.0.0.1",
                                         "255.255.255.255",
                                         "::",
                                         "::1",
                                         "::ffff:127.0.0.1",
                                         "::ffff:10.0.0.1",
                                         "::127.0.0.1",
                                         "64:ff9b::7f00:1",
                                         "64:ff9b:1::1",
                                         "fe80::1",
                                         "fc00::1",
                                         "fd00::1",
                                         "ff02::1",
                                         "2001:db8::1",
                                         "2001::1",
                                         "2002:7f00:1::",
                                         "100::1",
                                         "4000::1"};
    (void)state;
    for (size_t i = 0; i < LENGTH(open); i++) check(open[i], true);
    for (size_t i = 0; i < LENGTH(closed); i++) check(closed[i], false);
}

static void the_operator_allows_single_addresses_and_ranges(void **state)
{
    struct address_list list;
    struct fail why;
    AUTO_ARENA struct arena a;
    (void)state;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    assert_int_equal(address_list_parse(&a, STR(" 127.0.0.1, 10.1.0.0/16 fd00::/8 "), &list, &why), OK);
    assert_int_equal(list.count, 3);
    assert_true(address_list_has(&list, parsed("127.0.0.1")));
    assert_true(address_list_has(&list, parsed("10.1.255.1")));
    assert_true(address_list_has(&list, parsed("fdab::1")));
    assert_false(address_list_has(&list, parsed("127.0.0.2")));
    assert_false(address_list_has(&list, parsed("10.2.0.1")));
    assert_false(address_list_has(&list, parsed("::1")));
    assert_int_equal(address_list_parse(&a, STR(""), &list, &why), OK);
    assert_false(address_list_has(&list, parsed("127.0.0.1")));
}

static void what_is_no_address_is_refused_by_name(void **state)
{
    static const char *const wrong[] = {"localhost", "127.0.0.1/33", "10.0.0.0/", "::1/129", "1.2.3", "10.0.0.0/-1"};
    struct address_list list;
    struct fail why;
    AUTO_ARENA struct arena a;
    (void)state;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        fail_init(&why, &a);
        assert_int_equal(address_list_parse(&a, str_from(wrong[i]), &list, &why), ERR_INVALID);
        assert_str(why.args[0], wrong[i]);
    }
}

static void sockets_of_both_families_give_their_address(void **state)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    struct address a;
    (void)state;
    assert_int_equal(inet_pton(AF_INET, "192.168.1.1", &v4.sin_addr), 1);
    assert_int_equal(inet_pton(AF_INET6, "::ffff:192.168.1.1", &v6.sin6_addr), 1);
    assert_true(address_of_socket((const struct sockaddr *)&v4, &a));
    assert_memory_equal(a.at, parsed("192.168.1.1").at, ADDRESS_BYTES);
    assert_true(address_of_socket((const struct sockaddr *)&v6, &a));
    assert_memory_equal(a.at, parsed("192.168.1.1").at, ADDRESS_BYTES);
    assert_false(address_of_socket(&(struct sockaddr){.sa_family = AF_UNIX}, &a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_addresses_of_the_public_internet_are_public),
        cmocka_unit_test(the_operator_allows_single_addresses_and_ranges),
        cmocka_unit_test(what_is_no_address_is_refused_by_name),
        cmocka_unit_test(sockets_of_both_families_give_their_address),
    };
    return RUN_TESTS(tests);
}
