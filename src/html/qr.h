/*
 * A QR code: its squares, for letters, and as an SVG picture with the quiet zone that readers need (ISO/IEC 18004). It
 * knows nothing of what the text means. Pages show it as an image of an address of its own.
 */
#ifndef HTML_QR_H
#define HTML_QR_H

#include "http/http.h"

enum { QR_TEXT_MOST = 512, QR_QUIET = 4 }; /* so many modules of white around it */

struct qr {
    int size;                  /* modules on a side, without the white around */
    const unsigned char *dark; /* size x size, 1 for dark; in the arena */
};

/* Error correction M (15 %). A text longer than QR_TEXT_MOST, or none, gives size 0. */
struct qr qr_of(struct arena *a, struct str text);
/* The dark modules as the path of an SVG picture, the white around counted in. */
void qr_path(struct buf *out, const struct qr *qr);

/* An SVG document in the arena. A text of at most QR_TEXT_MOST bytes always fits; a longer one is a BUG. */
struct str qr_svg(struct arena *a, struct str text);
/* Answers with it. */
void reply_qr(struct request *rq, struct str text);

#endif
