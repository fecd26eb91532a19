/*
 * Every bound of the server in one place: bytes, counts and seconds. Whatever grows with what strangers send stops at
 * one of these. Routes may ask for larger bodies in their row; everything else is fixed.
 */
#ifndef HTTP_HTTP_LIMITS_H
#define HTTP_HTTP_LIMITS_H

#include "base/clock.h"

/* The head of a request. */
enum {
    HTTP_HEAD_BYTES = 16 * 1024,   /* request line and headers together; more is 431 */
    HTTP_TARGET_BYTES = 8000,      /* path and query; RFC 9110 4.1 asks for at least 8000; more is 414 */
    HTTP_HEADER_COUNT = 64,        /* more is 431 */
    HTTP_QUERY_COUNT = 100,        /* names in a query */
    HTTP_SEGMENT_COUNT = 24,       /* segments of a path; no route is deeper */
    HTTP_PARAM_COUNT = 8,          /* {name} segments of a route, as struct request has room for */
    HTTP_HOST_BYTES = 255,         /* a Host header */
    HTTP_CHUNK_NOISE_BYTES = 4096, /* chunk extensions and trailers of one body together */
};

/* Bodies. */
enum {
    HTTP_BODY_BYTES = 64 * 1024,          /* a route that says nothing */
    HTTP_MEMORY_BODY_BYTES = 1024 * 1024, /* the most a route without takes_files may ask for */
    HTTP_FORM_COUNT = 2000,               /* fields of a form */
    HTTP_FORM_NAME_BYTES = 200,           /* a field's name */
    HTTP_FIELD_BYTES = 64 * 1024,         /* one field of a multipart form */
    HTTP_FIELDS_BYTES = 512 * 1024,       /* all fields of a multipart form */
    HTTP_UPLOAD_COUNT = 50,               /* files of one form */
    HTTP_PART_HEAD_BYTES = 4096,          /* headers of one part */
    HTTP_BOUNDARY_BYTES = 70,             /* RFC 2046, 5.1.1 */
    HTTP_PART_TYPE_BYTES = 255,           /* media type of a part */
    HTTP_FILE_NAME_BYTES = 255,           /* a file name, after cleaning */
    HTTP_UPLOAD_HEAD_BYTES = 512,         /* first bytes kept to tell the type by content */
};

/* Memory. */
enum {
    /* A request's arena: several times what an answer may have, so that one that is too large is told (500) before this
     * ends the process. */
    HTTP_ARENA_BYTES = 32 * 1024 * 1024,
    HTTP_ARENA_PER_BODY_BYTE =
        48, /* and so much more for each byte of a body in memory: parsed JSON is up to 23 times as large */
    HTTP_REPLY_BYTES = 8 * 1024 * 1024,        /* an answer made in memory; exports are files */
    HTTP_REPLY_HEAD_BYTES = 16 * 1024,         /* its headers */
    HTTP_LOCATION_BYTES = 8 * 1024,            /* where a redirect leads; a longer one leads home */
    HTTP_KEPT_BYTES = 64 * 1024,               /* an answer buffer larger than this is given back after use */
    HTTP_CHUNK_ROOM_BYTES = 4 * 1024,          /* room behind the head, for bodies in chunks */
    HTTP_SCRATCH_BYTES = 64 * 1024,            /* a thread's piece of a body */
    HTTP_TURN_BYTES = 512 * 1024,              /* most bytes of a body or a file in one turn of a connection */
    HTTP_ALL_BODIES_BYTES = 256 * 1024 * 1024, /* bodies in memory of all requests together; beyond is 503 */
};

/* Threads and connections. */
enum {
    HTTP_THREADS = 64,
    HTTP_STACK_BYTES = 256 * 1024,
    HTTP_CONNECTIONS = 16000,      /* beside 10,000 quiet ones it is not crowded yet */
    HTTP_CONNECTIONS_MOST = 60000, /* a slot number has 16 bits */
    HTTP_BACKLOG = 4096,
    HTTP_PIPELINE_TURN = 32, /* requests of one connection in one turn, before others are served */
};

/* Time. Instants of this room are microseconds of the monotonic clock. */
#define HTTP_HEADER_US (10 * US_PER_S)       /* from the first byte to the end of the headers */
#define HTTP_SLOW_US (US_PER_S / 2)          /* silent for so long in the middle of a request: slow */
#define HTTP_BODY_US (10 * US_PER_S)         /* in this time HTTP_BODY_LEAST_BYTES must arrive */
#define HTTP_IDLE_US (60 * US_PER_S)         /* between requests */
#define HTTP_IDLE_CROWDED_US (5 * US_PER_S)  /* the same when three quarters of the connections are taken */
#define HTTP_WRITE_US (30 * US_PER_S)        /* in this time the reader must take something */
#define HTTP_TOTAL_US (60 * US_PER_S)        /* a whole body or answer may take this plus a second for each 4 KiB */
#define HTTP_LINGER_US (2 * US_PER_S)        /* a refused sender who is silent for so long has noticed */
#define HTTP_LINGER_MOST_US (30 * US_PER_S)  /* and one who goes on sending is listened to no longer */
#define HTTP_DRAIN_US (10 * US_PER_S)        /* server_stop waits so long for running requests */
#define HTTP_GREETING_US (US_PER_S / 10)     /* has_others: connections whose greeting is under way come in so long */
#define HTTP_LEAVE_US (US_PER_S * 5 / 2)     /* ... and idle ones may bring their last request so long */
#define HTTP_QUEUE_US (US_PER_S / 20)        /* a request may wait so long for a thread; longer is late */
#define HTTP_OVERLOAD_US (3 * US_PER_S / 10) /* late for so long without a break: overload, new requests hear 503 */
#define HTTP_DOOR_US US_PER_S              /* longest wait at the door, for a kind of work that does not get its turn */
#define HTTP_DOOR_WINDOW_US (US_PER_S / 2) /* in which those who come and go there are counted */
enum {
    HTTP_BODY_LEAST_BYTES = 1024,
    HTTP_RATE_LEAST_BYTES = 4096, /* a second, over a whole body or answer */
    /* Closing on unread bytes resets, and the sender never reads why: a proxy that hands a body on writes all of it
     * before it looks, so this is as much as deploy/nginx.conf lets through. */
    HTTP_LINGER_BYTES = 256 * 1024 * 1024,
    HTTP_TICK_MS = 250,     /* how often the accepting thread looks for connections past their deadline */
    HTTP_DOOR_TICK_MS = 50, /* and in overload */
    HTTP_SLOW_TICK_MS = 10, /* how often it takes what slow ones have said */
    HTTP_CANARY_MS = 10,    /* how often it measures the queue while there is work */
    HTTP_RETRY_AFTER_S = 2, /* what 503 and 429 say unless the handler says otherwise */
};

#endif
