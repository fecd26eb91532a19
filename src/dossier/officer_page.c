/*
 * GET /ho-so/{code}?paper=n for officers: what is known on the left, the papers on the right, what can be done now as
 * forms. The same page answers a refused act, with what was typed and what others did meanwhile.
 */
#include <string.h>

#include "agency/agency_calendar.h"
#include "agency/role.h"
#include "base/parse.h"
#include "dossier/aside_page.h"
#include "dossier/dossier_visit.h"
#include "dossier/due_mark.h"
#include "dossier/file_type.h"
#include "dossier/officer_pages.h"
#include "dossier/paper.h"
#include "dossier/slip_link.h"
#include "dossier/view_text.h"
#include "form/form.h"
#include "people/people.h"

struct paper_file {
    struct str name, facts, href; /* "1,2 MB, applicant, 22/11/2026" */
    bool is_current;
};

/* One paper of the record, or a group of others. */
struct paper_row {
    struct str label, count;
    struct tag tag;
    struct paper_file *files;
    size_t files_count;
};

struct paper_shown {
    struct str name, href;
    bool is_frame, is_image, is_other; /* one of them; none: nothing to show */
};

struct party_block {
    const char *role; /* message */
    struct summary_row *rows;
    size_t rows_count;
};

struct officer_page {
    struct frame frame;
    struct str code, owner, procedure, procedure_href;
    struct tag status;
    struct due_mark due;
    struct summary_row *facts, *declarations;
    size_t facts_count, declarations_count;
    struct party_block *parties;
    size_t parties_count;
    struct paper_row *papers;
    size_t papers_count;
    struct paper_shown shown;
    struct act_form *acts;
    size_t acts_count;
    struct timeline_item *history, *changes, *typed;
    size_t history_count, changes_count, typed_count;
    struct slip_link *slips;
    size_t slips_count;
    bool is_stale, has_missing, is_protected;
    struct str whose_turn;    /* when it is not the reader's */
    struct str identity_href; /* empty: not for these eyes */
    struct money_block money;
    struct unit_row *units;
    struct contact_row *contacts;
    size_t units_count, contacts_count;
};

/* clang-format off */
static const struct field paper_file_fields[] = {
    FIELD_STR(struct paper_file, name),
    FIELD_STR(struct paper_file, facts),
    FIELD_STR(struct paper_file, href),
    FIELD_BOOL(struct paper_file, is_current),
    FIELD_END,
};
static const struct field paper_row_fields[] = {
    FIELD_STR(struct paper_row, label),
    FIELD_STR(struct paper_row, count),
    FIELD_STRUCT(struct paper_row, tag, tag_fields),
    FIELD_LIST(struct paper_row, files, struct paper_file, paper_file_fields),
    FIELD_END,
};
static const struct field paper_shown_fields[] = {
    FIELD_STR(struct paper_shown, name),
    FIELD_STR(struct paper_shown, href),
    FIELD_BOOL(struct paper_shown, is_frame),
    FIELD_BOOL(struct paper_shown, is_image),
    FIELD_BOOL(struct paper_shown, is_other),
    FIELD_END,
};
static const struct field party_block_fields[] = {
    FIELD_MESSAGE(struct party_block, role),
    FIELD_LIST(struct party_block, rows, struct summary_row, summary_row_fields),
    FIELD_END,
};
static const struct field officer_page_fields[] = {
    FRAME_FIELDS(struct officer_page),
    FIELD_STR(struct officer_page, code),
    FIELD_STR(struct officer_page, owner),
    FIELD_STR(struct officer_page, procedure),
    FIELD_STR(struct officer_page, procedure_href),
    FIELD_STRUCT(struct officer_page, status, tag_fields),
    FIELD_STRUCT(struct officer_page, due, due_mark_fields),
    FIELD_LIST(struct officer_page, facts, struct summary_row, summary_row_fields),
    FIELD_LIST(struct officer_page, declarations, struct summary_row, summary_row_fields),
    FIELD_LIST(struct officer_page, parties, struct party_block, party_block_fields),
    FIELD_LIST(struct officer_page, papers, struct paper_row, paper_row_fields),
    FIELD_STRUCT(struct officer_page, shown, paper_shown_fields),
    FIELD_LIST(struct officer_page, acts, struct act_form, act_form_fields),
    FIELD_LIST(struct officer_page, history, struct timeline_item, timeline_item_fields),
    FIELD_LIST(struct officer_page, changes, struct timeline_item, timeline_item_fields),
    FIELD_LIST(struct officer_page, typed, struct timeline_item, timeline_item_fields),
    FIELD_LIST(struct officer_page, slips, struct slip_link, slip_link_fields),
    FIELD_BOOL(struct officer_page, is_stale),
    FIELD_BOOL(struct officer_page, has_missing),
    FIELD_STR(struct officer_page, whose_turn),
    FIELD_BOOL(struct officer_page, is_protected),
    FIELD_STR(struct officer_page, identity_href),
    FIELD_STRUCT(struct officer_page, money, money_block_fields),
    FIELD_LIST(struct officer_page, units, struct unit_row, unit_row_fields),
    FIELD_LIST(struct officer_page, contacts, struct contact_row, contact_row_fields),
    FIELD_END,
};
/* clang-format on */

/* A page in the making. */
struct drawing {
    struct request *rq;
    struct arena *a;
    enum language l;
    const struct desk *desk;
    struct tx *tx;
    struct dossier_view view;
    struct officer_page page;
};

static struct str say(const struct drawing *w, const char *message)
{
    return translate(w->l, message);
}

static struct str say_with(const struct drawing *w, const char *message, struct str a, struct str b)
{
    return fail_fill(w->a, say(w, message), (const struct str[FAIL_ARGS]){a, b});
}

/* ---- rows of a summary ---- */

struct row_list {
    const struct drawing *w;
    LIST(struct summary_row) rows;
};

/* What is not known is left out. */
static void add_row(struct row_list *r, const char *key, struct str value)
{
    if (value.len > 0) LIST_PUSH(r->w->a, r->rows) = (struct summary_row){.key = say(r->w, key), .value = value};
}

static struct str moment(const struct drawing *w, instant_t at)
{
    return at == INSTANT_NONE ? STR_NONE : instant_for_people(w->a, at);
}

static const struct step *present_step(const struct drawing *w)
{
    return w->view.step == STEP_END ? NULL : &w->view.table->steps[w->view.step];
}

static struct str present_title(const struct drawing *w)
{
    const struct step *step = present_step(w);
    return step == NULL ? STR_NONE : step_title(w->l, step);
}

static struct str role_title(const struct drawing *w, struct str role)
{
    const struct role *r = role_find(role);
    if (r != NULL) return say(w, r->title);
    return str_eq(role, STR("applicant")) ? say(w, N_("The applicant")) : role;
}

static struct str holder_text(const struct drawing *w)
{
    const struct step *step = present_step(w);
    if (step == NULL) return STR_NONE;
    struct str role = role_title(w, step->role);
    if (w->view.holder_name.len == 0) return role;
    return say_with(w, N_("{0} ({1})"), w->view.holder_name, role);
}

static struct str case_label(const struct drawing *w)
{
    const struct procedure_case *one = w->view.dossier.case_id.len > 0 ? dossier_view_case(&w->view) : NULL;
    return one != NULL ? one->label : STR_NONE;
}

static struct str channel_text(const struct drawing *w)
{
    int kind = vocabulary_find(channel_words, CHANNEL_KIND_COUNT, w->view.dossier.channel);
    return say(w, kind < 0 ? N_("Opened by an office") : channel_words[kind].label);
}

/* "3 working days from receipt, calendar 5d3f…": the rule that the promise was counted by. */
static struct str rule_text(const struct drawing *w)
{
    const struct dossier *d = &w->view.dossier;
    struct str term = term_for_people(w->a, w->l, d->term);
    if (term.len == 0 || d->due_at == INSTANT_NONE) return STR_NONE;
    if (d->extensions > 0) return say_with(w, N_("{0}, extended"), term, STR_NONE);
    struct str version = str_part(d->calendar_version, 0, 12);
    struct str text = say_with(w, N_("{0}, by calendar version {1}"), term, version);
    if (!d->is_provisional) return text;
    return str_format(w->a, "%.*s. %.*s", STR_ARG(text),
                      STR_ARG(say(w, N_("Provisional: holidays of that year are not announced yet."))));
}

static struct str outcome_text(const struct drawing *w, struct str outcome)
{
    if (str_eq(outcome, STR("granted"))) return say(w, N_("Grant"));
    return str_eq(outcome, STR("refused")) ? say(w, N_("Do not grant")) : STR_NONE;
}

static void fill_facts(struct drawing *w)
{
    const struct dossier *d = &w->view.dossier;
    struct row_list r = {.w = w};
    add_row(&r, N_("Step"), present_title(w));
    add_row(&r, N_("Held by"), holder_text(w));
    add_row(&r, N_("Case"), case_label(w));
    add_row(&r, N_("Way"), channel_text(w));
    if (w->view.confirmation.manner.len > 0)
        add_row(&r, N_("Confirmed by the citizen"),
                say_with(w,
                         str_eq(w->view.confirmation.manner, STR("phone")) ? N_("On their phone, at {0}.")
                                                                           : N_("On paper, signed, at {0}."),
                         moment(w, w->view.confirmation.answered_at), STR_NONE));
    add_row(&r, N_("Sender on the envelope"), w->view.delivery.sender);
    if (w->view.delivery.postmarked != 0)
        add_row(&r, N_("Postmark"), day_for_people(w->a, w->view.delivery.postmarked));
    add_row(&r, N_("Submitted"), moment(w, d->submitted_at));
    add_row(&r, N_("Received"), moment(w, d->received_at));
    add_row(&r, N_("Due"), moment(w, d->due_at));
    add_row(&r, N_("The clock stands since"), moment(w, d->held_at));
    add_row(&r, N_("Papers handed over"), moment(w, d->handed_over_at));
    add_row(&r, N_("This step is due"), moment(w, d->step_due));
    add_row(&r, N_("Term"), rule_text(w));
    add_row(&r, N_("Finished"), moment(w, d->finished_at));
    add_row(&r, N_("Result returned"), moment(w, d->returned_at));
    if (d->return_manner.len > 0) add_row(&r, N_("Result wanted"), say(w, return_manner_label(d->return_manner)));
    add_row(&r, N_("Send the result to"), w->view.delivery.address);
    add_row(&r, N_("Outcome"), outcome_text(w, d->outcome));
    add_row(&r, N_("Reason"), d->reason);
    add_row(&r, N_("Agency"), w->view.agency.name);
    for (size_t i = 0; i < w->view.aside.doubt_count; i++)
        add_row(&r, N_("Wrong, says the applicant"), doubt_for_people(w->a, w->rq->language, &w->view.aside.doubts[i]));
    w->page.facts = r.rows.at;
    w->page.facts_count = r.rows.count;
}

/* ---- parties and declarations ---- */

/* Where a paper came from. */
static const char *source_label(struct str source)
{
    if (str_eq(source, STR("applicant"))) return N_("The applicant");
    return str_eq(source, STR("officer")) ? N_("Officer") : N_("Made by the system");
}

static void fill_party(struct drawing *w, size_t n)
{
    const struct party *p = &w->view.parties[n];
    struct row_list r = {.w = w};
    add_row(&r, N_("Name"), p->name);
    add_row(&r, N_("Kind"), say(w, party_kind_label(p->kind)));
    if (p->basis.len > 0) add_row(&r, N_("By what right"), say(w, party_basis_label(p->basis)));
    for (size_t i = 0; i < w->view.identity_count; i++)
        if (w->view.identities[i].n == (int64_t)n + 1)
            add_row(&r, identity_type_label(w->view.identities[i].type), w->view.identities[i].masked);
    add_row(&r, N_("Telephone"), p->phone);
    add_row(&r, N_("E-mail"), p->email);
    add_row(&r, N_("Address"), p->address);
    w->page.parties[n] = (struct party_block){party_role_label(p->role), r.rows.at, r.rows.count};
}

static void fill_parties(struct drawing *w)
{
    w->page.parties_count = w->view.party_count;
    w->page.parties = ARENA_ARRAY(w->a, struct party_block, w->view.party_count + 1);
    for (size_t i = 0; i < w->view.party_count; i++) fill_party(w, i);
}

static struct str value_text(const struct drawing *w, yyjson_val *v)
{
    if (yyjson_is_str(v)) return str_dup(w->a, json_text(v));
    if (yyjson_is_bool(v)) return say(w, yyjson_get_bool(v) ? N_("Yes") : N_("No"));
    if (!yyjson_is_arr(v)) return json_canonical(w->a, v);
    struct str *parts = ARENA_ARRAY(w->a, struct str, yyjson_arr_size(v) + 1);
    yyjson_val *item;
    size_t i, count;
    yyjson_arr_foreach(v, i, count, item) parts[i] = value_text(w, item);
    return str_join(w->a, STR(", "), parts, yyjson_arr_size(v));
}

static const struct declaration *find_declaration(const struct procedure_form *form, struct str name)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (str_eq(name, str_from(form->fields[i].name))) return &form->fields[i];
    return NULL;
}

static struct str declared_text(const struct drawing *w, const struct declaration *field, yyjson_val *value)
{
    struct str text = value_text(w, value);
    for (size_t i = 0; field != NULL && i < field->choice_count; i++)
        if (str_eq(text, str_from(field->choices[i].value))) return say(w, field->choices[i].label);
    return text;
}

static enum outcome fill_declarations(struct drawing *w, const struct procedure_form *form, struct fail *why)
{
    yyjson_val *declared, *key, *value;
    size_t i, count;
    LIST(struct summary_row) rows = {0};
    struct str text = w->view.dossier.form;
    TRY(json_read(w->a, text.len > 0 ? text : STR("{}"), &declared, why));
    yyjson_obj_foreach(declared, i, count, key, value)
    {
        const struct declaration *field = find_declaration(form, json_text(key));
        struct str shown = declared_text(w, field, value);
        if (shown.len > 0)
            LIST_PUSH(w->a, rows) = (struct summary_row){
                .key = field != NULL ? say(w, field->label) : str_dup(w->a, json_text(key)), .value = shown};
    }
    w->page.declarations = rows.at;
    w->page.declarations_count = rows.count;
    return OK;
}

/* ---- papers ---- */

static struct str paper_href(const struct drawing *w, const struct dossier_file *f)
{
    return str_format(w->a, "?paper=%lld#giay-to", (long long)f->n);
}

static struct paper_file file_line(const struct drawing *w, const struct dossier_file *f)
{
    struct str parts[] = {paper_type_for_people(f->type), paper_size_for_people(w->a, f->bytes),
                          say(w, source_label(f->source)), moment(w, f->added_at)};
    return (struct paper_file){
        .name = f->name, .facts = str_join(w->a, STR(" · "), parts, LENGTH(parts)), .href = paper_href(w, f)};
}

/* Which files belong under a heading of the list of papers. */
typedef bool file_fits_fn(const struct dossier_file *f, const void *context);

static bool is_of_component(const struct dossier_file *f, const void *component)
{
    return str_eq(f->component, *(const struct str *)component) && !str_eq(f->kind, STR("result"));
}

static bool is_result(const struct dossier_file *f, const void *none)
{
    (void)none;
    return str_eq(f->kind, STR("result"));
}

static void add_files(struct drawing *w, struct paper_row *row, file_fits_fn *fits, const void *context)
{
    row->files = ARENA_ARRAY(w->a, struct paper_file, w->view.file_count + 1);
    for (size_t i = 0; i < w->view.file_count; i++)
        if (dossier_view_shows(&w->view, &w->view.files[i]) && fits(&w->view.files[i], context))
            row->files[row->files_count++] = file_line(w, &w->view.files[i]);
}

static bool is_sent(const struct dossier_view *v, struct str component)
{
    for (size_t i = 0; i < v->file_count; i++)
        if (is_of_component(&v->files[i], &component)) return true;
    return false;
}

static bool is_group_sent(const struct dossier_view *v, const struct procedure_form *form, struct str group)
{
    for (size_t i = 0; i < form->paper_count; i++) {
        const struct component *c = form->papers[i].component;
        if (group.len > 0 && str_eq(c->group, group) && is_sent(v, c->id)) return true;
    }
    return false;
}

/* Sent, missing, or how the record asks for it when neither is clear. */
static struct tag paper_tag(const struct drawing *w, const struct procedure_form *form, const struct form_paper *p,
                            bool *out_missing)
{
    const struct component *c = p->component;
    bool is_needed = c->required == REQUIRED_ALWAYS || c->required == REQUIRED_ONE_OF;
    bool is_paper = !str_eq(w->view.dossier.channel, STR("online"));
    if (is_sent(&w->view, c->id)) return tag_of(TAG_DONE, say(w, N_("Sent")));
    if (c->required == REQUIRED_ONE_OF && is_group_sent(&w->view, form, c->group))
        return tag_of(TAG_PLAIN, say(w, N_("Another of these was sent")));
    if (is_needed && is_paper) return tag_of(TAG_WAITING, say(w, N_("Check the paper original")));
    if (!is_needed) return tag_of(TAG_PLAIN, say(w, required_words[c->required].label));
    *out_missing = true;
    return tag_of(TAG_LATE, say(w, N_("Missing")));
}

static bool is_listed(const struct procedure_form *form, struct str component)
{
    for (size_t i = 0; i < form->paper_count; i++)
        if (str_eq(form->papers[i].component->id, component)) return true;
    return false;
}

static bool is_other(const struct dossier_file *f, const void *form)
{
    return !str_eq(f->kind, STR("result")) && !is_listed(form, f->component);
}

static void add_group(struct drawing *w, const char *label, file_fits_fn *fits, const void *context)
{
    struct paper_row *row = &w->page.papers[w->page.papers_count];
    *row = (struct paper_row){.label = say(w, label)};
    add_files(w, row, fits, context);
    if (row->files_count > 0) w->page.papers_count++;
}

static void fill_papers(struct drawing *w, const struct procedure_form *form)
{
    w->page.papers = ARENA_ARRAY(w->a, struct paper_row, form->paper_count + 2);
    add_group(w, N_("Result"), is_result, NULL);
    for (size_t i = 0; i < form->paper_count; i++) {
        const struct form_paper *p = &form->papers[i];
        struct paper_row *row = &w->page.papers[w->page.papers_count++];
        *row = (struct paper_row){.label = p->component->label};
        row->tag = paper_tag(w, form, p, &w->page.has_missing);
        add_files(w, row, is_of_component, &p->component->id);
    }
    add_group(w, N_("Other papers"), is_other, form);
}

/* The one that was asked for, else the first that came. */
static const struct dossier_file *chosen_file(const struct drawing *w)
{
    uint64_t n;
    const struct dossier_file *f = NULL;
    if (parse_u64(request_query(w->rq, "paper"), &n) && n <= INT64_MAX) f = dossier_view_file(&w->view, (int64_t)n);
    if (f == NULL && w->view.file_count > 0 && !w->view.dossier.is_protected) f = &w->view.files[0];
    return f != NULL && dossier_view_shows(&w->view, f) ? f : NULL; /* a secret is shown when it is asked for */
}

static void show_paper(struct drawing *w)
{
    const struct dossier_file *f = chosen_file(w);
    if (f == NULL) return;
    struct str current = paper_href(w, f);
    bool is_image = str_starts(f->type, STR("image/")), is_shown = file_type_is_shown(f->type);
    w->page.shown = (struct paper_shown){
        .name = f->name,
        .href = file_href(w->a, &w->view, f),
        .is_frame = is_shown && !is_image,
        .is_image = is_shown && is_image,
        .is_other = !is_shown,
    };
    for (size_t i = 0; i < w->page.papers_count; i++)
        for (size_t n = 0; n < w->page.papers[i].files_count; n++)
            w->page.papers[i].files[n].is_current = str_eq(w->page.papers[i].files[n].href, current);
}

/* ---- history ---- */

static struct timeline_item history_item(const struct drawing *w, const struct history_line *line)
{
    struct str role = role_title(w, line->actor_role);
    struct str parts[3] = {0};
    size_t count = 0;
    struct str outcome = outcome_text(w, line->outcome);
    if (outcome.len > 0) parts[count++] = outcome;
    if (line->reason.len > 0) parts[count++] = line->reason;
    if (line->note.len > 0) parts[count++] = line->note;
    return (struct timeline_item){
        .title = say(w, line->action != NULL ? line->action->done : N_("Submitted")),
        .holder = line->actor_name.len > 0 ? say_with(w, N_("{0} ({1})"), line->actor_name, role) : role,
        .note = str_join(w->a, STR(" – "), parts, count),
        .time = instant_for_people(w->a, line->at),
        .datetime = instant_format(w->a, line->at),
        .is_done = true,
    };
}

static struct timeline_item *history_items(const struct drawing *w, const struct history_line *lines, size_t count)
{
    struct timeline_item *items = ARENA_ARRAY(w->a, struct timeline_item, count + 1);
    for (size_t i = 0; i < count; i++) items[i] = history_item(w, &lines[i]);
    return items;
}

static void add_present(struct drawing *w)
{
    if (present_step(w) == NULL) return;
    struct timeline_item *now = &w->page.history[w->page.history_count++];
    *now = (struct timeline_item){
        .title = present_title(w), .holder = holder_text(w), .time = w->page.due.words, .is_current = true};
}

static enum outcome fill_history(struct drawing *w, const struct act_attempt *attempt, struct fail *why)
{
    struct history_line *lines;
    size_t count;
    TRY(dossier_history(w->tx, &w->view, &lines, &count, why));
    w->page.history = history_items(w, lines, count);
    w->page.history_count = count;
    add_present(w);
    if (attempt == NULL || attempt->why->outcome != ERR_STALE) return OK;
    struct history_line *since = act_changes_since(lines, count, attempt->version, &w->page.changes_count);
    w->page.changes = history_items(w, since, w->page.changes_count);
    w->page.is_stale = true;
    return OK;
}

/* ---- acts ---- */

/* The act is not possible any more: what was typed for it is shown, so that it can be copied. */
static void keep_typed(struct drawing *w, const struct act_attempt *attempt)
{
    const struct action *action = attempt->action;
    if (dossier_view_can(&w->view, (enum action_id)(action - actions))) return;
    w->page.typed = ARENA_ARRAY(w->a, struct timeline_item, action->field_count + 1);
    for (size_t i = 0; i < action->field_count; i++) {
        struct str typed = request_form(w->rq, action->fields[i].name);
        if (typed.len > 0)
            w->page.typed[w->page.typed_count++] =
                (struct timeline_item){.title = say(w, action->fields[i].label), .note = typed};
    }
}

static struct str turn_text(const struct drawing *w)
{
    const struct step *step = present_step(w);
    if (step == NULL) return say(w, N_("The dossier is closed."));
    if (w->view.dossier.status == STATUS_PAYMENT) return say(w, N_("The office waits for the applicant's payment."));
    if (str_eq(step->role, STR("applicant"))) return say(w, N_("The office waits for the applicant's papers."));
    return say_with(w, N_("Now it is the turn of: {0}."), holder_text(w), STR_NONE);
}

static enum outcome fill_acts(struct drawing *w, const struct act_attempt *attempt, struct fail *why)
{
    TRY(act_forms(w->rq, w->tx, &w->view, attempt, &w->page.acts, &w->page.acts_count, why));
    const struct step *step = present_step(w);
    if (step == NULL || !str_eq(step->role, w->rq->visitor.role)) w->page.whose_turn = turn_text(w);
    if (attempt == NULL) return OK;
    act_problems(w->rq, &w->page.frame, attempt);
    keep_typed(w, attempt);
    return OK;
}

/* ---- the page ---- */

static enum outcome fill_head(struct drawing *w, struct fail *why)
{
    const struct dossier *d = &w->view.dossier;
    struct officer_page *page = &w->page;
    instant_t due = d->list_due != INSTANT_NONE ? d->list_due : d->due_at;
    page->frame.is_wide = true;
    page->frame.back_href = STR("/viec");
    page->frame.title = str_format(w->a, "%.*s – %.*s", STR_ARG(d->code), STR_ARG(d->owner_name));
    page->code = d->code;
    page->owner = d->owner_name;
    page->procedure = w->view.procedure->name;
    page->is_protected = d->is_protected;
    if (d->is_protected && w->view.knows_identity)
        page->identity_href = str_format(w->a, "/ho-so/%.*s/danh-tinh", STR_ARG(d->code));
    page->procedure_href = str_format(w->a, "/thu-tuc/%.*s", STR_ARG(d->procedure_code));
    page->status = status_tag(w->l, d->status);
    const struct calendar *calendar;
    TRY(agency_calendar_of(w->desk->calendars, w->tx, d->agency, day_of(w->view.now), &calendar, why));
    page->due = due_mark_of(w->a, w->l, calendar, d, due, w->view.now);
    return OK;
}

static enum outcome draw(struct request *rq, const struct act_attempt *attempt, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct drawing w = {.rq = rq, .a = rq->arena, .l = rq->language, .desk = app_desk(rq->app)};
    TRY(dossier_visit(rq, &tx, &w.view, why));
    w.tx = tx;
    struct procedure_form *form = form_derive(w.a, w.view.procedure, str_eq(w.view.dossier.channel, STR("online")));
    if (parties_have_authority(w.view.parties, w.view.party_count))
        form_add_authority(form, str_eq(w.view.dossier.channel, STR("online")));
    TRY(fill_head(&w, why));
    fill_facts(&w);
    fill_parties(&w);
    TRY(fill_declarations(&w, form, why));
    if (w.view.sight != SIGHT_ANSWER) fill_papers(&w, form);
    show_paper(&w);
    w.page.money = money_block_of(rq, &w.view);
    w.page.units = unit_rows_of(rq, &w.view, &w.page.units_count);
    w.page.contacts = contact_rows_of(rq, &w.view, &w.page.contacts_count);
    TRY(fill_history(&w, attempt, why));
    TRY(app_slip_links(rq, w.tx, &w.view, &w.page.slips, &w.page.slips_count, why));
    TRY(fill_acts(&w, attempt, why));
    reply_allow_frames(rq);
    page_reply(rq, attempt != NULL ? outcome_status(attempt->why->outcome) : 200, "dossier/officer", &w.page);
    return OK;
}

enum outcome officer_dossier_page(struct request *rq, struct fail *why)
{
    return draw(rq, NULL, why);
}

enum outcome officer_dossier_again(struct request *rq, const struct act_attempt *attempt, struct fail *why)
{
    return draw(rq, attempt, why);
}

/* In order of use. GET /ho-so/{code} is everybody's: see portal_pages.h. */
const struct route officer_routes[] = {
    {GET, "/mo-thu-tuc", PERMIT_DOSSIER_OPEN, officer_open_page,  N_("Open a procedure of the authority")},
};
const size_t officer_route_count = LENGTH(officer_routes);

const struct page_template officer_templates[] = {
    {"dossier/open",    open_page_fields   },
    {"dossier/officer", officer_page_fields},
};
const size_t officer_template_count = LENGTH(officer_templates);
