#include "kernels/self_check.h"

#include <stdint.h>

#include "base/digest.h"
#include "base/exact.h"

enum { M = 5, K = 19, N = 37 };

#define DENSE_DIGEST UINT64_C(0xbba9a6fa63dfb666)
#define ADAM_DIGEST UINT64_C(0x445100250ffcfcd9)

/* From -2 to 2, with many digits; every seventh makes denormal products. */
static void fill(float *values, size_t count, uint32_t seed) {
  for (size_t i = 0; i < count; i++) {
    seed = seed * UINT32_C(1664525) + UINT32_C(1013904223);
    values[i] = (float)(seed >> 8) / 4194301.0f - 2.0f;
    if (i % 7 == 3) values[i] *= 1e-20f;
  }
}

static uint64_t dense(const struct kernels *kernels) {
  float x[M * K], w[K * N], bias[N], y[M * N];
  fill(x, M * K, 1);
  fill(w, K * N, 2);
  fill(bias, N, 3);
  /* A row of tiny numbers alone, whose sums are denormal. */
  for (size_t k = 0; k < K; k++) x[k] *= 1e-38f;
  for (size_t n = 0; n < N; n++) bias[n] = n % 2 == 0 ? 0.0f : bias[n];
  kernels->dense_forward(&(struct dense_forward){.m = M,
                                                 .k = K,
                                                 .n = N,
                                                 .x = x,
                                                 .w = w,
                                                 .bias = bias,
                                                 .x_ld = K,
                                                 .w_ld = N,
                                                 .y = y,
                                                 .y_ld = N,
                                                 .activation = ACTIVATION_LEAKY_RELU,
                                                 .keep_scale = 1.0f});
  return digest_floats(0, y, M * N);
}

static uint64_t adam(const struct kernels *kernels) {
  float w[N], m[N], v[N], g[N];
  fill(w, N, 4);
  fill(m, N, 5);
  fill(v, N, 6);
  fill(g, N, 7);
  for (size_t i = 0; i < N; i++) v[i] *= v[i];
  kernels->adam(&(struct adam){.n = N,
                               .w = w,
                               .m = m,
                               .v = v,
                               .g = g,
                               .rate = 0.001f,
                               .beta1 = 0.9f,
                               .one_minus_beta1 = 0.1f,
                               .beta2 = 0.999f,
                               .one_minus_beta2 = 0.001f,
                               .epsilon = 1e-8f});
  return digest_floats(digest_floats(digest_floats(0, w, N), m, N), v, N);
}

bool kernels_self_check(const struct kernels *kernels, struct error *error) {
  struct exact exact;
  exact_begin(&exact);
  const bool dense_good = dense(kernels) == DENSE_DIGEST, adam_good = adam(kernels) == ADAM_DIGEST;
  exact_end(&exact);
  if (dense_good && adam_good) return true;
  error_set(error, ERROR_SYSTEM, "the %s kernels give other numbers than they must (%s)",
            isa_name(kernels->isa), dense_good ? "adam" : "dense_forward");
  return error_help(error, "build without flags that change floating point, such as -ffast-math");
}
