/* `motcua user ...` and `motcua token ...`: accounts of officers and programs. */
#include "agency/agency.h"
#include "app/app.h"
#include "base/auto.h"
#include "command/commands.h"
#include "people/people.h"

enum { LIST_PAGE = 100, LIST_BYTES = 1024 * 1024, LOGIN_BYTES = 4096 };

static enum outcome print_password(struct command_context *c, struct str login, struct str password)
{
    AUTO_BUF struct buf out;
    buf_init(&out, LIST_BYTES);
    struct json_writer w;
    jw_init(&w, &out);
    jw_open(&w, '{');
    jw_put_str(&w, "login", login);
    jw_put_str(&w, "password", password);
    jw_close(&w);
    if (command_has(c, "json"))
        (void)command_print_json(c, &out); /* it fits */
    else
        fprintf(c->out, "%.*s  %.*s\n", STR_ARG(login), STR_ARG(password));
    return OK;
}

static struct str given_password(struct command_context *c)
{
    struct str given = command_option(c, "password");
    return given.len > 0 ? given : people_make_password(c->arena);
}

static enum outcome find_post_agency(struct command_context *c, int64_t *out, struct fail *why)
{
    struct str identifier = command_option(c, "agency");
    if (identifier.len == 0) return OK;
    AUTO_READ struct tx *tx = NULL;
    struct agency agency;
    TRY(store_read_begin(c->app->store, c->arena, &tx, why));
    TRY(agency_find(tx, identifier, &agency, why));
    *out = agency.id;
    return OK;
}

static enum outcome user_add(struct command_context *c, struct fail *why)
{
    struct str password = given_password(c), role = command_option(c, "role"), name = command_option(c, "name");
    struct user_new user = {.login = c->args[1],
                            .name = name.len > 0 ? name : c->args[1],
                            .kind = STR("officer"),
                            .password = password,
                            .must_change = !command_has(c, "password"),
                            .post_role = role};
    int64_t id;
    TRY(find_post_agency(c, &user.post_agency, why));
    TRY(people_user_add(c->app->people, &user, &id, why));
    return print_password(c, c->args[1], password);
}

static enum outcome user_disable(struct command_context *c, struct fail *why)
{
    return people_user_disable(c->app->people, (struct actor){0}, c->args[1], true, why);
}

static enum outcome user_password(struct command_context *c, struct fail *why)
{
    struct password_new in = {
        .login = c->args[1], .password = given_password(c), .must_change = !command_has(c, "password")};
    TRY(people_user_password(c->app->people, &in, why));
    return print_password(c, c->args[1], in.password);
}

static void print_user(struct command_context *c, struct json_writer *w, const struct user_line *u)
{
    bool is_disabled = u->account.disabled_at != INSTANT_NONE;
    if (w == NULL) {
        fprintf(c->out, "%-20.*s %-12.*s %-40.*s %.*s%s\n", STR_ARG(u->account.login), STR_ARG(u->account.kind),
                STR_ARG(u->roles), STR_ARG(u->account.name), is_disabled ? " (-)" : "");
        return;
    }
    jw_open(w, '{');
    jw_put_str(w, "login", u->account.login);
    jw_put_str(w, "name", u->account.name);
    jw_put_str(w, "kind", u->account.kind);
    jw_put_str(w, "roles", u->roles);
    jw_put_bool(w, "disabled", is_disabled);
    jw_close(w);
}

/* A page at a time, whatever their number: every citizen has an account. */
static enum outcome user_list(struct command_context *c, struct fail *why)
{
    AUTO_BUF struct buf out, after;
    bool is_json = command_has(c, "json");
    size_t count;
    struct json_writer w;
    buf_init(&out, LIST_BYTES);
    buf_init(&after, LOGIN_BYTES);
    jw_init(&w, &out);
    jw_open(&w, '[');
    do {
        struct arena_mark mark = arena_mark(c->arena);
        struct user_line *users;
        TRY(people_user_list(c->app->people, c->arena, buf_str(&after), LIST_PAGE, &users, &count, why));
        for (size_t i = 0; i < count; i++) print_user(c, is_json ? &w : NULL, &users[i]);
        if (is_json) TRY(command_print_part(c, &out, why));
        buf_clear(&after);
        if (count > 0) buf_add(&after, users[count - 1].account.login);
        arena_back(c->arena, mark);
    } while (count == LIST_PAGE);
    jw_close(&w);
    return !is_json || command_print_json(c, &out) == EXIT_FINE ? OK : fail(why, ERR_BUG, NULL);
}

static const struct {
    const char *verb;
    size_t args;
    enum outcome (*run)(struct command_context *c, struct fail *why);
} verbs[] = {
    {"add",      2, user_add     },
    {"list",     1, user_list    },
    {"disable",  2, user_disable },
    {"password", 2, user_password}
};

enum exit_code command_user(struct command_context *c)
{
    struct fail why;
    fail_init(&why, c->arena);
    for (size_t i = 0; i < LENGTH(verbs); i++)
        if (str_eq(c->args[0], str_from(verbs[i].verb)) && c->arg_count == verbs[i].args)
            return verbs[i].run(c, &why) == OK ? EXIT_FINE : command_fail(c, &why);
    (void)fail(&why, ERR_INVALID, N_("Call it as: motcua {0} {1}"), str_from(c->command->name),
               str_from(c->command->usage));
    (void)command_fail(c, &why);
    return EXIT_USAGE;
}

enum exit_code command_token(struct command_context *c)
{
    struct fail why;
    struct str token;
    fail_init(&why, c->arena);
    struct token_new in = {.login = c->args[0], .label = STR("command line")};
    if (people_token_create(c->app->people, c->arena, &in, &token, &why) != OK) return command_fail(c, &why);
    if (command_has(c, "json"))
        fprintf(c->out, "{\"token\":\"%.*s\"}\n", STR_ARG(token));
    else
        fprintf(c->out, "%.*s\n", STR_ARG(token));
    return EXIT_FINE;
}
