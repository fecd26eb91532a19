/*
 * Compressing an answer that a handler made. Only for who is not signed in: their pages hold no secret, so nothing can
 * be guessed from the length (BREACH needs a secret beside text that others choose; our secret is the CSRF token). A
 * first visit over a slow network is worth the tenth of a millisecond that it costs; officers' pages are not
 * compressed.
 */
#ifndef HTTP_COMPRESS_H
#define HTTP_COMPRESS_H

#include "http/http.h"

/* After the body was written. Does nothing when it cannot or need not be. */
void reply_compress(struct request *rq);

#endif
