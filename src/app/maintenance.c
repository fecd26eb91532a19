#include "app/maintenance.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/news.h"
#include "base/auto.h"
#include "base/text.h"
#include "queries.h"

enum { WORDS_BYTES = MAINTENANCE_WORDS_MOST * 4, PAYLOAD_BYTES = 4096 };

struct maintenance_board {
    pthread_mutex_t lock;
    struct maintenance now; /* words point into the bytes below */
    char words[WORDS_BYTES];
};

static struct maintenance_board *board_new(void)
{
    struct maintenance_board *b = calloc(1, sizeof *b);
    if (b == NULL) BUG("out of memory");
    pthread_mutex_init(&b->lock, NULL);
    b->now.ends_at = INSTANT_NONE;
    return b;
}

void maintenance_board_free(struct maintenance_board *b)
{
    if (b == NULL) return;
    pthread_mutex_destroy(&b->lock);
    free(b);
}

static void put_up(struct maintenance_board *b, const struct maintenance *m)
{
    pthread_mutex_lock(&b->lock);
    b->now = *m;
    size_t len = m->words.len < sizeof b->words ? m->words.len : sizeof b->words;
    if (len > 0) memcpy(b->words, m->words.at, len);
    b->now.words = str_of(b->words, len);
    pthread_mutex_unlock(&b->lock);
}

enum outcome maintenance_open(struct app *app, struct fail *why)
{
    app->maintenance = board_new();
    return maintenance_reload(app, why);
}

enum outcome maintenance_reload(struct app *app, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct row row;
    TRY(store_read_begin(app->store, why->arena, &tx, why));
    enum outcome r = store_one(tx, Q_MAINTENANCE_GET, NO_VALUES, &row, why);
    if (r == ERR_MISSING) return OK;
    TRY(r);
    struct maintenance m = {row_instant(&row, 0), row_instant(&row, 1), row_str(&row, 2), row_bool(&row, 3)};
    put_up(app->maintenance, &m);
    return OK;
}

struct maintenance maintenance_now(const struct app *app, struct arena *a)
{
    struct maintenance_board *b = app->maintenance;
    pthread_mutex_lock(&b->lock);
    struct maintenance m = b->now;
    m.words = str_dup(a, m.words);
    pthread_mutex_unlock(&b->lock);
    if (m.ends_at <= clock_now()) m = (struct maintenance){.ends_at = INSTANT_NONE};
    return m;
}

/* ---- announcing ---- */

struct announcement {
    const struct maintenance *m;
    const struct actor *actor;
};

static enum outcome announce(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct announcement *in = input;
    const struct maintenance *m = in->m;
    TRY(store_do(tx, Q_MAINTENANCE_PUT,
                 VALUES(v_instant(m->begins_at), v_instant(m->ends_at), v_str(m->words), v_bool(m->closes_writing),
                        v_int(in->actor->account), v_instant(tx_now(tx))),
                 NULL, why));
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_instant(&w, "begins_at", m->begins_at);
    jw_put_bool(&w, "closes_writing", m->closes_writing);
    jw_put_instant(&w, "ends_at", m->ends_at);
    jw_put_str(&w, "words", m->words);
    jw_close(&w);
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_SYSTEM,
                                          .act = "maintenance.announce",
                                          .actor = *in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

enum outcome maintenance_announce(struct app *app, const struct actor *actor, const struct maintenance *m,
                                  struct fail *why)
{
    instant_t now = clock_now();
    if (m->ends_at <= m->begins_at) fail_problem(why, STR("#/ends"), "order", N_("The end comes after the beginning."));
    if (m->ends_at > now + MAINTENANCE_DAYS_MOST * US_PER_DAY)
        fail_problem(why, STR("#/ends"), "too-late", N_("Maintenance ends within {0} days."),
                     str_format(why->arena, "%d", MAINTENANCE_DAYS_MOST));
    if (text_length(m->words) > MAINTENANCE_WORDS_MOST)
        fail_problem(why, STR("#/words"), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%d", MAINTENANCE_WORDS_MOST));
    TRY(fail_if_problems(why));
    TRY(store_run(app->store, announce, &(struct announcement){m, actor}, NULL, why));
    put_up(app->maintenance, m);
    store_tell(app->store, NEWS_MAINTENANCE);
    return OK;
}

/* ---- for pages and requests ---- */

struct str maintenance_sentence(const struct app *app, struct arena *a, enum language l)
{
    struct maintenance m = maintenance_now(app, a);
    if (m.ends_at == INSTANT_NONE) return STR_NONE;
    bool is_begun = m.begins_at <= clock_now();
    struct str begins = instant_for_people(a, m.begins_at), ends = instant_for_people(a, m.ends_at);
    const char *message = !is_begun && m.closes_writing
                              ? N_("Maintenance from {0} to {1}: in that time you can read, but nothing can be sent.")
                          : !is_begun        ? N_("Maintenance from {0} to {1}.")
                          : m.closes_writing ? N_("Maintenance until {1}: you can read, but nothing can be sent.")
                                             : N_("Maintenance until {1}.");
    struct str sentence = fail_fill(a, translate(l, message), (const struct str[FAIL_ARGS]){begins, ends});
    return m.words.len > 0 ? str_format(a, "%.*s %.*s", STR_ARG(sentence), STR_ARG(m.words)) : sentence;
}

/* Signing in and out, and running the office itself, go on. */
static bool stays_open(const struct request *rq)
{
    return rq->method == GET || rq->method == HEAD || rq->method == OPTIONS || str_starts(rq->path, STR("/dang-")) ||
           str_starts(rq->path, STR("/quan-tri/"));
}

enum outcome maintenance_allows(struct request *rq, struct fail *why)
{
    if (stays_open(rq)) return OK;
    instant_t now = clock_now();
    struct maintenance m = maintenance_now(rq->app, rq->arena);
    if (m.ends_at == INSTANT_NONE || !m.closes_writing || m.begins_at > now) return OK;
    rq->retry_s = (m.ends_at - now) / US_PER_S + 1;
    return fail(why, ERR_CLOSED, N_("This office is closed for maintenance until {0}. Nothing was sent."),
                instant_for_people(rq->arena, m.ends_at));
}
