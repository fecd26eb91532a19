/*
 * Pictures of papers: what a file that came from outside really is, how its pages look, and several photographs as one
 * PDF. Every byte is read by a worker, a process of its own in a cell (sandbox.h) that gets open files and hands back
 * one; a file made to hurt can hurt that worker only, which is ended when its time is over. It knows papers by their
 * content, not whose they are or what they are for, and keeps nothing but a cache that may be lost at any time.
 *
 * Libraries: libjpeg-turbo, libpng, libwebp and libheif read pictures, qpdf reads and joins PDF, in the worker and with
 * its cell already closed. The pages of a PDF are drawn by poppler's pdftoppm, which is run as the separate program
 * that it is: linking poppler would put this program under the GPL, and mupdf is under the AGPL. Running a program
 * needs a cell with a door to the system's libraries and typefaces, and that needs Landlock: without it pages of PDF
 * are not drawn, everything else works, and `motcua doctor` says so.
 */
#ifndef IMAGE_IMAGE_H
#define IMAGE_IMAGE_H

#include "base/clock.h"
#include "base/hash.h"

enum image_kind { IMAGE_OTHER, IMAGE_JPEG, IMAGE_PNG, IMAGE_WEBP, IMAGE_HEIC, IMAGE_PDF, IMAGE_KIND_COUNT };

enum image_state {
    IMAGE_WELL,
    IMAGE_UNKNOWN, /* not a kind that has pages: nothing is said about it */
    IMAGE_LOCKED,  /* asks for a password */
    IMAGE_DAMAGED,
    IMAGE_TOO_LARGE, /* more dots or pages than anybody can read */
    IMAGE_TOO_SLOW,  /* the worker was ended: too much time or memory */
    IMAGE_NO_PAGE,   /* the file has no such page */
    IMAGE_STATE_COUNT
};

struct image_facts {
    enum image_kind kind;
    enum image_state state;
    int pages;
    int width, height; /* of the picture, upright; of a PDF's first page in points */
    int part;          /* of a join: which file the state is about, from 0 */
    bool is_signed;    /* a PDF that bears a signature: it is never written anew */
};

enum {
    IMAGE_WIDTH_MOST = 2400,
    IMAGE_PAGES_MOST = 2000,
    IMAGE_PARTS_MOST = 40, /* files of one join */
    IMAGE_THUMB_WIDTH = 160,
};

struct images;
struct app;
struct images *app_images(const struct app *app); /* defined in app/ */

struct image_options {
    struct str program;      /* the executable that has the worker in it: file_own_program */
    struct str cache_folder; /* DIR/cache */
    struct str files_folder; /* DIR/files */
    struct str spool_folder; /* DIR/spool: what is made and will be kept */
    /* Around every wait for a worker, so that a thread that only waits takes no place (the run gate). */
    void (*before_wait)(void *context);
    void (*after_wait)(void *context);
    void *wait_context;
};
struct images *image_new(const struct image_options *options);
void image_free(struct images *s); /* no worker is running */

/* Can pages of PDF be drawn on this machine? Else why not, for whoever runs it (a message). */
bool image_can_draw_pdf(const struct images *s, const char **out_reason);

/* Looks into the file; a bad one is not a failure, out->state says what it is. ERR_DOWN: no worker now, try again. */
enum outcome image_probe(struct images *s, int fd, struct image_facts *out, struct fail *why) MUST_USE;
/* The same of a kept file, remembered in the cache; the size may be missing. */
enum outcome image_look(struct images *s, struct sha256 hash, struct image_facts *out, struct fail *why) MUST_USE;
/* Only what is remembered: no worker, a few microseconds. False when nobody has looked yet. */
bool image_known(struct images *s, struct sha256 hash, struct image_facts *out);
/* What was found of a file that is kept under this hash now (image_probe, image_made), so that nobody looks again. */
void image_remember(struct images *s, struct sha256 hash, const struct image_facts *facts);
/* The sentence for a person about a state that is not IMAGE_WELL or IMAGE_UNKNOWN; {0} is the file's name. */
const char *image_state_message(enum image_state state);

struct image_view {
    int page;  /* from 1 */
    int width; /* dots; rounded up to one of a few, so that the cache stays small */
    int turn;  /* quarter turns clockwise */
};
/* A page of a kept file as a JPEG picture, from the cache or made now; the caller closes the file. ERR_MISSING when
 * there is no such page, ERR_INVALID with the sentence of its state when it cannot be drawn, ERR_DOWN. */
enum outcome image_page(struct images *s, struct sha256 hash, const struct image_view *view, int *out_fd,
                        uint64_t *out_bytes, struct fail *why) MUST_USE;

/* What a worker wrote: a file in the spool folder, which goes when image_made_drop is called unless it was renamed
 * away. */
struct image_made {
    struct str path; /* in why->arena */
    struct sha256 hash;
    uint64_t bytes;
    struct image_facts facts; /* of the result when it is well, of the first bad part when not */
};
/* A photograph upright, without metadata, small enough to send on, as JPEG. facts.state says whether it was made. */
enum outcome image_photo(struct images *s, int fd, struct image_made *out, struct fail *why) MUST_USE;
/* The files in their order as one PDF: a page for each picture, all pages of a PDF. facts.state says whether. */
enum outcome image_join(struct images *s, const int *fds, size_t count, struct image_made *out,
                        struct fail *why) MUST_USE;
void image_made_drop(const struct image_made *made);

/* The cache: what nobody looked at for so long goes, and everything of files that are gone. */
enum outcome image_sweep(struct images *s, instant_t unused_since, struct fail *why) MUST_USE;

#endif
