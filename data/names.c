#include "data/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct named {
  char *name;
  uint32_t place;
};

static int by_name(const void *a, const void *b) {
  const struct named *left = a, *right = b;
  return strcmp(left->name, right->name);
}

bool names_sort(char **names, size_t count, uint32_t *code_of, struct error *error) {
  struct named *named = memory_array(count, sizeof *named, error);
  if (named == NULL) return false;
  for (size_t i = 0; i < count; i++) named[i] = (struct named){names[i], (uint32_t)i};
  qsort(named, count, sizeof *named, by_name);
  for (size_t i = 0; i < count; i++) {
    names[i] = named[i].name;
    code_of[named[i].place] = (uint32_t)i;
  }
  free(named);
  return true;
}

char **names_copy(const char *const *names, size_t count, struct error *error) {
  char **copy = memory_array(count, sizeof *copy, error);
  if (copy == NULL) return NULL;
  for (size_t i = 0; i < count; i++) {
    copy[i] = memory_text(names[i], error);
    if (copy[i] != NULL) continue;
    names_free(copy, i);
    return NULL;
  }
  return copy;
}

void names_free(char **names, size_t count) {
  for (size_t i = 0; names != NULL && i < count; i++) free(names[i]);
  free(names);
}
