#include "dossier/contact.h"

#include "dossier/count_cache.h"
#include "people/people.h"
#include "queries.h"

/* A report of a month may be a minute old. */
#define SUMMARY_KEPT_US (60 * US_PER_S)

/* In the order of the field's choices. */
static const struct {
    const char *manner, *message;
} words[] = {
    {"visit",   N_("A visit")         },
    {"call",    N_("A telephone call")},
    {"message", N_("A message")       },
    {"paper",   N_("A paper")         },
    {"cash",    N_("Cash")            },
    {"help",    N_("Help")            },
};

const char *contact_message(struct str manner)
{
    for (size_t i = 0; i < LENGTH(words); i++)
        if (str_eq(manner, str_from(words[i].manner))) return words[i].message;
    BUG("no contact is called %.*s", STR_ARG(manner));
}

struct str contact_of_filing(struct str channel)
{
    return str_eq(channel, STR("counter")) ? STR("visit") : STR("");
}

struct str contact_of_act(const struct dossier *d, enum action_id act, const struct act_input *in,
                          const struct standing *who)
{
    switch (act) {
    case ACTION_NOTE_CONTACT: return in->manner;
    case ACTION_REQUEST_SUPPLEMENT: return STR("paper");
    case ACTION_RECORD_PAYMENT: return str_eq(in->manner, STR("cash")) ? STR("cash") : STR("");
    case ACTION_RETURN: return str_eq(in->manner, STR("in-person")) ? STR("visit") : STR("");
    /* An officer who adds papers at the counter took them from somebody's hands. */
    case ACTION_SUPPLEMENT: return who->agency != 0 ? contact_of_filing(d->channel) : STR("");
    default: return STR("");
    }
}

/* ---- rows ---- */

enum outcome contact_add(struct tx *tx, const struct contact_entry *in, struct fail *why)
{
    if (in->manner.len == 0) return OK;
    return store_do(tx, Q_CONTACT_INSERT,
                    VALUES(v_int(in->dossier), v_int(in->version), v_str(in->manner), v_instant(tx_now(tx)),
                           v_int(in->account), v_str(in->note)),
                    NULL, why);
}

enum outcome contacts_undo(struct tx *tx, int64_t dossier, int64_t version, struct fail *why)
{
    return store_do(tx, Q_CONTACT_DELETE, VALUES(v_int(dossier), v_int(version)), NULL, why);
}

enum outcome contacts_of(struct tx *tx, int64_t dossier, struct contact **out, size_t *out_count, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_CONTACT_OF_DOSSIER, VALUES(v_int(dossier)), &rows, why));
    *out = ARENA_ARRAY(tx_arena(tx), struct contact, rows.count + 1);
    *out_count = rows.count;
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        struct account account = {0};
        if (row_int(r, 3) != 0) TRY(account_load(tx, row_int(r, 3), &account, why));
        (*out)[i] = (struct contact){.n = row_int(r, 0),
                                     .manner = row_str(r, 1),
                                     .at = row_instant(r, 2),
                                     .account = row_int(r, 3),
                                     .note = row_str(r, 4),
                                     .account_name = account.name};
    }
    return OK;
}

/* ---- the four noes ---- */

static void add_to(struct contact_count *total, const struct contact_count *one)
{
    total->dossiers += one->dossiers;
    total->no_paper += one->no_paper;
    total->no_cash += one->no_cash;
    total->no_visit += one->no_visit;
    total->helped += one->helped;
}

enum outcome contact_summarise(const struct desk *desk, struct tx *tx, int64_t agency, day_t from, day_t until,
                               struct contact_summary *out, struct fail *why)
{
    struct rows rows;
    instant_t since = day_start(from);
    const struct value values[] = {v_int(agency), v_int(id_least(since - US_PER_DAY)), v_instant(since),
                                   v_instant(day_start(until + 1))};
    const struct counted_query query = {
        str_format(tx_arena(tx), "four noes %lld %d %d", (long long)agency, (int)from, (int)until), Q_CONTACT_SUMMARY,
        values, LENGTH(values), SUMMARY_KEPT_US};
    TRY(count_cache_rows(desk->counts, tx, &query, &rows, why));
    *out = (struct contact_summary){ARENA_ARRAY(tx_arena(tx), struct contact_count, rows.count + 1), rows.count, {0}};
    for (size_t i = 0; i < rows.count; i++) {
        const struct row *r = &rows.at[i];
        out->items[i] = (struct contact_count){.procedure = row_str(r, 0),
                                               .dossiers = row_int(r, 1),
                                               .no_paper = row_int(r, 2),
                                               .no_cash = row_int(r, 3),
                                               .no_visit = row_int(r, 4),
                                               .helped = row_int(r, 5)};
        add_to(&out->total, &out->items[i]);
    }
    return OK;
}
