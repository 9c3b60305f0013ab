/* Steps of a model without layers: to the bit the kernels of its parts, one after another,
 * each of which has a reference of its own. */
#include <stdlib.h>
#include <string.h>

#include "tests/kernels/harness.h"

enum { TABLE_ROWS = 7, WIDE_WEIGHTS = 5, PARTS = 4 };

/* The wide weights first, then the others in one of four orders, so that each is the last. */
static size_t lay_out(struct test_case *c, struct dot_steps *a) {
  const size_t size[PARTS] = {TABLE_ROWS * a->dim, TABLE_ROWS * a->dim, 2 * a->dim, 1};
  size_t *const at[PARTS] = {&a->at[0], &a->at[1], &a->head_at, &a->bias_at};
  const size_t first = choose(c, PARTS);
  size_t floats = WIDE_WEIGHTS;
  for (size_t i = 0; i < PARTS; i++) {
    const size_t part = (first + i) % PARTS;
    *at[part] = floats;
    floats += size[part];
  }
  return floats;
}

static void set_up(struct test_case *c, void *arguments) {
  struct dot_steps *a = arguments;
  a->rows = c->size[0];
  a->batch = 1 + c->size[1];
  a->dim = 1 + c->size[2];
  a->tables = choose(c, 2);
  a->rate = constant(c, 0.25f, 0.013f);
  a->epsilon = 1e-7f;
  a->penalty = choose(c, 2) == 0 ? 0.0f : constant(c, 0.5f, 0.11f);
  a->head_penalty = choose(c, 2) == 0 ? 0.0f : constant(c, 0.5f, 0.13f);
  const size_t floats = lay_out(c, a);
  operand(c, "w", &a->w, IN_OUT, FLOATS, 1, floats);
  if (choose(c, 2) == 1) operand(c, "sum", &a->sum, IN_OUT, SQUARES, 1, floats);
  for (size_t f = 0; f < 2; f++) {
    a->unseen[f] = choose(c, TABLE_ROWS + 1);
    indices(c, f == 0 ? "u" : "v", &a->index[f], 1, a->rows, TABLE_ROWS);
  }
  a->wide_ld = indices(c, "wide", &a->wide, a->tables, a->rows, WIDE_WEIGHTS);
  indices(c, "wide_unseen", &a->wide_unseen, 1, a->tables, WIDE_WEIGHTS);
  operand(c, "target", &a->target, IN, FLOATS, 1, a->rows);
  operand(c, "loss", &a->loss, IN_OUT, DOUBLES, 1, 1);
}

/* --- one step, by the kernels of its parts --- */

enum { BATCH = DOT_STEPS_BATCH_MOST, WIDTH = 2 * DOT_STEPS_DIM_MOST };

struct parts {
  const struct kernels *kernels;
  const struct dot_steps *a;
  float *w, *g, *sum; /* the arena's layout */
  double loss;
  float x[BATCH * WIDTH], dx[BATCH * WIDTH];
  float wide[BATCH], interaction[BATCH], score[BATCH], gradient[BATCH];
};

static void forward(struct parts *p, size_t at, size_t m) {
  const struct dot_steps *a = p->a;
  const uint32_t field_at[2] = {0, (uint32_t)a->dim};
  for (size_t f = 0; f < 2; f++) {
    p->kernels->embedding_gather(&(struct embedding_gather){.m = m,
                                                            .dim = a->dim,
                                                            .table = p->w + a->at[f],
                                                            .table_ld = a->dim,
                                                            .index = a->index[f] + at,
                                                            .out = p->x + f * a->dim,
                                                            .out_ld = WIDTH});
  }
  p->kernels->wide_gather_sum(&(struct wide_gather_sum){.m = m,
                                                        .tables = a->tables,
                                                        .weight = p->w,
                                                        .index = a->wide + at,
                                                        .index_ld = a->wide_ld,
                                                        .out = p->wide});
  p->kernels->dot_forward(&(struct dot_forward){.m = m,
                                                .fields = 2,
                                                .first_fields = 1,
                                                .dim = a->dim,
                                                .field_at = field_at,
                                                .x = p->x,
                                                .x_ld = WIDTH,
                                                .out = p->interaction});
  p->kernels->head_forward(&(struct head_forward){.m = m,
                                                  .k = 2 * a->dim,
                                                  .x = p->x,
                                                  .x_ld = WIDTH,
                                                  .w = p->w + a->head_at,
                                                  .wide = a->tables > 0 ? p->wide : NULL,
                                                  .interaction = p->interaction,
                                                  .bias = p->w + a->bias_at,
                                                  .out = p->score});
  p->kernels->squared_error(&(struct squared_error){.m = m,
                                                    .prediction = p->score,
                                                    .target = a->target + at,
                                                    .gradient = p->gradient,
                                                    .gradient_scale = 2.0f / (float)m,
                                                    .sum = &p->loss});
}

static void backward(struct parts *p, size_t at, size_t m) {
  const struct dot_steps *a = p->a;
  const uint32_t field_at[2] = {0, (uint32_t)a->dim};
  p->kernels->dense_backward_weights(&(struct dense_backward_weights){.m = m,
                                                                      .k = 1,
                                                                      .n = 2 * a->dim,
                                                                      .x = p->gradient,
                                                                      .x_ld = 1,
                                                                      .dy = p->x,
                                                                      .dy_ld = WIDTH,
                                                                      .dw = p->g + a->head_at,
                                                                      .dw_ld = 2 * a->dim});
  p->kernels->dense_backward_weights(&(struct dense_backward_weights){
      .m = m, .n = 1, .dy = p->gradient, .dy_ld = 1, .dbias = p->g + a->bias_at});
  p->kernels->dense_backward_data(&(struct dense_backward_data){.m = m,
                                                                .k = 2 * a->dim,
                                                                .n = 1,
                                                                .dy = p->gradient,
                                                                .dy_ld = 1,
                                                                .w = p->w + a->head_at,
                                                                .w_ld = 1,
                                                                .dx = p->dx,
                                                                .dx_ld = WIDTH});
  p->kernels->dot_backward(&(struct dot_backward){.m = m,
                                                  .fields = 2,
                                                  .first_fields = 1,
                                                  .dim = a->dim,
                                                  .field_at = field_at,
                                                  .x = p->x,
                                                  .x_ld = WIDTH,
                                                  .gradient = p->gradient,
                                                  .dx = p->dx,
                                                  .dx_ld = WIDTH});
  for (size_t f = 0; f < 2; f++) {
    p->kernels->embedding_scatter_add(&(struct embedding_scatter_add){.m = m,
                                                                      .dim = a->dim,
                                                                      .table = p->g + a->at[f],
                                                                      .table_ld = a->dim,
                                                                      .index = a->index[f] + at,
                                                                      .in = p->dx + f * a->dim,
                                                                      .in_ld = WIDTH});
  }
  p->kernels->wide_scatter_add(&(struct wide_scatter_add){.m = m,
                                                          .tables = a->tables,
                                                          .weight = p->g,
                                                          .index = a->wide + at,
                                                          .index_ld = a->wide_ld,
                                                          .in = p->gradient});
}

static void update(struct parts *p, size_t at, size_t n, float penalty) {
  const struct dot_steps *a = p->a;
  float *w = p->w + at, *g = p->g + at;
  if (penalty > 0.0f) {
    p->kernels->l2(&(struct l2){.n = n, .g = g, .w = w, .penalty = penalty});
  }
  if (a->sum == NULL) {
    p->kernels->sgd(&(struct sgd){.n = n, .w = w, .g = g, .rate = a->rate});
  } else {
    p->kernels->adagrad(&(struct adagrad){
        .n = n, .w = w, .sum = p->sum + at, .g = g, .rate = a->rate, .epsilon = a->epsilon});
  }
}

/* Whether one of the entries before `i` is the same. */
static bool had(const uint32_t *index, size_t i) {
  for (size_t j = 0; j < i; j++) {
    if (index[j] == index[i]) return true;
  }
  return false;
}

static void update_all(struct parts *p, size_t at, size_t m) {
  const struct dot_steps *a = p->a;
  for (size_t i = 0; i < m; i++) {
    for (size_t f = 0; f < 2; f++) {
      const uint32_t *index = a->index[f] + at;
      if (had(index, i) || index[i] == a->unseen[f]) continue;
      update(p, a->at[f] + index[i] * a->dim, a->dim, a->penalty);
    }
    if (a->tables == 0 || had(a->wide + at, i) || a->wide[at + i] == a->wide_unseen[0]) continue;
    update(p, a->wide[at + i], 1, 0.0f);
  }
  update(p, a->head_at, 2 * a->dim, a->head_penalty);
  update(p, a->bias_at, 1, 0.0f);
}

static float *copy_of(const float *from, size_t floats) {
  float *copy = calloc(floats, sizeof *copy);
  if (copy == NULL) abort();
  if (from != NULL) memcpy(copy, from, floats * sizeof *copy);
  return copy;
}

static void reference(struct test_case *c, const void *arguments) {
  const struct dot_steps *a = arguments;
  const size_t floats = c->operand[0].width;
  static struct parts p;
  p = (struct parts){.kernels = kernels_of(ISA_SCALAR), .a = a, .loss = *a->loss};
  p.w = copy_of(a->w, floats);
  p.sum = copy_of(a->sum, floats);
  for (size_t at = 0; at < a->rows; at += a->batch) {
    const size_t left = a->rows - at, m = left < a->batch ? left : a->batch;
    p.g = copy_of(NULL, floats);
    forward(&p, at, m);
    backward(&p, at, m);
    update_all(&p, at, m);
    free(p.g);
  }
  expect(c, a->loss, p.loss, 0.0);
  for (size_t i = 0; i < floats; i++) {
    expect(c, &a->w[i], (double)p.w[i], 0.0);
    if (a->sum != NULL) expect(c, &a->sum[i], (double)p.sum[i], 0.0);
  }
  free(p.w);
  free(p.sum);
}

const struct kernel_test test_dot_steps = {
    .shapes = {.axis = {"rows", "batch - 1", "dim - 1"},
               .most = {18, DOT_STEPS_BATCH_MOST - 1, VECTOR_SWEEP},
               .base = {{1, 0, 9}, {7, 2, 18}, {16, 15, 4}},
               .larger = {{40, 3, 99}, {33, 15, 255}, {9, 0, 31}}},
    .set_up = set_up,
    .reference = reference,
};
