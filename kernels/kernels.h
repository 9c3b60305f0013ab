/* The kernels: what each computes, its operands, and the table of one
 * instruction set's versions.
 *
 * Every kernel gives the same bits on every instruction set, so that a training
 * can be repeated on any machine: the order of every sum is part of its
 * definition below. `fma(a, b, c)` is a * b + c rounded once. Matrices are row
 * major; `ld` is the distance of two rows in floats. Operands do not overlap
 * unless it says so. No operand is read or written outside of what its shape
 * says, and none needs alignment, though 64 bytes and an `ld` of a multiple of
 * 16 are fastest. Sizes may be 0.
 *
 * This room's other doors:
 *
 *   kernels/isa.h            instruction sets, and which of them run here
 *   kernels/ordinal.h        the kernels of an ordinal head
 *   kernels/machine.h        what machine this is
 *   kernels/self_check.h     whether they compute what they must, here
 *   kernels/kernels.inc      the list of kernels
 *   kernels/activations.inc  the list of activations
 *   kernels/narrower.inc     where AVX-512's kernel is AVX2's
 *   kernels/simd/vec.h       the vector vocabulary, for the loops of the bench */
#ifndef CROSSLANE_KERNELS_KERNELS_H
#define CROSSLANE_KERNELS_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/exact.h"
#include "kernels/isa.h"
#include "kernels/ordinal.h"
#include "kernels/steps.h" /* arguments of the optimizers' kernels */

#define ACTIVATION(constant, name, transcendental) ACTIVATION_##constant,
enum activation {
#include "kernels/activations.inc"
};
#undef ACTIVATION
#define ACTIVATION(constant, name, transcendental) +1
enum {
  ACTIVATIONS = 0
#include "kernels/activations.inc"
};
#undef ACTIVATION

/* Whether it needs SLEEF's functions, whose versions differ in some bits. */
bool activation_is_transcendental(enum activation activation);

/* How an embedding bag combines its rows: sum, sum / n, sum / sqrt(n). */
enum pooling { POOLING_SUM, POOLING_MEAN, POOLING_RSQRT };

/* Dropout's choices are kept as one bit an output: bit j % 16 of the group
 * keep[row * keep_ld + j / 16] is 1 when output j of the row is kept. */
enum { KEEP_GROUP = 16 };

/* y (m,n) = dropout(activation(x (m,k) w (k,n) + bias (n)))
 *
 * Each output is one chain in ascending k of fma(x, w, sum) from 0, to which
 * the bias is added last. The activation is identity or relu(s) = 0 > s ? 0 : s, which
 * keeps NaN; for the others see `activate`. Dropout: kept outputs times keep_scale, the
 * others 0 (inverted dropout: Srivastava et al., JMLR 15, 2014, section 10);
 * none when keep is NULL. */
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

/* dx (m,k) = dy (m,n) w (k,n)^T, then through the layer below:
 * gate: dx = gate > 0 ? dx * gate_scale : 0, where gate (m,k) is that layer's
 * output after relu and dropout (gate_scale: its keep_scale, or 1); else
 * factor: dx = dx * factor, the derivative (m,k) that `activate` left; both
 * NULL: as it is. Each sum is one chain in ascending n from 0. */
struct dense_backward_data {
  size_t m, k, n;
  const float *dy, *w;
  size_t dy_ld, w_ld;
  float *dx;
  size_t dx_ld;
  const float *gate, *factor;
  size_t gate_ld, factor_ld;
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

/* y (m,n) = dropout(activation(y)), in place; derivative (m,n), unless NULL,
 * the derivative of that whole with respect to the old y.
 *
 *   relu        0 > z ? 0 : z                     z > 0 ? 1 : 0
 *   leaky relu  z > 0 ? z : 0.01 z                z > 0 ? 1 : 0.01
 *   tanh        t                                 fma(-t, t, 1)
 *   sigmoid     s = 1 / (1 + e^-z)                fma(-s, s, s)
 *   silu        z s                               fma(z s, 1 - s, s)
 *   gelu        z P, P = fma(1/2, erf(z sqrt(1/2)), 1/2)
 *                                                 fma(z, p, P), p = e^(-z^2/2) / sqrt(2 pi)
 *
 * silu: Elfwing, Uchibe, Doya, Neural Networks 107, 2018; gelu: Hendrycks,
 * Gimpel, arXiv:1606.08415, section 2. e^x, tanh and erf are SLEEF's. */
struct activate {
  size_t m, n;
  float *y;
  size_t y_ld;
  enum activation activation;
  float *derivative;
  size_t derivative_ld;
  const uint16_t *keep;
  size_t keep_ld;
  float keep_scale;
};

/* out (m) = ((dot(x (m,k), w (k)) + wide (m)) + interaction (m)) + bias (1)
 *
 * The dot product runs in 16 lanes (element i: fma in lane i mod 16), folded
 * 8-4-2-1: lane l takes lane l + 8, then l + 4, l + 2, l + 1. When k is not a
 * multiple of 16, x and w are taken as filled up with zeros. wide and
 * interaction may be NULL (then they are not added). */
struct head_forward {
  size_t m, k;
  const float *x, *w, *wide, *interaction, *bias;
  size_t x_ld;
  float *out;
};

/* Rows of tables. Behind the indices of a call there may be `known_ahead` more,
 * those of the calls to come on the same table: nothing is computed from them,
 * but their rows are asked for, so that they are in the cache when their turn
 * is there. It changes the speed only, of tables beyond the L2 cache; from
 * EMBEDDING_AHEAD known ones on it is best, and more are not looked at. */
enum { EMBEDDING_AHEAD = 64 };

/* out row r = table row index[r], for m rows of `dim` floats. */
struct embedding_gather {
  size_t m, dim;
  const float *table; /* (rows, table_ld) */
  size_t table_ld;
  const uint32_t *index; /* (m + known_ahead), each below the number of rows */
  size_t known_ahead;
  float *out;
  size_t out_ld;
};

/* table row index[r] += in row r, in ascending r. */
struct embedding_scatter_add {
  size_t m, dim;
  float *table;
  size_t table_ld;
  const uint32_t *index; /* (m + known_ahead) */
  size_t known_ahead;
  const float *in;
  size_t in_ld;
};

/* A bag is a list of rows: bag r holds index[offset[r]] to index[offset[r + 1]
 * - 1]. out row r = (sum of its table rows, in that order, from 0) times the
 * pooling's weight: 1, 1 / n or 1 / sqrt(n); zeros for an empty bag. */
struct embedding_bag {
  size_t m, dim;
  const float *table;
  size_t table_ld;
  const uint32_t *offset; /* (m + 1), ascending */
  const uint32_t *index;  /* (offset[m] + known_ahead) */
  size_t known_ahead;
  enum pooling pooling;
  float *out;
  size_t out_ld;
};

/* For every row i of bag r, in that order: table row i = fma(weight, in row r,
 * table row i). */
struct embedding_bag_scatter_add {
  size_t m, dim;
  float *table;
  size_t table_ld;
  const uint32_t *offset; /* (m + 1), ascending */
  const uint32_t *index;  /* (offset[m] + known_ahead) */
  size_t known_ahead;
  enum pooling pooling;
  const float *in;
  size_t in_ld;
};

/* Factorisation machine (Rendle: ICDM 2010, equation 5 and lemma 3.1), the
 * sum over all pairs of fields of their dot products: out (m) = 1/2 sum over d
 * of fma(S, S, -Q), S = sum of the fields' element d from 0, Q = chain of
 * fma(x, x, Q); in 16 lanes (element d in lane d mod 16), folded 8-4-2-1. A
 * field is `dim` floats of x's row, from column field_at[f]. */
struct fm_forward {
  size_t m, fields, dim;
  const uint32_t *field_at;
  const float *x;
  size_t x_ld;
  float *out;
};

/* dx of field f = fma(gradient (m), S - x of field f, dx): it is added. */
struct fm_backward {
  size_t m, fields, dim;
  const uint32_t *field_at;
  const float *x;
  size_t x_ld;
  const float *gradient;
  float *dx;
  size_t dx_ld;
};

/* out (m) = dot(U, V): U is the sum of the first `first_fields` fields, V of
 * the others, each from 0; the dot product in 16 lanes as above. */
struct dot_forward {
  size_t m, fields, first_fields, dim;
  const uint32_t *field_at;
  const float *x;
  size_t x_ld;
  float *out;
};

/* dx of a first field = fma(gradient, V, dx), of another fma(gradient, U, dx). */
struct dot_backward {
  size_t m, fields, first_fields, dim;
  const uint32_t *field_at;
  const float *x;
  size_t x_ld;
  const float *gradient;
  float *dx;
  size_t dx_ld;
};

/* Steps of gradient descent, of `batch` rows each and the last of those that are left, on a
 * model of two embeddings u and v, without layers:
 *
 *   y = ((dot([u v], head) + wide) + dot(u, v)) + bias,   loss = mean of (y - target)^2
 *
 * To the bit what these kernels give after each other, from gradients of 0, which are gone
 * when it returns: embedding_gather, wide_gather_sum, dot_forward, head_forward,
 * squared_error with scale 2 / rows of the batch, dense_backward_weights and _data of the
 * head, dot_backward, embedding_scatter_add, wide_scatter_add, l2_rows, l2 of the head where
 * there is a penalty, and sgd, or adagrad where there are sums, of each weight that the batch
 * reads, once. Rows and weights for what is unseen do not move. */
enum { DOT_STEPS_BATCH_MOST = 16, DOT_STEPS_DIM_MOST = 256 };
struct dot_steps {
  size_t rows, batch;       /* batch: 1 to DOT_STEPS_BATCH_MOST */
  size_t dim, tables;       /* dim: 1 to DOT_STEPS_DIM_MOST; tables: of wide weights */
  float *w, *sum;           /* all weights; the sums of adagrad in the same places, or NULL */
  size_t at[2];             /* in w, tables of u and v: rows of `dim` floats */
  size_t head_at, bias_at;  /* in w, 2 dim floats and one */
  const uint32_t *index[2]; /* (rows) rows of the tables */
  uint32_t unseen[2];       /* which of their rows do not move */
  const uint32_t *wide;     /* (tables, wide_ld) places in w, different ones in each table */
  size_t wide_ld;
  const uint32_t *wide_unseen; /* (tables) places that do not move */
  const float *target;         /* (rows) */
  double *loss;                /* += (y - target)^2, in ascending row */
  float rate, epsilon;         /* of sgd and adagrad */
  float penalty, head_penalty; /* of l2; 0: none */
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

/* Dropout's choices for `groups` groups of 16 outputs (see KEEP_GROUP), of which
 * keep[0] has number `first`, a multiple of 8.
 *
 * Philox4x32-10 (base/philox.h) with the given key and counter words 1 to 3;
 * word 0 counts: group g of bit l takes block 16 (g / 8) + l, of its four
 * numbers number (g % 8) / 2, of that the low half for even g, else the high
 * one. An output is kept when its 16 bits are >= threshold = round(65536 p). */
struct dropout_keep {
  size_t first, groups;
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

struct kernels {
  enum isa isa;
  size_t vector;        /* floats */
  size_t tiles;         /* register tiles of the dense kernels: tile t is t + 1 vectors wide */
  size_t forward_tiles; /* those of dense_forward: the same, or more */
  size_t rows[4];       /* [forward_tiles] the most rows of each */
#define KERNEL(name, flop, bytes) void (*name)(const struct name *arguments);
#include "kernels/kernels.inc"
#undef KERNEL
};

/* The library of transcendental functions that `activate` uses: "SLEEF 3.5.1".
 * Digests of results that went through them belong to it. */
const char *kernels_math_library(void);

/* The table of one instruction set; NULL when this machine does not run it. */
const struct kernels *kernels_of(enum isa isa);

#endif
