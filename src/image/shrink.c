#include "image/shrink.h"

#include <stdlib.h>
#include <turbojpeg.h>

#include "image/picture.h"

enum { OBJECTS_MOST = 20000, WORTH_BYTES = 100 * 1024 };

static bool is_photograph(qpdf_data pdf, qpdf_oh object)
{
    if (!qpdf_oh_is_stream(pdf, object)) return false;
    qpdf_oh about = qpdf_oh_get_dict(pdf, object), filter = qpdf_oh_get_key(pdf, about, "/Filter");
    if (qpdf_oh_is_array(pdf, filter) && qpdf_oh_get_array_n_items(pdf, filter) == 1)
        filter = qpdf_oh_get_array_item(pdf, filter, 0);
    return qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, about, "/Subtype"), "/Image") &&
           qpdf_oh_is_name_and_equals(pdf, filter, "/DCTDecode") && !qpdf_oh_has_key(pdf, about, "/Decode");
}

/* The colours keep their number, because what they mean stands beside the picture. */
static enum image_state write_smaller(struct str jpeg, struct str *out, int *out_width, int *out_height)
{
    int width = 0, height = 0, sampling, colours = TJCS_CMYK;
    struct raster dots;
    tjhandle head = tjInitDecompress();
    if (head == NULL) abort();
    int wrong =
        tjDecompressHeader3(head, (const unsigned char *)jpeg.at, jpeg.len, &width, &height, &sampling, &colours);
    (void)tjDestroy(head);
    if (wrong || (colours != TJCS_YCbCr && colours != TJCS_GRAY)) return IMAGE_UNKNOWN;
    if (width <= READABLE_SIDE && height <= READABLE_SIDE) return IMAGE_UNKNOWN;
    enum image_state state = picture_read(IMAGE_JPEG, jpeg, READABLE_SIDE, &dots);
    if (state != IMAGE_WELL) return state;
    raster_fit(&dots, READABLE_SIDE, READABLE_SIDE);
    *out = picture_write_as(&dots, READABLE_QUALITY, colours == TJCS_GRAY);
    *out_width = dots.width;
    *out_height = dots.height;
    raster_clear(&dots);
    return IMAGE_WELL;
}

static void shrink_one(qpdf_data pdf, qpdf_oh object)
{
    unsigned char *at = NULL;
    size_t bytes = 0;
    struct str smaller;
    int width, height;
    if (qpdf_oh_get_stream_data(pdf, object, qpdf_dl_none, NULL, &at, &bytes) & QPDF_ERRORS) return;
    struct str jpeg = str_of((const char *)at, bytes);
    if (bytes > WORTH_BYTES && picture_orientation(jpeg) == 1 &&
        write_smaller(jpeg, &smaller, &width, &height) == IMAGE_WELL) {
        if (smaller.len < bytes) {
            qpdf_oh about = qpdf_oh_get_dict(pdf, object);
            qpdf_oh_replace_stream_data(pdf, object, (const unsigned char *)smaller.at, smaller.len,
                                        qpdf_oh_new_name(pdf, "/DCTDecode"), qpdf_oh_new_null(pdf));
            qpdf_oh_replace_key(pdf, about, "/Width", qpdf_oh_new_integer(pdf, width));
            qpdf_oh_replace_key(pdf, about, "/Height", qpdf_oh_new_integer(pdf, height));
        }
        picture_free(smaller);
    }
    free(at);
}

void shrink_pictures(qpdf_data pdf)
{
    qpdf_oh size = qpdf_oh_get_key(pdf, qpdf_get_trailer(pdf), "/Size");
    int count = qpdf_oh_is_integer(pdf, size) ? qpdf_oh_get_int_value_as_int(pdf, size) : 0;
    for (int id = 1; id < count && id < OBJECTS_MOST; id++) {
        qpdf_oh object = qpdf_get_object_by_id(pdf, id, 0);
        if (is_photograph(pdf, object)) shrink_one(pdf, object);
        qpdf_oh_release(pdf, object);
    }
}
