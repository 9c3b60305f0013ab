/* Kernels of one's own with a fault each, chosen by SPOILED, which their tests must find. */
#include <math.h>

#include <crosslane/kernels.h>

/* Where a kernel is not fused, its bytes are others. */
#if SPOILED == 1
static void l2(const struct crosslane_l2 *a) {
  for (size_t i = 0; i < a->n; i++) a->g[i] = a->penalty * a->w[i] + a->g[i];
}
#define KERNELS .l2 = l2

/* It writes one element too many. */
#elif SPOILED == 2
static void l2(const struct crosslane_l2 *a) {
  for (size_t i = 0; i < a->n; i++) a->g[i] = fmaf(a->penalty, a->w[i], a->g[i]);
  a->g[a->n] = 1.0f;
}
#define KERNELS .l2 = l2

/* It changes an input. */
#elif SPOILED == 3
static void l2(const struct crosslane_l2 *a) {
  for (size_t i = 0; i < a->n; i++) a->g[i] = fmaf(a->penalty, a->w[i], a->g[i]);
  if (a->n > 0) ((float *)(void *)(uintptr_t)a->w)[0] += 1.0f;
}
#define KERNELS .l2 = l2

/* Not exact for integers, though within its tolerance. */
#elif SPOILED == 4
static void l2(const struct crosslane_l2 *a) {
  for (size_t i = 0; i < a->n; i++) a->g[i] = fmaf(a->penalty, a->w[i], a->g[i]) + 1e-4f;
}
#define KERNELS .l2 = l2, .tolerance = 1e-3

/* Right, but for a tolerance that is too narrow: a sum from the last to the first. */
#elif SPOILED == 5 || SPOILED == 6
static void head_forward(const struct crosslane_head_forward *a) {
  for (size_t i = 0; i < a->m; i++) {
    float sum = a->bias[0];
    if (a->wide != NULL) sum += a->wide[i];
    if (a->interaction != NULL) sum += a->interaction[i];
    for (size_t k = a->k; k > 0; k--) sum += a->x[i * a->x_ld + k - 1] * a->w[k - 1];
    a->out[i] = sum;
  }
}
#define KERNELS .head_forward = head_forward, .tolerance = SPOILED == 5 ? 1e-9 : 1e-5

/* A name that the bench has. */
#elif SPOILED == 7
static void l2(const struct crosslane_l2 *a) {
  (void)a;
}
#define KERNELS .l2 = l2, .name = "autovec"

/* Nothing. */
#elif SPOILED == 8
#define KERNELS .tolerance = 0
#endif

extern const crosslane_kernels crosslane_own_kernels;
#if SPOILED == 7
const crosslane_kernels crosslane_own_kernels = {.size = sizeof(crosslane_kernels), KERNELS};
#else
const crosslane_kernels crosslane_own_kernels = {
    .size = sizeof(crosslane_kernels), .name = "spoiled", KERNELS};
#endif
