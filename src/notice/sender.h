/*
 * The thread that sends messages. It takes what is due from each line (letters; each webhook endpoint), reads what it
 * is about, sends it, and marks what came of it in one command for all that ended together. Nothing is sent inside a
 * transaction. A kill between the receiver's "250 OK" and the mark sends again, under the same id. At most so many are
 * on their way at once, few of one line, and a line whose receiver fails rests longer and longer, so that one slow
 * receiver holds up nobody else and memory is bounded.
 */
#ifndef NOTICE_SENDER_H
#define NOTICE_SENDER_H

#include "http/address.h"
#include "people/identity.h"

struct sender_options {
    struct store *store;
    const struct identity_keys *keys;
    struct str site;      /* "https://host": where links lead */
    struct str office;    /* whose letters these are */
    struct str mail_url;  /* "smtp://host:25"; empty: letters wait, and are given up when they get too old */
    struct str mail_from; /* address */
    struct str mail_user, mail_password, mail_ca;
    bool mail_needs_tls;
    struct str allowed;    /* closed addresses that webhooks may reach: address.h */
    int64_t first_retry_s; /* after the first failure; each later one waits four times as long, at most six hours */
    int64_t retry_days;    /* then it is given up */
    int64_t timeout_s;     /* of one attempt */
};

/* Whether the options make sense: a sentence names the first that does not. */
enum outcome sender_check(const struct sender_options *o, struct fail *why) MUST_USE;

struct sender;
struct sender *sender_start(const struct sender_options *o); /* checked; the texts outlive it */
void sender_stop(struct sender *s); /* lets what is on its way end, for a few seconds; NULL is fine */

/* Since the start. */
struct sender_stats {
    uint64_t sent, failed; /* attempts */
};
struct sender_stats sender_stats(struct sender *s); /* NULL: zeros */

/* Pure rules, for the tests. */
enum { RETRY_MOST_S = 6 * 3600 };
/* How long to wait after the n-th failed attempt (from 1): chance is 0..999. */
int64_t sender_delay_s(int64_t first_s, int64_t n, int chance);

#endif
