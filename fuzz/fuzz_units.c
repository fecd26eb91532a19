/* Files of territorial units, as JSON and as the CSV of a merger, against a store that has some. */
#include <stdio.h>
#include <stdlib.h>

#include "agency/agency.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char units[] = "[{\"Code\":\"68\",\"FullName\":\"Tỉnh Lâm Đồng\",\"Wards\":["
                            "{\"Code\":\"25159\",\"FullName\":\"Xã Cát Tiên\",\"ProvinceCode\":\"68\"}]}]";

static struct store *scratch_store(struct arena *a, struct fail *why)
{
    static char folder[] = "/tmp/motcua_fuzz_XXXXXX";
    if (mkdtemp(folder) == NULL) abort();
    struct str path = str_format(a, "%s/motcua.db", folder);
    struct store_options options = {.path = str_cstr(a, path), .may_create = true, .is_sync_off = true};
    struct store *s = NULL;
    struct import_report report;
    import_report_init(&report, a);
    if (store_open(&options, &s, why) != OK) abort();
    if (agency_import_units(s, (struct actor){0}, STR("units"), str_from(units), &report, why) != OK) abort();
    return s;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static struct store *store; /* one for the whole run */
    static struct arena kept;
    struct arena a;
    struct fail why;
    arena_init(&a, (size_t)256 << 20);
    if (store == NULL) {
        arena_init(&kept, (size_t)64 << 20);
        fail_init(&why, &kept);
        store = scratch_store(&kept, &why);
    }
    struct import_report report;
    import_report_init(&report, &a);
    fail_init(&why, &a);
    struct str content = str_of((const char *)data, size);
    if (agency_import_units(store, (struct actor){0}, STR("input"), content, &report, &why) != OK) abort();
    if (report.files != 1) abort();
    arena_end(&a);
    return 0;
}
