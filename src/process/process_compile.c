#include "agency/role.h"
#include "base/list.h"
#include "base/parse.h"
#include "base/text.h"
#include "process/process.h"

enum { TOKENS_MOST = 80, NAME_BYTES_MOST = 40, TITLE_MOST = 120 };

enum token_kind { TOKEN_WORD, TOKEN_TITLE, TOKEN_COMMA, TOKEN_COLON, TOKEN_ARROW };

struct token {
    enum token_kind kind;
    struct str text; /* a title without its quotes */
    int column;      /* from 1, in characters */
};

/* One line of the text, cut into tokens and read from left to right. */
struct line {
    int number;
    struct token tokens[TOKENS_MOST];
    int count, next;
};

/* An act as it was written, before its target is known. */
struct draft_exit {
    struct str act, target; /* target empty: it stays, or the process ends with `end_status` */
    bool stays;
    enum status end_status;
    struct term within, until, until_remote, by;
    int times;
    int line, act_column, target_column;
};

struct draft_step {
    struct step step; /* without its exits */
    int line;
    LIST(struct draft_exit) exits;
};

/* What is possible after the end, as it was written. */
struct draft_end {
    enum status status;
    int line, status_column;
    LIST(struct str) acts;
};

struct compiler {
    struct arena *a;
    struct fail *why;
    const struct str *acts;
    size_t act_count;
    struct step_table *table;
    bool has_head;
    LIST(struct draft_step) steps;
    LIST(struct draft_end) ends;
    bool is_after; /* the latest line of its kind was `after`, not `step` */
};

/* ---- mistakes ---- */

#define MISTAKE(c, line, column, code, ...) fail_problem((c)->why, place_of((c), (line), (column)), (code), __VA_ARGS__)

static struct str place_of(struct compiler *c, int line, int column)
{
    return str_format(c->a, "%d:%d", line, column);
}

/* ---- tokens ---- */

static int columns_of(struct str s)
{
    return (int)text_length(s);
}

static size_t word_bytes(struct str s)
{
    size_t n = 0;
    while (n < s.len && s.at[n] != ' ' && s.at[n] != '\t' && s.at[n] != ',' && s.at[n] != ':' && s.at[n] != '"' &&
           s.at[n] != '#')
        n++;
    return n;
}

/* The next token of `rest`, which does not begin with a space; the number of bytes it takes, or 0 for a quote never
 * closed. */
static size_t token_at(struct str rest, struct token *out)
{
    if (rest.at[0] == ',' || rest.at[0] == ':') {
        *out = (struct token){rest.at[0] == ',' ? TOKEN_COMMA : TOKEN_COLON, str_part(rest, 0, 1), 0};
        return 1;
    }
    if (rest.at[0] == '"') {
        ptrdiff_t end = str_find(rest, STR("\""), 1);
        if (end < 0) return 0;
        *out = (struct token){TOKEN_TITLE, str_part(rest, 1, (size_t)end - 1), 0};
        return (size_t)end + 1;
    }
    size_t bytes = word_bytes(rest);
    struct str word = str_part(rest, 0, bytes);
    *out = (struct token){str_eq(word, STR("->")) ? TOKEN_ARROW : TOKEN_WORD, word, 0};
    return bytes;
}

/* False when the line cannot be cut; the mistake is noted. A comment begins with # outside a title. */
static bool cut_line(struct compiler *c, struct str text, int number, struct line *out)
{
    *out = (struct line){.number = number};
    for (size_t at = 0; at < text.len;) {
        if (text.at[at] == ' ' || text.at[at] == '\t' || text.at[at] == '\r') {
            at++;
            continue;
        }
        if (text.at[at] == '#') break;
        int column = columns_of(str_part(text, 0, at)) + 1;
        if (out->count == TOKENS_MOST) {
            MISTAKE(c, number, column, "too-long", N_("The line has too many words."));
            return false;
        }
        struct token *t = &out->tokens[out->count++];
        size_t bytes = token_at(str_part(text, at, text.len - at), t);
        if (bytes == 0) {
            MISTAKE(c, number, column, "format", N_("A title ends with a quotation mark on its own line."));
            return false;
        }
        t->column = column;
        at += bytes;
    }
    return true;
}

static const struct token *peek(const struct line *l)
{
    return l->next < l->count ? &l->tokens[l->next] : NULL;
}

/* Where the next token stands, or where it is missing. */
static int column_of(const struct line *l)
{
    if (l->next < l->count) return l->tokens[l->next].column;
    if (l->count == 0) return 1;
    const struct token *last = &l->tokens[l->count - 1];
    return last->column + columns_of(last->text) + (last->kind == TOKEN_TITLE ? 2 : 0);
}

static bool take(struct line *l, enum token_kind kind, struct str *out)
{
    const struct token *t = peek(l);
    if (!t || t->kind != kind) return false;
    if (out) *out = t->text;
    l->next++;
    return true;
}

static bool take_word(struct line *l, struct str word)
{
    const struct token *t = peek(l);
    if (!t || t->kind != TOKEN_WORD || !str_eq(t->text, word)) return false;
    l->next++;
    return true;
}

/* ---- parts of lines ---- */

static bool is_name(struct str s)
{
    if (s.len == 0 || s.len > NAME_BYTES_MOST || s.at[0] < 'a' || s.at[0] > 'z' || s.at[s.len - 1] == '-') return false;
    for (size_t i = 0; i < s.len; i++) {
        char ch = s.at[i];
        if (!((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || ch == '-')) return false;
    }
    return true;
}

static bool read_name(struct compiler *c, struct line *l, struct str *out)
{
    int column = column_of(l);
    struct str name;
    if (!take(l, TOKEN_WORD, &name) || !is_name(name)) {
        MISTAKE(c, l->number, column, "format", N_("A name is needed here: small letters, digits and hyphens."));
        return false;
    }
    *out = str_dup(c->a, name);
    return true;
}

static bool read_title(struct compiler *c, struct line *l, struct str *out)
{
    int column = column_of(l);
    struct str title;
    if (!take(l, TOKEN_TITLE, &title)) {
        MISTAKE(c, l->number, column, "required",
                N_("Two titles are needed here, in Vietnamese and in English, each in quotation marks."));
        return false;
    }
    *out = str_dup(c->a, text_one_line(c->a, text_clean(c->a, title)));
    if (out->len > 0 && text_length(*out) <= TITLE_MOST) return true;
    MISTAKE(c, l->number, column, "too-long", N_("A title has 1 to {0} characters."),
            str_format(c->a, "%d", TITLE_MOST));
    return false;
}

static bool read_end_of_line(struct compiler *c, struct line *l)
{
    if (l->next == l->count) return true;
    MISTAKE(c, l->number, column_of(l), "unknown", N_("“{0}” is not expected here."), peek(l)->text);
    return false;
}

static bool read_status(struct compiler *c, struct line *l, enum status *out)
{
    int column = column_of(l), code;
    struct str word = {0};
    if (!take(l, TOKEN_WORD, &word) || !parse_int(word, STATUS_NEW, STATUS_COUNT - 1, &code)) {
        MISTAKE(c, l->number, column, "range", N_("A status is a number from 1 to 10."));
        return false;
    }
    *out = (enum status)code;
    return true;
}

/* A role that can hold a dossier: an officer's, or the applicant. */
static bool read_role(struct compiler *c, struct line *l, struct str *out)
{
    int column = column_of(l);
    struct str word = {0};
    (void)take(l, TOKEN_WORD, &word); /* an empty word is no role either */
    const struct role *role = role_find(word);
    if (!str_eq(word, STR("applicant")) && !(role && role->is_officer)) {
        MISTAKE(c, l->number, column, "unknown", N_("“{0}” is not a role that can hold a dossier."), word);
        return false;
    }
    *out = str_dup(c->a, word);
    return true;
}

static bool read_clock(struct compiler *c, struct line *l, enum clock_rule *out)
{
    int column = column_of(l);
    struct str word = {0};
    if (take(l, TOKEN_WORD, &word) && clock_rule_parse(word, out) && *out != CLOCK_RUNS) return true;
    MISTAKE(c, l->number, column, "unknown",
            N_("The clock is not-started, hold or restart while it waits for the applicant."));
    return false;
}

static bool read_within(struct compiler *c, struct line *l, struct term *out)
{
    int column = column_of(l);
    struct str word = {0};
    struct fail reason;
    fail_init(&reason, c->a);
    if (take(l, TOKEN_WORD, &word) && term_parse(word, out, &reason) == OK) return true;
    MISTAKE(c, l->number, column, "format", N_("“{0}” is not a time limit; write 10wd, 15d, 0.5h, 24h/7 or 2m."), word);
    return false;
}

/* ---- lines ---- */

/* TERM [remote TERM]: what holds everywhere, and what holds where the ways are long. */
static bool read_terms(struct compiler *c, struct line *l, struct term *out, struct term *out_remote)
{
    return read_within(c, l, out) && (!take_word(l, STR("remote")) || read_within(c, l, out_remote));
}

/* process one-stop "..." "..."     process complaint-first "..." "..." term 30d remote 45d */
static void read_process(struct compiler *c, struct line *l)
{
    if (c->has_head || c->steps.count > 0)
        MISTAKE(c, l->number, 1, "duplicate", N_("The line “process” stands once, before every step."));
    c->has_head = true;
    (void)(read_name(c, l, &c->table->name) && read_title(c, l, &c->table->title_vi) &&
           read_title(c, l, &c->table->title_en) &&
           (!take_word(l, STR("term")) || read_terms(c, l, &c->table->term, &c->table->term_remote)) &&
           read_end_of_line(c, l)); /* each notes its mistake */
}

/* The parts after the name, in any order: by ROLE, status N, clock RULE, within TERM. */
static bool read_step_parts(struct compiler *c, struct line *l, struct draft_step *d)
{
    do {
        int column = column_of(l);
        size_t before = c->why->problem_count;
        bool is_fine;
        if (take_word(l, STR("by"))) {
            is_fine = d->step.role.len == 0 && read_role(c, l, &d->step.role);
        } else if (take_word(l, STR("status"))) {
            is_fine = d->step.status == STATUS_NONE && read_status(c, l, &d->step.status);
        } else if (take_word(l, STR("clock"))) {
            is_fine = d->step.clock == CLOCK_RUNS && read_clock(c, l, &d->step.clock);
        } else if (take_word(l, STR("within"))) {
            is_fine = d->step.within.unit == TERM_NONE && read_within(c, l, &d->step.within);
        } else {
            is_fine = false;
        }
        if (!is_fine && c->why->problem_count == before)
            MISTAKE(
                c, l->number, column, "format",
                N_("A step says “by” a role, “status” a number, and where needed “clock” and “within”, each once."));
        if (!is_fine) return false;
    } while (take(l, TOKEN_COMMA, NULL));
    return true;
}

static void check_step(struct compiler *c, const struct draft_step *d)
{
    bool is_applicants = str_eq(d->step.role, STR("applicant"));
    if (d->step.role.len == 0 || d->step.status == STATUS_NONE)
        MISTAKE(c, d->line, 1, "required",
                N_("A step says “by” a role, “status” a number, and where needed “clock” and “within”, each once."));
    if (status_is_final(d->step.status))
        MISTAKE(c, d->line, 1, "status",
                N_("The status of a step is not a final one; a final one stands behind “end with status”."));
    if (is_applicants != (d->step.clock != CLOCK_RUNS))
        MISTAKE(c, d->line, 1, "clock",
                N_("A step by the applicant, and no other, says what the clock does meanwhile."));
}

static int find_step(const struct compiler *c, struct str name)
{
    for (size_t i = 0; i < c->steps.count; i++) {
        if (str_eq(c->steps.at[i].step.name, name)) return (int)i;
    }
    return STEP_END;
}

/* Words that stand where a step's name does. */
static bool is_reserved(struct str name)
{
    return str_eq(name, STR("end")) || str_eq(name, STR("stay"));
}

/* step intake by receiver, status 1 "..." "..." */
static void read_step(struct compiler *c, struct line *l)
{
    struct draft_step d = {.line = l->number};
    int column = column_of(l);
    c->is_after = false;
    if (!c->has_head) MISTAKE(c, l->number, 1, "required", N_("The line “process” stands once, before every step."));
    c->has_head = true; /* said once */
    size_t before = c->why->problem_count;
    if (read_name(c, l, &d.step.name)) {
        if (find_step(c, d.step.name) != STEP_END || is_reserved(d.step.name))
            MISTAKE(c, l->number, column, "duplicate", N_("The name “{0}” is taken already."), d.step.name);
        if (read_step_parts(c, l, &d) && read_title(c, l, &d.step.title_vi) && read_title(c, l, &d.step.title_en) &&
            read_end_of_line(c, l) && c->why->problem_count == before)
            check_step(c, &d);
    }
    if (c->steps.count == PROCESS_STEPS_MOST) {
        MISTAKE(c, l->number, 1, "too-many", N_("A process has at most {0} steps."),
                str_format(c->a, "%d", PROCESS_STEPS_MOST));
        return;
    }
    LIST_PUSH(c->a, c->steps) = d; /* even a wrong one: its acts are checked too */
}

static bool is_known_act(const struct compiler *c, struct str act)
{
    for (size_t i = 0; i < c->act_count; i++) {
        if (str_eq(act, c->acts[i])) return true;
    }
    return false;
}

/* The names of acts between commas; each is known. */
static bool read_acts(struct compiler *c, struct line *l, struct draft_exit *exits, size_t *out_count)
{
    *out_count = 0;
    do {
        struct draft_exit *e = &exits[(*out_count)++];
        *e = (struct draft_exit){.line = l->number, .act_column = column_of(l)};
        if (!read_name(c, l, &e->act)) return false;
        if (!is_known_act(c, e->act))
            MISTAKE(c, l->number, e->act_column, "unknown", N_("“{0}” is not an act that the program knows."), e->act);
    } while (*out_count < TOKENS_MOST && take(l, TOKEN_COMMA, NULL));
    return true;
}

/* What stands behind the arrow: a step, `stay`, or the end with a status. */
static bool read_target(struct compiler *c, struct line *l, struct draft_exit *e)
{
    if (!take(l, TOKEN_ARROW, NULL)) {
        MISTAKE(c, l->number, column_of(l), "format",
                N_("An act is followed by “->” and the next step, or by “-> end with status” and a number."));
        return false;
    }
    e->target_column = column_of(l);
    if (take_word(l, STR("stay"))) {
        e->stays = true;
        return true;
    }
    if (!take_word(l, STR("end"))) return read_name(c, l, &e->target);
    if (take_word(l, STR("with")) && take_word(l, STR("status"))) return read_status(c, l, &e->end_status);
    MISTAKE(c, l->number, column_of(l), "format",
            N_("An act is followed by “->” and the next step, or by “-> end with status” and a number."));
    return false;
}

static void note_twice(struct compiler *c, int line, int column, struct str act)
{
    MISTAKE(c, line, column, "duplicate", N_("The act “{0}” stands twice in this step."), act);
}

static void add_exit(struct compiler *c, struct draft_step *step, const struct draft_exit *e)
{
    for (size_t i = 0; i < step->exits.count; i++) {
        if (str_eq(step->exits.at[i].act, e->act)) note_twice(c, e->line, e->act_column, e->act);
    }
    LIST_PUSH(c->a, step->exits) = *e;
}

/* How far an act may go: within 5wd     until 45d remote 60d     by 30d     twice */
static bool read_limits(struct compiler *c, struct line *l, struct draft_exit *way)
{
    for (;;) {
        if (take_word(l, STR("within"))) {
            if (!read_within(c, l, &way->within)) return false;
        } else if (take_word(l, STR("until"))) {
            if (!read_terms(c, l, &way->until, &way->until_remote)) return false;
        } else if (take_word(l, STR("by"))) {
            if (!read_within(c, l, &way->by)) return false;
        } else if (take_word(l, STR("once"))) {
            way->times = 1;
        } else if (take_word(l, STR("twice"))) {
            way->times = 2;
        } else {
            return true;
        }
    }
}

/* receive -> received     examine, extend -> stay     request-supplement within 5wd -> papers     refuse -> end with
 * status 3 */
static void read_exit(struct compiler *c, struct line *l)
{
    struct draft_exit acts[TOKENS_MOST], way = {0};
    size_t count;
    if (c->steps.count == 0 || c->is_after) {
        MISTAKE(c, l->number, column_of(l), "order", N_("“{0}” does not stand in a step."), peek(l)->text);
        return;
    }
    if (!read_acts(c, l, acts, &count)) return;
    if (!read_limits(c, l, &way)) return;
    if (!read_target(c, l, &way) || !read_end_of_line(c, l)) return;
    for (size_t i = 0; i < count; i++) {
        acts[i].target = way.target;
        acts[i].target_column = way.target_column;
        acts[i].stays = way.stays;
        acts[i].end_status = way.end_status;
        acts[i].within = way.within;
        acts[i].until = way.until;
        acts[i].until_remote = way.until_remote;
        acts[i].by = way.by;
        acts[i].times = way.times;
        add_exit(c, &c->steps.at[c->steps.count - 1], &acts[i]);
    }
}

static bool read_words(struct line *l, const struct str *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!take_word(l, words[i])) return false;
    }
    return true;
}

/* after the end with status 10: correct */
static void read_after(struct compiler *c, struct line *l)
{
    static const struct str words[] = {STR_INIT("the"), STR_INIT("end"), STR_INIT("with"), STR_INIT("status")};
    struct draft_end end = {.line = l->number};
    struct draft_exit acts[TOKENS_MOST];
    size_t count;
    bool is_fine = read_words(l, words, LENGTH(words));
    c->is_after = true;
    end.status_column = column_of(l);
    if (is_fine && !read_status(c, l, &end.status)) return;
    if (!is_fine || !take(l, TOKEN_COLON, NULL)) {
        MISTAKE(c, l->number, column_of(l), "format",
                N_("Write “after the end with status” and a number, a colon, and the acts that are still possible."));
        return;
    }
    if (!read_acts(c, l, acts, &count) || !read_end_of_line(c, l)) return;
    for (size_t i = 0; i < count; i++) LIST_PUSH(c->a, end.acts) = acts[i].act;
    LIST_PUSH(c->a, c->ends) = end;
}

static void read_line(struct compiler *c, struct str text, int number)
{
    struct line l;
    if (!cut_line(c, text, number, &l) || l.count == 0) return;
    if (take_word(&l, STR("process"))) {
        read_process(c, &l);
    } else if (take_word(&l, STR("step"))) {
        read_step(c, &l);
    } else if (take_word(&l, STR("after"))) {
        read_after(c, &l);
    } else {
        read_exit(c, &l);
    }
}

/* ---- the table ---- */

static void check_transition(struct compiler *c, const struct draft_exit *e, enum status from, enum status to)
{
    if (status_may_follow(from, to)) return;
    MISTAKE(c, e->line, e->act_column, "status",
            N_("“{0}” would lead from status {1} to status {2}, which is not allowed."), e->act,
            str_format(c->a, "%d", from), str_format(c->a, "%d", to));
}

static void link_exit(struct compiler *c, int step, const struct draft_exit *e, struct step_exit *out)
{
    const struct draft_step *from = &c->steps.at[step];
    *out = (struct step_exit){.act = e->act,
                              .next = STEP_END,
                              .status = e->end_status,
                              .within = e->within,
                              .until = e->until,
                              .until_remote = e->until_remote,
                              .by = e->by,
                              .times = e->times};
    if (e->target.len > 0 || e->stays) {
        out->next = e->stays ? step : find_step(c, e->target);
        if (out->next == STEP_END) {
            MISTAKE(c, e->line, e->target_column, "unknown", N_("There is no step “{0}”."), e->target);
            return;
        }
        out->status = c->steps.at[out->next].step.status;
        out->clock = c->steps.at[out->next].step.clock;
    } else if (!status_is_final(e->end_status)) {
        MISTAKE(c, e->line, e->target_column, "status", N_("A process ends with a final status: 3, 7, 8 or 10."));
        return;
    }
    if (from->step.status != STATUS_NONE && out->status != STATUS_NONE)
        check_transition(c, e, from->step.status, out->status);
}

static void link_steps(struct compiler *c)
{
    struct step_table *t = c->table;
    t->step_count = c->steps.count;
    t->steps = ARENA_ARRAY(c->a, struct step, c->steps.count);
    for (size_t i = 0; i < c->steps.count; i++) {
        struct draft_step *d = &c->steps.at[i];
        t->steps[i] = d->step;
        t->steps[i].exit_count = d->exits.count;
        t->steps[i].exits = ARENA_ARRAY(c->a, struct step_exit, d->exits.count);
        for (size_t n = 0; n < d->exits.count; n++) link_exit(c, (int)i, &d->exits.at[n], &t->steps[i].exits[n]);
    }
}

static bool is_an_end(const struct step_table *t, enum status status)
{
    for (size_t i = 0; i < t->step_count; i++) {
        for (size_t n = 0; n < t->steps[i].exit_count; n++) {
            const struct step_exit *e = &t->steps[i].exits[n];
            if (e->next == STEP_END && e->status == status) return true;
        }
    }
    return false;
}

/* An end stands once, is one that the steps lead to, and names each act once. */
static void check_end(struct compiler *c, size_t n)
{
    const struct draft_end *d = &c->ends.at[n];
    if (!is_an_end(c->table, d->status))
        MISTAKE(c, d->line, d->status_column, "status", N_("No act ends with status {0}."),
                str_format(c->a, "%d", d->status));
    for (size_t i = 0; i < n; i++) {
        if (c->ends.at[i].status == d->status)
            MISTAKE(c, d->line, d->status_column, "duplicate", N_("What follows status {0} is said already."),
                    str_format(c->a, "%d", d->status));
    }
    for (size_t i = 0; i < d->acts.count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (str_eq(d->acts.at[i], d->acts.at[k])) note_twice(c, d->line, 1, d->acts.at[i]);
        }
    }
}

static void link_ends(struct compiler *c)
{
    struct step_table *t = c->table;
    t->end_count = c->ends.count;
    t->ends = ARENA_ARRAY(c->a, struct step_end, c->ends.count + 1);
    for (size_t i = 0; i < c->ends.count; i++) {
        t->ends[i] = (struct step_end){c->ends.at[i].status, c->ends.at[i].acts.at, c->ends.at[i].acts.count};
        check_end(c, i);
    }
}

/* The steps that can be reached from the first. */
static uint64_t reachable(const struct step_table *t)
{
    uint64_t seen = 1, before = 0;
    while (seen != before) {
        before = seen;
        for (size_t i = 0; i < t->step_count; i++) {
            if (!(seen & (UINT64_C(1) << i))) continue;
            for (size_t n = 0; n < t->steps[i].exit_count; n++) {
                if (t->steps[i].exits[n].next != STEP_END) seen |= UINT64_C(1) << t->steps[i].exits[n].next;
            }
        }
    }
    return seen;
}

/* The steps from which an end can be reached. */
static uint64_t ending(const struct step_table *t)
{
    uint64_t ends = 0, before = 1;
    while (ends != before) {
        before = ends;
        for (size_t i = 0; i < t->step_count; i++) {
            for (size_t n = 0; n < t->steps[i].exit_count; n++) {
                int next = t->steps[i].exits[n].next;
                if (next == STEP_END || (ends & (UINT64_C(1) << next))) ends |= UINT64_C(1) << i;
            }
        }
    }
    return ends;
}

static void check_ways(struct compiler *c)
{
    uint64_t reached = reachable(c->table), ends = ending(c->table);
    for (size_t i = 0; i < c->table->step_count; i++) {
        const struct draft_step *d = &c->steps.at[i];
        if (!(reached & (UINT64_C(1) << i)))
            MISTAKE(c, d->line, 1, "unreachable", N_("No act leads to the step “{0}”."), d->step.name);
        if (d->exits.count == 0) {
            MISTAKE(c, d->line, 1, "no-exit", N_("The step “{0}” has no act that leads on."), d->step.name);
        } else if (!(ends & (UINT64_C(1) << i))) {
            MISTAKE(c, d->line, 1, "no-end", N_("From the step “{0}” no way leads to an end."), d->step.name);
        }
    }
}

static void read_text(struct compiler *c, struct str text)
{
    struct scan s = scan_of(text);
    while (!scan_is_end(&s)) {
        int number = s.line;
        read_line(c, scan_line(&s), number);
    }
    if (c->steps.count == 0) MISTAKE(c, 1, 1, "required", N_("A process has at least one step."));
}

enum outcome process_compile(struct arena *a, struct str text, const struct str *acts, size_t act_count,
                             const struct step_table **out, struct fail *why)
{
    if (text.len > PROCESS_TEXT_BYTES) return fail(why, ERR_TOO_LARGE, N_("The step file is too large."));
    if (!text_is_plain(text)) return fail(why, ERR_BAD, N_("The step file is not UTF-8 text."));
    struct compiler c = {
        .a = a, .why = why, .acts = acts, .act_count = act_count, .table = ARENA_NEW(a, struct step_table)};
    read_text(&c, text);
    TRY(fail_if_problems(why));
    link_steps(&c);
    link_ends(&c);
    TRY(fail_if_problems(why));
    check_ways(&c);
    TRY(fail_if_problems(why));
    c.table->version = sha256_of(process_format(a, c.table));
    *out = c.table;
    return OK;
}
