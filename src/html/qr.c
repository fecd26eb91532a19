#include "html/qr.h"

#include <qrencode.h>

#include "base/buf.h"
#include "base/fail.h"

enum { QUIET_ZONE = 4, SVG_BYTES = 256 * 1024 };

/* The dark squares of one row, run by run. */
static void draw_row(struct buf *out, const QRcode *code, int y)
{
    for (int x = 0; x < code->width; x++) {
        int from = x;
        while (x < code->width && (code->data[y * code->width + x] & 1)) x++;
        if (x > from) buf_addf(out, "M%d %dh%dv1h-%dz", from + QUIET_ZONE, y + QUIET_ZONE, x - from, x - from);
    }
}

struct str qr_svg(struct arena *a, struct str text)
{
    if (text.len > QR_TEXT_MOST) BUG("a text too long for a QR code");
    QRcode *code = QRcode_encodeData((int)text.len, (const unsigned char *)text.at, 0, QR_ECLEVEL_M);
    if (code == NULL) BUG("no QR code for %zu bytes", text.len);
    AUTO_BUF struct buf out;
    int side = code->width + 2 * QUIET_ZONE;
    buf_init(&out, SVG_BYTES);
    buf_addf(&out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\">"
             "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/><path d=\"",
             side, side, side, side);
    for (int y = 0; y < code->width; y++) draw_row(&out, code, y);
    buf_add(&out, STR("\"/></svg>"));
    QRcode_free(code);
    return str_dup(a, buf_str(&out));
}

void reply_qr(struct request *rq, struct str text)
{
    buf_add(reply_begin(rq, 200, "image/svg+xml"), qr_svg(rq->arena, text));
}
