/*
 * A QR code as an SVG picture: one path of dark squares on white with the quiet zone that readers need (ISO/IEC 18004).
 * It knows nothing of what the text means. Pages show it as an image of an address of its own, because the policy of
 * pages allows nothing inline.
 */
#ifndef HTML_QR_H
#define HTML_QR_H

#include "http/http.h"

enum { QR_TEXT_MOST = 512 };

/* An SVG document in the arena. A text of at most QR_TEXT_MOST bytes always fits; a longer one is a BUG. */
struct str qr_svg(struct arena *a, struct str text);
/* Answers with it. */
void reply_qr(struct request *rq, struct str text);

#endif
