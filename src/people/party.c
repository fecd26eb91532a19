#include "people/party.h"

#include "base/text.h"

const char *const party_roles[] = {"owner", "submitter", "representative", NULL};
const char *const party_kinds[] = {"citizen", "foreigner", "business", "cooperative", "organisation", "agency", NULL};

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
    return digits >= 8 && digits <= 15;
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

static void read_party(const struct place *p, yyjson_val *item, struct party *out)
{
    out->role = read_word(p, item, "role", party_roles);
    out->kind = read_word(p, item, "kind", party_kinds);
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
    read_identities(p, item, out);
}

static bool has_owner(const struct party *parties, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(parties[i].role, STR("owner"))) return true;
    return false;
}

struct party *parties_read(struct arena *a, yyjson_val *list, struct str pointer, size_t *out_count, struct fail *why)
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
    if (*out_count > 0 && !has_owner(parties, *out_count))
        fail_problem(why, pointer, "required", N_("One of the parties must be the owner of the matter."));
    return parties;
}
