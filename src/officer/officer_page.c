/*
 * GET /ho-so/{code} for officers: a head that stays, the act of this step at hand with the others behind it, tabs for
 * what is known, the messages, the notes and the history; the papers beside them. The same page answers a refused act,
 * message or note, with what was typed and what others did meanwhile.
 * ?paper=n &trang= &xoay= &rong=   which paper, page, quarter turns, enlargement
 * &xem=                            the tab
 * &viec= &cau=                     the act that is at hand, and the phrase that its reason begins with
 * &loc= &tu=                       the view of the inbox that the officer works through, and from which place
 */
#include <string.h>

#include "agency/agency_calendar.h"
#include "agency/role.h"
#include "base/parse.h"
#include "base/text.h"
#include "dossier/act_fields.h"
#include "dossier/dossier_page.h"
#include "dossier/dossier_visit.h"
#include "dossier/inbox.h"
#include "dossier/view_text.h"
#include "image/image.h"
#include "officer/officer_draw.h"
#include "officer/officer_pages.h"
#include "people/people.h"

/* clang-format off */
static const struct field paper_file_fields[] = {
    FIELD_STR(struct paper_file, name),
    FIELD_STR(struct paper_file, facts),
    FIELD_STR(struct paper_file, href),
    FIELD_STR(struct paper_file, thumb),
    FIELD_BOOL(struct paper_file, is_current),
    FIELD_END,
};
static const struct field paper_row_fields[] = {
    FIELD_STR(struct paper_row, label),
    FIELD_STR(struct paper_row, component),
    FIELD_STRUCT(struct paper_row, tag, tag_fields),
    FIELD_STRUCT(struct paper_row, check, tag_fields),
    FIELD_STR(struct paper_row, word),
    FIELD_STR(struct paper_row, checked),
    FIELD_STR(struct paper_row, next),
    FIELD_BOOL(struct paper_row, is_current),
    FIELD_BOOL(struct paper_row, shows_form),
    FIELD_BOOL(struct paper_row, is_seen),
    FIELD_BOOL(struct paper_row, is_incomplete),
    FIELD_BOOL(struct paper_row, is_accepted),
    FIELD_LIST(struct paper_row, files, struct paper_file, paper_file_fields),
    FIELD_END,
};
static const struct field paper_shown_fields[] = {
    FIELD_STR(struct paper_shown, name),
    FIELD_STR(struct paper_shown, href),
    FIELD_BOOL(struct paper_shown, is_frame),
    FIELD_STR(struct paper_shown, picture),
    FIELD_STR(struct paper_shown, page_text),
    FIELD_STR(struct paper_shown, previous_href),
    FIELD_STR(struct paper_shown, next_href),
    FIELD_STR(struct paper_shown, in_href),
    FIELD_STR(struct paper_shown, out_href),
    FIELD_STR(struct paper_shown, left_href),
    FIELD_STR(struct paper_shown, right_href),
    FIELD_STR(struct paper_shown, zoom),
    FIELD_BOOL(struct paper_shown, is_other),
    FIELD_END,
};
static const struct field party_block_fields[] = {
    FIELD_MESSAGE(struct party_block, role),
    FIELD_LIST(struct party_block, rows, struct summary_row, summary_row_fields),
    FIELD_END,
};
const struct field officer_page_fields[] = {
    FRAME_FIELDS(struct officer_page),
    FIELD_STR(struct officer_page, code),
    FIELD_STR(struct officer_page, owner),
    FIELD_STR(struct officer_page, procedure),
    FIELD_STR(struct officer_page, procedure_href),
    FIELD_STR(struct officer_page, check_address),
    FIELD_STR(struct officer_page, papers_version),
    FIELD_STR(struct officer_page, list_href),
    FIELD_STR(struct officer_page, list_place),
    FIELD_STR(struct officer_page, previous_href),
    FIELD_STR(struct officer_page, next_href),
    FIELD_LIST(struct officer_page, tabs, struct tab_link, tab_link_fields),
    FIELD_BOOL(struct officer_page, is_dossier),
    FIELD_BOOL(struct officer_page, is_history),
    FIELD_HTML(struct officer_page, talk),
    FIELD_STRUCT(struct officer_page, picture, flow_fields),
    FIELD_STR(struct officer_page, checked),
    FIELD_LIST(struct officer_page, others, struct act_form, act_form_fields),
    FIELD_BOOL(struct officer_page, is_others_open),
    FIELD_STRUCT(struct officer_page, status, tag_fields),
    FIELD_STRUCT(struct officer_page, due, due_mark_fields),
    FIELD_LIST(struct officer_page, facts, struct summary_row, summary_row_fields),
    FIELD_LIST(struct officer_page, declarations, struct summary_row, summary_row_fields),
    FIELD_LIST(struct officer_page, parties, struct party_block, party_block_fields),
    FIELD_LIST(struct officer_page, papers, struct paper_row, paper_row_fields),
    FIELD_STRUCT(struct officer_page, shown, paper_shown_fields),
    FIELD_STR(struct officer_page, before_href),
    FIELD_STR(struct officer_page, after_href),
    FIELD_LIST(struct officer_page, acts, struct act_form, act_form_fields),
    FIELD_LIST(struct officer_page, history, struct timeline_item, timeline_item_fields),
    FIELD_LIST(struct officer_page, changes, struct timeline_item, timeline_item_fields),
    FIELD_LIST(struct officer_page, typed, struct timeline_item, timeline_item_fields),
    FIELD_LIST(struct officer_page, slips, struct slip_link, slip_link_fields),
    FIELD_BOOL(struct officer_page, is_stale),
    FIELD_BOOL(struct officer_page, has_missing),
    FIELD_STR(struct officer_page, whose_turn),
    FIELD_STR(struct officer_page, opinions),
    FIELD_STR(struct officer_page, opinions_href),
    FIELD_BOOL(struct officer_page, is_protected),
    FIELD_STR(struct officer_page, identity_href),
    FIELD_STRUCT(struct officer_page, ruling, ruling_block_fields),
    FIELD_STRUCT(struct officer_page, money, money_block_fields),
    FIELD_LIST(struct officer_page, units, struct unit_row, unit_row_fields),
    FIELD_LIST(struct officer_page, contacts, struct contact_row, contact_row_fields),
    FIELD_END,
};
/* clang-format on */

/* ---- words ---- */

struct str desk_say(const struct officer_draw *w, const char *message)
{
    return translate(w->l, message);
}

struct str desk_say_with(const struct officer_draw *w, const char *message, struct str a, struct str b)
{
    return fail_fill(w->a, desk_say(w, message), (const struct str[FAIL_ARGS]){a, b});
}

struct str desk_moment(const struct officer_draw *w, instant_t at)
{
    return at == INSTANT_NONE ? STR_NONE : instant_for_people(w->a, at);
}

const struct step *desk_step(const struct officer_draw *w)
{
    return w->view.step == STEP_END ? NULL : &w->view.table->steps[w->view.step];
}

struct str desk_step_title(const struct officer_draw *w)
{
    const struct step *step = desk_step(w);
    return step == NULL ? STR_NONE : step_title(w->l, step);
}

struct str desk_role(const struct officer_draw *w, struct str role)
{
    const struct role *r = role_find(role);
    if (r != NULL) return desk_say(w, r->title);
    return str_eq(role, STR("applicant")) ? desk_say(w, N_("The applicant")) : role;
}

struct str desk_holder(const struct officer_draw *w)
{
    const struct step *step = desk_step(w);
    if (step == NULL) return STR_NONE;
    struct str role = desk_role(w, step->role);
    if (w->view.holder_name.len == 0) return role;
    return desk_say_with(w, N_("{0} ({1})"), w->view.holder_name, role);
}

struct str desk_outcome(const struct officer_draw *w, struct str outcome)
{
    if (str_eq(outcome, STR("granted"))) return desk_say(w, N_("Grant"));
    return str_eq(outcome, STR("refused")) ? desk_say(w, N_("Do not grant")) : STR_NONE;
}

/* ---- where on the page ---- */

enum { PAGES_MOST = 9999 };

/* In the order of enum desk_tab; the name as it stands in the address. */
static const struct {
    const char *name, *label;
} tabs[DESK_TAB_COUNT] = {
    {"",         N_("Dossier")     },
    {"trao-doi", N_("Conversation")},
    {"ghi-chu",  N_("Office notes")},
    {"lich-su",  N_("History")     },
};

static int small_number(struct request *rq, const char *name, int least, int most, int otherwise)
{
    int n = otherwise;
    return parse_int(request_query(rq, name), least, most, &n) ? n : otherwise;
}

static struct desk_place place_of(struct request *rq)
{
    uint64_t paper = 0;
    struct desk_place place = {
        .page = small_number(rq, "trang", 1, PAGES_MOST, 1),
        .turn = small_number(rq, "xoay", 0, 3, 0),
        .zoom = small_number(rq, "rong", 0, DESK_ZOOMS - 1, 0),
        .list = inbox_spot_of(rq),
    };
    for (enum desk_tab t = DESK_TALK; t < DESK_TAB_COUNT; t++)
        if (str_eq(request_query(rq, "xem"), str_from(tabs[t].name))) place.tab = t;
    if (parse_u64(request_query(rq, "paper"), &paper) && paper <= INT64_MAX) place.paper = (int64_t)paper;
    return place;
}

struct str desk_href(const struct officer_draw *w, const struct desk_place *p, const char *fragment)
{
    struct str parts[7];
    size_t n = 0;
    if (p->paper != 0) parts[n++] = str_format(w->a, "paper=%lld", (long long)p->paper);
    if (p->page > 1) parts[n++] = str_format(w->a, "trang=%d", p->page);
    if (p->turn != 0) parts[n++] = str_format(w->a, "xoay=%d", p->turn);
    if (p->zoom != 0) parts[n++] = str_format(w->a, "rong=%d", p->zoom);
    if (p->tab != DESK_DOSSIER) parts[n++] = str_format(w->a, "xem=%s", tabs[p->tab].name);
    if (p->list.view.len > 0) parts[n++] = str_format(w->a, "loc=%.*s", STR_ARG(p->list.view));
    if (p->list.cursor.len > 0) parts[n++] = str_format(w->a, "tu=%.*s", STR_ARG(p->list.cursor));
    struct str query = str_join(w->a, STR("&"), parts, n);
    return str_format(w->a, "/ho-so/%.*s%s%.*s%s", STR_ARG(w->view.dossier.code), n > 0 ? "?" : "", STR_ARG(query),
                      fragment);
}

static void fill_tabs(struct officer_draw *w)
{
    const int64_t counts[DESK_TAB_COUNT] = {-1, w->talk.unread > 0 ? w->talk.unread : -1,
                                            w->talk.notes > 0 ? w->talk.notes : -1, -1};
    const bool are_there[DESK_TAB_COUNT] = {true, w->talk.has_messages, w->talk.has_notes, true};
    if (!are_there[w->place.tab]) w->place.tab = DESK_DOSSIER;
    w->page.tabs = ARENA_ARRAY(w->a, struct tab_link, DESK_TAB_COUNT);
    for (enum desk_tab t = DESK_DOSSIER; t < DESK_TAB_COUNT; t++) {
        struct desk_place place = w->place;
        place.tab = t;
        if (!are_there[t]) continue;
        struct tab_link *tab = &w->page.tabs[w->page.tabs_count++];
        *tab = tab_of(desk_say(w, tabs[t].label), desk_href(w, &place, ""), counts[t], t == w->place.tab);
        tab->key = str_format(w->a, "%d", (int)t + 1);
    }
    w->page.is_dossier = w->place.tab == DESK_DOSSIER;
    w->page.is_history = w->place.tab == DESK_HISTORY;
}

/* ---- acts ---- */

/* The act is not possible any more: what was typed for it is shown, so that it can be copied. */
static void keep_typed(struct officer_draw *w, const struct act_attempt *attempt)
{
    const struct action *action = attempt->action;
    if (dossier_view_can(&w->view, (enum action_id)(action - actions))) return;
    w->page.typed = ARENA_ARRAY(w->a, struct timeline_item, action->field_count + 1);
    for (size_t i = 0; i < action->field_count; i++) {
        struct str typed = request_form(w->rq, action->fields[i].name);
        if (typed.len > 0)
            w->page.typed[w->page.typed_count++] =
                (struct timeline_item){.title = desk_say(w, action->fields[i].label), .note = typed};
    }
}

static struct str turn_text(const struct officer_draw *w)
{
    const struct step *step = desk_step(w);
    if (step == NULL) return desk_say(w, N_("The dossier is closed."));
    if (w->view.dossier.status == STATUS_PAYMENT)
        return desk_say(w, N_("The office waits for the applicant's payment."));
    if (str_eq(step->role, STR("applicant"))) return desk_say(w, N_("The office waits for the applicant's papers."));
    return desk_say_with(w, N_("Now it is the turn of: {0}."), desk_holder(w), STR_NONE);
}

/* The act at hand stands by itself; what else is possible is behind it. */
static void put_apart(struct officer_draw *w, struct act_form *forms, size_t count)
{
    w->page.acts_count = count > 0 && forms[0].is_open ? 1 : 0;
    w->page.acts = forms;
    w->page.others = forms + w->page.acts_count;
    w->page.others_count = count - w->page.acts_count;
    w->page.is_others_open = w->page.acts_count == 0;
}

static enum outcome fill_acts(struct officer_draw *w, const struct act_attempt *attempt, struct fail *why)
{
    struct act_form *forms;
    size_t count;
    TRY(act_forms(w->rq, w->tx, &w->view, attempt, &forms, &count, why));
    put_apart(w, forms, count);
    const struct step *step = desk_step(w);
    if (step == NULL || !str_eq(step->role, w->rq->visitor.role)) w->page.whose_turn = turn_text(w);
    if (attempt == NULL) return OK;
    act_problems(w->rq, &w->page.frame, attempt);
    keep_typed(w, attempt);
    return OK;
}

/* ---- the page ---- */

static enum outcome fill_head(struct officer_draw *w, struct fail *why)
{
    const struct dossier *d = &w->view.dossier;
    struct officer_page *page = &w->page;
    instant_t due = d->list_due != INSTANT_NONE ? d->list_due : d->due_at;
    page->frame.is_wide = true;
    page->frame.title = str_format(w->a, "%.*s – %.*s", STR_ARG(d->code), STR_ARG(d->owner_name));
    page->code = d->code;
    page->owner = d->owner_name;
    page->procedure = w->view.procedure->name;
    page->is_protected = d->is_protected;
    if (d->is_protected && w->view.knows_identity)
        page->identity_href = str_format(w->a, "/ho-so/%.*s/danh-tinh", STR_ARG(d->code));
    page->procedure_href = str_format(w->a, "/thu-tuc/%.*s", STR_ARG(d->procedure_code));
    page->check_address = str_format(w->a, "/ho-so/%.*s/kiem-tra", STR_ARG(d->code));
    page->status = status_tag(w->l, d->status);
    const struct calendar *calendar;
    TRY(agency_calendar_of(w->desk->calendars, w->tx, d->agency, day_of(w->view.now), &calendar, why));
    page->due = due_mark_of(w->a, w->l, calendar, d, due, w->view.now);
    return OK;
}

/* How far the opinions are that were asked for, in one line of the head: who read no further knows whether to wait. */
static void fill_opinions(struct officer_draw *w)
{
    const struct view_aside *aside = &w->view.aside;
    struct desk_place place = w->place;
    size_t asked = 0, given = 0, silent = 0;
    instant_t last = INSTANT_NONE;
    for (size_t i = 0; w->view.sight == SIGHT_WHOLE && i < aside->unit_count; i++) {
        enum unit_state state = unit_state(&aside->units[i], w->view.now);
        asked += state != UNIT_DROPPED;
        given += state == UNIT_ANSWERED;
        silent += state == UNIT_SILENT;
        if ((state == UNIT_OPEN || state == UNIT_WAITING) && aside->units[i].due_at > last)
            last = aside->units[i].due_at;
    }
    if (asked == 0) return;
    struct str so_far =
        desk_say_with(w, N_("Opinions: {0} of {1}"), str_format(w->a, "%zu", given), str_format(w->a, "%zu", asked));
    struct str more = STR_NONE;
    if (last != INSTANT_NONE)
        more = desk_say_with(w, N_("until {0}"), day_for_people(w->a, day_of(last)), STR_NONE);
    else if (silent > 0)
        more = desk_say_with(w, N_("{0} gave none in time"), str_format(w->a, "%zu", silent), STR_NONE);
    w->page.opinions = more.len > 0 ? desk_say_with(w, N_("{0}, {1}"), so_far, more) : so_far;
    place.tab = DESK_DOSSIER;
    w->page.opinions_href = desk_href(w, &place, "#y-kien");
}

/* What was refused: an act, a message, a note; or nothing. */
struct refusal {
    const struct act_attempt *act;
    const struct talk_attempt *talk;
};

static enum outcome fill_tab(struct officer_draw *w, const struct refusal *refused, struct fail *why)
{
    bool is_stale = refused->act != NULL && refused->act->why->outcome == ERR_STALE;
    if (w->place.tab == DESK_HISTORY || is_stale) TRY(desk_fill_history(w, refused->act, why));
    switch (w->place.tab) {
    case DESK_DOSSIER:
        TRY(desk_fill_facts(w, why));
        if (w->view.sight == SIGHT_WHOLE) w->page.ruling = ruling_block_of(w->rq, &w->view);
        w->page.money = money_block_of(w->rq, &w->view);
        w->page.units = unit_rows_of(w->rq, &w->view, &w->page.units_count);
        return app_slip_links(w->rq, w->tx, &w->view, &w->page.slips, &w->page.slips_count, why);
    case DESK_TALK: return app_talk_part(w->rq, w->tx, &w->view, TALK_MESSAGES, refused->talk, &w->page.talk, why);
    case DESK_NOTES: return app_talk_part(w->rq, w->tx, &w->view, TALK_NOTES, refused->talk, &w->page.talk, why);
    default:
        TRY(dossier_picture(w->rq, w->tx, &w->view, &w->page.picture, why));
        w->page.contacts = contact_rows_of(w->rq, &w->view, &w->page.contacts_count);
        return OK;
    }
}

static enum outcome fill(struct officer_draw *w, const struct refusal *refused, struct fail *why)
{
    bool is_online = str_eq(w->view.dossier.channel, STR("online"));
    w->form = dossier_view_form(w->a, &w->view, is_online);
    if (refused->talk != NULL) w->place.tab = refused->talk->part == TALK_MESSAGES ? DESK_TALK : DESK_NOTES;
    act_fields_ahead(w->tx, &w->view);
    TRY(app_talk_counts(w->rq, w->tx, &w->view, &w->talk, why));
    TRY(fill_head(w, why));
    TRY(desk_fill_list(w, why));
    TRY(desk_fill_papers(w, why));
    fill_opinions(w);
    fill_tabs(w);
    TRY(fill_tab(w, refused, why));
    TRY(fill_acts(w, refused->act, why));
    if (refused->talk != NULL) page_problems(w->rq, &w->page.frame, refused->talk->why);
    return OK;
}

/* What the page is going to ask beside the dossier itself (store_ahead). */
static void ask_ahead(const struct officer_draw *w, struct tx *tx, const struct standing *who)
{
    page_ahead(w->rq, tx);
    dossier_view_ahead(tx, request_param(w->rq, "code"));
    app_talk_ahead(w->rq, tx, dossier_id_to_come());
    paper_checks_ahead(tx, dossier_id_to_come());
    journal_of_subject_ahead(tx, SUBJECT_DOSSIER, dossier_id_to_come());
    if (permission_is_in(who->permissions, PERMIT_TASK_READ)) inbox_ahead(tx, who);
}

/* Papers are looked into when they come; of one that came another way, or whose cache was lost, this is the first look:
 * a worker's time, in which no other reader may wait for this snapshot. */
static enum outcome visit(struct officer_draw *w, struct tx **tx, struct fail *why)
{
    struct request *rq = w->rq;
    struct standing who = standing_of(rq);
    struct sha256 hash;
    struct image_facts facts;
    struct fail unseen;
    TRY(store_read_begin(w->desk->store, w->a, tx, why));
    ask_ahead(w, *tx, &who);
    TRY(dossier_visit_in(rq, *tx, &w->view, why));
    w->place = place_of(rq);
    if (!desk_paper_to_look_into(w, &hash)) return OK;
    store_read_end_at(tx);
    fail_init(&unseen, w->a);
    /* What nobody can look into now the browser shows itself. */
    (void)(image_look(app_images(rq->app), hash, &facts, &unseen) == OK);
    TRY(store_read_begin(w->desk->store, w->a, tx, why));
    return dossier_view_load(w->desk, *tx, &who, request_param(rq, "code"), &w->view, why);
}

static enum outcome draw(struct request *rq, const struct refusal *refused, struct officer_draw *w, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    *w = (struct officer_draw){.rq = rq, .a = rq->arena, .l = rq->language, .desk = app_desk(rq->app)};
    TRY(visit(w, &tx, why));
    w->tx = tx;
    TRY(fill(w, refused, why));
    const struct fail *refusal = refused->act != NULL    ? refused->act->why
                                 : refused->talk != NULL ? refused->talk->why
                                                         : NULL;
    reply_allow_frames(rq);
    page_reply(rq, refusal != NULL ? outcome_status(refusal->outcome) : 200, "officer/officer", &w->page);
    return OK;
}

enum outcome officer_dossier_page(struct request *rq, const struct act_attempt *attempt, struct fail *why)
{
    struct officer_draw w;
    TRY(draw(rq, &(struct refusal){.act = attempt}, &w, why));
    if (attempt == NULL && w.place.tab == DESK_TALK && w.talk.unread > 0) app_talk_seen(rq, &w.view, w.talk.messages);
    return OK;
}

enum outcome officer_dossier_talk(struct request *rq, const struct talk_attempt *attempt, struct fail *why)
{
    struct officer_draw w;
    return draw(rq, &(struct refusal){.talk = attempt}, &w, why);
}

const struct route officer_routes[] = {
    {GET, "/mo-thu-tuc", PERMIT_DOSSIER_OPEN, officer_open_page, N_("Open a procedure of the authority")},
};
const size_t officer_route_count = LENGTH(officer_routes);

const struct page_template officer_templates[] = {
    {"officer/open",    open_page_fields   },
    {"officer/officer", officer_page_fields},
};
const size_t officer_template_count = LENGTH(officer_templates);
