/* Detail sheets: whatever is taken is a record that reads back as it was written, with ids and labels for everything.
 */
#include <stdlib.h>

#include "base/auto.h"
#include "base/map.h"
#include "base/text.h"
#include "catalogue/sheet_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct arena *a, const struct procedure *p, struct fail *why)
{
    struct procedure *back;
    struct str record = procedure_record(a, p);
    if (procedure_read(a, record, &back, why) != OK || !str_eq(procedure_record(a, back), record)) abort();
    for (size_t i = 0; i < p->component_count; i++) {
        const struct component *c = &p->components[i];
        if (c->label.len == 0 || text_length(c->label) > COMPONENT_LABEL_MOST) abort();
        if (procedure_component(p, c->id) != c) abort();
    }
    for (size_t i = 0; i < p->channel_count; i++) {
        const struct channel *ch = &p->channels[i];
        if (ch->case_count == 0) abort();
        for (size_t c = 0; c < ch->case_count; c++) {
            if (channel_case(ch, ch->cases[c].id) != &ch->cases[c] || !term_is_valid(ch->cases[c].term)) abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct import_report report;
    struct map titles;
    arena_init(&a, 256 << 20);
    fail_init(&why, &a);
    import_report_init(&report, &a);
    map_init(&titles, &a);
    struct procedure *p;
    struct str place;
    struct sheet_source source = {
        .file = STR("1.013124.json"), .text = str_of((const char *)data, size), .law_titles = &titles};
    if (size <= SHEET_BYTES_MOST && sheet_read(&a, &source, &report, &p, &place, &why) == OK) check(&a, p, &why);
    return 0;
}
