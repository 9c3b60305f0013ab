/* u.data and the fold files: user, item, rating, time, separated by tabs. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/readers/movielens_files.h"

/* The last second of the year 9999: times in milliseconds are beyond it. */
#define TIME_MAX UINT64_C(253402300799)

/* The record with this id among `count` of `size` bytes, ascending by id,
 * which each begins with. */
static bool find_id(const void *records, size_t size, size_t count, uint32_t id, uint32_t *index) {
  size_t low = 0, high = count;
  size_t probe = id - 1; /* ids without gaps, as GroupLens has them: found at once */
  while (low < high) {
    if (probe < low || probe >= high) probe = low + (high - low) / 2;
    uint32_t found;
    memcpy(&found, (const char *)records + probe * size, sizeof found);
    if (found == id) {
      *index = (uint32_t)probe;
      return true;
    }
    if (found < id)
      low = probe + 1;
    else
      high = probe;
    probe = low + (high - low) / 2;
  }
  return false;
}

static bool find_user(const struct dataset *dataset, uint32_t id, uint32_t *index) {
  return find_id(dataset->user, sizeof *dataset->user, dataset->users, id, index);
}

static bool find_item(const struct dataset *dataset, uint32_t id, uint32_t *index) {
  return find_id(dataset->item, sizeof *dataset->item, dataset->items, id, index);
}

bool movielens_rating_line(const struct lines *lines, struct span line,
                           const struct dataset *dataset, struct rating_line *rating,
                           struct error *error) {
  struct span field[4];
  if (!lines_split(lines, line, '\t', 4, field, "user id, film id, rating, time", error)) {
    return false;
  }
  uint64_t user = 0, item = 0, stars = 0, time = 0;
  bool good = lines_number(lines, field[0], "user id", 1, UINT32_MAX, &user, error);
  if (good && !find_user(dataset, (uint32_t)user, &rating->user)) {
    good = lines_fault(lines, error, "user %u is not in u.user", (uint32_t)user);
  }
  bool item_good = lines_number(lines, field[1], "film id", 1, UINT32_MAX, &item, error);
  if (item_good && !find_item(dataset, (uint32_t)item, &rating->item)) {
    item_good = lines_fault(lines, error, "film %u is not in u.item", (uint32_t)item);
  }
  bool rating_good = lines_number(lines, field[2], "rating", 1, 5, &stars, error);
  bool time_good = lines_number(lines, field[3], "time", 0, TIME_MAX, &time, error);
  rating->rating = (uint32_t)stars;
  rating->time = (int64_t)time;
  return good && item_good && rating_good && time_good;
}

static bool prepare(struct dataset *dataset, size_t rows, struct key_index *index,
                    struct error *error) {
  if (!key_index_init(index, rows, error)) return false;
  dataset->row_user = memory_array(rows, sizeof *dataset->row_user, error);
  if (dataset->row_user == NULL) return false;
  dataset->row_item = memory_array(rows, sizeof *dataset->row_item, error);
  if (dataset->row_item == NULL) return false;
  dataset->row_rating = memory_array(rows, sizeof *dataset->row_rating, error);
  if (dataset->row_rating == NULL) return false;
  dataset->row_time = memory_array(rows, sizeof *dataset->row_time, error);
  return dataset->row_time != NULL;
}

/* Row r is line r + 1. A faulty line keeps its row, with a user that no line
 * can name: the set is refused, but its folds may still be checked. */
static void read_rows(struct lines *lines, struct dataset *dataset, struct key_index *index,
                      struct error *error) {
  struct span line;
  struct rating_line rating;
  memset(dataset->row_user, 0xff, lines->count * sizeof *dataset->row_user);
  while (lines_next(lines, &line, error)) {
    if (!movielens_rating_line(lines, line, dataset, &rating, error)) continue;
    size_t row = lines->line - 1;
    uint32_t earlier =
        key_index_add(index, key_index_pair(rating.user, rating.item), (uint32_t)row);
    if (earlier != KEY_INDEX_NONE) {
      lines_fault(lines, error, "user %u rates film %u in line %u already",
                  dataset->user[rating.user].id, dataset->item[rating.item].id, earlier + 1);
    }
    dataset->row_user[row] = rating.user;
    dataset->row_item[row] = rating.item;
    dataset->row_rating[row] = (float)rating.rating;
    dataset->row_time[row] = rating.time;
  }
  dataset->ratings = lines->line;
}

bool movielens_ratings(const char *folder, struct dataset *dataset, struct error *error) {
  struct lines lines;
  if (!lines_open(&lines, folder, "u.data", error)) return false;
  struct key_index index = {0};
  if (prepare(dataset, lines.count, &index, error)) read_rows(&lines, dataset, &index, error);
  key_index_clear(&index);
  lines_close(&lines);
  return error_faults_done(error);
}

bool movielens_row_index(const struct dataset *dataset, struct key_index *index,
                         struct error *error) {
  if (!key_index_init(index, dataset->ratings, error)) return false;
  for (size_t row = 0; row < dataset->ratings; row++) {
    uint64_t key = key_index_pair(dataset->row_user[row], dataset->row_item[row]);
    (void)key_index_add(index, key, (uint32_t)row);
  }
  return true;
}

static void take_row(const struct lines *lines, const struct dataset *dataset,
                     const struct key_index *index, const struct rating_line *rating, bool *taken,
                     struct error *error) {
  uint32_t user = dataset->user[rating->user].id, item = dataset->item[rating->item].id;
  uint32_t row = key_index_find(index, key_index_pair(rating->user, rating->item));
  if (row == KEY_INDEX_NONE) {
    lines_fault(lines, error, "u.data has no rating of film %u by user %u", item, user);
  } else if (dataset->row_rating[row] != (float)rating->rating ||
             dataset->row_time[row] != rating->time) {
    lines_fault(lines, error,
                "u.data (line %u) has rating %d and time %lld for user %u and film %u", row + 1,
                (int)dataset->row_rating[row], (long long)dataset->row_time[row], user, item);
  } else if (taken[row]) {
    lines_fault(lines, error, "user %u and film %u stand in the file already", user, item);
  } else {
    taken[row] = true;
  }
}

bool movielens_fold_file(const struct dataset *dataset, const struct key_index *index,
                         const char *folder, const char *name, bool *taken, size_t *count,
                         struct error *error) {
  struct lines lines;
  if (!lines_open(&lines, folder, name, error)) return false;
  struct span line;
  struct rating_line rating;
  while (lines_next(&lines, &line, error)) {
    if (!movielens_rating_line(&lines, line, dataset, &rating, error)) continue;
    take_row(&lines, dataset, index, &rating, taken, error);
  }
  *count = lines.line; /* each line is a row of its own, or there was a fault */
  lines_close(&lines);
  return error_faults_done(error);
}
