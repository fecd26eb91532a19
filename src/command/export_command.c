/*
 * `motcua export`: every dossier or every entry of the journal as a line of JSON each, for whoever counts, archives or
 * checks elsewhere. Portions are read one after the other, each its own snapshot, so an office of any size needs the
 * memory of one portion, and a reader that is slow holds nothing up. What comes while it runs is left for the next
 * time. Numbers that identify people are not in it; who a protected dossier belongs to neither. That it was done is an
 * entry of the journal.
 */
#include <inttypes.h>
#include <unistd.h>

#include "agency/agency.h"
#include "agency/competence_move.h"
#include "app/app.h"
#include "base/auto.h"
#include "base/parse.h"
#include "command/commands.h"
#include "dossier/dossier_store.h"
#include "dossier/dossier_view.h"
#include "queries.h"

enum {
    PORTION = 500,
    PORTION_ARENA_BYTES = 256 * 1024 * 1024,
    PORTION_BYTES = 256 * 1024 * 1024,
    PAYLOAD_BYTES = 1024,
    AGENCIES_KEPT = 4096
};

/* Which agency answers for the dossiers of one, as it was found a moment ago. */
struct known_agency {
    int64_t id, now;
    char identifier[40];
    int len;
};

struct export_run {
    struct command_context *c;
    int64_t agency;     /* only its dossiers; 0: all */
    instant_t from, to; /* submitted since, and before; INSTANT_NONE: without a bound */
    int64_t end;        /* the last id or position that there was at the beginning */
    int64_t at;         /* where it has come to */
    int64_t lines;
    struct known_agency *agencies;
};

/* One portion after r->at: r->at moves, and stays when there is nothing more. */
typedef enum outcome portion_fn(struct export_run *r, struct tx *tx, struct buf *text, struct fail *why);

static struct json_writer begin_line(struct buf *text)
{
    struct json_writer line;
    jw_init(&line, text);
    jw_open(&line, '{');
    return line;
}

static void end_line(struct export_run *r, struct json_writer *line)
{
    jw_close(line);
    buf_add_char(line->out, '\n');
    r->lines++;
}

/* ---- dossiers ---- */

static enum outcome agency_of(struct export_run *r, struct tx *tx, int64_t id, struct known_agency **out,
                              struct fail *why)
{
    struct known_agency *known = &r->agencies[(uint64_t)id % AGENCIES_KEPT];
    struct agency agency;
    *out = known;
    if (known->id == id) return OK;
    TRY(agency_current(tx, id, day_of(tx_now(tx)), &known->now, why));
    TRY(agency_load(tx, known->now, &agency, why));
    known->id = id;
    known->len = snprintf(known->identifier, sizeof known->identifier, "%.*s", STR_ARG(agency.identifier));
    return OK;
}

static bool is_wanted(const struct export_run *r, const struct dossier *d, int64_t agency)
{
    return (r->agency == 0 || r->agency == agency) && (r->from == INSTANT_NONE || d->submitted_at >= r->from) &&
           (r->to == INSTANT_NONE || d->submitted_at < r->to);
}

static void write_dossier(struct export_run *r, struct arena *a, struct buf *text, const struct dossier *d,
                          struct str agency)
{
    struct json_writer line = begin_line(text);
    dossier_summary_json(&line, d, agency, r->c->language);
    jw_put_instant(&line, "returned_at", d->returned_at);
    jw_put_instant(&line, "held_at", d->held_at);
    jw_put_instant(&line, "handed_over_at", d->handed_over_at);
    jw_put_str(&line, "step", d->step);
    jw_put_str_or_null(&line, "term", d->term.unit == TERM_NONE ? STR_NONE : term_format(a, d->term));
    jw_put_str_or_null(&line, "calendar_version", d->calendar_version);
    jw_put_str(&line, "rule_set", dossier_rules(d)->name);
    jw_put_str_or_null(&line, "outcome", d->outcome);
    jw_put_str_or_null(&line, "return_manner", d->return_manner);
    jw_put_int(&line, "supplements", d->supplements);
    jw_put_int(&line, "extensions", d->extensions);
    jw_put_int(&line, "corrections", d->corrections);
    jw_put_str_or_null(&line, "reason", d->reason);
    jw_key(&line, "form");
    jw_raw(&line, d->form);
    end_line(r, &line);
}

static enum outcome dossiers_portion(struct export_run *r, struct tx *tx, struct buf *text, struct fail *why)
{
    struct rows rows;
    TRY(store_all(tx, Q_DOSSIER_EXPORT, VALUES(v_int(r->at), v_int(r->end), v_int(PORTION)), &rows, why));
    for (size_t i = 0; i < rows.count; i++) {
        struct dossier d = dossier_of_row(&rows.at[i]);
        struct known_agency *agency;
        TRY(agency_of(r, tx, d.agency, &agency, why));
        if (is_wanted(r, &d, agency->now))
            write_dossier(r, tx_arena(tx), text, &d, str_of(agency->identifier, (size_t)agency->len));
        r->at = d.id;
    }
    return OK;
}

/* ---- the journal ---- */

static enum outcome journal_portion(struct export_run *r, struct tx *tx, struct buf *text, struct fail *why)
{
    struct journal_entry *entries;
    size_t count;
    TRY(journal_after(tx, r->at, PORTION, &entries, &count, why));
    for (size_t i = 0; i < count && entries[i].position <= r->end; i++) {
        const struct journal_entry *e = &entries[i];
        struct json_writer line = begin_line(text);
        jw_put_int(&line, "position", e->position);
        jw_put_instant(&line, "at", e->at);
        jw_put_str(&line, "subject_kind", str_from(subject_kind_name(e->subject_kind)));
        jw_put_id(&line, "subject", e->subject);
        jw_put_int(&line, "version", e->version);
        jw_put_str(&line, "act", e->act);
        jw_put_id(&line, "actor", e->actor.account);
        jw_put_id(&line, "actor_agency", e->actor.agency);
        jw_put_str_or_null(&line, "role", e->actor.role);
        jw_key(&line, "payload");
        jw_raw(&line, e->payload.len > 0 ? e->payload : STR("null"));
        jw_put_str(&line, "leaf", sha256_format(tx_arena(tx), e->leaf));
        end_line(r, &line);
        r->at = e->position;
    }
    return OK;
}

/* ---- one portion after the other ---- */

static enum outcome read_portion(struct export_run *r, portion_fn *portion, struct buf *text, struct fail *why)
{
    AUTO_ARENA struct arena a;
    AUTO_READ struct tx *tx = NULL;
    arena_init(&a, PORTION_ARENA_BYTES);
    TRY(store_read_begin(r->c->app->store, &a, &tx, why));
    TRY(portion(r, tx, text, why));
    return text->is_full ? fail(why, ERR_TOO_LARGE, N_("A portion of them is more text than fits in memory.")) : OK;
}

static void say_progress(const struct export_run *r)
{
    if (isatty(fileno(r->c->err)) && !isatty(fileno(r->c->out))) {
        fprintf(r->c->err, "\r%" PRId64, r->lines);
        (void)fflush(r->c->err); /* a line for the eye */
    }
}

static enum outcome run_portions(struct export_run *r, portion_fn *portion, struct fail *why)
{
    AUTO_BUF struct buf text;
    buf_init(&text, PORTION_BYTES);
    for (int64_t before = -1; r->at != before && r->at < r->end;) {
        before = r->at;
        buf_clear(&text);
        TRY(read_portion(r, portion, &text, why));
        TRY(command_write(r->c, buf_str(&text), why));
        say_progress(r);
    }
    return OK;
}

/* ---- what is asked for ---- */

/* Which of the options say something of what is exported. */
static enum outcome check_options(const struct export_run *r, bool is_journal, struct fail *why)
{
    static const char *const of_dossiers[] = {"agency", "from", "to"}, *const of_journal[] = {"after"};
    const char *const *others = is_journal ? of_dossiers : of_journal;
    size_t count = is_journal ? LENGTH(of_dossiers) : LENGTH(of_journal);
    for (size_t i = 0; i < count; i++)
        if (command_has(r->c, others[i]))
            return fail(why, ERR_INVALID, N_("--{0} says nothing of an export of {1}: leave it out."),
                        str_from(others[i]), r->c->args[0]);
    return OK;
}

static enum outcome read_bounds(struct export_run *r, struct fail *why)
{
    struct str from = command_option(r->c, "from"), to = command_option(r->c, "to");
    struct str after = command_option(r->c, "after");
    day_t day;
    if (from.len > 0) {
        TRY(day_parse(from, &day, why));
        r->from = day_start(day);
    }
    if (to.len > 0) {
        TRY(day_parse(to, &day, why));
        r->to = day_start(day + 1);
    }
    if (after.len > 0 && (!parse_i64(after, &r->at) || r->at < 0))
        return fail(why, ERR_INVALID, N_("'{0}' is not a position of the journal: write a number."), after);
    return OK;
}

static enum outcome read_end(struct export_run *r, bool is_journal, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    struct row row;
    struct str only = command_option(r->c, "agency");
    TRY(store_read_begin(r->c->app->store, r->c->arena, &tx, why));
    if (only.len > 0) {
        TRY(agency_find(tx, only, &agency, why));
        r->agency = agency.id;
    }
    TRY(store_one(tx, is_journal ? Q_JOURNAL_END : Q_DOSSIER_LAST, NO_VALUES, &row, why));
    r->end = row_int(&row, 0);
    return OK;
}

static enum outcome note_export(struct tx *tx, const void *input, void *out, struct fail *why)
{
    (void)out; /* nothing to say but OK */
    const struct export_run *r = input;
    AUTO_BUF struct buf payload;
    struct json_writer w;
    buf_init(&payload, PAYLOAD_BYTES);
    jw_init(&w, &payload);
    jw_open(&w, '{'); /* canonical: keys in order */
    jw_put_int(&w, "lines", r->lines);
    jw_put_str(&w, "what", r->c->args[0]);
    jw_close(&w);
    struct entry e = {.subject_kind = SUBJECT_SYSTEM, .act = "export", .payload = buf_str(&payload)};
    return journal_append(tx, &e, NULL, why);
}

/* What left the office is noted also when it broke off. */
static enum outcome export_all(struct export_run *r, bool is_journal, struct fail *why)
{
    struct fail unnoted;
    fail_init(&unnoted, r->c->arena);
    TRY(check_options(r, is_journal, why));
    TRY(read_bounds(r, why));
    TRY(read_end(r, is_journal, why));
    enum outcome done = run_portions(r, is_journal ? journal_portion : dossiers_portion, why);
    enum outcome noted = store_run(r->c->app->store, note_export, r, NULL, done == OK ? why : &unnoted);
    return done == OK ? noted : done;
}

enum exit_code command_export(struct command_context *c)
{
    struct fail why;
    struct export_run r = {.c = c, .from = INSTANT_NONE, .to = INSTANT_NONE};
    bool is_journal = str_eq(c->args[0], STR("journal"));
    fail_init(&why, c->arena);
    if (!is_journal && !str_eq(c->args[0], STR("dossiers"))) {
        (void)fail(&why, ERR_INVALID, N_("Call it as: motcua {0} {1}"), str_from(c->command->name),
                   str_from(c->command->usage));
        (void)command_fail(c, &why);
        return EXIT_USAGE;
    }
    r.agencies = ARENA_ARRAY(c->arena, struct known_agency, AGENCIES_KEPT);
    return export_all(&r, is_journal, &why) == OK ? EXIT_FINE : command_fail(c, &why);
}
