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

static void embedding_gather(const struct crosslane_embedding_gather *a) {
  for (size_t row = 0; row < a->m; row++) {
    const float *from = a->table + a->index[row] * a->table_ld;
    for (size_t i = 0; i < a->dim; i++) a->out[row * a->out_ld + i] = from[i];
  }
}

const crosslane_kernels crosslane_own_kernels = {.size = sizeof(crosslane_kernels),
                                                 .name = "mine",
                                                 .embedding_gather = embedding_gather,
                                                 .l2 = l2};
