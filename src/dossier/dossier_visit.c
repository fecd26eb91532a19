#include "dossier/dossier_visit.h"

#include "base/parse.h"
#include "dossier/file_type.h"
#include "store/blob.h"

enum outcome dossier_visit(struct request *rq, struct tx **out_tx, struct dossier_view *out, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct standing who = standing_of(rq);
    TRY(store_read_begin(desk->store, rq->arena, out_tx, why));
    return dossier_view_load(desk, *out_tx, &who, request_param(rq, "code"), out, why);
}

enum outcome dossier_visit_paper(struct request *rq, struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    struct dossier_view view;
    uint64_t n, bytes;
    int fd;
    TRY(dossier_visit(rq, &tx, &view, why));
    const struct dossier_file *file =
        parse_u64(request_param(rq, "n"), &n) ? dossier_view_file(&view, (int64_t)n) : NULL;
    if (file == NULL || !dossier_view_shows(&view, file))
        return fail(why, ERR_MISSING, N_("The dossier has no paper number {0}."), request_param(rq, "n"));
    TRY(blob_open(app_desk(rq->app)->files_folder, file->hash, &fd, &bytes, why));
    reply_file(rq, fd, bytes, file->type, file->name, file_type_is_shown(file->type) ? "inline" : "attachment");
    return OK;
}
