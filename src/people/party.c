#include "people/party.h"

#include "base/fail.h"
#include "base/text.h"

const char *const party_roles[] = {"owner", "submitter", "representative", NULL};
const char *const party_kinds[] = {"citizen", "foreigner", "business", "cooperative", "organisation", "agency", NULL};
const char *const party_bases[] = {"parent", "guardian", "authorised", "legal", NULL};

/* ---- words ---- */

struct word {
    const char *code, *label;
};
static const struct word role_words[] = {
    {"owner",          N_("Owner of the matter")},
    {"submitter",      N_("Submitted by")       },
    {"representative", N_("Represented by")     },
};
static const struct word kind_words[] = {
    {"citizen",      N_("Vietnamese citizen")},
    {"foreigner",    N_("Foreigner")         },
    {"business",     N_("Enterprise")        },
    {"cooperative",  N_("Cooperative")       },
    {"organisation", N_("Organisation")      },
    {"agency",       N_("Agency")            },
};
static const struct word basis_words[] = {
    {"parent",     N_("Father or mother")     },
    {"guardian",   N_("Guardian")             },
    {"authorised", N_("Authorised in writing")},
    {"legal",      N_("Legal representative") },
};

static const char *label_of(const struct word *words, size_t count, struct str code)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(code, str_from(words[i].code))) return words[i].label;
    return N_("Other");
}

const char *party_role_label(struct str role)
{
    return label_of(role_words, LENGTH(role_words), role);
}

const char *party_kind_label(struct str kind)
{
    return label_of(kind_words, LENGTH(kind_words), kind);
}

const char *party_basis_label(struct str basis)
{
    return label_of(basis_words, LENGTH(basis_words), basis);
}

bool party_kind_is_body(struct str kind)
{
    return kind.len > 0 && !str_eq(kind, STR("citizen")) && !str_eq(kind, STR("foreigner"));
}

bool parties_have_authority(const struct party *parties, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(parties[i].basis, STR("authorised"))) return true;
    return false;
}

bool phone_is_valid(struct str phone)
{
    size_t digits = 0;
    for (size_t i = 0; i < phone.len; i++) {
        char c = phone.at[i];
        if (c >= '0' && c <= '9')
            digits++;
        else if (!(c == '+' && i == 0) && c != ' ' && c != '.' && c != '-')
            return false;
    }
    return digits >= 8 && digits <= 15 && phone.len <= PHONE_BYTES_MOST;
}

bool email_is_valid(struct str email)
{
    struct str name, domain, host, rest;
    if (email.len > 254 || !str_cut(email, '@', &name, &domain) || name.len == 0 || name.len > 64) return false;
    if (str_has(domain, STR("@")) || str_has(domain, STR("..")) || !str_cut(domain, '.', &host, &rest)) return false;
    if (host.len == 0 || rest.len == 0 || domain.at[domain.len - 1] == '.') return false;
    for (size_t i = 0; i < email.len; i++)
        if ((unsigned char)email.at[i] <= ' ' || email.at[i] == '<' || email.at[i] == '>' || email.at[i] == '"' ||
            email.at[i] == ',')
            return false;
    return true;
}

/* ---- reading ---- */

struct place {
    struct arena *arena;
    struct str pointer;
    struct fail *why;
};

static struct str under(const struct place *p, const char *field)
{
    return str_format(p->arena, "%.*s/%s", STR_ARG(p->pointer), field);
}

/* Text of a field: NFC, one line, bounded. */
static struct str read_text(const struct place *p, yyjson_val *object, const char *field, size_t most)
{
    yyjson_val *v = json_get(object, field);
    if (v == NULL) return STR_NONE;
    if (!yyjson_is_str(v)) {
        fail_problem(p->why, under(p, field), "type", N_("This must be text."));
        return STR_NONE;
    }
    struct str text = text_one_line(p->arena, text_clean(p->arena, json_text(v)));
    if (text_length(text) > most)
        fail_problem(p->why, under(p, field), "too-long", N_("At most {0} characters."),
                     str_format(p->arena, "%zu", most));
    return text;
}

static bool is_word(const char *const *words, struct str text)
{
    for (; *words != NULL; words++)
        if (str_eq(text, str_from(*words))) return true;
    return false;
}

static struct str read_word(const struct place *p, yyjson_val *object, const char *field, const char *const *words)
{
    struct str text = read_text(p, object, field, PARTY_NAME_MOST);
    if (text.len == 0)
        fail_problem(p->why, under(p, field), "required", N_("This has to be filled in."));
    else if (!is_word(words, text))
        fail_problem(p->why, under(p, field), "unknown", N_("“{0}” is not one of the choices."), text);
    return text;
}

static bool read_identity(const struct place *p, yyjson_val *item, struct identity *out)
{
    struct str code = json_str(item, "type");
    struct str value = read_text(p, item, "value", 40);
    if (!identity_type_parse(code, &out->type)) {
        fail_problem(p->why, under(p, "type"), code.len == 0 ? "required" : "unknown",
                     N_("“{0}” is not a type of number that identifies people."), code);
        return false;
    }
    out->value = str_replace(p->arena, value, STR(" "), STR(""));
    struct fail number;
    fail_init(&number, p->arena);
    if (out->value.len == 0)
        fail_problem(p->why, under(p, "value"), "required", N_("This has to be filled in."));
    else if (identity_check(*out, &number) != OK)
        fail_problem_with(p->why, under(p, "value"), "format", number.sentence, number.args);
    else
        return true;
    return false;
}

static void read_identities(const struct place *p, yyjson_val *party, struct party *out)
{
    yyjson_val *list = json_get(party, "identities"), *item;
    size_t i, count;
    if (list == NULL) return;
    if (!yyjson_is_arr(list) || yyjson_arr_size(list) > IDENTITIES_MOST) {
        fail_problem(p->why, under(p, "identities"), "type", N_("The numbers are a list of at most {0}."),
                     str_format(p->arena, "%d", IDENTITIES_MOST));
        return;
    }
    yyjson_arr_foreach(list, i, count, item)
    {
        struct place place = {p->arena, str_format(p->arena, "%.*s/identities/%zu", STR_ARG(p->pointer), i), p->why};
        if (read_identity(&place, item, &out->identities[out->identity_count])) out->identity_count++;
    }
}

/* Only who acts for another says by what right. */
static struct str read_basis(const struct place *p, yyjson_val *item, struct str role)
{
    struct str basis = read_text(p, item, "basis", PARTY_NAME_MOST);
    if (basis.len == 0) return STR_NONE;
    if (!is_word(party_bases, basis))
        fail_problem(p->why, under(p, "basis"), "unknown", N_("“{0}” is not one of the choices."), basis);
    else if (!str_eq(role, STR("representative")))
        fail_problem(p->why, under(p, "basis"), "denied", N_("Only a representative acts for somebody else."));
    return basis;
}

static void read_party(const struct place *p, yyjson_val *item, struct party *out)
{
    out->role = read_word(p, item, "role", party_roles);
    out->kind = read_word(p, item, "kind", party_kinds);
    out->basis = read_basis(p, item, out->role);
    out->name = read_text(p, item, "name", PARTY_NAME_MOST);
    out->phone = read_text(p, item, "phone", 40);
    out->email = read_text(p, item, "email", 254);
    out->address = read_text(p, item, "address", PARTY_ADDRESS_MOST);
    if (out->name.len == 0) fail_problem(p->why, under(p, "name"), "required", N_("Write the full name."));
    if (out->phone.len > 0 && !phone_is_valid(out->phone))
        fail_problem(p->why, under(p, "phone"), "format",
                     N_("Write the telephone number with 8 to 15 digits, such as 0912 345 678."));
    if (out->email.len > 0 && !email_is_valid(out->email))
        fail_problem(p->why, under(p, "email"), "format", N_("Write the e-mail address like name@example.vn."));
    out->by_email = json_bool(item, "by_email", false);
    if (out->by_email && out->email.len == 0)
        fail_problem(p->why, under(p, "email"), "required", N_("Letters need an e-mail address."));
    read_identities(p, item, out);
}

static const struct party *find_owner(const struct party *parties, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(parties[i].role, STR("owner"))) return &parties[i];
    return NULL;
}

/* ---- does the right to act fit? ---- */

enum { AGE_OF_MAJORITY = 18 };

/* Under 18 by the year that the number carries; when the birthday of this year decides, nothing is said against it. */
static bool is_surely_adult(const struct party *owner, day_t today)
{
    for (size_t i = 0; i < owner->identity_count; i++) {
        int born = identity_birth_year(owner->identities[i]);
        if (born > 0 && day_to_civil(today).year - born > AGE_OF_MAJORITY) return true;
    }
    return false;
}

static bool is_same_person(const struct party *one, const struct party *other)
{
    for (size_t i = 0; i < one->identity_count; i++)
        for (size_t n = 0; n < other->identity_count; n++)
            if (one->identities[i].type == other->identities[n].type &&
                str_eq(one->identities[i].value, other->identities[n].value))
                return true;
    return one->identity_count == 0 && other->identity_count == 0 && one->name.len > 0 &&
           str_eq(one->name, other->name) && str_eq(one->phone, other->phone) && str_eq(one->email, other->email);
}

/* Civil Code 91/2015/QH13: art. 20 and 21 (who has not turned 18 acts through their lawful representative), 47 (the
 * guardian also of an adult who lost the capacity to act), 136 (parents, guardians), 137 (legal persons), 138
 * (authority, given by a legal person too). */
static void check_basis(const struct place *p, const struct party *agent, const struct party *owner, day_t today)
{
    bool is_family = str_eq(agent->basis, STR("parent")) || str_eq(agent->basis, STR("guardian"));
    if (party_kind_is_body(agent->kind) && (is_family || str_eq(agent->basis, STR("legal"))))
        fail_problem(p->why, under(p, "kind"), "not-a-person", N_("A person acts here: write who they are."));
    if (is_family && party_kind_is_body(owner->kind))
        fail_problem(p->why, under(p, "basis"), "not-a-person",
                     N_("A body has no parent and no guardian: its legal representative or somebody authorised acts "
                        "for it."));
    else if (str_eq(agent->basis, STR("parent")) && is_surely_adult(owner, today))
        fail_problem(
            p->why, under(p, "basis"), "adult",
            N_("By their number the owner has turned 18: a parent needs a written authority to act for them."));
    if (str_eq(agent->basis, STR("legal")) && owner->kind.len > 0 && !party_kind_is_body(owner->kind))
        fail_problem(p->why, under(p, "basis"), "not-a-body",
                     N_("Only an enterprise, a cooperative, an organisation or an agency has a legal representative."));
    if (is_same_person(agent, owner))
        fail_problem(p->why, under(p, "name"), "same",
                     N_("Owner and representative are the same person. Who acts for themselves needs no "
                        "representative."));
}

static void check_representatives(const struct place *top, const struct party *parties, size_t count, day_t today)
{
    const struct party *owner = find_owner(parties, count);
    for (size_t i = 0; owner != NULL && i < count; i++) {
        if (parties[i].basis.len == 0 || &parties[i] == owner) continue;
        struct place place = {top->arena, str_format(top->arena, "%.*s/%zu", STR_ARG(top->pointer), i), top->why};
        check_basis(&place, &parties[i], owner, today);
    }
}

struct party *parties_read(struct arena *a, yyjson_val *list, struct str pointer, day_t today, size_t *out_count,
                           struct fail *why)
{
    *out_count = 0;
    struct place top = {a, pointer, why};
    if (!yyjson_is_arr(list) || yyjson_arr_size(list) == 0 || yyjson_arr_size(list) > PARTIES_MOST) {
        fail_problem(why, pointer, "required", N_("Name the parties: a list of 1 to {0} with an owner."),
                     str_format(a, "%d", PARTIES_MOST));
        return NULL;
    }
    struct party *parties = ARENA_ARRAY(a, struct party, yyjson_arr_size(list));
    yyjson_val *item;
    size_t i, count;
    yyjson_arr_foreach(list, i, count, item)
    {
        struct place place = {a, str_format(a, "%.*s/%zu", STR_ARG(top.pointer), i), why};
        if (yyjson_is_obj(item))
            read_party(&place, item, &parties[(*out_count)++]);
        else
            fail_problem(why, place.pointer, "type", N_("A party is an object with role, kind and name."));
    }
    if (*out_count > 0 && find_owner(parties, *out_count) == NULL)
        fail_problem(why, pointer, "required", N_("One of the parties must be the owner of the matter."));
    check_representatives(&top, parties, *out_count, today);
    return parties;
}
