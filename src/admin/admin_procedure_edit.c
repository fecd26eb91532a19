/*
 * GET, POST /quan-tri/thu-tuc/{code}/sua?tu=N   the fields of a version, kept as a draft of the next one
 * POST      /quan-tri/thu-tuc/{code}/phieu      a sheet or a record as a file, kept as a draft
 * The names of the fields are places in the record ("components/0/label"), so that what the reader of every record
 * refuses stands beside its field.
 */
#include "admin/admin_procedure.h"
#include "admin/procedure_change.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/parse.h"
#include "base/text.h"
#include "catalogue/sheet_read.h"
#include "html/component.h"

enum { PAPERS_MOST = 100000, NEW_COMPONENTS = 2, COUNT_MOST = 99, AMOUNT_DIGITS = 15 };

struct procedure_edit_page {
    struct frame frame;
    struct str code, name;
    int64_t version;
    struct form_field *fields;
    size_t fields_count;
};

/* clang-format off */
const struct field procedure_edit_fields[] = {
    FRAME_FIELDS(struct procedure_edit_page),
    FIELD_STR(struct procedure_edit_page, code), FIELD_STR(struct procedure_edit_page, name),
    FIELD_INT(struct procedure_edit_page, version),
    FORM_FIELDS(struct procedure_edit_page, fields),
    FIELD_END,
};

/* The terms that a form can say; hours as minutes, as the record has them. */
static const struct {
    const char *code, *label; /* message */
    enum term_unit unit;
} units[] = {
    {"none",         N_("No term is stated"), TERM_NONE        },
    {"hours",        N_("hours"),             TERM_HOURS       },
    {"days",         N_("days"),              TERM_DAYS        },
    {"working_days", N_("working days"),      TERM_WORKING_DAYS},
    {"months",       N_("months"),            TERM_MONTHS      },
};
/* clang-format on */

static struct str place(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
static struct str place(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct str text = str_formatv(a, format, args);
    va_end(args);
    return text;
}

/* ---- drawing the fields ---- */

static struct form_field *labelled(struct form_field *f, struct str label)
{
    f->label = label;
    return f;
}

static void draw_component(struct form *f, size_t i, const struct component *c)
{
    struct arena *a = f->rq->arena;
    struct str base = place(a, "components/%zu", i), counts[2];
    const char *label = place(a, "%.*s/label", STR_ARG(base)).at;
    form_area(f, label, c != NULL ? N_("Paper") : N_("Another paper"), NULL, c != NULL ? c->label : STR_NONE)->rows = 2;
    for (int n = 0; n < 2; n++) {
        int count = c == NULL ? COUNT_UNKNOWN : n == 0 ? c->originals : c->copies;
        counts[n] = count == COUNT_UNKNOWN ? STR_NONE : str_format(a, "%d", count);
    }
    form_text(f, place(a, "%.*s/originals", STR_ARG(base)).at, N_("Originals"), NULL, counts[0])->width = STR("3");
    form_text(f, place(a, "%.*s/copies", STR_ARG(base)).at, N_("Copies"), NULL, counts[1])->width = STR("3");
    struct form_field *need = form_select(f, place(a, "%.*s/required", STR_ARG(base)).at, N_("When it is needed"), NULL,
                                          str_from(required_words[c != NULL ? c->required : REQUIRED_ALWAYS].code));
    for (size_t n = 0; n < REQUIRED_KIND_COUNT; n++)
        form_choice(f, need, str_from(required_words[n].code), form_say(f, required_words[n].label));
    if (c != NULL) form_tick(f, place(a, "%.*s/remove", STR_ARG(base)).at, N_("Leave this paper out"), false);
}

static struct str term_number(struct arena *a, struct term t)
{
    if (t.unit == TERM_NONE) return STR_NONE;
    if (t.hundredths % 100 == 0) return str_format(a, "%lld", (long long)(t.hundredths / 100));
    return str_format(a, "%lld.%02lld", (long long)(t.hundredths / 100), (long long)(t.hundredths % 100));
}

static void draw_case(struct form *f, const struct channel *ch, size_t i, size_t n)
{
    struct arena *a = f->rq->arena;
    const struct procedure_case *c = &ch->cases[n];
    struct str base = place(a, "channels/%zu/cases/%zu", i, n), unit = STR("none");
    struct str way = form_say(f, channel_words[ch->kind].label);
    struct form_field *head = form_heading(f, N_("Term and fee"));
    head->label = ch->case_count == 1 ? way : str_format(a, "%.*s, %.*s", STR_ARG(way), STR_ARG(c->id));
    for (size_t u = 0; u < LENGTH(units); u++)
        if (units[u].unit == c->term.unit) unit = str_from(units[u].code);
    form_text(f, place(a, "%.*s/term", STR_ARG(base)).at, N_("Term"), NULL, term_number(a, c->term))->width = STR("5");
    struct form_field *field =
        form_select(f, place(a, "%.*s/unit", STR_ARG(base)).at, N_("Unit of the term"), NULL, unit);
    for (size_t u = 0; u < LENGTH(units); u++)
        form_choice(f, field, str_from(units[u].code), form_say(f, units[u].label));
    for (size_t k = 0; k < c->fee_count; k++) {
        const struct fee *fee = &c->fees[k];
        struct str amount = fee->is_known ? str_format(a, "%lld", (long long)fee->amount) : STR_NONE;
        struct form_field *money =
            form_text(f, place(a, "%.*s/fees/%zu/amount", STR_ARG(base), k).at, NULL,
                      N_("In the currency's smallest unit; blank: no amount is stated."), amount);
        (void)labelled(money, fee->text.len > 0 ? fee->text : form_say(f, fee_kind_words[fee->kind].label));
        money->width = STR("20");
    }
}

static struct str lines_of(struct arena *a, const struct str *at, size_t count)
{
    return str_join(a, STR("\n"), at, count);
}

static struct str laws_of(struct arena *a, const struct procedure *p)
{
    struct str *lines = ARENA_ARRAY(a, struct str, p->law_count + 1);
    for (size_t i = 0; i < p->law_count; i++) {
        const struct law_reference *law = &p->laws[i];
        struct str symbol = law->symbol.len > 0 ? law->symbol : law->raw;
        lines[i] = str_format(a, "%.*s | %.*s", STR_ARG(symbol), STR_ARG(text_one_line(a, law->title)));
    }
    return lines_of(a, lines, p->law_count);
}

static void draw(struct form *f, const struct procedure *p)
{
    struct arena *a = f->rq->arena;
    form_area(f, "name", N_("Name"), NULL, p->name)->rows = 3;
    form_text(f, "field", N_("Field"), NULL, p->field);
    for (size_t i = 0; i < p->channel_count; i++)
        for (size_t n = 0; n < p->channels[i].case_count; n++) draw_case(f, &p->channels[i], i, n);
    form_heading(f, N_("Papers"));
    for (size_t i = 0; i < p->component_count; i++) draw_component(f, i, &p->components[i]);
    for (size_t i = 0; i < NEW_COMPONENTS; i++) draw_component(f, p->component_count + i, NULL);
    form_heading(f, N_("Texts"));
    form_area(f, "results", N_("What you receive"), N_("One in a line."), lines_of(a, p->results, p->result_count))
        ->rows = 3;
    form_area(f, "conditions", N_("Conditions"), NULL, p->conditions);
    form_area(f, "steps", N_("The steps"), NULL, p->steps);
    form_area(f, "manner", N_("Manner"), NULL, p->manner);
    form_area(f, "law", N_("The law behind it"), N_("One in a line: its number, a bar, its title."), laws_of(a, p));
}

/* ---- reading the fields ---- */

struct editing {
    struct request *rq;
    struct procedure *p; /* the copy that is changed */
    struct fail *why;
    size_t *drawn; /* of each paper of the copy: where it stands in the form, which has those that are left out, too */
};

static struct str sent(struct editing *e, struct str name)
{
    return str_trim(text_clean(e->rq->arena, request_form(e->rq, name.at)));
}

static int read_count(struct editing *e, struct str name)
{
    struct str text = sent(e, name);
    int n = COUNT_UNKNOWN;
    if (text.len > 0 && !parse_int(text, 0, COUNT_MOST, &n))
        fail_problem(e->why, str_format(e->rq->arena, "/%.*s", STR_ARG(name)), "format",
                     N_("A number of copies is a whole number from 0 to 99."));
    return n;
}

/* A new paper's id is made of its words, as the reader of sheets makes it. */
static struct str id_of(struct arena *a, struct str label)
{
    return str_format(a, "c%.*s", STR_ARG(str_part(sha256_format(a, sha256_of(label)), 0, 8)));
}

static void read_components(struct editing *e)
{
    struct arena *a = e->rq->arena;
    size_t old = e->p->component_count, count = 0;
    struct component *list = ARENA_ARRAY(a, struct component, old + NEW_COMPONENTS);
    e->drawn = ARENA_ARRAY(a, size_t, old + NEW_COMPONENTS);
    for (size_t i = 0; i < old + NEW_COMPONENTS; i++) {
        struct component c = i < old ? e->p->components[i] : (struct component){0};
        struct str base = place(a, "components/%zu", i), label = sent(e, place(a, "%.*s/label", STR_ARG(base)));
        if (i >= old && label.len == 0) continue;
        if (request_has_form(e->rq, place(a, "%.*s/remove", STR_ARG(base)).at)) continue;
        if (i >= old) c.id = id_of(a, label);
        if (!str_eq(c.label, label)) c.detail = STR_NONE; /* it was the longer text of the label before */
        c.label = label;
        c.originals = read_count(e, place(a, "%.*s/originals", STR_ARG(base)));
        c.copies = read_count(e, place(a, "%.*s/copies", STR_ARG(base)));
        int need =
            vocabulary_find(required_words, REQUIRED_KIND_COUNT, sent(e, place(a, "%.*s/required", STR_ARG(base))));
        if (need >= 0) c.required = (enum required_kind)need;
        e->drawn[count] = i;
        list[count++] = c;
    }
    e->p->components = list;
    e->p->component_count = count;
}

/* "10", "0.5" or "0,5" in hundredths. */
static bool read_hundredths(struct str text, int64_t *out)
{
    struct str whole, part;
    int w, f = 0;
    if (!str_cut(text, '.', &whole, &part)) (void)str_cut(text, ',', &whole, &part); /* a whole number has neither */
    if (!parse_int(whole, 0, 10000, &w) || part.len > 2 || (part.len > 0 && !parse_int(part, 0, 99, &f))) return false;
    *out = (int64_t)w * 100 + (part.len == 1 ? f * 10 : f);
    return true;
}

static void read_term(struct editing *e, struct procedure_case *c, struct str base)
{
    struct arena *a = e->rq->arena;
    struct str name = place(a, "%.*s/term", STR_ARG(base)), number = sent(e, name);
    struct str unit = sent(e, place(a, "%.*s/unit", STR_ARG(base)));
    struct term t = {.is_continuous = c->term.is_continuous};
    for (size_t u = 0; u < LENGTH(units); u++)
        if (str_eq(unit, str_from(units[u].code))) t.unit = units[u].unit;
    if (t.unit != TERM_HOURS) t.is_continuous = false;
    if (t.unit == TERM_NONE && c->term.unit == TERM_NONE) return; /* as it was, with its own words */
    bool is_fine = t.unit == TERM_NONE ? number.len == 0 : read_hundredths(number, &t.hundredths) && term_is_valid(t);
    if (!is_fine) {
        fail_problem(e->why, str_format(a, "/%.*s", STR_ARG(name)), "format",
                     N_("A term is a number of hours, days, working days or months that the calendar can count."));
        return;
    }
    if (t.unit == c->term.unit && t.hundredths == c->term.hundredths) return;
    c->term = t;
    c->term_kind = t.unit == TERM_NONE ? TERM_UNSTATED : TERM_FIXED;
    c->term_text = STR_NONE;
}

static void read_fees(struct editing *e, struct procedure_case *c, struct str base)
{
    struct arena *a = e->rq->arena;
    struct fee *fees = ARENA_ARRAY(a, struct fee, c->fee_count + 1);
    for (size_t k = 0; k < c->fee_count; k++) {
        struct str name = place(a, "%.*s/fees/%zu/amount", STR_ARG(base), k), text = sent(e, name);
        uint64_t amount = 0;
        fees[k] = c->fees[k];
        if (text.len > AMOUNT_DIGITS || (text.len > 0 && !parse_u64(text, &amount))) {
            fail_problem(
                e->why, str_format(a, "/%.*s", STR_ARG(name)), "format",
                N_("An amount is a whole number of the currency's smallest unit, or blank when none is stated."));
            continue;
        }
        if ((text.len > 0) == fees[k].is_known && (int64_t)amount == fees[k].amount) continue;
        fees[k].is_known = text.len > 0;
        fees[k].amount = (int64_t)amount;
        fees[k].text = fee_amount_for_people(a, &fees[k]); /* the old words said the old amount */
    }
    c->fees = fees;
}

static void read_cases(struct editing *e)
{
    struct arena *a = e->rq->arena;
    for (size_t i = 0; i < e->p->channel_count; i++) {
        struct channel *ch = &e->p->channels[i];
        ch->cases = arena_dup(a, ch->cases, ch->case_count * sizeof *ch->cases);
        for (size_t n = 0; n < ch->case_count; n++) {
            struct str base = place(a, "channels/%zu/cases/%zu", i, n);
            read_term(e, &ch->cases[n], base);
            read_fees(e, &ch->cases[n], base);
        }
    }
}

static size_t read_lines(struct editing *e, const char *name, struct str **out)
{
    struct arena *a = e->rq->arena;
    struct scan s = scan_of(text_clean(a, request_form(e->rq, name)));
    LIST(struct str) lines = {0};
    while (!scan_is_end(&s)) {
        struct str line = str_trim(scan_line(&s));
        if (line.len > 0) LIST_PUSH(a, lines) = line;
    }
    *out = lines.at;
    return lines.count;
}

static void read_laws(struct editing *e)
{
    struct str *lines;
    size_t count = read_lines(e, "law", &lines), old = e->p->law_count;
    struct law_reference *laws = ARENA_ARRAY(e->rq->arena, struct law_reference, count + 1);
    for (size_t i = 0; i < count; i++) {
        struct str symbol, title;
        bool has_bar = str_cut(lines[i], '|', &symbol, &title);
        struct law_reference law = {.symbol = has_bar ? str_trim(symbol) : STR_NONE,
                                    .title = str_trim(has_bar ? title : lines[i])};
        for (size_t n = 0; n < old; n++) {
            const struct law_reference *known = &e->p->laws[n];
            bool is_same = str_eq(law.symbol, known->symbol.len > 0 ? known->symbol : known->raw) &&
                           str_eq(law.title, text_one_line(e->rq->arena, known->title));
            if (is_same) law = *known;
        }
        laws[i] = law;
    }
    e->p->laws = laws;
    e->p->law_count = count;
}

/* A long text that was not touched keeps its own line breaks: browsers send CRLF, which cleaning undoes. */
static void read_all(struct editing *e)
{
    e->p->name = text_one_line(e->rq->arena, sent(e, STR("name")));
    e->p->field = sent(e, STR("field"));
    e->p->conditions = sent(e, STR("conditions"));
    e->p->steps = sent(e, STR("steps"));
    e->p->manner = sent(e, STR("manner"));
    e->p->result_count = read_lines(e, "results", &e->p->results);
    read_components(e);
    read_cases(e);
    read_laws(e);
}

/* The reader of records names members of JSON, and counts the papers of the record; the form has more of them. */
static void place_problems(const struct editing *e, struct fail *why)
{
    struct str before = STR("components/");
    for (size_t i = 0; i < why->problem_count; i++) {
        struct str pointer = why->problems[i].pointer, number, rest;
        if (strcmp(why->problems[i].code, "required") == 0) why->problems[i].sentence = N_("This has to be filled in.");
        while (pointer.len > 0 && (pointer.at[0] == '#' || pointer.at[0] == '/'))
            pointer = str_part(pointer, 1, pointer.len);
        int n;
        if (!str_starts(pointer, before)) continue;
        (void)str_cut(str_part(pointer, before.len, pointer.len), '/', &number, &rest); /* without: the paper itself */
        if (parse_int(number, 0, PAPERS_MOST, &n) && (size_t)n < e->p->component_count)
            why->problems[i].pointer = place(e->rq->arena, "/components/%zu/%.*s", e->drawn[n], STR_ARG(rest));
    }
}

/* ---- the page ---- */

static enum outcome load(struct request *rq, int64_t *out_number, const struct procedure **out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_version version;
    int number;
    if (!parse_int(request_query(rq, "tu"), 1, 1000000, &number))
        return fail(why, ERR_MISSING, N_("The procedure {0} has no such version."), request_param(rq, "code"));
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_version_numbered(tx, request_param(rq, "code"), number, &version, why));
    *out_number = number;
    return catalogue_version(app_catalogue(rq->app), tx, version.id, out, why);
}

static struct str address(struct request *rq)
{
    return str_format(rq->arena, "/quan-tri/thu-tuc/%.*s", STR_ARG(request_param(rq, "code")));
}

static enum outcome show(struct request *rq, int64_t number, const struct procedure *p, const struct fail *why_not)
{
    struct procedure_edit_page page = {
        .code = p->code, .name = p->name, .version = number, .frame = {.back_href = address(rq)}};
    struct form form = {.rq = rq, .why = why_not};
    draw(&form, p);
    FORM_INTO(&form, page.fields);
    if (why_not != NULL) page_problems(rq, &page.frame, why_not);
    page.frame.is_step = true;
    page_reply(rq, why_not != NULL ? outcome_status(why_not->outcome) : 200, "admin/procedure_edit", &page);
    return OK;
}

enum outcome get_procedure_edit(struct request *rq, struct fail *why)
{
    const struct procedure *p;
    int64_t number;
    TRY(load(rq, &number, &p, why));
    return show(rq, number, p, NULL);
}

static enum outcome keep(struct request *rq, const struct procedure *p, struct str source, int64_t *out,
                         struct fail *why)
{
    yyjson_val *root;
    TRY(json_read(rq->arena, procedure_record(rq->arena, p), &root, why));
    return procedure_keep_draft(rq, request_param(rq, "code"), root, source, out, why);
}

/* To what the draft changes, so that it is looked at before it is published. */
static enum outcome go_to_difference(struct request *rq, int64_t from, int64_t number)
{
    page_flash(rq, N_("Kept as a draft. This is what it changes."));
    reply_redirect(rq, str_format(rq->arena, "%.*s/so-sanh?tu=%lld&den=%lld", STR_ARG(address(rq)), (long long)from,
                                  (long long)number));
    return OK;
}

enum outcome post_procedure_edit(struct request *rq, struct fail *why)
{
    const struct procedure *p;
    int64_t from, number;
    struct fail refused;
    fail_init(&refused, rq->arena);
    TRY(load(rq, &from, &p, why));
    struct procedure copy = *p;
    struct editing e = {.rq = rq, .p = &copy, .why = &refused};
    read_all(&e);
    enum outcome kept = fail_if_problems(&refused);
    if (kept == OK) {
        kept = keep(rq, &copy, STR("form"), &number, &refused);
        place_problems(&e, &refused);
    }
    if (kept == ERR_INVALID || kept == ERR_CONFLICT) return show(rq, from, p, &refused);
    if (kept != OK) return fail_with(why, kept, refused.sentence, refused.args);
    return go_to_difference(rq, from, number);
}

/* ---- a file ---- */

static enum outcome read_file(struct request *rq, const struct upload *u, struct procedure **out, struct fail *why)
{
    struct str text, where;
    yyjson_val *root;
    struct import_report ignored;
    TRY(file_read(rq->arena, u->path, SHEET_BYTES_MOST, &text, why));
    TRY(json_read(rq->arena, text, &root, why));
    if (yyjson_obj_get(root, "code") != NULL) return procedure_read_value(rq->arena, root, out, why);
    struct sheet_source source = {.file = u->file_name, .text = text};
    import_report_init(&ignored, rq->arena);
    return sheet_read(rq->arena, &source, &ignored, out, &where, why);
}

enum outcome post_procedure_sheet(struct request *rq, struct fail *why)
{
    struct procedure *p;
    int64_t number;
    if (rq->upload_count == 0 || rq->uploads[0].bytes == 0)
        return fail(why, ERR_INVALID, N_("Choose at least one file."));
    TRY(read_file(rq, &rq->uploads[0], &p, why));
    TRY(keep(rq, p, rq->uploads[0].file_name, &number, why));
    return go_to_difference(rq, number > 1 ? number - 1 : 1, number);
}
