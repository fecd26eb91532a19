/*
 * Confirming at the counter: what the officer's check page shows of it (confirm_fill, {{> portal/_confirm confirm}}),
 * the page behind the QR code, and the sheet to sign. Rows and rules are confirmation.h.
 */
#ifndef PORTAL_CONFIRM_PAGES_H
#define PORTAL_CONFIRM_PAGES_H

#include "portal/apply.h"

struct confirm_block {
    bool is_counter;                                     /* there is somebody to confirm */
    bool is_waiting, is_confirmed, is_wrong, is_changed; /* one of them; none: not asked yet, or too long ago */
    bool is_elsewhere;                                   /* waiting, and the code was shown in another browser */
    struct str ask, print, picture, watch;               /* addresses */
    struct str until, at, said;
};
extern const struct field confirm_block_fields[];
enum outcome confirm_fill(const struct apply *a, struct confirm_block *out, struct fail *why) MUST_USE;

extern const struct route confirm_routes[];
extern const size_t confirm_route_count;
extern const struct page_template confirm_templates[];
extern const size_t confirm_template_count;

#endif
