#include "serving/new_user.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/dataset_extend.h"

static int64_t last_time(const struct dataset *dataset) {
  int64_t last = INT64_MIN;
  for (size_t row = 0; dataset->row_time != NULL && row < dataset->ratings; row++) {
    if (dataset->row_time[row] > last) last = dataset->row_time[row];
  }
  return last;
}

/* "242:5": the rating follows the last colon. */
static bool add_entry(struct dataset *dataset, const char *begin, const char *end, int64_t time,
                      struct error *error) {
  const char *colon = end;
  while (colon > begin && *colon != ':') colon--;
  double rating;
  const int length = (int)(end - begin);
  if (colon == begin || !text_double(colon + 1, end, &rating)) {
    return error_set(error, ERROR_USAGE, "--rated: expected ITEM:RATING, found '%.*s'",
                     length < 60 ? length : 60, begin);
  }
  const uint32_t item = words_find(&dataset->item_ids, begin, (size_t)(colon - begin));
  if (item == WORDS_NONE) {
    return error_set(error, ERROR_USAGE, "--rated: the data have no item '%.*s'",
                     (int)(colon - begin), begin);
  }
  const size_t rows = dataset->ratings;
  for (size_t row = rows; row-- > 0 && dataset->row_user[row] + 1 == dataset->users;) {
    if (dataset->row_item[row] != item) continue;
    return error_set(error, ERROR_USAGE, "--rated: item '%.*s' stands twice", (int)(colon - begin),
                     begin);
  }
  return dataset_extend_rating(dataset, item, (float)rating, time, error);
}

static bool add_entries(struct dataset *dataset, const char *text, struct error *error) {
  const int64_t time = last_time(dataset);
  while (*text != '\0') {
    const size_t length = strcspn(text, ",\r\n");
    if (length > 0 && !add_entry(dataset, text, text + length, time, error)) return false;
    text += length + (text[length] != '\0');
  }
  return true;
}

static bool add_ratings(struct dataset *dataset, const char *rated, struct error *error) {
  const size_t before = dataset->ratings;
  size_t size;
  bool done;
  if (file_exists(rated)) {
    char *text = file_read(rated, FILE_MOST_TEXT, &size, ERROR_DATA, error);
    done = text != NULL && add_entries(dataset, text, error);
    free(text);
  } else {
    done = add_entries(dataset, rated, error);
  }
  if (!done || dataset->ratings > before) return done;
  return error_set(error, ERROR_USAGE, "--rated: expected ITEM:RATING, found nothing");
}

static bool set_value(struct dataset *dataset, const char *setting, struct error *error) {
  const char *equals = strchr(setting, '=');
  char name[COLUMN_NAME] = "";
  if (equals == NULL || equals == setting || equals - setting >= COLUMN_NAME) {
    return error_set(error, ERROR_USAGE, "--set %.80s: expected COLUMN=VALUE", setting);
  }
  memcpy(name, setting, (size_t)(equals - setting));
  return dataset_extend_value(dataset, name, equals + 1, error);
}

/* The new rows train too: of all data, or after the training rows. */
static bool extend_split(struct serving *serving, size_t before, struct error *error) {
  struct split *split = &serving->split;
  const size_t added = serving->dataset.ratings - before;
  if (!serving->same) return true;
  const size_t rows = split->train + split->validation + split->test;
  uint32_t *grown = memory_grow(split->rows, rows + added, sizeof *grown, error);
  if (grown == NULL) return false;
  split->rows = grown;
  memmove(grown + split->train + added, grown + split->train,
          (split->validation + split->test) * sizeof *grown);
  for (size_t i = 0; i < added; i++) grown[split->train + i] = (uint32_t)(before + i);
  split->train += added;
  return true;
}

/* Where a mean counts as many more ratings. */
#define SHRINKAGE 5.0

/* The mean rating of an item by the others; of one that nobody else rated, of all. */
static double mean_of_others(const struct dataset *dataset, size_t before, uint32_t item,
                             double mean) {
  double sum = 0;
  size_t count = 0;
  for (size_t row = 0; row < before; row++) {
    if (dataset->row_item[row] != item) continue;
    sum += (double)dataset->row_rating[row];
    count++;
  }
  return count > 0 ? sum / (double)count : mean;
}

static double mean_rating(const struct dataset *dataset, size_t before) {
  double sum = 0;
  for (size_t row = 0; row < before; row++) sum += (double)dataset->row_rating[row];
  return before > 0 ? sum / (double)before : 0;
}

static bool set_level(struct serving *serving, size_t before, struct error *error) {
  const struct dataset *dataset = &serving->dataset;
  const size_t count = dataset->ratings - before;
  struct serving_pair *pair = memory_array(count, sizeof *pair, error);
  float *prediction = memory_array(count, sizeof *prediction, error);
  const double all = mean_rating(dataset, before);
  const int64_t time = last_time(dataset);
  double level = 0, own = 0;
  bool done = pair != NULL && prediction != NULL;
  for (size_t i = 0; done && i < count; i++) {
    pair[i] =
        (struct serving_pair){(uint32_t)dataset->users - 1, dataset->row_item[before + i], time};
  }
  done = done && serving_predict_pairs(serving, pair, count, prediction, error);
  for (size_t i = 0; done && i < count; i++) {
    const double others = mean_of_others(dataset, before, pair[i].item, all);
    level += others - (double)prediction[i];
    own += (double)dataset->row_rating[before + i] - others;
  }
  const double n = (double)count;
  if (done) serving->shift = (float)(level / n + own / n * n / (n + SHRINKAGE));
  free(pair);
  free(prediction);
  return done;
}

/* By the scale of the model, which is known once it is there. */
static bool check_ratings(const struct serving *serving, size_t before, struct error *error) {
  const struct rating_scale scale = serving->models.member[0].scale;
  const struct dataset *dataset = &serving->dataset;
  for (size_t row = before; row < dataset->ratings; row++) {
    const float rating = dataset->row_rating[row];
    if (rating >= scale.least && rating <= scale.most) continue;
    return error_set(error, ERROR_USAGE, "--rated %.60s:%g: ratings go from %g to %g",
                     words_text(&dataset->item_ids, dataset->row_item[row]), (double)rating,
                     (double)scale.least, (double)scale.most);
  }
  return true;
}

bool new_user_prepare(struct serving *serving, const char *rated, const char *const *set,
                      size_t count, struct error *error) {
  struct dataset *dataset = &serving->dataset;
  const size_t before = dataset->ratings;
  if (!dataset_extend_owner(dataset, SIDE_USER, "new user", error) ||
      !add_ratings(dataset, rated, error)) {
    return false;
  }
  for (size_t i = 0; i < count; i++) {
    if (!set_value(dataset, set[i], error)) return false;
  }
  return extend_split(serving, before, error) && serving_prepare(serving, error) &&
         check_ratings(serving, before, error) && set_level(serving, before, error);
}
