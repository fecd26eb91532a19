/* Urlencoded forms and header parameters: what comes out is text, and never more than went in. */
#include "base/text.h"
#include "http/form.h"
#include "http/message.h"
#include "http/multipart.h"
#include "http/parameter.h"

enum { FUZZ_ARENA_BYTES = 64 * 1024 * 1024, FUZZ_FIELDS = 50 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct fail why;
    struct str text = str_of((const char *)data, size), out;
    struct pair *fields;
    size_t count;
    arena_init(&a, FUZZ_ARENA_BYTES);
    fail_init(&why, &a);
    if (form_parse(&a, text, FUZZ_FIELDS, &fields, &count, &why) == OK) {
        if (count > FUZZ_FIELDS) BUG("%zu fields", count);
        for (size_t i = 0; i < count; i++) {
            if (!text_is_utf8(fields[i].name) || !text_is_nfc(fields[i].value)) BUG("a field that is not clean text");
        }
    }
    if (parameter_find(text, "name", &out) && out.len > size) BUG("a parameter longer than its header");
    if (multipart_boundary(text, &out) && out.len > HTTP_BOUNDARY_BYTES) BUG("too long a boundary");
    if (preference(text, "text/html") > 1000) BUG("more than wanted");
    struct str said = disposition_file_name(&a, text);
    if (!text_is_utf8(said) || said.len > HTTP_FILE_NAME_BYTES || str_has(said, STR("/"))) BUG("a bad file name");
    if (text_is_utf8(text) && file_name_clean(&a, text).len > HTTP_FILE_NAME_BYTES) BUG("too long a file name");
    (void)host_is_valid(text); /* must only not crash */
    arena_end(&a);
    return 0;
}
