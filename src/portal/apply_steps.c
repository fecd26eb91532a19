/* The steps of an application that are plain forms: where and which case, who applies, what is declared. */
#include <inttypes.h>
#include <string.h>

#include "agency/competence.h"
#include "base/text.h"
#include "catalogue/procedure_text.h"
#include "dossier/delivery.h"
#include "dossier/doubt.h"
#include "people/mandate.h"
#include "people/party.h"
#include "people/people.h"
#include "portal/apply.h"

enum {
    AGENCIES_SHOWN = 12 /* more are found by words */
};

/* ---- where and which case ---- */

struct where_page {
    struct frame frame;
    struct apply_head head;
    struct str q, address, only_agency, search_id, search_problem;
    bool has_search, is_nothing_found;
    struct form_field *fields;
    size_t fields_count;
};

const struct field apply_where_fields[] = {
    FRAME_FIELDS(struct where_page),
    FIELD_STRUCT(struct where_page, head, apply_head_fields),
    FIELD_STR(struct where_page, q),
    FIELD_STR(struct where_page, address),
    FIELD_STR(struct where_page, only_agency),
    FIELD_STR(struct where_page, search_id),
    FIELD_STR(struct where_page, search_problem),
    FIELD_BOOL(struct where_page, has_search),
    FIELD_BOOL(struct where_page, is_nothing_found),
    FORM_FIELDS(struct where_page, fields),
    FIELD_END,
};

static void add_agency_choice(struct form *f, struct form_field *field, const struct agency *agency)
{
    form_choice(f, field, agency->identifier, agency->name)->hint = agency->parent_name;
}

static bool is_among(const struct agency *agencies, size_t count, struct str identifier)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(agencies[i].identifier, identifier)) return true;
    return false;
}

/* What was chosen before stays a choice, whatever is searched for now. */
static void add_chosen_agency(struct apply *a, struct tx *tx, struct form *f, struct form_field *field)
{
    struct agency chosen;
    struct fail missing;
    fail_init(&missing, a->rq->arena);
    if (field->value.len == 0 || agency_find(tx, field->value, &chosen, &missing) != OK) return;
    add_agency_choice(f, field, &chosen);
}

static enum outcome add_agency(struct apply *a, struct tx *tx, struct form *f, struct where_page *page,
                               struct fail *why)
{
    struct agency *found;
    size_t count;
    struct agency_filter all = {
        .procedure = a->procedure->code, .day = day_of(clock_now()), .most = AGENCIES_SHOWN + 1};
    TRY(agency_list(tx, &all, &found, &count, why));
    page->has_search = count > AGENCIES_SHOWN;
    page->q = a->rq->method == POST ? request_form(a->rq, "q") : request_query(a->rq, "q");
    page->search_id = STR("q");
    if (count == 1) {
        page->only_agency = found[0].name;
        form_hidden(f, "agency", found[0].identifier);
        return OK;
    }
    if (page->has_search) {
        all.words = page->q;
        all.most = page->q.len > 0 ? AGENCIES_SHOWN : 0;
        if (page->q.len > 0)
            TRY(agency_list(tx, &all, &found, &count, why));
        else
            count = 0;
        page->is_nothing_found = page->q.len > 0 && count == 0;
    }
    struct form_field *field = form_radios(f, "agency", N_("Agency"), NULL, a->app.agency);
    field->is_strong = true;
    if (!is_among(found, count, field->value)) add_chosen_agency(a, tx, f, field);
    for (size_t i = 0; i < count; i++) add_agency_choice(f, field, &found[i]);
    if (field->choices_count > 0) return OK;
    page->search_problem = field->problem; /* nothing to choose from yet: the search is where to go on */
    page->search_id = field->id;
    f->fields.count--;
    return OK;
}

static void add_case(struct apply *a, struct form *f)
{
    if (a->channel == NULL || a->channel->case_count < 2) return;
    struct form_field *field = form_radios(f, "case", N_("Which case is yours?"), NULL, a->app.case_id);
    field->is_strong = true;
    for (size_t i = 0; i < a->channel->case_count; i++) {
        const struct procedure_case *c = &a->channel->cases[i];
        struct str term = case_term_for_people(a->rq->arena, a->rq->language, c);
        struct str fees = case_fees_for_people(a->rq->arena, a->rq->language, c);
        struct str label = case_label_for_people(c);
        struct choice *choice = form_choice(f, field, c->id, label.len > 0 ? label : term);
        choice->hint = label.len > 0 ? str_format(a->rq->arena, "%.*s. %.*s", STR_ARG(term), STR_ARG(fees)) : fees;
    }
}

enum outcome apply_show_where(struct apply *a, const struct fail *problems, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct form form = {.rq = a->rq, .why = problems, .shows_stored = a->is_elsewhere};
    struct where_page page = {.address = apply_address(a, APPLY_WHERE)};
    TRY(store_read_begin(a->desk->store, a->rq->arena, &tx, why));
    apply_fill(a, APPLY_WHERE, problems, &page.frame, &page.head);
    TRY(add_agency(a, tx, &form, &page, why));
    add_case(a, &form);
    FORM_INTO(&form, page.fields);
    page.frame.is_step = true;
    page_reply(a->rq, apply_status(problems), "portal/apply_where", &page);
    return OK;
}

void apply_take_where(struct apply *a)
{
    if (request_has_form(a->rq, "agency")) a->app.agency = request_form(a->rq, "agency");
    if (request_has_form(a->rq, "case")) a->app.case_id = request_form(a->rq, "case");
}

/* ---- who applies, for whom ---- */

struct fields_page { /* of parties and of declarations */
    struct frame frame;
    struct apply_head head;
    struct str address;
    const char *intro; /* message */
    struct form_field *fields;
    size_t fields_count;
};

const struct field apply_fields_fields[] = {
    FRAME_FIELDS(struct fields_page),        FIELD_STRUCT(struct fields_page, head, apply_head_fields),
    FIELD_STR(struct fields_page, address),  FIELD_MESSAGE(struct fields_page, intro),
    FORM_FIELDS(struct fields_page, fields), FIELD_END,
};

/* One applicant's fields. What was filled in says from where, as long as it is the same. */
struct party_fields {
    struct apply *a;
    struct form *form;
    size_t n;
};

static const char *field_name(const struct party_fields *p, const char *member)
{
    return str_format(p->a->rq->arena, "parties/%zu/%s", p->n, member).at;
}

/* Where a source that is wrong is put right. Names and numbers of citizens are the population database's (Decree
 * 137/2015 art. 14 and the Law on Identification 26/2023/QH15: the commune's police correct them). */
static const char *mend_of(struct str source, const char *member)
{
    bool is_identity = strcmp(member, "name") == 0 || strcmp(member, "identities/0/value") == 0;
    if (is_identity)
        return N_("You said that this was filled in wrongly. Who you are is corrected by the police of your commune.");
    if (str_eq(source, STR("account")))
        return N_("You said that this was filled in wrongly. Correct it for next time at “My account”.");
    return N_(
        "You said that this was filled in wrongly. The earlier dossier stays as it is; the office reads your word.");
}

static struct form_field *add_known(const struct party_fields *p, const char *member, const char *label,
                                    struct str stored)
{
    struct arena *a = p->a->rq->arena;
    struct application *app = &p->a->app;
    struct form_field *field = form_text(p->form, field_name(p, member), label, NULL, stored);
    struct str place = str_from(field_name(p, member));
    struct str source = application_source(app->known, app->known_count, place);
    struct str doubted = application_source(app->doubts, app->doubt_count, place);
    if (source.len > 0) {
        field->source = doubt_source_for_people(a, p->a->rq->language, source);
        field->wrong = str_format(a, "wrong/%.*s", STR_ARG(place));
        field->is_wrong = request_has_form(p->a->rq, str_cstr(a, field->wrong));
    }
    if (doubted.len > 0) field->mend = form_say(p->form, mend_of(doubted, member));
    return field;
}

static void add_kind(const struct party_fields *p, const struct applicant *applicant)
{
    struct form_field *field = form_select(p->form, field_name(p, "kind"), N_("Kind"), NULL, applicant->kind);
    for (size_t i = 0; party_kinds[i] != NULL; i++)
        form_choice(p->form, field, str_from(party_kinds[i]),
                    form_say(p->form, party_kind_label(str_from(party_kinds[i]))));
}

static void add_identity(const struct party_fields *p, const struct applicant *applicant)
{
    struct form_field *field =
        form_select(p->form, field_name(p, "identities/0/type"), N_("Type of number"), NULL, applicant->identity_type);
    for (enum identity_type t = 0; t < IDENTITY_TYPE_COUNT; t++)
        form_choice(p->form, field, str_from(identity_type_code(t)), form_say(p->form, identity_type_label(t)));
    field = add_known(p, "identities/0/value", N_("Number"), applicant->identity);
    field->hint = form_say(p->form, N_("As printed on the card or certificate."));
    field->is_optional = true;
    field->width = STR("20");
}

static void add_party(struct apply *a, struct form *form, size_t n)
{
    const struct applicant *applicant = &a->app.applicants[n];
    struct party_fields p = {a, form, n};
    bool is_me = n + 1 == a->app.applicant_count;
    add_kind(&p, applicant);
    add_known(&p, "name", N_("Full name"), applicant->name)->autocomplete = is_me ? STR("name") : STR("off");
    add_identity(&p, applicant);
    struct form_field *phone = add_known(&p, "phone", N_("Telephone"), applicant->phone);
    phone->type = STR("tel");
    phone->autocomplete = is_me ? STR("tel") : STR("off");
    phone->width = STR("20");
    phone->is_optional = true;
    struct form_field *email = add_known(&p, "email", N_("E-mail"), applicant->email);
    email->type = STR("email");
    email->autocomplete = is_me ? STR("email") : STR("off");
    email->is_optional = true;
    if (!str_eq(a->app.channel, STR("online")))
        (void)form_tick(form, field_name(&p, "by_email"), N_("The person agrees to letters at this e-mail address"),
                        applicant->by_email);
    struct form_field *address = add_known(&p, "address", N_("Address"), applicant->address);
    address->autocomplete = is_me ? STR("address-line1") : STR("off");
    address->is_optional = true;
}

enum outcome apply_show_parties(struct apply *a, const struct fail *problems, struct fail *why)
{
    struct form form = {.rq = a->rq, .why = problems, .shows_stored = a->is_elsewhere};
    (void)why; /* nothing here can fail */
    bool is_for_other = a->app.applicant_count > 1;
    struct fields_page page = {
        .address = apply_address(a, APPLY_PARTIES),
        .intro = apply_is_of_office(a) ? N_("Name the person or body that the decision concerns.")
                 : is_for_other        ? N_("Name the owner of the matter, then who acts for them.")
                                       : N_("The owner of the matter is the person or body that the result is for."),
    };
    apply_fill(a, APPLY_PARTIES, problems, &page.frame, &page.head);
    for (size_t n = 0; n < a->app.applicant_count; n++) {
        if (is_for_other) form_heading(&form, n == 0 ? N_("The owner of the matter") : N_("Who acts for the owner"));
        add_party(a, &form, n);
    }
    FORM_INTO(&form, page.fields);
    page.frame.is_step = true;
    page_reply(a->rq, apply_status(problems), "portal/apply_fields", &page);
    return OK;
}

static struct str typed(const struct party_fields *p, const char *member)
{
    return text_one_line(p->a->rq->arena, request_form(p->a->rq, field_name(p, member)));
}

/* A value that was filled in and is changed is no longer from there; one that is said to be wrong is noted. */
static void take_known(struct party_fields *p, const char *member, struct str *value)
{
    struct application *app = &p->a->app;
    struct str place = str_from(field_name(p, member)), now = typed(p, member);
    struct str source = application_source(app->known, app->known_count, place);
    bool is_wrong = request_has_form(p->a->rq, str_format(p->a->rq->arena, "wrong/%.*s", STR_ARG(place)).at);
    if (source.len > 0 && is_wrong) {
        application_note(app->doubts, &app->doubt_count, place, source);
        if (str_eq(now, *value)) now = STR(""); /* it is wrong, so it is not sent */
    }
    if (!str_eq(now, *value)) application_note(app->known, &app->known_count, place, STR(""));
    *value = now;
}

static void take_party(struct apply *a, size_t n)
{
    struct party_fields p = {.a = a, .n = n};
    struct applicant *applicant = &a->app.applicants[n];
    applicant->kind = typed(&p, "kind");
    take_known(&p, "name", &applicant->name);
    take_known(&p, "phone", &applicant->phone);
    take_known(&p, "email", &applicant->email);
    applicant->by_email = request_has_form(a->rq, field_name(&p, "by_email"));
    take_known(&p, "address", &applicant->address);
    applicant->identity_type = typed(&p, "identities/0/type");
    take_known(&p, "identities/0/value", &applicant->identity);
}

void apply_take_parties(struct apply *a)
{
    for (size_t n = 0; n < a->app.applicant_count; n++)
        if (request_has_form(a->rq, str_format(a->rq->arena, "parties/%zu/name", n).at)) take_party(a, n);
}

/* ---- on whose behalf ---- */

static const struct {
    const char *code, *label, *hint; /* messages */
} behalves[] = {
    {"self",       N_("Their own"),                                N_("Who applies is the owner of the matter.")             },
    {"parent",     N_("A child of theirs who is not yet 18"),      N_("As father or mother.")                                },
    {"guardian",   N_("Somebody whose guardian they are"),         N_("A child without parents, or an adult who cannot act.")},
    {"authorised", N_("Somebody who gave them written authority"),
     N_("The paper of authority comes with the dossier.")                                                                    },
    {"legal",      N_("An enterprise, organisation or agency"),    N_("As its legal representative.")                        },
};

/* Who let the applicant act for them in this field, and still does (Civil Code 91/2015/QH13, art. 140 and 141). */
static size_t givers_of(struct apply *a, struct tx *tx, struct mandate **out)
{
    struct fail ignored;
    size_t count = 0;
    fail_init(&ignored, a->rq->arena);
    if (a->rq->visitor.agency != 0 || a->procedure->process == PROCESS_DENUNCIATION) return 0;
    return mandates_in_force(tx, a->rq->visitor.account, a->procedure->field, out, &count, &ignored) == OK ? count : 0;
}

static void add_givers(struct apply *a, struct form *form, struct form_field *field)
{
    AUTO_READ struct tx *tx = NULL;
    struct mandate *givers;
    struct fail ignored;
    fail_init(&ignored, a->rq->arena);
    if (store_read_begin(a->desk->store, a->rq->arena, &tx, &ignored) != OK) return;
    size_t count = givers_of(a, tx, &givers);
    for (size_t i = 0; i < count; i++) {
        struct str until = day_for_people(a->rq->arena, givers[i].valid_to);
        struct choice *c =
            form_choice(form, field, str_format(a->rq->arena, "mandate-%" PRId64, givers[i].id), givers[i].giver_name);
        c->hint =
            fail_fill(a->rq->arena, form_say(form, N_("Let you act for them until {0}. Their data is filled in.")),
                      (const struct str[FAIL_ARGS]){until});
    }
}

static enum outcome fill_giver(struct apply *a, struct tx *tx, int64_t mandate, int64_t giver, struct fail *why)
{
    struct account account;
    struct identity *identities;
    size_t count;
    struct applicant *owner = &a->app.applicants[0];
    TRY(account_load(tx, giver, &account, why));
    TRY(identity_reveal(tx, a->desk->keys, giver, &identities, &count, why));
    application_set_behalf(&a->app, STR("self"));
    application_set_behalf(&a->app, STR("authorised"));
    a->app.mandate = str_format(a->rq->arena, "%" PRId64, mandate);
    owner->kind = account.kind;
    owner->name = account.name;
    owner->phone = account.phone;
    owner->email = account.email;
    owner->address = account.address;
    owner->identity_type = count > 0 ? str_from(identity_type_code(identities[0].type)) : STR("");
    owner->identity = count > 0 ? identities[0].value : STR("");
    return OK;
}

/* "mandate-6912": the giver becomes the owner of the matter. */
static bool take_giver(struct apply *a, struct str behalf)
{
    AUTO_READ struct tx *tx = NULL;
    struct mandate *givers;
    struct fail ignored;
    int64_t id;
    fail_init(&ignored, a->rq->arena);
    if (!str_starts(behalf, STR("mandate-")) || !id_parse(str_part(behalf, 8, behalf.len), &id)) return false;
    if (store_read_begin(a->desk->store, a->rq->arena, &tx, &ignored) != OK) return false;
    size_t count = givers_of(a, tx, &givers);
    if (str_eq(a->app.mandate, str_part(behalf, 8, behalf.len))) return true; /* what was mended since stays */
    for (size_t i = 0; i < count; i++)
        if (givers[i].id == id) return fill_giver(a, tx, id, givers[i].giver, &ignored) == OK;
    return false;
}

enum outcome apply_show_behalf(struct apply *a, const struct fail *problems, struct fail *why)
{
    struct form form = {.rq = a->rq, .why = problems, .shows_stored = a->is_elsewhere};
    struct fields_page page = {.address = apply_address(a, APPLY_BEHALF)};
    (void)why; /* nothing here can fail */
    apply_fill(a, APPLY_BEHALF, problems, &page.frame, &page.head);
    struct str chosen = a->app.behalf;
    if (a->app.mandate.len > 0) chosen = str_format(a->rq->arena, "mandate-%.*s", STR_ARG(a->app.mandate));
    struct form_field *field = form_radios(&form, "behalf", N_("Whose matter does the applicant bring?"), NULL, chosen);
    for (size_t i = 0; i < LENGTH(behalves); i++)
        form_choice(&form, field, str_from(behalves[i].code), form_say(&form, behalves[i].label))->hint =
            form_say(&form, behalves[i].hint);
    add_givers(a, &form, field);
    FORM_INTO(&form, page.fields);
    page.frame.is_step = true;
    page_reply(a->rq, apply_status(problems), "portal/apply_fields", &page);
    return OK;
}

/* Who types moved to the other place, and took along what is known of them. */
static void move_places(struct apply *a, struct pair *list, size_t count, char to)
{
    for (size_t i = 0; i < count; i++) {
        struct str rest = str_part(list[i].name, 9, list[i].name.len);
        list[i].name = str_format(a->rq->arena, "parties/%c%.*s", to, STR_ARG(rest));
    }
}

static void set_behalf(struct apply *a, struct str behalf)
{
    size_t before = a->app.applicant_count;
    struct str owner = a->app.applicants[0].name;
    application_set_behalf(&a->app, behalf);
    bool goes = before == 1 && a->app.applicant_count == 2 && !str_eq(a->app.applicants[0].name, owner);
    bool comes = before == 2 && a->app.applicant_count == 1 && !str_eq(a->app.applicants[0].name, owner);
    if (!goes && !comes) return;
    move_places(a, a->app.known, a->app.known_count, goes ? '1' : '0');
    move_places(a, a->app.doubts, a->app.doubt_count, goes ? '1' : '0');
}

static bool is_offered(struct str behalf)
{
    for (size_t i = 0; i < LENGTH(behalves); i++)
        if (str_eq(behalf, str_from(behalves[i].code))) return true;
    return false;
}

void apply_take_behalf(struct apply *a)
{
    struct str behalf = request_form(a->rq, "behalf");
    if (take_giver(a, behalf)) return;
    if (!is_offered(behalf))
        fail_problem(&a->refused, STR("/behalf"), "required", N_("Choose one of these."));
    else if (!str_eq(behalf, a->app.behalf))
        set_behalf(a, behalf);
    else
        a->app.mandate = STR(""); /* by a paper instead */
}

/* ---- how the result is wanted, and what the envelope said ---- */

static bool is_by_post(const struct apply *a)
{
    return a->channel != NULL && a->channel->kind == CHANNEL_POSTAL;
}

enum outcome apply_show_return(struct apply *a, const struct fail *problems, struct fail *why)
{
    struct form form = {.rq = a->rq, .why = problems, .shows_stored = a->is_elsewhere};
    struct fields_page page = {.address = apply_address(a, APPLY_RETURN)};
    (void)why; /* nothing here can fail */
    apply_fill(a, APPLY_RETURN, problems, &page.frame, &page.head);
    struct form_field *field =
        form_radios(&form, "return/manner", N_("How is the result wanted?"), NULL, a->app.return_manner);
    field->is_optional = true;
    for (size_t i = 0; return_manners[i] != NULL; i++)
        form_choice(&form, field, str_from(return_manners[i]),
                    form_say(&form, return_manner_label(str_from(return_manners[i]))));
    field = form_text(&form, "return/address", N_("Address for the post"), N_("Only when the result is sent by post."),
                      a->app.return_address);
    field->is_optional = true;
    field->autocomplete = STR("address-line1");
    if (is_by_post(a)) {
        form_heading(&form, N_("The envelope"));
        form_text(&form, "post/sender", N_("Sender on the envelope"), NULL, a->app.sender)->is_optional = true;
        form_date(&form, "post/postmarked", N_("Postmark"), NULL, a->app.postmarked)->is_optional = true;
    }
    FORM_INTO(&form, page.fields);
    page.frame.is_step = true;
    page_reply(a->rq, apply_status(problems), "portal/apply_fields", &page);
    return OK;
}

static void take_line(struct apply *a, const char *name, struct str *out)
{
    if (request_has_form(a->rq, name)) *out = text_one_line(a->rq->arena, request_form(a->rq, name));
}

void apply_take_return(struct apply *a)
{
    take_line(a, "return/manner", &a->app.return_manner);
    take_line(a, "return/address", &a->app.return_address);
    if (!is_by_post(a)) return;
    take_line(a, "post/sender", &a->app.sender);
    take_line(a, "post/postmarked", &a->app.postmarked);
    a->app.postmarked = day_typed(a->rq->arena, a->app.postmarked);
}

/* ---- what is declared ---- */

static struct str declared(const struct application *app, const char *name)
{
    for (size_t i = 0; i < app->form_count; i++)
        if (str_eq(app->form[i].name, str_from(name))) return app->form[i].value;
    return STR("");
}

static void add_declaration(struct apply *a, struct form *form, const struct declaration *d)
{
    const char *name = str_format(a->rq->arena, "form/%s", d->name).at;
    struct str stored = declared(&a->app, d->name);
    struct form_field *field = NULL;
    switch (d->kind) {
    case FORM_LINE: field = form_text(form, name, d->label, d->hint, stored); break;
    case FORM_LINES: field = form_area(form, name, d->label, d->hint, stored); break;
    case FORM_DATE: field = form_date(form, name, d->label, d->hint, stored); break;
    case FORM_CHOICE: field = form_radios(form, name, d->label, d->hint, stored); break;
    case FORM_NUMBER:
        field = form_text(form, name, d->label, d->hint, stored);
        field->width = STR("10");
        break;
    }
    field->is_optional = !d->is_required;
    for (size_t i = 0; i < d->choice_count; i++)
        form_choice(form, field, str_from(d->choices[i].value), form_say(form, d->choices[i].label));
}

enum outcome apply_show_form(struct apply *a, const struct fail *problems, struct fail *why)
{
    struct form form = {.rq = a->rq, .why = problems, .shows_stored = a->is_elsewhere};
    struct fields_page page = {.address = apply_address(a, APPLY_FORM)};
    (void)why; /* nothing here can fail */
    apply_fill(a, APPLY_FORM, problems, &page.frame, &page.head);
    for (size_t i = 0; i < a->form->field_count; i++) add_declaration(a, &form, &a->form->fields[i]);
    FORM_INTO(&form, page.fields);
    page.frame.is_step = true;
    page_reply(a->rq, apply_status(problems), "portal/apply_fields", &page);
    return OK;
}

void apply_take_form(struct apply *a)
{
    struct arena *arena = a->rq->arena;
    struct pair *form = ARENA_ARRAY(arena, struct pair, a->form->field_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < a->form->field_count; i++) {
        const struct declaration *d = &a->form->fields[i];
        const char *name = d->name, *sent = str_format(arena, "form/%s", name).at;
        struct str value = request_has_form(a->rq, sent) ? declaration_typed(arena, d, request_form(a->rq, sent))
                                                         : declared(&a->app, name);
        if (value.len > 0) form[count++] = (struct pair){str_from(name), value};
    }
    a->app.form = form;
    a->app.form_count = count;
    a->app.is_form_seen = true;
}
