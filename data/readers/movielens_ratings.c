/* u.data and the fold files: user, item, rating, time, separated by tabs. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/readers/movielens_files.h"

/* The last second of the year 9999: times in milliseconds are beyond it. */
#define TIME_MAX UINT64_C(253402300799)

uint32_t movielens_find_built(const void *builder, enum column_side side, const char *id,
                              size_t length) {
  const struct dataset_builder *from = builder;
  return words_builder_find(&from->ids[side], id, length);
}

uint32_t movielens_find_read(const void *dataset, enum column_side side, const char *id,
                             size_t length) {
  const struct dataset *from = dataset;
  return words_find(side == SIDE_USER ? &from->user_ids : &from->item_ids, id, length);
}

static uint32_t find(const struct movielens_ids *ids, enum column_side side, struct span id) {
  return ids->find(ids->of, side, id.begin, (size_t)(id.end - id.begin));
}

bool movielens_rating_line(const struct lines *lines, struct span line,
                           const struct movielens_ids *ids, struct rating_line *rating,
                           struct error *error) {
  struct span field[4];
  if (!lines_split(lines, line, '\t', 4, field, "user id, film id, rating, time", error)) {
    return false;
  }
  uint64_t user = 0, item = 0, stars = 0, time = 0;
  bool good = lines_number(lines, field[0], "user id", 1, UINT32_MAX, &user, error);
  rating->user = good ? find(ids, SIDE_USER, field[0]) : WORDS_NONE;
  if (good && rating->user == WORDS_NONE) {
    good = lines_fault(lines, error, "user %u is not in u.user", (uint32_t)user);
  }
  bool item_good = lines_number(lines, field[1], "film id", 1, UINT32_MAX, &item, error);
  rating->item = item_good ? find(ids, SIDE_ITEM, field[1]) : WORDS_NONE;
  if (item_good && rating->item == WORDS_NONE) {
    item_good = lines_fault(lines, error, "film %u is not in u.item", (uint32_t)item);
  }
  bool rating_good = lines_number(lines, field[2], "rating", 1, 5, &stars, error);
  bool time_good = lines_number(lines, field[3], "time", 0, TIME_MAX, &time, error);
  rating->rating = (uint32_t)stars;
  rating->time = (int64_t)time;
  return good && item_good && rating_good && time_good;
}

/* Row r is line r + 1, as long as there is no fault. */
static bool read_row(const struct lines *lines, struct span line, const struct movielens_ids *ids,
                     struct key_index *index, struct dataset_builder *builder,
                     struct error *error) {
  struct rating_line rating;
  if (!movielens_rating_line(lines, line, ids, &rating, error)) return true;
  const uint32_t earlier =
      key_index_add(index, key_index_pair(rating.user, rating.item), (uint32_t)(lines->line - 1));
  if (earlier != KEY_INDEX_NONE) {
    lines_fault(lines, error, "user %s rates film %s in line %u already",
                words_text(&builder->ids[SIDE_USER].words, rating.user),
                words_text(&builder->ids[SIDE_ITEM].words, rating.item), earlier + 1);
    return true;
  }
  return dataset_builder_add_rating(builder, rating.user, rating.item, (float)rating.rating,
                                    rating.time, error);
}

bool movielens_ratings(const char *folder, struct dataset_builder *builder, struct error *error) {
  struct lines lines;
  const struct movielens_ids ids = {movielens_find_built, builder};
  builder->times = true;
  if (!lines_open(&lines, folder, "u.data", error)) return false;
  struct key_index index = {0};
  if (key_index_init(&index, lines.count, error)) {
    struct span line;
    while (lines_next(&lines, &line, error) &&
           read_row(&lines, line, &ids, &index, builder, error)) {
    }
  }
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
  const char *user = words_text(&dataset->user_ids, rating->user);
  const char *item = words_text(&dataset->item_ids, rating->item);
  uint32_t row = key_index_find(index, key_index_pair(rating->user, rating->item));
  if (row == KEY_INDEX_NONE) {
    lines_fault(lines, error, "u.data has no rating of film %s by user %s", item, user);
  } else if (dataset->row_rating[row] != (float)rating->rating ||
             dataset->row_time[row] != rating->time) {
    lines_fault(lines, error,
                "u.data (line %u) has rating %d and time %lld for user %s and film %s", row + 1,
                (int)dataset->row_rating[row], (long long)dataset->row_time[row], user, item);
  } else if (taken[row]) {
    lines_fault(lines, error, "user %s and film %s stand in the file already", user, item);
  } else {
    taken[row] = true;
  }
}

bool movielens_fold_file(const struct dataset *dataset, const struct key_index *index,
                         const char *folder, const char *name, bool *taken, size_t *count,
                         struct error *error) {
  struct lines lines;
  const struct movielens_ids ids = {movielens_find_read, dataset};
  if (!lines_open(&lines, folder, name, error)) return false;
  struct span line;
  struct rating_line rating;
  while (lines_next(&lines, &line, error)) {
    if (!movielens_rating_line(&lines, line, &ids, &rating, error)) continue;
    take_row(&lines, dataset, index, &rating, taken, error);
  }
  *count = lines.line; /* each line is a row of its own, or there was a fault */
  lines_close(&lines);
  return error_faults_done(error);
}
