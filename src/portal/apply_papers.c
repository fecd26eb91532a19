/*
 * The papers of an application: a place for each on one shelf (paper_shelf.h), papers that stand for one another drawn
 * together. Whatever arrives is saved in the draft before anything is said about it.
 */
#include "base/list.h"
#include "dossier/paper.h"
#include "portal/apply.h"
#include "portal/paper_shelf.h"

struct paper_item {
    struct paper_place place;
    struct str detail;
    struct str store_name; /* of the field that takes from the own store */
    bool is_shown_only;    /* nothing is sent: the paper is shown */
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

static const struct field paper_item_fields[] = {
    FIELD_STRUCT(struct paper_item, place, paper_place_fields),
    FIELD_STR(struct paper_item, detail),
    FIELD_STR(struct paper_item, store_name),
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

static struct paper_shelf shelf_of(struct apply *a)
{
    return (struct paper_shelf){a->rq, a->desk, &a->app, apply_address(a, APPLY_PAPERS)};
}

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

static struct paper_item item_of(struct apply *a, const struct fail *problems, const struct component *c)
{
    struct arena *arena = a->rq->arena;
    struct paper_shelf shelf = shelf_of(a);
    struct form form = {.rq = a->rq, .why = problems};
    struct paper_item item = {
        .place = shelf_place(&shelf, &form, str_format(arena, "files/%.*s", STR_ARG(c->id)).at, c->id),
        .detail = c->detail,
        .store_name = str_format(arena, "store/%.*s", STR_ARG(c->id)),
        .is_shown_only = c->required == REQUIRED_SHOWN,
    };
    item.place.label = item.place.field.label = c->label;
    item.place.facts = item.place.field.hint = facts_of(a->rq, c);
    item.place.field.is_optional = c->required == REQUIRED_IF_ANY || c->required == REQUIRED_CASE;
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

enum outcome apply_show_papers(struct apply *a, const struct fail *problems, struct fail *why)
{
    struct papers_page page = {.address = apply_address(a, APPLY_PAPERS),
                               .size_most = paper_size_for_people(a->rq->arena, PAPER_BYTES_MOST)};
    struct paper_shelf shelf = shelf_of(a);
    TRY(shelf_store(&shelf, &page.store, &page.store_count, why));
    apply_fill(a, APPLY_PAPERS, problems, &page.frame, &page.head);
    fill_groups(a, problems, &page);
    page.frame.is_step = true;
    page_reply(a->rq, apply_status(problems), "portal/apply_papers", &page);
    return OK;
}

/* ---- taking ---- */

static enum outcome join_photos(struct apply *a, struct str component, struct fail *why)
{
    struct paper_shelf shelf = shelf_of(a);
    for (size_t i = 0; i < a->form->paper_count; i++) {
        const struct component *c = a->form->papers[i].component;
        if (str_eq(c->id, component)) return shelf_join(&shelf, component, c->label, why);
    }
    return OK;
}

/* Another window may have brought photographs meanwhile: then the files are made of all of them. */
static enum outcome save_papers(struct apply *a, struct fail *why)
{
    struct paper_shelf shelf = shelf_of(a);
    struct sha256 mine = shelf_mark(&shelf);
    TRY(apply_save(a, why));
    if (sha256_eq(mine, shelf_mark(&shelf))) return OK;
    for (size_t i = 0; i < a->form->paper_count; i++) TRY(join_photos(a, a->form->papers[i].component->id, why));
    return apply_save(a, why);
}

static enum outcome take_files(struct apply *a, struct fail *problems, struct fail *why)
{
    struct arena *arena = a->rq->arena;
    struct paper_shelf shelf = shelf_of(a);
    for (size_t i = 0; i < a->form->paper_count; i++) {
        const struct component *c = a->form->papers[i].component;
        const char *name = str_format(arena, "files/%.*s", STR_ARG(c->id)).at;
        const char *store = str_format(arena, "store/%.*s", STR_ARG(c->id)).at;
        TRY(shelf_take(&shelf, name, c->id, c->label, problems, why));
        TRY(shelf_take_kept(&shelf, request_form(a->rq, store), c->id, why));
    }
    return save_papers(a, why);
}

/* A button of one file: what it says, then back to its paper. */
static enum outcome press(struct apply *a, struct fail *why)
{
    struct arena *arena = a->rq->arena;
    struct paper_shelf shelf = shelf_of(a);
    struct str component, remove = request_form(a->rq, "remove");
    bool is_changed = remove.len > 0 ? shelf_remove(&shelf, remove, &component)
                                     : shelf_move(&shelf, request_form(a->rq, "move"), &component);
    if (is_changed) TRY(join_photos(a, component, why));
    TRY(save_papers(a, why));
    struct str id = page_field_id(arena, str_format(arena, "/files/%.*s", STR_ARG(component)));
    reply_redirect(a->rq, str_format(arena, "%.*s#%.*s", STR_ARG(apply_address(a, APPLY_PAPERS)), STR_ARG(id)));
    return OK;
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
    if (request_form(rq, "remove").len > 0 || request_form(rq, "move").len > 0) return press(&a, why);
    if (!request_has_form(rq, "upload")) return apply_go_on(&a, APPLY_PAPERS, &problems, why);
    if (problems.problem_count > 0) return apply_show_papers(&a, &problems, why);
    reply_redirect(rq, apply_address(&a, APPLY_PAPERS));
    return OK;
}

enum outcome get_apply_paper_page(struct request *rq, struct fail *why)
{
    struct apply a;
    TRY(apply_load(rq, &a, why));
    struct paper_shelf shelf = shelf_of(&a);
    return shelf_reply_page(&shelf, why);
}
