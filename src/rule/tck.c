#include "rule/tck.h"

#include <dirent.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "rule/dmn.h"
#include "rule/dmn_read.h"

enum { MODEL_ARENA = 512 * 1024 * 1024, RUN_ARENA = 256 * 1024 * 1024, FILES_MOST = 100000, TCK_DEPTH = 6 };

struct kit {
    struct arena *arena;
    struct str root;
    tck_heard *heard;
    void *context;
};

/* ---- files ---- */

struct names {
    struct str *at;
    size_t count, room;
};

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* The entries of a folder, in order. */
static struct names list_folder(struct arena *a, struct str folder)
{
    struct names names = {0};
    DIR *dir = opendir(str_cstr(a, folder));
    if (dir == NULL) return names;
    for (struct dirent *e = readdir(dir); e != NULL && names.count < FILES_MOST; e = readdir(dir))
        if (e->d_name[0] != '.') LIST_PUSH(a, names) = str_dup(a, str_from(e->d_name));
    closedir(dir);
    qsort(names.at, names.count, sizeof *names.at, by_name);
    return names;
}

static const xmlChar *const instance = (const xmlChar *)"http://www.w3.org/2001/XMLSchema-instance";

/* ---- values: <value xsi:type="xsd:decimal">, <component name>, <list><item> ---- */

static struct str schema_type(struct arena *a, xmlNode *n)
{
    xmlChar *text = xmlGetProp(n, (const xmlChar *)"type");
    if (text == NULL) text = xmlGetNsProp(n, (const xmlChar *)"type", instance);
    struct str s = text != NULL ? str_dup(a, str_from((const char *)text)) : STR("");
    xmlFree(text);
    ptrdiff_t colon = str_find(s, STR(":"), 0);
    return colon < 0 ? s : str_part(s, (size_t)colon + 1, s.len);
}

static bool is_nil(xmlNode *n)
{
    xmlChar *text = xmlGetNsProp(n, (const xmlChar *)"nil", instance);
    bool is = text != NULL && strcmp((const char *)text, "true") == 0;
    xmlFree(text);
    return is;
}

static struct feel_value temporal(struct arena *a, struct str type, struct str text)
{
    struct feel_date d;
    struct feel_time t;
    struct feel_moment m;
    int64_t months;
    nanos_t nanos;
    if (str_eq(type, STR("date")) && date_parse(text, &d)) return feel_date_value(d);
    if (str_eq(type, STR("time")) && time_parse(a, text, &t)) return feel_time_value(t);
    if (str_eq(type, STR("dateTime")) && moment_parse(a, text, &m)) return feel_moment_value(a, m);
    if (months_parse(text, &months)) return feel_months_value(months);
    if (nanos_parse(text, &nanos)) return feel_days_value(nanos);
    return feel_string(text);
}

static struct feel_value simple_value(struct arena *a, xmlNode *n)
{
    struct str type = schema_type(a, n), text = xml_text(a, n), trimmed = str_trim(text);
    decimal d;
    if (is_nil(n)) return feel_null();
    if (type.len == 0 || str_eq(type, STR("string"))) return feel_string(text);
    if (str_eq(type, STR("boolean"))) return feel_boolean(str_eq(trimmed, STR("true")) || str_eq(trimmed, STR("1")));
    if (decimal_parse(trimmed, &d)) return feel_number(d);
    return temporal(a, type, trimmed);
}

static struct feel_value read_value(struct arena *a, xmlNode *n);

static struct feel_value read_list(struct arena *a, xmlNode *n)
{
    LIST(struct feel_value) items = {0};
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c))
        if (xml_is(c, "item")) {
            struct feel_value v = read_value(a, c);
            LIST_PUSH(a, items) = v;
        }
    return feel_list(items.at, items.count);
}

/* What a node with value, list or components holds. */
static struct feel_value read_value(struct arena *a, xmlNode *n)
{
    LIST(struct feel_entry) entries = {0};
    bool is_context = false;
    if (is_nil(n)) return feel_null();
    for (xmlNode *c = xml_first(n); c != NULL; c = xml_next(c)) {
        if (xml_is(c, "value")) return simple_value(a, c);
        if (xml_is(c, "list")) return is_nil(c) ? feel_null() : read_list(a, c);
        if (!xml_is(c, "component")) continue;
        is_context = true;
        struct feel_entry entry = {xml_attribute(a, c, "name"), read_value(a, c)};
        LIST_PUSH(a, entries) = entry;
    }
    return is_context ? feel_context_value(a, entries.at, entries.count) : feel_null();
}

/* ---- judging ---- */

/* The kit compares numbers to the eighth digit. */
static bool is_near(decimal a, decimal b)
{
    decimal difference = a > b ? a - b : b - a, size = b < 0 ? -b : b;
    return difference <= (decimal)0.00000001DL * (size > 1 ? size : 1);
}

static bool is_expected(struct feel_value got, struct feel_value expected)
{
    if (got.kind == FEEL_NUMBER && expected.kind == FEEL_NUMBER) return is_near(got.number, expected.number);
    if (got.kind == FEEL_LIST && expected.kind == FEEL_LIST) {
        if (got.count != expected.count) return false;
        for (size_t i = 0; i < got.count; i++)
            if (!is_expected(got.items[i], expected.items[i])) return false;
        return true;
    }
    if (got.kind == FEEL_CONTEXT && expected.kind == FEEL_CONTEXT) {
        if (got.context->count != expected.context->count) return false;
        for (size_t i = 0; i < expected.context->count; i++) {
            const struct feel_value *v = feel_context_find(got.context, expected.context->entries[i].name);
            if (v == NULL || !is_expected(*v, expected.context->entries[i].value)) return false;
        }
        return true;
    }
    if (got.kind == FEEL_TIME || got.kind == FEEL_MOMENT)
        return got.kind == expected.kind && feel_is_same(got, expected);
    return feel_equal(got, expected) == FEEL_YES;
}

struct testing {
    struct kit *kit;
    struct arena *arena; /* of one case */
    const struct dmn *model;
    struct str failure; /* why there is no model */
    struct tck_case *out;
};

static void differ(struct testing *t, struct str name, struct str expected, struct str got)
{
    if (!t->out->is_fine) return; /* the first one is told */
    t->out->is_fine = false;
    t->out->message =
        str_format(t->arena, "%.*s: expected %.*s, got %.*s", STR_ARG(name), STR_ARG(expected), STR_ARG(got));
}

static struct feel_value inputs_of(struct arena *a, xmlNode *test)
{
    LIST(struct feel_entry) entries = {0};
    for (xmlNode *c = xml_first(test); c != NULL; c = xml_next(c))
        if (xml_is(c, "inputNode")) {
            struct str name = xml_attribute(a, c, "name"), name_space = xml_attribute(a, c, "namespace");
            struct feel_entry entry = {name, read_value(a, c)};
            LIST_PUSH(a, entries) = entry;
            if (name_space.len == 0) continue;
            entry.name = str_format(a, "%.*s#%.*s", STR_ARG(name_space), STR_ARG(name));
            LIST_PUSH(a, entries) = entry;
        }
    return feel_context_value(a, entries.at, entries.count);
}

/* By the namespace that the case names, else as the model itself sees it. */
static const struct dmn_element *find_element(struct testing *t, xmlNode *n, enum dmn_kind kind, struct str name)
{
    struct str name_space = xml_attribute(t->arena, n, "namespace");
    return name_space.len > 0 ? dmn_find_in(t->model, name_space, kind, name) : dmn_find(t->model, kind, name);
}

static struct feel_value evaluate(struct testing *t, struct feel_run *run, xmlNode *test, xmlNode *result)
{
    struct feel_value inputs = inputs_of(t->arena, test);
    struct str name = xml_attribute(t->arena, result, "name");
    struct str type = xml_attribute(t->arena, test, "type"), invoked = xml_attribute(t->arena, test, "invocableName");
    if (t->model == NULL) return feel_error(run, N_("The model cannot be read."));
    if (invoked.len > 0) {
        enum dmn_kind kind = str_eq(type, STR("bkm")) ? DMN_KNOWLEDGE : DMN_SERVICE;
        const struct dmn_element *e = find_element(t, test, kind, invoked);
        if (e == NULL) return feel_error(run, N_("There is no “{0}” in the model."), invoked);
        struct feel_value v = dmn_invoke(run, t->model, e, inputs);
        /* A service of several decisions answers with all of them by name. */
        const struct feel_value *one = v.kind == FEEL_CONTEXT ? feel_context_find(v.context, name) : NULL;
        return one != NULL && dmn_output_count(e) > 1 ? *one : v;
    }
    const struct dmn_element *decision = find_element(t, result, DMN_DECISION, name);
    if (decision != NULL) return dmn_decide(run, t->model, decision, inputs);
    const struct dmn_element *service = find_element(t, result, DMN_SERVICE, name);
    if (service != NULL) return dmn_invoke(run, t->model, service, inputs);
    return feel_error(run, N_("There is no “{0}” in the model."), name);
}

static struct str describe(struct arena *a, struct feel_value v)
{
    if (v.kind == FEEL_NULL) return STR("null");
    return v.kind == FEEL_STRING ? str_format(a, "\"%.*s\"", STR_ARG(v.string)) : feel_format(a, v);
}

static struct str first_problem(struct arena *a, const struct feel_run *run)
{
    if (run->problem_count == 0) return STR("");
    return str_format(a, " (%.*s)", STR_ARG(fail_fill(a, str_from(run->problems[0].sentence), run->problems[0].args)));
}

static void judge(struct testing *t, xmlNode *test, xmlNode *result)
{
    struct feel_run *run = ARENA_NEW(t->arena, struct feel_run);
    struct str name = xml_attribute(t->arena, result, "name");
    bool wants_error = str_eq(xml_attribute(t->arena, result, "errorResult"), STR("true"));
    xmlNode *expected_node = xml_child(result, "expected");
    struct feel_value expected = expected_node != NULL ? read_value(t->arena, expected_node) : feel_null();
    feel_run_init(run, t->arena);
    struct feel_value got = evaluate(t, run, test, result);
    t->out->wants_error = t->out->wants_error || wants_error;
    struct str got_text =
        str_format(t->arena, "%.*s%.*s", STR_ARG(describe(t->arena, got)), STR_ARG(first_problem(t->arena, run)));
    if (wants_error && (run->problem_count == 0 || got.kind != FEEL_NULL))
        differ(t, name, STR("an error"), got_text);
    else if (!is_expected(got, expected))
        differ(t, name, describe(t->arena, expected), got_text);
}

static void run_case(struct testing *t, xmlNode *test, struct str folder, struct str file)
{
    AUTO_ARENA struct arena scratch;
    arena_init(&scratch, RUN_ARENA);
    struct tck_case c = {.folder = folder, .file = file, .id = xml_attribute(&scratch, test, "id"), .is_fine = true};
    t->arena = &scratch;
    t->out = &c;
    for (xmlNode *n = xml_first(test); n != NULL; n = xml_next(n))
        if (xml_is(n, "resultNode")) judge(t, test, n);
    t->kit->heard(t->kit->context, &c);
}

/* ---- models ---- */

struct import_folder {
    struct str folder;
    struct names files;
};

static enum outcome read_import(const void *context, struct arena *a, struct str name_space, struct str location,
                                struct str *out, struct fail *why)
{
    const struct import_folder *f = context;
    (void)location; /* the kit's files are found by what they say they are */
    struct str wanted = str_format(a, "namespace=\"%.*s\"", STR_ARG(name_space));
    for (size_t i = 0; i < f->files.count; i++) {
        struct str text;
        if (!str_ends(f->files.at[i], STR(".dmn"))) continue;
        TRY(file_read(a, file_join(a, f->folder, f->files.at[i]), DMN_TEXT_BYTES, &text, why));
        ptrdiff_t root = str_find(text, STR("definitions"), 0);
        ptrdiff_t end = root < 0 ? -1 : str_find(text, STR(">"), (size_t)root);
        if (end > 0 && str_has(str_part(text, (size_t)root, (size_t)(end - root)), wanted)) {
            *out = text;
            return OK;
        }
    }
    return fail(why, ERR_MISSING, N_("The imported model is not there: {0}"), name_space);
}

static void run_file(struct kit *k, struct str folder, struct names files, struct str file)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, MODEL_ARENA);
    struct fail why;
    fail_init(&why, &a);
    struct str text, model_text;
    if (file_read(&a, file_join(&a, folder, file), DMN_TEXT_BYTES, &text, &why) != OK) return;
    xmlDoc *doc = xmlReadMemory(text.at, (int)text.len, "test.xml", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    xmlNode *root = doc != NULL ? xmlDocGetRootElement(doc) : NULL;
    if (root != NULL && xml_is(root, "testCases")) {
        struct testing t = {.kit = k};
        struct import_folder imports = {folder, files};
        xmlNode *name = xml_child(root, "modelName");
        struct str model = name != NULL ? str_trim(xml_text(&a, name)) : STR("");
        if (file_read(&a, file_join(&a, folder, model), DMN_TEXT_BYTES, &model_text, &why) != OK ||
            dmn_read(&a, model_text, read_import, &imports, &t.model, &why) != OK)
            t.model = NULL;
        struct str shown = str_starts(folder, k->root) ? str_part(folder, k->root.len + 1, folder.len) : folder;
        for (xmlNode *c = xml_first(root); c != NULL; c = xml_next(c))
            if (xml_is(c, "testCase")) run_case(&t, c, shown, file);
    }
    xmlFreeDoc(doc);
}

static size_t run_folder(struct kit *k, struct str folder, int depth)
{
    size_t found = 0;
    struct names files = list_folder(k->arena, folder);
    for (size_t i = 0; i < files.count; i++) {
        struct str path = file_join(k->arena, folder, files.at[i]);
        if (str_ends(files.at[i], STR(".xml"))) {
            run_file(k, folder, files, files.at[i]);
            found++;
        } else if (depth < TCK_DEPTH && !str_has(files.at[i], STR("."))) {
            found += run_folder(k, path, depth + 1);
        }
    }
    return found;
}

enum outcome tck_run(struct str folder, tck_heard *heard, void *context, struct fail *why)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, MODEL_ARENA);
    while (folder.len > 1 && str_ends(folder, STR("/"))) folder.len--;
    struct kit k = {.arena = &a, .root = folder, .heard = heard, .context = context};
    if (run_folder(&k, folder, 0) == 0) return fail(why, ERR_MISSING, N_("There are no test cases in {0}."), folder);
    return OK;
}
