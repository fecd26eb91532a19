/*
 * What stands beside a dossier: money, units that are asked, contacts. Read with the view, each as far as its reader
 * may see it: applicants see the money, and that opinions are being asked for; units see their own question; officers
 * see all of it.
 */
#ifndef DOSSIER_VIEW_ASIDE_H
#define DOSSIER_VIEW_ASIDE_H

#include "dossier/contact.h"
#include "dossier/doubt.h"
#include "dossier/supplement.h"
#include "dossier/unit.h"
#include "payment/payment.h"
#include "people/mandate.h"
#include "rule/ruling.h"

struct dossier_view;

struct view_aside {
    const struct ruling *ruling;             /* what the tables said at its submission; NULL: there were none */
    const struct procedure_case *ruled_case; /* the record's case with the fees of the ruling; NULL: none were given */
    struct payments payments;
    struct unit *units; /* with names */
    size_t unit_count;
    struct contact *contacts;
    size_t contact_count;
    struct doubt *doubts; /* for the office */
    size_t doubt_count;
    struct mandate mandate;       /* under which it was filed; id 0: none, or not for this reader */
    bool is_consulting;           /* somebody is being asked */
    struct supplement supplement; /* what the applicant is and was asked for */
};

enum outcome view_aside_load(struct tx *tx, const struct standing *who, struct dossier_view *v,
                             struct fail *why) MUST_USE;
/* The members fees, ruling, payments, consulting, units, contacts, asked, mandate and doubts of the shape "dossier"
 * (docs/api.md). */
void view_aside_json(struct json_writer *w, struct arena *a, const struct dossier_view *v, enum language l);
/* The papers that came with a unit's answer; how many, into n (room for all files of the view). */
size_t unit_papers(const struct dossier_view *v, const struct unit *u, int64_t *n);

#endif
