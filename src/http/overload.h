/*
 * Overload, measured where it hurts: how long a ready connection lies in the epoll before a thread takes it. A canary
 * (an eventfd in the same queue) is sent every few milliseconds while there is work. When canaries have come late for a
 * third of a second, the door is kept: whoever comes with a new request waits in an epoll of the accepting thread
 * instead of the serving threads', and hears at once that they are let in, or 503. So what is accepted is served in
 * good time and the rest knows (the idea is CoDel's).
 *
 * As many are let in as the threads take, and of each kind of work about as many wait as were taken in a twentieth or
 * tenth of a second. What somebody has typed and sends (anything but GET) goes first, tables and figures for the office
 * (rows that say can_wait) last; each kind gets its turn. A request that has come whole is thrown away whole and its
 * connection stays, so that who is refused costs no new one. The door stands open again when for half a second hardly
 * anybody was refused but for tables.
 */
#ifndef HTTP_OVERLOAD_H
#define HTTP_OVERLOAD_H

#include "http/inside.h"

#define CANARY_EVENT (UINT64_MAX - 1)

void overload_open(struct server *s); /* after the serving threads' epoll exists */
void overload_close(struct server *s);
void overload_arrived(struct server *s); /* a thread got the canary out of the queue */

/* A serving thread has taken a connection. True: it belongs to the door, and the thread must not touch it any more. */
bool overload_keeps(struct server *s, struct connection *c);
/* One that was let in ends before a thread took it: the next one comes in. */
void overload_left(struct server *s, struct connection *c);
/* Does this connection wait at the door, or with the serving threads? */
bool overload_is_at_door(struct server *s, const struct connection *c);

/* The accepting thread: where it sleeps, what it does with who is ready there, and every now and then. */
void overload_begin(void); /* makes the calling thread quick to wake */
void overload_receive(struct server *s, struct connection *c);
int overload_tick(struct server *s);        /* how long it may sleep, ms */
void overload_let_all_in(struct server *s); /* when the server stops */

#endif
