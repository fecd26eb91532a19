/*
 * GET  /quan-tri/thu-tuc/{code}                     versions, decisions, what can be done
 * GET  /quan-tri/thu-tuc/{code}/so-sanh?tu=&den=    what differs between two versions
 * GET, POST .../cong-bo?phien-ban=N                 publish a version from a day
 * GET, POST .../bai-bo                              withdraw the procedure from a day
 * GET  .../quyet-dinh/{n}                           the file of a decision
 */
#include "admin/admin_procedure.h"

#include "admin/procedure_change.h"
#include "agency/permission.h"
#include "base/parse.h"
#include "catalogue/difference.h"
#include "catalogue/procedure_news.h"
#include "dossier/paper.h"
#include "dossier/way_picture.h"
#include "html/component.h"
#include "store/blob.h"

enum { DECISION_BYTES = 22 * 1024 * 1024, SHEET_BODY_BYTES = 2 * 1024 * 1024 };

struct version_line {
    int64_t number;
    struct str since, taken, source, difference_href, edit_href, publish_href;
    struct tag tag;
};

struct decision_line {
    const char *act; /* message */
    struct str version, from, decision, by, note, file_name, file_href;
    bool is_late;
};

struct sentence {
    struct str text;
};

struct admin_procedure_page {
    struct frame frame;
    struct str code, name;
    struct sentence *news;
    size_t news_count;
    struct version_line *versions;
    size_t versions_count;
    struct decision_line *decisions;
    size_t decisions_count;
    struct form_field *fields;
    size_t fields_count;
    struct flow picture;
    bool is_published; /* there is something to withdraw */
};

struct word_part {
    struct str text;
    bool is_before, is_after;
};

struct difference_line {
    const char *label, *change; /* messages */
    struct str item;
    struct word_part *parts;
    size_t parts_count;
};

struct difference_page {
    struct frame frame;
    struct str code, name;
    int64_t before, after;
    struct difference_line *rows;
    size_t rows_count;
};

struct decide_page {
    struct frame frame;
    struct str code, name, address;
    int64_t version; /* 0: withdraw */
    bool is_withdrawal;
    struct form_field *fields;
    size_t fields_count;
};

/* clang-format off */
static const struct field version_line_fields[] = {
    FIELD_INT(struct version_line, number), FIELD_STR(struct version_line, since), FIELD_STR(struct version_line, taken),
    FIELD_STR(struct version_line, source), FIELD_STR(struct version_line, difference_href),
    FIELD_STR(struct version_line, edit_href), FIELD_STR(struct version_line, publish_href),
    FIELD_STRUCT(struct version_line, tag, tag_fields), FIELD_END,
};
static const struct field decision_line_fields[] = {
    FIELD_MESSAGE(struct decision_line, act), FIELD_STR(struct decision_line, version), FIELD_STR(struct decision_line, from),
    FIELD_STR(struct decision_line, decision), FIELD_STR(struct decision_line, by), FIELD_STR(struct decision_line, note),
    FIELD_STR(struct decision_line, file_name), FIELD_STR(struct decision_line, file_href),
    FIELD_BOOL(struct decision_line, is_late), FIELD_END,
};
static const struct field sentence_fields[] = {FIELD_STR(struct sentence, text), FIELD_END};
static const struct field admin_procedure_fields[] = {
    FRAME_FIELDS(struct admin_procedure_page),
    FIELD_STR(struct admin_procedure_page, code), FIELD_STR(struct admin_procedure_page, name),
    FIELD_LIST(struct admin_procedure_page, news, struct sentence, sentence_fields),
    FIELD_LIST(struct admin_procedure_page, versions, struct version_line, version_line_fields),
    FIELD_LIST(struct admin_procedure_page, decisions, struct decision_line, decision_line_fields),
    FORM_FIELDS(struct admin_procedure_page, fields),
    FIELD_STRUCT(struct admin_procedure_page, picture, flow_fields),
    FIELD_BOOL(struct admin_procedure_page, is_published),
    FIELD_END,
};
static const struct field word_part_fields[] = {
    FIELD_STR(struct word_part, text), FIELD_BOOL(struct word_part, is_before), FIELD_BOOL(struct word_part, is_after),
    FIELD_END,
};
static const struct field difference_line_fields[] = {
    FIELD_MESSAGE(struct difference_line, label), FIELD_MESSAGE(struct difference_line, change),
    FIELD_STR(struct difference_line, item),
    FIELD_LIST(struct difference_line, parts, struct word_part, word_part_fields), FIELD_END,
};
static const struct field difference_page_fields[] = {
    FRAME_FIELDS(struct difference_page),
    FIELD_STR(struct difference_page, code), FIELD_STR(struct difference_page, name),
    FIELD_INT(struct difference_page, before), FIELD_INT(struct difference_page, after),
    FIELD_LIST(struct difference_page, rows, struct difference_line, difference_line_fields),
    FIELD_END,
};
static const struct field decide_page_fields[] = {
    FRAME_FIELDS(struct decide_page),
    FIELD_STR(struct decide_page, code), FIELD_STR(struct decide_page, name), FIELD_STR(struct decide_page, address),
    FIELD_INT(struct decide_page, version), FIELD_BOOL(struct decide_page, is_withdrawal),
    FORM_FIELDS(struct decide_page, fields),
    FIELD_END,
};
/* clang-format on */

static struct str page_of(struct request *rq, const char *rest)
{
    return str_format(rq->arena, "/quan-tri/thu-tuc/%.*s%s", STR_ARG(request_param(rq, "code")), rest);
}

static struct str day_or_blank(struct arena *a, day_t d)
{
    return d == DAY_UNKNOWN ? STR_NONE : day_for_people(a, d);
}

/* The name of the newest version: also of what nobody can submit yet. */
static enum outcome newest_name(struct request *rq, struct tx *tx, const struct procedure_version *newest,
                                struct str *out, struct fail *why)
{
    const struct procedure *p;
    TRY(catalogue_version(app_catalogue(rq->app), tx, newest->id, &p, why));
    *out = p->name;
    return OK;
}

/* ---- the overview ---- */

static const enum tag_colour state_colours[VERSION_STATE_COUNT] = {
    [VERSION_DRAFT] = TAG_WAITING,  [VERSION_ANNOUNCED] = TAG_SOON,    [VERSION_IN_FORCE] = TAG_DONE,
    [VERSION_REPLACED] = TAG_PLAIN, [VERSION_WITHDRAWN] = TAG_STOPPED,
};

static struct version_line version_line(struct request *rq, const struct procedure_version *v, enum version_state state,
                                        day_t since)
{
    struct arena *a = rq->arena;
    struct str own = page_of(rq, ""), none = STR_NONE;
    return (struct version_line){
        .number = v->number,
        .tag = tag_of(state_colours[state], translate(rq->language, version_state_words[state].label)),
        .since = day_or_blank(a, since),
        .taken = day_for_people(a, day_of(v->taken_at)),
        .source = v->source,
        .difference_href = v->number == 1 ? none
                                          : str_format(a, "%.*s/so-sanh?tu=%lld&den=%lld", STR_ARG(own),
                                                       (long long)v->number - 1, (long long)v->number),
        .edit_href = str_format(a, "%.*s/sua?tu=%lld", STR_ARG(own), (long long)v->number),
        .publish_href = state == VERSION_IN_FORCE
                            ? none
                            : str_format(a, "%.*s/cong-bo?phien-ban=%lld", STR_ARG(own), (long long)v->number),
    };
}

static struct decision_line decision_line(struct request *rq, const struct publication_row *r)
{
    struct arena *a = rq->arena;
    const struct decision *d = &r->decision;
    struct str parts[] = {d->number, day_or_blank(a, d->decided_on), d->authority};
    size_t count = 0;
    for (size_t i = 0; i < LENGTH(parts); i++)
        if (parts[i].len > 0) parts[count++] = parts[i];
    return (struct decision_line){
        .act = publication_act_words[r->act].label,
        .version = r->version_number != 0 ? str_format(a, "%lld", (long long)r->version_number) : STR_NONE,
        .from = day_or_blank(a, d->valid_from),
        .decision = str_join(a, STR(", "), parts, count),
        .by = r->by,
        .note = d->note,
        .is_late = d->is_late,
        .file_name = d->file_name,
        .file_href = d->file_name.len > 0
                         ? str_format(a, "%.*s/quyet-dinh/%lld", STR_ARG(page_of(rq, "")), (long long)r->n)
                         : STR_NONE,
    };
}

static enum outcome fill_overview(struct request *rq, struct tx *tx, struct admin_procedure_page *page,
                                  struct fail *why)
{
    struct procedure_version *versions;
    struct publication_row *rows;
    size_t count;
    day_t today = day_of(tx_now(tx)), since;
    page->code = request_param(rq, "code");
    TRY(catalogue_versions(tx, page->code, &versions, &page->versions_count, why));
    if (page->versions_count == 0) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), page->code);
    TRY(catalogue_publications(tx, page->code, &rows, &count, why));
    TRY(newest_name(rq, tx, &versions[0], &page->name, why));
    page->versions = ARENA_ARRAY(rq->arena, struct version_line, page->versions_count);
    for (size_t i = 0; i < page->versions_count; i++) {
        enum version_state state = version_state_at(rows, count, versions[i].number, today, &since);
        page->versions[i] = version_line(rq, &versions[i], state, since);
    }
    page->decisions_count = count;
    page->decisions = ARENA_ARRAY(rq->arena, struct decision_line, count + 1);
    for (size_t i = 0; i < count; i++) page->decisions[i] = decision_line(rq, &rows[i]);
    const struct publication_row *now = publication_at(rows, count, today);
    page->is_published = now != NULL && now->version_number != 0;
    return OK;
}

static enum outcome fill_news(struct request *rq, struct tx *tx, struct admin_procedure_page *page, struct fail *why)
{
    struct procedure_ref ref;
    struct fail missing;
    struct str *sentences;
    fail_init(&missing, rq->arena);
    enum outcome found = catalogue_find(tx, page->code, &ref, &missing);
    if (found == ERR_MISSING) return OK; /* a draft only */
    TRY(found);
    TRY(procedure_news(tx, rq->language, &ref, &sentences, &page->news_count, why));
    page->news = ARENA_ARRAY(rq->arena, struct sentence, page->news_count + 1);
    for (size_t i = 0; i < page->news_count; i++) page->news[i].text = sentences[i];
    return OK;
}

/* The steps of the newest version, with what an office may send back. */
static enum outcome fill_picture(struct request *rq, struct tx *tx, struct admin_procedure_page *page, struct fail *why)
{
    struct procedure_version *versions;
    const struct procedure *p;
    size_t count;
    TRY(catalogue_versions(tx, page->code, &versions, &count, why));
    TRY(catalogue_version(app_catalogue(rq->app), tx, versions[0].id, &p, why));
    return procedure_picture(rq, tx, p, versions[0].process_version, true, &page->picture, why);
}

static enum outcome get_procedure(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct admin_procedure_page page = {
        .frame = {.back_href = STR("/quan-tri/thu-tuc"), .is_wide = true}
    };
    struct form form = {.rq = rq};
    form_file(&form, "sheet", N_("A sheet or a record (JSON)"), N_("It is kept as a draft; nothing is in force yet."))
        ->accept = STR("application/json,.json");
    FORM_INTO(&form, page.fields);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(fill_overview(rq, tx, &page, why));
    TRY(fill_news(rq, tx, &page, why));
    TRY(fill_picture(rq, tx, &page, why));
    page.frame.title = page_title_of(rq, page.code);
    page.frame.is_step = true;
    page_reply(rq, 200, "admin/procedure", &page);
    return OK;
}

/* ---- the difference ---- */

static void fill_difference(struct request *rq, const struct version_pair *pair, struct difference_page *page)
{
    struct difference *list;
    procedure_difference(rq->arena, rq->language, pair->before, pair->after, &list, &page->rows_count);
    page->rows = ARENA_ARRAY(rq->arena, struct difference_line, page->rows_count + 1);
    for (size_t i = 0; i < page->rows_count; i++) {
        struct difference_line *row = &page->rows[i];
        *row = (struct difference_line){.label = list[i].label,
                                        .change = difference_kind_title(list[i].kind),
                                        .item = list[i].item,
                                        .parts_count = list[i].part_count};
        row->parts = ARENA_ARRAY(rq->arena, struct word_part, list[i].part_count + 1);
        for (size_t n = 0; n < list[i].part_count; n++)
            row->parts[n] =
                (struct word_part){list[i].parts[n].text, list[i].parts[n].is_before, list[i].parts[n].is_after};
    }
}

static enum outcome get_difference(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    int before = 1, after = 1;
    struct version_pair pair;
    struct difference_page page = {
        .frame = {.back_href = page_of(rq, ""), .is_wide = true}
    };
    (void)parse_int(request_query(rq, "tu"), 1, 1000000, &before); /* a broken link compares the first with itself */
    (void)parse_int(request_query(rq, "den"), 1, 1000000, &after);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(version_pair_load(rq, tx, request_param(rq, "code"), before, after, &pair, why));
    page.code = pair.after->code;
    page.name = pair.after->name;
    page.before = before;
    page.after = after;
    fill_difference(rq, &pair, &page);
    page.frame.is_step = true;
    page_reply(rq, 200, "admin/difference", &page);
    return OK;
}

/* ---- deciding ---- */

static void decision_form(struct form *f)
{
    form_text(f, "number", N_("Number of the decision"), N_("For example 6225/QĐ-BQP"), STR_NONE)->width = STR("20");
    form_date(f, "date", N_("Date of the decision"), NULL, STR_NONE);
    form_text(f, "authority", N_("Who decided"), NULL, STR_NONE);
    struct form_field *level =
        form_radios(f, "level", N_("Level of who decided"),
                    N_("A ministry publishes 20 working days before the first day, a province 5."), STR_NONE);
    for (size_t i = 0; i < notice_rule_count; i++)
        form_choice(f, level, notice_rules[i].level, form_say(f, notice_rules[i].label));
    form_date(f, "from", N_("First day"), N_("Today or later."), STR_NONE);
    form_area(f, "note", N_("Note"), NULL, STR_NONE)->is_optional = true;
    struct form_field *file = form_file(f, "file", N_("File of the decision"), NULL);
    file->is_optional = true;
}

static enum outcome show_decide(struct request *rq, int64_t version, const struct fail *why_not, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct decide_page page = {.version = version,
                               .is_withdrawal = version == 0,
                               .code = request_param(rq, "code"),
                               .frame = {.back_href = page_of(rq, "")}};
    struct procedure_version *versions;
    size_t count;
    struct form form = {.rq = rq, .why = why_not};
    page.address = version == 0 ? page_of(rq, "/bai-bo")
                                : str_format(rq->arena, "%.*s?phien-ban=%lld", STR_ARG(page_of(rq, "/cong-bo")),
                                             (long long)version);
    decision_form(&form);
    FORM_INTO(&form, page.fields);
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_versions(tx, page.code, &versions, &count, why));
    if (count == 0) return fail(why, ERR_MISSING, N_("No procedure has the code {0}."), page.code);
    TRY(newest_name(rq, tx, &versions[0], &page.name, why));
    if (why_not != NULL) page_problems(rq, &page.frame, why_not);
    page.frame.title = translate(rq->language, version == 0 ? N_("Withdraw the procedure") : N_("Publish a version"));
    page.frame.is_step = true;
    page_reply(rq, why_not != NULL ? outcome_status(why_not->outcome) : 200, "admin/procedure_decide", &page);
    return OK;
}

static enum outcome keep_file(struct request *rq, struct decision_text *text, struct fail *refused, struct fail *why)
{
    for (size_t i = 0; i < rq->upload_count; i++) {
        struct upload_row kept;
        if (!str_eq(rq->uploads[i].field, STR("file")) || rq->uploads[i].bytes == 0) continue;
        struct fail wrong;
        fail_init(&wrong, rq->arena);
        enum outcome done = paper_keep(app_desk(rq->app), rq, &rq->uploads[i], &kept, &wrong);
        if (done == ERR_DOWN) return fail_with(why, done, wrong.sentence, wrong.args);
        if (done != OK) {
            fail_problem_with(refused, STR("/file"), "refused", wrong.sentence, wrong.args);
            continue;
        }
        text->file = kept.hash;
        text->file_name = kept.name;
        text->file_type = kept.type;
    }
    return OK;
}

static enum outcome decide(struct request *rq, int64_t version, struct fail *why)
{
    struct decided done;
    struct fail refused;
    fail_init(&refused, rq->arena);
    struct decision_text text = {.number = request_form(rq, "number"),
                                 .date = day_typed(rq->arena, request_form(rq, "date")),
                                 .authority = request_form(rq, "authority"),
                                 .level = request_form(rq, "level"),
                                 .from = request_form(rq, "from"),
                                 .note = request_form(rq, "note")};
    TRY(keep_file(rq, &text, &refused, why));
    enum outcome decided = procedure_decide(rq, request_param(rq, "code"), version, &text, &done, &refused);
    if (decided == ERR_INVALID || decided == ERR_CONFLICT) return show_decide(rq, version, &refused, why);
    if (decided != OK) return fail_with(why, decided, refused.sentence, refused.args);
    page_flash(rq, done.is_late ? N_("Recorded. It was decided later than the decree allows, and is marked so.")
                                : N_("Recorded."));
    reply_redirect(rq, page_of(rq, ""));
    return OK;
}

static enum outcome version_asked(struct request *rq, int64_t *out, struct fail *why)
{
    int number;
    if (!parse_int(request_query(rq, "phien-ban"), 1, 1000000, &number))
        return fail(why, ERR_MISSING, N_("The procedure {0} has no such version."), request_param(rq, "code"));
    *out = number;
    return OK;
}

static enum outcome get_publish(struct request *rq, struct fail *why)
{
    int64_t version;
    TRY(version_asked(rq, &version, why));
    return show_decide(rq, version, NULL, why);
}

static enum outcome post_publish(struct request *rq, struct fail *why)
{
    int64_t version;
    TRY(version_asked(rq, &version, why));
    return decide(rq, version, why);
}

static enum outcome get_withdraw(struct request *rq, struct fail *why)
{
    return show_decide(rq, 0, NULL, why);
}

static enum outcome post_withdraw(struct request *rq, struct fail *why)
{
    return decide(rq, 0, why);
}

static enum outcome get_decision_file(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct publication_row *rows;
    size_t count;
    int n, fd;
    uint64_t bytes;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(catalogue_publications(tx, request_param(rq, "code"), &rows, &count, why));
    if (!parse_int(request_param(rq, "n"), 1, 1000000, &n)) n = 0;
    for (size_t i = 0; i < count; i++) {
        const struct decision *d = &rows[i].decision;
        if (rows[i].n != n || d->file_name.len == 0) continue;
        TRY(blob_open(app_desk(rq->app)->files_folder, d->file, &fd, &bytes, why));
        reply_file(rq, fd, bytes, d->file_type, d->file_name, "attachment");
        return OK;
    }
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

/* clang-format off */
/* In order of use. */
const struct route one_procedure_routes[] = {
    {GET,  "/quan-tri/thu-tuc/{code}",                PERMIT_CATALOGUE_MANAGE, get_procedure,        N_("Procedure")},
    {GET,  "/quan-tri/thu-tuc/{code}/so-sanh",        PERMIT_CATALOGUE_MANAGE, get_difference,       N_("What differs between two versions")},
    {GET,  "/quan-tri/thu-tuc/{code}/sua",            PERMIT_CATALOGUE_MANAGE, get_procedure_edit,   N_("Edit as a new version")},
    {POST, "/quan-tri/thu-tuc/{code}/sua",            PERMIT_CATALOGUE_MANAGE, post_procedure_edit,  N_("Edit as a new version"),
     .body_bytes = 1024 * 1024},
    {POST, "/quan-tri/thu-tuc/{code}/phieu",          PERMIT_CATALOGUE_MANAGE, post_procedure_sheet, N_("Keep a draft of a new version"),
     .body_bytes = SHEET_BODY_BYTES, .takes_files = true},
    {GET,  "/quan-tri/thu-tuc/{code}/cong-bo",        PERMIT_CATALOGUE_MANAGE, get_publish,          N_("Publish a version")},
    {POST, "/quan-tri/thu-tuc/{code}/cong-bo",        PERMIT_CATALOGUE_MANAGE, post_publish,         N_("Publish a version"),
     .body_bytes = DECISION_BYTES, .takes_files = true},
    {GET,  "/quan-tri/thu-tuc/{code}/bai-bo",         PERMIT_CATALOGUE_MANAGE, get_withdraw,         N_("Withdraw the procedure")},
    {POST, "/quan-tri/thu-tuc/{code}/bai-bo",         PERMIT_CATALOGUE_MANAGE, post_withdraw,        N_("Withdraw the procedure"),
     .body_bytes = DECISION_BYTES, .takes_files = true},
    {GET,  "/quan-tri/thu-tuc/{code}/quyet-dinh/{n}", PERMIT_CATALOGUE_MANAGE, get_decision_file,    N_("File of the decision")},
    {GET,  "/quan-tri/thu-tuc/{code}/tham-quyen",     PERMIT_CATALOGUE_MANAGE, get_procedure_who,    N_("Who may do what")},
    {GET,  "/quan-tri/phan-cap",                      PERMIT_AGENCY_MANAGE,    get_competence_page,  N_("Competence")},
    {POST, "/quan-tri/phan-cap",                      PERMIT_AGENCY_MANAGE,    post_competence_page, N_("Competence")},
};
const size_t one_procedure_route_count = LENGTH(one_procedure_routes);

const struct page_template one_procedure_templates[] = {
    {"admin/procedure",        admin_procedure_fields},
    {"admin/difference",       difference_page_fields},
    {"admin/procedure_decide", decide_page_fields    },
    {"admin/procedure_edit",   procedure_edit_fields },
    {"admin/procedure_who",    procedure_who_fields  },
    {"admin/competence",       competence_page_fields},
};
const size_t one_procedure_template_count = LENGTH(one_procedure_templates);
/* clang-format on */
