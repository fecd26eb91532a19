/* What strangers answer, and addresses that they are given: one short line of whole characters comes out, with no mail
 * address in it; an address that is taken is one for the web. */
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "http/client.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct address_list list;
    struct str text = str_of((const char *)data, size);
    arena_init(&a, 64 << 20);
    fail_init(&why, &a);
    struct str said = client_said(&a, text);
    if (said.len > CLIENT_SAID_MOST || !text_is_utf8(said)) abort();
    for (size_t i = 0; i < said.len; i++) {
        if ((unsigned char)said.at[i] < ' ') abort();
        bool is_word = (i > 0 && said.at[i - 1] != ' ') || (i + 1 < said.len && said.at[i + 1] != ' ');
        if (said.at[i] == '@' && is_word) abort();
    }
    int64_t wait = client_retry_after(text);
    if (wait < 0 || wait > 24 * 3600) abort();
    struct str lower = str_lower_ascii(&a, text);
    if (client_url_check(text, &why) == OK && !str_starts(lower, STR("http:")) && !str_starts(lower, STR("https:")))
        abort();
    (void)address_list_parse(&a, text, &list, &why); /* only that it does not crash */
    return 0;
}
