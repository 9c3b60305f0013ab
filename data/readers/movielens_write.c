/* A data set as a MovieLens 100K folder. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/column_values.h"
#include "data/readers/movielens.h"
#include "data/readers/movielens_files.h"
#include "data/readers/movielens_names.h"
#include "data/readers/synthetic_mark.h"
#include "data/split.h"
#include "data/times.h"

static bool write_text(const char *folder, const char *name, struct text *text,
                       struct error *error) {
  char *path = file_join(folder, name, error);
  bool done = path != NULL;
  if (done && text->failed) done = error_set(error, ERROR_SYSTEM, "out of memory");
  if (done) {
    const char *bytes = text->text != NULL ? text->text : "";
    done = file_write_atomic(path, bytes, text->length, error);
  }
  free(path);
  text_clear(text);
  return done;
}

static void add_row(struct text *text, const struct dataset *dataset, size_t row) {
  text_add(text, "%s\t%s\t%d\t%lld\n", words_text(&dataset->user_ids, dataset->row_user[row]),
           words_text(&dataset->item_ids, dataset->row_item[row]), (int)dataset->row_rating[row],
           (long long)dataset->row_time[row]);
}

/* The rows of `order` with taken[row] == which; `order` NULL: the data's own. */
static bool write_rows(const char *folder, const char *name, const struct dataset *dataset,
                       const uint32_t *order, const bool *taken, bool which, struct error *error) {
  struct text text = {0};
  for (size_t i = 0; i < dataset->ratings; i++) {
    size_t row = order != NULL ? order[i] : i;
    if (taken == NULL || taken[row] == which) add_row(&text, dataset, row);
  }
  return write_text(folder, name, &text, error);
}

/* The columns that the format has. */
struct shape {
  const struct column_values *age, *gender, *occupation, *zip, *title, *date, *genres;
};

static bool find_values(const struct dataset *dataset, const char *name, enum column_kind kind,
                        const struct column_values **values, struct error *error) {
  const struct column *column = dataset_column(dataset, name);
  if (column == NULL || column->kind != kind || column->values == NULL) {
    return error_set(error, ERROR_DATA, "the data have no %s '%s', which MovieLens 100K has",
                     column_kind_name(kind), name);
  }
  *values = column->values;
  return true;
}

static bool find_shape(const struct dataset *dataset, struct shape *shape, struct error *error) {
  return find_values(dataset, "age", COLUMN_NUMBER, &shape->age, error) &&
         find_values(dataset, "gender", COLUMN_CATEGORY, &shape->gender, error) &&
         find_values(dataset, "occupation", COLUMN_CATEGORY, &shape->occupation, error) &&
         find_values(dataset, "zip", COLUMN_CATEGORY, &shape->zip, error) &&
         find_values(dataset, "title", COLUMN_CATEGORY, &shape->title, error) &&
         find_values(dataset, "release_date", COLUMN_NUMBER, &shape->date, error) &&
         find_values(dataset, "genres", COLUMN_MULTI_HOT, &shape->genres, error);
}

static const char *word_of(const struct column_values *values, size_t place) {
  return words_text(&values->words, values->code[place]);
}

static bool write_users(const char *folder, const struct dataset *dataset,
                        const struct shape *shape, struct error *error) {
  struct text text = {0};
  for (size_t i = 0; i < dataset->users; i++) {
    text_add(&text, "%s|%u|%s|%s|%s\n", words_text(&dataset->user_ids, (uint32_t)i),
             (unsigned)shape->age->number[i], word_of(shape->gender, i),
             word_of(shape->occupation, i), word_of(shape->zip, i));
  }
  return write_text(folder, "u.user", &text, error);
}

/* "01-Jan-1995"; nothing where it is not known. */
static void add_date(struct text *text, double days) {
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int64_t year;
  unsigned month, day;
  if (isnan(days)) return;
  times_date((int64_t)floor(days), &year, &month, &day);
  text_add(text, "%02u-%s-%lld", day, months[month - 1], (long long)year);
}

/* Latin-1 has U+0000 to U+00FF only, and '|' ends a field. */
static bool add_title(struct text *text, const struct dataset *dataset, const struct shape *shape,
                      size_t item, struct error *error) {
  const unsigned char *at = (const unsigned char *)word_of(shape->title, item);
  while (*at != 0) {
    unsigned letter = *at++;
    if (letter >= 0xc2 && letter <= 0xc3 && (*at & 0xc0u) == 0x80) {
      letter = (letter & 0x1fu) << 6 | (*at++ & 0x3fu);
    } else if (letter >= 0x80 || letter < 0x20 || letter == '|') {
      return error_set(error, ERROR_DATA, "film %s: its title cannot be written as Latin-1",
                       words_text(&dataset->item_ids, (uint32_t)item));
    }
    char byte = (char)letter;
    text_add_bytes(text, &byte, 1);
  }
  return true;
}

static bool has_genre(const struct column_values *genres, size_t item, uint32_t genre) {
  for (uint32_t k = genres->offset[item]; k < genres->offset[item + 1]; k++) {
    if (genres->entry[k] == genre) return true;
  }
  return false;
}

static bool write_items(const char *folder, const struct dataset *dataset,
                        const struct shape *shape, const uint32_t *flags, struct error *error) {
  struct text text = {0};
  for (size_t i = 0; i < dataset->items; i++) {
    text_add(&text, "%s|", words_text(&dataset->item_ids, (uint32_t)i));
    if (!add_title(&text, dataset, shape, i, error)) {
      text_clear(&text);
      return false;
    }
    text_add(&text, "|");
    add_date(&text, shape->date->number[i]);
    text_add(&text, "||");
    for (uint32_t f = 0; f < shape->genres->words.count; f++) {
      text_add(&text, "|%d", has_genre(shape->genres, i, flags[f]) ? 1 : 0);
    }
    text_add(&text, "\n");
  }
  return write_text(folder, "u.item", &text, error);
}

/* An order of flags in which each film's first genre is the first of its
 * genres: GroupLens' ("unknown", then alphabetical) where the films allow it.
 * A genre may come once no film needs another genre before it. */
static bool flag_order(const struct column_values *genres, uint32_t *flags, struct error *error) {
  uint32_t needs[MOVIELENS_GENRES_MAX] = {0}; /* bit g: genre g must come before */
  const uint32_t count = genres->words.count;
  if (count > MOVIELENS_GENRES_MAX) {
    return error_set(error, ERROR_DATA, "%u genres are more than the %d that the format has", count,
                     MOVIELENS_GENRES_MAX);
  }
  for (size_t i = 0; i < genres->places; i++) {
    for (uint32_t k = genres->offset[i]; k < genres->offset[i + 1]; k++) {
      const uint32_t g = genres->entry[k];
      if (g != genres->first[i]) needs[g] |= UINT32_C(1) << genres->first[i];
    }
  }
  uint32_t placed = 0;
  for (uint32_t f = 0; f < count; f++) {
    uint32_t best = count;
    for (uint32_t g = count; g-- > 0;) {
      bool free_now = (placed >> g & 1) == 0 && (needs[g] & ~placed) == 0;
      bool unknown_kept =
          best < count && strcmp(words_text(&genres->words, best), movielens_genre_names[0]) == 0;
      if (free_now && !unknown_kept) best = g;
    }
    if (best == count) {
      return error_set(error, ERROR_DATA,
                       "the films' first genres follow from no order of the genres");
    }
    flags[f] = best;
    placed |= UINT32_C(1) << best;
  }
  return true;
}

static bool write_names(const char *folder, const struct dataset *dataset,
                        const struct shape *shape, const uint32_t *flags, struct error *error) {
  struct text genres = {0}, occupations = {0}, info = {0};
  for (uint32_t f = 0; f < shape->genres->words.count; f++) {
    text_add(&genres, "%s|%u\n", words_text(&shape->genres->words, flags[f]), f);
  }
  for (uint32_t i = 0; i < shape->occupation->words.count; i++) {
    text_add(&occupations, "%s\n", words_text(&shape->occupation->words, i));
  }
  text_add(&info, "%zu users\n%zu items\n%zu ratings\n", dataset->users, dataset->items,
           dataset->ratings);
  bool written_genres = write_text(folder, "u.genre", &genres, error);
  bool written_occupations = write_text(folder, "u.occupation", &occupations, error);
  bool written_info = write_text(folder, "u.info", &info, error);
  return written_genres && written_occupations && written_info;
}

struct keyed_row {
  uint64_t key;
  uint32_t row;
};

static int by_key(const void *a, const void *b) {
  const struct keyed_row *left = a, *right = b;
  return (left->key > right->key) - (left->key < right->key);
}

/* Rows by user, then by film: indices and ids ascend together. */
static uint32_t *sorted_rows(const struct dataset *dataset, struct error *error) {
  struct keyed_row *keyed = memory_array(dataset->ratings, sizeof *keyed, error);
  uint32_t *order = keyed != NULL ? memory_array(dataset->ratings, sizeof *order, error) : NULL;
  if (order != NULL) {
    for (size_t row = 0; row < dataset->ratings; row++) {
      keyed[row].key = key_index_pair(dataset->row_user[row], dataset->row_item[row]);
      keyed[row].row = (uint32_t)row;
    }
    qsort(keyed, dataset->ratings, sizeof *keyed, by_key);
    for (size_t i = 0; i < dataset->ratings; i++) order[i] = keyed[i].row;
  }
  free(keyed);
  return order;
}

/* Of other data that were in the folder. */
static bool remove_file(const char *folder, const char *name, struct error *error) {
  char *path = file_join(folder, name, error);
  if (path == NULL) return false;
  const bool gone = unlink(path) == 0 || errno == ENOENT;
  if (!gone) error_system(error, errno, "%s: cannot remove", path);
  free(path);
  return gone;
}

/* A fold that tests on no rating, or on all of them, is none. */
static bool write_fold(const char *folder, const struct dataset *dataset, const uint32_t *order,
                       const char *name, struct error *error) {
  struct fold fold;
  char base[SPLIT_FOLD_NAME + 8], test[SPLIT_FOLD_NAME + 8];
  if (!fold_make(dataset, name, &fold, error)) return false;
  (void)snprintf(base, sizeof base, "%s.base", name);
  (void)snprintf(test, sizeof test, "%s.test", name);
  if (fold.count == 0 || fold.count == dataset->ratings) {
    free(fold.rows);
    return remove_file(folder, base, error) && remove_file(folder, test, error);
  }
  bool *taken = memory_array(dataset->ratings, sizeof *taken, error);
  bool done = taken != NULL;
  for (size_t i = 0; done && i < fold.count; i++) taken[fold.rows[i]] = true;
  done = done && write_rows(folder, base, dataset, order, taken, false, error) &&
         write_rows(folder, test, dataset, order, taken, true, error);
  free(taken);
  free(fold.rows);
  return done;
}

static bool write_folds(const char *folder, const struct dataset *dataset, struct error *error) {
  uint32_t *order = sorted_rows(dataset, error);
  bool done = order != NULL;
  for (size_t i = 0; done && i < sizeof fold_names / sizeof *fold_names; i++) {
    done = write_fold(folder, dataset, order, fold_names[i], error);
  }
  free(order);
  return done;
}

static bool write_marker(const char *folder, const struct dataset *dataset, struct error *error) {
  if (dataset->synthetic) return synthetic_mark_write_for(folder, dataset, error);
  return remove_file(folder, SYNTHETIC_MARK, error);
}

bool movielens_write(const struct dataset *dataset, const char *folder, struct error *error) {
  uint32_t flags[MOVIELENS_GENRES_MAX];
  struct shape shape = {0};
  return find_shape(dataset, &shape, error) && flag_order(shape.genres, flags, error) &&
         file_make_folders(folder, error) && write_marker(folder, dataset, error) &&
         write_names(folder, dataset, &shape, flags, error) &&
         write_users(folder, dataset, &shape, error) &&
         write_items(folder, dataset, &shape, flags, error) &&
         write_rows(folder, "u.data", dataset, NULL, NULL, false, error) &&
         write_folds(folder, dataset, error);
}
