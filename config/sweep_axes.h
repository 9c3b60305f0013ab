/* What grids and draws share: sweep.parameters as axes, one combination
 * of their values in hand, and the combinations that `exclude` names. */
#ifndef CROSSLANE_CONFIG_SWEEP_AXES_H
#define CROSSLANE_CONFIG_SWEEP_AXES_H

#include "config/sweep_spec.h"

enum axis_draw { DRAW_VALUES, DRAW_UNIFORM, DRAW_LOG_UNIFORM, DRAW_INT_UNIFORM };

/* One parameter. */
struct axis {
  const struct config_key *key;
  enum axis_draw draw;
  /* DRAW_VALUES */
  size_t count;
  const struct yaml_node *const *node; /* [count], in the tree */
  json_t **value;                      /* [count], canonical */
  /* [count] names of the values, as labels of architectures show them; NULL:
   * the values themselves. In the tree. */
  const struct yaml_node *const *label;
  /* Ranges, both ends included. */
  const struct yaml_node *place; /* of the minimum, for errors about drawn values */
  double minimum, maximum;
};

struct exclusion {
  const struct yaml_node *node;
  json_t **value; /* [axes]: NULL matches all */
  bool used;
};

struct axes {
  const struct config_draft *base;
  struct config_draft *scratch; /* for reading single values, then for points */
  size_t count;
  struct axis *axis;
  const char **name; /* [count], as labels show them */
  size_t exclusions;
  struct exclusion *exclusion;
  /* The combination in hand. */
  const struct yaml_node **node; /* [count] */
  json_t **value;                /* [count], references of its own */
};

/* Reads sweep.parameters and sweep.exclude; clear after a failure too. */
bool axes_init(struct axes *axes, const struct config_draft *draft, struct error *error);
void axes_clear(struct axes *axes);

/* Checks a value at its place and gives its canonical form, or NULL. */
json_t *axes_read_value(struct axes *axes, const struct config_key *key,
                        const struct yaml_node *node, struct error *error);

/* Puts a value into the combination in hand; steals it. */
void axes_choose(struct axes *axes, size_t axis, const struct yaml_node *node, json_t *value);

/* Marks the exclusions that match as used. */
bool axes_are_excluded(struct axes *axes);

/* The combination in hand, into the sweep. */
bool axes_add(struct axes *axes, struct sweep_spec *sweep, struct error *error);

/* config/sweep_ranges.c: {min: A, max: B, distribution: D} */
bool axis_read_range(struct axis *axis, const struct yaml_node *node, struct error *error);

#endif
