#include "http/compress.h"

#include <zlib.h>

#include "http/parameter.h"

enum { COMPRESS_LEAST = 2048, COMPRESS_LEVEL = 4, GZIP_WINDOW = 15 + 16, GZIP_MEMORY = 8 };

/* Where no secret can stand: nobody is signed in, so there is no token. */
static bool is_open(const struct request *rq)
{
    return rq->visitor.account == 0 && rq->visitor.csrf.len == 0;
}

static bool squeeze(struct arena *a, struct str in, struct str *out)
{
    z_stream z = {0};
    if (deflateInit2(&z, COMPRESS_LEVEL, Z_DEFLATED, GZIP_WINDOW, GZIP_MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    uLong most = deflateBound(&z, (uLong)in.len);
    char *at = arena_alloc(a, most);
    z.next_in = (z_const Bytef *)in.at;
    z.avail_in = (uInt)in.len;
    z.next_out = (Bytef *)at;
    z.avail_out = (uInt)most;
    bool is_whole = deflate(&z, Z_FINISH) == Z_STREAM_END;
    *out = str_of(at, z.total_out);
    (void)deflateEnd(&z); /* it says again what deflate has said */
    return is_whole;
}

void reply_compress(struct request *rq)
{
    struct str body = buf_str(&rq->reply->body), small;
    if (rq->method != GET || body.len < COMPRESS_LEAST || !is_open(rq)) return;
    reply_header(rq, "Vary", STR("Accept-Encoding"));
    if (preference(request_header(rq, "accept-encoding"), "gzip") <= 0) return;
    if (!squeeze(rq->arena, body, &small)) return;
    buf_clear(&rq->reply->body);
    buf_add(&rq->reply->body, small);
    reply_header(rq, "Content-Encoding", STR("gzip"));
}
