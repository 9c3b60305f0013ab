/* Weights transposed for the way back, in the order in which the register tiles of
 * kernels/dense.c and kernels/dense_blocked.c read them. Each backward pass does it
 * anew: a copy that is kept would have to be read from memory again. */
#ifndef CROSSLANE_KERNELS_DENSE_TRANSPOSE_H
#define CROSSLANE_KERNELS_DENSE_TRANSPOSE_H

#include "kernels/simd/vec.h"

/* One VW by VW block of the transpose below; at the edges `rows` of b's rows or
 * `count` of its steps exist. A row that does not is the last one again: what comes
 * of it, the tile cuts off. */
INLINE void transpose_block(const float *b, size_t b_ld, size_t rows, size_t count, float *to,
                            size_t to_ld) {
  vf part[VW];
  if (count == VW) {
    if (rows == VW) {
      UNROLL for (size_t i = 0; i < VW; i++) part[i] = v_load(b + i * b_ld);
    } else {
      UNROLL for (size_t i = 0; i < VW; i++) part[i] = v_load(b + (i < rows ? i : rows - 1) * b_ld);
    }
    v_transpose(part);
    UNROLL for (size_t i = 0; i < VW; i++) v_store(to + i * to_ld, part[i]);
    return;
  }
  const vtail tail = v_tail(count);
  for (size_t i = 0; i < VW; i++) {
    part[i] = v_load_tail(b + (i < rows ? i : rows - 1) * b_ld, tail);
  }
  v_transpose(part);
  for (size_t i = 0; i < count; i++) v_store(to + i * to_ld, part[i]);
}

/* A panel of b from its transpose, whose rows are the panel's columns: `to_ld`, the
 * columns rounded up to whole vectors, is how far the panel's steps are apart. */
static void copy_panel_transposed(const float *b, size_t b_ld, size_t steps, size_t columns,
                                  float *to, size_t to_ld) {
  for (size_t column = 0; column < columns; column += VW) {
    const size_t rows = columns - column < VW ? columns - column : VW;
    for (size_t s = 0; s < steps; s += VW) {
      const size_t count = steps - s < VW ? steps - s : VW;
      transpose_block(b + s, b_ld, rows, count, to + s * to_ld, to_ld);
    }
    b += VW * b_ld;
    to += VW;
  }
}

#endif
