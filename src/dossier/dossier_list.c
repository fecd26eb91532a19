#include "dossier/dossier_list.h"

#include <inttypes.h>
#include <stdio.h>

#include "agency/agency.h"
#include "agency/competence_move.h"
#include "agency/post.h"
#include "base/text.h"
#include "dossier/dossier_search.h"
#include "dossier/dossier_store.h"
#include "dossier/dossier_view.h"
#include "dossier/list_cursor.h"
#include "dossier/list_merge.h"
#include "dossier/tasks.h"
#include "dossier/unit.h"
#include "dossier/word_walk.h"
#include "people/people.h"
#include "queries.h"

enum { COLUMN_ID = 0, COLUMN_DUE_AT = 18 }; /* of every row of a dossier */
/* WALK_MOST: rows that one page may read for filters that have no index. RECENT_MOST: dossiers that the index of words
 * may be behind by. */
enum { WALK_MOST = 1000, RECENT_MOST = 256, CODE_PORTION = 100 };

/* ---- items ---- */

static enum outcome name_holder(struct tx *tx, struct list_item *item, const struct list_item *before, struct fail *why)
{
    if (item->dossier.holder == 0) return OK;
    if (before != NULL && before->dossier.holder == item->dossier.holder) {
        item->holder_login = before->holder_login;
        item->holder_name = before->holder_name;
        return OK;
    }
    struct account account;
    TRY(account_load(tx, item->dossier.holder, &account, why));
    item->holder_login = account.login;
    item->holder_name = account.name;
    return OK;
}

struct listing {
    const struct desk *desk;
    struct tx *tx;
    const struct standing *who;
    bool is_inbox;
    struct dossier_list *out;
    int64_t *agencies; /* of its items, as they stand in their rows */
    int64_t *line;     /* the office of the one who asks, and those whose work it goes on with */
    size_t line_count; /* 0: nothing of the latter is on this page */
    int64_t successor; /* who does now what the line did */
};

/* ---- whose work it is now ---- */

static enum outcome read_line(struct listing *l, const struct dossier *all, size_t count, struct fail *why)
{
    day_t day = day_of(tx_now(l->tx));
    bool is_needed = false;
    for (size_t i = 0; i < count; i++) is_needed |= all[i].agency != l->who->agency;
    if (!is_needed || l->who->agency == 0) return OK;
    l->line = ARENA_ARRAY(tx_arena(l->tx), int64_t, AGENCY_LINE_MOST);
    TRY(agency_line(l->tx, l->who->agency, day, l->line, &l->line_count, why));
    return agency_current(l->tx, l->who->agency, day, &l->successor, why);
}

static bool is_of_line(const struct listing *l, int64_t agency)
{
    for (size_t i = 0; i < l->line_count; i++)
        if (l->line[i] == agency) return true;
    return false;
}

static const struct list_item *item_of(const struct listing *l, int64_t agency)
{
    for (size_t i = l->out->count; i > 0; i--)
        if (l->agencies[i - 1] == agency || l->out->items[i - 1].dossier.agency == agency) return &l->out->items[i - 1];
    return NULL;
}

/* Whoever goes on with its agency's work holds it now. What the page has named already is not asked again. */
static enum outcome name_agency(struct listing *l, struct list_item *item, struct fail *why)
{
    int64_t *agency = &item->dossier.agency;
    struct agency found;
    l->agencies[l->out->count] = *agency;
    const struct list_item *same = item_of(l, *agency);
    if (same == NULL && is_of_line(l, *agency)) {
        *agency = l->successor;
        same = item_of(l, *agency);
    }
    if (same != NULL) {
        *agency = same->dossier.agency;
        item->agency_identifier = same->agency_identifier;
        return OK;
    }
    TRY(agency_current(l->tx, *agency, day_of(tx_now(l->tx)), agency, why));
    TRY(agency_load(l->tx, *agency, &found, why));
    item->agency_identifier = found.identifier;
    return OK;
}

/* Whose question it is can answer here; what else they may do stands in the dossier's own row. */
static void keep_answer(struct list_item *item)
{
    size_t kept = 0;
    for (size_t i = 0; i < item->action_count; i++)
        if (actions[item->actions[i]].doer == BY_UNIT) item->actions[kept++] = item->actions[i];
    item->action_count = kept;
}

static enum outcome add_item(struct listing *l, const struct dossier *d, bool is_asked, struct fail *why)
{
    struct list_item *item = &l->out->items[l->out->count];
    const struct list_item *before = l->out->count > 0 ? item - 1 : NULL;
    const struct procedure *procedure;
    *item = (struct list_item){.dossier = *d, .is_asked = is_asked};
    TRY(catalogue_version(l->desk->catalogue, l->tx, d->procedure_version, &procedure, why));
    item->procedure_name = procedure->name;
    TRY(name_agency(l, item, why));
    TRY(name_holder(l->tx, item, before, why));
    if (l->is_inbox) {
        struct rulebook book;
        TRY(rulebook_of(l->desk, l->tx, &item->dossier, day_of(clock_now()), &book, why));
        int step = dossier_step(&item->dossier, book.table);
        if (step == STEP_END) BUG("the worklist names a dossier that is closed");
        item->step = &book.table->steps[step];
        item->action_count = dossier_actions(&item->dossier, &book, l->who, tx_arena(l->tx), item->actions);
        if (is_asked) keep_answer(item);
    }
    l->out->count++;
    return OK;
}

/* Whose they are and who holds them, asked for all of a page together. */
static void ask_names(const struct listing *l, const struct dossier *d)
{
    agency_current_ahead(l->tx, v_int(is_of_line(l, d->agency) ? l->successor : d->agency));
    if (d->holder != 0) account_ahead(l->tx, v_int(d->holder));
}

static struct listing listing_of(const struct desk *desk, struct tx *tx, const struct standing *who, size_t most,
                                 struct dossier_list *out)
{
    *out = (struct dossier_list){.items = ARENA_ARRAY(tx_arena(tx), struct list_item, most + 1)};
    int64_t *agencies = ARENA_ARRAY(tx_arena(tx), int64_t, most + 1);
    return (struct listing){.desk = desk, .tx = tx, .who = who, .out = out, .agencies = agencies};
}

/* ---- the inbox ---- */

/* A row that is not the dossier's own is a question to a unit: its deadline and its officer take their place. */
static enum outcome make_question(struct listing *l, struct dossier *d, int64_t list_due, struct fail *why)
{
    struct unit unit;
    enum outcome found = unit_at(l->tx, d->id, list_due, &unit, why);
    if (found == ERR_MISSING) BUG("the worklist names a place that is nobody's");
    TRY(found);
    d->list_due = unit.due_at;
    d->holder = unit.account;
    if (d->is_protected) d->owner_name = STR("");
    return units_know(l->tx, d, clock_now(), why);
}

/* The rows of dossiers, in the order of their ids; without those that were disposed of. */
static enum outcome read_summaries(struct tx *tx, const int64_t *ids, size_t count, struct rows *out, struct fail *why)
{
    struct rows found;
    *out = (struct rows){ARENA_ARRAY(tx_arena(tx), struct row, count + 1), 0};
    if (count == 0) return OK;
    TRY(store_all(tx, Q_DOSSIER_SUMMARIES, VALUES(v_str(ids_format(tx_arena(tx), ids, count))), &found, why));
    for (size_t i = 0; i < count; i++)
        for (size_t n = 0; n < found.count; n++) {
            if (row_int(&found.at[n], COLUMN_ID) != ids[i]) continue;
            out->at[out->count++] = found.at[n];
            break;
        }
    return OK;
}

/* Lines of the inbox, read together and then named together. */
static enum outcome add_tasks(struct listing *l, const struct place *places, size_t count, struct fail *why)
{
    struct rows rows;
    struct dossier *all = ARENA_ARRAY(tx_arena(l->tx), struct dossier, count + 1);
    bool *are_asked = ARENA_ARRAY(tx_arena(l->tx), bool, count + 1);
    int64_t *ids = ARENA_ARRAY(tx_arena(l->tx), int64_t, count + 1);
    for (size_t i = 0; i < count; i++) ids[i] = places[i].minor;
    TRY(read_summaries(l->tx, ids, count, &rows, why));
    if (rows.count < count) BUG("the worklist names a dossier that does not exist");
    for (size_t i = 0; i < count; i++) {
        all[i] = dossier_of_row(&rows.at[i]);
        are_asked[i] = all[i].list_due != places[i].major;
        if (are_asked[i]) TRY(make_question(l, &all[i], places[i].major, why));
    }
    TRY(read_line(l, all, count, why));
    for (size_t i = 0; i < count; i++) ask_names(l, &all[i]);
    for (size_t i = 0; i < count; i++) TRY(add_item(l, &all[i], are_asked[i], why));
    return OK;
}

/* What is awaited from others: by status, the newest first. */
static struct place place_of_waiting(const struct row *r)
{
    return (struct place){-row_int(r, 0), 0};
}

static enum outcome fetch_waiting(struct tx *tx, const void *context, int64_t status, struct place after, size_t most,
                                  struct rows *out, struct fail *why)
{
    const struct inbox_query *q = context;
    int64_t before = after.major == INT64_MIN ? INT64_MAX : -after.major;
    return store_all(tx, Q_DOSSIER_OF_AGENCY,
                     VALUES(v_int(q->who.agency), v_int(status), v_int(before), v_int((int64_t)most)), out, why);
}

static void ask_for_waiting(struct tx *tx, const void *context, int64_t status, struct place after, size_t most)
{
    const struct inbox_query *q = context;
    int64_t before = after.major == INT64_MIN ? INT64_MAX : -after.major;
    store_ahead(tx, Q_DOSSIER_OF_AGENCY,
                VALUES(v_int(q->who.agency), v_int(status), v_int(before), v_int((int64_t)most)));
}

static enum outcome list_waiting(const struct desk *desk, struct tx *tx, const struct inbox_query *query,
                                 struct dossier_list *out, struct fail *why)
{
    static const struct merge_kind waiting = {fetch_waiting, place_of_waiting, ask_for_waiting};
    static const int64_t statuses[] = {STATUS_SUPPLEMENT, STATUS_PAYMENT, STATUS_IN_HAND};
    struct place after, at, last = PLACE_START;
    struct merge merge;
    TRY(list_cursor_parse(tx_arena(tx), query->cursor, CURSOR_NEWEST, &after, why));
    struct listing l = listing_of(desk, tx, &query->who, query->most, out);
    l.is_inbox = true;
    merge_init(&merge, tx, &waiting, query);
    merge_begin(&merge, statuses, LENGTH(statuses), after, query->most + 1);
    for (size_t read = 0; read < WALK_MOST; read++) {
        const struct row *row;
        TRY(merge_next(&merge, &row, &at, why));
        if (row == NULL) return OK;
        struct dossier d = dossier_of_row(row);
        bool is_awaited =
            (d.list_due == INSTANT_NONE || d.units_due != INSTANT_NONE) && dossier_may_see(&d, &query->who);
        if (is_awaited && out->count == query->most) break;
        if (is_awaited) TRY(add_item(&l, &d, false, why));
        last = at;
    }
    out->next_cursor = list_cursor_format(tx_arena(tx), CURSOR_NEWEST, last);
    return OK;
}

/* Nearly all that an inbox shows is of the officer's own agency. */
void inbox_ahead(struct tx *tx, const struct standing *who)
{
    agency_current_ahead(tx, v_int(who->agency));
    queues_of_post_ahead(tx, who->account, who->agency, who->role);
}

/* The next ones, one more than are shown when there are that many. */
static enum outcome next_tasks(struct tasks *tasks, struct place *out, size_t *out_count, struct fail *why)
{
    bool is_there = true;
    *out_count = 0;
    while (*out_count <= tasks->query->most) {
        TRY(tasks_next(tasks, &out[*out_count], &is_there, why));
        if (!is_there) return OK;
        ++*out_count;
    }
    return OK;
}

enum outcome dossier_inbox(const struct desk *desk, struct tx *tx, const struct inbox_query *query,
                           struct dossier_list *out, struct fail *why)
{
    struct tasks tasks;
    size_t count;
    if (query->who.agency == 0) return fail(why, ERR_DENIED, N_("Only officers have tasks."));
    if (query->is_of_others) return list_waiting(desk, tx, query, out, why);
    inbox_ahead(tx, &query->who);
    TRY(tasks_begin(&tasks, tx, query, why));
    struct place *places = ARENA_ARRAY(tx_arena(tx), struct place, query->most + 1);
    struct listing l = listing_of(desk, tx, &query->who, query->most, out);
    l.is_inbox = true;
    TRY(next_tasks(&tasks, places, &count, why));
    size_t shown = count > query->most ? query->most : count;
    TRY(add_tasks(&l, places, shown, why));
    if (count > shown)
        out->next_cursor = list_cursor_format(tx_arena(tx), CURSOR_TASKS, shown > 0 ? places[shown - 1] : PLACE_START);
    return OK;
}

/* ---- one of them and its neighbours ---- */

/* ids: room for one more than the query's most, which is the one behind them. */
static enum outcome find_place(const struct desk *desk, struct tx *tx, const struct inbox_query *query, int64_t *ids,
                               struct inbox_around *out, struct fail *why)
{
    struct place last = PLACE_START;
    struct tasks tasks;
    struct dossier_list list;
    bool is_there = true;
    if (query->is_of_others) {
        TRY(dossier_inbox(desk, tx, query, &list, why));
        for (; out->count < list.count; out->count++) ids[out->count] = list.items[out->count].dossier.id;
        out->has_more = list.next_cursor.len > 0;
        return OK;
    }
    TRY(tasks_begin(&tasks, tx, query, why));
    while (out->count < query->most && is_there) {
        struct place at;
        TRY(tasks_next(&tasks, &at, &is_there, why));
        if (!is_there) break;
        ids[out->count++] = at.minor;
        last = at;
    }
    struct place beyond;
    if (is_there) TRY(tasks_next(&tasks, &beyond, &is_there, why));
    out->has_more = is_there;
    if (!is_there) return OK;
    ids[out->count] = beyond.minor;
    out->next_cursor = list_cursor_format(tx_arena(tx), CURSOR_TASKS, last);
    return OK;
}

static void ask_code(struct tx *tx, int64_t dossier)
{
    store_ahead(tx, Q_DOSSIER_CODE, VALUES(v_int(dossier)));
}

static enum outcome code_of(struct tx *tx, int64_t dossier, struct str *out, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_DOSSIER_CODE, VALUES(v_int(dossier)), &row, why);
    if (found == ERR_MISSING) BUG("the worklist names a dossier that does not exist");
    TRY(found);
    *out = row_str(&row, 0);
    return OK;
}

enum outcome dossier_inbox_around(const struct desk *desk, struct tx *tx, const struct inbox_query *query,
                                  int64_t dossier, struct inbox_around *out, struct fail *why)
{
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, query->most + 1);
    if (query->who.agency == 0) return fail(why, ERR_DENIED, N_("Only officers have tasks."));
    *out = (struct inbox_around){0};
    TRY(find_place(desk, tx, query, ids, out, why));
    for (size_t i = 0; i < out->count && out->at == 0; i++)
        if (ids[i] == dossier) out->at = i + 1;
    bool is_last = out->at == out->count && out->next_cursor.len > 0, has_next = out->at < out->count || is_last;
    if (has_next) ask_code(tx, ids[out->at]);
    if (out->at > 1) TRY(code_of(tx, ids[out->at - 2], &out->previous, why));
    if (has_next) TRY(code_of(tx, ids[out->at], &out->next, why));
    if (!is_last) out->next_cursor = STR_NONE;
    return OK;
}

/* ---- what just came ---- */

enum outcome inbox_new_of(struct tx *tx, const struct standing *who, instant_t after, struct inbox_new **out,
                          size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_WORKLIST_NEW_OF_POST,
                  VALUES(v_int(who->agency), v_int(day_of(tx_now(tx))), v_int(who->account), v_str(who->role),
                         v_int(after), v_int(INBOX_NEW_MOST)),
                  &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct inbox_new, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        (*out)[i] = (struct inbox_new){row_int(r, 0), row_int(r, 1), (int)row_int(r, 2), row_int(r, 3)};
    }
    return OK;
}

enum outcome inbox_new_items(const struct desk *desk, struct tx *tx, const struct standing *who,
                             const struct inbox_new *rows, size_t count, struct dossier_list *out, struct fail *why)
{
    struct listing l = listing_of(desk, tx, who, count, out);
    l.is_inbox = true;
    struct place *places = ARENA_ARRAY(tx_arena(tx), struct place, count + 1);
    for (size_t i = 0; i < count; i++) places[i] = (struct place){rows[i].due, rows[i].dossier};
    return add_tasks(&l, places, count, why);
}

/* ---- what a list lets through ---- */

struct filter {
    const struct list_query *query;
    bool is_of_agency; /* an officer's view: all of their agency */
    bool is_open_only;
    int64_t offices[AGENCY_LINE_MOST]; /* that agency and those whose work it went on with */
    size_t office_count;
    int64_t agency;  /* 0: any */
    struct str code; /* the beginning of the code; empty: any */
    struct str words[SEARCH_WORDS_MOST];
    size_t word_count;
    struct arena *arena;
};

static bool has_words(const struct filter *f, struct str name)
{
    struct str found[SEARCH_WORDS_MOST];
    size_t count = f->word_count == 0 ? 0 : search_words(f->arena, name, found);
    for (size_t i = 0; i < f->word_count; i++) {
        bool is_there = false;
        for (size_t n = 0; n < count && !is_there; n++) is_there = str_eq(found[n], f->words[i]);
        if (!is_there) return false;
    }
    return true;
}

static bool is_of_office(const struct filter *f, int64_t agency)
{
    for (size_t i = 0; i < f->office_count; i++)
        if (f->offices[i] == agency) return true;
    return false;
}

static bool passes(const struct filter *f, const struct dossier *d)
{
    const struct list_query *q = f->query;
    if (f->is_of_agency ? !is_of_office(f, d->agency) : d->submitter != q->who.account) return false;
    if (f->agency != 0 && d->agency != f->agency) return false;
    if (q->status != 0 && (int)d->status != q->status) return false;
    if (q->statuses != 0 && (q->statuses & 1u << d->status) == 0) return false;
    if (q->procedure.len > 0 && !str_eq(d->procedure_code, q->procedure)) return false;
    if (q->due_before != INSTANT_NONE && (d->due_at == INSTANT_NONE || d->due_at >= q->due_before)) return false;
    if (f->is_open_only && d->finished_at != INSTANT_NONE) return false;
    return str_starts(d->code, f->code) && has_words(f, d->owner_name);
}

/* "G11-261122-0001" or its beginning: a name has no digits without spaces around them. */
static bool looks_like_code(struct str words)
{
    bool has_digit = false;
    for (size_t i = 0; i < words.len; i++) {
        char c = words.at[i];
        bool is_letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
        has_digit |= c >= '0' && c <= '9';
        if (!is_letter && !(c >= '0' && c <= '9')) return false;
    }
    return has_digit;
}

static struct str upper(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, s.len + 1);
    for (size_t i = 0; i < s.len; i++) out[i] = s.at[i] >= 'a' && s.at[i] <= 'z' ? (char)(s.at[i] - 32) : s.at[i];
    return str_of(out, s.len);
}

static enum outcome read_agency(struct tx *tx, struct str identifier, int64_t *out, struct fail *why)
{
    struct agency agency;
    struct fail missing;
    fail_init(&missing, tx_arena(tx));
    *out = 0;
    if (identifier.len == 0) return OK;
    enum outcome found = agency_find(tx, identifier, &agency, &missing);
    if (found == ERR_MISSING || found == ERR_INVALID) {
        fail_problem(why, STR("agency"), "unknown", N_("There is no agency with the identifier {0}."), identifier);
        return fail_if_problems(why);
    }
    if (found != OK) return fail_with(why, found, missing.sentence, missing.args);
    *out = agency.id;
    return OK;
}

static enum outcome read_filter(struct tx *tx, const struct list_query *q, struct filter *out, struct fail *why)
{
    struct arena *a = tx_arena(tx);
    struct str words = str_trim(q->words);
    *out = (struct filter){.query = q, .arena = a};
    out->is_of_agency = q->who.agency != 0 && permission_is_in(q->who.permissions, PERMIT_DOSSIER_READ);
    if (out->is_of_agency && words.len > 0 && !looks_like_code(words)) journal_lag_ahead(tx, search_follower.name);
    if (out->is_of_agency) agency_current_ahead(tx, v_int(q->who.agency)); /* what they show is nearly all of it */
    if (out->is_of_agency)
        TRY(agency_line(tx, q->who.agency, day_of(tx_now(tx)), out->offices, &out->office_count, why));
    bool is_final = q->status != 0 && (q->status == STATUS_DONE || status_is_final((enum status)q->status));
    out->is_open_only = q->due_before != INSTANT_NONE && !is_final;
    if (looks_like_code(words))
        out->code = upper(a, words);
    else
        out->word_count = search_words(a, words, out->words);
    return read_agency(tx, q->agency, &out->agency, why);
}

/* ---- walks: each is one index in its order ---- */

/* What the walks of one list need; they are merges of one or several heads. */
struct walk {
    const struct filter *filter;
    struct str words[SEARCH_WORDS_MOST + 1]; /* for the index of words */
    size_t word_count;
    size_t rows_left;   /* what may still be read of that index */
    int64_t reached;    /* it was left unread below this dossier; 0: it was not */
    size_t recent_most; /* dossiers that the index of words does not have yet */
    enum cursor_kind cursor;
    struct merge merge;
};

enum { HEAD_RECENT = AGENCY_LINE_MOST }; /* those before: the index of words, an office each */

/* Lists that show the newest first run downwards. */
static struct place place_of_newest(const struct row *r)
{
    return (struct place){-row_int(r, 0), 0};
}

static int64_t before_of(struct place after)
{
    return after.major == INT64_MIN ? INT64_MAX : -after.major;
}

static enum outcome fetch_own(struct tx *tx, const void *context, int64_t submitter, struct place after, size_t most,
                              struct rows *out, struct fail *why)
{
    (void)context;
    return store_all(tx, Q_DOSSIER_OF_SUBMITTER,
                     VALUES(v_int(submitter), v_int(before_of(after)), v_int((int64_t)most)), out, why);
}

/* key: an office and a status, see keys_of. */
static enum outcome fetch_status(struct tx *tx, const void *context, int64_t key, struct place after, size_t most,
                                 struct rows *out, struct fail *why)
{
    const struct walk *w = context;
    int64_t office = w->filter->offices[key / STATUS_COUNT], status = key % STATUS_COUNT;
    return store_all(tx, Q_DOSSIER_OF_AGENCY,
                     VALUES(v_int(office), v_int(status), v_int(before_of(after)), v_int((int64_t)most)), out, why);
}

static void ask_for_status(struct tx *tx, const void *context, int64_t key, struct place after, size_t most)
{
    const struct walk *w = context;
    int64_t office = w->filter->offices[key / STATUS_COUNT], status = key % STATUS_COUNT;
    store_ahead(tx, Q_DOSSIER_OF_AGENCY,
                VALUES(v_int(office), v_int(status), v_int(before_of(after)), v_int((int64_t)most)));
}

static size_t statuses_of(const struct filter *f, int64_t out[STATUS_COUNT])
{
    size_t count = 0;
    int64_t first = f->query->status != 0 ? f->query->status : STATUS_NEW;
    int64_t last = f->query->status != 0 ? f->query->status : STATUS_COUNT - 1;
    for (int64_t s = first; s <= last; s++) out[count++] = s;
    return count;
}

/* One list for each office and status. */
static size_t keys_of(const struct filter *f, int64_t out[AGENCY_LINE_MOST * STATUS_COUNT])
{
    int64_t statuses[STATUS_COUNT];
    size_t count = 0, status_count = statuses_of(f, statuses);
    for (size_t i = 0; i < f->office_count; i++)
        for (size_t s = 0; s < status_count; s++) out[count++] = (int64_t)i * STATUS_COUNT + statuses[s];
    return count;
}

/* Of all keys_of. */
static enum outcome fetch_status_heads(struct tx *tx, const void *context, const struct merge_wish *wish,
                                       struct rows *out, struct fail *why)
{
    const struct filter *f = ((const struct walk *)context)->filter;
    int64_t statuses[STATUS_COUNT];
    size_t status_count = statuses_of(f, statuses);
    return store_all(tx, Q_DOSSIER_HEADS_OF_AGENCIES,
                     VALUES(v_str(ids_format(f->arena, statuses, status_count)),
                            v_str(ids_format(f->arena, f->offices, f->office_count)), v_int(before_of(wish->after)),
                            v_int((int64_t)wish->most)),
                     out, why);
}

static const struct merge_kind own = {fetch_own, place_of_newest},
                               of_agency = {fetch_status, place_of_newest, ask_for_status, fetch_status_heads};

static enum outcome fetch_due(struct tx *tx, const void *context, int64_t agency, struct place after, size_t most,
                              struct rows *out, struct fail *why)
{
    const struct walk *w = context;
    return store_all(tx, Q_DOSSIER_OPEN_BY_DUE,
                     VALUES(v_int(agency), v_int(w->filter->query->due_before), v_int(after.major), v_int(after.minor),
                            v_int((int64_t)most)),
                     out, why);
}

static struct place place_of_due(const struct row *r)
{
    return (struct place){row_int(r, COLUMN_DUE_AT), row_int(r, COLUMN_ID)};
}

static enum outcome fetch_due_heads(struct tx *tx, const void *context, const struct merge_wish *wish, struct rows *out,
                                    struct fail *why)
{
    const struct walk *w = context;
    return store_all(tx, Q_DOSSIER_HEADS_BY_DUE,
                     VALUES(v_str(ids_format(w->filter->arena, wish->keys, wish->count)),
                            v_int(w->filter->query->due_before), v_int(wish->after.major), v_int(wish->after.minor),
                            v_int((int64_t)wish->most)),
                     out, why);
}

static const struct merge_kind by_due = {fetch_due, place_of_due, NULL, fetch_due_heads};

/* The newest of the agency, as many as the index of words may be missing. */
static enum outcome fetch_recent(struct tx *tx, const struct walk *w, struct place after, struct rows *out,
                                 struct fail *why)
{
    int64_t keys[AGENCY_LINE_MOST * STATUS_COUNT];
    struct merge newest;
    merge_init(&newest, tx, &of_agency, w);
    merge_begin(&newest, keys, keys_of(w->filter, keys), after, w->recent_most);
    *out = (struct rows){ARENA_ARRAY(tx_arena(tx), struct row, w->recent_most + 1), 0};
    while (out->count < w->recent_most) {
        const struct row *row;
        struct place at;
        TRY(merge_next(&newest, &row, &at, why));
        if (row == NULL) break;
        out->at[out->count++] = *row;
    }
    return OK;
}

/* One dossier after the other that an office finds under all the words. One that was disposed of is not there. */
static enum outcome fetch_found(struct tx *tx, struct walk *w, int64_t office, int64_t before, size_t most,
                                struct rows *out, struct fail *why)
{
    const struct word_walk words = {office, w->words, w->word_count, &w->rows_left};
    struct word_walk_found found = {.reached = before};
    int64_t *ids = ARENA_ARRAY(tx_arena(tx), int64_t, most);
    *out = (struct rows){ARENA_ARRAY(tx_arena(tx), struct row, most), 0};
    while (out->count < most && found.reached != 0) {
        size_t wanted = most - out->count;
        TRY(word_walk_run(tx, &words, found.reached, wanted, ids, &found, why));
        struct rows rows;
        TRY(read_summaries(tx, ids, found.count, &rows, why));
        for (size_t i = 0; i < rows.count; i++) out->at[out->count++] = rows.at[i];
        if (found.count == wanted || found.reached == 0) continue;
        if (found.reached > w->reached) w->reached = found.reached;
        break;
    }
    return OK;
}

static enum outcome fetch_words(struct tx *tx, const void *context, int64_t head, struct place after, size_t most,
                                struct rows *out, struct fail *why)
{
    struct walk *w = (struct walk *)(uintptr_t)context; /* counts what it reads */
    if (head != HEAD_RECENT) return fetch_found(tx, w, w->filter->offices[head], before_of(after), most, out, why);
    bool is_first = w->merge.heads[w->filter->office_count].rows.count == 0;
    *out = (struct rows){0};
    return is_first ? fetch_recent(tx, w, after, out, why) : OK;
}

static const struct merge_kind of_words = {fetch_words, place_of_newest};

/* ---- which walk ---- */

static enum outcome begin_words(struct tx *tx, struct walk *w, struct place after, struct fail *why)
{
    const struct filter *f = w->filter;
    int64_t heads[AGENCY_LINE_MOST + 1], lag;
    size_t count = f->office_count;
    for (size_t i = 0; i < count; i++) heads[i] = (int64_t)i;
    heads[count] = HEAD_RECENT;
    for (size_t i = 0; i < f->word_count; i++) w->words[w->word_count++] = f->words[i];
    if (f->query->procedure.len > 0) w->words[w->word_count++] = search_procedure_word(f->arena, f->query->procedure);
    w->rows_left = WORD_WALK_ROWS;
    TRY(journal_lag(tx, search_follower.name, &lag, why));
    w->recent_most = (size_t)(lag > RECENT_MOST ? RECENT_MOST : lag);
    merge_init(&w->merge, tx, &of_words, w);
    merge_begin(&w->merge, heads, w->recent_most > 0 ? count + 1 : count, after, f->query->most + 1);
    return OK;
}

/* Open statuses are few at any time and read directly; the procedure's own index pays where the status is none or
 * final. */
static bool is_by_words(const struct filter *f)
{
    bool is_final = f->query->status == STATUS_NONE || status_is_final((enum status)f->query->status);
    return f->word_count > 0 || (f->query->procedure.len > 0 && is_final);
}

static enum outcome begin_walk(struct tx *tx, struct walk *w, struct fail *why)
{
    const struct filter *f = w->filter;
    const struct list_query *q = f->query;
    int64_t keys[AGENCY_LINE_MOST * STATUS_COUNT];
    struct place after;
    bool is_due = f->is_of_agency && f->is_open_only && f->word_count == 0;
    w->cursor = is_due ? CURSOR_DUE : CURSOR_NEWEST;
    TRY(list_cursor_parse(f->arena, q->cursor, w->cursor, &after, why));
    if (f->is_of_agency && !is_due && is_by_words(f)) return begin_words(tx, w, after, why);
    merge_init(&w->merge, tx, is_due ? &by_due : f->is_of_agency ? &of_agency : &own, w);
    if (is_due)
        merge_begin(&w->merge, f->offices, f->office_count, after, q->most + 1);
    else if (f->is_of_agency)
        merge_begin(&w->merge, keys, keys_of(f, keys), after, q->most + 1);
    else
        merge_begin(&w->merge, &q->who.account, 1, after, q->most + 1);
    return OK;
}

/* ---- the list ---- */

static enum outcome add_all(struct listing *l, const struct dossier *found, size_t count, struct fail *why)
{
    TRY(read_line(l, found, count, why));
    for (size_t i = 0; i < count; i++) ask_names(l, &found[i]);
    for (size_t i = 0; i < count; i++) TRY(add_item(l, &found[i], false, why));
    return OK;
}

static enum outcome list_walk(struct listing *l, struct walk *w, struct fail *why)
{
    const struct list_query *q = w->filter->query;
    struct place at, before = PLACE_START, last = PLACE_START;
    struct dossier *found = ARENA_ARRAY(w->filter->arena, struct dossier, q->most + 1);
    size_t count = 0;
    bool is_over = false;
    for (size_t read = 0; read < WALK_MOST; read++) {
        const struct row *row;
        TRY(merge_next(&w->merge, &row, &at, why));
        bool is_unread = w->reached != 0 && (row == NULL || at.major > -w->reached);
        if (is_unread) last = (struct place){-w->reached, 0};
        is_over = row == NULL && !is_unread;
        if (row == NULL || is_unread) break;
        bool is_again = place_cmp(at, before) == 0; /* in the index of words and among the newest */
        struct dossier d = dossier_of_row(row);
        before = at;
        if (is_again || !passes(w->filter, &d)) {
            if (count < q->most) last = at;
            continue;
        }
        if (count == q->most) break;
        found[count++] = d;
        last = at;
    }
    if (!is_over) l->out->next_cursor = list_cursor_format(w->filter->arena, w->cursor, last);
    return add_all(l, found, count, why);
}

/* Behind every code with the prefix, in the order of bytes. */
static struct str end_of_prefix(struct arena *a, struct str prefix)
{
    return str_format(a, "%.*s\x7f", STR_ARG(prefix));
}

static enum outcome list_codes(struct listing *l, const struct filter *f, struct fail *why)
{
    struct filter others = *f; /* the range answers for the code, which may be a foreign one */
    struct str before, last = STR_NONE;
    others.code = STR_NONE;
    TRY(code_cursor_parse(f->arena, f->query->cursor, &before, why));
    if (before.len == 0) before = end_of_prefix(f->arena, f->code);
    for (size_t read = 0; read < WALK_MOST; read += CODE_PORTION) {
        struct rows rows;
        TRY(store_all(l->tx, Q_DOSSIER_BY_CODE_RANGE, VALUES(v_str(f->code), v_str(before), v_int(CODE_PORTION)), &rows,
                      why));
        for (size_t i = 0; i < rows.count; i++) {
            struct dossier d = dossier_of_row(&rows.at[i]);
            bool is_in = passes(&others, &d);
            if (is_in && l->out->count == f->query->most) {
                l->out->next_cursor = code_cursor_format(f->arena, last);
                return OK;
            }
            if (is_in) TRY(add_item(l, &d, false, why));
            if (is_in || l->out->count < f->query->most) last = row_str(&rows.at[i], rows.at[i].count - 1);
        }
        if (rows.count < CODE_PORTION) return OK;
        before = row_str(&rows.at[rows.count - 1], rows.at[0].count - 1);
    }
    l->out->next_cursor = code_cursor_format(f->arena, last);
    return OK;
}

enum outcome dossier_list(const struct desk *desk, struct tx *tx, const struct list_query *query,
                          struct dossier_list *out, struct fail *why)
{
    struct filter filter;
    struct walk walk = {.filter = &filter};
    struct listing l = listing_of(desk, tx, &query->who, query->most, out);
    TRY(read_filter(tx, query, &filter, why));
    if (filter.is_of_agency && filter.code.len > 0) return list_codes(&l, &filter, why);
    TRY(begin_walk(tx, &walk, why));
    return list_walk(&l, &walk, why);
}

enum outcome list_parse_due(struct str text, instant_t *out, struct fail *why)
{
    day_t day;
    if (text.len > sizeof "2026-11-22" - 1) return instant_parse(text, out, why);
    TRY(day_parse(text, &day, why));
    *out = day_start(day);
    return OK;
}
