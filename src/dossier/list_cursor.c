#include "dossier/list_cursor.h"

#include "base/hash.h"
#include "dossier/dossier.h"

enum { NUMBER_BYTES = 8, PLACE_BYTES = 1 + 2 * NUMBER_BYTES, CURSOR_TEXT_MOST = 128 };

static void put_number(char *out, int64_t n)
{
    for (int i = 0; i < NUMBER_BYTES; i++) out[i] = (char)((uint64_t)n >> (56 - 8 * i));
}

static int64_t get_number(const char *in)
{
    uint64_t n = 0;
    for (int i = 0; i < NUMBER_BYTES; i++) n = n << 8 | (unsigned char)in[i];
    return (int64_t)n;
}

static enum outcome refuse(struct fail *why)
{
    fail_problem(why, STR("cursor"), "unknown", N_("This place in the list is not known. Begin again at its start."));
    return fail_if_problems(why);
}

static bool decode(struct arena *a, struct str text, enum cursor_kind kind, struct str *out)
{
    return text.len <= CURSOR_TEXT_MOST && base64url_decode(a, text, out) && out->len > 1 && out->at[0] == (char)kind;
}

struct str list_cursor_format(struct arena *a, enum cursor_kind kind, struct place at)
{
    char bytes[PLACE_BYTES] = {(char)kind};
    put_number(bytes + 1, at.major);
    put_number(bytes + 1 + NUMBER_BYTES, at.minor);
    return base64url_encode(a, str_of(bytes, sizeof bytes));
}

enum outcome list_cursor_parse(struct arena *a, struct str text, enum cursor_kind kind, struct place *out,
                               struct fail *why)
{
    struct str bytes;
    *out = PLACE_START;
    if (text.len == 0) return OK;
    if (!decode(a, text, kind, &bytes) || bytes.len != PLACE_BYTES) return refuse(why);
    *out = (struct place){get_number(bytes.at + 1), get_number(bytes.at + 1 + NUMBER_BYTES)};
    return OK;
}

struct str code_cursor_format(struct arena *a, struct str code)
{
    return base64url_encode(a, str_format(a, "%c%.*s", CURSOR_CODE, STR_ARG(code)));
}

enum outcome code_cursor_parse(struct arena *a, struct str text, struct str *out_code, struct fail *why)
{
    struct str bytes;
    *out_code = STR_NONE;
    if (text.len == 0) return OK;
    if (!decode(a, text, CURSOR_CODE, &bytes) || !dossier_code_is_valid(str_part(bytes, 1, bytes.len - 1)))
        return refuse(why);
    *out_code = str_part(bytes, 1, bytes.len - 1);
    return OK;
}
