#include "app/setup.h"

#include "base/auto.h"
#include "base/hash.h"
#include "queries.h"

enum { TOKEN_BYTES = 24, TOKEN_MOST = 100 };

#define SETUP_STEP_ROW(name, key, path, title) {key, path, title},
const struct setup_step_row setup_step_rows[SETUP_STEP_COUNT] = {SETUP_STEPS(SETUP_STEP_ROW)};
#undef SETUP_STEP_ROW

static const char *const state_names[] = {"open", "skipped", "done"};

bool setup_step_parse(struct str path, enum setup_step *out)
{
    for (size_t i = 0; i < SETUP_STEP_COUNT; i++) {
        if (!str_eq(path, str_from(setup_step_rows[i].path))) continue;
        *out = (enum setup_step)i;
        return true;
    }
    return false;
}

/* ---- memory ---- */

static void take_row(const struct row *r, struct setup_memory out[SETUP_STEP_COUNT])
{
    for (size_t i = 0; i < SETUP_STEP_COUNT; i++) {
        if (!str_eq(row_str(r, 0), str_from(setup_step_rows[i].key))) continue;
        enum setup_state state = SETUP_OPEN;
        while (state < SETUP_DONE && !str_eq(row_str(r, 1), str_from(state_names[state]))) state++;
        out[i] = (struct setup_memory){state, row_str(r, 2), row_instant(r, 3)};
    }
}

enum outcome setup_load(struct tx *tx, struct setup_memory out[SETUP_STEP_COUNT], struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_SETUP_STEPS, NO_VALUES, &rows, why));
    for (size_t i = 0; i < SETUP_STEP_COUNT; i++) out[i] = (struct setup_memory){.at = INSTANT_NONE};
    for (size_t i = 0; i < rows.count; i++) take_row(&rows.at[i], out);
    return OK;
}

size_t setup_first_open(const struct setup_memory steps[SETUP_STEP_COUNT])
{
    size_t i = 0;
    while (i < SETUP_STEP_COUNT && steps[i].state != SETUP_OPEN) i++;
    return i;
}

enum outcome setup_mark(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct setup_mark *in = input;
    struct str note = str_part(in->note, 0, SETUP_NOTE_MOST);
    return store_do(tx, Q_SETUP_STEP_PUT,
                    VALUES(v_str(str_from(setup_step_rows[in->step].key)), v_str(str_from(state_names[in->state])),
                           v_str(note), v_int(in->account), v_instant(tx_now(tx))),
                    NULL, why);
}

/* ---- the link ---- */

struct link_new {
    struct sha256 key;
    int64_t account;
};

static enum outcome link_add(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* the token is known already */
    const struct link_new *in = input;
    instant_t now = tx_now(tx);
    return store_do(tx, Q_SETUP_LINK_INSERT,
                    VALUES(v_blob(str_of((const char *)in->key.at, SHA256_BYTES)), v_int(in->account), v_instant(now),
                           v_instant(now + SETUP_LINK_DAYS * US_PER_DAY)),
                    NULL, why);
}

enum outcome setup_link_make(struct store *s, struct arena *a, int64_t account, struct str *out, struct fail *why)
{
    struct str token = random_token(a, TOKEN_BYTES);
    struct link_new in = {sha256_of(token), account};
    TRY(store_run(s, link_add, &in, NULL, why));
    *out = token;
    return OK;
}

static enum outcome no_link(struct fail *why)
{
    return fail(why, ERR_MISSING,
                N_("This link was used already, or it is too old. Sign in with login and password; "
                   "`motcua user password LOGIN` gives a new one."));
}

enum outcome setup_link_find(struct tx *tx, struct str token, int64_t *out_account, struct fail *why)
{
    struct row row;
    if (token.len > TOKEN_MOST) return no_link(why);
    struct sha256 key = sha256_of(token);
    enum outcome r =
        store_one(tx, Q_SETUP_LINK_BY_KEY, VALUES(v_blob(str_of((const char *)key.at, SHA256_BYTES))), &row, why);
    if (r == ERR_MISSING) return no_link(why);
    TRY(r);
    if (!row_is_null(&row, 2) || row_instant(&row, 1) < tx_now(tx)) return no_link(why);
    *out_account = row_int(&row, 0);
    return OK;
}

static enum outcome link_end(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct str *token = input;
    int64_t account;
    TRY(setup_link_find(tx, *token, &account, why));
    return store_do(tx, Q_SETUP_LINK_USE, VALUES(v_instant(tx_now(tx)), v_int(account)), NULL, why);
}

enum outcome setup_link_use(struct store *s, struct str token, struct fail *why)
{
    return store_run(s, link_end, &token, NULL, why);
}

enum outcome setup_link_renew(struct store *s, struct arena *a, struct str *out, struct fail *why)
{
    struct row row;
    enum outcome r;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(s, a, &tx, why));
        r = store_one(tx, Q_SETUP_LINK_WAITING, NO_VALUES, &row, why);
    }
    *out = STR_NONE;
    if (r == ERR_MISSING) return OK;
    TRY(r);
    return setup_link_make(s, a, row_int(&row, 0), out, why);
}
