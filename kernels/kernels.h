/* The kernels: what each computes, its operands, and the table of one
 * instruction set's versions.
 *
 * Every kernel gives the same bits on every instruction set (DESIGN, section
 * 3): the order of every sum is part of its definition below. `fma(a, b, c)`
 * is a * b + c rounded once. Matrices are row major; `ld` is the distance of
 * two rows in floats. Operands do not overlap unless it says so. No operand is
 * read or written outside of what its shape says, and none needs alignment,
 * though 64 bytes and an `ld` of a multiple of 16 are fastest. Sizes may be 0. */
#ifndef CROSSLANE_KERNELS_KERNELS_H
#define CROSSLANE_KERNELS_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include "kernels/isa.h"

enum activation { ACTIVATION_IDENTITY, ACTIVATION_RELU };

/* Dropout's choices are kept as one bit an output: bit j % 16 of the group
 * keep[row * keep_ld + j / 16] is 1 when output j of the row is kept. */
enum { KEEP_GROUP = 16 };

/* y (m,n) = dropout(activation(x (m,k) w (k,n) + bias (n)))
 *
 * Each output is one chain in ascending k: bias, then fma(x, w, sum).
 * relu(s) = s > 0 ? s : 0. Dropout: kept outputs times keep_scale, the others
 * 0 (inverted dropout: Srivastava et al., JMLR 15, 2014, section 10); none
 * when keep is NULL. */
struct dense_forward {
  size_t m, k, n;
  const float *x, *w, *bias;
  size_t x_ld, w_ld;
  float *y;
  size_t y_ld;
  enum activation activation;
  const uint16_t *keep;
  size_t keep_ld;
  float keep_scale;
};

/* dx (m,k) = dy (m,n) wt (n,k), then through the layer below:
 * gate NULL: as it is; else dx = gate > 0 ? dx * gate_scale : 0, where gate
 * (m,k) is that layer's output after relu and dropout (gate_scale: its
 * keep_scale, or 1). Each sum is one chain in ascending n from 0. `wt` is the
 * transposed weight matrix. */
struct dense_backward_data {
  size_t m, k, n;
  const float *dy, *wt;
  size_t dy_ld, wt_ld;
  float *dx;
  size_t dx_ld;
  const float *gate;
  size_t gate_ld;
  float gate_scale;
};

/* dw (k,n) = x (m,k)^T dy (m,n); dbias (n) = column sums of dy, unless NULL.
 * Each sum is one chain in ascending m from 0. */
struct dense_backward_weights {
  size_t m, k, n;
  const float *x, *dy;
  size_t x_ld, dy_ld;
  float *dw;
  size_t dw_ld;
  float *dbias;
};

/* out (columns,rows) = in (rows,columns)^T */
struct transpose {
  size_t rows, columns;
  const float *in;
  size_t in_ld;
  float *out;
  size_t out_ld;
};

/* out (m) = (dot(x (m,k), w (k)) + wide (m)) + bias (1)
 *
 * The dot product runs in 16 lanes (element i: fma in lane i mod 16), folded
 * 8-4-2-1: lane l takes lane l + 8, then l + 4, l + 2, l + 1. When k is not a
 * multiple of 16, x and w are taken as filled up with zeros. wide may be NULL
 * (then it is not added). */
struct head_forward {
  size_t m, k;
  const float *x, *w, *wide, *bias;
  size_t x_ld;
  float *out;
};

/* out row r = table row index[r], for m rows of `dim` floats. */
struct embedding_gather {
  size_t m, dim;
  const float *table; /* (rows, table_ld) */
  size_t table_ld;
  const uint32_t *index; /* (m), each below the number of rows */
  float *out;
  size_t out_ld;
};

/* table row index[r] += in row r, in ascending r. */
struct embedding_scatter_add {
  size_t m, dim;
  float *table;
  size_t table_ld;
  const uint32_t *index;
  const float *in;
  size_t in_ld;
};

/* out (m): weight[index[t * index_ld + r]] summed over t in ascending order,
 * from 0. */
struct wide_gather_sum {
  size_t m, tables;
  const float *weight;
  const uint32_t *index;
  size_t index_ld;
  float *out;
};

/* weight[index[t * index_ld + r]] += in[r], for t ascending, r ascending. */
struct wide_scatter_add {
  size_t m, tables;
  float *weight;
  const uint32_t *index;
  size_t index_ld;
  const float *in;
};

/* Dropout's choices for `groups` groups of 16 outputs (see KEEP_GROUP).
 *
 * Philox4x32-10 (base/philox.h) with the given key and counter words 1 to 3;
 * word 0 counts: group g of bit l takes block 16 (g / 8) + l, of its four
 * numbers number (g % 8) / 2, of that the low half for even g, else the high
 * one. An output is kept when its 16 bits are >= threshold = round(65536 p). */
struct dropout_keep {
  size_t groups;
  uint16_t *keep;
  uint32_t threshold;
  uint32_t key[2];
  uint32_t counter[3]; /* words 1, 2 and 3 */
};

/* e = prediction - target; gradient = e * gradient_scale (unless NULL);
 * *sum += e * e in double, in ascending row. */
struct squared_error {
  size_t m;
  const float *prediction, *target;
  float *gradient;
  float gradient_scale;
  double *sum;
};

/* One step of Adam (Kingma, Ba: ICLR 2015, section 2, the form with the
 * corrections folded into the rate: rate = learning_rate sqrt(1 - beta2^t) /
 * (1 - beta1^t), epsilon outside the root, as Keras does it).
 *
 *   g = |g| < ADAM_TINY_GRADIENT ? 0 : g
 *   m = fma(1 - beta1, g, beta1 * m);                 |m| < ADAM_TINY_M -> 0
 *   v = fma((1 - beta2) * g, g, beta2 * v);            v  < ADAM_TINY_V -> 0
 *   w = w - (rate * m) / (sqrt(v) + epsilon)
 *
 * The tiny moments are set to zero because they would turn denormal, and slow
 * every later step, without moving a weight. */
#define ADAM_TINY_GRADIENT 1e-16f
#define ADAM_TINY_M 1e-30f
#define ADAM_TINY_V 1e-34f
struct adam {
  size_t n;
  float *w, *m, *v;
  const float *g;
  float rate, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon;
};

struct kernels {
  enum isa isa;
  size_t tile_rows, tile_columns; /* the widest register tile, columns in floats */
#define KERNEL(name, flop, bytes) void (*name)(const struct name *arguments);
#include "kernels/kernels.inc"
#undef KERNEL
};

/* The table of one instruction set; NULL when this machine does not run it. */
const struct kernels *kernels_of(enum isa isa);

#endif
