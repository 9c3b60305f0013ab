/* Bags of embedding rows, pooled, and their gradients back into the table. */
#include <math.h>

#include "tests/kernels/harness.h"

/* The pooling's weight is rounded twice at most: the root and the quotient. */
enum { WEIGHT_ROUNDINGS = 2 };

static double weight_of(const struct test_case *c, enum pooling pooling, uint32_t n) {
  if (pooling == POOLING_SUM) return 1.0;
  return rounded(c, 1.0 / (pooling == POOLING_MEAN ? (double)n : rounded(c, sqrt((double)n))));
}

/* So that some bags are empty, some hold many rows, and some a row twice. */
static size_t entries(struct test_case *c, size_t bags) {
  return bags == 0 ? 0 : choose(c, (unsigned)(4 * bags + 9));
}

/* --- embedding_bag --- */

static void bag_set_up(struct test_case *c, void *arguments) {
  struct embedding_bag *a = arguments;
  size_t rows = 1 + choose(c, 9);
  a->m = c->size[0];
  a->dim = c->size[1];
  a->pooling = (enum pooling)choose(c, POOLING_RSQRT + 1);
  size_t count = entries(c, a->m);
  a->table_ld = operand(c, "table", &a->table, IN, FLOATS, rows, a->dim);
  offsets(c, "offset", &a->offset, a->m, count);
  a->known_ahead = choose(c, 2 * EMBEDDING_AHEAD);
  indices(c, "index", &a->index, 1, count + a->known_ahead, rows);
  a->out_ld = operand(c, "out", &a->out, OUT, FLOATS, a->m, a->dim);
}

static void bag_reference(struct test_case *c, const void *arguments) {
  const struct embedding_bag *a = arguments;
  for (size_t r = 0; r < a->m; r++) {
    uint32_t first = a->offset[r], end = a->offset[r + 1];
    for (size_t d = 0; d < a->dim; d++) {
      const float *out = &a->out[r * a->out_ld + d];
      struct chain s = chain_start(0.0);
      for (uint32_t i = first; i < end; i++) {
        chain_add(&s, (double)a->table[a->index[i] * a->table_ld + d]);
      }
      if (first == end) {
        expect(c, out, 0.0, 0.0);
      } else if (c->fill == FILL_INTEGERS) {
        expect(c, out, rounded(c, s.sum * weight_of(c, a->pooling, end - first)), 0.0);
      } else {
        s.roundings += WEIGHT_ROUNDINGS;
        expect_chain(c, out, &s, weight_of(c, a->pooling, end - first));
      }
    }
  }
}

const struct kernel_test test_embedding_bag = {
    .shapes = {.axis = {"m", "dim"},
               .most = {17, VECTOR_SWEEP},
               .base = {{1, 8}, {6, 16}, {13, 35}},
               .larger = {{64, 8}, {100, 64}}},
    .set_up = bag_set_up,
    .reference = bag_reference,
};

/* --- embedding_bag_scatter_add --- */

static void bag_scatter_set_up(struct test_case *c, void *arguments) {
  struct embedding_bag_scatter_add *a = arguments;
  size_t rows = 1 + choose(c, 9);
  a->m = c->size[0];
  a->dim = c->size[1];
  a->pooling = (enum pooling)choose(c, POOLING_RSQRT + 1);
  if (c->fill == FILL_INTEGERS) a->pooling = POOLING_SUM;
  size_t count = entries(c, a->m);
  a->table_ld = operand(c, "table", &a->table, IN_OUT, FLOATS, rows, a->dim);
  offsets(c, "offset", &a->offset, a->m, count);
  a->known_ahead = choose(c, 2 * EMBEDDING_AHEAD);
  indices(c, "index", &a->index, 1, count + a->known_ahead, rows);
  a->in_ld = operand(c, "in", &a->in, IN, FLOATS, a->m, a->dim);
}

static void bag_scatter_reference(struct test_case *c, const void *arguments) {
  const struct embedding_bag_scatter_add *a = arguments;
  for (size_t row = 0; row < c->operand[0].rows; row++) {
    for (size_t d = 0; d < a->dim; d++) {
      const float *element = &a->table[row * a->table_ld + d];
      struct chain s = chain_start((double)*element);
      for (size_t r = 0; r < a->m; r++) {
        uint32_t first = a->offset[r], end = a->offset[r + 1];
        for (uint32_t i = first; i < end; i++) {
          if (a->index[i] != row) continue;
          chain_add(&s, weight_of(c, a->pooling, end - first) * (double)a->in[r * a->in_ld + d]);
        }
      }
      if (s.roundings == 0) {
        expect(c, element, s.sum, 0.0);
        continue;
      }
      s.roundings += WEIGHT_ROUNDINGS;
      expect_chain(c, element, &s, 1.0);
    }
  }
}

const struct kernel_test test_embedding_bag_scatter_add = {
    .shapes = {.axis = {"m", "dim"},
               .most = {17, VECTOR_SWEEP},
               .base = {{1, 8}, {6, 16}, {13, 35}},
               .larger = {{64, 8}, {100, 64}}},
    .set_up = bag_scatter_set_up,
    .reference = bag_scatter_reference,
};
