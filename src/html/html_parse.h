/*
 * Templates as they are kept: one array of operations per template, text by reference into the source. Made by
 * html_parse.c, run by html_render.c; nobody else looks inside.
 */
#ifndef HTML_HTML_PARSE_H
#define HTML_HTML_PARSE_H

#include "base/list.h"
#include "base/map.h"
#include "html/html.h"
#include "html/html_spot.h"

enum op_kind {
    OP_TEXT,    /* text as it stands */
    OP_VALUE,   /* a field */
    OP_MESSAGE, /* {{t "..." a b}} */
    OP_NUMBER,  /* {{@number}} */
    OP_FIRST,   /* {{#if @first}}: jumps to `to` when the item is not the first */
    OP_AGAIN,   /* {{#unless @first}}: jumps to `to` when it is */
    OP_IF,      /* jumps to `to` when the field is not truthy */
    OP_UNLESS,  /* jumps to `to` when it is */
    OP_JUMP,    /* to `to` */
    OP_EACH,    /* items of a list; the body up to `to` - 1, which is OP_NEXT */
    OP_WITH,    /* a struct as a list of one; its OP_NEXT ends it */
    OP_NEXT,    /* the next item, or on */
    OP_PART,    /* another template with the structs at hand */
    OP_CONTENT, /* {{content}} of a layout */
};

/* A field as seen from a depth of nested items: how many structs up, and where in it. */
struct place {
    const struct field *field;
    uint32_t up;     /* 0: the innermost item */
    uint32_t offset; /* of the field within that struct, inner structs added up */
};

enum { MESSAGE_ARGS = FAIL_ARGS, HTML_DEPTH = 12, HTML_BLOCKS = 32, HTML_OPS = 200000 };

/* Small, because the pages have more than a hundred thousand of them. */
struct op {
    enum op_kind kind : 8;
    enum escape escape : 8;
    uint32_t arg_count : 8;
    uint32_t to;     /* an index of the same program */
    struct str text; /* OP_TEXT, OP_MESSAGE (the English sentence) */
    struct place place;
    union {
        const struct place *args;   /* OP_MESSAGE */
        const struct program *part; /* OP_PART */
    };
};

struct program {
    const struct field *fields; /* of the struct that it is rendered over */
    struct op *ops;
    size_t op_count;
    const struct program *layout; /* runs first; its OP_CONTENT runs this one */
};

/* The structs around a point of a template, outermost first: what a name is looked up in. */
struct scope {
    const struct field *tables[HTML_DEPTH];
    size_t count;
};

struct html_set {
    struct arena arena;
    const struct html_set *beside; /* whose sources are its parts too; NULL: none */
    struct map sources;            /* name -> struct html_source; their text is the caller's and outlives the set */
    struct map programs;           /* name -> struct program: the pages */
    size_t op_count;               /* of all programs: at most HTML_OPS */
};

/* A letter: a program of its own. */
struct html_text {
    struct program *program;
};

/* NULL: neither it nor the set beside has such a source. */
const struct html_source *html_source_find(const struct html_set *set, struct str name);

/* Compiles one source over a table; parts and layouts that it names are compiled in the scope at their place. */
enum outcome html_parse(struct html_set *set, struct str name, const struct field *fields, struct program **out,
                        struct fail *why) MUST_USE;

#endif
