/*
 * Requests that arrive in drops. One whose sender was silent for half a second in the middle of a head or a body, and
 * has then not said the rest, leaves the serving threads' epoll for one in which nobody sleeps: the accepting thread
 * looks into it every few milliseconds and takes what has come for all of them together, one system call a drop. So a
 * drop wakes nobody and stands before no request that is whole. What a drop says is not read there: the connection goes
 * back to the serving threads as soon as the request may be whole, or the room for drops is full. Limits of time stay
 * as they are, and drops are taken before it is asked who is late.
 */
#ifndef HTTP_SLOW_H
#define HTTP_SLOW_H

#include "http/inside.h"

void slow_open(struct server *s);
void slow_close(struct server *s);

/* A serving thread has taken all that is there: whether the connection waits among the slow ones from here on. */
void slow_consider(struct connection *c, int64_t now);

/* The accepting thread, as often as it likes: looks when it is time, or at once. */
void slow_look(struct server *s, bool at_once);
/* How long it may sleep, ms; `most` when nobody is slow. */
int slow_pause(struct server *s, int most);

#endif
