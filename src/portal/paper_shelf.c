#include "portal/paper_shelf.h"

#include "base/parse.h"
#include "dossier/paper.h"
#include "dossier/paper_picture.h"
#include "image/image.h"
#include "vault/vault.h"

enum { STORE_MOST = 30 };

/* clang-format off */
static const struct field paper_shown_fields[] = {
    FIELD_STR(struct paper_shown, name),
    FIELD_STR(struct paper_shown, facts),
    FIELD_STR(struct paper_shown, href),
    FIELD_STR(struct paper_shown, thumb),
    FIELD_STR(struct paper_shown, remove),
    FIELD_STR(struct paper_shown, up),
    FIELD_STR(struct paper_shown, down),
    FIELD_END,
};

const struct field paper_place_fields[] = {
    FIELD_STRUCT(struct paper_place, field, form_field_fields),
    FIELD_STR(struct paper_place, label),
    FIELD_STR(struct paper_place, facts),
    FIELD_STR(struct paper_place, joined),
    FIELD_BOOL(struct paper_place, is_phrase),
    FIELD_LIST(struct paper_place, photos, struct paper_shown, paper_shown_fields),
    FIELD_LIST(struct paper_place, files, struct paper_shown, paper_shown_fields),
    FIELD_END,
};

const struct field store_choice_fields[] = {
    FIELD_STR(struct store_choice, value),
    FIELD_STR(struct store_choice, label),
    FIELD_END,
};
/* clang-format on */

/* ---- drawing ---- */

static struct paper_shown shown_of(const struct paper_shelf *s, const struct applied_file *f, struct str name)
{
    struct arena *arena = s->rq->arena;
    struct str type = paper_type_for_people(f->type), size = paper_size_for_people(arena, f->bytes);
    struct str page = str_format(arena, "%.*s/%.*s/trang/1", STR_ARG(s->pages), STR_ARG(f->file));
    struct paper_shown shown = {.name = name,
                                .facts = str_format(arena, "%.*s, %.*s", STR_ARG(type), STR_ARG(size)),
                                .remove = str_format(arena, "%.*s:%.*s", STR_ARG(f->component), STR_ARG(f->file))};
    if (f->is_reused)
        shown.facts = str_format(arena, "%.*s · %.*s", STR_ARG(shown.facts),
                                 STR_ARG(translate(s->rq->language, N_("from your own store"))));
    if (!paper_has_pages(f->type)) return shown;
    shown.href = page;
    shown.thumb = str_format(arena, "%.*s?rong=%d", STR_ARG(page), IMAGE_THUMB_WIDTH);
    return shown;
}

static void add_photos(const struct paper_shelf *s, struct paper_place *place, struct str component)
{
    struct arena *arena = s->rq->arena;
    place->photos = ARENA_ARRAY(arena, struct paper_shown, s->app->photo_count + 1);
    for (size_t i = 0; i < s->app->photo_count; i++) {
        const struct applied_file *f = &s->app->photos[i];
        if (!str_eq(f->component, component)) continue;
        size_t n = place->photos_count++;
        struct str name = fail_fill(arena, translate(s->rq->language, N_("Page {0}")),
                                    (const struct str[FAIL_ARGS]){str_format(arena, "%zu", n + 1)});
        place->photos[n] = shown_of(s, f, name);
        place->photos[n].facts = STR("");
        if (n == 0) continue;
        place->photos[n].up = str_format(arena, "up:%.*s", STR_ARG(place->photos[n].remove));
        place->photos[n - 1].down = str_format(arena, "down:%.*s", STR_ARG(place->photos[n - 1].remove));
    }
}

static void add_files(const struct paper_shelf *s, struct paper_place *place, struct str component)
{
    struct arena *arena = s->rq->arena;
    place->files = ARENA_ARRAY(arena, struct paper_shown, s->app->file_count + 1);
    for (size_t i = 0; i < s->app->file_count; i++) {
        const struct applied_file *f = &s->app->files[i];
        if (!str_eq(f->component, component)) continue;
        if (!f->is_joined) {
            place->files[place->files_count++] = shown_of(s, f, f->name);
            continue;
        }
        place->joined = fail_fill(arena, translate(s->rq->language, N_("These pages are sent as one PDF file of {0}.")),
                                  (const struct str[FAIL_ARGS]){paper_size_for_people(arena, f->bytes)});
    }
}

struct paper_place shelf_place(const struct paper_shelf *s, struct form *form, const char *name, struct str component)
{
    struct form_field *field = form_file(form, name, NULL, NULL);
    field->is_multiple = true;
    field->is_strong = true;
    field->accept = STR(".pdf,.jpg,.jpeg,.png,.heic,.heif,.doc,.docx,.xls,.xlsx,application/pdf,image/*");
    struct paper_place place = {.field = *field};
    add_photos(s, &place, component);
    add_files(s, &place, component);
    return place;
}

enum outcome shelf_store(const struct paper_shelf *s, struct store_choice **out, size_t *out_count, struct fail *why)
{
    struct arena *arena = s->rq->arena;
    struct vault_item *items;
    size_t count;
    AUTO_READ struct tx *tx = NULL;
    *out_count = 0;
    if (s->rq->visitor.agency != 0) return OK;
    TRY(store_read_begin(s->desk->store, arena, &tx, why));
    TRY(vault_list(tx, s->rq->visitor.account, 0, STORE_MOST, &items, &count, why));
    *out = ARENA_ARRAY(arena, struct store_choice, count + 1);
    for (size_t i = 0; i < count; i++)
        if (vault_is_valid(&items[i], day_of(clock_now())))
            (*out)[(*out_count)++] = (struct store_choice){
                str_format(arena, "%lld", (long long)items[i].id),
                str_format(arena, "%.*s (%.*s)", STR_ARG(items[i].title), STR_ARG(items[i].paper.name))};
    return OK;
}

/* ---- taking ---- */

struct sha256 shelf_mark(const struct paper_shelf *s)
{
    struct str *parts = ARENA_ARRAY(s->rq->arena, struct str, 2 * s->app->photo_count + 1);
    for (size_t i = 0; i < s->app->photo_count; i++) {
        parts[2 * i] = s->app->photos[i].component;
        parts[2 * i + 1] = s->app->photos[i].file;
    }
    return sha256_of_parts(parts, 2 * s->app->photo_count);
}

static enum outcome too_many(const struct paper_shelf *s, struct fail *why)
{
    return fail(why, ERR_INVALID, N_("A dossier takes at most {0} files."),
                str_format(s->rq->arena, "%d", APPLIED_FILES_MOST));
}

enum outcome shelf_join(const struct paper_shelf *s, struct str component, struct str label, struct fail *why)
{
    struct sha256 photos[APPLIED_FILES_MOST];
    struct upload_row row;
    size_t count = 0;
    for (size_t i = 0; i < s->app->photo_count; i++)
        if (str_eq(s->app->photos[i].component, component) && sha256_parse(s->app->photos[i].file, &photos[count]))
            count++;
    if (count == 0) {
        (void)application_join(s->app, component, NULL); /* nothing is added */
        return OK;
    }
    TRY(paper_join(s->desk, s->rq, photos, count, label, &row, why));
    struct applied_file joined = {
        component, sha256_format(s->rq->arena, row.hash), row.name, row.type, row.bytes, .is_joined = true};
    return application_join(s->app, component, &joined) ? OK : too_many(s, why);
}

static enum outcome take_one(const struct paper_shelf *s, const struct upload *u, struct str component,
                             struct fail *why)
{
    struct paper_taken taken;
    TRY(paper_take(s->desk, s->rq, u, &taken, why));
    const struct upload_row *row = &taken.row;
    struct applied_file file = {component, sha256_format(s->rq->arena, row->hash), row->name, row->type, row->bytes};
    bool has_room = taken.is_photo ? application_add_photo(s->app, &file) : application_add_file(s->app, &file);
    return has_room ? OK : too_many(s, why);
}

/* What is said at one paper; the others go on. */
static enum outcome note(struct fail *problems, struct str pointer, enum outcome o, const struct fail *one,
                         struct fail *why)
{
    bool is_refusal = o == ERR_INVALID || o == ERR_TOO_LARGE || o == ERR_TYPE || o == ERR_DOWN;
    if (o == OK) return OK;
    if (!is_refusal) return fail_with(why, o, one->sentence, one->args);
    fail_problem_with(problems, pointer, "file", one->sentence, one->args);
    return OK;
}

enum outcome shelf_take(const struct paper_shelf *s, const char *name, struct str component, struct str label,
                        struct fail *problems, struct fail *why)
{
    struct request *rq = s->rq;
    struct str field = str_from(name), pointer = str_format(rq->arena, "/%s", name);
    bool has_come = false;
    for (size_t i = 0; i < rq->upload_count; i++) {
        const struct upload *u = &rq->uploads[i];
        struct fail one;
        fail_init(&one, rq->arena);
        bool is_unused = u->bytes == 0 && u->file_name.len == 0; /* a field in which nothing was chosen */
        if (is_unused || !str_eq(u->field, field)) continue;
        has_come = true;
        TRY(note(problems, pointer, take_one(s, u, component, &one), &one, why));
    }
    struct fail one;
    fail_init(&one, rq->arena);
    if (!has_come) return OK;
    return note(problems, pointer, shelf_join(s, component, label, &one), &one, why);
}

enum outcome shelf_take_kept(const struct paper_shelf *s, struct str number, struct str component, struct fail *why)
{
    struct vault_item item;
    uint64_t id;
    if (!parse_u64(number, &id)) return OK;
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(s->desk->store, s->rq->arena, &tx, why));
        TRY(vault_find(tx, s->rq->visitor.account, (int64_t)id, &item, why));
    }
    const struct vault_paper *p = &item.paper;
    struct applied_file file = {component,        sha256_format(s->rq->arena, p->hash), p->name, p->type, p->bytes,
                                .is_reused = true};
    return application_add_file(s->app, &file) ? OK : too_many(s, why);
}

bool shelf_remove(const struct paper_shelf *s, struct str which, struct str *out_component)
{
    struct str file;
    (void)str_cut(which, ':', out_component, &file); /* what is not there is not removed */
    if (application_remove_photo(s->app, *out_component, file)) return true;
    application_remove_file(s->app, *out_component, file);
    return false;
}

bool shelf_move(const struct paper_shelf *s, struct str which, struct str *out_component)
{
    struct str way, rest, file;
    (void)str_cut(which, ':', &way, &rest);
    (void)str_cut(rest, ':', out_component, &file); /* what is not there is not moved */
    struct sha256 before = shelf_mark(s);
    application_move_photo(s->app, *out_component, file, str_eq(way, STR("up")) ? -1 : 1);
    return !sha256_eq(before, shelf_mark(s));
}

/* ---- looking at what was sent ---- */

static bool has_file(const struct applied_file *files, size_t count, struct str file)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(files[i].file, file)) return true;
    return false;
}

enum outcome shelf_reply_page(const struct paper_shelf *s, struct fail *why)
{
    struct request *rq = s->rq;
    struct sha256 hash;
    int page = 0, width = PAPER_PAGE_WIDTH;
    struct str file = request_param(rq, "file");
    bool is_theirs =
        has_file(s->app->files, s->app->file_count, file) || has_file(s->app->photos, s->app->photo_count, file);
    if (!is_theirs || !sha256_parse(file, &hash) || !parse_int(request_param(rq, "page"), 1, IMAGE_PAGES_MOST, &page))
        return fail(why, ERR_MISSING, N_("There is nothing at this address."));
    (void)parse_int(request_query(rq, "rong"), 1, IMAGE_WIDTH_MOST, &width); /* what is none leaves it */
    return paper_picture_reply(rq, hash, &(const struct image_view){page, width, 0}, why);
}
