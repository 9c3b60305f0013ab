#include "model/train_rows.h"

#include <stdlib.h>

#include "base/memory.h"

static bool prepare_part(const struct train_rows *all, const struct dataset *dataset,
                         const uint32_t *rows, size_t count, enum encoded_part kind,
                         struct train_part *part, struct error *error) {
  if (!encoding_apply_merged(&all->encoding, dataset, rows, count, kind, &part->rows, error)) {
    return false;
  }
  part->of_kinds = memory_array(part->rows.kinds, sizeof *part->of_kinds, error);
  return part->of_kinds != NULL;
}

bool train_rows_init(struct train_rows *all, const struct train_request *request,
                     const struct split *split, struct error *error) {
  const struct dataset *dataset = request->dataset;
  struct encoding_spec spec;
  *all = (struct train_rows){0};
  model_encoding_spec(request->model, request->fit_all, request->seed, &spec);
  if (!encoding_fit(request->features, &spec, split, &all->encoding, error)) return false;
  const uint32_t *rows = split->rows;
  const uint32_t *validation = rows + split->train, *test = validation + split->validation;
  return prepare_part(all, dataset, rows, split->train, ENCODED_TRAINING, &all->train, error) &&
         prepare_part(all, dataset, validation, split->validation, ENCODED_OTHERS, &all->validation,
                      error) &&
         prepare_part(all, dataset, test, split->test, ENCODED_OTHERS, &all->test, error);
}

static void part_clear(struct train_part *part) {
  encoded_rows_clear(&part->rows);
  free(part->of_kinds);
}

void train_rows_clear(struct train_rows *rows) {
  encoding_clear(&rows->encoding);
  part_clear(&rows->train);
  part_clear(&rows->validation);
  part_clear(&rows->test);
  *rows = (struct train_rows){0};
}
