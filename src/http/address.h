/*
 * Where a request of ours may go. An address that somebody else gave us (a webhook) must not lead into the office's own
 * network, so connections are allowed to public addresses only, and to those that the operator names: "127.0.0.1
 * 10.1.0.0/16 fd00::/8". Asked about the address that is really connected to, not about the name. Pure.
 */
#ifndef HTTP_ADDRESS_H
#define HTTP_ADDRESS_H

#include <sys/socket.h>

#include "base/fail.h"

enum { ADDRESS_BYTES = 16, ADDRESS_RANGES_MOST = 64 };

/* An address is 16 bytes; IPv4 as ::ffff:a.b.c.d. */
struct address {
    unsigned char at[ADDRESS_BYTES];
};

struct address_range {
    struct address first;
    int bits; /* the leading ones that must agree */
};

struct address_list {
    struct address_range *ranges;
    size_t count;
};

bool address_parse(struct str text, struct address *out); /* "192.0.2.1", "2001:db8::1" */
bool address_of_socket(const struct sockaddr *from, struct address *out);

/* By the IANA registries of special-purpose addresses (RFC 6890 and what follows it): false for loopback, private,
 * link-local, shared, documentation, multicast and reserved ones, and for IPv6 forms that carry such an IPv4 address.
 */
bool address_is_public(struct address a);

/* Addresses and ranges, apart by spaces or commas. ERR_INVALID names the first that is none. */
enum outcome address_list_parse(struct arena *a, struct str text, struct address_list *out, struct fail *why) MUST_USE;
bool address_list_has(const struct address_list *list, struct address a);

#endif
