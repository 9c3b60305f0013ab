#include "tests/kernels/digests.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

bool digests_find(const char *text, const char *kernel, char *digest, size_t size) {
  size_t length = strlen(kernel);
  for (const char *line = text; line != NULL && *line != '\0';) {
    const char *end = strchr(line, '\n');
    if (strncmp(line, kernel, length) == 0 && line[length] == ' ') {
      const char *value = line + length + 1;
      size_t count = end != NULL ? (size_t)(end - value) : strlen(value);
      (void)snprintf(digest, size, "%.*s", (int)count, value);
      return true;
    }
    line = end != NULL ? end + 1 : NULL;
  }
  return false;
}

bool digests_write(const char *path, const char *const *kernels, const uint64_t *digests,
                   size_t count, struct error *error) {
  struct text out = {0};
  text_add(&out,
           "# The outputs of every kernel over all cases of tests/kernels, the same on every\n"
           "# instruction set. Written by: kernels_test --isa scalar --write-digests FILE\n");
  for (size_t i = 0; i < count; i++) {
    char digest[DIGEST_TEXT];
    digest_text(digests[i], digest);
    text_add(&out, "%s %s\n", kernels[i], digest);
  }
  bool done = !out.failed && file_write_atomic(path, out.text, out.length, error);
  text_clear(&out);
  return done;
}
