/* What an experiment's folder is called. */
#include <string.h>

#include "config/trial_config.h"

static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

static bool is_plain(char byte) {
  return byte != '\0' && strchr(plain, byte) != NULL;
}

bool config_folder(const char *name, char folder[CONFIG_NAME]) {
  size_t length = 0;
  bool between = false;
  for (; *name != '\0'; name++) {
    const bool kept = is_plain(*name) || strchr("._-", *name) != NULL;
    if (!kept || (length == 0 && !is_plain(*name))) {
      between = length > 0;
      continue;
    }
    if (between && length + 2 < CONFIG_NAME) folder[length++] = '-';
    between = false;
    if (length + 1 < CONFIG_NAME) folder[length++] = *name;
  }
  folder[length] = '\0';
  return length > 0;
}
