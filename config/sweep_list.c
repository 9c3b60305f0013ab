/* method: list. Each trial is a label and the keys in which it differs. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "config/sweep_spec.h"

static const struct yaml_node *read_label(const struct yaml_node *trial,
                                          const struct sweep_spec *sweep, struct error *error) {
  const struct yaml_node *label = yaml_get(trial, "label");
  if (label == NULL) {
    yaml_error(trial, error, "this trial has no label");
    return NULL;
  }
  if (!sweep_check_label(label, error)) return NULL;
  for (size_t i = 0; i < sweep->points; i++) {
    if (!yaml_equals(label, sweep->point[i].label)) continue;
    yaml_error(label, error, "label '%s' is given twice", label->text);
    return NULL;
  }
  return label;
}

static bool override(const struct yaml_node *path, const struct yaml_node *value,
                     const struct config_draft *base, struct config_draft *point, json_t *swept,
                     struct error *error) {
  const struct config_key *key = sweep_key(path, base, "sweep.trials", error);
  if (key == NULL) return false;
  const char *other;
  json_t *other_value;
  json_object_foreach(swept, other, other_value) {
    if (!sweep_check_overlap(key, config_key_find(other), path, error)) return false;
  }
  if (!config_read_key(key, value, point, error)) return false;
  if (json_object_set_new(swept, key->path, config_value_json(key, point)) == 0) return true;
  return error_set(error, ERROR_SYSTEM, "out of memory");
}

static bool read_trial(const struct yaml_node *trial, const struct config_draft *base,
                       struct config_draft *point, struct sweep_spec *sweep, struct error *error) {
  if (trial->kind != YAML_MAPPING) {
    return yaml_expected(trial, error, "a mapping with a label and dotted keys");
  }
  const struct yaml_node *label = read_label(trial, sweep, error);
  if (label == NULL) return false;
  *point = *base;
  json_t *swept = json_object();
  bool good = swept != NULL || error_set(error, ERROR_SYSTEM, "out of memory");
  for (size_t i = 0; i < trial->count && good; i++) {
    if (yaml_equals(trial->key[i], "label")) continue;
    good = override(trial->key[i], trial->value[i], base, point, swept, error);
  }
  if (good) return sweep_add(sweep, point, label->text, swept, error);
  json_decref(swept);
  return false;
}

bool sweep_read_list(const struct config_draft *draft, struct sweep_spec *sweep,
                     struct error *error) {
  const struct yaml_node *trials = draft->trials;
  if (trials->count > SWEEP_ARCHITECTURES_MAX) {
    return yaml_error(trials, error, "more than %d trials", SWEEP_ARCHITECTURES_MAX);
  }
  struct config_draft *point = memory_array(1, sizeof *point, error);
  bool good = point != NULL;
  for (size_t i = 0; i < trials->count && good; i++) {
    good = read_trial(trials->value[i], draft, point, sweep, error);
  }
  free(point);
  return good;
}
