/*
 * Messages to the world as rows: letters and webhooks. A row says to whom and about which entry of the journal, never
 * what: text and address are read when it is sent, so that what was turned off meanwhile stays unsent. Rows are made by
 * the follower (outbox.h) and sent by the sender (sender.h). What is read lives in tx_arena.
 */
#ifndef NOTICE_MESSAGE_H
#define NOTICE_MESSAGE_H

#include "store/store.h"

/* Letters wait in one line; each webhook endpoint has its own, named by its id, so that none holds up another. */
#define LANE_MAIL 0

/* When a message is due that is to go at once: always in the past, even when the clock was set back. */
#define MESSAGE_AT_ONCE INT64_C(0)

/* Why a message is not sent; code in rows and API, sentence. */
#define MESSAGE_REASONS(X)                                                                                             \
    X(REASON_NONE, "", N_("Nothing went wrong"))                                                                       \
    X(REASON_ANSWER, "answer", N_("The other side refused it"))                                                        \
    X(REASON_UNREACHABLE, "unreachable", N_("The other side could not be reached"))                                    \
    X(REASON_TOO_SLOW, "too-slow", N_("The other side did not answer in time"))                                        \
    X(REASON_CLOSED_ADDRESS, "closed-address", N_("It leads to an address inside a network that is not allowed"))      \
    X(REASON_UNTRUSTED, "untrusted", N_("The connection could not be made safe (TLS)"))                                \
    X(REASON_NOT_SIGNED_IN, "not-signed-in", N_("The mail server did not take user and password"))                     \
    X(REASON_GONE, "gone", N_("The receiver wants no more of them"))                                                   \
    X(REASON_UNWANTED, "unwanted", N_("The person does not want it any more"))                                         \
    X(REASON_NOTHING, "nothing", N_("What it was about is not there any more"))                                        \
    X(REASON_TOO_OLD, "too-old", N_("It waited too long"))

enum message_reason {
#define X(name, code, sentence) name,
    MESSAGE_REASONS(X)
#undef X
        MESSAGE_REASON_COUNT
};
const char *message_reason_code(enum message_reason r);
const char *message_reason_sentence(enum message_reason r); /* message */

enum message_state { MESSAGE_WAITING, MESSAGE_SENT, MESSAGE_GIVEN_UP, MESSAGE_DROPPED, MESSAGE_STATE_COUNT };
const char *message_state_name(enum message_state s);  /* "given-up" */
const char *message_state_title(enum message_state s); /* message */

struct message {
    int64_t id, lane;
    int64_t account, party, dossier, position; /* 0: none */
    struct str event;
    enum message_state state;
    int64_t attempts;
    instant_t made_at, begun_at, next_at, ended_at;
    int64_t status;
    enum message_reason reason;
    struct str said;
};

/* Inside the follower's command. next_at INSTANT_NONE: at once. */
struct message_new {
    int64_t lane, account, party, dossier, position;
    struct str event;
    instant_t next_at;
};
enum outcome message_add(struct tx *tx, const struct message_new *m, struct fail *why) MUST_USE;

/* The first `most` of a line, by when they are due, even when that is later than now. */
enum outcome messages_next(struct tx *tx, int64_t lane, size_t most, struct message **out, size_t *out_count,
                           struct fail *why) MUST_USE;
/* Newest first, with an id below `before`. */
enum outcome messages_of_lane(struct tx *tx, int64_t lane, int64_t before, size_t most, struct message **out,
                              size_t *out_count, struct fail *why) MUST_USE;

/* What came of an attempt. */
struct message_mark {
    int64_t id;
    enum message_state state; /* waiting: again at next_at */
    instant_t next_at;
    int status;
    enum message_reason reason;
    struct str said;
    bool ends_endpoint; /* the receiver said that it is gone: its lane is closed too */
    int64_t lane;
};
struct message_marks {
    const struct message_mark *at;
    size_t count;
};
store_command messages_mark; /* in: struct message_marks; no output. No act of the office: not in the journal. */

/* For whoever looks after the office. */
struct message_health {
    int64_t waiting;
    instant_t oldest_at;          /* INSTANT_NONE: nothing waits */
    int64_t given_up;             /* in the last day */
    struct message last_given_up; /* id 0: none is kept */
};
enum outcome message_health(struct tx *tx, struct message_health *out, struct fail *why) MUST_USE;

/* Drops what was made before and waits for nothing any more, bit by bit. For housekeeping. */
enum outcome messages_forget(struct store *s, instant_t before, struct fail *why) MUST_USE;

/* "8a3f...-123": the id as receivers see it, the same for every attempt and different in every database. */
struct str message_public_id(struct arena *a, struct str origin, int64_t id);

#endif
