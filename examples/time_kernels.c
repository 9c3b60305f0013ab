/* A dense layer on every instruction set of this machine:
 *
 *   cc time_kernels.c $(pkg-config --cflags --libs crosslane) -o time_kernels && ./time_kernels
 */
#define _POSIX_C_SOURCE 200809L
#include <crosslane/isa.h>
#include <crosslane/kernels.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { M = 32, K = 25, K_ROUNDED = 32, N = 64, CALLS = 100000 };

static float x[M * K_ROUNDED], w[K * N], bias[N], y[M * N];

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

int main(void) {
  static float first[M * N];
  for (int i = 0; i < M * K_ROUNDED; i++) x[i] = (float)(i % 17) / 16.0f - 0.5f;
  for (int i = 0; i < K * N; i++) w[i] = (float)(i % 23) / 22.0f - 0.5f;
  const struct crosslane_dense_forward dense = {.m = M,
                                                .k = K,
                                                .n = N,
                                                .x = x,
                                                .x_ld = K_ROUNDED,
                                                .w = w,
                                                .w_ld = N,
                                                .bias = bias,
                                                .y = y,
                                                .y_ld = N,
                                                .activation = CROSSLANE_ACTIVATION_RELU};
  for (size_t i = 0; i < crosslane_isas(); i++) {
    const crosslane_kernels *kernels = crosslane_kernels_of(crosslane_isa_name(i));
    if (kernels == NULL) continue;
    const double start = now();
    for (int call = 0; call < CALLS; call++) kernels->dense_forward(&dense);
    const double seconds = (now() - start) / CALLS;
    if (i == 0) memcpy(first, y, sizeof y);
    printf("%-7s %7.1f ns %6.1f GFLOP/s, %s\n", kernels->name, seconds * 1e9,
           2.0 * M * K * N / seconds * 1e-9,
           memcmp(first, y, sizeof y) == 0 ? "the same bytes" : "OTHER BYTES");
  }
  return 0;
}
