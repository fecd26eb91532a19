/*
 * Pictures of a way: stops one under the other on a line, with what lies beside it, drawn as SVG by the server and
 * followed by a table that says the same: {{> html/_flow picture}}. Made for a phone: 320 px wide it is as readable as
 * on a desk, it prints, and in forced colours the shapes alone say how far it is (a tick, the open door, a number, a
 * cross). The C side breaks lines and counts places, the template draws, colours come from the stylesheet. It knows no
 * word of the domain: titles, details and states are the caller's. Everything lives in the arena.
 */
#ifndef HTML_FLOW_H
#define HTML_FLOW_H

#include "html/html.h"

enum flow_state {
    FLOW_PLAIN,   /* nothing is on its way: a picture of the way itself */
    FLOW_TO_COME, /* not yet, or never */
    FLOW_DONE,
    FLOW_NOW,    /* here it is */
    FLOW_STOPPED /* here it ended, short of the end */
};

/* What the caller gives of a stop. */
struct flow_stop {
    struct str title, detail; /* the step; who does it */
    struct str note;          /* when, until when; or empty */
    struct str state_text;    /* the state in words, for the table: "Done", "It is here" */
    enum flow_state state;
    bool is_aside; /* beside the line: only when needed */
    bool is_end;   /* the good end: a flag instead of a number */
    bool is_wait;  /* of an aside: nothing moves meanwhile */
    int back;      /* of an aside: the stop (of those given) that it leads to, -1: none */
    int sent_back; /* of the line: an earlier stop that it can be sent back to, -1: none */
};

/* ---- what the template draws ---- */

struct flow_text {
    struct str text;
    int64_t x, y;
};

struct flow_node {
    int64_t x, y, number, left, top; /* centre; its number on the line; corner of its mark */
    int64_t card_top, card_height;   /* of FLOW_NOW and FLOW_STOPPED: the ground behind it */
    bool is_done, is_now, is_stopped, is_aside, is_end, is_wait, is_numbered, has_card;
    struct flow_text *titles, *details;
    size_t titles_count, details_count;
    /* for the table */
    struct str title, detail, note, state;
};

struct flow_line {
    struct str d; /* the path */
    bool is_gone; /* the way that was gone */
    bool is_aside, has_arrow;
};

struct flow {
    struct str id, title, summary; /* the summary tells in a sentence what is to be seen */
    struct flow_node *nodes;
    size_t nodes_count;
    struct flow_line *lines;
    size_t lines_count;
    int64_t width, height;
    bool is_there; /* false: nothing to draw */
    bool has_states, has_notes;
};
extern const struct field flow_fields[];

/* id: unique in the page. count: at least one. */
struct flow flow_of(struct arena *a, struct str id, struct str title, struct str summary, const struct flow_stop *stops,
                    size_t count);

#endif
