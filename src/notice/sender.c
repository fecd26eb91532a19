#include "notice/sender.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/auto.h"
#include "base/log.h"
#include "notice/endpoint.h"
#include "notice/parcel.h"
#include "people/party.h"

enum {
    AT_ONCE = 32,  /* on their way */
    OF_A_LANE = 4, /* of one line, while its receiver is well */
    LANES_MOST = ENDPOINTS_MOST + 1,
    DROPS_MOST = 64,     /* found unsendable in one look */
    LOOK_EVERY_MS = 100, /* at most so often, however many commits there are */
    IDLE_MS = 60 * 1000,
    STOP_MS = 3000,
    REST_MOST_S = 15 * 60,
    LOOK_BYTES = 64 * 1024 * 1024,
    SAID_BYTES = CLIENT_SAID_MOST + 1,
};

/* One line: what of it is on its way, and how its receiver has been doing. */
struct lane {
    int64_t id;
    int in_flight;
    int64_t failures; /* of the receiver as a whole, in a row */
    int64_t rest_us;  /* monotonic; nothing is begun before */
};

struct flight {
    bool is_used;
    struct message message; /* without its texts */
    struct lane *lane;
};

/* A mark with the room for its text. */
struct ended {
    struct message_mark mark;
    char said[SAID_BYTES];
};

struct sender {
    struct sender_options options;
    struct client *client;
    pthread_t thread;
    struct lane lanes[LANES_MOST];
    size_t lane_count;
    struct flight flights[AT_ONCE];
    struct ended ended[AT_ONCE + DROPS_MOST];
    size_t ended_count;
    size_t in_flight;
    int64_t next_look_us; /* monotonic */
    struct address_list allowed;
    struct arena arena;
    atomic_bool is_woken, is_stopping;
    atomic_uint_least64_t sent, failed;
};

int64_t sender_delay_s(int64_t first_s, int64_t n, int chance)
{
    int64_t delay = first_s > 0 ? first_s : 1;
    for (int64_t i = 1; i < n && delay < RETRY_MOST_S; i++) delay *= 4;
    if (delay > RETRY_MOST_S) delay = RETRY_MOST_S;
    return delay + delay * (chance - 500) / 2500; /* a fifth more or less, so that many do not come at once */
}

static int64_t delay_us(const struct sender *s, int64_t n)
{
    int64_t seconds = sender_delay_s(s->options.first_retry_s, n, (int)(random_u64() % 1000));
    return (seconds > 0 ? seconds : 1) * US_PER_S;
}

/* ---- what came of an attempt ---- */

static const enum message_reason reason_of_end[] = {
    [CLIENT_ANSWERED] = REASON_ANSWER,     [CLIENT_UNREACHABLE] = REASON_UNREACHABLE,
    [CLIENT_TOO_SLOW] = REASON_TOO_SLOW,   [CLIENT_CLOSED_ADDRESS] = REASON_CLOSED_ADDRESS,
    [CLIENT_UNTRUSTED] = REASON_UNTRUSTED, [CLIENT_NOT_SIGNED_IN] = REASON_NOT_SIGNED_IN,
};

static bool is_good(const struct client_result *r)
{
    return r->end == CLIENT_ANSWERED && r->status >= 200 && r->status < 300;
}

/* The mail server means this letter and will not change its mind (RFC 5321, 4.2.1), unless it means us. */
static bool is_final(const struct flight *f, const struct client_result *r)
{
    bool is_about_us = r->status == 530 || (r->status >= 534 && r->status <= 538);
    return f->lane->id == LANE_MAIL && r->end == CLIENT_ANSWERED && r->status >= 500 && !is_about_us;
}

/* Nothing else of this line would fare better now. */
static bool is_of_receiver(const struct flight *f, const struct client_result *r)
{
    if (r->end != CLIENT_ANSWERED) return true;
    if (f->lane->id == LANE_MAIL) return r->status == 421 || r->status >= 500;
    return r->status == 429 || r->status >= 500;
}

static void note_lane(struct sender *s, struct flight *f, const struct client_result *r)
{
    struct lane *lane = f->lane;
    lane->in_flight--;
    if (is_good(r) || is_final(f, r) || !is_of_receiver(f, r)) {
        lane->failures = 0;
        lane->rest_us = 0;
        return;
    }
    int64_t rest_s = s->options.first_retry_s > 0 ? s->options.first_retry_s : 1;
    for (int64_t i = 0; i < lane->failures && rest_s < REST_MOST_S; i++) rest_s *= 2;
    if (rest_s > REST_MOST_S) rest_s = REST_MOST_S;
    if (r->retry_after_s > rest_s) rest_s = r->retry_after_s;
    lane->failures++;
    lane->rest_us = clock_monotonic_us() + rest_s * US_PER_S;
}

static struct ended *next_ended(struct sender *s, const struct message *m)
{
    struct ended *e = &s->ended[s->ended_count++];
    *e = (struct ended){
        .mark = {.id = m->id, .lane = m->lane}
    };
    return e;
}

static void judge(const struct sender *s, const struct flight *f, const struct client_result *r,
                  struct message_mark *mark)
{
    const struct message *m = &f->message;
    instant_t now = clock_now();
    mark->status = r->status;
    if (is_good(r)) {
        mark->state = MESSAGE_SENT;
        return;
    }
    mark->reason = reason_of_end[r->end];
    mark->state = MESSAGE_WAITING;
    int64_t wait_us = delay_us(s, m->attempts + 1);
    /* A receiver that is down as a whole is tried again soon; the line itself rests. */
    if (is_of_receiver(f, r) && wait_us > REST_MOST_S * US_PER_S) wait_us = REST_MOST_S * US_PER_S;
    if (r->retry_after_s * US_PER_S > wait_us) wait_us = r->retry_after_s * US_PER_S;
    mark->next_at = now + wait_us;
    bool is_over = mark->next_at - m->begun_at > s->options.retry_days * US_PER_DAY;
    bool is_gone = m->lane != LANE_MAIL && r->end == CLIENT_ANSWERED && r->status == 410;
    if (!is_over && !is_gone && !is_final(f, r)) return;
    mark->state = MESSAGE_GIVEN_UP;
    if (is_gone) mark->reason = REASON_GONE;
    mark->ends_endpoint = is_gone;
}

static void take_result(void *context, const struct client_result *r)
{
    struct sender *s = context;
    struct flight *f = r->context;
    struct ended *e = next_ended(s, &f->message);
    judge(s, f, r, &e->mark);
    if (e->mark.state != MESSAGE_SENT) {
        memcpy(e->said, r->said.at, r->said.len);
        e->mark.said = str_of(e->said, r->said.len);
    }
    note_lane(s, f, r);
    f->is_used = false;
    s->in_flight--;
    atomic_fetch_add(is_good(r) ? &s->sent : &s->failed, 1);
    s->next_look_us = 0;
}

/* One command for all; what could not be marked is tried again: it may be sent twice, under the same id. */
static void mark_ended(struct sender *s)
{
    struct message_mark marks[AT_ONCE + DROPS_MOST];
    if (s->ended_count == 0) return;
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, 1 << 20);
    fail_init(&why, &a);
    for (size_t i = 0; i < s->ended_count; i++) marks[i] = s->ended[i].mark;
    struct message_marks all = {marks, s->ended_count};
    if (store_run(s->options.store, messages_mark, &all, NULL, &why) != OK) {
        struct str text = fail_text(&a, &why);
        log_write(LOG_ERROR, "message.mark", "count=%zu message=\"%.*s\"", s->ended_count, STR_ARG(text));
    }
    s->ended_count = 0;
}

/* ---- what is to be sent now ---- */

static struct lane *lane_find(struct sender *s, int64_t id)
{
    for (size_t i = 0; i < s->lane_count; i++)
        if (s->lanes[i].id == id) return &s->lanes[i];
    if (s->lane_count == LANES_MOST) return NULL;
    struct lane *lane = &s->lanes[s->lane_count++];
    *lane = (struct lane){.id = id};
    return lane;
}

static bool is_flying(const struct sender *s, int64_t id)
{
    for (size_t i = 0; i < AT_ONCE; i++)
        if (s->flights[i].is_used && s->flights[i].message.id == id) return true;
    for (size_t i = 0; i < s->ended_count; i++) /* dropped in this very look */
        if (s->ended[i].mark.id == id) return true;
    return false;
}

static struct flight *free_flight(struct sender *s)
{
    for (size_t i = 0; i < AT_ONCE; i++)
        if (!s->flights[i].is_used) return &s->flights[i];
    return NULL;
}

static void drop(struct sender *s, const struct message *m, enum message_state state, enum message_reason reason)
{
    if (s->ended_count >= LENGTH(s->ended) - AT_ONCE) return; /* the next look finds it again */
    struct ended *e = next_ended(s, m);
    e->mark.state = state;
    e->mark.reason = reason;
    s->next_look_us = 0;
}

static void begin(struct sender *s, struct tx *tx, struct lane *lane, const struct message *m)
{
    struct transfer transfer;
    enum message_reason reason = REASON_NOTHING;
    struct fail why;
    fail_init(&why, tx_arena(tx));
    enum outcome made = parcel_make(tx, &s->options, m, &transfer, &reason, &why);
    if (made == ERR_MISSING) {
        drop(s, m, MESSAGE_DROPPED, reason);
        return;
    }
    struct flight *f = free_flight(s);
    if (made != OK || f == NULL) {
        struct str text = fail_text(tx_arena(tx), &why);
        if (made != OK) log_write(LOG_ERROR, "message.make", "id=%" PRId64 " message=\"%.*s\"", m->id, STR_ARG(text));
        lane->rest_us = clock_monotonic_us() + US_PER_MINUTE;
        return;
    }
    *f = (struct flight){true, *m, lane};
    transfer.context = f;
    if (!client_start(s->client, &transfer)) BUG("more transfers than flights");
    lane->in_flight++;
    s->in_flight++;
}

static void look_later(struct sender *s, int64_t in_us)
{
    int64_t at = clock_monotonic_us() + (in_us > 0 ? in_us : 0);
    if (at < s->next_look_us) s->next_look_us = at;
}

/* How many more of this line may fly: a receiver that has failed is tried with one at a time. */
static int room_of(const struct sender *s, const struct lane *lane)
{
    int most = lane->failures > 0 ? 1 : OF_A_LANE, room = most - lane->in_flight;
    int left = (int)(AT_ONCE - s->in_flight);
    return room < left ? room : left;
}

static enum outcome look_at_lane(struct sender *s, struct tx *tx, int64_t id, struct fail *why)
{
    struct lane *lane = lane_find(s, id);
    struct message *list;
    size_t count;
    bool has_server = id != LANE_MAIL || s->options.mail_url.len > 0;
    if (lane == NULL || room_of(s, lane) <= 0) return OK; /* looked at again when something ends */
    int64_t rest_us = lane->rest_us - clock_monotonic_us();
    if (rest_us > 0) {
        look_later(s, rest_us);
        return OK;
    }
    TRY(messages_next(tx, id, AT_ONCE + (size_t)lane->in_flight, &list, &count, why));
    for (size_t i = 0; i < count && room_of(s, lane) > 0; i++) {
        const struct message *m = &list[i];
        instant_t now = clock_now();
        if (is_flying(s, m->id)) continue;
        if (m->next_at > now) {
            look_later(s, m->next_at - now);
            break;
        }
        if (m->attempts == 0 && now - m->begun_at > s->options.retry_days * US_PER_DAY)
            drop(s, m, MESSAGE_GIVEN_UP, REASON_TOO_OLD);
        else if (has_server)
            begin(s, tx, lane, m);
    }
    return OK;
}

static enum outcome look_at_all(struct sender *s, struct arena *a, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct endpoint *endpoints;
    size_t count;
    TRY(store_read_begin(s->options.store, a, &tx, why));
    TRY(endpoints_live(tx, &endpoints, &count, why));
    TRY(look_at_lane(s, tx, LANE_MAIL, why));
    for (size_t i = 0; i < count; i++) TRY(look_at_lane(s, tx, endpoints[i].id, why));
    return OK;
}

static void look(struct sender *s)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    arena_init(&a, LOOK_BYTES);
    fail_init(&why, &a);
    s->next_look_us = clock_monotonic_us() + IDLE_MS * 1000;
    if (look_at_all(s, &a, &why) == OK) return;
    struct str text = fail_text(&a, &why);
    log_write(LOG_ERROR, "message.look", "message=\"%.*s\"", STR_ARG(text));
    look_later(s, US_PER_S);
}

/* ---- the thread ---- */

static int wait_ms(struct sender *s)
{
    int64_t now = clock_monotonic_us();
    if (atomic_load(&s->is_woken)) return LOOK_EVERY_MS;
    int64_t ms = (s->next_look_us - now) / 1000 + 1;
    return ms < 0 ? 0 : ms > IDLE_MS ? IDLE_MS : (int)ms;
}

static void *sender_main(void *context)
{
    struct sender *s = context;
    int64_t looked_us = 0;
    while (!atomic_load(&s->is_stopping)) {
        int64_t now = clock_monotonic_us();
        bool is_due = now >= s->next_look_us || atomic_load(&s->is_woken);
        if (is_due && now - looked_us >= LOOK_EVERY_MS * 1000) {
            atomic_store(&s->is_woken, false);
            looked_us = now;
            if (store_leadership(s->options.store) != 0)
                look(s);
            else
                s->next_look_us = now + IDLE_MS * 1000; /* who begins to lead is woken */
        }
        int most = wait_ms(s), soon = LOOK_EVERY_MS;
        client_run(s->client, is_due && most < soon ? soon : most, take_result, s);
        mark_ended(s);
    }
    int64_t until = clock_monotonic_us() + STOP_MS * 1000;
    while (s->in_flight > 0 && clock_monotonic_us() < until) {
        client_run(s->client, LOOK_EVERY_MS, take_result, s);
        mark_ended(s);
    }
    return NULL;
}

static void note_commit(void *context)
{
    struct sender *s = context;
    if (!atomic_exchange(&s->is_woken, true)) client_wake(s->client);
}

/* ---- life ---- */

enum outcome sender_check(const struct sender_options *o, struct fail *why)
{
    struct address_list list;
    TRY(address_list_parse(why->arena, o->allowed, &list, why));
    if (o->mail_url.len == 0) return OK;
    bool is_smtp = str_starts(o->mail_url, STR("smtp://")) || str_starts(o->mail_url, STR("smtps://"));
    if (!is_smtp || str_has(o->mail_url, STR("@")))
        return fail(why, ERR_INVALID,
                    N_("Setting smtp-url is smtp://HOST:PORT or smtps://HOST:PORT; user and password have settings of "
                       "their own."));
    if (!email_is_valid(o->mail_from))
        return fail(why, ERR_INVALID, N_("Setting mail-from needs the address that letters come from."));
    return OK;
}

struct sender *sender_start(const struct sender_options *o)
{
    struct sender *s = calloc(1, sizeof *s);
    struct fail why;
    if (s == NULL) BUG("out of memory");
    s->options = *o;
    arena_init(&s->arena, 1 << 20);
    fail_init(&why, &s->arena);
    if (address_list_parse(&s->arena, o->allowed, &s->allowed, &why) != OK) BUG("options that were not checked");
    s->client = client_new(&(struct client_options){AT_ONCE, o->timeout_s, s->allowed});
    store_on_commit(o->store, note_commit, s);
    if (pthread_create(&s->thread, NULL, sender_main, s) != 0) BUG("no thread for messages");
    return s;
}

void sender_stop(struct sender *s)
{
    if (s == NULL) return;
    store_off_commit(s->options.store, note_commit, s);
    atomic_store(&s->is_stopping, true);
    client_wake(s->client);
    pthread_join(s->thread, NULL);
    client_free(s->client);
    arena_end(&s->arena);
    free(s);
}

struct sender_stats sender_stats(struct sender *s)
{
    if (s == NULL) return (struct sender_stats){0};
    return (struct sender_stats){atomic_load(&s->sent), atomic_load(&s->failed)};
}
