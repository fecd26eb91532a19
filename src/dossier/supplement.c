#include "dossier/supplement.h"

#include <string.h>

#include "dossier/dossier_search.h"
#include "dossier/dossier_view.h"
#include "queries.h"

/* ---- reading ---- */

static struct supplement_item item_of_row(const struct row *r)
{
    return (struct supplement_item){
        .n = row_int(r, 0),
        .version = row_int(r, 1),
        .asked = {row_str(r, 2), row_str(r, 3), row_str(r, 4), row_str(r, 5)},
        .answered_at = row_instant(r, 7),
        .before = row_str(r, 8),
        .answer = row_str(r, 9),
    };
}

/* It is the applicant's turn, so whatever was asked last waits for its answer. */
static bool is_waited_for(const struct dossier_view *v)
{
    return v->step != STEP_END && str_eq(v->table->steps[v->step].role, STR("applicant")) &&
           v->dossier.status == STATUS_SUPPLEMENT;
}

static enum outcome load_requests(struct tx *tx, const struct dossier_view *v, struct rows *requests,
                                  struct supplement *out, struct fail *why)
{
    TRY(store_all(tx, Q_REQUEST_OF_DOSSIER, VALUES(v_int(v->dossier.id)), requests, why));
    for (size_t i = 0; i < requests->count; i++) {
        const struct row *r = &requests->at[i];
        if (row_int(r, 4) != 0 || !is_waited_for(v)) continue;
        out->is_open = true;
        out->until = row_is_null(r, 2) ? 0 : (day_t)row_int(r, 2);
        out->note = row_str(r, 3);
    }
    return OK;
}

static void fill_from_request(const struct dossier_view *v, const struct rows *requests, struct supplement_item *item)
{
    for (size_t i = 0; i < requests->count; i++) {
        const struct row *r = &requests->at[i];
        if (row_int(r, 0) != item->version) continue;
        item->asked_at = row_instant(r, 1);
        item->until = row_is_null(r, 2) ? 0 : (day_t)row_int(r, 2);
        item->is_open = row_int(r, 4) == 0 && is_waited_for(v);
    }
}

enum outcome supplement_of(struct tx *tx, const struct dossier_view *v, enum language l, struct supplement *out,
                           struct fail *why)
{
    struct rows requests, items;
    *out = (struct supplement){0};
    if (v->dossier.supplements == 0) return OK;
    TRY(load_requests(tx, v, &requests, out, why));
    TRY(store_all(tx, Q_REQUEST_ITEM_OF_DOSSIER, VALUES(v_int(v->dossier.id)), &items, why));
    out->items = ARENA_ARRAY(tx_arena(tx), struct supplement_item, items.count + 1);
    out->item_count = items.count;
    for (size_t i = 0; i < items.count; i++) {
        out->items[i] = item_of_row(&items.at[i]);
        fill_from_request(v, &requests, &out->items[i]);
        out->items[i].label = supplement_label(tx_arena(tx), l, v, &out->items[i].asked);
    }
    return OK;
}

/* The numbers of the papers that answered an item; how many, into n (room for all files of the view). */
static size_t papers_of(const struct dossier_view *v, const struct supplement_item *item, int64_t *n)
{
    size_t count = 0;
    if (item->asked.component.len == 0 || item->answered_at == INSTANT_NONE) return 0;
    for (size_t i = 0; i < v->file_count; i++)
        if (v->files[i].added_at == item->answered_at && str_eq(v->files[i].component, item->asked.component))
            n[count++] = v->files[i].n;
    return count;
}

/* ---- JSON ---- */

static void write_item(struct json_writer *w, struct arena *a, const struct dossier_view *v,
                       const struct supplement_item *item, int64_t *papers)
{
    size_t count = papers_of(v, item, papers);
    bool is_field = item->asked.field.len > 0 && v->knows_identity;
    struct str answer = v->knows_identity ? item->answer : STR_NONE; /* what was said may tell who denounced */
    jw_open(w, '{');
    jw_put_int(w, "n", item->n);
    jw_put_str_or_null(w, "component", item->asked.component);
    jw_put_str_or_null(w, "field", item->asked.field);
    jw_put_str(w, "label", item->label);
    jw_put_str(w, "reason", item->asked.reason);
    jw_put_str_or_null(w, "basis", item->asked.basis);
    jw_put_instant(w, "asked_at", item->asked_at);
    jw_put_str_or_null(w, "until", item->until != 0 ? day_format(a, item->until) : STR_NONE);
    jw_put_bool(w, "open", item->is_open);
    jw_put_instant(w, "answered_at", item->answered_at);
    jw_put_str_or_null(w, "before", is_field ? item->before : STR_NONE);
    jw_put_str_or_null(w, "answer", answer);
    jw_key(w, "files");
    jw_open(w, '[');
    for (size_t i = 0; i < count; i++) jw_int(w, papers[i]);
    jw_close(w);
    jw_close(w);
}

void supplement_json(struct json_writer *w, struct arena *a, const struct dossier_view *v)
{
    const struct supplement *s = &v->aside.supplement;
    int64_t *papers = ARENA_ARRAY(a, int64_t, v->file_count + 1);
    jw_key(w, "asked");
    jw_open(w, '[');
    for (size_t i = 0; i < s->item_count; i++) write_item(w, a, v, &s->items[i], papers);
    jw_close(w);
}

/* ---- asking ---- */

enum outcome supplement_ask(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why)
{
    struct row row;
    TRY(store_do(tx, Q_REQUEST_INSERT,
                 VALUES(v_int(d->id), v_int(d->version), v_instant(tx_now(tx)),
                        in->input.until == 0 ? v_null() : v_int(in->input.until), v_str(in->input.asked_note)),
                 NULL, why));
    TRY(store_one(tx, Q_REQUEST_ITEM_LAST, VALUES(v_int(d->id)), &row, why));
    int64_t last = row_int(&row, 0);
    for (size_t i = 0; i < in->input.item_count; i++) {
        const struct asked_item *item = &in->input.items[i];
        TRY(store_do(tx, Q_REQUEST_ITEM_INSERT,
                     VALUES(v_int(d->id), v_int(++last), v_int(d->version), v_str(item->component), v_str(item->field),
                            v_str(item->reason), v_str(item->basis)),
                     NULL, why));
    }
    return OK;
}

/* ---- answering ---- */

/* The party of "/parties/0/phone", from 0; false for a place that is another. */
static bool party_of(struct str field, size_t count, size_t *out_n, struct str *out_rest)
{
    if (!str_starts(field, STR("/parties/")) || field.len < 11) return false;
    *out_n = (size_t)(unsigned char)field.at[9] - '0';
    *out_rest = str_part(field, 10, field.len);
    return *out_n < count;
}

static struct str *text_of_party(struct party *p, struct str rest)
{
    if (str_eq(rest, STR("/name"))) return &p->name;
    if (str_eq(rest, STR("/phone"))) return &p->phone;
    if (str_eq(rest, STR("/email"))) return &p->email;
    if (str_eq(rest, STR("/address"))) return &p->address;
    return NULL;
}

/* The dossier is called by its first owner, in lists and where it is looked for. */
static enum outcome rename_dossier(struct tx *tx, int64_t dossier, struct str name, struct fail *why)
{
    struct dossier d;
    TRY(dossier_load(tx, dossier, &d, why));
    TRY(search_rename(tx, &d, name, why));
    return store_do(tx, Q_DOSSIER_OWNER_PUT, VALUES(v_str(name), v_int(dossier)), NULL, why);
}

static bool is_first_owner(const struct party *parties, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(parties[i].role, STR("owner"))) return false;
    return str_eq(parties[n].role, STR("owner"));
}

/* Puts a value where somebody is called or reached and tells what stood there; other fields are declarations. */
static enum outcome put_party(struct tx *tx, int64_t dossier, struct str field, struct str value,
                              struct str *out_before, struct fail *why)
{
    struct party *parties;
    struct str rest;
    size_t count, n = 0;
    if (!str_starts(field, STR("/parties/"))) return OK;
    TRY(parties_of_dossier(tx, dossier, &parties, &count, why));
    struct str *place = party_of(field, count, &n, &rest) ? text_of_party(&parties[n], rest) : NULL;
    if (place == NULL) return OK;
    struct party *p = &parties[n];
    if (place == &p->name && is_first_owner(parties, n)) TRY(rename_dossier(tx, dossier, value, why));
    *out_before = *place;
    *place = value;
    return store_do(tx, Q_PARTY_PUT,
                    VALUES(v_str(p->name), v_str(p->phone), v_str(p->email), v_str(p->address), v_int(dossier),
                           v_int((int64_t)n + 1)),
                    NULL, why);
}

/* Another number in the place of the one that the office doubts; that one is kept, sealed as it was. */
static enum outcome put_identity(struct tx *tx, int64_t dossier, const struct supplement_item *item,
                                 const struct sealed_identity *sealed, struct fail *why)
{
    struct placed_identity before;
    struct str rest;
    size_t n = 0;
    if (!party_of(item->asked.field, PARTIES_MOST, &n, &rest)) BUG("a number of no party");
    TRY(identity_replace(tx, dossier, (int64_t)n + 1, sealed, &before, why));
    return store_do(tx, Q_IDENTITY_BEFORE_INSERT,
                    VALUES(v_int(dossier), v_int(item->n), v_int(before.party), v_int(before.number),
                           v_str(str_from(identity_type_code(before.sealed.type))), v_blob(before.sealed.cipher),
                           v_blob(str_of((const char *)before.sealed.lookup.at, SHA256_BYTES)),
                           v_str(before.sealed.masked)),
                    NULL, why);
}

/* Nothing to do where the item asked for no number. */
static enum outcome put_identity_back(struct tx *tx, int64_t dossier, int64_t item, struct fail *why)
{
    struct row row;
    enum outcome found = store_one(tx, Q_IDENTITY_BEFORE_FIND, VALUES(v_int(dossier), v_int(item)), &row, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    struct placed_identity before = {dossier, row_int(&row, 0), row_int(&row, 1), {.cipher = row_str(&row, 3)}};
    if (!identity_type_parse(row_str(&row, 2), &before.sealed.type)) BUG("a kept number of an unknown type");
    memcpy(before.sealed.lookup.at, row_str(&row, 4).at, SHA256_BYTES);
    before.sealed.masked = row_str(&row, 5);
    TRY(identity_put_back(tx, &before, why));
    return store_do(tx, Q_IDENTITY_BEFORE_DELETE, VALUES(v_int(dossier), v_int(item)), NULL, why);
}

static const struct asked_answer *answer_to(const struct act_input *in, int64_t n)
{
    for (size_t i = 0; i < in->answer_count; i++)
        if (in->answers[i].n == n) return &in->answers[i];
    return NULL;
}

static bool has_file_for(const struct act *in, struct str component)
{
    for (size_t i = 0; component.len > 0 && i < in->input.file_count; i++)
        if (str_eq(in->files[i].component, component)) return true;
    return false;
}

static enum outcome take_item(struct tx *tx, const struct act *in, const struct dossier *d,
                              const struct supplement_item *item, struct fail *why)
{
    const struct asked_answer *answer = answer_to(&in->input, item->n);
    struct str text = answer != NULL ? answer->text : STR(""), before = answer != NULL ? answer->before : STR("");
    if (text.len == 0 && !has_file_for(in, item->asked.component)) return OK;
    if (answer != NULL && answer->sealed != NULL)
        TRY(put_identity(tx, d->id, item, answer->sealed, why));
    else if (item->asked.field.len > 0)
        TRY(put_party(tx, d->id, item->asked.field, text, &before, why));
    return store_do(
        tx, Q_REQUEST_ITEM_ANSWER,
        VALUES(v_int(d->version), v_instant(tx_now(tx)), v_str(before), v_str(text), v_int(d->id), v_int(item->n)),
        NULL, why);
}

enum outcome supplement_take(struct tx *tx, const struct act *in, const struct dossier *d, struct fail *why)
{
    struct rows requests, items;
    int64_t open = 0;
    bool changes_form = in->input.form_after.len > 0;
    TRY(store_do(tx, Q_DRAFT_DELETE_OF_DOSSIER, VALUES(v_int(d->id)), NULL, why));
    TRY(store_all(tx, Q_REQUEST_OF_DOSSIER, VALUES(v_int(d->id)), &requests, why));
    for (size_t i = 0; i < requests.count; i++)
        if (row_int(&requests.at[i], 4) == 0) open = row_int(&requests.at[i], 0);
    if (open == 0) return OK;
    TRY(store_all(tx, Q_REQUEST_ITEM_OF_DOSSIER, VALUES(v_int(d->id)), &items, why));
    for (size_t i = 0; i < items.count; i++) {
        struct supplement_item item = item_of_row(&items.at[i]);
        if (item.version == open) TRY(take_item(tx, in, d, &item, why));
    }
    if (changes_form)
        TRY(store_do(tx, Q_DOSSIER_FORM_PUT, VALUES(v_str(in->input.form_after), v_int(d->id)), NULL, why));
    if (in->input.ruling_after != NULL) TRY(ruling_save_again(tx, d->id, d->version, in->input.ruling_after, why));
    return store_do(tx, Q_REQUEST_CLOSE,
                    VALUES(v_int(d->version), v_str(changes_form ? d->form : STR("")), v_int(d->id)), NULL, why);
}

/* ---- undoing ---- */

static enum outcome open_again(struct tx *tx, int64_t dossier, int64_t version, struct str form_before,
                               struct fail *why)
{
    struct rows items;
    TRY(store_all(tx, Q_REQUEST_ITEM_OF_DOSSIER, VALUES(v_int(dossier)), &items, why));
    for (size_t i = 0; i < items.count; i++) {
        struct str ignored;
        struct supplement_item item = item_of_row(&items.at[i]);
        if (row_int(&items.at[i], 6) != version) continue;
        TRY(put_identity_back(tx, dossier, item.n, why));
        if (item.asked.field.len > 0) TRY(put_party(tx, dossier, item.asked.field, item.before, &ignored, why));
        TRY(store_do(tx, Q_REQUEST_ITEM_ANSWER,
                     VALUES(v_int(0), v_null(), v_str(STR("")), v_str(STR("")), v_int(dossier), v_int(item.n)), NULL,
                     why));
    }
    TRY(ruling_forget(tx, dossier, version, why));
    if (form_before.len > 0)
        TRY(store_do(tx, Q_DOSSIER_FORM_PUT, VALUES(v_str(form_before), v_int(dossier)), NULL, why));
    return store_do(tx, Q_REQUEST_OPEN_AGAIN, VALUES(v_int(dossier), v_int(version)), NULL, why);
}

enum outcome supplement_undo(struct tx *tx, int64_t dossier, int64_t version, struct fail *why)
{
    struct row closed;
    TRY(store_do(tx, Q_REQUEST_ITEM_DELETE, VALUES(v_int(dossier), v_int(version)), NULL, why));
    TRY(store_do(tx, Q_REQUEST_DELETE, VALUES(v_int(dossier), v_int(version)), NULL, why));
    enum outcome found = store_one(tx, Q_REQUEST_CLOSED_BY, VALUES(v_int(dossier), v_int(version)), &closed, why);
    if (found == ERR_MISSING) return OK;
    TRY(found);
    return open_again(tx, dossier, version, row_str(&closed, 0), why);
}

struct str supplement_address(struct arena *a, struct str code)
{
    return str_format(a, "/ho-so/%.*s/bo-sung", STR_ARG(code));
}
