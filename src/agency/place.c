/*
 * Names of places: 506 of the 3,315 names that the two published lists share are written differently, mostly
 * by where the tone mark stands (hoà, hòa), by spaces around hyphens, or by the kind's capital letter. Folding accents
 * away would merge real pairs (Ba Tơ, Ba Tô), so accents stay.
 */
#include "agency/agency_store.h"

#include "base/text.h"

/* Longer beginnings before shorter ones that they contain. Below the province, "thành phố" was a kind of district. */
static const struct {
    struct str word, capital; /* NFC, one space at the end; equally long */
    enum territory_kind kind;
} kinds[] = {
    {STR_INIT("thành phố "), STR_INIT("Thành phố "), TERRITORY_CITY        },
    {STR_INIT("thị trấn "), STR_INIT("Thị trấn "), TERRITORY_TOWNSHIP    },
    {STR_INIT("đặc khu "),   STR_INIT("Đặc khu "),   TERRITORY_SPECIAL_ZONE},
    {STR_INIT("phường "),    STR_INIT("Phường "),    TERRITORY_WARD        },
    {STR_INIT("huyện "),      STR_INIT("Huyện "),      TERRITORY_DISTRICT    },
    {STR_INIT("thị xã "),    STR_INIT("Thị xã "),    TERRITORY_DISTRICT    },
    {STR_INIT("quận "),       STR_INIT("Quận "),       TERRITORY_DISTRICT    },
    {STR_INIT("tỉnh "),       STR_INIT("Tỉnh "),       TERRITORY_PROVINCE    },
    {STR_INIT("xã "),          STR_INIT("Xã "),          TERRITORY_COMMUNE     },
};

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

bool place_read(struct arena *a, struct str text, struct place *out)
{
    struct str clean = text_one_line(a, text_clean(a, text)), lower = text_lower(a, clean);
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        if (!str_starts(lower, kinds[i].word)) continue;
        struct str rest = str_part(clean, kinds[i].word.len, clean.len);
        out->kind = kinds[i].kind;
        out->name = str_format(a, "%.*s%.*s", STR_ARG(kinds[i].capital), STR_ARG(rest));
        out->in_sentence = str_format(a, "%.*s%.*s", STR_ARG(kinds[i].word), STR_ARG(rest));
        out->normal = place_normal(a, clean);
        return true;
    }
    return false;
}

struct str place_path(struct arena *a, const struct str *normals, size_t count)
{
    return str_join(a, STR("/"), normals, count);
}
