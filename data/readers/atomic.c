#include "data/readers/atomic.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/readers/table_rows.h"
#include "data/readers/tables_reader.h"

static bool ends_in(const char *name, const char *ending) {
  const size_t length = strlen(name), size = strlen(ending);
  return length > size && strcmp(name + length - size, ending) == 0;
}

/* The one NAME.inter; its name without the ending. */
static bool find_name(const char *folder, char name[SOURCE_PATH], struct error *error) {
  if (folder[0] == '\0') {
    error_set(error, ERROR_DATA, "no folder of atomic files is named");
    return error_help(error, "name one in the experiment file (data.path) or by --data DIR");
  }
  DIR *entries = opendir(folder);
  size_t found = 0;
  if (entries == NULL) {
    return error_set(error, ERROR_DATA, "%s: cannot open the folder: %s", folder, strerror(errno));
  }
  for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
    if (!ends_in(entry->d_name, ".inter") || found++ > 0) continue;
    (void)snprintf(name, SOURCE_PATH, "%.*s", (int)(strlen(entry->d_name) - strlen(".inter")),
                   entry->d_name);
  }
  (void)closedir(entries);
  if (found == 1) return true;
  return error_set(error, ERROR_DATA,
                   found == 0 ? "%s: no atomic file NAME.inter with ratings"
                              : "%s: more than one file NAME.inter",
                   folder);
}

static bool set_file(struct source_table *table, const char *folder, const char *name,
                     const char *ending, struct error *error) {
  char file[SOURCE_PATH + 8];
  (void)snprintf(file, sizeof file, "%s%s", name, ending);
  if (strlen(file) >= sizeof table->path) {
    return error_set(error, ERROR_DATA, "%s: the name of a file is too long", folder);
  }
  char *path = file_join(folder, file, error);
  if (path == NULL) return false;
  memcpy(table->path, file, strlen(file) + 1);
  table->given = file_exists(path);
  free(path);
  if (table->delimiter[0] == '\0') memcpy(table->delimiter, "\t", 2);
  return true;
}

static void standard(char name[COLUMN_NAME], const char *text) {
  if (name[0] == '\0') memcpy(name, text, strlen(text) + 1);
}

static bool read_all(struct source_spec *spec, const char *folder, struct dataset *dataset,
                     struct error *error) {
  struct source_table *ratings = &spec->table[TABLE_RATINGS];
  char name[SOURCE_PATH] = "";
  if (!find_name(folder, name, error) || !set_file(ratings, folder, name, ".inter", error) ||
      !set_file(&spec->table[TABLE_USERS], folder, name, ".user", error) ||
      !set_file(&spec->table[TABLE_ITEMS], folder, name, ".item", error)) {
    return false;
  }
  standard(ratings->user, "user_id");
  standard(ratings->item, "item_id");
  standard(ratings->rating, "rating");
  standard(ratings->time, "timestamp");
  standard(spec->table[TABLE_USERS].key, ratings->user);
  standard(spec->table[TABLE_ITEMS].key, ratings->item);
  struct table_rows rows;
  char *path = file_join(folder, ratings->path, error);
  bool done = path != NULL && table_rows_open_file(&rows, path, ratings, true, error);
  if (path != NULL) {
    struct error ignored = {0};
    if (done && table_rows_find(&rows, ratings->time, &ignored) == SIZE_MAX) {
      ratings->time[0] = '\0';
    }
    table_rows_close(&rows);
  }
  free(path);
  return done && tables_read(spec, TABLES_ATOMIC, folder, dataset, error);
}

bool atomic_read(const struct source_spec *given, const char *folder, struct dataset *dataset,
                 struct error *error) {
  struct source_spec *spec = memory_array(1, sizeof *spec, error);
  if (spec == NULL) return false;
  if (given != NULL) *spec = *given;
  const bool done = read_all(spec, folder, dataset, error);
  free(spec);
  if (!done) dataset_clear(dataset);
  return done;
}
