/* Whole steps of gradient descent on a model of two embeddings and no layers. A batch of one
 * is some dozen vectors: what surrounds them in a kernel of its own for each part of the step
 * would take ten times as long. Here a step's values go from part to part in registers, and
 * the head stays in a padded copy from step to step: a load cannot be served from a masked
 * store. */
#include <math.h>

#include "kernels/declare.h"

enum { PADDED_MOST = (DOT_STEPS_DIM_MOST + 15) / 16 * 16, AHEAD = 8, LINE = 16 };

/* Of one call. Rows of `padded` floats; after a row's `dim` are zeros. */
struct dot_state {
  vtail tail;
  float head[2][PADDED_MOST], head_sum[2][PADDED_MOST];
  float x[DOT_STEPS_BATCH_MOST][2][PADDED_MOST];
  float gradient[DOT_STEPS_BATCH_MOST];
};

/* A vector of a padded row, without what may be in its padding. */
INLINE vf load_padded(const struct dot_steps *a, const struct dot_state *s, const float *row,
                      size_t d) {
  return v_load_upto(row + d, d + VW > a->dim, s->tail);
}

/* A vector of a row that ends where its memory may end. */
INLINE vf load_row(const struct dot_steps *a, const struct dot_state *s, const float *row,
                   size_t d) {
  const size_t left = a->dim - d;
  return left < VW ? v_load_short(row + d, left, s->tail) : v_load(row + d);
}
INLINE void store_row(const struct dot_steps *a, const struct dot_state *s, float *row, size_t d,
                      vf x) {
  const size_t left = a->dim - d;
  if (left < VW) {
    v_store_short(row + d, x, left, s->tail);
  } else {
    v_store(row + d, x);
  }
}

/* --- one update, of vectors and of a number --- */

INLINE vf updated(const struct dot_steps *a, vf w, vf g, float penalty, vf *sum) {
  if (penalty > 0.0f) g = v_fma(v_set1(penalty), w, g);
  if (a->sum == NULL) return v_fma(v_set1(-a->rate), g, w);
  *sum = v_fma(g, g, *sum);
  return v_sub(w, v_div(v_mul(v_set1(a->rate), g), v_add(v_sqrt(*sum), v_set1(a->epsilon))));
}

INLINE void update_number(const struct dot_steps *a, size_t at, float g) {
  if (a->sum == NULL) {
    a->w[at] = fmaf(-a->rate, g, a->w[at]);
    return;
  }
  a->sum[at] = fmaf(g, g, a->sum[at]);
  a->w[at] -= (a->rate * g) / (sqrtf(a->sum[at]) + a->epsilon);
}

/* --- forward --- */

INLINE void fetch_rows(const struct dot_steps *a, size_t row) {
  if (row >= a->rows) return;
  for (size_t f = 0; f < 2; f++) {
    const float *at = a->w + a->at[f] + a->index[f][row] * a->dim;
    for (size_t d = 0; d < a->dim; d += LINE) __builtin_prefetch(at + d, 1);
  }
}

INLINE void copy_rows(const struct dot_steps *a, struct dot_state *s, size_t at, size_t r) {
  for (size_t f = 0; f < 2; f++) {
    const float *row = a->w + a->at[f] + a->index[f][at + r] * a->dim;
    for (size_t d = 0; d < a->dim; d += VW) v_store(s->x[r][f] + d, load_row(a, s, row, d));
  }
}

/* The lanes of the second embedding begin where those of the first end; the fold adds the
 * same pairs wherever the first lane lies. */
INLINE float head_of(const struct dot_steps *a, const struct dot_state *s, size_t r) {
  const size_t dim = a->dim;
  vf lanes[V16];
  UNROLL for (size_t h = 0; h < V16; h++) lanes[h] = v_zero();
  for (size_t f = 0; f < 2; f++) {
    if (f == 1 && dim % 16 != 0) v_rotate16(lanes, dim % 16);
    for (size_t d = 0; d < dim; d += 16) {
      UNROLL for (size_t h = 0; h < V16; h++) {
        const size_t i = d + h * VW;
        if (i >= dim) continue;
        lanes[h] =
            v_fma(load_padded(a, s, s->x[r][f], i), load_padded(a, s, s->head[f], i), lanes[h]);
      }
    }
  }
  return v_fold16(lanes);
}

INLINE vf embedding(const struct dot_state *s, size_t r, size_t f, size_t d) {
  return v_add(v_zero(), v_load(s->x[r][f] + d));
}

INLINE float interaction_of(const struct dot_steps *a, const struct dot_state *s, size_t r) {
  const size_t dim = a->dim;
  vf lanes[V16];
  UNROLL for (size_t h = 0; h < V16; h++) lanes[h] = v_zero();
  for (size_t d = 0; d < dim; d += 16) {
    UNROLL for (size_t h = 0; h < V16; h++) {
      const size_t i = d + h * VW;
      if (i < dim) lanes[h] = v_fma(embedding(s, r, 0, i), embedding(s, r, 1, i), lanes[h]);
    }
  }
  return v_fold16(lanes);
}

INLINE float score_of(const struct dot_steps *a, const struct dot_state *s, size_t at, size_t r) {
  float out = head_of(a, s, r);
  if (a->tables > 0) {
    float wide = 0.0f;
    for (size_t t = 0; t < a->tables; t++) wide += a->w[a->wide[t * a->wide_ld + at + r]];
    out += wide;
  }
  return (out + interaction_of(a, s, r)) + a->w[a->bias_at];
}

/* --- backward, and the update --- */

/* Bit r: row r of the batch, from `first` on, has the index of `first`. */
INLINE uint32_t rows_alike(const uint32_t *index, size_t first, size_t m) {
  uint32_t alike = 1u << first;
  for (size_t r = first + 1; r < m; r++) alike |= (uint32_t)(index[r] == index[first]) << r;
  return alike;
}

/* Vector d of the gradient of a row of table f that the batch reads in these rows. */
INLINE vf row_gradient(const struct dot_state *s, size_t f, size_t d, uint32_t alike) {
  const vf head = v_load(s->head[f] + d);
  vf sum = v_zero();
  for (; alike != 0; alike &= alike - 1) {
    const size_t r = (size_t)__builtin_ctz(alike);
    const vf gradient = v_set1(s->gradient[r]);
    sum = v_add(sum, v_fma(gradient, embedding(s, r, 1 - f, d), v_fma(gradient, head, v_zero())));
  }
  return sum;
}

INLINE void update_embeddings(const struct dot_steps *a, const struct dot_state *s, size_t f,
                              size_t at, size_t m) {
  const uint32_t *index = a->index[f] + at;
  uint32_t done = 0;
  for (size_t r = 0; r < m; r++) {
    if ((done >> r & 1) != 0) continue;
    const uint32_t alike = rows_alike(index, r, m);
    done |= alike;
    if (index[r] == a->unseen[f]) continue;
    const size_t row = a->at[f] + index[r] * a->dim;
    for (size_t d = 0; d < a->dim; d += VW) {
      vf sum = a->sum != NULL ? load_row(a, s, a->sum + row, d) : v_zero();
      const vf g = row_gradient(s, f, d, alike), w = v_load(s->x[r][f] + d);
      store_row(a, s, a->w + row, d, updated(a, w, g, a->penalty, &sum));
      if (a->sum != NULL) store_row(a, s, a->sum + row, d, sum);
    }
  }
}

INLINE void update_wide(const struct dot_steps *a, const struct dot_state *s, size_t t, size_t at,
                        size_t m) {
  const uint32_t *index = a->wide + t * a->wide_ld + at;
  uint32_t done = 0;
  for (size_t r = 0; r < m; r++) {
    if ((done >> r & 1) != 0) continue;
    uint32_t alike = rows_alike(index, r, m);
    done |= alike;
    if (index[r] == a->wide_unseen[t]) continue;
    float sum = 0.0f;
    for (; alike != 0; alike &= alike - 1) sum += s->gradient[__builtin_ctz(alike)];
    update_number(a, index[r], sum);
  }
}

INLINE void update_head(const struct dot_steps *a, struct dot_state *s, size_t m) {
  float bias = 0.0f;
  for (size_t f = 0; f < 2; f++) {
    for (size_t d = 0; d < a->dim; d += VW) {
      vf g = v_zero(), sum = v_load(s->head_sum[f] + d);
      for (size_t r = 0; r < m; r++) g = v_fma(v_set1(s->gradient[r]), v_load(s->x[r][f] + d), g);
      v_store(s->head[f] + d, updated(a, v_load(s->head[f] + d), g, a->head_penalty, &sum));
      if (a->sum != NULL) v_store(s->head_sum[f] + d, sum);
    }
  }
  for (size_t r = 0; r < m; r++) bias += s->gradient[r];
  update_number(a, a->bias_at, bias);
}

INLINE void step(const struct dot_steps *a, struct dot_state *s, size_t at, size_t m) {
  const float scale = 2.0f / (float)m;
  for (size_t r = 0; r < m; r++) {
    fetch_rows(a, at + r + AHEAD);
    copy_rows(a, s, at, r);
  }
  for (size_t r = 0; r < m; r++) {
    const float error = score_of(a, s, at, r) - a->target[at + r];
    s->gradient[r] = error * scale;
    *a->loss += (double)error * (double)error;
  }
  for (size_t f = 0; f < 2; f++) update_embeddings(a, s, f, at, m);
  for (size_t t = 0; t < a->tables; t++) update_wide(a, s, t, at, m);
  update_head(a, s, m);
}

INLINE void copy_head(const struct dot_steps *a, const struct dot_state *s,
                      float to[2][PADDED_MOST], const float *from) {
  for (size_t f = 0; f < 2; f++) {
    for (size_t d = 0; d < a->dim; d += VW) {
      v_store(to[f] + d, load_row(a, s, from + f * a->dim, d));
    }
  }
}

INLINE void put_head_back(const struct dot_steps *a, const struct dot_state *s,
                          float from[2][PADDED_MOST], float *to) {
  for (size_t f = 0; f < 2; f++) {
    for (size_t d = 0; d < a->dim; d += VW) {
      store_row(a, s, to + f * a->dim, d, v_load(from[f] + d));
    }
  }
}

/* Constants where it is called: `adagrad`, and `one` row a batch. */
INLINE void all_steps(const struct dot_steps *arguments, const bool adagrad, const bool one) {
  struct dot_steps a = *arguments; /* of its own: no store through a pointer changes it */
  struct dot_state s;
  if (!adagrad) a.sum = NULL;
  s.tail = v_tail(a.dim % VW);
  copy_head(&a, &s, s.head, a.w + a.head_at);
  if (adagrad) copy_head(&a, &s, s.head_sum, a.sum + a.head_at);
  for (size_t at = 0; at < a.rows; at += one ? 1 : a.batch) {
    const size_t left = a.rows - at;
    step(&a, &s, at, one ? 1 : left < a.batch ? left : a.batch);
  }
  put_head_back(&a, &s, s.head, a.w + a.head_at);
  if (adagrad) put_head_back(&a, &s, s.head_sum, a.sum + a.head_at);
}

void KERNEL_NAME(dot_steps)(const struct dot_steps *a) {
  if (a->sum != NULL) {
    if (a->batch == 1) {
      all_steps(a, true, true);
    } else {
      all_steps(a, true, false);
    }
  } else if (a->batch == 1) {
    all_steps(a, false, true);
  } else {
    all_steps(a, false, false);
  }
}
