/*
 * A backup as somebody brings it: a file, or a list beside a folder of parts. Whatever the bytes, what is taken from it
 * stays below the folder that is restored, no entry says more than it has, and it ends.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "backup/backup.h"
#include "backup/backup_read.h"
#include "backup/tar.h"
#include "base/auto.h"

enum { ENTRIES_MOST = 100000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_entry(struct backup_reader *r, const struct backup_entry *e, struct fail *why)
{
    struct str piece;
    uint64_t left = e->bytes;
    if (e->path.len == 0 || e->path.at[0] == '/' || str_has(e->path, STR(".."))) BUG("it leads out of the folder");
    if ((e->mode & ~0777u) != 0) BUG("more rights than there are");
    while (backup_piece(r, &piece, why) == OK && piece.len > 0) {
        if (piece.len > left) BUG("more than was said");
        left -= piece.len;
    }
}

static void check_header(struct arena *a, const unsigned char block[TAR_BLOCK])
{
    unsigned char again[TAR_BLOCK];
    struct tar_entry e, back;
    struct fail why;
    fail_init(&why, a);
    if (tar_read_header(a, block, &e, &why) != OK) return;
    if (e.name.len > TAR_NAME_MOST || tar_padding(e.bytes) >= TAR_BLOCK) BUG("a header that is none");
    tar_write_header(again, &e);
    if (tar_read_header(a, again, &back, &why) != OK || !str_eq(e.name, back.name) || e.bytes != back.bytes)
        BUG("a header does not read back");
}

/* The header of a file with the magic and the sum that belong to it, so that what it says is looked at; fields of
 * ustar. */
static void make_header(unsigned char block[TAR_BLOCK])
{
    enum { SUM_AT = 148, SUM_BYTES = 8, TYPE_AT = 156, MAGIC_AT = 257 };
    unsigned sum = 0;
    block[TYPE_AT] = '0';
    memcpy(block + MAGIC_AT, "ustar", 5);
    memset(block + SUM_AT, ' ', SUM_BYTES);
    for (int i = 0; i < TAR_BLOCK; i++) sum += block[i];
    (void)snprintf((char *)block + SUM_AT, SUM_BYTES, "%06o",
                   sum); /* at most 01774000: it fits; the blank after it stays */
}

static void check_headers(struct arena *a, const uint8_t *data, size_t size)
{
    unsigned char block[TAR_BLOCK] = {0};
    memcpy(block, data, size < sizeof block ? size : sizeof block);
    check_header(a, block);
    make_header(block);
    check_header(a, block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct backup_reader *r = NULL;
    struct backup_entry e;
    arena_init(&a, BACKUP_ARENA);
    fail_init(&why, &a);
    check_headers(&a, data, size);
    int fd = memfd_create("backup", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size) abort();
    struct str path = str_format(&a, "/proc/self/fd/%d", fd);
    if (backup_open(&a, path, &r, &why) == OK) {
        size_t count = 0;
        while (count++ < ENTRIES_MOST && backup_next(r, &e, &why) == OK) check_entry(r, &e, &why);
        if (count > ENTRIES_MOST) BUG("it has no end");
        backup_close(r);
    }
    close(fd);
    return 0;
}
