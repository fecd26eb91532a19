#include "progress/reminder.h"

#include <string.h>

#include "agency/agency_calendar.h"
#include "agency/post.h"
#include "base/auto.h"
#include "base/json.h"
#include "base/parse.h"
#include "dossier/apology.h"
#include "dossier/dossier.h"
#include "dossier/dossier_brief.h"
#include "dossier/dossier_clock.h"
#include "queries.h"

/* FEW: so many colleagues are told together; more would make it nobody's business, and the leader is told. */
enum { PORTION = 64, PORTIONS_MOST = 100, FEW = 5, TOLD_MOST = 16, KINDS_MOST = BEFORE_MOST + 6, ABOVE_MOST = 8 };
enum { PAYLOAD_BYTES = 4096, ARENA_BYTES = 64 << 20 };

enum outcome reminder_rules_parse(struct str days, int64_t escalate_days, struct reminder_rules *out, struct fail *why)
{
    struct str rest = days, word;
    *out = (struct reminder_rules){.escalate_days = escalate_days};
    while (str_trim(rest).len > 0) {
        int n;
        if (!str_cut(str_trim(rest), ' ', &word, &rest)) rest = STR("");
        if (!parse_int(word, 1, 60, &n) || out->before_count == BEFORE_MOST)
            return fail(why, ERR_INVALID,
                        N_("Setting {0} is up to four numbers of working days, such as “2 1”, not “{1}”."),
                        STR("remind-days"), days);
        out->before[out->before_count++] = n;
    }
    return OK;
}

/* ---- planning: the follower ---- */

/* Payloads are canonical JSON of this program's: a text cannot hold these bytes, its quotes are escaped. */
static bool tells_deadline(struct str payload)
{
    return str_has(payload, STR("\"due_at\":"));
}

static bool has_deadline(struct str payload)
{
    return str_has(payload, STR("\"due_at\":\""));
}

static enum outcome take(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    if (e->subject_kind != SUBJECT_DOSSIER || str_eq(e->act, STR("remind")) || str_eq(e->act, STR("escalate")))
        return OK;
    if (has_deadline(e->payload)) return store_do(tx, Q_REMINDER_PLAN_RESET, VALUES(v_int(e->subject)), NULL, why);
    if (!tells_deadline(e->payload)) return OK;   /* a message or a note: the clock runs on */
    if (str_eq(e->act, STR("submit"))) return OK; /* nothing runs yet */
    TRY(apology_drop(tx, e->subject, why));
    return store_do(tx, Q_REMINDER_PLAN_DROP, VALUES(v_int(e->subject)), NULL, why);
}

const struct follower reminder_follower = {"reminder", take, N_("Reminders of deadlines")};

/* ---- the moments of one deadline ---- */

enum whom { TO_HOLDER, TO_LEADER, TO_ABOVE };

struct moment {
    struct str kind;
    instant_t at;
    enum whom whom;
    bool is_before; /* has a meaning only until the deadline */
};

struct moments {
    struct moment at[KINDS_MOST];
    size_t count;
};

static void add_moment(struct moments *m, struct str kind, instant_t at, enum whom whom, bool is_before)
{
    m->at[m->count++] = (struct moment){kind, at, whom, is_before};
}

/* The opening of the working day that lies so many working days before; of a day off, its beginning. */
static instant_t opening_before(const struct calendar *c, day_t d, int days)
{
    while (days > 0 && !calendar_is_working_day(c, d)) d--;
    for (; days > 0; days--) do
            d--;
        while (!calendar_is_working_day(c, d));
    instant_t open = calendar_day_open(c, d);
    return open != INSTANT_NONE ? open : day_start(d);
}

/* The last working morning on which an extension is still possible. */
static instant_t apology_moment(const struct calendar *c, const struct dossier *d)
{
    instant_t last = clock_extension_last(d);
    if (last == INSTANT_NONE) return INSTANT_NONE;
    day_t day = day_of(last);
    while (!calendar_is_working_day(c, day)) day--;
    return calendar_day_open(c, day);
}

static void moments_of(struct arena *a, const struct calendar *c, const struct dossier *d,
                       const struct reminder_rules *rules, struct moments *out)
{
    day_t last = day_of(d->due_at - 1);
    out->count = 0;
    for (size_t i = 0; i < rules->before_count; i++)
        add_moment(out, str_format(a, "before-%d", rules->before[i]), opening_before(c, last, rules->before[i]),
                   TO_HOLDER, true);
    add_moment(out, STR("apology"), apology_moment(c, d), TO_HOLDER, true);
    add_moment(out, STR("due"), opening_before(c, last, 0), TO_HOLDER, true);
    add_moment(out, STR("late"), d->due_at + 1, TO_HOLDER, false);
    add_moment(out, STR("leader"), d->due_at + 1, TO_LEADER, false);
    add_moment(out, STR("above"), calendar_add_working(c, d->due_at, rules->escalate_days * WORKING_DAY_US), TO_ABOVE,
               false);
}

/* ---- one dossier ---- */

/* What is said of it now. */
struct saying {
    struct str kind;
    enum whom whom;
    int64_t to[TOLD_MOST];
    size_t to_count;
};

struct reminding {
    int64_t dossier, version;
    instant_t due, planned_at, next; /* next INSTANT_NONE: the plan ends */
    struct saying sayings[KINDS_MOST];
    size_t count;
    bool has_apology;
    struct apology apology;
};

struct looking {
    const struct desk *desk;
    struct tx *tx;
    struct arena *a;
    const struct reminder_rules *rules;
    instant_t now;
};

static bool is_said(const struct rows *said, struct str kind)
{
    for (size_t i = 0; i < said->count; i++)
        if (str_eq(row_str(&said->at[i], 0), kind)) return true;
    return false;
}

static void tell(struct saying *s, int64_t account)
{
    for (size_t i = 0; i < s->to_count; i++)
        if (s->to[i] == account) return;
    if (s->to_count < TOLD_MOST) s->to[s->to_count++] = account;
}

/* The leaders of an agency; when it has none, of the nearest above. */
static enum outcome tell_leaders(const struct looking *l, int64_t agency, struct saying *s, struct fail *why)
{
    for (int i = 0; i < ABOVE_MOST && agency != 0 && s->to_count == 0; i++) {
        struct post *posts;
        struct agency at;
        size_t count;
        TRY(posts_of_agency(l->tx, agency, STR("leader"), day_of(l->now), &posts, &count, why));
        for (size_t n = 0; n < count; n++) tell(s, posts[n].account);
        TRY(agency_load(l->tx, agency, &at, why));
        agency = at.parent;
    }
    return OK;
}

/* Who could take it: the posts that serve its queue. */
static enum outcome tell_servers(const struct looking *l, const struct dossier *d, struct saying *s, struct fail *why)
{
    struct queue queue;
    struct post *posts;
    size_t count, serving = 0;
    if (d->queue == 0) return tell_leaders(l, d->agency, s, why);
    TRY(queue_load(l->tx, d->queue, &queue, why));
    TRY(posts_of_agency(l->tx, d->agency, queue.role, day_of(l->now), &posts, &count, why));
    for (size_t i = 0; i < count; i++) {
        struct str group = posts[i].procedure_group;
        bool serves = group.len == 0 || queue.procedure_group.len == 0 || str_eq(group, queue.procedure_group);
        if (serves) posts[serving++] = posts[i];
    }
    if (serving == 0 || serving > FEW) return tell_leaders(l, d->agency, s, why);
    for (size_t i = 0; i < serving; i++) tell(s, posts[i].account);
    return OK;
}

static enum outcome choose_people(const struct looking *l, const struct dossier *d, struct saying *s, struct fail *why)
{
    struct agency agency;
    if (s->whom == TO_HOLDER && d->holder != 0) {
        tell(s, d->holder);
        return OK;
    }
    if (s->whom == TO_HOLDER) return tell_servers(l, d, s, why);
    if (s->whom == TO_LEADER) return tell_leaders(l, d->agency, s, why);
    TRY(agency_load(l->tx, d->agency, &agency, why));
    return tell_leaders(l, agency.parent, s, why);
}

static enum outcome say(const struct looking *l, const struct dossier *d, const struct moment *m, struct reminding *out,
                        struct fail *why)
{
    struct saying *s = &out->sayings[out->count++];
    *s = (struct saying){.kind = m->kind, .whom = m->whom};
    return choose_people(l, d, s, why);
}

/* It will not make it: whoever examines has it still, and the one extension is still possible. */
static bool needs_apology(const struct looking *l, const struct dossier *d, const struct step_table *table)
{
    int step = dossier_step(d, table);
    return step != STEP_END && str_eq(table->steps[step].role, STR("specialist")) &&
           process_exit(table, step, STR("extend")) != NULL && d->extensions < dossier_rules(d)->extensions_most &&
           l->now <= clock_extension_last(d);
}

static enum outcome draft_apology(const struct looking *l, const struct dossier *d, const struct calendar *c,
                                  struct reminding *out, struct fail *why)
{
    const struct step_table *table;
    TRY(process_get(l->desk->processes, l->tx, d->process_version, &table, why));
    out->has_apology = needs_apology(l, d, table);
    if (out->has_apology) out->apology = apology_of(l->a, d, c, l->now);
    return OK;
}

/* What has begun, is not said yet and still means something. Of what comes before the deadline only the latest. */
static enum outcome choose_sayings(const struct looking *l, const struct dossier *d, const struct calendar *c,
                                   const struct moments *all, const struct rows *said, struct reminding *out,
                                   struct fail *why)
{
    const struct moment *latest = NULL;
    for (size_t i = 0; i < all->count; i++) {
        const struct moment *m = &all->at[i];
        if (m->at == INSTANT_NONE || m->at > l->now) continue;
        bool is_apology = str_eq(m->kind, STR("apology"));
        bool is_passed = m->is_before && (l->now > d->due_at || (m->at <= d->received_at && !is_apology));
        if (is_passed || is_said(said, m->kind)) continue;
        if (is_apology) TRY(draft_apology(l, d, c, out, why));
        if (m->is_before && !is_apology && (latest == NULL || m->at >= latest->at)) latest = m;
        if (is_apology ? out->has_apology : !m->is_before) TRY(say(l, d, m, out, why));
    }
    if (latest == NULL) return OK;
    for (size_t i = 0; i < all->count; i++) /* a later one was said already: the earlier has no news */
        if (all->at[i].is_before && all->at[i].at > latest->at && is_said(said, all->at[i].kind)) return OK;
    if (!out->has_apology) return say(l, d, latest, out, why);
    out->sayings[out->count++] = (struct saying){.kind = latest->kind}; /* the apology says it already: kept as said */
    return OK;
}

static enum outcome look_at(const struct looking *l, int64_t id, instant_t planned_at, struct reminding *out,
                            struct fail *why)
{
    struct dossier d;
    struct rows said;
    const struct calendar *c;
    struct moments all;
    *out = (struct reminding){.dossier = id, .planned_at = planned_at, .next = INSTANT_NONE};
    enum outcome found = dossier_watch(l->tx, id, &d, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    out->version = d.version;
    if (d.finished_at != INSTANT_NONE || d.due_at == INSTANT_NONE) return OK;
    out->due = d.due_at;
    TRY(agency_calendar_of(l->desk->calendars, l->tx, d.agency, day_of(l->now), &c, why));
    TRY(store_all(l->tx, Q_REMINDER_KINDS, VALUES(v_int(id), v_instant(d.due_at)), &said, why));
    moments_of(l->a, c, &d, l->rules, &all);
    for (size_t i = 0; i < all.count; i++)
        if (all.at[i].at > l->now && (out->next == INSTANT_NONE || all.at[i].at < out->next)) out->next = all.at[i].at;
    return choose_sayings(l, &d, c, &all, &said, out, why);
}

/* ---- the command: a portion of dossiers ---- */

struct remind_input {
    const struct reminding *all;
    size_t count;
};

static enum outcome note(struct tx *tx, const struct reminding *r, const struct dossier *d, const struct saying *s,
                         struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, PAYLOAD_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_instant(&w, "due_at", r->due);
    jw_put_str(&w, "kind", s->kind);
    jw_put_int(&w, "status", d->status);
    jw_put_int(&w, "status_before", d->status);
    jw_put_str(&w, "step", d->step);
    jw_put_str(&w, "step_before", d->step);
    jw_key(&w, "to");
    jw_open(&w, '[');
    for (size_t i = 0; i < s->to_count; i++) jw_str(&w, id_format(tx_arena(tx), s->to[i]));
    jw_close(&w);
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_DOSSIER,
                          .subject = d->id,
                          .version = d->version,
                          .act = s->whom == TO_HOLDER ? "remind" : "escalate",
                          .payload = buf_str(&text)};
    return journal_append(tx, &entry, NULL, why);
}

static enum outcome say_once(struct tx *tx, const struct reminding *r, const struct dossier *d, const struct saying *s,
                             struct fail *why)
{
    int64_t added;
    TRY(store_do(tx, Q_REMINDER_ADD,
                 VALUES(v_int(r->dossier), v_instant(r->due), v_str(s->kind), v_instant(tx_now(tx)),
                        v_int((int64_t)s->to_count)),
                 &added, why));
    return added > 0 && s->to_count > 0 ? note(tx, r, d, s, why) : OK;
}

static enum outcome remind_one(struct tx *tx, const struct reminding *r, struct fail *why)
{
    struct dossier d;
    enum outcome found = dossier_watch(tx, r->dossier, &d, why);
    if (found != OK && found != ERR_MISSING) return found;
    if (found == ERR_MISSING || r->next == INSTANT_NONE)
        TRY(store_do(tx, Q_REMINDER_PLAN_END, VALUES(v_int(r->dossier), v_int(r->planned_at)), NULL, why));
    if (found == ERR_MISSING) return OK;
    if (d.version != r->version) return OK; /* somebody acted: looked at again when the follower has seen it */
    for (size_t i = 0; i < r->count; i++) TRY(say_once(tx, r, &d, &r->sayings[i], why));
    if (r->has_apology) TRY(apology_save(tx, &r->apology, why));
    if (r->next == INSTANT_NONE) return OK;
    return store_do(tx, Q_REMINDER_PLAN_MOVE, VALUES(v_int(r->next), v_int(r->dossier), v_int(r->planned_at)), NULL,
                    why);
}

static enum outcome remind(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct remind_input *in = input;
    (void)output; /* the journal says it */
    for (size_t i = 0; i < in->count; i++) TRY(remind_one(tx, &in->all[i], why));
    return OK;
}

static enum outcome look(const struct desk *desk, const struct reminder_rules *rules, struct arena *a,
                         struct remind_input *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct rows plan;
    struct looking l = {desk, NULL, a, rules, clock_now()};
    TRY(store_read_begin(desk->store, a, &tx, why));
    l.tx = tx;
    TRY(store_all(tx, Q_REMINDER_PLAN_DUE, VALUES(v_int(l.now), v_int(PORTION)), &plan, why));
    struct reminding *all = ARENA_ARRAY(a, struct reminding, plan.count + 1);
    for (size_t i = 0; i < plan.count; i++)
        TRY(look_at(&l, row_int(&plan.at[i], 0), row_int(&plan.at[i], 1), &all[i], why));
    *out = (struct remind_input){all, plan.count};
    return OK;
}

enum outcome reminders_send(const struct desk *desk, const struct reminder_rules *rules, struct fail *why)
{
    for (int i = 0; i < PORTIONS_MOST && !store_is_ending(desk->store); i++) {
        AUTO_ARENA struct arena a;
        struct remind_input in;
        arena_init(&a, ARENA_BYTES);
        TRY(look(desk, rules, &a, &in, why));
        if (in.count > 0) TRY(store_run(desk->store, remind, &in, NULL, why));
        if (in.count < PORTION) return OK;
    }
    return OK;
}
