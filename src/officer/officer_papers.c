/*
 * The officer's page: the papers, each with what the check-list says of it, and the viewer beside what is known. A
 * paper with pages is shown page by page as pictures that are turned and enlarged by links, so that nothing needs a
 * script; any other is shown by the browser or offered for download.
 */
#include <inttypes.h>

#include "base/parse.h"
#include "base/text.h"
#include "dossier/file_type.h"
#include "dossier/paper.h"
#include "dossier/paper_picture.h"
#include "dossier/view_text.h"
#include "image/image.h"
#include "officer/officer_draw.h"

enum { LABEL_MOST = 220 };

/* Where a paper came from. */
static const char *source_label(struct str source)
{
    if (str_eq(source, STR("applicant"))) return N_("The applicant");
    return str_eq(source, STR("officer")) ? N_("Officer") : N_("Made by the system");
}

static struct str paper_href(const struct officer_draw *w, int64_t n)
{
    struct desk_place place = w->place;
    place.paper = n;
    place.page = 1;
    place.turn = 0;
    return desk_href(w, &place, "#giay-to");
}

static struct paper_file file_line(const struct officer_draw *w, const struct dossier_file *f)
{
    const char *source = f->reused ? N_("The applicant’s own store") : source_label(f->source);
    struct str parts[] = {paper_type_for_people(f->type), paper_size_for_people(w->a, f->bytes), desk_say(w, source),
                          desk_moment(w, f->added_at)};
    return (struct paper_file){.name = f->name,
                               .facts = str_join(w->a, STR(" · "), parts, LENGTH(parts)),
                               .href = paper_href(w, f->n),
                               .thumb = paper_thumb_address(w->a, &w->view, f),
                               .is_current = f->n == w->place.paper};
}

/* ---- which files belong under a heading of the list ---- */

typedef bool file_fits_fn(const struct dossier_file *f, const void *context);

static bool is_of_component(const struct dossier_file *f, const void *component)
{
    return str_eq(f->component, *(const struct str *)component) && !str_eq(f->kind, STR("result"));
}

static bool is_result(const struct dossier_file *f, const void *none)
{
    (void)none;
    return str_eq(f->kind, STR("result"));
}

static void add_files(struct officer_draw *w, struct paper_row *row, file_fits_fn *fits, const void *context)
{
    row->files = ARENA_ARRAY(w->a, struct paper_file, w->view.file_count + 1);
    for (size_t i = 0; i < w->view.file_count; i++) {
        if (!dossier_view_shows(&w->view, &w->view.files[i]) || !fits(&w->view.files[i], context)) continue;
        struct paper_file line = file_line(w, &w->view.files[i]);
        row->is_current |= line.is_current;
        row->files[row->files_count++] = line;
    }
}

static bool is_sent(const struct dossier_view *v, struct str component)
{
    for (size_t i = 0; i < v->file_count; i++)
        if (is_of_component(&v->files[i], &component)) return true;
    return false;
}

static bool is_group_sent(const struct dossier_view *v, const struct procedure_form *form, struct str group)
{
    for (size_t i = 0; i < form->paper_count; i++) {
        const struct component *c = form->papers[i].component;
        if (group.len > 0 && str_eq(c->group, group) && is_sent(v, c->id)) return true;
    }
    return false;
}

/* Sent, missing, or how the record asks for it when neither is clear. */
static struct tag paper_tag(const struct officer_draw *w, const struct form_paper *p, bool *out_missing)
{
    const struct component *c = p->component;
    bool is_needed = c->required == REQUIRED_ALWAYS || c->required == REQUIRED_ONE_OF;
    bool is_paper = !str_eq(w->view.dossier.channel, STR("online"));
    if (is_sent(&w->view, c->id)) return tag_of(TAG_DONE, desk_say(w, N_("Sent")));
    if (c->required == REQUIRED_ONE_OF && is_group_sent(&w->view, w->form, c->group))
        return tag_of(TAG_PLAIN, desk_say(w, N_("Another of these was sent")));
    if (is_needed && is_paper) return tag_of(TAG_WAITING, desk_say(w, N_("Check the paper original")));
    if (!is_needed) return tag_of(TAG_PLAIN, desk_say(w, required_words[c->required].label));
    *out_missing = true;
    return tag_of(TAG_LATE, desk_say(w, N_("Missing")));
}

static bool is_listed(const struct procedure_form *form, struct str component)
{
    for (size_t i = 0; i < form->paper_count; i++)
        if (str_eq(form->papers[i].component->id, component)) return true;
    return false;
}

static bool is_other(const struct dossier_file *f, const void *form)
{
    return !str_eq(f->kind, STR("result")) && !is_listed(form, f->component);
}

static void add_group(struct officer_draw *w, const char *label, file_fits_fn *fits, const void *context)
{
    struct paper_row *row = &w->page.papers[w->page.papers_count];
    *row = (struct paper_row){.label = desk_say(w, label)};
    add_files(w, row, fits, context);
    if (row->files_count > 0) w->page.papers_count++;
}

/* ---- the check-list ---- */

static struct tag check_tag(const struct officer_draw *w, enum paper_state s)
{
    static const enum tag_colour colours[PAPER_STATE_COUNT] = {
        [PAPER_SEEN] = TAG_WORKING, [PAPER_INCOMPLETE] = TAG_LATE, [PAPER_ACCEPTED] = TAG_DONE};
    return tag_of(colours[s], desk_say(w, paper_state_message(s)));
}

static void mark_row(const struct officer_draw *w, struct paper_row *row, const struct paper_check *checks,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct paper_check *c = &checks[i];
        if (!str_eq(c->component, row->component)) continue;
        row->check = check_tag(w, c->state);
        row->word = c->word;
        row->checked = desk_say_with(w, N_("{0}, {1}"), c->by, desk_moment(w, c->at));
        row->is_seen = c->state == PAPER_SEEN;
        row->is_incomplete = c->state == PAPER_INCOMPLETE;
        row->is_accepted = c->state == PAPER_ACCEPTED;
    }
}

static bool is_marked(const struct paper_row *row)
{
    return row->is_seen || row->is_incomplete || row->is_accepted;
}

/* Only the query: the mark's answer leads back to this dossier. */
static struct str query_of(struct str href)
{
    ptrdiff_t at = str_find(href, STR("?"), 0);
    return at < 0 ? STR("?#giay-to") : str_part(href, (size_t)at, href.len);
}

/* A mark leads to the next paper that nobody has looked at, and stays where it is at the last one. */
static void lead_on(struct officer_draw *w)
{
    size_t marked = 0, all = 0;
    for (size_t i = 0; i < w->page.papers_count; i++) {
        struct paper_row *row = &w->page.papers[i];
        const struct paper_row *next = NULL;
        for (size_t n = 1; n < w->page.papers_count && next == NULL; n++) {
            const struct paper_row *other = &w->page.papers[(i + n) % w->page.papers_count];
            if (other->may_check && other->files_count > 0 && !is_marked(other)) next = other;
        }
        row->shows_form = row->may_check && (row->is_current || row->files_count == 0);
        row->next = query_of(next != NULL ? next->files[0].href : desk_href(w, &w->place, "#giay-to"));
        all += row->may_check && row->files_count > 0;
        marked += row->may_check && row->files_count > 0 && is_marked(row);
    }
    if (all > 0)
        w->page.checked =
            desk_say_with(w, N_("{0} of {1} looked at"), str_format(w->a, "%zu", marked), str_format(w->a, "%zu", all));
}

static enum outcome fill_list(struct officer_draw *w, struct fail *why)
{
    struct paper_check *checks = NULL;
    struct standing who = standing_of(w->rq);
    size_t count = 0;
    int64_t version = 0;
    bool may_check = paper_check_may(&w->view, &who);
    if (may_check) TRY(paper_checks(w->tx, &w->view, &checks, &count, why));
    if (may_check) TRY(paper_check_version(w->tx, w->view.dossier.id, &version, why));
    w->page.papers_version = str_format(w->a, "%" PRId64, version);
    may_check = may_check && w->view.step != STEP_END;
    w->page.papers = ARENA_ARRAY(w->a, struct paper_row, w->form->paper_count + 2);
    add_group(w, N_("Result"), is_result, NULL);
    for (size_t i = 0; i < w->form->paper_count; i++) {
        const struct form_paper *p = &w->form->papers[i];
        struct paper_row *row = &w->page.papers[w->page.papers_count++];
        *row = (struct paper_row){.label = text_shorten(w->a, p->component->label, LABEL_MOST),
                                  .component = p->component->id,
                                  .may_check = may_check};
        row->tag = paper_tag(w, p, &w->page.has_missing);
        add_files(w, row, is_of_component, &p->component->id);
        mark_row(w, row, checks, count);
    }
    add_group(w, N_("Other papers"), is_other, w->form);
    lead_on(w);
    return OK;
}

/* ---- the viewer ---- */

const struct desk_zoom desk_zooms[DESK_ZOOMS] = {
    {"100", 960 },
    {"150", 1440},
    {"200", 1920},
    {"300", 2400}
};

/* The one that was asked for, else the first that came; a secret is shown when it is asked for only. */
static const struct dossier_file *chosen_file(const struct officer_draw *w)
{
    const struct dossier_file *f = dossier_view_file(&w->view, w->place.paper);
    for (size_t i = 0; f == NULL && !w->view.dossier.is_protected && i < w->view.file_count; i++)
        if (dossier_view_shows(&w->view, &w->view.files[i])) f = &w->view.files[i];
    return f != NULL && dossier_view_shows(&w->view, f) ? f : NULL;
}

static struct str moved(const struct officer_draw *w, int pages, int turns, int zooms)
{
    struct desk_place place = w->place;
    place.page += pages;
    place.turn = (place.turn + turns) % 4;
    place.zoom += zooms;
    return desk_href(w, &place, "#giay-to");
}

static void add_tools(const struct officer_draw *w, struct paper_shown *shown)
{
    const struct desk_place *at = &w->place;
    shown->zoom = str_from(desk_zooms[at->zoom].percent);
    if (at->zoom + 1 < DESK_ZOOMS) shown->in_href = moved(w, 0, 0, 1);
    if (at->zoom > 0) shown->out_href = moved(w, 0, 0, -1);
    shown->left_href = moved(w, 0, 3, 0);
    shown->right_href = moved(w, 0, 1, 0);
}

static bool has_pages(const struct officer_draw *w, const struct dossier_file *f)
{
    const char *reason;
    if (str_starts(f->type, STR("image/"))) return true;
    return str_eq(f->type, STR("application/pdf")) && image_can_draw_pdf(app_images(w->rq->app), &reason);
}

/* How many pages can be drawn. 0: the browser shows the file itself, or nobody can. */
static int pages_of(const struct officer_draw *w, const struct dossier_file *f)
{
    struct image_facts facts;
    if (!has_pages(w, f) || !image_known(app_images(w->rq->app), f->hash, &facts)) return 0;
    return facts.state == IMAGE_WELL ? facts.pages : 0;
}

bool desk_paper_to_look_into(const struct officer_draw *w, struct sha256 *out)
{
    struct image_facts facts;
    const struct dossier_file *f = chosen_file(w);
    if (f == NULL || !has_pages(w, f) || image_known(app_images(w->rq->app), f->hash, &facts)) return false;
    *out = f->hash;
    return true;
}

static void show_paper(struct officer_draw *w, const struct dossier_file *f)
{
    bool is_shown = file_type_is_shown(f->type);
    int pages = pages_of(w, f);
    struct paper_shown *shown = &w->page.shown;
    *shown = (struct paper_shown){.name = f->name,
                                  .href = file_href(w->a, &w->view, f),
                                  .is_frame = is_shown && pages == 0,
                                  .is_other = !is_shown && pages == 0};
    if (pages == 0) return;
    if (w->place.page > pages) w->place.page = pages;
    shown->picture = str_format(w->a, "%.*s/trang/%d?rong=%d&xoay=%d", STR_ARG(shown->href), w->place.page,
                                desk_zooms[w->place.zoom].width, w->place.turn);
    add_tools(w, shown);
    if (pages == 1) return;
    shown->page_text =
        desk_say_with(w, N_("Page {0} of {1}"), str_format(w->a, "%d", w->place.page), str_format(w->a, "%d", pages));
    if (w->place.page > 1) shown->previous_href = moved(w, -1, 0, 0);
    if (w->place.page < pages) shown->next_href = moved(w, 1, 0, 0);
}

/* The files before and behind the one that is shown, in the order of the list. */
static void find_neighbours(struct officer_draw *w)
{
    struct str last = STR_NONE;
    bool is_behind = false;
    for (size_t i = 0; i < w->page.papers_count; i++)
        for (size_t n = 0; n < w->page.papers[i].files_count; n++) {
            const struct paper_file *f = &w->page.papers[i].files[n];
            if (is_behind && w->page.after_href.len == 0) w->page.after_href = f->href;
            if (f->is_current) w->page.before_href = last;
            is_behind |= f->is_current;
            last = f->href;
        }
}

enum outcome desk_fill_papers(struct officer_draw *w, struct fail *why)
{
    const struct dossier_file *f = chosen_file(w);
    w->place.paper = f != NULL ? f->n : 0;
    if (w->view.sight != SIGHT_ANSWER) TRY(fill_list(w, why));
    if (f != NULL) show_paper(w, f);
    find_neighbours(w);
    return OK;
}
