#include "portal/supplement_page.h"

#include "agency/permission.h"
#include "base/auto.h"
#include "base/parse.h"
#include "base/text.h"
#include "dossier/act_input.h"
#include "dossier/dossier_visit.h"
#include "dossier/draft.h"
#include "dossier/paper.h"
#include "dossier/view_text.h"
#include "html/component.h"
#include "people/held_form.h"
#include "portal/apply.h"
#include "portal/paper_shelf.h"

enum { ANSWER_BODY_BYTES = 100 * 1024 * 1024, ANSWER_JSON_BYTES = 512 * 1024, KEEP_TRIES = 3 };

/* The answer in the making. Files stand under the paper that they are for, "" for others; texts under the item's paper
 * or field, "note" for the rest. */
struct answer {
    struct request *rq;
    const struct desk *desk;
    struct dossier_view view;
    struct draft draft; /* id 0: nothing was kept yet */
    struct application kept;
    const struct application *loaded; /* as it was read */
};

static struct str dossier_address(const struct answer *a)
{
    return str_format(a->rq->arena, "/ho-so/%.*s", STR_ARG(a->view.dossier.code));
}

static const struct supplement *asked(const struct answer *a)
{
    return &a->view.aside.supplement;
}

/* ---- the draft ---- */

static enum outcome load_draft(struct answer *a, struct tx *tx, struct fail *why)
{
    a->kept = (struct application){.procedure = a->view.procedure->code};
    a->draft = (struct draft){
        .account = a->rq->visitor.account, .procedure_code = a->view.procedure->code, .dossier = a->view.dossier.id};
    enum outcome found =
        draft_of_dossier(tx, a->desk->keys, a->rq->visitor.account, a->view.dossier.id, &a->draft, why);
    if (found != ERR_MISSING) TRY(found);
    if (found == OK) TRY(application_read(a->rq->arena, a->draft.content, &a->kept, why));
    struct application *loaded = ARENA_NEW(a->rq->arena, struct application);
    *loaded = a->kept;
    a->loaded = loaded;
    return OK;
}

/* ERR_MISSING also for who sees the dossier but has nothing to answer: out->view then says where they belong. */
static enum outcome load(struct request *rq, struct answer *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    *out = (struct answer){.rq = rq, .desk = app_desk(rq->app)};
    TRY(dossier_visit(rq, &tx, &out->view, why));
    if (!dossier_view_can(&out->view, ACTION_SUPPLEMENT)) return OK;
    return load_draft(out, tx, why);
}

static struct paper_shelf shelf_of(struct answer *a)
{
    return (struct paper_shelf){a->rq, a->desk, &a->kept, supplement_address(a->rq->arena, a->view.dossier.code)};
}

static bool is_waited_for(const struct answer *a)
{
    return dossier_view_can(&a->view, ACTION_SUPPLEMENT);
}

static struct str *text_place(struct answer *a, struct str key)
{
    for (size_t i = 0; i < a->kept.form_count; i++)
        if (str_eq(a->kept.form[i].name, key)) return &a->kept.form[i].value;
    struct pair *more = ARENA_ARRAY(a->rq->arena, struct pair, a->kept.form_count + 1);
    for (size_t i = 0; i < a->kept.form_count; i++) more[i] = a->kept.form[i];
    a->kept.form = more;
    a->kept.is_form_seen = true;
    more[a->kept.form_count++] = (struct pair){key, STR("")};
    return &more[a->kept.form_count - 1].value;
}

static struct str text_of(const struct answer *a, struct str key)
{
    for (size_t i = 0; i < a->kept.form_count; i++)
        if (str_eq(a->kept.form[i].name, key)) return a->kept.form[i].value;
    return STR("");
}

static struct str key_of(const struct supplement_item *item)
{
    return item->asked.component.len > 0 ? item->asked.component : item->asked.field;
}

static enum outcome save(struct answer *a, struct fail *why)
{
    a->draft.content = application_write(a->rq->arena, &a->kept);
    TRY(draft_save(a->desk->store, a->desk->keys, &a->draft, &a->draft.id, why));
    a->draft.version++;
    return OK;
}

/* ---- drawing ---- */

struct place { /* of one item */
    struct str label, reason, basis, before;
    int64_t number;
    struct form_field field;  /* the field's new value */
    struct paper_place paper; /* or the paper */
    struct str store_name;    /* of the field that takes it from the own store */
    struct form_field excuse; /* of a paper: why it cannot be sent */
    bool is_paper, is_excused;
};

struct answer_page {
    struct frame frame;
    struct str code, procedure, address, note, until, version, seen, size_most;
    struct place *places;
    size_t places_count;
    struct paper_place others; /* what else is sent */
    struct form_field word;    /* and said */
    struct store_choice *store;
    size_t store_count;
    bool has_items;
};

static const struct field place_fields[] = {
    FIELD_STR(struct place, label),
    FIELD_STR(struct place, reason),
    FIELD_STR(struct place, basis),
    FIELD_STR(struct place, before),
    FIELD_INT(struct place, number),
    FIELD_STRUCT(struct place, field, form_field_fields),
    FIELD_STRUCT(struct place, paper, paper_place_fields),
    FIELD_STR(struct place, store_name),
    FIELD_STRUCT(struct place, excuse, form_field_fields),
    FIELD_BOOL(struct place, is_paper),
    FIELD_BOOL(struct place, is_excused),
    FIELD_END,
};

static const struct field answer_page_fields[] = {
    FRAME_FIELDS(struct answer_page),
    FIELD_STR(struct answer_page, code),
    FIELD_STR(struct answer_page, procedure),
    FIELD_STR(struct answer_page, address),
    FIELD_STR(struct answer_page, note),
    FIELD_STR(struct answer_page, until),
    FIELD_STR(struct answer_page, version),
    FIELD_STR(struct answer_page, seen),
    FIELD_STR(struct answer_page, size_most),
    FIELD_LIST(struct answer_page, places, struct place, place_fields),
    FIELD_STRUCT(struct answer_page, others, paper_place_fields),
    FIELD_STRUCT(struct answer_page, word, form_field_fields),
    FIELD_LIST(struct answer_page, store, struct store_choice, store_choice_fields),
    FIELD_END,
};

struct drawing {
    struct answer *a;
    const struct fail *problems;
    const struct pair *elsewhere; /* texts that another device saved meanwhile, by key */
    size_t elsewhere_count;
    struct form form;
};

static struct str said_elsewhere(const struct drawing *d, struct str key)
{
    for (size_t i = 0; i < d->elsewhere_count; i++)
        if (str_eq(d->elsewhere[i].name, key)) return d->elsewhere[i].value;
    return STR("");
}

static struct paper_place draw_place(struct drawing *d, const char *name, const char *label, struct str component)
{
    struct paper_shelf shelf = shelf_of(d->a);
    struct paper_place place = shelf_place(&shelf, &d->form, name, component);
    place.label = place.field.label = form_say(&d->form, label);
    place.is_phrase = true;
    return place;
}

static void draw_paper(struct drawing *d, const struct supplement_item *item, const char *name, struct place *out)
{
    struct arena *arena = d->a->rq->arena;
    const char *excuse = str_format(arena, "excuse/%lld", (long long)item->n).at;
    out->is_paper = true;
    out->paper = draw_place(d, name, N_("Send this paper"), item->asked.component);
    out->store_name = str_format(arena, "store/%lld", (long long)item->n);
    struct form_field *area =
        form_area(&d->form, excuse, N_("Why you cannot send it"), NULL, text_of(d->a, key_of(item)));
    area->rows = 3;
    area->elsewhere = said_elsewhere(d, key_of(item));
    out->excuse = *area;
    out->is_excused = area->value.len > 0 || area->elsewhere.len > 0;
}

static void draw_field(struct drawing *d, const struct supplement_item *item, const char *name, struct place *out)
{
    struct str kept = text_of(d->a, key_of(item));
    bool is_long = str_starts(item->asked.field, STR("/form/")) || str_ends(item->asked.field, STR("/address"));
    out->before = supplement_value(d->a->rq->arena, &d->a->view, &item->asked);
    enum identity_type type;
    bool is_number = supplement_asks_identity(&item->asked, &type), is_name = str_ends(item->asked.field, STR("/name"));
    struct str stored = kept.len > 0 || is_number ? kept : out->before; /* a mask is no number to begin with */
    const char *hint = is_number ? N_("As printed on the card or certificate.")
                       : is_name ? N_("As on the card. Another person needs a dossier of their own.")
                                 : NULL;
    struct form_field *field = is_long ? form_area(&d->form, name, N_("What it should say"), hint, stored)
                                       : form_text(&d->form, name, N_("What it should say"), hint, stored);
    if (str_ends(item->asked.field, STR("/email"))) field->type = STR("email");
    if (str_ends(item->asked.field, STR("/phone"))) field->type = STR("tel");
    if (is_number) field->autocomplete = STR("off");
    field->elsewhere = said_elsewhere(d, key_of(item));
    out->field = *field;
}

static struct str basis_of(const struct answer *a, const struct supplement_item *item)
{
    if (item->asked.basis.len > 0) return item->asked.basis;
    return fail_fill(a->rq->arena, translate(a->rq->language, N_("The papers that procedure {0} names")),
                     (const struct str[FAIL_ARGS]){a->view.procedure->code});
}

static void draw_places(struct drawing *d, struct answer_page *page)
{
    const struct supplement *s = asked(d->a);
    page->places = ARENA_ARRAY(d->a->rq->arena, struct place, s->item_count + 1);
    for (size_t i = 0; i < s->item_count; i++) {
        const struct supplement_item *item = &s->items[i];
        const char *name = str_format(d->a->rq->arena, "answers/%lld", (long long)item->n).at;
        if (!item->is_open) continue;
        struct place *place = &page->places[page->places_count++];
        *place = (struct place){.label = item->label,
                                .reason = item->asked.reason,
                                .basis = basis_of(d->a, item),
                                .number = (int64_t)page->places_count};
        if (item->asked.component.len > 0)
            draw_paper(d, item, name, place);
        else
            draw_field(d, item, name, place);
    }
    page->has_items = page->places_count > 0;
}

static enum outcome show(struct drawing *d, int status, struct fail *why)
{
    struct answer *a = d->a;
    struct arena *arena = a->rq->arena;
    const struct supplement *s = asked(a);
    struct answer_page page = {
        .code = a->view.dossier.code,
        .procedure = a->view.procedure->name,
        .address = supplement_address(a->rq->arena, a->view.dossier.code),
        .until = s->until != 0 ? day_for_people(arena, s->until) : STR(""),
        .version = str_format(arena, "%lld", (long long)a->view.dossier.version),
        .seen = str_format(arena, "%lld", (long long)a->draft.version),
        .size_most = paper_size_for_people(arena, PAPER_BYTES_MOST),
    };
    struct paper_shelf shelf = shelf_of(a);
    TRY(shelf_store(&shelf, &page.store, &page.store_count, why));
    d->form = (struct form){.rq = a->rq, .why = d->problems};
    draw_places(d, &page);
    page.note = page.has_items ? s->note : a->view.dossier.reason;
    page.others = draw_place(d, "files", page.has_items ? N_("Other papers") : N_("Papers"), STR(""));
    if (page.has_items) page.others.facts = form_say(&d->form, N_("Not required"));
    struct form_field *word = form_area(&d->form, "note", N_("A word to the office"), NULL, text_of(a, STR("note")));
    word->is_optional = true;
    word->rows = 3;
    word->elsewhere = said_elsewhere(d, STR("note"));
    page.word = *word;
    page.frame.title = fail_fill(arena, translate(a->rq->language, N_("What is asked for: dossier {0}")),
                                 (const struct str[FAIL_ARGS]){page.code});
    page.frame.back_href = dossier_address(a);
    if (d->problems != NULL && d->problems->problem_count > 0) page_problems(a->rq, &page.frame, d->problems);
    page.frame.is_step = true;
    page_reply(a->rq, status, "portal/supplement", &page);
    return OK;
}

/* ---- taking ---- */

/* What was typed takes the place of what is kept, unless another device kept something else meanwhile: then both are
 * shown. The kept texts stay as they are for those. */
struct taking {
    struct answer *a;
    bool is_current; /* the form was made of what is kept now */
    struct pair elsewhere[ASKED_ITEMS_MOST + 1];
    size_t elsewhere_count;
};

static void take_text(struct taking *t, struct str key, struct str typed)
{
    struct str *kept = text_place(t->a, key);
    if (typed.len == 0 && kept->len == 0) return; /* nothing was written yet */
    if (t->is_current || kept->len == 0 || str_eq(*kept, typed))
        *kept = typed;
    else if (typed.len > 0)
        t->elsewhere[t->elsewhere_count++] = (struct pair){key, *kept};
}

static void take_texts(struct taking *t)
{
    struct request *rq = t->a->rq;
    const struct supplement *s = asked(t->a);
    for (size_t i = 0; i < s->item_count; i++) {
        const struct supplement_item *item = &s->items[i];
        const char *kind = item->asked.component.len > 0 ? "excuse" : "answers";
        const char *name = str_format(rq->arena, "%s/%lld", kind, (long long)item->n).at;
        if (!item->is_open || !request_has_form(rq, name)) continue;
        take_text(t, key_of(item), str_trim(request_form(rq, name)));
    }
    if (request_has_form(rq, "note")) take_text(t, STR("note"), str_trim(request_form(rq, "note")));
}

/* The label of a paper, by which the PDF of its photographs is named. */
static struct str label_of(const struct answer *a, struct str component)
{
    const struct component *c = procedure_component(a->view.procedure, component);
    return c != NULL ? c->label : translate(a->rq->language, N_("Papers"));
}

static enum outcome take_paper(struct answer *a, const struct supplement_item *item, struct fail *problems,
                               struct fail *why)
{
    struct arena *arena = a->rq->arena;
    struct paper_shelf shelf = shelf_of(a);
    struct str component = item->asked.component;
    if (!item->is_open || component.len == 0) return OK;
    const char *name = str_format(arena, "answers/%lld", (long long)item->n).at;
    struct str number = request_form(a->rq, str_format(arena, "store/%lld", (long long)item->n).at);
    TRY(shelf_take(&shelf, name, component, label_of(a, component), problems, why));
    return shelf_take_kept(&shelf, number, component, why);
}

static enum outcome take_files(struct answer *a, struct fail *problems, struct fail *why)
{
    const struct supplement *s = asked(a);
    struct paper_shelf shelf = shelf_of(a);
    struct str component, remove = request_form(a->rq, "remove"), move = request_form(a->rq, "move");
    for (size_t i = 0; i < s->item_count; i++) TRY(take_paper(a, &s->items[i], problems, why));
    TRY(shelf_take(&shelf, "files", STR(""), label_of(a, STR("")), problems, why));
    bool is_changed = remove.len > 0 && shelf_remove(&shelf, remove, &component);
    if (!is_changed) is_changed = move.len > 0 && shelf_move(&shelf, move, &component);
    return is_changed ? shelf_join(&shelf, component, label_of(a, component), why) : OK;
}

/* Another window may have brought photographs meanwhile: then the files are made of all of them. */
static enum outcome join_all(struct answer *a, struct fail *why)
{
    struct paper_shelf shelf = shelf_of(a);
    const struct supplement *s = asked(a);
    for (size_t i = 0; i < s->item_count; i++) {
        struct str component = s->items[i].asked.component;
        if (s->items[i].is_open && component.len > 0) TRY(shelf_join(&shelf, component, label_of(a, component), why));
    }
    return shelf_join(&shelf, STR(""), label_of(a, STR("")), why);
}

/* ---- sending ---- */

static void put_files(const struct answer *a, struct json_writer *w)
{
    jw_key(w, "files");
    jw_open(w, '[');
    for (size_t i = 0; i < a->kept.file_count; i++) {
        const struct applied_file *f = &a->kept.files[i];
        jw_open(w, '{');
        if (f->component.len > 0) jw_put_str(w, "component", f->component);
        jw_put_str(w, "kind", STR("supplement"));
        jw_put_str(w, "file", f->file);
        if (f->is_reused) jw_put_bool(w, "reused", true);
        jw_close(w);
    }
    jw_close(w);
}

static void put_answers(const struct answer *a, struct json_writer *w)
{
    const struct supplement *s = asked(a);
    bool has_items = false;
    for (size_t i = 0; i < s->item_count; i++) has_items |= s->items[i].is_open;
    if (!has_items) return;
    jw_key(w, "answers");
    jw_open(w, '[');
    for (size_t i = 0; i < s->item_count; i++) {
        if (!s->items[i].is_open) continue;
        jw_open(w, '{');
        jw_put_int(w, "n", s->items[i].n);
        jw_put_str(w, "text", text_of(a, key_of(&s->items[i])));
        jw_close(w);
    }
    jw_close(w);
}

static enum outcome send(struct answer *a, struct fail *why)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    yyjson_val *body;
    struct act_done done;
    uint64_t version = 0;
    buf_init(&text, ANSWER_JSON_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    put_files(a, &w);
    put_answers(a, &w);
    jw_put_str(&w, "note", text_of(a, STR("note")));
    jw_close(&w);
    TRY(json_read(a->rq->arena, str_dup(a->rq->arena, buf_str(&text)), &body, why));
    if (!parse_u64(request_form(a->rq, "version"), &version) || version > INT64_MAX) version = 0;
    struct act_call call = act_call_of(a->rq, ACTION_SUPPLEMENT, (int64_t)version, body);
    return act_run(&call, &a->view, &done, why);
}

static bool is_refusal(enum outcome r)
{
    return r == ERR_INVALID || r == ERR_STALE || r == ERR_CONFLICT;
}

/* Sent: on to the dossier. Sent twice by a second click: the first one did it. */
static enum outcome send_and_go_on(struct answer *a, struct fail *why)
{
    struct answer now;
    struct fail refused;
    fail_init(&refused, a->rq->arena);
    enum outcome sent = send(a, &refused);
    if (sent != OK && !is_refusal(sent)) return fail_with(why, sent, refused.sentence, refused.args);
    if (sent != OK) {
        TRY(load(a->rq, &now, why));
        struct drawing d = {.a = &now, .problems = &refused};
        if (refused.problem_count == 0)
            fail_problem_with(&refused, STR("/files"), "refused", refused.sentence, refused.args);
        if (is_waited_for(&now)) return show(&d, outcome_status(sent), why);
    }
    page_flash(a->rq, N_("Your answer was sent to the office."));
    reply_redirect(a->rq, dossier_address(a));
    return OK;
}

static bool has_something(const struct answer *a)
{
    return a->draft.id != 0 || a->kept.file_count > 0 || a->kept.form_count > 0;
}

static enum outcome save_once(struct taking *t, struct fail *why)
{
    uint64_t seen = 0;
    t->elsewhere_count = 0;
    t->is_current = parse_u64(request_form(t->a->rq, "seen"), &seen) && (int64_t)seen == t->a->draft.version;
    take_texts(t);
    return has_something(t->a) ? save(t->a, why) : OK;
}

/* Another window may save, or send, between reading and writing: then it is read again. */
static enum outcome keep(struct taking *t, struct fail *why)
{
    struct answer *a = t->a;
    enum outcome kept = ERR_STALE;
    for (int i = 0; i < KEEP_TRIES && kept != OK && is_waited_for(a); i++) {
        struct fail refused;
        struct answer mine = *a;
        fail_init(&refused, a->rq->arena);
        kept = save_once(t, &refused);
        if (kept == OK) return OK;
        bool is_race = kept == ERR_STALE || kept == ERR_CONFLICT || kept == ERR_MISSING;
        if (!is_race || i + 1 == KEEP_TRIES) return fail_with(why, kept, refused.sentence, refused.args);
        TRY(load(a->rq, a, why));
        if (!is_waited_for(a)) return OK;
        application_merge_files(&a->kept, mine.loaded, &mine.kept);
        TRY(join_all(a, why));
    }
    return OK;
}

static enum outcome post_answer(struct request *rq, struct fail *why)
{
    struct answer a;
    struct fail problems;
    struct taking t = {.a = &a};
    fail_init(&problems, rq->arena);
    TRY(load(rq, &a, why));
    if (is_waited_for(&a)) TRY(take_files(&a, &problems, why));
    TRY(keep(&t, why));
    if (!is_waited_for(&a)) { /* sent already */
        reply_redirect(rq, dossier_address(&a));
        return OK;
    }
    struct drawing d = {.a = &a, .problems = &problems, .elsewhere = t.elsewhere, .elsewhere_count = t.elsewhere_count};
    if (t.elsewhere_count > 0)
        fail_problem(
            &problems, STR("/files"), "elsewhere",
            N_("Another window or device saved something else meanwhile. Both are shown: keep or change yours, "
               "then send again."));
    if (request_has_form(rq, "autosave")) {
        apply_tell_saved(rq, a.draft.version, t.elsewhere_count > 0 ? outcome_status(ERR_CONFLICT) : 200);
        return OK;
    }
    if (problems.problem_count > 0) return show(&d, outcome_status(ERR_INVALID), why);
    if (request_has_form(rq, "later")) {
        page_flash(rq, N_("Saved. You can come back and continue at any time."));
        reply_redirect(rq, dossier_address(&a));
        return OK;
    }
    bool stays = request_has_form(rq, "upload") || request_has_form(rq, "remove") || request_has_form(rq, "move");
    if (!stays) return send_and_go_on(&a, why);
    reply_redirect(rq, supplement_address(rq->arena, a.view.dossier.code));
    return OK;
}

static enum outcome get_answer(struct request *rq, struct fail *why)
{
    struct answer a;
    if (held_form_take(rq)) return post_answer(rq, why); /* it arrived with the token of an earlier session */
    TRY(load(rq, &a, why));
    struct drawing d = {.a = &a};
    if (is_waited_for(&a)) return show(&d, 200, why);
    reply_redirect(rq, dossier_address(&a)); /* answered already, or nothing was asked */
    return OK;
}

static enum outcome get_page(struct request *rq, struct fail *why)
{
    struct answer a;
    TRY(load(rq, &a, why));
    struct paper_shelf shelf = shelf_of(&a);
    if (is_waited_for(&a)) return shelf_reply_page(&shelf, why);
    return fail(why, ERR_MISSING, N_("There is nothing at this address."));
}

/* ---- tables ---- */

/* clang-format off */
/* In order of use. */
const struct route supplement_routes[] = {
    {GET,  "/ho-so/{code}/bo-sung",                     PERMIT_SIGNED_IN, get_answer,  N_("What is asked for")},
    {POST, "/ho-so/{code}/bo-sung",                     PERMIT_SIGNED_IN, post_answer, N_("What is asked for"), ANSWER_BODY_BYTES, true, NULL, true},
    {GET,  "/ho-so/{code}/bo-sung/{file}/trang/{page}", PERMIT_SIGNED_IN, get_page,    N_("A page of a paper")},
};
/* clang-format on */
const size_t supplement_route_count = LENGTH(supplement_routes);

const struct page_template supplement_templates[] = {
    {"portal/supplement", answer_page_fields},
};
const size_t supplement_template_count = LENGTH(supplement_templates);
