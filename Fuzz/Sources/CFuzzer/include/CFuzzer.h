#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's own loop; the library comes with the compiler's -sanitize=fuzzer.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
