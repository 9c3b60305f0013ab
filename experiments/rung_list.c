#include "experiments/rung_list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_parse.h"
#include "base/json_text.h"
#include "model/model_spec.h"

/* --- what it has to fit --- */

static void plan_text(const struct plan *plan, char text[DIGEST_TEXT]) {
  const struct halving *halving = &plan->halving;
  uint64_t digest = digest_extend(0, halving->epochs, halving->rungs * sizeof halving->epochs[0]);
  for (size_t i = 0; i < plan->trials; i++) {
    digest = digest_extend(digest, plan->data->list.trial[i].key, DIGEST_TEXT - 1);
  }
  digest_text(digest, text);
}

/* --- to write --- */

static bool add_trials(const struct plan *plan, json_t *keys) {
  bool whole = keys != NULL;
  for (size_t i = 0; whole && i < plan->trials; i++) {
    const struct trial *trial = &plan->data->list.trial[i];
    if (!plan->in[trial->architecture]) continue;
    whole = json_array_append_new(keys, json_text_string(trial->key)) == 0;
  }
  return whole;
}

void rung_list_text(const struct plan *plan, struct text *text) {
  char data[DIGEST_TEXT], digest[DIGEST_TEXT];
  json_t *object = json_object(), *keys = json_array();
  digest_text(plan->data->dataset.digest, data);
  plan_text(plan, digest);
  bool whole = add_trials(plan, keys) && object != NULL;
  whole = whole && json_object_set_new(object, "rung", json_text_u64(plan->stage + 1)) == 0 &&
          json_object_set_new(object, "numerics_version", json_integer(NUMERICS_VERSION)) == 0 &&
          json_object_set_new(object, "data", json_text_string(data)) == 0 &&
          json_object_set_new(object, "plan", json_text_string(digest)) == 0 &&
          json_object_set(object, "trials", keys) == 0;
  if (whole) {
    json_text_add(text, object);
    text_add(text, "\n");
  } else {
    text->failed = true;
  }
  json_decref(keys);
  json_decref(object);
}

/* --- to read --- */

static bool refuse(const char *path, const char *what, struct error *error) {
  error_set(error, ERROR_DATA, "%s: %s", path, what);
  return error_help(error, "'crosslane launch slurm' writes the list of each rung anew");
}

static bool check_text(const char *path, const json_t *object, const char *name,
                       const char *expected, const char *what, struct error *error) {
  const char *text = json_string_value(json_object_get(object, name));
  return (text != NULL && strcmp(text, expected) == 0) || refuse(path, what, error);
}

static bool check_plan(const struct plan *plan, const char *path, const json_t *object,
                       struct error *error) {
  char data[DIGEST_TEXT], digest[DIGEST_TEXT];
  digest_text(plan->data->dataset.digest, data);
  plan_text(plan, digest);
  const json_t *version = json_object_get(object, "numerics_version");
  if (!json_is_integer(version) || json_integer_value(version) != NUMERICS_VERSION) {
    return refuse(path, "the list of a version of Crosslane with other numbers", error);
  }
  return check_text(path, object, "data", data, "the list of a rung with other data", error) &&
         check_text(path, object, "plan", digest, "the list of a rung of another sweep", error);
}

/* The trial of a key, from `from` on: keys are in the order of the plan. */
static size_t find(const struct plan *plan, const char *key, size_t from) {
  const struct trial_list *list = &plan->data->list;
  while (from < plan->trials && (plan->left_out[list->trial[from].architecture] ||
                                 strcmp(list->trial[from].key, key) != 0)) {
    from++;
  }
  return from;
}

static bool take_trials(struct plan *plan, const char *path, const json_t *keys,
                        struct error *error) {
  const struct trial_list *list = &plan->data->list;
  const size_t count = json_array_size(keys);
  size_t next = 0;
  for (size_t k = 0; k < count; k++) {
    const char *key = json_string_value(json_array_get(keys, k));
    next = key != NULL ? find(plan, key, next) : plan->trials;
    if (next == plan->trials) {
      error_set(error, ERROR_DATA, "%s: the list names trial %s, which the sweep has not there",
                path, key != NULL ? key : "null");
      return error_help(error, "'crosslane launch slurm' writes the list of each rung anew");
    }
    plan->in[list->trial[next++].architecture] = true;
  }
  const size_t each = plan->trials / list->architectures;
  return (count > 0 && count == plan_architectures_in(plan) * each) ||
         refuse(path, "the list has no trial, or not all seeds and folds of a model", error);
}

static bool take(struct plan *plan, const char *path, const json_t *object, struct error *error) {
  const json_int_t rung = json_integer_value(json_object_get(object, "rung"));
  const json_t *keys = json_object_get(object, "trials");
  if (!check_plan(plan, path, object, error)) return false;
  if (rung < 1 || (uint64_t)rung > plan->halving.rungs + 1) {
    return refuse(path, "the list of a rung that the sweep has not", error);
  }
  plan->stage = (size_t)rung - 1;
  plan->listed = true;
  return take_trials(plan, path, keys, error);
}

bool rung_list_take(struct plan *plan, const char *path, struct error *error) {
  size_t size = 0;
  if (path == NULL) return true;
  if (plan->halving.rungs == 0) {
    error_set(error, ERROR_CONFIG, "--rung is for a sweep with sweep.early_terminate");
    return error_help(error, "leave --rung out");
  }
  char *text = file_read(path, FILE_MOST_JSON, &size, ERROR_USAGE, error);
  if (text == NULL) return false;
  json_t *object = json_parse(text, size, path, error);
  const bool taken = object != NULL && take(plan, path, object, error);
  json_decref(object);
  free(text);
  return taken;
}
