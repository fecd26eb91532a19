/* What the dossier's page asks of a later room. */
#include "portal/rating_link.h"

#include "quality/quality.h"

enum outcome app_rating_link(struct request *rq, struct tx *tx, const struct dossier_view *view, struct str *out,
                             struct fail *why)
{
    struct fail not_now;
    struct str code;
    const struct rating_who who = {.account = rq->visitor.account, .code = view->dossier.code};
    fail_init(&not_now, rq->arena);
    enum outcome r = rating_may(tx, &who, &code, &not_now);
    *out = r == OK ? str_format(rq->arena, "/ho-so/%.*s/danh-gia", STR_ARG(view->dossier.code)) : STR_NONE;
    return r == ERR_DOWN ? fail_with(why, r, not_now.sentence, not_now.args) : OK;
}
