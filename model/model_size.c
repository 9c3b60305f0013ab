/* What a model reads, and how large it is, before any training. */
#include <string.h>

#include "model/train.h"
#include "model/train_memory.h"
#include "model/wide_deep.h"

void model_encoding_spec(const struct model_spec *model, bool fit_all, uint64_t seed,
                         struct encoding_spec *spec) {
  *spec = (struct encoding_spec){.fit_all = fit_all,
                                 .crosses = model->crosses,
                                 .hash_buckets = model->hash_buckets,
                                 .rating_levels = model->head == HEAD_ORDINAL,
                                 .seed = seed};
  memcpy(spec->cross, model->cross, sizeof spec->cross);
  for (size_t i = 0; i < model->deep_columns; i++) {
    const struct deep_column *deep = &model->deep[i];
    if (deep_has_embedding(deep)) {
      memcpy(spec->field[spec->fields++].column, deep->name, COLUMN_NAME);
    } else {
      struct number_spec *number = &spec->number[spec->numbers++];
      memcpy(number->column, deep->name, COLUMN_NAME);
      number->scale = deep->scale;
    }
  }
}

static bool size_on(const struct train_request *request, struct model_size *size,
                    struct error *error) {
  struct encoding_spec spec;
  struct encoding encoding;
  struct wide_deep model;
  model_encoding_spec(request->model, request->fit_all, request->seed, &spec);
  if (!encoding_fit(request->features, &spec, request->split, &encoding, error)) return false;
  const uint64_t members = request->train->members > 0 ? request->train->members : 1;
  bool done = wide_deep_lay_out(&model, request->model, &encoding, error);
  if (done) {
    const struct train_memory memory = train_memory_of(request, &encoding, &model);
    *size = (struct model_size){.parameters = members * wide_deep_parameters(&model),
                                .wide_columns = wide_deep_wide_columns(&model),
                                .flops_per_row = members * wide_deep_flops_per_row(&model),
                                .memory = train_memory_sum(&memory)};
  }
  encoding_clear(&encoding);
  return done;
}

bool train_size(const struct train_request *request, struct model_size *size, struct error *error) {
  *size = (struct model_size){0};
  if (!request->train->refit) return size_on(request, size, error);
  struct split joined;
  if (!split_join_validation(request->split, &joined, error)) return false;
  struct train_request second = *request;
  second.split = &joined;
  const bool done = size_on(&second, size, error);
  split_clear(&joined);
  return done;
}
