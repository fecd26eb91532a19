/* One input from standard input for a fuzz target: what AFL++ runs where clang's libFuzzer cannot. */
#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(void)
{
    static uint8_t input[1 << 20];
    size_t size = fread(input, 1, sizeof input, stdin);
    return LLVMFuzzerTestOneInput(input, size);
}
