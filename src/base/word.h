/*
 * Eight bytes of text at once, to skip what needs no looking at. A test says whether any of the eight bytes is meant;
 * which one, the caller finds byte by byte.
 */
#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { WORD_BYTES = 8 };
#define WORD_ONES UINT64_C(0x0101010101010101)
#define WORD_HIGH UINT64_C(0x8080808080808080)

static inline uint64_t word_at(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Eight times the same byte. */
static inline uint64_t word_of(unsigned char c)
{
    return WORD_ONES * c;
}

static inline bool word_has(uint64_t word, unsigned char c)
{
    uint64_t zero = word ^ word_of(c);
    return ((zero - WORD_ONES) & ~zero & WORD_HIGH) != 0;
}

/* A byte below `c`, which is at most 128. */
static inline bool word_has_below(uint64_t word, unsigned char c)
{
    return ((word - word_of(c)) & ~word & WORD_HIGH) != 0;
}

#endif
