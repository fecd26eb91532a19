/*
 * What Cairo leaves out of a tagged PDF, added by qpdf: language, title, XMP, the colour space that its numbers mean,
 * words for figures, the scope of headings, and decoration told apart from content. With them the file is PDF/A-2a (ISO
 * 19005-2) and PDF/UA-1 (ISO 14289-1), and says so.
 */
#ifndef HTML_PDF_MARKS_H
#define HTML_PDF_MARKS_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/fail.h"

/* The element that stands for decoration until it is taken out of the tree: lines, page numbers, headings that come
 * again. No letter has it otherwise. */
#define PDF_DECORATION "Private"

struct pdf_figure { /* in the order of the document */
    struct str alt;
    double left, top, width, height; /* from the page's top left corner, in points */
    double page_height;
};

struct pdf_facts {
    struct str title, author;
    instant_t at;
    const struct pdf_figure *figures;
    size_t figure_count;
};

enum outcome pdf_mark(struct arena *a, struct str pdf, const struct pdf_facts *facts, struct buf *out,
                      struct fail *why) MUST_USE;

#endif
