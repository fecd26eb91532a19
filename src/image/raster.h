/*
 * A picture as dots, three bytes each (red, green, blue), row by row without gaps. Owned by whoever it was made for:
 * raster_clear. Sizes are bounded by whoever reads the picture's head; no memory ends the process, which is a worker.
 */
#ifndef IMAGE_RASTER_H
#define IMAGE_RASTER_H

#include "base/str.h"

struct raster {
    int width, height;
    unsigned char *at;
};

void raster_init(struct raster *r, int width, int height); /* black */
void raster_clear(struct raster *r);

/* So that it fits into the box, by the average of the dots; never larger than it is. Replaces *r. */
void raster_fit(struct raster *r, int width, int height);
/* As EXIF writes down how a camera was held: 1 upright, 3 upside down, 6 and 8 on a side, the even ones mirrored. */
void raster_orient(struct raster *r, int orientation);
/* Quarter turns clockwise. */
void raster_turn(struct raster *r, int quarters);

#endif
