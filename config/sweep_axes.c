#include "config/sweep_axes.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

json_t *axes_read_value(struct axes *axes, const struct config_key *key,
                        const struct yaml_node *node, struct error *error) {
  if (!config_read_key(key, node, axes->scratch, error)) return NULL;
  json_t *value = config_value_json(key, axes->scratch);
  if (value == NULL) error_set(error, ERROR_SYSTEM, "out of memory");
  return value;
}

static const char *const parameter_keys[] = {"value", "values", "labels",
                                             "min",   "max",    "distribution"};
enum { PARAMETER_KEYS = sizeof parameter_keys / sizeof *parameter_keys, GRID_KEYS = 3 };

static bool check_parameter_keys(const struct axes *axes, const struct yaml_node *node,
                                 struct error *error) {
  bool grid = axes->base->method == SWEEP_GRID;
  for (size_t i = 0; i < node->count; i++) {
    const struct yaml_node *key = node->key[i];
    size_t known = 0;
    while (known < PARAMETER_KEYS && !yaml_equals(key, parameter_keys[known])) known++;
    if (known < (grid ? GRID_KEYS : PARAMETER_KEYS)) continue;
    if (known < PARAMETER_KEYS) {
      return yaml_error(key, error, "%s needs method: random or bayes; a grid takes values",
                        key->text);
    }
    yaml_error(key, error, "unknown key '%.40s' in a parameter", key->text);
    return config_suggest(error, key->text, parameter_keys, grid ? GRID_KEYS : PARAMETER_KEYS,
                          "Keys here");
  }
  return true;
}

/* W&B's names for what `values` and `value` mean. */
static bool check_distribution(const struct yaml_node *node, const char *name,
                               struct error *error) {
  const struct yaml_node *distribution = yaml_get(node, "distribution");
  if (distribution == NULL) return true;
  if (distribution->kind == YAML_SCALAR && yaml_equals(distribution, name)) return true;
  return yaml_expected(distribution, error, "distribution: %s, or min and max", name);
}

/* Names for `values`, which may be long lists: as many, each another one. */
static bool find_labels(const struct yaml_node *node, struct axis *axis, struct error *error) {
  const struct yaml_node *labels = yaml_get(node, "labels");
  if (labels == NULL) return true;
  if (yaml_get(node, "values") == NULL) {
    return yaml_error(labels, error, "labels name the values of a list: there is no `values` here");
  }
  if (labels->kind != YAML_SEQUENCE || labels->count != axis->count) {
    return yaml_expected(labels, error, "a list of %zu labels, one for each value", axis->count);
  }
  for (size_t i = 0; i < labels->count; i++) {
    const struct yaml_node *label = labels->value[i];
    if (!sweep_check_label(label, error)) return false;
    for (size_t j = 0; j < i; j++) {
      if (!yaml_equals(label, labels->value[j]->text)) continue;
      return yaml_error(label, error, "the same label as number %zu of this list", j + 1);
    }
  }
  axis->label = (const struct yaml_node *const *)labels->value;
  return true;
}

/* {values: [...], labels: [...]}, {value: ...} or {min: A, max: B} */
static bool find_values(const struct axes *axes, const struct yaml_node *node, struct axis *axis,
                        struct error *error) {
  bool grid = axes->base->method == SWEEP_GRID;
  const char *forms = grid ? "{values: [...]} or {value: ...}"
                           : "{values: [...]}, {value: ...} or {min: A, max: B}";
  if (node->kind != YAML_MAPPING) return yaml_expected(node, error, "%s", forms);
  if (!check_parameter_keys(axes, node, error)) return false;
  struct yaml_node *const value = yaml_get(node, "value"), *const values = yaml_get(node, "values");
  bool range = yaml_get(node, "min") != NULL || yaml_get(node, "max") != NULL;
  if ((value != NULL) + (values != NULL) + range != 1) {
    return yaml_expected(node, error, "%s", forms);
  }
  if (range) return axis_read_range(axis, node, error);
  if (!check_distribution(node, value != NULL ? "constant" : "categorical", error)) return false;
  if (value != NULL) {
    size_t at = 0;
    while (node->value[at] != value) at++;
    axis->count = 1;
    axis->node = (const struct yaml_node *const *)&node->value[at];
    return true;
  }
  if (values->kind != YAML_SEQUENCE || values->count == 0) {
    return yaml_expected(values, error, "a list of at least one value");
  }
  axis->count = values->count;
  axis->node = (const struct yaml_node *const *)values->value;
  return true;
}

static bool read_axis(struct axes *axes, struct axis *axis, const struct yaml_node *path,
                      const struct yaml_node *node, struct error *error) {
  axis->key = sweep_key(path, axes->base, "sweep.parameters", error);
  if (axis->key == NULL) return false;
  for (const struct axis *other = axes->axis; other < axis; other++) {
    if (!sweep_check_overlap(axis->key, other->key, path, error)) return false;
  }
  if (!find_values(axes, node, axis, error) || !find_labels(node, axis, error)) return false;
  if (axis->count > SWEEP_ARCHITECTURES_MAX) {
    return yaml_error(node, error, "more than %d values", SWEEP_ARCHITECTURES_MAX);
  }
  axis->value = memory_array(axis->count, sizeof *axis->value, error);
  if (axis->value == NULL) return false;
  for (size_t i = 0; i < axis->count; i++) {
    axis->value[i] = axes_read_value(axes, axis->key, axis->node[i], error);
    if (axis->value[i] == NULL) return false;
    for (size_t j = 0; j < i; j++) {
      if (!json_equal(axis->value[i], axis->value[j])) continue;
      return yaml_error(axis->node[i], error, "the same value as number %zu of this list", j + 1);
    }
  }
  return true;
}

static bool read_axes(struct axes *axes, struct error *error) {
  const struct yaml_node *parameters = axes->base->parameters;
  size_t count = parameters->count;
  const char **paths = memory_array(count, sizeof *paths, error);
  bool good = paths != NULL;
  for (size_t i = 0; i < count && good; i++) {
    struct axis *axis = &axes->axis[axes->count++];
    good = read_axis(axes, axis, parameters->key[i], parameters->value[i], error);
    if (good) paths[i] = axis->key->path;
  }
  for (size_t i = 0; i < count && good; i++) axes->name[i] = sweep_short_name(paths, count, i);
  free(paths);
  return good;
}

static const struct axis *find_axis(const struct axes *axes, const char *path, size_t *index) {
  for (size_t i = 0; i < axes->count; i++) {
    *index = i;
    if (strcmp(axes->axis[i].key->path, path) == 0) return &axes->axis[i];
  }
  return NULL;
}

/* A random or bayes sweep may draw no combination that an exclusion matches; a
 * value that it can never draw is a mistake. */
static bool check_possible(const struct axes *axes, const struct axis *axis, const json_t *value,
                           const struct yaml_node *node, struct error *error) {
  if (axes->base->method == SWEEP_GRID) return true;
  bool possible = false;
  switch (axis->draw) {
    case DRAW_VALUES:
      for (size_t i = 0; i < axis->count; i++) {
        possible = possible || json_equal(axis->value[i], value);
      }
      break;
    case DRAW_UNIFORM:
    case DRAW_LOG_UNIFORM:
    case DRAW_INT_UNIFORM:
      if (!json_is_integer(value)) {
        return yaml_error(node, error,
                          "a single value of a range of real numbers cannot be excluded");
      }
      possible =
          json_number_value(value) >= axis->minimum && json_number_value(value) <= axis->maximum;
      break;
  }
  return possible || yaml_error(node, error, "%s never takes this value", axis->key->path);
}

static bool read_exclusion(struct axes *axes, struct exclusion *exclusion, struct error *error) {
  const struct yaml_node *node = exclusion->node;
  if (node->kind != YAML_MAPPING || node->count == 0) {
    return yaml_expected(node, error, "a mapping of at least one swept key to a value");
  }
  exclusion->value = memory_array(axes->count, sizeof *exclusion->value, error);
  if (exclusion->value == NULL) return false;
  for (size_t i = 0; i < node->count; i++) {
    size_t index;
    const char *path = node->key[i]->text;
    const struct axis *axis = find_axis(axes, path, &index);
    if (axis == NULL) {
      return yaml_error(node->key[i], error, "'%.60s' is not one of sweep.parameters", path);
    }
    json_t *value = axes_read_value(axes, axis->key, node->value[i], error);
    exclusion->value[index] = value;
    if (value == NULL || !check_possible(axes, axis, value, node->value[i], error)) return false;
  }
  return true;
}

static bool read_exclusions(struct axes *axes, struct error *error) {
  const struct yaml_node *exclude = axes->base->exclude;
  if (exclude == NULL) return true;
  axes->exclusion = memory_array(exclude->count, sizeof *axes->exclusion, error);
  if (axes->exclusion == NULL) return false;
  for (size_t i = 0; i < exclude->count; i++) {
    axes->exclusion[i].node = exclude->value[i];
    axes->exclusions++;
    if (!read_exclusion(axes, &axes->exclusion[i], error)) return false;
  }
  return true;
}

void axes_choose(struct axes *axes, size_t axis, const struct yaml_node *node, json_t *value) {
  json_decref(axes->value[axis]);
  axes->value[axis] = value;
  axes->node[axis] = node;
}

static bool matches(const struct axes *axes, const struct exclusion *exclusion) {
  for (size_t i = 0; i < axes->count; i++) {
    const json_t *wanted = exclusion->value[i];
    if (wanted != NULL && !json_equal(wanted, axes->value[i])) return false;
  }
  return true;
}

bool axes_are_excluded(struct axes *axes) {
  bool excluded = false;
  for (size_t i = 0; i < axes->exclusions; i++) {
    if (!matches(axes, &axes->exclusion[i])) continue;
    axes->exclusion[i].used = true;
    excluded = true;
  }
  return excluded;
}

/* Drawn real numbers have 17 digits, of which a label needs few: the record has
 * them all. */
enum { LABEL_DIGITS = 4 };

static const char *label_of(const struct axis *axis, const json_t *value) {
  for (size_t i = 0; axis->label != NULL && i < axis->count; i++) {
    if (json_equal(axis->value[i], value)) return axis->label[i]->text;
  }
  return NULL;
}

static void add_label(const struct axes *axes, bool whole, struct text *label) {
  for (size_t i = 0; i < axes->count; i++) {
    const struct axis *axis = &axes->axis[i];
    json_t *value = axes->value[i];
    const char *name = label_of(axis, value);
    text_add(label, "%s%s=", i > 0 ? " " : "", axes->name[i]);
    if (name != NULL) {
      text_add(label, "%s", name);
    } else if (!whole && axis->draw != DRAW_VALUES && json_is_real(value)) {
      text_add_rounded(label, json_real_value(value), LABEL_DIGITS);
    } else {
      config_label(axis->key, value, label);
    }
  }
}

/* The short label, or, when another combination has it, the whole one. */
static bool make_label(const struct axes *axes, const struct sweep_spec *sweep, struct text *label,
                       struct error *error) {
  add_label(axes, false, label);
  bool drawn = axes->base->method != SWEEP_GRID;
  if (drawn && !label->failed && sweep_has_label(sweep, label->text)) {
    text_clear(label);
    *label = (struct text){0};
    add_label(axes, true, label);
  }
  return !label->failed || error_set(error, ERROR_SYSTEM, "out of memory");
}

bool axes_add(struct axes *axes, struct sweep_spec *sweep, struct error *error) {
  struct text label = {0};
  json_t *swept = json_object();
  *axes->scratch = *axes->base;
  bool good = true;
  for (size_t i = 0; i < axes->count && good; i++) {
    const struct config_key *key = axes->axis[i].key;
    json_object_set(swept, key->path, axes->value[i]);
    good = config_read_key(key, axes->node[i], axes->scratch, error);
  }
  if (good && json_object_size(swept) != axes->count) {
    good = error_set(error, ERROR_SYSTEM, "out of memory");
  }
  if (good && make_label(axes, sweep, &label, error)) {
    good = sweep_add(sweep, axes->scratch, label.text, swept, error);
  } else {
    good = false;
    json_decref(swept);
  }
  text_clear(&label);
  return good;
}

bool axes_init(struct axes *axes, const struct config_draft *draft, struct error *error) {
  size_t count = draft->parameters->count;
  *axes = (struct axes){.base = draft};
  axes->scratch = memory_array(1, sizeof *axes->scratch, error);
  axes->axis = memory_array(count, sizeof *axes->axis, error);
  axes->name = memory_array(count, sizeof *axes->name, error);
  axes->node = memory_array(count, sizeof *axes->node, error);
  axes->value = memory_array(count, sizeof *axes->value, error);
  if (axes->scratch == NULL || axes->axis == NULL || axes->name == NULL || axes->node == NULL ||
      axes->value == NULL) {
    return false;
  }
  *axes->scratch = *axes->base;
  return read_axes(axes, error) && read_exclusions(axes, error);
}

static void free_values(json_t **value, size_t count) {
  for (size_t i = 0; value != NULL && i < count; i++) json_decref(value[i]);
  free(value);
}

void axes_clear(struct axes *axes) {
  for (size_t i = 0; i < axes->count; i++) free_values(axes->axis[i].value, axes->axis[i].count);
  for (size_t i = 0; i < axes->exclusions; i++) free_values(axes->exclusion[i].value, axes->count);
  free_values(axes->value, axes->count);
  free(axes->scratch);
  free(axes->axis);
  free(axes->name);
  free(axes->node);
  free(axes->exclusion);
}
