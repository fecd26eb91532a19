#include "people/held_form.h"

#include "base/auto.h"
#include "html/html.h"
#include "people/people.h"
#include "people/people_service.h"
#include "queries.h"

enum { HELD_S = 3600, HELD_MOST = 2000, HELD_BYTES = 512 * 1024, HELD_KEY_BYTES = 32 };
#define HELD_COOKIE "held"

struct held {
    struct sha256 key;
    struct str path, content; /* sealed */
};

static struct str key_of(const struct held *h)
{
    return str_of((const char *)h->key.at, sizeof h->key.at);
}

/* ---- keeping ---- */

static enum outcome forget_held(struct tx *tx, const void *input, void *output, struct fail *why)
{
    (void)input; /* the moment says it all */
    instant_t before = tx_now(tx) - HELD_S * US_PER_S;
    return store_do(tx, Q_HELD_FORM_FORGET, VALUES(v_instant(before), v_int(HELD_MOST)), output, why);
}

static enum outcome write_held(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct held *in = input;
    (void)output; /* the cookie is known already */
    TRY(forget_held(tx, NULL, NULL, why));
    return store_do(tx, Q_HELD_FORM_INSERT,
                    VALUES(v_blob(key_of(in)), v_str(in->path), v_instant(tx_now(tx)), v_blob(in->content)), NULL, why);
}

enum outcome held_form_forget(struct people *p, struct fail *why)
{
    int64_t forgotten;
    do {
        TRY(store_run(p->store, forget_held, NULL, &forgotten, why));
    } while (forgotten > 0);
    return OK;
}

/* [name, value, name, value, ...], without the token that is old anyway. */
static struct str written(struct request *rq)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, HELD_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '[');
    for (size_t i = 0; i < rq->form_count; i++) {
        if (str_eq(rq->form[i].name, STR("csrf"))) continue;
        jw_str(&w, rq->form[i].name);
        jw_str(&w, rq->form[i].value);
    }
    jw_close(&w);
    return text.is_full ? STR("[]") : str_dup(rq->arena, buf_str(&text));
}

enum outcome held_form_keep(struct request *rq, struct fail *why)
{
    struct people *p = app_people(rq->app);
    struct str cookie = random_token(rq->arena, HELD_KEY_BYTES);
    struct held held = {sha256_of(cookie), rq->path, secret_seal(p->keys, rq->arena, written(rq))};
    TRY(store_run(p->store, write_held, &held, NULL, why));
    reply_cookie(rq, HELD_COOKIE, cookie, HELD_S);
    if (rq->visitor.account != 0)
        reply_redirect(rq, rq->path);
    else
        reply_redirect(rq,
                       str_format(rq->arena, "/dang-nhap?return=%.*s", STR_ARG(html_query_value(rq->arena, rq->path))));
    return OK;
}

/* ---- taking ---- */

static enum outcome delete_held(struct tx *tx, const void *input, void *output, struct fail *why)
{
    (void)output; /* gone either way */
    return store_do(tx, Q_HELD_FORM_DELETE, VALUES(v_blob(key_of(input))), NULL, why);
}

static enum outcome find_held(struct request *rq, const struct held *held, struct str *out, struct fail *why)
{
    struct people *p = app_people(rq->app);
    AUTO_READ struct tx *tx = NULL;
    struct row row;
    instant_t since = clock_now() - HELD_S * US_PER_S;
    TRY(store_read_begin(p->store, rq->arena, &tx, why));
    TRY(store_one(tx, Q_HELD_FORM_FIND, VALUES(v_blob(key_of(held)), v_str(held->path), v_instant(since)), &row, why));
    return secret_unseal(p->keys, rq->arena, row_str(&row, 0), out, why);
}

static enum outcome read_held(struct request *rq, struct str text, struct fail *why)
{
    yyjson_val *list;
    TRY(json_read(rq->arena, text, &list, why));
    size_t count = yyjson_arr_size(list) / 2;
    struct pair *form = ARENA_ARRAY(rq->arena, struct pair, count + 1);
    for (size_t i = 0; i < count; i++)
        form[i] = (struct pair){json_text(yyjson_arr_get(list, 2 * i)), json_text(yyjson_arr_get(list, 2 * i + 1))};
    rq->form = form;
    rq->form_count = count;
    return OK;
}

bool held_form_take(struct request *rq)
{
    struct str cookie = request_cookie(rq, HELD_COOKIE), text;
    struct held held = {.key = sha256_of(cookie), .path = rq->path};
    struct fail ignored; /* nothing is held, or not for this page: then the page is shown as it is */
    fail_init(&ignored, rq->arena);
    if (cookie.len == 0 || rq->method != GET) return false;
    if (find_held(rq, &held, &text, &ignored) != OK || read_held(rq, text, &ignored) != OK) return false;
    if (store_run(app_people(rq->app)->store, delete_held, &held, NULL, &ignored) != OK) return false;
    reply_cookie(rq, HELD_COOKIE, STR(""), 0);
    rq->method = POST;
    return true;
}
