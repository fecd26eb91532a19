/*
 * GET /ho-so/{code} is one address for everybody; who visits decides which page it is. Both stand in later rooms,
 * portal and officer, which define these.
 */
#ifndef DOSSIER_DOSSIER_PAGE_H
#define DOSSIER_DOSSIER_PAGE_H

#include "dossier/act_form.h"

/* attempt: NULL on a first look; else the page again after that act was refused, with the reasons and what was typed.
 */
enum outcome portal_dossier_page(struct request *rq, const struct act_attempt *attempt, struct fail *why) MUST_USE;
enum outcome officer_dossier_page(struct request *rq, const struct act_attempt *attempt, struct fail *why) MUST_USE;

#endif
