#include "dossier/act_pages.h"

#include "base/auto.h"
#include "base/parse.h"
#include "dossier/act_fields.h"
#include "dossier/act_form.h"
#include "dossier/act_input.h"
#include "dossier/dossier_page.h"
#include "dossier/dossier_visit.h"
#include "dossier/inbox.h"
#include "dossier/paper.h"

enum { ACT_BODY_BYTES = 100 * 1024 * 1024, ACT_JSON_BYTES = 512 * 1024, KEPT_MOST = 20 };

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

/* An act beside the way, which never is what somebody came for: noting, taking back. */
static bool is_aside(enum action_id act)
{
    return act == ACTION_RECORD_PAYMENT || act == ACTION_NOTE_CONTACT || act == ACTION_CORRECT || act == ACTION_UNDO;
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
    return s.view.is_applicant ? portal_dossier_page(rq, &attempt, why) : officer_dossier_page(rq, &attempt, why);
}

static enum outcome get_dossier(struct request *rq, struct fail *why)
{
    return rq->visitor.agency == 0 ? portal_dossier_page(rq, NULL, why) : officer_dossier_page(rq, NULL, why);
}

const struct route dossier_page_routes[] = {
    {GET, "/ho-so/{code}", PERMIT_SIGNED_IN, get_dossier, N_("Dossier")}
};
const size_t dossier_page_route_count = LENGTH(dossier_page_routes);

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
