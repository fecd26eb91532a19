#include "catalogue/procedure_text.h"

struct str fee_for_people(struct arena *a, enum language l, const struct fee *f)
{
    struct str kind = translate(l, fee_kind_words[f->kind].label);
    if (!f->is_known && f->text.len == 0) return translate(l, N_("Not stated in the record"));
    if (!f->is_known) return f->text;
    struct str amount = f->amount == 0 ? translate(l, N_("free of charge")) : fee_amount_for_people(a, f);
    struct str text = str_format(a, "%.*s: %.*s", STR_ARG(kind), STR_ARG(amount));
    if (f->condition.len == 0) return text;
    return str_format(a, "%.*s – %.*s", STR_ARG(text), STR_ARG(f->condition));
}

struct str case_fees_for_people(struct arena *a, enum language l, const struct procedure_case *c)
{
    struct str *texts = ARENA_ARRAY(a, struct str, c->fee_count + 1);
    for (size_t i = 0; i < c->fee_count; i++) texts[i] = fee_for_people(a, l, &c->fees[i]);
    if (c->fee_count > 0) return str_join(a, STR("; "), texts, c->fee_count);
    return translate(l, c->is_fee_stated ? N_("free of charge") : N_("Not stated in the record"));
}

struct str case_term_for_people(struct arena *a, enum language l, const struct procedure_case *c)
{
    if (c->term_kind == TERM_FIXED) return term_for_people(a, l, c->term);
    if (c->term_kind == TERM_UNSTATED || c->term_text.len == 0) return translate(l, N_("No term is stated"));
    return c->term_text;
}

const char *procedure_why_not_online(const struct procedure *p)
{
    if (p->initiator == INITIATOR_AUTHORITY)
        return N_("The authority itself begins this procedure: nobody applies for it.");
    if (procedure_channel(p, CHANNEL_ONLINE) == NULL)
        return N_("This procedure is not offered online. Bring the papers to the agency named below, or send them by "
                  "post when that is one of the ways.");
    return NULL;
}

struct str case_label_for_people(const struct procedure_case *c)
{
    return str_eq(c->label, c->term_text) ? STR("") : c->label;
}
