#include "records/record_list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cores.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/thread_pool.h"

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

/* What is wrong with the files that were left out. */
struct damage {
  struct error faults; /* of all files, the first ERROR_SHOWN shown */
  size_t shown, files;
};

static void add_damage(const struct error *own, struct damage *damage) {
  damage->files++;
  if (damage->faults.kind == ERROR_NONE) {
    damage->faults = *own;
    damage->shown = own->faults;
    return;
  }
  damage->faults.faults += own->faults;
  if (damage->shown >= ERROR_SHOWN) return;
  error_help(&damage->faults, "%s", own->message);
  damage->shown += own->faults;
}

static void describe_damage(const struct damage *damage, size_t files, struct text *left_out) {
  if (damage->files == 0) return;
  text_add(left_out, "%s\n", damage->faults.message);
  if (damage->faults.faults > damage->shown) {
    text_add(left_out, "... and %zu more\n", damage->faults.faults - damage->shown);
  }
  text_add(left_out, "%zu of %zu records left out; 'crosslane sweep' trains such a trial again\n",
           damage->files, files);
}

/* --- files, some at a time on all cores --- */

enum { BATCH = 64 };

struct batch {
  const char *folder;
  char *const *name;
  struct record record[BATCH]; /* {0}: not read, for error[i] */
  struct error error[BATCH];
  bool read[BATCH];
};

static void read_item(void *context, size_t i) {
  struct batch *batch = context;
  batch->error[i] = (struct error){0};
  char *path = file_join(batch->folder, batch->name[i], &batch->error[i]);
  batch->read[i] = path != NULL && record_read(path, &batch->record[i], &batch->error[i]);
  free(path);
}

/* In their order; all are released, also after a fault. */
static bool visit_batch(struct batch *batch, size_t files, record_visit *visit, void *context,
                        struct damage *damage, struct error *error) {
  bool good = true;
  for (size_t i = 0; i < files; i++) {
    if (batch->read[i]) {
      good = good && visit(context, &batch->record[i], error);
      record_clear(&batch->record[i]);
    } else if (good && batch->error[i].kind == ERROR_DATA) {
      add_damage(&batch->error[i], damage);
    } else if (good) {
      *error = batch->error[i]; /* nothing is known of the file */
      good = false;
    }
  }
  return good;
}

static bool visit_all(struct batch *batch, const struct names *names, record_visit *visit,
                      void *context, struct damage *damage, struct error *error) {
  struct error alone; /* without threads it takes longer */
  const size_t cores = cores_usable(), most = cores < BATCH ? cores : BATCH;
  struct thread_pool *pool = names->count >= BATCH ? thread_pool_new(most, &alone) : NULL;
  bool good = true;
  for (size_t first = 0; good && first < names->count; first += BATCH) {
    const size_t left = names->count - first, files = left < BATCH ? left : BATCH;
    batch->name = names->name + first;
    thread_pool_run(pool, files, read_item, batch);
    good = visit_batch(batch, files, visit, context, damage, error);
  }
  thread_pool_free(pool);
  return good;
}

static bool visit_named(const char *folder, const struct names *names, record_visit *visit,
                        void *context, struct text *left_out, struct error *error) {
  struct damage damage = {0};
  struct batch *batch = memory_array(1, sizeof *batch, error);
  if (batch == NULL) return false;
  batch->folder = folder;
  const bool good = visit_all(batch, names, visit, context, &damage, error);
  if (good) describe_damage(&damage, names->count, left_out);
  free(batch);
  return good;
}

bool record_list_each(const char *run, record_visit *visit, void *context, struct text *left_out,
                      struct error *error) {
  *error = (struct error){0};
  struct names names = {0};
  char *folder = file_join(run, "trials", error);
  const bool good = folder != NULL && names_read(folder, &names, error) &&
                    visit_named(folder, &names, visit, context, left_out, error);
  names_clear(&names);
  free(folder);
  return good;
}

struct keeper {
  struct record_list *list;
  size_t room;
};

static bool keep(void *context, struct record *record, struct error *error) {
  struct keeper *keeper = context;
  struct record_list *list = keeper->list;
  if (list->count == keeper->room) {
    const size_t room = keeper->room * 2 + 64;
    struct record *grown = memory_grow(list->record, room, sizeof *grown, error);
    if (grown == NULL) return false;
    list->record = grown;
    keeper->room = room;
  }
  list->record[list->count++] = *record;
  *record = (struct record){0};
  return true;
}

bool record_list_read(const char *run, struct record_list *list, struct text *left_out,
                      struct error *error) {
  *list = (struct record_list){0};
  struct keeper keeper = {.list = list};
  const bool good = record_list_each(run, keep, &keeper, left_out, error);
  if (!good) record_list_clear(list);
  return good;
}

void record_list_clear(struct record_list *list) {
  for (size_t i = 0; i < list->count; i++) record_clear(&list->record[i]);
  free(list->record);
  *list = (struct record_list){0};
}
