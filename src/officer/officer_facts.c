/* The officer's page: what is known of a dossier, its parties and what was declared. */
#include "agency/role.h"
#include "dossier/view_text.h"
#include "officer/officer_draw.h"

/* ---- rows of a summary ---- */

struct row_list {
    const struct officer_draw *w;
    LIST(struct summary_row) rows;
};

/* What is not known is left out. */
static void add_row(struct row_list *r, const char *key, struct str value)
{
    if (value.len > 0) LIST_PUSH(r->w->a, r->rows) = (struct summary_row){.key = desk_say(r->w, key), .value = value};
}

static struct str case_label(const struct officer_draw *w)
{
    const struct procedure_case *one = w->view.dossier.case_id.len > 0 ? dossier_view_case(&w->view) : NULL;
    return one != NULL ? one->label : STR_NONE;
}

static struct str channel_text(const struct officer_draw *w)
{
    int kind = vocabulary_find(channel_words, CHANNEL_KIND_COUNT, w->view.dossier.channel);
    return desk_say(w, kind < 0 ? N_("Opened by an office") : channel_words[kind].label);
}

/* "3 working days from receipt, calendar 5d3f…": the rule that the promise was counted by. */
static struct str rule_text(const struct officer_draw *w)
{
    const struct dossier *d = &w->view.dossier;
    struct str term = term_for_people(w->a, w->l, d->term);
    if (term.len == 0 || d->due_at == INSTANT_NONE) return STR_NONE;
    if (d->extensions > 0) return desk_say_with(w, N_("{0}, extended"), term, STR_NONE);
    struct str version = str_part(d->calendar_version, 0, 12);
    struct str text = desk_say_with(w, N_("{0}, by calendar version {1}"), term, version);
    if (!d->is_provisional) return text;
    return str_format(w->a, "%.*s. %.*s", STR_ARG(text),
                      STR_ARG(desk_say(w, N_("Provisional: holidays of that year are not announced yet."))));
}

static void fill_facts(struct officer_draw *w)
{
    const struct dossier *d = &w->view.dossier;
    struct row_list r = {.w = w};
    add_row(&r, N_("Step"), desk_step_title(w));
    add_row(&r, N_("Held by"), desk_holder(w));
    add_row(&r, N_("Case"), case_label(w));
    add_row(&r, N_("Way"), channel_text(w));
    if (w->view.confirmation.manner.len > 0)
        add_row(&r, N_("Confirmed by the citizen"),
                desk_say_with(w,
                              str_eq(w->view.confirmation.manner, STR("phone")) ? N_("On their phone, at {0}.")
                                                                                : N_("On paper, signed, at {0}."),
                              desk_moment(w, w->view.confirmation.answered_at), STR_NONE));
    add_row(&r, N_("Sender on the envelope"), w->view.delivery.sender);
    if (w->view.delivery.postmarked != 0)
        add_row(&r, N_("Postmark"), day_for_people(w->a, w->view.delivery.postmarked));
    add_row(&r, N_("Submitted"), desk_moment(w, d->submitted_at));
    add_row(&r, N_("Received"), desk_moment(w, d->received_at));
    add_row(&r, N_("Due"), desk_moment(w, d->due_at));
    add_row(&r, N_("The clock stands since"), desk_moment(w, d->held_at));
    add_row(&r, N_("Papers handed over"), desk_moment(w, d->handed_over_at));
    add_row(&r, N_("This step is due"), desk_moment(w, d->step_due));
    add_row(&r, N_("Term"), rule_text(w));
    add_row(&r, N_("Finished"), desk_moment(w, d->finished_at));
    add_row(&r, N_("Result returned"), desk_moment(w, d->returned_at));
    if (d->return_manner.len > 0) add_row(&r, N_("Result wanted"), desk_say(w, return_manner_label(d->return_manner)));
    add_row(&r, N_("Send the result to"), w->view.delivery.address);
    add_row(&r, N_("Outcome"), desk_outcome(w, d->outcome));
    add_row(&r, N_("Reason"), d->reason);
    add_row(&r, N_("Agency"), w->view.agency.name);
    for (size_t i = 0; i < w->view.aside.doubt_count; i++)
        add_row(&r, N_("Wrong, says the applicant"), doubt_for_people(w->a, w->rq->language, &w->view.aside.doubts[i]));
    w->page.facts = r.rows.at;
    w->page.facts_count = r.rows.count;
}

/* ---- parties and declarations ---- */

static void fill_party(struct officer_draw *w, size_t n)
{
    const struct party *p = &w->view.parties[n];
    struct row_list r = {.w = w};
    add_row(&r, N_("Name"), p->name);
    add_row(&r, N_("Kind"), desk_say(w, party_kind_label(p->kind)));
    if (p->basis.len > 0) add_row(&r, N_("By what right"), desk_say(w, party_basis_label(p->basis)));
    if (str_eq(p->basis, STR("authorised")) && w->view.aside.mandate.id != 0)
        add_row(&r, N_("Authorisation"),
                mandate_for_people(w->a, w->rq->language, &w->view.aside.mandate, day_of(w->view.now)));
    for (size_t i = 0; i < w->view.identity_count; i++)
        if (w->view.identities[i].n == (int64_t)n + 1)
            add_row(&r, identity_type_label(w->view.identities[i].type), w->view.identities[i].masked);
    add_row(&r, N_("Telephone"), p->phone);
    add_row(&r, N_("E-mail"), p->email);
    add_row(&r, N_("Address"), p->address);
    w->page.parties[n] = (struct party_block){party_role_label(p->role), r.rows.at, r.rows.count};
}

static void fill_parties(struct officer_draw *w)
{
    w->page.parties_count = w->view.party_count;
    w->page.parties = ARENA_ARRAY(w->a, struct party_block, w->view.party_count + 1);
    for (size_t i = 0; i < w->view.party_count; i++) fill_party(w, i);
}

static struct str value_text(const struct officer_draw *w, yyjson_val *v)
{
    if (yyjson_is_str(v)) return str_dup(w->a, json_text(v));
    if (yyjson_is_bool(v)) return desk_say(w, yyjson_get_bool(v) ? N_("Yes") : N_("No"));
    if (!yyjson_is_arr(v)) return json_canonical(w->a, v);
    struct str *parts = ARENA_ARRAY(w->a, struct str, yyjson_arr_size(v) + 1);
    yyjson_val *item;
    size_t i, count;
    yyjson_arr_foreach(v, i, count, item) parts[i] = value_text(w, item);
    return str_join(w->a, STR(", "), parts, yyjson_arr_size(v));
}

static struct str declared_text(const struct officer_draw *w, const struct declaration *field, yyjson_val *value)
{
    struct str text = value_text(w, value);
    for (size_t i = 0; field != NULL && i < field->choice_count; i++)
        if (str_eq(text, str_from(field->choices[i].value))) return desk_say(w, field->choices[i].label);
    return text;
}

static enum outcome fill_declarations(struct officer_draw *w, struct fail *why)
{
    yyjson_val *declared, *key, *value;
    size_t i, count;
    LIST(struct summary_row) rows = {0};
    struct str text = w->view.dossier.form;
    TRY(json_read(w->a, text.len > 0 ? text : STR("{}"), &declared, why));
    yyjson_obj_foreach(declared, i, count, key, value)
    {
        const struct declaration *field = form_field_find(w->form, json_text(key));
        struct str shown = declared_text(w, field, value);
        if (shown.len > 0)
            LIST_PUSH(w->a, rows) = (struct summary_row){
                .key = field != NULL ? desk_say(w, field->label) : str_dup(w->a, json_text(key)), .value = shown};
    }
    w->page.declarations = rows.at;
    w->page.declarations_count = rows.count;
    return OK;
}

enum outcome desk_fill_facts(struct officer_draw *w, struct fail *why)
{
    fill_facts(w);
    fill_parties(w);
    return fill_declarations(w, why);
}
