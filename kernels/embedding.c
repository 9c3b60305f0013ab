/* Embedding rows and wide weights: out of a table, and gradients back into it.
 * Rows are contiguous loads; a gather instruction reads one float a lane and
 * is slower on every x86 core. */
#include <math.h>

#include "kernels/declare.h"

/* The usual sizes of a row have loops of their own, in which the number of
 * vectors is a constant: the rest of a row's cost is what surrounds its loads.
 * SHAPED(run, a) calls run(a, shape) for the shape of a->dim. */
enum shape {
  SHAPE_ANY = 0,  /* else: so many whole vectors */
  SHAPE_HALF = -1 /* half a vector, where the vocabulary has them */
};

#define SHAPED(run, a)                                  \
  do {                                                  \
    if (V_HALF != 0 && (a)->dim == V_HALF) {            \
      run(a, SHAPE_HALF);                               \
    } else if ((a)->dim == VW) {                        \
      run(a, 1);                                        \
    } else if ((a)->dim == (size_t)2 * VW) {            \
      run(a, 2);                                        \
    } else if ((a)->dim == (size_t)4 * VW) {            \
      run(a, 4);                                        \
    } else if ((a)->dim == (size_t)8 * VW && VW <= 8) { \
      run(a, 8);                                        \
    } else {                                            \
      run(a, SHAPE_ANY);                                \
    }                                                   \
  } while (0)

/* A row so far ahead is asked for while this one is at work: of tables beyond
 * the L2 cache it has come from memory when its turn is there. Where the next
 * call's rows are known, EMBEDDING_AHEAD; else nearer, so that a short batch
 * still gains. (Measured on Zen 5, rows of 16 floats out of a table in memory:
 * 18 ns without, 7 nearer, 4.5 with the next call's rows.) */
enum { AHEAD_IN_CALL = 16, AHEAD_IN_BAGS = 40, LINE = 16 };

INLINE size_t distance_ahead(size_t known_ahead, size_t within_call) {
  return known_ahead >= EMBEDDING_AHEAD ? EMBEDDING_AHEAD : within_call;
}

INLINE void fetch_row(const float *row, size_t dim) {
  for (size_t i = 0; i < dim; i += LINE) __builtin_prefetch(row + i);
}

INLINE void copy_row(float *out, const float *in, size_t dim, const int shape, vtail tail) {
  if (shape == SHAPE_HALF) {
    vh_store(out, vh_load(in));
  } else if (shape > 0) {
    UNROLL for (int v = 0; v < shape; v++) v_store(out + v * VW, v_load(in + v * VW));
  } else {
    size_t i = 0;
    for (; i + VW <= dim; i += VW) v_store(out + i, v_load(in + i));
    if (i < dim) v_store_tail(out + i, v_load_tail(in + i, tail), tail);
  }
}

INLINE void gather_rows(const struct embedding_gather *a, const int shape) {
  const size_t m = a->m, dim = a->dim, table_ld = a->table_ld, out_ld = a->out_ld;
  const size_t known = m + a->known_ahead, ahead = distance_ahead(a->known_ahead, AHEAD_IN_CALL);
  const vtail tail = v_tail(dim % VW);
  const float *table = a->table;
  const uint32_t *index = a->index;
  float *out = a->out;
  for (size_t r = 0; r < m; r++) {
    if (r + ahead < known) fetch_row(table + index[r + ahead] * table_ld, dim);
    copy_row(out, table + index[r] * table_ld, dim, shape, tail);
    out += out_ld;
  }
}

void KERNEL_NAME(embedding_gather)(const struct embedding_gather *a) {
  SHAPED(gather_rows, a);
}

/* out = out + in */
INLINE void add_row(float *out, const float *in, size_t dim, const int shape, vtail tail) {
  if (shape == SHAPE_HALF) {
    vh_store(out, vh_add(vh_load(out), vh_load(in)));
  } else if (shape > 0) {
    UNROLL for (int v = 0; v < shape; v++) {
      v_store(out + v * VW, v_add(v_load(out + v * VW), v_load(in + v * VW)));
    }
  } else {
    size_t i = 0;
    for (; i + VW <= dim; i += VW) v_store(out + i, v_add(v_load(out + i), v_load(in + i)));
    if (i < dim) {
      v_store_tail(out + i, v_add(v_load_tail(out + i, tail), v_load_tail(in + i, tail)), tail);
    }
  }
}

INLINE void scatter_rows(const struct embedding_scatter_add *a, const int shape) {
  const size_t m = a->m, dim = a->dim, table_ld = a->table_ld, in_ld = a->in_ld;
  const size_t known = m + a->known_ahead, ahead = distance_ahead(a->known_ahead, AHEAD_IN_CALL);
  const vtail tail = v_tail(dim % VW);
  const float *in = a->in;
  const uint32_t *index = a->index;
  float *table = a->table;
  for (size_t r = 0; r < m; r++) {
    if (r + ahead < known) fetch_row(table + index[r + ahead] * table_ld, dim);
    add_row(table + index[r] * table_ld, in, dim, shape, tail);
    in += in_ld;
  }
}

void KERNEL_NAME(embedding_scatter_add)(const struct embedding_scatter_add *a) {
  SHAPED(scatter_rows, a);
}

/* What the sum of n rows is multiplied by; both divisions round correctly. */
INLINE float pooling_weight(enum pooling pooling, uint32_t n) {
  if (pooling == POOLING_MEAN) return 1.0f / (float)n;
  if (pooling == POOLING_RSQRT) return 1.0f / sqrtf((float)n);
  return 1.0f;
}

/* A bag's rows, for those that stay in registers over the whole bag: the
 * indices index[first] to index[end - 1], of `known` that may be read. */
struct bag {
  const float *table;
  size_t table_ld, dim;
  const uint32_t *index;
  uint32_t first, end;
  size_t known, ahead;
  float weight;
};

INLINE void fetch_ahead(const struct bag *b, uint32_t i) {
  if (i + b->ahead < b->known) fetch_row(b->table + b->index[i + b->ahead] * b->table_ld, b->dim);
}

INLINE void pool_half(const struct bag *b, float *out) {
  vh sum = vh_zero();
  for (uint32_t i = b->first; i < b->end; i++) {
    fetch_ahead(b, i);
    sum = vh_add(sum, vh_load(b->table + b->index[i] * b->table_ld));
  }
  vh_store(out, vh_mul(sum, vh_set1(b->weight)));
}

INLINE void pool_vectors(const struct bag *b, float *out, const int vectors) {
  vf sum[8];
  UNROLL for (int v = 0; v < vectors; v++) sum[v] = v_zero();
  for (uint32_t i = b->first; i < b->end; i++) {
    const float *row = b->table + b->index[i] * b->table_ld;
    fetch_ahead(b, i);
    UNROLL for (int v = 0; v < vectors; v++) sum[v] = v_add(sum[v], v_load(row + v * VW));
  }
  const vf weight = v_set1(b->weight);
  UNROLL for (int v = 0; v < vectors; v++) v_store(out + v * VW, v_mul(sum[v], weight));
}

/* One vector of the row at a time. */
INLINE void pool_part(const struct bag *b, float *out, size_t d, bool last, vtail tail) {
  vf sum = v_zero();
  for (uint32_t i = b->first; i < b->end; i++) {
    const float *row = b->table + b->index[i] * b->table_ld + d;
    if (d == 0) fetch_ahead(b, i);
    sum = v_add(sum, v_load_upto(row, last, tail));
  }
  v_store_upto(out + d, v_mul(sum, v_set1(b->weight)), last, tail);
}

INLINE void pool_bags(const struct embedding_bag *a, const int shape) {
  const uint32_t *offset = a->offset;
  const enum pooling pooling = a->pooling;
  const size_t m = a->m, dim = a->dim, out_ld = a->out_ld;
  const vtail tail = v_tail(dim % VW);
  struct bag b = {.table = a->table,
                  .table_ld = a->table_ld,
                  .dim = dim,
                  .index = a->index,
                  .known = offset[m] + a->known_ahead,
                  .ahead = distance_ahead(a->known_ahead, AHEAD_IN_BAGS)};
  float *out = a->out;
  for (size_t r = 0; r < m; r++) {
    b.first = offset[r];
    b.end = offset[r + 1];
    b.weight = b.end > b.first ? pooling_weight(pooling, b.end - b.first) : 0.0f;
    if (shape == SHAPE_HALF) {
      pool_half(&b, out);
    } else if (shape > 0) {
      pool_vectors(&b, out, shape);
    } else {
      size_t d = 0;
      for (; d + VW <= dim; d += VW) pool_part(&b, out, d, false, tail);
      if (d < dim) pool_part(&b, out, d, true, tail);
    }
    out += out_ld;
  }
}

void KERNEL_NAME(embedding_bag)(const struct embedding_bag *a) {
  SHAPED(pool_bags, a);
}

/* out = fma(weight, in, out) */
INLINE void add_scaled_row(float *out, const float *in, float by, size_t dim, const int shape,
                           vtail tail) {
  if (shape == SHAPE_HALF) {
    vh_store(out, vh_fma(vh_set1(by), vh_load(in), vh_load(out)));
    return;
  }
  const vf weight = v_set1(by);
  if (shape > 0) {
    UNROLL for (int v = 0; v < shape; v++) {
      v_store(out + v * VW, v_fma(weight, v_load(in + v * VW), v_load(out + v * VW)));
    }
  } else {
    size_t d = 0;
    for (; d + VW <= dim; d += VW) v_store(out + d, v_fma(weight, v_load(in + d), v_load(out + d)));
    if (d < dim) {
      vf sum = v_fma(weight, v_load_tail(in + d, tail), v_load_tail(out + d, tail));
      v_store_tail(out + d, sum, tail);
    }
  }
}

INLINE void scatter_bags(const struct embedding_bag_scatter_add *a, const int shape) {
  const uint32_t *offset = a->offset, *index = a->index;
  const enum pooling pooling = a->pooling;
  const size_t m = a->m, dim = a->dim, table_ld = a->table_ld, in_ld = a->in_ld;
  const vtail tail = v_tail(dim % VW);
  const size_t known = offset[m] + a->known_ahead;
  const size_t ahead = distance_ahead(a->known_ahead, AHEAD_IN_BAGS);
  const float *in = a->in;
  float *table = a->table;
  for (size_t r = 0; r < m; r++) {
    const uint32_t first = offset[r], end = offset[r + 1];
    const float weight = end > first ? pooling_weight(pooling, end - first) : 0.0f;
    for (uint32_t i = first; i < end; i++) {
      if (i + ahead < known) fetch_row(table + index[i + ahead] * table_ld, dim);
      add_scaled_row(table + index[i] * table_ld, in, weight, dim, shape, tail);
    }
    in += in_ld;
  }
}

void KERNEL_NAME(embedding_bag_scatter_add)(const struct embedding_bag_scatter_add *a) {
  SHAPED(scatter_bags, a);
}
