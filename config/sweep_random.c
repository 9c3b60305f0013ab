/* method: random. Draw i gives each parameter a value of its own, from the
 * sweep's seed, i and the parameter's path alone: a larger run_cap or another
 * parameter leaves the draws that were there as they are. */
#include <stdlib.h>

#include "base/memory.h"
#include "config/sweep_drawn.h"

static bool draw_axis(struct axes *axes, size_t index, uint32_t number, struct drawn *drawn,
                      struct error *error) {
  const struct axis *axis = &axes->axis[index];
  struct random random;
  random_init(&random, axes->base->sweep_seed, STREAM_SWEEP, number, axis_stream(axis));
  return axes_choose_drawn(axes, index, axis_draw_value(axis, &random), drawn, error);
}

static bool add_draw(struct axes *axes, uint32_t number, struct drawn *drawn,
                     struct sweep_spec *sweep, struct error *error) {
  for (size_t i = 0; i < axes->count; i++) {
    if (!draw_axis(axes, i, number, &drawn[i], error)) return false;
  }
  return axes_are_excluded(axes) || axes_add(axes, sweep, error);
}

static bool add_draws(struct axes *axes, struct sweep_spec *sweep, struct error *error) {
  struct drawn *drawn = memory_array(axes->count, sizeof *drawn, error);
  bool good = drawn != NULL;
  for (size_t i = 0; i < axes->base->run_cap && good; i++) {
    good = add_draw(axes, (uint32_t)i, drawn, sweep, error);
  }
  free(drawn);
  if (!good || sweep->architectures > 0) return good;
  return yaml_error(axes->base->exclude, error, "every combination that is drawn is excluded");
}

bool sweep_read_random(const struct config_draft *draft, struct sweep_spec *sweep,
                       struct error *error) {
  if (draft->run_cap == 0) {
    yaml_error_document(draft->document, error, "method: random needs sweep.run_cap");
    return error_help(error, "say how many combinations are drawn, for example run_cap: 100");
  }
  struct axes axes;
  bool good = axes_init(&axes, draft, error) && add_draws(&axes, sweep, error);
  axes_clear(&axes);
  return good;
}
