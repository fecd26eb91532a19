/*
 * Thousands of connections that say little: a process of its own, so that its descriptors and memory are not the
 * server's. Told to, it opens so many of them and keeps them open: quiet ones, that have asked once, or slow ones, of
 * which half send a head and half a form's body in drops, begun evenly over the life of such a head. One that the
 * server ends is opened again at its next turn.
 */
#ifndef BENCH_SLOW_CROWD_H
#define BENCH_SLOW_CROWD_H

#include <stdint.h>
#include <sys/types.h>

#include "base/fail.h"

/* Each has its turn this often: a drop is sent, or it is seen that the connection has ended. */
enum { SLOW_TURN_MS = 2000 };

/* SLOW_ELSEWHERE: the same as SLOW_DROPS, but nobody of them asks the server (bench/slow_sink.h). */
enum slow_kind { SLOW_NONE, SLOW_QUIET, SLOW_ELSEWHERE, SLOW_DROPS };

struct slow_crowd {
    int fd; /* to the process */
    pid_t pid;
};

struct slow_said {
    int32_t open;   /* now */
    uint64_t ended; /* by the server, since the order before */
    uint64_t turns; /* likewise: as many as there should be, or the crowd came too late */
};

/* Before the caller has started a thread. */
enum outcome slow_crowd_begin(struct slow_crowd *out, struct fail *why) MUST_USE;
/* Closes what is open, opens `count` others, and returns when they are. port: of 127.0.0.1. */
enum outcome slow_crowd_order(const struct slow_crowd *c, enum slow_kind kind, int port, int count,
                              struct slow_said *out, struct fail *why) MUST_USE;
void slow_crowd_end(struct slow_crowd *c);

#endif
