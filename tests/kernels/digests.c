#include "tests/kernels/digests.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"

/* What follows the name and a space, to the end of its line; or NULL. */
static const char *behind_name(const char *text, const char *name) {
  size_t length = strlen(name);
  for (const char *line = text; line != NULL && *line != '\0';) {
    if (strncmp(line, name, length) == 0 && line[length] == ' ') return line + length + 1;
    const char *end = strchr(line, '\n');
    line = end != NULL ? end + 1 : NULL;
  }
  return NULL;
}

bool digests_find(const char *text, const char *name, char *digest, size_t size) {
  const char *value = behind_name(text, name);
  if (value == NULL) return false;
  (void)snprintf(digest, size, "%.*s", (int)strcspn(value, "\n"), value);
  return true;
}

bool digests_name(const char *text, const char *kernel) {
  return behind_name(text, kernel) != NULL;
}

bool digests_write(const char *path, const char (*names)[DIGEST_NAME], const uint64_t *digests,
                   size_t count, struct error *error) {
  struct text out = {0};
  text_add(&out,
           "# The outputs of every kernel over all cases of tests/kernels, the same on every\n"
           "# instruction set. Written by: kernels_test --isa scalar --write-digests FILE\n"
           "# (a line with a SLEEF version holds for that version only).\n");
  for (size_t i = 0; i < count; i++) {
    char digest[DIGEST_TEXT];
    digest_text(digests[i], digest);
    text_add(&out, "%s %s\n", names[i], digest);
  }
  bool done = !out.failed && file_write_atomic(path, out.text, out.length, error);
  text_clear(&out);
  return done;
}
