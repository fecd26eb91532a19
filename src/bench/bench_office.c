#include "bench/bench_office.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/entrust.h"
#include "base/file.h"
#include "base/file_system.h"
#include "base/list.h"
#include "bench/bench_forms.h"
#include "command/serve.h"
#include "demo/demo.h"
#include "queries.h"
#include "store/store_bench.h"

enum { FILL_THREADS = 64, FILL_PORTION = 5000, SETTLE_S = 900, CODE_MOST = 1000000 };

static const char mark_name[] = "bench"; /* the file that says: this office is scratch */

/* ---- the folder ---- */

static enum outcome make_scratch(struct bench_office *o, struct str beside, struct fail *why)
{
    struct str pattern = file_join(o->arena, beside, STR("motcua-bench-XXXXXX"));
    char *path = arena_dup(o->arena, str_cstr(o->arena, pattern), pattern.len + 1);
    if (mkdtemp(path) == NULL)
        return fail(why, ERR_DOWN, N_("No scratch folder can be made in {0}: {1}."), beside, str_from(strerror(errno)));
    o->folder = str_from(path);
    return OK;
}

/* An office that was made before is measured where its rows are. */
static enum outcome check_kept(struct bench_office *o, struct fail *why)
{
    if (!file_exists(file_join(o->arena, o->folder, str_from(mark_name))))
        return fail(why, ERR_CONFLICT,
                    N_("{0} is a working office: `motcua bench` measures only an office that it made itself."),
                    o->folder);
    struct str store = folder_store(o->arena, o->folder);
    if (o->store.len > 0 && !str_eq(o->store, store))
        return fail(why, ERR_CONFLICT, N_("The office in {0} keeps its data elsewhere."), o->folder);
    o->store = store;
    return OK;
}

static enum outcome choose_folder(struct bench_office *o, const struct bench_place *place, struct fail *why)
{
    o->is_kept = place->kept.len > 0;
    o->store = place->store;
    if (!o->is_kept) return make_scratch(o, place->beside, why);
    o->folder = place->kept;
    return folder_is_made(o->arena, o->folder) ? check_kept(o, why) : OK;
}

/* ---- making and serving the office ---- */

static enum outcome make_office(struct bench_office *o, struct fail *why)
{
    struct demo_account *accounts;
    size_t count;
    struct str password = people_make_password(o->arena);
    TRY(demo_import(&o->app, true, why));
    TRY(demo_office(o->app.people, o->app.store, password, &accounts, &count, why));
    return entrust_procedures(&o->app, why);
}

static enum outcome write_settings(struct bench_office *o, const struct folder *folder, struct fail *why)
{
    struct str store = o->store.len > 0 ? str_format(o->arena, "store = %.*s\n", STR_ARG(o->store)) : STR_NONE;
    struct str text = str_format(o->arena, "office = G11\n%.*s", STR_ARG(store));
    return file_write(folder_file(o->arena, folder, "motcua.conf"), text, 0600, why);
}

static enum outcome open_app(struct bench_office *o, struct fail *why)
{
    struct folder folder;
    bool is_made = folder_is_made(o->arena, o->folder);
    TRY(folder_make(o->arena, o->folder, why));
    TRY(folder_own(o->arena, o->folder, &folder, why));
    if (!is_made) TRY(write_settings(o, &folder, why));
    o->is_open = true;
    TRY(app_open(&o->app, folder, !is_made, why));
    if (!is_made) TRY(make_office(o, why));
    return file_write(folder_file(o->arena, &folder, mark_name), STR("scratch\n"), 0600, why);
}

/* Where the request log goes is the operator's affair: an office that is measured writes none unless it is asked to. */
static enum outcome serve(struct bench_office *o, struct fail *why)
{
    struct settings *s = &o->app.settings;
    if (s->origin[SETTING_LOG_LEVEL] == ORIGIN_DEFAULT)
        TRY(settings_set(&o->app.arena, s, SETTING_LOG_LEVEL, STR("warn"), ORIGIN_FLAG, why));
    TRY(app_set_log_level(&o->app, why));
    TRY(settings_set(&o->app.arena, s, SETTING_LISTEN, STR("127.0.0.1:0"), ORIGIN_FLAG, why));
    TRY(app_serve(&o->app, false, why));
    o->host = str_replace(o->arena, server_url(o->app.server), STR("http://"), STR(""));
    return OK;
}

enum outcome bench_office_open(struct bench_office *o, struct arena *a, const struct bench_place *place,
                               struct fail *why)
{
    *o = (struct bench_office){.arena = a, .run = random_token(a, 9)};
    TRY(choose_folder(o, place, why));
    TRY(open_app(o, why));
    o->file_system = file_system_of(a, o->folder).name;
    TRY(serve(o, why));
    TRY(bench_people(o, why));
    return bench_forms(o, why);
}

void bench_office_close(struct bench_office *o)
{
    if (o->is_open) app_close(&o->app);
    o->is_open = false;
    if (!o->is_kept && o->folder.len > 0) folder_remove(o->arena, o->folder);
}

/* ---- filling ---- */

struct filling {
    struct bench_office *office;
    uint64_t seed;
};

static const char *const families[] = {"Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ"};
static const char *const middles[] = {"Văn", "Thị", "Đức", "Minh", "Ngọc", "Quang", "Thu", "Hữu"};
static const char *const given[] = {"An",   "Bình", "Châu", "Dũng", "Giang", "Hà",   "Khánh", "Lan",  "Mai", "Nam",
                                    "Oanh", "Phúc", "Quân", "Sơn",  "Thảo",  "Uyên", "Vinh",  "Xuân", "Yến", "Ánh"};

enum { RARE_NAME = 997 }; /* one of so many dossiers is of somebody whose name is rare */

static struct str a_name(struct arena *a, uint64_t n)
{
    if (n % RARE_NAME == 0) return STR("Trịnh Công Thoa");
    size_t f = n % LENGTH(families), m = n / 7 % LENGTH(middles), g = n / 3 % LENGTH(given);
    return str_format(a, "%s %s %s", families[f], middles[m], given[g]);
}

const struct submission *bench_submission(const struct bench_office *o, const struct bench_form *f, struct arena *a,
                                          struct str key)
{
    struct submission *in = arena_dup(a, &f->submission, sizeof f->submission);
    in->arena = a;
    in->key = (struct idempotency){o->citizen.who.account, key, sha256_of(f->body)};
    return in;
}

static const void *fill_input(void *context, uint64_t n, struct arena *a)
{
    const struct filling *f = context;
    const struct bench_office *o = f->office;
    const struct bench_form *form = &o->forms[(n + f->seed) % o->form_count];
    struct submission *in = arena_dup(a, &form->submission, sizeof form->submission);
    struct party *parties = arena_dup(a, in->parties, in->party_count * sizeof *parties);
    in->arena = a;
    parties[0].name = a_name(a, n + f->seed);
    in->parties = parties;
    return in;
}

enum outcome bench_submit(struct tx *tx, const void *in, void *out, struct fail *why)
{
    struct receipt receipt;
    (void)out; /* nobody asks for it */
    return dossier_submit(tx, in, &receipt, why);
}

static enum outcome take_code(void *context, const struct row *r, struct fail *why)
{
    struct bench_office *o = context;
    (void)why;
    if (o->code_count < CODE_MOST) o->codes[o->code_count++] = str_dup(o->arena, row_str(r, r->count - 1));
    return OK;
}

/* The newest are the ones that wait. */
static enum outcome read_codes(struct bench_office *o, uint64_t most, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    o->codes = ARENA_ARRAY(o->arena, struct str, most + 1);
    o->code_count = 0;
    TRY(store_read_begin(o->app.store, o->arena, &tx, why));
    return store_each(tx, Q_DOSSIER_BY_CODE_RANGE,
                      VALUES(v_str(STR("G11-")), v_str(STR("G11-\x7f")), v_int((int64_t)most)), take_code, o, why);
}

enum outcome bench_office_settle(struct bench_office *o, struct fail *why)
{
    for (int64_t until = clock_monotonic_us() + SETTLE_S * US_PER_S; clock_monotonic_us() < until;) {
        AUTO_READ struct tx *tx = NULL;
        int64_t most = 0;
        TRY(store_read_begin(o->app.store, o->arena, &tx, why));
        for (size_t i = 0; i < o->app.follower_count; i++) {
            int64_t lag;
            TRY(journal_lag(tx, o->app.followers[i].name, &lag, why));
            if (lag > most) most = lag;
        }
        if (most == 0) return OK;
        store_read_end_at(&tx);
        TRY(bench_refuse_stopped(why));
        usleep(20000);
    }
    return fail(why, ERR_DOWN, N_("The followers of the journal did not catch up."));
}

enum outcome bench_office_fill(struct bench_office *o, uint64_t count, bench_progress *progress, void *context,
                               struct fail *why)
{
    uint64_t most = count < CODE_MOST ? count : CODE_MOST;
    TRY(read_codes(o, most, why));
    uint64_t missing = count > o->code_count ? count - o->code_count : 0, done = 0;
    int64_t us = 0;
    while (done < missing) {
        uint64_t portion = missing - done < FILL_PORTION ? missing - done : FILL_PORTION;
        struct filling filling = {o, done};
        struct store_load load = {bench_submit, fill_input, &filling, FILL_THREADS, portion};
        struct store_load_result result;
        TRY(store_load_run(o->app.store, &load, &result, why));
        TRY(bench_refuse_stopped(why));
        done += result.done;
        us += result.us;
        if (progress != NULL) progress(context, done, missing);
    }
    if (missing == 0) return OK;
    o->fill_rate = (double)missing * 1e6 / (double)us;
    TRY(bench_office_settle(o, why));
    return read_codes(o, most, why);
}
