/*
 * Which of several servers takes changes. The one that did last is asked first, and soon the others beside it: a
 * machine that lost its power does not refuse a call, it says nothing, and nobody has to wait for that while another
 * one answers. libpq by itself asks one host after the other and waits connect_timeout for each that is silent.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "store/store_postgres.h"

enum {
    BESIDE_US = 250000,  /* so long after one host the next is called, if nobody has answered */
    SILENT_US = 2000000, /* a kernel that is there takes a call at once, or when the first packet was lost after 1 s */
    ANSWER_US = 5000000, /* and then the server has to say something */
};

/* ---- the hosts of an address ---- */

static bool split(char *text, char *out[PG_HOSTS_MOST], size_t *out_count)
{
    size_t n = 0;
    for (char *at = text; at && n < PG_HOSTS_MOST; n++) {
        char *comma = strchr(at, ',');
        out[n] = at;
        if (comma) *comma = '\0';
        at = comma ? comma + 1 : NULL;
        if (at && n + 1 == PG_HOSTS_MOST) return false;
    }
    *out_count = n;
    return true;
}

static void take_list(struct pg_hosts *h, const char *value, struct pg_host_list *out)
{
    out->text = strdup(value);
    if (!out->text) BUG("out of memory");
    if (!split(out->text, out->at, &out->count)) h->is_libpqs = true;
}

static void take_option(struct pg_hosts *h, const PQconninfoOption *o)
{
    if (!o->val || !*o->val) return;
    if (strcmp(o->keyword, "host") == 0) take_list(h, o->val, &h->names);
    if (strcmp(o->keyword, "port") == 0) take_list(h, o->val, &h->ports);
    if (strcmp(o->keyword, "connect_timeout") == 0) h->is_libpqs = true; /* somebody has other limits in mind */
    if (strcmp(o->keyword, "hostaddr") == 0) h->is_libpqs = true;        /* two lists that belong together */
}

void pg_hosts_init(struct pg_hosts *h, const char *url)
{
    *h = (struct pg_hosts){0};
    PQconninfoOption *all = PQconninfoParse(url, NULL);
    for (const PQconninfoOption *o = all; o && o->keyword; o++) take_option(h, o);
    PQconninfoFree(all);
    if (h->ports.count > 1 && h->ports.count != h->names.count) h->is_libpqs = true; /* which it refuses */
}

void pg_hosts_clear(struct pg_hosts *h)
{
    free(h->names.text);
    free(h->ports.text);
}

/* ---- one call ---- */

struct call {
    PGconn *link; /* NULL: not begun, or over */
    size_t host;
    PostgresPollingStatusType wants;
    int64_t begun_us;
};

static struct call call_host(const struct postgres *s, size_t host)
{
    const struct pg_hosts *h = &s->hosts;
    const char *port = h->ports.count == 0 ? NULL : h->ports.at[h->ports.count == 1 ? 0 : host];
    const char *keys[PG_KEYS_MOST], *values[PG_KEYS_MOST];
    size_t n = pg_address(s, keys, values);
    keys[n] = "host"; /* behind the address: it counts */
    values[n++] = h->names.at[host];
    keys[n] = port ? "port" : NULL;
    values[n++] = port;
    keys[n] = values[n] = NULL;
    struct call c = {PQconnectStartParams(keys, values, 1), host, PGRES_POLLING_WRITING, clock_monotonic_us()};
    if (!c.link) BUG("out of memory for a connection");
    if (PQstatus(c.link) == CONNECTION_BAD) c.wants = PGRES_POLLING_FAILED;
    return c;
}

static bool is_over(const struct call *c, int64_t now)
{
    bool is_silent = PQstatus(c->link) == CONNECTION_STARTED;
    return c->wants == PGRES_POLLING_FAILED || now > c->begun_us + (is_silent ? SILENT_US : ANSWER_US);
}

static void hang_up(struct call *c)
{
    PQfinish(c->link);
    c->link = NULL;
}

/* ---- all of them ---- */

static size_t count_open(struct call *calls, size_t begun)
{
    size_t open = 0;
    int64_t now = clock_monotonic_us();
    for (size_t i = 0; i < begun; i++) {
        if (calls[i].link && is_over(&calls[i], now)) hang_up(&calls[i]);
        open += calls[i].link != NULL;
    }
    return open;
}

/* Waits until a call goes on, or it is time for another look. */
static void step(struct call *calls, size_t begun)
{
    struct pollfd fds[PG_HOSTS_MOST];
    for (size_t i = 0; i < begun; i++)
        fds[i] = (struct pollfd){.fd = calls[i].link ? PQsocket(calls[i].link) : -1,
                                 .events = calls[i].wants == PGRES_POLLING_READING ? POLLIN : POLLOUT};
    if (poll(fds, begun, BESIDE_US / 1000) < 0 && errno != EINTR) BUG("poll failed: errno %d", errno);
    for (size_t i = 0; i < begun; i++)
        if (calls[i].link && fds[i].revents != 0) calls[i].wants = PQconnectPoll(calls[i].link);
}

/* The first that takes changes. */
static PGconn *choose(struct postgres *s, struct call *calls, size_t begun)
{
    for (size_t i = 0; i < begun; i++) {
        PGconn *chosen = calls[i].link;
        if (!chosen || calls[i].wants != PGRES_POLLING_OK) continue;
        atomic_store(&s->hosts.last, calls[i].host);
        calls[i].link = NULL;
        return chosen;
    }
    return NULL;
}

static PGconn *dial_all(struct postgres *s)
{
    struct call calls[PG_HOSTS_MOST];
    const size_t first = atomic_load(&s->hosts.last), count = s->hosts.names.count;
    size_t begun = 0;
    PGconn *chosen = NULL;
    while (!chosen) {
        size_t open = count_open(calls, begun);
        bool is_time = open == 0 || clock_monotonic_us() >= calls[begun - 1].begun_us + BESIDE_US;
        if (open == 0 && begun == count) break;
        if (is_time && begun < count) {
            calls[begun] = call_host(s, (first + begun) % count);
            begun++;
        }
        step(calls, begun);
        chosen = choose(s, calls, begun);
    }
    for (size_t i = 0; i < begun; i++) hang_up(&calls[i]);
    return chosen;
}

PGconn *pg_dial(struct postgres *s)
{
    if (s->hosts.names.count > 1 && !s->hosts.is_libpqs) return dial_all(s);
    const char *keys[PG_KEYS_MOST], *values[PG_KEYS_MOST];
    keys[pg_address(s, keys, values)] = NULL;
    return PQconnectdbParams(keys, values, 1);
}
