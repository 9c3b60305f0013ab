#include "records/record_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

struct names {
  size_t count, room;
  char **name;
};

static bool is_record(const char *name) {
  size_t length = strlen(name), suffix = strlen(".json");
  return name[0] != '.' && length > suffix && strcmp(name + length - suffix, ".json") == 0;
}

static bool names_add(struct names *names, const char *name, struct error *error) {
  if (names->count == names->room) {
    size_t room = names->room * 2 + 64;
    char **grown = memory_grow(names->name, room, sizeof *grown, error);
    if (grown == NULL) return false;
    names->name = grown;
    names->room = room;
  }
  char *copy = memory_text(name, error);
  if (copy == NULL) return false;
  names->name[names->count++] = copy;
  return true;
}

static void names_clear(struct names *names) {
  for (size_t i = 0; i < names->count; i++) free(names->name[i]);
  free(names->name);
}

static int by_bytes(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool names_read(const char *folder, struct names *names, struct error *error) {
  DIR *entries = opendir(folder);
  if (entries == NULL) return error_system(error, errno, "%s: cannot list", folder);
  bool good = true;
  for (struct dirent *entry; good && (entry = readdir(entries)) != NULL;) {
    if (is_record(entry->d_name)) good = names_add(names, entry->d_name, error);
  }
  (void)closedir(entries);
  if (names->count > 0) qsort(names->name, names->count, sizeof *names->name, by_bytes);
  return good;
}

/* Further faults than ERROR_SHOWN are counted and not shown. */
static void add_faults(const struct error *own, struct error *faults, size_t *shown) {
  if (faults->kind == ERROR_NONE) {
    *faults = *own;
    *shown = own->faults;
    return;
  }
  faults->faults += own->faults;
  if (*shown >= ERROR_SHOWN) return;
  error_help(faults, "%s", own->message);
  *shown += own->faults;
}

static bool read_named(const char *folder, const struct names *names, struct record_list *list,
                       struct error *error) {
  list->record = memory_array(names->count, sizeof *list->record, error);
  if (list->record == NULL) return false;
  size_t shown = 0;
  for (size_t i = 0; i < names->count; i++) {
    struct error own = {0};
    char *path = file_join(folder, names->name[i], &own);
    if (path != NULL && record_read(path, &list->record[list->count], &own)) {
      list->count++;
    } else {
      add_faults(&own, error, &shown);
    }
    free(path);
  }
  if (error->faults > shown) error_help(error, "... and %zu more", error->faults - shown);
  if (error->kind != ERROR_NONE) {
    error_help(error, "move such a file away; the next sweep trains its trial again");
  }
  return error->kind == ERROR_NONE;
}

bool record_list_read(const char *run, struct record_list *list, struct error *error) {
  *error = (struct error){0};
  *list = (struct record_list){0};
  struct names names = {0};
  char *folder = file_join(run, "trials", error);
  bool good = folder != NULL && names_read(folder, &names, error) &&
              read_named(folder, &names, list, error);
  names_clear(&names);
  free(folder);
  if (!good) record_list_clear(list);
  return good;
}

void record_list_clear(struct record_list *list) {
  for (size_t i = 0; i < list->count; i++) record_clear(&list->record[i]);
  free(list->record);
  *list = (struct record_list){0};
}
