/* Ratings of users and items of a data set. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "crosslane/catalog.h"
#include "library/model_parts.h"
#include "serving/last_times.h"
#include "serving/places.h"
#include "serving/recommend.h"

enum { PAIRS = 4096 }; /* at a time */

struct crosslane_catalog {
  const crosslane_model *model;
  pthread_mutex_t *lock;   /* a call works in the memory that `serving` has for it */
  struct serving *serving; /* of its own: ids have weights by what the data call them */
  size_t users, items;     /* of the data; those that they lack have places after them */
  int64_t *last_time;      /* [users and unknown ones] */
};

/* --- opening --- */

static bool open_data(crosslane_catalog *catalog, const char *folder, struct error *error) {
  const struct serving *model = &catalog->model->serving;
  const struct checkpoint_file *file = &model->saved.file;
  struct serving *serving = catalog->serving;
  if (folder == NULL && model->saved.config.data.source != SOURCE_SYNTHETIC) {
    return error_set(error, ERROR_USAGE, "the data set's folder is missing");
  }
  if (!serving_open_bytes(serving, file->name, file->map, file->size, model->kernels, error) ||
      !serving_read(serving, folder, error)) {
    return false;
  }
  catalog->users = serving->dataset.users;
  catalog->items = serving->dataset.items;
  return places_add_all(serving, error) && serving_prepare(serving, error) &&
         last_times_find(&serving->dataset, &catalog->last_time, error);
}

static bool open_catalog(crosslane_catalog *catalog, const char *folder, struct error *error) {
  catalog->serving = memory_array(1, sizeof *catalog->serving, error);
  if (catalog->serving == NULL) return false;
  pthread_mutex_t *lock = memory_array(1, sizeof *lock, error);
  if (lock == NULL) return false;
  if (pthread_mutex_init(lock, NULL) != 0) {
    free(lock);
    return error_set(error, ERROR_SYSTEM, "the system has no more locks");
  }
  catalog->lock = lock;
  return open_data(catalog, folder, error);
}

crosslane_catalog *crosslane_catalog_open(const crosslane_model *model, const char *folder,
                                          crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  crosslane_catalog *catalog = memory_array(1, sizeof *catalog, call.error);
  bool done = catalog != NULL;
  if (done) {
    catalog->model = model;
    done = open_catalog(catalog, folder, call.error);
  }
  (void)library_end(&call, done);
  if (done) return catalog;
  if (folder != NULL) library_name_file(error, folder);
  crosslane_catalog_free(catalog);
  return NULL;
}

void crosslane_catalog_free(crosslane_catalog *catalog) {
  if (catalog == NULL) return;
  if (catalog->lock != NULL) (void)pthread_mutex_destroy(catalog->lock);
  if (catalog->serving != NULL) serving_close(catalog->serving);
  free(catalog->lock);
  free(catalog->serving);
  free(catalog->last_time);
  free(catalog);
}

/* --- users and items --- */

size_t crosslane_catalog_users(const crosslane_catalog *catalog) {
  return catalog->users;
}

size_t crosslane_catalog_items(const crosslane_catalog *catalog) {
  return catalog->items;
}

static const char *id_at(const crosslane_catalog *catalog, enum column_side side, size_t i) {
  return words_text(dataset_ids(&catalog->serving->dataset, side), (uint32_t)i);
}

const char *crosslane_catalog_user(const crosslane_catalog *catalog, size_t i) {
  return i < catalog->users ? id_at(catalog, SIDE_USER, i) : NULL;
}

const char *crosslane_catalog_item(const crosslane_catalog *catalog, size_t i) {
  return i < catalog->items ? id_at(catalog, SIDE_ITEM, i) : NULL;
}

/* --- ratings --- */

struct pairs {
  const crosslane_catalog *catalog;
  size_t rows;
  const char *const *users, *const *items;
  const int64_t *times;
  bool probabilities;
  float *out;
};

static bool find_place(const struct pairs *pairs, enum column_side side, size_t row,
                       uint32_t *place, struct error *error) {
  const char *id = (side == SIDE_USER ? pairs->users : pairs->items)[row];
  *place = id != NULL ? places_find(pairs->catalog->serving, side, id, strlen(id)) : WORDS_NONE;
  if (*place != WORDS_NONE) return true;
  error_set(error, ERROR_USAGE, "row %zu: no %s is named", row + 1,
            side == SIDE_USER ? "user" : "item");
  error->line = row + 1;
  return false;
}

static bool find_pairs(const struct pairs *pairs, size_t first, size_t count,
                       struct serving_pair *pair, struct error *error) {
  for (size_t r = 0; r < count; r++) {
    const size_t row = first + r;
    if (!find_place(pairs, SIDE_USER, row, &pair[r].user, error) ||
        !find_place(pairs, SIDE_ITEM, row, &pair[r].item, error)) {
      return false;
    }
    pair[r].time =
        pairs->times != NULL ? pairs->times[row] : pairs->catalog->last_time[pair[r].user];
  }
  return true;
}

static bool predict_pairs(const struct pairs *pairs, struct serving_pair *pair,
                          struct error *error) {
  struct serving *serving = pairs->catalog->serving;
  const size_t levels = serving_levels(serving)->count;
  for (size_t first = 0; first < pairs->rows; first += PAIRS) {
    const size_t left = pairs->rows - first, count = left < PAIRS ? left : PAIRS;
    if (!find_pairs(pairs, first, count, pair, error)) return false;
    if (!(pairs->probabilities
              ? serving_pair_probabilities(serving, pair, count, pairs->out + first * levels, error)
              : serving_predict_pairs(serving, pair, count, pairs->out + first, error))) {
      return false;
    }
  }
  return true;
}

static int answer(const struct pairs *pairs, crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  const crosslane_catalog *catalog = pairs->catalog;
  struct serving_pair *pair = memory_array(PAIRS, sizeof *pair, call.error);
  bool done = pair != NULL;
  if (done && pairs->probabilities && crosslane_model_levels(catalog->model) == 0) {
    done = error_set(call.error, ERROR_USAGE,
                     "a linear head has no probabilities: train with head: ordinal");
  }
  if (done) {
    (void)pthread_mutex_lock(catalog->lock);
    done = predict_pairs(pairs, pair, call.error);
    (void)pthread_mutex_unlock(catalog->lock);
  }
  free(pair);
  return library_end(&call, done);
}

int crosslane_predict_pairs(const crosslane_catalog *catalog, size_t rows, const char *const *users,
                            const char *const *items, const int64_t *times, float *out,
                            crosslane_error *error) {
  return answer(&(struct pairs){.catalog = catalog,
                                .rows = rows,
                                .users = users,
                                .items = items,
                                .times = times,
                                .out = out},
                error);
}

int crosslane_probabilities_pairs(const crosslane_catalog *catalog, size_t rows,
                                  const char *const *users, const char *const *items,
                                  const int64_t *times, float *out, crosslane_error *error) {
  return answer(&(struct pairs){.catalog = catalog,
                                .rows = rows,
                                .users = users,
                                .items = items,
                                .times = times,
                                .probabilities = true,
                                .out = out},
                error);
}

int crosslane_catalog_top(const crosslane_catalog *catalog, const char *user, size_t most,
                          const char **items, float *ratings, size_t *found,
                          crosslane_error *error) {
  struct library_call call;
  struct recommendation best;
  library_begin(&call, error);
  *found = 0;
  if (user == NULL) {
    return library_end(&call, error_set(call.error, ERROR_USAGE, "no user is named"));
  }
  (void)pthread_mutex_lock(catalog->lock);
  const bool done = recommend(catalog->serving, user, NULL, most, &best, call.error);
  (void)pthread_mutex_unlock(catalog->lock);
  for (; done && *found < best.count; ++*found) {
    items[*found] = id_at(catalog, SIDE_ITEM, best.film[*found].item);
    ratings[*found] = best.film[*found].prediction;
  }
  if (done) recommendation_clear(&best);
  return library_end(&call, done);
}
