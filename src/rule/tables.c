/* A file of tables becomes what can be asked: its known decisions, and the questions that its inputs are. */
#include "rule/tables.h"

#include "rule/feel_node.h"
#include "rule/tables_model.h"

enum { QUESTIONS_MOST = 40, ID_BYTES = 40, ANSWER_CODE_POINTS = 200 };

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
        struct question q = {inputs[i]->id, inputs[i]->name, inputs[i]->type, inputs[i]};
        if (str_eq(q.name, STR(FACT_CASE))) t->its_case = inputs[i];
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
    t->hash = sha256_format(a, sha256_of(text));
    *out = t;
    return OK;
}

enum outcome tables_check(struct arena *a, struct str text, struct tables **out, struct fail *why)
{
    struct tables *t;
    TRY(tables_read(a, text, &t, why));
    pass_doubts(a, t->dmn, why);
    TRY(fail_if_problems(why));
    *out = t;
    return OK;
}

const struct declaration *tables_questions(const struct tables *t, size_t *out_count)
{
    *out_count = t->question_count;
    return t->declarations;
}
