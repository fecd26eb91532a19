/*
 * Overload, measured where it hurts: how long a ready connection lies in the epoll before a thread takes it. A canary
 * (an eventfd in the same queue) is sent every few milliseconds while there is work. When canaries have come late for
 * half a second, the accepting thread itself empties the queue in front of the canary and answers 503 to new requests,
 * so that what is accepted is served in good time and the rest is told at once (the idea is CoDel's). A short queue
 * stays, so that a few visitors on a slow machine are never refused; and not everybody is equal: what somebody has
 * typed and sends (anything but GET) is kept longest, tables and figures for the office (rows that say can_wait) go
 * first.
 */
#ifndef HTTP_OVERLOAD_H
#define HTTP_OVERLOAD_H

#include "http/inside.h"

#define CANARY_EVENT (UINT64_MAX - 1)

void overload_open(struct server *s); /* after the epoll exists */
void overload_close(struct server *s);
void overload_arrived(struct server *s); /* a thread got the canary out of the queue */
/* The accepting thread, every now and then: sends the canary, and sheds when it is late. How long it may sleep, ms. */
int overload_tick(struct server *s);

#endif
