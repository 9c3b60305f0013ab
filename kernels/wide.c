/* The kernels of the wide part: its weights are single numbers here and there, which no
 * instruction set adds any faster than another. So all have the same machine code, that
 * of `scalar`: copies of it would take more or less time as each lies in memory. */
#include "kernels/declare.h"

#if defined(KERNEL_SCALAR)
enum { ROWS = 4 }; /* at once: the sums of one row wait for each other */

void KERNEL_NAME(wide_gather_sum)(const struct wide_gather_sum *a) {
  const size_t m = a->m, tables = a->tables, index_ld = a->index_ld;
  const float *weight = a->weight;
  size_t r = 0;
  for (; r + ROWS <= m; r += ROWS) {
    const uint32_t *index = a->index + r;
    float sum[ROWS] = {0};
    for (size_t t = 0; t < tables; t++, index += index_ld) {
      for (size_t i = 0; i < ROWS; i++) sum[i] += weight[index[i]];
    }
    for (size_t i = 0; i < ROWS; i++) a->out[r + i] = sum[i];
  }
  for (; r < m; r++) {
    float sum = 0.0f;
    for (size_t t = 0; t < tables; t++) sum += weight[a->index[t * index_ld + r]];
    a->out[r] = sum;
  }
}

void KERNEL_NAME(wide_scatter_add)(const struct wide_scatter_add *a) {
  const size_t m = a->m;
  const float *in = a->in;
  float *weight = a->weight;
  for (size_t t = 0; t < a->tables; t++) {
    const uint32_t *index = a->index + t * a->index_ld;
    for (size_t r = 0; r < m; r++) weight[index[r]] += in[r];
  }
}
#else
void wide_gather_sum_scalar(const struct wide_gather_sum *a);
void wide_scatter_add_scalar(const struct wide_scatter_add *a);

void KERNEL_NAME(wide_gather_sum)(const struct wide_gather_sum *a) {
  wide_gather_sum_scalar(a);
}

void KERNEL_NAME(wide_scatter_add)(const struct wide_scatter_add *a) {
  wide_scatter_add_scalar(a);
}
#endif
