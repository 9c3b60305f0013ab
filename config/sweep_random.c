/* method: random. Draw i gives each parameter a value of its own, from the
 * sweep's seed, i and the parameter's path alone: a larger run_cap or another
 * parameter leaves the draws that were there as they are. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/memory.h"
#include "base/numeric.h"
#include "base/philox.h"
#include "config/sweep_axes.h"

static double clamp(double value, double low, double high) {
  return value < low ? low : value > high ? high : value;
}

/* Uniform in the logarithm. Whole numbers are rounded down from [min, max + 1):
 * n comes with a share of log((n + 1) / n). */
static double draw_log_uniform(struct random *random, const struct axis *axis) {
  bool whole = axis->key->type->range == RANGE_WHOLE;
  double low = numeric_log(axis->minimum);
  double high = numeric_log(axis->maximum + (whole ? 1 : 0));
  double value = numeric_exp(low + (high - low) * random_double(random));
  if (whole) value = (double)(uint64_t)value;
  return clamp(value, axis->minimum, axis->maximum);
}

static double draw_number(struct random *random, const struct axis *axis) {
  double width = axis->maximum - axis->minimum;
  switch (axis->draw) {
    case DRAW_UNIFORM:
      return clamp(axis->minimum + width * random_double(random), axis->minimum, axis->maximum);
    case DRAW_LOG_UNIFORM:
      return draw_log_uniform(random, axis);
    case DRAW_INT_UNIFORM:
      return axis->minimum + (double)random_below(random, (uint32_t)width + 1);
    case DRAW_VALUES:
      break;
  }
  return axis->minimum;
}

/* A drawn number as it would stand in the file, at the place of its range. */
struct drawn {
  struct yaml_node node;
  char text[TEXT_DOUBLE];
};

static void write_drawn(struct drawn *drawn, const struct axis *axis, double number) {
  if (axis->key->type->range == RANGE_WHOLE) {
    (void)snprintf(drawn->text, sizeof drawn->text, "%.0f", number);
  } else {
    text_from_double(number, drawn->text);
  }
  drawn->node = (struct yaml_node){.document = axis->place->document,
                                   .kind = YAML_SCALAR,
                                   .line = axis->place->line,
                                   .column = axis->place->column,
                                   .plain = true,
                                   .text = drawn->text,
                                   .length = strlen(drawn->text)};
}

static bool draw_axis(struct axes *axes, size_t index, uint32_t number, struct drawn *drawn,
                      struct error *error) {
  const struct axis *axis = &axes->axis[index];
  const char *path = axis->key->path;
  struct random random;
  random_init(&random, axes->base->sweep_seed, STREAM_SWEEP, number,
              (uint32_t)digest_bytes(path, strlen(path)));
  if (axis->draw == DRAW_VALUES) {
    uint32_t at = random_below(&random, (uint32_t)axis->count);
    axes_choose(axes, index, axis->node[at], json_incref(axis->value[at]));
    return true;
  }
  write_drawn(drawn, axis, draw_number(&random, axis));
  json_t *value = axes_read_value(axes, axis->key, &drawn->node, error);
  axes_choose(axes, index, &drawn->node, value);
  return value != NULL;
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
