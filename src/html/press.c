#include "html/press.h"

#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-fontmap.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

enum { TYPES_MOST = 8, FONTS_MOST = 8, FACES = 4, FACE_POINTS = 12, FONT_BYTES_MOST = 4 * 1024 * 1024 };

struct press_type {
    PangoFontMap *map;
    PangoContext *context;
    bool is_busy;
};

struct press {
    pthread_mutex_t lock;
    pthread_cond_t left;
    FcConfig *config; /* NULL: not opened yet */
    int fonts[FONTS_MOST];
    size_t font_count;
    cairo_scaled_font_t *faces[FACES]; /* upright and slanted, plain and bold: opened together with the first type */
    struct press_type types[TYPES_MOST];
    size_t type_count; /* as many as cores */
    struct str mark;   /* set before the first letter */
};

struct press *press_new(void)
{
    struct press *p = calloc(1, sizeof *p);
    if (!p) BUG("out of memory");
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    p->type_count = cores < 1 ? 1 : cores > TYPES_MOST ? TYPES_MOST : (size_t)cores;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->left, NULL);
    return p;
}

void press_set_mark(struct press *p, struct str words)
{
    p->mark = words;
}

struct str press_mark(const struct press *p)
{
    return p->mark;
}

/* fontconfig keeps the present one alive until there is another. */
static void close_config(struct press *p)
{
    if (!p->config) return;
    FcConfig *none = FcConfigCreate();
    if (!none) BUG("out of memory");
    (void)FcConfigSetCurrent(none); /* nobody reads fonts from it */
    FcConfigDestroy(none);
    FcConfigDestroy(p->config);
}

void press_free(struct press *p)
{
    if (!p) return;
    for (size_t i = 0; i < p->type_count; i++) {
        if (p->types[i].context) g_object_unref(p->types[i].context);
        if (p->types[i].map) g_object_unref(p->types[i].map);
    }
    for (size_t i = 0; i < FACES; i++)
        if (p->faces[i]) cairo_scaled_font_destroy(p->faces[i]);
    close_config(p);
    for (size_t i = 0; i < p->font_count; i++) (void)close(p->fonts[i]); /* nothing was written that could be lost */
    pthread_cond_destroy(&p->left);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* ---- fonts: files in memory, since fontconfig knows fonts by their path only ---- */

static enum outcome write_font(int fd, const struct embedded_file *font, struct fail *why)
{
    uLongf bytes = font->raw_bytes;
    if (bytes > FONT_BYTES_MOST) BUG("%.*s is too large", STR_ARG(font->name));
    unsigned char *at = malloc(bytes);
    if (!at) BUG("out of memory");
    if (uncompress(at, &bytes, (const Bytef *)font->content.at, font->content.len) != Z_OK)
        BUG("%.*s is damaged", STR_ARG(font->name));
    ssize_t written = write(fd, at, bytes);
    free(at);
    if (written == (ssize_t)bytes) return OK;
    return fail(why, ERR_DOWN, N_("The fonts for letters cannot be opened on this machine."));
}

static enum outcome open_font(struct press *p, FcConfig *config, const struct embedded_file *font, struct fail *why)
{
    char path[64];
    int fd = memfd_create("font", MFD_CLOEXEC);
    if (fd < 0) return fail(why, ERR_DOWN, N_("The fonts for letters cannot be opened on this machine."));
    p->fonts[p->font_count++] = fd;
    TRY(write_font(fd, font, why));
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (FcConfigAppFontAddFile(config, (const FcChar8 *)path)) return OK;
    return fail(why, ERR_DOWN, N_("The fonts for letters cannot be opened on this machine."));
}

static enum outcome open_fonts(struct press *p, FcConfig *config, struct fail *why)
{
    if (embedded_fonts_count > FONTS_MOST) BUG("more than %d fonts", FONTS_MOST);
    for (size_t i = 0; i < embedded_fonts_count; i++) TRY(open_font(p, config, &embedded_fonts[i], why));
    return OK;
}

static enum outcome open_config(struct press *p, struct fail *why)
{
    if (p->config) return OK;
    FcConfig *config = FcConfigCreate();
    if (!config) BUG("out of memory");
    enum outcome opened = open_fonts(p, config, why);
    if (opened != OK) {
        FcConfigDestroy(config);
        for (; p->font_count > 0; p->font_count--)
            (void)close(p->fonts[p->font_count - 1]); /* nothing was written that could be lost */
        return opened;
    }
    (void)FcConfigSetCurrent(config); /* else Pango reads the machine's own fonts beside ours */
    p->config = config;
    return OK;
}

/* ---- sets of type ---- */

/* Cairo opens a face of FreeType when it first needs it, with that face's own lock, though FreeType wants one for its
 * list of all faces: so all are opened here, while nobody else can, and stay open. */
static void open_faces(struct press *p, PangoContext *context)
{
    for (int i = 0; i < FACES && !p->faces[i]; i++) {
        PangoFontDescription *wanted = pango_font_description_new();
        pango_font_description_set_family_static(wanted, PRESS_FAMILY);
        pango_font_description_set_size(wanted, FACE_POINTS * PANGO_SCALE);
        pango_font_description_set_style(wanted, i & 1 ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
        pango_font_description_set_weight(wanted, i & 2 ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
        PangoFont *font = pango_context_load_font(context, wanted);
        if (!font) BUG("a font of ours is not found");
        p->faces[i] = cairo_scaled_font_reference(pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font)));
        g_object_unref(font);
        pango_font_description_free(wanted);
    }
}

static void open_type(struct press *p, struct press_type *t)
{
    if (t->map) return;
    t->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
    if (!t->map) BUG("Pango was built without FreeType");
    pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(t->map), p->config);
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(t->map), 72);
    t->context = pango_font_map_create_context(t->map);
    cairo_font_options_t *options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(t->context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(t->context, FALSE);
    pango_context_set_language(t->context, pango_language_from_string("vi"));
    open_faces(p, t->context);
}

static struct press_type *free_type(struct press *p)
{
    for (size_t i = 0; i < p->type_count; i++)
        if (!p->types[i].is_busy) return &p->types[i];
    return NULL;
}

enum outcome press_enter(struct press *p, struct press_type **out, struct fail *why)
{
    struct press_type *type;
    pthread_mutex_lock(&p->lock);
    enum outcome opened = open_config(p, why);
    while (opened == OK && (type = free_type(p)) == NULL) pthread_cond_wait(&p->left, &p->lock);
    if (opened == OK) {
        type->is_busy = true;
        open_type(p, type);
        *out = type;
    }
    pthread_mutex_unlock(&p->lock);
    return opened;
}

void press_leave(struct press *p, struct press_type *type)
{
    pthread_mutex_lock(&p->lock);
    type->is_busy = false;
    pthread_cond_signal(&p->left);
    pthread_mutex_unlock(&p->lock);
}

void *press_context(struct press_type *type)
{
    return type->context;
}
