/* A target without libFuzzer: tries each of the files and of the folders' files
 * once. Exit status 2: there was none. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tests/fuzz/fuzz.h"

static int try_file(const char *path) {
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
  fuzz_one(exact, size);
  free(exact);
  return 1;
}

static int try_folder(const char *path) {
  int tried = 0;
  DIR *entries = opendir(path);
  for (struct dirent *entry; entries != NULL && (entry = readdir(entries)) != NULL;) {
    struct error error = {0};
    if (entry->d_name[0] == '.') continue;
    char *file = file_join(path, entry->d_name, &error);
    if (file == NULL) exit(2);
    tried += try_file(file);
    free(file);
  }
  if (entries != NULL) (void)closedir(entries);
  return tried;
}

int main(int argc, char **argv) {
  int tried = 0;
  for (int i = 1; i < argc; i++) {
    tried += file_is_folder(argv[i]) ? try_folder(argv[i]) : try_file(argv[i]);
  }
  (void)printf("%d inputs\n", tried);
  return tried > 0 ? 0 : 2;
}
