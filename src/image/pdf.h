/*
 * PDF by its structure (qpdf): how many pages, locked or damaged, and pages of several files and pictures in one. It
 * draws nothing. Runs in the worker with its cell closed.
 */
#ifndef IMAGE_PDF_H
#define IMAGE_PDF_H

#include "image/image.h"

/* Fills kind, state, pages, size of the first page in points, is_signed. */
void pdf_look(struct str bytes, struct image_facts *out);

/* One PDF out of many. What actions, scripts, attached files and metadata the parts had is left behind. */
struct pdf_join;
struct pdf_join *pdf_join_begin(void);
/* A page with this JPEG on it, as large as it fits on A4; the bytes are copied. */
void pdf_join_picture(struct pdf_join *j, struct str jpeg, int width, int height, bool is_grey);
/* All its pages; the bytes must live until the end. */
enum image_state pdf_join_pages(struct pdf_join *j, struct str pdf);
/* False when nothing could be written. The same parts give the same bytes. */
bool pdf_join_write(struct pdf_join *j, int fd, int *out_pages);
void pdf_join_free(struct pdf_join *j);

#endif
