/*
 * The office's own look: DIR/theme/theme.css, loaded after our style sheet (a province sets a few custom properties),
 * and DIR/theme/mark.svg, its emblem in the header. Both may be missing. Read once at start and served under a name
 * with the hash of the content; docs/themes.md says what to write. It cannot reach other sites: the policy of every
 * page forbids it.
 */
#ifndef APP_THEME_H
#define APP_THEME_H

#include "app/folder.h"
#include "base/embedded.h"
#include "http/http.h"

struct theme {
    struct embedded_file files[2];
    size_t count;
    struct str sheet, mark; /* as served; empty: none */
};

/* A file that is too large or not UTF-8 stops the start with a sentence. Content lives in the arena. */
enum outcome theme_load(struct arena *a, const struct folder *folder, struct theme *out, struct fail *why) MUST_USE;
/* GET /theme/{file} */
enum outcome get_theme_file(struct request *rq, struct fail *why) MUST_USE;

#endif
