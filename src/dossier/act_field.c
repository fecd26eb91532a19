/* What comes with an act, field by field: each has the rules of its kind, whoever sends it. */
#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "dossier/dossier.h"

/* Texts of acts by the names of their fields. */
static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    {"note",          offsetof(struct act_input, note)         },
    {"reason",        offsetof(struct act_input, reason)       },
    {"outcome",       offsetof(struct act_input, outcome)      },
    {"area",          offsetof(struct act_input, area)         },
    {"manner",        offsetof(struct act_input, manner)       },
    {"currency",      offsetof(struct act_input, currency)     },
    {"fee",           offsetof(struct act_input, fee)          },
    {"payer",         offsetof(struct act_input, payer)        },
    {"receiver_name", offsetof(struct act_input, receiver_name)},
    {"tracking",      offsetof(struct act_input, tracking)     },
};

struct str *act_text(struct act_input *in, const char *name)
{
    for (size_t i = 0; i < LENGTH(texts); i++)
        if (strcmp(texts[i].name, name) == 0) return (struct str *)(void *)((char *)in + texts[i].offset);
    BUG("no act has a text named %s", name);
}

static bool is_empty(const struct action_field *f, struct act_input *in)
{
    switch (f->kind) {
    case ACTION_OFFICER: return in->to == 0;
    case ACTION_AGENCY: return in->to_agency == 0;
    case ACTION_UNITS: return in->unit_count == 0;
    case ACTION_FILES: return in->file_count == 0;
    case ACTION_DATE: return in->until == 0;
    case ACTION_MONEY: return in->amount == 0;
    case ACTION_PARTS: return in->item_count == 0;
    case ACTION_ANSWERS: return in->answer_count == 0;
    case ACTION_TEXT:
    case ACTION_OUTCOME:
    case ACTION_CHOICE:
    case ACTION_FEE:
    case ACTION_LINE: return str_trim(*act_text(in, f->name)).len == 0;
    }
    BUG("a field of no kind");
}

static void check_text(const struct action_field *f, struct str text, struct fail *why)
{
    size_t most = f->kind == ACTION_TEXT ? REASON_MOST : LINE_MOST;
    if (text_length(text) > most)
        fail_problem(why, str_format(why->arena, "/%s", f->name), "too-long", N_("At most {0} characters."),
                     str_format(why->arena, "%zu", most));
}

static void check_choice(const struct action_field *f, struct str *text, struct fail *why)
{
    if (text->len == 0 && !f->is_required) *text = str_from(f->options[0].value);
    if (text->len > 0 && !action_field_has_option(f, *text))
        fail_problem(why, str_format(why->arena, "/%s", f->name), "unknown", N_("“{0}” is not one of the choices."),
                     *text);
}

static void check_action_field(const struct action_field *f, struct act_input *in, struct fail *why)
{
    struct str pointer = str_format(why->arena, "/%s", f->name);
    bool is_missing = is_empty(f, in);
    if (is_missing && f->is_required) fail_problem(why, pointer, "required", N_("This has to be filled in."));
    bool is_text = f->kind == ACTION_TEXT || f->kind == ACTION_LINE || f->kind == ACTION_FEE;
    if (is_text) check_text(f, *act_text(in, f->name), why);
    if (f->kind == ACTION_CHOICE) check_choice(f, act_text(in, f->name), why);
    if (f->kind == ACTION_OUTCOME && !is_missing && !str_eq(in->outcome, STR("granted")) &&
        !str_eq(in->outcome, STR("refused")))
        fail_problem(why, pointer, "unknown", N_("The outcome is granted or refused."));
}

void dossier_check_input(enum action_id act, struct act_input *in, struct fail *why)
{
    for (size_t i = 0; i < actions[act].field_count; i++) check_action_field(&actions[act].fields[i], in, why);
    /* Who is refused is told why and by which rule (the notice of refusal, form 03 of the one-stop). */
    if (act == ACTION_PROPOSE && str_eq(in->outcome, STR("refused")) && str_trim(in->reason).len == 0)
        fail_problem(why, STR("/reason"), "required", N_("Say why it is refused: the applicant has a right to know."));
}
