#include "admin/admin_pages.h"

#include "agency/permission.h"
#include "calendar/calendar.h"

enum { IMPORT_BYTES = 50 * 1024 * 1024 };

/* clang-format off */
/* In the order of the navigation. */
const struct route admin_routes[] = {
    {GET,  "/quan-tri",           PERMIT_SYSTEM_HEALTH,    admin_index,      N_("Administration")},
    {GET,  "/quan-tri/co-quan",   PERMIT_AGENCY_MANAGE,    admin_agencies,   N_("Agencies and units")},
    {GET,  "/quan-tri/co-quan/{identifier}",  PERMIT_AGENCY_MANAGE,  admin_agency,       N_("Agency")},
    {POST, "/quan-tri/co-quan/{identifier}",  PERMIT_AGENCY_MANAGE,  admin_agency_send,  N_("Agency")},
    {GET,  "/quan-tri/vai-tro",   PERMIT_ACCOUNT_MANAGE,   admin_roles,      N_("Roles")},
    {GET,  "/quan-tri/bao-tri",   PERMIT_AGENCY_MANAGE,    admin_maintenance, N_("Maintenance")},
    {POST, "/quan-tri/bao-tri",   PERMIT_AGENCY_MANAGE,    admin_maintenance_send, N_("Maintenance")},
    {POST, "/quan-tri/tai-khoan", PERMIT_ACCOUNT_MANAGE,   admin_account_add, N_("Accounts")},
    {GET,  "/quan-tri/tai-khoan/{login}",     PERMIT_ACCOUNT_MANAGE, admin_account,      N_("Account")},
    {POST, "/quan-tri/tai-khoan/{login}",     PERMIT_ACCOUNT_MANAGE, admin_account_send, N_("Account")},
    {GET,  "/quan-tri/thu-tuc",   PERMIT_CATALOGUE_MANAGE, admin_procedures, N_("Catalogue")},
    {POST, "/quan-tri/thu-tuc",   PERMIT_CATALOGUE_MANAGE, admin_import,     N_("Catalogue"),
     .body_bytes = IMPORT_BYTES, .takes_files = true},
    {GET,  "/quan-tri/tai-khoan", PERMIT_ACCOUNT_MANAGE,   admin_accounts,   N_("Accounts")},
    {GET,  "/quan-tri/lich",      PERMIT_AGENCY_MANAGE,    admin_calendar,   N_("Working calendars")},
    {POST, "/quan-tri/lich",      PERMIT_AGENCY_MANAGE,    admin_calendar_send, N_("Working calendars"),
     .body_bytes = 2 * CALENDAR_TEXT_BYTES},
    {POST, "/quan-tri/lich/co-quan", PERMIT_AGENCY_MANAGE, admin_calendar_give, N_("Working calendars")},
    {GET,  "/quan-tri/van-hanh",  PERMIT_SYSTEM_HEALTH,    admin_running,      N_("Jobs and backups")},
    {POST, "/quan-tri/van-hanh",  PERMIT_AGENCY_MANAGE,    admin_running_send, N_("Jobs and backups")},
    {GET,  "/quan-tri/suc-khoe",  PERMIT_SYSTEM_HEALTH,    admin_health,     N_("Health")},
};
const size_t admin_route_count = LENGTH(admin_routes);

const struct page_template admin_templates[] = {
    {"admin/procedures", admin_procedures_fields},
    {"admin/calendar",   admin_calendar_fields  },
    {"admin/accounts",   admin_accounts_fields  },
    {"admin/health",     admin_health_fields    },
    {"admin/index",       admin_index_fields      },
    {"admin/running",     admin_running_fields    },
    {"admin/roles",       admin_roles_fields      },
    {"admin/maintenance", admin_maintenance_fields},
    {"admin/account",     admin_account_fields    },
    {"admin/agencies",    admin_agencies_fields   },
    {"admin/agency",      admin_agency_fields     },
};
const size_t admin_template_count = LENGTH(admin_templates);
/* clang-format on */
