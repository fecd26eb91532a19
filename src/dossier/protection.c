#include "dossier/protection.h"

#include "people/people.h"
#include "queries.h"

enum { SECRET_BYTES = 256 * 1024, LOOKS_MOST = 200 };

/* ---- sealing ---- */

static void write_identities(struct json_writer *w, struct arena *a, const struct party *p)
{
    jw_key(w, "identities");
    jw_open(w, '[');
    for (size_t i = 0; i < p->identity_count; i++) {
        jw_open(w, '{');
        jw_put_str(w, "type", str_from(identity_type_code(p->identities[i].type)));
        jw_put_str(w, "value", identity_mask(a, p->identities[i].value));
        jw_close(w);
    }
    jw_close(w);
}

static void write_party(struct json_writer *w, struct arena *a, const struct party *p)
{
    jw_open(w, '{');
    jw_put_str(w, "role", p->role);
    jw_put_str(w, "kind", p->kind);
    jw_put_str_or_null(w, "basis", p->basis);
    jw_put_str(w, "name", p->name);
    jw_put_str_or_null(w, "phone", p->phone);
    jw_put_str_or_null(w, "email", p->email);
    jw_put_str_or_null(w, "address", p->address);
    write_identities(w, a, p);
    jw_close(w);
}

static void write_delivery(struct json_writer *w, const struct delivery *d)
{
    jw_key(w, "return");
    jw_open(w, '{');
    jw_put_str_or_null(w, "manner", d->manner);
    jw_put_str_or_null(w, "address", d->address);
    jw_close(w);
    jw_key(w, "post");
    jw_open(w, '{');
    jw_put_str_or_null(w, "sender", d->sender);
    jw_close(w);
}

static struct str secret_text(struct arena *a, const struct submission *in)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, SECRET_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    jw_key(&w, "parties");
    jw_open(&w, '[');
    for (size_t i = 0; i < in->party_count; i++) write_party(&w, a, &in->parties[i]);
    jw_close(&w);
    jw_key(&w, "form");
    jw_raw(&w, in->form);
    write_delivery(&w, &in->delivery);
    jw_close(&w);
    return str_dup(a, buf_str(&text));
}

/* What is left of a party: what part it has in the matter. */
static struct party *without_names(struct arena *a, const struct submission *in)
{
    struct party *bare = ARENA_ARRAY(a, struct party, in->party_count + 1);
    for (size_t i = 0; i < in->party_count; i++)
        bare[i] = (struct party){.role = in->parties[i].role,
                                 .kind = in->parties[i].kind,
                                 .basis = in->parties[i].basis,
                                 .name = PROTECTED_NAME,
                                 .identity_count = in->parties[i].identity_count};
    return bare;
}

/* Numbers stay findable for who knows them, but even their mask tells nothing. */
static void blank_masks(struct arena *a, struct submission *in)
{
    const struct sealed_identity **all = ARENA_ARRAY(a, const struct sealed_identity *, in->party_count + 1);
    for (size_t i = 0; i < in->party_count; i++) {
        size_t count = in->parties[i].identity_count;
        struct sealed_identity *sealed = arena_dup(a, in->identities[i], (count + 1) * sizeof *sealed);
        for (size_t n = 0; n < count; n++) sealed[n].masked = STR("***");
        all[i] = sealed;
    }
    in->identities = all;
}

void protection_seal(const struct desk *desk, struct submission *in)
{
    struct arena *a = in->arena;
    in->is_protected = true;
    in->secret = secret_seal(desk->keys, a, secret_text(a, in));
    blank_masks(a, in);
    in->parties = without_names(a, in);
    in->form = STR("{}");
    in->delivery = (struct delivery){
        .manner = in->delivery.manner, .address = STR(""), .sender = STR(""), .postmarked = in->delivery.postmarked};
}

enum outcome protection_save(struct tx *tx, int64_t dossier, struct str sealed, struct fail *why)
{
    return store_do(tx, Q_SECRET_INSERT, VALUES(v_int(dossier), v_blob(sealed)), NULL, why);
}

enum outcome protection_note_taker(struct tx *tx, const struct dossier *d, int64_t account, struct fail *why)
{
    if (!d->is_protected) return OK;
    return store_do(tx, Q_SECRET_TAKER_INSERT, VALUES(v_int(d->id), v_int(account)), NULL, why);
}

/* ---- who may know ---- */

enum outcome protection_may_know(struct tx *tx, const struct dossier *d, const struct standing *who, bool *out,
                                 struct fail *why)
{
    struct row row;
    bool is_office = who->agency != 0 && who->agency == d->agency;
    bool is_leader = is_office && permission_is_in(who->permissions, PERMIT_DOSSIER_APPROVE);
    *out = !d->is_protected || dossier_is_applicant(d, who) || is_leader ||
           (is_office && d->holder != 0 && d->holder == who->account);
    if (*out || !is_office) return OK;
    enum outcome found = store_one(tx, Q_SECRET_TAKER_FIND, VALUES(v_int(d->id), v_int(who->account)), &row, why);
    *out = found == OK;
    return found == ERR_MISSING ? OK : found;
}

/* ---- looking ---- */

struct look {
    int64_t dossier;
    const struct visitor *who;
    struct str what;
};

/* A command, but no change: nothing goes to the journal. */
static enum outcome write_look(struct tx *tx, const void *input, void *output, struct fail *why)
{
    const struct look *in = input;
    (void)output; /* there is none */
    return store_do(tx, Q_SECRET_LOOK_INSERT,
                    VALUES(v_int(tx_new_id(tx)), v_int(in->dossier), v_instant(tx_now(tx)), v_int(in->who->account),
                           v_int(in->who->agency), v_str(in->who->role), v_str(in->what)),
                    NULL, why);
}

enum outcome protection_note_look(const struct desk *desk, const struct request *rq, const struct dossier_view *view,
                                  struct str what, struct fail *why)
{
    if (!view->dossier.is_protected || view->is_applicant) return OK;
    struct look look = {view->dossier.id, &rq->visitor, what};
    return store_run(desk->store, write_look, &look, NULL, why);
}

enum outcome protection_look(const struct desk *desk, const struct request *rq, const struct dossier_view *view,
                             struct str what, yyjson_val **out, struct fail *why)
{
    struct row row;
    struct str clear;
    if (!view->dossier.is_protected) return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    if (!view->knows_identity)
        return fail(why, ERR_DENIED,
                    N_("Whose denunciation this is stays secret: only who took it in, who holds it and the leader may "
                       "know."));
    TRY(protection_note_look(desk, rq, view, what, why));
    AUTO_READ struct tx *tx = NULL;
    TRY(store_read_begin(desk->store, rq->arena, &tx, why));
    TRY(store_one(tx, Q_SECRET_OF_DOSSIER, VALUES(v_int(view->dossier.id)), &row, why));
    TRY(secret_unseal(desk->keys, rq->arena, row_str(&row, 0), &clear, why));
    return json_read(rq->arena, clear, out, why);
}

enum outcome protection_looks(struct tx *tx, int64_t dossier, struct secret_look **out, size_t *out_count,
                              struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_SECRET_LOOK_OF_DOSSIER, VALUES(v_int(dossier), v_int(LOOKS_MOST)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct secret_look, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        struct account account;
        TRY(account_load(tx, row_int(&rows.at[i], 1), &account, why));
        (*out)[i] = (struct secret_look){row_instant(&rows.at[i], 0), account.name, row_str(&rows.at[i], 2),
                                         row_str(&rows.at[i], 3)};
    }
    return OK;
}
