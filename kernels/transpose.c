#include "kernels/declare.h"
#include "kernels/narrower.h"

/* One VW by VW block; at the edges `rows` or `columns` of it exist. */
INLINE void block(const struct transpose *a, size_t row, size_t column, size_t rows,
                  size_t columns) {
  vf part[VW];
  const float *in = a->in + row * a->in_ld + column;
  float *out = a->out + column * a->out_ld + row;
  bool whole = rows == VW && columns == VW;
  if (whole) {
    UNROLL for (size_t i = 0; i < VW; i++) part[i] = v_load(in + i * a->in_ld);
    v_transpose(part);
    UNROLL for (size_t i = 0; i < VW; i++) v_store(out + i * a->out_ld, part[i]);
    return;
  }
  for (size_t i = 0; i < VW; i++) {
    part[i] = i < rows ? v_load_tail(in + i * a->in_ld, v_tail(columns)) : v_zero();
  }
  v_transpose(part);
  for (size_t i = 0; i < columns; i++) v_store_tail(out + i * a->out_ld, part[i], v_tail(rows));
}

void KERNEL_NAME(transpose)(const struct transpose *a) {
  if (narrower_transpose(a)) return;
  for (size_t row = 0; row < a->rows; row += VW) {
    size_t rows = a->rows - row < VW ? a->rows - row : VW;
    for (size_t column = 0; column < a->columns; column += VW) {
      size_t columns = a->columns - column < VW ? a->columns - column : VW;
      block(a, row, column, rows, columns);
    }
  }
}
