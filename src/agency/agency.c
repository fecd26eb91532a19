#include "agency/agency.h"

#include "base/text.h"

/* clang-format off */
/* From the top down. Decree 118/2025/NĐ-CP and the organisation laws name them; the titles are theirs. */
const struct agency_class agency_classes[] = {
    {STR_INIT("ministry"),                  N_("Ministry"),                                  AGENCY_CENTRAL},
    {STR_INIT("ministry_unit"),             N_("Unit of a ministry"),                        AGENCY_CENTRAL},
    {STR_INIT("military_unit"),             N_("Military unit"),                             AGENCY_CENTRAL},
    {STR_INIT("province_committee"),        N_("People's Committee of a province"),          AGENCY_PROVINCE},
    {STR_INIT("province_department"),       N_("Department of a province"),                  AGENCY_PROVINCE},
    {STR_INIT("province_service_centre"),   N_("Public service centre of a province"),       AGENCY_PROVINCE},
    {STR_INIT("military_command_province"), N_("Military command of a province"),            AGENCY_PROVINCE},
    {STR_INIT("border_command_province"),   N_("Border guard command of a province"),        AGENCY_PROVINCE},
    {STR_INIT("commune_committee"),         N_("People's Committee of a commune"),           AGENCY_COMMUNE},
    {STR_INIT("commune_service_centre"),    N_("Public service centre of a commune"),        AGENCY_COMMUNE},
    {STR_INIT("commune_division"),          N_("Division of a commune"),                     AGENCY_COMMUNE},
    {STR_INIT("military_command_commune"),  N_("Military command of a commune"),             AGENCY_COMMUNE},
    {STR_INIT("border_post"),               N_("Border guard post"),                         AGENCY_COMMUNE},
};
/* clang-format on */
const size_t agency_classes_count = LENGTH(agency_classes);

const struct agency_class *agency_class_find(struct str name)
{
    for (size_t i = 0; i < agency_classes_count; i++)
        if (str_eq(agency_classes[i].name, name)) return &agency_classes[i];
    return NULL;
}

static const char *const kind_names[TERRITORY_KIND_COUNT] = {
    [TERRITORY_PROVINCE] = "province",         [TERRITORY_CITY] = "city",   [TERRITORY_DISTRICT] = "district",
    [TERRITORY_COMMUNE] = "commune",           [TERRITORY_WARD] = "ward",   [TERRITORY_TOWNSHIP] = "township",
    [TERRITORY_SPECIAL_ZONE] = "special_zone", [TERRITORY_OTHER] = "other",
};

const char *territory_kind_name(enum territory_kind kind)
{
    if (kind >= TERRITORY_KIND_COUNT) BUG("no territory kind has the number %d", (int)kind);
    return kind_names[kind];
}

bool territory_kind_parse(struct str name, enum territory_kind *out)
{
    for (size_t i = 0; i < TERRITORY_KIND_COUNT; i++) {
        if (!str_eq(name, str_from(kind_names[i]))) continue;
        *out = (enum territory_kind)i;
        return true;
    }
    return false;
}

bool agency_is_in_force(const struct agency *a, day_t day)
{
    return a->valid_from <= day && a->valid_to >= day;
}
