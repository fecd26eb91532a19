/* A ruling for people, and as JSON: as programs get it, and as it is kept. */
#include "base/auto.h"
#include "base/list.h"
#include "catalogue/procedure_text.h"
#include "rule/ruling.h"

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

/* ---- the questions: what a form needs to ask them again ---- */

static const char *const question_types[] = {[FORM_LINE] = "text",
                                             [FORM_LINES] = "text",
                                             [FORM_CHOICE] = "choice",
                                             [FORM_DATE] = "date",
                                             [FORM_NUMBER] = "number"};

static void put_questions(struct json_writer *w, const struct ruling *r)
{
    jw_key(w, "questions");
    jw_open(w, '[');
    for (size_t i = 0; i < r->question_count; i++) {
        const struct declaration *d = &r->questions[i];
        jw_open(w, '{');
        jw_put_str(w, "id", str_from(d->name));
        jw_put_str(w, "label", str_from(d->label));
        jw_put_str(w, "type", str_from(question_types[d->kind]));
        jw_key(w, "choices");
        jw_open(w, '[');
        for (size_t n = 0; n < d->choice_count; n++) {
            jw_open(w, '{');
            jw_put_str(w, "value", str_from(d->choices[n].value));
            jw_put_str(w, "label", str_from(d->choices[n].label));
            jw_close(w);
        }
        jw_close(w);
        jw_close(w);
    }
    jw_close(w);
}

static struct declaration question_of(struct arena *a, yyjson_val *v)
{
    yyjson_val *choices = json_get(v, "choices"), *c;
    struct declaration d = {
        .name = str_cstr(a, json_str(v, "id")), .label = str_cstr(a, json_str(v, "label")), .most = FORM_TEXT_MOST};
    struct declaration_choice *list = ARENA_ARRAY(a, struct declaration_choice, yyjson_arr_size(choices) + 1);
    size_t i, count;
    for (size_t k = 0; k < LENGTH(question_types); k++)
        if (str_eq(json_str(v, "type"), str_from(question_types[k]))) d.kind = (enum form_kind)k;
    if (d.kind == FORM_LINES) d.kind = FORM_LINE;
    yyjson_arr_foreach(choices, i, count, c) list[d.choice_count++] =
        (struct declaration_choice){str_cstr(a, json_str(c, "value")), str_cstr(a, json_str(c, "label"))};
    d.choices = list;
    return d;
}

static void read_questions(struct arena *a, yyjson_val *list, struct ruling *out)
{
    struct declaration *questions = ARENA_ARRAY(a, struct declaration, yyjson_arr_size(list) + 1);
    yyjson_val *v;
    size_t i, count;
    yyjson_arr_foreach(list, i, count, v) questions[out->question_count++] = question_of(a, v);
    out->questions = questions;
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
    put_questions(w, r);
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

void ruling_add_questions(struct arena *a, const struct ruling *r, struct procedure_form *form)
{
    if (r != NULL) form_add_fields(a, form, r->questions, r->question_count);
}

/* ---- reading what was kept ---- */

static void read_fees(struct arena *a, yyjson_val *list, struct ruling *out)
{
    yyjson_val *v;
    size_t i, count;
    out->has_fees = yyjson_is_arr(list);
    out->fees = ARENA_ARRAY(a, struct fee, yyjson_arr_size(list) + 1);
    yyjson_arr_foreach(list, i, count, v)
    {
        int kind = vocabulary_find(fee_kind_words, FEE_KIND_COUNT, json_str(v, "kind"));
        int currency = vocabulary_find(currency_words, CURRENCY_COUNT, json_str(v, "currency"));
        if (kind < 0 || currency < 0) continue;
        out->fees[out->fee_count++] = (struct fee){.kind = (enum fee_kind)kind,
                                                   .is_known = true,
                                                   .amount = json_int(v, "amount", 0),
                                                   .currency = (enum currency)currency,
                                                   .condition = str_dup(a, json_str(v, "condition")),
                                                   .text = str_dup(a, json_str(v, "text"))};
    }
}

static void read_lists(struct arena *a, yyjson_val *root, struct ruling *out)
{
    yyjson_val *v, *open = json_get(root, "open"), *incidents = json_get(root, "incidents"),
                   *rules = json_get(root, "rules"), *inputs = json_get(root, "inputs");
    size_t i, count;
    out->open = ARENA_ARRAY(a, struct str, yyjson_arr_size(open) + 1);
    out->incidents = ARENA_ARRAY(a, struct ruling_incident, yyjson_arr_size(incidents) + 1);
    out->hits = ARENA_ARRAY(a, struct ruling_hit, yyjson_arr_size(rules) + 1);
    out->inputs = ARENA_ARRAY(a, struct ruling_input, yyjson_arr_size(inputs) + 1);
    yyjson_arr_foreach(open, i, count, v) out->open[out->open_count++] = str_dup(a, json_text(v));
    yyjson_arr_foreach(incidents, i, count, v) out->incidents[out->incident_count++] =
        (struct ruling_incident){.decision = str_dup(a, json_str(v, "decision")),
                                 .line = json_int(v, "line", 0),
                                 .column = json_int(v, "column", 0),
                                 .sentence = str_dup(a, json_str(v, "detail"))};
    yyjson_arr_foreach(rules, i, count, v) out->hits[out->hit_count++] =
        (struct ruling_hit){str_dup(a, json_str(v, "decision")), str_dup(a, json_str(v, "rules"))};
    yyjson_arr_foreach(inputs, i, count, v) out->inputs[out->input_count++] =
        (struct ruling_input){str_dup(a, json_str(v, "label")), str_dup(a, json_str(v, "value"))};
}

enum outcome ruling_read(struct arena *a, struct str text, struct ruling *out, struct fail *why)
{
    yyjson_val *root;
    TRY(json_read(a, text, &root, why));
    yyjson_val *eligibility = json_get(root, "eligibility");
    *out = (struct ruling){.hash = str_dup(a, json_str(root, "hash")),
                           .case_id = str_dup(a, json_str(root, "case")),
                           .has_eligibility = eligibility != NULL,
                           .is_eligible = json_bool(eligibility, "eligible", false),
                           .reason = str_dup(a, json_str(eligibility, "reason"))};
    read_fees(a, json_get(root, "fees"), out);
    read_lists(a, root, out);
    read_questions(a, json_get(root, "questions"), out);
    return OK;
}
