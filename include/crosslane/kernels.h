/* The kernels: what each computes, its operands, and one table of functions for each
 * instruction set. Every kernel gives the same bits on every instruction set: the order of every
 * sum is part of its definition below. `fma(a, b, c)` is a * b + c rounded once. Matrices are row
 * major; `ld` is the distance of two rows in floats. Operands do not overlap unless it says so. No
 * operand is read or written outside of what its shape says, and none needs alignment, though 64
 * bytes and an `ld` of a multiple of 16 are fastest. Sizes may be 0. Nothing is checked.
 *
 *   const crosslane_kernels *kernels = crosslane_kernels_of(NULL);
 *   struct crosslane_dense_forward dense = {.m = 32, .k = 25, .n = 64, .x = x, .x_ld = 32, ...};
 *   kernels->dense_forward(&dense);
 *
 * Threads may call them at once. The bits are those of rounding to nearest with denormals kept,
 * as C programs start; what else the caller has set, a kernel uses.
 *
 * Made from kernels/ by tools/public-kernels. */
#ifndef CROSSLANE_KERNELS_H
#define CROSSLANE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#include <crosslane/version.h>

#ifdef __cplusplus
extern "C" {
#endif

enum crosslane_activation {
  CROSSLANE_ACTIVATION_IDENTITY = 0,
  CROSSLANE_ACTIVATION_RELU = 1,
  CROSSLANE_ACTIVATION_LEAKY_RELU = 2,
  CROSSLANE_ACTIVATION_TANH = 3,
  CROSSLANE_ACTIVATION_SIGMOID = 4,
  CROSSLANE_ACTIVATION_SILU = 5,
  CROSSLANE_ACTIVATION_GELU = 6
};

/* How an embedding bag combines its rows: sum, sum / n, sum / sqrt(n). */
enum crosslane_pooling { CROSSLANE_POOLING_SUM, CROSSLANE_POOLING_MEAN, CROSSLANE_POOLING_RSQRT };

/* Dropout's choices are kept as one bit an output: bit j % 16 of the group
 * keep[row * keep_ld + j / 16] is 1 when output j of the row is kept. */
enum { CROSSLANE_KEEP_GROUP = 16 };

/* y (m,n) = dropout(activation(x (m,k) w (k,n) + bias (n)))
 *
 * Each output is one chain in ascending k of fma(x, w, sum) from 0, to which
 * the bias is added last. The activation is identity or relu(s) = 0 > s ? 0 : s, which
 * keeps NaN; for the others see `activate`. Dropout: kept outputs times keep_scale, the
 * others 0 (inverted dropout: Srivastava et al., JMLR 15, 2014, section 10);
 * none when keep is NULL. */
struct crosslane_dense_forward {
  size_t m, k, n;
  const float *x, *w, *bias;
  size_t x_ld, w_ld;
  float *y;
  size_t y_ld;
  enum crosslane_activation activation;
  const uint16_t *keep;
  size_t keep_ld;
  float keep_scale;
};

/* dx (m,k) = dy (m,n) w (k,n)^T, then through the layer below:
 * gate: dx = gate > 0 ? dx * gate_scale : 0, where gate (m,k) is that layer's
 * output after relu and dropout (gate_scale: its keep_scale, or 1); else
 * factor: dx = dx * factor, the derivative (m,k) that `activate` left; both
 * NULL: as it is. Each sum is one chain in ascending n from 0. */
struct crosslane_dense_backward_data {
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
struct crosslane_dense_backward_weights {
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
struct crosslane_activate {
  size_t m, n;
  float *y;
  size_t y_ld;
  enum crosslane_activation activation;
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
struct crosslane_head_forward {
  size_t m, k;
  const float *x, *w, *wide, *interaction, *bias;
  size_t x_ld;
  float *out;
};

/* Rows of tables. Behind the indices of a call there may be `known_ahead` more,
 * those of the calls to come on the same table: nothing is computed from them,
 * but their rows are asked for, so that they are in the cache when their turn
 * is there. It changes the speed only, of tables beyond the L2 cache; from
 * CROSSLANE_EMBEDDING_AHEAD known ones on it is best, and more are not looked at. */
enum { CROSSLANE_EMBEDDING_AHEAD = 64 };

/* out row r = table row index[r], for m rows of `dim` floats. */
struct crosslane_embedding_gather {
  size_t m, dim;
  const float *table; /* (rows, table_ld) */
  size_t table_ld;
  const uint32_t *index; /* (m + known_ahead), each below the number of rows */
  size_t known_ahead;
  float *out;
  size_t out_ld;
};

/* table row index[r] += in row r, in ascending r. */
struct crosslane_embedding_scatter_add {
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
struct crosslane_embedding_bag {
  size_t m, dim;
  const float *table;
  size_t table_ld;
  const uint32_t *offset; /* (m + 1), ascending */
  const uint32_t *index;  /* (offset[m] + known_ahead) */
  size_t known_ahead;
  enum crosslane_pooling pooling;
  float *out;
  size_t out_ld;
};

/* For every row i of bag r, in that order: table row i = fma(weight, in row r,
 * table row i). */
struct crosslane_embedding_bag_scatter_add {
  size_t m, dim;
  float *table;
  size_t table_ld;
  const uint32_t *offset; /* (m + 1), ascending */
  const uint32_t *index;  /* (offset[m] + known_ahead) */
  size_t known_ahead;
  enum crosslane_pooling pooling;
  const float *in;
  size_t in_ld;
};

/* Factorisation machine (Rendle: ICDM 2010, equation 5 and lemma 3.1), the
 * sum over all pairs of fields of their dot products: out (m) = 1/2 sum over d
 * of fma(S, S, -Q), S = sum of the fields' element d from 0, Q = chain of
 * fma(x, x, Q); in 16 lanes (element d in lane d mod 16), folded 8-4-2-1. A
 * field is `dim` floats of x's row, from column field_at[f]. */
struct crosslane_fm_forward {
  size_t m, fields, dim;
  const uint32_t *field_at;
  const float *x;
  size_t x_ld;
  float *out;
};

/* dx of field f = fma(gradient (m), S - x of field f, dx): it is added. */
struct crosslane_fm_backward {
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
struct crosslane_dot_forward {
  size_t m, fields, first_fields, dim;
  const uint32_t *field_at;
  const float *x;
  size_t x_ld;
  float *out;
};

/* dx of a first field = fma(gradient, V, dx), of another fma(gradient, U, dx). */
struct crosslane_dot_backward {
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
enum { CROSSLANE_DOT_STEPS_BATCH_MOST = 16, CROSSLANE_DOT_STEPS_DIM_MOST = 256 };
struct crosslane_dot_steps {
  size_t rows, batch;       /* batch: 1 to CROSSLANE_DOT_STEPS_BATCH_MOST */
  size_t dim, tables;       /* dim: 1 to CROSSLANE_DOT_STEPS_DIM_MOST; tables: of wide weights */
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
struct crosslane_wide_gather_sum {
  size_t m, tables;
  const float *weight;
  const uint32_t *index;
  size_t index_ld;
  float *out;
};

/* weight[index[t * index_ld + r]] += in[r], for t ascending, r ascending. */
struct crosslane_wide_scatter_add {
  size_t m, tables;
  float *weight;
  const uint32_t *index;
  size_t index_ld;
  const float *in;
};

/* Dropout's choices for `groups` groups of 16 outputs (see CROSSLANE_KEEP_GROUP), of which
 * keep[0] has number `first`, a multiple of 8.
 *
 * Philox4x32-10 with the given key and counter words 1 to 3;
 * word 0 counts: group g of bit l takes block 16 (g / 8) + l, of its four
 * numbers number (g % 8) / 2, of that the low half for even g, else the high
 * one. An output is kept when its 16 bits are >= threshold = round(65536 p). */
struct crosslane_dropout_keep {
  size_t first, groups;
  uint16_t *keep;
  uint32_t threshold;
  uint32_t key[2];
  uint32_t counter[3]; /* words 1, 2 and 3 */
};

/* e = prediction - target; gradient = e * gradient_scale (unless NULL);
 * *sum += e * e in double, in ascending row. */
struct crosslane_squared_error {
  size_t m;
  const float *prediction, *target;
  float *gradient;
  float gradient_scale;
  double *sum;
};

/* The kernels of an ordinal head: a rating is one of `levels` >= 2 ascending numbers, and
 * the score f of a row says which are likely, by a cumulative logit with proportional odds
 * (McCullagh: "Regression Models for Ordinal Data", JRSS B 42(2), 1980, section 2):
 *
 *   P(rating <= level[k]) = s(slope (t[k] - f)),  s(z) = 1 / (1 + e^-z),  0 <= k < levels - 1
 *
 * The parameters are `cut` (levels - 1): the first threshold, then the logarithms of the
 * gaps, so that the thresholds ascend whatever an optimizer's step makes of them:
 *
 *   t[0] = cut[0];  t[k] = t[k - 1] + e^cut[k]
 *
 * With u[k] = slope (t[k] - f), and gap g[k] = slope e^cut[k] between u[k - 1] and u[k]; of
 * the first level u[k - 1] is -inf, of the last u[k] is inf, and of both g is inf:
 *
 *   P(level[k]) = s(u[k]) - s(u[k - 1]) = s(u[k]) s(-u[k - 1]) (1 - e^-g[k])
 *
 * which does not cancel. e^x, log and 1 - e^-x are SLEEF's. */
enum { CROSSLANE_ORDINAL_LEVELS_MAX = 64 };

/* The likelihood of m rows and its gradients. Row r has level k, where k of the levels but
 * the last are less than target[r]; what it adds to *sum, in double, in ascending r, is
 *
 *   -log P(level[k]) = (max(-u[k], 0) + max(u[k - 1], 0)) +
 *                      log((1 + e^-|u[k]|) (1 + e^-|u[k - 1]|)) - log(1 - e^-g[k])
 *   gradient[r]      = gradient_scale * slope * (s(-u[k]) - s(u[k - 1]))
 *
 * the derivative by the score, times gradient_scale. That by cut[j], of all rows, goes to
 * cut_gradient[j]: added up in double, for each level s(-u[k]), s(u[k - 1]) and the number of
 * rows in ascending r, then the thresholds from the last to the first. */
struct crosslane_ordinal_loss {
  size_t m, levels;
  const float *score, *target; /* (m) */
  const float *level;          /* (levels) */
  const float *cut;            /* (levels - 1) */
  float slope, gradient_scale;
  float *gradient;     /* (m) */
  float *cut_gradient; /* (levels - 1) */
  double *sum;         /* (1) */
};

/* y (m): from scores to expected ratings, in place: one chain in ascending k from level[0] of
 * fma(level[k + 1] - level[k], s(-u[k]), sum), and at most the last level; NaN stays. */
struct crosslane_ordinal_expectation {
  size_t m, levels;
  const float *level; /* (levels) */
  const float *cut;   /* (levels - 1) */
  float slope;
  float *y;
};

/* out (levels,m): row k has P(level[k]) of the m scores. */
struct crosslane_ordinal_probabilities {
  size_t m, levels;
  const float *score; /* (m) */
  const float *cut;   /* (levels - 1) */
  float slope;
  float *out;
  size_t out_ld;
};

/* One step of Adam (Kingma, Ba: ICLR 2015, section 2, the form with the
 * corrections folded into the rate: rate = learning_rate sqrt(1 - beta2^t) /
 * (1 - beta1^t), epsilon outside the root, as Keras does it).
 *
 *   g = |g| < CROSSLANE_ADAM_TINY_GRADIENT ? 0 : g
 *   m = fma(1 - beta1, g, beta1 * m);                 |m| < CROSSLANE_ADAM_TINY_M -> 0
 *   v = fma((1 - beta2) * g, g, beta2 * v);            v  < CROSSLANE_ADAM_TINY_V -> 0
 *   w = fma(-decay, w, w) - (rate * m) / (sqrt(v) + epsilon)
 *
 * decay is AdamW's (Loshchilov, Hutter: ICLR 2019, algorithm 2), its rate
 * included; 0 for Adam.
 *
 * The tiny moments are set to zero because they would turn denormal, and slow
 * every later step, without moving a weight. */
#define CROSSLANE_ADAM_TINY_GRADIENT 1e-16f
#define CROSSLANE_ADAM_TINY_M 1e-30f
#define CROSSLANE_ADAM_TINY_V 1e-34f
struct crosslane_adam {
  size_t n;
  float *w, *m, *v;
  const float *g;
  float rate, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon, decay;
};

/* The same on some rows of a table: `dim` floats at row[i] * ld of each array,
 * for `count` different rows. */
struct crosslane_adam_rows {
  size_t count, dim, ld;
  const uint32_t *row;
  float *w, *m, *v;
  const float *g;
  float rate, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon, decay;
};

/* velocity = fma(momentum, velocity, g); w = fma(-rate, velocity, w). Without
 * velocity (NULL): w = fma(-rate, g, w). */
struct crosslane_sgd {
  size_t n;
  float *w, *velocity;
  const float *g;
  float rate, momentum;
};

/* Duchi, Hazan, Singer: JMLR 12, 2011, section 1.1, the diagonal form:
 * sum = fma(g, g, sum); w = w - (rate * g) / (sqrt(sum) + epsilon) */
struct crosslane_adagrad {
  size_t n;
  float *w, *sum;
  const float *g;
  float rate, epsilon;
};

/* FTRL-Proximal (McMahan et al.: KDD 2013, algorithm 1), alpha = rate:
 *
 *   sum' = fma(g, g, sum);  sigma = (sqrt(sum') - sqrt(sum)) * inverse_rate
 *   z = z + fma(-sigma, w, g)
 *   w = |z| > l1 ? -(z > 0 ? z - l1 : z + l1) /
 *       fma(beta + sqrt(sum'), inverse_rate, l2) : 0 */
struct crosslane_ftrl {
  size_t n;
  float *w, *z, *sum;
  const float *g;
  float inverse_rate, beta, l1, l2;
};

/* g = fma(penalty, w, g): the gradient of penalty / 2 * |w|^2. */
struct crosslane_l2 {
  size_t n;
  float *g;
  const float *w;
  float penalty;
};

/* The same on some rows of a table, as adam_rows. */
struct crosslane_l2_rows {
  size_t count, dim, ld;
  const uint32_t *row;
  float *g;
  const float *w;
  float penalty;
};

/* One step of an exponential moving average of the weights (Polyak, Juditsky: SIAM J.
 * Control Optim. 30(4), 1992, averages iterates; the exponential form as TensorFlow's
 * ExponentialMovingAverage without its bias correction):
 *
 *   mean = fma(decay, mean - w, w);                 |mean| < CROSSLANE_AVERAGE_TINY -> 0
 *
 * A mean that follows weights to zero would turn denormal, as Adam's moments would. */
#define CROSSLANE_AVERAGE_TINY 1e-30f
struct crosslane_average {
  size_t n;
  float *mean;
  const float *w;
  float decay;
};

/* The same on some rows of a table, as adam_rows; row[i] has decay[i]. */
struct crosslane_average_rows {
  size_t count, dim, ld;
  const uint32_t *row;
  float *mean;
  const float *w;
  const float *decay; /* [count] */
};

/* Those of one instruction set, or some of one's own. */
typedef struct crosslane_kernels {
  size_t size;      /* sizeof(crosslane_kernels) of the program that made it */
  const char *name; /* "avx2" */
  /* Of one's own: how far a number may be from scalar's, relative to 1 + its size; 0:
   * the bytes must be the same. */
  double tolerance;
  void (*dense_forward)(const struct crosslane_dense_forward *arguments);
  void (*dense_backward_data)(const struct crosslane_dense_backward_data *arguments);
  void (*dense_backward_weights)(const struct crosslane_dense_backward_weights *arguments);
  void (*activate)(const struct crosslane_activate *arguments);
  void (*head_forward)(const struct crosslane_head_forward *arguments);
  void (*embedding_gather)(const struct crosslane_embedding_gather *arguments);
  void (*embedding_scatter_add)(const struct crosslane_embedding_scatter_add *arguments);
  void (*embedding_bag)(const struct crosslane_embedding_bag *arguments);
  void (*embedding_bag_scatter_add)(const struct crosslane_embedding_bag_scatter_add *arguments);
  void (*fm_forward)(const struct crosslane_fm_forward *arguments);
  void (*fm_backward)(const struct crosslane_fm_backward *arguments);
  void (*dot_forward)(const struct crosslane_dot_forward *arguments);
  void (*dot_backward)(const struct crosslane_dot_backward *arguments);
  void (*wide_gather_sum)(const struct crosslane_wide_gather_sum *arguments);
  void (*wide_scatter_add)(const struct crosslane_wide_scatter_add *arguments);
  void (*dropout_keep)(const struct crosslane_dropout_keep *arguments);
  void (*squared_error)(const struct crosslane_squared_error *arguments);
  void (*ordinal_loss)(const struct crosslane_ordinal_loss *arguments);
  void (*ordinal_expectation)(const struct crosslane_ordinal_expectation *arguments);
  void (*ordinal_probabilities)(const struct crosslane_ordinal_probabilities *arguments);
  void (*adam)(const struct crosslane_adam *arguments);
  void (*adam_rows)(const struct crosslane_adam_rows *arguments);
  void (*sgd)(const struct crosslane_sgd *arguments);
  void (*adagrad)(const struct crosslane_adagrad *arguments);
  void (*ftrl)(const struct crosslane_ftrl *arguments);
  void (*l2)(const struct crosslane_l2 *arguments);
  void (*l2_rows)(const struct crosslane_l2_rows *arguments);
  void (*average)(const struct crosslane_average *arguments);
  void (*average_rows)(const struct crosslane_average_rows *arguments);
  void (*dot_steps)(const struct crosslane_dot_steps *arguments);
} crosslane_kernels;

/* The kernels of one instruction set, by its name (crosslane/isa.h); NULL: the best one of this
 * machine. NULL where this machine does not run it. */
CROSSLANE_API const crosslane_kernels *crosslane_kernels_of(const char *isa);

/* What a shared object exports that `crosslane bench --with FILE.so` is to test and time:
 *
 *   const crosslane_kernels crosslane_own_kernels = {
 *       .size = sizeof(crosslane_kernels), .name = "mine", .dense_forward = my_dense_forward};
 *
 * Kernels that are NULL are left out. */
extern CROSSLANE_API const crosslane_kernels crosslane_own_kernels;

#ifdef __cplusplus
}
#endif

#endif
