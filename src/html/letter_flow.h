/*
 * The text of a letter broken into lines of a width: boxes from top to bottom, which letter_pdf.c puts on pages. A flow
 * lives in the arena it was made in and holds layouts of Pango until flow_end.
 */
#ifndef HTML_LETTER_FLOW_H
#define HTML_LETTER_FLOW_H

#include <pango/pangocairo.h>

#include "base/list.h"
#include "html/letter.h"
#include "html/qr.h"

enum box_kind { BOX_LINE, BOX_SPACE, BOX_RULE, BOX_QR };

struct box {
    enum box_kind kind;
    const struct letter_node *node; /* the block it belongs to; NULL for a space */
    double height;
    double x, width;        /* of a rule or a code, from the flow's left */
    double baseline;        /* of a line, from its top; x is where it begins */
    PangoLayoutLine *line;  /* borrowed from its layout */
    PangoLayoutLine *label; /* of the first line of a list item: "–" or "1." */
    struct qr qr;
};

struct flow {
    struct arena *a;
    PangoContext *context;
    double width, size; /* of the paper's ordinary letters */
    LIST(struct box) boxes;
    LIST(PangoLayout *) layouts;
};

/* Adds a block, or all blocks and text that stand in a cell or a column. */
void flow_add(struct flow *f, const struct letter_node *node, unsigned style);
double flow_height(const struct flow *f);
void flow_end(struct flow *f);

#endif
