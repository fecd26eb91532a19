#include "html/qr.h"

#include <qrencode.h>

#include "base/buf.h"
#include "base/fail.h"

enum { SVG_BYTES = 256 * 1024 };

struct qr qr_of(struct arena *a, struct str text)
{
    if (text.len == 0 || text.len > QR_TEXT_MOST) return (struct qr){0};
    QRcode *code = QRcode_encodeData((int)text.len, (const unsigned char *)text.at, 0, QR_ECLEVEL_M);
    if (code == NULL) BUG("no QR code for %zu bytes", text.len);
    size_t count = (size_t)code->width * (size_t)code->width;
    unsigned char *dark = arena_dup(a, code->data, count);
    for (size_t i = 0; i < count; i++) dark[i] &= 1; /* the other bits say what the module is for */
    struct qr qr = {code->width, dark};
    QRcode_free(code);
    return qr;
}

/* The dark squares of one row, run by run. */
static void draw_row(struct buf *out, const struct qr *qr, int y)
{
    for (int x = 0; x < qr->size; x++) {
        int from = x;
        while (x < qr->size && qr->dark[y * qr->size + x]) x++;
        if (x > from) buf_addf(out, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from, x - from);
    }
}

void qr_path(struct buf *out, const struct qr *qr)
{
    for (int y = 0; y < qr->size; y++) draw_row(out, qr, y);
}

struct str qr_svg(struct arena *a, struct str text)
{
    struct qr qr = qr_of(a, text);
    if (qr.size == 0) BUG("no QR code for %zu bytes", text.len);
    AUTO_BUF struct buf out;
    int side = qr.size + 2 * QR_QUIET;
    buf_init(&out, SVG_BYTES);
    buf_addf(&out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
             "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
             side, side, side, side);
    qr_path(&out, &qr);
    buf_add(&out, STR("\"/></svg>"));
    return str_dup(a, buf_str(&out));
}

void reply_qr(struct request *rq, struct str text)
{
    buf_add(reply_begin(rq, 200, "image/svg+xml"), qr_svg(rq->arena, text));
}
