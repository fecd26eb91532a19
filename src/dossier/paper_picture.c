#include "dossier/paper_picture.h"

#include <inttypes.h>

#include "base/parse.h"
#include "dossier/dossier_visit.h"
#include "dossier/paper.h"
#include "image/image.h"

enum outcome paper_picture_reply(struct request *rq, struct sha256 hash, const struct image_view *view,
                                 struct fail *why)
{
    uint64_t bytes;
    int fd;
    struct str tag = str_format(rq->arena, "%.*s-%d-%d-%d", STR_ARG(str_part(sha256_format(rq->arena, hash), 0, 16)),
                                view->page, view->width, view->turn);
    if (reply_not_modified(rq, tag)) return OK;
    TRY(image_page(app_images(rq->app), hash, view, &fd, &bytes, why));
    reply_file(rq, fd, bytes, STR("image/jpeg"), STR_NONE, "inline");
    reply_etag(rq, tag);
    return OK;
}

static int number_of(struct str text, int least, int most, int otherwise)
{
    int n = otherwise;
    return parse_int(text, least, most, &n) ? n : otherwise;
}

static enum outcome get_page(struct request *rq, struct fail *why)
{
    struct dossier_view view;
    struct dossier_file file = {0};
    const struct image_view wanted = {number_of(request_param(rq, "page"), 1, IMAGE_PAGES_MOST, 0),
                                      number_of(request_query(rq, "rong"), 1, IMAGE_WIDTH_MOST, PAPER_PAGE_WIDTH),
                                      number_of(request_query(rq, "xoay"), 0, 3, 0)};
    TRY(dossier_visit_file(rq, "page of paper", &view, &file, why));
    return paper_picture_reply(rq, file.hash, &wanted, why);
}

static enum outcome get_thumb(struct request *rq, struct fail *why)
{
    struct dossier_view view;
    struct dossier_file file = {0};
    TRY(dossier_visit_file(rq, "thumbnail of paper", &view, &file, why));
    return paper_picture_reply(rq, file.hash, &(const struct image_view){1, IMAGE_THUMB_WIDTH, 0}, why);
}

struct str paper_thumb_address(struct arena *a, const struct dossier_view *v, const struct dossier_file *f)
{
    if (!paper_has_pages(f->type)) return STR_NONE;
    return str_format(a, "/ho-so/%.*s/giay-to/%" PRId64 "/thu-nho", STR_ARG(v->dossier.code), f->n);
}

/* In order of use. */
/* clang-format off */
const struct route paper_picture_routes[] = {
    {GET, "/ho-so/{code}/giay-to/{n}/trang/{page}", PERMIT_SIGNED_IN, get_page,  N_("A page of a paper")},
    {GET, "/ho-so/{code}/giay-to/{n}/thu-nho",      PERMIT_SIGNED_IN, get_thumb, N_("A paper, small")   },
};
/* clang-format on */
const size_t paper_picture_route_count = LENGTH(paper_picture_routes);
