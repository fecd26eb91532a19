#include "http/compress.h"

#include <zlib.h>

#include "http/http_limits.h"
#include "http/parameter.h"

/* A first visit loads everything, so its page may cost more; pages of work come by the thousand. */
enum { COMPRESS_LEAST = 2048, LEVEL_OPEN = 4, LEVEL_OWN = 1, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 };

/* Where no secret can stand: nobody is signed in, so there is no token. */
static bool is_open(const struct request *rq)
{
    return rq->visitor.account == 0 && rq->visitor.csrf.len == 0;
}

/* From a page of ours to a page: no other site can say so. */
static bool is_from_here(const struct request *rq)
{
    struct str from = request_header(rq, "referer"), host;
    ptrdiff_t slashes = str_find(from, STR("://"), 0);
    if (slashes < 0 || !str_has(request_header(rq, "accept"), STR("text/html"))) return false;
    from = str_part(from, (size_t)slashes + 3, from.len);
    if (!str_cut(from, '/', &host, &from)) host = from;
    return str_eq_nocase(host, request_header(rq, "host"));
}

/* The visitor went there: neither another site nor a script asked. */
static bool is_visited(const struct request *rq)
{
    struct str site = request_header(rq, "sec-fetch-site");
    if (site.len == 0) return is_from_here(rq);
    return (str_eq(site, STR("same-origin")) || str_eq(site, STR("none"))) &&
           str_eq(request_header(rq, "sec-fetch-mode"), STR("navigate"));
}

/* False when it would not become smaller. */
static bool squeeze(struct str in, int level, struct buf *out)
{
    z_stream z = {0};
    if (deflateInit2(&z, level, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) return false;
    z.next_in = (z_const Bytef *)in.at;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)buf_reserve(out, in.len);
    z.avail_out = (uInt)in.len;
    bool is_whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    buf_commit(out, z.total_out);
    (void)deflateEnd(&z); /* it says again what deflate has said */
    return is_whole;
}

void reply_compress(struct request *rq)
{
    struct str body = buf_str(&rq->reply->body);
    if ((rq->method != GET && rq->method != POST) || body.len < COMPRESS_LEAST) return;
    reply_header(rq, "Vary",
                 is_open(rq) ? STR("Accept-Encoding")
                             : STR("Accept-Encoding, Sec-Fetch-Site, Sec-Fetch-Mode, Referer"));
    if (preference(request_header(rq, "accept-encoding"), "gzip") <= 0) return;
    if (!is_open(rq) && !is_visited(rq)) return;
    AUTO_BUF struct buf small;
    buf_init(&small, HTTP_REPLY_BYTES);
    if (!squeeze(body, is_open(rq) ? LEVEL_OPEN : LEVEL_OWN, &small)) return;
    buf_clear(&rq->reply->body);
    buf_add(&rq->reply->body, buf_str(&small));
    reply_header(rq, "Content-Encoding", STR("gzip"));
}
