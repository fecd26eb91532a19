#include "dossier/paper_check.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/parse.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "dossier/dossier_visit.h"
#include "html/page.h"
#include "queries.h"

enum { LINES_BYTES = 64 * 1024, LABEL_MOST = 160 };

static const struct {
    const char *name, *message;
} states[PAPER_STATE_COUNT] = {
    [PAPER_UNCHECKED] = {"unchecked",  N_("Not looked at yet")},
    [PAPER_SEEN] = {"seen",       N_("Seen")             },
    [PAPER_INCOMPLETE] = {"incomplete", N_("Incomplete")       },
    [PAPER_ACCEPTED] = {"accepted",   N_("In order")         },
};

const char *paper_state_message(enum paper_state s)
{
    return states[s].message;
}

static bool parse_state(struct str name, enum paper_state *out)
{
    for (size_t i = 0; i < PAPER_STATE_COUNT; i++)
        if (str_eq(name, str_from(states[i].name))) {
            *out = (enum paper_state)i;
            return true;
        }
    return false;
}

bool paper_check_may(const struct dossier_view *v, const struct standing *who)
{
    return v->sight == SIGHT_WHOLE && !v->is_applicant && !v->is_stranger && v->knows_identity &&
           who->agency == v->dossier.agency && permission_is_in(who->permissions, PERMIT_TASK_READ);
}

/* ---- rows ---- */

static bool came_anew(const struct dossier_view *v, const struct paper_check *c)
{
    for (size_t i = 0; i < v->file_count; i++)
        if (str_eq(v->files[i].component, c->component) && v->files[i].added_at > c->at) return true;
    return false;
}

void paper_checks_ahead(struct tx *tx, struct value dossier)
{
    store_ahead(tx, Q_PAPER_CHECK_LIST, VALUES(dossier));
    store_ahead(tx, Q_PAPER_CHECK_FILES, VALUES(dossier));
}

enum outcome paper_checks(struct tx *tx, const struct dossier_view *v, struct paper_check **out, size_t *out_count,
                          struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_PAPER_CHECK_LIST, VALUES(v_int(v->dossier.id)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct paper_check, rows.count + 1);
    *out_count = 0;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        struct paper_check c = {
            .component = row_str(r, 0), .word = row_str(r, 2), .at = row_instant(r, 3), .by = row_str(r, 4)};
        if (parse_state(row_str(r, 1), &c.state) && !came_anew(v, &c)) (*out)[(*out_count)++] = c;
    }
    return OK;
}

struct str paper_check_lines(struct arena *a, const struct dossier_view *v, const struct paper_check *checks,
                             size_t count)
{
    AUTO_BUF struct buf lines;
    buf_init(&lines, LINES_BYTES);
    for (size_t i = 0; i < count; i++) {
        if (checks[i].state != PAPER_INCOMPLETE) continue;
        const struct component *c = procedure_component(v->procedure, checks[i].component);
        struct str label = c != NULL ? text_shorten(a, c->label, LABEL_MOST) : checks[i].component;
        buf_addf(&lines, "%s– %.*s: %.*s", buf_str(&lines).len > 0 ? "\n" : "", STR_ARG(label),
                 STR_ARG(checks[i].word));
    }
    return str_dup(a, buf_str(&lines));
}

enum outcome paper_check_version(struct tx *tx, int64_t dossier, int64_t *out, struct fail *why)
{
    struct rows rows, files;
    AUTO_BUF struct buf text;
    buf_init(&text, LINES_BYTES);
    TRY(store_all(tx, Q_PAPER_CHECK_LIST, VALUES(v_int(dossier)), &rows, why));
    TRY(store_all(tx, Q_PAPER_CHECK_FILES, VALUES(v_int(dossier)), &files, why));
    buf_addf(&text, "%lld", (long long)row_int(&files.at[0], 0));
    for (size_t i = 0; i < rows.count; i++) {
        struct str component = row_str(&rows.at[i], 0), state = row_str(&rows.at[i], 1);
        buf_addf(&text, "\n%.*s %.*s %lld", STR_ARG(component), STR_ARG(state), (long long)row_instant(&rows.at[i], 3));
    }
    struct sha256 hash = sha256_of(buf_str(&text));
    *out = 0;
    for (int i = 0; i < 6; i++) *out = *out << 8 | hash.at[i]; /* 48 bits: a number that every client can hold */
    return OK;
}

static enum outcome is_as_seen(struct tx *tx, const struct paper_check_new *in, struct fail *why)
{
    int64_t version;
    if (in->seen == PAPER_CHECK_ANY) return OK;
    TRY(paper_check_version(tx, in->dossier, &version, why));
    if (version == in->seen) return OK;
    return fail(why, ERR_STALE,
                N_("Somebody else has marked a paper of this dossier meanwhile, or another paper came. Look again."));
}

enum outcome paper_check_save(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct paper_check_new *in = input;
    (void)output; /* there is none */
    TRY(is_as_seen(tx, in, why));
    if (in->state == PAPER_UNCHECKED)
        return store_do(tx, Q_PAPER_CHECK_DROP, VALUES(v_int(in->dossier), v_str(in->component)), NULL, why);
    return store_do(tx, Q_PAPER_CHECK_PUT,
                    VALUES(v_int(in->dossier), v_str(in->component), v_str(str_from(states[in->state].name)),
                           v_str(in->word), v_int(in->account), v_instant(tx_now(tx))),
                    NULL, why);
}

/* ---- asking for it ---- */

/* The dossier whose papers this visitor works on. */
static enum outcome visit(struct request *rq, struct tx **tx, struct dossier_view *v, struct fail *why)
{
    struct standing who = standing_of(rq);
    TRY(dossier_visit(rq, tx, v, why));
    if (!paper_check_may(v, &who)) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    return OK;
}

/* As it was sent. */
struct said_mark {
    struct str component, state, word;
    int64_t seen;
};

static enum outcome mark(struct request *rq, const struct said_mark *said, struct fail *why)
{
    struct dossier_view v;
    struct paper_check_new in = {.account = rq->visitor.account,
                                 .seen = said->seen,
                                 .component = said->component,
                                 .word = text_one_line(rq->arena, text_clean(rq->arena, said->word))};
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(visit(rq, &tx, &v, why));
    }
    in.dossier = v.dossier.id;
    if (procedure_component(v.procedure, said->component) == NULL)
        fail_problem(why, STR("/component"), "unknown", N_("The procedure has no such component."));
    if (!parse_state(said->state, &in.state))
        fail_problem(why, STR("/state"), "unknown", N_("A paper is unchecked, seen, incomplete or accepted."));
    if (in.state == PAPER_INCOMPLETE && in.word.len == 0)
        fail_problem(why, STR("/word"), "required", N_("Say in a word what is incomplete."));
    if (in.state != PAPER_INCOMPLETE) in.word = STR("");
    if (text_length(in.word) > PAPER_WORD_MOST)
        fail_problem(why, STR("/word"), "too-long", N_("At most {0} characters."),
                     str_format(rq->arena, "%d", PAPER_WORD_MOST));
    TRY(fail_if_problems(why));
    return store_run(app_desk(rq->app)->store, paper_check_save, &in, NULL, why);
}

/* Back to the papers, at the one that comes next; the form says which. */
static enum outcome post_mark(struct request *rq, struct fail *why)
{
    struct said_mark said = {request_form(rq, "component"), request_form(rq, "state"), request_form(rq, "word"), 0};
    if (!parse_i64(request_form(rq, "version"), &said.seen) || said.seen < 0)
        return fail(why, ERR_STALE, N_("The form does not say which papers you saw. Open the dossier again."));
    TRY(mark(rq, &said, why));
    struct str next = request_form(rq, "next");
    struct str page = str_format(rq->arena, "/ho-so/%.*s", STR_ARG(request_param(rq, "code")));
    bool is_query = str_starts(next, STR("?")) && str_find(next, STR("\n"), 0) < 0 && next.len < 500;
    reply_redirect(rq, is_query ? str_format(rq->arena, "%.*s%.*s", STR_ARG(page), STR_ARG(next)) : page);
    return OK;
}

static enum outcome answer(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view v;
    struct paper_check *checks;
    struct json_writer w;
    size_t count;
    int64_t version;
    TRY(visit(rq, &tx, &v, why));
    TRY(paper_checks(tx, &v, &checks, &count, why));
    TRY(paper_check_version(tx, v.dossier.id, &version, why));
    reply_etag(rq, str_format(rq->arena, "%lld", (long long)version));
    jw_open_list(&w, reply_begin(rq, 200, "application/json"));
    for (size_t i = 0; i < count; i++) {
        jw_open(&w, '{');
        jw_put_str(&w, "component", checks[i].component);
        jw_put_str(&w, "state", str_from(states[checks[i].state].name));
        jw_put_str_or_null(&w, "word", checks[i].word);
        jw_put_str(&w, "by", checks[i].by);
        jw_put_instant(&w, "at", checks[i].at);
        jw_close(&w);
    }
    jw_close_list(&w, STR_NONE);
    return OK;
}

static enum outcome get_checks(struct request *rq, struct fail *why)
{
    return answer(rq, why);
}

static enum outcome post_check(struct request *rq, struct fail *why)
{
    yyjson_val *body;
    {
        AUTO_READ struct tx *tx = NULL;
        struct dossier_view v;
        TRY(visit(rq, &tx, &v, why));
    }
    struct said_mark said = {0};
    TRY(request_if_match(rq, &said.seen, why));
    TRY(request_json(rq, &body, why));
    said.component = json_str(body, "component");
    said.state = json_str(body, "state");
    said.word = json_str(body, "word");
    TRY(mark(rq, &said, why));
    return answer(rq, why);
}

/* In order of use. */
const struct route paper_check_routes[] = {
    {POST, "/ho-so/{code}/kiem-tra",         PERMIT_TASK_READ, post_mark,  N_("Mark a paper")                    },
    {GET,  "/api/v1/dossiers/{code}/checks", PERMIT_TASK_READ, get_checks, N_("Check-list of a dossier's papers")},
    {POST, "/api/v1/dossiers/{code}/checks", PERMIT_TASK_READ, post_check, N_("Mark a paper")                    },
};
const size_t paper_check_route_count = LENGTH(paper_check_routes);
