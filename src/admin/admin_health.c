/* GET /quan-tri/suc-khoe: is the program well, and how quick is it. Figures since it was started. */
#include <inttypes.h>

#include "admin/admin_pages.h"
#include "app/app.h"
#include "app/outgoing.h"
#include "app/routes.h"
#include "base/file_system.h"
#include "base/list.h"
#include "base/version.h"
#include "html/component.h"

enum { CHART_WIDTH = 640, CHART_HEIGHT = 160 };

struct bar {
    int64_t x, y, width, height;
    struct str label; /* "up to 1,0 ms" */
    int64_t count;
    struct str share;
};

struct finding {
    const char *label; /* message */
    struct str value;
    struct tag tag;
};

struct follower_line {
    struct str name;
    int64_t lag;
    struct tag tag;
};

struct health_page {
    struct frame frame;
    struct finding *findings;
    size_t findings_count;
    struct summary_row *figures;
    size_t figures_count;
    struct follower_line *followers;
    size_t followers_count;
    struct bar *bars;
    size_t bars_count;
    int64_t chart_width, chart_height;
    struct str p50, p99;
};

/* clang-format off */
static const struct field bar_fields[] = {
    FIELD_INT(struct bar, x),
    FIELD_INT(struct bar, y),
    FIELD_INT(struct bar, width),
    FIELD_INT(struct bar, height),
    FIELD_STR(struct bar, label),
    FIELD_INT(struct bar, count),
    FIELD_STR(struct bar, share),
    FIELD_END,
};
static const struct field finding_fields[] = {
    FIELD_MESSAGE(struct finding, label),
    FIELD_STR(struct finding, value),
    FIELD_STRUCT(struct finding, tag, tag_fields),
    FIELD_END,
};
static const struct field follower_line_fields[] = {
    FIELD_STR(struct follower_line, name),
    FIELD_INT(struct follower_line, lag),
    FIELD_STRUCT(struct follower_line, tag, tag_fields),
    FIELD_END,
};
const struct field admin_health_fields[] = {
    FRAME_FIELDS(struct health_page),
    FIELD_LIST(struct health_page, findings, struct finding, finding_fields),
    FIELD_LIST(struct health_page, figures, struct summary_row, summary_row_fields),
    FIELD_LIST(struct health_page, followers, struct follower_line, follower_line_fields),
    FIELD_LIST(struct health_page, bars, struct bar, bar_fields),
    FIELD_INT(struct health_page, chart_width),
    FIELD_INT(struct health_page, chart_height),
    FIELD_STR(struct health_page, p50),
    FIELD_STR(struct health_page, p99),
    FIELD_END,
};
/* clang-format on */

struct drawing {
    struct request *rq;
    struct arena *a;
    struct health_page page;
    LIST(struct finding) findings;
    LIST(struct summary_row) figures;
};

static struct str say(const struct drawing *w, const char *message, struct str a, struct str b)
{
    return fail_fill(w->a, translate(w->rq->language, message), (const struct str[FAIL_ARGS]){a, b});
}

/* ---- numbers for people ---- */

/* "1.234.567", "0,42": digits as the language writes them. */
static struct str whole(const struct drawing *w, uint64_t n)
{
    char digits[32], out[48];
    int len = snprintf(digits, sizeof digits, "%" PRIu64, n);
    size_t at = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0) out[at++] = w->rq->language == ENGLISH ? ',' : '.';
        out[at++] = digits[i];
    }
    return str_dup(w->a, str_of(out, at));
}

static struct str tenths(const struct drawing *w, uint64_t n, const char *unit)
{
    return str_format(w->a, "%" PRIu64 "%c%" PRIu64 " %s", n / 10, w->rq->language == ENGLISH ? '.' : ',', n % 10,
                      unit);
}

static struct str bytes_text(const struct drawing *w, uint64_t bytes)
{
    static const char *const units[] = {"KB", "MB", "GB", "TB"};
    size_t unit = 0;
    uint64_t in_tenths = bytes * 10 / 1024;
    for (; in_tenths >= 10240 && unit + 1 < LENGTH(units); unit++) in_tenths /= 1024;
    return tenths(w, in_tenths, units[unit]);
}

static struct str time_text(const struct drawing *w, uint64_t us)
{
    if (us < 1000) return str_format(w->a, "%" PRIu64 " µs", us);
    return us < US_PER_S ? tenths(w, us / 100, "ms") : tenths(w, us / (US_PER_S / 10), "s");
}

static struct str uptime_text(const struct drawing *w, int64_t us)
{
    struct str days = whole(w, (uint64_t)(us / US_PER_DAY));
    struct str rest = str_format(w->a, "%02d:%02d:%02d", (int)(us / US_PER_HOUR % 24), (int)(us / US_PER_MINUTE % 60),
                                 (int)(us / US_PER_S % 60));
    return us < US_PER_DAY ? rest : say(w, N_("{0} days, {1}"), days, rest);
}

/* ---- findings: well or not, in a word ---- */

static void find(struct drawing *w, const char *label, bool is_well, struct str value)
{
    struct tag tag = is_well ? tag_of(TAG_DONE, translate(w->rq->language, N_("Well")))
                             : tag_of(TAG_LATE, translate(w->rq->language, N_("Look at this")));
    LIST_PUSH(w->a, w->findings) = (struct finding){label, value, tag};
}

static void figure(struct drawing *w, const char *label, struct str value)
{
    LIST_PUSH(w->a, w->figures) = (struct summary_row){.key = translate(w->rq->language, label), .value = value};
}

static void look_at_disk(struct drawing *w)
{
    struct file_system_room disk;
    if (!file_system_room(w->rq->app->folder.path, &disk)) {
        find(w, N_("Disk"), false, translate(w->rq->language, N_("cannot be read")));
        return;
    }
    int percent = file_system_percent(&disk);
    find(w, N_("Disk"), percent >= FOLDER_FREE_LEAST,
         say(w, N_("{0} free ({1} %)"), bytes_text(w, disk.free), whole(w, (uint64_t)percent)));
}

static void look_at_store(struct drawing *w)
{
    struct store_stats s = store_stats(w->rq->app->store);
    struct fail ignored;
    int64_t bytes;
    fail_init(&ignored, w->a);
    if (store_bytes(w->rq->app->store, &bytes, &ignored) == OK)
        figure(w, N_("Size of the database"), bytes_text(w, (uint64_t)bytes));
    uint64_t mean = s.batches > 0 ? (uint64_t)s.commit_us_total / s.batches : 0;
    find(w, N_("Store"), !s.is_down,
         translate(w->rq->language, s.is_down ? N_("does not take changes") : N_("takes changes")));
    figure(w, N_("Changes committed"), whole(w, s.commands));
    figure(w, N_("Batches"),
           say(w, N_("{0}, the largest of {1} changes"), whole(w, s.batches), whole(w, s.largest_batch)));
    figure(w, N_("A commit takes"), time_text(w, mean));
    figure(w, N_("Changes waiting"), whole(w, s.queue_length));
}

static enum outcome look_at_journal(struct drawing *w, struct tx *tx, struct fail *why)
{
    struct journal_state s;
    TRY(journal_state(tx, &s, why));
    bool is_well = s.size - s.checkpoint_size <= JOURNAL_LAG_MOST;
    struct str at = s.checkpoint_at == INSTANT_NONE ? translate(w->rq->language, N_("none yet"))
                                                    : instant_for_people(w->a, s.checkpoint_at);
    find(w, N_("Journal"), is_well, say(w, N_("{0} entries; last checkpoint: {1}"), whole(w, (uint64_t)s.size), at));
    return OK;
}

static void look_at_images(struct drawing *w)
{
    const char *reason;
    bool can_draw = image_can_draw_pdf(w->rq->app->images, &reason);
    find(w, N_("Pages of PDF files"), can_draw,
         translate(w->rq->language, can_draw ? N_("drawn in a closed cell") : reason));
}

static enum outcome look_at_messages(struct drawing *w, struct fail *why)
{
    struct outgoing_finding found;
    TRY(outgoing_look(w->rq->app, w->a, &found, why));
    const struct message *last = &found.health.last_given_up;
    find(w, N_("Letters and webhooks"), found.is_well,
         say(w, N_("{0} waiting, {1} given up today"), whole(w, (uint64_t)found.health.waiting),
             whole(w, (uint64_t)found.health.given_up)));
    if (last->id != 0)
        figure(w, N_("The last message given up"),
               say(w, N_("{0} ({1})"), translate(w->rq->language, message_reason_sentence(last->reason)), last->said));
    return OK;
}

static enum outcome look_at_followers(struct drawing *w, struct tx *tx, struct fail *why)
{
    const struct app *app = w->rq->app;
    w->page.followers = ARENA_ARRAY(w->a, struct follower_line, app->follower_count + 1);
    w->page.followers_count = app->follower_count;
    for (size_t i = 0; i < app->follower_count; i++) {
        struct follower_line *line = &w->page.followers[i];
        TRY(journal_lag(tx, app->followers[i].name, &line->lag, why));
        line->name = translate(w->rq->language, app->followers[i].title);
        line->tag = line->lag <= JOURNAL_LAG_MOST ? tag_of(TAG_DONE, translate(w->rq->language, N_("Well")))
                                                  : tag_of(TAG_LATE, translate(w->rq->language, N_("Look at this")));
    }
    return OK;
}

/* ---- how long requests take ---- */

/* The class that so many per mille of the requests do not exceed, as its upper bound. */
static uint64_t at_per_mille(const struct server_stats *s, uint64_t all, uint64_t per_mille)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < LENGTH(s->latency_us_buckets); i++) {
        sum += s->latency_us_buckets[i];
        if (sum * 1000 >= all * per_mille) return UINT64_C(1) << i;
    }
    return UINT64_C(1) << (LENGTH(s->latency_us_buckets) - 1);
}

/* From the first class with a request to the last. */
static void draw_bars(struct drawing *w, const struct server_stats *s, uint64_t all)
{
    size_t first = 0, last = LENGTH(s->latency_us_buckets);
    uint64_t most = 1;
    while (first < last && s->latency_us_buckets[first] == 0) first++;
    while (last > first && s->latency_us_buckets[last - 1] == 0) last--;
    for (size_t i = first; i < last; i++)
        if (s->latency_us_buckets[i] > most) most = s->latency_us_buckets[i];
    w->page.bars = ARENA_ARRAY(w->a, struct bar, last - first + 1);
    w->page.bars_count = last - first;
    for (size_t i = first; i < last; i++) {
        uint64_t n = s->latency_us_buckets[i];
        int64_t step = CHART_WIDTH / (int64_t)(last - first), height = (int64_t)(n * CHART_HEIGHT / most);
        if (n > 0 && height == 0) height = 1;
        w->page.bars[i - first] = (struct bar){.x = (int64_t)(i - first) * step + 1,
                                               .y = CHART_HEIGHT - height,
                                               .width = step > 4 ? step - 2 : step,
                                               .height = height,
                                               .label = time_text(w, UINT64_C(1) << i),
                                               .count = (int64_t)n,
                                               .share = tenths(w, n * 1000 / all, "%")};
    }
}

static void look_at_requests(struct drawing *w)
{
    struct server_stats s = app_server_stats(w->rq->app);
    uint64_t all = 0;
    for (size_t i = 0; i < LENGTH(s.latency_us_buckets); i++) all += s.latency_us_buckets[i];
    figure(w, N_("Requests answered"), whole(w, s.requests));
    figure(w, N_("Refused for overload"), whole(w, s.refused));
    figure(w, N_("Open connections"), whole(w, (uint64_t)s.connections));
    figure(w, N_("Bytes in and out"),
           say(w, N_("{0} in, {1} out"), bytes_text(w, s.bytes_in), bytes_text(w, s.bytes_out)));
    w->page.chart_width = CHART_WIDTH;
    w->page.chart_height = CHART_HEIGHT;
    if (all == 0) return;
    draw_bars(w, &s, all);
    w->page.p50 = time_text(w, at_per_mille(&s, all, 500));
    w->page.p99 = time_text(w, at_per_mille(&s, all, 990));
}

enum outcome admin_health(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct drawing w = {.rq = rq, .a = rq->arena};
    w.page.frame.is_wide = true;
    figure(&w, N_("Version"), str_from(motcua_version));
    figure(&w, N_("Running for"), uptime_text(&w, clock_now() - rq->app->started_at));
    look_at_disk(&w);
    look_at_store(&w);
    TRY(store_read_begin(rq->app->store, rq->arena, &tx, why));
    TRY(look_at_journal(&w, tx, why));
    TRY(look_at_messages(&w, why));
    look_at_images(&w);
    TRY(look_at_followers(&w, tx, why));
    look_at_requests(&w);
    w.page.findings = w.findings.at;
    w.page.findings_count = w.findings.count;
    w.page.figures = w.figures.at;
    w.page.figures_count = w.figures.count;
    page_reply(rq, 200, "admin/health", &w.page);
    return OK;
}
