/* Files from outside: pictures of every kind and PDF, read, joined and written as the worker does it, without its cell.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image/image_job.h"
#include "image/pdf.h"
#include "image/picture.h"

enum { DOTS_MOST = 2 * 1000 * 1000, SIDE = 200 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Large pictures are slow, not wrong; the worker's bounds are for them. */
static bool is_small(enum image_kind kind, struct str bytes)
{
    int width = 0, height = 0;
    return picture_size(kind, bytes, &width, &height) == IMAGE_WELL && (int64_t)width * height <= DOTS_MOST;
}

static void read_picture(enum image_kind kind, struct str bytes)
{
    struct raster dots;
    if (!is_small(kind, bytes) || picture_read(kind, bytes, SIDE, &dots) != IMAGE_WELL) return;
    if (dots.width < 1 || dots.height < 1) abort();
    raster_turn(&dots, 1);
    raster_fit(&dots, SIDE, SIDE);
    if (dots.width > SIDE || dots.height > SIDE) abort();
    struct str jpeg = picture_write(&dots, 60);
    if (image_kind_of(jpeg) != IMAGE_JPEG || picture_orientation(jpeg) != 1) abort();
    picture_free(jpeg);
    raster_clear(&dots);
}

static void read_pdf(struct str bytes)
{
    struct image_facts facts;
    int pages = 0;
    pdf_look(bytes, &facts);
    if (facts.state != IMAGE_WELL) return;
    if (facts.pages < 1 || facts.pages > IMAGE_PAGES_MOST) abort();
    struct pdf_join *j = pdf_join_begin();
    int out = memfd_create("joined", MFD_CLOEXEC);
    if (pdf_join_pages(j, bytes) == IMAGE_WELL && out >= 0 && pdf_join_write(j, out, &pages) && pages != facts.pages)
        abort();
    if (out >= 0) (void)close(out); /* nothing is wanted of it */
    pdf_join_free(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = str_of((const char *)data, size);
    struct image_facts said;
    enum image_kind kind = image_kind_of(bytes);
    (void)image_report_parse(bytes, &said); /* whatever it is, it must not be believed beyond its bounds */
    int orientation = picture_orientation(bytes);
    if (orientation < 1 || orientation > 8) abort();
    if (kind == IMAGE_PDF) read_pdf(bytes);
    if (kind != IMAGE_PDF && kind != IMAGE_OTHER) read_picture(kind, bytes);
    return 0;
}
