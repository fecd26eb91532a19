/*
 * What clang cannot compile (decimal numbers) comes from gcc, whose coverage libFuzzer does not know. Here gcc's calls
 * at each edge count in libFuzzer's extra counters, so that it sees what an input reached there as everywhere else. Its
 * comparisons (trace-cmp) call libFuzzer by themselves; its edges call what libFuzzer has only an empty function for,
 * which the linker replaces by the one here (--wrap).
 */
#include <stdint.h>

enum { COUNTERS = 1 << 16 };

void __wrap___sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_cmpd(double a, double b);
void __sanitizer_cov_trace_cmpf(float a, float b);

__attribute__((section("__libfuzzer_extra_counters"))) static uint8_t counters[COUNTERS];

__attribute__((no_sanitize("coverage", "address", "undefined"))) void __wrap___sanitizer_cov_trace_pc(void)
{
    uintptr_t pc = (uintptr_t)__builtin_return_address(0);
    counters[(pc ^ (pc >> 16)) % COUNTERS]++;
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
