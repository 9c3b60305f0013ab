/* The activations and their derivatives with the C library's functions, and
 * with SLEEF's. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "bench/peers.h"

#define SQRT_HALF 0.70710678118654752440f
#define INVERSE_SQRT_TWO_PI 0.39894228040143267794f

struct math {
  const struct activate *a;
  const struct loops *loops;
};

static void *prepare(const struct peer *peer, const char *kernel, void *arguments,
                     const struct loops *loops) {
  (void)peer;
  const struct activate *a = arguments;
  if (strcmp(kernel, "activate") != 0) return NULL;
  if (!activation_is_transcendental(a->activation)) return NULL;
  struct error error;
  struct math *math = memory_array(1, sizeof *math, &error);
  if (math != NULL) *math = (struct math){a, loops};
  return math;
}

static float value(enum activation activation, float z, float *derivative) {
  const float s = 1.0f / (1.0f + expf(-z));
  switch (activation) { /* no default: the compiler names what is missing */
    case ACTIVATION_IDENTITY:
    case ACTIVATION_RELU:
    case ACTIVATION_LEAKY_RELU:
      break; /* no function of libm's */
    case ACTIVATION_TANH: {
      const float t = tanhf(z);
      *derivative = 1.0f - t * t;
      return t;
    }
    case ACTIVATION_SIGMOID:
      *derivative = s - s * s;
      return s;
    case ACTIVATION_SILU:
      *derivative = s + z * s * (1.0f - s);
      return z * s;
    case ACTIVATION_GELU: {
      const float cdf = 0.5f + 0.5f * erff(z * SQRT_HALF);
      *derivative = cdf + z * INVERSE_SQRT_TWO_PI * expf(-0.5f * z * z);
      return z * cdf;
    }
  }
  *derivative = 1.0f;
  return z;
}

static void run_libm(void *prepared) {
  const struct activate *a = ((const struct math *)prepared)->a;
  for (size_t row = 0; row < a->m; row++) {
    float *y = a->y + row * a->y_ld, *dy = a->derivative + row * a->derivative_ld;
    for (size_t i = 0; i < a->n; i++) y[i] = value(a->activation, y[i], &dy[i]);
  }
}

static void run_sleef(void *prepared) {
  const struct math *math = prepared;
  math->loops->activate(math->a);
}

const struct peer peer_libm = {.by = "libm", .prepare = prepare, .run = run_libm, .release = free};
const struct peer peer_sleef = {
    .by = "sleef", .prepare = prepare, .run = run_sleef, .release = free};
