#include "bench/bench_forms.h"

#include "agency/competence.h"
#include "agency/role.h"
#include "base/auto.h"
#include "base/list.h"
#include "base/text.h"
#include "dossier/submission_input.h"
#include "form/form.h"
#include "people/people_demo.h"

enum { FORMS_MOST = 24, PAPERS = 8, BODY_BYTES = 32 * 1024, WORDS_MOST = 600, UPLOAD_MOST = 64 * 1024 };

/* ---- people ---- */

enum outcome bench_meet(struct bench_office *o, struct str login, struct str role, struct bench_person *out,
                        struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct account account;
    struct agency agency = {.id = 0};
    struct str token;
    TRY(store_read_begin(o->app.store, o->arena, &tx, why));
    TRY(account_find(tx, login, &account, why));
    if (role_find(role)->is_officer) TRY(agency_find(tx, DEMO_MINISTRY, &agency, why));
    store_read_end_at(&tx);
    struct token_new new = {.login = login, .label = STR("bench")};
    TRY(people_token_create(o->app.people, o->arena, &new, &token, why));
    out->who = (struct standing){account.id, agency.id, role, role_permissions(role)};
    out->headers = str_format(o->arena, "Authorization: Bearer %.*s\r\n", STR_ARG(token));
    return OK;
}

enum outcome bench_sign_in(struct bench_office *o, struct str login, struct str *out, struct fail *why)
{
    struct password_new password = {.login = login, .password = people_make_password(o->arena)};
    struct sign_in in = {login, password.password, STR("127.0.0.1")};
    struct signed_in session;
    int64_t retry_s;
    TRY(people_user_password(o->app.people, &password, why));
    TRY(people_sign_in(o->app.people, o->arena, &in, &session, &retry_s, why));
    *out = str_format(o->arena, "Cookie: motcua=%.*s\r\nAccept: text/html\r\n", STR_ARG(session.cookie));
    return OK;
}

enum outcome bench_people(struct bench_office *o, struct fail *why)
{
    TRY(bench_meet(o, STR("congdan"), STR("citizen"), &o->citizen, why));
    TRY(bench_meet(o, STR("tiepnhan"), STR("receiver"), &o->officer, why));
    TRY(bench_meet(o, STR("chuyenvien"), STR("specialist"), &o->specialist, why));
    return bench_sign_in(o, STR("tiepnhan"), &o->officer.browser, why);
}

/* ---- papers ---- */

static enum outcome upload_paper(struct bench_office *o, struct bench_worker *w, size_t n, struct str *out,
                                 struct fail *why)
{
    static const char form[] =
        "%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count "
        "0>>endobj\n%% %zu\ntrailer<</Root 1 0 R>>\n%%%%EOF\n";
    struct bench_request rq = {
        .method = "POST",
        .target = STR("/api/v1/files"),
        .headers = str_format(o->arena, "%.*sContent-Disposition: attachment; filename=\"giay-to-%zu.pdf\"\r\n",
                              STR_ARG(o->citizen.headers), n + 1),
        .type = STR("application/octet-stream"),
        .body = str_format(o->arena, form, n),
    };
    struct bench_answer answer;
    yyjson_val *json;
    TRY(bench_call(o->host, w, &rq, &answer, why));
    if (answer.status != 201)
        return fail(why, ERR_DOWN, N_("The office being measured answered {0}: {1}"),
                    str_format(o->arena, "%d", answer.status), answer.body);
    TRY(json_read(o->arena, answer.body, &json, why));
    *out = str_dup(o->arena, json_str(json, "id"));
    return OK;
}

static enum outcome upload_papers(struct bench_office *o, struct str papers[PAPERS], struct fail *why)
{
    AUTO_ARENA struct arena scratch;
    arena_init(&scratch, BODY_BYTES * 64);
    struct bench_worker w = {.arena = &scratch, .fd = -1};
    buf_init(&w.in, UPLOAD_MOST * 2);
    enum outcome r = OK;
    for (size_t i = 0; i < PAPERS && r == OK; i++) r = upload_paper(o, &w, i, &papers[i], why);
    buf_end(&w.in);
    auto_close_fd(&w.fd);
    return r;
}

/* ---- submissions ---- */

static void write_files(struct json_writer *w, const struct procedure_form *form, const struct str papers[PAPERS],
                        size_t *out_count)
{
    *out_count = 0;
    for (size_t i = 0; i < form->paper_count; i++) {
        if (!form->papers[i].stops) continue;
        jw_open(w, '{');
        jw_put_str(w, "component", form->papers[i].component->id);
        jw_put_str(w, "file", papers[(*out_count)++ % PAPERS]);
        jw_close(w);
    }
}

static void write_owner(struct json_writer *w)
{
    jw_key(w, "parties");
    jw_open(w, '[');
    jw_open(w, '{');
    jw_put_str(w, "role", STR("owner"));
    jw_put_str(w, "kind", STR("citizen"));
    jw_put_str(w, "name", STR("Nguyễn Thị Ngọc Ánh"));
    jw_put_str(w, "phone", STR("0912 000 000"));
    jw_put_str(w, "email", STR("congdan@example.vn"));
    jw_put_str(w, "address", STR("Xã Tuyên Quang, tỉnh Lâm Đồng"));
    jw_key(w, "identities");
    jw_open(w, '[');
    jw_open(w, '{');
    jw_put_str(w, "type", STR("personal_id"));
    jw_put_str(w, "value", STR("068190999901"));
    for (int i = 0; i < 4; i++) jw_close(w);
}

static struct str body_of(struct arena *a, const struct procedure *p, const struct str papers[PAPERS],
                          size_t *out_files)
{
    AUTO_BUF struct buf out;
    buf_init(&out, BODY_BYTES);
    struct json_writer w;
    const struct channel *online = procedure_channel(p, CHANNEL_ONLINE);
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "procedure", p->code);
    jw_put_str(&w, "agency", DEMO_MINISTRY);
    jw_put_str(&w, "channel", STR("online"));
    jw_put_str_or_null(&w, "case", online->case_count > 1 ? online->cases[0].id : STR_NONE);
    write_owner(&w);
    jw_key(&w, "form");
    jw_open(&w, '{');
    jw_put_str(&w, "request", STR("Đề nghị giải quyết theo quy định."));
    jw_close(&w);
    jw_key(&w, "files");
    jw_open(&w, '[');
    write_files(&w, form_derive(a, p, true), papers, out_files);
    jw_close(&w);
    jw_close(&w);
    return str_dup(a, buf_str(&out));
}

/* What the handler makes of the body, made by the same function. */
static enum outcome prepare(struct bench_office *o, struct bench_form *f, struct fail *why)
{
    const struct standing *who = &o->citizen.who;
    struct request rq = {
        .app = &o->app,
        .arena = o->arena,
        .visitor = {.account = who->account, .permissions = who->permissions, .role = who->role}
    };
    yyjson_val *body;
    fail_init(&rq.why, o->arena);
    TRY(json_read(o->arena, f->body, &body, why));
    return submission_read(&o->app.desk, &rq, body, &f->submission, why);
}

static enum outcome find_procedure(struct bench_office *o, struct str code, const struct procedure **out,
                                   struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_ref ref;
    TRY(store_read_begin(o->app.store, o->arena, &tx, why));
    TRY(catalogue_find(tx, code, &ref, why));
    return catalogue_version(o->app.catalogue, tx, ref.version, out, why);
}

static enum outcome list_procedures(struct bench_office *o, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(o->app.store, o->arena, &tx, why));
    return competence_procedures(tx, o->officer.who.agency, day_of(clock_now()), &o->procedures, &o->procedure_count,
                                 why);
}

static enum outcome add_form(struct bench_office *o, const struct procedure *p, const struct str papers[PAPERS],
                             struct fail *why)
{
    struct bench_form form = {.procedure = p->code};
    size_t files;
    struct fail refused;
    fail_init(&refused, o->arena);
    form.body = body_of(o->arena, p, papers, &files);
    enum outcome r = prepare(o, &form, &refused);
    if (r == ERR_INVALID) return OK; /* not one that anybody applies for like this */
    if (r != OK) return fail_with(why, r, refused.sentence, refused.args);
    struct bench_form *kept = &o->forms[o->form_count++];
    *kept = form;
    if (files == 2 && o->two_papers == NULL) o->two_papers = kept;
    return OK;
}

/* ---- words ---- */

static struct str address_of(struct arena *a, struct str text)
{
    AUTO_BUF struct buf out;
    buf_init(&out, BODY_BYTES);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.at[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            buf_add_char(&out, (char)c);
        else
            buf_addf(&out, "%%%02X", c);
    }
    return str_dup(a, buf_str(&out));
}

/* Two neighbouring words of a name, and the same as people type them who have no accents at hand. */
static void add_words(struct bench_office *o, struct str name)
{
    struct str first, second, rest;
    while (str_cut(name, ' ', &first, &rest) && o->word_count + 2 <= WORDS_MOST) {
        (void)str_cut(rest, ' ', &second, &name); /* a single last word is fine */
        struct str typed = str_format(o->arena, "%.*s %.*s", STR_ARG(first), STR_ARG(second));
        struct str both[] = {typed, text_fold(o->arena, typed)};
        for (size_t i = 0; i < LENGTH(both); i++) {
            o->words[o->word_count] = address_of(o->arena, both[i]);
            o->searches[o->word_count++] = both[i];
        }
    }
}

enum outcome bench_forms(struct bench_office *o, struct fail *why)
{
    struct str papers[PAPERS];
    TRY(upload_papers(o, papers, why));
    TRY(list_procedures(o, why));
    o->forms = ARENA_ARRAY(o->arena, struct bench_form, FORMS_MOST);
    o->words = ARENA_ARRAY(o->arena, struct str, WORDS_MOST);
    o->searches = ARENA_ARRAY(o->arena, struct str, WORDS_MOST);
    for (size_t i = 0; i < o->procedure_count; i++) {
        const struct procedure *p;
        TRY(find_procedure(o, o->procedures[i], &p, why));
        add_words(o, p->name);
        bool is_wanted = o->form_count < FORMS_MOST && procedure_channel(p, CHANNEL_ONLINE) != NULL;
        if (is_wanted) TRY(add_form(o, p, papers, why));
    }
    if (o->two_papers == NULL) return fail(why, ERR_MISSING, N_("No procedure of the catalogue asks for two papers."));
    return OK;
}
