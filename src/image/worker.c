/*
 * The worker: one job, one process. It closes its cell before it reads the first byte from outside; only the pages of a
 * PDF are drawn by another program, which is started first, in a cell of its own, and writes into memory that the
 * worker reads like any other picture. Whatever goes wrong ends the process; the server knows what that means.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "image/image_job.h"
#include "image/pdf.h"
#include "image/picture.h"
#include "image/sandbox.h"
#include "image/shrink.h"

enum { CPU_S = 12, DRAW_CPU_S = 8, NICER = 10, PICTURE_QUALITY = 80 };
enum { EXIT_SAID = 0, EXIT_CALL = 64 };

static const struct sandbox_bounds bounds = {CPU_S, UINT64_C(1) << 30, UINT64_C(96) << 20};
static const struct sandbox_bounds draw_bounds = {DRAW_CPU_S, UINT64_C(768) << 20, UINT64_C(48) << 20};

/* A file in memory: the descriptor's own, so that nothing is copied. */
static struct str bytes_of(int fd)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || about.st_size <= 0) return STR_NONE;
    void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    return at != MAP_FAILED ? str_of(at, (size_t)about.st_size) : STR_NONE;
}

static bool write_out(struct str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(JOB_OUT, bytes.at, bytes.len);
        if (n <= 0) return false;
        bytes = str_part(bytes, (size_t)n, bytes.len);
    }
    return true;
}

static enum image_state write_picture(const struct raster *r, int quality)
{
    struct str jpeg = picture_write(r, quality);
    bool is_written = write_out(jpeg);
    picture_free(jpeg);
    return is_written ? IMAGE_WELL : IMAGE_TOO_LARGE;
}

/* ---- drawing a page of a PDF ---- */

struct drawer {
    pid_t pid; /* 0: none */
    int picture;
};

/* Becomes pdftoppm, or ends. Its words go nowhere: they repeat what is in the file. */
static void become_drawer(const struct image_job *job, int picture)
{
    char page[12], width[12];
    bool is_on_side = job->turn % 2 != 0; /* what is wide then was high before */
    snprintf(page, sizeof page, "%d", job->page);
    snprintf(width, sizeof width, "%d", job->width);
    const char *call[] = {"pdftoppm",    "-f",
                          page,          "-l",
                          page,          "-singlefile",
                          "-scale-to-x", is_on_side ? "-1" : width,
                          "-scale-to-y", is_on_side ? width : "-1",
                          "-q",          "-",
                          NULL};
    char *const environment[] = {(char[]){"LC_ALL=C"}, (char[]){"HOME=/nowhere"}, NULL};
    int nowhere = open("/dev/null", O_WRONLY);
    bool is_ready = nowhere >= 0 && dup2(JOB_FIRST_PART, STDIN_FILENO) >= 0 && dup2(picture, STDOUT_FILENO) >= 0 &&
                    dup2(nowhere, STDERR_FILENO) >= 0 && close_range(3, ~0U, 0) == 0;
    if (is_ready && sandbox_enter(SANDBOX_PROGRAM, &draw_bounds, IMAGE_PDF_PROGRAM))
        (void)execve(IMAGE_PDF_PROGRAM, (char *const *)(uintptr_t)call, environment);
    _exit(JOB_HAS_NO_CELL);
}

static bool start_drawer(const struct image_job *job, struct drawer *out)
{
    out->picture = memfd_create("page", MFD_CLOEXEC);
    if (out->picture < 0) return false;
    out->pid = fork();
    if (out->pid == 0) become_drawer(job, out->picture);
    return out->pid > 0;
}

/* pdftoppm turns a landscape page as the page says; the width asked for is the width as drawn. */
static bool read_drawn(struct str ppm, struct raster *out)
{
    int width, height, from = 0;
    char head[64] = {0};
    memcpy(head, ppm.at, ppm.len < sizeof head - 1 ? ppm.len : sizeof head - 1);
    if (sscanf(head, "P6 %5d %5d 255%n", &width, &height, &from) != 2 || from == 0) return false;
    struct str dots = str_part(ppm, (size_t)from + 1, ppm.len);
    if (width < 1 || height < 1 || dots.len < (size_t)width * (size_t)height * 3) return false;
    raster_init(out, width, height);
    memcpy(out->at, dots.at, (size_t)width * (size_t)height * 3);
    return true;
}

static enum image_state take_drawn(const struct drawer *drawer, struct raster *out)
{
    int status;
    if (waitpid(drawer->pid, &status, 0) != drawer->pid) return IMAGE_DAMAGED;
    if (!WIFEXITED(status)) return IMAGE_TOO_SLOW;
    struct str ppm = bytes_of(drawer->picture);
    return ppm.len > 0 && read_drawn(ppm, out) ? IMAGE_WELL : IMAGE_DAMAGED;
}

/* ---- jobs ---- */

static void probe(struct str bytes, struct image_facts *out)
{
    out->kind = image_kind_of(bytes);
    if (out->kind == IMAGE_PDF) {
        pdf_look(bytes, out);
        return;
    }
    struct raster dots;
    out->state = picture_read(out->kind, bytes, 1, &dots);
    if (out->state != IMAGE_WELL) return;
    out->pages = 1;
    out->width = dots.width;
    out->height = dots.height;
    (void)picture_size(out->kind, bytes, &out->width, &out->height); /* it was just read */
    if (out->kind == IMAGE_JPEG && picture_orientation(bytes) > 4) {
        int width = out->width;
        out->width = out->height;
        out->height = width;
    }
}

static void picture(const struct image_job *job, const struct drawer *drawer, struct str bytes, struct image_facts *out)
{
    struct raster dots;
    out->kind = image_kind_of(bytes);
    if (drawer->pid != 0) {
        pdf_look(bytes, out);
        if (out->state == IMAGE_WELL && job->page > out->pages) out->state = IMAGE_NO_PAGE;
        if (out->state == IMAGE_WELL) out->state = take_drawn(drawer, &dots);
    } else {
        out->state = job->page == 1 ? picture_read(out->kind, bytes, 2 * job->width, &dots) : IMAGE_NO_PAGE;
        out->pages = 1;
    }
    if (out->state != IMAGE_WELL) return;
    raster_turn(&dots, job->turn);
    raster_fit(&dots, job->width, PICTURE_SIDE_MOST);
    out->width = dots.width;
    out->height = dots.height;
    out->state = write_picture(&dots, PICTURE_QUALITY);
}

static void photo(struct str bytes, struct image_facts *out)
{
    struct raster dots;
    out->kind = image_kind_of(bytes);
    out->state = picture_read(out->kind, bytes, READABLE_SIDE, &dots);
    if (out->state != IMAGE_WELL) return;
    raster_fit(&dots, READABLE_SIDE, READABLE_SIDE);
    out->pages = 1;
    out->width = dots.width;
    out->height = dots.height;
    out->state = write_picture(&dots, READABLE_QUALITY);
}

/* One of ours (image_photo made it), which can be taken as it is. */
static bool is_clean(struct str jpeg, int width, int height)
{
    return width <= READABLE_SIDE && height <= READABLE_SIDE && str_starts(jpeg, STR("\xff\xd8\xff\xe0\0\x10JFIF\0")) &&
           str_starts(str_part(jpeg, 20, jpeg.len), STR("\xff\xdb"));
}

static enum image_state join_picture(struct pdf_join *j, enum image_kind kind, struct str bytes)
{
    struct raster dots;
    int width, height;
    enum image_state state = picture_size(kind, bytes, &width, &height);
    if (state != IMAGE_WELL) return state;
    if (kind == IMAGE_JPEG && is_clean(bytes, width, height)) {
        pdf_join_picture(j, bytes, width, height, picture_is_grey(bytes));
        return IMAGE_WELL;
    }
    state = picture_read(kind, bytes, READABLE_SIDE, &dots);
    if (state != IMAGE_WELL) return state;
    raster_fit(&dots, READABLE_SIDE, READABLE_SIDE);
    struct str jpeg = picture_write(&dots, READABLE_QUALITY);
    pdf_join_picture(j, jpeg, dots.width, dots.height, picture_is_grey(jpeg));
    picture_free(jpeg);
    raster_clear(&dots);
    return IMAGE_WELL;
}

static void join(const struct image_job *job, struct image_facts *out)
{
    struct pdf_join *j = pdf_join_begin();
    *out = (struct image_facts){.kind = IMAGE_PDF, .state = IMAGE_WELL};
    for (int i = 0; i < job->part_count && out->state == IMAGE_WELL; i++) {
        struct str bytes = bytes_of(JOB_FIRST_PART + i);
        enum image_kind kind = image_kind_of(bytes);
        out->part = i;
        out->state = kind == IMAGE_PDF ? pdf_join_pages(j, bytes) : join_picture(j, kind, bytes);
    }
    if (out->state == IMAGE_WELL && !pdf_join_write(j, JOB_OUT, &out->pages)) out->state = IMAGE_TOO_LARGE;
    pdf_join_free(j);
}

static void do_job(const struct image_job *job, const struct drawer *drawer, struct image_facts *out)
{
    struct str first = bytes_of(JOB_FIRST_PART);
    switch (job->task) {
    case TASK_PROBE: probe(first, out); break;
    case TASK_PICTURE: picture(job, drawer, first, out); break;
    case TASK_PHOTO: photo(first, out); break;
    case TASK_JOIN: join(job, out); break;
    case TASK_COUNT: break;
    }
}

static bool is_pdf(int fd)
{
    char head[5];
    return pread(fd, head, sizeof head, 0) == (ssize_t)sizeof head && memcmp(head, "%PDF-", sizeof head) == 0;
}

int image_worker(int count, char **words)
{
    struct image_job job;
    struct drawer drawer = {0};
    struct image_facts facts = {.kind = IMAGE_OTHER, .state = IMAGE_UNKNOWN};
    char report[REPORT_BYTES];
    if (!image_job_parse(count, words, &job)) return EXIT_CALL;
    if (nice(NICER) == -1) return JOB_HAS_NO_CELL;
    if (job.task == TASK_PICTURE && is_pdf(JOB_FIRST_PART) && !start_drawer(&job, &drawer)) return JOB_HAS_NO_CELL;
    if (!sandbox_enter(SANDBOX_CLOSED, &bounds, NULL)) return JOB_HAS_NO_CELL;
    do_job(&job, &drawer, &facts);
    image_report_format(&facts, report);
    (void)!write(JOB_REPORT, report, strlen(report)); /* nobody is left to tell */
    _exit(EXIT_SAID);
}
