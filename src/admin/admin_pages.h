/* The administrator's pages: procedures with their import, accounts, the health of the system. */
#ifndef ADMIN_ADMIN_PAGES_H
#define ADMIN_ADMIN_PAGES_H

#include "html/page.h"

/* GET and POST /quan-tri/thu-tuc (admin_procedures.c), GET /quan-tri/tai-khoan (admin_accounts.c), GET
 * /quan-tri/suc-khoe (admin_health.c), /quan-tri/lich (admin_calendar.c) */
enum outcome admin_procedures(struct request *rq, struct fail *why) MUST_USE;
enum outcome admin_import(struct request *rq, struct fail *why) MUST_USE;
enum outcome admin_accounts(struct request *rq, struct fail *why) MUST_USE;
enum outcome admin_calendar(struct request *rq, struct fail *why) MUST_USE;
enum outcome admin_calendar_send(struct request *rq, struct fail *why) MUST_USE;
enum outcome admin_calendar_give(struct request *rq, struct fail *why) MUST_USE;
enum outcome admin_health(struct request *rq, struct fail *why) MUST_USE;

handler_fn admin_index, admin_roles, admin_maintenance, admin_maintenance_send, admin_account, admin_account_add,
    admin_account_send, admin_running, admin_running_send, admin_agencies, admin_agency, admin_agency_send;

extern const struct field admin_calendar_fields[], admin_procedures_fields[], admin_accounts_fields[],
    admin_health_fields[], admin_index_fields[], admin_roles_fields[], admin_maintenance_fields[],
    admin_running_fields[], admin_account_fields[], admin_agencies_fields[], admin_agency_fields[];

extern const struct route admin_routes[];
extern const size_t admin_route_count;
extern const struct page_template admin_templates[];
extern const size_t admin_template_count;

#endif
