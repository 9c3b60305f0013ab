#include "model/train_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "model/state_list.h"

/* Raised when the same names come to mean something else. */
enum { FORMAT = 1 };

static const char format_name[] = "crosslane_training", key_name[] = "key",
                  numerics_name[] = "numerics_version", layout_name[] = "layout";

/* --- the list --- */

static void u32(struct state_list *list, uint32_t *value, const char *name) {
  state_list_add(list, CHECKPOINT_U32, value, 1, 1, "%s", name);
}

static void f64(struct state_list *list, double *value, const char *name) {
  state_list_add(list, CHECKPOINT_F64, value, 1, 1, "%s", name);
}

/* In the arena's layout; NULL: this training has none. */
static void arena(struct state_list *list, const struct wide_deep *model, float *floats,
                  const char *name) {
  if (floats != NULL) state_list_add(list, CHECKPOINT_F32, floats, 1, model->floats, "%s", name);
}

static void list_place(struct train_state *s, struct state_list *list) {
  struct train_place *place = &s->place;
  u32(list, &place->refit, "place.refit");
  u32(list, &place->member, "place.member");
  f64(list, &place->trained_rows, "place.trained_rows");
  u32(list, &place->epoch, "place.epoch");
  u32(list, &place->rows, "place.rows");
  u32(list, &place->step, "place.step");
  f64(list, &place->loss, "place.loss");
  f64(list, &place->epoch_seconds, "place.epoch_seconds");
  f64(list, &place->seconds, "place.seconds");
  f64(list, &place->cpu_seconds, "place.cpu_seconds");
  struct train_result *result = s->result;
  u32(list, &result->epochs, "result.epochs");
  u32(list, &result->best_epoch, "result.best_epoch");
  f64(list, &result->validation_mse, "result.validation_mse");
  f64(list, &result->train_seconds, "result.train_seconds");
  f64(list, &result->train_cpu_seconds, "result.train_cpu_seconds");
}

_Static_assert(sizeof(struct epoch_result) == 4 * sizeof(double), "a row of four numbers");

static void curve(struct state_list *list, struct epoch_result *epochs, uint32_t count,
                  const char *name) {
  state_list_add(list, CHECKPOINT_F64, epochs, count, 4, "%s", name);
}

/* `found`: how many members the first phase has finished. */
static void list_results(struct train_state *s, size_t found, struct state_list *list) {
  struct train_result *result = s->result;
  curve(list, result->curve, result->epochs, "result.curve");
  for (size_t m = 0; m < found; m++) {
    struct member_result *member = &result->member[m];
    state_list_add(list, CHECKPOINT_U32, &member->epochs, 1, 1, "result.%zu.epochs", m);
    state_list_add(list, CHECKPOINT_U32, &member->best_epoch, 1, 1, "result.%zu.best_epoch", m);
    state_list_add(list, CHECKPOINT_F64, &member->validation_mse, 1, 1, "result.%zu.validation_mse",
                   m);
  }
}

static void list_models(struct train_state *s, struct state_list *list) {
  for (size_t m = 0; m < s->place.member; m++) {
    const struct wide_deep *model = &s->models.member[m];
    state_list_add(list, CHECKPOINT_F32, model->weights, 1, model->floats, "model.%zu", m);
  }
}

static void list_optimizer(struct optimizer *o, const struct wide_deep *model,
                           struct state_list *list) {
  struct averaging *averaging = &o->averaging;
  f64(list, &o->factor, "optimizer.factor");
  f64(list, &o->beta1_power, "optimizer.beta1_power");
  f64(list, &o->beta2_power, "optimizer.beta2_power");
  arena(list, model, o->first, "optimizer.first");
  arena(list, model, o->second, "optimizer.second");
  u32(list, &averaging->steps, "averaging.steps");
  arena(list, model, averaging->mean, "averaging.mean");
  for (size_t f = 0; f < model->fields && averaging->caught_up[f] != NULL; f++) {
    state_list_add(list, CHECKPOINT_U32, averaging->caught_up[f], 1,
                   model->field[f].table->rows + 1, "averaging.caught_up.%zu", f);
  }
}

static void list_member(struct train_state *s, struct state_list *list) {
  struct early_stopping *stopping = &s->early_stopping;
  curve(list, s->curve, s->place.epoch, "curve");
  state_list_add(list, CHECKPOINT_U32, s->order, 1, s->rows, "order");
  arena(list, &s->model, s->model.weights, "weights");
  list_optimizer(&s->optimizer, &s->model, list);
  f64(list, &stopping->lowest, "early_stopping.lowest");
  f64(list, &stopping->reference, "early_stopping.reference");
  u32(list, &stopping->waited, "early_stopping.waited");
  arena(list, &s->model, stopping->weights, "early_stopping.weights");
}

void train_state_clear_member(struct train_state *s) {
  free(s->curve);
  free(s->order);
  s->curve = NULL;
  s->order = NULL;
  wide_deep_clear(&s->model);
  optimizer_clear(&s->optimizer);
  early_stopping_clear(&s->early_stopping);
}

void train_state_clear(struct train_state *s) {
  train_state_clear_member(s);
  ensemble_clear(&s->models);
}

/* --- writing --- */

static size_t members_found(const struct train_state *s) {
  return s->place.refit != 0 ? s->models.members : s->place.member;
}

/* Of the arena: which weight lies where. */
static void layout_text(const struct wide_deep *model, char text[DIGEST_TEXT]) {
  uint64_t digest = 0;
  for (size_t t = 0; t < model->tensors; t++) {
    const struct tensor *tensor = &model->tensor[t];
    const uint64_t place[] = {tensor->offset, tensor->rows, tensor->columns, tensor->ld};
    digest = digest_extend(digest, tensor->name, strlen(tensor->name));
    digest = digest_extend(digest, place, sizeof place);
  }
  digest_text(digest, text);
}

static json_t *metadata_of(const struct train_state *s, const char *key) {
  char format[16], numerics[16], layout[DIGEST_TEXT];
  (void)snprintf(format, sizeof format, "%d", FORMAT);
  (void)snprintf(numerics, sizeof numerics, "%d", NUMERICS_VERSION);
  layout_text(&s->model, layout);
  return json_pack("{s:s, s:s, s:s, s:s}", format_name, format, key_name, key, numerics_name,
                   numerics, layout_name, layout);
}

bool train_state_write(struct train_state *s, const char *path, const char *key,
                       struct error *error) {
  struct state_list list = {0};
  list_place(s, &list);
  list_results(s, members_found(s), &list);
  list_models(s, &list);
  list_member(s, &list);
  json_t *metadata = metadata_of(s, key);
  const bool done = metadata != NULL ? state_list_write(&list, path, metadata, error)
                                     : error_set(error, ERROR_SYSTEM,
                                                 "out of memory for the state of a training");
  json_decref(metadata);
  state_list_clear(&list);
  return done;
}

/* --- reading --- */

static bool check_number(const struct checkpoint_file *file, const char *name, int expected,
                         const char *what, struct error *error) {
  char number[16];
  (void)snprintf(number, sizeof number, "%d", expected);
  const char *found = checkpoint_file_text(file, name);
  if (found == NULL) {
    return error_set(error, ERROR_DATA, "%s: not a checkpoint of a training", file->name);
  }
  return strcmp(found, number) == 0 ||
         error_set(error, ERROR_DATA, "%s: a checkpoint with %s %.20s; this program has %s",
                   file->name, what, found, number);
}

/* A file without a digest may be anything. */
static bool check_metadata(const struct checkpoint_file *file, const char *key,
                           struct error *error) {
  if (!check_number(file, format_name, FORMAT, "format", error) ||
      !check_number(file, numerics_name, NUMERICS_VERSION, "numerics version", error)) {
    return false;
  }
  const char *found = checkpoint_file_text(file, key_name);
  if (found == NULL || checkpoint_file_text(file, "file_digest") == NULL) {
    return error_set(error, ERROR_DATA, "%s: a checkpoint without its %s", file->name,
                     found == NULL ? "trial's key" : "digest");
  }
  return strcmp(found, key) == 0 ||
         error_set(error, ERROR_DATA, "%s: the checkpoint of trial %.40s", file->name, found);
}

bool train_state_open(struct checkpoint_file *file, const char *path, const char *key,
                      struct error *error) {
  if (!checkpoint_file_open(file, path, error)) return false;
  if (check_metadata(file, key, error)) return true;
  checkpoint_file_close(file);
  return false;
}

static bool read_list(struct state_list *list, const struct checkpoint_file *file,
                      struct error *error) {
  const bool done = state_list_read(list, file, error);
  state_list_clear(list);
  return done;
}

bool train_state_read_place(struct train_state *s, const struct checkpoint_file *file,
                            struct error *error) {
  struct state_list list = {0};
  list_place(s, &list);
  return read_list(&list, file, error);
}

bool train_state_read_models(struct train_state *s, const struct checkpoint_file *file,
                             const struct model_spec *spec, const struct encoding *encoding,
                             struct error *error) {
  struct state_list list = {0};
  struct train_result *result = s->result;
  if (s->place.member >= s->models.members) {
    return error_set(error, ERROR_DATA, "%s: of more members than the model has", file->name);
  }
  if (result->epochs > 0) {
    result->curve = memory_array(result->epochs, sizeof *result->curve, error);
    if (result->curve == NULL) return false;
  }
  for (size_t m = 0; m < s->place.member; m++) {
    struct wide_deep *model = &s->models.member[m];
    if (!wide_deep_lay_out(model, spec, encoding, error)) return false;
    model->weights = memory_aligned(model->floats, sizeof *model->weights, error);
    if (model->weights == NULL) return false;
  }
  list_results(s, members_found(s), &list);
  list_models(s, &list);
  return read_list(&list, file, error);
}

static bool check_member(const struct train_state *s, const struct checkpoint_file *file,
                         struct error *error) {
  char layout[DIGEST_TEXT];
  layout_text(&s->model, layout);
  const char *found = checkpoint_file_text(file, layout_name);
  if (found == NULL || strcmp(found, layout) != 0) {
    return error_set(error, ERROR_DATA, "%s: the weights lie in another order", file->name);
  }
  return (s->place.rows <= s->rows && s->place.epoch <= s->asked) ||
         error_set(error, ERROR_DATA, "%s: more rows or epochs than are trained", file->name);
}

bool train_state_read_member(struct train_state *s, const struct checkpoint_file *file,
                             struct error *error) {
  struct state_list list = {0};
  if (!check_member(s, file, error)) return false;
  list_member(s, &list);
  return read_list(&list, file, error);
}
