/* Embedding rows and wide weights, out of their tables and back into them. */
#include "tests/kernels/harness.h"

/* Few rows, so that a batch names some of them several times. */
static size_t table_rows(struct test_case *c) {
  return 1 + choose(c, 9);
}

/* --- embedding_gather --- */

static void gather_set_up(struct test_case *c, void *arguments) {
  struct embedding_gather *a = arguments;
  size_t rows = table_rows(c);
  a->m = c->size[0];
  a->dim = c->size[1];
  a->table_ld = operand(c, "table", &a->table, IN, FLOATS, rows, a->dim);
  a->known_ahead = choose(c, 2 * EMBEDDING_AHEAD);
  indices(c, "index", &a->index, 1, a->m + a->known_ahead, rows);
  a->out_ld = operand(c, "out", &a->out, OUT, FLOATS, a->m, a->dim);
}

static void gather_reference(struct test_case *c, const void *arguments) {
  const struct embedding_gather *a = arguments;
  for (size_t r = 0; r < a->m; r++) {
    for (size_t d = 0; d < a->dim; d++) {
      expect(c, &a->out[r * a->out_ld + d], (double)a->table[a->index[r] * a->table_ld + d], 0.0);
    }
  }
}

const struct kernel_test test_embedding_gather = {
    .shapes = {.axis = {"m", "dim"},
               .most = {9, VECTOR_SWEEP},
               .base = {{1, 8}, {6, 16}, {13, 35}},
               .larger = {{64, 8}, {100, 64}}},
    .set_up = gather_set_up,
    .reference = gather_reference,
};

/* --- embedding_scatter_add --- */

static void scatter_set_up(struct test_case *c, void *arguments) {
  struct embedding_scatter_add *a = arguments;
  size_t rows = table_rows(c);
  a->m = c->size[0];
  a->dim = c->size[1];
  a->table_ld = operand(c, "table", &a->table, IN_OUT, FLOATS, rows, a->dim);
  a->known_ahead = choose(c, 2 * EMBEDDING_AHEAD);
  indices(c, "index", &a->index, 1, a->m + a->known_ahead, rows);
  a->in_ld = operand(c, "in", &a->in, IN, FLOATS, a->m, a->dim);
}

static void scatter_reference(struct test_case *c, const void *arguments) {
  const struct embedding_scatter_add *a = arguments;
  for (size_t row = 0; row < c->operand[0].rows; row++) {
    for (size_t d = 0; d < a->dim; d++) {
      struct chain s = chain_start((double)a->table[row * a->table_ld + d]);
      for (size_t r = 0; r < a->m; r++) {
        if (a->index[r] == row) chain_add(&s, (double)a->in[r * a->in_ld + d]);
      }
      expect_chain(c, &a->table[row * a->table_ld + d], &s, 1.0);
    }
  }
}

const struct kernel_test test_embedding_scatter_add = {
    .shapes = {.axis = {"m", "dim"},
               .most = {9, VECTOR_SWEEP},
               .base = {{1, 8}, {6, 16}, {13, 35}},
               .larger = {{64, 8}, {100, 64}}},
    .set_up = scatter_set_up,
    .reference = scatter_reference,
};

/* --- wide_gather_sum --- */

static void wide_sum_set_up(struct test_case *c, void *arguments) {
  struct wide_gather_sum *a = arguments;
  size_t rows = table_rows(c);
  a->m = c->size[0];
  a->tables = c->size[1];
  operand(c, "weight", &a->weight, IN, FLOATS, 1, rows);
  a->index_ld = indices(c, "index", &a->index, a->tables, a->m, rows);
  operand(c, "out", &a->out, OUT, FLOATS, 1, a->m);
}

static void wide_sum_reference(struct test_case *c, const void *arguments) {
  const struct wide_gather_sum *a = arguments;
  for (size_t r = 0; r < a->m; r++) {
    struct chain s = chain_start(0.0);
    for (size_t t = 0; t < a->tables; t++) {
      chain_add(&s, (double)a->weight[a->index[t * a->index_ld + r]]);
    }
    expect_chain(c, &a->out[r], &s, 1.0);
  }
}

const struct kernel_test test_wide_gather_sum = {
    .shapes = {.axis = {"m", "tables"},
               .most = {VECTOR_SWEEP, 9},
               .base = {{1, 1}, {17, 3}, {32, 5}},
               .larger = {{256, 4}}},
    .set_up = wide_sum_set_up,
    .reference = wide_sum_reference,
};

/* --- wide_scatter_add --- */

static void wide_scatter_set_up(struct test_case *c, void *arguments) {
  struct wide_scatter_add *a = arguments;
  size_t rows = table_rows(c);
  a->m = c->size[0];
  a->tables = c->size[1];
  operand(c, "weight", &a->weight, IN_OUT, FLOATS, 1, rows);
  a->index_ld = indices(c, "index", &a->index, a->tables, a->m, rows);
  operand(c, "in", &a->in, IN, FLOATS, 1, a->m);
}

static void wide_scatter_reference(struct test_case *c, const void *arguments) {
  const struct wide_scatter_add *a = arguments;
  for (size_t w = 0; w < c->operand[0].width; w++) {
    struct chain s = chain_start((double)a->weight[w]);
    for (size_t t = 0; t < a->tables; t++) {
      for (size_t r = 0; r < a->m; r++) {
        if (a->index[t * a->index_ld + r] == w) chain_add(&s, (double)a->in[r]);
      }
    }
    expect_chain(c, &a->weight[w], &s, 1.0);
  }
}

const struct kernel_test test_wide_scatter_add = {
    .shapes = {.axis = {"m", "tables"},
               .most = {VECTOR_SWEEP, 9},
               .base = {{1, 1}, {17, 3}, {32, 5}},
               .larger = {{256, 4}}},
    .set_up = wide_scatter_set_up,
    .reference = wide_scatter_reference,
};
