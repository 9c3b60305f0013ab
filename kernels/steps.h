/* Steps of the optimizers, penalties and averages of the weights: arguments of the
 * kernels, with their formulas. Included by kernels/kernels.h. */
#ifndef CROSSLANE_KERNELS_STEPS_H
#define CROSSLANE_KERNELS_STEPS_H

#include <stddef.h>
#include <stdint.h>

/* One step of Adam (Kingma, Ba: ICLR 2015, section 2, the form with the
 * corrections folded into the rate: rate = learning_rate sqrt(1 - beta2^t) /
 * (1 - beta1^t), epsilon outside the root, as Keras does it).
 *
 *   g = |g| < ADAM_TINY_GRADIENT ? 0 : g
 *   m = fma(1 - beta1, g, beta1 * m);                 |m| < ADAM_TINY_M -> 0
 *   v = fma((1 - beta2) * g, g, beta2 * v);            v  < ADAM_TINY_V -> 0
 *   w = fma(-decay, w, w) - (rate * m) / (sqrt(v) + epsilon)
 *
 * decay is AdamW's (Loshchilov, Hutter: ICLR 2019, algorithm 2), its rate
 * included; 0 for Adam.
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
  float rate, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon, decay;
};

/* The same on some rows of a table: `dim` floats at row[i] * ld of each array,
 * for `count` different rows. */
struct adam_rows {
  size_t count, dim, ld;
  const uint32_t *row;
  float *w, *m, *v;
  const float *g;
  float rate, beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon, decay;
};

/* velocity = fma(momentum, velocity, g); w = fma(-rate, velocity, w). Without
 * velocity (NULL): w = fma(-rate, g, w). */
struct sgd {
  size_t n;
  float *w, *velocity;
  const float *g;
  float rate, momentum;
};

/* Duchi, Hazan, Singer: JMLR 12, 2011, section 1.1, the diagonal form:
 * sum = fma(g, g, sum); w = w - (rate * g) / (sqrt(sum) + epsilon) */
struct adagrad {
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
struct ftrl {
  size_t n;
  float *w, *z, *sum;
  const float *g;
  float inverse_rate, beta, l1, l2;
};

/* g = fma(penalty, w, g): the gradient of penalty / 2 * |w|^2. */
struct l2 {
  size_t n;
  float *g;
  const float *w;
  float penalty;
};

/* The same on some rows of a table, as adam_rows. */
struct l2_rows {
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
 *   mean = fma(decay, mean - w, w);                 |mean| < AVERAGE_TINY -> 0
 *
 * A mean that follows weights to zero would turn denormal, as Adam's moments would. */
#define AVERAGE_TINY 1e-30f
struct average {
  size_t n;
  float *mean;
  const float *w;
  float decay;
};

/* The same on some rows of a table, as adam_rows; row[i] has decay[i]. */
struct average_rows {
  size_t count, dim, ld;
  const uint32_t *row;
  float *mean;
  const float *w;
  const float *decay; /* [count] */
};

#endif
