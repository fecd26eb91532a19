#include "store/store_mark.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/log.h"
#include "store/store_page.h"

/* Of the format of the write-ahead log (sqlite.org/fileformat2.html section 4). */
enum {
    LOG_MAGIC_BYTES = 4,
    LOG_PAGE_BYTES_AT = 8,
    LOG_SALTS_AT = 16,
    LOG_SUM_AT = 24,
    FRAME_SALTS_AT = 8,
    FRAME_SUM_AT = 16,
    LOG_WORD_BYTES = 4
};
#define LOG_MAGIC UINT32_C(0x377f0682) /* and 1 more when its sums are of big-endian words */

/* The file: these numbers and a sum of them, little-endian, in one sector. */
enum { MARK_WORDS = 4, MARK_BYTES = MARK_WORDS * 8 };
static const uint64_t mark_seed = 0x6d61726b31; /* "mark1" */

static struct str beside(struct arena *a, struct str database, const char *ending)
{
    return str_format(a, "%.*s%s", STR_ARG(database), ending);
}

static uint64_t inode_of(struct arena *a, struct str path)
{
    struct stat about;
    return stat(str_cstr(a, path), &about) == 0 ? (uint64_t)about.st_ino : 0;
}

/* ---- the log, as SQLite will read it ---- */

struct log_walk {
    int fd;
    bool is_big;
    uint64_t salts;
    uint32_t sum[2];
};

static uint32_t word(const unsigned char *at, bool is_big)
{
    uint32_t w;
    memcpy(&w, at, sizeof w);
    return is_big ? be32toh(w) : le32toh(w);
}

static void add_up(struct log_walk *w, const unsigned char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i += 2 * LOG_WORD_BYTES) {
        w->sum[0] += word(bytes + i, w->is_big) + w->sum[1];
        w->sum[1] += word(bytes + i + LOG_WORD_BYTES, w->is_big) + w->sum[0];
    }
}

static bool has_sum(const struct log_walk *w, const unsigned char *at)
{
    return word(at, true) == w->sum[0] && word(at + LOG_WORD_BYTES, true) == w->sum[1];
}

static bool read_header(struct log_walk *w)
{
    unsigned char head[LOG_HEAD_BYTES];
    if (pread(w->fd, head, sizeof head, 0) != (ssize_t)sizeof head) return false;
    uint32_t magic = word(head, true);
    w->is_big = magic & 1;
    memcpy(&w->salts, head + LOG_SALTS_AT, sizeof w->salts);
    add_up(w, head, LOG_SUM_AT);
    return (magic & ~UINT32_C(1)) == LOG_MAGIC && word(head + LOG_PAGE_BYTES_AT, true) == PAGE_BYTES &&
           has_sum(w, head + LOG_SUM_AT);
}

static bool read_frame(struct log_walk *w, int64_t frame)
{
    unsigned char bytes[FRAME_BYTES];
    off_t at = LOG_HEAD_BYTES + frame * FRAME_BYTES;
    if (pread(w->fd, bytes, sizeof bytes, at) != (ssize_t)sizeof bytes) return false;
    add_up(w, bytes, FRAME_SALTS_AT);
    add_up(w, bytes + FRAME_HEAD_BYTES, PAGE_BYTES);
    return memcmp(bytes + FRAME_SALTS_AT, &w->salts, sizeof w->salts) == 0 && has_sum(w, bytes + FRAME_SUM_AT);
}

/* How many frames of this generation are whole, from the first on; not more than asked for. */
static int64_t count_frames(struct str path, uint64_t salts, int64_t most)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, path.len + 64);
    AUTO_FD int fd = open(str_cstr(&a, path), O_RDONLY | O_CLOEXEC);
    struct log_walk walk = {.fd = fd};
    int64_t count = 0;
    if (fd < 0 || !read_header(&walk) || walk.salts != salts) return 0;
    while (count < most && read_frame(&walk, count)) count++;
    return count;
}

/* ---- the file ---- */

static bool read_mark(int fd, struct mark *out)
{
    uint64_t words[MARK_WORDS], sum;
    char bytes[MARK_BYTES + sizeof sum];
    if (fd < 0 || pread(fd, bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) return false;
    memcpy(words, bytes, MARK_BYTES);
    memcpy(&sum, bytes + MARK_BYTES, sizeof sum);
    if (le64toh(sum) != page_sum(bytes, MARK_BYTES, mark_seed)) return false;
    *out = (struct mark){-1, le64toh(words[0]), words[1], (int64_t)le64toh(words[2])};
    return true;
}

enum outcome mark_check(struct str database, struct fail *why)
{
    struct arena *a = why->arena;
    struct mark m;
    AUTO_FD int fd = open(beside(a, database, "-mark").at, O_RDONLY | O_CLOEXEC);
    if (!read_mark(fd, &m) || m.frames == 0 || m.database != inode_of(a, database)) return OK;
    int64_t whole = count_frames(beside(a, database, "-wal"), m.salts, m.frames);
    if (whole == m.frames) return OK;
    log_write(LOG_ERROR, "store.log", "whole=%" PRId64 " promised=%" PRId64, whole, m.frames);
    return fail(
        why, ERR_CONFLICT,
        N_("The last changes are damaged: of {0} pages that {1} must have, {2} are whole. Restore a backup; to go "
           "on without what is lost, remove {3}."),
        str_format(a, "%" PRId64, m.frames), beside(a, database, "-wal"), str_format(a, "%" PRId64, whole),
        beside(a, database, "-mark"));
}

enum outcome mark_open(struct mark *m, struct str database, struct fail *why)
{
    struct str path = beside(why->arena, database, "-mark");
    struct mark stood;
    *m = (struct mark){.fd = open(path.at, O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    int cause = errno;
    AUTO_FD int fd = m->fd < 0 ? open(path.at, O_RDONLY | O_CLOEXEC) : -1;
    m->database = inode_of(why->arena, database);
    if (!read_mark(m->fd < 0 ? fd : m->fd, &stood)) return OK;
    m->frames = stood.frames;
    if (m->fd >= 0 || stood.frames == 0 || stood.database != m->database) return OK;
    /* Its promise could not be taken back when the log ends, and the next start would miss what nobody lost. */
    return fail(why, ERR_DOWN, N_("{0} cannot be written: {1}."), path, str_from(strerrordesc_np(cause)));
}

void mark_close(struct mark *m)
{
    if (m->fd >= 0) close(m->fd);
    m->fd = -1;
}

bool mark_set(struct mark *m, uint64_t salts, int64_t frames)
{
    uint64_t words[MARK_WORDS] = {htole64(m->database), salts, htole64((uint64_t)frames), 0};
    char bytes[MARK_BYTES + sizeof(uint64_t)];
    if (m->fd < 0 || (m->frames == 0 && frames == 0)) return true;
    memcpy(bytes, words, MARK_BYTES);
    uint64_t sum = htole64(page_sum(bytes, MARK_BYTES, mark_seed));
    memcpy(bytes + MARK_BYTES, &sum, sizeof sum);
    if (pwrite(m->fd, bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes || fdatasync(m->fd) != 0) return false;
    m->salts = salts;
    m->frames = frames;
    return true;
}
