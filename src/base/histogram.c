#include "base/histogram.h"

/* Values below 32 have a class each; above, every doubling has sixteen. */
enum { STEPS = 16, EXACT = 2 * STEPS };

static int class_of(int64_t value)
{
    if (value < EXACT) return value < 0 ? 0 : (int)value;
    int shift = 59 - __builtin_clzll((unsigned long long)value); /* leaves 5 bits */
    return shift * STEPS + (int)(value >> shift);
}

static int64_t largest_in(int class)
{
    if (class < EXACT) return class;
    int shift = class / STEPS - 1;
    return (int64_t)(((uint64_t)(class - shift * STEPS + 1) << shift) - 1);
}

void histogram_add(struct histogram *h, int64_t value)
{
    h->classes[class_of(value)]++;
    h->count++;
    if (value > h->most) h->most = value;
}

void histogram_add_all(struct histogram *to, const struct histogram *from)
{
    for (int i = 0; i < HISTOGRAM_CLASSES; i++) to->classes[i] += from->classes[i];
    to->count += from->count;
    if (from->most > to->most) to->most = from->most;
}

int64_t histogram_at(const struct histogram *h, double part)
{
    uint64_t wanted = (uint64_t)(part * (double)h->count), seen = 0;
    if (h->count == 0) return 0;
    if (wanted >= h->count) return h->most;
    for (int i = 0; i < HISTOGRAM_CLASSES; i++) {
        seen += h->classes[i];
        if (seen > wanted) return largest_in(i) < h->most ? largest_in(i) : h->most;
    }
    return h->most;
}
