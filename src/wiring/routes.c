#include "app/routes.h"

#include "admin/admin_pages.h"
#include "admin/admin_procedure.h"
#include "admin/admin_rules.h"
#include "admin/calendar_api.h"
#include "admin/procedure_change.h"
#include "admin/setup_pages.h"
#include "agency/agency_api.h"
#include "app/app.h"
#include "app/embedded.h"
#include "app/events_api.h"
#include "app/openapi.h"
#include "app/system_api.h"
#include "batch/absence.h"
#include "batch/absence_pages.h"
#include "batch/batch_api.h"
#include "batch/batch_kinds.h"
#include "batch/batch_pages.h"
#include "batch/recount_kind.h"
#include "batch/transfer.h"
#include "catalogue/catalogue_api.h"
#include "catalogue/catalogue_pages.h"
#include "conversation/conversation_api.h"
#include "conversation/conversation_pages.h"
#include "counter/appointment.h"
#include "counter/counter_pages.h"
#include "dossier/act_pages.h"
#include "dossier/aside_api.h"
#include "dossier/dossier_api.h"
#include "dossier/dossier_search.h"
#include "dossier/paper_check.h"
#include "dossier/paper_picture.h"
#include "dossier/result_document.h"
#include "dossier/vault_follower.h"
#include "help/help_pages.h"
#include "html/page.h"
#include "notice/notice.h"
#include "notice/notice_api.h"
#include "notice/outbox.h"
#include "notice/webhook.h"
#include "notice/wish_pages.h"
#include "notice/wording_pages.h"
#include "officer/contact_report.h"
#include "officer/identity_page.h"
#include "officer/inbox_pages.h"
#include "officer/officer_pages.h"
#include "people/code.h"
#include "people/mandate.h"
#include "people/people_pages.h"
#include "people/session_pages.h"
#include "portal/access_pages.h"
#include "portal/confirm_pages.h"
#include "portal/portal_pages.h"
#include "portal/supplement_page.h"
#include "progress/progress_api.h"
#include "progress/progress_pages.h"
#include "progress/reminder.h"
#include "quality/quality.h"
#include "slip/book.h"
#include "slip/slip_letter.h"
#include "slip/slip_pages.h"
#include "vault/vault.h"
#include "vault/vault_pages.h"

/* ---- routes ---- */

/* In the order of the rooms; the acts are made from their table. */
const struct route_list *app_route_lists(struct arena *a, size_t *out_count)
{
    const struct route_list lists[] = {
        {agency_api_routes,     agency_api_routes_count   },
        {people_routes,         people_routes_count       },
        {code_routes,           code_route_count          },
        {mandate_routes,        mandate_route_count       },
        {quality_routes,        quality_route_count       },
        {session_routes,        session_route_count       },
        {vault_routes,          vault_route_count         },
        {catalogue_api_routes,  catalogue_api_route_count },
        {change_api_routes,     change_api_route_count    },
        {catalogue_page_routes, catalogue_page_route_count},
        {dossier_api_routes,    dossier_api_routes_count  },
        dossier_act_routes(a),
        {aside_api_routes,      aside_api_route_count     },
        {contact_report_routes, contact_report_route_count},
        {officer_routes,        officer_route_count       },
        {inbox_routes,          inbox_route_count         },
        {paper_check_routes,    paper_check_route_count   },
        {dossier_page_routes,   dossier_page_route_count  },
        dossier_act_page_routes(a),
        {portal_home_routes,    portal_home_route_count   },
        {portal_apply_routes,   portal_apply_route_count  },
        {supplement_routes,     supplement_route_count    },
        {portal_mine_routes,    portal_mine_route_count   },
        {portal_dossier_routes, portal_dossier_route_count},
        {paper_picture_routes,  paper_picture_route_count },
        {access_routes,         access_route_count        },
        {portal_lookup_routes,  portal_lookup_route_count },
        {identity_routes,       identity_route_count      },
        {confirm_routes,        confirm_route_count       },
        {slip_routes,           slip_route_count          },
        {book_routes,           book_route_count          },
        {slip_wording_routes,   slip_wording_route_count  },
        {batch_api_routes,      batch_api_routes_count    },
        {batch_page_routes,     batch_page_routes_count   },
        {absence_routes,        absence_routes_count      },
        {progress_api_routes,   progress_api_route_count  },
        {progress_routes,       progress_route_count      },
        {notice_routes,         notice_routes_count       },
        {calendar_api_routes,   calendar_api_route_count  },
        {counter_routes,        counter_route_count       },
        {counter_api_routes,    counter_api_route_count   },
        {reception_routes,      reception_route_count     },
        {queue_routes,          queue_route_count         },
        {appointment_routes,    appointment_route_count   },
        {hall_routes,           hall_route_count          },
        {wish_routes,           wish_route_count          },
        {webhook_api_routes,    webhook_api_route_count   },
        {webhook_page_routes,   webhook_page_route_count  },
        {wording_routes,        wording_route_count       },
        {talk_api_routes,       talk_api_route_count      },
        {talk_routes,           talk_route_count          },
        {phrase_routes,         phrase_route_count        },
        {admin_routes,          admin_route_count         },
        {setup_routes,          setup_route_count         },
        {help_routes,           help_route_count          },
        {one_procedure_routes,  one_procedure_route_count },
        {rules_routes,          rules_route_count         },
        {system_routes,         system_route_count        },
        {events_routes,         events_route_count        },
    };
    *out_count = LENGTH(lists);
    return arena_dup(a, lists, sizeof lists);
}

/* ---- templates ---- */

static const struct {
    const struct page_template *templates;
    const size_t *count;
} template_lists[] = {
    {html_templates,            &html_template_count            },
    {people_templates,          &people_template_count          },
    {code_templates,            &code_template_count            },
    {mandate_templates,         &mandate_template_count         },
    {quality_templates,         &quality_template_count         },
    {session_templates,         &session_template_count         },
    {vault_templates,           &vault_template_count           },
    {catalogue_page_templates,  &catalogue_page_template_count  },
    {portal_home_templates,     &portal_home_template_count     },
    {portal_apply_templates,    &portal_apply_template_count    },
    {portal_mine_templates,     &portal_mine_template_count     },
    {portal_dossier_templates,  &portal_dossier_template_count  },
    {supplement_templates,      &supplement_template_count      },
    {access_templates,          &access_template_count          },
    {portal_lookup_templates,   &portal_lookup_template_count   },
    {identity_templates,        &identity_template_count        },
    {confirm_templates,         &confirm_template_count         },
    {officer_templates,         &officer_template_count         },
    {inbox_templates,           &inbox_template_count           },
    {result_document_templates, &result_document_templates_count},
    {slip_letters,              &slip_letter_count              },
    {slip_page_templates,       &slip_page_template_count       },
    {book_letters,              &book_letter_count              },
    {book_page_templates,       &book_page_template_count       },
    {contact_report_templates,  &contact_report_template_count  },
    {batch_templates,           &batch_template_count           },
    {absence_templates,         &absence_template_count         },
    {progress_templates,        &progress_template_count        },
    {notice_templates,          &notice_templates_count         },
    {counter_templates,         &counter_template_count         },
    {reception_templates,       &reception_template_count       },
    {queue_templates,           &queue_template_count           },
    {appointment_templates,     &appointment_template_count     },
    {hall_templates,            &hall_template_count            },
    {wish_templates,            &wish_template_count            },
    {webhook_templates,         &webhook_template_count         },
    {talk_templates,            &talk_template_count            },
    {phrase_templates,          &phrase_template_count          },
    {admin_templates,           &admin_template_count           },
    {setup_templates,           &setup_template_count           },
    {help_templates,            &help_template_count            },
    {one_procedure_templates,   &one_procedure_template_count   },
    {rules_templates,           &rules_template_count           },
};

const struct page_template *app_templates(struct arena *a, size_t *out_count)
{
    size_t count = 0;
    for (size_t i = 0; i < LENGTH(template_lists); i++) count += *template_lists[i].count;
    struct page_template *all = ARENA_ARRAY(a, struct page_template, count + 1);
    *out_count = 0;
    for (size_t i = 0; i < LENGTH(template_lists); i++)
        for (size_t n = 0; n < *template_lists[i].count; n++) all[(*out_count)++] = template_lists[i].templates[n];
    return all;
}

/* ---- what follows the journal ---- */

/* In order of age: a new one starts at the beginning of the journal. */
static const struct follower *const followers[] = {&notice_follower,     &search_follower,   &message_follower,
                                                   &absence_follower,    &reminder_follower, &vault_follower,
                                                   &appointment_follower};

const struct follower *app_followers(struct arena *a, size_t *out_count)
{
    struct follower *all = ARENA_ARRAY(a, struct follower, LENGTH(followers));
    for (size_t i = 0; i < LENGTH(followers); i++) all[i] = *followers[i];
    *out_count = LENGTH(followers);
    return all;
}

/* ---- what batches can be about ---- */

static const struct batch_kind *const batch_kinds[] = {&act_kind, &desk_kind, &recount_kind, &transfer_kind};

const struct batch_kind *const *app_batch_kinds(size_t *out_count)
{
    *out_count = LENGTH(batch_kinds);
    return batch_kinds;
}
