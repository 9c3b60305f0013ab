#include "config/sweep_drawn.h"

#include <stdio.h>
#include <string.h>

#include "base/digest.h"
#include "base/numeric.h"

uint32_t axis_stream(const struct axis *axis) {
  const char *path = axis->key->path;
  return (uint32_t)digest_bytes(path, strlen(path));
}

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

double axis_draw_value(const struct axis *axis, struct random *random) {
  double width = axis->maximum - axis->minimum;
  switch (axis->draw) {
    case DRAW_VALUES:
      return (double)random_below(random, (uint32_t)axis->count);
    case DRAW_UNIFORM:
      return clamp(axis->minimum + width * random_double(random), axis->minimum, axis->maximum);
    case DRAW_LOG_UNIFORM:
      return draw_log_uniform(random, axis);
    case DRAW_INT_UNIFORM:
      return axis->minimum + (double)random_below(random, (uint32_t)width + 1);
  }
  return axis->minimum;
}

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

bool axes_choose_drawn(struct axes *axes, size_t index, double value, struct drawn *drawn,
                       struct error *error) {
  const struct axis *axis = &axes->axis[index];
  if (axis->draw == DRAW_VALUES) {
    const size_t at = (size_t)value;
    axes_choose(axes, index, axis->node[at], json_incref(axis->value[at]));
    return true;
  }
  write_drawn(drawn, axis, value);
  json_t *read = axes_read_value(axes, axis->key, &drawn->node, error);
  axes_choose(axes, index, &drawn->node, read);
  return read != NULL;
}
