/* method: grid. Every combination of the parameters' values, the last
 * parameter fastest, but those that `exclude` matches. */
#include <stdlib.h>

#include "base/memory.h"
#include "config/sweep_axes.h"

struct grid {
  struct axes axes;
  size_t *at; /* [axes]: the combination in hand */
};

/* The next combination, the last axis fastest; false after the last. */
static bool advance(struct grid *grid) {
  for (size_t i = grid->axes.count; i-- > 0;) {
    if (++grid->at[i] < grid->axes.axis[i].count) return true;
    grid->at[i] = 0;
  }
  return false;
}

static bool check_size(const struct grid *grid, struct error *error) {
  size_t points = 1;
  for (size_t i = 0; i < grid->axes.count; i++) {
    points *= grid->axes.axis[i].count; /* both at most SWEEP_ARCHITECTURES_MAX */
    if (points > SWEEP_ARCHITECTURES_MAX) {
      return yaml_error(grid->axes.base->parameters, error, "more than %d combinations",
                        SWEEP_ARCHITECTURES_MAX);
    }
  }
  return true;
}

static void choose(struct grid *grid) {
  for (size_t i = 0; i < grid->axes.count; i++) {
    const struct axis *axis = &grid->axes.axis[i];
    axes_choose(&grid->axes, i, axis->node[grid->at[i]], json_incref(axis->value[grid->at[i]]));
  }
}

static bool add_combinations(struct grid *grid, struct sweep_spec *sweep, struct error *error) {
  struct axes *axes = &grid->axes;
  do {
    choose(grid);
    if (!axes_are_excluded(axes) && !axes_add(axes, sweep, error)) return false;
  } while (advance(grid));
  for (size_t i = 0; i < axes->exclusions; i++) {
    if (axes->exclusion[i].used) continue;
    return yaml_error(axes->exclusion[i].node, error, "this matches no combination");
  }
  if (sweep->architectures > 0) return true;
  return yaml_error(axes->base->exclude, error, "all combinations are excluded");
}

bool sweep_read_grid(const struct config_draft *draft, struct sweep_spec *sweep,
                     struct error *error) {
  struct grid grid = {0};
  bool good = axes_init(&grid.axes, draft, error) && check_size(&grid, error);
  if (good) {
    grid.at = memory_array(grid.axes.count, sizeof *grid.at, error);
    good = grid.at != NULL && add_combinations(&grid, sweep, error);
  }
  axes_clear(&grid.axes);
  free(grid.at);
  return good;
}
