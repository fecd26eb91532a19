/*
 * How long things took, as counts in classes that widen with the value, so that a million measurements need eight
 * kilobytes. A value read back is at most one part in sixteen too large. Not thread-safe: one each, added up at the
 * end.
 */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdint.h>

enum { HISTOGRAM_CLASSES = 1024 };

struct histogram {
    uint64_t classes[HISTOGRAM_CLASSES];
    uint64_t count;
    int64_t most;
};

void histogram_add(struct histogram *h, int64_t value); /* below 0 counts as 0 */
void histogram_add_all(struct histogram *to, const struct histogram *from);
/* The value that so large a part (0.5, 0.99) of them does not exceed; 0 when there are none. */
int64_t histogram_at(const struct histogram *h, double part);

#endif
