/* What is asked for and what is answered, as sent: each item must name something that the dossier has. */
#include "base/auto.h"
#include "base/text.h"
#include "dossier/dossier_view.h"
#include "dossier/supplement.h"
#include "form/form.h"

/* ---- fields ---- */

/* How somebody is written and where they are reached: an answer mends that. Another person in the place of this one
 * would be another matter, which the office sees beside what stood there before. */
static const struct {
    const char *name, *label;
} party_texts[] = {
    {"name",    N_("Full name")},
    {"phone",   N_("Telephone")},
    {"email",   N_("E-mail")   },
    {"address", N_("Address")  },
};

enum { PARTY_FIELDS = LENGTH(party_texts) + IDENTITY_TYPE_COUNT, PARTIES_TO_ASK = 10 /* one digit in a place */ };

/* The number by which somebody of this kind is usually known; false for agencies. */
static bool usual_identity(struct str kind, enum identity_type *out)
{
    *out = IDENTITY_TAX_CODE;
    if (str_eq(kind, STR("citizen"))) *out = IDENTITY_PERSONAL_ID;
    if (str_eq(kind, STR("foreigner"))) *out = IDENTITY_PASSPORT;
    if (str_eq(kind, STR("business"))) *out = IDENTITY_ENTERPRISE_NUMBER;
    return !str_eq(kind, STR("agency"));
}

static const struct kept_identity *identity_of_party(const struct dossier_view *v, size_t party,
                                                     enum identity_type type)
{
    for (size_t i = 0; i < v->identity_count; i++)
        if (v->identities[i].n == (int64_t)party + 1 && v->identities[i].type == type) return &v->identities[i];
    return NULL;
}

/* Numbers that stand in the dossier already, and the usual one. */
static bool may_ask_identity(const struct dossier_view *v, size_t party, enum identity_type type)
{
    enum identity_type usual;
    return identity_of_party(v, party, type) != NULL ||
           (usual_identity(v->parties[party].kind, &usual) && usual == type);
}

bool supplement_asks_identity(const struct asked_item *item, enum identity_type *out)
{
    struct str field = item->field;
    size_t at = sizeof "/parties/0" - 1;
    if (!str_starts(field, STR("/parties/")) || field.len < at) return false;
    struct str rest = str_part(field, at, field.len);
    return str_starts(rest, STR("/identities/")) && identity_type_parse(str_part(rest, 12, rest.len), out);
}

/* The texts first, then a number of each type. */
static struct str party_field(struct arena *a, size_t party, size_t field)
{
    if (field < LENGTH(party_texts)) return str_format(a, "/parties/%zu/%s", party, party_texts[field].name);
    enum identity_type type = (enum identity_type)(field - LENGTH(party_texts));
    return str_format(a, "/parties/%zu/identities/%s", party, identity_type_code(type));
}

static bool may_ask(const struct dossier_view *v, size_t party, size_t field)
{
    if (field < LENGTH(party_texts)) return true;
    return may_ask_identity(v, party, (enum identity_type)(field - LENGTH(party_texts)));
}

/* Whose a denunciation is stays secret, so nobody is asked who they are or where they live. */
static size_t parties_to_ask(const struct dossier_view *v)
{
    if (v->dossier.is_protected) return 0;
    return v->party_count < PARTIES_TO_ASK ? v->party_count : PARTIES_TO_ASK;
}

/* Which party and which of its fields a place names; false: none that may be asked for. */
static bool find_party_field(struct arena *a, const struct dossier_view *v, struct str field, size_t *out_party,
                             size_t *out_field)
{
    for (*out_party = 0; *out_party < parties_to_ask(v); ++*out_party)
        for (*out_field = 0; *out_field < PARTY_FIELDS; ++*out_field)
            if (str_eq(field, party_field(a, *out_party, *out_field))) return may_ask(v, *out_party, *out_field);
    return false;
}

static struct str label_of_party(struct arena *a, enum language l, const struct dossier_view *v, struct str place)
{
    size_t party, field;
    if (!find_party_field(a, v, place, &party, &field)) return STR("");
    const char *label = field < LENGTH(party_texts)
                            ? party_texts[field].label
                            : identity_type_label((enum identity_type)(field - LENGTH(party_texts)));
    return str_format(a, "%s (%.*s)", str_cstr(a, translate(l, label)), STR_ARG(v->parties[party].name));
}

static yyjson_val *declared_of(struct arena *a, const struct dossier_view *v)
{
    struct fail ignored;
    yyjson_val *declared;
    fail_init(&ignored, a);
    if (v->dossier.form.len == 0 || json_read(a, v->dossier.form, &declared, &ignored) != OK) return NULL;
    return declared;
}

static struct str label_of_declaration(struct arena *a, enum language l, const struct dossier_view *v, struct str name)
{
    const struct procedure_form *form = dossier_view_form(a, v, true);
    const struct declaration *known = form_field_find(form, name);
    if (known != NULL) return translate(l, known->label);
    yyjson_val *declared = declared_of(a, v);
    return declared != NULL && json_get(declared, str_cstr(a, name)) != NULL ? name : STR("");
}

struct str supplement_label(struct arena *a, enum language l, const struct dossier_view *v,
                            const struct asked_item *item)
{
    if (item->component.len > 0) {
        const struct component *c = procedure_component(v->procedure, item->component);
        if (c == NULL && str_eq(item->component, STR(FORM_AUTHORITY))) return form_authority()->label;
        return c != NULL && !c->is_heading ? c->label : STR("");
    }
    if (str_starts(item->field, STR("/form/")))
        return label_of_declaration(a, l, v, str_part(item->field, 6, item->field.len));
    return label_of_party(a, l, v, item->field);
}

size_t supplement_fields(struct arena *a, const struct dossier_view *v, struct str **out)
{
    const struct procedure_form *form = dossier_view_form(a, v, true);
    size_t count = 0;
    *out = ARENA_ARRAY(a, struct str, form->field_count + v->party_count * PARTY_FIELDS + 1);
    for (size_t i = 0; i < form->field_count; i++) (*out)[count++] = str_format(a, "/form/%s", form->fields[i].name);
    for (size_t p = 0; p < parties_to_ask(v); p++)
        for (size_t i = 0; i < PARTY_FIELDS; i++)
            if (may_ask(v, p, i)) (*out)[count++] = party_field(a, p, i);
    return count;
}

struct str supplement_value(struct arena *a, const struct dossier_view *v, const struct asked_item *item)
{
    if (str_starts(item->field, STR("/form/")))
        return json_str(declared_of(a, v), str_cstr(a, str_part(item->field, 6, item->field.len)));
    size_t party, field;
    if (!find_party_field(a, v, item->field, &party, &field)) return STR("");
    const struct party *p = &v->parties[party];
    const struct str values[] = {p->name, p->phone, p->email, p->address};
    if (field < LENGTH(values)) return values[field];
    const struct kept_identity *number = identity_of_party(v, party, (enum identity_type)(field - LENGTH(party_texts)));
    return number != NULL ? number->masked : STR("");
}

/* ---- items ---- */

struct item_reading {
    struct arena *a;
    const struct dossier_view *view;
    struct act_input *out;
    struct asked_item *items;
    struct fail *why;
};

static struct str text_of(const struct item_reading *r, yyjson_val *item, const char *key, size_t most, struct str at)
{
    yyjson_val *v = json_get(item, key);
    struct str pointer = str_format(r->a, "%.*s/%s", STR_ARG(at), key);
    if (v == NULL) return STR("");
    if (!yyjson_is_str(v)) {
        fail_problem(r->why, pointer, "type", N_("This must be text."));
        return STR("");
    }
    struct str text = str_trim(text_clean(r->a, json_text(v)));
    if (text_length(text) > most)
        fail_problem(r->why, pointer, "too-long", N_("At most {0} characters."), str_format(r->a, "%zu", most));
    return text;
}

static bool is_asked_already(const struct item_reading *r, const struct asked_item *item)
{
    for (size_t i = 0; i < r->out->item_count; i++)
        if (str_eq(r->items[i].component, item->component) && str_eq(r->items[i].field, item->field)) return true;
    return false;
}

static void check_item(const struct item_reading *r, const struct asked_item *item, struct str at)
{
    bool is_paper = item->component.len > 0, is_field = item->field.len > 0;
    struct str what = is_paper ? item->component : item->field;
    if (is_paper == is_field)
        fail_problem(r->why, at, "required", N_("Name either a paper of the procedure or a field."));
    else if (supplement_label(r->a, VIETNAMESE, r->view, item).len == 0)
        fail_problem(r->why, str_format(r->a, "%.*s/%s", STR_ARG(at), is_paper ? "component" : "field"), "unknown",
                     N_("The dossier has no paper or field “{0}” that could be asked for."), what);
    else if (is_asked_already(r, item))
        fail_problem(r->why, at, "twice", N_("This is asked for already: {0}"), what);
    if (item->reason.len == 0)
        fail_problem(r->why, str_format(r->a, "%.*s/reason", STR_ARG(at)), "required",
                     N_("Say what is missing or wrong: the applicant reads this."));
}

static void read_item(const struct item_reading *r, yyjson_val *v, size_t n)
{
    struct str at = str_format(r->a, "/items/%zu", n);
    if (!yyjson_is_obj(v)) {
        fail_problem(r->why, at, "type", N_("This must be an object."));
        return;
    }
    struct asked_item item = {text_of(r, v, "component", LINE_MOST, at), text_of(r, v, "field", LINE_MOST, at),
                              text_of(r, v, "reason", ASKED_REASON_MOST, at),
                              text_of(r, v, "basis", ASKED_BASIS_MOST, at)};
    check_item(r, &item, at);
    r->items[r->out->item_count++] = item;
}

/* The whole request in words, for letters, slips and older clients: what was written, then each item on a line. */
static struct str in_words(const struct item_reading *r, struct str written)
{
    AUTO_BUF struct buf text;
    buf_init(&text, ASKED_ITEMS_MOST * (ASKED_REASON_MOST + ASKED_BASIS_MOST + 2000) * 4);
    buf_add(&text, written);
    for (size_t i = 0; i < r->out->item_count; i++) {
        const struct asked_item *item = &r->items[i];
        struct str label = supplement_label(r->a, VIETNAMESE, r->view, item);
        buf_addf(&text, "%s%zu. %.*s: %.*s", text.len > 0 ? "\n" : "", i + 1, STR_ARG(label), STR_ARG(item->reason));
        if (item->basis.len > 0) buf_addf(&text, " (%.*s)", STR_ARG(item->basis));
    }
    return str_dup(r->a, buf_str(&text));
}

void supplement_read_items(struct arena *a, const struct dossier_view *v, yyjson_val *list, struct act_input *out,
                           struct fail *why)
{
    out->asked_note = out->reason;
    if (list == NULL || yyjson_is_null(list)) return;
    if (!yyjson_is_arr(list) || yyjson_arr_size(list) > ASKED_ITEMS_MOST) {
        fail_problem(why, STR("/items"), "type", N_("What is asked for is a list of at most {0}."),
                     str_format(a, "%d", ASKED_ITEMS_MOST));
        return;
    }
    struct item_reading r = {a, v, out, ARENA_ARRAY(a, struct asked_item, yyjson_arr_size(list) + 1), why};
    yyjson_val *item;
    size_t i, count;
    yyjson_arr_foreach(list, i, count, item) read_item(&r, item, i);
    out->items = r.items;
    if (out->item_count > 0 && why->problem_count == 0) out->reason = in_words(&r, out->asked_note);
}

/* ---- answers ---- */

struct answer_reading {
    struct arena *a;
    const struct identity_keys *keys;
    const struct dossier_view *view;
    struct act_input *out;
    struct asked_answer *answers;
    struct fail *why;
};

static const struct supplement_item *open_item(const struct dossier_view *v, int64_t n)
{
    const struct supplement *s = &v->aside.supplement;
    for (size_t i = 0; i < s->item_count; i++)
        if (s->items[i].n == n && s->items[i].is_open) return &s->items[i];
    return NULL;
}

/* Under a standing authorisation the matter stays the giver's (people/mandate.h). */
static bool is_other_owner(const struct answer_reading *r, struct str field, struct str name)
{
    const struct mandate *m = &r->view->aside.mandate;
    size_t party, which;
    if (m->id == 0 || !find_party_field(r->a, r->view, field, &party, &which)) return false;
    return str_eq(r->view->parties[party].role, STR("owner")) &&
           !str_eq(text_fold(r->a, name), text_fold(r->a, m->giver_name));
}

static void check_party_text(const struct answer_reading *r, struct str field, struct str text, struct str at)
{
    bool is_name = str_ends(field, STR("/name"));
    int most = is_name ? PARTY_NAME_MOST : PARTY_ADDRESS_MOST;
    if (str_ends(field, STR("/phone")) && !phone_is_valid(text))
        fail_problem(r->why, at, "format", N_("Write the telephone number with 8 to 15 digits, such as 0912 345 678."));
    if (str_ends(field, STR("/email")) && !email_is_valid(text))
        fail_problem(r->why, at, "format", N_("Write the e-mail address like name@example.vn."));
    if ((is_name || str_ends(field, STR("/address"))) && text_length(text) > (size_t)most)
        fail_problem(r->why, at, "too-long", N_("At most {0} characters."), str_format(r->a, "%d", most));
    if (is_name && is_other_owner(r, field, text))
        fail_problem(r->why, at, "other-owner",
                     N_("The authorisation is from {0}: under it only their own matters are filed, in this name."),
                     r->view->aside.mandate.giver_name);
}

/* In clear it goes no further than this: what is kept and shown is its mask, beside what only the key opens. */
static struct asked_answer seal_answer(const struct answer_reading *r, enum identity_type type, int64_t n,
                                       struct str text, struct str at)
{
    struct fail wrong;
    struct asked_answer answer = {.n = n};
    const struct identity number = {type, str_replace(r->a, text, STR(" "), STR(""))};
    fail_init(&wrong, r->a);
    if (number.value.len == 0) return answer;
    answer.text = identity_mask(r->a, number.value);
    if (identity_check(number, &wrong) != OK) {
        fail_problem_with(r->why, at, "format", wrong.sentence, wrong.args);
        return answer;
    }
    struct sealed_identity *sealed = ARENA_NEW(r->a, struct sealed_identity);
    *sealed = identity_seal(r->keys, r->a, number);
    answer.sealed = sealed;
    return answer;
}

static void read_answer(struct answer_reading *r, yyjson_val *v, size_t i)
{
    int64_t n = json_int(v, "n", 0);
    const struct supplement_item *item = open_item(r->view, n);
    if (item == NULL) {
        fail_problem(r->why, str_format(r->a, "/answers/%zu/n", i), "unknown",
                     N_("Nothing with this number is asked for."));
        return;
    }
    struct str at = str_format(r->a, "/answers/%lld", (long long)n);
    struct str text = str_trim(text_clean(r->a, json_str(v, "text")));
    bool is_of_party = str_starts(item->asked.field, STR("/parties/"));
    enum identity_type type;
    if (is_of_party) text = text_one_line(r->a, text);
    if (text_length(text) > ANSWER_MOST)
        fail_problem(r->why, at, "too-long", N_("At most {0} characters."), str_format(r->a, "%d", ANSWER_MOST));
    struct asked_answer answer = {.n = n, .text = text};
    if (supplement_asks_identity(&item->asked, &type))
        answer = seal_answer(r, type, n, text, at);
    else if (is_of_party && text.len > 0)
        check_party_text(r, item->asked.field, text, at);
    answer.before = supplement_value(r->a, r->view, &item->asked);
    r->answers[r->out->answer_count++] = answer;
}

static struct str answer_text(const struct act_input *in, int64_t n)
{
    for (size_t i = 0; i < in->answer_count; i++)
        if (in->answers[i].n == n) return in->answers[i].text;
    return STR("");
}

/* Only a field is declared anew: by its name, the text that was answered. Empty when the item is none. */
static struct str declared_anew(const struct answer_reading *r, struct str name)
{
    const struct supplement *s = &r->view->aside.supplement;
    for (size_t i = 0; i < s->item_count; i++) {
        struct str field = s->items[i].asked.field;
        if (s->items[i].is_open && str_starts(field, STR("/form/")) && str_eq(str_part(field, 6, field.len), name))
            return answer_text(r->out, s->items[i].n);
    }
    return STR("");
}

static struct str form_with_answers(const struct answer_reading *r, yyjson_val *declared, bool *out_changed)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    const struct supplement *s = &r->view->aside.supplement;
    buf_init(&text, 8 * FORM_BYTES_MOST + ASKED_ITEMS_MOST * ANSWER_MOST * 6);
    jw_init(&w, &text);
    jw_open(&w, '{');
    yyjson_val *key, *value;
    size_t i, count;
    *out_changed = false;
    if (yyjson_is_obj(declared)) {
        yyjson_obj_foreach(declared, i, count, key, value)
        {
            if (declared_anew(r, json_text(key)).len > 0) continue;
            jw_key(&w, str_cstr(r->a, json_text(key)));
            jw_value(&w, value);
        }
    }
    for (size_t n = 0; n < s->item_count; n++) {
        struct str field = s->items[n].asked.field;
        if (!s->items[n].is_open || !str_starts(field, STR("/form/"))) continue;
        struct str answer = answer_text(r->out, s->items[n].n);
        if (answer.len > 0) jw_put_str(&w, str_cstr(r->a, str_part(field, 6, field.len)), answer);
        *out_changed |= answer.len > 0;
    }
    jw_close(&w);
    return str_dup(r->a, buf_str(&text));
}

/* What is wrong with a declaration belongs to the item that asked for it. */
static void move_problem(const struct answer_reading *r, const struct problem *p)
{
    const struct supplement *s = &r->view->aside.supplement;
    struct str at = p->pointer;
    for (size_t i = 0; i < s->item_count; i++)
        if (s->items[i].is_open && str_ends(p->pointer, s->items[i].asked.field) && s->items[i].asked.field.len > 0)
            at = str_format(r->a, "/answers/%lld", (long long)s->items[i].n);
    fail_problem_with(r->why, at, p->code, p->sentence, p->args);
}

static void declare_anew(struct answer_reading *r)
{
    bool is_changed = false;
    yyjson_val *after;
    struct fail wrong, broken;
    fail_init(&wrong, r->a);
    fail_init(&broken, r->a);
    struct str text = form_with_answers(r, declared_of(r->a, r->view), &is_changed);
    if (!is_changed || json_read(r->a, text, &after, &broken) != OK) return;
    r->out->form_after = form_check(r->a, dossier_view_form(r->a, r->view, true), after, &wrong);
    for (size_t i = 0; i < wrong.problem_count; i++) move_problem(r, &wrong.problems[i]);
}

static bool is_sent(const struct attachment *files, size_t count, struct str component)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(files[i].component, component)) return true;
    return false;
}

static void check_complete(const struct answer_reading *r, const struct attachment *files)
{
    const struct supplement *s = &r->view->aside.supplement;
    for (size_t i = 0; i < s->item_count; i++) {
        const struct supplement_item *item = &s->items[i];
        bool is_paper = item->asked.component.len > 0;
        if (!item->is_open || answer_text(r->out, item->n).len > 0) continue;
        if (is_paper && is_sent(files, r->out->file_count, item->asked.component)) continue;
        struct str at = str_format(r->a, "/answers/%lld", (long long)item->n);
        if (is_paper)
            fail_problem(r->why, at, "required", N_("Attach this paper, or say why you cannot send it: {0}"),
                         item->label);
        else
            fail_problem(r->why, at, "required", N_("Fill this in: {0}"), item->label);
    }
}

void supplement_read_answers(struct arena *a, const struct identity_keys *keys, const struct dossier_view *v,
                             yyjson_val *list, const struct attachment *files, struct act_input *out, struct fail *why)
{
    if (list == NULL || yyjson_is_null(list)) return;
    if (!yyjson_is_arr(list) || yyjson_arr_size(list) > ASKED_ITEMS_MOST) {
        fail_problem(why, STR("/answers"), "type", N_("The answers are a list of at most {0}."),
                     str_format(a, "%d", ASKED_ITEMS_MOST));
        return;
    }
    struct answer_reading r = {a, keys, v, out, ARENA_ARRAY(a, struct asked_answer, yyjson_arr_size(list) + 1), why};
    yyjson_val *item;
    size_t i, count;
    out->answers = r.answers;
    yyjson_arr_foreach(list, i, count, item) read_answer(&r, item, i);
    declare_anew(&r);
    check_complete(&r, files);
}
