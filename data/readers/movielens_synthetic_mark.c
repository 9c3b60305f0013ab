/* The marker file of generated data. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_parse.h"
#include "base/text.h"
#include "data/readers/movielens_files.h"

static bool parse_marker(const char *path, const char *bytes, size_t size, struct dataset *dataset,
                         struct error *error) {
  json_t *root = json_parse(bytes, size, path, error);
  if (root == NULL) return false;
  json_error_t fault;
  double mse = 0.0;
  const char *digest = NULL;
  char expected[DIGEST_TEXT];
  bool done = json_unpack_ex(root, &fault, 0, "{s:F, s:s}", "irreducible_mse", &mse, "digest",
                             &digest) == 0;
  digest_text(dataset->digest, expected);
  if (!done) {
    error_at(error, ERROR_DATA, path, 0, 0, "%s", fault.text);
  } else if (strcmp(digest, expected) != 0) {
    done = error_at(error, ERROR_DATA, path, 0, 0,
                    "marks generated data with digest %s, but the files beside it have %s", digest,
                    expected);
    error_help(error, "generate the folder anew, or remove the marker if they are not generated");
  } else {
    dataset->synthetic = true;
    dataset->irreducible_mse = mse;
  }
  json_decref(root);
  return done;
}

static void set_name(struct dataset *dataset) {
  const char *name = "ml-100k-format";
  if (dataset->synthetic)
    name = "synthetic";
  else if (dataset->digest == MOVIELENS_100K_DIGEST)
    name = "ml-100k";
  (void)snprintf(dataset->name, sizeof dataset->name, "%s", name);
}

bool movielens_read_synthetic_mark(const char *folder, struct dataset *dataset,
                                   struct error *error) {
  dataset->irreducible_mse = (double)NAN;
  char *path = file_join(folder, MOVIELENS_SYNTHETIC_MARK, error);
  if (path == NULL) return false;
  bool done = true;
  if (file_exists(path)) {
    size_t size = 0;
    char *bytes = file_read(path, FILE_MOST_TEXT, &size, ERROR_DATA, error);
    done = bytes != NULL && parse_marker(path, bytes, size, dataset, error);
    free(bytes);
  }
  free(path);
  if (done) set_name(dataset);
  return done;
}

bool movielens_write_synthetic_mark(const char *folder, const struct dataset *dataset,
                                    struct error *error) {
  char mse[TEXT_DOUBLE], digest[DIGEST_TEXT];
  text_from_double(dataset->irreducible_mse, mse);
  digest_text(dataset->digest, digest);
  struct text json = {0};
  text_add(&json, "{\"generator\": \"crosslane data synth\", \"irreducible_mse\": %s, ", mse);
  text_add(&json, "\"digest\": \"%s\"}\n", digest);
  char *path = file_join(folder, MOVIELENS_SYNTHETIC_MARK, error);
  bool done = path != NULL;
  if (done && json.failed) done = error_set(error, ERROR_SYSTEM, "out of memory");
  if (done) done = file_write_atomic(path, json.text, json.length, error);
  free(path);
  text_clear(&json);
  return done;
}
