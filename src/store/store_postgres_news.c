/*
 * Several processes over one database: what they tell each other (NOTIFY, heard on a connection of its own), and which
 * of them leads: a row of `lease`, held on to by the server's clock, so that it does not matter how the clocks of the
 * machines stand. A leader that was killed or hangs is followed by another process when its lease has run out; one that
 * stops gives it back. What a leader does while it does not know yet that it leads no more is refused by the epoch of
 * each follower (journal_runner.c), or may be done twice without harm.
 */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/log.h"
#include "base/parse.h"
#include "store/store_postgres.h"

enum { BEAT_MS = 1000, SCRATCH_BYTES = 64 * 1024 };
#define LEASE_US (4 * US_PER_S)
#define SERVER_NOW "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"

/* Does another process lead (one of an older program gives way), are there entries without a place (of a process that
 * was killed before it gave them one), and has the database been changed for newer programs only? $2: how many schema
 * files this program knows. */
static const char look_sql[] =
    "SELECT coalesce((SELECT holder <> $1::bigint AND until > " SERVER_NOW " AND schema >= $2::bigint FROM lease"
    " WHERE name = 'leader'), false), EXISTS (SELECT FROM leaf_waiting),"
    " EXISTS (SELECT FROM schema_phase WHERE number > $2::bigint AND phase <> 'expand')";
static const char lead_sql[] =
    "INSERT INTO lease (name, holder, epoch, until, schema)"
    " VALUES ('leader', $1::bigint, 1, " SERVER_NOW " + $3::bigint, $2::bigint)"
    " ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, schema = excluded.schema,"
    " epoch = lease.epoch + (lease.holder <> excluded.holder)::int"
    " WHERE lease.holder = excluded.holder OR lease.until <= " SERVER_NOW " OR lease.schema < excluded.schema"
    " RETURNING epoch::text";
static const char give_up_sql[] = "UPDATE lease SET until = 0 WHERE name = 'leader' AND holder = $1::bigint";
static const char tell_sql[] = "SELECT pg_notify('" PG_CHANNEL "', $1 || ' ' || $2)";

/* ---- one statement at a time, on the connection that listens ---- */

static PGresult *ask(struct postgres *s, const char *sql, const char *second, const char *third)
{
    struct pg_link *c = &s->news.link;
    char process[24];
    snprintf(process, sizeof process, "%" PRId64, s->process);
    if (!c->link) return NULL;
    const char *const values[] = {process, second, third};
    PGresult *r = PQexecParams(c->link, sql, third ? 3 : second ? 2 : 1, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return r;
    const char *code = PQresultErrorField(r, PG_DIAG_SQLSTATE);
    log_write(LOG_WARN, "store.news", "code=%s message=\"the other processes are not heard\"", code ? code : "-");
    PQclear(r);
    pg_link_close(c); /* whatever it was: the next one is a new one */
    return NULL;
}

/* ---- who leads ---- */

static void lead(struct postgres *s, int64_t epoch, int64_t until_us)
{
    int64_t before = pg_leadership(&s->store);
    atomic_store(&s->news.lead_until_us, until_us);
    atomic_store(&s->news.lead_epoch, epoch);
    if (before == epoch) return;
    log_write(LOG_INFO, "store.leader", "process=%" PRId64 " epoch=%" PRId64, s->process, epoch);
    if (epoch > 0) PQclear(ask(s, tell_sql, PG_NEWS_LEAD, NULL)); /* one of an older program may think that it leads */
    if (epoch > 0) store_tell_commit(&s->store);                  /* there is work now */
}

static void take_lease(struct postgres *s)
{
    char length[24], known[24];
    int64_t asked_us = clock_monotonic_us();
    uint64_t epoch = 0;
    snprintf(length, sizeof length, "%" PRId64, (int64_t)LEASE_US);
    snprintf(known, sizeof known, "%zu", s->store.options.migration_count);
    PGresult *r = ask(s, lead_sql, known, length);
    if (!r) return; /* until the lease runs out nothing has changed */
    bool is_ours = PQntuples(r) == 1 && parse_u64(str_from(PQgetvalue(r, 0, 0)), &epoch);
    PQclear(r);
    lead(s, is_ours ? (int64_t)epoch : 0, asked_us + LEASE_US);
}

/* Never while it was seen: an upgrade is finished when no older program has the database open. One that had lost its
 * connections in that moment works on what is no more; it ends, and its start says why. */
static void stop_outdated(struct postgres *s)
{
    log_write(LOG_ERROR, "store.schema", "message=\"the database was changed for newer programs only\"");
    if (s->store.options.stop)
        s->store.options.stop(s->store.options.stop_context);
    else
        _exit(EX_TEMPFAIL);
}

static void beat(struct postgres *s)
{
    char known[24];
    s->news.next_beat_us = clock_monotonic_us() + BEAT_MS * 1000;
    snprintf(known, sizeof known, "%zu", s->store.options.migration_count);
    PGresult *r = ask(s, look_sql, known, NULL);
    if (!r) return;
    bool is_led = PQgetvalue(r, 0, 0)[0] == 't', has_waiting = PQgetvalue(r, 0, 1)[0] == 't';
    bool is_outdated = PQgetvalue(r, 0, 2)[0] == 't';
    PQclear(r);
    if (is_outdated) {
        stop_outdated(s);
        return;
    }
    if (is_led)
        lead(s, 0, 0);
    else
        take_lease(s);
    if (has_waiting) pg_want_places(s);
}

int64_t pg_leadership(struct store *store)
{
    struct postgres *s = (struct postgres *)store;
    if (!store->options.is_shared) return 1;
    return clock_monotonic_us() < atomic_load(&s->news.lead_until_us) ? atomic_load(&s->news.lead_epoch) : 0;
}

/* ---- telling and hearing ---- */

static void wake(struct pg_news *n)
{
    const uint64_t one = 1;
    if (write(n->wake_fd, &one, sizeof one) < 0) BUG("the thread of news cannot be woken");
}

void pg_tell(struct store *store, const char *topic)
{
    struct pg_news *n = &((struct postgres *)store)->news;
    if (!store->options.is_shared) return;
    pthread_mutex_lock(&n->lock);
    bool is_there = false;
    for (size_t i = 0; i < n->told_count; i++) is_there |= strcmp(n->told[i], topic) == 0;
    if (!is_there && n->told_count == NEWS_MOST) BUG("more than %d kinds of news", NEWS_MOST);
    if (!is_there) n->told[n->told_count++] = topic;
    pthread_mutex_unlock(&n->lock);
    wake(n);
}

void pg_share(struct store *store, struct str word)
{
    struct pg_news *n = &((struct postgres *)store)->news;
    if (!store->options.is_shared) return;
    pthread_mutex_lock(&n->lock);
    bool has_room = n->words_bytes + 1 + word.len < PG_WORDS_BYTES;
    if (has_room) {
        n->words[n->words_bytes] = ' ';
        memcpy(n->words + n->words_bytes + 1, word.at, word.len);
        n->words_bytes += 1 + word.len;
    }
    pthread_mutex_unlock(&n->lock);
    wake(n);
}

/* All that have come together since the last time, in one message. */
static void share_all(struct postgres *s)
{
    struct pg_news *n = &s->news;
    char text[sizeof PG_NEWS_WORDS + PG_WORDS_BYTES] = PG_NEWS_WORDS;
    if (!n->link.link) return;
    pthread_mutex_lock(&n->lock);
    size_t bytes = n->words_bytes;
    memcpy(text + strlen(PG_NEWS_WORDS), n->words, bytes);
    text[strlen(PG_NEWS_WORDS) + bytes] = 0;
    n->words_bytes = 0;
    pthread_mutex_unlock(&n->lock);
    if (bytes > 0) PQclear(ask(s, tell_sql, text, NULL));
}

static bool take_told(struct pg_news *n, const char **out)
{
    pthread_mutex_lock(&n->lock);
    bool is_there = n->told_count > 0;
    if (is_there) *out = n->told[--n->told_count];
    pthread_mutex_unlock(&n->lock);
    return is_there;
}

/* What could not be told is nothing to worry about: whoever hears nothing reads everything anew when it hears again. */
static void tell_all(struct postgres *s)
{
    const char *topic;
    while (s->news.link.link && take_told(&s->news, &topic)) PQclear(ask(s, tell_sql, topic, NULL));
    share_all(s);
}

static void hear_words(struct postgres *s, struct str words)
{
    struct str word;
    while (str_cut(words, ' ', &word, &words)) store_hear_word(&s->store, word);
    store_hear_word(&s->store, word);
}

/* "17 calendars": the process that says it, and what of. */
static void hear(struct postgres *s, struct str said)
{
    struct str from, topic;
    int64_t process;
    if (!str_cut(said, ' ', &from, &topic) || !parse_i64(from, &process) || process == s->process) return;
    if (str_eq(topic, STR(PG_NEWS_COMMIT)))
        store_tell_commit(&s->store);
    else if (str_eq(topic, STR(PG_NEWS_LEAD)))
        s->news.next_beat_us = 0;
    else if (str_starts(topic, STR(PG_NEWS_WORDS " ")))
        hear_words(s, topic);
    else
        store_hear(&s->store, topic);
}

static void hear_all(struct postgres *s)
{
    struct pg_link *c = &s->news.link;
    if (c->link && PQconsumeInput(c->link) != 1) pg_link_close(c);
    for (PGnotify *n; c->link && (n = PQnotifies(c->link)) != NULL; PQfreemem(n)) hear(s, str_from(n->extra));
}

/* Whoever begins to listen knows nothing of what was told before. */
static enum outcome listen_anew(struct postgres *s, struct fail *why)
{
    TRY(pg_connect(&s->news.link, why));
    PGresult *r = PQexec(s->news.link.link, "SET synchronous_commit = off; LISTEN " PG_CHANNEL);
    bool is_listening = PQresultStatus(r) == PGRES_COMMAND_OK;
    PQclear(r);
    if (!is_listening) {
        pg_link_close(&s->news.link);
        return pg_refuse_down(why);
    }
    store_hear(&s->store, STR_NONE);
    store_tell_commit(&s->store);
    return OK;
}

/* ---- the thread ---- */

static void listen_if_lost(struct postgres *s)
{
    AUTO_ARENA struct arena a;
    struct fail unread;
    arena_init(&a, SCRATCH_BYTES);
    fail_init(&unread, &a);
    if (!s->news.link.link) (void)listen_anew(s, &unread); /* logged; the next beat tries again */
}

static void wait_for_news(struct postgres *s)
{
    struct pg_news *n = &s->news;
    struct pollfd fds[] = {
        {.fd = n->wake_fd,                                 .events = POLLIN},
        {.fd = n->link.link ? PQsocket(n->link.link) : -1, .events = POLLIN}
    };
    int64_t wait_us = n->next_beat_us - clock_monotonic_us();
    uint64_t woken;
    int ready = poll(fds, LENGTH(fds), wait_us > 0 ? (int)(wait_us / 1000) + 1 : 0);
    if (ready > 0 && fds[0].revents != 0 && read(n->wake_fd, &woken, sizeof woken) < 0) BUG("the wake is broken");
}

static void *news_main(void *context)
{
    struct postgres *s = context;
    while (!atomic_load(&s->news.is_closing)) {
        if (clock_monotonic_us() >= s->news.next_beat_us) {
            listen_if_lost(s);
            beat(s);
        }
        tell_all(s);
        hear_all(s);
        wait_for_news(s);
    }
    return NULL;
}

enum outcome pg_news_start(struct postgres *s, struct fail *why)
{
    struct pg_news *n = &s->news;
    if (!s->store.options.is_shared) return OK;
    n->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (n->wake_fd < 0) BUG("no eventfd");
    TRY(listen_anew(s, why));
    beat(s);
    if (pthread_create(&n->thread, NULL, news_main, s) != 0) BUG("the thread of news could not be started");
    n->has_thread = true;
    return OK;
}

void pg_news_stop(struct postgres *s)
{
    struct pg_news *n = &s->news;
    const uint64_t one = 1;
    if (n->has_thread) {
        atomic_store(&n->is_closing, true);
        if (write(n->wake_fd, &one, sizeof one) < 0) BUG("the thread of news cannot be woken");
        pthread_join(n->thread, NULL);
        tell_all(s);
        PQclear(ask(s, give_up_sql, NULL, NULL));
        PQclear(ask(s, tell_sql, PG_NEWS_LEAD, NULL));
        n->has_thread = false;
    }
    if (n->wake_fd >= 0) close(n->wake_fd);
    n->wake_fd = -1;
    pg_link_end(&n->link);
}
