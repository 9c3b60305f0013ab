/* Dense layers beyond the cache. Rows that lie kilobytes apart share the few
 * sets of the cache that such a distance leaves, and each row of a tile costs
 * the address translation of a page of its own: so blocks of both operands are
 * copied together first, and the register tiles of kernels/simd/gemm.h run on
 * the copies:
 *
 *   for each block of columns, for each block of steps:
 *     for each block of rows:
 *       copy the block of a              (rows x steps, for the L2 cache)
 *       for each panel of columns:
 *         copy the panel of b once       (steps x columns, behind the L2 cache)
 *         for each tile of rows: multiply, and add to what the last block left
 *
 * Between two blocks of steps the sums lie in the output as floats, which is
 * what they are: each stays one chain in ascending steps, so that its bits are
 * those of kernels/dense.c. The order of the loops is that of Goto, van de
 * Geijn: Anatomy of high-performance matrix multiplication, ACM TOMS 34, 2008,
 * section 5. */
#include "kernels/dense_copies.h"
#include "kernels/dense_scratch.h"
#include "kernels/dense_tile.h"
#include "kernels/dense_transpose.h"

enum {
  PANEL = BLOCK_C * VW,
  BLOCK_COLUMNS = SCRATCH_B / BLOCK_STEPS / PANEL * PANEL,
};
_Static_assert(BLOCK_STEPS <= SCRATCH_STEPS, "the copy of a is too small");

/* One panel of columns, by one block of rows and of steps. */
struct panel {
  const void *arguments; /* the kernel's */
  const float *a;        /* rows BLOCK_A_LD apart, or tiles of columns, step by step */
  float *b;              /* (steps, c * VW), zeros where there is no column */
  const float *from;     /* what the first tile is to copy to b, from_ld apart, unless NULL */
  size_t from_ld;
  size_t steps, row, column;
  bool resume, more; /* a block of steps was before, is to come */
  bool partial;      /* of the last vector, `tail` exists */
  vtail tail;
};

/* --- the reduction that copies b --- */

/* gemm_accumulate that reads b where it lies and leaves the copy for the tiles to
 * come: what the copy waits for, the multiply-adds fill. All C vectors exist. */
INLINE void accumulate_copying(const float *a, size_t a_ld, const struct panel *p, const int R,
                               const int C, const enum gemm_layout layout, vf *sum) {
  const size_t steps = p->steps, from_ld = p->from_ld;
  const float *from = p->from;
  float *to = p->b;
  for (size_t s = 0; s < steps; s++) {
    vf weight[BLOCK_C];
    UNROLL for (int c = 0; c < C; c++) {
      weight[c] = v_load(from + c * VW);
      v_store(to + c * VW, weight[c]);
    }
    UNROLL for (int r = 0; r < R; r++) {
      vf x = v_set1(layout == GEMM_ROWS ? a[(size_t)r * a_ld + s] : a[s * a_ld + (size_t)r]);
      UNROLL for (int c = 0; c < C; c++) sum[r * C + c] = v_fma(x, weight[c], sum[r * C + c]);
    }
    from += from_ld;
    to += C * VW;
  }
}

/* --- what each kernel does at the end of its chains --- */

INLINE void forward_end(const struct dense_forward *f, size_t row, size_t column, const int R,
                        const int C, const bool partial, vtail tail, const vf *sum) {
  const vf floor = v_set1(floors[f->activation == ACTIVATION_RELU]), scale = v_set1(f->keep_scale);
  float *out = f->y + row * f->y_ld + column;
  const float *bias = f->bias + column;
  if (f->keep != NULL) {
    const uint16_t *keep = f->keep + row * f->keep_ld;
    forward_tile(out, f->y_ld, bias, keep, f->keep_ld, column, floor, scale, R, C, partial, true,
                 tail, sum);
  } else {
    forward_tile(out, f->y_ld, bias, NULL, 0, column, floor, scale, R, C, partial, false, tail,
                 sum);
  }
}

INLINE void data_end(const struct dense_backward_data *d, size_t row, size_t column, const int R,
                     const int C, const bool partial, vtail tail, vf *sum) {
  if (d->gate != NULL) {
    const float *gate = d->gate + row * d->gate_ld + column;
    gate_tile(gate, d->gate_ld, v_set1(d->gate_scale), R, C, partial, tail, sum);
  } else if (d->factor != NULL) {
    const float *factor = d->factor + row * d->factor_ld + column;
    factor_tile(factor, d->factor_ld, R, C, partial, tail, sum);
  }
  store_tile(d->dx + row * d->dx_ld + column, d->dx_ld, sum, R, C, partial, tail);
}

INLINE void weights_end(const struct dense_backward_weights *w, size_t row, size_t column,
                        const int R, const int C, const bool partial, vtail tail, const vf *sum) {
  store_tile(w->dw + row * w->dw_ld + column, w->dw_ld, sum, R, C, partial, tail);
}

/* --- strips: tiles of R rows, one below the other --- */

typedef void panel_strip(const struct panel *p, size_t row, size_t tiles);
typedef panel_strip *const panel_strips[BLOCK_C + 1][BLOCK_R + 1];

INLINE void load_tile(const float *out, size_t ld, const int R, const int C, const bool partial,
                      vtail tail, vf *sum) {
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C; c++) {
      sum[r * C + c] = v_load_upto(out + c * VW, partial && c == C - 1, tail);
    }
    out += ld;
  }
}

/* The sums that the last block of steps left, and those of the tile below, to
 * have them in the cache when their turn is there. */
INLINE void start_tile(const struct panel *p, const float *out, size_t ld, const int R, const int C,
                       vf *sum) {
  if (!p->resume) {
    UNROLL for (int i = 0; i < R * C; i++) sum[i] = v_zero();
    return;
  }
  if (p->partial) {
    load_tile(out, ld, R, C, true, p->tail, sum);
  } else {
    load_tile(out, ld, R, C, false, p->tail, sum);
  }
  UNROLL for (int r = 0; r < R; r++) {
    UNROLL for (int c = 0; c < C * VW; c += 16) {
      __builtin_prefetch(out + (size_t)(R + r) * ld + c, 1);
    }
  }
}

#define END(kind, R, C, partial)                                          \
  if (p->more) {                                                          \
    store_tile(out, ld, sum, R, C, partial, p->tail);                     \
  } else {                                                                \
    kind##_end(of, p->row + row, p->column, R, C, partial, p->tail, sum); \
  }
#define STRIP(kind, arguments_of, output, layout, R, C)                                \
  static void kind##_##R##x##C(const struct panel *p, size_t row, size_t tiles) {      \
    const struct arguments_of *of = p->arguments;                                      \
    const size_t ld = of->output##_ld, a_ld = layout == GEMM_ROWS ? BLOCK_A_LD : (R);  \
    const size_t a_row = layout == GEMM_ROWS ? BLOCK_A_LD : p->steps;                  \
    const struct gemm g = {.steps = p->steps, .a_ld = a_ld, .b_ld = VW * (size_t)(C)}; \
    const float *a = p->a + row * a_row;                                               \
    float *out = of->output + (p->row + row) * ld + p->column;                         \
    bool copy = row == 0 && p->from != NULL;                                           \
    for (; tiles > 0; tiles--) {                                                       \
      vf sum[GEMM_SUMS_MAX];                                                           \
      start_tile(p, out, ld, R, C, sum);                                               \
      if (C == BLOCK_C && copy) {                                                      \
        accumulate_copying(a, a_ld, p, R, C, layout, sum);                             \
        copy = false;                                                                  \
      } else {                                                                         \
        gemm_accumulate(a, p->b, &g, R, C, layout, GEMM_WHOLE, false, p->tail, sum);   \
      }                                                                                \
      if (p->partial) {                                                                \
        END(kind, R, C, true);                                                         \
      } else {                                                                         \
        END(kind, R, C, false);                                                        \
      }                                                                                \
      row += (R);                                                                      \
      a += a_row * (size_t)(R);                                                        \
      out += ld * (size_t)(R);                                                         \
    }                                                                                  \
  }
#define FORWARD(R, C) STRIP(forward, dense_forward, y, GEMM_ROWS, R, C)
#define DATA(R, C) STRIP(data, dense_backward_data, dx, GEMM_ROWS, R, C)
#define WEIGHTS(R, C) STRIP(weights, dense_backward_weights, dw, GEMM_COLUMNS, R, C)
BLOCK_SHAPES(FORWARD)
BLOCK_SHAPES(DATA)
BLOCK_SHAPES(WEIGHTS)

#define FORWARD_SLOT(R, C) [C][R] = forward_##R##x##C,
#define DATA_SLOT(R, C) [C][R] = data_##R##x##C,
#define WEIGHTS_SLOT(R, C) [C][R] = weights_##R##x##C,
static const panel_strips forward_strips = {BLOCK_SHAPES(FORWARD_SLOT)};
static const panel_strips data_strips = {BLOCK_SHAPES(DATA_SLOT)};
static const panel_strips weights_strips = {BLOCK_SHAPES(WEIGHTS_SLOT)};

/* --- the loops --- */

/* out (rows, columns) = a (rows, steps) b (steps, columns) */
struct product {
  size_t rows, columns, steps;
  const float *a, *b;
  size_t a_ld, b_ld;
  enum gemm_layout layout; /* of a */
  bool b_transposed;       /* b[s][j] at b[j * b_ld + s] */
  float *column_sums;      /* of b, unless NULL */
  const void *arguments;
  const panel_strips *strips;
};

/* Where a block begins and how long it is. */
struct span {
  size_t at, count;
};

/* The block of `whole` from `at`: as even as can be with at most `most`, in
 * multiples of `unit`. */
static struct span span_from(size_t at, size_t whole, size_t most, size_t unit) {
  size_t count = (whole + most - 1) / most, part = (whole + count - 1) / count;
  part = (part + unit - 1) / unit * unit;
  return (struct span){at, whole - at < part ? whole - at : part};
}

/* Rows by tiles of two heights that differ by one, so that none is too low to
 * hide the latency. */
struct heights {
  size_t low, lower, higher; /* `higher` tiles of low + 1 rows, then `lower` of low */
};

static struct heights heights_of(size_t rows) {
  const size_t count = (rows + BLOCK_R - 1) / BLOCK_R, low = rows / count;
  const size_t higher = rows - low * count;
  return (struct heights){low, count - higher, higher};
}

/* Adds to chains in ascending steps. */
static void add_column_sums(const float *b, size_t steps, size_t columns, bool resume, float *to) {
  const size_t vectors = (columns + VW - 1) / VW;
  for (size_t v = 0; v < vectors; v++) {
    const bool partial = v + 1 == vectors && columns % VW != 0;
    const vtail tail = v_tail(columns % VW);
    vf sum = resume ? v_load_upto(to + v * VW, partial, tail) : v_zero();
    for (size_t s = 0; s < steps; s++) sum = v_add(sum, v_load(b + (s * vectors + v) * VW));
    v_store_upto(to + v * VW, sum, partial, tail);
  }
}

static void copy_a(const struct product *of, struct span row, struct span step,
                   const struct heights *h) {
  float *to = dense_scratch.a;
  if (of->layout == GEMM_ROWS) {
    copy_rows(of->a + row.at * of->a_ld + step.at, of->a_ld, row.count, step.count, to);
    return;
  }
  const float *from = of->a + step.at * of->a_ld + row.at;
  const size_t above = h->higher * (h->low + 1), readable = of->rows - row.at;
  copy_columns(from, of->a_ld, h->low + 1, h->higher, readable, step.count, to);
  copy_columns(from + above, of->a_ld, h->low, h->lower, readable - above, step.count,
               to + above * step.count);
}

/* The panel's part of b: copied now, or by its first tile. */
static void copy_b(const struct product *of, struct span step, size_t columns, struct panel *p) {
  if (of->b_transposed) {
    const float *from = of->b + p->column * of->b_ld + step.at;
    const size_t to_ld = (columns + VW - 1) / VW * VW;
    copy_panel_transposed(from, of->b_ld, step.count, columns, p->b, to_ld);
    return;
  }
  const float *from = of->b + step.at * of->b_ld + p->column;
  if (columns == PANEL && of->column_sums == NULL) {
    p->from = from;
    p->from_ld = of->b_ld;
    return;
  }
  copy_panel(from, of->b_ld, step.count, columns, p->b);
  if (of->column_sums != NULL) {
    add_column_sums(p->b, step.count, columns, p->resume, of->column_sums + p->column);
  }
}

static void multiply_block(const struct product *of, struct span row, struct span step,
                           struct span column) {
  const struct heights h = heights_of(row.count);
  copy_a(of, row, step, &h);
  const size_t vectors = (column.count + VW - 1) / VW;
  for (size_t v = 0, c; v < vectors; v += c) {
    const size_t left = column.count - v * VW;
    c = vectors - v < BLOCK_C ? vectors - v : BLOCK_C;
    struct panel p = {.arguments = of->arguments, .a = dense_scratch.a, .steps = step.count};
    p.row = row.at;
    p.column = column.at + v * VW;
    p.resume = step.at > 0;
    p.more = step.at + step.count < of->steps;
    p.partial = left < c * VW;
    p.tail = v_tail(left % VW);
    /* A single block of rows reads each panel at once: its copies share a place. */
    p.b = dense_scratch.b + (row.count == of->rows ? 0 : v * VW * step.count);
    if (row.at == 0) copy_b(of, step, left < c * VW ? left : c * VW, &p);
    panel_strip *const *strips = (*of->strips)[c];
    if (h.higher > 0) strips[h.low + 1](&p, 0, h.higher);
    strips[h.low](&p, h.higher * (h.low + 1), h.lower);
  }
}

static NOINLINE void multiply(const struct product *of) {
  struct span column, step, row;
  for (size_t c = 0; c < of->columns; c += column.count) {
    column = span_from(c, of->columns, BLOCK_COLUMNS, PANEL);
    for (size_t s = 0; s < of->steps; s += step.count) {
      step = span_from(s, of->steps, BLOCK_STEPS, 1);
      for (size_t r = 0; r < of->rows; r += row.count) {
        row = span_from(r, of->rows, SCRATCH_ROWS, BLOCK_R);
        multiply_block(of, row, step, column);
      }
    }
  }
}

void KERNEL_NAME(dense_forward_blocked)(const struct dense_forward *f) {
  const struct product of = {.rows = f->m,
                             .columns = f->n,
                             .steps = f->k,
                             .layout = GEMM_ROWS,
                             .a = f->x,
                             .a_ld = f->x_ld,
                             .b = f->w,
                             .b_ld = f->w_ld,
                             .arguments = f,
                             .strips = &forward_strips};
  multiply(&of);
}

void KERNEL_NAME(dense_backward_data_blocked)(const struct dense_backward_data *d) {
  const struct product of = {.rows = d->m,
                             .columns = d->k,
                             .steps = d->n,
                             .layout = GEMM_ROWS,
                             .a = d->dy,
                             .a_ld = d->dy_ld,
                             .b = d->w,
                             .b_ld = d->w_ld,
                             .b_transposed = true,
                             .arguments = d,
                             .strips = &data_strips};
  multiply(&of);
}

void KERNEL_NAME(dense_backward_weights_blocked)(const struct dense_backward_weights *w) {
  const struct product of = {.rows = w->k,
                             .columns = w->n,
                             .steps = w->m,
                             .layout = GEMM_COLUMNS,
                             .a = w->x,
                             .a_ld = w->x_ld,
                             .b = w->dy,
                             .b_ld = w->dy_ld,
                             .column_sums = w->dbias,
                             .arguments = w,
                             .strips = &weights_strips};
  multiply(&of);
}
