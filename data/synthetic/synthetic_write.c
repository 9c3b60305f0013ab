#include "data/synthetic/synthetic_write.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "data/readers/synthetic_mark.h"
#include "data/synthetic/synthetic_files.h"

bool synthetic_form_has_halves(enum synthetic_form form) {
  return form != SYNTHETIC_100K && form != SYNTHETIC_1M;
}

/* --- the folder --- */

/* The files by which a reader knows a form; "*" stands for any name. */
static const struct {
  const char *file;
  enum synthetic_form form;
} known[] = {{"u.data", SYNTHETIC_100K},    {"ratings.dat", SYNTHETIC_1M},
             {"movies.csv", SYNTHETIC_25M}, {"items.csv", SYNTHETIC_CSV},
             {"*.inter", SYNTHETIC_ATOMIC}, {SYNTHETIC_DATABASE, SYNTHETIC_SQLITE},
             {"ratings.csv", SYNTHETIC_25M}};
enum { KNOWN = sizeof known / sizeof *known };

static bool matches(const char *name, const char *file) {
  if (file[0] != '*') return strcmp(name, file) == 0;
  const size_t length = strlen(name), size = strlen(file + 1);
  return length > size && strcmp(name + length - size, file + 1) == 0;
}

/* Of both forms that have ratings.csv, the other file tells which one it is. */
static bool is_of(size_t file, enum synthetic_form form) {
  return known[file].form == form || (file == KNOWN - 1 && form == SYNTHETIC_CSV);
}

static bool refuse(const char *folder, const char *name, const char *what, struct error *error) {
  error_set(error, ERROR_DATA, "%s: already holds data %s: %s", folder, what, name);
  return error_help(error, "choose another folder");
}

static bool check_entry(const char *folder, const char *name, bool marked, enum synthetic_form form,
                        struct error *error) {
  for (size_t i = 0; i < KNOWN; i++) {
    if (!matches(name, known[i].file)) continue;
    if (!marked) return refuse(folder, name, "that were not generated", error);
    if (!is_of(i, form)) return refuse(folder, name, "of another form", error);
  }
  return true;
}

bool synthetic_folder(const char *folder, enum synthetic_form form, struct error *error) {
  if (!file_make_folders(folder, error)) return false;
  char *mark = file_join(folder, SYNTHETIC_MARK, error);
  if (mark == NULL) return false;
  const bool marked = file_exists(mark);
  free(mark);
  DIR *entries = opendir(folder);
  if (entries == NULL) return error_system(error, errno, "%s: cannot list", folder);
  bool good = true;
  for (struct dirent *entry; good && (entry = readdir(entries)) != NULL;) {
    good = check_entry(folder, entry->d_name, marked, form, error);
  }
  (void)closedir(entries);
  return good && file_remove_temporaries(folder, error);
}

/* Atomic files are called as their folder is: RecBole wants it so. */
static void name_of(const char *folder, char *name, size_t room) {
  size_t length = strlen(folder);
  while (length > 0 && folder[length - 1] == '/') length--;
  size_t begin = length;
  while (begin > 0 && folder[begin - 1] != '/') begin--;
  length -= begin;
  const bool plain = length > 0 && length < room && folder[begin] != '.';
  memcpy(name, plain ? folder + begin : "synthetic", plain ? length : sizeof "synthetic");
  if (plain) name[length] = '\0';
}

/* --- what is drawn --- */

struct writing {
  enum synthetic_form form;
  struct synthetic_mark mark;
  struct synthetic_texts texts;
  struct synthetic_database database;
};

static bool write_owner(void *to, enum column_side side, const char *id, const char *const *cell,
                        struct error *error) {
  struct writing *writing = to;
  if (writing->form == SYNTHETIC_SQLITE) {
    return synthetic_database_owner(&writing->database, side, id, cell, error);
  }
  synthetic_texts_owner(&writing->texts, side, id, cell);
  return true;
}

/* Of users and items the mark has the number that their id writes. */
static bool write_rating(void *to, uint32_t user, uint32_t item, float rating, int64_t time,
                         struct error *error) {
  struct writing *writing = to;
  synthetic_mark_add(&writing->mark, user + 1, item + 1, rating);
  if (writing->form == SYNTHETIC_SQLITE) {
    return synthetic_database_rating(&writing->database, user, item, rating, time, error);
  }
  synthetic_texts_rating(&writing->texts, user, item, rating, time);
  return true;
}

static bool open_files(struct writing *writing, const char *folder, struct error *error) {
  char name[256];
  if (writing->form == SYNTHETIC_SQLITE) {
    return synthetic_database_open(&writing->database, folder, error);
  }
  name_of(folder, name, sizeof name);
  return synthetic_texts_open(&writing->texts, writing->form, folder, name, error);
}

/* The mark before the data: no moment has new data without it. */
static bool finish_files(struct writing *writing, const char *folder, double irreducible_mse,
                         struct error *error) {
  const bool database = writing->form == SYNTHETIC_SQLITE;
  const uint64_t digest = synthetic_mark_digest(&writing->mark);
  return (database ? synthetic_database_end(&writing->database, error)
                   : synthetic_texts_end(&writing->texts, error)) &&
         synthetic_mark_write(folder, irreducible_mse, digest, error) &&
         (database ? synthetic_database_commit(&writing->database, error)
                   : synthetic_texts_commit(&writing->texts, error));
}

bool synthetic_write(const struct synthetic_spec *spec, enum synthetic_form form, bool half_stars,
                     const char *folder, double *irreducible_mse, struct error *error) {
  struct writing *writing = memory_array(1, sizeof *writing, error);
  if (writing == NULL) return false;
  writing->form = form;
  const struct synthetic_sink sink = {writing, write_owner, write_rating};
  const bool done = open_files(writing, folder, error) &&
                    synthetic_draw(spec, half_stars, &sink, irreducible_mse, error) &&
                    finish_files(writing, folder, *irreducible_mse, error);
  synthetic_texts_clear(&writing->texts);
  synthetic_database_clear(&writing->database);
  free(writing);
  return done;
}
