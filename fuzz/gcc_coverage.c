/*
 * What clang cannot compile (decimal numbers) comes from gcc, whose coverage libFuzzer does not know. Here gcc's calls
 * at each edge count in libFuzzer's extra counters, so that it sees what an input reached there as everywhere else. Its
 * comparisons (trace-cmp) call libFuzzer by themselves; its edges call what libFuzzer has only an empty function for,
 * which the linker replaces by the one here (--wrap). libFuzzer looks at every counter after every run, so there are no
 * more than are needed, and none in a target without such code (it then takes no member of the library from here).
 */
#include <stdint.h>

enum { COUNTERS = 1 << 14, PLACES = 2 * COUNTERS };

void __wrap___sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_cmpd(double a, double b);
void __sanitizer_cov_trace_cmpf(float a, float b);

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNTERS];

/* Which counter an edge has: in the order in which edges are first seen; those beyond the last share it. */
static struct {
    uintptr_t edge;
    uint32_t counter;
} places[PLACES];
static uint32_t seen;

#define UNWATCHED __attribute__((no_sanitize("coverage", "address", "undefined")))

UNWATCHED void __wrap___sanitizer_cov_trace_pc(void)
{
    uintptr_t edge = (uintptr_t)__builtin_return_address(0);
    uint32_t at = (uint32_t)((edge * UINT64_C(0x9E3779B97F4A7C15)) >> 32) % PLACES;
    while (places[at].edge != edge && places[at].edge != 0) at = (at + 1) % PLACES;
    if (places[at].edge == 0) {
        if (seen == COUNTERS - 1) {
            counters[COUNTERS - 1]++;
            return;
        }
        places[at].edge = edge;
        places[at].counter = seen++;
    }
    counters[places[at].counter]++;
}

/* Comparisons of floating numbers, which clang does not report. */
void __sanitizer_cov_trace_cmpd(double a, double b)
{
    (void)a, (void)b; /* nothing to learn */
}

void __sanitizer_cov_trace_cmpf(float a, float b)
{
    (void)a, (void)b; /* nothing to learn */
}
