/*
 * What printf would write, for the formats that nearly all our texts are made with: %s, %.*s, whole numbers, %c and %%,
 * with a width of zeros or spaces in front of numbers. They are written by hand, because a page is made of hundreds of
 * small texts and vsnprintf costs more than all the rest of them. Every other format goes to vsnprintf itself. Only
 * str_format and buf_addf use this.
 */
#ifndef BASE_PLAIN_FORMAT_H
#define BASE_PLAIN_FORMAT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

enum { PLAIN_TEXT_BYTES = 512 };

struct plain_text {
    char bytes[PLAIN_TEXT_BYTES]; /* without a NUL at its end */
    bool is_whole;                /* else the text is longer and `bytes` hold nothing */
};

/* How long the text is. */
size_t plain_format(struct plain_text *out, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

#endif
