#include "data/dataset.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "data/names.h"

static uint64_t extend_text(uint64_t digest, const char *text) {
  return digest_extend(digest, text, strlen(text) + 1);
}

static uint64_t extend_count(uint64_t digest, size_t count) {
  uint64_t wide = count;
  return digest_extend(digest, &wide, sizeof wide);
}

static uint64_t digest_rows(uint64_t digest, const struct dataset *dataset) {
  size_t n = dataset->ratings;
  digest = extend_count(digest, n);
  digest = digest_extend(digest, dataset->row_user, n * sizeof *dataset->row_user);
  digest = digest_extend(digest, dataset->row_item, n * sizeof *dataset->row_item);
  digest = digest_floats(digest, dataset->row_rating, n);
  return digest_extend(digest, dataset->row_time, n * sizeof *dataset->row_time);
}

static uint64_t digest_names(uint64_t digest, char *const *names, size_t count) {
  digest = extend_count(digest, count);
  for (size_t i = 0; i < count; i++) digest = extend_text(digest, names[i]);
  return digest;
}

uint64_t dataset_digest(const struct dataset *dataset) {
  uint64_t digest = digest_rows(0, dataset);
  digest = extend_count(digest, dataset->users);
  for (size_t i = 0; i < dataset->users; i++) {
    const struct user *user = &dataset->user[i];
    uint32_t fields[] = {user->id, user->age, user->gender, user->occupation};
    digest = extend_text(digest_extend(digest, fields, sizeof fields), user->zip);
  }
  digest = extend_count(digest, dataset->items);
  for (size_t i = 0; i < dataset->items; i++) {
    const struct item *item = &dataset->item[i];
    uint32_t fields[] = {item->id, item->genres, item->first_genre, (uint32_t)item->release_year};
    digest = extend_text(digest_extend(digest, fields, sizeof fields), item->title);
  }
  digest = digest_names(digest, dataset->genre_names, dataset->genres);
  return digest_names(digest, dataset->occupation_names, dataset->occupations);
}

void dataset_clear(struct dataset *dataset) {
  free(dataset->row_user);
  free(dataset->row_item);
  free(dataset->row_rating);
  free(dataset->row_time);
  for (size_t i = 0; i < dataset->items; i++) free(dataset->item[i].title);
  free(dataset->user);
  free(dataset->item);
  names_free(dataset->genre_names, dataset->genres);
  names_free(dataset->occupation_names, dataset->occupations);
  *dataset = (struct dataset){0};
}
