#include "app/admin_pages.h"

#include "agency/permission.h"

enum { IMPORT_BYTES = 50 * 1024 * 1024 };

/* clang-format off */
/* In the order of the navigation. */
const struct route admin_routes[] = {
    {GET,  "/quan-tri/thu-tuc",   PERMIT_CATALOGUE_MANAGE, admin_procedures, N_("Catalogue")},
    {POST, "/quan-tri/thu-tuc",   PERMIT_CATALOGUE_MANAGE, admin_import,     N_("Catalogue"),
     .body_bytes = IMPORT_BYTES, .takes_files = true},
    {GET,  "/quan-tri/tai-khoan", PERMIT_ACCOUNT_MANAGE,   admin_accounts,   N_("Accounts")},
    {GET,  "/quan-tri/suc-khoe",  PERMIT_SYSTEM_HEALTH,    admin_health,     N_("Health")},
};
const size_t admin_route_count = LENGTH(admin_routes);

const struct page_template admin_templates[] = {
    {"app/procedures", admin_procedures_fields},
    {"app/accounts",   admin_accounts_fields  },
    {"app/health",     admin_health_fields    },
};
const size_t admin_template_count = LENGTH(admin_templates);
/* clang-format on */
