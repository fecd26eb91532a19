/*
 * The run gate as the serving threads see it (server.h has what the store needs). Threads are many, because a commit
 * is waited for; but only `limit` of them run or wait for visitors, and the others rest: so few threads are warm, an
 * event wakes no crowd, and whoever leaves for a commit lets the last one that lay down take the place.
 */
#ifndef HTTP_GATE_H
#define HTTP_GATE_H

struct gate;

void gate_poll(struct gate *g);       /* a place at the epoll; sleeps until there is one */
void gate_poll_leave(struct gate *g); /* gives it up without an event */
void gate_run(struct gate *g);        /* from the epoll to running */
void gate_poll_again(struct gate *g); /* from running to the epoll */

#endif
