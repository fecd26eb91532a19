/* `motcua competence list|move` and `motcua agency add|merge`: who performs what from which day, by which decree. */
#include <inttypes.h>

#include "agency/competence_move.h"
#include "agency/identifier.h"
#include "app/app.h"
#include "base/auto.h"
#include "batch/transfer.h"
#include "command/commands.h"
#include "people/people.h"

enum { LIST_PORTION = 500, OUTPUT_BYTES = 4 * 1024 * 1024 };

static enum exit_code usage(struct command_context *c, struct fail *why)
{
    (void)fail(why, ERR_INVALID, N_("Call it as: motcua {0} {1}"), str_from(c->command->name),
               str_from(c->command->usage));
    (void)command_fail(c, why);
    return EXIT_USAGE;
}

static enum outcome day_option(struct command_context *c, const char *name, day_t *out, struct fail *why)
{
    struct str text = command_option(c, name);
    struct fail ignored;
    fail_init(&ignored, c->arena);
    if (text.len > 0 && day_parse(text, out, &ignored) == OK) return OK;
    return fail(why, ERR_INVALID, N_("Option --{0} needs a day such as 2026-11-22."), str_from(name));
}

/* ---- competence list ---- */

static struct str day_or_dash(struct arena *a, day_t d)
{
    return d == DAY_UNKNOWN || d == DAY_OPEN ? STR("-") : day_format(a, d);
}

static struct str whom(struct command_context *c, const struct competence_line *l)
{
    const struct competence_party p = {l->row.class, l->row.agency, l->agency_identifier, l->agency_name};
    return competence_party_for_people(c->arena, c->language, &p);
}

static void line_json(struct json_writer *w, struct arena *a, const struct competence_line *l)
{
    jw_open(w, '{');
    jw_put_str(w, "procedure", l->row.procedure_code);
    jw_put_str(w, "role", l->row.role == COMPETENT ? STR("competent") : STR("performing"));
    jw_put_str_or_null(w, "class", l->row.class);
    jw_put_str_or_null(w, "agency", l->agency_identifier);
    jw_put_str_or_null(w, "from", l->row.valid_from == DAY_UNKNOWN ? STR_NONE : day_format(a, l->row.valid_from));
    jw_put_str_or_null(w, "to", l->row.valid_to == DAY_OPEN ? STR_NONE : day_format(a, l->row.valid_to));
    jw_put_str(w, "decree", l->row.decree);
    jw_close(w);
}

static void print_line(struct command_context *c, const struct competence_line *l)
{
    struct str from = day_or_dash(c->arena, l->row.valid_from), to = day_or_dash(c->arena, l->row.valid_to);
    struct str who = whom(c, l);
    fprintf(c->out, "%-11.*s %-10s %-10.*s %-10.*s %.*s; %.*s\n", STR_ARG(l->row.procedure_code),
            l->row.role == COMPETENT ? "competent" : "performing", STR_ARG(from), STR_ARG(to), STR_ARG(who),
            STR_ARG(l->row.decree));
}

/* In portions: neither the rows nor what is written of them may fill a running server's memory. */
static enum outcome list(struct command_context *c, struct json_writer *w, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct competence_line *lines;
    size_t count;
    int64_t before = INT64_MAX;
    struct str procedure = c->arg_count > 1 ? c->args[1] : STR_NONE;
    TRY(store_read_begin(c->app->store, c->arena, &tx, why));
    do {
        struct arena_mark mark = arena_mark(c->arena);
        TRY(competence_lines(tx, procedure, before, LIST_PORTION, &lines, &count, why));
        for (size_t i = 0; i < count; i++) {
            if (w != NULL)
                line_json(w, c->arena, &lines[i]);
            else
                print_line(c, &lines[i]);
        }
        if (count > 0) before = lines[count - 1].id;
        if (w != NULL) TRY(command_print_part(c, w->out, why));
        arena_back(c->arena, mark);
    } while (count == LIST_PORTION);
    return OK;
}

static enum exit_code command_list(struct command_context *c, struct fail *why)
{
    AUTO_BUF struct buf out;
    struct json_writer w;
    bool is_json = command_has(c, "json");
    buf_init(&out, OUTPUT_BYTES);
    jw_init(&w, &out);
    jw_open(&w, '[');
    if (list(c, is_json ? &w : NULL, why) != OK) return command_fail(c, why);
    jw_close(&w);
    return is_json ? command_print_json(c, &out) : EXIT_FINE;
}

/* ---- competence move ---- */

static enum outcome read_parties(struct command_context *c, struct competence_move_new *in, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct procedure_ref ref;
    TRY(store_read_begin(c->app->store, c->arena, &tx, why));
    TRY(competence_party_find(tx, command_option(c, "from"), &in->from, why));
    TRY(competence_party_find(tx, command_option(c, "to"), &in->to, why));
    for (size_t i = 0; i < in->procedure_count; i++) TRY(catalogue_find(tx, in->procedures[i], &ref, why));
    return OK;
}

static enum outcome move(struct command_context *c, int64_t *out, struct fail *why)
{
    struct competence_move_new in = {
        .procedures = c->args + 1, .procedure_count = c->arg_count - 1, .decree = command_option(c, "decree")};
    struct str in_flight = command_option(c, "in-flight");
    in.moves_in_flight = str_eq(in_flight, STR("move"));
    if (!in.moves_in_flight && !str_eq(in_flight, STR("stay")))
        return fail(why, ERR_INVALID, N_("Say with --in-flight what the decree says of open dossiers: stay or move."));
    TRY(day_option(c, "on", &in.on, why));
    TRY(read_parties(c, &in, why));
    TRY(store_run(c->app->store, competence_move, &in, out, why));
    return transfers_begin(c->app->store, why);
}

static enum exit_code command_move(struct command_context *c, struct fail *why)
{
    int64_t id;
    if (move(c, &id, why) != OK) return command_fail(c, why);
    if (command_has(c, "json"))
        fprintf(c->out, "{\"move\":\"%" PRId64 "\"}\n", id);
    else
        fprintf(c->out, "%" PRId64 "\n", id);
    return EXIT_FINE;
}

enum exit_code command_competence(struct command_context *c)
{
    struct fail why;
    fail_init(&why, c->arena);
    if (str_eq(c->args[0], STR("list")) && c->arg_count <= 2) return command_list(c, &why);
    if (str_eq(c->args[0], STR("move")) && c->arg_count >= 2) return command_move(c, &why);
    return usage(c, &why);
}

/* ---- agencies ---- */

static enum outcome find_id(struct tx *tx, struct str identifier, int64_t *out, struct fail *why)
{
    struct agency agency;
    *out = 0;
    if (identifier.len == 0) return OK;
    TRY(agency_find(tx, identifier, &agency, why));
    *out = agency.id;
    return OK;
}

static enum outcome read_new(struct command_context *c, struct agency_new *in, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct territory territory;
    struct str place = command_option(c, "territory");
    TRY(identifier_parse(c->arena, c->args[1], &in->identifier, why));
    TRY(store_read_begin(c->app->store, c->arena, &tx, why));
    TRY(find_id(tx, command_option(c, "parent"), &in->parent, why));
    if (place.len == 0) return OK;
    TRY(territory_find(tx, place, &territory, why));
    in->territory = territory.id;
    return OK;
}

static enum outcome add(struct command_context *c, struct fail *why)
{
    int64_t id;
    struct agency_new in = {.is_provisional = command_has(c, "provisional"),
                            .name = command_option(c, "name"),
                            .class = command_option(c, "class"),
                            .phone = command_option(c, "phone"),
                            .valid_from = DAY_UNKNOWN};
    if (in.name.len == 0 || in.class.len == 0) return fail(why, ERR_INVALID, N_("An agency needs --name and --class."));
    if (command_has(c, "on")) TRY(day_option(c, "on", &in.valid_from, why));
    TRY(read_new(c, &in, why));
    return store_run(c->app->store, agency_add, &in, &id, why);
}

static enum outcome read_merger(struct command_context *c, struct agency_merge *in, int64_t *old, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    TRY(day_option(c, "on", &in->on, why));
    TRY(store_read_begin(c->app->store, c->arena, &tx, why));
    in->old = old;
    in->old_count = c->arg_count - 2;
    for (size_t i = 0; i < in->old_count; i++) TRY(find_id(tx, c->args[i + 1], &old[i], why));
    return find_id(tx, c->args[c->arg_count - 1], &in->successor, why);
}

/* Posts do not move by themselves: each is printed for somebody to decide. */
static enum outcome print_posts(struct command_context *c, const struct agency_merge *in, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    AUTO_BUF struct buf out;
    struct json_writer w;
    buf_init(&out, OUTPUT_BYTES);
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_key(&w, "posts");
    jw_open(&w, '[');
    TRY(store_read_begin(c->app->store, c->arena, &tx, why));
    for (size_t i = 0; i < in->old_count; i++) {
        struct post *posts;
        size_t count;
        TRY(posts_of_agency(tx, in->old[i], STR_NONE, day_of(tx_now(tx)), &posts, &count, why));
        for (size_t n = 0; n < count; n++) {
            jw_open(&w, '{');
            jw_put_str(&w, "agency", posts[n].agency_identifier);
            jw_put_str(&w, "login", posts[n].login);
            jw_put_str(&w, "role", posts[n].role);
            jw_close(&w);
            if (!command_has(c, "json"))
                fprintf(c->out, "%-20.*s %-20.*s %.*s\n", STR_ARG(posts[n].agency_identifier), STR_ARG(posts[n].login),
                        STR_ARG(posts[n].role));
        }
    }
    jw_close(&w);
    jw_close(&w);
    if (command_has(c, "json")) (void)command_print_json(c, &out); /* the merger is done, whatever can be said of it */
    return OK;
}

static enum outcome merge(struct command_context *c, struct fail *why)
{
    struct agency_merge in = {.decree = command_option(c, "decree")};
    TRY(read_merger(c, &in, ARENA_ARRAY(c->arena, int64_t, c->arg_count), why));
    TRY(store_run(c->app->store, agency_merge, &in, NULL, why));
    return print_posts(c, &in, why);
}

enum exit_code command_agency(struct command_context *c)
{
    struct fail why;
    fail_init(&why, c->arena);
    enum outcome done;
    if (str_eq(c->args[0], STR("add")) && c->arg_count == 2)
        done = add(c, &why);
    else if (str_eq(c->args[0], STR("merge")) && c->arg_count >= 3)
        done = merge(c, &why);
    else
        return usage(c, &why);
    return done == OK ? EXIT_FINE : command_fail(c, &why);
}
