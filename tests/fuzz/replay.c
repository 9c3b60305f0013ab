/* A target without libFuzzer: tries each of the files and of the folders' files
 * once. Those after --sound must be: fuzzing that begins with inputs which are
 * refused at their first line comes no further. Exit status 1: one was not; 2:
 * there was none. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tests/fuzz/fuzz.h"

static bool sound;
static int tried, refused;

static void try_file(const char *path) {
  struct error error = {0};
  size_t size;
  char *bytes = file_read(path, FILE_MOST_JSON, &size, ERROR_DATA, &error);
  if (bytes == NULL) {
    (void)fprintf(stderr, "%s\n", error.message);
    exit(2);
  }
  (void)fprintf(stderr, "%s\n", path);
  /* Of its own size, so that the sanitizers see a read beyond it. */
  uint8_t *exact = malloc(size > 0 ? size : 1);
  if (exact == NULL) exit(2);
  memcpy(exact, bytes, size);
  free(bytes);
  const bool taken = fuzz_one(exact, size);
  free(exact);
  tried++;
  if (!sound || taken) return;
  refused++;
  (void)fprintf(stderr, "%s: is refused\n", path);
}

static void try_folder(const char *path) {
  DIR *entries = opendir(path);
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    struct error error = {0};
    if (entry->d_name[0] == '.') continue;
    char *file = file_join(path, entry->d_name, &error);
    if (file == NULL) exit(2);
    try_file(file);
    free(file);
  }
  if (entries != NULL) (void)closedir(entries);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--sound") == 0) {
      sound = true;
    } else if (file_is_folder(argv[i])) {
      try_folder(argv[i]);
    } else {
      try_file(argv[i]);
    }
  }
  (void)printf("%d inputs, %d refused\n", tried, refused);
  if (tried == 0) return 2;
  return refused > 0 ? 1 : 0;
}
