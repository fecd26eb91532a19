#include "store/store_page.h"

#include <endian.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"

enum { LANES = 4, WORD_BYTES = 8, CHUNK = 4096, CHUNKS = 1024 };

struct log_sums {
    _Atomic(_Atomic uint32_t *) chunks[CHUNKS]; /* 4 million frames, 16 GiB; what lies beyond is not compared */
};

/* ---- the sum ---- */

static uint64_t mix(uint64_t sum, uint64_t word)
{
    sum ^= word;
    return (sum << 31 | sum >> 33) * UINT64_C(0x9E3779B97F4A7C15); /* odd: no two sums become one */
}

static uint64_t word_at(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return le64toh(word);
}

/* Four sums side by side, because one step waits for the one before. */
uint64_t page_sum(const void *bytes, size_t len, uint64_t number)
{
    uint64_t lanes[LANES] = {number, number + 1, number + 2, number + 3};
    const char *at = bytes, *end = at + len;
    for (; end - at >= LANES * WORD_BYTES; at += LANES * WORD_BYTES)
        for (size_t i = 0; i < LANES; i++) lanes[i] = mix(lanes[i], word_at(at + i * WORD_BYTES));
    for (size_t i = 0; end - at >= WORD_BYTES; at += WORD_BYTES, i++) lanes[i] = mix(lanes[i], word_at(at));
    uint64_t sum = len;
    for (size_t i = 0; i < LANES; i++) sum = mix(sum, lanes[i]);
    return sum ^ sum >> 32;
}

void page_seal(void *page, uint64_t number)
{
    char *end = (char *)page + PAGE_BYTES - PAGE_SUM_BYTES;
    uint64_t sum = htole64(page_sum(page, PAGE_BYTES - PAGE_SUM_BYTES, number));
    memcpy(end, &sum, sizeof sum);
}

bool page_is_whole(const void *page, uint64_t number)
{
    const char *end = (const char *)page + PAGE_BYTES - PAGE_SUM_BYTES;
    return word_at(end) == page_sum(page, PAGE_BYTES - PAGE_SUM_BYTES, number);
}

/* ---- the log ---- */

struct log_sums *log_sums_new(void)
{
    struct log_sums *s = calloc(1, sizeof *s);
    if (s == NULL) BUG("out of memory");
    return s;
}

void log_sums_free(struct log_sums *s)
{
    for (size_t i = 0; s != NULL && i < CHUNKS; i++) free(atomic_load(&s->chunks[i]));
    free(s);
}

/* NULL beyond the end, or when there is no memory for it: then that frame is not compared. */
static _Atomic uint32_t *place_of(struct log_sums *s, int64_t frame)
{
    if (frame < 0 || frame >= (int64_t)CHUNK * CHUNKS) return NULL;
    _Atomic(_Atomic uint32_t *) *chunk = &s->chunks[frame / CHUNK];
    _Atomic uint32_t *at = atomic_load_explicit(chunk, memory_order_acquire);
    if (at == NULL) {
        _Atomic uint32_t *made = calloc(CHUNK, sizeof *made);
        if (atomic_compare_exchange_strong(chunk, &at, made))
            at = made;
        else
            free(made);
    }
    return at == NULL ? NULL : &at[frame % CHUNK];
}

/* 0 stands for: not known. */
static uint32_t short_sum(const void *page, int64_t frame)
{
    uint32_t sum = (uint32_t)page_sum(page, PAGE_BYTES, (uint64_t)frame);
    return sum == 0 ? 1 : sum;
}

void log_sums_note(struct log_sums *s, int64_t frame, const void *page)
{
    _Atomic uint32_t *place = place_of(s, frame);
    if (place) atomic_store_explicit(place, short_sum(page, frame), memory_order_relaxed);
}

void log_sums_forget(struct log_sums *s, int64_t frame)
{
    _Atomic uint32_t *place = place_of(s, frame);
    if (place) atomic_store_explicit(place, 0, memory_order_relaxed);
}

bool log_sums_fits(struct log_sums *s, int64_t frame, const void *page)
{
    _Atomic uint32_t *place = place_of(s, frame);
    uint32_t known = 0;
    if (place == NULL) return true;
    return atomic_compare_exchange_strong(place, &known, short_sum(page, frame)) || known == short_sum(page, frame);
}
