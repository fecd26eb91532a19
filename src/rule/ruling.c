/* Tables asked: the answer with its rules, or why there is none. */
#include "rule/ruling.h"

#include "base/auto.h"
#include "base/list.h"
#include "base/text.h"
#include "catalogue/procedure_text.h"
#include "rule/tables_model.h"

enum { FACT_COUNT = 3, INPUT_BYTES = 200, FACTS_BYTES = 64 * 1024, GUESSES = 12, REQUIRED_DEPTH = 64 };

static bool is_simple(const struct feel_type *t, enum feel_kind kind)
{
    return t != NULL && t->kind == TYPE_SIMPLE && t->simple == kind;
}

/* ---- what is known ---- */

static struct feel_value value_of_text(struct arena *a, struct str text, const struct feel_type *type)
{
    decimal number;
    struct feel_date date;
    if (text.len == 0) return feel_null();
    if (is_simple(type, FEEL_NUMBER)) {
        char *point = arena_dup(a, text.at, text.len);
        for (size_t i = 0; i < text.len; i++)
            if (point[i] == ',') point[i] = '.';
        return decimal_parse(str_of(point, text.len), &number) ? feel_number(number) : feel_null();
    }
    if (is_simple(type, FEEL_DATE)) return date_parse(text, &date) ? feel_date_value(date) : feel_null();
    if (!is_simple(type, FEEL_BOOLEAN)) return feel_string(text);
    if (str_eq(text, STR("yes"))) return feel_boolean(true);
    return str_eq(text, STR("no")) ? feel_boolean(false) : feel_null();
}

static struct feel_value answer_value(struct arena *a, yyjson_val *answer, const struct feel_type *type)
{
    if (answer == NULL || yyjson_is_null(answer)) return feel_null();
    if (yyjson_is_str(answer)) return value_of_text(a, str_dup(a, str_trim(json_text(answer))), type);
    struct feel_value v = feel_read_json(a, answer);
    if (type == NULL || type->kind == TYPE_ANY) return v;
    return type->kind == TYPE_SIMPLE && type->simple == v.kind ? v : feel_null();
}

struct making {
    struct arena *a;
    const struct tables *tables;
    const struct ruling_facts *facts;
    struct ruling *out;
    struct feel_value inputs;
    LIST(struct ruling_incident) incidents;
    LIST(struct ruling_hit) hits;
    LIST(struct ruling_input) shown;
    LIST(struct str) open;
    bool *is_open; /* of each question of the tables */
};

static struct str value_for_people(struct arena *a, struct feel_value v)
{
    if (v.kind == FEEL_BOOLEAN) return v.boolean ? STR("yes") : STR("no");
    return text_shorten(a, feel_format(a, v), INPUT_BYTES);
}

static void add_input(struct making *m, struct feel_entry *entry, struct str name, struct feel_value v)
{
    *entry = (struct feel_entry){name, v};
    if (v.kind != FEEL_NULL) LIST_PUSH(m->a, m->shown) = (struct ruling_input){name, value_for_people(m->a, v)};
}

static void collect_inputs(struct making *m)
{
    const struct tables *t = m->tables;
    struct feel_entry *entries = ARENA_ARRAY(m->a, struct feel_entry, t->question_count + FACT_COUNT);
    struct civil day = day_to_civil(day_of(m->facts->at));
    struct feel_date date = {day.year, (int8_t)day.month, (int8_t)day.day};
    size_t count = 0;
    m->is_open = ARENA_ARRAY(m->a, bool, t->question_count + 1);
    add_input(m, &entries[count++], STR(FACT_CHANNEL), feel_string(m->facts->channel));
    add_input(m, &entries[count++], STR(FACT_DAY), feel_date_value(date));
    struct str case_id = m->facts->case_id;
    add_input(m, &entries[count++], STR(FACT_CASE), case_id.len > 0 ? feel_string(case_id) : feel_null());
    for (size_t i = 0; i < t->question_count; i++) {
        const struct question *q = &t->questions[i];
        yyjson_val *answer = m->facts->answers != NULL ? yyjson_obj_getn(m->facts->answers, q->id.at, q->id.len) : NULL;
        struct feel_value v = answer_value(m->a, answer, q->type);
        add_input(m, &entries[count++], q->name, v);
        m->is_open[i] = v.kind == FEEL_NULL;
    }
    m->inputs = feel_context_value(m->a, entries, count);
}

/* ---- asking ---- */

static void stop(struct making *m, struct str decision, const char *sentence, struct str argument)
{
    LIST_PUSH(m->a, m->incidents) =
        (struct ruling_incident){.decision = decision, .sentence = str_from(sentence), .args = {argument}};
}

static void note_hits(struct making *m, const struct dmn_traces *traces)
{
    for (size_t i = 0; i < traces->count; i++) {
        const struct dmn_trace *trace = &traces->at[i];
        struct str *numbers = ARENA_ARRAY(m->a, struct str, trace->count + 1);
        for (size_t n = 0; n < trace->count; n++) numbers[n] = str_format(m->a, "%u", trace->rules[n]);
        if (trace->count > 0 && m->hits.count < RULING_HITS)
            LIST_PUSH(m->a, m->hits) =
                (struct ruling_hit){trace->decision, str_join(m->a, STR(", "), numbers, trace->count)};
    }
}

/* Whatever the standard lets pass in silence is an error here: an office does not decide by a null. */
static struct feel_value decide(struct making *m, const struct dmn_element *decision, struct feel_value inputs,
                                struct feel_run *run, struct dmn_traces *traces)
{
    struct feel_value v;
    struct fail kept_in_run;
    fail_init(&kept_in_run, m->a);
    feel_run_init(run, m->a);
    run->now_us = m->facts->at;
    run->legal_time = m->facts->legal_time;
    run->traces = traces;
    return dmn_decide_strictly(run, m->tables->dmn, decision, inputs, &v, &kept_in_run) == OK ? v : feel_null();
}

/* ---- what was left open ---- */

static void mark_required(const struct dmn_element *e, unsigned char *seen, int depth)
{
    if (seen[e->index] || depth > REQUIRED_DEPTH) return;
    seen[e->index] = 1;
    for (size_t i = 0; i < e->requirement_count; i++) mark_required(e->requirements[i].element, seen, depth + 1);
    for (size_t i = 0; i < e->output_count; i++) mark_required(e->outputs[i], seen, depth + 1);
}

struct waiting {
    unsigned char *seen; /* by the index of an element: the decision stands on it */
    bool is_waiting, is_case_open;
};

static struct waiting waiting_of(struct making *m, const struct dmn_element *decision)
{
    const struct tables *t = m->tables;
    struct waiting w = {.seen = ARENA_ARRAY(m->a, unsigned char, t->dmn->element_count + 1)};
    mark_required(decision, w.seen, 0);
    w.is_case_open = t->its_case != NULL && w.seen[t->its_case->index] && m->facts->case_id.len == 0;
    w.is_waiting = w.is_case_open;
    for (size_t i = 0; i < t->question_count; i++)
        w.is_waiting = w.is_waiting || (m->is_open[i] && w.seen[t->questions[i].element->index]);
    return w;
}

static bool is_told(const struct making *m, struct str name)
{
    for (size_t i = 0; i < m->open.count; i++)
        if (str_eq(m->open.at[i], name)) return true;
    return false;
}

static void tell_open(struct making *m, const struct waiting *w)
{
    const struct tables *t = m->tables;
    if (w->is_case_open && !is_told(m, STR(FACT_CASE))) LIST_PUSH(m->a, m->open) = STR(FACT_CASE);
    for (size_t i = 0; i < t->question_count; i++)
        if (m->is_open[i] && w->seen[t->questions[i].element->index] && !is_told(m, t->questions[i].name))
            LIST_PUSH(m->a, m->open) = t->questions[i].name;
}

/* What an open question might be answered; false: anything, so nothing can be said. */
static bool guess(const struct making *m, size_t question, size_t round, struct feel_value *out)
{
    static const int64_t numbers[] = {1, 100, 1000000}, years[] = {0, -1, 1};
    const struct declaration *d = &m->tables->declarations[question];
    const struct feel_type *type = m->tables->questions[question].type;
    struct civil day = day_to_civil(day_of(m->facts->at));
    if (is_simple(type, FEEL_BOOLEAN))
        *out = feel_boolean(round % 2 == 0);
    else if (is_simple(type, FEEL_NUMBER))
        *out = feel_integer(numbers[round % LENGTH(numbers)]);
    else if (is_simple(type, FEEL_DATE))
        *out =
            feel_date_value((struct feel_date){day.year + (int32_t)years[round % LENGTH(years)], (int8_t)day.month, 1});
    else if (d->kind == FORM_CHOICE)
        *out = feel_string(str_from(d->choices[round % d->choice_count].value));
    else
        return false;
    return true;
}

/* The inputs with a guess for every open question; false when one cannot be guessed. */
static bool guess_inputs(struct making *m, const struct waiting *w, size_t round, struct feel_value *out)
{
    const struct tables *t = m->tables;
    size_t count = m->inputs.context->count;
    struct feel_entry *entries = arena_dup(m->a, m->inputs.context->entries, count * sizeof *entries);
    if (w->is_case_open) return false;
    for (size_t i = 0; i < t->question_count; i++)
        if (m->is_open[i] && !guess(m, i, round, &entries[FACT_COUNT + i].value)) {
            if (w->seen[t->questions[i].element->index]) return false;
            entries[FACT_COUNT + i].value = feel_null();
        }
    *out = feel_context_value(m->a, entries, count);
    return true;
}

static bool has_problem_at(const struct feel_run *run, const struct feel_problem *p)
{
    size_t kept = run->problem_count < FEEL_PROBLEMS ? run->problem_count : FEEL_PROBLEMS;
    for (size_t i = 0; i < kept; i++)
        if (run->problems[i].line == p->line && run->problems[i].column == p->column &&
            str_eq(run->problems[i].where, p->where))
            return true;
    return false;
}

/* An error that is there whatever the open questions are answered: it is not their openness that stops the decision. */
static const struct feel_problem *error_all_the_same(struct making *m, const struct dmn_element *decision,
                                                     const struct waiting *w)
{
    struct feel_value inputs;
    struct feel_run *first = ARENA_NEW(m->a, struct feel_run), *run = ARENA_NEW(m->a, struct feel_run);
    if (!guess_inputs(m, w, 0, &inputs)) return NULL;
    (void)decide(m, decision, inputs, first, NULL); /* its errors are what counts */
    size_t left = first->problem_count < FEEL_PROBLEMS ? first->problem_count : FEEL_PROBLEMS;
    for (size_t round = 1; round < GUESSES && left > 0; round++) {
        struct arena_mark mark = arena_mark(m->a);
        size_t kept = 0;
        if (!guess_inputs(m, w, round, &inputs)) BUG("what was guessed once can be guessed again");
        (void)decide(m, decision, inputs, run, NULL);
        for (size_t i = 0; i < left; i++)
            if (has_problem_at(run, &first->problems[i])) first->problems[kept++] = first->problems[i];
        left = kept;
        arena_back(m->a, mark);
    }
    return left > 0 ? &first->problems[0] : NULL;
}

/* ---- one decision ---- */

static void stop_at(struct making *m, const struct dmn_element *decision, const struct feel_problem *p)
{
    struct ruling_incident *i = &LIST_PUSH(m->a, m->incidents);
    *i = (struct ruling_incident){.decision = p->where.len > 0 ? p->where : decision->name,
                                  .line = p->line,
                                  .column = p->column,
                                  .sentence = str_from(p->sentence)};
    for (size_t n = 0; n < FAIL_ARGS; n++) i->args[n] = p->args[n];
}

/* False: there is no answer. It waits for a question that was left open, or an incident says why. */
static bool ask(struct making *m, const struct dmn_element *decision, struct feel_value *out)
{
    if (decision == NULL) return false;
    struct feel_run *run = ARENA_NEW(m->a, struct feel_run);
    struct dmn_traces *traces = ARENA_NEW(m->a, struct dmn_traces);
    *out = decide(m, decision, m->inputs, run, traces);
    bool is_empty = out->kind == FEEL_NULL || (out->kind == FEEL_LIST && out->count == 0);
    if (run->problem_count == 0 && !is_empty) {
        note_hits(m, traces);
        return true;
    }
    struct waiting w = waiting_of(m, decision);
    const struct feel_problem *error = run->problem_count > 0 ? &run->problems[0] : NULL;
    if (w.is_waiting && !run->is_stopped) error = error_all_the_same(m, decision, &w);
    if (error != NULL)
        stop_at(m, decision, error);
    else if (w.is_waiting)
        tell_open(m, &w);
    else
        stop(m, decision->name, N_("No rule of the table applies."), STR_NONE);
    return false;
}

/* A list of contexts, or one. */
static size_t rows_of(struct feel_value v, const struct feel_value **out)
{
    static const struct feel_value none;
    *out = &none;
    return v.kind == FEEL_LIST ? v.count : 1;
}

static struct feel_value member(struct feel_value row, struct str name)
{
    const struct feel_value *v = row.kind == FEEL_CONTEXT ? feel_context_find(row.context, name) : NULL;
    return v != NULL ? *v : feel_null();
}

/* ---- fees ---- */

static bool read_fee(struct making *m, struct feel_value row, struct fee *out)
{
    struct str name = m->tables->fee->name;
    struct feel_value kind = member(row, STR("loại")), amount = member(row, STR("số tiền")),
                      currency = member(row, STR("đơn vị")), condition = member(row, STR("nội dung"));
    int which = currency.kind == FEEL_STRING ? vocabulary_find(currency_words, CURRENCY_COUNT, currency.string) : 0;
    bool is_charge = kind.kind == FEEL_STRING && str_eq(kind.string, STR("lệ phí"));
    if (!is_charge && !(kind.kind == FEEL_STRING && str_eq(kind.string, STR("phí")))) {
        stop(m, name, N_("A fee is of the kind “phí” or “lệ phí”."), STR_NONE);
        return false;
    }
    if (which < 0) {
        stop(m, name, N_("There is no currency “{0}”."), currency.string);
        return false;
    }
    *out = (struct fee){.kind = is_charge ? FEE_CHARGE : FEE_SERVICE,
                        .is_known = true,
                        .currency = (enum currency)which,
                        .condition = condition.kind == FEEL_STRING ? condition.string : STR("")};
    decimal minor = amount.kind == FEEL_NUMBER ? amount.number * (which == CURRENCY_USD ? 100 : 1) : -1;
    if (!decimal_is_finite(minor) || minor < 0 || !decimal_to_int(minor, &out->amount) ||
        out->amount > FEE_AMOUNT_MOST) {
        stop(m, name, N_("The amount “{0}” cannot be charged in its currency."), feel_format(m->a, amount));
        return false;
    }
    return true;
}

static void make_fees(struct making *m)
{
    struct feel_value answer;
    const struct feel_value *rows;
    if (!ask(m, m->tables->fee, &answer)) return;
    size_t count = rows_of(answer, &rows);
    rows = answer.kind == FEEL_LIST ? answer.items : &answer;
    struct fee *fees = ARENA_ARRAY(m->a, struct fee, count + 1);
    for (size_t i = 0; i < count; i++) {
        if (!read_fee(m, rows[i], &fees[i])) return;
        fees[i].text = fee_for_people(m->a, VIETNAMESE, &fees[i]);
    }
    m->out->fees = fees;
    m->out->fee_count = count;
    m->out->has_fees = true;
}

/* ---- eligibility, case ---- */

/* Of several rows all must be fulfilled; the reasons are told together. */
static void make_eligibility(struct making *m)
{
    struct feel_value answer;
    const struct feel_value *rows;
    if (!ask(m, m->tables->eligibility, &answer)) return;
    size_t count = rows_of(answer, &rows), told = 0;
    rows = answer.kind == FEEL_LIST ? answer.items : &answer;
    struct str *reasons = ARENA_ARRAY(m->a, struct str, count + 1);
    bool is_eligible = true;
    for (size_t i = 0; i < count; i++) {
        struct feel_value fits = member(rows[i], STR("đủ điều kiện")), reason = member(rows[i], STR("lý do"));
        if (fits.kind != FEEL_BOOLEAN || reason.kind != FEEL_STRING || reason.string.len == 0) {
            stop(m, m->tables->eligibility->name, N_("A rule says neither yes nor no, or gives no reason."), STR_NONE);
            return;
        }
        is_eligible = is_eligible && fits.boolean;
        reasons[told++] = reason.string;
    }
    m->out->has_eligibility = true;
    m->out->is_eligible = is_eligible;
    m->out->reason = str_join(m->a, STR(" "), reasons, told);
}

static void make_case(struct making *m)
{
    struct feel_value answer;
    if (!ask(m, m->tables->proposal, &answer)) return;
    if (answer.kind == FEEL_STRING)
        m->out->case_id = answer.string;
    else
        stop(m, m->tables->proposal->name, N_("The id of a case is a text."), STR_NONE);
}

static struct str facts_json(struct arena *a, const struct ruling_facts *facts, const struct tables *t)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, FACTS_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "channel", facts->channel);
    jw_put_str(&w, "case", facts->case_id);
    jw_put_instant(&w, "at", facts->at);
    jw_key(&w, "answers");
    jw_open(&w, '{');
    for (size_t i = 0; t != NULL && i < t->question_count; i++) {
        struct str id = t->questions[i].id;
        yyjson_val *v = facts->answers != NULL ? yyjson_obj_getn(facts->answers, id.at, id.len) : NULL;
        if (v == NULL) continue;
        jw_key(&w, str_cstr(a, id));
        jw_value(&w, v);
    }
    jw_close(&w);
    jw_close(&w);
    return str_dup(a, buf_str(&text));
}

void ruling_make(struct arena *a, const struct tables *t, const struct ruling_facts *facts, struct ruling *out)
{
    struct making m = {.a = a, .tables = t, .facts = facts, .out = out};
    *out = (struct ruling){.hash = t->hash,
                           .facts = facts_json(a, facts, t),
                           .questions = t->declarations,
                           .question_count = t->question_count};
    collect_inputs(&m);
    make_fees(&m);
    make_eligibility(&m);
    make_case(&m);
    out->open = m.open.at;
    out->open_count = m.open.count;
    out->incidents = m.incidents.at;
    out->incident_count = m.incidents.count;
    out->hits = m.hits.at;
    out->hit_count = m.hits.count;
    out->inputs = m.shown.at;
    out->input_count = m.shown.count;
}

const struct ruling *ruling_by(struct arena *a, const struct rules_now *now, const struct ruling_facts *facts)
{
    if (now->version == 0) return NULL;
    struct ruling *r = ARENA_NEW(a, struct ruling);
    if (now->tables != NULL) {
        ruling_make(a, now->tables, facts, r);
    } else {
        static const char damaged[] = N_("The tables that are in force cannot be read by this version of the program.");
        struct ruling_incident *one = ARENA_NEW(a, struct ruling_incident);
        *one = (struct ruling_incident){.decision = STR("rules.dmn"), .sentence = str_from(damaged)};
        *r = (struct ruling){.incidents = one, .incident_count = 1, .facts = facts_json(a, facts, NULL)};
    }
    r->version = now->version;
    r->hash = now->hash;
    return r;
}

enum outcome ruling_facts_read(struct arena *a, struct str json, struct ruling_facts *out, struct fail *why)
{
    yyjson_val *root;
    TRY(json_read(a, json, &root, why));
    *out = (struct ruling_facts){.channel = json_str(root, "channel"),
                                 .case_id = json_str(root, "case"),
                                 .at = clock_now(),
                                 .answers = json_get(root, "answers")};
    struct str at = json_str(root, "at");
    return at.len > 0 ? instant_parse(at, &out->at, why) : OK;
}
