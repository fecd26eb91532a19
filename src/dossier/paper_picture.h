/*
 * How papers look: their pages as pictures, drawn in the cell of the image room, for whoever may see the paper itself.
 * GET /ho-so/{code}/giay-to/{n}/trang/{page}   ?rong= at most so many dots wide, ?xoay= 0 to 3 quarter turns clockwise
 * GET /ho-so/{code}/giay-to/{n}/thu-nho        the first page, small
 * A paper without pages (Word, Excel) or one that cannot be opened answers with a sentence that says so.
 */
#ifndef DOSSIER_PAPER_PICTURE_H
#define DOSSIER_PAPER_PICTURE_H

#include "dossier/dossier_view.h"
#include "http/router.h"

extern const struct route paper_picture_routes[];
extern const size_t paper_picture_route_count;

/* The addresses, for pages that show them. Empty when a paper of this type has no pages. */
struct str paper_thumb_address(struct arena *a, const struct dossier_view *v, const struct dossier_file *f);

enum { PAPER_PAGE_WIDTH = 960 }; /* dots, when nobody says how wide */

/* A picture of a kept file as the answer; the caller has found that the visitor may see it. */
struct image_view;
enum outcome paper_picture_reply(struct request *rq, struct sha256 hash, const struct image_view *view,
                                 struct fail *why);

#endif
