#include "demo/demo_dossiers.h"

#include <stdlib.h>

#include "agency/competence.h"
#include "agency/role.h"
#include "base/auto.h"
#include "base/list.h"
#include "conversation/conversation.h"
#include "dossier/act_input.h"
#include "dossier/dossier_brief.h"
#include "dossier/submission_input.h"
#include "html/letter_pdf.h"
#include "people/people_demo.h"
#include "store/blob.h"

enum {
    DEMO_ARENA = 256 * 1024 * 1024,
    BODY_BYTES = 16 * 1024,
    BACK_DAYS = 75,       /* how old the office is */
    TERM_MOST = 20 * 100, /* working days in hundredths: longer limits would need an older office */
    KINDS_MOST = 12,      /* procedures of one agency */
    ACTS_MOST = 7,
    OPINION_DAYS = 3,               /* working days from today in which an opinion is wanted */
    APART_US = 7 * 60 * 1000 * 1000 /* between two acts of a morning */
};

/* ---- the stories: what becomes of a dossier, and when it is due (or was filed) in days from today ---- */

struct step_of_story {
    const char *act, *role;
    int after_days; /* working days after the step before; 0: a little later the same day */
    const char *body;
};

struct story {
    int due_in;    /* working days; of those never received: days since they were filed, negative */
    bool is_timed; /* due_in counts */
    struct step_of_story acts[ACTS_MOST];
};

#define RECEIVE                                                                                                        \
    {                                                                                                                  \
        "receive", "receiver", 0, "{}"                                                                                 \
    }
#define ASSIGN                                                                                                         \
    {                                                                                                                  \
        "assign", "leader", 0, "{\"to\":\"%s\"}"                                                                       \
    }
#define EXAMINE                                                                                                        \
    {                                                                                                                  \
        "examine", "specialist", 1, "{\"note\":\"Hồ sơ đủ thành phần, đang đối chiếu thực địa.\"}" \
    }
#define PROPOSE                                                                                                               \
    {                                                                                                                         \
        "propose", "specialist", 1, "{\"outcome\":\"granted\",\"note\":\"Đủ điều kiện, đề nghị phê duyệt.\"}" \
    }
#define SAY_NO                                                                                                           \
    {                                                                                                                    \
        "propose", "specialist", 0,                                                                                      \
            "{\"outcome\":\"refused\",\"reason\":\"Không đáp ứng điều kiện tại quy định hiện hành.\"}" \
    }
#define APPROVE                                                                                                        \
    {                                                                                                                  \
        "approve", "leader", 1, "{}"                                                                                   \
    }
#define ISSUE                                                                                                          \
    {                                                                                                                  \
        "issue", "clerk", 0, "{}"                                                                                      \
    }
#define RETURN                                                                                                         \
    {                                                                                                                  \
        "return", "receiver", 1, "{\"manner\":\"in-person\"}"                                                          \
    }
#define CONSULT                                                                                                                             \
    {                                                                                                                                       \
        "consult", "specialist", 0,                                                                                                         \
            "{\"to\":[\"%u\"],\"until\":\"%d\",\"note\":\"Đề nghị cho ý kiến về điều kiện tại thực địa và hồ sơ " \
            "lưu.\"}"                                                                                                                      \
    }
#define ASK "{\"reason\":\"Đề nghị bổ sung bản sao có chứng thực; bản đã nộp mờ, không đọc được số.\"}"

/* In the order in which a quick look round would like to find them. */
/* clang-format off */
static const struct story stories[] = {
    {-1, false, {{0}}},
    {0,  false, {{0}}},
    {-2, false, {{0}}},
    {-3, false, {{"request-supplement", "receiver", 0, ASK}}},
    {-6, false, {{"refuse", "receiver", 0, "{\"reason\":\"Thủ tục không thuộc thẩm quyền giải quyết của cơ quan này.\"}"}}},
    {-9, false, {{"withdraw", "applicant", 1, "{\"reason\":\"Tôi nộp nhầm thủ tục.\"}"}}},
    {0,  true,  {RECEIVE, ASSIGN, EXAMINE}},
    {1,  true,  {RECEIVE, ASSIGN, EXAMINE}},
    {-2, true,  {RECEIVE, ASSIGN, EXAMINE}},
    {-4, true,  {RECEIVE, ASSIGN}},
    {1,  true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE}},
    {2,  true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE}},
    {-1, true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE}},
    {4,  true,  {RECEIVE, ASSIGN, EXAMINE, SAY_NO}},
    {2,  true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE, APPROVE}},
    {1,  true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE, APPROVE, ISSUE}},
    {-5, true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE, APPROVE, ISSUE, RETURN}},
    {-12, true, {RECEIVE, ASSIGN, EXAMINE, PROPOSE, APPROVE, ISSUE, RETURN}},
    {5,  true,  {RECEIVE}},
    {3,  true,  {RECEIVE}},
    {6,  true,  {RECEIVE, ASSIGN, {"request-supplement", "specialist", 0, ASK}}},
    {-8, true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE, {"stop", "leader", 0, "{\"reason\":\"Không bổ sung hồ sơ trong thời hạn đã thông báo.\"}"}}},
    {4,  true,  {RECEIVE, ASSIGN, {"request-payment", "specialist", 0, "{\"amount\":150000,\"reason\":\"Phí thẩm định theo quy định.\"}"}}},
    {5,  true,  {RECEIVE, ASSIGN, EXAMINE, CONSULT}},
    {2,  true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE}},
    {1,  true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE, APPROVE}},
    {0,  true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE, APPROVE, ISSUE}},
    {3,  true,  {RECEIVE, ASSIGN, EXAMINE, PROPOSE, {"send-back", "leader", 0, "{\"reason\":\"Bổ sung căn cứ pháp lý vào tờ trình.\"}"}}},
};
/* clang-format on */

/* Nobody here exists. */
static const char *const owners[] = {"Nguyễn Văn Phúc",  "Trần Thị Mỹ Hạnh", "Lê Hoàng Nam",    "Phạm Thị Ngọc",
                                     "Hoàng Văn Thái",   "Vũ Thị Bích Liên", "Đặng Quốc Bảo",   "Bùi Thị Thanh",
                                     "K'Brẻo",           "Ngô Minh Khôi",    "Dương Thị Út",    "Lý A Sử",
                                     "Đỗ Thị Ánh Tuyết", "Hồ Văn Trung",     "Võ Thị Kim Oanh", "Mai Xuân Trường"};

struct person_of_demo {
    struct standing standing;
    struct str login;
};
enum { APPLICANT, RECEIVER, SPECIALIST, LEADER, CLERK, PEOPLE };
static const char *const logins[PEOPLE] = {"congdan", "tiepnhan", "chuyenvien", "lanhdao", "vanthu"};
static const char *const roles_of_people[PEOPLE] = {"citizen", "receiver", "specialist", "leader", "clerk"};

struct place_of_demo {
    struct str suffix; /* of the logins: ".xa" */
    struct str asks;   /* who is asked for opinions: a colleague, an agency */
    struct person_of_demo people[PEOPLE];
    struct str identifier;
    const struct procedure *kinds[KINDS_MOST]; /* what is filed here, in turn */
    size_t kind_count;
};

struct event { /* one act, or a filing when act is NULL */
    instant_t at;
    size_t dossier;
    const struct step_of_story *act;
};

struct one_dossier {
    const struct place_of_demo *place;
    const struct story *story;
    const struct procedure *procedure;
    struct str code;
};

struct making {
    struct app *app;
    struct arena *a;
    instant_t now; /* today's, while the clock is held elsewhere */
    struct place_of_demo places[3];
    LIST(struct one_dossier) dossiers;
    LIST(struct event) events;
    struct upload_row paper;
};

/* ---- who, where, which procedures ---- */

static enum outcome find_person(struct making *m, struct tx *tx, struct place_of_demo *place, size_t i,
                                struct fail *why)
{
    struct account account;
    struct str role = str_from(roles_of_people[i]);
    struct str login =
        i == APPLICANT ? str_from(logins[i]) : str_format(m->a, "%s%.*s", logins[i], STR_ARG(place->suffix));
    struct person_of_demo *p = &place->people[i];
    TRY(account_find(tx, login, &account, why));
    *p = (struct person_of_demo){
        {.account = account.id, .role = role, .permissions = role_permissions(role), .language = VIETNAMESE},
        login
    };
    if (i == APPLICANT) return OK;
    struct post *posts;
    size_t count;
    TRY(posts_of_account(tx, account.id, day_of(tx_now(tx)), &posts, &count, why));
    if (count == 0) return fail(why, ERR_MISSING, N_("The demo's officer {0} has no post."), login);
    p->standing.agency = posts[0].agency;
    place->identifier = posts[0].agency_identifier;
    return OK;
}

/* A plain application with a limit that is not too long, taken online and at the counter. */
static bool is_fit(const struct procedure *p)
{
    const struct channel *counter = procedure_channel(p, CHANNEL_COUNTER);
    if (p->process != PROCESS_APPLICATION || procedure_is_of_officers(p) || counter == NULL || counter->case_count > 1)
        return false;
    struct term term = counter->cases[0].term;
    return term.unit == TERM_WORKING_DAYS && term.hundredths >= 200 && term.hundredths <= TERM_MOST;
}

static enum outcome choose_kinds(struct making *m, struct tx *tx, struct place_of_demo *place, struct fail *why)
{
    struct str *codes;
    size_t count;
    TRY(competence_procedures(tx, place->people[RECEIVER].standing.agency, day_of(tx_now(tx)), &codes, &count, why));
    for (size_t i = 0; i < count && place->kind_count < KINDS_MOST; i++) {
        struct procedure_ref ref;
        const struct procedure *p;
        TRY(catalogue_find(tx, codes[i], &ref, why));
        TRY(catalogue_version(m->app->catalogue, tx, ref.version, &p, why));
        if (is_fit(p)) place->kinds[place->kind_count++] = p;
    }
    return OK;
}

static enum outcome look_round(struct making *m, struct fail *why)
{
    static const char *const suffixes[] = {"", ".tinh", ".xa"}, *const asked[] = {"chuyenvien2", "G11", "G11.68"};
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(m->app->store, m->a, &tx, why));
    for (size_t i = 0; i < LENGTH(m->places); i++) {
        m->places[i].suffix = str_from(suffixes[i]);
        m->places[i].asks = str_from(asked[i]);
        for (size_t n = 0; n < PEOPLE; n++) TRY(find_person(m, tx, &m->places[i], n, why));
        TRY(choose_kinds(m, tx, &m->places[i], why));
    }
    return OK;
}

/* ---- when ---- */

static const struct calendar *calendar_of(const struct making *m)
{
    return calendars_standard(m->app->calendars);
}

/* The morning so many working days from today, at a quarter to nine. */
static instant_t morning(const struct making *m, int working_days)
{
    day_t d = day_of(m->now);
    int step = working_days < 0 ? -1 : 1;
    while (working_days != 0) {
        d += step;
        if (calendar_is_working_day(calendar_of(m), d)) working_days -= step;
    }
    return day_start(d) + 8 * US_PER_HOUR + 45 * US_PER_MINUTE;
}

/* The latest morning from which the limit ends on the wanted day or before it. */
static enum outcome start_for(const struct making *m, struct term term, int due_in, instant_t *out, struct fail *why)
{
    day_t wanted = day_of(morning(m, due_in));
    for (int back = 0; back < BACK_DAYS - 5; back++) {
        struct due due;
        day_t d = day_of(m->now) - back;
        *out = day_start(d) + 8 * US_PER_HOUR + 45 * US_PER_MINUTE;
        if (*out > m->now || !calendar_is_working_day(calendar_of(m), d)) continue;
        TRY(calendar_due(calendar_of(m), *out, term, &due, why));
        if (day_of(due.at) <= wanted) break;
    }
    return OK;
}

/* The acts of one dossier in their order; what would lie in the future has not happened yet. */
static enum outcome plan(struct making *m, size_t n, struct fail *why)
{
    const struct one_dossier *d = &m->dossiers.at[n];
    instant_t at = morning(m, d->story->due_in);
    struct term term = procedure_channel(d->procedure, CHANNEL_COUNTER)->cases[0].term;
    if (d->story->is_timed) TRY(start_for(m, term, d->story->due_in, &at, why));
    at += (instant_t)n * US_PER_MINUTE;
    LIST_PUSH(m->a, m->events) = (struct event){at < m->now ? at : m->now - US_PER_HOUR, n, NULL};
    for (size_t i = 0; i < ACTS_MOST && d->story->acts[i].act != NULL; i++) {
        const struct step_of_story *act = &d->story->acts[i];
        instant_t before = m->events.at[m->events.count - 1].at;
        at = act->after_days > 0 ? calendar_add_working(calendar_of(m), at, act->after_days * WORKING_DAY_US)
                                 : at + APART_US;
        if (at >= m->now) at = m->now - (instant_t)(ACTS_MOST - i) * US_PER_MINUTE;
        if (at <= before) at = before + US_PER_S; /* no act before the one that it follows */
        LIST_PUSH(m->a, m->events) = (struct event){at, n, act};
    }
    return OK;
}

static int event_order(const void *left, const void *right)
{
    const struct event *a = left, *b = right;
    if (a->at != b->at) return a->at < b->at ? -1 : 1;
    return a < b ? -1 : a > b;
}

static enum outcome plan_all(struct making *m, struct fail *why)
{
    for (size_t place = 0; place < LENGTH(m->places); place++)
        for (size_t i = 0; i < LENGTH(stories) && m->places[place].kind_count > 0; i++) {
            struct place_of_demo *p = &m->places[place];
            LIST_PUSH(m->a, m->dossiers) =
                (struct one_dossier){p, &stories[i], p->kinds[(i * 5 + place) % p->kind_count], STR_NONE};
            TRY(plan(m, m->dossiers.count - 1, why));
        }
    qsort(m->events.at, m->events.count, sizeof m->events.at[0], event_order);
    return OK;
}

/* ---- a paper to look at ---- */

static enum outcome make_paper(struct making *m, struct fail *why)
{
    static const char text[] =
        "<article class=\"a4\"><h2 class=\"centre\">GIẤY TỜ MINH HOẠ</h2><p>Giấy này thay cho giấy tờ của người nộp "
        "hồ sơ trong dữ liệu trình diễn. Không có giá trị pháp lý.</p><p>Họ và tên, ngày sinh, địa chỉ, nội dung đề "
        "nghị: như trong tờ khai.</p></article>";
    AUTO_BUF struct buf pdf;
    struct letter letter;
    buf_init(&pdf, 1024 * 1024);
    TRY(letter_parse(m->a, str_of(text, sizeof text - 1), &letter, why));
    TRY(letter_pdf(m->app->press, &letter, &(struct letter_facts){.title = STR("Giấy tờ minh hoạ")}, &pdf, why));
    m->paper = (struct upload_row){0, {{0}}, STR("giay-to.pdf"), STR("application/pdf"), (int64_t)buf_str(&pdf).len};
    return blob_write(m->app->desk.files_folder, buf_str(&pdf), &m->paper.hash, why);
}

static enum outcome put_papers(struct making *m, struct json_writer *w, const struct one_dossier *d, int64_t account,
                               struct fail *why)
{
    const struct procedure_form *form = form_derive(m->a, d->procedure, true);
    struct str seen = STR("|"), hash = sha256_format(m->a, m->paper.hash);
    struct upload_row row = m->paper;
    row.account = account;
    TRY(store_run(m->app->store, upload_save, &row, NULL, why));
    jw_key(w, "files");
    jw_open(w, '[');
    for (size_t n = 0; n < form->paper_count; n++) {
        const struct component *c = form->papers[n].component;
        struct str group = str_format(m->a, "|%.*s|", STR_ARG(c->group));
        if (!form->papers[n].stops || (c->group.len > 0 && str_has(seen, group))) continue;
        if (c->group.len > 0) seen = str_format(m->a, "%.*s%.*s", STR_ARG(seen), STR_ARG(group));
        jw_open(w, '{');
        jw_put_str(w, "component", c->id);
        jw_put_str(w, "file", hash);
        jw_close(w);
    }
    jw_close(w);
    return OK;
}

/* ---- doing ---- */

static void put_owner(struct json_writer *w, size_t n, bool is_own)
{
    jw_key(w, "parties");
    jw_open(w, '[');
    jw_open(w, '{');
    jw_put_str(w, "role", STR("owner"));
    jw_put_str(w, "kind", STR("citizen"));
    jw_put_str(w, "name", is_own ? STR("Nguyễn Thị Ngọc Ánh") : str_from(owners[n % LENGTH(owners)]));
    jw_key(w, "identities");
    jw_raw(w, is_own ? STR("[{\"type\":\"personal_id\",\"value\":\"068190999901\"}]")
                     : STR("[{\"type\":\"personal_id\",\"value\":\"079203001234\"}]"));
    jw_put_str(w, "phone", STR("0912 000 000"));
    jw_put_str(w, "address", STR("Xã Tuyên Quang, tỉnh Lâm Đồng"));
    jw_close(w);
    jw_close(w);
}

/* Every third is the citizen's own, filed online where that is possible; the others came to the counter. */
static bool is_own(const struct one_dossier *d, size_t n)
{
    bool withdraws = d->story->acts[0].act != NULL && str_eq(str_from(d->story->acts[0].act), STR("withdraw"));
    return (n % 3 == 0 || withdraws) && procedure_channel(d->procedure, CHANNEL_ONLINE) != NULL;
}

static enum outcome file_dossier(struct making *m, size_t n, struct fail *why)
{
    struct one_dossier *d = &m->dossiers.at[n];
    const struct person_of_demo *who = &d->place->people[is_own(d, n) ? APPLICANT : RECEIVER];
    const struct standing *s = &who->standing;
    struct request rq = {.app = m->app, .arena = m->a, .language = VIETNAMESE};
    rq.visitor =
        (struct visitor){.account = s->account, .permissions = s->permissions, .agency = s->agency, .role = s->role};
    struct submission in;
    struct receipt receipt;
    yyjson_val *body;
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, BODY_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_put_str(&w, "procedure", d->procedure->code);
    jw_put_str(&w, "agency", d->place->identifier);
    jw_put_str(&w, "channel", is_own(d, n) ? STR("online") : STR("counter"));
    put_owner(&w, n, is_own(d, n));
    jw_key(&w, "form");
    jw_raw(&w, STR("{\"request\":\"Đề nghị giải quyết theo quy định.\"}"));
    TRY(put_papers(m, &w, d, s->account, why));
    jw_close(&w);
    TRY(json_read(m->a, str_dup(m->a, buf_str(&text)), &body, why));
    TRY(submission_read(&m->app->desk, &rq, body, &in, why));
    TRY(store_run(m->app->store, dossier_submit, &in, &receipt, why));
    d->code = str_dup(m->a, receipt.code);
    return OK;
}

static const struct person_of_demo *doer(const struct one_dossier *d, size_t n, const char *role)
{
    struct str name = str_from(role);
    if (str_eq(name, STR("applicant"))) return &d->place->people[is_own(d, n) ? APPLICANT : RECEIVER];
    for (size_t i = 0; i < PEOPLE; i++)
        if (str_eq(name, str_from(roles_of_people[i]))) return &d->place->people[i];
    return &d->place->people[SPECIALIST];
}

static enum outcome do_act(struct making *m, const struct event *e, struct fail *why)
{
    const struct one_dossier *d = &m->dossiers.at[e->dossier];
    const struct person_of_demo *who = doer(d, e->dossier, e->act->role);
    struct str login = d->place->people[SPECIALIST].login;
    struct str text = str_replace(m->a, str_from(e->act->body), STR("%s"), login);
    text = str_replace(m->a, text, STR("%u"), d->place->asks);
    text = str_replace(m->a, text, STR("%d"), day_format(m->a, day_of(morning(m, OPINION_DAYS))));
    struct dossier_view view;
    struct act_done done;
    struct act_call call = {.desk = &m->app->desk,
                            .arena = m->a,
                            .who = who->standing,
                            .action = (enum action_id)(action_find(str_from(e->act->act)) - actions),
                            .version = VERSION_OF_VIEW};
    call.who.now = e->at;
    TRY(json_read(m->a, text, &call.body, why));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(m->app->store, m->a, &tx, why));
        TRY(dossier_view_load(&m->app->desk, tx, &call.who, d->code, &view, why));
    }
    return act_run(&call, &view, &done, why);
}

static enum outcome happen(struct making *m, struct fail *why)
{
    for (size_t i = 0; i < m->events.count; i++) {
        const struct event *e = &m->events.at[i];
        clock_hold(e->at);
        if (e->act == NULL)
            TRY(file_dossier(m, e->dossier, why));
        else
            TRY(do_act(m, e, why));
    }
    return OK;
}

/* ---- words: an applicant asks, the office answers, an officer notes ---- */

static enum outcome say(struct making *m, const struct one_dossier *d, size_t person, const char *text,
                        struct fail *why)
{
    struct dossier_brief brief;
    int64_t n;
    const struct standing *who = &d->place->people[person].standing;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(m->app->store, m->a, &tx, why));
        TRY(dossier_brief_find(tx, d->code, &brief, why));
    }
    struct message_new in = {
        .actor = {who->account, who->agency, who->role},
        .dossier = brief.id,
        .holder = brief.holder,
        .is_office = person != APPLICANT,
        .text = str_from(text)
    };
    return store_run(m->app->store, conversation_say, &in, &n, why);
}

/* About what the citizen filed online and an officer has in hand: the first of each place. */
static enum outcome talk(struct making *m, struct fail *why)
{
    const struct place_of_demo *last = NULL;
    for (size_t i = 0; i < m->dossiers.count; i++) {
        const struct one_dossier *d = &m->dossiers.at[i];
        bool is_examined = d->story->acts[2].act != NULL && d->story->acts[3].act == NULL;
        if (d->place == last || !is_examined || !is_own(d, i)) continue;
        last = d->place;
        clock_hold(m->now - 40 * US_PER_S); /* behind every act */
        TRY(say(m, d, SPECIALIST, "Quý vị vui lòng cho biết số tờ bản đồ và số thửa để đối chiếu hồ sơ lưu.", why));
        clock_hold(m->now - 10 * US_PER_S);
        TRY(say(m, d, APPLICANT, "Tờ bản đồ số 4, thửa số 12. Tôi có thể gửi thêm ảnh chụp nếu cần.", why));
    }
    return OK;
}

void demo_clock_back(void)
{
    clock_hold(day_start(day_of(clock_now()) - BACK_DAYS) + 7 * US_PER_HOUR);
}

enum outcome demo_dossiers(struct app *app, int64_t *out_count, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, DEMO_ARENA);
    struct making m = {.app = app, .a = &a};
    TRY(look_round(&m, why));
    TRY(make_paper(&m, why));
    clock_release();
    m.now = clock_now();
    demo_clock_back();
    TRY(plan_all(&m, why));
    enum outcome happened = happen(&m, why);
    if (happened == OK) happened = talk(&m, why);
    clock_release();
    TRY(happened);
    *out_count = (int64_t)m.dossiers.count;
    return journal_catch_up(app->store, app->followers, app->follower_count, why);
}
