/*
 * What the files of the server share; nothing outside http/ includes it. A connection is a slot in one array that lives
 * as long as the server. At any moment a slot is free, waits in the epoll, or belongs to exactly one thread: `word`
 * says which, and carries a number that changes with every wait, so that a late event of an earlier wait is known for
 * one.
 */
#ifndef HTTP_INSIDE_H
#define HTTP_INSIDE_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "http/body.h"
#include "http/message.h"
#include "http/reply.h"
#include "http/server.h"

/* What a new request is, by how soon it must be served when all is too much; see overload.h. */
enum work { WORK_SENT, WORK_LOOK, WORK_CAN_WAIT, WORK_COUNT };

struct canary {
    int fd;
    _Atomic int64_t sent_us, late_since_us; /* 0: not in the queue; not late */
    uint64_t requests;                      /* so many at the last look */
};

/* Of one kind those who wait at the door, in order. */
struct door_list {
    struct connection *first, *last;
    int count;
    int taken, rate; /* let in since the window began; a second, in the window before */
    int turns;       /* one after the other, while others wait */
};

struct door {
    int epoll_fd; /* the accepting thread sleeps here: who listens, who stops, who comes to the door */
    _Atomic bool is_kept;
    pthread_mutex_t lock; /* lists, ahead */
    struct door_list lists[WORK_COUNT];
    int ahead; /* let in and not yet taken by a thread */
    /* The accepting thread's own. */
    int64_t window_us;
    int came, refused; /* in the window, without what can wait */
    struct arena arena;
    struct message message;
    char peeked[HTTP_HEAD_BYTES];
};

/* Those whose requests arrive in drops; see slow.h. */
struct slow {
    int epoll_fd;
    /* The accepting thread's own. */
    int64_t next_us;
    _Atomic uint64_t drops;
};

/* What a connection is at. */
enum phase {
    PHASE_IDLE,   /* between requests; no memory but the slot */
    PHASE_HEAD,   /* a head has begun to arrive */
    PHASE_BODY,   /* the request is admitted, its body arrives */
    PHASE_WRITE,  /* the answer leaves */
    PHASE_LINGER, /* refused in the middle: what still comes is thrown away, so that the answer is read */
};

/* Where a connection waits: each has an epoll. */
enum place { AT_THREADS, AT_DOOR, AT_SLOW, PLACE_COUNT };

/* A request in progress and its answer; pooled. */
struct exchange {
    struct exchange *next_spare;
    struct arena arena;
    struct message message;
    struct request rq;
    struct reply reply;
    struct body body;
    struct buf head; /* status line and headers of the answer */
    struct str rest; /* of the body in memory, still to be sent */
    size_t head_sent;
    uint64_t file_at, file_left;
    int64_t began_us, deadline_us; /* deadline of the whole body or answer */
    int64_t mark_us;               /* when HTTP_BODY_LEAST_BYTES had arrived last */
    uint64_t mark_bytes;
    bool keeps_alive;
    char id[11];
    size_t in_at, in_len; /* bytes of `in` already fed, and filled */
    char in[HTTP_HEAD_BYTES + HTTP_CHUNK_ROOM_BYTES];
};

struct connection {
    _Atomic uint64_t word; /* number of the wait and its state */
    _Atomic int64_t deadline_us;
    _Atomic bool is_idle;
    bool is_registered[PLACE_COUNT];
    bool is_let_in; /* by the door, and not taken yet */
    bool is_slow;
    enum work work; /* at the door */
    struct connection *next_at_door;
    enum phase phase;
    int fd;
    uint64_t wait; /* the number in `word`; the owner's copy */
    struct exchange *exchange;
    uint32_t next_free; /* slot number + 1; 0: none */
    uint32_t requests;
    uint64_t lingered_bytes;
    int64_t linger_until_us, linger_end_us; /* of silence; whatever comes */
    int64_t at_door_us;                     /* since when it waits in a list there */
    int64_t amid_since_us;                  /* since when it waits in the middle of a head or a body; 0: it does not */
    char peer[INET6_ADDRSTRLEN];
};

struct server {
    struct server_options options;
    struct gate *own_gate;
    struct body_store bodies;
    int listen_fd, epoll_fd, stop_fd, reserve_fd;
    char url[128];
    struct connection *slots;
    uint32_t slot_count;
    _Atomic uint32_t slots_used; /* high water */
    pthread_mutex_t lock;        /* the two lists of what is free */
    uint32_t first_free;
    uint32_t reaped; /* the slot at which it is looked next who is late; the accepting thread's own */
    struct exchange *spares;
    int spare_count;
    _Atomic bool is_stopping;
    int64_t stays_until_us; /* while stopping: idle connections are kept so long, in case a request is on its way */
    struct canary canary;
    struct door door;
    struct slow slow;
    _Atomic uint64_t ids;
    uint64_t id_seed;
    pthread_t acceptor;
    pthread_t *threads;
    int thread_count;
    _Atomic uint64_t requests, refused, bytes_in, bytes_out;
    _Atomic int64_t connections, in_progress;
    _Atomic uint64_t latency[32], latency_us_sum;
};

/* One of the threads that serve. */
struct worker {
    struct server *server;
    struct exchange *spare; /* the next request's, so that most requests take no lock */
    size_t turn_bytes;      /* of a body, in this turn */
    int64_t date_s;
    char date[32];
    char scratch[HTTP_SCRATCH_BYTES];
};

/* connection.c: goes on with a connection that this thread owns, until it has to wait or is closed. */
void server_serve(struct worker *w, struct connection *c);
/* Its deadline has passed while it waited: says so when that helps, and closes. */
void server_expire(struct server *s, struct connection *c);
/* When a connection that is between requests has said nothing for too long. */
int64_t server_idle_deadline(const struct server *s);
/* When what it does now has taken too long. */
int64_t server_deadline(const struct server *s, const struct connection *c);
/* recv with its three endings: bytes, nothing now (EAGAIN), the end. *got is written with bytes. */
enum got { GOT_BYTES, GOT_NOTHING, GOT_END };
enum got server_receive(struct server *s, struct connection *c, char *at, size_t room, size_t *got);
/* So many bytes of the body have arrived: when enough came lately, the deadline moves. */
void server_mark(struct exchange *x, uint64_t arrived_bytes);
/* Bytes of it that were taken off the socket and not read yet: it is ready without another. */
bool server_has_unread(const struct connection *c);

/* server.c: hands the connection to the epoll; the thread must not touch it any more. */
void server_wait(struct server *s, struct connection *c, uint32_t events, int64_t deadline_us);
void server_close(struct server *s, struct connection *c);
/* The same with what the request holds; not on a serving thread. */
void server_drop(struct server *s, struct connection *c);
/* It was taken from a place that tells every time, and waits there on. */
void server_stay(struct connection *c, int64_t deadline_us);
/* ... and goes elsewhere. */
void server_leave_place(struct server *s, struct connection *c, enum place place);
/* The connection of an event, now owned by this thread; NULL when the event is of an earlier wait. */
struct connection *server_take(struct server *s, uint64_t event);
/* 503 to a new request. Its bytes are taken off the socket when all of them are known to be there, and the connection
 * stays; with 0 it is closed. */
void server_refuse_busy(struct server *s, struct connection *c, size_t whole_bytes);
struct exchange *server_take_exchange(struct worker *w);
void server_give_exchange(struct server *s, struct worker *w, struct exchange *x); /* w may be NULL */

#endif
