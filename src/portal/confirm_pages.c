/*
 * POST /nop-ho-so/{procedure}/{draft}/xac-nhan      asks the citizen: a token, in a cookie of the officer's browser
 * GET  .../xac-nhan                                 how it stands, for the page that waits
 * GET  .../ma-qr.svg                                the QR code
 * GET  .../ban-in                                   the sheet to sign
 * GET, POST /xac-nhan/{token}                       the citizen's own phone: what was filed, right or wrong
 */
#include "portal/confirm_pages.h"

#include "agency/permission.h"
#include "base/text.h"
#include "dossier/confirmation.h"
#include "html/qr.h"
#include "portal/portal_pages.h"

#define TOKEN_COOKIE "xac-nhan"

/* ---- on the officer's page ---- */

/* clang-format off */
const struct field confirm_block_fields[] = {
    FIELD_BOOL(struct confirm_block, is_counter),
    FIELD_BOOL(struct confirm_block, is_waiting),
    FIELD_BOOL(struct confirm_block, is_elsewhere),
    FIELD_BOOL(struct confirm_block, is_confirmed),
    FIELD_BOOL(struct confirm_block, is_wrong),
    FIELD_BOOL(struct confirm_block, is_changed),
    FIELD_STR(struct confirm_block, ask),
    FIELD_STR(struct confirm_block, print),
    FIELD_STR(struct confirm_block, picture),
    FIELD_STR(struct confirm_block, watch),
    FIELD_STR(struct confirm_block, until),
    FIELD_STR(struct confirm_block, at),
    FIELD_STR(struct confirm_block, said),
    FIELD_END,
};
/* clang-format on */

static bool is_at_counter(const struct apply *a)
{
    return a->channel != NULL && a->channel->kind == CHANNEL_COUNTER && a->rq->visitor.agency != 0;
}

static enum outcome find_latest(const struct apply *a, struct confirmation *out, bool *out_found, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(a->desk->store, a->rq->arena, &tx, why));
    enum outcome found = confirmation_of_draft(tx, a->draft, a->rq->visitor.account, out, why);
    *out_found = found == OK;
    return found == ERR_MISSING ? OK : found;
}

static struct str under(const struct apply *a, const char *end)
{
    return str_format(a->rq->arena, "%.*s/%s", STR_ARG(a->base), end);
}

/* Only the browser that asked has the token, and so the picture of it. */
static bool is_ours(const struct request *rq, const struct confirmation *c)
{
    struct sha256 hash;
    return confirmation_token_read(request_cookie(rq, TOKEN_COOKIE), &hash) && sha256_eq(hash, c->token);
}

enum outcome confirm_fill(const struct apply *a, struct confirm_block *out, struct fail *why)
{
    struct confirmation c;
    bool is_there = false;
    *out = (struct confirm_block){.is_counter = is_at_counter(a),
                                  .ask = under(a, "xac-nhan"),
                                  .print = under(a, "ban-in"),
                                  .picture = under(a, "ma-qr.svg"),
                                  .watch = under(a, "xac-nhan")};
    if (!out->is_counter) return OK;
    TRY(find_latest(a, &c, &is_there, why));
    if (!is_there) return OK;
    bool is_same = sha256_eq(c.content, apply_content(a));
    out->is_changed = !is_same;
    out->is_confirmed = is_same && str_eq(c.answer, STR("yes"));
    out->is_wrong = is_same && str_eq(c.answer, STR("no"));
    out->is_waiting = is_same && c.answer.len == 0 && c.expires_at > clock_now();
    out->is_elsewhere = out->is_waiting && !is_ours(a->rq, &c);
    out->until = instant_for_people(a->rq->arena, c.expires_at);
    if (c.answered_at != INSTANT_NONE) out->at = instant_for_people(a->rq->arena, c.answered_at);
    out->said = c.said;
    return OK;
}

static enum outcome not_here(struct fail *why)
{
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

static enum outcome load_counter(struct request *rq, struct apply *out, struct fail *why)
{
    TRY(apply_load(rq, out, why));
    return is_at_counter(out) ? OK : not_here(why);
}

static enum outcome post_ask(struct request *rq, struct fail *why)
{
    struct apply a;
    struct str token = random_token(rq->arena, CONFIRMATION_TOKEN_BYTES);
    TRY(load_counter(rq, &a, why));
    struct confirmation_ask ask = {a.draft, rq->visitor.account, apply_content(&a), sha256_of(token)};
    TRY(store_run(a.desk->store, confirmation_ask, &ask, NULL, why));
    reply_redirect(rq, apply_address(&a, APPLY_CHECK));
    reply_cookie(rq, TOKEN_COOKIE, token, CONFIRMATION_MINUTES * 60);
    return OK;
}

/* A word that changes when something has happened. */
static enum outcome get_state(struct request *rq, struct fail *why)
{
    struct apply a;
    struct confirmation c;
    bool is_there = false;
    TRY(load_counter(rq, &a, why));
    TRY(find_latest(&a, &c, &is_there, why));
    struct json_writer w;
    jw_init(&w, reply_begin(rq, 200, "application/json"));
    jw_open(&w, '{');
    jw_put_str_or_null(&w, "answer", is_there ? c.answer : STR_NONE);
    jw_close(&w);
    return OK;
}

static enum outcome get_picture(struct request *rq, struct fail *why)
{
    struct apply a;
    struct sha256 hash;
    struct str token = request_cookie(rq, TOKEN_COOKIE);
    TRY(load_counter(rq, &a, why));
    if (!confirmation_token_read(token, &hash)) return not_here(why);
    reply_qr(rq, str_format(rq->arena, "%.*s/xac-nhan/%.*s", STR_ARG(request_origin(rq)), STR_ARG(token)));
    return OK;
}

/* ---- what was filed, on the phone and on paper ---- */

struct confirm_page {
    struct frame frame;
    struct str procedure, code, address, until, said, said_problem;
    struct apply_section *sections;
    size_t sections_count;
    bool is_asked, is_yes, is_no, is_old; /* one of them */
};

/* clang-format off */
static const struct field confirm_page_fields[] = {
    FRAME_FIELDS(struct confirm_page),
    FIELD_STR(struct confirm_page, procedure),
    FIELD_STR(struct confirm_page, code),
    FIELD_STR(struct confirm_page, address),
    FIELD_STR(struct confirm_page, until),
    FIELD_STR(struct confirm_page, said),
    FIELD_STR(struct confirm_page, said_problem),
    FIELD_LIST(struct confirm_page, sections, struct apply_section, apply_section_fields),
    FIELD_BOOL(struct confirm_page, is_asked),
    FIELD_BOOL(struct confirm_page, is_yes),
    FIELD_BOOL(struct confirm_page, is_no),
    FIELD_BOOL(struct confirm_page, is_old),
    FIELD_END,
};
/* clang-format on */

static enum outcome fill(const struct apply *a, struct confirm_page *page, struct fail *why)
{
    page->procedure = a->procedure->name;
    page->code = a->procedure->code;
    return apply_sections(a, false, &page->sections, &page->sections_count, why);
}

static enum outcome get_sheet(struct request *rq, struct fail *why)
{
    struct apply a;
    struct confirm_page page = {0};
    TRY(load_counter(rq, &a, why));
    TRY(fill(&a, &page, why));
    page.frame.back_href = apply_address(&a, APPLY_CHECK);
    page_reply(rq, 200, "portal/confirm_sheet", &page);
    return OK;
}

/* The one that the address names; a wrong token, a filed one and a deleted draft are not told apart. */
static enum outcome find_asked(struct request *rq, struct confirmation *out, struct sha256 *out_hash, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(lookup_take(rq, why));
    if (!confirmation_token_read(request_param(rq, "token"), out_hash)) return not_here(why);
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, &tx, why));
    enum outcome found = confirmation_by_token(tx, *out_hash, out, why);
    return found == ERR_MISSING ? not_here(why) : found;
}

static enum outcome show_phone(struct request *rq, const struct confirmation *c, const struct fail *problems,
                               struct fail *why)
{
    struct apply a;
    struct confirm_page page = {.address = str_format(rq->arena, "/xac-nhan/%.*s", STR_ARG(request_param(rq, "token"))),
                                .until = instant_for_people(rq->arena, c->expires_at),
                                .said = c->said};
    enum outcome loaded = apply_load_of(rq, c->account, c->draft, &a, why);
    if (loaded == ERR_MISSING) return not_here(why);
    TRY(loaded);
    bool is_same = sha256_eq(c->content, apply_content(&a)), is_in_time = c->expires_at > clock_now();
    page.is_yes = is_same && str_eq(c->answer, STR("yes"));
    page.is_no = is_same && str_eq(c->answer, STR("no"));
    page.is_asked = is_same && is_in_time && c->answer.len == 0;
    page.is_old = !page.is_yes && !page.is_no && !page.is_asked;
    if (!page.is_old)
        TRY(fill(&a, &page, why)); /* what changed since is not theirs to confirm, nor anybody's to read */
    if (problems != NULL) {
        page_problems(rq, &page.frame, problems);
        page.said_problem = page_problem_for(rq, problems, STR("/said"));
    }
    page_reply(rq, problems != NULL ? outcome_status(ERR_INVALID) : 200, "portal/confirm", &page);
    reply_header(rq, "X-Robots-Tag", STR("noindex"));
    return OK;
}

static enum outcome get_phone(struct request *rq, struct fail *why)
{
    struct confirmation c;
    struct sha256 hash;
    TRY(find_asked(rq, &c, &hash, why));
    return show_phone(rq, &c, NULL, why);
}

static enum outcome post_phone(struct request *rq, struct fail *why)
{
    struct confirmation c;
    struct confirmation_reply reply;
    struct fail problems;
    fail_init(&problems, rq->arena);
    TRY(find_asked(rq, &c, &reply.token, why));
    bool is_right = str_eq(request_form(rq, "answer"), STR("yes"));
    reply.answer = is_right ? STR("yes") : STR("no");
    reply.said = is_right ? STR("") : str_trim(text_clean(rq->arena, request_form(rq, "said")));
    if (!is_right && reply.said.len == 0)
        fail_problem(&problems, STR("/said"), "required", N_("Say what is wrong, so that the officer can mend it."));
    if (text_length(reply.said) > CONFIRMATION_SAID_MOST)
        fail_problem(&problems, STR("/said"), "too-long", N_("At most {0} characters."),
                     str_format(rq->arena, "%d", CONFIRMATION_SAID_MOST));
    if (problems.problem_count > 0) return show_phone(rq, &c, &problems, why);
    TRY(store_run(app_desk(rq->app)->store, confirmation_answer, &reply, NULL, why));
    reply_redirect(rq, str_format(rq->arena, "/xac-nhan/%.*s", STR_ARG(request_param(rq, "token"))));
    return OK;
}

/* clang-format off */
/* In order of use. */
const struct route confirm_routes[] = {
    {POST, "/nop-ho-so/{procedure}/{draft}/xac-nhan",  PERMIT_DOSSIER_COUNTER, post_ask,    N_("Ask for confirmation")},
    {GET,  "/nop-ho-so/{procedure}/{draft}/xac-nhan",  PERMIT_DOSSIER_COUNTER, get_state,   N_("Was it confirmed")},
    {GET,  "/nop-ho-so/{procedure}/{draft}/ma-qr.svg", PERMIT_DOSSIER_COUNTER, get_picture, N_("The QR code to confirm by")},
    {GET,  "/nop-ho-so/{procedure}/{draft}/ban-in",    PERMIT_DOSSIER_COUNTER, get_sheet,   N_("The sheet to sign")},
    {GET,  "/xac-nhan/{token}",                        PERMIT_PUBLIC,          get_phone,   N_("Check what was filed for you")},
    {POST, "/xac-nhan/{token}",                        PERMIT_PUBLIC,          post_phone,  N_("Check what was filed for you")},
};
/* clang-format on */
const size_t confirm_route_count = LENGTH(confirm_routes);

const struct page_template confirm_templates[] = {
    {"portal/confirm",       confirm_page_fields},
    {"portal/confirm_sheet", confirm_page_fields},
};
const size_t confirm_template_count = LENGTH(confirm_templates);
