/*
 * What the build puts into the program, beyond code: migrations (schema/, declared in store.h), templates
 * (src/<room>/pages, src/html), assets (assets/, compiled) and the files from which `motcua init --demo` makes its
 * office. See tools/embed.
 */
#ifndef APP_EMBEDDED_H
#define APP_EMBEDDED_H

#include "base/embedded.h"
#include "html/html.h"
#include "store/store.h"

extern const struct html_source embedded_templates[]; /* "dossier/show" is src/dossier/pages/show.html */
extern const size_t embedded_templates_count;

extern const struct embedded_file embedded_assets[]; /* sorted by path */
extern const size_t embedded_assets_count;

extern const struct embedded_file embedded_demo[]; /* sorted by name; the content is compressed by zlib */
extern const size_t embedded_demo_count;
/* The content of one of them. */
struct str embedded_demo_text(struct arena *a, const struct embedded_file *f);

#endif
