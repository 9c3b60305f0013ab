#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "library/model_parts.h"

/* A model that reads what only a data set has is open all the same, for a catalog. */
static bool keep_refusal(crosslane_model *model, struct error *error) {
  struct error reason = *error;
  char *end = strchr(reason.message, '\n');
  if (end != NULL) *end = '\0';
  error_help(&reason, "open a catalog of it and a data set, with crosslane_catalog_open");
  *error = (struct error){0};
  model->refusal = memory_array(1, sizeof *model->refusal, error);
  if (model->refusal != NULL) *model->refusal = reason;
  return model->refusal != NULL;
}

static bool make_ready(crosslane_model *model, struct error *error) {
  if (!serving_values(&model->serving, 1, error)) {
    return error->kind == ERROR_USAGE && keep_refusal(model, error);
  }
  model->desks = desks_new(&model->serving, error);
  return model->desks != NULL;
}

/* From a file, or from bytes. */
static bool open_model(crosslane_model *model, const char *path, size_t size, const char *isa,
                       struct error *error) {
  enum isa chosen;
  if (!isa_choose(isa, "isa", &chosen, error)) return false;
  const struct kernels *kernels = kernels_of(chosen);
  return (model->bytes == NULL
              ? serving_open(&model->serving, path, kernels, error)
              : serving_open_bytes(&model->serving, path, model->bytes, size, kernels, error)) &&
         make_ready(model, error);
}

static crosslane_model *open_any(const char *path, const void *bytes, size_t size, const char *isa,
                                 crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  crosslane_model *model = memory_array(1, sizeof *model, call.error);
  bool done = model != NULL;
  if (done && bytes != NULL) {
    model->bytes = memory_array(size, 1, call.error);
    done = model->bytes != NULL;
    if (done) memcpy(model->bytes, bytes, size);
  }
  done = done && open_model(model, path, size, isa, call.error);
  (void)library_end(&call, done);
  if (done) return model;
  library_name_file(error, path);
  crosslane_model_free(model);
  return NULL;
}

crosslane_model *crosslane_model_open(const char *path, crosslane_error *error) {
  return open_any(path, NULL, 0, NULL, error);
}

crosslane_model *crosslane_model_open_isa(const char *path, const char *isa,
                                          crosslane_error *error) {
  return open_any(path, NULL, 0, isa, error);
}

crosslane_model *crosslane_model_open_memory(const void *bytes, size_t size, const char *isa,
                                             crosslane_error *error) {
  return open_any("model in memory", bytes, size, isa, error);
}

void crosslane_model_free(crosslane_model *model) {
  if (model == NULL) return;
  desks_free(model->desks);
  serving_close(&model->serving);
  free(model->refusal);
  free(model->bytes);
  free(model);
}

int crosslane_model_reserve(crosslane_model *model, size_t threads, crosslane_error *error) {
  struct library_call call;
  library_begin(&call, error);
  return library_end(&call, model_takes_values(model, call.error) &&
                                desks_reserve(model->desks, threads, call.error));
}
