#include "catalogue/publication.h"

#include "base/parse.h"
#include "base/text.h"

enum { NUMBER_MOST = 100, AUTHORITY_MOST = 300, NOTE_MOST = 2000 };

/* clang-format off */
/* Decree 63/2010/NĐ-CP art. 15, as amended by Decree 48/2013/NĐ-CP art. 1: a decision of publication is issued so long
 * before the first day of the document that makes the procedure. Day 14896 is 2010-10-14, when the decree came into
 * force. */
const struct notice_rule notice_rules[] = {
    {STR_INIT("ministry"), 14896, DAY_OPEN, {TERM_WORKING_DAYS, 2000, false},
     "Nghị định 63/2010/NĐ-CP, Điều 15 (sửa đổi bởi Nghị định 48/2013/NĐ-CP)", N_("Ministry or agency of ministerial rank")},
    {STR_INIT("province"), 14896, DAY_OPEN, {TERM_WORKING_DAYS, 500, false},
     "Nghị định 63/2010/NĐ-CP, Điều 15 (sửa đổi bởi Nghị định 48/2013/NĐ-CP)", N_("People's Committee of a province")},
};
/* clang-format on */
const size_t notice_rule_count = LENGTH(notice_rules);

#define VOCABULARY_ROW(name, code, label) [name] = {code, label},
const struct vocabulary_word version_state_words[VERSION_STATE_COUNT] = {VERSION_STATES(VOCABULARY_ROW)};
const struct vocabulary_word publication_act_words[] = {
    [PUBLICATION_IMPORT] = {"import",   N_("Taken from the national database")},
    [PUBLICATION_PUBLISH] = {"publish",  N_("Published")                       },
    [PUBLICATION_WITHDRAW] = {"withdraw", N_("Withdrawn")                       },
};

/* The rule for a level on the day of the decision; NULL: there is none. */
static const struct notice_rule *notice_rule_at(struct str level, day_t day)
{
    for (size_t i = 0; i < notice_rule_count; i++) {
        const struct notice_rule *r = &notice_rules[i];
        if (str_eq(r->level, level) && r->valid_from <= day && day <= r->valid_to) return r;
    }
    return NULL;
}

/* ---- checking a decision ---- */

static void need(struct str text, size_t most, const char *pointer, struct fail *why)
{
    if (str_trim(text).len == 0)
        fail_problem(why, str_from(pointer), "required", N_("This has to be filled in."));
    else if (text_length(text) > most)
        fail_problem(why, str_from(pointer), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%zu", most));
}

/* What could not be read was told already. */
static bool is_told(const struct fail *why, const char *pointer)
{
    for (size_t i = 0; i < why->problem_count; i++)
        if (str_eq(why->problems[i].pointer, str_from(pointer))) return true;
    return false;
}

static void need_day(day_t day, const char *pointer, struct fail *why)
{
    if (day == DAY_UNKNOWN && !is_told(why, pointer))
        fail_problem(why, str_from(pointer), "required", N_("This has to be filled in."));
}

/* Whether the notice ends only on the first day or after it. */
static bool is_late(const struct decision *d, const struct notice_rule *rule, const struct calendar *calendar,
                    struct arena *a)
{
    struct due due;
    struct fail ignored;
    fail_init(&ignored, a);
    if (calendar_due(calendar, day_start(d->decided_on + 1), rule->notice, &due, &ignored) != OK) return false;
    return day_of(due.at) >= d->valid_from;
}

void decision_check(struct decision *d, const struct calendar *calendar, day_t today, struct fail *why)
{
    need(d->number, NUMBER_MOST, "/number", why);
    need(d->authority, AUTHORITY_MOST, "/authority", why);
    if (text_length(d->note) > NOTE_MOST)
        fail_problem(why, STR("/note"), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%d", NOTE_MOST));
    need_day(d->decided_on, "/date", why);
    need_day(d->valid_from, "/from", why);
    if (d->decided_on != DAY_UNKNOWN && d->decided_on > today)
        fail_problem(why, STR("/date"), "future", N_("A decision that is recorded has been taken already."));
    if (d->valid_from != DAY_UNKNOWN && d->valid_from < today)
        fail_problem(why, STR("/from"), "past",
                     N_("The first day is today or later: what was in force on past days stays as it was."));
    const struct notice_rule *rule = notice_rule_at(d->level, d->decided_on == DAY_UNKNOWN ? today : d->decided_on);
    if (rule == NULL)
        fail_problem(why, STR("/level"), "unknown", N_("Say whether a ministry or a province decided it."));
    bool is_counted = rule != NULL && d->decided_on != DAY_UNKNOWN && d->valid_from != DAY_UNKNOWN;
    d->is_late = is_counted && is_late(d, rule, calendar, why->arena);
}

/* ---- which counts when ---- */

static bool counts_after(const struct publication_row *a, const struct publication_row *b)
{
    if (a->decision.valid_from != b->decision.valid_from) return a->decision.valid_from > b->decision.valid_from;
    return a->n > b->n;
}

const struct publication_row *publication_at(const struct publication_row *rows, size_t count, day_t day)
{
    const struct publication_row *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (rows[i].decision.valid_from <= day && (best == NULL || counts_after(&rows[i], best))) best = &rows[i];
    return best;
}

/* The row that brings a version into force last; NULL: it is a draft. */
static const struct publication_row *last_of(const struct publication_row *rows, size_t count, int64_t number)
{
    const struct publication_row *last = NULL;
    for (size_t i = 0; i < count; i++)
        if (rows[i].version_number == number && (last == NULL || counts_after(&rows[i], last))) last = &rows[i];
    return last;
}

enum version_state version_state_at(const struct publication_row *rows, size_t count, int64_t version_number, day_t day,
                                    day_t *out_since)
{
    const struct publication_row *own = last_of(rows, count, version_number), *now = publication_at(rows, count, day);
    *out_since = DAY_UNKNOWN;
    if (own == NULL) return VERSION_DRAFT;
    *out_since = own->decision.valid_from;
    if (now != NULL && now->version_number == version_number) {
        *out_since = now->decision.valid_from;
        return VERSION_IN_FORCE;
    }
    /* Announced, unless a later decision takes the same day. */
    if (own->decision.valid_from > day)
        return publication_at(rows, count, own->decision.valid_from) == own ? VERSION_ANNOUNCED : VERSION_REPLACED;
    if (now != NULL && now->version_number == 0) {
        const struct publication_row *before = publication_at(rows, count, now->decision.valid_from - 1);
        if (before != NULL && before->version_number == version_number) {
            *out_since = now->decision.valid_from;
            return VERSION_WITHDRAWN;
        }
    }
    return VERSION_REPLACED;
}

/* ---- which version somebody reads ---- */

static enum outcome check_readable(struct tx *tx, struct str code, int64_t number, struct fail *why)
{
    struct publication_row *rows;
    size_t count;
    day_t since;
    TRY(catalogue_publications(tx, code, &rows, &count, why));
    if (version_state_at(rows, count, number, day_of(tx_now(tx)), &since) == VERSION_DRAFT)
        return fail(why, ERR_MISSING, N_("The procedure {0} has no such version."), code);
    return OK;
}

enum outcome catalogue_choose(struct tx *tx, struct str code, struct str number, bool may_see_drafts,
                              struct procedure_choice *out, struct fail *why)
{
    int wanted = 0;
    TRY(catalogue_find(tx, code, &out->ref, why));
    if (number.len > 0 && !parse_int(number, 1, 1000000, &wanted))
        return fail(why, ERR_MISSING, N_("The procedure {0} has no such version."), code);
    if (wanted > 0 && wanted != out->ref.version_number && !may_see_drafts) TRY(check_readable(tx, code, wanted, why));
    TRY(catalogue_version_numbered(tx, code, wanted > 0 ? wanted : out->ref.version_number, &out->version, why));
    out->is_current = out->version.number == out->ref.version_number;
    return OK;
}
