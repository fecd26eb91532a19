/* A scenario runs: each step at its moment, by its person, through the commands that everybody uses. */
#include <inttypes.h>

#include "base/auto.h"
#include "base/file.h"
#include "check/check.h"
#include "dossier/act_input.h"
#include "dossier/dossier_store.h"
#include "dossier/submission_input.h"
#include "form/form.h"
#include "rule/ruling.h"

enum { BODY_BYTES = 2 * SCENARIO_BYTES };

struct run {
    struct checking *c;
    const struct check_folder *folder;
    struct scenario *s;
    struct check_office office;
    struct str code; /* of the dossier, once it is submitted */
    int64_t step;    /* from 1 */
    int line;
};

static void differ(struct run *r, const char *what, struct str expected, struct str got)
{
    LIST_PUSH(r->c->arena, r->s->failures) = (struct check_failure){
        r->line, r->step, str_from(what), str_dup(r->c->arena, expected), str_dup(r->c->arena, got)};
}

static const struct desk *desk_of(const struct run *r)
{
    return &r->office.app->desk;
}

/* ---- what is sent ---- */

/* A file of this person's own, different for each name. */
static enum outcome upload(struct run *r, const struct check_person *who, struct str name, struct sha256 *out,
                           struct fail *why)
{
    struct upload_row row = {who->standing.account, sha256_of(name), str_format(r->c->arena, "%.*s.pdf", STR_ARG(name)),
                             STR("application/pdf"), (int64_t)name.len};
    *out = row.hash;
    return store_run(desk_of(r)->store, upload_save, &row, NULL, why);
}

static enum outcome put_file(struct run *r, struct json_writer *w, const struct check_person *who, struct str component,
                             struct fail *why)
{
    struct sha256 hash;
    TRY(upload(r, who, component, &hash, why));
    jw_open(w, '{');
    if (str_eq(component, STR("result")))
        jw_put_str(w, "kind", component);
    else
        jw_put_str(w, "component", component);
    jw_put_str(w, "file", sha256_format(r->c->arena, hash));
    jw_close(w);
    return OK;
}

/* "files" is a list of component ids (or "result"); "all": every paper that stops a submission. */
static enum outcome put_files(struct run *r, struct json_writer *w, const struct check_person *who, yyjson_val *files,
                              bool is_online, struct fail *why)
{
    jw_key(w, "files");
    jw_open(w, '[');
    size_t i, count;
    yyjson_val *v;
    if (yyjson_is_arr(files)) {
        yyjson_arr_foreach(files, i, count, v) TRY(put_file(r, w, who, json_text(v), why));
    } else if (files == NULL || str_eq(json_text(files), STR("all"))) {
        struct procedure *p;
        struct str seen = STR("|");
        TRY(procedure_read(r->c->arena, r->folder->record, &p, why));
        const struct procedure_form *form = form_derive(r->c->arena, p, is_online);
        for (size_t n = 0; n < form->paper_count; n++) {
            const struct component *c = form->papers[n].component;
            struct str group = str_format(r->c->arena, "|%.*s|", STR_ARG(c->group));
            if (!form->papers[n].stops || (c->group.len > 0 && str_has(seen, group))) continue;
            if (c->group.len > 0) seen = str_format(r->c->arena, "%.*s%.*s", STR_ARG(seen), STR_ARG(group));
            TRY(put_file(r, w, who, c->id, why));
        }
    }
    jw_close(w);
    return OK;
}

static void put_owner(struct json_writer *w)
{
    jw_key(w, "parties");
    jw_raw(w,
           STR("[{\"role\":\"owner\",\"kind\":\"citizen\",\"name\":\"Nguyễn Thị Ngọc Ánh\",\"identities\":[{\"type\":"
               "\"personal_id\",\"value\":\"079203001234\"}],\"phone\":\"0912345678\",\"address\":\"Số 1 đường Trần "
               "Phú, phường Ba Đình, thành phố Hà Nội\"}]"));
}

static void put_others(struct json_writer *w, yyjson_val *with)
{
    size_t i, count;
    yyjson_val *key, *value;
    yyjson_obj_foreach(with, i, count, key, value)
    {
        if (str_eq(json_text(key), STR("files"))) continue;
        jw_key(w, yyjson_get_str(key));
        jw_value(w, value);
    }
}

static enum outcome submission_body(struct run *r, const struct check_person *who, yyjson_val *with, yyjson_val **out,
                                    struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, BODY_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    put_others(&w, with);
    jw_put_str(&w, "procedure", r->folder->code);
    if (json_get(with, "agency") == NULL) jw_put_str(&w, "agency", r->s->agencies[0]);
    if (json_get(with, "channel") == NULL) jw_put_str(&w, "channel", STR("online"));
    if (json_get(with, "parties") == NULL) put_owner(&w);
    if (json_get(with, "form") == NULL) {
        jw_key(&w, "form");
        jw_raw(&w, STR("{\"request\":\"Đề nghị giải quyết theo quy định.\"}"));
    }
    struct str channel = json_str(with, "channel");
    bool is_online = channel.len == 0 || str_eq(channel, STR("online"));
    TRY(put_files(r, &w, who, json_get(with, "files"), is_online, why));
    jw_close(&w);
    return json_read(r->c->arena, str_dup(r->c->arena, buf_str(&text)), out, why);
}

static enum outcome act_body(struct run *r, const struct check_person *who, yyjson_val *with, yyjson_val **out,
                             struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, BODY_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    put_others(&w, with);
    if (json_get(with, "files") != NULL) TRY(put_files(r, &w, who, json_get(with, "files"), true, why));
    jw_close(&w);
    return json_read(r->c->arena, str_dup(r->c->arena, buf_str(&text)), out, why);
}

/* ---- doing ---- */

/* The standing at the moment of the step. */
static struct standing standing_at(const struct check_person *who, const struct scenario_step *step)
{
    struct standing s = who->standing;
    s.now = step->at;
    s.language = VIETNAMESE;
    return s;
}

static enum outcome submit(struct run *r, const struct scenario_step *step, const struct check_person *who,
                           struct fail *why)
{
    yyjson_val *body;
    struct submission in;
    struct receipt receipt;
    struct request rq = {.app = r->office.app, .arena = r->c->arena, .language = VIETNAMESE};
    rq.visitor = (struct visitor){.account = who->standing.account,
                                  .permissions = who->standing.permissions,
                                  .agency = who->standing.agency,
                                  .role = who->standing.role};
    TRY(submission_body(r, who, step->with, &body, why));
    TRY(submission_read(desk_of(r), &rq, body, &in, why));
    TRY(store_run(desk_of(r)->store, dossier_submit, &in, &receipt, why));
    r->code = str_dup(r->c->arena, receipt.code);
    return OK;
}

static enum outcome act(struct run *r, const struct scenario_step *step, const struct check_person *who,
                        struct fail *why)
{
    struct dossier_view view;
    struct act_done done;
    struct act_call call = {.desk = desk_of(r),
                            .arena = r->c->arena,
                            .who = standing_at(who, step),
                            .action = (enum action_id)(action_find(step->act) - actions),
                            .version = VERSION_OF_VIEW};
    TRY(act_body(r, who, step->with, &call.body, why));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(desk_of(r)->store, r->c->arena, &tx, why));
        TRY(dossier_view_load(desk_of(r), tx, &call.who, r->code, &view, why));
    }
    return act_run(&call, &view, &done, why);
}

/* ---- comparing ---- */

static struct str local_time(struct arena *a, instant_t at)
{
    if (at == INSTANT_NONE) return STR("null");
    struct str text = instant_format(a, at + LOCAL_OFFSET_US);
    return str_format(a, "%.*s+07:00", STR_ARG(str_part(text, 0, text.len - 1)));
}

static void compare(struct run *r, const char *what, yyjson_val *expected, struct str got)
{
    struct str wanted = yyjson_is_null(expected) ? STR("null") : json_text(expected);
    if (!str_eq(wanted, got)) differ(r, what, wanted, got);
}

/* As the scenario has it: a text where a number was meant is seen as one. */
static struct str expected_text(struct arena *a, yyjson_val *expected)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, SCENARIO_BYTES);
    jw_init(&w, &text);
    jw_value(&w, expected);
    return str_dup(a, buf_str(&text));
}

static void compare_number(struct run *r, const char *what, yyjson_val *expected, int64_t got)
{
    struct arena *a = r->c->arena;
    if (yyjson_is_int(expected) && yyjson_get_sint(expected) == got) return;
    differ(r, what, expected_text(a, expected), str_format(a, "%" PRId64, got));
}

static void compare_moment(struct run *r, const char *what, yyjson_val *expected, instant_t got)
{
    struct arena *a = r->c->arena;
    struct fail ignored;
    instant_t wanted = INSTANT_NONE;
    fail_init(&ignored, a);
    if (!yyjson_is_null(expected) && instant_parse(json_text(expected), &wanted, &ignored) != OK)
        differ(r, what, json_text(expected), local_time(a, got));
    else if (wanted != got)
        differ(r, what, local_time(a, wanted), local_time(a, got));
}

static void compare_flag(struct run *r, const char *what, yyjson_val *expected, bool got)
{
    if (!yyjson_is_bool(expected) || yyjson_get_bool(expected) != got)
        differ(r, what, expected_text(r->c->arena, expected), got ? STR("true") : STR("false"));
}

/* Each of the acts that are expected is possible for the person who acted. */
static void compare_actions(struct run *r, yyjson_val *expected, const struct dossier_view *v)
{
    size_t i, count;
    yyjson_val *name;
    yyjson_arr_foreach(expected, i, count, name)
    {
        const struct action *a = action_find(json_text(name));
        if (a == NULL || !dossier_view_can(v, (enum action_id)(a - actions)))
            differ(r, "actions", json_text(name), STR("-"));
    }
}

static struct str holder_of(const struct run *r, const struct dossier *d)
{
    for (size_t i = 0; i < r->office.people.count && d->holder != 0; i++)
        if (r->office.people.at[i].standing.account == d->holder) return r->office.people.at[i].name;
    return STR("null");
}

/* "3 USD": in the smallest unit, with the currency; "none": the tables gave no fee. */
static struct str fees_text(struct arena *a, const struct ruling *given)
{
    if (given == NULL || !given->has_fees) return STR("none");
    struct str *parts = ARENA_ARRAY(a, struct str, given->fee_count + 1);
    for (size_t i = 0; i < given->fee_count; i++)
        parts[i] = str_format(a, "%" PRId64 " %s", given->fees[i].amount, currency_words[given->fees[i].currency].code);
    return str_join(a, STR(", "), parts, given->fee_count);
}

/* What the folder's tables said. */
static enum outcome compare_ruling(struct run *r, struct tx *tx, yyjson_val *e, const struct dossier *d,
                                   struct fail *why)
{
    const struct ruling *given;
    yyjson_val *v;
    TRY(ruling_of(tx, d->id, &given, why));
    if ((v = yyjson_obj_get(e, "fees")) != NULL) compare(r, "fees", v, fees_text(r->c->arena, given));
    if ((v = yyjson_obj_get(e, "eligible")) != NULL) {
        if (yyjson_is_null(v) != (given == NULL || !given->has_eligibility))
            differ(r, "eligible", yyjson_is_null(v) ? STR("null") : STR("true/false"),
                   yyjson_is_null(v) ? STR("true/false") : STR("null"));
        else if (!yyjson_is_null(v))
            compare_flag(r, "eligible", v, given->is_eligible);
    }
    if ((v = yyjson_obj_get(e, "incidents")) != NULL)
        compare_number(r, "incidents", v, given != NULL ? (int64_t)given->incident_count : 0);
    return OK;
}

static enum outcome compare_dossier(struct run *r, struct tx *tx, yyjson_val *e, const struct dossier *d,
                                    struct fail *why)
{
    const struct step_table *table;
    struct agency agency;
    struct dossier_file *files;
    size_t count, results = 0;
    yyjson_val *v;
    TRY(process_get(desk_of(r)->processes, tx, d->process_version, &table, why));
    TRY(agency_load(tx, d->agency, &agency, why));
    TRY(dossier_files(tx, d->id, &files, &count, why));
    int step = dossier_step(d, table);
    for (size_t i = 0; i < count; i++) results += str_eq(files[i].kind, STR("result"));
    if ((v = yyjson_obj_get(e, "status")) != NULL) compare_number(r, "status", v, d->status);
    if ((v = yyjson_obj_get(e, "step")) != NULL) compare(r, "step", v, step == STEP_END ? STR("null") : d->step);
    if ((v = yyjson_obj_get(e, "role")) != NULL)
        compare(r, "role", v, step == STEP_END ? STR("null") : table->steps[step].role);
    if ((v = yyjson_obj_get(e, "holder")) != NULL) compare(r, "holder", v, holder_of(r, d));
    if ((v = yyjson_obj_get(e, "agency")) != NULL) compare(r, "agency", v, agency.identifier);
    if ((v = yyjson_obj_get(e, "due")) != NULL) compare_moment(r, "due", v, d->due_at);
    if ((v = yyjson_obj_get(e, "outcome")) != NULL) compare(r, "outcome", v, d->outcome);
    if ((v = yyjson_obj_get(e, "supplements")) != NULL) compare_number(r, "supplements", v, d->supplements);
    if ((v = yyjson_obj_get(e, "results")) != NULL) compare_number(r, "results", v, (int64_t)results);
    if ((v = yyjson_obj_get(e, "finished")) != NULL) compare_flag(r, "finished", v, d->finished_at != INSTANT_NONE);
    if ((v = yyjson_obj_get(e, "provisional")) != NULL) compare_flag(r, "provisional", v, d->is_provisional);
    return OK;
}

static enum outcome compare_all(struct run *r, const struct scenario_step *step, const struct check_person *who,
                                struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier d;
    if (step->expect == NULL) return OK;
    TRY(store_read_begin(desk_of(r)->store, r->c->arena, &tx, why));
    TRY(dossier_find(tx, r->code, &d, why));
    TRY(compare_dossier(r, tx, step->expect, &d, why));
    TRY(compare_ruling(r, tx, step->expect, &d, why));
    yyjson_val *names = yyjson_obj_get(step->expect, "actions");
    if (names == NULL) return OK;
    struct dossier_view view;
    struct standing standing = standing_at(who, step);
    TRY(dossier_view_load(desk_of(r), tx, &standing, r->code, &view, why));
    compare_actions(r, names, &view);
    return OK;
}

static bool has_problem(const struct fail *why, struct str text, bool is_code)
{
    for (size_t i = 0; i < why->problem_count; i++)
        if (str_eq(text, is_code ? str_from(why->problems[i].code) : why->problems[i].pointer)) return true;
    return false;
}

static void compare_list(struct run *r, const char *what, yyjson_val *list, const struct fail *got, bool is_code)
{
    size_t i, count;
    yyjson_val *v;
    yyjson_arr_foreach(list, i, count, v) if (!has_problem(got, json_text(v), is_code))
        differ(r, what, json_text(v), fail_sentence(r->c->arena, r->c->language, got));
}

/* What was refused, against how it was to be refused. */
static void compare_refusal(struct run *r, const struct scenario_step *step, enum outcome done, const struct fail *got)
{
    struct arena *a = r->c->arena;
    struct str type = json_str(step->refused, "type");
    if (done == OK) {
        differ(r, "refused", type.len > 0 ? type : STR("true"), STR("false"));
        return;
    }
    if (type.len > 0 && !str_eq(type, str_from(outcome_type(done))))
        differ(r, "type", type,
               str_format(a, "%s: %.*s", outcome_type(done), STR_ARG(fail_sentence(a, r->c->language, got))));
    compare_list(r, "pointers", json_get(step->refused, "pointers"), got, false);
    compare_list(r, "codes", json_get(step->refused, "codes"), got, true);
}

/* The sentence of a refusal, with the first of its problems. */
static struct str told(struct run *r, const struct fail *why)
{
    struct arena *a = r->c->arena;
    struct str sentence = fail_sentence(a, r->c->language, why);
    if (why->problem_count == 0) return sentence;
    struct str problem = problem_sentence(a, r->c->language, &why->problems[0]);
    return str_format(a, "%.*s (%.*s: %.*s)", STR_ARG(sentence), STR_ARG(why->problems[0].pointer), STR_ARG(problem));
}

/* ---- the walk ---- */

/* False when it makes no sense to go on. */
static bool run_step(struct run *r, const struct scenario_step *step)
{
    struct fail why;
    fail_init(&why, r->c->arena);
    const struct check_person *who = check_office_person(&r->office, step->by);
    if (who == NULL) BUG("a scenario with an unknown person passed its check");
    clock_hold(step->at);
    r->line = step->line;
    r->step = step - r->s->steps + 1;
    enum outcome done = step->act.len == 0 ? submit(r, step, who, &why) : act(r, step, who, &why);
    if (step->refused != NULL) {
        compare_refusal(r, step, done, &why);
        return done != OK;
    }
    if (done != OK) {
        differ(r, step->act.len > 0 ? "act" : "submit", STR("ok"), told(r, &why));
        return false;
    }
    fail_init(&why, r->c->arena);
    if (compare_all(r, step, who, &why) != OK) differ(r, "dossier", STR("ok"), told(r, &why));
    return true;
}

enum outcome scenario_run(struct checking *c, const struct check_folder *folder, struct scenario *s, struct str scratch,
                          struct fail *why)
{
    struct app app = {.folder.lock_fd = -1};
    struct folder own;
    struct run r = {
        .c = c, .folder = folder, .s = s, .office = {.app = &app, .arena = c->arena}
    };
    clock_hold(s->steps[0].at - US_PER_DAY); /* the office is a day old */
    enum outcome made = folder_make(c->arena, scratch, why);
    if (made == OK) made = folder_own(c->arena, scratch, &own, why);
    if (made == OK) made = app_open(&app, own, true, why);
    if (made == OK) {
        struct fail refused;
        fail_init(&refused, c->arena);
        if (check_office_make(&r.office, folder, s, &refused) != OK)
            s->broken = told(&r, &refused);
        else
            for (size_t i = 0; i < s->step_count; i++)
                if (!run_step(&r, &s->steps[i])) break;
        if (s->broken.len == 0 && s->failures.count == 0 && r.step < (int64_t)s->step_count)
            differ(&r, "steps", str_format(c->arena, "%zu", s->step_count), str_format(c->arena, "%" PRId64, r.step));
    }
    app_close(&app);
    clock_release();
    return made;
}
