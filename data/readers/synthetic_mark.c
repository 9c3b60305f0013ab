#include "data/readers/synthetic_mark.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_parse.h"
#include "base/memory.h"
#include "base/text.h"
#include "data/words.h"

void synthetic_mark_add(struct synthetic_mark *mark, uint32_t user, uint32_t item, float rating) {
  if (mark->rows == SYNTHETIC_MARK_CHUNK) (void)synthetic_mark_digest(mark);
  mark->row[mark->rows++] = (struct synthetic_mark_row){user, item, rating};
}

uint64_t synthetic_mark_digest(struct synthetic_mark *mark) {
  mark->digest = digest_extend(mark->digest, mark->row, mark->rows * sizeof *mark->row);
  mark->rows = 0;
  return mark->digest;
}

static uint32_t *keys_of(const struct words *ids, struct error *error) {
  uint32_t *keys = memory_array(ids->count, sizeof *keys, error);
  for (uint32_t i = 0; keys != NULL && i < ids->count; i++) keys[i] = words_key(ids, i);
  return keys;
}

static bool digest_of(const struct dataset *dataset, uint64_t *digest, struct error *error) {
  struct synthetic_mark *mark = memory_array(1, sizeof *mark, error);
  uint32_t *users = keys_of(&dataset->user_ids, error), *items = keys_of(&dataset->item_ids, error);
  const bool done = mark != NULL && users != NULL && items != NULL;
  for (size_t row = 0; done && row < dataset->ratings; row++) {
    synthetic_mark_add(mark, users[dataset->row_user[row]], items[dataset->row_item[row]],
                       dataset->row_rating[row]);
  }
  if (done) *digest = synthetic_mark_digest(mark);
  free(mark);
  free(users);
  free(items);
  return done;
}

static bool check_digest(const char *path, const char *digest, const struct dataset *dataset,
                         struct error *error) {
  uint64_t found;
  char shown[DIGEST_TEXT];
  if (!digest_of(dataset, &found, error)) return false;
  digest_text(found, shown);
  if (strcmp(digest, shown) == 0) return true;
  error_at(error, ERROR_DATA, path, 0, 0,
           "marks generated data with digest %s, but the ratings beside it have %s", digest, shown);
  return error_help(error, "generate the data anew, or remove the mark if they are not generated");
}

static bool parse_mark(const char *path, const char *bytes, size_t size, struct dataset *dataset,
                       struct error *error) {
  json_t *root = json_parse(bytes, size, path, error);
  if (root == NULL) return false;
  json_error_t fault;
  double mse = 0.0;
  const char *digest = NULL;
  bool done = json_unpack_ex(root, &fault, 0, "{s:F, s:s}", "irreducible_mse", &mse, "digest",
                             &digest) == 0;
  if (!done) error_at(error, ERROR_DATA, path, 0, 0, "%s", fault.text);
  done = done && check_digest(path, digest, dataset, error);
  if (done) {
    dataset->synthetic = true;
    dataset->irreducible_mse = mse;
    (void)snprintf(dataset->name, sizeof dataset->name, "synthetic");
  }
  json_decref(root);
  return done;
}

bool synthetic_mark_read(const char *folder, struct dataset *dataset, struct error *error) {
  dataset->irreducible_mse = (double)NAN;
  char *path = file_join(folder, SYNTHETIC_MARK, error);
  if (path == NULL) return false;
  bool done = true;
  if (file_exists(path)) {
    size_t size = 0;
    char *bytes = file_read(path, FILE_MOST_TEXT, &size, ERROR_DATA, error);
    done = bytes != NULL && parse_mark(path, bytes, size, dataset, error);
    free(bytes);
  }
  free(path);
  return done;
}

bool synthetic_mark_write(const char *folder, double irreducible_mse, uint64_t digest,
                          struct error *error) {
  char mse[TEXT_DOUBLE], shown[DIGEST_TEXT];
  text_from_double(irreducible_mse, mse);
  digest_text(digest, shown);
  struct text json = {0};
  text_add(&json, "{\"generator\": \"crosslane data synth\", \"irreducible_mse\": %s, ", mse);
  text_add(&json, "\"digest\": \"%s\"}\n", shown);
  char *path = file_join(folder, SYNTHETIC_MARK, error);
  bool done = path != NULL;
  if (done && json.failed) done = error_set(error, ERROR_SYSTEM, "out of memory");
  if (done) done = file_write_atomic(path, json.text, json.length, error);
  free(path);
  text_clear(&json);
  return done;
}

bool synthetic_mark_write_for(const char *folder, const struct dataset *dataset,
                              struct error *error) {
  uint64_t digest;
  return digest_of(dataset, &digest, error) &&
         synthetic_mark_write(folder, dataset->irreducible_mse, digest, error);
}
