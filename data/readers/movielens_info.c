#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "data/readers/movielens_files.h"
#include "data/readers/synthetic_mark.h"

/* "943 users": the number before `word` in u.info; false without such a line. */
static bool counted(const char *text, const char *word, uint64_t *count) {
  for (const char *line = text; line != NULL && *line != '\0';) {
    const char *blank = line + strcspn(line, " \n");
    bool named = *blank == ' ' && strncmp(blank + 1, word, strlen(word)) == 0;
    if (named && text_u64(line, blank, count)) return true;
    line = strchr(line, '\n');
    if (line != NULL) line++;
  }
  return false;
}

bool movielens_check_counts(const char *folder, const struct dataset *dataset,
                            struct error *error) {
  const struct {
    const char *word, *file;
    size_t found;
  } counts[] = {{"users", "u.user", dataset->users},
                {"items", "u.item", dataset->items},
                {"ratings", "u.data", dataset->ratings}};
  char *path = file_join(folder, "u.info", error);
  if (path == NULL) return false;
  if (!file_exists(path)) {
    free(path);
    return true;
  }
  size_t size;
  char *text = file_read(path, FILE_MOST_TEXT, &size, ERROR_DATA, error);
  bool good = text != NULL;
  for (size_t i = 0; good && i < sizeof counts / sizeof *counts; i++) {
    uint64_t expected;
    if (!counted(text, counts[i].word, &expected) || expected == counts[i].found) continue;
    good = error_set(error, ERROR_DATA, "%s/%s: %zu %s, u.info counts %llu: was the file cut off?",
                     folder, counts[i].file, counts[i].found, counts[i].word,
                     (unsigned long long)expected);
  }
  free(text);
  free(path);
  return good;
}

bool movielens_origin(const char *folder, struct dataset *dataset, struct error *error) {
  if (!synthetic_mark_read(folder, dataset, error)) return false;
  if (dataset->synthetic) return true;
  const bool original = dataset->digest == MOVIELENS_100K_DIGEST;
  (void)snprintf(dataset->name, sizeof dataset->name, "%s",
                 original ? "ml-100k" : "ml-100k-format");
  return true;
}
