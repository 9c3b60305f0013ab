/* A MovieLens folder (files as in fuzz_write_files): read, with its folds. */
#include "data/readers/movielens.h"
#include "tests/fuzz/fuzz.h"

bool fuzz_one(const uint8_t *bytes, size_t size) {
  struct dataset dataset = {0};
  struct error error = {0};
  fuzz_write_files(bytes, size);
  if (!movielens_read(fuzz_folder(), &dataset, &error)) return false;
  const struct split_spec spec = {
      .method = SPLIT_GIVEN_FOLDS, .validation = 0.1, .folds = 2, .fold = {"u1", "ua"}};
  struct folds folds = {0};
  const bool sound = movielens_folds(&dataset, fuzz_folder(), &spec, &folds, &error);
  if (sound) folds_clear(&folds);
  dataset_clear(&dataset);
  return sound;
}
