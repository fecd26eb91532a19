#include "dossier/act_fields.h"

#include "agency/post.h"
#include "base/text.h"
#include "dossier/supplement.h"
#include "dossier/unit.h"
#include "people/people.h"
#include "queries.h"

enum { AGENCIES_MOST = 100, NEAR_MOST = 30, CONDITION_MOST = 80, PART_LABEL_MOST = 160 };
#define UNITS_OTHER "to_other"

struct drawing {
    struct tx *tx;
    const struct dossier_view *view;
    struct form *form;
};

/* Who may be given it: whoever serves the present step at the agency today. */
static enum outcome add_officers(struct drawing *d, struct form_field *field, struct fail *why)
{
    struct post *posts;
    size_t count;
    const struct step *step = process_next(d->view->table, d->view->step, str_from(actions[ACTION_ASSIGN].name));
    TRY(posts_of_agency(d->tx, d->view->dossier.agency, step->role, day_of(clock_now()), &posts, &count, why));
    form_choice(d->form, field, STR(""), form_say(d->form, N_("Choose an officer")));
    for (size_t i = 0; i < count; i++)
        if (!posts[i].is_disabled && !post_is_again(posts, i))
            form_choice(d->form, field, posts[i].login, posts[i].name);
    return OK;
}

static void add_outcomes(struct drawing *d, const struct action_field *f)
{
    struct form_field *field = form_radios(d->form, f->name, f->label, f->hint, STR(""));
    field->is_small = true;
    form_choice(d->form, field, STR("granted"), form_say(d->form, N_("Grant")));
    form_choice(d->form, field, STR("refused"), form_say(d->form, N_("Do not grant")));
}

static void add_files(struct drawing *d, const struct action_field *f)
{
    form_file(d->form, f->name, f->label, f->hint)->is_multiple = true;
}

static void add_options(struct drawing *d, const struct action_field *f)
{
    struct str first = f->is_required ? STR("") : str_from(f->options[0].value);
    struct form_field *field = form_radios(d->form, f->name, f->label, f->hint, first);
    field->is_small = true;
    for (size_t i = 0; i < f->option_count; i++)
        form_choice(d->form, field, str_from(f->options[i].value), form_say(d->form, f->options[i].label));
}

static void add_amount(struct drawing *d, const struct action_field *f)
{
    struct form_field *field = form_text(d->form, f->name, f->label, f->hint, STR(""));
    field->numerals = STR("numeric");
    field->width = STR("10");
}

/* Whose work it is today: other agencies that perform the procedure and have somebody to receive it. */
static enum outcome add_agencies(struct drawing *d, const struct action_field *f, struct fail *why)
{
    struct agency *agencies;
    size_t count;
    const struct dossier *dossier = &d->view->dossier;
    const struct agency_filter filter = {
        .procedure = dossier->procedure_code, .day = day_of(clock_now()), .most = AGENCIES_MOST};
    TRY(agency_list(d->tx, &filter, &agencies, &count, why));
    if (count == AGENCIES_MOST) { /* too many to choose from */
        form_text(d->form, f->name, f->label, N_("The agency's identifier, such as H36.22963."), STR(""));
        return OK;
    }
    struct form_field *field = form_select(d->form, f->name, f->label, f->hint, STR(""));
    form_choice(d->form, field, STR(""), form_say(d->form, N_("Choose an agency")));
    for (size_t i = 0; i < count; i++)
        if (agencies[i].id != dossier->agency) form_choice(d->form, field, agencies[i].identifier, agencies[i].name);
    return OK;
}

/* ---- who is asked ---- */

static enum outcome add_colleagues(struct drawing *d, struct form_field *field, struct fail *why)
{
    struct post *posts;
    size_t count;
    TRY(posts_of_agency(d->tx, d->view->dossier.agency, STR(UNIT_ROLE), day_of(clock_now()), &posts, &count, why));
    for (size_t i = 0; i < count; i++) {
        bool is_oneself = posts[i].account == d->form->rq->visitor.account;
        if (!posts[i].is_disabled && !is_oneself && !post_is_again(posts, i))
            form_choice(d->form, field, posts[i].login, posts[i].name);
    }
    return OK;
}

static enum outcome add_if_it_answers(struct drawing *d, struct form_field *field, const struct agency *a,
                                      struct fail *why)
{
    struct post *posts;
    size_t count;
    TRY(posts_of_agency(d->tx, a->id, STR(UNIT_ROLE), day_of(clock_now()), &posts, &count, why));
    if (count > 0) form_choice(d->form, field, a->identifier, a->name);
    return OK;
}

/* Colleagues, the agency above and those directly below; whoever is further away is named in the line. */
static enum outcome add_units(struct drawing *d, const struct action_field *f, struct fail *why)
{
    struct agency above, *below;
    size_t count;
    const struct agency *own = &d->view->agency;
    const struct agency_filter under = {.parent = own->id, .day = day_of(clock_now()), .most = NEAR_MOST};
    struct form_field *field = form_checks(d->form, f->name, f->label, NULL);
    field->is_small = true;
    TRY(add_colleagues(d, field, why));
    if (own->parent != 0) {
        TRY(agency_load(d->tx, own->parent, &above, why));
        TRY(add_if_it_answers(d, field, &above, why));
    }
    TRY(agency_list(d->tx, &under, &below, &count, why));
    for (size_t i = 0; i < count; i++) TRY(add_if_it_answers(d, field, &below[i], why));
    form_text(d->form, UNITS_OTHER, N_("Others"), f->hint, STR(""));
    return OK;
}

struct str act_field_sent(struct request *rq, const struct action_field *f)
{
    if (f->kind == ACTION_DATE) return day_typed(rq->arena, request_form(rq, f->name));
    if (f->kind != ACTION_UNITS) return request_form(rq, f->name);
    struct str *names = ARENA_ARRAY(rq->arena, struct str, rq->form_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < rq->form_count; i++) {
        bool is_name = str_eq(rq->form[i].name, str_from(f->name)) || str_eq(rq->form[i].name, STR(UNITS_OTHER));
        if (is_name && rq->form[i].value.len > 0) names[count++] = rq->form[i].value;
    }
    return str_join(rq->arena, STR(", "), names, count);
}

/* ---- what is paid for ---- */

static struct str due_label(struct drawing *d, const struct due_line *line)
{
    struct arena *a = d->form->rq->arena;
    struct str parts[3] = {0};
    size_t count = 0;
    parts[count++] = form_say(d->form, line->is_asked                  ? N_("Asked for")
                                       : line->kind == FEE_KIND_UNSAID ? N_("Amount to pay")
                                                                       : fee_kind_words[line->kind].label);
    if (line->is_known) parts[count++] = money_for_people(a, line->amount, line->currency);
    if (line->condition.len > 0) parts[count++] = text_shorten(a, line->condition, CONDITION_MOST);
    return str_join(a, STR(" – "), parts, count);
}

static void add_fees(struct drawing *d, const struct action_field *f)
{
    const struct payments *p = &d->view->aside.payments;
    struct form_field *field = form_select(d->form, f->name, f->label, f->hint, STR(""));
    form_choice(d->form, field, STR(""), form_say(d->form, N_("The one that is due")));
    for (size_t i = 0; i < p->due_count; i++) form_choice(d->form, field, p->due[i].id, due_label(d, &p->due[i]));
    for (enum fee_kind kind = 0; kind < FEE_KIND_COUNT; kind++)
        form_choice(d->form, field, str_from(fee_kind_words[kind].code),
                    fail_fill(d->form->rq->arena, form_say(d->form, N_("{0}, another one")),
                              (const struct str[FAIL_ARGS]){form_say(d->form, fee_kind_words[kind].label)}));
}

/* ---- what is asked for ---- */

static void add_part(struct drawing *d, const struct asked_item *item, const char *name)
{
    struct arena *a = d->form->rq->arena;
    struct str label = supplement_label(a, d->form->rq->language, d->view, item);
    if (label.len == 0) return;
    form_text(d->form, name, NULL, NULL, STR(""))->label = text_shorten(a, label, PART_LABEL_MOST);
}

/* One line for each paper and field: what is missing or wrong with it. Lines that stay empty are not asked for. */
static void add_parts(struct drawing *d, const struct action_field *f)
{
    struct arena *a = d->form->rq->arena;
    struct str *fields;
    size_t count = supplement_fields(a, d->view, &fields);
    form_heading(d->form, f->label);
    for (size_t i = 0; i < d->view->procedure->component_count; i++) {
        struct asked_item item = {.component = d->view->procedure->components[i].id};
        add_part(d, &item, str_format(a, ACT_PART_PAPER "%.*s", STR_ARG(item.component)).at);
    }
    for (size_t i = 0; i < count; i++) {
        struct asked_item item = {.field = fields[i]};
        add_part(d, &item, str_format(a, ACT_PART_FIELD "%.*s", STR_ARG(fields[i])).at);
    }
}

static void put_part(struct json_writer *w, struct request *rq, const struct pair *sent)
{
    bool is_paper = str_starts(sent->name, STR(ACT_PART_PAPER));
    size_t start = is_paper ? sizeof ACT_PART_PAPER - 1 : sizeof ACT_PART_FIELD - 1;
    struct str basis = request_form(rq, str_format(rq->arena, "basis/%.*s", STR_ARG(sent->name)).at);
    jw_open(w, '{');
    jw_put_str(w, is_paper ? "component" : "field", str_part(sent->name, start, sent->name.len));
    jw_put_str(w, "reason", sent->value);
    if (basis.len > 0) jw_put_str(w, "basis", basis);
    jw_close(w);
}

static void put_parts(struct json_writer *w, struct request *rq)
{
    jw_open(w, '[');
    for (size_t i = 0; i < rq->form_count; i++) {
        const struct pair *sent = &rq->form[i];
        bool is_part = str_starts(sent->name, STR(ACT_PART_PAPER)) || str_starts(sent->name, STR(ACT_PART_FIELD));
        if (is_part && str_trim(sent->value).len > 0) put_part(w, rq, sent);
    }
    jw_close(w);
}

void act_field_put(struct json_writer *w, struct request *rq, const struct action_field *f)
{
    if (f->kind == ACTION_FILES || f->kind == ACTION_ANSWERS) return; /* whoever draws them knows what was sent */
    jw_key(w, f->name);
    if (f->kind == ACTION_PARTS)
        put_parts(w, rq);
    else
        jw_str(w, act_field_sent(rq, f));
}

/* ---- one field ---- */

static void ask_ahead(struct tx *tx, const struct dossier_view *v, enum action_field_kind kind)
{
    struct value agency = v_int(v->dossier.agency), day = v_int(day_of(clock_now()));
    if (kind == ACTION_AGENCY)
        store_ahead(tx, Q_AGENCY_LIST_OFFERING,
                    VALUES(v_int(0), day, v_str(v->dossier.procedure_code), v_int(AGENCIES_MOST)));
    if (kind == ACTION_UNITS) store_ahead(tx, Q_POSTS_BY_AGENCY_ROLE, VALUES(agency, v_str(STR(UNIT_ROLE)), day));
    if (kind != ACTION_OFFICER) return;
    const struct step *step = process_next(v->table, v->step, str_from(actions[ACTION_ASSIGN].name));
    store_ahead(tx, Q_POSTS_BY_AGENCY_ROLE, VALUES(agency, v_str(step->role), day));
}

void act_fields_ahead(struct tx *tx, const struct dossier_view *v)
{
    for (size_t i = 0; i < v->action_count; i++) {
        const struct action *action = &actions[v->actions[i]];
        for (size_t f = 0; f < action->field_count; f++) ask_ahead(tx, v, action->fields[f].kind);
        if (v->actions[i] == ACTION_EXTEND)
            store_ahead(tx, Q_APOLOGY_OF_DOSSIER, VALUES(v_int(v->dossier.id), v_instant(v->dossier.due_at)));
    }
}

enum outcome act_field_draw(struct form *form, struct tx *tx, const struct dossier_view *view,
                            const struct action_field *f, struct fail *why)
{
    struct drawing drawing = {tx, view, form}, *d = &drawing;
    switch (f->kind) {
    case ACTION_OUTCOME: add_outcomes(d, f); break;
    case ACTION_FILES: add_files(d, f); break;
    case ACTION_DATE: form_date(d->form, f->name, f->label, f->hint, STR("")); break;
    case ACTION_OFFICER: TRY(add_officers(d, form_select(d->form, f->name, f->label, f->hint, STR("")), why)); break;
    case ACTION_AGENCY: TRY(add_agencies(d, f, why)); break;
    case ACTION_CHOICE: add_options(d, f); break;
    case ACTION_MONEY: add_amount(d, f); break;
    case ACTION_UNITS: TRY(add_units(d, f, why)); break;
    case ACTION_FEE: add_fees(d, f); break;
    case ACTION_LINE: form_text(d->form, f->name, f->label, f->hint, STR("")); break;
    case ACTION_PARTS: add_parts(d, f); return OK;
    case ACTION_ANSWERS: return OK; /* each item has its own place (supplement_page.c) */
    case ACTION_TEXT: form_area(d->form, f->name, f->label, f->hint, STR("")); break;
    }
    d->form->fields.at[d->form->fields.count - 1].is_optional = !f->is_required || f->kind == ACTION_UNITS;
    return OK;
}
