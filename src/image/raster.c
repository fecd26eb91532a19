#include "image/raster.h"

#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

enum { DOT = 3 };

void raster_init(struct raster *r, int width, int height)
{
    *r = (struct raster){width, height, calloc((size_t)width * (size_t)height, DOT)};
    if (r->at == NULL) BUG("out of memory: %d x %d", width, height);
}

void raster_clear(struct raster *r)
{
    free(r->at);
    *r = (struct raster){0};
}

static const unsigned char *dot_at(const struct raster *r, int x, int y)
{
    return r->at + ((size_t)y * (size_t)r->width + (size_t)x) * DOT;
}

/* ---- smaller ---- */

/* Which dots of the larger side fall on dot i of the smaller; at least one. */
static void span_of(int i, int from, int to, int *out_first, int *out_end)
{
    *out_first = (int)((int64_t)i * from / to);
    *out_end = (int)((int64_t)(i + 1) * from / to);
    if (*out_end <= *out_first) *out_end = *out_first + 1;
}

static void add_row(const unsigned char *row, const int *starts, int width, uint32_t *sums)
{
    for (int x = 0; x < width; x++) {
        uint32_t *sum = sums + (size_t)x * DOT;
        for (int at = starts[x]; at < starts[x + 1]; at++) {
            const unsigned char *dot = row + (size_t)at * DOT;
            sum[0] += dot[0];
            sum[1] += dot[1];
            sum[2] += dot[2];
        }
    }
}

static void shrink_to(const struct raster *from, struct raster *to)
{
    int *starts = calloc((size_t)to->width + 1, sizeof *starts);
    uint32_t *sums = calloc((size_t)to->width * DOT, sizeof *sums);
    if (starts == NULL || sums == NULL) BUG("out of memory");
    for (int x = 0; x <= to->width; x++) starts[x] = (int)((int64_t)x * from->width / to->width);
    for (int y = 0; y < to->height; y++) {
        int first, end;
        span_of(y, from->height, to->height, &first, &end);
        memset(sums, 0, (size_t)to->width * DOT * sizeof *sums);
        for (int row = first; row < end; row++) add_row(dot_at(from, 0, row), starts, to->width, sums);
        unsigned char *out = to->at + (size_t)y * (size_t)to->width * DOT;
        for (int x = 0; x < to->width; x++) {
            uint32_t count = (uint32_t)(starts[x + 1] - starts[x]) * (uint32_t)(end - first);
            for (int c = 0; c < DOT; c++) out[x * DOT + c] = (unsigned char)((sums[x * DOT + c] + count / 2) / count);
        }
    }
    free(starts);
    free(sums);
}

void raster_fit(struct raster *r, int width, int height)
{
    struct raster smaller;
    if (r->width <= width && r->height <= height) return;
    int64_t w = width, h = (int64_t)r->height * width / r->width;
    if (h > height) {
        h = height;
        w = (int64_t)r->width * height / r->height;
    }
    raster_init(&smaller, w < 1 ? 1 : (int)w, h < 1 ? 1 : (int)h);
    shrink_to(r, &smaller);
    raster_clear(r);
    *r = smaller;
}

/* ---- turned ---- */

/* Where the dot (x, y) of the upright picture stands in the one that was stored. */
struct placing {
    bool swaps, flips_x, flips_y;
};

static void place(struct raster *r, struct placing p)
{
    struct raster out;
    raster_init(&out, p.swaps ? r->height : r->width, p.swaps ? r->width : r->height);
    unsigned char *to = out.at;
    for (int y = 0; y < out.height; y++)
        for (int x = 0; x < out.width; x++, to += DOT) {
            int from_x = p.swaps ? y : x, from_y = p.swaps ? x : y;
            if (p.flips_x) from_x = r->width - 1 - from_x;
            if (p.flips_y) from_y = r->height - 1 - from_y;
            memcpy(to, dot_at(r, from_x, from_y), DOT);
        }
    raster_clear(r);
    *r = out;
}

void raster_orient(struct raster *r, int orientation)
{
    /* Exif 2.32 (CIPA DC-008-2019), tag 0x0112. */
    static const struct placing placings[] = {
        [2] = {false, true,  false},
          [3] = {false, true,  true },
          [4] = {false, false, true },
          [5] = {true,  false, false},
        [6] = {true,  false, true },
          [7] = {true,  true,  true },
          [8] = {true,  true,  false},
    };
    if (orientation >= 2 && orientation < (int)LENGTH(placings)) place(r, placings[orientation]);
}

void raster_turn(struct raster *r, int quarters)
{
    static const int orientations[] = {1, 6, 3, 8};
    raster_orient(r, orientations[quarters & 3]);
}
