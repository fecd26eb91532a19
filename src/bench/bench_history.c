#include "bench/bench_history.h"

#include <inttypes.h>
#include <stdatomic.h>

#include "base/auto.h"
#include "bench/bench_forms.h"
#include "bench/bench_load.h"
#include "dossier/act_input.h"
#include "store/blob.h"

enum {
    WORKERS = 48,
    PORTIONS = 12,    /* of a day's work, half an hour each */
    LAST_DAYS = 28,   /* before today, in which what waits was filed */
    SETTLE_DAYS = 24, /* working days after the last filing, in which the slowest are finished */
    SLOW_DAYS = 15,   /* that a slow dossier lies */
    GROUPS = 170,     /* of procedures, each with a queue of its own */
    PERSONS_PART = 2, /* as many people as half of the dossiers */
    CODE_BYTES = 40
};

struct code {
    char at[CODE_BYTES];
};

struct history {
    struct bench_office *office;
    const struct history_call *call;
    struct bench_person leader, clerk;
    struct str groups[GROUPS], result_body; /* of issue: the result's file */
    struct sha256 paper;
    struct code *codes; /* by number of the dossier */
    uint64_t per_portion, waiting_per_portion, waiting_filed;
    instant_t begin;
    _Atomic uint64_t acts, refused;
};

/* ---- who ---- */

struct share {
    const char *name;
    int of_thousand;
};

/* Family names by their share of the people (2022: the fourteen that nine of ten have). */
static const struct share families[] = {
    {"Nguyễn", 315},
    {"Trần",   109},
    {"Lê",      89 },
    {"Phạm",   59 },
    {"Hoàng",   45 },
    {"Vũ",      39 },
    {"Phan",     28 },
    {"Trương", 22 },
    {"Bùi",     21 },
    {"Đặng",  19 },
    {"Đỗ",    19 },
    {"Ngô",     17 },
    {"Hồ",     15 },
    {"Dương",  14 },
    {"Đinh",    10 },
    {"Huỳnh",  51 },
    {"Võ",      39 },
    {"Lý",      12 },
    {"Mai",      9  },
    {"Trịnh",  11 },
    {"Đào",    10 },
    {"Lương",  9  },
    {"Tạ",     8  },
    {"Chu",      30 },
};
static const char *const middles[] = {"Văn",  "Thị",  "Đức",  "Minh", "Ngọc", "Quang", "Thu",  "Hữu",
                                      "Xuân", "Đình", "Bích", "Công", "Hồng", "Thanh", "Quốc", "Kim"};
/* The first are the most common: the n-th is as frequent as 1/n. */
static const char *const given[] = {
    "Anh",   "Hương", "Hùng",  "Linh", "Huy",   "Dũng", "Hà",    "Nam",  "Lan",  "Thảo",  "Minh",  "Tuấn", "Trang",
    "Long",  "Hoa",   "Bình",  "Hải",  "Mai",   "Phúc", "Khánh", "Yến",  "Sơn",  "Đạt",   "Nhung", "Quân", "Vân",
    "Thọ",   "Châu",  "Giang", "Oanh", "Xuân",  "Uyên", "Vinh",  "An",   "Thủy", "Thắng", "Tâm",   "Hạnh", "Hiếu",
    "Ngân",  "Loan",  "Kiên",  "Diệp", "Quyên", "Lộc",  "Tú",    "Phát", "Hiền", "Trung", "Cường", "Nga",  "Nhi",
    "Thịnh", "Bảo",   "Khoa",  "Nhàn", "Toàn",  "Vy",   "Mỹ",    "Ánh",  "Thoa", "Đông",  "Sáu",   "Út",   "Khương",
};

/* SplitMix64's last step: the same numbers in every run. */
static uint64_t mix(uint64_t z)
{
    z = (z + 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static const char *family_of(uint64_t r)
{
    int left = (int)(r % 1000);
    for (size_t i = 0; i < LENGTH(families); i++)
        if ((left -= families[i].of_thousand) < 0) return families[i].name;
    return families[0].name;
}

static const char *given_of(uint64_t r)
{
    double all = 0, left;
    for (size_t i = 0; i < LENGTH(given); i++) all += 1.0 / (double)(i + 1);
    left = (double)(r % 100000) / 100000 * all;
    for (size_t i = 0; i < LENGTH(given); i++)
        if ((left -= 1.0 / (double)(i + 1)) < 0) return given[i];
    return given[0];
}

static struct str name_of(struct arena *a, uint64_t person)
{
    uint64_t r = mix(person);
    return str_format(a, "%s %s %s", family_of(r), middles[(r >> 20) % LENGTH(middles)], given_of(r >> 32));
}

/* A personal number as the law builds it, of nobody. */
static struct str number_of(struct arena *a, uint64_t person)
{
    return str_format(a, "%03d%d%02d%06d", (int)(person % 96 + 1), (int)(person % 4), (int)(person / 7 % 100),
                      (int)(person % 1000000));
}

/* Some come again and again: the square of an even chance. */
static uint64_t person_of(const struct history *h, uint64_t n)
{
    double chance = (double)(mix(n ^ 0x5bf03635) % 1000000) / 1000000;
    uint64_t people = (h->call->finished + h->call->waiting) / PERSONS_PART + 1;
    return (uint64_t)(chance * chance * (double)people);
}

/* ---- filing ---- */

static struct submission *submission_of(const struct history *h, uint64_t n, struct arena *a)
{
    const struct bench_office *o = h->office;
    const struct bench_form *form = &o->forms[mix(n) % o->form_count];
    struct submission *in = arena_dup(a, &form->submission, sizeof form->submission);
    struct party *parties = arena_dup(a, in->parties, in->party_count * sizeof *parties);
    const struct sealed_identity **sealed = ARENA_ARRAY(a, const struct sealed_identity *, in->party_count + 1);
    struct sealed_identity *first = ARENA_NEW(a, struct sealed_identity);
    uint64_t person = person_of(h, n);
    for (size_t i = 0; i < in->party_count; i++) sealed[i] = in->identities[i];
    *first = identity_seal(o->app.desk.keys, a, (struct identity){IDENTITY_PERSONAL_ID, number_of(a, person)});
    sealed[0] = first;
    parties[0].name = name_of(a, person);
    in->arena = a;
    in->parties = parties;
    in->identities = sealed;
    in->procedure_group = h->groups[mix(n ^ 0x9d2c) % GROUPS];
    return in;
}

static enum outcome file_one(const void *context, struct bench_worker *w, struct fail *why)
{
    const struct history *h = context;
    struct receipt receipt;
    TRY(store_run(h->office->app.store, dossier_submit, submission_of(h, w->number, w->arena), &receipt, why));
    if (receipt.code.len >= CODE_BYTES) BUG("a code of %zu bytes", receipt.code.len);
    struct code *code = &h->codes[w->number];
    for (size_t i = 0; i < receipt.code.len; i++) code->at[i] = receipt.code.at[i];
    return OK;
}

/* ---- acting ---- */

enum actor_of_history { RECEIVER, SPECIALIST, LEADER, CLERK, CITIZEN };

/* The way of most dossiers: on which working day after the filing, by whom. */
static const struct stage {
    enum action_id action;
    int after;
    enum actor_of_history by;
    const char *body, *other_body; /* other: of those that are not granted */
} stages[] = {
    {ACTION_RECEIVE, 0, RECEIVER,   "{}",                         NULL                             },
    {ACTION_EXAMINE, 1, SPECIALIST, "{}",                         NULL                             },
    {ACTION_PROPOSE, 3, SPECIALIST, "{\"outcome\":\"granted\"}",
     "{\"outcome\":\"refused\",\"reason\":\"Không đáp ứng điều kiện theo quy định.\"}"},
    {ACTION_APPROVE, 4, LEADER,     "{}",                         NULL                             },
    {ACTION_ISSUE,   5, CLERK,      NULL,                         NULL                             },
    {ACTION_RETURN,  7, RECEIVER,   "{\"manner\":\"in-person\"}", NULL                             },
};
static const struct stage refusal = {ACTION_REFUSE, 0, RECEIVER,
                                     "{\"reason\":\"Thủ tục không thuộc thẩm quyền giải quyết của cơ quan.\"}", NULL};
static const struct stage withdrawal = {ACTION_WITHDRAW, 1, CITIZEN, "{\"reason\":\"Tôi nộp nhầm thủ tục.\"}", NULL};

static bool is_slow(uint64_t n)
{
    return mix(n ^ 0x51) % 100 < 6;
}

static bool is_granted(uint64_t n)
{
    return mix(n ^ 0x77) % 100 < 88;
}

/* What happens to a dossier at that stage; NULL: nothing. */
static const struct stage *stage_of(uint64_t n, size_t stage)
{
    uint64_t fate = mix(n ^ 0xfa7e) % 100;
    if (fate < 6) return stage == 0 ? &refusal : NULL;
    if (fate < 9 && stage > 0) return stage == 1 ? &withdrawal : NULL;
    return &stages[stage];
}

static const struct bench_person *person_at(const struct history *h, enum actor_of_history who)
{
    switch (who) {
    case RECEIVER: return &h->office->officer;
    case SPECIALIST: return &h->office->specialist;
    case LEADER: return &h->leader;
    case CLERK: return &h->clerk;
    case CITIZEN: return &h->office->citizen;
    }
    BUG("nobody acts so");
}

static enum outcome act(struct history *h, const struct stage *stage, uint64_t n, struct arena *a, struct fail *why)
{
    struct dossier_view view;
    struct act_done done;
    struct act_call call = {.desk = &h->office->app.desk,
                            .arena = a,
                            .who = person_at(h, stage->by)->who,
                            .action = stage->action,
                            .version = VERSION_OF_VIEW};
    struct str body = stage->body == NULL ? h->result_body : str_from(stage->body);
    if (stage->other_body != NULL && !is_granted(n)) body = str_from(stage->other_body);
    call.who.now = clock_now();
    TRY(json_read(a, body, &call.body, why));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(h->office->app.store, a, &tx, why));
        TRY(dossier_view_load(&h->office->app.desk, tx, &call.who, str_from(h->codes[n].at), &view, why));
    }
    return act_run(&call, &view, &done, why);
}

struct stage_of_portion {
    struct history *h;
    size_t stage;
    bool of_slow;
};

/* Acts that the procedure's own process does not know are counted, and that dossier goes no further. */
static enum outcome act_one(const void *context, struct bench_worker *w, struct fail *why)
{
    const struct stage_of_portion *p = context;
    const struct stage *stage = stage_of(w->number, p->stage);
    if (stage == NULL || (p->of_slow != (is_slow(w->number) && p->stage >= 2))) return OK;
    enum outcome r = act(p->h, stage, w->number, w->arena, why);
    if (r == ERR_DOWN || r == ERR_BUG) return r;
    atomic_fetch_add(r == OK ? &p->h->acts : &p->h->refused, 1);
    return OK;
}

/* ---- days ---- */

static enum outcome run_some(bench_work *work, const void *context, uint64_t first, uint64_t most, struct fail *why)
{
    struct bench_figures unused;
    const struct bench_load load = {
        .workers = WORKERS, .us = INT64_MAX / 4, .work = work, .context = context, .first = first, .most = most};
    return most == 0 ? OK : bench_load_run(&load, &unused, why);
}

static bool is_working(day_t d)
{
    return day_of_week(d) < 6;
}

/* Uploads live for some days only: those of the applicant and of the clerk are there again each morning. */
static enum outcome lay_out_papers(struct history *h, struct fail *why)
{
    const struct bench_office *o = h->office;
    struct upload_row row = {o->citizen.who.account, h->paper, STR("giay-to.pdf"), STR("application/pdf"), 100};
    for (size_t f = 0; f < o->form_count; f++)
        for (size_t i = 0; i < o->forms[f].submission.file_count; i++) {
            row.hash = o->forms[f].submission.files[i].hash;
            TRY(store_run(o->app.store, upload_save, &row, NULL, why));
        }
    row.account = h->clerk.who.account;
    row.hash = h->paper;
    row.name = STR("ket-qua.pdf");
    return store_run(o->app.store, upload_save, &row, NULL, why);
}

/* The dossiers of a portion of an earlier day take their step of today. */
static enum outcome act_portion(struct history *h, int day, int portion, struct fail *why)
{
    for (size_t s = 0; s < LENGTH(stages); s++)
        for (int slow = 0; slow < 2; slow++) {
            int filed = day - stages[s].after - slow * SLOW_DAYS;
            const struct stage_of_portion p = {h, s, slow == 1};
            if (filed < 0 || filed >= h->call->days) continue;
            uint64_t first = ((uint64_t)filed * PORTIONS + (uint64_t)portion) * h->per_portion;
            TRY(run_some(act_one, &p, first, h->per_portion, why));
        }
    return OK;
}

static void tell(const struct history *h, uint64_t done)
{
    if (h->call->progress) h->call->progress(h->call->context, done, h->call->finished + h->call->waiting);
}

static instant_t half_hour(day_t d, int portion)
{
    return day_start(d) + 8 * US_PER_HOUR + portion * 30 * US_PER_MINUTE;
}

/* A working day, counted from the first. */
static enum outcome live_day(struct history *h, day_t d, int day, struct fail *why)
{
    clock_hold(day_start(d) + 7 * US_PER_HOUR);
    TRY(lay_out_papers(h, why));
    for (int portion = 0; portion < PORTIONS; portion++) {
        uint64_t first = ((uint64_t)day * PORTIONS + (uint64_t)portion) * h->per_portion;
        clock_hold(half_hour(d, portion));
        if (day < h->call->days) TRY(run_some(file_one, h, first, h->per_portion, why));
        clock_hold(half_hour(d, portion) + 10 * US_PER_MINUTE);
        TRY(act_portion(h, day, portion, why));
    }
    uint64_t done = (uint64_t)(day < h->call->days ? day + 1 : h->call->days) * PORTIONS * h->per_portion;
    tell(h, done);
    return bench_office_settle(h->office, why);
}

/* What waits: filed in the last weeks, a third of it received. */
static enum outcome wait_day(struct history *h, day_t d, uint64_t finished, struct fail *why)
{
    clock_hold(day_start(d) + 7 * US_PER_HOUR);
    TRY(lay_out_papers(h, why));
    for (int portion = 0; portion < PORTIONS && h->waiting_filed < h->call->waiting; portion++) {
        const struct stage_of_portion received = {h, 0, false};
        uint64_t first = finished + h->waiting_filed, left = h->call->waiting - h->waiting_filed;
        uint64_t some = left < h->waiting_per_portion ? left : h->waiting_per_portion;
        clock_hold(half_hour(d, portion));
        TRY(run_some(file_one, h, first, some, why));
        clock_hold(half_hour(d, portion) + 10 * US_PER_MINUTE);
        TRY(run_some(act_one, &received, first, some / 3, why));
        h->waiting_filed += some;
    }
    tell(h, finished + h->waiting_filed);
    return bench_office_settle(h->office, why);
}

static day_t first_day(const struct history_call *call)
{
    return call->today - LAST_DAYS - (call->days + SETTLE_DAYS) * 7 / 5 - 3;
}

static enum outcome live(struct history *h, struct fail *why)
{
    day_t today = h->call->today;
    uint64_t finished = h->per_portion * PORTIONS * (uint64_t)h->call->days;
    int day = 0;
    for (day_t d = first_day(h->call); d < today; d++) {
        if (!is_working(d)) continue;
        if (day < h->call->days + SETTLE_DAYS) TRY(live_day(h, d, day++, why));
        if (d >= today - LAST_DAYS) TRY(wait_day(h, d, finished, why));
    }
    return OK;
}

/* ---- all of it ---- */

void bench_history_begin(struct history_call *call)
{
    call->today = day_of(clock_now());
    clock_hold(day_start(first_day(call) - 1) + 7 * US_PER_HOUR);
}

static enum outcome get_ready(struct history *h, struct fail *why)
{
    struct bench_office *o = h->office;
    const struct history_call *call = h->call;
    uint64_t portions = (uint64_t)call->days * PORTIONS, waiting_portions = (LAST_DAYS * 5 / 7) * PORTIONS;
    h->per_portion = (call->finished + portions - 1) / portions;
    h->waiting_per_portion = (call->waiting + waiting_portions - 1) / waiting_portions;
    h->codes = ARENA_ARRAY(o->arena, struct code, h->per_portion * portions + call->waiting + 1);
    for (int i = 0; i < GROUPS; i++) h->groups[i] = str_format(o->arena, "Nhóm thủ tục %03d", i + 1);
    TRY(bench_meet(o, STR("lanhdao"), STR("leader"), &h->leader, why));
    TRY(bench_meet(o, STR("vanthu"), STR("clerk"), &h->clerk, why));
    TRY(blob_write(o->app.desk.files_folder, STR("%PDF-1.4\n%% result\n%%EOF\n"), &h->paper, why));
    h->result_body =
        str_format(o->arena, "{\"files\":[{\"file\":\"%.*s\"}]}", STR_ARG(sha256_format(o->arena, h->paper)));
    return OK;
}

enum outcome bench_history_run(struct bench_office *o, const struct history_call *call, struct history_result *out,
                               struct fail *why)
{
    struct history *h = ARENA_NEW(o->arena, struct history);
    h->office = o;
    h->call = call;
    TRY(get_ready(h, why));
    int64_t begun = clock_monotonic_us();
    enum outcome r = live(h, why);
    clock_release();
    *out = (struct history_result){.filed = h->per_portion * PORTIONS * (uint64_t)call->days + h->waiting_filed,
                                   .acts = h->acts,
                                   .refused = h->refused,
                                   .us = clock_monotonic_us() - begun};
    return r;
}

/* ---- saying it ---- */

static double per_s(const struct history_result *r)
{
    return (double)(r->filed + r->acts) * 1e6 / (double)(r->us > 0 ? r->us : 1);
}

void bench_history_print(FILE *out, const struct history_result *r)
{
    fprintf(out, "history %10.0f commands/s   %" PRIu64 " dossiers   %" PRIu64 " acts   %" PRIu64 " refused\n",
            per_s(r), r->filed, r->acts, r->refused);
}

void bench_history_json(FILE *out, const struct history_result *r)
{
    fprintf(out,
            "{\"name\":\"history\",\"figure\":%.1f,\"unit\":\"commands/s\",\"dossiers\":%" PRIu64 ",\"acts\":%" PRIu64
            ",\"refused\":%" PRIu64 ",\"seconds\":%.1f}\n",
            per_s(r), r->filed, r->acts, r->refused, (double)r->us / US_PER_S);
}
