/* A procedure's tables and one dossier's facts: a NUL apart. Whatever is a file of tables asks its questions and makes
 * a ruling for any facts, whose parts are within their bounds; kept facts read back. */
#include <string.h>

#include "base/auto.h"
#include "rule/ruling.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct tables *t;
    struct ruling_facts facts = {.channel = STR("online"), .at = INT64_C(1800000000) * US_PER_S}, again;
    struct ruling r = {0};
    struct str model, rest;
    size_t count;
    arena_init(&a, (size_t)1 << 30);
    fail_init(&why, &a);
    (void)str_cut(str_of((const char *)data, size), '\0', &model, &rest); /* without a NUL it is all tables */
    bool has_facts = ruling_facts_read(&a, rest, &facts, &why) == OK;
    if (tables_read(&a, model, &t, &why) != OK) return 0;
    (void)tables_questions(t, &count); /* only tried */
    ruling_make(&a, t, &facts, &r);
    if (r.hit_count > RULING_HITS || r.incident_count > RULING_DECISIONS + RULING_HITS) BUG("more than can be");
    (void)ruling_for_people(&a, VIETNAMESE, &r); /* only tried */
    if (has_facts && r.facts.len > 0 && ruling_facts_read(&a, r.facts, &again, &why) != OK) BUG("facts do not read");
    return 0;
}
