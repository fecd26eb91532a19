#include "dossier/dossier_visit.h"

#include "base/parse.h"
#include "dossier/file_type.h"
#include "dossier/protection.h"
#include "people/access.h"
#include "store/blob.h"

/* What officers open is written down for its applicant: the dossier, or a paper of it (0: none). Of denunciations there
 * is another record (protection.h). */
static void note_look(struct request *rq, const struct dossier *d, int64_t paper)
{
    const struct access look = {.what = paper != 0 ? ACCESS_PAPER : ACCESS_DOSSIER,
                                .person = str_eq(d->channel, STR("online")) ? d->submitter : 0,
                                .dossier = d->id,
                                .n = paper};
    if (!d->is_protected && rq->visitor.agency != 0) access_note(app_access(rq->app), rq, &look);
}

static enum outcome load(struct request *rq, struct tx **out_tx, struct dossier_view *out, struct fail *why)
{
    const struct desk *desk = app_desk(rq->app);
    struct standing who = standing_of(rq);
    TRY(store_read_begin(desk->store, rq->arena, out_tx, why));
    return dossier_view_load(desk, *out_tx, &who, request_param(rq, "code"), out, why);
}

enum outcome dossier_visit_in(struct request *rq, struct tx *tx, struct dossier_view *out, struct fail *why)
{
    struct standing who = standing_of(rq);
    TRY(dossier_view_load(app_desk(rq->app), tx, &who, request_param(rq, "code"), out, why));
    note_look(rq, &out->dossier, 0);
    return OK;
}

enum outcome dossier_visit(struct request *rq, struct tx **out_tx, struct dossier_view *out, struct fail *why)
{
    TRY(store_read_begin(app_desk(rq->app)->store, rq->arena, out_tx, why));
    return dossier_visit_in(rq, *out_tx, out, why);
}

/* Looked up in one snapshot; what is written down about the look comes after it. */
static enum outcome find_paper(struct request *rq, struct dossier_view *out, struct dossier_file *out_file,
                               struct fail *why)
{
    AUTO_READ struct tx *tx = NULL;
    uint64_t n;
    TRY(load(rq, &tx, out, why));
    const struct dossier_file *file = parse_u64(request_param(rq, "n"), &n) ? dossier_view_file(out, (int64_t)n) : NULL;
    if (file == NULL || !dossier_view_shows(out, file))
        return fail(why, ERR_MISSING, N_("The dossier has no paper number {0}."), request_param(rq, "n"));
    note_look(rq, &out->dossier, file->n);
    *out_file = *file;
    return OK;
}

enum outcome dossier_visit_file(struct request *rq, const char *what, struct dossier_view *out,
                                struct dossier_file *out_file, struct fail *why)
{
    TRY(find_paper(rq, out, out_file, why));
    if (str_eq(out_file->kind, STR("result"))) return OK;
    return protection_note_look(app_desk(rq->app), rq, out,
                                str_format(rq->arena, "%s %lld", what, (long long)out_file->n), why);
}

enum outcome dossier_visit_paper(struct request *rq, struct fail *why)
{
    struct dossier_view view;
    struct dossier_file file = {0};
    uint64_t bytes;
    int fd;
    TRY(dossier_visit_file(rq, "paper", &view, &file, why));
    TRY(blob_open(app_desk(rq->app)->files_folder, file.hash, &fd, &bytes, why));
    reply_file(rq, fd, bytes, file.type, file.name, file_type_is_shown(file.type) ? "inline" : "attachment");
    return OK;
}
