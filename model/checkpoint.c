#include "model/checkpoint.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { NAME = TENSOR_NAME + 24 };

/* Of member m. */
static void file_name(const struct wide_deep *model, size_t m, size_t t, char name[NAME]) {
  char prefix[16] = "", suffix[8] = "";
  size_t same = 1;
  for (size_t i = 0; i < t; i++) same += strcmp(model->tensor[i].name, model->tensor[t].name) == 0;
  if (m > 0) (void)snprintf(prefix, sizeof prefix, "member.%u.", (unsigned)m);
  if (same > 1) (void)snprintf(suffix, sizeof suffix, "#%u", (unsigned)same);
  (void)snprintf(name, NAME, "%s%s%s", prefix, model->tensor[t].name, suffix);
}

static bool is_matrix(const struct tensor *tensor) {
  const char *end = strrchr(tensor->name, '.');
  return strncmp(tensor->name, "embedding.", 10) == 0 ||
         (strncmp(tensor->name, "dense.", 6) == 0 && strcmp(end, ".weight") == 0);
}

static void set_shape(const struct tensor *tensor, struct checkpoint_tensor *out) {
  out->type = CHECKPOINT_F32;
  out->values = tensor->rows * tensor->columns;
  out->dimensions = is_matrix(tensor) ? 2 : 1;
  out->shape[0] = is_matrix(tensor) ? tensor->rows : out->values;
  out->shape[1] = tensor->columns;
}

/* --- writing --- */

struct written {
  char name[NAME];
  char *data;
};

static bool pack(const struct wide_deep *model, size_t m, size_t t, struct written *written,
                 struct checkpoint_tensor *out, struct error *error) {
  const struct tensor *tensor = &model->tensor[t];
  file_name(model, m, t, written->name);
  set_shape(tensor, out);
  out->name = written->name;
  out->data = written->data = memory_array(out->values, sizeof(float), error);
  if (written->data == NULL) return false;
  const size_t bytes = tensor->columns * sizeof(float);
  for (size_t row = 0; row < tensor->rows; row++) {
    memcpy(written->data + row * bytes, model->weights + tensor->offset + row * tensor->ld, bytes);
  }
  return true;
}

bool checkpoint_write(const char *path, const struct ensemble *models, const json_t *metadata,
                      struct error *error) {
  const size_t each = models->member[0].tensors, tensors = models->members * each;
  struct written *written = memory_array(tensors, sizeof *written, error);
  struct checkpoint_tensor *tensor = memory_array(tensors, sizeof *tensor, error);
  bool done = written != NULL && tensor != NULL;
  for (size_t i = 0; done && i < tensors; i++) {
    done = pack(&models->member[i / each], i / each, i % each, &written[i], &tensor[i], error);
  }
  done = done && checkpoint_file_write(path, tensor, tensors, metadata, error);
  for (size_t i = 0; written != NULL && i < tensors; i++) free(written[i].data);
  free(written);
  free(tensor);
  return done;
}

/* --- reading --- */

static bool check_tensor(const struct checkpoint_file *file, const struct wide_deep *model,
                         size_t m, size_t t, struct error *error) {
  char name[NAME];
  struct checkpoint_tensor expected;
  file_name(model, m, t, name);
  set_shape(&model->tensor[t], &expected);
  const struct checkpoint_tensor *found = checkpoint_file_tensor(file, name);
  if (found == NULL) {
    return error_set(error, ERROR_DATA, "%s: tensor '%s' is missing", file->name, name);
  }
  if (found->type != expected.type) {
    return error_set(error, ERROR_DATA, "%s: tensor '%s' is not of dtype F32", file->name, name);
  }
  bool same = found->dimensions == expected.dimensions;
  for (size_t i = 0; same && i < expected.dimensions; i++) {
    same = found->shape[i] == expected.shape[i];
  }
  if (same) return true;
  return error_set(error, ERROR_DATA, "%s: tensor '%s' has another shape than the config gives it",
                   file->name, name);
}

static bool unpack(const struct checkpoint_file *file, struct wide_deep *model, size_t m, size_t t,
                   struct error *error) {
  char name[NAME];
  file_name(model, m, t, name);
  const struct tensor *tensor = &model->tensor[t];
  const char *data = checkpoint_file_tensor(file, name)->data;
  for (size_t row = 0; row < tensor->rows; row++) {
    float *weights = model->weights + tensor->offset + row * tensor->ld;
    memcpy(weights, data + row * tensor->columns * sizeof(float), tensor->columns * sizeof(float));
    for (size_t c = 0; c < tensor->columns; c++) {
      if (isfinite(weights[c])) continue;
      return error_set(error, ERROR_DATA, "%s: tensor '%s' has a weight that is not finite",
                       file->name, name);
    }
  }
  return true;
}

/* Shapes before memory: a small file cannot ask for much. */
static bool load_member(const struct checkpoint_file *file, const struct model_spec *spec,
                        const struct encoding *encoding, size_t m, struct wide_deep *model,
                        struct error *error) {
  if (!wide_deep_lay_out(model, spec, encoding, error)) {
    error->kind = ERROR_DATA;
    return false;
  }
  for (size_t t = 0; t < model->tensors; t++) {
    if (!check_tensor(file, model, m, t, error)) return false;
  }
  model->weights = memory_aligned(model->floats, sizeof(float), error);
  if (model->weights == NULL) return false;
  for (size_t t = 0; t < model->tensors; t++) {
    if (!unpack(file, model, m, t, error)) return false;
  }
  return true;
}

static bool load(const struct checkpoint_file *file, const struct model_spec *spec,
                 const struct encoding *encoding, struct ensemble *models, struct error *error) {
  for (size_t m = 0; m < models->members; m++) {
    if (!load_member(file, spec, encoding, m, &models->member[m], error)) return false;
  }
  const size_t tensors = models->members * models->member[0].tensors;
  return file->tensors == tensors ||
         error_set(error, ERROR_DATA, "%s: %zu tensors, the model has %zu", file->name,
                   file->tensors, tensors);
}

bool checkpoint_load(const struct checkpoint_file *file, const struct model_spec *spec,
                     const struct encoding *encoding, size_t members, uint64_t digest,
                     struct ensemble *models, struct error *error) {
  bool done = ensemble_init(models, members, error) && load(file, spec, encoding, models, error);
  if (done && ensemble_digest(models) != digest) {
    done = error_set(error, ERROR_DATA, "%s: damaged: the weights have not the digest of the model",
                     file->name);
  }
  if (!done) ensemble_clear(models);
  return done;
}
