/* What acts do to the units that are asked, and what their deadlines do. */
#include <string.h>

#include "agency/agency_calendar.h"
#include "agency/post.h"
#include "base/auto.h"
#include "dossier/unit.h"
#include "dossier/unit_store.h"

enum { SILENT_BYTES = 16 * 1024 };

/* A dossier's units while a command changes them. */
struct asking {
    struct tx *tx;
    const struct calendar *calendar;
    struct dossier *d;
    struct unit *units;
    size_t count;
};

static enum outcome load(struct asking *k, struct tx *tx, struct dossier *d, struct fail *why)
{
    *k = (struct asking){.tx = tx, .d = d};
    return units_of(tx, d->id, false, &k->units, &k->count, why);
}

/* ---- one unit's place in the lists ---- */

/* The dossier's own row stands at its due moment; units stand so many microseconds behind theirs, so that no two rows
 * of one queue are the same. */
static enum outcome list(struct asking *k, struct unit *u, struct fail *why)
{
    u->list_due = u->due_at + u->n;
    const struct worklist_row row = {u->queue, u->list_due, k->d->id, u->account, STAGE_IN_HAND, INSTANT_NONE};
    return worklist_add(k->tx, &row, why);
}

static enum outcome unlist(struct asking *k, struct unit *u, struct fail *why)
{
    if (u->list_due == INSTANT_NONE) return OK;
    TRY(worklist_remove(k->tx, u->queue, u->list_due, k->d->id, NULL, why));
    u->list_due = INSTANT_NONE;
    return OK;
}

static bool is_over(const struct unit *u)
{
    return u->answered_at != INSTANT_NONE || u->closed_at != INSTANT_NONE;
}

/* What the office waits for, at the latest; all that lists need to know. */
static void sum_up(struct asking *k)
{
    k->d->units_due = INSTANT_NONE;
    for (size_t i = 0; i < k->count; i++)
        if (!is_over(&k->units[i]) && k->units[i].due_at > k->d->units_due) k->d->units_due = k->units[i].due_at;
}

/* ---- turns ---- */

/* The turn that comes after this one opens; the deadlines behind it follow. */
static enum outcome open_next(struct asking *k, const struct unit *ended, struct fail *why)
{
    instant_t from = tx_now(k->tx);
    bool is_opened = false;
    if (ended->turn == 0) return OK;
    for (size_t i = 0; i < k->count; i++) {
        struct unit *u = &k->units[i];
        if (u->asked_version != ended->asked_version || u->turn <= ended->turn || is_over(u)) continue;
        if (u->time_us > 0) u->due_at = calendar_add_working(k->calendar, from, u->time_us);
        from = u->due_at;
        if (!is_opened) {
            u->opened_at = tx_now(k->tx);
            TRY(list(k, u, why));
        }
        is_opened = true;
        TRY(unit_update(k->tx, k->d->id, u, why));
    }
    return OK;
}

/* ---- asking ---- */

/* An officer of this agency who may answer, or another agency that has one. */
static enum outcome check_unit(struct asking *k, const struct act *in, const struct asked_unit *u, struct fail *why)
{
    struct post *posts;
    size_t count;
    bool can_answer = false;
    if (u->account == 0 && u->agency == k->d->agency) {
        fail_problem(why, STR("/to"), "own-agency",
                     N_("The agency that holds the dossier asks its own officers by their logins."));
        return OK;
    }
    if (u->account != 0 && u->account == in->who.account) {
        fail_problem(why, STR("/to"), "oneself", N_("Nobody asks themselves."));
        return OK;
    }
    for (size_t i = 0; i < k->count; i++)
        if (!is_over(&k->units[i]) && k->units[i].agency == u->agency && k->units[i].account == u->account) {
            fail_problem(why, STR("/to"), "asked-already", N_("One of them is being asked already."));
            return OK;
        }
    day_t today = day_of(tx_now(k->tx));
    if (u->account != 0)
        TRY(posts_of_account(k->tx, u->account, today, &posts, &count, why));
    else
        TRY(posts_of_agency(k->tx, u->agency, STR(UNIT_ROLE), today, &posts, &count, why));
    for (size_t i = 0; i < count; i++)
        can_answer |= posts[i].agency == u->agency && str_eq(posts[i].role, STR(UNIT_ROLE));
    if (!can_answer)
        fail_problem(why, STR("/to"), "nobody-answers", N_("One of them has no specialist who could answer here."));
    return OK;
}

/* The close of the day that was named, or of the next working day. */
static instant_t deadline_of(const struct act *in, const struct asked_unit *u)
{
    const struct calendar *calendar = in->book.calendar;
    return calendar_day_close(calendar,
                              calendar_working_day_from(calendar, u->until != 0 ? u->until : in->input.until));
}

static enum outcome ask_one(struct asking *k, const struct act *in, size_t i, struct unit *u, struct fail *why)
{
    instant_t now = tx_now(k->tx);
    bool is_in_turn = str_eq(in->input.manner, STR("in-turn"));
    *u = (struct unit){.n = k->count > 0 ? k->units[k->count - 1].n + 1 : 1,
                       .agency = in->input.units[i].agency,
                       .account = in->input.units[i].account,
                       .turn = is_in_turn ? (int64_t)i + 1 : 0,
                       .asked_version = k->d->version,
                       .question = in->input.note,
                       .asked_at = now,
                       .asked_by = in->actor.account,
                       .due_at = deadline_of(in, &in->input.units[i]),
                       .opened_at = !is_in_turn || i == 0 ? now : INSTANT_NONE,
                       .list_due = INSTANT_NONE,
                       .answered_at = INSTANT_NONE,
                       .closed_at = INSTANT_NONE};
    if (is_in_turn && in->input.units[i].until == 0)
        u->time_us = calendar_working_us(in->book.calendar, now, u->due_at);
    if (u->time_us > 0 && i > 0)
        u->due_at = calendar_add_working(in->book.calendar, k->units[k->count - 1].due_at, u->time_us);
    TRY(queue_for(k->tx, u->agency, STR(UNIT_ROLE), in->procedure_group, &u->queue, why));
    if (u->opened_at != INSTANT_NONE) TRY(list(k, u, why));
    return unit_insert(k->tx, k->d->id, u, why);
}

enum outcome units_ask(struct tx *tx, const struct act *in, struct dossier *d, struct fail *why)
{
    struct asking k;
    TRY(load(&k, tx, d, why));
    for (size_t i = 0; i < in->input.unit_count; i++) {
        const struct asked_unit *u = &in->input.units[i];
        if (deadline_of(in, u) <= tx_now(tx))
            fail_problem(why, u->until != 0 ? STR("/to") : STR("/until"), "past",
                         N_("The office has closed on that day already."));
        TRY(check_unit(&k, in, u, why));
    }
    TRY(fail_if_problems(why));
    struct unit *all = ARENA_ARRAY(tx_arena(tx), struct unit, k.count + in->input.unit_count + 1);
    if (k.count > 0) memcpy(all, k.units, k.count * sizeof *all);
    k.units = all;
    for (size_t i = 0; i < in->input.unit_count; i++) {
        TRY(ask_one(&k, in, i, &all[k.count], why));
        k.count++;
    }
    sum_up(&k);
    return OK;
}

/* ---- answering ---- */

/* Who was asked by name answers that; else it is the agency's question. */
static struct unit *unit_to_answer(struct asking *k, const struct standing *who)
{
    struct unit *found = NULL;
    for (size_t i = 0; i < k->count; i++) {
        struct unit *u = &k->units[i];
        if (unit_state(u, tx_now(k->tx)) != UNIT_OPEN || !unit_is(u, who)) continue;
        if (found == NULL || (found->account == 0 && u->account != 0)) found = u;
    }
    return found;
}

enum outcome units_answer(struct tx *tx, const struct act *in, struct dossier *d, struct fail *why)
{
    struct asking k;
    TRY(load(&k, tx, d, why));
    k.calendar = in->book.calendar;
    struct unit *u = unit_to_answer(&k, &in->who);
    if (u == NULL) return fail(why, ERR_CONFLICT, N_("The time for an answer has passed."));
    TRY(unlist(&k, u, why));
    u->answered_at = tx_now(tx);
    u->answered_by = in->actor.account;
    u->opinion = in->input.note;
    TRY(unit_update(tx, d->id, u, why));
    TRY(open_next(&k, u, why));
    sum_up(&k);
    return OK;
}

/* ---- leaving and undoing ---- */

static enum outcome close_unit(struct asking *k, struct unit *u, struct str how, struct fail *why)
{
    TRY(unlist(k, u, why));
    u->closed_at = tx_now(k->tx);
    u->closed_version = k->d->version;
    u->closing = how;
    return unit_update(k->tx, k->d->id, u, why);
}

/* Whose deadline passed a moment ago was silent, though nobody has noted it yet. */
static struct str closing_of(const struct unit *u, instant_t now)
{
    return unit_state(u, now) == UNIT_SILENT ? STR("silent") : STR("dropped");
}

enum outcome units_drop(struct tx *tx, struct dossier *d, struct fail *why)
{
    struct asking k;
    if (d->units_due == INSTANT_NONE) return OK;
    TRY(load(&k, tx, d, why));
    for (size_t i = 0; i < k.count; i++)
        if (!is_over(&k.units[i])) TRY(close_unit(&k, &k.units[i], closing_of(&k.units[i], tx_now(tx)), why));
    d->units_due = INSTANT_NONE;
    return OK;
}

static enum outcome reopen(struct asking *k, struct unit *u, struct fail *why)
{
    u->closed_at = INSTANT_NONE;
    u->closed_version = 0;
    u->closing = STR("");
    if (u->opened_at != INSTANT_NONE) TRY(list(k, u, why));
    return unit_update(k->tx, k->d->id, u, why);
}

enum outcome units_undo(struct tx *tx, struct dossier *d, int64_t version, struct fail *why)
{
    struct asking k;
    size_t kept = 0;
    TRY(load(&k, tx, d, why));
    for (size_t i = 0; i < k.count; i++) {
        struct unit *u = &k.units[i];
        if (u->asked_version == version) {
            TRY(unlist(&k, u, why));
            TRY(unit_delete(tx, d->id, u->n, why));
            continue;
        }
        if (u->closed_version == version) TRY(reopen(&k, u, why));
        k.units[kept++] = *u;
    }
    k.count = kept;
    sum_up(&k);
    return OK;
}

/* ---- deadlines ---- */

static enum outcome note_silence(struct asking *k, const struct unit *silent, size_t count, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, SILENT_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_instant(&w, "due_at", k->d->due_at);
    jw_put_int(&w, "status", k->d->status);
    jw_put_str(&w, "step", k->d->step);
    jw_key(&w, "units");
    jw_open(&w, '[');
    for (size_t i = 0; i < count; i++) jw_int(&w, silent[i].n);
    jw_close(&w);
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_DOSSIER,
                          .subject = k->d->id,
                          .version = k->d->version,
                          .act = UNIT_SILENCE,
                          .payload = buf_str(&text)};
    return journal_append(k->tx, &entry, NULL, why);
}

/* Everything of one dossier whose deadline has passed; the version grows, because its form of yesterday is not the
 * dossier of today. */
static enum outcome expire_dossier(struct tx *tx, const struct calendar *calendar, int64_t id, struct fail *why)
{
    struct dossier d;
    struct asking k;
    size_t silent = 0;
    TRY(dossier_load(tx, id, &d, why));
    TRY(load(&k, tx, &d, why));
    k.calendar = calendar;
    struct unit *ended = ARENA_ARRAY(tx_arena(tx), struct unit, k.count + 1);
    d.version++;
    for (size_t i = 0; i < k.count; i++) {
        struct unit *u = &k.units[i];
        if (is_over(u) || unit_state(u, tx_now(tx)) != UNIT_SILENT) continue;
        TRY(close_unit(&k, u, STR("silent"), why));
        ended[silent++] = *u;
    }
    if (silent == 0) return OK; /* answered meanwhile */
    for (size_t i = 0; i < silent; i++) TRY(open_next(&k, &ended[i], why));
    sum_up(&k);
    TRY(dossier_save(tx, &d, d.version - 1, why));
    return note_silence(&k, ended, silent, why);
}

struct silence {
    int64_t dossier; /* 0: nobody's deadline has passed */
    const struct calendar *calendar;
};

static enum outcome expire(struct tx *tx, const void *in, void *out, struct fail *why)
{
    const struct silence *s = in;
    (void)out; /* the journal tells */
    return expire_dossier(tx, s->calendar, s->dossier, why);
}

/* The calendar is read before the command: it may have to be parsed. */
static enum outcome find_silence(const struct desk *desk, struct silence *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier d;
    *out = (struct silence){0};
    TRY(store_read_begin(desk->store, why->arena, &tx, why));
    enum outcome found = unit_overdue(tx, tx_now(tx), &out->dossier, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    TRY(dossier_load(tx, out->dossier, &d, why));
    return agency_calendar_of(desk->calendars, tx, d.agency, day_of(tx_now(tx)), &out->calendar, why);
}

enum outcome units_expire(const struct desk *desk, struct fail *why)
{
    for (;;) {
        struct silence silence;
        TRY(find_silence(desk, &silence, why));
        if (silence.dossier == 0) return OK;
        TRY(store_run(desk->store, expire, &silence, NULL, why));
    }
}
