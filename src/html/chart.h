/*
 * Charts as SVG in the page, beside the table of the same numbers: {{> html/_bars chart}}. The C side counts lengths,
 * the template draws; colours come from the stylesheet. A chart says nothing that its table does not.
 */
#ifndef HTML_CHART_H
#define HTML_CHART_H

#include "html/html.h"

/* One horizontal bar. */
struct bar {
    struct str label, value;    /* "Without cash", "92 % (46 of 50)" */
    int64_t share;              /* thousandths of the whole length: 0 to 1000 */
    int64_t length, y, label_y; /* set by bars_of */
};

struct bars {
    struct str id, title; /* the title names the chart for those who do not see it */
    struct bar *bars;
    size_t bars_count;
    int64_t height;
};
extern const struct field bars_fields[];

/* The bars with their places; items lives on. */
struct bars bars_of(struct str id, struct str title, struct bar *items, size_t count);

#endif
