/*
 * Whether the applicant is asked how it went: the room that keeps ratings comes later in the house, so app/ lends its
 * answer.
 */
#ifndef PORTAL_RATING_LINK_H
#define PORTAL_RATING_LINK_H

#include "dossier/dossier_view.h"

/* Where they say it, "/ho-so/.../danh-gia"; empty: it is not over yet, or was said. Defined in app/. */
enum outcome app_rating_link(struct request *rq, struct tx *tx, const struct dossier_view *view, struct str *out,
                             struct fail *why) MUST_USE;

#endif
