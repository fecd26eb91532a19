#include "dossier/inbox.h"

#include "agency/agency_calendar.h"
#include "base/parse.h"
#include "dossier/dossier_view.h"

/* The words of an address: the tab, whose, due when; in this order. */
static const struct str tab_words[INBOX_TAB_COUNT] = {
    [TAB_RECEIVE] = STR_INIT("moi"),
    [TAB_IN_HAND] = STR_INIT("dang-lam"),
    [TAB_RETURN] = STR_INIT("cho-tra"),
    [TAB_WAITING] = STR_INIT("cho"),
};
static const struct str holder_words[] = {
    [INBOX_ANY] = STR_INIT(""),
    [INBOX_MINE] = STR_INIT("cua-toi"),
    [INBOX_NOBODYS] = STR_INIT("chua-giao"),
    [INBOX_OFFICE] = STR_INIT("ca-co-quan"),
};
static const struct str officer_word = STR_INIT("can-bo-"); /* and the number of the account */
static const struct str range_words[DUE_RANGE_COUNT] = {
    [RANGE_LATE] = STR_INIT("qua-han"),
    [RANGE_TODAY] = STR_INIT("hom-nay"),
    [RANGE_TOMORROW] = STR_INIT("ngay-mai"),
    [RANGE_THREE_DAYS] = STR_INIT("3-ngay"),
};

/* The place of the word; 0 when it is not there. */
static size_t find_word(const struct str *words, size_t count, struct str word)
{
    for (size_t i = 1; i < count; i++)
        if (str_eq(words[i], word)) return i;
    return 0;
}

static void take_officer(struct str word, struct inbox_view *v)
{
    uint64_t officer;
    if (!str_starts(word, officer_word)) return;
    if (!parse_u64(str_part(word, officer_word.len, word.len), &officer) || officer > INT64_MAX) return;
    v->holder = INBOX_OFFICER;
    v->officer = (int64_t)officer;
}

static struct str holder_word(struct arena *a, struct inbox_view v)
{
    if (v.holder != INBOX_OFFICER) return holder_words[v.holder];
    return str_format(a, "%.*s%lld", STR_ARG(officer_word), (long long)v.officer);
}

struct inbox_view inbox_view_parse(struct str text)
{
    struct inbox_view v = {0};
    while (text.len > 0) {
        struct str word, rest = STR_NONE;
        if (!str_cut(text, '.', &word, &rest)) word = text;
        size_t tab = find_word(tab_words, LENGTH(tab_words), word);
        size_t holder = find_word(holder_words, LENGTH(holder_words), word);
        size_t range = find_word(range_words, LENGTH(range_words), word);
        if (tab > 0) v.tab = (enum inbox_tab)tab;
        if (holder > 0) v.holder = (enum inbox_holder)holder;
        if (range > 0) v.range = (enum due_range)range;
        take_officer(word, &v);
        text = rest;
    }
    return v;
}

struct str inbox_view_format(struct arena *a, struct inbox_view v)
{
    const struct str words[] = {tab_words[v.tab], holder_word(a, v), range_words[v.range]};
    struct str parts[LENGTH(words)];
    size_t count = 0;
    for (size_t i = 0; i < LENGTH(words); i++)
        if (words[i].len > 0) parts[count++] = words[i];
    return str_join(a, STR("."), parts, count);
}

struct str inbox_view_address(struct arena *a, struct inbox_view v, struct str cursor)
{
    struct str view = inbox_view_format(a, v), parts[2] = {0};
    size_t count = 0;
    if (view.len > 0) parts[count++] = str_format(a, "loc=%.*s", STR_ARG(view));
    if (cursor.len > 0) parts[count++] = str_format(a, "cursor=%.*s", STR_ARG(html_query_value(a, cursor)));
    struct str query = str_join(a, STR("&"), parts, count);
    return count == 0 ? STR("/viec") : str_format(a, "/viec?%.*s", STR_ARG(query));
}

/* ---- where one is at work ---- */

enum { SPOT_BYTES = 120 };

/* "loc=" of the address that led here; the view and the cursor are written without escapes. */
static struct str said_there(struct str address, struct str name)
{
    ptrdiff_t at = str_find(address, name, 0);
    if (at < 0) return STR_NONE;
    struct str said = str_part(address, (size_t)at + name.len, SPOT_BYTES);
    ptrdiff_t end = str_find(said, STR("&"), 0);
    return end < 0 ? said : str_part(said, 0, (size_t)end);
}

/* Base64url, as cursors are. */
static bool is_cursor(struct str text)
{
    bool is_one = text.len > 0 && text.len <= SPOT_BYTES;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        is_one &= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
    return is_one;
}

struct inbox_spot inbox_spot_of(struct request *rq)
{
    struct str from = request_header(rq, "referer");
    struct str view = request_query(rq, "loc"), cursor = request_query(rq, "tu");
    bool is_from_inbox = str_has(from, STR("/viec?"));
    if (view.len == 0 && cursor.len == 0) {
        view = request_form(rq, "loc");
        cursor = request_form(rq, "tu");
    }
    if (view.len == 0 && cursor.len == 0 && (is_from_inbox || str_has(from, STR("/ho-so/")))) {
        view = said_there(from, STR("loc="));
        cursor = said_there(from, is_from_inbox ? STR("cursor=") : STR("tu="));
    }
    return (struct inbox_spot){inbox_view_format(rq->arena, inbox_view_parse(view)),
                               is_cursor(cursor) ? cursor : STR_NONE};
}

struct str inbox_spot_address(struct arena *a, struct inbox_spot s)
{
    return inbox_view_address(a, inbox_view_parse(s.view), s.cursor);
}

/* ---- what a view shows ---- */

struct due_bounds inbox_bounds(const struct request *rq)
{
    AUTO_READ struct tx *tx = NULL;
    const struct desk *desk = app_desk(rq->app);
    const struct calendar *calendar = NULL;
    struct fail ignored;
    fail_init(&ignored, rq->arena);
    if (store_read_begin(desk->store, rq->arena, &tx, &ignored) != OK ||
        agency_calendar_of(desk->calendars, tx, rq->visitor.agency, day_of(clock_now()), &calendar, &ignored) != OK)
        calendar = calendars_standard(desk->calendars);
    return due_bounds_of(calendar, clock_now());
}

/* The first and the last moment of a range. */
static void narrow(struct inbox_query *q, enum due_range range, const struct due_bounds *b)
{
    const instant_t ends[] = {[RANGE_LATE] = b->now - 1,
                              [RANGE_TODAY] = b->today,
                              [RANGE_TOMORROW] = b->tomorrow,
                              [RANGE_THREE_DAYS] = b->three_days};
    if (range == RANGE_ANY) return;
    q->due_before = ends[range] + 1;
    if (range != RANGE_LATE) q->due_from = range == RANGE_TOMORROW ? b->today + 1 : b->now;
}

struct inbox_query inbox_query_of_view(const struct request *rq, struct inbox_view v, size_t most,
                                       const struct due_bounds *bounds)
{
    struct inbox_query q = {.who = standing_of(rq), .most = most, .holder = v.holder, .officer = v.officer};
    if (v.tab == TAB_WAITING)
        q.is_of_others = true;
    else if (v.tab != TAB_ALL)
        q.stage = (int)v.tab;
    narrow(&q, v.range, bounds);
    return q;
}

struct inbox_query inbox_query_of(const struct request *rq, struct str view, size_t most)
{
    struct due_bounds bounds = inbox_bounds(rq);
    return inbox_query_of_view(rq, inbox_view_parse(view), most, &bounds);
}

/* ---- what is chosen ---- */

struct str inbox_chosen_format(struct arena *a, const struct dossier *d)
{
    return str_format(a, "%.*s@%lld", STR_ARG(d->code), (long long)d->version);
}

bool inbox_chosen_parse(struct str text, struct str *out_code, int64_t *out_version)
{
    struct str version;
    uint64_t n;
    if (!str_cut(text, '@', out_code, &version) || out_code->len == 0) return false;
    if (!parse_u64(version, &n) || n > INT64_MAX) return false;
    *out_version = (int64_t)n;
    return true;
}
