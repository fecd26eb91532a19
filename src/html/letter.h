/*
 * A letter: what an office gives out on paper. It is written as a template of a closed set of elements, rendered by
 * html_render like every page, then read here into a small tree. The tree is the letter: letter_html() shows it in a
 * browser, letter_pdf() (letter_pdf.h) sets it on paper and letter_text() says it in words, so that page and paper
 * never differ. Nothing here decides what a letter says.
 *
 *   <article class="a5">                       the sheet: a4, a5 or a4-landscape
 *     <header>, <section>, <footer>            columns side by side: one <div class="w2"> each, w1 to w9 their shares
 *     <h1> <h2> <h3> <p> <ul> <ol> <li>        blocks of text
 *     <table class="grid">                     with <thead> and <tbody>; the heading comes again on every page
 *     <strong> <em> <br>                       inside text
 *     <figure data-qr="..." data-alt="...">    a QR code, its caption inside; data-alt says what it is for
 *   classes: centre right justify small large caps rule rule-half lines indent gap w1..w9
 *
 * A letter lives in the arena it was read into and borrows nothing.
 */
#ifndef HTML_LETTER_H
#define HTML_LETTER_H

#include "html/html.h"

enum { LETTER_TEXT_BYTES = 4 * 1024 * 1024, LETTER_DEPTH = 8 };

enum letter_paper { PAPER_A4, PAPER_A5, PAPER_A4_LANDSCAPE };

enum letter_kind {
    LETTER_ARTICLE,
    LETTER_HEADER,
    LETTER_SECTION,
    LETTER_FOOTER,
    LETTER_DIV,
    LETTER_H1,
    LETTER_H2,
    LETTER_H3,
    LETTER_P,
    LETTER_UL,
    LETTER_OL,
    LETTER_LI,
    LETTER_TABLE,
    LETTER_THEAD,
    LETTER_TBODY,
    LETTER_TR,
    LETTER_TH,
    LETTER_TD,
    LETTER_STRONG,
    LETTER_EM,
    LETTER_BR,
    LETTER_FIGURE,
    LETTER_TEXT, /* not an element: the text between them */
    LETTER_KIND_COUNT
};

enum letter_style {
    STYLE_CENTRE = 1 << 0,
    STYLE_RIGHT = 1 << 1,
    STYLE_JUSTIFY = 1 << 2,
    STYLE_SMALL = 1 << 3,
    STYLE_LARGE = 1 << 4,
    STYLE_CAPS = 1 << 5,      /* capitals, as Decree 30/2020/NĐ-CP, appendix I writes names of agencies */
    STYLE_RULE = 1 << 6,      /* a line below, as wide as the text */
    STYLE_RULE_HALF = 1 << 7, /* a line below, half as wide */
    STYLE_LINES = 1 << 8,     /* line breaks of the text stay */
    STYLE_INDENT = 1 << 9,    /* the first line */
    STYLE_GAP = 1 << 10,      /* room for a signature above */
    STYLE_GRID = 1 << 11,     /* a table with lines */
};

struct letter_node {
    enum letter_kind kind;
    unsigned style;  /* bits of enum letter_style */
    unsigned share;  /* of a column: 1 to 9; 0: not said */
    struct str text; /* of text, blanks collapsed; of a figure what its code says */
    struct str alt;  /* of a figure */
    struct letter_node *first, *last, *next;
};

struct letter {
    enum letter_paper paper;
    struct letter_node *root; /* the article */
};

/* Reads a rendered letter. ERR_BAD with line and column for an element, attribute, class or place that is not in the
 * set; the depth and size of what is taken are bounded by the text's. */
enum outcome letter_parse(struct arena *a, struct str rendered, struct letter *out, struct fail *why) MUST_USE;

/* A template of the set over its struct, read as a letter. Letters are Vietnamese, as the law's forms are. */
enum outcome letter_make(const struct html_set *set, const char *name, const void *page, struct arena *a,
                         struct letter *out, struct fail *why) MUST_USE;

/* The same with a template from outside the program: an agency's own, a procedure's. name stands in refusals; its parts
 * are those of `parts`. */
enum outcome letter_make_own(const struct html_set *parts, const struct html_source *own, const struct field *fields,
                             const void *page, struct arena *a, struct letter *out, struct fail *why) MUST_USE;
/* Whether such a template can be used: every name, element and block. ERR_BAD with line and column. */
enum outcome letter_check_own(const struct html_set *parts, const struct html_source *own, const struct field *fields,
                              struct fail *why) MUST_USE;

/* Checks the source of a template before it is ever rendered: its elements, and that every block ({{#if}}, {{#each}})
 * ends in the element in which it began, so that what it renders is a letter whatever the values are. Names of fields
 * are html_set_new's to check. ERR_BAD as letter_parse. */
enum outcome letter_check(struct str source, struct fail *why) MUST_USE;

/* For browsers: class names begin with mc-letter; assets/letter.scss draws them, on paper too. ERR_TOO_LARGE when its
 * codes and marks make it longer than a page may be: a letter is never shown in part. */
enum outcome letter_html(struct arena *a, const struct letter *letter, struct html *out, struct fail *why) MUST_USE;
/* Its words in order, a line for each block. */
struct str letter_text(struct arena *a, const struct letter *letter);

#endif
