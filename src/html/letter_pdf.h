/*
 * A letter on paper: a tagged PDF with its fonts inside, real text, a title and a language. What it claims of itself
 * (PDF/A-2a, PDF/UA-1) it claims because pdf_marks.h makes it so. The same letter and facts give the same bytes.
 */
#ifndef HTML_LETTER_PDF_H
#define HTML_LETTER_PDF_H

#include "base/clock.h"
#include "html/letter.h"
#include "html/press.h"

enum { LETTER_PDF_BYTES = 64 * 1024 * 1024 };

struct letter_facts {
    struct str title, author; /* the slip with its code; the agency */
    instant_t at;             /* what it is about, not when it was printed */
};

/* Waits for a free set of type; out has been initialised with a ceiling of LETTER_PDF_BYTES or less. ERR_TOO_LARGE when
 * it does not fit there. */
enum outcome letter_pdf(struct press *press, const struct letter *letter, const struct letter_facts *facts,
                        struct buf *out, struct fail *why) MUST_USE;

#endif
