#include "batch/absence.h"

#include "agency/post.h"
#include "agency/role.h"
#include "base/auto.h"
#include "base/text.h"
#include "batch/batch_act.h"
#include "batch/batch_store.h"
#include "dossier/dossier_brief.h"
#include "people/people.h"
#include "queries.h"

enum { PARAMETERS_BYTES = 64 * 1024, BEGIN_MOST = 50 };

/* ---- rules ---- */

enum absence_phase absence_phase(const struct absence *a, day_t today)
{
    if (a->ended_at != INSTANT_NONE || a->to < today) return ABSENCE_OVER;
    return a->from > today ? ABSENCE_COMING : ABSENCE_ON;
}

/* clang-format off */
/* In the order of enum absence_phase. */
static const struct {
    const char *name, *title;
} phases[] = {
    {"coming", N_("Not yet begun")},
    {"on",     N_("Away")         },
    {"over",   N_("Over")         },
};
/* clang-format on */

const char *absence_phase_name(enum absence_phase p)
{
    return phases[p].name;
}

const char *absence_phase_title(enum absence_phase p)
{
    return phases[p].title;
}

/* clang-format off */
/* In the order of enum absence_answer. */
static const struct {
    const char *name, *title, *act;
} answers[] = {
    [ABSENCE_ASKED]    = {"asked",    N_("Asked, no answer yet"), "absence.ask"    },
    [ABSENCE_COVERED]  = {"covered",  N_("Covers"),               "absence.accept" },
    [ABSENCE_DECLINED] = {"declined", N_("Said no"),              "absence.decline"},
};
/* clang-format on */

const char *absence_answer_name(enum absence_answer a)
{
    return answers[a].name;
}

const char *absence_answer_title(enum absence_answer a)
{
    return answers[a].title;
}

int64_t absence_version(const struct absence *a)
{
    return 1 + (a->answer != ABSENCE_ASKED) + (a->ended_at != INSTANT_NONE);
}

bool absence_may_be_said(const struct actor *by, int64_t account)
{
    return by->account == account || permission_is_in(role_permissions(by->role), PERMIT_DOSSIER_APPROVE);
}

static void check_days(const struct absence_new *in, day_t today, struct fail *why)
{
    if (in->from < today) fail_problem(why, STR("/from"), "past", N_("This day has passed already."));
    if (in->to < in->from) fail_problem(why, STR("/to"), "order", N_("The last day comes before the first."));
    if (text_length(in->note) > NOTE_MOST)
        fail_problem(why, STR("/note"), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%d", NOTE_MOST));
}

/* Nobody covers who is away, and nobody goes away who covers: so what is given on always ends with somebody there. */
static void check_other(const struct absence_new *in, const struct absence *other, struct fail *why)
{
    if (other->account == in->account)
        fail_problem(why, STR("/account"), "twice", N_("An absence in these days is recorded already."));
    if (other->account == in->substitute)
        fail_problem(why, STR("/substitute"), "absent", N_("The substitute is away in these days too."));
    if (other->substitute == in->account)
        fail_problem(why, STR("/account"), "covers",
                     N_("This officer covers for somebody in these days. End that absence first."));
}

/* ---- rows ---- */

static struct absence absence_of_row(const struct row *r)
{
    return (struct absence){
        .id = row_int(r, 0),
        .account = row_int(r, 1),
        .substitute = row_int(r, 2),
        .agency = row_int(r, 3),
        .from = (day_t)row_int(r, 4),
        .to = row_is_null(r, 5) ? DAY_OPEN : (day_t)row_int(r, 5),
        .hands_over = row_bool(r, 6),
        .note = row_str(r, 7),
        .by = {row_int(r, 8), row_int(r, 3), row_str(r, 9)},
        .at = row_instant(r, 10),
        .ended_at = row_instant(r, 11),
        .desk_batch = row_int(r, 12),
        .cover_batch = row_int(r, 13),
        .answer = (enum absence_answer)row_int(r, 14),
    };
}

enum outcome absences_of_agency(struct tx *tx, int64_t agency, struct absence **out, size_t *out_count,
                                struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_ABSENCES_OF_AGENCY, VALUES(v_int(agency), v_int(day_of(tx_now(tx))), v_int(ABSENCES_MOST)),
                  &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct absence, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) (*out)[i] = absence_of_row(&rows.at[i]);
    return OK;
}

enum outcome absence_find(struct tx *tx, int64_t id, int64_t agency, struct absence *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_ABSENCE_BY_ID, VALUES(v_int(id)), &row, why);
    if (found == OK) *out = absence_of_row(&row);
    if (found == ERR_MISSING || (found == OK && out->agency != agency))
        return fail(why, ERR_MISSING, N_("This absence is not known."));
    return found;
}

/* ---- the batches that give away ---- */

/* Assigned to the substitute, with a note that says why. */
static enum outcome parameters_of(struct tx *tx, const struct absence *a, struct str *out, struct fail *why)
{
    struct account away, substitute;
    struct json_writer w;
    TRY(account_load(tx, a->account, &away, why));
    TRY(account_load(tx, a->substitute, &substitute, why));
    AUTO_BUF struct buf text;
    struct str note = fail_fill(tx_arena(tx), translate(VIETNAMESE, N_("Given to the substitute of {0}, who is away.")),
                                (const struct str[FAIL_ARGS]){away.name});
    buf_init(&text, PARAMETERS_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_id(&w, "absence", a->id);
    jw_put_str(&w, "act", str_from(actions[ACTION_ASSIGN].name));
    jw_key(&w, "fields");
    jw_open(&w, '{');
    jw_put_str(&w, "note", note);
    jw_put_str(&w, "to", substitute.login);
    jw_close(&w);
    jw_put_id(&w, "from", a->account);
    jw_put_str(&w, "name", away.name);
    jw_close(&w);
    *out = str_dup(tx_arena(tx), buf_str(&text));
    return OK;
}

static enum outcome give_away_desk(struct tx *tx, const struct absence *a, struct fail *why)
{
    struct batch_new in = {.kind = "desk", .actor = a->by};
    struct batch_started started;
    TRY(parameters_of(tx, a, &in.parameters, why));
    TRY(batch_start(tx, &in, &started, why));
    return store_do(tx, Q_ABSENCE_SET_DESK, VALUES(v_int(started.id), v_int(a->id)), NULL, why);
}

/* Into the batch that is still open, else into a new one: a busy day makes few batches. */
static enum outcome give_on(struct tx *tx, const struct absence *a, const struct dossier_brief *d, struct fail *why)
{
    struct batch_item_new item = {d->id, d->version};
    struct batch_new in = {.kind = "act", .actor = a->by, .items = &item, .item_count = 1};
    struct batch_started started;
    bool is_added = false;
    if (a->cover_batch != 0) TRY(batch_add(tx, a->cover_batch, &item, &is_added, why));
    if (is_added) return OK;
    TRY(parameters_of(tx, a, &in.parameters, why));
    TRY(batch_start(tx, &in, &started, why));
    return store_do(tx, Q_ABSENCE_SET_COVER, VALUES(v_int(started.id), v_int(a->id)), NULL, why);
}

static bool is_giving(struct str act)
{
    return str_eq(act, str_from(actions[ACTION_ASSIGN].name)) || str_eq(act, str_from(actions[ACTION_UNDO].name));
}

static enum outcome take(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct dossier_brief d;
    struct row row;
    if (e->subject_kind != SUBJECT_DOSSIER || !is_giving(e->act)) return OK;
    enum outcome found = dossier_brief_load(tx, e->subject, &d, why);
    if (found == ERR_MISSING) return OK; /* disposed of since */
    TRY(found);
    if (d.holder == 0 || d.holder == e->actor.account) return OK; /* who takes it themselves is there */
    found = store_one(tx, Q_ABSENCE_ON, VALUES(v_int(d.holder), v_int(d.agency), v_int(day_of(tx_now(tx)))), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    struct absence a = absence_of_row(&row);
    return e->at < a.at ? OK : give_on(tx, &a, &d, why);
}

const struct follower absence_follower = {"absence", take, N_("Work for whoever covers")};

static enum outcome begin_some(struct tx *tx, const void *in, void *out, struct fail *why)
{
    struct rows rows;
    (void)in;
    TRY(store_all(tx, Q_ABSENCES_TO_BEGIN, VALUES(v_int(day_of(tx_now(tx))), v_int(BEGIN_MOST)), &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct absence a = absence_of_row(&rows.at[i]);
        TRY(give_away_desk(tx, &a, why));
    }
    *(size_t *)out = rows.count;
    return OK;
}

enum outcome absences_begin(struct store *s, struct fail *why)
{
    size_t begun;
    do {
        TRY(store_run(s, begin_some, NULL, &begun, why));
    } while (begun == BEGIN_MOST);
    return OK;
}

/* ---- saying it ---- */

static enum outcome note(struct tx *tx, const struct absence *a, const char *act, struct actor actor, struct fail *why)
{
    struct account account;
    struct json_writer w;
    TRY(account_load(tx, a->account, &account, why));
    AUTO_BUF struct buf text;
    buf_init(&text, PARAMETERS_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_id(&w, "absence", a->id);
    jw_put_id(&w, "agency", a->agency);
    jw_put_str(&w, "from", day_format(tx_arena(tx), a->from));
    jw_put_bool(&w, "hand_over", a->hands_over);
    jw_put_str(&w, "note", a->note);
    jw_put_id(&w, "substitute", a->substitute);
    jw_put_str_or_null(&w, "to", a->to == DAY_OPEN ? STR_NONE : day_format(tx_arena(tx), a->to));
    jw_close(&w);
    struct entry entry = {.subject_kind = SUBJECT_ACCOUNT,
                          .subject = a->account,
                          .version = account.version,
                          .act = act,
                          .actor = actor,
                          .payload = buf_str(&text)};
    return journal_append(tx, &entry, NULL, why);
}

static bool holds(const struct post *posts, size_t count, int64_t account, struct str role)
{
    for (size_t i = 0; i < count; i++)
        if (posts[i].account == account && (role.len == 0 || str_eq(posts[i].role, role))) return true;
    return false;
}

/* Assigning on would be refused to a substitute who serves other steps. */
static enum outcome check_people(struct tx *tx, const struct absence_new *in, struct fail *why)
{
    struct post *posts;
    size_t count;
    bool is_same_work = false;
    TRY(posts_of_agency(tx, in->actor.agency, STR_NONE, in->from, &posts, &count, why));
    for (size_t i = 0; i < count; i++)
        is_same_work |= posts[i].account == in->account && holds(posts, count, in->substitute, posts[i].role);
    if (in->account == in->substitute)
        fail_problem(why, STR("/substitute"), "same", N_("Somebody else covers, not who is away."));
    else if (!holds(posts, count, in->account, STR_NONE))
        fail_problem(why, STR("/account"), "unknown", N_("This officer has no post at your agency."));
    else if (!is_same_work)
        fail_problem(
            why, STR("/substitute"), "other-work",
            N_("The substitute has no post like that of who is away, so the work cannot be assigned to them."));
    return OK;
}

static enum outcome check_others(struct tx *tx, const struct absence_new *in, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_ABSENCES_BETWEEN, VALUES(v_int(in->actor.agency), v_int(in->from), v_int(in->to)), &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct absence other = absence_of_row(&rows.at[i]);
        check_other(in, &other, why);
    }
    return OK;
}

enum outcome absence_set(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct absence_new *in = input;
    day_t today = day_of(tx_now(tx));
    if (!absence_may_be_said(&in->actor, in->account))
        return fail(why, ERR_DENIED, N_("Only the officer and the leaders of the agency may say this."));
    check_days(in, today, why);
    TRY(check_people(tx, in, why));
    TRY(check_others(tx, in, why));
    TRY(fail_if_problems(why));
    struct absence a = {.id = tx_new_id(tx),
                        .account = in->account,
                        .substitute = in->substitute,
                        .agency = in->actor.agency,
                        .from = in->from,
                        .to = in->to,
                        .hands_over = in->hands_over,
                        .note = in->note,
                        .by = in->actor,
                        .at = tx_now(tx),
                        .ended_at = INSTANT_NONE,
                        .answer = in->asks_first ? ABSENCE_ASKED : ABSENCE_COVERED};
    TRY(store_do(tx, Q_ABSENCE_INSERT,
                 VALUES(v_int(a.id), v_int(a.account), v_int(a.substitute), v_int(a.agency), v_int(a.from),
                        a.to == DAY_OPEN ? v_null() : v_int(a.to), v_bool(a.hands_over), v_str(a.note),
                        v_int(a.by.account), v_str(a.by.role), v_instant(a.at), v_int(a.answer)),
                 NULL, why));
    TRY(note(tx, &a, in->asks_first ? answers[ABSENCE_ASKED].act : "absence.set", in->actor, why));
    if (!in->asks_first && a.hands_over && a.from <= today) TRY(give_away_desk(tx, &a, why));
    *(int64_t *)output = a.id;
    return OK;
}

static enum outcome check_seen(const struct absence *a, int64_t version, struct fail *why)
{
    if (version == 0 || version == absence_version(a)) return OK;
    return fail(why, ERR_STALE, N_("The absence was answered or ended since you saw it."));
}

enum outcome absence_end(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct absence_end *in = input;
    struct absence a;
    (void)output; /* there is none */
    TRY(absence_find(tx, in->absence, in->actor.agency, &a, why));
    if (!absence_may_be_said(&in->actor, a.account))
        return fail(why, ERR_DENIED, N_("Only the officer and the leaders of the agency may say this."));
    TRY(check_seen(&a, in->version, why));
    if (absence_phase(&a, day_of(tx_now(tx))) == ABSENCE_OVER)
        return fail(why, ERR_CONFLICT, N_("This absence is over already."));
    TRY(store_do(tx, Q_ABSENCE_END, VALUES(v_instant(tx_now(tx)), v_int(a.id)), NULL, why));
    return note(tx, &a, "absence.end", in->actor, why);
}

enum outcome absence_reply(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct absence_reply *in = input;
    struct absence a;
    day_t today = day_of(tx_now(tx));
    (void)output; /* there is none */
    TRY(absence_find(tx, in->absence, in->actor.agency, &a, why));
    if (in->actor.account != a.substitute)
        return fail(why, ERR_DENIED, N_("Only the colleague who was asked can answer."));
    TRY(check_seen(&a, in->version, why));
    if (a.answer != ABSENCE_ASKED || absence_phase(&a, today) == ABSENCE_OVER)
        return fail(why, ERR_CONFLICT, N_("There is nothing to answer any more."));
    a.answer = in->covers ? ABSENCE_COVERED : ABSENCE_DECLINED;
    TRY(store_do(tx, Q_ABSENCE_SET_ANSWER, VALUES(v_int(a.answer), v_instant(tx_now(tx)), v_int(a.id)), NULL, why));
    TRY(note(tx, &a, answers[a.answer].act, in->actor, why));
    return in->covers && a.hands_over && a.from <= today ? give_away_desk(tx, &a, why) : OK;
}
