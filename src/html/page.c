#include "html/page.h"

#include <endian.h>
#include <inttypes.h>
#include <string.h>

#include "base/messages.h"
#include "base/parse.h"
#include "html/component.h"
#include "html/wording_page.h"
#include "http/compress.h"
#include "http/csrf.h"

enum { NOTICE_SECONDS = 120, CHOICE_SECONDS = 365 * 24 * 3600, RETURN_MOST = 4000 };

#define NOTICE_COOKIE "notice"
#define LANGUAGE_COOKIE "language"
#define THEME_COOKIE "theme"

/* clang-format off */
static const struct field link_fields[] = {
    FIELD_MESSAGE(struct frame_link, label),
    FIELD_STR(struct frame_link, href),
    FIELD_STR(struct frame_link, key),
    FIELD_BOOL(struct frame_link, is_current),
    FIELD_INT(struct frame_link, count),
    FIELD_END,
};

static const struct field problem_fields[] = {
    FIELD_STR(struct frame_problem, href),
    FIELD_STR(struct frame_problem, text),
    FIELD_END,
};

const struct field frame_fields[] = {
    FIELD_STR(struct frame, title),
    FIELD_STR(struct frame, language_code),
    FIELD_STR(struct frame, theme),
    FIELD_BOOL(struct frame, is_english),
    FIELD_BOOL(struct frame, is_dark),
    FIELD_BOOL(struct frame, is_device),
    FIELD_BOOL(struct frame, is_signed_in),
    FIELD_BOOL(struct frame, is_officer),
    FIELD_STR(struct frame, office),
    FIELD_STR(struct frame, person),
    FIELD_STR(struct frame, role),
    FIELD_STR(struct frame, agency),
    FIELD_STR(struct frame, csrf),
    FIELD_STR(struct frame, here),
    FIELD_STR(struct frame, back_href),
    FIELD_STR(struct frame, guide_href),
    FIELD_STR(struct frame, notice),
    FIELD_STR(struct frame, notice_href),
    FIELD_STR(struct frame, notice_link),
    FIELD_LIST(struct frame, problems, struct frame_problem, problem_fields),
    FIELD_LIST(struct frame, links, struct frame_link, link_fields),
    FIELD_INT(struct frame, unread),
    FIELD_STR(struct frame, stylesheet),
    FIELD_STR(struct frame, office_sheet),
    FIELD_STR(struct frame, script),
    FIELD_STR(struct frame, icon),
    FIELD_STR(struct frame, font),
    FIELD_STR(struct frame, font_bold),
    FIELD_STR(struct frame, icons),
    FIELD_STR(struct frame, theme_sheet),
    FIELD_STR(struct frame, mark),
    FIELD_STR(struct frame, request_id),
    FIELD_STR(struct frame, announcement),
    FIELD_BOOL(struct frame, is_training),
    FIELD_BOOL(struct frame, is_wide),
    FIELD_BOOL(struct frame, is_step),
    FIELD_END,
};

static const struct field error_fields[] = {
    FRAME_FIELDS(struct error_page),
    FIELD_STR(struct error_page, sentence),
    FIELD_STR(struct error_page, id),
    FIELD_MESSAGE(struct error_page, kept),
    FIELD_MESSAGE(struct error_page, advice),
    FIELD_END,
};
/* clang-format on */

/* ---- the notice from the page before ---- */

/* FNV-1a: a name for a message, not a secret. */
static uint64_t message_key(const char *message)
{
    uint64_t key = 0xcbf29ce484222325u;
    for (; *message != '\0'; message++) key = (key ^ (unsigned char)*message) * 0x100000001b3u;
    return key;
}

static bool parse_key(struct str text, uint64_t *out)
{
    uint64_t key;
    unsigned char bytes[sizeof key];
    if (!parse_hex(text, bytes, sizeof bytes)) return false;
    memcpy(&key, bytes, sizeof key);
    *out = be64toh(key);
    return true;
}

/* Its place among the messages and its key. Another version of the program may have another message in that place (two
 * run during an upgrade): then the key finds it. */
static struct str message_name(struct arena *a, const char *message)
{
    const struct message_entry *e = message_find(str_from(message));
    if (e == NULL) BUG("no such message: %s", message);
    return str_format(a, "%zu.%016" PRIx64, (size_t)(e - catalogue_vi), message_key(message));
}

void page_flash(struct request *rq, const char *message)
{
    reply_cookie(rq, NOTICE_COOKIE, message_name(rq->arena, message), NOTICE_SECONDS);
}

void page_flash_link(struct request *rq, const char *message, struct str path, const char *label)
{
    struct str value = str_format(rq->arena, "%.*s:%.*s:%.*s", STR_ARG(message_name(rq->arena, message)),
                                  STR_ARG(message_name(rq->arena, label)), STR_ARG(path));
    reply_cookie(rq, NOTICE_COOKIE, value, NOTICE_SECONDS);
}

/* A path of this site, and nothing that could lead elsewhere. */
static bool is_plain_path(struct str path)
{
    if (path.len < 2 || path.at[0] != '/' || path.at[1] == '/') return false;
    for (size_t i = 0; i < path.len; i++) {
        char c = path.at[i];
        bool is_fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                       c == '-' || c == '/';
        if (!is_fine) return false;
    }
    return true;
}

static const char *message_of_key(uint64_t key)
{
    for (size_t i = 0; i < catalogue_vi_count; i++)
        if (message_key(catalogue_vi[i].message) == key) return catalogue_vi[i].message;
    return NULL;
}

/* The message of ours that the cookie names; NULL when it names none. */
static const char *find_message(struct str name)
{
    struct str place, key;
    uint64_t at, wanted;
    if (!str_cut(name, '.', &place, &key) || !parse_u64(place, &at) || !parse_key(key, &wanted)) return NULL;
    const char *message = at < catalogue_vi_count ? catalogue_vi[at].message : NULL;
    if (message == NULL || message_key(message) != wanted) message = message_of_key(wanted);
    return message == NULL || str_has(str_from(message), STR("{0}")) ? NULL : message;
}

static void take_notice(struct request *rq, struct frame *f)
{
    struct str value = request_cookie(rq, NOTICE_COOKIE), name, rest, link = STR_NONE, path = STR_NONE;
    if (value.len == 0) return;
    if (str_cut(value, ':', &name, &rest)) (void)str_cut(rest, ':', &link, &path); /* without a path there is no link */
    const char *message = find_message(name), *label = link.len > 0 ? find_message(link) : NULL;
    if (message != NULL && f->notice.len == 0) {
        f->notice = translate(rq->language, message);
        f->notice_href = label != NULL && is_plain_path(path) ? path : STR_NONE;
        f->notice_link = label != NULL ? translate(rq->language, label) : STR_NONE;
    }
    reply_cookie(rq, NOTICE_COOKIE, STR(""), 0);
}

/* ---- the frame ---- */

/* The page a browser was on when it sent this form; "/" when it does not say. */
static struct str page_before(const struct request *rq)
{
    struct str referrer = request_header(rq, "referer"), host = request_header(rq, "host");
    ptrdiff_t scheme = str_find(referrer, STR("://"), 0);
    if (scheme < 0 || host.len == 0) return STR("/");
    struct str rest = str_part(referrer, (size_t)scheme + 3, referrer.len);
    if (!str_starts(rest, host)) return STR("/");
    struct str path = str_part(rest, host.len, rest.len);
    return path.len > 0 && path.at[0] == '/' ? path : STR("/");
}

static struct str address_of(const struct request *rq)
{
    bool is_read = rq->method == GET || rq->method == HEAD;
    if (!is_read) return page_before(rq);
    return rq->target.len > 0 ? rq->target : rq->path;
}

static bool lies_below(struct str path, struct str href)
{
    if (str_eq(path, href)) return true;
    return href.len > 1 && str_starts(path, href) && path.at[href.len] == '/';
}

/* The longest address that leads here is where the visitor is. */
static void mark_current(const struct request *rq, struct frame *f)
{
    struct frame_link *current = NULL;
    for (size_t i = 0; i < f->links_count; i++) {
        struct frame_link *link = &f->links[i];
        if (link->is_current) return;
        if (lies_below(rq->path, link->href) && (current == NULL || link->href.len > current->href.len)) current = link;
    }
    if (current != NULL) current->is_current = true;
}

/* As chosen before; light unless somebody chose otherwise. */
static void take_theme(const struct request *rq, struct frame *f)
{
    struct str chosen = request_cookie(rq, THEME_COOKIE);
    f->is_dark = str_eq(chosen, STR("dark"));
    f->is_device = str_eq(chosen, STR("device"));
    f->theme = f->is_dark ? STR("dark") : f->is_device ? STR("device") : STR("light");
}

static void set_unless(struct str *field, struct str value)
{
    if (field->len == 0) *field = value;
}

static void fill_frame(struct request *rq, struct frame *f)
{
    const struct visitor *v = &rq->visitor;
    if (rq->route != NULL && rq->route->title != NULL) set_unless(&f->title, translate(rq->language, rq->route->title));
    f->language_code = str_from(language_code(rq->language));
    f->is_english = rq->language == ENGLISH;
    take_theme(rq, f);
    f->is_signed_in = v->account != 0;
    f->is_officer = v->agency != 0;
    set_unless(&f->person, v->name);
    f->csrf = csrf_token(rq->arena, v->csrf);
    f->request_id = rq->id;
    f->here = address_of(rq);
    take_notice(rq, f);
}

struct str page_title_of(const struct request *rq, struct str thing)
{
    struct str kind = translate(rq->language, rq->route->title);
    return str_format(rq->arena, "%.*s – %.*s", STR_ARG(kind), STR_ARG(thing));
}

void page_ahead(struct request *rq, struct tx *tx)
{
    const struct page_service *service = app_pages(rq->app);
    if (service->ahead != NULL) service->ahead(rq, tx);
}

void page_name_problem(struct request *rq, struct frame_problem *p, struct str label)
{
    if (!p->is_general || label.len == 0) return;
    p->text = str_format(rq->arena, "%.*s: %.*s", STR_ARG(label), STR_ARG(p->text));
    p->is_general = false;
}

/* Which field is meant, where only its place would say it. */
static void name_problems(struct request *rq, struct frame *f, const struct field *table, const void *page)
{
    for (size_t i = 0; i < f->problems_count; i++) {
        struct frame_problem *p = &f->problems[i];
        if (p->is_general) page_name_problem(rq, p, form_label_of(table, page, str_part(p->href, 1, p->href.len)));
    }
}

void page_reply(struct request *rq, int status, const char *name, void *page)
{
    const struct page_service *service = app_pages(rq->app);
    struct frame *f = page;
    struct buf *out = reply_begin(rq, status, "text/html; charset=utf-8");
    fill_frame(rq, f);
    if (service->fill != NULL) service->fill(rq, f);
    mark_current(rq, f);
    name_problems(rq, f, html_set_fields(service->set, name), page);
    reply_header(rq, "Content-Language", f->language_code);
    html_render(service->set, name, page, rq->language, out);
    reply_compress(rq);
}

/* ---- problems ---- */

static bool is_id_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

struct str page_field_id(struct arena *a, struct str pointer)
{
    if (str_starts(pointer, STR("#"))) pointer = str_part(pointer, 1, pointer.len);
    if (str_starts(pointer, STR("/"))) pointer = str_part(pointer, 1, pointer.len);
    if (pointer.len == 0) return STR("main-content");
    char *id = arena_dup(a, pointer.at, pointer.len);
    for (size_t i = 0; i < pointer.len; i++)
        if (!is_id_char(id[i])) id[i] = '-';
    return str_of(id, pointer.len);
}

static bool is_general(const char *sentence)
{
    static const char *const general[] = {N_("This has to be filled in."), N_("Choose one of these."),
                                          N_("At most {0} characters."),
                                          N_("Write the day as year-month-day, such as 2026-11-22.")};
    for (size_t i = 0; sentence != NULL && i < LENGTH(general); i++)
        if (strcmp(sentence, general[i]) == 0) return true;
    return false;
}

void page_problems(struct request *rq, struct frame *f, const struct fail *why)
{
    f->problems_count = why->problem_count > 0 ? why->problem_count : 1;
    f->problems = ARENA_ARRAY(rq->arena, struct frame_problem, f->problems_count);
    f->problems[0] = (struct frame_problem){STR("#main-content"), fail_sentence(rq->arena, rq->language, why), false};
    for (size_t i = 0; i < why->problem_count; i++) {
        struct str id = page_field_id(rq->arena, why->problems[i].pointer);
        f->problems[i].href = str_format(rq->arena, "#%.*s", STR_ARG(id));
        f->problems[i].text = problem_sentence(rq->arena, rq->language, &why->problems[i]);
        f->problems[i].is_general = is_general(why->problems[i].sentence);
        for (size_t n = 0; n < i; n++)
            if (str_eq(f->problems[n].text, f->problems[i].text))
                f->problems[n].is_general = f->problems[i].is_general = true;
    }
}

static struct str without_hash(struct str pointer)
{
    return str_starts(pointer, STR("#")) ? str_part(pointer, 1, pointer.len) : pointer;
}

struct str page_problem_for(struct request *rq, const struct fail *why, struct str pointer)
{
    for (size_t i = 0; i < why->problem_count; i++)
        if (str_eq(without_hash(why->problems[i].pointer), without_hash(pointer)))
            return problem_sentence(rq->arena, rq->language, &why->problems[i]);
    return STR("");
}

/* ---- pages of the frame itself ---- */

static const struct advice {
    enum outcome outcome;
    const char *kept, *advice;
} advices[] = {
    {ERR_SIGN_IN,   N_("Nothing was changed."),                                                           N_("Sign in, then try again.")                                 },
    {ERR_DENIED,    N_("Nothing was changed."),
     N_("Go back, or sign in with an account that may do this. If you think that you should have this right, ask the "
        "head of your office.")                                                                                                                                          },
    {ERR_MISSING,   N_("Nothing was changed."),
     N_("Check the address for a missing letter, or begin at the home page. A dossier is found by its code as printed "
        "on the receipt.")                                                                                                                                               },
    {ERR_CONFLICT,  N_("Nothing was changed."),                                                           N_("Go back and look at the present state, then decide again.")},
    {ERR_STALE,     N_("Nothing was overwritten: what the other person saved stands."),
     N_("Go back, load the page again and repeat your change.")                                                                                                          },
    {ERR_TOO_LARGE, N_("Nothing of this was saved; what you saved before is safe."),
     N_("Go back and send a smaller file, or fewer files at once.")                                                                                                      },
    {ERR_TYPE,      N_("Nothing of this was saved; what you saved before is safe."),
     N_("Go back and send the file as PDF, JPEG, PNG or HEIC.")                                                                                                          },
    {ERR_TOO_MANY,  N_("Nothing of this was saved; what you saved before is safe."),
     N_("Wait some minutes, then try again.")                                                                                                                            },
    {ERR_BUG,       N_("What you saved before is safe. We do not know whether the last step was saved."),
     N_("Look at your dossier before you send again; sending the same form twice makes one dossier only. If it happens "
        "again, tell us the error id.")                                                                                                                                  },
    {ERR_DOWN,      N_("What you saved before is safe. We do not know whether the last step was saved."),
     N_("Wait some minutes, then look at your dossier before you send again; sending the same form twice makes one "
        "dossier only.")                                                                                                                                                 },
    {ERR_CLOSED,    N_("Nothing of this was sent; what you saved before is safe."),
     N_("Come back after the time named above. To keep what you typed, go back and leave the page open until then.")                                                     },
    {OK,            N_("Nothing of this was saved; what you saved before is safe."),
     N_("Go back, correct what is named above and send again.")                                                                                                          },
};

static const struct advice *advice_for(enum outcome o)
{
    size_t i = 0;
    while (advices[i].outcome != o && advices[i].outcome != OK) i++;
    return &advices[i];
}

static bool must_sign_in(const struct request *rq, const struct fail *why)
{
    return why->outcome == ERR_SIGN_IN && rq->visitor.account == 0 && rq->method == GET;
}

static bool is_ours(const struct fail *why)
{
    return outcome_status(why->outcome) >= 500;
}

/* To the sign-in and from there back here, unless the way back is longer than any that a page of ours leads to. */
static void lead_to_sign_in(struct request *rq)
{
    struct str back = html_query_value(rq->arena, address_of(rq));
    reply_redirect(rq, back.len <= RETURN_MOST ? str_format(rq->arena, "/dang-nhap?return=%.*s", STR_ARG(back))
                                               : STR("/dang-nhap"));
}

void page_error(struct request *rq, const struct fail *why)
{
    if (must_sign_in(rq, why)) {
        lead_to_sign_in(rq);
        return;
    }
    const struct advice *advice = advice_for(why->outcome);
    bool was_typed = rq->method != GET && rq->method != HEAD;
    struct error_page page = {.kept = was_typed || is_ours(why) ? advice->kept : NULL, .advice = advice->advice};
    page.frame.title = translate(rq->language, outcome_title(why->outcome));
    page.sentence = why->sentence != NULL ? fail_sentence(rq->arena, rq->language, why) : STR("");
    page.id = fail_id(rq->arena, why);
    if (why->problem_count > 0) page_problems(rq, &page.frame, why);
    for (size_t i = 0; i < page.frame.problems_count; i++) page.frame.problems[i].href = STR("#main-content");
    page_reply(rq, outcome_status(why->outcome), "html/error", &page);
}

enum outcome page_choose_language(struct request *rq, struct fail *why)
{
    enum language chosen;
    if (!language_parse(request_param(rq, "code"), &chosen)) return fail(why, ERR_MISSING, NULL);
    reply_redirect(rq, request_query(rq, "return"));
    reply_cookie(rq, LANGUAGE_COOKIE, str_from(language_code(chosen)), CHOICE_SECONDS);
    return OK;
}

enum outcome page_choose_theme(struct request *rq, struct fail *why)
{
    struct str chosen = request_param(rq, "theme");
    bool is_known = str_eq(chosen, STR("light")) || str_eq(chosen, STR("dark")) || str_eq(chosen, STR("device"));
    if (!is_known) return fail(why, ERR_MISSING, NULL);
    reply_redirect(rq, request_query(rq, "return"));
    reply_cookie(rq, THEME_COOKIE, chosen, CHOICE_SECONDS);
    return OK;
}

/* clang-format off */
const struct page_template html_templates[] = {
    {"html/error",    error_fields       },
    {"html/wording",  wording_page_fields},
    {"html/wordings", wording_list_fields},
};
/* clang-format on */
const size_t html_template_count = LENGTH(html_templates);
