/* method: grid. Every combination of the parameters' values, the last
 * parameter fastest, but those that `exclude` matches. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "experiments/sweep_spec.h"

/* One parameter. */
struct axis {
  const struct config_key *key;
  size_t count;
  const struct yaml_node *const *node; /* [count], in the tree */
  json_t **value;                      /* [count], canonical */
};

struct exclusion {
  const struct yaml_node *node;
  json_t **value; /* [axes]: NULL matches all */
  bool used;
};

struct grid {
  const struct config_draft *base;
  struct config_draft *scratch; /* for reading single values, then for points */
  size_t axes;
  struct axis *axis;
  const char **name; /* [axes], as labels show them */
  size_t exclusions;
  struct exclusion *exclusion;
  size_t *at; /* [axes]: the combination in hand */
};

/* Checks a value at its place and gives its canonical form, or NULL. */
static json_t *read_value(struct grid *grid, const struct config_key *key,
                          const struct yaml_node *node, struct error *error) {
  if (!config_read_key(key, node, grid->scratch, error)) return NULL;
  json_t *value = key->type->json(key, grid->scratch);
  if (value == NULL) error_set(error, ERROR_SYSTEM, "out of memory");
  return value;
}

/* {values: [...]} or {value: ...} */
static bool find_values(const struct yaml_node *node, struct axis *axis, struct error *error) {
  static const char *const known[] = {"value", "values"};
  if (node->kind != YAML_MAPPING || node->count != 1) {
    return yaml_expected(node, error, "{values: [...]} or {value: ...}");
  }
  if (yaml_equals(node->key[0], "value")) {
    axis->count = 1;
    axis->node = (const struct yaml_node *const *)node->value;
    return true;
  }
  if (!yaml_equals(node->key[0], "values")) {
    yaml_error(node->key[0], error, "unknown key '%.40s' in a parameter", node->key[0]->text);
    return config_suggest(error, node->key[0]->text, known, 2, "Keys here");
  }
  const struct yaml_node *values = node->value[0];
  if (values->kind != YAML_SEQUENCE || values->count == 0) {
    return yaml_expected(values, error, "a list of at least one value");
  }
  axis->count = values->count;
  axis->node = (const struct yaml_node *const *)values->value;
  return true;
}

static bool read_axis(struct grid *grid, struct axis *axis, const struct yaml_node *path,
                      const struct yaml_node *node, struct error *error) {
  axis->key = sweep_key(path, grid->base, "sweep.parameters", error);
  if (axis->key == NULL || !find_values(node, axis, error)) return false;
  if (axis->count > SWEEP_ARCHITECTURES_MAX) {
    return yaml_error(node, error, "more than %d values", SWEEP_ARCHITECTURES_MAX);
  }
  axis->value = memory_array(axis->count, sizeof *axis->value, error);
  if (axis->value == NULL) return false;
  for (size_t i = 0; i < axis->count; i++) {
    axis->value[i] = read_value(grid, axis->key, axis->node[i], error);
    if (axis->value[i] == NULL) return false;
    for (size_t j = 0; j < i; j++) {
      if (!json_equal(axis->value[i], axis->value[j])) continue;
      return yaml_error(axis->node[i], error, "the same value as number %zu of this list", j + 1);
    }
  }
  return true;
}

static bool read_axes(struct grid *grid, struct error *error) {
  const struct yaml_node *parameters = grid->base->parameters;
  size_t count = parameters->count;
  const char **paths = memory_array(count, sizeof *paths, error);
  bool good = paths != NULL;
  for (size_t i = 0; i < count && good; i++) {
    struct axis *axis = &grid->axis[grid->axes++];
    good = read_axis(grid, axis, parameters->key[i], parameters->value[i], error);
    if (good) paths[i] = axis->key->path;
  }
  for (size_t i = 0; i < count && good; i++) grid->name[i] = sweep_short_name(paths, count, i);
  free(paths);
  return good;
}

static struct axis *find_axis(const struct grid *grid, const char *path, size_t *index) {
  for (size_t i = 0; i < grid->axes; i++) {
    *index = i;
    if (strcmp(grid->axis[i].key->path, path) == 0) return &grid->axis[i];
  }
  return NULL;
}

static bool read_exclusion(struct grid *grid, struct exclusion *exclusion, struct error *error) {
  const struct yaml_node *node = exclusion->node;
  if (node->kind != YAML_MAPPING || node->count == 0) {
    return yaml_expected(node, error, "a mapping of at least one swept key to a value");
  }
  exclusion->value = memory_array(grid->axes, sizeof *exclusion->value, error);
  if (exclusion->value == NULL) return false;
  for (size_t i = 0; i < node->count; i++) {
    size_t index;
    const char *path = node->key[i]->text;
    const struct axis *axis = find_axis(grid, path, &index);
    if (axis == NULL) {
      return yaml_error(node->key[i], error, "'%.60s' is not one of sweep.parameters", path);
    }
    exclusion->value[index] = read_value(grid, axis->key, node->value[i], error);
    if (exclusion->value[index] == NULL) return false;
  }
  return true;
}

static bool read_exclusions(struct grid *grid, struct error *error) {
  const struct yaml_node *exclude = grid->base->exclude;
  if (exclude == NULL) return true;
  grid->exclusion = memory_array(exclude->count, sizeof *grid->exclusion, error);
  if (grid->exclusion == NULL) return false;
  for (size_t i = 0; i < exclude->count; i++) {
    grid->exclusion[i].node = exclude->value[i];
    grid->exclusions++;
    if (!read_exclusion(grid, &grid->exclusion[i], error)) return false;
  }
  return true;
}

static bool matches(const struct grid *grid, const struct exclusion *exclusion) {
  for (size_t i = 0; i < grid->axes; i++) {
    const json_t *wanted = exclusion->value[i];
    if (wanted != NULL && !json_equal(wanted, grid->axis[i].value[grid->at[i]])) return false;
  }
  return true;
}

static bool is_excluded(struct grid *grid) {
  bool excluded = false;
  for (size_t i = 0; i < grid->exclusions; i++) {
    if (!matches(grid, &grid->exclusion[i])) continue;
    grid->exclusion[i].used = true;
    excluded = true;
  }
  return excluded;
}

/* The combination in hand, into the sweep. */
static bool add_combination(struct grid *grid, struct sweep_spec *sweep, struct error *error) {
  struct text label = {0};
  json_t *swept = json_object();
  *grid->scratch = *grid->base;
  bool good = true;
  for (size_t i = 0; i < grid->axes && good; i++) {
    const struct axis *axis = &grid->axis[i];
    json_t *value = axis->value[grid->at[i]];
    text_add(&label, "%s%s=", i > 0 ? " " : "", grid->name[i]);
    config_flow(value, &label);
    json_object_set(swept, axis->key->path, value);
    good = config_read_key(axis->key, axis->node[grid->at[i]], grid->scratch, error);
  }
  if (good && (label.failed || json_object_size(swept) != grid->axes)) {
    good = error_set(error, ERROR_SYSTEM, "out of memory");
  }
  if (good) {
    good = sweep_add(sweep, grid->scratch, label.text, swept, error);
  } else {
    json_decref(swept);
  }
  text_clear(&label);
  return good;
}

/* The next combination, the last axis fastest; false after the last. */
static bool advance(struct grid *grid) {
  for (size_t i = grid->axes; i-- > 0;) {
    if (++grid->at[i] < grid->axis[i].count) return true;
    grid->at[i] = 0;
  }
  return false;
}

static bool check_size(const struct grid *grid, struct error *error) {
  size_t points = 1;
  for (size_t i = 0; i < grid->axes; i++) {
    points *= grid->axis[i].count; /* both at most SWEEP_ARCHITECTURES_MAX */
    if (points > SWEEP_ARCHITECTURES_MAX) {
      return yaml_error(grid->base->parameters, error, "more than %d combinations",
                        SWEEP_ARCHITECTURES_MAX);
    }
  }
  return true;
}

static bool add_combinations(struct grid *grid, struct sweep_spec *sweep, struct error *error) {
  do {
    if (!is_excluded(grid) && !add_combination(grid, sweep, error)) return false;
  } while (advance(grid));
  for (size_t i = 0; i < grid->exclusions; i++) {
    if (grid->exclusion[i].used) continue;
    return yaml_error(grid->exclusion[i].node, error, "this matches no combination");
  }
  if (sweep->architectures > 0) return true;
  return yaml_error(grid->base->exclude, error, "all combinations are excluded");
}

static bool grid_init(struct grid *grid, struct error *error) {
  size_t count = grid->base->parameters->count;
  grid->scratch = memory_array(1, sizeof *grid->scratch, error);
  grid->axis = memory_array(count, sizeof *grid->axis, error);
  grid->name = memory_array(count, sizeof *grid->name, error);
  grid->at = memory_array(count, sizeof *grid->at, error);
  if (grid->scratch == NULL || grid->axis == NULL || grid->name == NULL || grid->at == NULL) {
    return false;
  }
  *grid->scratch = *grid->base;
  return true;
}

static void free_values(json_t **value, size_t count) {
  for (size_t i = 0; value != NULL && i < count; i++) json_decref(value[i]);
  free(value);
}

static void grid_clear(struct grid *grid) {
  for (size_t i = 0; i < grid->axes; i++) free_values(grid->axis[i].value, grid->axis[i].count);
  for (size_t i = 0; i < grid->exclusions; i++) free_values(grid->exclusion[i].value, grid->axes);
  free(grid->scratch);
  free(grid->axis);
  free(grid->name);
  free(grid->exclusion);
  free(grid->at);
}

bool sweep_read_grid(const struct config_draft *draft, struct sweep_spec *sweep,
                     struct error *error) {
  struct grid grid = {.base = draft};
  bool good = grid_init(&grid, error) && read_axes(&grid, error) && check_size(&grid, error) &&
              read_exclusions(&grid, error) && add_combinations(&grid, sweep, error);
  grid_clear(&grid);
  return good;
}
