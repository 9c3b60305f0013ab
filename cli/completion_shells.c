#include <string.h>

#include "cli/completion.h"

bool completion_write(const char *shell, struct text *text, struct error *error) {
  static const struct {
    const char *name;
    void (*write)(struct text *text);
  } shells[] = {{"bash", completion_bash}, {"zsh", completion_zsh}, {"fish", completion_fish}};
  for (size_t i = 0; i < sizeof shells / sizeof *shells; i++) {
    if (strcmp(shell, shells[i].name) != 0) continue;
    shells[i].write(text);
    return true;
  }
  return error_set(error, ERROR_USAGE, "completion: expected bash, zsh or fish, found '%s'", shell);
}
