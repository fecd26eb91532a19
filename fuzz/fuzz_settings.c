/* DIR/motcua.conf as somebody writes it: refused with a sentence, or every value is within what its row allows and the
 * text that is set is a part of the file. */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "app/settings.h"
#include "base/auto.h"
#include "base/language.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena a;
    struct fail why;
    struct settings s = {0};
    arena_init(&a, 64 << 20);
    fail_init(&why, &a);
    int fd = memfd_create("settings", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size) abort();
    struct str text = str_of((const char *)data, size);
    if (settings_load(&a, str_format(&a, "/proc/self/fd/%d", fd), &s, &why) == OK) {
        for (int i = 0; i < SETTING_COUNT; i++) {
            if (s.number[i] < 0) BUG("a setting below nothing");
            if (s.origin[i] == ORIGIN_FILE && !str_has(text, s.text[i])) BUG("a value that nobody wrote");
        }
    } else if (fail_sentence(&a, ENGLISH, &why).len == 0) {
        BUG("refused without a word");
    }
    close(fd);
    return 0;
}
