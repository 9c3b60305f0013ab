#include "model/averaging.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Rows that one call of the kernel takes. */
enum { ROWS_OF_CALL = 64 };

bool averaging_init(struct averaging *averaging, const struct averaging_spec *spec,
                    const struct wide_deep *model, bool lazy, struct error *error) {
  *averaging = (struct averaging){.decay = spec->ema};
  if (!spec->on) return true;
  averaging->mean = memory_aligned(model->floats, sizeof *averaging->mean, error);
  bool made = averaging->mean != NULL;
  if (made) memcpy(averaging->mean, model->weights, model->floats * sizeof *averaging->mean);
  for (size_t f = 0; made && lazy && f < model->fields; f++) {
    averaging->caught_up[f] =
        memory_array(model->field[f].table->rows + 1, sizeof(uint32_t), error);
    made = averaging->caught_up[f] != NULL;
  }
  if (!made) averaging_clear(averaging);
  return made;
}

void averaging_clear(struct averaging *averaging) {
  free(averaging->mean);
  for (size_t f = 0; f < DEEP_COLUMNS_MAX; f++) free(averaging->caught_up[f]);
  *averaging = (struct averaging){0};
}

double averaging_power(double decay, uint32_t steps) {
  double power = 1.0;
  for (; steps > 0; steps >>= 1) {
    if ((steps & 1) != 0) power *= decay;
    decay *= decay;
  }
  return power;
}

void averaging_step(struct averaging *averaging) {
  averaging->steps++;
}

void averaging_span(const struct averaging *averaging, const struct wide_deep *model, size_t from,
                    size_t end, const struct kernels *kernels) {
  if (averaging->mean == NULL) return;
  kernels->average(&(struct average){.n = end - from,
                                     .mean = averaging->mean + from,
                                     .w = model->weights + from,
                                     .decay = (float)averaging->decay});
}

/* Some rows that are behind, and by how much. */
struct late_rows {
  size_t count;
  uint32_t row[ROWS_OF_CALL];
  float decay[ROWS_OF_CALL];
};

static void catch_up(const struct averaging *averaging, const struct wide_deep *model, size_t f,
                     struct late_rows *late, const struct kernels *kernels) {
  const struct tensor *table = model->field[f].table;
  kernels->average_rows(&(struct average_rows){.count = late->count,
                                               .dim = table->columns,
                                               .ld = table->ld,
                                               .row = late->row,
                                               .mean = averaging->mean + table->offset,
                                               .w = model->weights + table->offset,
                                               .decay = late->decay});
  late->count = 0;
}

static void add_late(const struct averaging *averaging, size_t f, uint32_t row, uint32_t steps,
                     struct late_rows *late) {
  uint32_t *caught_up = &averaging->caught_up[f][row];
  if (*caught_up == steps) return;
  late->row[late->count] = row;
  late->decay[late->count++] = (float)averaging_power(averaging->decay, steps - *caught_up);
  *caught_up = steps;
}

void averaging_rows(const struct averaging *averaging, const struct wide_deep *model, size_t f,
                    const uint32_t *row, size_t count, const struct kernels *kernels) {
  if (averaging->mean == NULL) return;
  struct late_rows late = {0};
  for (size_t i = 0; i < count; i++) {
    add_late(averaging, f, row[i], averaging->steps - 1, &late);
    if (late.count == ROWS_OF_CALL) catch_up(averaging, model, f, &late, kernels);
  }
  if (late.count > 0) catch_up(averaging, model, f, &late, kernels);
}

void averaging_flush(const struct averaging *averaging, const struct wide_deep *model,
                     const struct kernels *kernels) {
  for (size_t f = 0; f < model->fields && averaging->caught_up[f] != NULL; f++) {
    struct late_rows late = {0};
    for (size_t row = 0; row <= model->field[f].table->rows; row++) {
      add_late(averaging, f, (uint32_t)row, averaging->steps, &late);
      if (late.count == ROWS_OF_CALL) catch_up(averaging, model, f, &late, kernels);
    }
    if (late.count > 0) catch_up(averaging, model, f, &late, kernels);
  }
}

void averaging_swap(struct averaging *averaging, struct wide_deep *model) {
  if (averaging->mean == NULL) return;
  float *weights = model->weights;
  model->weights = averaging->mean;
  averaging->mean = weights;
}
