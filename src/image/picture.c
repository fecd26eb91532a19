#include "image/picture.h"

#include <libheif/heif.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>
#include <webp/decode.h>

#include "base/fail.h"

/* ---- what it is, by its first bytes ---- */

static const struct {
    size_t at;
    struct str bytes;
    enum image_kind kind;
} signatures[] = {
    {0, STR_INIT("%PDF-"),             IMAGE_PDF },
    {0, STR_INIT("\xff\xd8\xff"),      IMAGE_JPEG},
    {0, STR_INIT("\x89PNG\r\n\x1a\n"), IMAGE_PNG },
    {8, STR_INIT("WEBP"),              IMAGE_WEBP},
    {4, STR_INIT("ftyphei"),           IMAGE_HEIC},
    {4, STR_INIT("ftyphev"),           IMAGE_HEIC},
    {4, STR_INIT("ftypmif1"),          IMAGE_HEIC},
};

enum image_kind image_kind_of(struct str bytes)
{
    for (size_t i = 0; i < LENGTH(signatures); i++)
        if (str_starts(str_part(bytes, signatures[i].at, bytes.len), signatures[i].bytes)) return signatures[i].kind;
    return IMAGE_OTHER;
}

static enum image_state bounded(int64_t width, int64_t height)
{
    if (width < 1 || height < 1) return IMAGE_DAMAGED;
    if (width > PICTURE_SIDE_MOST || height > PICTURE_SIDE_MOST || width * height > PICTURE_DOTS_MOST)
        return IMAGE_TOO_LARGE;
    return IMAGE_WELL;
}

static const unsigned char *bytes_of(struct str s)
{
    return (const unsigned char *)s.at;
}

/* ---- JPEG ---- */

static enum image_state jpeg_head(tjhandle jpeg, struct str bytes, int *out_width, int *out_height, int *out_colours)
{
    int sampling;
    *out_width = *out_height = 0; /* a file of tables only is read without a size */
    if (tjDecompressHeader3(jpeg, bytes_of(bytes), bytes.len, out_width, out_height, &sampling, out_colours) != 0)
        return IMAGE_DAMAGED;
    return bounded(*out_width, *out_height);
}

/* Decoding smaller is cheaper: the smallest of the library's sizes that is not below what is wanted. */
static void choose_size(int wanted_side, int *width, int *height)
{
    int count, longest = *width > *height ? *width : *height, best = longest;
    const tjscalingfactor *factors = tjGetScalingFactors(&count);
    for (int i = 0; i < count; i++) {
        int side = TJSCALED(longest, factors[i]);
        if (side < wanted_side || side >= best || factors[i].num > factors[i].denom) continue;
        best = side;
    }
    for (int i = 0; i < count && best != longest; i++) {
        if (TJSCALED(longest, factors[i]) != best || factors[i].num > factors[i].denom) continue;
        *width = TJSCALED(*width, factors[i]);
        *height = TJSCALED(*height, factors[i]);
        return;
    }
}

/* A picture that ends in the middle is told; other slips of cameras are not. */
static bool is_cut(tjhandle jpeg)
{
    return tjGetErrorCode(jpeg) != TJERR_WARNING || strstr(tjGetErrorStr2(jpeg), "Premature end") != NULL;
}

/* As printers' programs write it: turned around (Adobe), so white is 255. */
static void from_cmyk(const unsigned char *cmyk, struct raster *out)
{
    size_t dots = (size_t)out->width * (size_t)out->height;
    for (size_t i = 0; i < dots; i++)
        for (size_t c = 0; c < 3; c++) out->at[i * 3 + c] = (unsigned char)(cmyk[i * 4 + c] * cmyk[i * 4 + 3] / 255);
}

static enum image_state jpeg_dots(tjhandle jpeg, struct str bytes, int wanted_side, struct raster *out)
{
    int width, height, colours;
    enum image_state state = jpeg_head(jpeg, bytes, &width, &height, &colours);
    if (state != IMAGE_WELL) return state;
    bool is_cmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
    choose_size(wanted_side, &width, &height);
    raster_init(out, width, height);
    unsigned char *dots = is_cmyk ? calloc((size_t)width * (size_t)height, 4) : out->at;
    if (dots == NULL) BUG("out of memory");
    int failed = tjDecompress2(jpeg, bytes_of(bytes), bytes.len, dots, width, 0, height, is_cmyk ? TJPF_CMYK : TJPF_RGB,
                               TJFLAG_LIMITSCANS);
    if (is_cmyk) {
        from_cmyk(dots, out);
        free(dots);
    }
    return failed && is_cut(jpeg) ? IMAGE_DAMAGED : IMAGE_WELL;
}

static enum image_state read_jpeg(struct str bytes, int wanted_side, struct raster *out)
{
    tjhandle jpeg = tjInitDecompress();
    if (jpeg == NULL) BUG("out of memory");
    enum image_state state = jpeg_dots(jpeg, bytes, wanted_side, out);
    (void)tjDestroy(jpeg);
    if (state == IMAGE_WELL) raster_orient(out, picture_orientation(bytes));
    return state;
}

/* ---- how the camera was held ---- */

static unsigned number(struct str tiff, size_t at, int count, bool is_little)
{
    unsigned n = 0;
    for (int i = 0; i < count; i++) {
        size_t place = at + (size_t)(is_little ? count - 1 - i : i);
        n = n << 8 | (place < tiff.len ? (unsigned char)tiff.at[place] : 0U);
    }
    return n;
}

/* The first directory of the TIFF structure that Exif is. */
static int orientation_in(struct str tiff)
{
    bool is_little = str_starts(tiff, STR("II"));
    size_t at = number(tiff, 4, 4, is_little);
    if (at > tiff.len) return 1;
    unsigned count = number(tiff, at, 2, is_little);
    for (unsigned i = 0; i < count && at + 2 + (i + 1) * 12 <= tiff.len; i++) {
        size_t entry = at + 2 + i * 12;
        if (number(tiff, entry, 2, is_little) != 0x0112) continue;
        unsigned said = number(tiff, entry + 8, 2, is_little);
        return said >= 1 && said <= 8 ? (int)said : 1;
    }
    return 1;
}

int picture_orientation(struct str jpeg)
{
    size_t at = 2;
    while (at + 4 <= jpeg.len && (unsigned char)jpeg.at[at] == 0xff) {
        unsigned marker = (unsigned char)jpeg.at[at + 1];
        size_t bytes = number(jpeg, at + 2, 2, false);
        if (marker == 0xda || marker == 0xd9 || bytes < 2) break; /* the picture itself begins */
        struct str segment = str_part(jpeg, at + 4, bytes - 2);
        if (marker == 0xe1 && str_starts(segment, STR("Exif\0\0")))
            return orientation_in(str_part(segment, 6, segment.len));
        at += 2 + bytes;
    }
    return 1;
}

/* ---- PNG ---- */

static enum image_state read_png(struct str bytes, struct raster *out)
{
    png_image png = {.version = PNG_IMAGE_VERSION};
    static const png_color white = {255, 255, 255};
    enum image_state state = IMAGE_DAMAGED;
    if (png_image_begin_read_from_memory(&png, bytes.at, bytes.len)) {
        state = bounded(png.width, png.height);
        png.format = PNG_FORMAT_RGB;
        if (state == IMAGE_WELL) raster_init(out, (int)png.width, (int)png.height);
        if (state == IMAGE_WELL && !png_image_finish_read(&png, &white, out->at, 0, NULL)) state = IMAGE_DAMAGED;
    }
    png_image_free(&png);
    return state;
}

/* ---- WebP ---- */

static enum image_state read_webp(struct str bytes, struct raster *out)
{
    int width, height;
    if (!WebPGetInfo(bytes_of(bytes), bytes.len, &width, &height)) return IMAGE_DAMAGED;
    enum image_state state = bounded(width, height);
    if (state != IMAGE_WELL) return state;
    raster_init(out, width, height);
    size_t room = (size_t)width * (size_t)height * 3;
    return WebPDecodeRGBInto(bytes_of(bytes), bytes.len, out->at, room, width * 3) ? IMAGE_WELL : IMAGE_DAMAGED;
}

/* ---- HEIC ---- */

static bool is_fine(struct heif_error e)
{
    return e.code == heif_error_Ok;
}

/* The library turns the picture as its file says. */
static enum image_state heic_dots(const struct heif_image_handle *handle, struct raster *out)
{
    struct heif_image *image = NULL;
    int stride = 0;
    if (!is_fine(heif_decode_image(handle, &image, heif_colorspace_RGB, heif_chroma_interleaved_RGB, NULL)))
        return IMAGE_DAMAGED;
    int width = heif_image_get_primary_width(image), height = heif_image_get_primary_height(image);
    const uint8_t *dots = heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride);
    enum image_state state = dots != NULL ? bounded(width, height) : IMAGE_DAMAGED;
    if (state == IMAGE_WELL) raster_init(out, width, height);
    for (int y = 0; state == IMAGE_WELL && y < height; y++)
        memcpy(out->at + (size_t)y * (size_t)width * 3, dots + (size_t)y * (size_t)stride, (size_t)width * 3);
    heif_image_release(image);
    return state;
}

static enum image_state heic_open(struct heif_context *heic, struct str bytes, struct heif_image_handle **out)
{
    heif_context_set_maximum_image_size_limit(heic, PICTURE_SIDE_MOST);
    heif_context_set_max_decoding_threads(heic, 0);
    if (!is_fine(heif_context_read_from_memory_without_copy(heic, bytes.at, bytes.len, NULL))) return IMAGE_DAMAGED;
    if (!is_fine(heif_context_get_primary_image_handle(heic, out))) return IMAGE_DAMAGED;
    return bounded(heif_image_handle_get_width(*out), heif_image_handle_get_height(*out));
}

/* Reads the dots when `out` is given, else the size only. */
static enum image_state read_heic(struct str bytes, struct raster *out, int *out_width, int *out_height)
{
    struct heif_image_handle *handle = NULL;
    struct heif_context *heic = heif_context_alloc();
    if (heic == NULL) BUG("out of memory");
    enum image_state state = heic_open(heic, bytes, &handle);
    if (handle != NULL) {
        *out_width = heif_image_handle_get_width(handle);
        *out_height = heif_image_handle_get_height(handle);
        if (state == IMAGE_WELL && out != NULL) state = heic_dots(handle, out);
        heif_image_handle_release(handle);
    }
    heif_context_free(heic);
    return state;
}

/* ---- all of them ---- */

enum image_state picture_read(enum image_kind kind, struct str bytes, int wanted_side, struct raster *out)
{
    struct raster made = {0};
    int width, height;
    enum image_state state = kind == IMAGE_JPEG   ? read_jpeg(bytes, wanted_side, &made)
                             : kind == IMAGE_PNG  ? read_png(bytes, &made)
                             : kind == IMAGE_WEBP ? read_webp(bytes, &made)
                             : kind == IMAGE_HEIC ? read_heic(bytes, &made, &width, &height)
                                                  : IMAGE_UNKNOWN;
    if (state == IMAGE_WELL)
        *out = made;
    else
        raster_clear(&made);
    return state;
}

enum image_state picture_size(enum image_kind kind, struct str bytes, int *out_width, int *out_height)
{
    int colours;
    png_image png = {.version = PNG_IMAGE_VERSION};
    if (kind == IMAGE_HEIC) return read_heic(bytes, NULL, out_width, out_height);
    if (kind == IMAGE_WEBP)
        return WebPGetInfo(bytes_of(bytes), bytes.len, out_width, out_height) ? bounded(*out_width, *out_height)
                                                                              : IMAGE_DAMAGED;
    if (kind == IMAGE_PNG) {
        bool is_read = png_image_begin_read_from_memory(&png, bytes.at, bytes.len);
        int64_t width = png.width, height = png.height;
        png_image_free(&png);
        enum image_state state = is_read ? bounded(width, height) : IMAGE_DAMAGED;
        *out_width = state == IMAGE_WELL ? (int)width : 0;
        *out_height = state == IMAGE_WELL ? (int)height : 0;
        return state;
    }
    if (kind != IMAGE_JPEG) return IMAGE_UNKNOWN;
    tjhandle jpeg = tjInitDecompress();
    if (jpeg == NULL) BUG("out of memory");
    enum image_state state = jpeg_head(jpeg, bytes, out_width, out_height, &colours);
    (void)tjDestroy(jpeg);
    return state;
}

bool picture_is_grey(struct str jpeg)
{
    int width, height, colours = TJCS_YCbCr;
    tjhandle head = tjInitDecompress();
    if (head == NULL) BUG("out of memory");
    (void)jpeg_head(head, jpeg, &width, &height, &colours); /* what cannot be read is not grey */
    (void)tjDestroy(head);
    return colours == TJCS_GRAY;
}

/* ---- writing ---- */

static bool is_grey(const struct raster *r)
{
    const unsigned char *dot = r->at, *end = r->at + (size_t)r->width * (size_t)r->height * 3;
    for (; dot < end; dot += 3)
        if (dot[0] != dot[1] || dot[1] != dot[2]) return false;
    return true;
}

struct str picture_write_as(const struct raster *r, int quality, bool as_grey)
{
    unsigned char *out = NULL;
    unsigned long bytes = 0;
    tjhandle jpeg = tjInitCompress();
    if (jpeg == NULL || tjCompress2(jpeg, r->at, r->width, 0, r->height, TJPF_RGB, &out, &bytes,
                                    as_grey ? TJSAMP_GRAY : TJSAMP_420, quality, 0) != 0)
        BUG("a picture of %d x %d cannot be written", r->width, r->height);
    (void)tjDestroy(jpeg);
    return str_of((const char *)out, bytes);
}

struct str picture_write(const struct raster *r, int quality)
{
    return picture_write_as(r, quality, is_grey(r));
}

void picture_free(struct str jpeg)
{
    tjFree((unsigned char *)(uintptr_t)jpeg.at);
}
