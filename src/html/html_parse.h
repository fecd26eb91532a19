/*
 * Templates as they are kept: one array of operations per template, text by reference into the source. Made by
 * html_parse.c, run by html_render.c; nobody else looks inside.
 */
#ifndef HTML_HTML_PARSE_H
#define HTML_HTML_PARSE_H

#include "base/list.h"
#include "base/map.h"
#include "html/html.h"

/* How a value is made safe where it stands. */
enum escape {
    ESCAPE_TEXT,  /* between tags and in quoted attributes: & < > " ' */
    ESCAPE_URL,   /* a whole address: only "/...", "?...", "#..." or http(s), then as text */
    ESCAPE_PATH,  /* a piece of a path: percent-encoded, "/" too */
    ESCAPE_QUERY, /* a value of a query: percent-encoded */
};

enum op_kind {
    OP_TEXT,    /* text as it stands */
    OP_VALUE,   /* a field */
    OP_MESSAGE, /* {{t "..." a b}} */
    OP_NUMBER,  /* {{@number}} */
    OP_IF,      /* jumps to `to` when the field is not truthy */
    OP_UNLESS,  /* jumps to `to` when it is */
    OP_JUMP,    /* to `to` */
    OP_EACH,    /* items of a list; the body up to `to` - 1, which is OP_NEXT */
    OP_NEXT,    /* the next item, or on */
    OP_PART,    /* another template with the structs at hand */
    OP_CONTENT, /* {{content}} of a layout */
};

/* A field as seen from a depth of nested items: how many structs up, and where in it. */
struct place {
    const struct field *field;
    size_t up;     /* 0: the innermost item */
    size_t offset; /* of the field within that struct, inner structs added up */
};

enum { MESSAGE_ARGS = 4, HTML_DEPTH = 12 };

struct op {
    enum op_kind kind;
    enum escape escape;
    struct str text; /* OP_TEXT, OP_MESSAGE (the English sentence) */
    struct place place;
    struct place args[MESSAGE_ARGS];
    size_t arg_count;
    size_t to;
    const struct program *part;
};

struct program {
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
    struct map sources;  /* name -> struct html_source */
    struct map programs; /* name -> struct program: the pages */
};

/* Compiles one source in a scope; parts and layouts it names are compiled in the scope at their place. */
enum outcome html_parse(struct html_set *set, struct str name, const struct scope *scope, int depth,
                        struct program **out, struct fail *why) MUST_USE;

#endif
