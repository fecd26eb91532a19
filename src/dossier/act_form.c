#include "dossier/act_form.h"

#include <string.h>

#include "dossier/act_fields.h"
#include "dossier/action_key.h"
#include "dossier/apology.h"
#include "dossier/inbox.h"
#include "dossier/paper.h"
#include "dossier/paper_check.h"
#include "dossier/supplement.h"
#include "dossier/talk.h"
#include "dossier/unit.h"

/* Which act an officer most likely came for, when several are possible. */
static const enum action_id likeliest[] = {ACTION_RECEIVE, ACTION_APPROVE, ACTION_ISSUE,     ACTION_RETURN,
                                           ACTION_PROPOSE, ACTION_EXAMINE, ACTION_SUPPLEMENT};

static bool is_warning(enum action_id act)
{
    return act == ACTION_REFUSE || act == ACTION_STOP || act == ACTION_WITHDRAW || act == ACTION_UNDO;
}

/* What helps an officer to fill an act: the agency's phrases, and what the check-list found. */
struct act_help {
    struct talk_phrase *phrases;
    size_t phrase_count;
    struct paper_check *checks;
    size_t check_count;
    struct str incomplete; /* one a line; empty: nothing is */
    struct str chosen;     /* the phrase that was asked for */
};

struct drawing {
    struct request *rq;
    struct tx *tx;
    const struct dossier_view *view;
    const struct act_attempt *attempt; /* of the act that is being drawn; NULL: of none */
    const struct act_help *help;
    struct form form;
};

static enum outcome add_field(struct drawing *d, const struct action_field *f, struct fail *why)
{
    bool has_remote = d->view->book.table->term_remote.unit != TERM_NONE;
    if (strcmp(f->name, "area") == 0 && !has_remote) return OK; /* asked only where the law asks */
    TRY(act_field_draw(&d->form, d->tx, d->view, f, why));
    if (d->form.fields.count == 0) return OK;
    struct form_field *field = &d->form.fields.at[d->form.fields.count - 1];
    for (size_t i = 0; f->kind == ACTION_FILES && d->attempt != NULL && i < d->attempt->kept_count; i++) {
        const struct upload_row *kept = &d->attempt->kept[i];
        form_attach(&d->form, field, kept->name, paper_size_for_people(d->rq->arena, kept->bytes));
    }
    return OK;
}

/* Afterwards one goes on where one was in the inbox. */
static void add_spot(struct drawing *d)
{
    struct inbox_spot spot = inbox_spot_of(d->rq);
    if (d->rq->visitor.agency == 0) return;
    if (spot.view.len > 0) form_hidden(&d->form, "loc", spot.view);
    if (spot.cursor.len > 0) form_hidden(&d->form, "tu", spot.cursor);
}

static void add_kept(struct drawing *d)
{
    for (size_t i = 0; d->attempt != NULL && i < d->attempt->kept_count; i++)
        form_hidden(&d->form, "kept", sha256_format(d->rq->arena, d->attempt->kept[i].hash));
}

/* Several forms with fields of the same names stand on one page: each id begins with its act. */
static void set_apart(struct arena *a, const struct action *action, struct form_field *field)
{
    field->id = str_format(a, "%s-%.*s", action->name, STR_ARG(field->id));
    for (size_t i = 0; i < field->choices_count; i++)
        field->choices[i].id = str_format(a, "%s-%.*s", action->name, STR_ARG(field->choices[i].id));
}

/* What was typed belongs to the act that it was typed for. */
static void forget_value(struct form_field *field)
{
    if (field->is_hidden) return;
    field->value = STR("");
    for (size_t i = 0; i < field->choices_count; i++)
        field->choices[i].is_chosen = field->is_select && field->choices[i].value.len == 0;
}

/* What holds when nothing is chosen is chosen, so that it can be read; in which order is asked goes by the dossier. */
static void begin_choices(const struct drawing *d, const struct action *action, struct form_field *field)
{
    const struct action_field *f = action_field_find((enum action_id)(action - actions), field->name);
    if (f == NULL || f->kind != ACTION_CHOICE || f->is_required) return;
    bool is_manner = action == &actions[ACTION_CONSULT];
    struct str chosen = is_manner ? unit_manner(&d->view->dossier) : str_from(f->options[0].value);
    for (size_t i = 0; i < field->choices_count; i++)
        field->choices[i].is_chosen = str_eq(field->choices[i].value, chosen);
}

/* The extension that was drafted because the deadline will not be kept: as a proposal in its fields. */
static enum outcome offer_apology(struct drawing *d, struct act_form *out, struct fail *why)
{
    struct apology apology;
    struct arena *a = d->rq->arena;
    enum outcome found = apology_find(d->tx, d->view->dossier.id, d->view->dossier.due_at, &apology, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    for (size_t i = 0; i < out->fields_count; i++) {
        struct form_field *f = &out->fields[i];
        bool is_reason = str_eq(f->name, STR("reason"));
        if (!is_reason && !str_eq(f->name, STR("until"))) continue;
        f->value = is_reason ? apology.reason : day_format(a, apology.until);
        f->source = translate(d->rq->language, N_("drafted by the system; complete it before you send it"));
    }
    out->is_open = true;
    return OK;
}

/* ---- help with words ---- */

static void begin_reason(struct act_form *out, struct str text)
{
    for (size_t i = 0; i < out->fields_count; i++)
        if (str_eq(out->fields[i].name, STR("reason"))) out->fields[i].value = text;
}

/* What the check-list found incomplete stands at the line of its paper. */
static void begin_parts(const struct drawing *d, struct act_form *out)
{
    for (size_t i = 0; i < out->fields_count; i++)
        for (size_t n = 0; n < d->help->check_count; n++) {
            const struct paper_check *c = &d->help->checks[n];
            struct str name = str_format(d->rq->arena, ACT_PART_PAPER "%.*s", STR_ARG(c->component));
            if (c->state != PAPER_INCOMPLETE || !str_eq(out->fields[i].name, name)) continue;
            out->fields[i].value = c->word;
            out->fields[i].source = translate(d->rq->language, N_("from the check-list"));
        }
}

static void offer_phrases(struct drawing *d, struct act_form *out)
{
    const struct act_help *help = d->help;
    struct arena *a = d->rq->arena;
    out->phrases = ARENA_ARRAY(a, struct act_phrase, help->phrase_count + 1);
    for (size_t i = 0; i < help->phrase_count; i++) {
        const struct talk_phrase *p = &help->phrases[i];
        if (!str_eq(p->use, out->id)) continue;
        struct str href = str_format(a, "/ho-so/%.*s?viec=%.*s&cau=%.*s#%.*s", STR_ARG(d->view->dossier.code),
                                     STR_ARG(out->id), STR_ARG(p->name), STR_ARG(out->id));
        out->phrases[out->phrases_count++] = (struct act_phrase){p->title, p->text, href};
        if (d->attempt == NULL && str_eq(p->name, help->chosen)) begin_reason(out, p->text);
    }
    if (d->attempt == NULL && str_eq(out->id, STR("request-supplement"))) begin_parts(d, out);
}

static enum outcome find_help(struct request *rq, struct tx *tx, const struct dossier_view *v, struct act_help *out,
                              struct fail *why)
{
    struct standing who = standing_of(rq);
    *out = (struct act_help){.chosen = request_query(rq, "cau")};
    if (!paper_check_may(v, &who) || v->action_count == 0) return OK;
    TRY(paper_checks(tx, v, &out->checks, &out->check_count, why));
    out->incomplete = paper_check_lines(rq->arena, v, out->checks, out->check_count);
    return app_talk_phrases(rq, tx, v, out->incomplete, &out->phrases, &out->phrase_count, why);
}

static enum outcome draw(struct drawing *d, enum action_id act, struct act_form *out, struct fail *why)
{
    struct arena *a = d->rq->arena;
    const struct action *action = &actions[act];
    d->form = (struct form){.rq = d->rq, .why = d->attempt != NULL ? d->attempt->why : NULL};
    if (act == ACTION_SUPPLEMENT && d->view->aside.supplement.is_open && d->view->aside.supplement.item_count > 0) {
        *out = (struct act_form){.id = str_from(action->name),
                                 .title = translate(d->rq->language, action->title),
                                 .href = supplement_address(d->rq->arena, d->view->dossier.code)};
        return OK;
    }
    for (size_t i = 0; i < action->field_count; i++) TRY(add_field(d, &action->fields[i], why));
    add_kept(d);
    add_spot(d);
    *out = (struct act_form){
        .id = str_from(action->name),
        .title = translate(d->rq->language, action->title),
        .address = str_format(a, "/ho-so/%.*s/%s", STR_ARG(d->view->dossier.code), action->name),
        .version = str_format(a, "%lld", (long long)d->view->dossier.version),
        .shortcut = d->rq->visitor.agency != 0 ? action_key(act) : STR(""),
        .is_warning = is_warning(act),
    };
    FORM_INTO(&d->form, out->fields);
    for (size_t i = 0; i < out->fields_count; i++) {
        out->has_files |= out->fields[i].is_file;
        set_apart(a, action, &out->fields[i]);
        if (d->attempt != NULL) continue;
        forget_value(&out->fields[i]);
        begin_choices(d, action, &out->fields[i]);
    }
    offer_phrases(d, out);
    return act == ACTION_EXTEND && d->attempt == NULL ? offer_apology(d, out, why) : OK;
}

/* The act at hand: what was just tried, what the address asks for, papers when some are incomplete, else the likeliest;
 * ACTION_COUNT: none. */
static enum action_id act_at_hand(struct request *rq, const struct dossier_view *v, const struct act_attempt *attempt,
                                  bool is_incomplete)
{
    enum action_id main_act = ACTION_COUNT;
    const struct action *asked = attempt != NULL ? attempt->action : action_find(request_query(rq, "viec"));
    for (size_t i = LENGTH(likeliest); i > 0; i--)
        if (dossier_view_can(v, likeliest[i - 1])) main_act = likeliest[i - 1];
    if (is_incomplete && dossier_view_can(v, ACTION_REQUEST_SUPPLEMENT)) main_act = ACTION_REQUEST_SUPPLEMENT;
    if (asked != NULL && dossier_view_can(v, (enum action_id)(asked - actions)))
        main_act = (enum action_id)(asked - actions);
    return main_act;
}

/* The possible acts with the one at hand first; how many. */
static size_t put_in_order(const struct dossier_view *v, enum action_id main_act, enum action_id out[ACTION_COUNT])
{
    size_t count = 0, first = 0;
    if (main_act != ACTION_COUNT) out[count++] = main_act;
    for (; first < v->action_count; first++)
        if (v->actions[first] != main_act) out[count++] = v->actions[first];
    return count;
}

enum outcome act_forms(struct request *rq, struct tx *tx, const struct dossier_view *v,
                       const struct act_attempt *attempt, struct act_form **out, size_t *out_count, struct fail *why)
{
    enum action_id order[ACTION_COUNT];
    struct act_help help;
    TRY(find_help(rq, tx, v, &help, why));
    enum action_id main_act = act_at_hand(rq, v, attempt, help.incomplete.len > 0);
    size_t count = put_in_order(v, main_act, order);
    *out = ARENA_ARRAY(rq->arena, struct act_form, count + 1);
    *out_count = count;
    for (size_t i = 0; i < count; i++) {
        struct drawing d = {.rq = rq, .tx = tx, .view = v, .help = &help};
        if (attempt != NULL && attempt->action == &actions[order[i]]) d.attempt = attempt;
        TRY(draw(&d, order[i], &(*out)[i], why));
        (*out)[i].is_open |= i == 0 && main_act != ACTION_COUNT;
    }
    return OK;
}

void act_problems(struct request *rq, struct frame *f, const struct act_attempt *attempt)
{
    const struct action *action = attempt->action;
    page_problems(rq, f, attempt->why);
    for (size_t i = 0; i < attempt->why->problem_count; i++) {
        struct str id = page_field_id(rq->arena, attempt->why->problems[i].pointer);
        f->problems[i].href = str_format(rq->arena, "#%s-%.*s", action->name, STR_ARG(id));
        for (size_t n = 0; n < action->field_count; n++) /* its form may be gone from the page */
            if (str_eq(id, str_from(action->fields[n].name)))
                page_name_problem(rq, &f->problems[i], translate(rq->language, action->fields[n].label));
    }
}

struct history_line *act_changes_since(struct history_line *lines, size_t count, int64_t version, size_t *out_count)
{
    size_t first = 0;
    while (first < count && lines[first].version <= version) first++;
    *out_count = count - first;
    return &lines[first];
}
