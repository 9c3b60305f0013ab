/* What a dense kernel does with a tile's sums while they are in registers, the
 * same for kernels/dense.c, which reads the operands where they lie, and for
 * kernels/dense_blocked.c, which copies blocks of them first. */
#ifndef CROSSLANE_KERNELS_DENSE_TILE_H
#define CROSSLANE_KERNELS_DENSE_TILE_H

#include <math.h>

#include "kernels/declare.h"
#include "kernels/simd/gemm.h"

/* The kernels on operands beyond the cache (kernels/dense_blocked.c). */
void KERNEL_NAME(dense_forward_blocked)(const struct dense_forward *arguments);
void KERNEL_NAME(dense_backward_data_blocked)(const struct dense_backward_data *arguments);
void KERNEL_NAME(dense_backward_weights_blocked)(const struct dense_backward_weights *arguments);

/* --- forward --- */

/* identity and relu are both max(floor, y), which keeps NaN: one path, in which
 * the compiler has no branch to gather the outputs around. */
static const float floors[2] = {-INFINITY, 0.0f};

/* The bits of VW outputs from `column`, in the lowest ones. Little-endian, as
 * all machines that Crosslane knows. */
INLINE uint32_t keep_bits(const uint16_t *keep, size_t column) {
  if (VW == 16) return keep[column / KEEP_GROUP];
  if (VW == 8) return ((const uint8_t *)keep)[column / 8];
  return (uint32_t)keep[column / KEEP_GROUP] >> column % KEEP_GROUP;
}

/* The bias is added last: the additions run beside the next tile's
 * multiply-adds, while 24 registers set to it before cost a cycle each. Each
 * output is finished and stored before the next one: additions first, then all
 * the maxima, would wait in the scheduler, in the place of multiply-adds (15 of
 * 300 cycles on Zen 5). `bias` and `out` are those of the tile's first column,
 * which is `column` of the row whose choices of dropout begin at `keep`. */
INLINE void forward_tile(float *out, size_t ld, const float *bias, const uint16_t *keep,
                         size_t keep_ld, size_t column, vf floor, vf scale, const int R,
                         const int C, const bool partial, const bool drop, vtail tail,
                         const vf *sum) {
  vf by[TILE_C_MAX];
  UNROLL for (int c = 0; c < C; c++) {
    by[c] = v_load_upto(bias + c * VW, partial && c == C - 1, tail);
  }
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      vf y = v_max(floor, v_add(sum[r * C + c], by[c]));
      if (drop) {
        vm kept = v_mask(keep_bits(keep, column + (size_t)c * VW));
        y = v_select(kept, v_mul(y, scale), v_zero());
      }
      v_store_upto(out + c * VW, y, partial && c == C - 1, tail);
    }
    if (drop) keep += keep_ld;
    out += ld;
  }
}

/* --- backward --- */

INLINE void gate_tile(const float *gate, size_t ld, vf scale, const int R, const int C,
                      const bool partial, vtail tail, vf *sum) {
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      vf y = v_load_upto(gate + c * VW, partial && c == C - 1, tail);
      vf dx = v_mul(sum[r * C + c], scale);
      sum[r * C + c] = v_select(v_gt(y, v_zero()), dx, v_zero());
    }
    gate += ld;
  }
}

INLINE void factor_tile(const float *factor, size_t ld, const int R, const int C,
                        const bool partial, vtail tail, vf *sum) {
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      vf by = v_load_upto(factor + c * VW, partial && c == C - 1, tail);
      sum[r * C + c] = v_mul(sum[r * C + c], by);
    }
    factor += ld;
  }
}

INLINE void store_tile(float *out, size_t ld, const vf *sum, const int R, const int C,
                       const bool partial, vtail tail) {
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      v_store_upto(out + c * VW, sum[r * C + c], partial && c == C - 1, tail);
    }
    out += ld;
  }
}

#endif
