#include "dossier/recount.h"

#include "agency/agency_calendar.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/list.h"
#include "dossier/dossier_store.h"
#include "queries.h"

enum { PAYLOAD_BYTES = 4096, PORTION = 500 };

/* While it is worked on or waits; what is new has no deadline yet, what is done keeps the one it had. */
static const enum status open_statuses[] = {STATUS_RECEIVED, STATUS_IN_HAND, STATUS_SUPPLEMENT, STATUS_PAYMENT};

static bool has_clock(const struct dossier *d)
{
    return d->finished_at == INSTANT_NONE && (d->due_at != INSTANT_NONE || d->held_due != INSTANT_NONE);
}

/* The deadline as it is, running or standing. */
static struct clock_state clock_of(const struct dossier *d)
{
    bool is_held = d->held_due != INSTANT_NONE;
    return (struct clock_state){
        {is_held ? d->held_due : d->due_at, d->is_provisional},
        is_held ? d->held_at : INSTANT_NONE
    };
}

/* ---- the life of the clock, from the journal ---- */

struct life {
    struct arena *a;
    const struct step_table *table;
    LIST(struct clock_event) events;
    LIST(size_t) counts; /* of events after each act, so that undoing one takes its events away */
    instant_t due;       /* after the last entry; INSTANT_NONE: none */
};

static enum clock_rule rule_of(const struct step_table *t, struct str step)
{
    int at = process_step(t, step);
    return at == STEP_END ? CLOCK_RUNS : t->steps[at].clock;
}

static void add_event(struct life *l, enum clock_event_kind kind, instant_t at, day_t until)
{
    LIST_PUSH(l->a, l->events) = (struct clock_event){kind, at, until};
}

/* What an act did to the clock shows in the deadline before and after it. */
static void add_change(struct life *l, const struct journal_entry *e, yyjson_val *payload, instant_t due)
{
    struct fail ignored;
    day_t until;
    fail_init(&ignored, l->a);
    bool was_held = rule_of(l->table, json_str(payload, "step_before")) == CLOCK_HOLD;
    if (due == l->due) return;
    if (due == INSTANT_NONE)
        add_event(l, CLOCK_STOOD, e->at, 0);
    else if (l->due == INSTANT_NONE)
        add_event(l, was_held ? CLOCK_WENT_ON : CLOCK_BEGAN, e->at, 0);
    else if (day_parse(json_str(payload, "until"), &until, &ignored) == OK)
        add_event(l, CLOCK_SET, e->at, until);
    else
        add_event(l, CLOCK_BEGAN, e->at, 0);
}

static enum outcome add_entry(struct life *l, const struct journal_entry *e, struct fail *why)
{
    yyjson_val *payload;
    struct fail ignored;
    instant_t due = INSTANT_NONE;
    fail_init(&ignored, l->a);
    TRY(json_read(l->a, e->payload.len > 0 ? e->payload : STR("{}"), &payload, why));
    struct str text = json_str(payload, "due_at");
    if (text.len > 0 && instant_parse(text, &due, &ignored) != OK) due = INSTANT_NONE;
    bool is_recount = action_of_system(e->act) != NULL;
    if (str_eq(e->act, STR("undo")) && l->counts.count > 0) {
        l->counts.count--;
        l->events.count = l->counts.count > 0 ? l->counts.at[l->counts.count - 1] : 0;
    } else if (!is_recount) {
        add_change(l, e, payload, due);
        LIST_PUSH(l->a, l->counts) = l->events.count;
    }
    if (!is_recount || json_get(payload, "due_at") != NULL) l->due = due;
    return OK;
}

static enum outcome read_life(struct tx *tx, struct life *l, int64_t dossier, struct fail *why)
{
    struct journal_entry *entries;
    size_t count;
    l->due = INSTANT_NONE;
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, dossier, &entries, &count, why));
    for (size_t i = 0; i < count; i++) TRY(add_entry(l, &entries[i], why));
    return OK;
}

static bool is_same(const struct clock_state *a, const struct clock_state *b)
{
    return a->due.at == b->due.at && a->held_at == b->held_at;
}

/* The journal explains a deadline when it gives the present one by the calendar that this was counted by. */
static enum outcome count_life(struct tx *tx, const struct dossier *d, const struct step_table *table,
                               struct recount *out, struct fail *why)
{
    struct life life = {.a = tx_arena(tx), .table = table};
    struct clock_state now = clock_of(d), by_before;
    TRY(read_life(tx, &life, d->id, why));
    TRY(calendar_replay(out->before, d->term, life.events.at, life.events.count, &by_before, why));
    out->is_explained = is_same(&by_before, &now);
    if (!out->is_explained) return OK;
    return calendar_replay(out->after, d->term, life.events.at, life.events.count, &out->state, why);
}

enum outcome recount_prepare(const struct desk *desk, struct tx *tx, struct arena *a, int64_t dossier,
                             struct recount *out, struct fail *why)
{
    struct dossier d;
    const struct step_table *table;
    TRY(dossier_load(tx, dossier, &d, why));
    *out = (struct recount){.dossier = dossier, .version = d.version, .version_before = str_dup(a, d.calendar_version)};
    TRY(agency_calendar_of(desk->calendars, tx, d.agency, day_of(clock_now()), &out->after, why));
    out->version_after = sha256_format(a, calendar_version(out->after));
    if (!has_clock(&d) || d.calendar_version.len == 0 || str_eq(d.calendar_version, out->version_after)) return OK;
    TRY(process_get(desk->processes, tx, d.process_version, &table, why));
    int step = dossier_step(&d, table);
    if (step != STEP_END) out->within = table->steps[step].within;
    TRY(calendars_get(desk->calendars, tx, d.calendar_version, &out->before, why));
    return count_life(tx, &d, table, out, why);
}

/* ---- the command ---- */

/* Somebody acted since it was read, or the journal does not say: what is left now stays left. */
static struct clock_state carried(const struct recount *in, const struct dossier *d, instant_t now)
{
    struct clock_state s = clock_of(d);
    s.due = calendar_carry(in->before, in->after, d->term, s.due.at, s.held_at != INSTANT_NONE ? s.held_at : now);
    return s;
}

static enum outcome note(struct tx *tx, const struct recount *in, const struct dossier *d, const struct recounted *done,
                         struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, PAYLOAD_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_str(&w, "calendar", in->version_after);
    jw_put_str(&w, "calendar_before", in->version_before);
    jw_put_instant(&w, "due_after", done->after);
    jw_put_instant(&w, "due_at", d->due_at);
    jw_put_instant(&w, "due_before", done->before);
    jw_put_int(&w, "status", d->status);
    jw_put_int(&w, "status_before", d->status);
    jw_put_str(&w, "step", d->step);
    jw_put_str(&w, "step_before", d->step);
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_DOSSIER,
                          .subject = d->id,
                          .version = d->version,
                          .act = done->is_moved ? "move-due" : "keep-due",
                          .actor = in->actor,
                          .payload = buf_str(&text)};
    return journal_append(tx, &entry, NULL, why);
}

static enum outcome move_in_list(struct tx *tx, const struct recount *in, struct dossier *d, struct fail *why)
{
    if (d->list_due == INSTANT_NONE || d->due_at == INSTANT_NONE) return OK;
    int64_t due = dossier_worklist_due(d, in->after);
    if (due == d->list_due) return OK;
    instant_t since;
    TRY(worklist_remove(tx, d->queue, d->list_due, d->id, &since, why));
    d->list_due = due;
    const struct worklist_row row = {d->queue, due, d->id, d->holder, work_stage_of(d), since};
    return worklist_add(tx, &row, why);
}

static enum outcome save(struct tx *tx, const struct recount *in, struct dossier *d, const struct clock_state *s,
                         struct fail *why)
{
    struct due step;
    int64_t read_version = d->version++;
    if (s->held_at != INSTANT_NONE)
        d->held_due = s->due.at;
    else
        d->due_at = s->due.at;
    d->is_provisional = s->due.is_provisional;
    d->calendar_version = in->version_after;
    /* Papers are handed over within hours: nobody's calendar changes so fast. */
    bool is_online = str_eq(d->channel, STR("online"));
    if (is_online && d->step_due != INSTANT_NONE && d->step_since != INSTANT_NONE && in->within.unit != TERM_NONE) {
        TRY(calendar_due(in->after, d->step_since, in->within, &step, why));
        d->step_due = step.at;
    }
    TRY(move_in_list(tx, in, d, why));
    return dossier_save(tx, d, read_version, why);
}

enum outcome dossier_recount(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct recount *in = input;
    struct recounted done = {false, false, INSTANT_NONE, INSTANT_NONE};
    struct dossier d;
    TRY(dossier_load(tx, in->dossier, &d, why));
    if (in->before != NULL && has_clock(&d) && str_eq(d.calendar_version, in->version_before)) {
        struct clock_state was = clock_of(&d);
        bool is_known = in->is_explained && d.version == in->version;
        struct clock_state is = is_known ? in->state : carried(in, &d, tx_now(tx));
        done = (struct recounted){true, is.due.at != was.due.at, was.due.at, is.due.at};
        TRY(save(tx, in, &d, &is, why));
        TRY(note(tx, in, &d, &done, why));
    }
    if (output != NULL) *(struct recounted *)output = done;
    return OK;
}

/* ---- which ones ---- */

typedef bool each_clock_fn(void *context, const struct row *r); /* false: enough */

static enum outcome each_clock(struct tx *tx, int64_t agency, each_clock_fn *each, void *context, struct fail *why)
{
    for (size_t s = 0; s < LENGTH(open_statuses); s++) {
        struct rows rows = {0};
        int64_t after = 0;
        do {
            TRY(store_all(tx, Q_DOSSIER_WITH_CLOCK,
                          VALUES(v_int(agency), v_int(open_statuses[s]), v_int(after), v_int(PORTION)), &rows, why));
            for (size_t i = 0; i < rows.count; i++) {
                after = row_int(&rows.at[i], 0);
                if (!each(context, &rows.at[i])) return OK;
            }
        } while (rows.count == PORTION);
    }
    return OK;
}

struct finding {
    struct str version;
    recount_found_fn *found_one;
    void *found;
};

static bool find_one(void *context, const struct row *r)
{
    struct finding *f = context;
    struct str version = row_str(r, 5);
    if (version.len > 0 && !str_eq(version, f->version)) f->found_one(f->found, row_int(r, 0));
    return true;
}

enum outcome recount_find(struct tx *tx, int64_t agency, struct str version, recount_found_fn *found_one, void *found,
                          struct fail *why)
{
    struct finding f = {version, found_one, found};
    return each_clock(tx, agency, find_one, &f, why);
}

struct weighing {
    const struct calendar *in_use, *planned;
    instant_t now;
    int64_t most;
    struct recount_effect *effect;
};

static bool weigh_one(void *context, const struct row *r)
{
    struct weighing *w = context;
    struct fail ignored = {0};
    struct term t;
    bool is_held = !row_is_null(r, 3);
    instant_t due = row_instant(r, is_held ? 3 : 1);
    if (w->effect->open == w->most) {
        w->effect->is_more = true;
        return false;
    }
    w->effect->open++;
    if (term_parse(row_str(r, 4), &t, &ignored) != OK) return true;
    struct due after = calendar_carry(w->in_use, w->planned, t, due, is_held ? row_instant(r, 2) : w->now);
    w->effect->moved += after.at != due;
    return true;
}

enum outcome recount_effect(struct tx *tx, int64_t agency, const struct calendar *in_use,
                            const struct calendar *planned, int64_t most, struct recount_effect *effect,
                            struct fail *why)
{
    struct weighing w = {in_use, planned, clock_now(), most, effect};
    return each_clock(tx, agency, weigh_one, &w, why);
}
