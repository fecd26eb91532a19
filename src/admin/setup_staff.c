/* The set-up's fourth step: the staff from a list. Looked at first, with each line's mistakes; then all accounts or
 * none, with passwords that are shown this once. */
#include "admin/setup_pages.h"
#include "admin/staff_list.h"
#include "agency/role.h"
#include "base/file.h"
#include "base/list.h"
#include "base/text.h"

static struct str say(const struct request *rq, const char *message, struct str a, struct str b)
{
    return fail_fill(rq->arena, translate(rq->language, message), (const struct str[FAIL_ARGS]){a, b});
}

/* ---- what the office knows: logins that are taken, units by name ---- */

struct known {
    struct agency *units;
    size_t unit_count;
};

static const struct agency *unit_named(const struct request *rq, const struct known *k, struct str name)
{
    struct str folded = text_fold(rq->arena, name);
    for (size_t i = 0; i < k->unit_count; i++)
        if (str_eq(text_fold(rq->arena, k->units[i].name), folded)) return &k->units[i];
    return NULL;
}

static enum outcome load_units(struct request *rq, struct tx *tx, struct known *out, struct fail *why)
{
    struct agency_filter filter = {.parent = office_of(rq->app).agency, .day = day_of(clock_now()), .most = 100};
    *out = (struct known){0};
    return filter.parent == 0 ? OK : agency_list(tx, &filter, &out->units, &out->unit_count, why);
}

/* A login that somebody has: a mistake when it was written, the next number when it was made. */
static enum outcome settle_login(struct request *rq, struct tx *tx, struct staff_list *list, struct staff_line *l,
                                 struct fail *why)
{
    struct str base = l->login;
    for (int n = 2; n < 100 && l->login.len > 0; n++) {
        struct account known;
        struct fail missing;
        fail_init(&missing, rq->arena);
        enum outcome r = account_find(tx, l->login, &known, &missing);
        if (r == ERR_MISSING) return OK;
        if (r != OK) return fail_with(why, r, missing.sentence, missing.args);
        if (l->is_own_login) {
            staff_mistake(list, l, N_("The login {0} is taken."), l->login);
            return OK;
        }
        l->login = str_format(rq->arena, "%.*s%d", STR_ARG(base), n);
    }
    return OK;
}

static enum outcome look_up(struct request *rq, struct staff_list *list, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct known known;
    TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
    TRY(load_units(rq, tx, &known, why));
    for (size_t i = 0; i < list->count; i++) {
        struct staff_line *l = &list->lines[i];
        TRY(settle_login(rq, tx, list, l, why));
        if (l->unit.len > 0 && unit_named(rq, &known, l->unit) == NULL)
            staff_mistake(list, l, N_("The agency has no unit “{0}”: add it in the step before, or leave it empty."),
                          l->unit);
    }
    return OK;
}

/* ---- the page ---- */

static const char example[] = "Họ và tên;Vai trò;Tên đăng nhập;Email;Điện thoại;Đơn vị;Lĩnh vực\n";

static struct str title_of_role(const struct request *rq, struct str name)
{
    const struct role *role = role_find(name);
    return role != NULL ? translate(rq->language, role->title) : STR_NONE;
}

static struct setup_row row_of(struct request *rq, const struct staff_line *l)
{
    struct setup_row row = {.number = l->number, .name = l->name, .login = l->login};
    struct str role = title_of_role(rq, l->role.len > 0 ? l->role : STR("-"));
    const struct str parts[] = {role.len > 0 ? role : l->role_text, l->unit, l->field};
    struct str shown[LENGTH(parts)];
    size_t count = 0;
    for (size_t i = 0; i < LENGTH(parts); i++)
        if (parts[i].len > 0) shown[count++] = parts[i];
    row.detail = str_join(rq->arena, STR(" · "), shown, count);
    row.mistakes = ARENA_ARRAY(rq->arena, struct setup_text, l->mistake_count + 1);
    row.mistakes_count = l->mistake_count;
    for (size_t i = 0; i < l->mistake_count; i++)
        row.mistakes[i].text =
            fail_fill(rq->arena, translate(rq->language, l->mistakes[i].sentence), l->mistakes[i].args);
    row.tag = l->mistake_count > 0 ? tag_of(TAG_LATE, translate(rq->language, N_("Mistake")))
                                   : tag_of(TAG_DONE, translate(rq->language, N_("Fine")));
    return row;
}

static void add_preview(struct request *rq, struct setup_page *page, const struct staff_list *list)
{
    page->is_preview = true;
    page->rows = ARENA_ARRAY(rq->arena, struct setup_row, list->count + 1);
    page->rows_count = list->count;
    for (size_t i = 0; i < list->count; i++) page->rows[i] = row_of(rq, &list->lines[i]);
    struct str all = str_format(rq->arena, "%zu", list->count), wrong = str_format(rq->arena, "%zu", list->wrong_count);
    page->rows_title =
        list->wrong_count > 0
            ? say(rq, N_("{0} people; {1} with mistakes. Correct them in the list, then look again."), all, wrong)
            : say(rq, N_("{0} people, no mistakes."), all, STR_NONE);
}

/* list: what was read; NULL: nothing yet. */
static enum outcome show(struct request *rq, struct str text, const struct staff_list *list, const struct fail *refusal,
                         struct fail *why)
{
    struct setup_page page = setup_page_of(rq, SETUP_STAFF);
    struct form form = {.rq = rq, .why = refusal};
    page.has_files = true;
    page.lead =
        translate(rq->language, N_("One person a line: name and role; login, e-mail, telephone, unit and field of "
                                   "procedures when you have them. A file from Excel (CSV UTF-8) or cells copied "
                                   "and pasted: both are understood. Nothing is made before you have looked."));
    struct form_field *f = form_file(&form, "file", N_("A file (CSV)"), NULL);
    f->accept = STR("text/csv,text/plain,.csv,.txt,.tsv");
    f = form_area(&form, "text", N_("Or the list itself"),
                  N_("Roles: receiver, specialist, leader, clerk, administrator, or as your office calls them."),
                  STR_NONE);
    f->rows = 10;
    f->value = text;
    FORM_INTO(&form, page.fields);
    if (list != NULL) add_preview(rq, &page, list);
    if (list != NULL && list->wrong_count == 0) setup_button(rq, &page, N_("Make these accounts"), "make");
    setup_button(rq, &page, N_("Look at the list"), "look");
    return setup_show(rq, SETUP_STAFF, &page, refusal, why);
}

enum outcome setup_get_staff(struct request *rq, struct fail *why)
{
    struct setup_memory steps[SETUP_STEP_COUNT];
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(setup_load(tx, steps, why));
    }
    bool has_draft = steps[SETUP_STAFF].state == SETUP_OPEN && steps[SETUP_STAFF].note.len > 0;
    return show(rq, has_draft ? steps[SETUP_STAFF].note : str_from(example), NULL, NULL, why);
}

/* ---- making the accounts ---- */

static enum outcome read_text(struct request *rq, struct str *out, struct fail *why)
{
    for (size_t i = 0; i < rq->upload_count; i++) {
        struct str bytes;
        if (rq->uploads[i].bytes == 0) continue;
        TRY(file_read(rq->arena, rq->uploads[i].path, STAFF_BYTES, &bytes, why));
        TRY(staff_text(rq->arena, bytes, out, why));
        return OK;
    }
    *out = request_form(rq, "text");
    return OK;
}

static struct staff_new *staff_of(struct request *rq, const struct staff_list *list, const struct known *known)
{
    struct staff_new *staff = ARENA_ARRAY(rq->arena, struct staff_new, list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct staff_line *l = &list->lines[i];
        const struct agency *unit = l->unit.len > 0 ? unit_named(rq, known, l->unit) : NULL;
        staff[i] = (struct staff_new){
            .user = {.actor = people_actor(rq),
                     .login = l->login,
                     .name = l->name,
                     .kind = STR("officer"),
                     .password = people_make_password(rq->arena),
                     .email = l->email,
                     .phone = l->phone,
                     .must_change = true},
            .role = l->role,
            .procedure_group = text_fold(rq->arena, l->field),
            .agency = office_of(rq->app).agency,
            .unit = unit != NULL ? unit->id : 0
        };
    }
    return staff;
}

static enum outcome make(struct request *rq, const struct staff_list *list, struct staff_new **out, struct fail *why)
{
    struct known known;
    if (office_of(rq->app).agency == 0) return fail(why, ERR_CONFLICT, N_("Choose the agency first."));
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(load_units(rq, tx, &known, why));
    }
    *out = staff_of(rq, list, &known);
    return people_staff_add(app_people(rq->app), *out, list->count, why);
}

/* The only time that the passwords are seen: to be printed and cut. */
static enum outcome show_passwords(struct request *rq, const struct staff_list *list, const struct staff_new *staff,
                                   struct fail *why)
{
    struct setup_page page = setup_page_of(rq, SETUP_STAFF);
    page.can_skip = false;
    page.has_passwords = true;
    page.site = setup_sign_in_address(rq);
    page.lead =
        translate(rq->language, N_("These passwords are shown this once and kept nowhere. Print the page, cut it and "
                                   "hand each slip to its person; at the first sign-in they choose their own."));
    page.rows = ARENA_ARRAY(rq->arena, struct setup_row, list->count);
    page.rows_count = list->count;
    for (size_t i = 0; i < list->count; i++)
        page.rows[i] = (struct setup_row){.number = (int64_t)i + 1,
                                          .name = list->lines[i].name,
                                          .detail = title_of_role(rq, list->lines[i].role),
                                          .login = staff[i].user.login,
                                          .password = staff[i].user.password};
    TRY(setup_remember(rq, SETUP_STAFF, SETUP_DONE, str_format(rq->arena, "%zu", list->count), why));
    return setup_show(rq, SETUP_STAFF, &page, NULL, why);
}

/* For another day; a step that was done stays done. */
static enum outcome keep_draft(struct request *rq, struct str text, struct fail *why)
{
    struct setup_memory steps[SETUP_STEP_COUNT];
    {
        AUTO_READ struct tx *tx = NULL;
        TRY(store_read_begin(app_store(rq->app), rq->arena, &tx, why));
        TRY(setup_load(tx, steps, why));
    }
    return steps[SETUP_STAFF].state == SETUP_DONE ? OK : setup_remember(rq, SETUP_STAFF, SETUP_OPEN, text, why);
}

enum outcome setup_post_staff(struct request *rq, struct fail *why)
{
    struct fail refusal;
    struct str text = STR_NONE;
    struct staff_list list = {0};
    struct staff_new *staff = NULL;
    bool is_make = str_eq(request_form(rq, "act"), STR("make"));
    fail_init(&refusal, rq->arena);
    enum outcome done = read_text(rq, &text, &refusal);
    if (done == OK) done = staff_read(rq->arena, text, &list, &refusal);
    if (done == OK) done = look_up(rq, &list, &refusal);
    bool is_fine = done == OK && list.wrong_count == 0;
    if (is_fine && is_make) done = make(rq, &list, &staff, &refusal);
    if (done == OK && is_fine && is_make) return show_passwords(rq, &list, staff, why);
    if (setup_is_mistake(done)) {
        if (refusal.problem_count == 0)
            fail_problem_with(&refusal, STR("#/text"), "refused", refusal.sentence, refusal.args);
        refusal.outcome = ERR_INVALID;
        return show(rq, text, list.count > 0 ? &list : NULL, &refusal, why);
    }
    if (done != OK) {
        *why = refusal;
        return done;
    }
    TRY(keep_draft(rq, text, why));
    return show(rq, text, &list, NULL, why);
}
