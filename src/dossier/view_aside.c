#include "dossier/view_aside.h"

#include "dossier/dossier_view.h"

/* ---- reading ---- */

static enum outcome load_units(struct tx *tx, const struct standing *who, struct dossier_view *v, struct fail *why)
{
    struct view_aside *aside = &v->aside;
    size_t kept = 0;
    TRY(units_of(tx, v->dossier.id, true, &aside->units, &aside->unit_count, why));
    for (size_t i = 0; i < aside->unit_count; i++)
        if (v->sight == SIGHT_WHOLE || unit_is(&aside->units[i], who)) aside->units[kept++] = aside->units[i];
    aside->unit_count = kept;
    return OK;
}

/* The fees that the tables gave stand for the record's list of them, wherever fees are shown or taken. */
static void rule_case(struct tx *tx, struct dossier_view *v)
{
    const struct ruling *r = v->aside.ruling;
    const struct procedure_case *its_case = dossier_view_case(v);
    if (r == NULL || !r->has_fees || its_case == NULL) return;
    struct procedure_case *ruled = arena_dup(tx_arena(tx), its_case, sizeof *its_case);
    ruled->fees = r->fees;
    ruled->fee_count = r->fee_count;
    ruled->is_fee_stated = true;
    v->aside.ruled_case = ruled;
}

/* Only where somebody acts by written authority is there one to look for. */
static enum outcome load_mandate(struct tx *tx, struct dossier_view *v, struct fail *why)
{
    struct fail none;
    fail_init(&none, tx_arena(tx));
    if (v->dossier.is_protected || !parties_have_authority(v->parties, v->party_count)) return OK;
    enum outcome found = mandate_of_filing(tx, v->dossier.id, &v->aside.mandate, &none);
    return found == OK || found == ERR_MISSING ? OK : fail_with(why, found, none.sentence, none.args);
}

enum outcome view_aside_load(struct tx *tx, const struct standing *who, struct dossier_view *v, struct fail *why)
{
    struct view_aside *aside = &v->aside;
    bool is_whole = v->sight == SIGHT_WHOLE;
    aside->is_consulting = v->dossier.units_due != INSTANT_NONE;
    if (is_whole) TRY(ruling_of(tx, v->dossier.id, &aside->ruling, why));
    rule_case(tx, v);
    if (is_whole) TRY(payments_of(tx, v->dossier.id, dossier_view_case(v), &aside->payments, why));
    if (is_whole) TRY(supplement_of(tx, v, who->language, &aside->supplement, why));
    if (is_whole) TRY(load_mandate(tx, v, why));
    if (v->is_applicant) return OK;
    if (is_whole) TRY(doubts_of(tx, v->dossier.id, &aside->doubts, &aside->doubt_count, why));
    TRY(load_units(tx, who, v, why));
    if (is_whole) TRY(contacts_of(tx, v->dossier.id, &aside->contacts, &aside->contact_count, why));
    return OK;
}

size_t unit_papers(const struct dossier_view *v, const struct unit *u, int64_t *n)
{
    size_t count = 0;
    for (size_t i = 0; u->answered_at != INSTANT_NONE && i < v->file_count; i++)
        if (v->files[i].added_at == u->answered_at && v->files[i].added_by == u->answered_by)
            n[count++] = v->files[i].n;
    return count;
}

/* ---- JSON ---- */

static void write_unit(struct json_writer *w, const struct dossier_view *v, const struct unit *u, int64_t *papers)
{
    enum unit_state state = unit_state(u, v->now);
    size_t count = unit_papers(v, u, papers);
    jw_open(w, '{');
    jw_put_int(w, "n", u->n);
    jw_put_str(w, "agency", u->agency_identifier);
    jw_put_str(w, "agency_name", u->agency_name);
    jw_put_str_or_null(w, "login", u->login);
    jw_put_str_or_null(w, "name", u->name);
    jw_put_int(w, "turn", u->turn);
    jw_put_str(w, "state", str_from(unit_state_name(state)));
    jw_put_str(w, "question", u->question);
    jw_put_instant(w, "asked_at", u->asked_at);
    jw_put_instant(w, "due_at", u->due_at);
    jw_put_instant(w, "opened_at", u->opened_at);
    jw_put_instant(w, "answered_at", u->answered_at);
    jw_put_str_or_null(w, "opinion", u->opinion);
    jw_key(w, "files");
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) jw_int(w, papers[i]);
    jw_close(w);
    jw_close(w);
}

static void write_contact(struct json_writer *w, const struct contact *c, enum language l)
{
    jw_open(w, '{');
    jw_put_int(w, "n", c->n);
    jw_put_str(w, "manner", c->manner);
    jw_put_str(w, "title", translate(l, contact_message(c->manner)));
    jw_put_instant(w, "at", c->at);
    jw_put_str_or_null(w, "name", c->account_name);
    jw_put_str_or_null(w, "note", c->note);
    jw_close(w);
}

static void write_mandate(struct json_writer *w, struct arena *a, const struct mandate *m)
{
    if (m->id == 0) {
        jw_put_null(w, "mandate");
        return;
    }
    jw_key(w, "mandate");
    jw_open(w, '{');
    jw_put_id(w, "id", m->id);
    jw_put_str(w, "giver_name", m->giver_name);
    jw_put_str(w, "taker_name", m->taker_name);
    jw_put_str_or_null(w, "field", m->field);
    jw_put_str(w, "valid_from", day_format(a, m->valid_from));
    jw_put_str(w, "valid_to", day_format(a, m->valid_to));
    jw_put_str(w, "state", m->state);
    jw_close(w);
}

void view_aside_json(struct json_writer *w, struct arena *a, const struct dossier_view *v, enum language l)
{
    const struct view_aside *aside = &v->aside;
    int64_t *papers = ARENA_ARRAY(a, int64_t, v->file_count + 1);
    jw_key(w, "fees");
    due_lines_json(w, &aside->payments);
    jw_key(w, "ruling");
    if (aside->ruling != NULL)
        ruling_json(w, a, l, aside->ruling);
    else
        jw_null(w);
    jw_key(w, "payments");
    payment_list_json(w, &aside->payments, !v->is_applicant);
    jw_put_bool(w, "consulting", aside->is_consulting);
    jw_key(w, "units");
    jw_open(w, '[');
    for (size_t i = 0; i < aside->unit_count; i++) write_unit(w, v, &aside->units[i], papers);
    jw_close(w);
    jw_key(w, "contacts");
    jw_open(w, '[');
    for (size_t i = 0; i < aside->contact_count; i++) write_contact(w, &aside->contacts[i], l);
    jw_close(w);
    supplement_json(w, a, v);
    write_mandate(w, a, &aside->mandate);
    jw_key(w, "doubts");
    jw_open(w, '[');
    for (size_t i = 0; i < aside->doubt_count; i++) {
        jw_open(w, '{');
        jw_put_str(w, "place", aside->doubts[i].place);
        jw_put_str(w, "source", aside->doubts[i].source);
        jw_close(w);
    }
    jw_close(w);
}
