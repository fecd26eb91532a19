#include "http/form.h"

#include "base/list.h"
#include "base/text.h"
#include "http/message.h"

static bool field_decode(struct arena *a, struct str raw, struct str *out)
{
    struct str decoded;
    if (!percent_decode(a, raw, true, &decoded)) return false;
    *out = text_clean(a, decoded);
    return true;
}

enum outcome form_parse(struct arena *a, struct str text, size_t most, struct pair **out, size_t *out_count,
                        struct fail *why)
{
    LIST(struct pair) fields = {0};
    struct str rest = text;
    while (rest.len > 0) {
        struct str field, name, value;
        struct pair p;
        (void)str_cut(rest, '&', &field, &rest); /* the last field has no separator */
        if (field.len == 0) continue;
        if (fields.count == most) return fail(why, ERR_TOO_LARGE, N_("The form has too many fields."));
        (void)str_cut(field, '=', &name, &value); /* a name alone has an empty value */
        if (name.len > HTTP_FORM_NAME_BYTES)
            return fail(why, ERR_TOO_LARGE, N_("A field of the form has too long a name."));
        if (!field_decode(a, name, &p.name) || !field_decode(a, value, &p.value)) {
            return fail(why, ERR_BAD, N_("The form is not valid UTF-8 text."));
        }
        LIST_PUSH(a, fields) = p;
    }
    *out = fields.at;
    *out_count = fields.count;
    return OK;
}
