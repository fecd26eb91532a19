/*
 * `motcua audit`: the journal verified, and the whole life of one dossier told for a person: who did what in which
 * role, when, why, and what it changed. With --json the entries as they are kept.
 */
#include <inttypes.h>

#include "agency/role.h"
#include "app/app.h"
#include "base/auto.h"
#include "base/parse.h"
#include "command/audit_export.h"
#include "command/commands.h"
#include "dossier/action.h"
#include "dossier/dossier_store.h"
#include "payment/payment.h"
#include "people/people.h"

enum { LIFE_BYTES = 16 * 1024 * 1024 };

/* "SIZE:ROOT", as verifying a backup or this command has said it before. */
static enum outcome read_head(struct str text, struct journal_checkpoint *out, struct fail *why)
{
    const char *colon = text.len > 0 ? memchr(text.at, ':', text.len) : NULL;
    size_t at = colon ? (size_t)(colon - text.at) : 0;
    if (colon && parse_i64(str_part(text, 0, at), &out->size) && out->size > 0 &&
        sha256_parse(str_part(text, at + 1, text.len), &out->root))
        return OK;
    return fail(why, ERR_INVALID, N_("'{0}' is not a head of the journal: write it as SIZE:ROOT."), text);
}

/* Every entry, every checkpoint and its signature; and the head that somebody has kept, which is what shows that an end
 * was cut off or told anew with our own key. */
static enum outcome verify_all(struct command_context *c, struct journal_checkpoint *out, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct journal_checkpoint kept;
    struct journal_signatures signatures;
    bool is_kept = command_has(c, "head");
    if (is_kept) TRY(read_head(command_option(c, "head"), &kept, why));
    TRY(store_settle(c->app->store, why));
    TRY(store_read_begin(c->app->store, c->arena, &tx, why));
    TRY(journal_verify_head(tx, is_kept ? &kept : NULL, out, why));
    return journal_verify_signatures(tx, c->app->journal_key, &signatures, why);
}

static enum exit_code audit_verify(struct command_context *c, struct fail *why)
{
    struct journal_checkpoint head;
    if (verify_all(c, &head, why) != OK) return command_fail(c, why);
    struct str root = sha256_format(c->arena, head.root);
    if (command_has(c, "json"))
        fprintf(c->out, "{\"size\":%" PRId64 ",\"root\":\"%.*s\"}\n", head.size, STR_ARG(root));
    else
        fprintf(c->out, "%" PRId64 ":%.*s\n", head.size, STR_ARG(root));
    return EXIT_FINE;
}

/* ---- the life of one dossier ---- */

struct life {
    struct command_context *c;
    struct tx *tx;
    struct dossier dossier;
    const struct step_table *table;
    struct journal_entry *entries;
    size_t count;
};

static void say(struct command_context *c, const char *label, struct str value)
{
    struct str name = translate(c->language, label);
    if (value.len > 0) fprintf(c->out, "        %.*s: %.*s\n", STR_ARG(name), STR_ARG(value));
}

static struct str change_of(struct arena *a, struct str before, struct str after)
{
    return before.len == 0 || str_eq(before, after) ? after
                                                    : str_format(a, "%.*s → %.*s", STR_ARG(before), STR_ARG(after));
}

/* ---- how each kind of value in a payload is read to a person ---- */

static struct str status_words(const struct life *life, yyjson_val *v)
{
    int64_t status = yyjson_get_sint(v);
    bool is_known = status > STATUS_NONE && status < STATUS_COUNT;
    return is_known ? translate(life->c->language, status_message((enum status)status)) : STR_NONE;
}

static struct str step_words(const struct life *life, yyjson_val *v)
{
    int step = process_step(life->table, json_text(v));
    if (step == STEP_END) return STR_NONE;
    const struct step *s = &life->table->steps[step];
    return life->c->language == ENGLISH ? s->title_en : s->title_vi;
}

static struct str moment_words(const struct life *life, yyjson_val *v)
{
    instant_t at;
    struct fail ignored;
    fail_init(&ignored, life->c->arena);
    return instant_parse(json_text(v), &at, &ignored) == OK ? instant_for_people(life->c->arena, at) : json_text(v);
}

static struct str person_words(const struct life *life, int64_t account)
{
    struct account person;
    struct fail ignored;
    fail_init(&ignored, life->c->arena);
    if (account == 0) return translate(life->c->language, N_("The system"));
    if (account_load(life->tx, account, &person, &ignored) != OK)
        return str_format(life->c->arena, "%" PRId64, account);
    return str_format(life->c->arena, "%.*s (%.*s)", STR_ARG(person.name), STR_ARG(person.login));
}

static struct str account_words(const struct life *life, yyjson_val *v)
{
    int64_t account;
    return parse_i64(json_text(v), &account) ? person_words(life, account) : STR_NONE;
}

static struct str plain_words(const struct life *life, yyjson_val *v)
{
    if (yyjson_is_str(v)) return json_text(v);
    if (yyjson_is_int(v)) return str_format(life->c->arena, "%" PRId64, yyjson_get_sint(v));
    return STR_NONE;
}

static struct str count_words(const struct life *life, yyjson_val *v)
{
    return yyjson_get_sint(v) > 0 ? plain_words(life, v) : STR_NONE;
}

static struct str outcome_words(const struct life *life, yyjson_val *v)
{
    if (str_eq(json_text(v), STR("granted"))) return translate(life->c->language, N_("Granted"));
    if (str_eq(json_text(v), STR("refused"))) return translate(life->c->language, N_("Not granted"));
    return json_text(v);
}

static struct str agency_words(const struct life *life, yyjson_val *v)
{
    int64_t id;
    struct agency agency;
    struct fail ignored;
    fail_init(&ignored, life->c->arena);
    bool is_known = parse_i64(json_text(v), &id) && agency_load(life->tx, id, &agency, &ignored) == OK;
    return is_known ? agency.name : STR_NONE;
}

static struct str act_words(const struct life *life, struct str act)
{
    const struct action *action = action_find(act);
    if (action == NULL) action = action_of_system(act);
    if (action != NULL) return translate(life->c->language, action->done);
    return str_eq(act, STR("submit")) ? translate(life->c->language, N_("Submitted")) : act;
}

static struct str undone_words(const struct life *life, yyjson_val *v)
{
    return act_words(life, json_text(v));
}

static struct str money_words(const struct life *life, yyjson_val *payload)
{
    yyjson_val *amount = json_get(payload, "amount");
    int currency = vocabulary_find(currency_words, CURRENCY_COUNT, json_str(payload, "currency"));
    if (amount == NULL) return STR_NONE;
    return money_for_people(life->c->arena, yyjson_get_sint(amount),
                            currency < 0 ? CURRENCY_VND : (enum currency)currency);
}

/* What is said of an entry, in this order; before: where the payload has what it was until then. */
static const struct fact {
    const char *key, *before, *label;
    struct str (*words)(const struct life *life, yyjson_val *v);
} facts[] = {
    {"procedure",      NULL,            N_("Procedure"),      plain_words  },
    {"channel",        NULL,            N_("Channel"),        plain_words  },
    {"status",         "status_before", N_("Status"),         status_words },
    {"step",           "step_before",   N_("Step"),           step_words   },
    {"agency",         "agency_before", N_("Agency"),         agency_words },
    {"due_at",         "due_before",    N_("Due"),            moment_words },
    {"to",             NULL,            N_("Officer"),        account_words},
    {"undone",         NULL,            N_("Undone"),         undone_words },
    {"outcome",        NULL,            N_("Outcome"),        outcome_words},
    {"reason",         NULL,            N_("Reason"),         plain_words  },
    {"note",           NULL,            N_("Note"),           plain_words  },
    {"manner",         NULL,            N_("Manner"),         plain_words  },
    {"receipt_number", NULL,            N_("Receipt number"), plain_words  },
    {"payer",          NULL,            N_("Payer"),          plain_words  },
    {"until",          NULL,            N_("Until"),          plain_words  },
    {"files",          NULL,            N_("Files"),          count_words  },
    {"batch",          NULL,            N_("Batch"),          plain_words  },
};

static void tell_facts(const struct life *life, yyjson_val *payload)
{
    for (size_t i = 0; i < LENGTH(facts); i++) {
        yyjson_val *now = json_get(payload, facts[i].key);
        yyjson_val *before = facts[i].before != NULL ? json_get(payload, facts[i].before) : NULL;
        if (now == NULL) continue;
        struct str was = before != NULL ? facts[i].words(life, before) : STR_NONE;
        say(life->c, facts[i].label, change_of(life->c->arena, was, facts[i].words(life, now)));
    }
    say(life->c, N_("Amount"), money_words(life, payload));
}

static void tell_entry(const struct life *life, const struct journal_entry *e)
{
    struct command_context *c = life->c;
    struct fail ignored;
    fail_init(&ignored, c->arena);
    const struct role *role = role_find(e->actor.role);
    struct str at = instant_for_people(c->arena, e->at), act = act_words(life, e->act);
    struct str who = person_words(life, e->actor.account);
    struct str as = role != NULL ? translate(c->language, role->title) : e->actor.role;
    fprintf(c->out, "\n%3" PRId64 ".  %.*s  %.*s\n", e->version, STR_ARG(at), STR_ARG(act));
    say(c, N_("By"), as.len > 0 ? str_format(c->arena, "%.*s, %.*s", STR_ARG(who), STR_ARG(as)) : who);
    yyjson_val *payload;
    if (e->payload.len > 0 && json_read(c->arena, e->payload, &payload, &ignored) == OK) tell_facts(life, payload);
    say(c, N_("Journal"), str_format(c->arena, "%" PRId64, e->position));
}

static enum exit_code tell_life(const struct life *life)
{
    const struct dossier *d = &life->dossier;
    struct command_context *c = life->c;
    fprintf(c->out, "%.*s  %.*s  %.*s\n", STR_ARG(d->code), STR_ARG(d->procedure_code), STR_ARG(d->owner_name));
    say(c, N_("Status"), translate(c->language, status_message(d->status)));
    say(c, N_("Due"), instant_for_people(c->arena, d->due_at));
    for (size_t i = 0; i < life->count; i++) tell_entry(life, &life->entries[i]);
    return EXIT_FINE;
}

static void write_entry(struct json_writer *w, const struct journal_entry *e)
{
    jw_open(w, '{');
    jw_put_int(w, "position", e->position);
    jw_put_instant(w, "at", e->at);
    jw_put_str(w, "act", e->act);
    jw_put_id(w, "actor", e->actor.account);
    jw_put_str(w, "role", e->actor.role);
    jw_put_int(w, "version", e->version);
    jw_key(w, "payload");
    if (e->payload.len > 0)
        jw_raw(w, e->payload);
    else
        jw_null(w);
    jw_close(w);
}

static enum exit_code write_life(const struct life *life)
{
    AUTO_BUF struct buf out;
    buf_init(&out, LIFE_BYTES);
    struct json_writer w;
    jw_init(&w, &out);
    jw_open(&w, '[');
    for (size_t i = 0; i < life->count; i++) write_entry(&w, &life->entries[i]);
    jw_close(&w);
    return command_print_json(life->c, &out);
}

static enum outcome load_life(struct life *life, struct fail *why)
{
    TRY(dossier_find(life->tx, life->c->args[1], &life->dossier, why));
    TRY(process_get(life->c->app->processes, life->tx, life->dossier.process_version, &life->table, why));
    return journal_of_subject(life->tx, SUBJECT_DOSSIER, life->dossier.id, &life->entries, &life->count, why);
}

static enum exit_code audit_show(struct command_context *c, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct life life = {.c = c};
    if (store_read_begin(c->app->store, c->arena, &tx, why) != OK) return command_fail(c, why);
    life.tx = tx;
    if (load_life(&life, why) != OK) return command_fail(c, why);
    return command_has(c, "json") ? write_life(&life) : tell_life(&life);
}

enum exit_code command_audit(struct command_context *c)
{
    struct fail why;
    fail_init(&why, c->arena);
    if (str_eq(c->args[0], STR("verify")) && c->arg_count == 1) return audit_verify(c, &why);
    if (str_eq(c->args[0], STR("show")) && c->arg_count == 2) return audit_show(c, &why);
    if (str_eq(c->args[0], STR("export")) && c->arg_count == 2) return audit_export(c, &why);
    (void)fail(&why, ERR_INVALID, N_("Call it as: motcua {0} {1}"), str_from(c->command->name),
               str_from(c->command->usage));
    (void)command_fail(c, &why);
    return EXIT_USAGE;
}
