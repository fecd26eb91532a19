#include "store/store_page.h"

#include <endian.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/fail.h"
#include "base/word.h"

enum { LANES = 4, CHUNK = 4096, CHUNKS = 1024 };

/* ---- the sum ---- */

static uint64_t mix(uint64_t sum, uint64_t word)
{
    sum ^= word;
    return (sum << 31 | sum >> 33) * UINT64_C(0x9E3779B97F4A7C15); /* odd: no two sums become one */
}

/* Four sums side by side, because one step waits for the one before. */
uint64_t page_sum(const void *bytes, size_t len, uint64_t number)
{
    uint64_t lanes[LANES] = {number, number + 1, number + 2, number + 3};
    const char *at = bytes, *end = at + len;
    for (; end - at >= LANES * WORD_BYTES; at += LANES * WORD_BYTES)
        for (size_t i = 0; i < LANES; i++) lanes[i] = mix(lanes[i], le64toh(word_at(at + i * WORD_BYTES)));
    for (size_t i = 0; end - at >= WORD_BYTES; at += WORD_BYTES, i++) lanes[i] = mix(lanes[i], le64toh(word_at(at)));
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
    return le64toh(word_at(end)) == page_sum(page, PAGE_BYTES - PAGE_SUM_BYTES, number);
}

/* ---- notes ---- */

struct page_notes {
    _Atomic(_Atomic uint32_t *) chunks[CHUNKS]; /* 4 million pages, 16 GiB; beyond nothing is noted */
};

struct page_notes *page_notes_new(void)
{
    struct page_notes *n = calloc(1, sizeof *n);
    if (n == NULL) BUG("out of memory");
    return n;
}

void page_notes_free(struct page_notes *n)
{
    for (size_t i = 0; n != NULL && i < CHUNKS; i++) free(atomic_load(&n->chunks[i]));
    free(n);
}

/* NULL beyond the end, or when there is no memory for it. */
static _Atomic uint32_t *place_of(struct page_notes *n, int64_t number)
{
    if (number < 0 || number >= (int64_t)CHUNK * CHUNKS) return NULL;
    _Atomic(_Atomic uint32_t *) *chunk = &n->chunks[number / CHUNK];
    _Atomic uint32_t *at = atomic_load_explicit(chunk, memory_order_acquire);
    if (at == NULL) {
        _Atomic uint32_t *made = calloc(CHUNK, sizeof *made);
        if (atomic_compare_exchange_strong(chunk, &at, made))
            at = made;
        else
            free(made);
    }
    return at == NULL ? NULL : &at[number % CHUNK];
}

/* ---- the log ---- */

/* 0 stands for: not known. */
static uint32_t short_sum(const void *page, int64_t frame)
{
    uint32_t sum = (uint32_t)page_sum(page, PAGE_BYTES, (uint64_t)frame);
    return sum == 0 ? 1 : sum;
}

void log_sums_note(struct page_notes *sums, int64_t frame, const void *page)
{
    _Atomic uint32_t *place = place_of(sums, frame);
    if (place) atomic_store_explicit(place, short_sum(page, frame), memory_order_relaxed);
}

void log_sums_forget(struct page_notes *sums, int64_t frame)
{
    _Atomic uint32_t *place = place_of(sums, frame);
    if (place) atomic_store_explicit(place, 0, memory_order_relaxed);
}

bool log_sums_fits(struct page_notes *sums, int64_t frame, const void *page)
{
    _Atomic uint32_t *place = place_of(sums, frame);
    uint32_t known = 0, seen = short_sum(page, frame);
    if (place == NULL) return true;
    return atomic_compare_exchange_strong(place, &known, seen) || known == seen;
}

/* ---- when ---- */

bool page_is_due(struct page_notes *times, int64_t number, int64_t now)
{
    _Atomic uint32_t *place = place_of(times, number);
    uint32_t next = place ? atomic_load_explicit(place, memory_order_relaxed) : 0;
    if (place && (int64_t)next > now) return false;
    if (place) atomic_store_explicit(place, (uint32_t)(now + PAGE_COMPARED_S), memory_order_relaxed);
    return true;
}

void page_is_bad(struct page_notes *times, int64_t number)
{
    _Atomic uint32_t *place = place_of(times, number);
    if (place) atomic_store_explicit(place, 0, memory_order_relaxed);
}
