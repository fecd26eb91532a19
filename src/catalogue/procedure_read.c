/*
 * Reads a record written by procedure_write.c, or by a person: the store's canonical text and procedure.json of a
 * procedure folder. Every problem is collected with its pointer before it returns. Words outside their vocabulary,
 * counts below zero, ids that repeat and members of the wrong type are refused; members that are not known here are
 * refused too, because a misspelt "componants" would otherwise lose a list.
 */
#include "catalogue/procedure.h"

#include <math.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/text.h"

/* Of every list; real records have at most 24 components. */
enum { ITEMS_MOST = 400 };

struct reader {
    struct arena *a;
    struct fail *why;
};

static struct str at_key(const struct reader *r, struct str parent, const char *key)
{
    return str_format(r->a, "%.*s/%s", STR_ARG(parent), key);
}

static struct str at_index(const struct reader *r, struct str parent, size_t i)
{
    return str_format(r->a, "%.*s/%zu", STR_ARG(parent), i);
}

static void wrong_type(const struct reader *r, struct str pointer, const char *sentence)
{
    fail_problem(r->why, pointer, "type", sentence);
}

/* ---- scalars ---- */

/* The text of a member; empty when absent or null. Text of people's files is normalised here, at the border. */
static struct str text_member(const struct reader *r, yyjson_val *o, struct str parent, const char *key)
{
    yyjson_val *v = yyjson_obj_get(o, key);
    if (v == NULL || yyjson_is_null(v)) return STR_NONE;
    if (!yyjson_is_str(v)) {
        wrong_type(r, at_key(r, parent, key), N_("This has to be a text."));
        return STR_NONE;
    }
    struct str s = json_text(v);
    return text_is_nfc(s) ? str_dup(r->a, s) : text_clean(r->a, s);
}

static struct str needed_text(const struct reader *r, yyjson_val *o, struct str parent, const char *key)
{
    struct str s = text_member(r, o, parent, key);
    if (s.len == 0) fail_problem(r->why, at_key(r, parent, key), "required", N_("\"{0}\" is missing."), str_from(key));
    return s;
}

static bool bool_member(const struct reader *r, yyjson_val *o, struct str parent, const char *key, bool otherwise)
{
    yyjson_val *v = yyjson_obj_get(o, key);
    if (v == NULL || yyjson_is_null(v)) return otherwise;
    if (!yyjson_is_bool(v)) wrong_type(r, at_key(r, parent, key), N_("This has to be true or false."));
    return yyjson_get_bool(v);
}

static int count_member(const struct reader *r, yyjson_val *o, struct str parent, const char *key)
{
    yyjson_val *v = yyjson_obj_get(o, key);
    if (v == NULL || yyjson_is_null(v)) return COUNT_UNKNOWN;
    if (!yyjson_is_uint(v) || yyjson_get_uint(v) > 1000) {
        wrong_type(r, at_key(r, parent, key), N_("This has to be a number from 0 to 1000, or null when unknown."));
        return COUNT_UNKNOWN;
    }
    return (int)yyjson_get_uint(v);
}

/* The row of a vocabulary; `otherwise` when the member is absent (-1: it has to be there). */
static int word_of(const struct reader *r, struct str word, struct str pointer, const struct vocabulary_word *words,
                   size_t count)
{
    int found = vocabulary_find(words, count, word);
    if (found >= 0) return found;
    fail_problem(r->why, pointer, "unknown", N_("\"{0}\" is not one of the words that may stand here."), word);
    return 0;
}

static int word_member(const struct reader *r, yyjson_val *o, struct str parent, const char *key,
                       const struct vocabulary_word *words, size_t count, int otherwise)
{
    struct str word = text_member(r, o, parent, key);
    if (word.len == 0 && otherwise >= 0) return otherwise;
    return word_of(r, word, at_key(r, parent, key), words, count);
}

static void refuse_unknown(const struct reader *r, yyjson_val *o, struct str parent, const char *const *known)
{
    size_t i, count;
    yyjson_val *k, *v;
    yyjson_obj_foreach(o, i, count, k, v)
    {
        bool is_known = false;
        for (const char *const *each = known; *each != NULL && !is_known; each++)
            is_known = str_eq(json_text(k), str_from(*each));
        if (is_known) continue;
        struct str key = json_text(k);
        fail_problem(r->why, str_format(r->a, "%.*s/%.*s", STR_ARG(parent), STR_ARG(key)), "unknown",
                     N_("\"{0}\" is not a member of a procedure record."), key);
    }
}

/* ---- lists ---- */

/* The list of a member; NULL when absent. Its length is in *out_count. */
static yyjson_val *list_member(const struct reader *r, yyjson_val *o, struct str parent, const char *key,
                               size_t *out_count)
{
    yyjson_val *v = yyjson_obj_get(o, key);
    *out_count = 0;
    if (v == NULL || yyjson_is_null(v)) return NULL;
    if (!yyjson_is_arr(v)) {
        wrong_type(r, at_key(r, parent, key), N_("This has to be a list."));
        return NULL;
    }
    if (yyjson_arr_size(v) > ITEMS_MOST) {
        fail_problem(r->why, at_key(r, parent, key), "too-many", N_("A list has at most {0} items."),
                     str_format(r->a, "%d", ITEMS_MOST));
        return NULL;
    }
    *out_count = yyjson_arr_size(v);
    return v;
}

/* An object in a list, or NULL with a problem noted. */
static bool is_object(const struct reader *r, yyjson_val *v, struct str pointer)
{
    if (yyjson_is_obj(v)) return true;
    wrong_type(r, pointer, N_("This has to be an object."));
    return false;
}

static struct str *texts_member(const struct reader *r, yyjson_val *o, struct str parent, const char *key,
                                size_t *out_count)
{
    yyjson_val *list = list_member(r, o, parent, key, out_count), *v;
    struct str *texts = ARENA_ARRAY(r->a, struct str, *out_count);
    size_t i, count;
    yyjson_arr_foreach(list, i, count, v)
    {
        if (!yyjson_is_str(v)) wrong_type(r, at_index(r, at_key(r, parent, key), i), N_("This has to be a text."));
        texts[i] = text_clean(r->a, json_text(v));
    }
    return texts;
}

/* ---- parts ---- */

static const char *const agency_keys[] = {
    "name", "unit", "parent", "person_title", "outside_ministry", "former_district", NULL};
static const char *const agencies_keys[] = {
    "performing", "competent", "coordinating", "performing_text", "competent_text", "coordinating_text", NULL};

static void read_agencies(const struct reader *r, yyjson_val *o, const char *key, const char *text_key,
                          struct agency_list *out)
{
    struct str parent = STR("#/agencies"), list_at = at_key(r, parent, key);
    size_t i, count;
    yyjson_val *list = list_member(r, o, parent, key, &out->count), *v;
    out->text = text_member(r, o, parent, text_key);
    out->at = ARENA_ARRAY(r->a, struct agency_name, out->count);
    yyjson_arr_foreach(list, i, count, v)
    {
        struct str here = at_index(r, list_at, i);
        struct agency_name *n = &out->at[i];
        if (!is_object(r, v, here)) continue;
        refuse_unknown(r, v, here, agency_keys);
        n->text = needed_text(r, v, here, "name");
        n->unit = text_member(r, v, here, "unit");
        if (n->unit.len == 0) n->unit = n->text;
        n->parent = text_member(r, v, here, "parent");
        n->is_person_title = bool_member(r, v, here, "person_title", false);
        n->is_outside_ministry = bool_member(r, v, here, "outside_ministry", false);
        n->is_former_district = bool_member(r, v, here, "former_district", false);
    }
}

static const char *const term_keys[] = {"minutes", "days", "working_days", "months", "text", "continuous", NULL};

/* Exactly one of the units, as a number with at most two decimals after conversion. */
static void read_term(const struct reader *r, yyjson_val *v, struct str here, struct procedure_case *c)
{
    static const enum term_unit units[] = {TERM_HOURS, TERM_DAYS, TERM_WORKING_DAYS, TERM_MONTHS};
    if (v == NULL || yyjson_is_null(v)) return;
    if (!is_object(r, v, here)) return;
    refuse_unknown(r, v, here, term_keys);
    int found = 0;
    for (size_t i = 0; i < LENGTH(units); i++) {
        yyjson_val *n = yyjson_obj_get(v, term_keys[i]);
        if (n == NULL) continue;
        found++;
        double hundredths = yyjson_get_num(n) * 100.0 / (units[i] == TERM_HOURS ? 60.0 : 1.0);
        bool is_number = yyjson_is_num(n) && hundredths >= 0 && hundredths <= TERM_HUNDREDTHS_MOST;
        c->term = (struct term){.unit = units[i], .hundredths = is_number ? (int64_t)llround(hundredths) : -1};
    }
    c->term.is_continuous = c->term.unit == TERM_HOURS && bool_member(r, v, here, "continuous", false);
    c->term_kind = TERM_FIXED;
    if (found != 1 || !term_is_valid(c->term))
        fail_problem(r->why, here, "format",
                     N_("A term is one number of minutes, days, working days or months that the calendar can count."));
}

static const char *const fee_keys[] = {"kind", "amount", "currency", "condition", "text", "file", NULL};

static void read_fee(const struct reader *r, yyjson_val *v, struct str here, struct fee *f)
{
    if (!is_object(r, v, here)) return;
    refuse_unknown(r, v, here, fee_keys);
    f->kind = (enum fee_kind)word_member(r, v, here, "kind", fee_kind_words, FEE_KIND_COUNT, -1);
    f->currency = (enum currency)word_member(r, v, here, "currency", currency_words, CURRENCY_COUNT, CURRENCY_VND);
    yyjson_val *amount = yyjson_obj_get(v, "amount");
    if (amount != NULL && !yyjson_is_null(amount)) {
        f->is_known = yyjson_is_uint(amount) && yyjson_get_uint(amount) <= (uint64_t)FEE_AMOUNT_MOST;
        f->amount = f->is_known ? (int64_t)yyjson_get_uint(amount) : 0;
        if (!f->is_known)
            wrong_type(r, at_key(r, here, "amount"),
                       N_("An amount is a whole number of the currency's smallest unit, or null when unknown."));
    }
    f->condition = text_member(r, v, here, "condition");
    f->text = text_member(r, v, here, "text");
    f->file = text_member(r, v, here, "file");
}

static const char *const case_keys[] = {"id", "label", "term", "term_kind", "term_text", "fees_stated", "fees", NULL};

static void read_case(const struct reader *r, yyjson_val *v, struct str here, struct procedure_case *c)
{
    if (!is_object(r, v, here)) return;
    refuse_unknown(r, v, here, case_keys);
    c->id = needed_text(r, v, here, "id");
    c->label = text_member(r, v, here, "label");
    read_term(r, yyjson_obj_get(v, "term"), at_key(r, here, "term"), c);
    int kind = word_member(r, v, here, "term_kind", term_kind_words, TERM_KIND_COUNT, (int)c->term_kind);
    if ((kind == TERM_FIXED) != (c->term.unit != TERM_NONE))
        fail_problem(r->why, at_key(r, here, "term_kind"), "format", N_("The kind of the term contradicts the term."));
    c->term_kind = (enum term_kind)kind;
    c->term_text = text_member(r, v, here, "term_text");
    struct str fees_at = at_key(r, here, "fees");
    size_t i, count;
    yyjson_val *list = list_member(r, v, here, "fees", &c->fee_count), *fee;
    c->fees = ARENA_ARRAY(r->a, struct fee, c->fee_count);
    yyjson_arr_foreach(list, i, count, fee) read_fee(r, fee, at_index(r, fees_at, i), &c->fees[i]);
    c->is_fee_stated = bool_member(r, v, here, "fees_stated", c->fee_count > 0);
}

static const char *const channel_keys[] = {"channel", "cases", NULL};

static void read_channel(const struct reader *r, yyjson_val *v, struct str here, struct procedure *p)
{
    if (!is_object(r, v, here)) return;
    refuse_unknown(r, v, here, channel_keys);
    enum channel_kind kind =
        (enum channel_kind)word_member(r, v, here, "channel", channel_words, CHANNEL_KIND_COUNT, -1);
    if (procedure_channel(p, kind) != NULL || p->channel_count == CHANNEL_KIND_COUNT) {
        fail_problem(r->why, here, "duplicate", N_("The channel \"{0}\" stands here twice."),
                     str_from(channel_words[kind].code));
        return;
    }
    struct channel *c = &p->channels[p->channel_count++];
    c->kind = kind;
    struct str cases_at = at_key(r, here, "cases");
    size_t i, count;
    yyjson_val *list = list_member(r, v, here, "cases", &c->case_count), *each;
    c->cases = ARENA_ARRAY(r->a, struct procedure_case, c->case_count);
    yyjson_arr_foreach(list, i, count, each)
    {
        read_case(r, each, at_index(r, cases_at, i), &c->cases[i]);
        if (channel_case(&(struct channel){.cases = c->cases, .case_count = i}, c->cases[i].id) != NULL)
            fail_problem(r->why, at_index(r, cases_at, i), "duplicate", N_("The id \"{0}\" stands here twice."),
                         c->cases[i].id);
    }
    if (c->case_count == 0) fail_problem(r->why, cases_at, "required", N_("A channel has at least one case."));
}

static const char *const component_keys[] = {"id",         "label",    "detail", "originals", "copies", "form_file",
                                             "form_files", "required", "group",  "heading",   NULL};

static void read_component(const struct reader *r, yyjson_val *v, struct str here, struct procedure *p)
{
    if (!is_object(r, v, here)) return;
    refuse_unknown(r, v, here, component_keys);
    struct component c = {.id = needed_text(r, v, here, "id"), .label = needed_text(r, v, here, "label")};
    if (text_length(c.label) > COMPONENT_LABEL_MOST)
        fail_problem(r->why, at_key(r, here, "label"), "too-long",
                     N_("A label has at most 200 characters; the rest belongs into \"detail\"."));
    c.detail = text_member(r, v, here, "detail");
    c.originals = count_member(r, v, here, "originals");
    c.copies = count_member(r, v, here, "copies");
    c.form_files = texts_member(r, v, here, "form_files", &c.form_file_count);
    c.required =
        (enum required_kind)word_member(r, v, here, "required", required_words, REQUIRED_KIND_COUNT, REQUIRED_ALWAYS);
    c.group = text_member(r, v, here, "group");
    c.is_heading = bool_member(r, v, here, "heading", false);
    if (procedure_component(p, c.id) != NULL)
        fail_problem(r->why, at_key(r, here, "id"), "duplicate", N_("The id \"{0}\" stands here twice."), c.id);
    p->components[p->component_count++] = c;
}

static const char *const law_keys[] = {"symbol", "type", "title", "raw", NULL};

static void read_law(const struct reader *r, yyjson_val *v, struct str here, struct law_reference *out)
{
    if (!is_object(r, v, here)) return;
    refuse_unknown(r, v, here, law_keys);
    *out = (struct law_reference){.symbol = text_member(r, v, here, "symbol"),
                                  .type = text_member(r, v, here, "type"),
                                  .title = text_member(r, v, here, "title"),
                                  .raw = text_member(r, v, here, "raw")};
}

static const char *const decision_keys[] = {"number", "date", "text", NULL};

static void read_decision(const struct reader *r, yyjson_val *root, struct procedure *p)
{
    yyjson_val *v = yyjson_obj_get(root, "decision");
    struct str here = STR("#/decision");
    if (v == NULL || yyjson_is_null(v) || !is_object(r, v, here)) return;
    refuse_unknown(r, v, here, decision_keys);
    p->decision_number = text_member(r, v, here, "number");
    p->decision_date = text_member(r, v, here, "date");
    p->decision_text = text_member(r, v, here, "text");
    struct fail ignored;
    fail_init(&ignored, r->a);
    day_t day;
    if (p->decision_date.len > 0 && day_parse(p->decision_date, &day, &ignored) != OK)
        fail_problem(r->why, STR("#/decision/date"), "format", N_("A date is written 2026-11-22."));
}

/* Levels and audience: words of a vocabulary, each at most once. */
static size_t read_words(const struct reader *r, yyjson_val *root, const char *key, const struct vocabulary_word *words,
                         size_t word_count, int *out)
{
    size_t i, count, given, taken = 0;
    struct str here = at_key(r, STR("#"), key);
    yyjson_val *list = list_member(r, root, STR("#"), key, &given), *v;
    unsigned seen = 0;
    yyjson_arr_foreach(list, i, count, v)
    {
        int word = word_of(r, json_text(v), at_index(r, here, i), words, word_count);
        if (seen & 1u << word) continue;
        seen |= 1u << word;
        out[taken++] = word;
    }
    return taken;
}

static void read_head(const struct reader *r, yyjson_val *root, struct procedure *p)
{
    struct str here = STR("#");
    int words[32];
    p->code = needed_text(r, root, here, "code");
    if (p->code.len > 0 && !procedure_code_is_valid(p->code))
        fail_problem(r->why, STR("#/code"), "format", N_("{0} is not a procedure code such as 1.001193."), p->code);
    p->name = needed_text(r, root, here, "name");
    p->kind = (enum procedure_kind)word_member(r, root, here, "kind", procedure_kind_words, PROCEDURE_KIND_COUNT,
                                               KIND_ADMINISTRATIVE);
    p->kind_text = text_member(r, root, here, "kind_text");
    p->initiator =
        (enum initiator)word_member(r, root, here, "initiator", initiator_words, INITIATOR_COUNT, INITIATOR_APPLICANT);
    p->process = (enum procedure_process)word_member(r, root, here, "process", process_words, PROCEDURE_PROCESS_COUNT,
                                                     PROCESS_APPLICATION);
    p->field = text_member(r, root, here, "field");
    p->level_count = read_words(r, root, "levels", level_words, PROCEDURE_LEVEL_COUNT, words);
    for (size_t i = 0; i < p->level_count; i++) p->levels[i] = (enum procedure_level)words[i];
    p->level_text = text_member(r, root, here, "level_text");
    read_decision(r, root, p);
    enum publication state = p->decision_number.len == 0 ? DECISION_UNKNOWN
                             : p->decision_date.len == 0 ? PUBLISHED_DATE_UNKNOWN
                                                         : PUBLISHED;
    p->state = (enum publication)word_member(r, root, here, "state", publication_words, PUBLICATION_COUNT, (int)state);
    p->audience_count = read_words(r, root, "audience", audience_words, AUDIENCE_COUNT, words);
    for (size_t i = 0; i < p->audience_count; i++) p->audience[i] = (enum audience)words[i];
    p->audience_text = text_member(r, root, here, "audience_text");
    p->reception_address = text_member(r, root, here, "reception_address");
    p->conditions = text_member(r, root, here, "conditions");
    p->steps = text_member(r, root, here, "steps");
    p->manner = text_member(r, root, here, "manner");
    p->source = text_member(r, root, here, "source");
    p->results = texts_member(r, root, here, "results", &p->result_count);
}

static void read_lists(const struct reader *r, yyjson_val *root, struct procedure *p)
{
    struct str here = STR("#");
    size_t i, count, given;
    yyjson_val *v, *agencies = yyjson_obj_get(root, "agencies"), *list = list_member(r, root, here, "channels", &given);
    if (agencies != NULL && is_object(r, agencies, STR("#/agencies"))) {
        refuse_unknown(r, agencies, STR("#/agencies"), agencies_keys);
        read_agencies(r, agencies, "performing", "performing_text", &p->performing);
        read_agencies(r, agencies, "competent", "competent_text", &p->competent);
        read_agencies(r, agencies, "coordinating", "coordinating_text", &p->coordinating);
    }
    yyjson_arr_foreach(list, i, count, v) read_channel(r, v, at_index(r, STR("#/channels"), i), p);
    list = list_member(r, root, here, "components", &given);
    p->components = ARENA_ARRAY(r->a, struct component, given);
    yyjson_arr_foreach(list, i, count, v) read_component(r, v, at_index(r, STR("#/components"), i), p);
    list = list_member(r, root, here, "law", &p->law_count);
    p->laws = ARENA_ARRAY(r->a, struct law_reference, p->law_count);
    yyjson_arr_foreach(list, i, count, v) read_law(r, v, at_index(r, STR("#/law"), i), &p->laws[i]);
}

static const char *const root_keys[] = {"code",     "name",       "kind",          "kind_text",  "initiator",
                                        "process",  "field",      "levels",        "level_text", "state",
                                        "decision", "audience",   "audience_text", "agencies",   "reception_address",
                                        "channels", "components", "results",       "law",        "conditions",
                                        "steps",    "manner",     "source",        NULL};

enum outcome procedure_read_value(struct arena *a, yyjson_val *root, struct procedure **out, struct fail *why)
{
    struct reader r = {.a = a, .why = why};
    if (!yyjson_is_obj(root)) return fail(why, ERR_INVALID, N_("A procedure record is a JSON object."));
    struct procedure *p = ARENA_NEW(a, struct procedure);
    refuse_unknown(&r, root, STR("#"), root_keys);
    read_head(&r, root, p);
    read_lists(&r, root, p);
    TRY(fail_if_problems(why));
    *out = p;
    return OK;
}

enum outcome procedure_read(struct arena *a, struct str text, struct procedure **out, struct fail *why)
{
    yyjson_val *root;
    TRY(json_read(a, text, &root, why));
    return procedure_read_value(a, root, out, why);
}
