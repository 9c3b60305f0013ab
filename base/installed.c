#include "base/installed.h"

#include <string.h>
#include <unistd.h>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

/* The folder of this executable, with its final '/'. */
static bool own_folder(char folder[INSTALLED_PATH]) {
#if defined(__APPLE__)
  uint32_t room = INSTALLED_PATH;
  if (_NSGetExecutablePath(folder, &room) != 0) return false;
#else
  ssize_t length = readlink("/proc/self/exe", folder, INSTALLED_PATH - 1);
  if (length < 0) return false;
  folder[length] = '\0';
#endif
  char *slash = strrchr(folder, '/');
  if (slash == NULL) return false;
  slash[1] = '\0';
  return true;
}

bool installed_find(const char *place, char path[INSTALLED_PATH]) {
  if (!own_folder(path)) return false;
  char *end = path + strlen(path);
  /* "/usr/bin/" and "../share/x": "/usr/share/x" reads better. */
  while (strncmp(place, "../", 3) == 0 && end - path > 1) {
    *--end = '\0';
    end = strrchr(path, '/') + 1;
    place += 3;
  }
  const size_t size = strlen(place) + 1;
  if (size > INSTALLED_PATH - (size_t)(end - path)) return false;
  memcpy(end, place, size);
  return access(path, F_OK) == 0;
}
