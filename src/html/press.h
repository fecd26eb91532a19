/*
 * The press: what setting letters on paper needs, held ready between letters. The fonts (Noto Serif, embedded in the
 * program) are the only ones it knows, so that a letter looks alike on every machine; nothing of the machine's own
 * fonts or their settings is read. A few sets of type stand ready, one thread at a time uses each; who comes when all
 * are busy waits. Opened on first use: a program that prints nothing pays nothing.
 */
#ifndef HTML_PRESS_H
#define HTML_PRESS_H

#include "base/embedded.h"
#include "base/fail.h"

extern const struct embedded_file embedded_fonts[]; /* compressed by zlib */
extern const size_t embedded_fonts_count;

#define PRESS_FAMILY "Noto Serif"

struct app;
struct press;
struct press *app_press(const struct app *app); /* defined in app/ */

struct press *press_new(void);
void press_free(struct press *p); /* no letter is being made */
/* From now on every page that this press sets bears these words across it and in its lower margin: an office for
 * training. Before the first letter; borrowed for as long as the press lives; empty: none. */
void press_set_mark(struct press *p, struct str words);
struct str press_mark(const struct press *p);

/* One set of type, until press_leave. ERR_DOWN when the fonts cannot be opened. */
struct press_type;
enum outcome press_enter(struct press *p, struct press_type **out, struct fail *why) MUST_USE;
void press_leave(struct press *p, struct press_type *type);
/* A PangoContext of this set: 72 dots an inch, nothing rounded to a screen's dots. Borrowed. */
void *press_context(struct press_type *type);

#endif
