#include "http/assets.h"

#include "http/parameter.h"

static const struct embedded_file *find(const struct embedded_file *assets, size_t count, struct str path)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(assets[middle].path, path);
        if (order == 0) return &assets[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool assets_reply(struct request *rq, const struct embedded_file *assets, size_t count)
{
    if (rq->method != GET && rq->method != HEAD) return false;
    const struct embedded_file *file = find(assets, count, rq->path);
    if (!file) return false;
    struct str accepted = request_header(rq, "accept-encoding"), tag = str_from(file->hash);
    bool is_brotli = file->brotli.len > 0 && preference(accepted, "br") > 0;
    bool is_gzip = !is_brotli && file->gzip.len > 0 && preference(accepted, "gzip") > 0;
    const char *coding = is_brotli ? "br" : is_gzip ? "gzip" : NULL;
    /* Each coding is its own representation and needs its own tag (RFC 9110, 8.8.3). */
    if (coding) tag = str_format(rq->arena, "%s-%s", file->hash, coding);
    if (!reply_not_modified(rq, tag)) {
        (void)reply_begin(rq, 200, file->type); /* the body is the static one */
        rq->reply->static_body = is_brotli ? file->brotli : is_gzip ? file->gzip : file->content;
        reply_etag(rq, tag);
        if (coding) reply_header(rq, "Content-Encoding", str_from(coding));
    }
    reply_header(rq, "Vary", STR("Accept-Encoding"));
    reply_header(rq, "Cache-Control", STR("public, max-age=31536000, immutable"));
    return true;
}
