/*
 * The papers of an application: one place for each, several files in each, papers that stand for one another drawn
 * together. Every file that arrives is kept and saved in the draft before anything is said about the others.
 */
#include "base/list.h"
#include "dossier/apply.h"
#include "dossier/paper.h"

struct paper_item {
    struct form_field field;
    struct str label, detail, facts;
    bool is_shown_only; /* nothing is sent: the paper is shown */
};

struct paper_group {
    const char *title; /* message; NULL: papers on their own */
    LIST(struct paper_item) items;
};

struct group_part { /* a group as the template walks it */
    const char *title;
    struct paper_item *papers;
    size_t papers_count;
};

struct papers_page {
    struct frame frame;
    struct apply_head head;
    struct str address, size_most;
    struct group_part *groups;
    size_t groups_count;
};

static const struct field paper_item_fields[] = {
    FIELD_STRUCT(struct paper_item, field, form_field_fields),
    FIELD_STR(struct paper_item, label),
    FIELD_STR(struct paper_item, detail),
    FIELD_STR(struct paper_item, facts),
    FIELD_BOOL(struct paper_item, is_shown_only),
    FIELD_END,
};

static const struct field group_part_fields[] = {
    FIELD_MESSAGE(struct group_part, title),
    FIELD_LIST(struct group_part, papers, struct paper_item, paper_item_fields),
    FIELD_END,
};

const struct field apply_papers_fields[] = {
    FRAME_FIELDS(struct papers_page),
    FIELD_STRUCT(struct papers_page, head, apply_head_fields),
    FIELD_STR(struct papers_page, address),
    FIELD_STR(struct papers_page, size_most),
    FIELD_LIST(struct papers_page, groups, struct group_part, group_part_fields),
    FIELD_END,
};

/* ---- drawing ---- */

/* How it is required, the number, the form to use: one line under the label. */
static struct str facts_of(struct request *rq, const struct component *c)
{
    struct arena *a = rq->arena;
    struct str parts[4];
    size_t count = 0;
    parts[count++] = translate(rq->language, required_words[c->required].label);
    if (c->originals > 0)
        parts[count++] = fail_fill(a, translate(rq->language, N_("{0} original")),
                                   (const struct str[FAIL_ARGS]){str_format(a, "%d", c->originals)});
    if (c->copies > 0)
        parts[count++] = fail_fill(a, translate(rq->language, N_("{0} copy")),
                                   (const struct str[FAIL_ARGS]){str_format(a, "%d", c->copies)});
    if (c->form_file_count > 0)
        parts[count++] =
            fail_fill(a, translate(rq->language, N_("Form: {0}")),
                      (const struct str[FAIL_ARGS]){str_join(a, STR(", "), c->form_files, c->form_file_count)});
    return str_join(a, STR(" · "), parts, count);
}

static void add_files(struct apply *a, struct form *form, struct form_field *field, const struct component *c)
{
    for (size_t i = 0; i < a->app.file_count; i++) {
        const struct applied_file *f = &a->app.files[i];
        if (!str_eq(f->component, c->id)) continue;
        struct str type = paper_type_for_people(f->type), size = paper_size_for_people(a->rq->arena, f->bytes);
        struct attached_file *one =
            form_attach(form, field, f->name, str_format(a->rq->arena, "%.*s, %.*s", STR_ARG(type), STR_ARG(size)));
        one->remove = str_format(a->rq->arena, "%.*s:%.*s", STR_ARG(f->component), STR_ARG(f->file));
    }
}

static struct paper_item item_of(struct apply *a, const struct fail *problems, const struct component *c)
{
    struct form form = {.rq = a->rq, .why = problems};
    struct form_field *field = form_file(&form, str_format(a->rq->arena, "files/%.*s", STR_ARG(c->id)).at, NULL, NULL);
    field->label = c->label;
    field->hint = facts_of(a->rq, c);
    field->is_multiple = true;
    field->is_strong = true;
    field->is_optional = c->required == REQUIRED_IF_ANY || c->required == REQUIRED_CASE;
    field->accept = STR(".pdf,.jpg,.jpeg,.png,.heic,.heif,.doc,.docx,.xls,.xlsx,application/pdf,image/*");
    add_files(a, &form, field, c);
    return (struct paper_item){.field = *field,
                               .label = c->label,
                               .detail = c->detail,
                               .facts = field->hint,
                               .is_shown_only = c->required == REQUIRED_SHOWN};
}

static bool stands_with(const struct component *c, const struct component *before)
{
    return before != NULL && c->group.len > 0 && str_eq(c->group, before->group);
}

static const char *group_title(const struct component *c)
{
    if (c->group.len == 0) return NULL;
    if (c->required == REQUIRED_ONE_OF) return N_("One of these papers is enough");
    return c->required == REQUIRED_CASE ? N_("For this case") : NULL;
}

static void fill_groups(struct apply *a, const struct fail *problems, struct papers_page *page)
{
    struct arena *arena = a->rq->arena;
    LIST(struct paper_group) groups = {0};
    const struct component *before = NULL;
    for (size_t i = 0; i < a->form->paper_count; i++) {
        const struct component *c = a->form->papers[i].component;
        bool is_new = groups.count == 0 || (!stands_with(c, before) && (c->group.len > 0 || before->group.len > 0));
        if (is_new) LIST_PUSH(arena, groups).title = group_title(c);
        struct paper_group *group = &groups.at[groups.count - 1];
        LIST_PUSH(arena, group->items) = item_of(a, problems, c);
        before = c;
    }
    page->groups = ARENA_ARRAY(arena, struct group_part, groups.count + 1);
    page->groups_count = groups.count;
    for (size_t i = 0; i < groups.count; i++)
        page->groups[i] = (struct group_part){groups.at[i].title, groups.at[i].items.at, groups.at[i].items.count};
}

static enum outcome show_papers(struct apply *a, const struct fail *problems, struct fail *why)
{
    struct papers_page page = {.address = apply_address(a, APPLY_PAPERS),
                               .size_most = paper_size_for_people(a->rq->arena, PAPER_BYTES_MOST)};
    (void)why; /* nothing here can fail */
    apply_fill(a, APPLY_PAPERS, problems, &page.frame, &page.head);
    fill_groups(a, problems, &page);
    page_reply(a->rq, apply_status(problems), "dossier/apply_papers", &page);
    return OK;
}

enum outcome get_apply_papers(struct request *rq, struct fail *why)
{
    struct apply a;
    TRY(apply_load(rq, &a, why));
    return show_papers(&a, NULL, why);
}

/* ---- taking ---- */

/* "files/c3f2": the paper that the file is for; empty when the procedure has no such paper. */
static struct str paper_of(const struct apply *a, struct str field)
{
    if (!str_starts(field, STR("files/"))) return STR_NONE;
    struct str id = str_part(field, 6, field.len);
    return procedure_component(a->procedure, id) != NULL ? id : STR_NONE;
}

static enum outcome take_file(struct apply *a, const struct upload *u, struct fail *problems, struct fail *why)
{
    struct upload_row row;
    struct fail one;
    fail_init(&one, a->rq->arena);
    struct str component = paper_of(a, u->field), pointer = str_format(a->rq->arena, "/%.*s", STR_ARG(u->field));
    if (component.len == 0) return OK;
    enum outcome kept = paper_keep(a->desk, a->rq, u, &row, &one);
    if (kept == ERR_INVALID || kept == ERR_TOO_LARGE || kept == ERR_TYPE) {
        fail_problem_with(problems, pointer, "file", one.sentence, one.args);
        return OK;
    }
    if (kept != OK) return fail_with(why, kept, one.sentence, one.args);
    struct applied_file file = {component, sha256_format(a->rq->arena, row.hash), row.name, row.type, row.bytes};
    if (!application_add_file(&a->app, &file))
        fail_problem(problems, pointer, "too-many", N_("A dossier takes at most {0} files."),
                     str_format(a->rq->arena, "%d", APPLIED_FILES_MOST));
    return OK;
}

static enum outcome take_files(struct apply *a, struct fail *problems, struct fail *why)
{
    for (size_t i = 0; i < a->rq->upload_count; i++) {
        const struct upload *u = &a->rq->uploads[i];
        bool is_unused = u->bytes == 0 && u->file_name.len == 0; /* a field in which nothing was chosen */
        if (!is_unused) TRY(take_file(a, u, problems, why));
    }
    return apply_save(a, why);
}

static enum outcome remove_file(struct apply *a, struct str which, struct fail *why)
{
    struct str component, file;
    (void)str_cut(which, ':', &component, &file); /* without one nothing is removed */
    application_remove_file(&a->app, component, file);
    TRY(apply_save(a, why));
    struct str id = page_field_id(a->rq->arena, str_format(a->rq->arena, "/files/%.*s", STR_ARG(component)));
    reply_redirect(a->rq, str_format(a->rq->arena, "%.*s#%.*s", STR_ARG(apply_address(a, APPLY_PAPERS)), STR_ARG(id)));
    return OK;
}

enum outcome post_apply_papers(struct request *rq, struct fail *why)
{
    struct apply a;
    struct fail problems;
    fail_init(&problems, rq->arena);
    TRY(apply_load(rq, &a, why));
    TRY(take_files(&a, &problems, why));
    struct str remove = request_form(rq, "remove");
    if (remove.len > 0) return remove_file(&a, remove, why);
    if (!request_has_form(rq, "upload")) return apply_go_on(&a, APPLY_PAPERS, &problems, show_papers, why);
    if (problems.problem_count > 0) return show_papers(&a, &problems, why);
    reply_redirect(rq, apply_address(&a, APPLY_PAPERS));
    return OK;
}
