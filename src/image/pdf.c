#include "image/pdf.h"

#include <qpdf/qpdf-c.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/shrink.h"

enum { TAIL_BYTES = 4096, ANNOTATIONS_MOST = 5000 };
#define A4_SHORT 595.276 /* points */
#define A4_LONG 841.89

static qpdf_data new_pdf(void)
{
    qpdf_data pdf = qpdf_init();
    qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
    qpdf_silence_errors(pdf);
    return pdf;
}

/* ---- looking ---- */

/* The end of a file that arrived whole, perhaps with a little behind it. */
static bool has_end(struct str bytes)
{
    size_t from = bytes.len > TAIL_BYTES ? bytes.len - TAIL_BYTES : 0;
    return str_has(str_part(bytes, from, bytes.len), STR("%%EOF"));
}

static enum image_state state_of_error(qpdf_data pdf)
{
    enum image_state state = IMAGE_DAMAGED;
    if (qpdf_has_error(pdf) && qpdf_get_error_code(pdf, qpdf_get_error(pdf)) == qpdf_e_password) state = IMAGE_LOCKED;
    return state;
}

static enum image_state open_pdf(qpdf_data pdf, struct str bytes, int *out_pages)
{
    QPDF_ERROR_CODE read = qpdf_read_memory(pdf, "paper", bytes.at, bytes.len, NULL);
    if (read & QPDF_ERRORS) return state_of_error(pdf);
    int pages = qpdf_get_num_pages(pdf);
    if (pages < 1) return state_of_error(pdf);
    if (pages > IMAGE_PAGES_MOST) return IMAGE_TOO_LARGE;
    /* qpdf mends what was cut off as far as it goes; the pages behind the cut are gone all the same. */
    if ((read & QPDF_WARNINGS) && !has_end(bytes)) return IMAGE_DAMAGED;
    *out_pages = pages;
    return IMAGE_WELL;
}

static int side_of(qpdf_data pdf, qpdf_oh box, int first)
{
    double from = qpdf_oh_get_numeric_value(pdf, qpdf_oh_get_array_item(pdf, box, first)),
           to = qpdf_oh_get_numeric_value(pdf, qpdf_oh_get_array_item(pdf, box, first + 2)),
           side = to > from ? to - from : from - to;
    return side >= 1 && side <= 1e6 ? (int)side : 0;
}

static void look_at_page(qpdf_data pdf, struct image_facts *out)
{
    if (qpdf_push_inherited_attributes_to_page(pdf) & QPDF_ERRORS) return;
    qpdf_oh page = qpdf_get_page_n(pdf, 0), box = qpdf_oh_get_key(pdf, page, "/MediaBox"),
            turn = qpdf_oh_get_key(pdf, page, "/Rotate");
    if (!qpdf_oh_is_array(pdf, box) || qpdf_oh_get_array_n_items(pdf, box) != 4) return;
    bool is_turned = qpdf_oh_is_integer(pdf, turn) && qpdf_oh_get_int_value_as_int(pdf, turn) % 180 != 0;
    out->width = side_of(pdf, box, is_turned ? 1 : 0);
    out->height = side_of(pdf, box, is_turned ? 0 : 1);
}

/* ISO 32000-1, 12.7.2: bit 1 of SigFlags, a field of the form holds a signature. */
static bool has_signature(qpdf_data pdf)
{
    qpdf_oh form = qpdf_oh_get_key(pdf, qpdf_get_root(pdf), "/AcroForm");
    if (!qpdf_oh_is_dictionary(pdf, form)) return false;
    qpdf_oh flags = qpdf_oh_get_key(pdf, form, "/SigFlags");
    return qpdf_oh_is_integer(pdf, flags) && (qpdf_oh_get_int_value_as_int(pdf, flags) & 1) != 0;
}

void pdf_look(struct str bytes, struct image_facts *out)
{
    qpdf_data pdf = new_pdf();
    *out = (struct image_facts){.kind = IMAGE_PDF};
    out->state = open_pdf(pdf, bytes, &out->pages);
    if (out->state == IMAGE_WELL) {
        look_at_page(pdf, out);
        out->is_signed = has_signature(pdf);
    }
    qpdf_cleanup(&pdf);
}

/* ---- joining ---- */

struct pdf_join {
    qpdf_data out;
    qpdf_data parts[IMAGE_PARTS_MOST]; /* pages are copied when all is written */
    size_t part_count;
};

struct pdf_join *pdf_join_begin(void)
{
    struct pdf_join *j = calloc(1, sizeof *j);
    if (j == NULL) abort();
    j->out = new_pdf();
    (void)qpdf_empty_pdf(j->out); /* cannot fail */
    return j;
}

static qpdf_oh stream_of(qpdf_data pdf, struct str bytes, const char *filter)
{
    qpdf_oh stream = qpdf_oh_new_stream(pdf);
    qpdf_oh name = filter != NULL ? qpdf_oh_new_name(pdf, filter) : qpdf_oh_new_null(pdf);
    qpdf_oh_replace_stream_data(pdf, stream, (const unsigned char *)bytes.at, bytes.len, name, qpdf_oh_new_null(pdf));
    return stream;
}

static qpdf_oh picture_object(qpdf_data pdf, struct str jpeg, int width, int height, bool is_grey)
{
    qpdf_oh picture = stream_of(pdf, jpeg, "/DCTDecode"), about = qpdf_oh_get_dict(pdf, picture);
    qpdf_oh_replace_key(pdf, about, "/Type", qpdf_oh_new_name(pdf, "/XObject"));
    qpdf_oh_replace_key(pdf, about, "/Subtype", qpdf_oh_new_name(pdf, "/Image"));
    qpdf_oh_replace_key(pdf, about, "/Width", qpdf_oh_new_integer(pdf, width));
    qpdf_oh_replace_key(pdf, about, "/Height", qpdf_oh_new_integer(pdf, height));
    qpdf_oh_replace_key(pdf, about, "/BitsPerComponent", qpdf_oh_new_integer(pdf, 8));
    qpdf_oh_replace_key(pdf, about, "/ColorSpace", qpdf_oh_new_name(pdf, is_grey ? "/DeviceGray" : "/DeviceRGB"));
    return picture;
}

void pdf_join_picture(struct pdf_join *j, struct str jpeg, int width, int height, bool is_grey)
{
    qpdf_data pdf = j->out;
    char text[256];
    double page_width = width > height ? A4_LONG : A4_SHORT, page_height = width > height ? A4_SHORT : A4_LONG,
           scale = page_width / width < page_height / height ? page_width / width : page_height / height,
           w = width * scale, h = height * scale;
    snprintf(text, sizeof text, "<</Type/Page/MediaBox[0 0 %.3f %.3f]/Resources<</XObject<<>>>>>>", page_width,
             page_height);
    qpdf_oh page = qpdf_make_indirect_object(pdf, qpdf_oh_parse(pdf, text));
    qpdf_oh names = qpdf_oh_get_key(pdf, qpdf_oh_get_key(pdf, page, "/Resources"), "/XObject");
    qpdf_oh_replace_key(pdf, names, "/P", picture_object(pdf, jpeg, width, height, is_grey));
    snprintf(text, sizeof text, "q %.3f 0 0 %.3f %.3f %.3f cm /P Do Q", w, h, (page_width - w) / 2,
             (page_height - h) / 2);
    qpdf_oh_replace_key(pdf, page, "/Contents", stream_of(pdf, str_from(text), NULL));
    (void)qpdf_add_page(pdf, pdf, page, QPDF_FALSE); /* told by qpdf_has_error at the end */
}

/* What a page does when it is opened or touched, and files that hang on it. */
static void disarm(qpdf_data pdf, qpdf_oh page)
{
    static const char *const keys[] = {"/AA", "/Metadata", "/PieceInfo", "/Thumb"};
    static const char *const carriers[] = {"/FileAttachment", "/RichMedia", "/3D", "/Screen", "/Movie", "/Sound"};
    for (size_t i = 0; i < LENGTH(keys); i++) qpdf_oh_remove_key(pdf, page, keys[i]);
    qpdf_oh notes = qpdf_oh_get_key(pdf, page, "/Annots");
    if (!qpdf_oh_is_array(pdf, notes)) return;
    int count = qpdf_oh_get_array_n_items(pdf, notes);
    for (int i = (count < ANNOTATIONS_MOST ? count : ANNOTATIONS_MOST) - 1; i >= 0; i--) {
        qpdf_oh note = qpdf_oh_get_array_item(pdf, notes, i);
        bool is_carrier = !qpdf_oh_is_dictionary(pdf, note);
        for (size_t k = 0; !is_carrier && k < LENGTH(carriers); k++)
            is_carrier = qpdf_oh_is_name_and_equals(pdf, qpdf_oh_get_key(pdf, note, "/Subtype"), carriers[k]);
        if (is_carrier) {
            qpdf_oh_erase_item(pdf, notes, i);
            continue;
        }
        qpdf_oh_remove_key(pdf, note, "/A");
        qpdf_oh_remove_key(pdf, note, "/AA");
    }
}

enum image_state pdf_join_pages(struct pdf_join *j, struct str bytes)
{
    int pages = 0;
    if (j->part_count == IMAGE_PARTS_MOST) return IMAGE_TOO_LARGE;
    qpdf_data pdf = j->parts[j->part_count++] = new_pdf();
    enum image_state state = open_pdf(pdf, bytes, &pages);
    if (state != IMAGE_WELL) return state;
    if (qpdf_push_inherited_attributes_to_page(pdf) & QPDF_ERRORS) return IMAGE_DAMAGED;
    shrink_pictures(pdf);
    for (int i = 0; i < pages; i++) {
        qpdf_oh page = qpdf_get_page_n(pdf, (size_t)i);
        disarm(pdf, page);
        if (qpdf_add_page(j->out, pdf, page, QPDF_FALSE) & QPDF_ERRORS) return IMAGE_DAMAGED;
    }
    return IMAGE_WELL;
}

static bool write_all(int fd, const unsigned char *at, size_t bytes)
{
    while (bytes > 0) {
        ssize_t n = write(fd, at, bytes);
        if (n <= 0) return false;
        at += n;
        bytes -= (size_t)n;
    }
    return true;
}

bool pdf_join_write(struct pdf_join *j, int fd, int *out_pages)
{
    *out_pages = qpdf_get_num_pages(j->out);
    if (qpdf_has_error(j->out) || *out_pages > IMAGE_PAGES_MOST) return false;
    if (qpdf_init_write_memory(j->out) & QPDF_ERRORS) return false;
    qpdf_set_deterministic_ID(j->out, QPDF_TRUE);
    qpdf_set_object_stream_mode(j->out, qpdf_o_generate);
    qpdf_set_minimum_pdf_version(j->out, "1.7");
    if (qpdf_write(j->out) & QPDF_ERRORS) return false;
    return write_all(fd, qpdf_get_buffer(j->out), qpdf_get_buffer_length(j->out));
}

void pdf_join_free(struct pdf_join *j)
{
    for (size_t i = 0; i < j->part_count; i++) qpdf_cleanup(&j->parts[i]);
    qpdf_cleanup(&j->out);
    free(j);
}
