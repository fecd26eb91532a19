/*
 * The papers of an application: one place for each, several files in each, papers that stand for one another drawn
 * together. Photographs of one paper are its pages, put in order here and sent as one PDF. Every file that arrives is
 * looked into, kept and saved in the draft before anything is said about the others. What a person keeps in their own
 * store (vault/vault.h) is offered instead of sending it again.
 */
#include "base/list.h"
#include "base/parse.h"
#include "dossier/apply.h"
#include "dossier/paper.h"
#include "dossier/paper_picture.h"
#include "image/image.h"
#include "vault/vault.h"

enum { STORE_MOST = 30 };

/* A file or a photograph as the page shows it; empty addresses and values: not offered. */
struct paper_shown {
    struct str name, facts, href, thumb, remove, up, down;
};

struct paper_item {
    struct form_field field;
    struct str label, detail, facts, joined; /* joined: what the photographs have become */
    struct str store_name;                   /* of the field that takes from the own store */
    struct paper_shown *photos, *files;
    size_t photos_count, files_count;
    bool is_shown_only; /* nothing is sent: the paper is shown */
};

struct store_choice { /* an item of the own store */
    struct str value, label;
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
    struct store_choice *store;
    size_t store_count;
};

static const struct field paper_shown_fields[] = {
    FIELD_STR(struct paper_shown, name),   FIELD_STR(struct paper_shown, facts),
    FIELD_STR(struct paper_shown, href),   FIELD_STR(struct paper_shown, thumb),
    FIELD_STR(struct paper_shown, remove), FIELD_STR(struct paper_shown, up),
    FIELD_STR(struct paper_shown, down),   FIELD_END,
};

static const struct field store_choice_fields[] = {
    FIELD_STR(struct store_choice, value),
    FIELD_STR(struct store_choice, label),
    FIELD_END,
};

static const struct field paper_item_fields[] = {
    FIELD_STRUCT(struct paper_item, field, form_field_fields),
    FIELD_STR(struct paper_item, label),
    FIELD_STR(struct paper_item, detail),
    FIELD_STR(struct paper_item, facts),
    FIELD_STR(struct paper_item, joined),
    FIELD_STR(struct paper_item, store_name),
    FIELD_LIST(struct paper_item, photos, struct paper_shown, paper_shown_fields),
    FIELD_LIST(struct paper_item, files, struct paper_shown, paper_shown_fields),
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
    FIELD_LIST(struct papers_page, store, struct store_choice, store_choice_fields),
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

static bool has_pages(struct str type)
{
    return str_starts(type, STR("image/")) || str_eq(type, STR("application/pdf"));
}

static struct paper_shown shown_of(const struct apply *a, const struct applied_file *f, struct str name)
{
    struct arena *arena = a->rq->arena;
    struct str type = paper_type_for_people(f->type), size = paper_size_for_people(arena, f->bytes);
    struct str page = str_format(arena, "%.*s/%.*s/trang/1", STR_ARG(apply_address(a, APPLY_PAPERS)), STR_ARG(f->file));
    struct paper_shown shown = {.name = name,
                                .facts = str_format(arena, "%.*s, %.*s", STR_ARG(type), STR_ARG(size)),
                                .remove = str_format(arena, "%.*s:%.*s", STR_ARG(f->component), STR_ARG(f->file))};
    if (!has_pages(f->type)) return shown;
    shown.href = page;
    shown.thumb = str_format(arena, "%.*s?rong=%d", STR_ARG(page), IMAGE_THUMB_WIDTH);
    return shown;
}

static void add_photos(const struct apply *a, struct paper_item *item, struct str component)
{
    struct arena *arena = a->rq->arena;
    item->photos = ARENA_ARRAY(arena, struct paper_shown, a->app.photo_count + 1);
    for (size_t i = 0; i < a->app.photo_count; i++) {
        const struct applied_file *f = &a->app.photos[i];
        if (!str_eq(f->component, component)) continue;
        size_t n = item->photos_count++;
        struct str name = fail_fill(arena, translate(a->rq->language, N_("Page {0}")),
                                    (const struct str[FAIL_ARGS]){str_format(arena, "%zu", n + 1)});
        item->photos[n] = shown_of(a, f, name);
        item->photos[n].facts = STR("");
        if (n == 0) continue;
        item->photos[n].up = str_format(arena, "up:%.*s", STR_ARG(item->photos[n].remove));
        item->photos[n - 1].down = str_format(arena, "down:%.*s", STR_ARG(item->photos[n - 1].remove));
    }
}

static void add_files(const struct apply *a, struct paper_item *item, struct str component)
{
    struct arena *arena = a->rq->arena;
    item->files = ARENA_ARRAY(arena, struct paper_shown, a->app.file_count + 1);
    for (size_t i = 0; i < a->app.file_count; i++) {
        const struct applied_file *f = &a->app.files[i];
        if (!str_eq(f->component, component)) continue;
        if (!f->is_joined) {
            item->files[item->files_count++] = shown_of(a, f, f->name);
            continue;
        }
        item->joined = fail_fill(arena, translate(a->rq->language, N_("These pages are sent as one PDF file of {0}.")),
                                 (const struct str[FAIL_ARGS]){paper_size_for_people(arena, f->bytes)});
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
    struct paper_item item = {.field = *field,
                              .label = c->label,
                              .detail = c->detail,
                              .facts = field->hint,
                              .store_name = str_format(a->rq->arena, "store/%.*s", STR_ARG(c->id)),
                              .is_shown_only = c->required == REQUIRED_SHOWN};
    add_photos(a, &item, c->id);
    add_files(a, &item, c->id);
    return item;
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

/* What the person who applies keeps; an officer at the counter has no right to look into it. */
static enum outcome fill_store(const struct apply *a, struct papers_page *page, struct fail *why)
{
    struct arena *arena = a->rq->arena;
    struct vault_item *items;
    size_t count;
    AUTO_READ struct tx *tx = NULL;
    if (a->rq->visitor.agency != 0) return OK;
    TRY(store_read_begin(a->desk->store, arena, &tx, why));
    TRY(vault_list(tx, a->rq->visitor.account, 0, STORE_MOST, &items, &count, why));
    page->store = ARENA_ARRAY(arena, struct store_choice, count + 1);
    for (size_t i = 0; i < count; i++)
        if (vault_is_valid(&items[i], day_of(clock_now())))
            page->store[page->store_count++] = (struct store_choice){
                str_format(arena, "%lld", (long long)items[i].id),
                str_format(arena, "%.*s (%.*s)", STR_ARG(items[i].title), STR_ARG(items[i].paper.name))};
    return OK;
}

enum outcome apply_show_papers(struct apply *a, const struct fail *problems, struct fail *why)
{
    struct papers_page page = {.address = apply_address(a, APPLY_PAPERS),
                               .size_most = paper_size_for_people(a->rq->arena, PAPER_BYTES_MOST)};
    TRY(fill_store(a, &page, why));
    apply_fill(a, APPLY_PAPERS, problems, &page.frame, &page.head);
    fill_groups(a, problems, &page);
    page_reply(a->rq, apply_status(problems), "dossier/apply_papers", &page);
    return OK;
}

/* ---- taking ---- */

/* "files/c3f2": the paper that the file is for; empty when the procedure has no such paper. */
static struct str paper_of(const struct apply *a, struct str field)
{
    if (!str_starts(field, STR("files/"))) return STR_NONE;
    struct str id = str_part(field, 6, field.len);
    return procedure_component(a->procedure, id) != NULL ? id : STR_NONE;
}

/* The photographs of a paper as one file, made anew whenever they change. */
static enum outcome join_photos(struct apply *a, struct str component, struct fail *why)
{
    struct sha256 photos[APPLIED_FILES_MOST];
    struct upload_row row;
    size_t count = 0;
    for (size_t i = 0; i < a->app.photo_count; i++)
        if (str_eq(a->app.photos[i].component, component) && sha256_parse(a->app.photos[i].file, &photos[count]))
            count++;
    if (count == 0) {
        (void)application_join(&a->app, component, NULL); /* nothing is added */
        return OK;
    }
    const struct component *c = procedure_component(a->procedure, component);
    TRY(paper_join(a->desk, a->rq, photos, count, c->label, &row, why));
    struct applied_file joined = {
        component, sha256_format(a->rq->arena, row.hash), row.name, row.type, row.bytes, .is_joined = true};
    if (application_join(&a->app, component, &joined)) return OK;
    return fail(why, ERR_INVALID, N_("A dossier takes at most {0} files."),
                str_format(a->rq->arena, "%d", APPLIED_FILES_MOST));
}

/* Names the photographs of all papers in their order. */
static struct sha256 photos_mark(const struct apply *a)
{
    struct str *parts = ARENA_ARRAY(a->rq->arena, struct str, 2 * a->app.photo_count + 1);
    for (size_t i = 0; i < a->app.photo_count; i++) {
        parts[2 * i] = a->app.photos[i].component;
        parts[2 * i + 1] = a->app.photos[i].file;
    }
    return sha256_of_parts(parts, 2 * a->app.photo_count);
}

/* Another window may have brought photographs meanwhile: then the files are made of all of them. */
static enum outcome save_papers(struct apply *a, struct fail *why)
{
    struct sha256 mine = photos_mark(a);
    TRY(apply_save(a, why));
    if (sha256_eq(mine, photos_mark(a))) return OK;
    for (size_t i = 0; i < a->form->paper_count; i++) TRY(join_photos(a, a->form->papers[i].component->id, why));
    return apply_save(a, why);
}

static bool is_refusal(enum outcome o)
{
    return o == ERR_INVALID || o == ERR_TOO_LARGE || o == ERR_TYPE || o == ERR_DOWN;
}

/* What is said at one paper; the others go on. */
static enum outcome note(struct fail *problems, struct str pointer, enum outcome o, const struct fail *one,
                         struct fail *why)
{
    if (!is_refusal(o)) return fail_with(why, o, one->sentence, one->args);
    fail_problem_with(problems, pointer, "file", one->sentence, one->args);
    return OK;
}

static bool add_taken(struct apply *a, struct str component, const struct paper_taken *taken)
{
    const struct upload_row *row = &taken->row;
    struct applied_file file = {component, sha256_format(a->rq->arena, row->hash), row->name, row->type, row->bytes};
    return taken->is_photo ? application_add_photo(&a->app, &file) : application_add_file(&a->app, &file);
}

static enum outcome take_file(struct apply *a, const struct upload *u, struct fail *problems, struct fail *why)
{
    struct paper_taken taken;
    struct fail one;
    fail_init(&one, a->rq->arena);
    struct str component = paper_of(a, u->field), pointer = str_format(a->rq->arena, "/%.*s", STR_ARG(u->field));
    if (component.len == 0) return OK;
    enum outcome kept = paper_take(a->desk, a->rq, u, &taken, &one);
    if (kept != OK) return note(problems, pointer, kept, &one, why);
    if (!add_taken(a, component, &taken))
        fail_problem(problems, pointer, "too-many", N_("A dossier takes at most {0} files."),
                     str_format(a->rq->arena, "%d", APPLIED_FILES_MOST));
    return OK;
}

/* After the photographs of papers came: each of those papers is put together once. */
static enum outcome join_taken(struct apply *a, struct fail *problems, struct fail *why)
{
    for (size_t i = 0; i < a->form->paper_count; i++) {
        struct str component = a->form->papers[i].component->id;
        struct str field = str_format(a->rq->arena, "files/%.*s", STR_ARG(component));
        bool has_come = false;
        for (size_t n = 0; n < a->rq->upload_count; n++) has_come |= str_eq(a->rq->uploads[n].field, field);
        struct fail one;
        fail_init(&one, a->rq->arena);
        enum outcome joined = has_come ? join_photos(a, component, &one) : OK;
        if (joined != OK) TRY(note(problems, str_format(a->rq->arena, "/%.*s", STR_ARG(field)), joined, &one, why));
    }
    return OK;
}

/* "store/c3f2" = the number of an item of the visitor's own store. */
static enum outcome take_kept(struct apply *a, const struct pair *chosen, struct fail *why)
{
    struct vault_item item;
    uint64_t id;
    struct str component = str_part(chosen->name, 6, chosen->name.len);
    if (!str_starts(chosen->name, STR("store/")) || !parse_u64(chosen->value, &id) ||
        procedure_component(a->procedure, component) == NULL)
        return OK;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(a->desk->store, a->rq->arena, &tx, why));
        TRY(vault_find(tx, a->rq->visitor.account, (int64_t)id, &item, why));
    }
    const struct vault_paper *p = &item.paper;
    struct upload_row row = {a->rq->visitor.account, p->hash, p->name, p->type, p->bytes};
    struct applied_file file = {component,        sha256_format(a->rq->arena, p->hash), p->name, p->type, p->bytes,
                                .is_reused = true};
    TRY(store_run(a->desk->store, upload_save, &row, NULL, why));
    if (application_add_file(&a->app, &file)) return OK;
    return fail(why, ERR_INVALID, N_("A dossier takes at most {0} files."),
                str_format(a->rq->arena, "%d", APPLIED_FILES_MOST));
}

static enum outcome take_files(struct apply *a, struct fail *problems, struct fail *why)
{
    for (size_t i = 0; i < a->rq->upload_count; i++) {
        const struct upload *u = &a->rq->uploads[i];
        bool is_unused = u->bytes == 0 && u->file_name.len == 0; /* a field in which nothing was chosen */
        if (!is_unused) TRY(take_file(a, u, problems, why));
    }
    TRY(join_taken(a, problems, why));
    for (size_t i = 0; i < a->rq->form_count; i++) TRY(take_kept(a, &a->rq->form[i], why));
    return save_papers(a, why);
}

static enum outcome back_to(struct apply *a, struct str component, struct fail *why)
{
    TRY(save_papers(a, why));
    struct str id = page_field_id(a->rq->arena, str_format(a->rq->arena, "/files/%.*s", STR_ARG(component)));
    reply_redirect(a->rq, str_format(a->rq->arena, "%.*s#%.*s", STR_ARG(apply_address(a, APPLY_PAPERS)), STR_ARG(id)));
    return OK;
}

static enum outcome remove_file(struct apply *a, struct str which, struct fail *why)
{
    struct str component, file;
    (void)str_cut(which, ':', &component, &file); /* without one nothing is removed */
    if (application_remove_photo(&a->app, component, file))
        TRY(join_photos(a, component, why));
    else
        application_remove_file(&a->app, component, file);
    return back_to(a, component, why);
}

/* "up:c3f2:<file>" */
static enum outcome move_photo(struct apply *a, struct str which, struct fail *why)
{
    struct str way, rest, component, file;
    (void)str_cut(which, ':', &way, &rest);
    (void)str_cut(rest, ':', &component, &file); /* what is not there is not moved */
    application_move_photo(&a->app, component, file, str_eq(way, STR("up")) ? -1 : 1);
    if (procedure_component(a->procedure, component) != NULL) TRY(join_photos(a, component, why));
    return back_to(a, component, why);
}

enum outcome post_apply_papers(struct request *rq, struct fail *why)
{
    struct apply a;
    struct fail problems;
    fail_init(&problems, rq->arena);
    enum outcome loaded = apply_load(rq, &a, why);
    if (loaded == ERR_MISSING) return apply_gone(rq, loaded, why);
    TRY(loaded);
    TRY(take_files(&a, &problems, why));
    struct str remove = request_form(rq, "remove"), move = request_form(rq, "move");
    if (remove.len > 0) return remove_file(&a, remove, why);
    if (move.len > 0) return move_photo(&a, move, why);
    if (!request_has_form(rq, "upload")) return apply_go_on(&a, APPLY_PAPERS, &problems, why);
    if (problems.problem_count > 0) return apply_show_papers(&a, &problems, why);
    reply_redirect(rq, apply_address(&a, APPLY_PAPERS));
    return OK;
}

/* ---- how they look ---- */

static bool has_file(const struct applied_file *files, size_t count, struct str file)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(files[i].file, file)) return true;
    return false;
}

enum outcome get_apply_paper_page(struct request *rq, struct fail *why)
{
    struct apply a;
    struct sha256 hash;
    int page = 0, width = IMAGE_THUMB_WIDTH * 6;
    struct str file = request_param(rq, "file");
    TRY(apply_load(rq, &a, why));
    bool is_theirs = has_file(a.app.files, a.app.file_count, file) || has_file(a.app.photos, a.app.photo_count, file);
    if (!is_theirs || !sha256_parse(file, &hash) || !parse_int(request_param(rq, "page"), 1, IMAGE_PAGES_MOST, &page))
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    (void)parse_int(request_query(rq, "rong"), 1, IMAGE_WIDTH_MOST, &width); /* otherwise as wide as it is */
    return paper_picture_reply(rq, hash, &(const struct image_view){page, width, 0}, why);
}
