/* Types of files by content, and names made safe: no bytes read outside, no type that the table does not have. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/text.h"
#include "dossier/file_type.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As it lies on the disk: containers are looked into at their end and at their folder. */
static void look(struct arena *a, struct str bytes)
{
    struct fail why;
    struct str type;
    fail_init(&why, a);
    AUTO_FD int fd = memfd_create("paper", MFD_CLOEXEC);
    if (fd < 0 || write(fd, bytes.at, bytes.len) != (ssize_t)bytes.len) abort();
    struct str head = str_part(bytes, 0, 512), path = str_format(a, "/proc/self/fd/%d", fd);
    if (file_type_look(head, path, &type, &why) != OK) return;
    if (str_eq(type, STR(CONTAINER_ZIP)) || str_eq(type, STR(CONTAINER_OLE)) ||
        file_type_is_shown(STR("text/html")) == 0)
        abort();
    if (str_starts(type, STR("application/vnd")) && file_type_is_shown(type)) abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    arena_init(&a, 16 << 20);
    struct str bytes = str_of((const char *)data, size);
    struct str type = file_type_of(bytes);
    (void)file_type_of_zip(bytes); /* only tried */
    (void)file_type_of_ole(bytes);
    if (str_eq(type, STR("text/html"))) abort();
    look(&a, bytes);
    struct str name = file_name_for(&a, bytes, type.len > 0 ? type : STR("application/pdf"));
    if (name.len == 0 || name.at[0] == '.' || !text_is_utf8(name) || str_has(name, STR("/"))) abort();
    return 0;
}
