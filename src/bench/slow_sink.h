/*
 * Whoever slow connections talk to instead of the office: a process that takes what they say, ends heads when the
 * server would, and does nothing else. Beside it is seen what the slow ones themselves take of the machine that they
 * share with the server they are to be measured on.
 */
#ifndef BENCH_SLOW_SINK_H
#define BENCH_SLOW_SINK_H

#include <stdbool.h>
#include <sys/types.h>

struct slow_sink {
    pid_t pid; /* 0: none */
    int port;  /* of 127.0.0.1 */
};

/* Of a process with one thread, whose priority it gets. False: the system has no more of something. */
bool slow_sink_begin(struct slow_sink *out);
void slow_sink_end(struct slow_sink *k);

#endif
