/*
 * A client of our own server, for measuring: one blocking connection for each worker, kept alive, HTTP/1.1 written by
 * hand, so that the client costs as little as possible of the cores that it shares with the server.
 */
#ifndef BENCH_BENCH_CLIENT_H
#define BENCH_BENCH_CLIENT_H

#include "bench/bench_load.h"

struct bench_request {
    const char *method; /* "GET" */
    struct str target;  /* "/api/v1/tasks?mine=1" */
    struct str headers; /* whole lines, each with its CR LF */
    struct str type;    /* of the body; empty: there is none */
    struct str body;
};

struct bench_answer {
    int status;
    struct str body; /* in w->in until the next call */
};

/* host: "127.0.0.1:40123". Opens the worker's connection when it has none. A server that is too busy (503) is asked
 * again for a second or so, and all of it counts as the time of this one request. */
enum outcome bench_call(struct str host, struct bench_worker *w, const struct bench_request *rq,
                        struct bench_answer *out, struct fail *why) MUST_USE;

/* Asked once: 503 is an answer like others. */
enum outcome bench_call_once(struct str host, struct bench_worker *w, const struct bench_request *rq,
                             struct bench_answer *out, struct fail *why) MUST_USE;

/* The bytes of a request, and what the head of an answer says: for clients that send and read by themselves. */
struct str bench_request_text(struct arena *a, struct str host, const struct bench_request *rq);
struct bench_head {
    int status;
    uint64_t body_bytes;
    int retry_after_s; /* 0: it does not say */
};
bool bench_read_head(struct str head, struct bench_head *out);

#endif
