/* The ranges of sweep.parameters: {min, max, distribution}. */
#include <stddef.h>

#include "base/numeric.h"
#include "config/sweep_axes.h"

/* numeric_exp and numeric_log keep within their ranges from here on. */
static const double log_minimum = 1e-300;

static const char *const distributions[] = {"uniform", "log_uniform_values", "int_uniform"};
static const enum axis_draw draws[] = {DRAW_UNIFORM, DRAW_LOG_UNIFORM, DRAW_INT_UNIFORM};
enum { DISTRIBUTIONS = sizeof distributions / sizeof *distributions };

static bool read_distribution(struct axis *axis, const struct yaml_node *node,
                              struct error *error) {
  bool whole = axis->key->type->range == RANGE_WHOLE;
  axis->draw = whole ? DRAW_INT_UNIFORM : DRAW_UNIFORM;
  if (node == NULL) return true;
  if (!config_read_word(node, "the name of a distribution", error)) return false;
  size_t i = 0;
  while (i < DISTRIBUTIONS && !yaml_equals(node, distributions[i])) i++;
  if (i == DISTRIBUTIONS) {
    yaml_error(node, error, "unknown distribution '%.40s' of min and max", node->text);
    return config_suggest(error, node->text, distributions, DISTRIBUTIONS, "Distributions");
  }
  axis->draw = draws[i];
  if (axis->draw == (whole ? DRAW_UNIFORM : DRAW_INT_UNIFORM)) {
    yaml_error(node, error, "%s takes %s numbers", axis->key->path, whole ? "whole" : "real");
    return error_help(error,
                      "give int_uniform for whole numbers, uniform for real ones, or "
                      "log_uniform_values");
  }
  return true;
}

static bool read_bound(const struct axis *axis, const struct yaml_node *range, const char *name,
                       double *bound, struct error *error) {
  const struct config_key *key = axis->key;
  const struct yaml_node *node = yaml_get(range, name);
  if (node == NULL) return yaml_error(range, error, "%s is missing", name);
  bool good;
  if (key->type->range == RANGE_WHOLE) {
    uint64_t whole = 0;
    good = config_read_u64(node, key->minimum, key->maximum, &whole, error);
    *bound = (double)whole; /* exact: at most 2^32 */
  } else {
    good = config_read_real(key, node, bound, error);
  }
  if (!good) error_help(error, "%s: %s", key->path, key->help);
  return good;
}

bool axis_read_range(struct axis *axis, const struct yaml_node *node, struct error *error) {
  if (axis->key->type->range == RANGE_NONE) {
    yaml_error(node, error, "%s is not one number: give values", axis->key->path);
    return false;
  }
  if (!read_bound(axis, node, "min", &axis->minimum, error) ||
      !read_bound(axis, node, "max", &axis->maximum, error) ||
      !read_distribution(axis, yaml_get(node, "distribution"), error)) {
    return false;
  }
  axis->place = yaml_get(node, "min");
  if (axis->minimum >= axis->maximum) {
    return yaml_error(yaml_get(node, "max"), error, "max must be larger than min");
  }
  if (axis->draw == DRAW_LOG_UNIFORM && axis->minimum < log_minimum) {
    return yaml_error(axis->place, error, "log_uniform_values needs a min above 0");
  }
  if (axis->draw == DRAW_LOG_UNIFORM && numeric_log(axis->minimum) >= numeric_log(axis->maximum)) {
    return yaml_error(yaml_get(node, "max"), error, "max must be larger than min");
  }
  return true;
}
