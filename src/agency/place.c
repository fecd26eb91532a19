/*
 * Names of places: 506 of the 3,315 names that the two published lists share are written differently, mostly
 * by where the tone mark stands (hoà, hòa), by spaces around hyphens, or by the kind's capital letter. Folding accents
 * away would merge real pairs (Ba Tơ, Ba Tô), so accents stay.
 */
#include "agency/agency_store.h"

#include "base/text.h"

/* clang-format off */
/* Longer beginnings before shorter ones that they contain. Below the province, "thành phố" was a kind of district. */
static const struct {
    struct str word; /* lower case, NFC, tone marks as text_tone_normal puts them */
    enum territory_kind kind;
} kinds[] = {
    {STR_INIT("thành phố "), TERRITORY_CITY},
    {STR_INIT("thị trấn "),  TERRITORY_TOWNSHIP},
    {STR_INIT("đặc khu "),   TERRITORY_SPECIAL_ZONE},
    {STR_INIT("phường "),    TERRITORY_WARD},
    {STR_INIT("huyện "),     TERRITORY_DISTRICT},
    {STR_INIT("thị xã "),    TERRITORY_DISTRICT},
    {STR_INIT("quận "),      TERRITORY_DISTRICT},
    {STR_INIT("tỉnh "),      TERRITORY_PROVINCE},
    {STR_INIT("xã "),        TERRITORY_COMMUNE},
};
/* clang-format on */

struct str place_normal(struct arena *a, struct str name)
{
    struct str s = text_tone_normal(a, text_one_line(a, text_clean(a, name)));
    s = str_replace(a, s, STR("’"), STR("'"));
    s = str_replace(a, s, STR("–"), STR("-"));
    s = str_replace(a, s, STR(" -"), STR("-"));
    return str_replace(a, s, STR("- "), STR("-"));
}

struct str place_bare(struct str normal)
{
    for (size_t i = 0; i < LENGTH(kinds); i++)
        if (str_starts(normal, kinds[i].word)) return str_part(normal, kinds[i].word.len, normal.len);
    return normal;
}

bool place_kind(struct arena *a, struct str name, enum territory_kind *out)
{
    struct str normal = place_normal(a, name);
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        if (!str_starts(normal, kinds[i].word)) continue;
        *out = kinds[i].kind;
        return true;
    }
    return false;
}
