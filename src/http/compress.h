/*
 * Compressing a page. From the length of compressed text can be guessed what stands in it, by whoever sees the wire and
 * makes the visitor's browser ask again and again for a page into which they can write (BREACH). So:
 *
 *   who is not signed in        always: their pages hold no secret
 *   who is signed in            only what they went to themselves: the browser says, and no page can forge it, that
 *                               this site or the visitor asked (Sec-Fetch-Site: same-origin or none) and that it is for
 *                               a window (Sec-Fetch-Mode: navigate). What other sites ask for, and what scripts fetch
 *                               by themselves when something new came, leaves as it is. Browsers that do not say it,
 *                               because they are old or the office has no https, have come from a page of ours when
 *                               Referer names us, which no other site can write either
 *
 * And the one secret that would be worth guessing, the token of forms, is another text in every answer (csrf.h).
 * docs/performance.md says what it costs.
 */
#ifndef HTTP_COMPRESS_H
#define HTTP_COMPRESS_H

#include "http/http.h"

/* After the body was written. Does nothing when it cannot or need not be. */
void reply_compress(struct request *rq);

#endif
