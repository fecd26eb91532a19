/*
 * Photographs inside a PDF, made as small as readable. Scans of some machines have 600 dots an inch and colours where
 * 200 say the same. Pictures that are not JPEG are left as they are: packed black and white is small already.
 */
#ifndef IMAGE_SHRINK_H
#define IMAGE_SHRINK_H

#include <qpdf/qpdf-c.h>

/* The longer side of a page of A4 at 200 dots an inch and a little more: the least that the rules for scanning ask
 * (docs/images.md says which). */
enum { READABLE_SIDE = 2400, READABLE_QUALITY = 75 };

void shrink_pictures(qpdf_data pdf);

#endif
