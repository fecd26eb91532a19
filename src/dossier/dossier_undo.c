#include "dossier/dossier_undo.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/auto.h"
#include "base/json.h"

enum { STATE_BYTES = 256 * 1024 }; /* most of it the reason, which may name forty papers (supplement.h) */

/* ---- what acts change ---- */

enum kind { NUMBER, MOMENT, TEXT, BOOL };

#define OF(kind, name)                                                                                                 \
    {                                                                                                                  \
#name, kind, offsetof(struct dossier, name)                                                                    \
    }

/* In the order of their names. status and term stand apart: an enum and a struct. */
static const struct {
    const char *name;
    enum kind kind;
    size_t offset;
} changing[] = {
    OF(NUMBER, agency),      OF(TEXT, calendar_version), OF(NUMBER, corrections),    OF(MOMENT, due_at),
    OF(NUMBER, extensions),  OF(MOMENT, finished_at),    OF(MOMENT, handed_over_at), OF(MOMENT, held_at),
    OF(MOMENT, held_due),    OF(NUMBER, holder),         OF(BOOL, is_provisional),   OF(MOMENT, list_due),
    OF(TEXT, outcome),       OF(NUMBER, queue),          OF(TEXT, reason),           OF(MOMENT, received_at),
    OF(TEXT, return_manner), OF(MOMENT, returned_at),    OF(TEXT, rule_set),         OF(TEXT, step),
    OF(MOMENT, step_due),    OF(MOMENT, step_since),     OF(NUMBER, supplements),    OF(MOMENT, units_due),
};

static void write_column(struct json_writer *w, const struct dossier *d, size_t i)
{
    const void *at = (const char *)d + changing[i].offset;
    switch (changing[i].kind) {
    case NUMBER: jw_put_int(w, changing[i].name, *(const int64_t *)at); break;
    case MOMENT:
        if (*(const instant_t *)at == INSTANT_NONE)
            jw_put_null(w, changing[i].name);
        else
            jw_put_int(w, changing[i].name, *(const instant_t *)at);
        break;
    case TEXT: jw_put_str(w, changing[i].name, *(const struct str *)at); break;
    case BOOL: jw_put_bool(w, changing[i].name, *(const bool *)at); break;
    }
}

struct str dossier_state(struct arena *a, const struct dossier *d, int64_t last_file)
{
    AUTO_BUF struct buf text;
    struct json_writer w;
    buf_init(&text, STATE_BYTES);
    jw_init(&w, &text);
    jw_open(&w, '{');
    for (size_t i = 0; i < LENGTH(changing); i++) write_column(&w, d, i);
    jw_put_int(&w, "~files", last_file); /* behind every name of a column */
    jw_put_int(&w, "~status", d->status);
    jw_put_str(&w, "~term", term_format(a, d->term));
    jw_close(&w);
    if (text.is_full) BUG("a dossier's state outgrew its bounds");
    return str_dup(a, buf_str(&text));
}

static void read_column(struct dossier *d, struct arena *a, yyjson_val *state, size_t i)
{
    void *at = (char *)d + changing[i].offset;
    switch (changing[i].kind) {
    case NUMBER: *(int64_t *)at = json_int(state, changing[i].name, 0); break;
    case MOMENT: *(instant_t *)at = json_int(state, changing[i].name, INSTANT_NONE); break;
    case TEXT: *(struct str *)at = str_dup(a, json_str(state, changing[i].name)); break;
    case BOOL: *(bool *)at = json_bool(state, changing[i].name, false); break;
    }
}

void dossier_restore(struct dossier *d, struct arena *a, struct str state, int64_t *out_last_file)
{
    struct fail why;
    yyjson_val *json;
    fail_init(&why, a);
    if (json_read(a, state, &json, &why) != OK) BUG("a stored state does not parse");
    for (size_t i = 0; i < LENGTH(changing); i++) read_column(d, a, json, i);
    d->status = (enum status)json_int(json, "~status", STATUS_NONE);
    if (term_parse(json_str(json, "~term"), &d->term, &why) != OK) BUG("a stored term does not parse");
    *out_last_file = json_int(json, "~files", 0);
}

/* ---- may they? ---- */

bool dossier_is_fresh_author(const struct dossier *d, int64_t undo_us, const struct standing *who)
{
    return who->account != 0 && d->last.version != 0 && d->last.version == d->version && d->last.state.len > 0 &&
           d->last.account == who->account && who->now <= d->last.at + undo_us;
}

enum outcome dossier_can_undo(const struct dossier *d, int64_t undo_us, const struct standing *who, struct fail *why)
{
    const struct last_act *last = &d->last;
    const struct action *action = action_find(last->act);
    struct str minutes = str_format(why->arena, "%" PRId64, undo_us / US_PER_MINUTE);
    if (last->version == 0 || action == NULL)
        return fail(why, ERR_CONFLICT,
                    N_("Nothing was done with the dossier within the last {0} minutes that could be undone."), minutes);
    struct str name = translate(who->language, action->title);
    if (who->account == 0 || last->account != who->account)
        return fail(why, ERR_DENIED, N_("The latest act, “{0}”, is somebody else's: only they may undo it."), name);
    if (last->version != d->version)
        return fail(why, ERR_CONFLICT, N_("The dossier was changed since “{0}”: it cannot be undone any more."), name);
    if (action->is_lasting || last->state.len == 0)
        return fail(why, ERR_CONFLICT, N_("“{0}” cannot be taken back."), name);
    if (who->now > last->at + undo_us)
        return fail(why, ERR_CONFLICT, N_("“{0}” could be undone for {1} minutes only, and they have passed."), name,
                    minutes);
    return OK;
}
