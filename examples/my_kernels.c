/* Kernels of one's own, for `crosslane bench --with`:
 *
 *   cc -O3 -march=native -ffp-contract=off -shared -fPIC my_kernels.c \
 *      $(pkg-config --cflags crosslane) -o my_kernels.so
 *   crosslane bench --with ./my_kernels.so
 *
 * Two kernels as plain C. Where the definition of a kernel has fma, it is written as fmaf, so
 * that the bytes are those of Crosslane's own. A kernel that adds up in another order would state
 * a .tolerance, such as 1e-5. */
#include <crosslane/kernels.h>
#include <math.h>

static void l2(const struct crosslane_l2 *a) {
  for (size_t i = 0; i < a->n; i++) a->g[i] = fmaf(a->penalty, a->w[i], a->g[i]);
}

static void transpose(const struct crosslane_transpose *a) {
  for (size_t row = 0; row < a->rows; row++) {
    for (size_t column = 0; column < a->columns; column++) {
      a->out[column * a->out_ld + row] = a->in[row * a->in_ld + column];
    }
  }
}

const crosslane_kernels crosslane_own_kernels = {
    .size = sizeof(crosslane_kernels), .name = "mine", .transpose = transpose, .l2 = l2};
