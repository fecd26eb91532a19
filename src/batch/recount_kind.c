#include "batch/recount_kind.h"

#include "base/auto.h"
#include "base/json.h"

enum { PARAMETER_BYTES = 256, AGENCIES_AT_ONCE = 256, CALENDARS_MOST = 512, BEGIN_MOST = 50 };

/* ---- the kind ---- */

static struct str title(struct arena *a, enum language l, const struct batch *b, yyjson_val *parameters)
{
    (void)b;
    return fail_fill(a, translate(l, N_("Count deadlines anew by the calendar “{0}”")),
                     (const struct str[FAIL_ARGS]){json_str(parameters, "calendar")});
}

static enum outcome prepare(const struct batch_run *run, const struct batch_item *item, struct batch_call *out,
                            struct fail *why)
{
    struct recount *r = ARENA_NEW(run->arena, struct recount);
    TRY(recount_prepare(run->desk, run->tx, run->arena, item->subject, r, why));
    r->actor = run->batch->actor;
    *out = (struct batch_call){.command = dossier_recount, .in = r};
    return OK;
}

typedef enum outcome each_agency_fn(void *context, int64_t agency, const struct calendar *calendar, struct fail *why);

/* Every agency that ever had work, with the calendar that it works by today. */
static enum outcome each_agency(const struct desk *desk, struct tx *tx, each_agency_fn *each, void *context,
                                struct fail *why)
{
    int64_t ids[AGENCIES_AT_ONCE], after = 0;
    size_t count;
    do {
        TRY(agencies_with_work(tx, after, AGENCIES_AT_ONCE, ids, &count, why));
        for (size_t i = 0; i < count; i++) {
            const struct calendar *calendar;
            TRY(agency_calendar_of(desk->calendars, tx, after = ids[i], day_of(clock_now()), &calendar, why));
            TRY(each(context, ids[i], calendar, why));
        }
    } while (count == AGENCIES_AT_ONCE);
    return OK;
}

struct listing_context {
    struct tx *tx;
    struct str name;
    batch_found_fn *found_one;
    void *found;
};

static enum outcome list_of_agency(void *context, int64_t agency, const struct calendar *calendar, struct fail *why)
{
    struct listing_context *c = context;
    if (!str_eq(calendar_name(calendar), c->name)) return OK;
    struct str version = sha256_format(tx_arena(c->tx), calendar_version(calendar));
    return recount_find(c->tx, agency, version, c->found_one, c->found, why);
}

static enum outcome list(const struct batch_run *run, batch_found_fn *found_one, void *found, struct fail *why)
{
    struct listing_context c = {run->tx, json_str(run->parameters, "calendar"), found_one, found};
    const struct calendar *calendar;
    TRY(calendars_settled(run->desk->calendars, run->tx, c.name, &calendar, why));
    calendars_forget(run->desk->calendars); /* who works by it may be what has just changed */
    return each_agency(run->desk, run->tx, list_of_agency, &c, why);
}

const struct batch_kind recount_kind = {"recount", title, prepare, list};

/* ---- what starts it ---- */

static enum outcome begin(struct tx *tx, struct actor actor, struct str name, struct batch_started *out,
                          struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, PARAMETER_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "calendar", name);
    jw_close(&w);
    const struct batch_new in = {.kind = recount_kind.name, .actor = actor, .parameters = buf_str(&text)};
    return batch_start(tx, &in, out, why);
}

enum outcome recount_after_change(struct tx *tx, struct actor actor, struct str name, struct fail *why)
{
    struct batch_started started;
    return begin(tx, actor, name, &started, why);
}

static enum outcome begin_for(struct tx *tx, struct actor actor, int64_t agency, struct batch_started *out,
                              struct fail *why)
{
    struct agency_calendar found;
    TRY(agency_calendar_find(tx, agency, day_of(tx_now(tx)), &found, why));
    return begin(tx, actor, found.name.len > 0 ? found.name : STR(STANDARD_CALENDAR), out, why);
}

static enum outcome begin_some(struct tx *tx, const void *in, void *out, struct fail *why)
{
    int64_t agencies[BEGIN_MOST];
    struct batch_started started;
    (void)in; /* it is a matter of time alone */
    TRY(agency_calendars_begun(tx, BEGIN_MOST, agencies, out, why));
    for (size_t i = 0; i < *(size_t *)out; i++) TRY(begin_for(tx, (struct actor){0}, agencies[i], &started, why));
    return OK;
}

enum outcome agency_calendars_begin(const struct desk *desk, struct fail *why)
{
    size_t begun;
    do {
        TRY(store_run(desk->store, begin_some, NULL, &begun, why));
        if (begun > 0) calendars_forget(desk->calendars);
    } while (begun == BEGIN_MOST);
    return OK;
}

enum outcome agency_calendar_change(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct agency_calendar_set *in = input;
    struct batch_started *out = output;
    *out = (struct batch_started){0};
    TRY(agency_calendar_set(tx, in, NULL, why));
    return in->valid_from > day_of(tx_now(tx)) ? OK : begin_for(tx, in->actor, in->agency, out, why);
}

/* ---- what it would change ---- */

struct weighing {
    struct tx *tx;
    const struct calendar *in_use[CALENDARS_MOST], *planned[CALENDARS_MOST]; /* pairs of one name */
    size_t count;
    int64_t most;
    struct recount_effect *effect;
};

static enum outcome weigh_agency(void *context, int64_t agency, const struct calendar *calendar, struct fail *why)
{
    struct weighing *w = context;
    for (size_t i = 0; i < w->count; i++)
        if (w->in_use[i] == calendar && !w->effect->is_more)
            return recount_effect(w->tx, agency, calendar, w->planned[i], w->most, w->effect, why);
    return OK;
}

/* The calendars laid over the planned one, as they would be. */
static enum outcome plan_those_above(const struct desk *desk, struct weighing *w, struct fail *why)
{
    struct calendar_in_use *all;
    size_t count;
    struct arena *a = tx_arena(w->tx);
    TRY(calendars_in_use(w->tx, &all, &count, why));
    for (size_t i = 0; i < count && w->count < CALENDARS_MOST; i++) {
        struct str base;
        TRY(calendar_base_name(a, all[i].text, &base, why));
        if (!str_eq(base, calendar_name(w->planned[0]))) continue;
        w->in_use[w->count] = calendars_current(desk->calendars, all[i].name);
        TRY(calendar_parse(a, all[i].text, w->planned[0], &w->planned[w->count], why));
        w->count++;
    }
    return OK;
}

enum outcome recount_weigh(const struct desk *desk, struct tx *tx, const struct calendar *planned, int64_t most,
                           struct recount_effect *out, struct fail *why)
{
    struct weighing *w = ARENA_NEW(tx_arena(tx), struct weighing);
    *out = (struct recount_effect){0};
    *w = (struct weighing){.tx = tx, .most = most, .effect = out};
    w->in_use[0] = calendars_current(desk->calendars, calendar_name(planned));
    w->planned[0] = planned;
    if (w->in_use[0] == NULL) return OK; /* a new name: nobody works by it yet */
    w->count = 1;
    TRY(plan_those_above(desk, w, why));
    return each_agency(desk, tx, weigh_agency, w, why);
}
