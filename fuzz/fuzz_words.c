/*
 * Short texts with a meaning: numbers, ids, hashes, network addresses and ranges, web addresses of others, identifiers
 * of agencies, personal numbers, the lines of a queue, reminders, hosts. What reads is written again as it was, or is
 * within its bounds.
 */
#include <string.h>
#include <sys/socket.h>

#include "agency/agency_store.h"
#include "agency/identifier.h"
#include "base/auto.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/parse.h"
#include "base/text.h"
#include "counter/hall.h"
#include "http/address.h"
#include "http/client.h"
#include "http/message.h"
#include "people/identity.h"
#include "people/party.h"
#include "progress/reminder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_numbers(struct arena *a, struct str text)
{
    int64_t id, number;
    uint64_t bytes;
    int small = 7;
    struct sha256 hash;
    if (id_parse(text, &id) && (id <= 0 || !str_eq(id_format(a, id), text))) BUG("an id with another spelling");
    if (parse_int(text, 1, 60, &small) && (small < 1 || small > 60)) BUG("a number out of bounds");
    if (parse_is_digits(text, 1, 12) && !parse_i64(text, &number)) BUG("digits that are no number");
    (void)parse_size(text, &bytes); /* must only not crash */
    if (sha256_parse(text, &hash) && !sha256_eq(hash, (struct sha256){0})) {
        struct sha256 back;
        if (!sha256_parse(sha256_format(a, hash), &back) || !sha256_eq(hash, back)) BUG("a hash that is not itself");
    }
}

/* What the system says of who has connected. */
static void check_socket(struct str text)
{
    struct sockaddr_storage from = {0};
    struct address a;
    memcpy(&from, text.at, text.len < sizeof from ? text.len : sizeof from);
    for (int i = 0; i < 3; i++) {
        static const sa_family_t families[] = {AF_INET, AF_INET6, AF_UNIX};
        from.ss_family = families[i];
        if (address_of_socket((const struct sockaddr *)&from, &a) != (families[i] != AF_UNIX)) BUG("whose address?");
        if (families[i] != AF_UNIX) (void)address_is_public(a); /* must only not crash */
    }
}

static void check_addresses(struct arena *a, struct str text)
{
    struct address one;
    struct address_list list;
    struct fail why;
    fail_init(&why, a);
    if (address_parse(text, &one)) (void)address_is_public(one);
    if (address_list_parse(a, text, &list, &why) == OK) {
        if (list.count > ADDRESS_RANGES_MOST) BUG("%zu ranges", list.count);
        for (size_t i = 0; i < list.count; i++)
            if (!address_list_has(&list, list.ranges[i].first)) BUG("a range without its first address");
    }
    if (client_url_check(text, &why) == OK && (str_has(text, STR("\n")) || str_has(text, STR(" "))))
        BUG("a web address with a break");
    (void)host_is_valid(text); /* must only not crash */
}

static void check_office(struct arena *a, struct str text)
{
    struct fail why;
    struct str identifier, again;
    struct hall hall = {0}, back = {0};
    struct place place;
    struct reminder_rules rules;
    fail_init(&why, a);
    if (identifier_parse(a, text, &identifier, &why) == OK) {
        if (identifier.len > IDENTIFIER_BYTES) BUG("too long an identifier");
        if (identifier_parse(a, identifier, &again, &why) != OK || !str_eq(identifier, again)) BUG("it changes");
    }
    lines_read(a, text, &hall, &why);
    if (hall.line_count > LINES_MOST) BUG("%zu lines", hall.line_count);
    if (why.problem_count == 0) {
        lines_read(a, lines_write(a, &hall), &back, &why);
        if (why.problem_count > 0 || back.line_count != hall.line_count) BUG("lines that do not read");
        for (size_t i = 0; i < hall.line_count; i++)
            if (line_title(&hall.lines[i], ENGLISH).len == 0) BUG("a line without a title");
    }
    hall.priorities = UINT32_MAX;
    const struct line *line = hall_line(&hall, text);
    const struct priority *priority = priority_find(&hall, text);
    if (line != NULL && (text.len != 1 || line->letter != text.at[0])) BUG("another line");
    if (priority != NULL && !str_eq(text, str_from(priority->code))) BUG("another reason to go first");
    (void)place_read(a, text, &place); /* must only not crash */
    fail_init(&why, a);
    if (reminder_rules_parse(text, 3, &rules, &why) == OK && rules.before_count > BEFORE_MOST)
        BUG("too many reminders");
}

static void check_people(struct arena *a, struct str text)
{
    enum identity_type type;
    if (identity_type_parse(text, &type) &&
        (!str_eq(text, str_from(identity_type_code(type))) || identity_type_label(type)[0] == '\0'))
        BUG("another kind of number");
    for (int t = 0; t < IDENTITY_TYPE_COUNT; t++) {
        struct fail why;
        fail_init(&why, a);
        struct identity i = {(enum identity_type)t, text};
        if (identity_check(i, &why) != OK) continue;
        struct str masked = identity_mask(a, text);
        size_t shown = 0;
        for (size_t k = 0; k < masked.len; k++)
            shown += masked.at[k] != '*' && ((unsigned char)masked.at[k] & 0xC0) != 0x80;
        if (!text_is_utf8(masked) || shown > 5 || text_length(masked) != text_length(text)) BUG("a bad mask");
        (void)identity_birth_year(i); /* must only not crash */
    }
    if (email_is_valid(text) && (str_has(text, STR("\r")) || str_has(text, STR("\n")) || str_has(text, STR(" "))))
        BUG("an e-mail address with a break");
    if (phone_is_valid(text) && text.len > 40) BUG("too long a telephone number");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 64 << 20);
    struct str text = str_dup(&a, str_of((const char *)data, size));
    check_numbers(&a, text);
    check_socket(text);
    if (!text_is_utf8(text) || memchr(text.at, '\0', text.len) != NULL) return 0; /* refused before anybody reads it */
    check_addresses(&a, text);
    check_office(&a, text);
    check_people(&a, text);
    return 0;
}
