/* Types of files by content, and names made safe: no bytes read outside, no type that the table does not have. */
#include <stdlib.h>

#include "base/auto.h"
#include "base/text.h"
#include "dossier/file_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 16 << 20);
    struct str bytes = str_of((const char *)data, size);
    struct str type = file_type_of(bytes);
    (void)file_type_of_zip(bytes); /* only tried */
    (void)file_type_of_ole(bytes);
    if (str_eq(type, STR("text/html"))) abort();
    uint64_t folder = file_type_ole_folder(bytes);
    if (folder > 0 && folder < 512) abort();
    struct str name = file_name_for(&a, bytes, type.len > 0 ? type : STR("application/pdf"));
    if (name.len == 0 || name.at[0] == '.' || !text_is_utf8(name) || str_has(name, STR("/"))) abort();
    return 0;
}
