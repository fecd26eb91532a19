/*
 * The tokens of a letter: elements, text, and in the source of a template its {{tags}}, which are passed over as they
 * stand. Shared by letter_parse and letter_check; it knows the closed set of elements, not how they nest.
 */
#ifndef HTML_LETTER_SCAN_H
#define HTML_LETTER_SCAN_H

#include "html/letter.h"

enum letter_token_kind { TOKEN_TEXT, TOKEN_OPEN, TOKEN_CLOSE, TOKEN_TAG, TOKEN_END };

struct letter_token {
    enum letter_token_kind kind;
    enum letter_kind element; /* OPEN, CLOSE */
    struct str text;          /* TEXT: as it stands, not yet unescaped; TAG: what is inside the braces */
    unsigned style, share;
    struct str qr, alt; /* as they stand */
    enum letter_paper paper;
};

struct letter_scan {
    struct str text;
    size_t at, token_at; /* where it reads; where the present token began */
    bool has_tags;       /* the source of a template */
};

void letter_scan_init(struct letter_scan *s, struct str text, bool has_tags);
enum outcome letter_scan_next(struct letter_scan *s, struct letter_token *out, struct fail *why) MUST_USE;
/* "3:14": where the present token began, line and column from 1; columns count code points. */
struct str letter_scan_place(const struct letter_scan *s, struct arena *a);
/* &amp; and its like become characters, in the arena; what is no entity stays, and s itself when it has none. */
struct str letter_unescape(struct arena *a, struct str s);
/* The classes of blocks, and how the sheet is called. */
struct letter_class {
    struct str name;
    unsigned style; /* a bit of enum letter_style */
};
extern const struct letter_class letter_classes[];
extern const size_t letter_classes_count;
const char *letter_paper_name(enum letter_paper paper); /* "a4-landscape" */

/* May `inner` stand directly in `outer`? */
bool letter_may_stand(enum letter_kind outer, enum letter_kind inner);
bool letter_holds_text(enum letter_kind kind);
struct str letter_element_name(enum letter_kind kind);

#endif
