#include "dossier/act_pages.h"
#include "dossier/apology.h"

#include <string.h>

#include "base/auto.h"
#include "base/parse.h"
#include "dossier/act_fields.h"
#include "dossier/act_input.h"
#include "dossier/action_key.h"
#include "dossier/dossier_visit.h"
#include "dossier/inbox.h"
#include "dossier/officer_pages.h"
#include "dossier/paper.h"
#include "dossier/paper_check.h"
#include "dossier/portal_pages.h"
#include "dossier/supplement_page.h"
#include "dossier/talk.h"
#include "dossier/unit.h"

enum { ACT_BODY_BYTES = 100 * 1024 * 1024, ACT_JSON_BYTES = 512 * 1024, KEPT_MOST = 20 };

/* ---- forms ---- */

/* Which act an officer most likely came for, when several are possible. */
static const enum action_id likeliest[] = {ACTION_RECEIVE, ACTION_APPROVE, ACTION_ISSUE,     ACTION_RETURN,
                                           ACTION_PROPOSE, ACTION_EXAMINE, ACTION_SUPPLEMENT};

/* An act beside the way, which never is what somebody came for: noting, taking back. */
static bool is_aside(enum action_id act)
{
    return act == ACTION_RECORD_PAYMENT || act == ACTION_NOTE_CONTACT || act == ACTION_CORRECT || act == ACTION_UNDO;
}

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
                                 .href = supplement_address(d->rq, d->view)};
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
    page_problems(rq, f, attempt->why);
    for (size_t i = 0; i < attempt->why->problem_count; i++) {
        struct str id = page_field_id(rq->arena, attempt->why->problems[i].pointer);
        f->problems[i].href = str_format(rq->arena, "#%s-%.*s", attempt->action->name, STR_ARG(id));
    }
}

struct history_line *act_changes_since(struct history_line *lines, size_t count, int64_t version, size_t *out_count)
{
    size_t first = 0;
    while (first < count && lines[first].version <= version) first++;
    *out_count = count - first;
    return &lines[first];
}

/* ---- sending ---- */

struct sent {
    struct request *rq;
    const struct desk *desk;
    const struct action *action;
    struct dossier_view view;
    int64_t version;
    struct upload_row kept[KEPT_MOST];
    size_t kept_count;
};

/* Files that an earlier attempt brought; the rows say whether they are this account's. */
static enum outcome find_kept(struct sent *s, struct tx *tx, struct fail *why)
{
    for (size_t i = 0; i < s->rq->form_count && s->kept_count < KEPT_MOST; i++) {
        struct sha256 hash;
        struct fail missing;
        fail_init(&missing, s->rq->arena);
        if (!str_eq(s->rq->form[i].name, STR("kept")) || !sha256_parse(s->rq->form[i].value, &hash)) continue;
        enum outcome found = upload_find(tx, s->rq->visitor.account, hash, &s->kept[s->kept_count], &missing);
        if (found == OK)
            s->kept[s->kept_count++].hash = hash;
        else if (found != ERR_MISSING)
            return fail(why, found, missing.sentence);
    }
    return OK;
}

static bool has_files(const struct action *action)
{
    for (size_t i = 0; i < action->field_count; i++)
        if (action->fields[i].kind == ACTION_FILES) return true;
    return false;
}

/* Browsers send one nameless empty part for a file field that was left alone. */
static bool is_chosen(const struct upload *u)
{
    return u->bytes > 0 || u->file_name.len > 0;
}

/* What applicants send is looked into and photographs become one PDF; what officers send (drafts, results, often
 * signed) stays byte for byte. */
static enum outcome take_uploads(struct sent *s, struct fail *why)
{
    struct paper_field f = {.field = STR("files"),
                            .name = translate(s->rq->language, s->action->title),
                            .rows = &s->kept[s->kept_count],
                            .most = KEPT_MOST - s->kept_count};
    TRY(paper_take_field(s->desk, s->rq, &f, why, why));
    s->kept_count += f.count;
    return OK;
}

static enum outcome keep_uploads(struct sent *s, struct fail *why)
{
    if (has_files(s->action) && s->action->doer == BY_APPLICANT) return take_uploads(s, why);
    for (size_t i = 0; i < s->rq->upload_count; i++) {
        struct fail wrong;
        if (!is_chosen(&s->rq->uploads[i])) continue;
        if (!has_files(s->action) || s->kept_count == KEPT_MOST)
            return fail(why, ERR_INVALID, N_("At most {0} files can be sent at once."),
                        str_format(s->rq->arena, "%d", KEPT_MOST));
        fail_init(&wrong, s->rq->arena);
        enum outcome kept = paper_keep(s->desk, s->rq, &s->rq->uploads[i], &s->kept[s->kept_count], &wrong);
        if (kept == OK)
            s->kept_count++;
        else if (kept == ERR_DOWN)
            return fail_with(why, kept, wrong.sentence, wrong.args);
        else
            fail_problem_with(why, STR("/files"), "refused", wrong.sentence, wrong.args);
    }
    return OK;
}

/* A draft of the result and the result itself are results; what applicants add are supplements. */
static const char *kind_of_files(const struct action *action)
{
    return action->doer == BY_APPLICANT ? "supplement" : "result";
}

/* The same body that the API takes, so that one set of rules judges both. */
static enum outcome body_of(const struct sent *s, yyjson_val **out, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, ACT_JSON_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    for (size_t i = 0; i < s->action->field_count; i++) act_field_put(&w, s->rq, &s->action->fields[i]);
    jw_key(&w, "files");
    jw_open(&w, '[');
    for (size_t i = 0; i < s->kept_count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "kind", str_from(kind_of_files(s->action)));
        jw_put_str(&w, "file", sha256_format(s->rq->arena, s->kept[i].hash));
        jw_close(&w);
    }
    jw_close(&w);
    jw_close(&w);
    return json_read(s->rq->arena, str_dup(s->rq->arena, buf_str(&text)), out, why);
}

static enum outcome attempt_act(struct sent *s, struct fail *why)
{
    struct act_done done;
    yyjson_val *body;
    TRY(keep_uploads(s, why));
    TRY(body_of(s, &body, why));
    struct act_call call = act_call_of(s->rq, (enum action_id)(s->action - actions), s->version, body);
    return act_run(&call, &s->view, &done, why);
}

/* Sent twice by a second click: the first one did it, and nobody did anything since. */
static enum outcome is_done_already(struct sent *s, bool *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct journal_entry *entries;
    size_t count;
    *out = false;
    TRY(dossier_visit(s->rq, &tx, &s->view, why));
    if (s->view.dossier.version != s->version + 1) return OK;
    TRY(journal_of_subject(tx, SUBJECT_DOSSIER, s->view.dossier.id, &entries, &count, why));
    const struct journal_entry *last = count > 0 ? &entries[count - 1] : NULL;
    *out =
        last != NULL && last->actor.account == s->rq->visitor.account && str_eq(last->act, str_from(s->action->name));
    return OK;
}

/* What a person can put right on the page; everything else is an error page. */
static bool is_refusal(enum outcome r)
{
    return r == ERR_INVALID || r == ERR_STALE || r == ERR_CONFLICT || r == ERR_DENIED || r == ERR_TYPE ||
           r == ERR_TOO_LARGE;
}

/* Possible at somebody else's step too, and not what one stays for: the work of one's own is done. */
static bool is_of_bystanders(enum action_id act)
{
    return act == ACTION_EXTEND || act == ACTION_TRANSFER || act == ACTION_STOP;
}

static bool has_more_to_do(const struct request *rq, const struct dossier_view *v)
{
    bool is_own_turn = v->step != STEP_END && str_eq(v->table->steps[v->step].role, rq->visitor.role);
    for (size_t i = 0; i < v->action_count; i++)
        if (!is_aside(v->actions[i]) && (is_own_turn || !is_of_bystanders(v->actions[i]))) return true;
    return false;
}

/* Back to where one was in the inbox when it is somebody else's turn, else on with the dossier. From the inbox a link
 * leads back, so that a mistake can be undone. */
static enum outcome go_on(struct sent *s, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct fail gone;
    fail_init(&gone, s->rq->arena);
    struct str page = str_format(s->rq->arena, "/ho-so/%.*s", STR_ARG(request_param(s->rq, "code")));
    enum outcome seen = dossier_visit(s->rq, &tx, &s->view, &gone);
    if (seen != OK && seen != ERR_MISSING) return fail_with(why, seen, gone.sentence, gone.args);
    bool is_over = seen == ERR_MISSING || (!has_more_to_do(s->rq, &s->view) && s->rq->visitor.agency != 0);
    if (is_over && seen == OK)
        page_flash_link(s->rq, s->action->done, page, N_("Look at the dossier again, or undo this"));
    else
        page_flash(s->rq, s->action->done);
    reply_redirect(s->rq, is_over ? inbox_spot_address(s->rq->arena, inbox_spot_of(s->rq)) : page);
    return OK;
}

static enum outcome post_act_page(struct request *rq, struct fail *why)
{
    struct sent s = {.rq = rq, .desk = app_desk(rq->app), .action = rq->route->context};
    uint64_t version = 0;
    bool is_done = false;
    struct fail refused;
    fail_init(&refused, rq->arena);
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(dossier_visit(s.rq, &tx, &s.view, why));
        TRY(find_kept(&s, tx, why));
    }
    if (parse_u64(request_form(rq, "version"), &version) && version < INT64_MAX) s.version = (int64_t)version;
    enum outcome r = attempt_act(&s, &refused);
    if (r == ERR_STALE) TRY(is_done_already(&s, &is_done, why));
    if (r == OK || is_done) return go_on(&s, why);
    if (!is_refusal(r)) return fail_with(why, r, refused.sentence, refused.args);
    /* The page shows who did what meanwhile; the sentence need not name it. */
    if (r == ERR_STALE)
        (void)fail(&refused, r,
                   N_("The dossier was changed while you were looking at it. Look at it again, then act."));
    struct act_attempt attempt = {s.action, &refused, s.version, s.kept, s.kept_count};
    return s.view.is_applicant ? portal_dossier_again(rq, &attempt, why) : officer_dossier_again(rq, &attempt, why);
}

struct route_list dossier_act_page_routes(struct arena *a)
{
    struct route *rows = ARENA_ARRAY(a, struct route, ACTION_COUNT);
    for (size_t i = 0; i < ACTION_COUNT; i++) {
        rows[i] = (struct route){.method = POST,
                                 .path = str_format(a, "/ho-so/{code}/%s", actions[i].name).at,
                                 .permission = actions[i].permission,
                                 .handler = post_act_page,
                                 .title = actions[i].title,
                                 .context = &actions[i]};
        rows[i].takes_files = has_files(&actions[i]);
        if (rows[i].takes_files) rows[i].body_bytes = ACT_BODY_BYTES;
    }
    return (struct route_list){rows, ACTION_COUNT};
}
