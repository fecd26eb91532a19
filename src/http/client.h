/*
 * What this program says to others: a POST over HTTP, or a letter over SMTP, by libcurl, many at once from the one
 * thread that owns the client. It follows no redirect, asks no proxy, reads a bounded answer, ends each transfer after
 * a time, and connects for HTTP only where address.h allows: the address is judged when the socket is opened, so a name
 * that leads elsewhere the second time gains nothing. It knows nothing of what is sent, and does not try again: its
 * owner does.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include "http/address.h"
#include "http/http.h"

enum { CLIENT_URL_MOST = 2000, CLIENT_SAID_MOST = 200 };

struct client_options {
    size_t at_once;              /* most transfers at the same time */
    int64_t timeout_s;           /* of one transfer, from first to last byte */
    struct address_list allowed; /* closed addresses that HTTP may reach all the same; outlives the client */
};

struct client;
struct client *client_new(const struct client_options *o);
void client_free(struct client *c); /* breaks off what is on its way; NULL is fine */

/* One message. Everything is copied. */
struct transfer {
    void *context; /* given back with the result */
    struct str url;
    struct str body;
    /* http, https: */
    const struct pair *headers; /* CR, LF or NUL in one is a BUG */
    size_t header_count;
    /* smtp, smtps (from empty: it is no letter): */
    struct str from, to;       /* addresses alone */
    struct str user, password; /* empty: without signing in */
    struct str ca_file;        /* authorities of the mail server; empty: the system's */
    bool needs_tls;            /* STARTTLS or nothing */
};

enum client_end {
    CLIENT_ANSWERED,    /* status says what */
    CLIENT_UNREACHABLE, /* no such name, no connection, or it broke off */
    CLIENT_TOO_SLOW,
    CLIENT_CLOSED_ADDRESS, /* it leads where requests may not go */
    CLIENT_UNTRUSTED,      /* no TLS, or a certificate that is not good */
    CLIENT_NOT_SIGNED_IN,  /* the mail server did not take user and password */
};

struct client_result {
    void *context;
    enum client_end end;
    int status;            /* of HTTP, or the last reply of SMTP; 0: none */
    int64_t retry_after_s; /* what an HTTP answer asks for; 0: nothing */
    struct str said;       /* the end of the answer or what libcurl says: one line, printable, without mail addresses */
};
typedef void client_done_fn(void *context, const struct client_result *r);

/* False when `at_once` are on their way already. */
bool client_start(struct client *c, const struct transfer *t);
/* Works for at most wait_ms, or until something is done or client_wake is called; tells each transfer that ended. */
void client_run(struct client *c, int wait_ms, client_done_fn *done, void *context);
void client_wake(struct client *c); /* from any thread */

/* An address that can be sent to: http or https with a host, no name or password in it, no fragment. */
enum outcome client_url_check(struct str url, struct fail *why) MUST_USE;

/* For people who look after the office: one line of at most CLIENT_SAID_MOST bytes, what is not printable dropped,
 * words with an @ replaced. For what strangers answered. */
struct str client_said(struct arena *a, struct str text);
/* The Retry-After of an answer in seconds, at most a day; 0 when it says none or a date. */
int64_t client_retry_after(struct str value);

#endif
