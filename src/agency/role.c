#include "agency/role.h"

#include "base/fail.h"

#define P(name) PERMISSION_BIT(PERMIT_##name)

enum { WITHOUT_POST = false, WITH_POST = true };

/* What each kind of work needs. */
#define EVERYBODY (P(PUBLIC) | P(SIGNED_IN) | P(NOTICE_READ))
#define APPLICANT (EVERYBODY | P(DOSSIER_SUBMIT) | P(DOSSIER_OWN) | P(FILE_UPLOAD))
#define OFFICER (EVERYBODY | P(TASK_READ) | P(DOSSIER_READ) | P(FILE_UPLOAD))
#define COUNTER                                                                                                        \
    (P(DOSSIER_SUBMIT) | P(DOSSIER_OWN) | P(DOSSIER_COUNTER) | P(DOSSIER_RECEIVE) | P(DOSSIER_ASK) |                   \
     P(DOSSIER_ASSIGN) | P(PAYMENT_RECORD))
#define OPENER (P(DOSSIER_OPEN) | P(DOSSIER_SUBMIT) | P(DOSSIER_OWN))
#define EXAMINER (OPENER | P(DOSSIER_EXAMINE) | P(DOSSIER_ASK) | P(DOSSIER_ASSIGN))
#define APPROVER (OPENER | P(DOSSIER_APPROVE) | P(DOSSIER_ASSIGN))
#define WATCH (P(EVENTS_READ) | P(SYSTEM_HEALTH))
#define MANAGER                                                                                                        \
    (P(CATALOGUE_MANAGE) | P(AGENCY_MANAGE) | P(ACCOUNT_MANAGE) | P(NOTICE_MANAGE) | P(JOURNAL_READ) |                 \
     P(FILE_UPLOAD) | WATCH)

/* In the order of the work. */
const struct role roles[] = {
    {STR_INIT("citizen"),    N_("Citizen"),           WITHOUT_POST, APPLICANT                  },
    {STR_INIT("business"),   N_("Enterprise"),        WITHOUT_POST, APPLICANT                  },
    {STR_INIT("receiver"),   N_("One-stop receiver"), WITH_POST,    OFFICER | COUNTER          },
    {STR_INIT("specialist"), N_("Specialist"),        WITH_POST,    OFFICER | EXAMINER         },
    {STR_INIT("leader"),     N_("Leader"),            WITH_POST,    OFFICER | APPROVER         },
    {STR_INIT("clerk"),      N_("Clerk"),             WITH_POST,    OFFICER | P(DOSSIER_ISSUE) },
    {STR_INIT("archivist"),  N_("Archivist"),         WITH_POST,    EVERYBODY | P(DOSSIER_READ)},
    {STR_INIT("admin"),      N_("Administrator"),     WITH_POST,    EVERYBODY | MANAGER        },
    {STR_INIT("operator"),   N_("Operator"),          WITH_POST,    EVERYBODY | WATCH          },
};
const size_t roles_count = LENGTH(roles);

const struct role *role_find(struct str name)
{
    for (size_t i = 0; i < roles_count; i++)
        if (str_eq(roles[i].name, name)) return &roles[i];
    return NULL;
}

uint64_t role_permissions(struct str name)
{
    const struct role *r = role_find(name);
    return r != NULL ? r->permissions : P(PUBLIC);
}

struct str role_of_account_kind(struct str kind)
{
    if (str_eq(kind, STR("citizen")) || str_eq(kind, STR("foreigner"))) return STR("citizen");
    if (str_eq(kind, STR("business")) || str_eq(kind, STR("cooperative")) || str_eq(kind, STR("organisation")))
        return STR("business");
    return STR_NONE;
}
