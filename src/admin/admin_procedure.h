/*
 * One procedure for the officials who answer for it: its versions and decisions, a draft from fields or a sheet, what
 * differs, publishing and withdrawing, who may do what. Everything is decided where the interface decides it
 * (procedure_change.h); these pages only ask and show.
 */
#ifndef ADMIN_ADMIN_PROCEDURE_H
#define ADMIN_ADMIN_PROCEDURE_H

#include "html/page.h"

extern const struct route one_procedure_routes[];
extern const size_t one_procedure_route_count;
extern const struct page_template one_procedure_templates[];
extern const size_t one_procedure_template_count;

/* admin_procedure_edit.c, admin_procedure_who.c, admin_competence.c */
handler_fn get_procedure_edit, post_procedure_edit, post_procedure_sheet, get_procedure_who, get_competence_page,
    post_competence_page;
extern const struct field procedure_edit_fields[], procedure_who_fields[], competence_page_fields[];

#endif
