#include "dossier/vault_follower.h"

#include "agency/role.h"
#include "catalogue/catalogue.h"
#include "dossier/dossier_store.h"
#include "people/people.h"
#include "vault/vault.h"

/* Acts after which the results in force may be others. */
static bool is_about_results(struct str act)
{
    static const char *const acts[] = {"issue", "return", "correct"};
    for (size_t i = 0; i < LENGTH(acts); i++)
        if (str_eq(act, str_from(acts[i]))) return true;
    return false;
}

/* The first owner, with its place among the parties; 0: none. */
static int64_t owner_place(const struct party *parties, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(parties[i].role, STR("owner"))) return (int64_t)i + 1;
    return 0;
}

static bool has_representative(const struct party *parties, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(parties[i].role, STR("representative"))) return true;
    return false;
}

/* The submitter who acted for themselves; 0 when an officer or a representative filed it. A body always acts through a
 * person, so its own account is enough. */
static enum outcome find_own_account(struct tx *tx, const struct dossier *d, const struct party *parties, size_t count,
                                     int64_t *out, struct fail *why)
{
    struct account account;
    struct fail gone;
    int64_t owner = owner_place(parties, count);
    fail_init(&gone, tx_arena(tx));
    *out = 0;
    enum outcome r = account_load(tx, d->submitter, &account, &gone);
    if (r == ERR_MISSING || owner == 0) return OK;
    if (r != OK) return fail_with(why, r, gone.sentence, gone.args);
    struct str role = role_of_account_kind(account.kind);
    bool is_body = party_kind_is_body(parties[owner - 1].kind);
    if (is_body ? str_eq(role, STR("business")) : role.len > 0 && !has_representative(parties, count))
        *out = account.id;
    return OK;
}

static enum outcome read_results(struct tx *tx, const struct dossier *d, struct vault_dossier *out, struct fail *why)
{
    struct dossier_file *files;
    size_t count;
    if (d->status != STATUS_DONE && d->status != STATUS_RETURNED) return OK; /* taken back: nothing is in force */
    TRY(dossier_files(tx, d->id, &files, &count, why));
    struct vault_result *results = ARENA_ARRAY(tx_arena(tx), struct vault_result, count + 1);
    for (size_t i = 0; i < count && out->count < VAULT_RESULTS_MOST; i++)
        if (str_eq(files[i].kind, STR("result")) && !files[i].is_replaced)
            results[out->count++] = (struct vault_result){
                files[i].n, {files[i].hash, files[i].name, files[i].type, files[i].bytes}
            };
    out->results = results;
    return OK;
}

static enum outcome take(struct tx *tx, const struct journal_entry *e, struct fail *why)
{
    struct dossier d;
    struct party *parties;
    struct procedure_ref procedure;
    size_t count;
    if (e->subject_kind != SUBJECT_DOSSIER || !is_about_results(e->act)) return OK;
    enum outcome found = dossier_load(tx, e->subject, &d, why);
    if (found == ERR_MISSING) return OK; /* disposed of since */
    TRY(found);
    TRY(catalogue_find(tx, d.procedure_code, &procedure, why));
    if (d.is_protected || procedure.process == PROCESS_COMPLAINT || procedure.process == PROCESS_DENUNCIATION)
        return OK;
    TRY(parties_of_dossier(tx, d.id, &parties, &count, why));
    struct vault_dossier in = {.dossier = d.id,
                               .title = procedure.name,
                               .code = d.code,
                               .procedure_code = d.procedure_code,
                               .agency = d.agency,
                               .issued = d.finished_at != INSTANT_NONE ? day_of(d.finished_at) : 0};
    TRY(find_own_account(tx, &d, parties, count, &in.account, why));
    int64_t owner = owner_place(parties, count);
    if (owner > 0) TRY(vault_owner_of(tx, d.id, owner, &in.owner_lookup, why));
    TRY(read_results(tx, &d, &in, why));
    return vault_settle(tx, &in, why);
}

const struct follower vault_follower = {"vault", take, N_("Results for the stores of citizens")};
