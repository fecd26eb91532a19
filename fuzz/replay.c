/* Runs a fuzz target once for each input, without a fuzzer: what `make fuzz-cover` measures, and how a crash is looked
 * at with gdb. Arguments are files and folders of files. */
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

enum { REPLAY_INPUT_BYTES = 1 << 20, REPLAY_OPEN_FOLDERS = 8 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path, const struct stat *st, int kind)
{
    static uint8_t input[REPLAY_INPUT_BYTES];
    if (kind != FTW_F || st->st_size > REPLAY_INPUT_BYTES) return 0;
    FILE *file = fopen(path, "re");
    if (!file) return 1;
    size_t size = fread(input, 1, sizeof input, file);
    (void)fclose(file); /* it was only read */
    return LLVMFuzzerTestOneInput(input, size);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (ftw(argv[i], replay, REPLAY_OPEN_FOLDERS) == 0) continue;
        (void)fprintf(stderr, "%s cannot be read\n", argv[i]);
        return 1;
    }
    return 0;
}
