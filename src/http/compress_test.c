#include "base/test.h"

#include "http/compress.h"
#include "http/http_limits.h"
#include "http/reply.h"

static struct pair headers[] = {
    {STR_INIT("accept-encoding"), STR_INIT("gzip")}
};

/* An answer as large as answers may be is many times what is left of the visit's own memory. */
static void a_large_page_is_compressed_without_the_memory_of_the_visit(void **state)
{
    (void)state;
    struct arena a;
    struct reply reply;
    arena_init(&a, 64 * 1024);
    reply_init(&reply);
    struct request rq = {.arena = &a, .reply = &reply, .method = GET, .headers = headers, .header_count = 1};
    struct buf *body = reply_begin(&rq, 200, "text/html; charset=utf-8");
    for (uint32_t i = 0, x = 1; i < HTTP_REPLY_BYTES; i++, x = x * 1664525 + 1013904223)
        buf_add_char(body, (char)(x >> 24));
    reply_compress(&rq);
    assert_str(reply_find(&reply, "Vary")->value, "Accept-Encoding");
    assert_null(reply_find(&reply, "Content-Encoding")); /* noise becomes no smaller */
    assert_int_equal(reply.body.len, HTTP_REPLY_BYTES);
    body = reply_begin(&rq, 200, "text/html; charset=utf-8");
    for (int i = 0; i < HTTP_REPLY_BYTES; i++) buf_add_char(body, 'x');
    reply_compress(&rq);
    assert_str(reply_find(&reply, "Content-Encoding")->value, "gzip");
    assert_true(reply.body.len < HTTP_REPLY_BYTES / 100);
    reply_end(&reply);
    arena_end(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_large_page_is_compressed_without_the_memory_of_the_visit),
    };
    return RUN_TESTS(tests);
}
