/* The program's own dated files, as an editor of tomorrow may leave them, and the records of procedures that the
 * interface takes: every text is read or refused with sentences, and a record reads back as it was written. */
#include "base/auto.h"
#include "catalogue/life_events.h"
#include "catalogue/procedure.h"
#include "process/rule_set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(struct arena *a, struct str text)
{
    struct fail why;
    struct procedure *p, *back;
    fail_init(&why, a);
    if (procedure_read(a, text, &p, &why) != OK) return;
    struct str record = procedure_record(a, p);
    if (procedure_read(a, record, &back, &why) != OK) BUG("a record does not read");
    if (!str_eq(procedure_record(a, back), record)) BUG("a record changes by being read");
}

static void check_rules(struct arena *a, struct str text)
{
    struct fail why;
    const struct rule_set *sets;
    size_t count;
    fail_init(&why, a);
    if (rule_sets_parse(a, text, &sets, &count, &why) != OK) return;
    for (size_t i = 0; i < count; i++) {
        if (sets[i].valid_to < sets[i].valid_from) BUG("a set that is never in force");
        if (i > 0 && sets[i].valid_from != sets[i - 1].valid_to + 1) BUG("a gap or an overlap");
        if (!term_is_valid(sets[i].intake_check)) BUG("a term that is none");
    }
}

static void check_events(struct arena *a, struct str text)
{
    struct fail why;
    const struct life_events *events;
    fail_init(&why, a);
    if (life_events_parse(a, text, &events, &why) != OK) return;
    for (size_t i = 0; i < events->count; i++) {
        if (i > 0 && events->sets[i].from <= events->sets[i - 1].from) BUG("sets out of order");
        for (size_t n = 0; n < events->sets[i].count; n++)
            if (life_event_find(&events->sets[i], events->sets[i].events[n].id) == NULL) BUG("an event without its id");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 256 << 20);
    struct str text = str_of((const char *)data, size);
    check_record(&a, text);
    check_rules(&a, text);
    check_events(&a, text);
    return 0;
}
