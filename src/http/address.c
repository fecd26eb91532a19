#include "http/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/parse.h"

enum { V4_OFFSET = 12, V4_BITS = 96, TEXT_MOST = INET6_ADDRSTRLEN };

static const unsigned char v4_prefix[V4_OFFSET] = {[10] = 0xff, [11] = 0xff};

bool address_parse(struct str text, struct address *out)
{
    char name[TEXT_MOST];
    struct in_addr v4;
    if (text.len == 0 || text.len >= sizeof name || memchr(text.at, '\0', text.len) != NULL) return false;
    memcpy(name, text.at, text.len);
    name[text.len] = '\0';
    if (inet_pton(AF_INET6, name, out->at) == 1) return true;
    if (inet_pton(AF_INET, name, &v4) != 1) return false;
    memcpy(out->at, v4_prefix, V4_OFFSET);
    memcpy(out->at + V4_OFFSET, &v4, sizeof v4);
    return true;
}

bool address_of_socket(const struct sockaddr *from, struct address *out)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (from->sa_family == AF_INET6) {
        memcpy(&v6, from, sizeof v6);
        memcpy(out->at, &v6.sin6_addr, ADDRESS_BYTES);
        return true;
    }
    if (from->sa_family != AF_INET) return false;
    memcpy(&v4, from, sizeof v4);
    memcpy(out->at, v4_prefix, V4_OFFSET);
    memcpy(out->at + V4_OFFSET, &v4.sin_addr, sizeof v4.sin_addr);
    return true;
}

static bool is_in(struct address a, const unsigned char *first, int bits)
{
    size_t whole = (size_t)bits / 8;
    if (memcmp(a.at, first, whole) != 0) return false;
    int rest = bits % 8;
    return rest == 0 || ((a.at[whole] ^ first[whole]) >> (8 - rest)) == 0;
}

/* ---- what is public ---- */

/* IANA IPv4 Special-Purpose Address Registry: those that are not globally reachable; multicast; reserved. */
static const struct {
    unsigned char first[4];
    int bits;
} closed_v4[] = {
    {{0},            8 },
    {{10},           8 },
    {{100, 64},      10},
    {{127},          8 },
    {{169, 254},     16},
    {{172, 16},      12},
    {{192, 0, 0},    24},
    {{192, 0, 2},    24},
    {{192, 88, 99},  24},
    {{192, 168},     16},
    {{198, 18},      15},
    {{198, 51, 100}, 24},
    {{203, 0, 113},  24},
    {{224},          3 }, /* multicast and reserved */
};

/* Of the global unicast space 2000::/3, the only one that is given out: what is not globally reachable. */
static const struct {
    unsigned char first[ADDRESS_BYTES];
    int bits;
} closed_v6[] = {
    {{0x20, 0x01, 0x00},       23}, /* protocols, Teredo among them */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02},             16}, /* 6to4 carries an IPv4 address */
    {{0x3f, 0xff, 0x00},       20}, /* documentation */
};

static bool is_public_v4(const unsigned char *v4)
{
    struct address a = {{0}};
    memcpy(a.at, v4, 4);
    for (size_t i = 0; i < LENGTH(closed_v4); i++)
        if (is_in(a, closed_v4[i].first, closed_v4[i].bits)) return false;
    return true;
}

bool address_is_public(struct address a)
{
    static const unsigned char global[ADDRESS_BYTES] = {0x20}, nat64[ADDRESS_BYTES] = {0x00, 0x64, 0xff, 0x9b};
    if (is_in(a, v4_prefix, V4_BITS) || is_in(a, nat64, V4_BITS)) return is_public_v4(a.at + V4_OFFSET);
    if (!is_in(a, global, 3)) return false;
    for (size_t i = 0; i < LENGTH(closed_v6); i++)
        if (is_in(a, closed_v6[i].first, closed_v6[i].bits)) return false;
    return true;
}

/* ---- what the operator allows ---- */

static bool parse_range(struct str text, struct address_range *out)
{
    struct str address, bits;
    bool has_bits = str_cut(text, '/', &address, &bits);
    if (!address_parse(address, &out->first)) return false;
    bool is_v4 = is_in(out->first, v4_prefix, V4_BITS) && !str_has(address, STR(":"));
    out->bits = is_v4 ? 32 : 128;
    if (has_bits && !parse_int(bits, 0, out->bits, &out->bits)) return false;
    if (is_v4) out->bits += V4_BITS;
    return true;
}

enum outcome address_list_parse(struct arena *a, struct str text, struct address_list *out, struct fail *why)
{
    struct str rest = str_replace(a, text, STR(","), STR(" "));
    struct address_list list = {.ranges = ARENA_ARRAY(a, struct address_range, ADDRESS_RANGES_MOST)};
    for (rest = str_trim(rest); rest.len > 0; rest = str_trim(rest)) {
        struct str word;
        (void)str_cut(rest, ' ', &word, &rest); /* without a space it is the last one */
        if (list.count == ADDRESS_RANGES_MOST || !parse_range(word, &list.ranges[list.count++]))
            return fail(why, ERR_INVALID, N_("“{0}” is not an address or a range such as 10.0.0.0/8."), word);
    }
    *out = list;
    return OK;
}

bool address_list_has(const struct address_list *list, struct address a)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_in(a, list->ranges[i].first.at, list->ranges[i].bits)) return true;
    return false;
}
