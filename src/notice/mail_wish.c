#include "notice/mail_wish.h"

#include <inttypes.h>

#include "base/auto.h"
#include "base/parse.h"
#include "people/people.h"
#include "queries.h"

enum { TOKEN_MAC_BYTES = 16, PAYLOAD_BYTES = 1024 };

static bool is_person(struct str kind)
{
    return !str_eq(kind, STR("officer")) && !str_eq(kind, STR("program"));
}

enum outcome mail_wish_load_off(struct tx *tx, struct mail_wish *w, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_MAIL_OFF_LIST, VALUES(v_int(w->account)), &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        enum notice_kind kind;
        if (notice_kind_parse(row_str(&rows.at[i], 0), &kind)) w->is_off[kind] = true;
    }
    return OK;
}

enum outcome mail_wish_load(struct tx *tx, int64_t account, struct mail_wish *out, struct fail *why)
{
    struct row r;
    enum outcome found = store_one(tx, Q_MAIL_ADDRESS_GET, VALUES(v_int(account)), &r, why);
    if (found == ERR_MISSING) return fail(why, ERR_MISSING, N_("This account is not known."));
    TRY(found);
    *out = (struct mail_wish){
        .account = account,
        .email = row_str(&r, 0),
        .name = row_str(&r, 1),
        .is_officer = !is_person(row_str(&r, 2)),
        .language = row_str(&r, 3),
        .is_disabled = !row_is_null(&r, 4),
        .asked_at = row_instant(&r, 6),
        .confirmed_at = row_instant(&r, 7),
        .is_digest = row_bool(&r, 8),
        .asks = row_int(&r, 9),
    };
    out->is_asked = out->email.len > 0 && str_eq(out->email, row_str(&r, 5)) && out->asked_at != INSTANT_NONE;
    out->is_confirmed = out->is_asked && out->confirmed_at != INSTANT_NONE;
    return out->is_confirmed ? mail_wish_load_off(tx, out, why) : OK; /* nobody else gets letters */
}

bool mail_wish_takes(const struct mail_wish *w, enum notice_kind kind)
{
    if (w->is_disabled) return false;
    if (kind == KIND_SERVICE) return w->is_asked && !w->is_confirmed;
    return w->is_confirmed && !w->is_off[kind];
}

/* ---- commands ---- */

static enum outcome note(struct tx *tx, const struct mail_change *in, const char *act, struct fail *why)
{
    struct account account;
    AUTO_BUF struct buf payload;
    buf_init(&payload, PAYLOAD_BYTES);
    struct json_writer w;
    jw_init(&w, &payload);
    jw_open(&w, '{');
    if (str_eq(str_from(act), STR("account.mail.choose"))) {
        jw_put_bool(&w, "digest", in->is_digest);
        jw_key(&w, "off");
        jw_open(&w, '[');
        for (size_t i = 0; i < KIND_COUNT; i++)
            if (in->is_off[i]) jw_str(&w, str_from(notice_kinds[i].name));
        jw_close(&w);
    }
    jw_close(&w);
    TRY(account_load(tx, in->account, &account, why));
    return journal_append(tx,
                          &(struct entry){.subject_kind = SUBJECT_ACCOUNT,
                                          .subject = in->account,
                                          .version = account.version,
                                          .act = act,
                                          .actor = in->actor,
                                          .payload = buf_str(&payload)},
                          NULL, why);
}

/* 5, 10, 20 ... minutes, at most a day. */
static instant_t may_ask_at(const struct mail_wish *w)
{
    int64_t wait_us = MAIL_ASK_MINUTES * US_PER_MINUTE;
    if (w->asks == 0) return INSTANT_NONE;
    for (int64_t i = 1; i < w->asks && wait_us < US_PER_DAY; i++) wait_us *= 2;
    return w->asked_at + (wait_us < US_PER_DAY ? wait_us : US_PER_DAY);
}

int64_t mail_wish_version(const struct mail_wish *w)
{
    int64_t bits = 1 + (int64_t)w->is_confirmed * 2 + (int64_t)w->is_digest * 4;
    for (size_t i = 0; i < KIND_COUNT; i++) bits += (int64_t)w->is_off[i] << (i + 3);
    return bits;
}

enum outcome mail_ask(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct mail_change *in = input;
    struct mail_wish w;
    (void)output; /* there is none */
    TRY(mail_wish_load(tx, in->account, &w, why));
    if (w.email.len == 0) return fail(why, ERR_INVALID, N_("Your account has no e-mail address yet. Add one first."));
    if (w.is_confirmed) return fail(why, ERR_CONFLICT, N_("This address is confirmed already."));
    if (may_ask_at(&w) > tx_now(tx))
        return fail(
            why, ERR_TOO_MANY,
            N_("A letter is on its way already; look also among unwanted mail. Another one can be sent from {0}."),
            instant_for_people(tx_arena(tx), may_ask_at(&w)));
    TRY(store_do(tx, Q_MAIL_ADDRESS_ASK, VALUES(v_int(in->account), v_str(w.email), v_instant(tx_now(tx))), NULL, why));
    return note(tx, in, ACT_MAIL_ASK, why);
}

enum outcome mail_confirm(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct mail_change *in = input;
    struct mail_wish w;
    int64_t changed = 0;
    (void)output; /* there is none */
    TRY(mail_wish_load(tx, in->account, &w, why));
    if (w.is_confirmed && w.asked_at == in->asked_at) return OK;
    if (w.is_asked && tx_now(tx) - w.asked_at <= MAIL_CONFIRM_HOURS * US_PER_HOUR)
        TRY(store_do(tx, Q_MAIL_ADDRESS_CONFIRM,
                     VALUES(v_instant(tx_now(tx)), v_int(in->account), v_instant(in->asked_at)), &changed, why));
    if (changed == 0)
        return fail(why, ERR_CONFLICT,
                    N_("This link is not good any more. Ask for a new letter on the page of your account."));
    return note(tx, in, "account.mail.confirm", why);
}

static enum outcome save_off(struct tx *tx, const struct mail_change *in, struct fail *why)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (!notice_kinds[i].may_be_turned_off) continue;
        TRY(store_do(tx, in->is_off[i] ? Q_MAIL_OFF_ADD : Q_MAIL_OFF_REMOVE,
                     VALUES(v_int(in->account), v_str(str_from(notice_kinds[i].name))), NULL, why));
    }
    return OK;
}

enum outcome mail_choose(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct mail_change *in = input;
    struct mail_wish w;
    (void)output; /* there is none */
    TRY(mail_wish_load(tx, in->account, &w, why));
    TRY(mail_wish_load_off(tx, &w, why));
    if (in->version != 0 && in->version != mail_wish_version(&w))
        return fail(why, ERR_STALE, N_("The choice of letters has changed since you saw it."));
    TRY(save_off(tx, in, why));
    TRY(store_do(tx, Q_MAIL_ADDRESS_DIGEST, VALUES(v_bool(in->is_digest), v_int(in->account)), NULL, why));
    return note(tx, in, "account.mail.choose", why);
}

enum outcome mail_stop(struct tx *tx, const void *input, void *output, struct fail *why)
{
    struct mail_change all = *(const struct mail_change *)input;
    struct mail_wish w;
    (void)output; /* there is none */
    TRY(mail_wish_load(tx, all.account, &w, why));
    bool is_news = false;
    for (size_t i = 0; i < KIND_COUNT; i++) {
        all.is_off[i] = notice_kinds[i].may_be_turned_off;
        is_news |= all.is_off[i] && !w.is_off[i];
    }
    if (!is_news) return OK;
    all.is_digest = w.is_digest;
    TRY(save_off(tx, &all, why));
    return note(tx, &all, "account.mail.choose", why);
}

enum outcome mail_party_stop(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct mail_party_stop *in = input;
    (void)output; /* there is none; a wish of somebody unknown to the office is no act of the office */
    return store_do(tx, Q_MAIL_PARTY_OFF, VALUES(v_instant(tx_now(tx)), v_int(in->dossier), v_int(in->party)), NULL,
                    why);
}

/* ---- links: "<numbers>.<mac>" ---- */

static struct str sign(const struct identity_keys *k, struct arena *a, const char *purpose, struct str text)
{
    struct sha256 mac = secret_mac(k, a, purpose, text);
    struct str code = base64url_encode(a, str_of((const char *)mac.at, TOKEN_MAC_BYTES));
    return str_format(a, "%.*s.%.*s", STR_ARG(text), STR_ARG(code));
}

/* The numbers of a token that we made; false for any other. */
static bool read_token(const struct identity_keys *k, struct arena *a, const char *purpose, struct str token,
                       int64_t *numbers, size_t count)
{
    struct str rest = token, part;
    if (token.len > 200) return false;
    for (size_t i = 0; i < count; i++)
        if (!str_cut(rest, '-', &part, &rest) || !parse_i64(part, &numbers[i])) return false;
    struct str text = str_part(token, 0, token.len - rest.len);
    return rest.len > 1 && secret_eq(token, sign(k, a, purpose, text));
}

struct str mail_stop_token(const struct identity_keys *k, struct arena *a, struct mail_owner o)
{
    struct str text = str_format(a, "%" PRId64 "-%" PRId64 "-%" PRId64 "-", o.account, o.dossier, o.party);
    return sign(k, a, "mail-stop", text);
}

bool mail_stop_token_read(const struct identity_keys *k, struct arena *a, struct str token, struct mail_owner *out)
{
    int64_t numbers[3];
    if (!read_token(k, a, "mail-stop", token, numbers, LENGTH(numbers))) return false;
    *out = (struct mail_owner){numbers[0], numbers[1], numbers[2]};
    return true;
}

struct str mail_confirm_token(const struct identity_keys *k, struct arena *a, int64_t account, instant_t asked_at)
{
    return sign(k, a, "mail-confirm", str_format(a, "%" PRId64 "-%" PRId64 "-", account, asked_at));
}

bool mail_confirm_token_read(const struct identity_keys *k, struct arena *a, struct str token, int64_t *out_account,
                             instant_t *out_asked_at)
{
    int64_t numbers[2];
    if (!read_token(k, a, "mail-confirm", token, numbers, LENGTH(numbers))) return false;
    *out_account = numbers[0];
    *out_asked_at = numbers[1];
    return true;
}
