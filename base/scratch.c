#include "base/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"

char *scratch_make(struct error *error) {
  const char *base = getenv("TMPDIR");
  char *path =
      file_join(base != NULL && base[0] != '\0' ? base : "/tmp", "crosslane-XXXXXX", error);
  if (path == NULL || mkdtemp(path) != NULL) return path;
  error_system(error, errno, "cannot make a temporary folder like %s", path);
  error_help(error, "the variable TMPDIR names another place");
  free(path);
  return NULL;
}

void scratch_remove(char *folder) {
  DIR *entries = folder != NULL ? opendir(folder) : NULL;
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    (void)unlinkat(dirfd(entries), entry->d_name, 0); /* . and .. are folders: not removed */
  }
  if (entries != NULL) (void)closedir(entries);
  if (folder != NULL) (void)rmdir(folder);
  free(folder);
}
