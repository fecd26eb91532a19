#include "backup/tar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Where the fields of a header stand. */
enum { NAME = 0, MODE = 100, UID = 108, GID = 116, SIZE = 124, MTIME = 136, SUM = 148, TYPE = 156, MAGIC = 257 };
enum { SHORT_FIELD = 8, LONG_FIELD = 12, SUM_FIELD = 8 };
/* Eleven octal digits; a larger size is written in base 256, as GNU tar and pax readers know it. */
#define OCTAL_MOST UINT64_C(077777777777)

static void put_octal(unsigned char *at, size_t field, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%0*" PRIo64, (int)field - 1, value);
    memcpy(at, digits, field);
}

static void put_size(unsigned char *at, uint64_t value)
{
    if (value <= OCTAL_MOST) {
        put_octal(at, LONG_FIELD, value);
        return;
    }
    at[0] = 0x80;
    for (int i = LONG_FIELD - 1; i > 0; i--, value >>= 8) at[i] = (unsigned char)value;
}

static unsigned sum_of(const unsigned char block[TAR_BLOCK])
{
    unsigned sum = 0;
    for (int i = 0; i < TAR_BLOCK; i++) sum += i >= SUM && i < SUM + SUM_FIELD ? ' ' : block[i];
    return sum;
}

/* As every writer of ustar does: six digits, NUL, blank. */
static void put_sum(unsigned char *at, unsigned sum)
{
    put_octal(at, SUM_FIELD - 1, sum);
    at[SUM_FIELD - 1] = ' ';
}

/* The field is no part of its sum: byte by byte, or a flipped bit of the blank would not be found. */
static bool has_its_sum(const unsigned char block[TAR_BLOCK])
{
    unsigned char field[SUM_FIELD];
    put_sum(field, sum_of(block));
    return memcmp(block + SUM, field, SUM_FIELD) == 0;
}

void tar_write_header(unsigned char out[TAR_BLOCK], const struct tar_entry *e)
{
    if (e->name.len > TAR_NAME_MOST) BUG("a name of %zu bytes in a backup", e->name.len);
    memset(out, 0, TAR_BLOCK);
    memcpy(out + NAME, e->name.at, e->name.len);
    put_octal(out + MODE, SHORT_FIELD, e->mode & 0777);
    put_octal(out + UID, SHORT_FIELD, 0);
    put_octal(out + GID, SHORT_FIELD, 0);
    put_size(out + SIZE, e->bytes);
    put_octal(out + MTIME, LONG_FIELD, e->at_s > 0 ? (uint64_t)e->at_s : 0);
    out[TYPE] = '0';
    memcpy(out + MAGIC, "ustar\00000", 8);
    put_sum(out + SUM, sum_of(out));
}

static bool read_number(const unsigned char *at, size_t field, uint64_t *out)
{
    uint64_t value = 0;
    size_t i = 0;
    if (at[0] == 0x80) {
        for (i = 1; i < field; i++) {
            if (value >> 55 != 0) return false;
            value = value << 8 | at[i];
        }
        *out = value;
        return true;
    }
    while (i < field && at[i] == ' ') i++;
    for (; i < field && at[i] >= '0' && at[i] <= '7'; i++) value = value << 3 | (uint64_t)(at[i] - '0');
    *out = value;
    return i == field || at[i] == 0 || at[i] == ' ';
}

static bool is_blank(const unsigned char block[TAR_BLOCK])
{
    for (int i = 0; i < TAR_BLOCK; i++)
        if (block[i] != 0) return false;
    return true;
}

enum outcome tar_read_header(struct arena *a, const unsigned char in[TAR_BLOCK], struct tar_entry *out,
                             struct fail *why)
{
    uint64_t mode, bytes, at;
    if (is_blank(in)) return ERR_MISSING;
    bool is_whole = has_its_sum(in) && memcmp(in + MAGIC, "ustar", 5) == 0;
    bool is_file = in[TYPE] == '0' || in[TYPE] == 0;
    if (!is_whole || !is_file || !read_number(in + MODE, SHORT_FIELD, &mode) ||
        !read_number(in + SIZE, LONG_FIELD, &bytes) || !read_number(in + MTIME, LONG_FIELD, &at))
        return fail(why, ERR_BAD, N_("This is not a backup of Motcua, or it is damaged."));
    size_t len = strnlen((const char *)in + NAME, TAR_NAME_MOST);
    *out = (struct tar_entry){str_dup(a, str_of((const char *)in + NAME, len)), (unsigned)(mode & 0777), bytes,
                              (int64_t)(at & INT64_MAX)};
    return OK;
}

uint64_t tar_padding(uint64_t bytes)
{
    return (TAR_BLOCK - bytes % TAR_BLOCK) % TAR_BLOCK;
}
