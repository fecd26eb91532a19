/* Tables read and asked: the questions that an applicant gets, and the answer with its rules, or with why there is
 * none. */
#include "rule/ruling.h"

#include "base/auto.h"
#include "base/list.h"
#include "base/text.h"
#include "catalogue/procedure_text.h"
#include "rule/dmn_model.h"
#include "rule/feel_node.h"

enum { QUESTIONS_MOST = 40, ID_BYTES = 40, ANSWER_CODE_POINTS = 200, INPUT_BYTES = 200, FACTS_BYTES = 64 * 1024 };

/* The names that the program knows: what officials call them. */
#define DECISION_FEE "Mức thu"
#define DECISION_ELIGIBILITY "Điều kiện"
#define DECISION_CASE "Trường hợp đề xuất"
#define FACT_CHANNEL "kênh nộp"
#define FACT_CASE "trường hợp"
#define FACT_DAY "ngày nộp"

struct question {
    struct str id, name;
    const struct feel_type *type;
};

struct tables {
    const struct dmn *dmn;
    const struct dmn_element *fee, *eligibility, *proposal; /* NULL: the file does not have it */
    struct question *questions;
    struct declaration *declarations;
    size_t question_count;
    struct str hash;
};

static const struct declaration_choice truths[] = {
    {"yes", N_("Yes")},
    {"no",  N_("No") },
};

/* ---- reading ---- */

static bool is_fact(struct str name)
{
    return str_eq(name, STR(FACT_CHANNEL)) || str_eq(name, STR(FACT_CASE)) || str_eq(name, STR(FACT_DAY));
}

/* It names a field of a form and a member of JSON. */
static bool is_plain_id(struct str id)
{
    if (id.len == 0 || id.len > ID_BYTES || id.at[0] < 'a' || id.at[0] > 'z') return false;
    for (size_t i = 0; i < id.len; i++) {
        char c = id.at[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') return false;
    }
    return true;
}

static bool is_simple(const struct feel_type *t, enum feel_kind kind)
{
    return t != NULL && t->kind == TYPE_SIMPLE && t->simple == kind;
}

/* Allowed values that are texts are choices. */
static void read_choices(struct arena *a, const struct feel_type *t, struct declaration *out)
{
    if (!is_simple(t, FEEL_STRING) || t->allowed == NULL || t->allowed->kind != NODE_TESTS) return;
    struct declaration_choice *choices = ARENA_ARRAY(a, struct declaration_choice, t->allowed->count + 1);
    size_t count = 0;
    for (size_t i = 0; i < t->allowed->count; i++) {
        const struct feel_node *n = t->allowed->items[i];
        if (n->kind == NODE_TEST && n->a != NULL) n = n->a;
        if (n->kind != NODE_LITERAL || n->value.kind != FEEL_STRING) return;
        const char *text = str_cstr(a, n->value.string);
        choices[count++] = (struct declaration_choice){text, text};
    }
    out->kind = FORM_CHOICE;
    out->choices = choices;
    out->choice_count = count;
}

static struct declaration declaration_of(struct arena *a, const struct question *q)
{
    struct declaration d = {.name = str_cstr(a, q->id),
                            .kind = FORM_LINE,
                            .label = str_cstr(a, q->name),
                            .hint = NULL,
                            .most = ANSWER_CODE_POINTS};
    if (is_simple(q->type, FEEL_DATE)) d.kind = FORM_DATE;
    if (is_simple(q->type, FEEL_NUMBER)) d.kind = FORM_NUMBER;
    if (is_simple(q->type, FEEL_BOOLEAN)) {
        d.kind = FORM_CHOICE;
        d.choices = truths;
        d.choice_count = LENGTH(truths);
    }
    read_choices(a, q->type, &d);
    return d;
}

static void read_questions(struct arena *a, struct tables *t, struct fail *why)
{
    size_t count;
    const struct dmn_element *const *inputs = dmn_elements(t->dmn, DMN_INPUT, &count);
    if (count > QUESTIONS_MOST) {
        fail_problem(why, STR("rules.dmn"), "too-many", N_("At most {0} inputs."), str_format(a, "%d", QUESTIONS_MOST));
        return;
    }
    t->questions = ARENA_ARRAY(a, struct question, count + 1);
    t->declarations = ARENA_ARRAY(a, struct declaration, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct question q = {inputs[i]->id, inputs[i]->name, inputs[i]->type};
        if (is_fact(q.name)) continue;
        if (!is_plain_id(q.id)) {
            fail_problem(why, q.name, "format",
                         N_("The id of an input is made of small letters without accents, digits and _; “{0}” is "
                            "not."),
                         q.id);
            continue;
        }
        t->questions[t->question_count] = q;
        t->declarations[t->question_count++] = declaration_of(a, &q);
    }
}

/* Rules that overlap where one may apply, contradict each other or never apply are mistakes; a gap is the official's
 * choice (nobody is answered there), and what cannot be told is none. */
static bool is_refused(const char *code)
{
    struct str c = str_from(code);
    return str_eq(c, STR("overlap")) || str_eq(c, STR("contradiction")) || str_eq(c, STR("unreachable"));
}

static void pass_doubts(struct arena *a, const struct dmn *m, struct fail *why)
{
    size_t count;
    const struct problem *doubts = dmn_lint(a, m, &count);
    for (size_t i = 0; i < count; i++)
        if (is_refused(doubts[i].code))
            fail_problem_with(why, doubts[i].pointer, doubts[i].code, doubts[i].sentence, doubts[i].args);
}

static void pass_problems(const struct dmn *m, struct fail *why)
{
    size_t count;
    const struct problem *problems = dmn_problems(m, &count);
    for (size_t i = 0; i < count; i++)
        fail_problem_with(why, problems[i].pointer, problems[i].code, problems[i].sentence, problems[i].args);
}

enum outcome tables_read(struct arena *a, struct str text, struct tables **out, struct fail *why)
{
    struct tables *t = ARENA_NEW(a, struct tables);
    if (text.len > TABLES_BYTES)
        return fail(why, ERR_INVALID, N_("A file of tables has at most {0} bytes."), str_format(a, "%d", TABLES_BYTES));
    TRY(dmn_read(a, text, NULL, NULL, &t->dmn, why));
    pass_problems(t->dmn, why);
    t->fee = dmn_find(t->dmn, DMN_DECISION, STR(DECISION_FEE));
    t->eligibility = dmn_find(t->dmn, DMN_DECISION, STR(DECISION_ELIGIBILITY));
    t->proposal = dmn_find(t->dmn, DMN_DECISION, STR(DECISION_CASE));
    if (t->fee == NULL && t->eligibility == NULL && t->proposal == NULL)
        fail_problem(why, STR("rules.dmn"), "required",
                     N_("The file has none of the decisions that are used: “{0}”, “{1}”, “{2}”."), STR(DECISION_FEE),
                     STR(DECISION_ELIGIBILITY), STR(DECISION_CASE));
    read_questions(a, t, why);
    TRY(fail_if_problems(why));
    pass_doubts(a, t->dmn, why);
    TRY(fail_if_problems(why));
    t->hash = sha256_format(a, sha256_of(text));
    *out = t;
    return OK;
}

const struct declaration *tables_questions(const struct tables *t, size_t *out_count)
{
    *out_count = t->question_count;
    return t->declarations;
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
    struct feel_entry *entries = ARENA_ARRAY(m->a, struct feel_entry, t->question_count + 3);
    struct civil day = day_to_civil(day_of(m->facts->at));
    struct feel_date date = {day.year, (int8_t)day.month, (int8_t)day.day};
    size_t count = 0;
    add_input(m, &entries[count++], STR(FACT_CHANNEL), feel_string(m->facts->channel));
    add_input(m, &entries[count++], STR(FACT_DAY), feel_date_value(date));
    struct str case_id = m->facts->case_id;
    add_input(m, &entries[count++], STR(FACT_CASE), case_id.len > 0 ? feel_string(case_id) : feel_null());
    for (size_t i = 0; i < t->question_count; i++) {
        const struct question *q = &t->questions[i];
        yyjson_val *answer = m->facts->answers != NULL ? yyjson_obj_getn(m->facts->answers, q->id.at, q->id.len) : NULL;
        struct feel_value v = answer_value(m->a, answer, q->type);
        add_input(m, &entries[count++], q->name, v);
        if (v.kind == FEEL_NULL) LIST_PUSH(m->a, m->open) = q->name;
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

/* False: there is no answer. What depends on an open question waits for it; any other null is an incident. */
static bool ask(struct making *m, const struct dmn_element *decision, struct feel_value *out)
{
    if (decision == NULL) return false;
    struct feel_run *run = ARENA_NEW(m->a, struct feel_run);
    struct dmn_traces *traces = ARENA_NEW(m->a, struct dmn_traces);
    feel_run_init(run, m->a);
    run->now_us = m->facts->at;
    run->traces = traces;
    *out = dmn_decide(run, m->tables->dmn, decision, m->inputs);
    bool is_empty = out->kind == FEEL_NULL || (out->kind == FEEL_LIST && out->count == 0);
    if (run->problem_count == 0 && !is_empty) {
        note_hits(m, traces);
        return true;
    }
    if (m->open.count > 0 && !run->is_stopped) {
        m->out->open = m->open.at;
        m->out->open_count = m->open.count;
    } else if (run->problem_count > 0) {
        const struct feel_problem *p = &run->problems[0];
        struct ruling_incident *i = &LIST_PUSH(m->a, m->incidents);
        *i = (struct ruling_incident){.decision = p->where.len > 0 ? p->where : decision->name,
                                      .line = p->line,
                                      .column = p->column,
                                      .sentence = str_from(p->sentence)};
        for (size_t n = 0; n < FAIL_ARGS; n++) i->args[n] = p->args[n];
    } else {
        stop(m, decision->name, N_("No rule of the table applies."), STR_NONE);
    }
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
    if (!decimal_is_finite(minor) || minor < 0 || !decimal_to_int(minor, &out->amount)) {
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
    *out = (struct ruling){.hash = t->hash, .facts = facts_json(a, facts, t)};
    collect_inputs(&m);
    make_fees(&m);
    make_eligibility(&m);
    make_case(&m);
    out->incidents = m.incidents.at;
    out->incident_count = m.incidents.count;
    out->hits = m.hits.at;
    out->hit_count = m.hits.count;
    out->inputs = m.shown.at;
    out->input_count = m.shown.count;
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

/* ---- for people and programs ---- */

struct str ruling_incident_for_people(struct arena *a, enum language l, const struct ruling_incident *i)
{
    struct str sentence = fail_fill(a, translate_str(l, i->sentence), i->args);
    if (i->line == 0) return str_format(a, "%.*s: %.*s", STR_ARG(i->decision), STR_ARG(sentence));
    return str_format(a, "%.*s (%lld:%lld): %.*s", STR_ARG(i->decision), (long long)i->line, (long long)i->column,
                      STR_ARG(sentence));
}

struct str ruling_hit_for_people(struct arena *a, enum language l, const struct ruling_hit *hit)
{
    return fail_fill(a, translate(l, N_("{0}, rule {1}")), (const struct str[FAIL_ARGS]){hit->decision, hit->rules});
}

struct str ruling_for_people(struct arena *a, enum language l, const struct ruling *r)
{
    LIST(struct str) parts = {0};
    for (size_t i = 0; i < r->fee_count; i++) LIST_PUSH(a, parts) = fee_for_people(a, l, &r->fees[i]);
    if (r->case_id.len > 0) LIST_PUSH(a, parts) = r->case_id;
    if (r->has_eligibility) LIST_PUSH(a, parts) = r->reason;
    for (size_t i = 0; i < r->incident_count; i++)
        LIST_PUSH(a, parts) = ruling_incident_for_people(a, l, &r->incidents[i]);
    for (size_t i = 0; i < r->open_count; i++)
        LIST_PUSH(a, parts) =
            fail_fill(a, translate(l, N_("Not answered: {0}")), (const struct str[FAIL_ARGS]){r->open[i]});
    return str_join(a, STR("; "), parts.at, parts.count);
}

static void put_fees(struct json_writer *w, const struct ruling *r)
{
    jw_key(w, "fees");
    if (!r->has_fees) {
        jw_null(w);
        return;
    }
    jw_open(w, '[');
    for (size_t i = 0; i < r->fee_count; i++) {
        jw_open(w, '{');
        jw_put_str(w, "kind", str_from(fee_kind_words[r->fees[i].kind].code));
        jw_put_int(w, "amount", r->fees[i].amount);
        jw_put_str(w, "currency", str_from(currency_words[r->fees[i].currency].code));
        jw_put_str_or_null(w, "condition", r->fees[i].condition);
        jw_put_str(w, "text", r->fees[i].text);
        jw_close(w);
    }
    jw_close(w);
}

static void put_incidents(struct json_writer *w, struct arena *a, enum language l, const struct ruling *r)
{
    jw_key(w, "incidents");
    jw_open(w, '[');
    for (size_t i = 0; i < r->incident_count; i++) {
        const struct ruling_incident *in = &r->incidents[i];
        jw_open(w, '{');
        jw_put_str(w, "decision", in->decision);
        jw_put_int(w, "line", in->line);
        jw_put_int(w, "column", in->column);
        jw_put_str(w, "detail", fail_fill(a, translate_str(l, in->sentence), in->args));
        jw_close(w);
    }
    jw_close(w);
}

static void put_eligibility(struct json_writer *w, const struct ruling *r)
{
    jw_key(w, "eligibility");
    if (!r->has_eligibility) {
        jw_null(w);
        return;
    }
    jw_open(w, '{');
    jw_put_bool(w, "eligible", r->is_eligible);
    jw_put_str(w, "reason", r->reason);
    jw_close(w);
}

void ruling_json(struct json_writer *w, struct arena *a, enum language l, const struct ruling *r)
{
    jw_open(w, '{');
    jw_put_int(w, "version", r->version);
    jw_put_str(w, "hash", r->hash);
    put_fees(w, r);
    put_eligibility(w, r);
    jw_put_str_or_null(w, "case", r->case_id);
    jw_key(w, "open");
    jw_open(w, '[');
    for (size_t i = 0; i < r->open_count; i++) jw_str(w, r->open[i]);
    jw_close(w);
    put_incidents(w, a, l, r);
    jw_key(w, "rules");
    jw_open(w, '[');
    for (size_t i = 0; i < r->hit_count; i++) {
        jw_open(w, '{');
        jw_put_str(w, "decision", r->hits[i].decision);
        jw_put_str(w, "rules", r->hits[i].rules);
        jw_close(w);
    }
    jw_close(w);
    jw_key(w, "inputs");
    jw_open(w, '[');
    for (size_t i = 0; i < r->input_count; i++) {
        jw_open(w, '{');
        jw_put_str(w, "label", r->inputs[i].label);
        jw_put_str(w, "value", r->inputs[i].value);
        jw_close(w);
    }
    jw_close(w);
    jw_close(w);
}
