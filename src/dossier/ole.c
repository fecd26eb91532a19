#include "dossier/ole.h"

#include <string.h>

/* [MS-CFB] 2.2: the header; 2.1: marks in a chain. */
enum {
    HEAD_BYTES = 512,
    SHIFT_AT = 30,
    FOLDER_AT = 48,
    MORE_TABLES_AT = 68,
    TABLES_AT = 76,
    TABLES_IN_HEAD = 109,
    NUMBER_BYTES = 4,
    SHIFT_SMALL = 9,
    SHIFT_LARGE = 12,
    HOPS_MOST = 256 /* sectors that list tables: 8 MiB of document each, or 4 GiB */
};
static const uint32_t sector_most = 0xfffffffa, end_of_chain = 0xfffffffe;

struct ole {
    ole_read_fn *read;
    void *context;
    unsigned char head[HEAD_BYTES];
    unsigned shift;
};

static uint32_t number_at(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* The header takes the place of one sector. */
static uint64_t place_of(const struct ole *o, uint32_t sector)
{
    return ((uint64_t)sector + 1) << o->shift;
}

/* The n-th number of a sector. */
static bool read_number(const struct ole *o, uint32_t sector, uint32_t n, uint32_t *out)
{
    unsigned char bytes[NUMBER_BYTES];
    if (sector >= sector_most) return false;
    if (!o->read(o->context, place_of(o, sector) + (uint64_t)n * NUMBER_BYTES, (char *)bytes, sizeof bytes))
        return false;
    *out = number_at(bytes);
    return true;
}

/* The sector of the n-th table: the header knows the first ones, a chain of sectors the others. */
static bool find_table(const struct ole *o, uint32_t n, uint32_t *out)
{
    uint32_t links = (1U << o->shift) / NUMBER_BYTES - 1; /* the last number of each leads to the next */
    if (n < TABLES_IN_HEAD) {
        *out = number_at(&o->head[TABLES_AT + n * NUMBER_BYTES]);
        return true;
    }
    n -= TABLES_IN_HEAD;
    uint32_t sector = number_at(&o->head[MORE_TABLES_AT]);
    if (n / links > HOPS_MOST) return false;
    for (; n >= links; n -= links)
        if (!read_number(o, sector, links, &sector)) return false;
    return read_number(o, sector, n, out);
}

/* What follows a sector in its chain. */
static bool find_next(const struct ole *o, uint32_t sector, uint32_t *out)
{
    uint32_t numbers = (1U << o->shift) / NUMBER_BYTES, table;
    return find_table(o, sector / numbers, &table) && read_number(o, table, sector % numbers, out);
}

bool ole_folder(ole_read_fn *read, void *context, struct arena *a, struct str *out)
{
    struct ole o = {.read = read, .context = context};
    if (!read(context, 0, (char *)o.head, sizeof o.head)) return false;
    o.shift = (unsigned)o.head[SHIFT_AT] | (unsigned)o.head[SHIFT_AT + 1] << 8;
    if (o.shift != SHIFT_SMALL && o.shift != SHIFT_LARGE) return false;
    size_t bytes = (size_t)1 << o.shift, len = 0;
    char *folder = arena_alloc(a, OLE_FOLDER_BYTES);
    uint32_t sector = number_at(&o.head[FOLDER_AT]);
    while (sector != end_of_chain) {
        if (sector >= sector_most || len == OLE_FOLDER_BYTES) return false;
        if (!read(context, place_of(&o, sector), folder + len, bytes)) return false;
        len += bytes;
        if (!find_next(&o, sector, &sector)) return false;
    }
    *out = str_of(folder, len);
    return true;
}
