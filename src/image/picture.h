/*
 * Reading and writing single pictures: JPEG, PNG, WebP, HEIC in; JPEG out, without any metadata. Runs in the worker
 * with its cell closed; nothing here opens a file.
 */
#ifndef IMAGE_PICTURE_H
#define IMAGE_PICTURE_H

#include "image/image.h"
#include "image/raster.h"

/* Room for the cameras of telephones; what has more dots is a map or an attack. */
enum { PICTURE_DOTS_MOST = 110 * 1000 * 1000, PICTURE_SIDE_MOST = 30000 };

enum image_kind image_kind_of(struct str bytes);

/* Upright. About as large as asked where the format can be read smaller, else as it is: raster_fit does the rest. On
 * anything but IMAGE_WELL nothing is made. */
enum image_state picture_read(enum image_kind kind, struct str bytes, int wanted_side, struct raster *out);
/* Size without reading the dots, as stored. */
enum image_state picture_size(enum image_kind kind, struct str bytes, int *out_width, int *out_height);
/* 1 to 8; 1 when the file does not say. Exif's tag 0x0112 in a JPEG's own segment. */
int picture_orientation(struct str jpeg);

/* Has the JPEG one colour only? */
bool picture_is_grey(struct str jpeg);

/* JPEG; given back by picture_free. Grey pictures are written as such. */
struct str picture_write(const struct raster *r, int quality);
struct str picture_write_as(const struct raster *r, int quality, bool as_grey);
void picture_free(struct str jpeg);

#endif
