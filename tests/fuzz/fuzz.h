/* What the targets share. Each target_*.c has fuzz_one alone: it must come back
 * from any bytes, without a crash, a leak or a long wait. */
#ifndef CROSSLANE_TESTS_FUZZ_FUZZ_H
#define CROSSLANE_TESTS_FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the input was sound: it was read whole, and all was done with it. */
bool fuzz_one(const uint8_t *bytes, size_t size);

/* A folder of this process, in memory where there is /dev/shm, removed at its end. */
const char *fuzz_folder(void);

/* Writes FOLDER/name, and its folder; the path, which stays valid until the next
 * call. A file of that name is replaced. */
const char *fuzz_write(const char *name, const uint8_t *bytes, size_t size);

/* Several files in one input: a line "=== NAME" begins each. Names may have one
 * folder and no "..". Other files than these are removed from FOLDER first. */
void fuzz_write_files(const uint8_t *bytes, size_t size);

#endif
